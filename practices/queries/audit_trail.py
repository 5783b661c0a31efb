"""What stands in a practice's audit trail, and does it still stand as it was written? (TEN-5)"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from practices.models import AuditEntry, StaffMember

PAGE = 50
AT_ONCE = 50_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which lines are asked for; None: all. `since` is included, `until` is not."""

    staff_member_id: UUID | None = None
    client_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailCursor:
    """A place in the trail: lines before it are older."""

    at: datetime
    number: int

    def __str__(self) -> str:
        """As an address carries it: microseconds since 1970, and the line's number."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.number}"

    @classmethod
    def read(cls, text: str) -> "TrailCursor":
        """The place that an address carries.

        Raises:
            ValueError: it carries none.

        >>> str(TrailCursor.read("1780000000000000.7"))
        '1780000000000000.7'
        """
        at, _, number = text.partition(".")
        if not (at.isdecimal() and number.isdecimal() and len(text) < 40):
            raise ValueError("This is no place in the audit trail.")
        try:
            return cls(_EPOCH + timedelta(microseconds=int(at)), int(number))
        except OverflowError as error:
            raise ValueError("This is no place in the audit trail.") from error


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Lines, newest first. `older`: where the next page begins, None on the last."""

    entries: tuple[AuditEntry, ...]
    older: TrailCursor | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What recomputing the chain found.

    `broken_at`: the first number that is missing, or whose line is not as it was written; None: none is.
    """

    entries: int
    last_number: int
    last_digest: str
    broken_at: int | None

    @property
    def stands(self) -> bool:
        """Nothing was altered and nothing was taken out."""
        return self.broken_at is None


def trail_page(
    practice_id: UUID, wanted: TrailFilter, before: TrailCursor | None = None, *, size: int = PAGE
) -> TrailPage:
    """Return one page of the trail in the open scope, newest first, in one query."""
    rows = AuditEntry.objects.filter(practice_id=practice_id).order_by("-at", "-number")
    if wanted.staff_member_id is not None:
        rows = rows.filter(staff_member_id=wanted.staff_member_id)
    if wanted.client_id is not None:
        rows = rows.filter(client_id=wanted.client_id)
    if wanted.action is not None:
        rows = rows.filter(action=wanted.action)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    if before is not None:
        rows = rows.filter(at__lte=before.at).filter(Q(at__lt=before.at) | Q(number__lt=before.number))
    found = tuple(rows[: size + 1])
    entries = found[:size]
    return TrailPage(entries, TrailCursor(entries[-1].at, entries[-1].number) if len(found) > size else None)


def actors_of(practice_id: UUID) -> dict[UUID, str]:
    """Return everybody who is or was on the practice's staff, by name, with the name that a page shows."""
    rows = (
        StaffMember.objects.filter(practice_id=practice_id)
        .order_by("person__name", "person__email")
        .values_list("id", "person__name", "person__email")
    )
    return {member_id: name or email for member_id, name, email in rows}


# One stretch of the chain: each line's digest drawn anew from the line and the digest before it. The formula is that of
# migration 0004_audit_chain.
_STRETCH = """
    WITH stretch AS (
        SELECT * FROM practices_auditentry
        WHERE practice_id = %(practice)s AND number > %(after)s ORDER BY number LIMIT %(most)s
    ), chained AS (
        SELECT number, digest, lag(number, 1, %(after)s::bigint) OVER ordered AS number_before,
            encode(sha256(convert_to(jsonb_build_array(
                lag(digest::text, 1, %(digest)s::text) OVER ordered, number, id, practice_id, extract(epoch FROM at),
                staff_member_id, action, client_id, subject_id, detail, host(address)
            )::text, 'UTF8')), 'hex') AS drawn
        FROM stretch WINDOW ordered AS (ORDER BY number)
    )
    SELECT count(*), max(number), (array_agg(digest ORDER BY number DESC))[1],
        min(CASE WHEN number <> number_before + 1 THEN number_before + 1 WHEN digest <> drawn THEN number END)
    FROM chained
"""


def verify_trail(practice_id: UUID) -> Verdict:
    """Draw the chain of the whole trail anew, in the open scope and in PostgreSQL.

    A line that was altered, moved or taken out shows, but for the last ones: whoever keeps a number and its digest
    elsewhere (an export has both) can tell those too, with `digest_of`.
    """
    entries, number, digest = 0, 0, ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_STRETCH, {"practice": practice_id, "after": number, "digest": digest, "most": AT_ONCE})
            found, last_number, last_digest, broken_at = cursor.fetchone()
        if not found:
            return Verdict(entries, number, digest, None)
        entries, number, digest = entries + found, last_number, last_digest
        if broken_at is not None:
            return Verdict(entries, number, digest, broken_at)


def digest_of(practice_id: UUID, number: int) -> str | None:
    """Return the digest of one line, None where no line has the number."""
    return AuditEntry.objects.filter(practice_id=practice_id, number=number).values_list("digest", flat=True).first()

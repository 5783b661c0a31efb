"""How many things of a practice need a person? Asked by the sidebar of every page, so in one query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from cadences.models import Service
from cadences.models.service import ServiceKind
from integrations.models import Connection, GatewayAccount, ImportRun, InboundEvent
from integrations.queries.failing_words import failing_words
from integrations.queries.freshness import Freshness
from practices.models import Practice
from practices.queries.abilities import Ability
from reminders.engine.decide import HOLD
from reminders.engine.words import Reason, ReminderState
from reminders.models import Call, Reminder, Reply
from reminders.queries.alarm import Alarm, Broken, Retrying, alarm_of
from reminders.queries.unsettled import needing_a_person

HELD_REASONS: Final = (
    Reason.NO_CONSENT,
    Reason.NO_APPROVED_TEXT,
    Reason.NO_ADDRESS,
    Reason.VETOED,
    Reason.SHARED_ADDRESS,
    Reason.PRACTICE_PAUSED,
)
"""What a person can settle for many messages at once, in the order of Today's page (R23, R26)."""

ALARMING: Final = (Reason.CHANNEL_DOWN, Reason.RECORDS_STALE)
"""Holds that mean that something is broken: said in the strip on top, not among the held."""

LATE: Final = timedelta(days=5)
"""What is held is given up so long after its moment (R4)."""

DECIDED_WITHIN: Final = 2 * HOLD
"""A hold is decided again hourly, so whatever is held is due within that."""

FAILURES_STAY: Final = timedelta(days=1)
"""So long after its moment a message that failed is among what needs a person."""

EVERYTHING: Final = frozenset(Ability)


@dataclass(frozen=True, slots=True)
class Attention:
    """The counts. `held`: reason -> messages that wait for it, only reasons that occur."""

    calls: int
    replies: int
    unmapped: int
    failures: int
    held: Mapping[Reason, int]
    alarm: Alarm | None
    unsettled: int = 0
    """Messages of which nobody knows whether they arrived; counted up to 100 (CHN-3)."""
    failing_words: int = 0
    """Messages of clients that could not be read in for some minutes (CHN-4)."""

    @property
    def total(self) -> int:
        """Things that need a person: one for each call, reply, service name and failure, for each held reason.

        A client's words that cannot be read in count themselves, not as an alarm once more. What nobody knows of is
        one thing, however many messages it is about: a page that is worked through.
        """
        counted = self.calls + self.replies + self.unmapped + self.failures + self.failing_words + len(self.held)
        is_told_apart = self.alarm is not None and not (self.alarm.broken is Broken.ANSWERS and self.failing_words)
        return counted + (self.unsettled > 0) + is_told_apart


@dataclass(frozen=True, slots=True)
class HeldMessages:
    """What waits for one reason. `since_today`: came due today. `given_up`: ends unsent by the day asked for (R4)."""

    reason: Reason
    messages: int
    clients: int
    since_today: int
    given_up: int


def attention(practice_id: UUID, now: datetime, may: frozenset[Ability] = EVERYTHING) -> Attention:
    """Count what needs a person with these abilities: one query, which reads partial indexes and short ranges."""
    counts = _counts(practice_id, now)
    waiting = {Reason(each["reason"]): each["number"] for each in counts["held"]}
    steers, maps = Ability.STEER_REMINDERS in may, Ability.CHANGE_CADENCES in may
    heard = Freshness(
        max((at for at in (counts["heard_at"], counts["imported_at"]) if at is not None), default=None),
        is_file_only=counts["heard_at"] is None,
    )
    return Attention(
        calls=counts["calls"] if steers else 0,
        replies=counts["replies"] if steers else 0,
        unmapped=counts["unmapped"] if maps else 0,
        failures=counts["failures"],
        held={reason: waiting[reason] for reason in HELD_REASONS if reason in waiting},
        alarm=alarm_of(
            waiting,
            heard,
            Retrying(counts["retrying"], counts["retrying_since"]),
            now,
            counts["refused_since"],
            Retrying(counts["failing_words"], counts["failing_words_since"]),
        ),
        unsettled=len(counts["unsettled"]) if steers else 0,
        failing_words=counts["failing_words"] if steers else 0,
    )


def held_messages(practice_id: UUID, now: datetime, today_at: datetime, by: datetime) -> tuple[HeldMessages, ...]:
    """Return what waits for a person, by reason: one query. `today_at`: when today began; `by`: given up before it."""
    given_up = Q(valid_until=None, allowed_at__lt=by - LATE) | Q(valid_until__lt=by)
    rows = (
        _held(practice_id, now)
        .values_list("reason")
        .annotate(
            messages=Count("*"),
            clients=Count("client_id", distinct=True),
            since_today=Count("client_id", filter=Q(allowed_at__gte=today_at)),
            given_up=Count("client_id", filter=given_up),
        )
    )
    found = {reason: HeldMessages(Reason(reason), *numbers) for reason, *numbers in rows}
    return tuple(found[reason] for reason in HELD_REASONS if reason in found)


def type_without_text(practice_id: UUID, now: datetime) -> str:
    """Return the slug of the treatment type whose message has waited longest for an approved text: one query.

    Empty where none waits, or only messages that follow no cadence: confirmations, surveys, reactivation.
    """
    rows = _held(practice_id, now).filter(reason=Reason.NO_APPROVED_TEXT.value, sequence__treatment_type__isnull=False)
    return rows.order_by("allowed_at", "pk").values_list("sequence__treatment_type__slug", flat=True).first() or ""


def failed_reminders(practice_id: UUID, now: datetime) -> QuerySet[Reminder]:
    """Return the reminders of the last day that were tried and did not arrive."""
    return Reminder.objects.filter(
        practice_id=practice_id,
        state=ReminderState.FAILED.value,
        allowed_at__gt=now - FAILURES_STAY,
        allowed_at__lte=now,
        message__isnull=False,
    )


def unmapped_services(practice_id: UUID) -> QuerySet[Service]:
    """Return the service names that nobody has mapped yet (LIB-5)."""
    return Service.objects.filter(practice_id=practice_id, kind=ServiceKind.UNKNOWN)


def _counts(practice_id: UUID, now: datetime) -> dict[str, Any]:
    own: dict[str, Any] = {"practice_id": practice_id}
    held = _held(practice_id, now).order_by().values("reason").annotate(number=Count("*"))
    retrying = InboundEvent.objects.filter(**own, state=InboundEvent.State.RETRYING)
    failing = failing_words(practice_id, now)
    carries = Q(gateway=OuterRef("sms_gateway")) | Q(gateway=OuterRef("email_gateway"))
    refused = GatewayAccount.objects.filter(carries, **own, is_active=True, failing_since__isnull=False)
    row = (
        Practice.objects.filter(pk=practice_id)
        .annotate(
            calls=_number(Call.objects.filter(**own, closed_at=None)),
            replies=_number(Reply.objects.filter(**own, handled_at=None)),
            unmapped=_number(unmapped_services(practice_id)),
            failures=_number(failed_reminders(practice_id, now), Count("message_id", distinct=True)),
            heard_at=_one(Connection.objects.filter(**own, is_active=True), Max("last_event_at")),
            imported_at=_one(ImportRun.objects.filter(**own, state=ImportRun.State.DONE), Max("finished_at")),
            retrying=_number(retrying),
            retrying_since=_one(retrying, Min("received_at")),
            refused_since=_one(refused, Min("failing_since")),
            failing_words=_number(failing),
            failing_words_since=_one(failing, Min("received_at")),
            unsettled=ArraySubquery(needing_a_person(now, **own).values("pk")),
            held=ArraySubquery(held.values(found=JSONObject(reason="reason", number="number"))),
        )
        .values(
            "calls",
            "replies",
            "unmapped",
            "failures",
            "heard_at",
            "imported_at",
            "retrying",
            "retrying_since",
            "refused_since",
            "failing_words",
            "failing_words_since",
            "unsettled",
            "held",
        )
        .get()
    )
    return dict(row)


def _held(practice_id: UUID, now: datetime) -> QuerySet[Reminder]:
    """From the index of what waits alone, whatever else has come due."""
    return Reminder.objects.filter(
        practice_id=practice_id,
        state=ReminderState.WAITING.value,
        due_at__lte=now + DECIDED_WITHIN,
        reason__in=[reason.value for reason in (*HELD_REASONS, *ALARMING)],
    )


def _one(rows: QuerySet[Any], what: Any) -> Subquery:
    """One aggregate as a part of another query; None where there is no row."""
    return Subquery(rows.order_by().values("practice_id").annotate(found=what).values("found"))


def _number(rows: QuerySet[Any], what: Any = None) -> Coalesce:
    """A count as a part of another query."""
    return Coalesce(_one(rows, what or Count("id")), Value(0), output_field=IntegerField())

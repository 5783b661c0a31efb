"""Whom should a person call, whose call is it, and what came of the calls made? (CARE-2)"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from clients.models import Treatment
from clients.models.treatment import TreatmentStatus
from reminders.models import Call
from reminders.queries.paging import Place

PAGE = 25
UNTRIED, TRIED = 0, 1


class Show(StrEnum):
    """Which calls."""

    OPEN = ""
    MINE = "mine"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Caller:
    """A staff member who asks. Managers get the calls that are no injector's (CARE-2)."""

    staff_member_id: UUID
    is_manager: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """Calls, each with `for_id`, the staff member whose call it is (None: a manager's). `older`: where more begin."""

    calls: tuple[Call, ...]
    older: Place | None


def call_page(practice_id: UUID, show: Show, caller: Caller, after: Place | None) -> CallPage:
    """Return one page, the newest first, paged by key: two queries at most.

    Open calls that nobody has tried stand before those without an answer yet. Done are those that staff closed.
    """
    if show is Show.DONE:
        found = _done(practice_id, after, PAGE + 1)
    else:
        found = _listed(_of(show, practice_id, caller), after, PAGE + 1)
    shown = found[:PAGE]
    return CallPage(tuple(shown), place_of(shown[-1]) if len(found) > PAGE else None)


def newer_calls(practice_id: UUID, show: Show, caller: Caller, after_id: UUID | None) -> tuple[Call, ...]:
    """Return the open calls that came on the list since, the newest first, a page at most: one query."""
    rows = _of(show, practice_id, caller).filter(outcome="")
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    return tuple(rows.order_by("-opened_at", "-pk")[:PAGE])


def next_call(practice_id: UUID, show: Show, caller: Caller, after: Place | None, today_at: datetime) -> Call | None:
    """Return the next call to make: nobody else has it, and it was not tried since `today_at`."""
    rows = _of(show, practice_id, caller).filter(Q(taken_by=None) | Q(taken_by=caller.staff_member_id))
    found = _listed(rows.exclude(~Q(outcome="") & Q(taken_at__gte=today_at)), after, 1)
    return found[0] if found else None


def call_of(practice_id: UUID, call_id: UUID) -> Call | None:
    """Return one call of a list, with `for_id`; None where the practice has no such call."""
    return _calls(practice_id).filter(pk=call_id).exclude(reason="").first()


def open_calls_of(practice_id: UUID, client_id: UUID) -> tuple[Call, ...]:
    """Return the calls of the list that are about one client, a problem first, then the newest: one query."""
    found = _calls(practice_id).filter(client_id=client_id, closed_at=None).order_by("-opened_at", "-pk")
    return tuple(sorted(found, key=lambda call: call.reason != Call.Reason.SERVICE_ISSUE))


def place_of(call: Call) -> Place:
    """Return where a call stands in its list."""
    if call.closed_at is not None:
        return Place(UNTRIED, call.closed_at, call.pk)
    return Place(TRIED if call.outcome else UNTRIED, call.opened_at, call.pk)


def _calls(practice_id: UUID) -> QuerySet[Call]:
    """Calls with whom each goes to: who treated her last, where that is a staff member at work, else None."""
    treated = Treatment.objects.filter(
        practice_id=practice_id, client_id=OuterRef("client_id"), status=TreatmentStatus.COMPLETED
    ).order_by("-performed_on", "-pk")
    injector = treated.annotate(
        injector_id=Case(When(provider__staff_member__is_active=True, then="provider__staff_member_id"))
    )
    return (
        Call.objects.filter(practice_id=practice_id)
        .annotate(for_id=Subquery(injector.values("injector_id")[:1]))
        .select_related("client", "taken_by__person", "closed_by__person")
    )


def _of(show: Show, practice_id: UUID, caller: Caller) -> QuerySet[Call]:
    rows = _calls(practice_id).filter(closed_at=None)
    if show is not Show.MINE:
        return rows
    mine = Q(for_id=caller.staff_member_id) | (Q(for_id=None) if caller.is_manager else Q(pk__in=[]))
    return rows.filter(Q(taken_by=caller.staff_member_id) | (Q(taken_by=None) & mine))


def _listed(rows: QuerySet[Call], after: Place | None, most: int) -> list[Call]:
    """The untried, then the tried, each from its index of open calls."""
    found: list[Call] = []
    for part, which in ((UNTRIED, Q(outcome="")), (TRIED, ~Q(outcome=""))):
        if len(found) < most and (after is None or part >= after.part):
            beyond = after if after is not None and part == after.part else None
            found += _beyond(rows.filter(which), "opened_at", beyond)[: most - len(found)]
    return found


def _done(practice_id: UUID, after: Place | None, most: int) -> list[Call]:
    """What staff closed. The rows of the page are found by themselves first: whatever is sorted is narrow."""
    closed = Call.objects.filter(practice_id=practice_id, closed_by__isnull=False)
    chosen = list(_beyond(closed, "closed_at", after).values_list("pk", flat=True)[:most])
    return list(_calls(practice_id).filter(pk__in=chosen).order_by("-closed_at", "-pk"))


def _beyond(rows: QuerySet[Call], moment: str, after: Place | None) -> QuerySet[Call]:
    rows = rows.order_by(f"-{moment}", "-pk")
    if after is None:
        return rows
    earlier = Q(**{f"{moment}__lt": after.at}) | Q(**{moment: after.at, "pk__lt": after.row_id})
    return rows.filter(earlier, **{f"{moment}__lte": after.at})

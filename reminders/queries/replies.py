"""What have clients answered, and what of it waits for a person?"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from reminders.models import Delivery, Reply
from reminders.queries.paging import Place

PAGE = 20
UNANSWERED, HANDLED = 0, 1


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Replies, the unanswered before the handled, the newest first in both."""

    unanswered: tuple[Reply, ...]
    handled: tuple[Reply, ...]
    older: Place | None
    newest_id: UUID | None
    """The reply that was kept last among the unanswered: newer ones have a greater id."""


def reply_page(practice_id: UUID, after: Place | None) -> ReplyPage:
    """Return one page, paged by key: three queries at most."""
    part = after.part if after else UNANSWERED
    unanswered: list[Reply] = []
    if part == UNANSWERED:
        unanswered = list(_beyond(_replies(practice_id).filter(handled_at=None), after)[: PAGE + 1])
    handled: list[Reply] = []
    if len(unanswered) <= PAGE:
        beyond = after if part == HANDLED else None
        handled = _handled(practice_id, beyond, PAGE + 1 - len(unanswered))
    is_cut = len(unanswered) + len(handled) > PAGE
    unanswered, handled = unanswered[:PAGE], handled[: PAGE - len(unanswered[:PAGE])]
    last = (handled or unanswered)[-1] if is_cut else None
    older = Place(HANDLED if last.handled_at else UNANSWERED, last.received_at, last.pk) if last else None
    newest_id = max((each.pk for each in unanswered), default=None)
    return ReplyPage(tuple(unanswered), tuple(handled), older, newest_id)


def newer_replies(practice_id: UUID, after_id: UUID | None) -> tuple[Reply, ...]:
    """Return the unanswered replies that were kept since, the newest first, a page at most: one query."""
    rows = _replies(practice_id).filter(handled_at=None)
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    return tuple(rows[:PAGE])


def unclear_replies(practice_id: UUID, most: int) -> tuple[Reply, ...]:
    """Return the replies that may be an opt-out and that nobody has judged, the longest waiting first: one query."""
    open_ones = _replies(practice_id).filter(handled_at=None, intent=Reply.Intent.UNSURE)
    return tuple(open_ones.order_by("received_at", "pk")[:most])


def reply_of(practice_id: UUID, reply_id: UUID) -> Reply | None:
    """Return one reply with its client; None where the practice has no such reply."""
    return _replies(practice_id).filter(pk=reply_id).first()


def replies_of(practice_id: UUID, client_id: UUID) -> tuple[Reply, ...]:
    """Return everything that one client answered, in the order of time: one query."""
    rows = Reply.objects.filter(practice_id=practice_id, client_id=client_id)
    return tuple(rows.select_related("handled_by__person").order_by("received_at", "pk"))


def texts_answered(replies: tuple[Reply, ...]) -> dict[UUID, Delivery]:
    """Return, for each reply that answers a message, the try on its channel that reached the client: one query."""
    answered = {each.message_id for each in replies if each.message_id}
    if not answered:
        return {}
    tries: dict[tuple[UUID, str], Delivery] = {}
    rows = Delivery.objects.filter(message_id__in=answered).defer("html", "headers").order_by("attempted_at", "pk")
    for each in rows:
        tries[each.message_id, each.channel] = each
    found = {each.pk: tries.get((each.message_id, each.channel)) for each in replies if each.message_id}
    return {reply_id: delivery for reply_id, delivery in found.items() if delivery is not None}


def _replies(practice_id: UUID) -> QuerySet[Reply]:
    return (
        Reply.objects.filter(practice_id=practice_id)
        .select_related("client", "handled_by__person", "message")
        .order_by("-received_at", "-pk")
    )


def _handled(practice_id: UUID, after: Place | None, most: int) -> list[Reply]:
    """The rows of the page are found by themselves first: whatever is sorted is narrow."""
    rows = Reply.objects.filter(practice_id=practice_id, handled_at__isnull=False).order_by("-received_at", "-pk")
    return list(_replies(practice_id).filter(pk__in=_beyond(rows, after).values("pk")[:most]))


def _beyond(rows: QuerySet[Reply], after: Place | None) -> QuerySet[Reply]:
    if after is None:
        return rows
    earlier = Q(received_at__lt=after.at) | Q(received_at=after.at, pk__lt=after.row_id)
    return rows.filter(earlier, received_at__lte=after.at)

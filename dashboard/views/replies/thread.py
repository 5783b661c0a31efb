"""What was said to and fro, as the page of a reply shows it?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from clients.models import Client
from dashboard.views.access import Staff
from dashboard.views.replies.rows import handled_words, is_unclear
from dashboard.views.wording.calls import staff_name
from dashboard.views.wording.deliveries import Reading, fate_words, shown_of
from dashboard.views.wording.moments import day_words, hour_words, time_tag
from dashboard.views.wording.outreach import touchpoint_name
from dashboard.views.wording.states import Shown
from reminders.models import Delivery, Reply
from reminders.queries.conversation import Conversation

SAID = Shown("said", "Said")


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thing that was said. `day` is empty where the line above has the same."""

    day: str
    hour: SafeString
    shape: Shown
    title: str
    state: Shown | None
    whys: tuple[str, ...]
    subject: str
    words: str
    is_theirs: bool
    is_here: bool
    """It is the reply that the page is about."""


def thread_lines(conversation: Conversation, about: Reply, staff: Staff) -> list[ThreadLine]:
    """Return both sides in the order of time, the newest last."""
    today = staff.today
    lines: list[ThreadLine] = []
    previous: date | None = None
    for at, each in sorted(_both(conversation), key=lambda both: (both[0], isinstance(both[1], Delivery))):
        local = at.astimezone(ZoneInfo(staff.time_zone))
        day = "" if local.date() == previous else day_words(local.date(), today)
        hour = time_tag(at, staff.time_zone, hour_words(local))
        lines.append(_said(each, about, staff, day, hour) if isinstance(each, Reply) else _sent(each, staff, day, hour))
        previous = local.date()
    return lines


def _both(conversation: Conversation) -> Iterator[tuple[datetime, Delivery | Reply]]:
    for delivery in conversation.deliveries:
        yield delivery.attempted_at, delivery
    for reply in conversation.replies:
        yield reply.received_at, reply


def _said(reply: Reply, about: Reply, staff: Staff, day: str, hour: SafeString) -> ThreadLine:
    state = None
    if is_unclear(reply):
        state = Shown("waiting", "May be an opt-out")
    elif reply.handled_at is None:
        state = Shown("waiting", "Not answered yet")
    handled = handled_words(reply, staff.time_zone, staff.today)
    return ThreadLine(
        day=day,
        hour=hour,
        shape=SAID,
        title=_wrote(about.client),
        state=state,
        whys=(handled,) if handled else (),
        subject="",
        words=reply.text or "An empty message.",
        is_theirs=True,
        is_here=reply.pk == about.pk,
    )


def _sent(delivery: Delivery, staff: Staff, day: str, hour: SafeString) -> ThreadLine:
    state = shown_of(delivery)
    left_on = delivery.attempted_at.astimezone(ZoneInfo(staff.time_zone)).date()
    fate = fate_words(delivery, Reading(staff.time_zone, staff.now, left_on, is_hour_said=True))
    writer = delivery.message.written_by
    name = f"{staff_name(writer)} answered" if writer else touchpoint_name(delivery.message.touchpoint)
    return ThreadLine(
        day=day,
        hour=hour,
        shape=state,
        title=f"{name[:1].upper()}{name[1:]}",
        state=state,
        whys=(fate,) if fate else (),
        subject=delivery.subject,
        words=delivery.text,
        is_theirs=False,
        is_here=False,
    )


def _wrote(client: Client | None) -> str:
    if client is None:
        return "The sender wrote"
    return f"{client.first_name or 'The client'} wrote"

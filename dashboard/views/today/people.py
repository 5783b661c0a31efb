"""Whom does a person call or answer today, and which service names does nobody know yet?"""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from cadences.queries.library import library_of
from clients.queries.carried import carried
from dashboard.forms.services import Choices, meaning_choices
from dashboard.views.access import Staff
from dashboard.views.calls.rows import CallRow, call_rows, caller_of
from dashboard.views.replies.rows import ReplyRow, reply_rows
from dashboard.views.today.needs import Section, Todo, page_url
from dashboard.views.wording.calls import moment_words, quoted
from dashboard.views.wording.services import carried_words
from reminders.models import Reply
from reminders.queries.attention import unmapped_services
from reminders.queries.calls import Show, call_page
from reminders.queries.replies import reply_page, unclear_replies

MOST_CALLS: Final = 5
MOST_REPLIES: Final = 3
MOST_SERVICES: Final = 3


@dataclass(frozen=True, slots=True)
class UnknownService:
    """A service name that nobody has mapped, and where a choice shows what it would do."""

    id: str
    name: str
    carried: str
    url: str


@dataclass(frozen=True, slots=True)
class UnknownServices:
    """The names that have waited longest, and what a name can mean."""

    count: str
    url: str
    rows: tuple[UnknownService, ...]
    choices: Choices


def calls_section(staff: Staff) -> Section | None:
    """Return the first calls of the call list; None where there is nobody to call."""
    if not staff.attention.calls:
        return None
    page = call_page(staff.practice_id, Show.OPEN, caller_of(staff), None)
    rows = tuple(_call_row(row) for row in call_rows(page.calls[:MOST_CALLS], staff))
    url = page_url("calls", staff)
    return Section("calls", "Calls", f"{staff.attention.calls:,}", rows, url, "Call list")


def replies_section(staff: Staff) -> Section | None:
    """Return the replies that may be an opt-out, then the newest that nobody has handled; None where all are."""
    if not staff.attention.replies:
        return None
    unclear = unclear_replies(staff.practice_id, MOST_REPLIES)
    newest = [each for each in reply_page(staff.practice_id, None).unanswered if each not in unclear]
    replies = [*unclear, *newest][:MOST_REPLIES]
    url = page_url("replies", staff)
    shown = zip(replies, reply_rows(replies, staff), strict=True)
    rows = tuple(_reply_row(reply, row, staff) for reply, row in shown)
    return Section("replies", "Replies", f"{staff.attention.replies:,}", rows, url, "All replies")


def unknown_services(staff: Staff) -> UnknownServices | None:
    """Return the names that have waited longest: five queries; None where all are known or the role maps none."""
    if not staff.attention.unmapped:
        return None
    services = list(unmapped_services(staff.practice_id).order_by("first_seen_at", "name_key")[:MOST_SERVICES])
    today = staff.today
    lines = carried(staff.practice_id, [each.pk for each in services])
    rows = tuple(
        UnknownService(
            id=str(each.pk),
            name=each.name,
            carried=carried_words(lines[each.pk], today),
            url=reverse("dashboard:service", args=[staff.slug, each.pk]),
        )
        for each in services
    )
    choices = meaning_choices(library_of(staff.practice_id).types.values())
    return UnknownServices(
        f"{staff.attention.unmapped:,}", reverse("dashboard:services", args=[staff.slug]), rows, choices
    )


def _call_row(row: CallRow) -> Todo:
    said = f" {quoted(row.said)}" if row.said else ""
    return Todo(
        who=row.name,
        who_url=row.client_url,
        phone=row.phone,
        phone_words=row.phone_words,
        why=f"{row.why}{said}",
        taken="" if row.take_url else row.whose,
        post_url=row.take_url,
        action="Take",
        label=f"Take the call to {row.name}",
    )


def _reply_row(reply: Reply, row: ReplyRow, staff: Staff) -> Todo:
    today = staff.today
    action = "Decide" if row.is_unclear else "Read" if row.is_stop else "Answer"
    unclear = " This may be an opt-out: texts wait until someone decides." if row.is_unclear else ""
    return Todo(
        who=row.name,
        who_url=row.client_url,
        phone=row.phone,
        phone_words=row.phone_words,
        why=f"Answered {moment_words(reply.received_at, staff.time_zone, today)}: {quoted(reply.text)}{unclear}",
        url=row.page_url,
        action=action,
        label=f"Decide whether {row.name} opted out" if row.is_unclear else f"{action} {row.name}",
    )

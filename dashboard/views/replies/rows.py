"""What does one reply look like in the list?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from clients.models import Client
from dashboard.views.access import Staff
from dashboard.views.wording.calls import in_sentence, moment_words, quoted, staff_name
from dashboard.views.wording.moments import date_words, day_words, hour_words, time_tag
from dashboard.views.wording.people import client_name, phone_words
from practices.queries.abilities import Ability
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.queries.replies import texts_answered

DONE = {
    Reply.Handling.CALLED: "Called",
    Reply.Handling.ANSWERED: "Answered",
    Reply.Handling.NONE_NEEDED: "Needed no answer",
    Reply.Handling.OPTED_OUT: "Opted out",
}


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply as people read it. Addresses are empty where nothing can be done there."""

    id: UUID
    name: str
    client_url: str
    find_url: str
    phone: str
    phone_words: str
    when: SafeString
    channel: str
    text: str
    answers: str
    handled: str
    handle_url: str
    peace_url: str
    opt_out_url: str
    reopen_url: str


def reply_rows(replies: Iterable[Reply], staff: Staff) -> list[ReplyRow]:
    """Return replies as the page shows them, in one query more, however many they are."""
    replies = tuple(replies)
    texts = texts_answered(replies)
    today = staff.today
    return [_row(each, texts.get(each.pk), staff, today) for each in replies]


def handled_words(reply: Reply, zone_name: str, today: date) -> str:
    """Return what a person did about a reply, who and when; empty while nobody has."""
    if reply.handled_at is None:
        return ""
    if reply.snoozed_until is not None:
        done = f"Left in peace until {date_words(reply.snoozed_until, today)}"
    else:
        done = DONE.get(Reply.Handling(reply.handling), "Handled") if reply.handling else "Handled"
    by = f", by {staff_name(reply.handled_by)}" if reply.handled_by else ""
    return f"{done}, {moment_words(reply.handled_at, zone_name, today)}{by}."


def _row(reply: Reply, answered: Delivery | None, staff: Staff, today: date) -> ReplyRow:
    local = reply.received_at.astimezone(ZoneInfo(staff.time_zone))
    client: Client | None = reply.client
    phone = client.phone if client else reply.from_address if reply.channel == Channel.SMS else ""
    is_open = reply.handled_at is None
    return ReplyRow(
        id=reply.pk,
        name=client_name(client) if client else _address_words(reply),
        client_url=reverse("dashboard:client", args=[staff.slug, client.pk]) if client else "",
        find_url="" if client else _find_url(staff, reply),
        phone=phone,
        phone_words=phone_words(phone),
        when=time_tag(reply.received_at, staff.time_zone, f"{day_words(local.date(), today)}, {hour_words(local)}"),
        channel="by text" if reply.channel == Channel.SMS else "by email",
        text=reply.text,
        answers=_answers_words(answered, staff.time_zone, today),
        handled=handled_words(reply, staff.time_zone, today),
        handle_url=_url("reply_handle", staff, reply) if is_open else "",
        peace_url=_url("reply_peace", staff, reply) if is_open and client else "",
        opt_out_url=reverse("dashboard:opt_out", args=[staff.slug, client.pk])
        if is_open and client and Ability.OPT_OUT in staff.may
        else "",
        reopen_url="" if is_open else _url("reply_reopen", staff, reply),
    )


def _answers_words(answered: Delivery | None, zone_name: str, today: date) -> str:
    if answered is None:
        return ""
    left_on = answered.attempted_at.astimezone(ZoneInfo(zone_name)).date()
    return f"Our message {in_sentence(left_on, today)}: {quoted(answered.subject or answered.text)}"


def _address_words(reply: Reply) -> str:
    return phone_words(reply.from_address) if reply.channel == Channel.SMS else reply.from_address or "Sender unknown"


def _find_url(staff: Staff, reply: Reply) -> str:
    return f"{reverse('dashboard:clients', args=[staff.slug])}?{urlencode({'q': reply.from_address})}"


def _url(name: str, staff: Staff, reply: Reply) -> str:
    return reverse(f"dashboard:{name}", args=[staff.slug, reply.pk])

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
from clients.operations.stop_words import reading_of
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
AT_ONCE = {
    Reply.Intent.STOP: "Opted out at once",
    Reply.Intent.START: "Opted in again at once",
    Reply.Intent.HELP: "Answered at once",
}
"""What medspa did by itself, by the word that asked for it."""


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply as people read it. Addresses are empty where nothing can be done there.

    What is unclear is decided on its page (`page_url`) before it can be closed (OPT-1).
    """

    id: UUID
    name: str
    page_url: str
    client_url: str
    find_url: str
    phone: str
    phone_words: str
    when: SafeString
    channel: str
    text: str
    verdict: str
    """What medspa took the words for, and did; empty where a person reads them as any other."""
    is_unclear: bool
    """It may be an opt-out, and nobody has decided: texts are held."""
    is_stop: bool
    """It opted the client out, and waits for a person to read the rest."""
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
    if reply.handled_by_id is None and reply.intent in AT_ONCE:
        done = AT_ONCE[Reply.Intent(reply.intent)]
    elif reply.snoozed_until is not None:
        done = f"Left in peace until {date_words(reply.snoozed_until, today)}"
    else:
        done = DONE.get(Reply.Handling(reply.handling), "Handled") if reply.handling else "Handled"
    by = f", by {staff_name(reply.handled_by)}" if reply.handled_by else ""
    return f"{done}, {moment_words(reply.handled_at, zone_name, today)}{by}."


def is_unclear(reply: Reply) -> bool:
    """Return whether a reply may be an opt-out and nobody has decided."""
    return reply.handled_at is None and reply.intent == Reply.Intent.UNSURE


def verdict_words(reply: Reply) -> str:
    """Return what an open reply's words were taken for, and what follows; empty where they are like any other."""
    if reply.handled_at is not None:
        return ""
    if reply.intent == Reply.Intent.UNSURE:
        return "Until someone decides, no text and no reminder leaves to the client."
    if reply.intent == Reply.Intent.START:
        return "This asks for messages again."
    if reply.intent != Reply.Intent.STOP:
        return ""
    if reading_of(reply.text).may_mean_visit:
        return "This word opted the client out, as the law asks. It may have been meant of an appointment."
    return "These words opted the client out."


def _row(reply: Reply, answered: Delivery | None, staff: Staff, today: date) -> ReplyRow:
    local = reply.received_at.astimezone(ZoneInfo(staff.time_zone))
    client: Client | None = reply.client
    phone = client.phone if client else reply.from_address if reply.channel == Channel.SMS else ""
    is_open = reply.handled_at is None
    is_to_decide = is_unclear(reply)
    may_close = is_open and not is_to_decide
    is_stop = is_open and reply.intent == Reply.Intent.STOP
    return ReplyRow(
        id=reply.pk,
        name=client_name(client) if client else _address_words(reply),
        page_url=_url("reply", staff, reply),
        client_url=reverse("dashboard:client", args=[staff.slug, client.pk]) if client else "",
        find_url="" if client else _find_url(staff, reply),
        phone=phone,
        phone_words=phone_words(phone),
        when=time_tag(reply.received_at, staff.time_zone, f"{day_words(local.date(), today)}, {hour_words(local)}"),
        channel="by text" if reply.channel == Channel.SMS else "by email",
        text=reply.text,
        verdict=verdict_words(reply),
        is_unclear=is_to_decide,
        is_stop=is_stop,
        answers=_answers_words(answered, staff.time_zone, today),
        handled=handled_words(reply, staff.time_zone, today),
        handle_url=_url("reply_handle", staff, reply) if may_close else "",
        peace_url=_url("reply_peace", staff, reply) if may_close and client and not is_stop else "",
        opt_out_url=reverse("dashboard:opt_out", args=[staff.slug, client.pk])
        if may_close and client and not is_stop and Ability.OPT_OUT in staff.may
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

"""Which words answer a client: what medspa says by itself, and what staff wrote? (CHN-4, OPT-1)"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from practices.models import Location, Practice
from practices.queries.link_hosts import links_origin
from reminders.engine.wording import Wording, parse
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery, Message, Reply
from reminders.operations.answering import queue_answer
from reminders.operations.composing import Composed, compose
from reminders.operations.merge_fields import merge_fields
from reminders.operations.senders import Sender, sender_of
from reminders.operations.shipped_texts import SHIPPED_TEXTS
from reminders.operations.texts import Text, load_texts

CONFIRMED_WITHIN: Final = timedelta(minutes=5)
"""So soon after a stop its one confirmation must have left (47 CFR 64.1200(a)(12), messaging.md 5.1)."""
OF_USE_FOR: Final = timedelta(hours=1)
"""Later than that nobody waits for what HELP and START are answered with."""
HELPED_AGAIN_AFTER: Final = timedelta(days=1)
LONGEST_TEXT: Final = 1_600
"""Characters: carriers take no longer text (messaging.md 1.10, code 21617)."""
LONGEST_EMAIL: Final = 20_000
_NO_VERSION: Final = UUID(int=0)


class WordsRefused(ValueError):
    """These words cannot be sent; the text says why, for the person who wrote them."""


def answer_by_itself(practice_id: UUID, reply: Reply, touchpoint: Touchpoint, now: datetime) -> Message | None:
    """Will answer a word like STOP, START or HELP with the practice's approved text, else the one medspa brings.

    The confirmation of a stop leaves within five minutes of it, or not at all. None: too late, or nobody's reply.
    Runs in the open scope; the caller holds the client.
    """
    valid_for = CONFIRMED_WITHIN if touchpoint is Touchpoint.OPT_OUT_REPLY else OF_USE_FOR
    valid_until = reply.received_at + valid_for
    if reply.client is None or valid_until <= now:
        return None
    channel = Channel(reply.channel)
    practice = Practice.objects.get(pk=practice_id)
    text = _text(practice, touchpoint, channel)
    fields = merge_fields(channel, first_name=reply.client.first_name)
    composed = compose(text, fields, _sender(practice), reply.client.pk)
    version_id = None if text.version_id == _NO_VERSION else text.version_id
    return _queue(reply, composed, touchpoint, now, valid_until=valid_until, version_id=version_id)


def was_helped(practice_id: UUID, client_id: UUID, now: datetime) -> bool:
    """Whether she was told within a day who is writing: once is enough."""
    since = now - HELPED_AGAIN_AFTER
    mine = Message.objects.filter(practice_id=practice_id, client_id=client_id, decided_at__gt=since, is_void=False)
    return mine.filter(touchpoint=Touchpoint.HELP_REPLY.value).exists()


def compose_answer(reply: Reply, words: str) -> Composed:
    """What staff wrote, as it would leave: in the practice's voice, a text normalized, an email in its frame.

    Raises:
        WordsRefused: there is nothing to send, or more than can be sent at once.
    """
    channel = Channel(reply.channel)
    words = words.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    practice = Practice.objects.get(pk=reply.practice_id)
    subject = Wording((_subject(reply, practice.name),))
    text = Text(_NO_VERSION, Touchpoint.STAFF_ANSWER, channel, None, subject, Wording((words,)))
    composed = compose(text, {}, _sender(practice), reply.client_id or _NO_VERSION)
    said = composed.text if channel is Channel.SMS else words
    if not said:
        raise WordsRefused("Write the answer first.")
    longest = LONGEST_TEXT if channel is Channel.SMS else LONGEST_EMAIL
    if len(said) > longest:
        raise WordsRefused(f"This is {len(said):,} characters long; at most {longest:,} can be sent. Shorten it.")
    return composed


def queue_words(reply: Reply, composed: Composed, written_by_id: UUID | None, now: datetime) -> Message:
    """Will have what staff wrote leave to where the client wrote from. The caller holds the client."""
    return _queue(reply, composed, Touchpoint.STAFF_ANSWER, now, written_by_id=written_by_id)


def _queue(
    reply: Reply,
    composed: Composed,
    touchpoint: Touchpoint,
    now: datetime,
    *,
    valid_until: datetime | None = None,
    version_id: UUID | None = None,
    written_by_id: UUID | None = None,
) -> Message:
    if reply.client_id is None:
        raise ValueError("An answer needs a client.")
    return queue_answer(
        reply.practice_id,
        reply.client_id,
        Channel(reply.channel),
        reply.from_address,
        composed.text,
        now,
        touchpoint=touchpoint,
        valid_until=valid_until,
        reply_id=reply.pk,
        written_by_id=written_by_id,
        subject=composed.subject,
        html=composed.html,
        headers=composed.headers,
        from_name=composed.from_name,
        template_version_id=version_id,
    )


def _text(practice: Practice, touchpoint: Touchpoint, channel: Channel) -> Text:
    """The practice's approved text; before it has one, as before going live, the one that medspa brings."""
    approved = load_texts(practice.pk).find(touchpoint, channel, None)
    if approved is not None:
        return approved
    detail = practice.sms_detail if channel is Channel.SMS else practice.email_detail
    shipped = next(
        each for each in SHIPPED_TEXTS if (each.touchpoint, each.channel, each.detail) == (touchpoint, channel, detail)
    )
    return Text(_NO_VERSION, touchpoint, channel, None, parse(shipped.subject), parse(shipped.body))


def _sender(practice: Practice) -> Sender:
    """The practice itself answers, with the phone and address of its location where it has one alone."""
    locations = list(Location.objects.filter(practice_id=practice.pk).order_by("pk")[:2])
    location = locations[0] if len(locations) == 1 else None
    return sender_of(practice, None, location, origin=links_origin(practice.pk))


def _subject(reply: Reply, practice: str) -> str:
    """An answer by email takes up the subject of what was answered."""
    if reply.channel == Channel.SMS:
        return ""
    tries = Delivery.objects.filter(message_id=reply.message_id, channel=reply.channel) if reply.message_id else None
    said = tries.order_by("-attempted_at").values_list("subject", flat=True).first() if tries is not None else ""
    known = said or f"Your message to {practice}"
    return known if known.lower().startswith("re:") else f"Re: {known}"

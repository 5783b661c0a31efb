"""How is a message shown as its client gets it: on a phone, or as an email?"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clients.models import Client
from dashboard.views.wording.moments import counted, date_words
from dashboard.views.wording.people import client_name, phone_words
from reminders.engine.segments import Encoding, measure
from reminders.engine.words import Channel
from reminders.models import Delivery, TemplateVersion
from reminders.operations.previewing import PreviewText

LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])")


@dataclass(frozen=True, slots=True)
class Frame:
    """One exact text in its frame, with what stands below it."""

    is_text: bool
    sender: str
    to: str
    subject: str
    body: SafeString
    letter_url: str
    length: str
    version: str
    title: str


def length_words(text: str) -> str:
    """Return how long a text message is, and what makes it longer than it looks.

    >>> length_words("Hi Ana, see you Tuesday.")
    '24 characters, 1 segment'
    >>> length_words("Hi Siobhán.")
    '11 characters, 1 segment: á needs Unicode'
    """
    measured = measure(text)
    words = f"{counted(len(text), 'character')}, {counted(measured.segments, 'segment')}"
    if measured.encoding is Encoding.GSM_7:
        return words
    odd = list(dict.fromkeys(letter for letter in text if measure(letter).encoding is not Encoding.GSM_7))[:3]
    return f"{words}: {' '.join(odd)} {'needs' if len(odd) == 1 else 'need'} Unicode"


def with_links_marked(text: str) -> SafeString:
    """Return a text with its links underlined, as a phone shows them, but not to be pressed.

    >>> with_links_marked("Book: https://a.example/b. <Bye>")
    'Book: <u>https://a.example/b</u>. &lt;Bye&gt;'
    """
    parts = LINK.split(text)
    return format_html_join(
        "", "{}", ((format_html("<u>{}</u>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


def version_words(version: TemplateVersion | None, zone_name: str, today: date) -> str:
    """Return which version of a text it is and who approved it (MSG-8)."""
    if version is None:
        return ""
    words = f"Text version {version.number}"
    if version.approved_by is not None:
        person = version.approved_by.person
        words += f", approved by {person.name or person.email}"
    elif version.is_shipped:
        words += ", came with medspa"
    if version.approved_at is not None and not version.is_shipped:
        words += f" on {date_words(version.approved_at.astimezone(ZoneInfo(zone_name)).date(), today)}"
    return words


def letter_url(slug: str, delivery_id: UUID) -> str:
    """Return where an email's HTML part is shown by itself."""
    return reverse("dashboard:letter", args=[slug, delivery_id])


def frame_of(delivery: Delivery, *, zone_name: str, today: date, letter_url: str) -> Frame:
    """Return what one delivery handed over, exactly (MSG-8: with the version used)."""
    is_text = delivery.channel == Channel.SMS
    name = client_name(delivery.client)
    return Frame(
        is_text=is_text,
        sender=delivery.from_name,
        to=phone_words(delivery.to_address) if is_text else delivery.to_address,
        subject=delivery.subject,
        body=with_links_marked(delivery.text),
        letter_url="" if is_text else letter_url,
        length=length_words(delivery.text) if is_text else "",
        version=version_words(delivery.template_version, zone_name, today),
        title=f"{'Text message' if is_text else 'Email'} to {name}",
    )


def preview_frame(preview: PreviewText, client: Client) -> Frame:
    """Return a text that a coming reminder would have if it left as things stand (SIM-1)."""
    is_text = preview.channel == Channel.SMS
    return Frame(
        is_text=is_text,
        sender=preview.from_name,
        to=phone_words(client.phone) if is_text else client.email,
        subject=preview.subject,
        body=with_links_marked(preview.text),
        letter_url="",
        length=length_words(preview.text) if is_text else "",
        version="Openings and links are read again when it leaves.",
        title=f"{'Text message' if is_text else 'Email'} to {client_name(client)}",
    )

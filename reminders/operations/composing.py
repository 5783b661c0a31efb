"""How do an approved text and its values become exactly what the gateway gets? (MSG-6)"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final
from uuid import UUID

from reminders.engine.segments import normalize
from reminders.engine.wording import KIND_OF, Wording, fill
from reminders.engine.words import Channel, MessageKind
from reminders.operations.email_frame import QUIET, preheader
from reminders.operations.merge_fields import clean
from reminders.operations.senders import Sender, html_values, link
from reminders.operations.stopping_links import unsubscribe_link
from reminders.operations.texts import Text

_LONGEST_SUBJECT: Final = 200
_URL: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
# A link that is a paragraph of its own is pressed; the label says what happens then.
_LABELS: Final = {
    "unsubscribe_link": "Unsubscribe",
    "photo_link": "See your pictures",
    "intake_link": "Update your details",
    "survey_link": "Answer one question",
    "booking_link": "Choose a time",
}


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """The practice's own short link to where one books, as a message says it; `target` is where it leads (MSG-5)."""

    token: str
    url: str
    target: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as it leaves and as it is kept. A text message has neither subject, HTML nor headers.

    `link`: the short link that its words hold, to be kept with it (reminders/operations/tracked_links.py).
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    from_name: str
    template_version_id: UUID
    link: PlannedLink | None = None


@dataclass(frozen=True, slots=True)
class _Footer:
    """What an email of one kind says about stopping, and whether a mailbox may offer it in one click."""

    lead: str = ""
    label: str = ""
    is_one_click: bool = False


# Unsubscribing leaves the confirmations of an appointment (OPT-3), so a mailbox does not offer it on those,
# and their footer says what the link ends. The answer to a stop needs no link to stop.
_FOOTERS: Final = {
    MessageKind.PROMOTION: _Footer("", "Unsubscribe", is_one_click=True),
    MessageKind.CARE: _Footer("", "Unsubscribe", is_one_click=True),
    MessageKind.CONFIRMATION: _Footer(
        "This email is about your appointment.", "Unsubscribe from reminders about later visits"
    ),
    MessageKind.ANSWER: _Footer(),
}


def compose(
    text: Text, fields: Mapping[str, str], sender: Sender, client_id: UUID, booking: PlannedLink | None = None
) -> Composed:
    """The message of a text, the values of `merge_fields` and its sender, to one client.

    `booking` stands for the sender's own {booking_link}: the same place, by the practice's short link (MSG-5).

    A text message is normalized to what costs least (messaging.md 6). An email has a plain-text part, the
    same words in the practice's frame, the postal address, an unsubscribe link, and on promotion and care the
    one-click headers (MSG-6, RFC 8058). Values are escaped; only the text's own addresses and the link fields
    become links, never what a record holds.
    """
    if booking is not None:
        fields = {**fields, "booking_link": booking.url}
    if text.channel is Channel.SMS:
        said = normalize(fill(text.body, {**sender.fields, **fields}))
        link = booking if booking is not None and booking.url in said else None
        return Composed("", said, "", {}, sender.from_name, text.version_id, link)
    return _compose_email(text, fields, sender, client_id, booking)


def _compose_email(
    text: Text, fields: Mapping[str, str], sender: Sender, client_id: UUID, booking: PlannedLink | None
) -> Composed:
    footer = _FOOTERS[KIND_OF[text.touchpoint]]
    stop_url = unsubscribe_link(sender.practice_id, client_id, origin=sender.origin) if footer.label else ""
    own = {**fields, "unsubscribe_link": stop_url}
    values = {**sender.fields, **own}
    subject = clean(fill(text.subject, values))[:_LONGEST_SUBJECT]
    said = fill(text.body, values)
    return Composed(
        subject=subject,
        text="\n\n".join(part for part in (said, _footer_text(footer, sender, stop_url)) if part),
        html=sender.frame.around(
            subject=escape(subject, quote=False),
            preheader=escape(preheader(said), quote=False),
            content=_content(text.body, values, {**sender.html_fields, **html_values(own)}, sender),
            footer=_footer_html(footer, stop_url),
        ),
        headers=_one_click(stop_url) if footer.is_one_click else {},
        from_name=sender.from_name,
        template_version_id=text.version_id,
        link=booking if booking is not None and booking.url in said else None,
    )


def _content(body: Wording, values: Mapping[str, str], html: Mapping[str, str], sender: Sender) -> str:
    """The body as paragraphs; a link that stands alone in one is a button."""
    said = fill(_as_html(body), html)
    buttons = {
        html[name]: sender.frame.button(escape(values[name]), label)
        for name, label in _LABELS.items()
        if values.get(name)
    }
    return "\n".join(
        buttons.get(paragraph) or "<p>" + paragraph.replace("\n", "<br>\n") + "</p>" for paragraph in said.split("\n\n")
    )


@lru_cache(maxsize=4096)
def _as_html(body: Wording) -> Wording:
    """The same text with its own words escaped, and the addresses in them as links."""
    return body.with_literals(_literal)


def _literal(words: str) -> str:
    said, end = [], 0
    for found in _URL.finditer(words):
        said += [escape(words[end : found.start()], quote=False), link(found.group())]
        end = found.end()
    return "".join([*said, escape(words[end:], quote=False)])


def _one_click(stop_url: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _footer_text(footer: _Footer, sender: Sender, stop_url: str) -> str:
    lines = [footer.lead, sender.frame.postal_line, f"{footer.label}: {stop_url}" if stop_url else ""]
    return "\n".join(line for line in lines if line)


def _footer_html(footer: _Footer, stop_url: str) -> str:
    unsubscribe = f'<a href="{escape(stop_url)}" style="color:{QUIET}">{footer.label}</a>' if stop_url else ""
    return " ".join(part for part in (footer.lead, unsubscribe) if part)

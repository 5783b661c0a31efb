"""In whose name does a message go out, and what is always said about them? (R31, SEQ-2)"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final
from uuid import UUID

from practices.models import Location, Practice, Provider
from reminders.engine.wording import URL_FIELDS
from reminders.operations.email_frame import ACCENT, EmailFrame, email_frame
from reminders.operations.merge_fields import STOP_TEXT, clean, phone_in_words, web_url

_LONGEST_FROM_NAME: Final = 120
_E164: Final = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Sender:
    """One voice of one practice at one location: make it once and use it for every message of a batch."""

    practice_id: UUID
    provider_id: UUID | None
    """Whose voice it is; None: the practice's."""
    from_name: str
    fields: Mapping[str, str]
    html_fields: Mapping[str, str]
    """The same values, escaped; links are links, and the phone is dialed."""
    frame: EmailFrame
    origin: str
    """How the practice's own links begin; empty: as PUBLIC_URL does (MSG-5)."""


def sender_of(practice: Practice, provider: Provider | None, location: Location | None, *, origin: str = "") -> Sender:
    """The sender in a provider's voice; in the practice's where it chose so or `provider` is None.

    Booking link: the provider's, else the location's, else the practice's, else none (MSG-5). The postal
    address of an email is the practice's, else the location's (MSG-6).
    """
    voice = provider if practice.voice == Practice.Voice.PROVIDER else None
    name = clean(practice.name)
    address = _address(location) if location else ""
    phone = location.phone if location and location.phone else practice.phone
    called = clean(voice.display_name) if voice else ""
    fields = {
        "practice": name,
        "provider": called,
        "sign_off": (clean(voice.sign_off) or called) if voice else name,
        "we": "I" if called else "we",
        "us": "me" if called else "us",
        "our": "my" if called else "our",
        "booking_link": _first_url(provider, location, practice),
        "phone": phone_in_words(phone),
        "location": clean(location.name) if location else "",
        "address": address,
        "parking": clean(location.parking).rstrip(" .") if location else "",
        "check_in": clean(location.check_in).rstrip(" .") if location else "",
        "intake_link": web_url(location.intake_url) if location else "",
        "stop_text": STOP_TEXT,
    }
    return Sender(
        practice_id=practice.id,
        provider_id=voice.id if voice else None,
        from_name=(f"{called} at {name}" if called else name)[:_LONGEST_FROM_NAME],
        fields=MappingProxyType(fields),
        html_fields=MappingProxyType({**html_values(fields), "phone": _dialed(phone, fields["phone"])}),
        frame=email_frame(name, clean(practice.address_line) or address, practice.color, web_url(practice.logo_url)),
        origin=origin,
    )


def whom(sender: Sender, seen_by: Provider | None) -> str:
    """How this voice says whom a visit is with: "me", or the other's display name; empty if unknown."""
    if seen_by is None:
        return ""
    return "me" if seen_by.id == sender.provider_id else clean(seen_by.display_name)


def html_values(fields: Mapping[str, str]) -> dict[str, str]:
    """The values as HTML: escaped, a line a line, an address of the web a link."""
    return {
        name: link(value) if name in URL_FIELDS and value else escape(value, quote=False).replace("\n", "<br>")
        for name, value in fields.items()
    }


def link(url: str) -> str:
    """An address of the web as a link that shows it without its scheme."""
    shown = url.partition("://")[2].rstrip("/") or url
    return f'<a class="link" href="{escape(url)}" style="color:{ACCENT}">{escape(shown, quote=False)}</a>'


def _dialed(phone: str, shown: str) -> str:
    """A number that a phone dials when it is pressed; what is no number stays words."""
    said = escape(shown, quote=False)
    return f'<a class="link" href="tel:{phone}" style="color:{ACCENT}">{said}</a>' if _E164.fullmatch(phone) else said


def _first_url(*owners: Provider | Location | Practice | None) -> str:
    urls = (web_url(owner.booking_url) for owner in owners if owner)
    return next((url for url in urls if url), "")


def _address(location: Location) -> str:
    place = " ".join(clean(part) for part in (location.state, location.postal_code) if part)
    return ", ".join(part for part in (clean(location.address_line), clean(location.city), place) if part)

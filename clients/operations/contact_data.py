"""What does a source say of a client herself, and what becomes of what was known? (REC-1, R13)"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import Client
from clients.operations.reported import ReportedClient
from clients.operations.stamps import Stamp, hear
from clients.operations.zones import (
    normalize_email,
    normalize_phone,
    state_of_address,
    state_of_phone,
    zones_of_address,
    zones_of_phone,
)
from practices.queries.names import name_key

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)  # the stamp of what was only concluded: any word overrides it
_LONGEST_NAME_PART: Final = 80
_LONGEST_KEY: Final = 160
_UNSAID_STATUS: Final = Client.Status.ACTIVE.value

COLUMNS: Final = (
    "id",
    "first_name",
    "last_name",
    "name_key",
    "phone",
    "email",
    "postal_code",
    "state",
    "date_of_birth",
    "status",
    "preferred_channel",
    "stated_time_zone",
    "language",
    "address_zones",
    "phone_zones",
    "phone_state",
    "field_stamps",
)
"""The columns of a client that words change, the id first."""


@dataclass(slots=True)
class ContactData:
    """A client's row in memory while words are heard; an empty status was never said and counts as active."""

    SAID: ClassVar[tuple[str, ...]] = (
        "first_name",
        "last_name",
        "phone",
        "email",
        "postal_code",
        "state",
        "date_of_birth",
        "status",
        "preferred_channel",
        "stated_time_zone",
        "language",
    )

    id: UUID
    first_name: str = ""
    last_name: str = ""
    name_key: str = ""
    phone: str = ""
    email: str = ""
    postal_code: str = ""
    state: str = ""
    date_of_birth: date | None = None
    status: str = ""
    preferred_channel: str = ""
    stated_time_zone: str = ""
    language: str = ""
    address_zones: list[str] = field(default_factory=list)
    phone_zones: list[str] = field(default_factory=list)
    phone_state: str = ""
    field_stamps: dict[str, Any] = field(default_factory=dict)
    reported_at: datetime | None = None
    version: int | None = None
    merged_into: UUID | None = None

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> "ContactData":
        """A stored client, given as COLUMNS."""
        data = cls(*row)
        newest = data.field_stamps.pop("", None)
        data.reported_at = datetime.fromisoformat(newest) if newest else None
        if data.status == _UNSAID_STATUS and "status" not in data.field_stamps:
            data.status = ""
        return data

    def as_row(self) -> tuple[Any, ...]:
        """What is to be stored, as COLUMNS."""
        stamps = dict(self.field_stamps)
        if self.reported_at is not None:
            stamps[""] = self.reported_at.isoformat()
            if self.status == _UNSAID_STATUS and "status" not in stamps:
                stamps["status"] = [stamps[""], None]
        return (
            self.id,
            self.first_name,
            self.last_name,
            self.name_key,
            self.phone,
            self.email,
            self.postal_code,
            self.state,
            self.date_of_birth,
            self.status or _UNSAID_STATUS,
            self.preferred_channel,
            self.stated_time_zone,
            self.language,
            self.address_zones,
            self.phone_zones,
            self.phone_state,
            stamps,
        )

    def hear(self, said: dict[str, Any], at: datetime) -> set[str]:
        """Will take a word in, and conclude name key, zones and states from it; returns the changed fields."""
        changed = hear(self, said, Stamp(at))
        if not changed:
            return changed
        if changed & {"first_name", "last_name"}:
            self.name_key = name_key(f"{self.first_name} {self.last_name}")[:_LONGEST_KEY]
        if changed & {"postal_code", "state"}:
            self._conclude_state()
            self.address_zones = list(zones_of_address(self.postal_code, self.state))
        if "phone" in changed:
            self.phone_zones = list(zones_of_phone(self.phone)) if self.phone else []
            self.phone_state = (state_of_phone(self.phone) or "") if self.phone else ""
        return changed

    def _conclude_state(self) -> None:
        concluded = [_NEVER.isoformat(), None]
        if not self.state or self.field_stamps.get("state") == concluded:
            self.state = state_of_address(self.postal_code, None) or ""
            if self.state:
                self.field_stamps["state"] = concluded


def words_of(reported: ReportedClient, known: ContactData | None) -> dict[str, Any]:
    """What a report says of a client, by ContactData's attributes; what cannot be read counts as not said.

    An empty text takes a field back. A name in one piece is split only where the name is news: a source that
    knows first and last name splits better than we do.
    """
    said: dict[str, Any] = {}
    for attribute, value, read in (
        ("first_name", reported.first_name, _name_part),
        ("last_name", reported.last_name, _name_part),
        ("email", reported.email, _email),
        ("postal_code", reported.postal_code, _postal_code),
        ("state", reported.state, _state),
        ("preferred_channel", reported.preferred_channel, _preference),
        ("stated_time_zone", reported.time_zone, _zone),
        ("language", reported.language, _language),
    ):
        if value is not None:
            if known is not None and value and value == getattr(known, attribute):
                said[attribute] = value
            else:
                _say(said, attribute, value, read)
    if reported.phone is not None:
        if known is not None and _is_same_number(reported.phone, known.phone):
            said["phone"] = known.phone
        else:
            _say(said, "phone", reported.phone, normalize_phone)
    if reported.date_of_birth is not None:
        said["date_of_birth"] = reported.date_of_birth
    if reported.status in Client.Status.values:
        said["status"] = str(reported.status)
    if reported.full_name and "first_name" not in said and "last_name" not in said:
        first, _, last = _name(reported.full_name).partition(" ")
        if known is None or name_key(f"{first} {last}") != known.name_key:
            said["first_name"], said["last_name"] = first[:_LONGEST_NAME_PART], last[:_LONGEST_NAME_PART]
    return said


def reported_name(reported: ReportedClient) -> str:
    """The name that a report gives, in one piece; empty if it gives none."""
    name = f"{reported.first_name or ''} {reported.last_name or ''}"
    return name.strip() or (reported.full_name or "").strip()


def _say(said: dict[str, Any], attribute: str, value: str, read: Callable[[str], str | None]) -> None:
    text = read(value) if value.strip() else ""
    if text is not None:
        said[attribute] = text


def _is_same_number(raw: str, known: str) -> bool:
    """Spares parsing a US number that is known already, however it is written."""
    if not known.startswith("+1"):
        return False
    digits = "".join(filter(str.isdigit, raw))
    return digits == known[2:] or digits == known[1:]


_email: Final = lru_cache(maxsize=16_384)(normalize_email)


@lru_cache(maxsize=16_384)
def _name(value: str) -> str:
    return " ".join(value.replace("\0", " ").split())[:160]


def _postal_code(value: str) -> str:
    return value.replace("\0", "").strip()[:10]


def _state(value: str) -> str | None:
    """A US state by code or name; another country's two letters are kept, other words are not."""
    code = value.strip().upper()
    return state_of_address(None, value) or (code if len(code) == 2 and code.isalpha() else None)


def _name_part(value: str) -> str:
    return _name(value)[:_LONGEST_NAME_PART]


def _preference(value: str) -> str | None:
    return value if value in Client.Preference.values else None


def _language(value: str) -> str:
    return value.replace("\0", "").strip().lower()[:8]


def _zone(value: str) -> str | None:
    return value.strip() if _is_zone(value.strip()) else None


@lru_cache(maxsize=256)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True

"""What may a practice choose? Each field's rule, as a check that says what to do instead (TEN-3)."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers

from practices.models import Practice

PROMOTION_OPENS: Final = time(10)
PROMOTION_CLOSES: Final = time(20)
"""The hours of promotion that hold for everybody (RULES, kinds of message). A practice may narrow them, never widen."""
LEAST_OPEN_MINUTES: Final = 60
MOST_CAP_DAYS: Final = 30
MOST_REACTIVATIONS: Final = 12
LEAST_CONTRAST: Final = 3.0
"""WCAG 2.2 AA, 1.4.11: the button of an email on white. The words on the button turn black or white by themselves."""
STATES: Final = frozenset(
    [
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL",
        "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
        "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD",
        "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "VI", "GU", "AS", "MP",
    ]
)  # fmt: skip

_COLOR: Final = re.compile(r"#[0-9a-f]{6}")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_LONGEST_URL: Final = 200


class Wrong(ValueError):
    """A value cannot be chosen; the text says why and what to do."""


Rule = Callable[[Any], Any]
"""Returns the value as it is kept. Raises `Wrong`."""


def text(most: int, *, missing: str = "") -> Rule:
    """A line of text, its spacing tidied; `missing` is said where it may not be empty."""

    def check(value: Any) -> str:
        tidy = " ".join(str(value or "").replace("\x00", "").split())
        if not tidy and missing:
            raise Wrong(missing)
        if len(tidy) > most:
            raise Wrong(f"This has {len(tidy)} letters. Shorten it to {most} or fewer.")
        return tidy

    return check


def one_of(*values: str) -> Rule:
    """One of a few words."""

    def check(value: Any) -> str:
        if value not in values:
            raise Wrong("Choose one of the answers.")
        return str(value)

    return check


def whole(least: int, most: int, unit: str) -> Rule:
    """A whole number within bounds."""

    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Wrong(f"Choose {least} to {most} {unit}.")
        return value

    return check


def flag(value: Any) -> bool:
    """Yes or no."""
    return bool(value)


def zone(value: Any) -> str:
    """A time zone by its IANA name."""
    if value not in known_zones():
        raise Wrong("No time zone has this name. Choose one from the list, such as America/Chicago.")
    return str(value)


@cache
def known_zones() -> frozenset[str]:
    """Every zone with a place: "America/Chicago", not "EST"."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def phone(value: Any) -> str:
    """A phone number, kept in E.164; empty: none.

    >>> phone("(312) 809-6490"), phone("")
    ('+13128096490', '')
    """
    raw = str(value or "").strip()
    if not raw:
        return ""
    try:
        number = phonenumbers.parse(raw, "US")
    except phonenumbers.NumberParseException:
        number = None
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    if number is None or number.extension or phonenumbers.is_possible_number_with_reason(number) != possible:
        raise Wrong("This is no phone number. Write it with its area code, as in (312) 555-0100.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def url(value: Any) -> str:
    """An address of the web that starts with https; empty: none.

    >>> url(" https://lakeview.example/book "), url("")
    ('https://lakeview.example/book', '')
    """
    address = str(value or "").strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise Wrong("This is no web address. Copy it from the browser, beginning with https://.") from None
    if parts.scheme != "https":
        raise Wrong("The address must begin with https://, so that nobody can read along or change the page.")
    if not _HOST.fullmatch(host) or parts.username or re.search(r"[\s<>\"\\\x00-\x1f]", address):
        raise Wrong("This is no web address. Copy it from the browser, beginning with https://.")
    if len(address) > _LONGEST_URL:
        raise Wrong(f"The address is longer than {_LONGEST_URL} letters. Give a shorter one of your own site.")
    return address


def color(value: Any) -> str:
    """A color as #rrggbb, dark enough for a button on white; empty: medspa's own.

    >>> color("#1A5F7A"), color("")
    ('#1a5f7a', '')
    """
    given = str(value or "").strip().lower()
    if not given:
        return ""
    if re.fullmatch(r"#?[0-9a-f]{6}", given):
        given = f"#{given.removeprefix('#')}"
    if not _COLOR.fullmatch(given):
        raise Wrong("Write the color as # and six digits or letters a to f, as in #1a5f7a.")
    ratio = contrast_on_white(given)
    if ratio < LEAST_CONTRAST:
        raise Wrong(
            f"On white this color has a contrast of {ratio:.1f}, and a button needs {LEAST_CONTRAST:.0f}. "
            "Choose a darker one."
        )
    return given


def contrast_on_white(rgb: str) -> float:
    """Return the contrast ratio of #rrggbb on white, 1 to 21 (WCAG 2.2).

    >>> contrast_on_white("#000000"), round(contrast_on_white("#767676"), 2)
    (21.0, 4.54)
    """
    channels = (int(rgb[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def opens(value: Any) -> time | None:
    """When the practice begins with promotion; None: as early as the rules allow."""
    if value is not None and value < PROMOTION_OPENS:
        raise Wrong("Before 10 am no promotion may leave, wherever the client lives. Choose 10 am or later.")
    if value is not None and value >= PROMOTION_CLOSES:
        raise Wrong("From 8 pm on no promotion may leave, wherever the client lives. Choose an earlier hour.")
    return value  # type: ignore[no-any-return]


def closes(value: Any) -> time | None:
    """When the practice ends with promotion; None: as late as the rules allow."""
    if value is not None and not PROMOTION_OPENS < value <= PROMOTION_CLOSES:
        if value > PROMOTION_CLOSES or value == time():
            raise Wrong("After 8 pm no promotion may leave, wherever the client lives. Choose 8 pm or earlier.")
        raise Wrong("Promotion begins at 10 am at the earliest. Choose a later hour to end.")
    return value  # type: ignore[no-any-return]


def open_long_enough(opens_at: time | None, closes_at: time | None) -> None:
    """The hours that both ends leave.

    Raises:
        Wrong: they leave less than an hour.
    """
    first, last = opens_at or PROMOTION_OPENS, closes_at or PROMOTION_CLOSES
    if (last.hour - first.hour) * 60 + last.minute - first.minute < LEAST_OPEN_MINUTES:
        raise Wrong("Leave at least an hour between the two, or nothing can leave at all.")


def state(value: Any) -> str:
    """A state by its two letters; empty: not in the United States, or not known."""
    code = str(value or "").strip().upper()
    if code and code not in STATES:
        raise Wrong("Write the state as two letters, as in IL: its law sets the hours for messages.")
    return code


_NEEDS_NAME: Final = "Write the name: messages are sent in it."

PRACTICE: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "name": text(120, missing=_NEEDS_NAME),
        "time_zone": zone,
        "address_line": text(200),
        "phone": phone,
        "booking_url": url,
        "color": color,
        "logo_url": url,
        "voice": one_of(*Practice.Voice.values),
        "sms_detail": one_of(*Practice.Detail.values),
        "email_detail": one_of(*Practice.Detail.values),
        "promotion_opens": opens,
        "promotion_closes": closes,
        "cap_days": whole(1, MOST_CAP_DAYS, "days"),
        "reactivation_limit": whole(1, MOST_REACTIVATIONS, "messages"),
        "confirms": one_of(*Practice.Confirms.values),
        "consultation_fits": flag,
        "touch_up_resets": flag,
    }
)
LOCATION: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "name": text(120, missing="Write the name: confirmations tell the client where to come."),
        "time_zone": zone,
        "address_line": text(200),
        "city": text(80),
        "state": state,
        "postal_code": text(10),
        "phone": phone,
        "parking": text(300),
        "check_in": text(300),
        "intake_url": url,
        "booking_url": url,
    }
)
PROVIDER: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "display_name": text(60, missing="Write what clients call them: messages are sent in this name."),
        "sign_off": text(120),
        "booking_url": url,
        "is_active": flag,
    }
)
CHOICES: Final = frozenset(
    {
        "time_zone", "color", "voice", "sms_detail", "email_detail", "promotion_opens", "promotion_closes", "cap_days",
        "reactivation_limit", "confirms", "consultation_fits", "touch_up_resets", "state", "is_active",
        "staff_member_id", "status",
    }
)  # fmt: skip
"""What the audit trail keeps with its old and new value. Of the other fields it keeps that they changed (TEN-5)."""

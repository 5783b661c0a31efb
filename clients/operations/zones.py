"""What do a phone number and a postal address say: in which form, in which state, in which time zones?"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeVar

import phonenumbers
from phonenumbers import PhoneNumberFormat, geocoder, timezone

from clients.operations.zip_zones import (
    LONGER_PREFIXES,
    PREFIX_ZONES,
    STATE_NAMES,
    STATE_ZONES,
    USUAL_ZONES,
    ZIP_RANGES,
)

MOST_PHONE_ZONES: Final = 4  # a number in more zones has no geography (messaging.md 5.9)
UNKNOWN_ZONE: Final = "Etc/Unknown"

_Found = TypeVar("_Found")

_REMEMBERED: Final = 65_536
_LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
_LONGEST_LOCAL_PART: Final = 64  # RFC 5321, 4.5.3.1.1
_TERRITORIES: Final = frozenset({"PR", "VI", "GU", "AS", "MP"})  # regions of their own in phone metadata

# 60601, 60601-1234, 606011234; spreadsheets eat leading zeros (2138) and add decimals (60601.0).
_ZIP: Final = re.compile(r"(?P<zip>\d{5})(?:-?\d{4})?|(?P<short>\d{3,4})(?:-\d{4})?")
_EMAIL: Final = re.compile(
    r"(?P<local>[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)"
    r"@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]"
)

# Area code, exchange, line. Whether a number is valid hangs on the first two (but for one exchange each of
# Barbados and Jamaica).
_AMERICAN: Final = re.compile(
    r"\s*(?:(?:\+?1)?[-. ]{0,2})\(?([2-9][0-9]{2})\)?[-. ]{0,2}([2-9][0-9]{2})[-. ]?([0-9]{4})\s*"
)
_EXCHANGE: Final = 8  # "+1", area code, exchange: no prefix in the metadata of +1 is longer
_NORTH_AMERICAN: Final = 12

_STATE_OF_PREFIX: Final = {
    f"{prefix:03}": state for first, last, state in ZIP_RANGES for prefix in range(int(first), int(last) + 1)
} | dict(LONGER_PREFIXES)


@lru_cache(maxsize=_REMEMBERED)
def normalize_phone(raw: str, region: str = "US") -> str | None:
    """A phone number in E.164; None if it is none, or has an extension: a switchboard is nobody's own phone.

    `region` is the country in which a number without a country code was written down.

    >>> normalize_phone("850.773.7629"), normalize_phone("1 773 779 3252"), normalize_phone("(312) 809-6490")
    ('+18507737629', '+17737793252', '+13128096490')
    """
    # The usual American ways of writing, ten times faster than parsing: a million rows are imported at once.
    if region == "US" and (usual := _AMERICAN.fullmatch(raw)) is not None:
        digits = "".join(usual.groups())
        if _is_exchange(digits[:6]):
            return f"+1{digits}"
    number = _parsed(raw, region)
    if number is None or number.extension:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def normalize_email(raw: str) -> str | None:
    """An email address, stripped and in lower case; None if nobody could write to it.

    >>> normalize_email("  Camila.VanDyke@Example.com ")
    'camila.vandyke@example.com'
    """
    email = raw.strip().lower()
    found = _EMAIL.fullmatch(email)
    if found is None or len(email) > _LONGEST_EMAIL or len(found["local"]) > _LONGEST_LOCAL_PART:
        return None
    return email


def zones_of_phone(e164: str) -> tuple[str, ...]:
    """The time zones of the area in which a number was given out, sorted; () if it has no geography.

    Numbers move with their owners: the zones are candidates, not a home (messaging.md 5.9). Toll-free and
    personal numbers, those in more than four zones, and unknown ones have none.
    """
    return _zones_of_exchange(_exchange(e164))


def state_of_phone(e164: str) -> str | None:
    """The two-letter state or territory of a number's area code; None outside the US or without geography.

    Florida and Connecticut presume that who has their area code lives there (messaging.md 5.2).
    """
    return _state_of_exchange(_exchange(e164))


def zones_of_address(postal_code: str | None, state: str | None) -> tuple[str, ...]:
    """The time zones in which an address may lie, the likeliest first; () if neither part says (SEQ-7).

    The beginning of the ZIP code decides, and the state where there is no such code. Where the two
    contradict each other one of them is mistyped, and the zones of both are candidates. Military mail has
    none.
    """
    return _zones_of_address(postal_code or "", state or "")


def state_of_address(postal_code: str | None, state: str | None) -> str | None:
    """The two-letter state of an address: the one it names, else that of its ZIP code.

    Names are understood as well ("Illinois"), in any case. None if neither part says, and outside the US.
    """
    return _state(state or "") or _state_of_zip(_zip(postal_code or ""))


@lru_cache(maxsize=_REMEMBERED)
def _zones_of_address(postal_code: str, state: str) -> tuple[str, ...]:
    named = _state(state)
    zip_code = _zip(postal_code)
    found = _state_of_zip(zip_code)
    if found is None:
        return STATE_ZONES[named] if named else ()
    zones = _longest(PREFIX_ZONES, zip_code) or USUAL_ZONES[found]
    if named and named != found:
        zones += tuple(zone for zone in STATE_ZONES[named] if zone not in zones)
    return zones


def _exchange(e164: str) -> str:
    """A number in its place: any line of the same exchange in North America, else the number itself."""
    return f"{e164[:_EXCHANGE]}0100" if e164.startswith("+1") and len(e164) == _NORTH_AMERICAN else e164


@lru_cache(maxsize=_REMEMBERED)
def _zones_of_exchange(e164: str) -> tuple[str, ...]:
    number = _parsed(e164)
    if number is None:
        return ()
    zones: tuple[str, ...] = timezone.time_zones_for_number(number)
    if len(zones) > MOST_PHONE_ZONES or UNKNOWN_ZONE in zones:
        return ()
    return tuple(sorted(zones))


@lru_cache(maxsize=_REMEMBERED)
def _state_of_exchange(e164: str) -> str | None:
    number = _parsed(e164)
    if number is None:
        return None
    region = phonenumbers.region_code_for_number(number)
    if region in _TERRITORIES:
        return str(region)
    if region != "US":
        return None
    # "Chicago, IL" where the exchange is a city's, else "Illinois".
    return _state(geocoder.description_for_number(number, "en").rpartition(", ")[2])


@lru_cache(maxsize=_REMEMBERED)
def _is_exchange(area_code_and_exchange: str) -> bool:
    return _parsed(f"+1{area_code_and_exchange}0100") is not None


def _parsed(raw: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _state(text: str) -> str | None:
    words = " ".join(text.upper().replace(".", " ").split())
    code = words.replace(" ", "") if len(words) <= 3 else words  # "D C"
    return code if code in STATE_ZONES else STATE_NAMES.get(words)


def _zip(text: str) -> str:
    found = _ZIP.fullmatch(text.strip().removesuffix(".0"))
    return (found["zip"] or found["short"].zfill(5)) if found else ""


def _state_of_zip(zip_code: str) -> str | None:
    return _longest(_STATE_OF_PREFIX, zip_code) if zip_code else None


def _longest(table: Mapping[str, _Found], zip_code: str) -> _Found | None:
    return next((table[zip_code[:n]] for n in (5, 4, 3) if zip_code[:n] in table), None)

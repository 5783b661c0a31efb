"""How do the facts of one message become the values of its merge fields?"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import phonenumbers

from reminders.engine.words import Channel

STOP_TEXT: Final = "Reply STOP to opt out"

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS_UNTIL_DAYS: Final = 118  # weeks up to day 112, where a neuromodulator lapses; months after that
_DAYS_A_MONTH: Final = 30.44
_MONTHS_UNTIL: Final = 24
# Controls, and marks that turn the direction of the text that follows: no part of any name.
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000\ue001]+")
_LINK: Final = re.compile(r"://|\bwww\.", re.IGNORECASE)


def merge_fields(
    channel: Channel,
    *,
    first_name: str = "",
    treatments: Sequence[str] = (),
    area: str = "",
    lasts: str = "",
    treated_on: date | None = None,
    today: date | None = None,
    starts_local: datetime | None = None,
    seen_by: str = "",
    openings: Sequence[datetime] = (),
    incentive: str = "",
    photo_url: str = "",
    survey_url: str = "",
) -> dict[str, str]:
    """The values that differ from message to message; those of its sender are `Sender.fields`.

    `treatments` as they are called within a sentence; `treated_on` and `today` are local dates,
    `starts_local` and `openings` wall times at the location; `seen_by` is the display name of the one
    whom the visit is with, "me" if that is the voice. What is not known is left out; its section vanishes.
    """
    fields = {
        "client_first_name": name_of(first_name),
        "treatment": clean(treatments[0]) if treatments else "",
        "treatments": joined([clean(treatment) for treatment in treatments], "and"),
        "area": clean(area),
        "lasts": clean(lasts),
        "with_whom": clean(seen_by),
        "incentive": clean(incentive).rstrip(" ."),
        "photo_link": web_url(photo_url),
        "survey_link": web_url(survey_url),
        "openings": openings_in(channel, openings),
    }
    if today:
        fields["month"] = _MONTHS[today.month - 1]
        if treated_on:
            fields["since"] = how_long((today - treated_on).days)
    if starts_local:
        fields["weekday"] = _WEEKDAYS[starts_local.weekday()]
        fields["date"] = f"{_MONTHS[starts_local.month - 1]} {starts_local.day}"
        fields["time"] = hour_of(starts_local)
    return fields


def clean(value: str) -> str:
    """One line without controls: what a record holds may have been typed by anybody."""
    return " ".join(_UNSEEN.sub(" ", value).split())


def name_of(first_name: str) -> str:
    """A first name to greet with; none if somebody typed a link there.

    >>> name_of(" Siobhan "), name_of("win at https://x.example")
    ('Siobhan', '')
    """
    return "" if _LINK.search(first_name) else clean(first_name)


def web_url(url: str) -> str:
    """The address if it is one of the web, else nothing: a link never runs a script.

    >>> web_url("https://lakeview.example/book"), web_url("javascript:alert(1)")
    ('https://lakeview.example/book', '')
    """
    url = clean(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and not {" ", "\\"} & set(url) else ""


def how_long(days: int) -> str:
    """A span as people say it: days, weeks up to week 16, then months, years from the second on.

    >>> how_long(70), how_long(152), how_long(740), how_long(0)
    ('10 weeks', '5 months', '2 years', '')
    """
    if days < 1:
        return ""
    if days < 14:
        return _counted(days, "day")
    if days <= _WEEKS_UNTIL_DAYS:
        return _counted(days // 7, "week")
    months = round(days / _DAYS_A_MONTH)
    return _counted(months, "month") if months < _MONTHS_UNTIL else _counted(months // 12, "year")


def hour_of(moment: datetime) -> str:
    """A wall time on the 12-hour clock.

    >>> hour_of(datetime(2026, 12, 1, 0, 5)), hour_of(datetime(2026, 12, 1, 14, 0))
    ('12:05 am', '2 pm')
    """
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'am' if moment.hour < 12 else 'pm'}"


def openings_in(channel: Channel, starts: Sequence[datetime]) -> str:
    """Open times: short and in a row in a text message, one a line in an email (MSG-1).

    >>> openings_in(Channel.SMS, [datetime(2026, 12, 1, 9, 30), datetime(2026, 12, 3, 14, 0)])
    'Tue Dec 1 9:30am or Thu Dec 3 2pm'
    """
    if channel is Channel.EMAIL:
        return "\n".join(f"{_WEEKDAYS[at.weekday()]}, {_MONTHS[at.month - 1]} {at.day}, {hour_of(at)}" for at in starts)
    return joined(
        [
            f"{_WEEKDAYS[at.weekday()][:3]} {_MONTHS[at.month - 1][:3]} {at.day} {hour_of(at).replace(' ', '')}"
            for at in starts
        ],
        "or",
    )


def joined(words: Sequence[str], conjunction: str) -> str:
    """A list within a sentence.

    >>> joined(["Botox", "lip filler", "Voluma"], "and")
    'Botox, lip filler and Voluma'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


@lru_cache(maxsize=1024)
def phone_in_words(e164: str) -> str:
    """A number as people of its country write it; what is no number stays as it is.

    >>> phone_in_words("+13128096490")
    '(312) 809-6490'
    """
    try:
        number = phonenumbers.parse(e164, "US")
    except phonenumbers.NumberParseException:
        return clean(e164)
    if number.country_code == 1:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

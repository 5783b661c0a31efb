"""How do people say the hours of a week, a state, and how sure a source is?"""

from collections.abc import Mapping
from datetime import time
from itertools import groupby
from types import MappingProxyType
from typing import Final

from dashboard.views.wording.moments import hour_words

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 24 * HOUR_MINUTES
CONFIDENCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "H": "Read in the law itself",
        "M": "Read in one good secondary source",
        "L": "From weak sources: have counsel confirm it",
    }
)
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
        "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
        "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
        "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
        "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
        "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
        "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
        "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
        "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
        "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "PR": "Puerto Rico", "VI": "U.S. Virgin Islands",
        "GU": "Guam", "AS": "American Samoa", "MP": "Northern Mariana Islands",
    }
)  # fmt: skip
"""Two letters -> the name; tests/dashboard/test_sending_hours_page.py holds it to the states that addresses know."""

Hours = tuple[int, int]


def span_words(hours: Hours) -> str:
    """Return the hours of a day, given in minutes from midnight.

    >>> span_words((600, 1200)), span_words((0, 1440))
    ('10 am to 8 pm', 'midnight to midnight')
    """
    opens, closes = (
        "midnight" if minute % DAY_MINUTES == 0 else hour_words(time(minute // HOUR_MINUTES, minute % HOUR_MINUTES))
        for minute in hours
    )
    return f"{opens} to {closes}"


def week_words(week: tuple[Hours | None, ...]) -> str:
    """Return the hours of seven days, Monday first, days with the same hours together.

    >>> week_words(((480, 1200),) * 7)
    'Every day, 8 am to 8 pm'
    >>> week_words(((540, 1080),) * 5 + ((600, 1020), None))
    'Monday to Friday, 9 am to 6 pm; Saturday, 10 am to 5 pm'
    >>> week_words((None,) * 7)
    'Never'
    """
    said = []
    for hours, group in groupby(range(len(week)), key=week.__getitem__):
        if hours is None:
            continue
        days = [DAYS[day] for day in group]
        said.append(f"{_days_words(days)}, {span_words(hours)}")
    return "; ".join(said) or "Never"


def _days_words(days: list[str]) -> str:
    if len(days) == len(DAYS):
        return "Every day"
    return days[0] if len(days) == 1 else f"{days[0]} {'and' if len(days) == 2 else 'to'} {days[-1]}"

"""How do people say a day, an hour and a distance in time? (LOOK.md, principle 9)"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

ONE_TO_TWELVE = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
WEEK = 7


def number_words(number: int) -> str:
    """Return one to twelve in words, figures otherwise.

    >>> number_words(3), number_words(1300)
    ('three', '1,300')
    """
    return ONE_TO_TWELVE[number] if 0 <= number < len(ONE_TO_TWELVE) else f"{number:,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "segment"), counted(2, "segment"), counted(2, "reply", "replies")
    ('1 segment', '2 segments', '2 replies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def joined(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Return words as a list within a sentence.

    >>> joined(["10", "11", "12"]), joined(["10", "11"]), joined(["10"])
    ('10, 11 and 12', '10 and 11', '10')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def hour_words(wall: time | datetime) -> str:
    """Return an hour as people say it.

    >>> hour_words(time(10)), hour_words(time(14, 5)), hour_words(time(0, 30))
    ('10 am', '2:05 pm', '12:30 am')
    """
    minutes = f":{wall.minute:02}" if wall.minute else ""
    return f"{(wall.hour - 1) % 12 + 1}{minutes} {'am' if wall.hour < 12 else 'pm'}"


def date_words(day: date, today: date) -> str:
    """Return a date within a sentence, its year where it is not this one.

    >>> date_words(date(2026, 9, 15), date(2026, 11, 24)), date_words(date(2025, 9, 15), date(2026, 11, 24))
    ('September 15', 'September 15, 2025')
    """
    return f"{day:%B} {day.day}" + (f", {day.year}" if day.year != today.year else "")


def full_day_words(day: date, today: date) -> str:
    """Return a weekday with its date.

    >>> full_day_words(date(2026, 12, 1), date(2026, 11, 24))
    'Tuesday, December 1'
    """
    return f"{day:%A}, {date_words(day, today)}"


def day_words(day: date, today: date) -> str:
    """Return a day as a row's head says it: near ones by name, coming ones with their weekday.

    >>> today = date(2026, 11, 24)
    >>> day_words(today, today), day_words(date(2026, 11, 25), today), day_words(date(2026, 11, 20), today)
    ('Today', 'Tomorrow', 'Friday')
    >>> day_words(date(2026, 12, 1), today), day_words(date(2026, 7, 10), today), day_words(date(2025, 7, 10), today)
    ('Tue, Dec 1', 'Jul 10', 'Jul 10, 2025')
    """
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return ("Yesterday", "Today", "Tomorrow")[distance + 1]
    if -WEEK < distance < 0:
        return f"{day:%A}"
    words = f"{day:%b} {day.day}" + (f", {day.year}" if day.year != today.year and distance < 0 else "")
    return f"{day:%a}, {words}" if distance > 0 else words


def distance_words(day: date, today: date) -> str:
    """Return how far off a coming day is; empty for today and tomorrow, which say so themselves.

    >>> today = date(2026, 11, 24)
    >>> [distance_words(date(2026, 12, n), today) for n in (1, 8, 20)]
    ['in 7 days', 'in 2 weeks', 'in 4 weeks']
    >>> distance_words(date(2027, 11, 24), today)
    'in 12 months'
    """
    days = (day - today).days
    if days <= 1:
        return ""
    if days < 2 * WEEK:
        return f"in {days} days"
    if days < 20 * WEEK:
        return f"in {round(days / WEEK)} weeks"
    return f"in {round(days / 30.44)} months"


def zone_words(zone_name: str) -> str:
    """Return a time zone by its city.

    >>> zone_words("America/Indiana/Knox"), zone_words("America/New_York")
    ('Knox', 'New York')
    """
    return zone_name.rsplit("/", 1)[-1].replace("_", " ")


def exact_words(moment: datetime, zone_name: str) -> str:
    """Return a moment to the minute, with its zone.

    >>> from datetime import UTC
    >>> exact_words(datetime(2026, 12, 1, 16, tzinfo=UTC), "America/Chicago")
    'Tuesday, December 1, 2026, 10:00 am CST (Chicago)'
    """
    local = moment.astimezone(ZoneInfo(zone_name))
    hour = f"{(local.hour - 1) % 12 + 1}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"
    return f"{local:%A, %B} {local.day}, {local.year}, {hour} {local:%Z} ({zone_words(zone_name)})"


def time_tag(moment: datetime, zone_name: str, words: str) -> SafeString:
    """Return `<time>` that says `words` and knows the exact moment and zone."""
    local = moment.astimezone(ZoneInfo(zone_name)).isoformat(timespec="minutes")
    return format_html('<time datetime="{}" title="{}">{}</time>', local, exact_words(moment, zone_name), words)


def date_tag(day: date, words: str) -> SafeString:
    """Return `<time>` for a day that has no hour."""
    title = f"{day:%A, %B} {day.day}, {day.year}"
    return format_html('<time datetime="{}" title="{}">{}</time>', day.isoformat(), title, words)

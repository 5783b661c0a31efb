"""What of today's messages left, waits or will leave, and how did each fare? (LOOK.md, principles 5 to 7)"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from cadences.timeline import at_local
from dashboard.views.access import Staff
from dashboard.views.parts.figures import Figure, Part, bar
from dashboard.views.wording.calls import moment_words
from dashboard.views.wording.deliveries import NOUNS, Reading, doubt_words, not_arrived
from dashboard.views.wording.moments import WEEK, date_words, day_words, hour_words, joined, time_tag, zone_words
from dashboard.views.wording.outreach import by_channels, client_zone, message_name, reminder_name
from dashboard.views.wording.people import client_name
from dashboard.views.wording.reasons import reason_sentence
from dashboard.views.wording.states import REMINDERS, Shown
from reminders.engine.decide import TIMING
from reminders.engine.words import SENT_STATES, ReminderState, SequenceState
from reminders.models import Delivery, Message, Reminder
from reminders.queries.day import DayTally, Feed, Line, Show, feed_ahead, feed_so_far, tally_of_day
from reminders.queries.paging import Place

LINES_SO_FAR = 40
LINES_AHEAD = 8
LINES_LATER = 100
A_WHILE = timedelta(minutes=15)
"""A message that left so much after its moment says when it left."""

DUE = Shown("waiting", "Due")
STANDING_STILL = {
    SequenceState.PAUSED: Shown("paused", "Paused"),
    SequenceState.HOLDOUT: Shown("suppressed", "Held out"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the feed. `is_fresh`: its hour is said; the rows below it of the same hour leave it out."""

    at: SafeString
    is_fresh: bool
    who: str
    who_url: str
    state: Shown
    what: str


@dataclass(frozen=True, slots=True)
class MessagesToday:
    """The right column of Today."""

    figures: tuple[Figure, ...]
    bar: tuple[Part, ...]
    note: str
    segments: tuple[tuple[str, str, bool, str], ...]
    all_words: str
    all_url: str
    rows: tuple[Row, ...]
    now: SafeString | None
    """The line of now; None in a part of the day that has none."""
    ahead: tuple[Row, ...]
    earlier_url: str
    rest_url: str
    rest_words: str
    is_latest: bool


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in a zone."""
    return at_local(day, time(), zone_name), at_local(day + timedelta(days=1), time(), zone_name)


def messages_today(staff: Staff, show: Show, before: Place | None) -> MessagesToday:
    """Read and word today's messages: five queries or fewer."""
    today = staff.today
    start_at, end_at = day_bounds(today, staff.time_zone)
    tally = tally_of_day(staff.practice_id, start_at, end_at, staff.now)
    address = reverse("dashboard:today", args=[staff.slug])
    so_far, ahead = Feed((), None), Feed((), None)
    if show is not Show.LATER:
        so_far = feed_so_far(staff.practice_id, start_at, staff.now, show, before, LINES_SO_FAR)
    if show is Show.LATER or (show is Show.ALL and before is None):
        most = LINES_LATER if show is Show.LATER else LINES_AHEAD
        ahead = feed_ahead(staff.practice_id, staff.now, end_at, most)
    figures = _figures(tally, address)
    more = tally.planned - len(ahead.lines)
    has_rest = bool(ahead.lines) and more > 0
    local_now = staff.now.astimezone(ZoneInfo(staff.time_zone))
    return MessagesToday(
        figures=figures,
        bar=bar(figures),
        note=_note(tally),
        segments=_segments(tally, show, address),
        all_words=f"All {tally.all:,}",
        all_url=address if show is not Show.ALL else "",
        rows=_rows(so_far.lines, staff, today),
        now=time_tag(staff.now, staff.time_zone, clock_words(local_now)) if show is Show.ALL and not before else None,
        ahead=_rows(ahead.lines, staff, today),
        earlier_url=_url(address, show, str(so_far.earlier)) if so_far.earlier else "",
        rest_url=f"{reverse('dashboard:coming', args=[staff.slug])}?{urlencode({'day': today.isoformat()})}"
        if has_rest
        else "",
        rest_words=f"{more:,} more today" if has_rest else "",
        is_latest=before is None,
    )


def place_of(text: str) -> Place | None:
    """Return the place in the feed that an address names.

    Raises:
        Http404: it is none.
    """
    try:
        return Place.read(text) if text else None
    except ValueError as error:
        raise Http404("This is no place in the day.") from error


def clock_words(wall: datetime) -> str:
    """Return an hour with its minutes, so that a column of them lines up.

    >>> clock_words(datetime(2026, 11, 24, 13, 5)), clock_words(datetime(2026, 11, 24, 0, 0))
    ('1:05 pm', '12:00 am')
    """
    return f"{(wall.hour - 1) % 12 + 1}:{wall.minute:02} {'am' if wall.hour < 12 else 'pm'}"


def line_name(line: Line) -> str:
    """Return what a line's message is called."""
    if line.message is not None:
        return message_name(line.message, line.reminders)
    return reminder_name(line.first, line.first.sequence)


def failed_because(message: Message) -> str:
    """Return in a sentence why a message did not arrive, as the gateway said it; empty where it said nothing."""
    errors = [each.error for each in not_arrived(message.deliveries.all()) if each.error]
    return " ".join(f"{error.rstrip('.')}." for error in dict.fromkeys(errors))


def state_of(reminder: Reminder, now: datetime) -> Shown:
    """Return how a reminder stands: by its sequence where that stands still, as due where it is about to be decided."""
    is_open = reminder.state in {ReminderState.PLANNED, ReminderState.WAITING}
    if is_open and reminder.sequence.state in STANDING_STILL:
        return STANDING_STILL[SequenceState(reminder.sequence.state)]
    if reminder.state == ReminderState.PLANNED and reminder.due_at <= now:
        return DUE
    return REMINDERS[ReminderState(reminder.state)]


def elsewhere_words(reminder: Reminder, practice_zone: str) -> str:
    """Return the hour where the client lives, if it is another one there: "10 am in Honolulu"."""
    zone_name = client_zone(reminder.client, [reminder], practice_zone)
    there, here = (reminder.due_at.astimezone(ZoneInfo(name)) for name in (zone_name, practice_zone))
    return "" if there.utcoffset() == here.utcoffset() else f"{hour_words(there)} in {zone_words(zone_name)}"


def _rows(lines: tuple[Line, ...], staff: Staff, today: date) -> tuple[Row, ...]:
    rows, last = [], ""
    for line in lines:
        hour = clock_words(line.first.allowed_at.astimezone(ZoneInfo(staff.time_zone)))
        rows.append(
            Row(
                at=time_tag(line.first.allowed_at, staff.time_zone, hour),
                is_fresh=hour != last,
                who=client_name(line.first.client),
                who_url=reverse("dashboard:client", args=[staff.slug, line.first.client_id]),
                state=state_of(line.first, staff.now),
                what=_what(line, staff, today),
            )
        )
        last = hour
    return tuple(rows)


def _what(line: Line, staff: Staff, today: date) -> str:
    """The message's name, and why it fared as it did, in one line."""
    first, message = line.first, line.message
    is_sent = first.state in SENT_STATES
    channels = by_channels(each.channel for each in message.deliveries.all()) if message and is_sent else ""
    whys = [reason_sentence(first.reason)]
    if message is not None and first.state == ReminderState.FAILED:
        whys = [failed_because(message) or "It did not arrive."]
    elif message is not None:
        whys = [*_fates(message, staff), *whys]
    if first.state == ReminderState.WAITING and first.reason in TIMING:
        whys.append(f"It leaves {_ahead(first.due_at, staff, today)} at the earliest.")
    if message is not None and is_sent and message.sent_at and message.sent_at - first.allowed_at > A_WHILE:
        whys.append(f"Left {moment_words(message.sent_at, staff.time_zone, today)}.")
    there = elsewhere_words(first, staff.time_zone) if first.state == ReminderState.PLANNED else ""
    words = f"{line_name(line)}{channels}{f', {there}' if there else ''}"
    said = " ".join(why for why in whys if why)
    return f"{words}. {said}" if said else words


def _fates(message: Message, staff: Staff) -> list[str]:
    """What the state's word leaves open: a doubt, a channel that did not get there, an earlier try that did not."""
    deliveries = message.deliveries.all()
    reading = Reading(staff.time_zone, staff.now)
    doubts = [each for each in deliveries if each.state == Delivery.State.UNKNOWN]
    if len(doubts) > 1:
        return [f"Nobody knows whether {joined([f'the {NOUNS[each.channel]}' for each in doubts])} arrived."]
    lost = not_arrived(deliveries)
    if doubts or not lost:
        return [doubt_words(each, reading) for each in doubts]
    because = failed_because(message)
    if len(lost) == len(deliveries):
        return [because] if because else []
    return [f"The {NOUNS[each.channel]} did not arrive. {because}".strip() for each in lost[:1]]


def _ahead(moment: datetime, staff: Staff, today: date) -> str:
    local = moment.astimezone(ZoneInfo(staff.time_zone))
    at = f"at {hour_words(local)}"
    return at if local.date() == today else f"{ahead_words(local.date(), today)} {at}"


def ahead_words(day: date, today: date) -> str:
    """Return a day that comes as it stands within a sentence.

    >>> today = date(2026, 11, 24)
    >>> [ahead_words(date(2026, 11, number), today) for number in (25, 27)], ahead_words(date(2026, 12, 4), today)
    (['tomorrow', 'Friday'], 'December 4')
    """
    distance = (day - today).days
    if distance <= 1:
        return day_words(day, today).lower()
    return f"{day:%A}" if distance < WEEK else date_words(day, today)


def _figures(tally: DayTally, address: str) -> tuple[Figure, ...]:
    ledger = tally.ledger
    return (
        Figure("due by now", ledger.due, address),
        Figure("sent", ledger.sent, _url(address, Show.SENT), "sent"),
        Figure("waiting", ledger.waiting, _url(address, Show.WAITING), "waiting"),
        Figure("suppressed", ledger.suppressed.total(), _url(address, Show.SUPPRESSED), "suppressed"),
        Figure("failed", ledger.failed, _url(address, Show.FAILED), "failed"),
    )


def _note(tally: DayTally) -> str:
    """What the sum leaves out: "31 confirmed delivered, 14 planned, 3 stopped by bookings."."""
    parts = (
        (tally.delivered, "confirmed delivered"),
        (tally.planned, "planned"),
        (tally.stopped_by_bookings, "stopped by bookings"),
    )
    words = ", ".join(f"{number:,} {what}" for number, what in parts if number)
    return f"{words}." if words else ""


def _segments(tally: DayTally, show: Show, address: str) -> tuple[tuple[str, str, bool, str], ...]:
    ledger = tally.ledger
    not_sent = {Show.NOT_SENT, Show.WAITING, Show.SUPPRESSED, Show.FAILED}
    return (
        (address, "All", show is Show.ALL, ""),
        (_url(address, Show.SENT), "Sent", show is Show.SENT, f"{ledger.sent:,}"),
        (_url(address, Show.NOT_SENT), "Not sent", show in not_sent, f"{ledger.due - ledger.sent:,}"),
        (_url(address, Show.LATER), "Later", show is Show.LATER, f"{tally.planned:,}"),
    )


def _url(address: str, show: Show, before: str = "") -> str:
    query = ({"show": show.value} if show else {}) | ({"before": before} if before else {})
    return f"{address}?{urlencode(query)}" if query else address

"""How are a client's running sequences drawn to scale? (LOOK.md, Track)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cadences.timeline import Cadence, lapses_on, planned_on
from dashboard.views.wording.moments import date_words, joined
from dashboard.views.wording.outreach import treatment_name
from reminders.engine.words import COUNTED_STATES, OPEN_STATES, SequenceKind, SequenceState
from reminders.models import Reminder, Sequence
from reminders.queries.client_page import ClientOutreach

ROW_HEIGHT = 48
FIRST_ROW = 46
BELOW_LAST_ROW = 16
AXIS_HEIGHT = 22
MARGIN_DAYS = 7
MOST_TICKS = 10
LAST_LABEL = 97


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence: its band, its reminders, its lapse. x in percent of the width, y in pixels."""

    name: str
    y: int
    starts: str
    band_width: str
    wears_from: str
    wears_width: str
    done: tuple[str, ...]
    planned: tuple[str, ...]
    lapses: str

    @property
    def name_y(self) -> int:
        """The baseline of the name above the band."""
        return self.y - 13

    @property
    def band_y(self) -> int:
        """The band's upper edge."""
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Track:
    """A drawing of all running sequences over one axis of time, and the same in words."""

    height: int
    axis_y: int
    now: str
    ticks: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    description: str

    @property
    def tick_end(self) -> int:
        """The lower end of a month's tick."""
        return self.axis_y + 5

    @property
    def label_y(self) -> int:
        """The baseline of the months' names."""
        return self.axis_y + 18


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> str:
        return f"{self.percent(day):.2f}%"

    def width(self, start: date, end: date) -> str:
        return f"{max(self.percent(end) - self.percent(start), 0):.2f}%"

    def percent(self, day: date) -> float:
        return 100 * (day - self.first).days / (self.last - self.first).days


def track_of(outreach: ClientOutreach, cadences: Mapping[UUID, Cadence], zone_name: str, today: date) -> Track | None:
    """Return the drawing; None where no refill sequence runs."""
    running = [
        (each, cadence, each.day_zero)
        for each in outreach.sequences
        if each.kind == SequenceKind.REFILL
        and each.state != SequenceState.ENDED
        and each.day_zero is not None
        and each.cadence_version_id
        and (cadence := cadences.get(each.cadence_version_id))
    ]
    if not running:
        return None
    running.sort(key=lambda each: lapses_on(each[1], each[2]))
    ends = [lapses_on(cadence, day_zero) for _, cadence, day_zero in running]
    margin = timedelta(days=MARGIN_DAYS)
    scale = _Scale(min(day_zero for *_, day_zero in running) - margin, max(*ends, today) + margin)
    rows = tuple(
        _row(sequence, cadence, day_zero, outreach.reminders, scale, FIRST_ROW + index * ROW_HEIGHT, zone_name)
        for index, (sequence, cadence, day_zero) in enumerate(running)
    )
    axis_y = rows[-1].y + BELOW_LAST_ROW
    return Track(
        height=axis_y + AXIS_HEIGHT,
        axis_y=axis_y,
        now=scale.x(today),
        ticks=tuple(_ticks(scale)),
        rows=rows,
        description=" ".join(_words(*each, today) for each in running),
    )


def _row(
    sequence: Sequence,
    cadence: Cadence,
    day_zero: date,
    reminders: Iterable[Reminder],
    scale: _Scale,
    y: int,
    zone_name: str,
) -> Row:
    steps = planned_on(cadence, day_zero)
    own = [each for each in reminders if each.sequence_id == sequence.pk]
    zone = ZoneInfo(zone_name)
    done = [(each.sent_at or each.due_at).astimezone(zone).date() for each in own if each.state in COUNTED_STATES]
    planned = [each.due_at.astimezone(zone).date() for each in own if each.state in OPEN_STATES]
    return Row(
        name=treatment_name(sequence),
        y=y,
        starts=scale.x(day_zero),
        band_width=scale.width(day_zero, steps[0]),
        wears_from=scale.x(steps[0]),
        wears_width=scale.width(steps[0], steps[-1]),
        done=tuple(scale.x(day) for day in done),
        planned=tuple(scale.x(day) for day in planned),
        lapses=scale.x(lapses_on(cadence, day_zero)) if sequence.state == SequenceState.OPEN else "",
    )


def _ticks(scale: _Scale) -> Iterable[tuple[str, str]]:
    months = []
    month = scale.first.replace(day=1)
    while month <= scale.last:
        if month >= scale.first:
            months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    stride = -(-len(months) // MOST_TICKS) or 1
    for each in months[::stride]:
        if scale.percent(each) < LAST_LABEL:
            yield scale.x(each), f"{each:%b}"


def _words(sequence: Sequence, cadence: Cadence, day_zero: date, today: date) -> str:
    steps = joined([date_words(day, today) for day in planned_on(cadence, day_zero)])
    lapse = date_words(lapses_on(cadence, day_zero), today)
    return (
        f"{treatment_name(sequence)} of {date_words(day_zero, today)}: reminders planned for {steps}, lapses {lapse}."
    )

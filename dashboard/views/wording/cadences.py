"""How is a cadence said: its steps, its conditions, its channels, its lapse?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cadences.timeline import DAYS_TO_LAPSE, Cadence, ChannelRule, Offset, Step, Unit
from dashboard.views.wording.moments import counted, joined

WEEK: Final = 7
CHANNEL_RULES: Final[Mapping[ChannelRule, str]] = MappingProxyType(
    {
        ChannelRule.SMS: "text",
        ChannelRule.EMAIL: "email",
        ChannelRule.BOTH: "text and email",
        ChannelRule.PREFERENCE: "the client’s choice",
        ChannelRule.NOT_ANSWERED: "the unanswered channel",
    }
)
STEP_NAMES: Final[Mapping[str, str]] = MappingProxyType({"first": "First", "second": "Second", "last": "Last"})
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "neuromodulator": "Neuromodulator",
        "lip_filler": "Hyaluronic acid",
        "cheek_filler": "Hyaluronic acid",
        "biostimulator": "Biostimulator",
        "fat_reduction": "Fat reduction",
    }
)


def family_words(family: str) -> str:
    """Return what kind of product a family of treatment types is; a practice's own family by its name.

    >>> family_words("lip_filler"), family_words("skin_booster")
    ('Hyaluronic acid', 'Skin booster')
    """
    return FAMILIES.get(family) or family.replace("_", " ").capitalize()


def steps_words(cadence: Cadence) -> str:
    """Return when the reminders leave, counted from the visit.

    >>> from cadences.timeline import steps_at
    >>> weeks = [Offset(count, Unit.WEEKS) for count in (10, 11, 12)]
    >>> steps_words(Cadence("botox", "neuromodulator", steps_at(*weeks), lapse=None))
    'weeks 10, 11 and 12'
    """
    units = {step.offset.unit for step in cadence.steps}
    counts = [str(step.offset.count) for step in cadence.steps]
    if len(units) == 1:
        unit = cadence.steps[0].offset.unit.value
        return f"{unit if len(counts) > 1 else unit.removesuffix('s')} {joined(counts)}"
    return joined([str(step.offset) for step in cadence.steps])


def recipe_words(cadence: Cadence) -> str:
    """Return a cadence's steps as its name among others: "Weeks 10, 11, 12"."""
    words = steps_words(cadence).replace(" and ", ", ")
    return f"{words[:1].upper()}{words[1:]}"


def offset_words(offset: Offset) -> str:
    """Return an offset with the days it comes to, where that is sure.

    >>> [offset_words(each) for each in (Offset(10, Unit.WEEKS), Offset(75, Unit.DAYS), Offset(5, Unit.MONTHS))]
    ['week 10, day 70', 'day 75', 'month 5']
    """
    if offset.unit is Unit.MONTHS:
        return str(offset)
    days = offset.count * (WEEK if offset.unit is Unit.WEEKS else 1)
    return f"week {days // WEEK}, day {days}" if days % WEEK == 0 else f"day {days}"


def lapse_words(cadence: Cadence) -> str:
    """Return when a client who did not book counts as lapsed (R24), within a sentence."""
    if cadence.lapse is None:
        return f"lapses {DAYS_TO_LAPSE} days after the last"
    return f"lapses at {offset_words(cadence.lapse).partition(',')[0]}"


def lapse_offset_words(cadence: Cadence) -> str:
    """The same for a table: "week 16, day 112"."""
    return offset_words(cadence.lapse) if cadence.lapse else f"{DAYS_TO_LAPSE} days after the last"


def condition_words(step: Step, before: Step | None) -> str:
    """Return what must hold for a step to leave (LIB-2)."""
    if before is None or not step.gap_days:
        return "no booking"
    return f"no booking, {counted(step.gap_days, 'day')} after the {STEP_NAMES.get(before.key, 'one before').lower()}"


def step_name(step: Step) -> str:
    """Return what a step is called, with what comes with it.

    >>> step_name(Step("second", Offset(11, Unit.WEEKS), incentive="ten_percent"))
    'Second, with an offer'
    """
    name = STEP_NAMES.get(step.key) or step.key.replace("_", " ").capitalize()
    return f"{name}, with an offer" if step.incentive else name

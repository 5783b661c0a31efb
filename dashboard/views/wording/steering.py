"""In which words does a page say what came of a change of the plan, or why nothing did? (SEQ-10)"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.views.wording.moments import date_words, full_day_words, hour_words, zone_words
from dashboard.views.wording.reasons import reason_sentence
from reminders.engine.words import Reason
from reminders.operations.steering import Outcome
from reminders.operations.steering_hold import Refusal, SteeringRefused

NOON: Final = 12
EVENING: Final = 17
AT_ONCE: Final = timedelta(seconds=30)
SOON: Final = 7

LATER: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.WINDOW: "before that nothing may leave where the client lives",
        Reason.GAP: "a few days are kept after the message before it",
        Reason.CAP: "a pause is kept after the last message to this client",
        Reason.ORDER: "an earlier reminder of the sequence goes first",
        Reason.APPOINTMENT_SOON: "an appointment comes first",
    }
)
"""What keeps a reminder until a known moment, within a sentence."""

REFUSALS: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.IS_CONFIRMATION: "A confirmation goes by its appointment: it can be skipped, not moved, sent or ended.",
        Refusal.NOT_NEXT: "An earlier reminder of the sequence goes first. Skip that one, or send it instead.",
        Refusal.NOT_LIVE: "The practice is not live yet, so nothing leaves now. Move it to a later day instead.",
        Refusal.PAUSED: "This client’s reminders are paused. Resume them, or settle what is open, first.",
        Refusal.PAST: "That time has passed. Choose a later one.",
        Refusal.TOO_FAR: "Choose a day within the next 24 months.",
        Refusal.MOMENT_PASSED: "The time it would go back to has passed.",
        Refusal.LATER_LEFT: "A later reminder of the sequence has left, so this one does not follow it.",
        Refusal.NOT_SKIPPED: "It is not skipped any more.",
        Refusal.NOT_RUNNING: "The sequence has ended.",
        Refusal.NOT_REOPENABLE: "Only a sequence that staff or an opt-out ended can be opened again.",
        Refusal.STILL_OPTED_OUT: "The client is opted out. Record first that the client took it back.",
        Refusal.ANOTHER_RUNS: "A later sequence took its place.",
        Refusal.NOTHING_LEFT: "None of its reminders is still to come. The next treatment starts afresh.",
    }
)


def refusal_words(refused: SteeringRefused, now: datetime, zone_name: str) -> str:
    """Return why nothing was changed, as a sentence; `zone_name` is the practice's."""
    if refused.why is Refusal.LEFT and refused.at is not None:
        return left_words(refused.at, now, zone_name)
    if refused.why is Refusal.OVER:
        why = f" {reason_sentence(refused.reason.value)}" if refused.reason else ""
        return f"It will not leave.{why}"
    return REFUSALS.get(refused.why, "It has left.")


def left_words(at: datetime, now: datetime, zone_name: str) -> str:
    """Return when something left, as one says it the same day.

    >>> from datetime import UTC
    >>> left_words(datetime(2026, 11, 24, 16, 2, tzinfo=UTC), datetime(2026, 11, 24, 19, tzinfo=UTC), "America/Chicago")
    'It left at 10:02 this morning.'
    >>> left_words(datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 19, tzinfo=UTC), "America/Chicago")
    'It left on November 23 at 10 am.'
    """
    local, today = at.astimezone(ZoneInfo(zone_name)), now.astimezone(ZoneInfo(zone_name)).date()
    if local.date() != today:
        return f"It left on {date_words(local.date(), today)} at {hour_words(local)}."
    part = "morning" if local.hour < NOON else "afternoon" if local.hour < EVENING else "evening"
    return f"It left at {hour_words(local).partition(' ')[0]} this {part}."


def outcome_words(outcome: Outcome, now: datetime, practice_zone: str) -> str:
    """Return when a reminder leaves now that staff moved it, and what keeps it until then."""
    foreseen = outcome.foreseen
    if foreseen.leaves_at is None:
        why = reason_sentence(foreseen.reason.value) if foreseen.reason else ""
        return f"It waits. {why}".rstrip()
    if foreseen.leaves_at <= now + AT_ONCE:
        return "It leaves within seconds."
    today = now.astimezone(ZoneInfo(outcome.home_zone)).date()
    words = f"It leaves {moment_words(foreseen.leaves_at, today, outcome.home_zone, practice_zone)}"
    later = LATER.get(foreseen.reason) if foreseen.reason and foreseen.leaves_at > outcome.asked_for else None
    words = words if outcome.is_live else f"{words}, if the practice is live by then"
    return f"{words}: {later}." if later else f"{words}."


def moment_words(at: datetime, today: date, zone_name: str, practice_zone: str) -> str:
    """Return a coming moment within a sentence, with its zone where that is not the practice's.

    >>> from datetime import UTC
    >>> moment_words(datetime(2026, 12, 2, 16, tzinfo=UTC), date(2026, 11, 24), "America/Chicago", "America/Chicago")
    'Wednesday, December 2 at 10 am'
    >>> moment_words(datetime(2026, 11, 25, 17, tzinfo=UTC), date(2026, 11, 24), "America/Denver", "America/Chicago")
    'tomorrow at 10 am in Denver'
    """
    local = at.astimezone(ZoneInfo(zone_name))
    days = (local.date() - today).days
    day = full_day_words(local.date(), today)
    if days in (0, 1):
        day = ("today", "tomorrow")[days]
    elif 0 < days < SOON:
        day = f"{local:%A}"
    place = f" in {zone_words(zone_name)}" if zone_name != practice_zone else ""
    return f"{day} at {hour_words(local)}{place}"

"""At which hours may a message leave, by the law of each state and by what the practice chose? (SEQ-7)"""

from dataclasses import dataclass

from practices.models import Practice
from reminders.engine.send_windows import promotional_window
from reminders.engine.state_rules import STATE_RULES, TRANSACTIONAL_WEEK, StateRule, Week

_ANYWHERE = ("UTC",)  # the hours of a day are the same in every zone


@dataclass(frozen=True, slots=True)
class StateHours:
    """One row of the table of laws, and what it leaves of the practice's hours for promotion."""

    rule: StateRule
    left: Week


@dataclass(frozen=True, slots=True)
class SendingHours:
    """The hours of promotion anywhere and in the states that have rules, and those of confirmations.

    `version` is that of the table; its rows are not legal advice (reminders/engine/state_rules.py).
    """

    version: str
    default: Week
    practice: Week
    confirmations: Week
    states: tuple[StateHours, ...]


def sending_hours(practice: Practice) -> SendingHours:
    """Return the hours; local time of the client, in every zone in which she may be. It reads nothing."""
    return SendingHours(
        version=STATE_RULES.version,
        default=STATE_RULES.default,
        practice=_left(practice, []),
        confirmations=TRANSACTIONAL_WEEK,
        states=tuple(StateHours(rule, _left(practice, [rule.state])) for rule in STATE_RULES.rules),
    )


def _left(practice: Practice, states: list[str]) -> Week:
    return promotional_window(_ANYWHERE, states, practice.promotion_opens, practice.promotion_closes).weekly

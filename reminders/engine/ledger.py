"""Is every message that was due accounted for? (SEQ-11, R33)"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from reminders.engine.values import Reminder, Sequence
from reminders.engine.words import SENT_STATES, ReminderState

WAITING_STATES = frozenset({ReminderState.WAITING, ReminderState.CLAIMED, ReminderState.UNKNOWN})
SUPPRESSED_STATES = frozenset({ReminderState.SUPPRESSED, ReminderState.EXPIRED, ReminderState.CANCELLED})


@dataclass(slots=True)
class Ledger:
    """What came due, and what became of it; the first is counted by moments, the rest by states."""

    due: int = 0
    sent: int = 0
    waiting: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def adds_up(self) -> bool:
        """Every due reminder is in exactly one of the four."""
        return self.due == self.sent + self.waiting + self.suppressed.total() + self.failed


def ledger_of(sequences: Iterable[Sequence], now: datetime) -> Ledger:
    """Return the ledger of these sequences at one moment (R33). A joined step counts in its own."""
    ledger = Ledger()
    for sequence in sequences:
        for reminder in sequence.reminders:
            _count(reminder, ledger, now)
    return ledger


def _count(reminder: Reminder, ledger: Ledger, now: datetime) -> None:
    if reminder.state is ReminderState.CANCELLED:
        ledger.due += reminder.came_due
        ledger.suppressed[reminder.reason] += reminder.came_due
        return
    ledger.due += reminder.allowed_at <= now
    if reminder.state in SENT_STATES:
        ledger.sent += 1
    elif reminder.state in WAITING_STATES:
        ledger.waiting += 1
    elif reminder.state in SUPPRESSED_STATES:
        ledger.suppressed[reminder.reason] += 1
    elif reminder.state is ReminderState.FAILED:
        ledger.failed += 1

"""What became of every reminder whose moment has come? due = sent + waiting + suppressed + failed (SEQ-11, R33)"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from reminders.engine.words import SENT_STATES, ReminderState
from reminders.models import Reminder

State = ReminderState
SUPPRESSED = frozenset({State.SUPPRESSED, State.EXPIRED, State.CANCELLED})


@dataclass(slots=True)
class Ledger:
    """The sums of one client or of a practice. `suppressed` by reason."""

    sent: int = 0
    waiting: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def due(self) -> int:
        """Always the sum of the rest: it is counted from the same rows, each in exactly one place."""
        return self.sent + self.waiting + self.suppressed.total() + self.failed

    def add(self, state: ReminderState, reason: str, count: int = 1) -> None:
        """Count reminders whose moment has come."""
        if state in SENT_STATES:
            self.sent += count
        elif state in SUPPRESSED:
            self.suppressed[reason or state.value.upper()] += count
        elif state is State.FAILED:
            self.failed += count
        else:
            self.waiting += count


def has_come(now: datetime) -> Q:
    """Reminders whose moment has come, less those cancelled before it (R33)."""
    return Q(allowed_at__lte=now) & (~Q(state=State.CANCELLED.value) | Q(came_due=True))


def ledger_of_practice(practice_id: UUID, now: datetime) -> Ledger:
    """Return the ledger of the practice whose scope is open."""
    ledger = Ledger()
    rows = Reminder.objects.filter(has_come(now), practice_id=practice_id)
    for state, reason, count in rows.values_list("state", "reason").annotate(count=Count("id")):
        ledger.add(ReminderState(state), reason, count)
    return ledger


def ledger_of(reminders: Iterable[Reminder], now: datetime) -> Ledger:
    """Return the ledger of reminders already read."""
    ledger = Ledger()
    for each in reminders:
        if each.allowed_at <= now and (each.state != State.CANCELLED.value or each.came_due):
            ledger.add(ReminderState(each.state), each.reason)
    return ledger

"""What did a simulation send, hold back, and break?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reminders.engine.ledger import WAITING_STATES, ledger_of
from reminders.engine.simulate.invariants import INVARIANTS
from reminders.engine.values import CallWanted, Sequence


@dataclass(slots=True)
class Report:
    """Counts over all practices of a simulation, and every invariant with its violations."""

    practices: int = 0
    clients: int = 0
    days: int = 0
    seed: int = 0
    events: int = 0
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(touchpoint, channel) -> messages accepted."""
    due: int = 0
    sent_reminders: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    sequences: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    staff: Counter[str] = field(default_factory=Counter)
    """What made-up staff did (SEQ-10)."""
    violations: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """No invariant was broken."""
        return not self.violations.total()

    def add(self, sequences: Iterable[Sequence], calls: Iterable[CallWanted], now: datetime) -> None:
        """Count what became of one client's reminders."""
        sequences = tuple(sequences)
        ledger = ledger_of(sequences, now)
        self.due += ledger.due
        self.sent_reminders += ledger.sent
        self.suppressed += ledger.suppressed
        self.failed += ledger.failed
        self.calls.update(call.reason for call in calls)
        self.sequences.update((each.kind.value, each.state.value) for each in sequences)
        self.waiting.update(
            each.reason for sequence in sequences for each in sequence.reminders if each.state in WAITING_STATES
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, in a fixed order."""
        return {
            "practices": self.practices,
            "clients": self.clients,
            "days": self.days,
            "seed": self.seed,
            "events": self.events,
            "sent": {f"{touchpoint} {channel}": n for (touchpoint, channel), n in sorted(self.sent.items())},
            "ledger": {
                "due": self.due,
                "sent": self.sent_reminders,
                "waiting": self.waiting.total(),
                "suppressed": dict(sorted(self.suppressed.items())),
                "failed": self.failed,
            },
            "waiting": dict(sorted(self.waiting.items())),
            "sequences": {f"{kind} {state}": n for (kind, state), n in sorted(self.sequences.items())},
            "calls": dict(sorted(self.calls.items())),
            "staff": dict(sorted(self.staff.items())),
            "invariants": {name: self.violations[name] for name in INVARIANTS},
            "examples": dict(sorted(self.examples.items())),
        }

    def as_text(self) -> str:
        """Return it for a person to read."""
        lines = [
            f"{self.practices} practices, {self.clients} clients each, {self.days} days, seed {self.seed}",
            f"{self.events} events",
            "",
            f"Sent: {self.sent.total()} messages for {self.sent_reminders} reminders",
        ]
        lines += [f"  {touchpoint:24} {channel:6} {n:7}" for (touchpoint, channel), n in sorted(self.sent.items())]
        lines += ["", f"Not sent, of {self.due} due: {self.suppressed.total()} suppressed, {self.failed} failed"]
        lines += [f"  {reason:31} {n:7}" for reason, n in sorted(self.suppressed.items())]
        lines += ["", f"Waiting at the end: {self.waiting.total()}"]
        lines += [f"  {reason or 'on its way':31} {n:7}" for reason, n in sorted(self.waiting.items())]
        lines += ["", f"Staff stepped in: {self.staff.total()} times"]
        lines += [f"  {deed:31} {n:7}" for deed, n in sorted(self.staff.items())]
        lines += ["", "Invariants, with violations:"]
        lines += [f"  {self.violations[name]:4}  {promise}" for name, promise in INVARIANTS.items()]
        lines += [f"  !! {name}: {example}" for name, example in sorted(self.examples.items())]
        return "\n".join(lines)

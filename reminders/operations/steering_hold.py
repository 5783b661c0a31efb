"""How is a client held while staff changes the plan, and why may a change be refused? (SEQ-10, R32)"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from clients.models import Client
from reminders.engine.claim import awakened
from reminders.engine.plan import plan
from reminders.engine.steering import find
from reminders.engine.values import Facts, Ref, Reminder, Sequence
from reminders.engine.words import Reason
from reminders.models import Reminder as ReminderRow
from reminders.models import Sequence as SequenceRow
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import Gathered, gather
from reminders.operations.persisting import Writing
from reminders.operations.planning import lock_clients


class Refusal(StrEnum):
    """Why a change of the plan is refused; pages say it as a sentence."""

    LEFT = "left"
    """It left before the change came. `at`: when."""
    OVER = "over"
    """It will not leave any more, or would not if it were changed so. `reason`: why."""
    IS_CONFIRMATION = "is_confirmation"
    """A confirmation follows its appointment: it can be skipped, not moved."""
    NOT_NEXT = "not_next"
    """An earlier reminder of the sequence goes first (R3)."""
    NOT_LIVE = "not_live"
    """The practice is not live yet: nothing leaves now (SEQ-9)."""
    PAUSED = "paused"
    """A person decides first when reminders go on (R29)."""
    PAST = "past"
    """The moment asked for has passed."""
    TOO_FAR = "too_far"
    """The moment asked for is more than 24 months away."""
    MOMENT_PASSED = "moment_passed"
    """There is no going back: the moment it would go back to has passed."""
    LATER_LEFT = "later_left"
    """A later step of the sequence has left: steps leave in order (R3)."""
    NOT_SKIPPED = "not_skipped"
    NOT_RUNNING = "not_running"
    """The sequence has ended already."""
    NOT_REOPENABLE = "not_reopenable"
    """Neither staff nor an opt-out ended it. `reason`: what did."""
    STILL_OPTED_OUT = "still_opted_out"
    ANOTHER_RUNS = "another_runs"
    """A later sequence took its place."""
    NOTHING_LEFT = "nothing_left"
    """None of its steps is still to come."""


class SteeringRefused(ValueError):
    """Nothing was changed. `why` says what stands against it; `at` and `reason` what the sentence needs."""

    def __init__(self, why: Refusal, *, at: datetime | None = None, reason: Reason | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.at = at
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Held:
    """A client whose row is locked, with everything that a change of the plan is decided on."""

    known: Bound
    gathered: Gathered

    @property
    def facts(self) -> Facts:
        """The facts as they were read under the lock."""
        return self.gathered.facts

    @property
    def client_id(self) -> UUID:
        """Whose plan it is."""
        return self.gathered.client.id

    @property
    def is_live(self) -> bool:
        """Whether the practice has gone live."""
        return self.known.policy.live_at is not None

    def ref(self, reminder_id: UUID) -> Ref:
        """Return how the engine calls a row."""
        return next(Ref(*key) for key, row_id in self.gathered.reminder_ids.items() if row_id == reminder_id)

    def key(self, sequence_id: UUID) -> str:
        """Return how the engine calls a sequence's row."""
        return next(key for key, row_id in self.gathered.sequence_ids.items() if row_id == sequence_id)

    def reminder(self, reminder_id: UUID) -> tuple[Ref, Sequence, Reminder]:
        """Return a reminder as the engine sees it, with its sequence."""
        ref = self.ref(reminder_id)
        return ref, *find(self.facts, ref)

    def planned(self, facts: Facts, now: datetime) -> Facts:
        """Return the facts as planning leaves them; nothing is written."""
        planned = awakened(plan(facts, self.known.policy, now), now)
        return replace(facts, sequences=planned.sequences)

    def write(self, facts: Facts, now: datetime) -> dict[Ref, UUID]:
        """Will plan by the changed facts and write what differs; returns the row of every reminder."""
        planned = awakened(plan(facts, self.known.policy, now), now)
        writing = Writing(self.known)
        # What stands in the rows is compared with the plan; how she stands follows from the facts as they are now.
        rows = writing.add(replace(self.gathered, facts=replace(facts, sequences=self.facts.sequences)), planned)
        writing.save(now)
        return rows


def hold_client(practice_id: UUID, client_id: UUID, now: datetime) -> Held:
    """Will lock a client's row until the open scope's transaction ends, and read the facts under the lock.

    Of one who was merged away, before or while we waited, it is the row she was merged into (R18).

    Raises:
        Client.DoesNotExist: the practice has no such client.
    """
    while not lock_clients(practice_id, [client_id]):
        gone = Client.objects.only("merged_into_id").get(practice_id=practice_id, pk=client_id, erased_at=None)
        client_id = gone.merged_into_id or client_id
    known = bound(practice_id, now)
    return Held(known, gather(known, [client_id], now)[client_id])


def hold_reminder(practice_id: UUID, reminder_id: UUID, now: datetime) -> Held:
    """Will lock the client of a reminder, and read.

    Raises:
        Reminder.DoesNotExist: the practice has no such reminder.
    """
    return _hold_owner(ReminderRow, practice_id, reminder_id, now)


def hold_sequence(practice_id: UUID, sequence_id: UUID, now: datetime) -> Held:
    """Will lock the client of a sequence, and read.

    Raises:
        Sequence.DoesNotExist: the practice has no such sequence.
    """
    return _hold_owner(SequenceRow, practice_id, sequence_id, now)


def _hold_owner(model: type[ReminderRow] | type[SequenceRow], practice_id: UUID, row_id: UUID, now: datetime) -> Held:
    """Lock the client of a row; one whose client was merged while we waited is looked for again (R18)."""
    rows = model._default_manager.filter(practice_id=practice_id, pk=row_id).values_list("client_id", flat=True)
    while True:
        client_id = rows.get()
        if lock_clients(practice_id, [client_id]) and rows.get() == client_id:
            return hold_client(practice_id, client_id, now)
        if rows.get() == client_id:
            raise model.DoesNotExist(f"{row_id} belongs to nobody any more.")

"""How does a virtual clock carry made-up clients through the real planner, guards and texts? (SIM-2)"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from cadences.timeline import Cadence
from reminders.engine.claim import Claimed, awakened, claim
from reminders.engine.decide import HOLD
from reminders.engine.plan import plan
from reminders.engine.rerouting import undelivered
from reminders.engine.settle import settled
from reminders.engine.simulate.happenings import Bounce, Fate, Happening, Look
from reminders.engine.simulate.invariants import Watch
from reminders.engine.simulate.life import Books, Heard, appointment, history
from reminders.engine.simulate.moods import Chooses, Turns, moods, turns_of_practice
from reminders.engine.simulate.order import is_idempotent, is_order_free
from reminders.engine.simulate.report import Report
from reminders.engine.simulate.staff import Steers, deeds, steered
from reminders.engine.simulate.world import SimulatedClient, SimulatedPractice, Texts, make_practice
from reminders.engine.values import Facts, Policy, Reminder
from reminders.engine.words import Channel, Reason, ReminderState, SequenceKind

Render = Callable[[Claimed, Facts, Policy, datetime], Mapping[Channel, str]]
"""The exact text on each channel that a decided message leaves on."""

START: Final = datetime(2026, 1, 5, 18, tzinfo=UTC)
LOOKS_AT_HOLDS_EVERY: Final = timedelta(hours=12)
"""Nothing changes between events, so a simulated hold is looked at more rarely than the hourly real one."""

_FATES = (
    (ReminderState.SENT,) * 94
    + (ReminderState.UNKNOWN,) * 2
    + (ReminderState.WAITING,) * 2
    + (ReminderState.FAILED,) * 2
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How much to simulate. The same seed gives the same output."""

    practices: int
    clients: int
    days: int
    seed: int
    checks_order: float = 0.002
    """Of how many plans the order of their reports is shuffled, as a share: each is made a hundred times."""


def simulate(settings: Settings, cadences: Mapping[str, Cadence], texts: Texts, render: Render) -> Report:
    """Run made-up practices through the time of `settings`, and report every message and promise kept.

    Pure: no row, no clock, nothing is sent. `texts` are the approved ones, `render` fills them.
    """
    report = Report(settings.practices, settings.clients, settings.days, settings.seed)
    for index in range(settings.practices):
        practice = make_practice(index, settings.clients, settings.seed, START, cadences, texts)
        _Run(practice, settings, render, report).run()
    return report


@dataclass(slots=True)
class _Run:
    """One practice's time: a queue of what happens, and the watch that sees all of it."""

    practice: SimulatedPractice
    settings: Settings
    render: Render
    report: Report
    watch: Watch = field(default_factory=Watch)
    queue: list[tuple[datetime, int, SimulatedClient | None, Happening]] = field(default_factory=list)
    queued: int = 0
    ends_at: datetime = START

    def run(self) -> None:
        """Let everything happen that happens until the end."""
        self.ends_at = START + timedelta(days=self.settings.days)
        for each in self.practice.clients:
            self._put(each, history(each, self.practice.policy, START))
            self._put(each, moods(each, START, self.settings.days))
            self._put(each, deeds(each, START, self.settings.days))
        self._put(None, turns_of_practice(self.practice, START, self.settings.days))
        while self.queue:
            now, _, client, happening = heappop(self.queue)
            self.report.events += 1
            if client is not None:
                self._happens(client, happening, now)
            elif isinstance(happening, Chooses):
                self.practice.policy = replace(self.practice.policy, **happening.policy)
                for each in self.practice.clients:
                    self._plan(each, now)
        self._close()

    def _put(self, client: SimulatedClient | None, happenings: Iterable[tuple[datetime, Happening]]) -> None:
        for at, happening in happenings:
            if at <= self.ends_at:
                self.queued += 1
                heappush(self.queue, (at, self.queued, client, happening))

    def _happens(self, client: SimulatedClient, happening: Happening, now: datetime) -> None:
        match happening:
            case Look():
                if client.looks_at == now:
                    self._decide(client, now)
                return
            case Books():
                self._put(client, appointment(client, self.practice, happening, now))
                return
            case Fate(claimed, state, decided_at):
                self._fate(client, claimed, state, decided_at, now)
                if state is ReminderState.DELIVERED:
                    return
            case Bounce():
                self._bounced(client, happening, now)
                return
            case Chooses():
                return
            case _:
                self._learns(client, happening, now)
        if not self._is_followed_by_another(client, now):
            self._plan(client, now)

    def _learns(self, client: SimulatedClient, news: Heard | Turns | Steers, now: datetime) -> None:
        """What is known of her changes: by a report, by herself, by staff."""
        match news:
            case Heard(report):
                client.books.hear(report, now)
                client.facts = client.books.written_into(client.facts)
            case Turns(facts, person, permissions):
                client.facts = replace(
                    client.facts,
                    person=replace(client.facts.person, **person),
                    permissions=replace(client.facts.permissions, **permissions),
                    **facts,
                )
            case Steers():
                done = steered(client.facts, news, self.practice.policy, now)
                client.facts = done.facts
                self.watch.steered(done, now)
                self.report.staff[done.deed.value] += done.did_something

    def _is_followed_by_another(self, client: SimulatedClient, now: datetime) -> bool:
        """An export is read whole before anything is planned from it."""
        return (
            bool(self.queue)
            and self.queue[0][0] == now
            and self.queue[0][2] is client
            and isinstance(self.queue[0][3], Heard)
        )

    def _plan(self, client: SimulatedClient, now: datetime) -> None:
        before = client.facts.sequences
        client.plan = awakened(plan(client.facts, self.practice.policy, now), now)
        client.facts = replace(client.facts, sequences=client.plan.sequences)
        self.watch.planned(client.facts, before, now, was_decided=False)
        drawn = client.chance.random()
        if drawn < max(0.05, self.settings.checks_order):
            policy, facts = self.practice.policy, client.facts
            self.watch.expect(is_idempotent(facts, policy, now), "idempotent", facts, now)
            if drawn < self.settings.checks_order and client.books.heard:
                is_same = is_order_free(client.books, facts, policy, client.chance, now)
                self.watch.expect(is_same, "same_plan", facts, now)
        self._look_later(client, now)

    def _look_later(self, client: SimulatedClient, now: datetime) -> None:
        """Queue the moment of the client's next decision."""
        late = timedelta(days=self.practice.policy.late_days, seconds=1)
        due = [
            _looks_at(each, late)
            for sequence in client.facts.sequences
            if sequence.is_live
            for each in sequence.reminders
            if each.is_open
        ]
        if client.plan.replan_at is not None:
            due.append(client.plan.replan_at)
        client.looks_at = max(min(due), now) if due else None
        if client.looks_at is not None:
            self._put(client, [(client.looks_at, Look())])

    def _decide(self, client: SimulatedClient, now: datetime) -> None:
        policy = self.practice.policy
        before = replace(client.facts, last_promotion_at=self.practice.last_promotion_at(client))
        result = claim(before, policy, now)
        client.plan = result.plan
        client.facts = replace(before, sequences=result.plan.sequences)
        for claimed in result.claimed:
            said = self.render(claimed, before, policy, now)
            self.watch.message(claimed, before, policy, said, now)
            self._fate(client, claimed, client.chance.choice(_FATES), now, now)
        if result.claimed:
            client.plan = plan(client.facts, policy, now)
            client.facts = replace(client.facts, sequences=client.plan.sequences)
        self.watch.planned(client.facts, before.sequences, now, was_decided=True)
        self._look_later(client, now)

    def _fate(
        self,
        client: SimulatedClient,
        claimed: Claimed,
        state: ReminderState,
        decided_at: datetime,
        now: datetime,
    ) -> None:
        """What the gateway says, at once or later."""
        retry_at = now + timedelta(minutes=2) if state is ReminderState.WAITING else None
        for ref in (claimed.ref, *claimed.send.joined):
            client.facts = settled(client.facts, ref, state, now, retry_at=retry_at)
        if decided_at == now and _is_promotion(claimed):
            self.practice.promotes_to(client, now)
        if state is ReminderState.SENT:
            self._accepted(client, claimed, decided_at, now)
        elif state is ReminderState.UNKNOWN:
            settles = client.chance.choice((ReminderState.SENT, ReminderState.SENT, ReminderState.WAITING))
            self._put(client, [(now + timedelta(minutes=10), Fate(claimed, settles, decided_at))])
        elif state in {ReminderState.WAITING, ReminderState.FAILED}:
            self.watch.did_not_leave(claimed, client.facts, decided_at)
            self.practice.did_not_promote_to(client, decided_at)

    def _accepted(self, client: SimulatedClient, claimed: Claimed, decided_at: datetime, now: datetime) -> None:
        """It left: some of it is known to arrive, and some clients book."""
        self.watch.was_accepted(claimed, client.facts, now)
        for channel in claimed.send.channels:
            self.report.sent[claimed.send.touchpoint.value, channel.value] += 1
        chance = client.chance
        person = client.facts.person
        addresses = {Channel.SMS: person.phone, Channel.EMAIL: person.email}
        gone = tuple(each for each in claimed.send.channels if addresses[each] in self.practice.dead)
        if gone:
            self._put(client, [(now + timedelta(minutes=1), Bounce(claimed, gone, decided_at))])
        if chance.random() < 0.3 and not gone:
            arrives = Fate(claimed, ReminderState.DELIVERED, decided_at)
            self._put(client, [(now + timedelta(minutes=1), arrives)])
        if _is_promotion(claimed) and chance.random() < 0.12:
            books = Books(claimed.sequence.treatment_type, chance.randrange(1, 25))
            self._put(client, [(now + timedelta(days=chance.uniform(0.01, 6)), books)])

    def _bounced(self, client: SimulatedClient, bounce: Bounce, now: datetime) -> None:
        """The address is marked for everybody who has it; what no channel brought there is decided anew."""
        person = client.facts.person
        addresses = {person.phone if each is Channel.SMS else person.email for each in bounce.channels}
        self.watch.unreachable |= addresses
        for each in self.practice.clients:
            marked = {
                **({"is_phone_unreachable": True} if each.facts.person.phone in addresses else {}),
                **({"is_email_unreachable": True} if each.facts.person.email in addresses else {}),
            }
            each.facts = replace(each.facts, permissions=replace(each.facts.permissions, **marked))
            if marked and each is not client:
                self._plan(each, now)
        if set(bounce.channels) == set(bounce.claimed.send.channels):
            self._decided_anew(client, bounce, now)
        self._plan(client, now)

    def _decided_anew(self, client: SimulatedClient, bounce: Bounce, now: datetime) -> None:
        self.watch.did_not_arrive(bounce.claimed, client.facts, bounce.decided_at)
        self.practice.did_not_promote_to(client, bounce.decided_at)
        client.facts = undelivered(
            replace(client.facts, last_promotion_at=self.practice.last_promotion_at(client)),
            (bounce.claimed.ref, *bounce.claimed.send.joined),
            self.practice.policy,
            now,
            waits_for=Reason.UNREACHABLE,
            fails_as=Reason.UNREACHABLE,
            again_at=now,
        )

    def _close(self) -> None:
        for client in self.practice.clients:
            self.report.add(client.facts.sequences, client.plan.calls, self.ends_at)
        self.report.violations += self.watch.violations
        for name, example in self.watch.examples.items():
            self.report.examples.setdefault(name, example)


def _is_promotion(claimed: Claimed) -> bool:
    return claimed.sequence.kind is not SequenceKind.CONFIRMATION


def _looks_at(reminder: Reminder, late: timedelta) -> datetime:
    """When a reminder is decided next: as planned, a hold more rarely."""
    decided_at = reminder.decided_at
    if reminder.state is not ReminderState.WAITING or decided_at is None:
        return reminder.due_at
    if reminder.due_at - decided_at != HOLD:
        return reminder.due_at
    ends_at = reminder.valid_until or reminder.allowed_at + late
    return max(reminder.due_at, min(decided_at + LOOKS_AT_HOLDS_EVERY, ends_at))

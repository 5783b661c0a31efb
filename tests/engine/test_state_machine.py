"""Do the promises hold whatever happens to a client, in any order and number, with time at the due dates?

Hypothesis tells a story; the simulator's watch, which states each rule on its own, listens to every message.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reminders.engine.claim import awakened, claim
from reminders.engine.plan import plan
from reminders.engine.settle import settled
from reminders.engine.simulate.invariants import Watch
from reminders.engine.simulate.staff import Deed, Steers, steered
from reminders.engine.values import Facts, Permissions, Plan, Treated, Visit
from reminders.engine.words import Channel, ReminderState, SequenceKind
from tests.builders.engine import CADENCES, booked, person, policy

START = datetime(2026, 8, 31, 17, tzinfo=UTC)
TYPES = st.sampled_from(("botox", "botox", "dysport", "lip_filler", "voluma", "cheek_filler", "sculptra"))
SERVICES = st.sampled_from(
    ("botox", "botox", "voluma", "sculptra", "consultation", "unknown", "follow_up", "unrelated")
)
RARELY = st.sampled_from((False,) * 5 + (True,))


class OneClient(RuleBasedStateMachine):
    """One client of one practice, from her first treatment on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.policy = policy(providers=frozenset({"pat"}))
        self.facts = Facts(person(), Permissions(is_sms_consented=True))
        self.last = Plan(())
        self.watch = Watch()
        self.promoted: list[datetime] = []
        self.count = 0

    def learn(self, **changed: Any) -> None:
        self.facts = replace(self.facts, **changed)
        self.plan()

    def plan(self) -> None:
        before = self.facts.sequences
        self.last = awakened(plan(self.facts, self.policy, self.now), self.now)
        self.facts = replace(self.facts, sequences=self.last.sequences)
        self.watch.planned(self.facts, before, self.now, was_decided=False)

    def some(self, things: tuple[Any, ...], which: int) -> Any:
        return things[which % len(things)]

    # What is reported

    @rule(treatment_type=TYPES, days_ago=st.integers(0, 25), is_complete=st.booleans())
    def is_treated(self, treatment_type: str, days_ago: int, is_complete: bool) -> None:
        day = (self.now - timedelta(days=days_ago)).date()
        treatment = Treated(
            id=f"{treatment_type}-{day}",
            treatment_type=treatment_type,
            performed_on=day,
            recorded_at=self.now,
            provider="pat",
            is_series_complete=is_complete,
        )
        others = tuple(each for each in self.facts.treatments if each.id != treatment.id)
        self.learn(treatments=(*others, treatment))

    @precondition(lambda self: self.facts.treatments)
    @rule(which=st.integers(0, 9), days=st.sampled_from((-7, -1, 1, 3)), as_another=st.booleans())
    def a_treatment_is_corrected(self, which: int, days: int, as_another: bool) -> None:
        wrong = self.some(self.facts.treatments, which)
        right = replace(wrong, performed_on=min(wrong.performed_on + timedelta(days=days), self.now.date()))
        if as_another:
            self.count += 1
            right = replace(right, id=f"again-{self.count}", recorded_at=self.now)
        self.learn(treatments=tuple(right if each is wrong else each for each in self.facts.treatments))

    @precondition(lambda self: self.facts.treatments)
    @rule(which=st.integers(0, 9))
    def a_treatment_is_voided(self, which: int) -> None:
        voided = self.some(self.facts.treatments, which)
        self.learn(treatments=tuple(each for each in self.facts.treatments if each is not voided))

    @rule(service=SERVICES, hours=st.integers(1, 24 * 120), age=st.sampled_from((0, 0, 0, 20, 60 * 30)))
    def books(self, service: str, hours: int, age: int) -> None:
        self.count += 1
        kind = replace(booked(service), unknown_since=self.now if service == "unknown" else None)
        visit = Visit(
            id=f"visit-{self.count}",
            status="booked",
            starts_at=self.now + timedelta(hours=hours),
            services=(kind,),
            learned_at=self.now,
            zone="America/Chicago",
            booked_at=self.now - timedelta(minutes=age),
        )
        self.learn(visits=(*self.facts.visits, visit))

    @precondition(lambda self: self.facts.visits)
    @rule(
        which=st.integers(0, 9),
        status=st.sampled_from(("cancelled", "cancelled", "no_show", "completed", "confirmed", "booked")),
        by_practice=st.booleans(),
    )
    def an_appointment_changes(self, which: int, status: str, by_practice: bool) -> None:
        visit = self.some(self.facts.visits, which)
        is_over = status in {"cancelled", "no_show", "completed"}
        self.change(
            visit,
            status=status,
            ended_at=self.now if is_over else None,
            is_cancelled_by_practice=by_practice and status == "cancelled",
        )

    @precondition(lambda self: self.facts.visits)
    @rule(which=st.integers(0, 9), hours=st.integers(-48, 96))
    def an_appointment_moves(self, which: int, hours: int) -> None:
        visit = self.some(self.facts.visits, which)
        self.change(visit, starts_at=visit.starts_at + timedelta(hours=hours), moved_at=self.now)

    @precondition(lambda self: self.facts.visits)
    @rule(which=st.integers(0, 9), service=SERVICES)
    def its_service_is_mapped(self, which: int, service: str) -> None:
        self.change(self.some(self.facts.visits, which), services=(booked(service),))

    def change(self, visit: Visit, **changed: Any) -> None:
        new = replace(visit, **changed)
        self.learn(visits=tuple(new if each is visit else each for each in self.facts.visits))

    @rule(is_out=RARELY)
    def opts_out_or_in(self, is_out: bool) -> None:
        permissions = replace(self.facts.permissions, is_opted_out=is_out, is_sms_stopped=is_out)
        self.learn(permissions=permissions)

    @rule(is_open=RARELY)
    def complains_or_is_content(self, is_open: bool) -> None:
        self.learn(has_open_issue=is_open)

    @rule(is_given=st.sampled_from((True, True, False)))
    def consents(self, is_given: bool) -> None:
        self.learn(permissions=replace(self.facts.permissions, is_sms_consented=is_given))

    @rule(status=st.sampled_from(("active",) * 9 + ("inactive",)))
    def becomes(self, status: str) -> None:
        self.learn(person=replace(self.facts.person, status=status))

    @rule(is_held=RARELY, what=st.sampled_from(("is_paused", "is_records_stale")))
    def the_practice_pauses(self, is_held: bool, what: str) -> None:
        self.policy = replace(self.policy, **{what: is_held})  # type: ignore[arg-type]
        self.plan()

    @rule(
        deed=st.sampled_from(Deed),
        which=st.integers(0, 5),
        hours=st.sampled_from((-200, -1, 0, 1, 30, 24 * 6, 24 * 13, 24 * 45)),
    )
    def staff_step_in(self, deed: Deed, which: int, hours: int) -> None:
        before = self.facts.sequences
        done = steered(self.facts, Steers(deed, which, timedelta(hours=hours)), self.policy, self.now)
        self.watch.planned(done.facts, before, self.now, was_decided=False)
        self.watch.steered(done, self.now)
        self.facts = done.facts
        self.plan()

    @rule(is_unclear=RARELY)
    def answers_what_may_be_an_opt_out_or_a_person_reads_it(self, is_unclear: bool) -> None:
        self.learn(has_unclear_reply=is_unclear)

    @rule(channel=st.sampled_from(Channel), minutes=st.sampled_from((0, 0, 1, 90, 60 * 30, 60 * 24 * 9)))
    def a_gateway_has_its_fill(self, channel: Channel, minutes: int) -> None:
        turn = {channel: self.now + timedelta(minutes=minutes)} if minutes else {}
        self.policy = replace(self.policy, channels_busy=turn)
        self.plan()

    @rule()
    def the_same_is_heard_again(self) -> None:
        self.learn()

    # Time, mostly near what is due

    @precondition(lambda self: self.next_due() is not None)
    @rule(seconds=st.sampled_from((0, 0, 0, 1, 60, 3600, 86_400, 5 * 86_400)), fate=st.sampled_from(ReminderState))
    def what_is_due_is_decided(self, seconds: int, fate: ReminderState) -> None:
        due = self.next_due()
        assert due is not None
        self.now = max(self.now, due + timedelta(seconds=seconds))
        self.decide(fate)

    @rule(days=st.integers(1, 90))
    def days_go_by(self, days: int) -> None:
        until = self.now + timedelta(days=days)
        while (due := self.next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.decide(ReminderState.SENT)
        self.now = until

    @rule(hours=st.sampled_from((0.1, 1, 20, 24, 24 * 6, 24 * 29)))
    def time_passes_and_nobody_sweeps(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def next_due(self) -> datetime | None:
        due = [
            each.due_at
            for sequence in self.facts.sequences
            if sequence.is_live
            for each in sequence.reminders
            if each.is_open
        ]
        return min([*due, *([self.last.replan_at] if self.last.replan_at else [])], default=None)

    def decide(self, fate: ReminderState) -> None:
        before = replace(self.facts, last_promotion_at=max(self.promoted, default=None))
        result = claim(before, self.policy, self.now)
        self.facts = replace(before, sequences=result.plan.sequences)
        for claimed in result.claimed:
            assert all(self.policy.channels_busy.get(each, self.now) <= self.now for each in claimed.send.channels)
            assert not (before.has_unclear_reply and Channel.SMS in claimed.send.channels)
            said = dict.fromkeys(claimed.send.channels, "Reply STOP to opt out")
            self.watch.message(claimed, before, self.policy, said, self.now)
            is_promotion = claimed.sequence.kind is not SequenceKind.CONFIRMATION
            assert not (before.has_unclear_reply and is_promotion)
            if fate in {ReminderState.WAITING, ReminderState.FAILED}:
                self.watch.did_not_leave(claimed, before, self.now)
            else:
                self.promoted += [self.now] if is_promotion else []
                self.watch.was_accepted(claimed, before, self.now)
            kind = fate if fate in {ReminderState.WAITING, ReminderState.FAILED} else ReminderState.SENT
            for ref in (claimed.ref, *claimed.send.joined):
                retry_at = self.now + timedelta(minutes=2)
                self.facts = settled(self.facts, ref, kind, self.now, retry_at=retry_at)
        self.last = plan(self.facts, self.policy, self.now)
        self.facts = replace(self.facts, sequences=self.last.sequences)
        self.watch.planned(self.facts, before.sequences, self.now, was_decided=True)

    # What must hold after every step

    @invariant()
    def no_promise_is_broken(self) -> None:
        assert self.watch.examples == {}

    @invariant()
    def planning_again_changes_nothing(self) -> None:
        again = plan(self.facts, self.policy, self.now)
        once_more = plan(replace(self.facts, sequences=again.sequences), self.policy, self.now)
        assert once_more == again
        assert all(after is known for after, known in zip(once_more.sequences, again.sequences, strict=True))

    @invariant()
    def everyone_has_one_key(self) -> None:
        keys = [sequence.key for sequence in self.facts.sequences]
        assert len(set(keys)) == len(keys)
        assert set(CADENCES) >= {each.treatment_type for each in self.facts.treatments}
        assert set(Channel) == {Channel.SMS, Channel.EMAIL}


OneClient.TestCase.settings = settings(max_examples=30, stateful_step_count=35, deadline=None)
TestOneClient = OneClient.TestCase

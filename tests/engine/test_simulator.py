"""Does the simulator keep its word: the same twice, nothing broken, and every planted bug found?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cadences.timeline import Cadence, Offset, Step, Unit, steps_at
from reminders.engine import (
    claim,
    confirmation,
    decide,
    lapse,
    moves,
    plan,
    reactivation,
    refill,
    refill_steps,
    settle,
    steering,
    touchpoints,
)
from reminders.engine.claim import Claimed
from reminders.engine.simulate import Report, Settings, books, order, run, simulate, world
from reminders.engine.simulate.invariants import INVARIANTS
from reminders.engine.simulate.staff import Deed
from reminders.engine.values import Facts, Policy, Reminder, Sequence, Suppress
from reminders.engine.wording import KIND_OF
from reminders.engine.words import Channel, MessageKind, Reason, ReminderState, SequenceState, Touchpoint
from tests.builders.engine import ALL_TEXTS, CADENCES

SMALL = Settings(practices=1, clients=20, days=200, seed=8)
SEEDS = (8, 5, 6, *range(11, 31))


def say(claimed: Claimed, facts: Facts, policy: Policy, now: datetime) -> dict[Channel, str]:
    """A stand-in text; the shipped ones are simulated in tests/journeys."""
    return dict.fromkeys(claimed.send.channels, f"{claimed.send.touchpoint}. Reply STOP to opt out")


def simulated(settings: Settings = SMALL, cadences: Any = CADENCES, render: Any = say) -> Report:
    return simulate(settings, cadences, ALL_TEXTS, render)


def broken(settings: Settings = SMALL, cadences: Any = CADENCES) -> set[str]:
    """What the first of a few small worlds finds; a bug about rare things needs more than one."""
    for seed in SEEDS:
        report = simulated(replace(settings, seed=seed), cadences)
        if not report.is_clean:
            return {name for name, count in report.violations.items() if count}
    return set()


def test_it_breaks_no_promise() -> None:
    report = simulated(replace(SMALL, practices=2, clients=40, checks_order=0.01))

    assert report.examples == {}
    assert report.is_clean
    assert report.sent.total() > 300


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    small = replace(SMALL, clients=8, days=120)
    once, twice, other = simulated(small), simulated(small), simulated(replace(small, seed=6))

    assert once.as_text() == twice.as_text()
    assert once.as_dict() == twice.as_dict()
    assert once.as_text() != other.as_text()


def test_every_kind_of_message_and_of_reason_comes_up() -> None:
    report = simulated(replace(SMALL, practices=2, clients=50, seed=7))

    said = {touchpoint for touchpoint, _ in report.sent}
    simulated_kinds = {MessageKind.PROMOTION, MessageKind.CONFIRMATION}
    assert said >= {each.value for each in Touchpoint if KIND_OF[each] in simulated_kinds}
    assert set(report.suppressed) >= {"BEFORE_GO_LIVE", "NO_CONSENT", "NO_ADDRESS", "SHARED_ADDRESS", "TOO_LATE"}
    assert report.due == report.sent_reminders + report.waiting.total() + report.suppressed.total() + report.failed


Plant = Callable[[pytest.MonkeyPatch], Any]


def blind(patch: pytest.MonkeyPatch, cleared: Callable[[Facts], Facts]) -> None:
    """Planner and guard do not see something about a client."""
    for module in (run, order):
        patch.setattr(module, "plan", lambda facts, *rest, of=plan.plan: of(cleared(facts), *rest))
    patch.setattr(run, "claim", lambda facts, *rest, of=claim.claim: of(cleared(facts), *rest))


def ignores_who_is_barred(patch: pytest.MonkeyPatch) -> None:
    for module in (plan, decide):
        patch.setattr(module, "barred_reason", lambda facts, now: None)


def ignores_opt_outs(patch: pytest.MonkeyPatch) -> None:
    blind(patch, lambda facts: replace(facts, permissions=replace(facts.permissions, is_opted_out=False)))


def ignores_bookings(patch: pytest.MonkeyPatch) -> None:
    for module in (refill, lapse, reactivation):
        patch.setattr(module, "holds_on", lambda *args, **known: ())


def ignores_service_issues(patch: pytest.MonkeyPatch) -> None:
    blind(patch, lambda facts: replace(facts, has_open_issue=False))


def ignores_pauses_by_staff(patch: pytest.MonkeyPatch) -> None:
    blind(patch, lambda facts: replace(facts, is_paused_by_staff=False))


def ignores_permissions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "open_channels", lambda *args: ((Channel.SMS,), Reason.NO_CONSENT))


def ignores_what_carriers_said(patch: pytest.MonkeyPatch) -> None:
    reachable = {"is_phone_unreachable": False, "is_email_unreachable": False}
    blind(patch, lambda facts: replace(facts, permissions=replace(facts.permissions, **reachable)))


def ignores_the_window(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "leaves_from", lambda window, now: now)
    for module in (refill_steps, reactivation):
        patch.setattr(module, "next_open", lambda window, moment: moment)


def ignores_the_cap(patch: pytest.MonkeyPatch) -> None:
    blind(patch, lambda facts: replace(facts, last_promotion_at=None))


def ignores_lateness(patch: pytest.MonkeyPatch) -> None:
    chosen = world.make_practice

    def patient(*args: Any) -> Any:
        practice = chosen(*args)
        practice.policy = replace(practice.policy, late_days=30)
        return practice

    patch.setattr(run, "make_practice", patient)


def uses_the_wrong_text(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "touchpoint_of", lambda *args: Touchpoint.LAST)


def asks_back_every_week(patch: pytest.MonkeyPatch) -> None:
    of = reactivation._next_month

    def soon(sequence: Sequence, *rest: Any) -> Any:
        found, now = of(sequence, *rest), rest[-1]
        return (found[0], min(found[1], now + timedelta(days=8))) if found and sequence.reminders else found

    patch.setattr(reactivation, "_next_month", soon)


def confirms_what_was_cancelled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(confirmation, "BOOKED_STATUSES", frozenset({"booked", "confirmed", "cancelled"}))


def never_ends_what_is_superseded(patch: pytest.MonkeyPatch) -> None:
    of = plan._left_behind

    def kept_alive(sequence: Sequence, *rest: Any) -> Sequence:
        after = of(sequence, *rest)
        if not any(each.is_open for each in sequence.reminders):
            return sequence
        return after if after is sequence else replace(after, state=SequenceState.OPEN, reason="", ended_at=None)

    patch.setattr(plan, "_left_behind", kept_alive)


def forgets_the_reason(patch: pytest.MonkeyPatch) -> None:
    of = claim._held_back

    def silent(reminder: Any, decision: Any, now: datetime) -> Any:
        held = of(reminder, decision, now)
        return replace(held, reason="") if isinstance(decision, Suppress) else held

    patch.setattr(claim, "_held_back", silent)


def counts_what_was_never_due(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        moves, "cancelled", lambda each, reason, now: moves.moved(each, ReminderState.SUPPRESSED, reason=reason.value)
    )


def sends_confirmations_twice(patch: pytest.MonkeyPatch) -> None:
    of = settle.settled

    def forgetful(facts: Facts, ref: Any, state: ReminderState, now: datetime, **known: Any) -> Facts:
        if state is ReminderState.SENT and ref.sequence.startswith("confirmation"):
            return of(facts, ref, ReminderState.WAITING, now, retry_at=now + timedelta(days=2))
        return of(facts, ref, state, now, **known)

    patch.setattr(run, "settled", forgetful)


def plans_differently_each_time(patch: pytest.MonkeyPatch) -> None:
    of = moves.changed
    patch.setattr(refill, "changed", lambda each, **known: of(each, **{**known, "cycle": each.cycle + 1}))


PLANTED: dict[str, Plant] = {
    "barred": ignores_who_is_barred,
    "opted_out": ignores_opt_outs,
    "booked": ignores_bookings,
    "service_issue": ignores_service_issues,
    "steered": ignores_pauses_by_staff,
    "permission": ignores_permissions,
    "unreachable": ignores_what_carriers_said,
    "window": ignores_the_window,
    "cap": ignores_the_cap,
    "late": ignores_lateness,
    "text": uses_the_wrong_text,
    "reactivation": asks_back_every_week,
    "appointment": confirms_what_was_cancelled,
    "one_live": never_ends_what_is_superseded,
    "settled": forgets_the_reason,
    "ledger": counts_what_was_never_due,
    "one_acceptance": sends_confirmations_twice,
    "idempotent": plans_differently_each_time,
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_breaks_exactly_its_promise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[name](monkeypatch)

    assert broken() == {name}


def close(gap: int) -> dict[str, Cadence]:
    """Botox reminders so close that only their gap keeps them apart."""
    steps = steps_at(*(Offset(day, Unit.DAYS) for day in (70, 70 + gap, 70 + 2 * gap)))
    return {"botox": replace(CADENCES["botox"], steps=steps)}


def test_a_planted_bug_in_the_gap_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill_steps, "_counts_from", lambda reminder: None)
    monkeypatch.setattr(decide, "last_sent_at", lambda sequence: None)

    assert broken(cadences=close(3)) == {"order"}


def test_a_planted_fourth_message_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    four = replace(CADENCES["botox"])
    object.__setattr__(four, "steps", (*four.steps, Step("fourth", Offset(13, Unit.WEEKS))))  # past its guard
    monkeypatch.setattr(decide, "sent_count", lambda sequence: min(2, touchpoints.sent_count(sequence)))

    assert broken(cadences={"botox": four}) == {"three_refills"}


def test_a_planted_return_of_what_staff_skipped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    comes_again = property(lambda reminder: reminder.state is ReminderState.CANCELLED)
    monkeypatch.setattr(Reminder, "may_come_again", comes_again)

    assert broken() == {"steered"}


def test_a_planted_loss_of_what_staff_moved_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steering, "moved_to", lambda facts, ref, moment: facts)

    assert broken() == {"steered"}


def test_a_planted_new_beginning_of_what_staff_ended_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "REVIVABLE", refill.REVIVABLE | {Reason.ENDED_BY_STAFF.value})

    assert broken() == {"steered"}


def test_staff_act_in_the_simulation_and_what_they_do_shows() -> None:
    report = simulated(replace(SMALL, clients=60, days=300))

    assert set(report.staff) == {deed.value for deed in Deed}
    assert all(report.staff.values())
    assert report.is_clean


def test_a_planted_belief_in_the_last_to_speak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def believes(self: books.Books, report: books.Report, now: datetime) -> None:
        self.heard.append(report)
        self.first_heard.setdefault(report.id, now)
        self.is_visit[report.id] = report.is_visit
        fields = (*report.said, ("is_void", report.is_void))
        self.known.setdefault(report.id, {}).update({name: (0, value) for name, value in fields})

    monkeypatch.setattr(books.Books, "hear", believes)

    assert broken(replace(SMALL, checks_order=0.1)) == {"same_plan"}


def test_every_promise_has_a_bug_planted_against_it() -> None:
    assert set(PLANTED) | {"order", "three_refills", "same_plan"} == set(INVARIANTS)

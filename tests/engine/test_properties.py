"""What holds for every client whatever is known of her, and in whatever order it was learned?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reminders.engine.ledger import ledger_of
from reminders.engine.plan import plan
from reminders.engine.simulate.restated import is_held_by_booking, may_promote_at
from reminders.engine.simulate.staff import Deed, Steers, steered
from reminders.engine.values import Facts, Permissions, Person, Policy, Treated, Visit
from reminders.engine.words import SequenceKind
from tests.builders.engine import CADENCES, Story, at, booked, policy

ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Los_Angeles")
STATES = ("", "IL", "FL", "TX", "AL", "RI", "HI", "AZ")
NOW = datetime(2026, 11, 1, 5, tzinfo=UTC)  # hours before clocks go back
DAYS = st.dates(NOW.date() - timedelta(days=500), NOW.date())


@st.composite
def people(draw: st.DrawFn) -> Person:
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True))
    return Person(
        id=draw(st.sampled_from(("a", "b", "c"))),
        home_zone=zones[0],
        zones=tuple(sorted(zones)),
        states=tuple(sorted(set(draw(st.lists(st.sampled_from(STATES), max_size=2))) - {""})),
        phone=draw(st.sampled_from(("", "phone"))),
        email=draw(st.sampled_from(("", "email"))),
        preference=draw(st.sampled_from(("", "", "sms", "email", "both", "none"))),
    )


@st.composite
def treatments(draw: st.DrawFn) -> tuple[Treated, ...]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(sorted(CADENCES)), DAYS), max_size=6, unique=True))
    return tuple(
        Treated(
            id=f"{slug}-{day}",
            treatment_type=slug,
            performed_on=day,
            recorded_at=min(NOW, at(day)),
            is_series_complete=draw(st.sampled_from((None, True))),
        )
        for slug, day in drawn
    )


@st.composite
def visits(draw: st.DrawFn) -> tuple[Visit, ...]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        starts_at = NOW + timedelta(hours=draw(st.integers(-24 * 40, 24 * 60)))
        learned_at = min(NOW, starts_at) - timedelta(hours=draw(st.integers(0, 24 * 20)))
        status = draw(st.sampled_from(("booked", "confirmed", "cancelled", "no_show", "completed", "arrived")))
        kinds = st.sampled_from(("unknown", "consultation", "follow_up", "unrelated", *CADENCES))
        services = [booked(kind) for kind in draw(st.lists(kinds, max_size=2))]
        made.append(
            Visit(
                id=f"visit-{number}",
                status=status,
                starts_at=starts_at,
                services=tuple(
                    replace(each, unknown_since=learned_at) if each.kind == "unknown" else each for each in services
                ),
                learned_at=learned_at,
                zone=draw(st.sampled_from(ZONES)),
                booked_at=learned_at,
                ended_at=min(NOW, starts_at) if status in {"cancelled", "no_show", "completed"} else None,
                is_cancelled_by_practice=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def clients(draw: st.DrawFn) -> Facts:
    return Facts(
        person=draw(people()),
        permissions=Permissions(
            is_sms_consented=draw(st.booleans()), is_opted_out=draw(st.sampled_from((False,) * 5 + (True,)))
        ),
        treatments=draw(treatments()),
        visits=draw(visits()),
        has_open_issue=draw(st.sampled_from((False,) * 5 + (True,))),
    )


POLICIES = st.sampled_from(
    (
        policy(),
        policy(live_at=None),
        policy(live_at=NOW - timedelta(days=30)),
        policy(holdout_percent=50, holdout_key=b"key"),
        policy(consultation_fits=False, touch_up_resets=True, confirms="injectables"),
    )
)


@given(clients(), POLICIES, st.timedeltas(timedelta(0), timedelta(days=100)))
def test_planning_the_plan_changes_nothing(facts: Facts, chosen: Policy, later: timedelta) -> None:
    first = plan(facts, chosen, NOW)
    again = plan(replace(facts, sequences=first.sequences), chosen, NOW)
    assert all(after is before for after, before in zip(again.sequences, first.sequences, strict=True))
    assert again == first

    then = plan(replace(facts, sequences=first.sequences), chosen, NOW + later)
    assert plan(replace(facts, sequences=then.sequences), chosen, NOW + later) == then


@given(clients(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(facts: Facts, chosen: Policy, chance: Random) -> None:
    shuffled = replace(
        facts,
        treatments=tuple(chance.sample(facts.treatments, len(facts.treatments))),
        visits=tuple(chance.sample(facts.visits, len(facts.visits))),
    )

    first, second = plan(facts, chosen, NOW), plan(shuffled, chosen, NOW)
    assert set(first.sequences) == set(second.sequences)
    assert set(first.calls) == set(second.calls)
    assert first.replan_at == second.replan_at


@given(clients(), POLICIES, st.sampled_from(Deed), st.integers(0, 5), st.integers(-10, 60))
def test_planning_what_staff_changed_changes_nothing_more(
    facts: Facts, chosen: Policy, deed: Deed, which: int, days: int
) -> None:
    done = steered(facts, Steers(deed, which, timedelta(days=days)), chosen, NOW)
    first = plan(done.facts, chosen, NOW)
    again = plan(replace(done.facts, sequences=first.sequences), chosen, NOW)

    assert again == first
    assert all(after is before for after, before in zip(again.sequences, first.sequences, strict=True))


@given(clients(), POLICIES)
def test_a_plan_keeps_its_shape(facts: Facts, chosen: Policy) -> None:
    planned = plan(facts, chosen, NOW)

    refills = [each for each in planned.sequences if each.kind is SequenceKind.REFILL and each.is_live]
    assert len({each.treatment_type for each in refills}) == len(refills)
    assert sum(each.is_live for each in planned.sequences if each.kind is SequenceKind.REACTIVATION) <= 1
    assert len({each.key for each in planned.sequences}) == len(planned.sequences)
    assert planned.replan_at is None or planned.replan_at > NOW
    for sequence in planned.sequences:
        opened = [each for each in sequence.reminders if each.is_open]
        assert sequence.is_live or not opened
        assert bool(sequence.reason) != sequence.is_live
        assert len({(each.step, each.cycle) for each in sequence.reminders}) == len(sequence.reminders)
        assert sum(each.is_open for each in sequence.reminders) <= 7
        if sequence.kind is SequenceKind.REFILL:
            assert len(opened) <= 3
            moments = [each.due_at for each in sorted(opened, key=lambda each: each.position)]
            assert moments == sorted(moments)


@given(clients(), POLICIES)
def test_no_refill_is_open_beside_a_fitting_booking(facts: Facts, chosen: Policy) -> None:
    for sequence in plan(facts, chosen, NOW).sequences:
        if sequence.kind is not SequenceKind.REFILL or sequence.day_zero is None:
            continue
        is_held = is_held_by_booking(
            facts.visits,
            sequence.family,
            sequence.day_zero,
            NOW,
            chosen,
            is_series=CADENCES[sequence.treatment_type].is_series,
        )
        assert not (is_held and any(each.is_open for each in sequence.reminders))


@given(clients(), st.sampled_from((policy(), policy(cap_days=5), policy(consultation_fits=False))))
@settings(max_examples=30)
def test_what_leaves_leaves_inside_the_window_and_the_ledger_adds_up(facts: Facts, chosen: Policy) -> None:
    story = Story(NOW, policy=chosen, facts=facts)
    story.plan()
    story.until(NOW + timedelta(days=100))

    for moment, claimed in story.said:
        if claimed.sequence.kind is not SequenceKind.CONFIRMATION:
            assert may_promote_at(moment, facts, chosen)
    assert ledger_of(story.facts.sequences, story.now).adds_up


@given(clients(), st.sampled_from(ZONES))
@settings(max_examples=40)
def test_another_zone_moves_moments_and_nothing_else(facts: Facts, zone: str) -> None:
    """Both are ten o'clock on the same days, on another wall."""
    assume(not facts.visits)
    moved = replace(facts, person=replace(facts.person, home_zone=zone, zones=(zone,), states=()))
    here = replace(facts, person=replace(facts.person, zones=(facts.person.home_zone,), states=()))

    def shape(of: Facts) -> list[tuple[str, str, date | None]]:
        found = plan(of, policy(), NOW).sequences
        return sorted((each.kind, each.state, each.day_zero) for each in found if each.kind is SequenceKind.REFILL)

    assert shape(moved) == shape(here)

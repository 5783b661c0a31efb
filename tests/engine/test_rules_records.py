"""R13 to R21: what do records, their order and their corrections do to the plan?"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from reminders.engine.ledger import ledger_of
from reminders.engine.words import Reason, ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import (
    CADENCES,
    MONDAY,
    Story,
    at,
    days_after,
    open_days,
    person,
    policy,
    states,
    treated,
    visit,
)

REFILL, CONFIRMATION, REACTIVATION = SequenceKind.REFILL, SequenceKind.CONFIRMATION, SequenceKind.REACTIVATION
FIRST, SECOND, LAST = days_after(MONDAY, 70, 77, 84)


def live(story: Story) -> dict[str, list[date]]:
    """Treatment type -> the days still planned, of every refill sequence that lives."""
    return {each.treatment_type: open_days([each]) for each in story.sequences(REFILL) if each.is_live}


def test_R13_the_same_records_in_any_order_and_number_give_the_same_plan() -> None:
    records = [
        treated("botox", MONDAY),
        treated("botox", MONDAY + timedelta(days=10)),
        treated("dysport", MONDAY + timedelta(days=30)),
        treated("lip_filler", MONDAY),
    ]
    found = set()
    for order in permutations(records):
        story = Story(at(MONDAY + timedelta(days=30)))
        for record in order:
            story.treat(record)
            story.know(treatments=(*story.facts.treatments, record)[:-1])
        found.add(str(sorted(live(story).items())))

    assert len(found) == 1


def test_R13_planning_again_changes_nothing() -> None:
    story = Story(at(MONDAY))
    story.treat(treated(), treated("lip_filler"))
    story.book(visit(date(2026, 12, 1), "lip_filler", made=story.now))
    before = story.facts.sequences
    story.plan()

    assert all(after is known for after, known in zip(story.facts.sequences, before, strict=True))


def test_R13_an_older_record_arriving_later_does_not_reset_a_newer_clock() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(MONDAY + timedelta(days=50)))
    story.treat(treated("botox", MONDAY - timedelta(days=100), recorded_at=story.now))

    assert live(story) == {"botox": [FIRST, SECOND, LAST]}


def test_R13_a_cancellation_before_its_booking_holds_nothing() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(date(2026, 11, 20), made=story.now, starts_at=None, status="cancelled"))

    assert story.refill().state is SequenceState.OPEN
    assert story.sequences(CONFIRMATION) == ()


def test_R14_the_next_treatment_of_the_type_supersedes_and_restarts_the_clock() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(SECOND, 12))
    story.treat(treated("botox", SECOND))

    old = next(each for each in story.sequences(REFILL) if each.day_zero == MONDAY)
    assert (old.state, old.reason) == (SequenceState.ENDED, Reason.SUPERSEDED)
    assert states(old) == {"first": "sent", "second": "sent", "last": "cancelled SUPERSEDED"}
    assert live(story) == {"botox": days_after(SECOND, 70, 77, 84)}


def test_R14_neuromodulators_supersede_by_family() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("dysport"))
    story.until(at(MONDAY + timedelta(days=60)))
    story.treat(treated("botox", MONDAY + timedelta(days=60)))

    assert story.refill("dysport").reason == Reason.SUPERSEDED
    assert live(story) == {"botox": days_after(MONDAY, 130, 137, 144)}


def test_R14_fillers_supersede_by_type() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("cheek_filler"))
    story.until(at(MONDAY + timedelta(days=60)))
    story.treat(treated("voluma", MONDAY + timedelta(days=60)))

    assert set(live(story)) == {"cheek_filler", "voluma"}


@pytest.mark.parametrize(
    ("types", "first"),
    [
        (("botox", "dysport"), "botox"),  # due the same day first, then Botox
        (("dysport", "xeomin"), "xeomin"),
        (("voluma", "cheek_filler"), "cheek_filler"),
    ],
)
def test_R14_two_types_of_one_family_on_one_day_are_one_sequence_of_the_type_due_first(
    types: tuple[str, str], first: str
) -> None:
    for order in (types, types[::-1]):
        story = Story(at(MONDAY))
        for treatment_type in order:
            story.treat(treated(treatment_type))

        assert set(live(story)) == {first}


def test_R14_after_a_shared_day_a_new_treatment_of_one_leaves_what_the_other_was_told() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("voluma"))
    story.treat(treated("cheek_filler"))
    story.until(at(MONDAY + timedelta(days=350)))
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST]
    story.treat(treated("voluma", MONDAY + timedelta(days=350)))
    story.until(at(MONDAY + timedelta(days=500)))

    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.SECOND, Touchpoint.LAST]


@pytest.mark.parametrize(("days", "day_zero"), [(21, MONDAY), (22, MONDAY + timedelta(days=22))])
def test_R14_within_21_days_the_same_type_is_a_touch_up_and_day_zero_stays(days: int, day_zero: date) -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(MONDAY + timedelta(days=days)))
    story.treat(treated("botox", MONDAY + timedelta(days=days)))

    assert live(story) == {"botox": days_after(day_zero, 70, 77, 84)}
    assert len(story.sequences(REFILL)) == (1 if days == 21 else 2)


def test_R14_a_practice_may_choose_that_a_touch_up_resets() -> None:
    story = Story(at(MONDAY), policy=policy(touch_up_resets=True))
    story.treat(treated())
    story.treat(treated("botox", MONDAY + timedelta(days=14)))

    assert live(story) == {"botox": days_after(MONDAY, 84, 91, 98)}


def test_R14_a_treatment_ends_the_reactivation() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(date(2027, 2, 10)))
    begun = story.reactivation()
    assert begun is not None
    assert begun.is_live
    story.treat(treated("dysport", date(2027, 2, 10)))

    ended = story.reactivation()
    assert ended is not None
    assert (ended.state, ended.reason) == (SequenceState.ENDED, Reason.TREATED)
    assert not any(each.is_open for each in ended.reminders)


def series(*days: int, **known: object) -> Story:
    story = Story(at(MONDAY))
    for day in days:
        story.until(at(MONDAY + timedelta(days=day)))
        story.treat(treated("sculptra", MONDAY + timedelta(days=day), **known))
    return story


def test_R15_no_refill_before_a_series_is_complete() -> None:
    assert live(series(0, 30)) == {}


def test_R15_a_series_is_complete_when_the_records_say_so() -> None:
    assert live(series(0, is_series_complete=True)) == {
        "sculptra": [date(2026, 11, 30), date(2027, 3, 1), date(2027, 8, 31)]
    }


def test_R15_a_series_is_complete_at_the_third_session() -> None:
    assert set(live(series(0, 30, 60))) == {"sculptra"}
    fewer = replace(CADENCES["sculptra"], series_sessions=2)
    story = Story(at(MONDAY), policy=policy(cadences={"sculptra": fewer}))
    story.treat(treated("sculptra"), treated("sculptra", MONDAY + timedelta(days=30)))
    assert set(live(story)) == {"sculptra"}


def test_R15_a_series_is_complete_eight_weeks_after_a_session_with_none_booked() -> None:
    story = series(0)
    story.until(at(MONDAY + timedelta(days=55), 23))
    assert live(story) == {}
    story.until(at(MONDAY + timedelta(days=56), 1))

    assert story.refill("sculptra").day_zero == MONDAY
    assert open_days([story.refill("sculptra")])[0] == date(2026, 11, 30)


def test_R15_a_booked_session_keeps_the_series_going() -> None:
    story = series(0)
    story.book(visit(MONDAY + timedelta(days=70), "sculptra", made=story.now))
    story.until(at(MONDAY + timedelta(days=60)))

    assert live(story) == {}


def test_R15_a_completion_is_withdrawn_if_another_session_follows() -> None:
    story = series(0)
    story.until(at(MONDAY + timedelta(days=60)))
    assert set(live(story)) == {"sculptra"}
    story.treat(treated("sculptra", MONDAY + timedelta(days=60)))

    assert live(story) == {}
    assert story.refill("sculptra").reason == Reason.SUPERSEDED


def test_R15_a_session_more_than_six_months_later_begins_another_series() -> None:
    story = series(0, 30)
    story.until(at(date(2027, 4, 15)))
    story.treat(treated("sculptra", date(2027, 4, 15)))  # six months and a half after the second

    assert live(story) == {}


def test_R15_none_booked_five_weeks_after_a_session_of_an_incomplete_series_is_called() -> None:
    story = series(0)
    story.until(at(MONDAY + timedelta(days=34), 23))
    assert not story.last.calls
    story.until(at(MONDAY + timedelta(days=35), 1))
    assert [call.reason for call in story.last.calls] == ["SERIES_STALLED"]
    story.book(visit(MONDAY + timedelta(days=45), "sculptra", made=story.now))

    assert story.last.calls == ()


def test_R16_a_treatment_known_twice_is_planned_once() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("botox", id="one"))
    story.treat(treated("botox", id="two"))  # another source, before records were joined

    assert len([each for each in story.sequences(REFILL) if each.is_live]) == 1


@pytest.mark.parametrize("new_record", [False, True])
def test_R17_a_correction_by_a_day_after_the_first_was_sent_does_not_send_it_again(new_record: bool) -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 12))
    corrected = replace(story.facts.treatments[0], performed_on=MONDAY + timedelta(days=1))
    if new_record:
        corrected = replace(corrected, id="another", recorded_at=story.now)
    story.know(treatments=(corrected,))
    story.until(at(date(2026, 12, 31)))

    assert story.days_said(REFILL) == days_after(MONDAY, 70, 78, 85)
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.SECOND, Touchpoint.LAST]


def test_R17_a_correction_into_the_past_leaves_from_now_with_its_gaps() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST - timedelta(days=5)))
    story.know(treatments=(replace(story.facts.treatments[0], performed_on=MONDAY - timedelta(days=7)),))
    story.until(at(date(2026, 12, 31)))

    # day 70 was two days ago: it leaves at once, and the next steps follow by their days and gaps
    assert story.days_said(REFILL) == [FIRST - timedelta(days=5), FIRST, SECOND]


def test_R17_a_void_withdraws_what_was_planned() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.know(treatments=())

    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, Reason.VOIDED)
    assert set(states(story.refill()).values()) == {"cancelled VOIDED"}


def test_R17_the_void_of_a_newer_treatment_brings_the_older_sequence_back() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 12))
    story.treat(treated("botox", FIRST))
    story.until(at(FIRST + timedelta(days=2)))
    story.without(treated("botox", FIRST))

    assert live(story) == {"botox": [SECOND, LAST]}
    assert story.refill().reminders[0].state is ReminderState.SENT


def test_R17_a_remap_to_another_type_plans_that_types_steps() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 12))
    story.know(treatments=(replace(story.facts.treatments[0], treatment_type="dysport"),))
    story.until(at(date(2026, 12, 31)))

    assert story.days_said(REFILL) == days_after(MONDAY, 70, 84, 91)


def test_R18_of_joined_records_one_sequence_lives_and_what_was_sent_counts() -> None:
    hers, other = Story(at(MONDAY)), Story(at(MONDAY + timedelta(days=5)))
    hers.treat(treated("botox", MONDAY, id="a"))
    other.treat(treated("botox", MONDAY + timedelta(days=5), id="b"))
    hers.until(at(FIRST, 12))
    other.until(at(FIRST, 12))
    hers.facts = replace(
        hers.facts,
        treatments=(*hers.facts.treatments, *other.facts.treatments),
        sequences=(*hers.facts.sequences, *other.facts.sequences),
    )
    hers.plan()

    assert live(hers) == {"botox": [SECOND, LAST]}


def test_R18_of_two_reactivations_one_lives_on() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(date(2027, 1, 20)))
    hers = story.reactivation()
    assert hers is not None
    story.know(sequences=(*story.facts.sequences, replace(hers, key="reactivation:other", anchor="other")))

    assert sorted(each.state for each in story.sequences(REACTIVATION)) == ["ended", "open"]


def test_R19_steps_before_go_live_are_not_sent_and_the_next_future_step_stands() -> None:
    story = Story(at(SECOND, 9), policy=policy(live_at=at(SECOND, 9)))
    story.treat(treated("botox", MONDAY, recorded_at=story.now))
    story.until(at(date(2026, 12, 15)))

    assert states(story.refill()) == {
        "first": "suppressed BEFORE_GO_LIVE",
        "second": "sent",
        "last": "sent",
    }
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.LAST]


def test_R19_what_was_planned_during_set_up_and_passed_before_go_live_is_not_sent() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=None))
    story.treat(treated())
    story.until(at(SECOND, 9))
    story.policy = policy(live_at=story.now)
    story.until(at(date(2026, 12, 15)))

    assert story.days_said(REFILL) == [SECOND, LAST]
    assert states(story.refill())["first"] == "suppressed BEFORE_GO_LIVE"


def test_R19_a_booking_made_during_set_up_is_not_confirmed_at_go_live_but_reminded_of() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=None))
    story.book(visit(date(2026, 9, 20), made=story.now), visit(date(2026, 9, 12), made=story.now))
    story.until(at(date(2026, 9, 11), 9))
    story.policy = policy(live_at=story.now)
    story.until(at(date(2026, 9, 21)))

    assert states(story.confirmation("visit-2026-09-12"))["hours_48"] == "suppressed BEFORE_GO_LIVE"
    assert [(each.sequence.anchor, each.send.touchpoint) for _, each in story.said] == [
        ("visit-2026-09-12", Touchpoint.HOURS_24),
        ("visit-2026-09-12", Touchpoint.MORNING),
        ("visit-2026-09-20", Touchpoint.HOURS_48),
        ("visit-2026-09-20", Touchpoint.HOURS_24),
        ("visit-2026-09-20", Touchpoint.MORNING),
    ]
    assert ledger_of(story.facts.sequences, story.now).adds_up


def test_R19_a_treatment_learned_of_after_go_live_does_not_send_what_was_past_before() -> None:
    story = Story(at(FIRST + timedelta(days=2)))
    story.treat(treated("botox", MONDAY, recorded_at=story.now))
    story.until(at(date(2026, 12, 15)))

    assert states(story.refill())["first"] == "expired LEARNED_LATE"
    assert story.days_said(REFILL) == [SECOND, LAST]


def test_R19_the_lapsed_enter_reactivation_spread_over_28_days() -> None:
    firsts = []
    for number in range(60):
        story = Story(at(MONDAY), policy=policy(live_at=at(MONDAY)))
        story.know(person=person(id=f"client-{number}"))
        story.treat(treated("botox", MONDAY - timedelta(days=300), recorded_at=story.now))
        story.until(at(MONDAY + timedelta(days=40)))
        firsts.append((story.days_said(REACTIVATION)[0] - MONDAY).days)

    assert 1 <= min(firsts) <= 4
    assert 24 <= max(firsts) <= 29
    assert len(set(firsts)) > 15


def test_R19_the_day_that_go_live_gave_her_is_kept() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=at(MONDAY)))
    story.know(reactivates_on=date(2026, 9, 15))
    story.treat(treated("botox", MONDAY - timedelta(days=300), recorded_at=story.now))
    story.until(at(date(2026, 11, 30)))

    assert story.days_said(REACTIVATION) == [date(2026, 9, 15), date(2026, 10, 15), date(2026, 11, 16)]


def test_R20_with_stale_records_promotion_waits_and_says_so() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 9))
    story.policy = policy(is_records_stale=True)
    story.until(at(FIRST, 12))
    assert states(story.refill())["first"] == "waiting RECORDS_STALE"
    story.policy = policy()
    story.until(at(FIRST, 14))

    assert states(story.refill())["first"] == "sent"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("inactive", Reason.CLIENT_INACTIVE),
        ("deceased", Reason.CLIENT_DECEASED),
        ("do_not_contact", Reason.DO_NOT_CONTACT),
    ],
)
def test_R21_whoever_must_not_be_contacted_has_everything_ended(status: str, reason: Reason) -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(MONDAY + timedelta(days=10), "unrelated", made=story.now))
    story.know(person=person(status=status))

    assert {(each.state, each.reason) for each in story.sequences()} == {(SequenceState.ENDED, reason.value)}
    story.treat(treated("lip_filler", MONDAY + timedelta(days=1)))
    assert len(story.sequences()) == 2
    story.until(at(MONDAY + timedelta(days=120)))
    assert story.said == []


def test_R21_under_eighteen_nothing_is_planned_until_the_birthday() -> None:
    story = Story(at(MONDAY))
    story.know(person=person(date_of_birth=date(2008, 9, 15)))
    story.treat(treated())
    assert story.sequences() == ()
    story.until(at(date(2026, 9, 15), 0, 1))

    assert live(story) == {"botox": [FIRST, SECOND, LAST]}

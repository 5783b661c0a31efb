"""R6 to R12: which bookings stop what, and what happens when they fall away?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.engine.values import Booked
from reminders.engine.words import ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import (
    MONDAY,
    Story,
    at,
    booked,
    days_after,
    open_days,
    policy,
    states,
    treated,
    visit,
)

REFILL, CONFIRMATION, REACTIVATION = SequenceKind.REFILL, SequenceKind.CONFIRMATION, SequenceKind.REACTIVATION
FIRST, SECOND, LAST = days_after(MONDAY, 70, 77, 84)
VISIT_DAY = date(2026, 11, 20)
VISIT = f"visit-{VISIT_DAY}"


@pytest.fixture
def story() -> Story:
    """Botox on a Monday; forty days later."""
    told = Story(at(MONDAY))
    told.treat(treated())
    told.until(at(MONDAY + timedelta(days=40)))
    return told


@pytest.mark.parametrize("service", ["botox", "dysport", "xeomin", "jeuveau", "consultation", "unknown"])
def test_R6_a_booking_of_the_family_or_of_a_service_not_yet_known_stops_the_sequence(
    story: Story, service: str
) -> None:
    story.book(visit(VISIT_DAY, service, made=story.now))

    assert story.refill().state is SequenceState.BOOKED
    assert set(states(story.refill()).values()) == {"cancelled BOOKED"}


@pytest.mark.parametrize("service", ["lip_filler", "sculptra", "unrelated", "follow_up"])
def test_R6_an_unrelated_booking_or_a_follow_up_does_not(story: Story, service: str) -> None:
    story.book(visit(VISIT_DAY, service, made=story.now))

    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [FIRST, SECOND, LAST]


def test_R6_a_consultation_does_not_fit_where_the_practice_says_so(story: Story) -> None:
    story.policy = policy(consultation_fits=False)
    story.book(visit(VISIT_DAY, "consultation", made=story.now))

    assert story.refill().state is SequenceState.OPEN


@pytest.mark.parametrize(("days", "state"), [(28, SequenceState.OPEN), (29, SequenceState.BOOKED)])
def test_R6_what_starts_within_28_days_after_day_zero_never_fits(days: int, state: SequenceState) -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(MONDAY + timedelta(days=days), made=story.now))

    assert story.refill().state is state


def test_R6_in_a_series_the_next_session_may_be_soon() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("sculptra", is_series_complete=True))
    story.book(visit(MONDAY + timedelta(days=14), "sculptra", made=story.now))

    assert story.refill("sculptra").state is SequenceState.BOOKED


def test_R6_a_fitting_booking_ends_all_sequences_of_its_family_and_no_others() -> None:
    story = Story(at(MONDAY))
    story.treat(
        treated("cheek_filler", MONDAY - timedelta(days=60)), treated("voluma"), treated("lip_filler"), treated("botox")
    )
    story.book(visit(MONDAY + timedelta(days=120), "voluma", made=story.now))

    found = {each.treatment_type: each.state for each in story.sequences(REFILL)}
    assert found == {
        "cheek_filler": SequenceState.BOOKED,
        "voluma": SequenceState.BOOKED,
        "lip_filler": SequenceState.OPEN,
        "botox": SequenceState.OPEN,
    }


def test_R6_an_unknown_service_suspends_all_families_at_most_seven_days() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("lip_filler"), treated("botox"))
    story.until(at(MONDAY + timedelta(days=40)))
    story.book(visit(date(2026, 12, 18), "unknown", made=story.now))

    assert {each.state for each in story.sequences(REFILL)} == {SequenceState.BOOKED}
    story.until(story.now + timedelta(days=6, hours=23))
    assert {each.state for each in story.sequences(REFILL)} == {SequenceState.BOOKED}
    story.until(story.now + timedelta(hours=1))
    assert {each.state for each in story.sequences(REFILL)} == {SequenceState.OPEN}
    assert open_days([story.refill("botox")]) == [FIRST, SECOND, LAST]


def test_R6_an_unknown_service_mapped_to_something_unrelated_lets_go_at_once(story: Story) -> None:
    story.until(at(SECOND, 9))
    story.book(visit(date(2026, 12, 18), "unknown", made=story.now))
    story.until(at(SECOND, 12))
    story.change("visit-2026-12-18", services=(booked("unrelated"),))

    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [LAST]  # the second step's moment passed meanwhile


def test_R6_a_visit_of_several_services_fits_by_any_of_them(story: Story) -> None:
    story.book(visit(VISIT_DAY, "unrelated", "dysport", made=story.now))

    assert story.refill().state is SequenceState.BOOKED


def test_R7_booked_at_checkout_the_sequence_starts_booked_and_opens_if_that_falls_away() -> None:
    story = Story(at(MONDAY))
    story.book(visit(VISIT_DAY, made=story.now))
    story.treat(treated())

    assert (story.refill().state, story.refill().reminders) == (SequenceState.BOOKED, ())
    assert story.confirmation(VISIT).state is SequenceState.OPEN
    story.until(at(date(2026, 10, 1)))
    story.change(VISIT, status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 10, 2)))
    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [FIRST, SECOND, LAST]


def test_R8_a_cancellation_reopens_after_24_hours_at_the_next_future_step(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now))
    story.until(at(SECOND, 12))
    story.change(VISIT, status="cancelled", ended_at=story.now)
    story.until(story.now + timedelta(hours=23, minutes=59))
    assert story.refill().state is SequenceState.BOOKED
    story.until(story.now + timedelta(minutes=1))

    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [LAST]
    story.until(at(date(2026, 12, 31)))
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST]  # the first that is really sent (R3)


def test_R8_rebooked_minutes_later_nothing_is_released(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now))
    story.until(at(SECOND, 9))
    story.change(VISIT, status="cancelled", ended_at=story.now)
    story.until(story.now + timedelta(minutes=20))
    story.book(visit(date(2026, 12, 4), made=story.now))
    story.until(at(date(2026, 12, 3)))

    assert story.days_said(REFILL) == []
    assert story.refill().state is SequenceState.BOOKED


def test_R8_if_no_step_is_left_and_none_was_sent_one_first_reminder_leaves_two_days_later(story: Story) -> None:
    story.book(visit(date(2026, 12, 4), made=story.now))
    story.until(at(date(2026, 11, 25), 15))  # every step's day is over
    story.change("visit-2026-12-04", status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 12, 20)))

    # free again 24 hours later, on Thursday; two days after that is Saturday
    assert story.days_said(REFILL) == [date(2026, 11, 28)]
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST]


def test_R8_if_no_step_is_left_but_one_was_sent_nothing_more_leaves() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 12))
    story.book(visit(date(2026, 12, 4), made=story.now))
    story.until(at(date(2026, 11, 25), 15))
    story.change("visit-2026-12-04", status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 12, 15)))

    assert story.days_said(REFILL) == [FIRST]
    assert states(story.refill())["first"] == "sent"


def test_R8_steps_held_after_reopening_do_not_make_another_first_reminder(story: Story) -> None:
    story.permit(is_sms_consented=False)
    story.know(person=replace(story.facts.person, email=""))
    story.book(visit(VISIT_DAY, made=story.now))
    story.until(at(SECOND, 12))
    story.change(VISIT, status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 12, 31)))

    assert "reopened" not in states(story.refill())
    assert states(story.refill())["last"] == "suppressed NO_CONSENT"


def test_R8_a_move_is_told_once_with_the_last_of_several_within_ten_minutes(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now))
    story.until(story.now + timedelta(days=1))
    for minutes, hour in ((0, 15), (4, 16), (8, 17)):
        moment = at(date(2026, 10, 12), 12, minutes)
        story.until(moment)
        story.change(VISIT, starts_at=at(VISIT_DAY, hour), moved_at=moment)
    story.until(at(VISIT_DAY, 23))

    moved = [(moment, each) for moment, each in story.said if each.send.touchpoint is Touchpoint.MOVED]
    assert [moment for moment, _ in moved] == [at(date(2026, 10, 12), 12, 18)]
    assert moved[0][1].sequence.starts_at == at(VISIT_DAY, 17)
    assert story.said[-1][0] == at(VISIT_DAY, 14)  # three hours before the new start


def test_R8_moved_back_to_the_start_she_knows_nothing_is_said(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now))
    story.until(story.now + timedelta(days=1))
    story.change(VISIT, starts_at=at(VISIT_DAY, 17), moved_at=story.now)
    story.until(story.now + timedelta(minutes=5))
    story.change(VISIT, starts_at=at(VISIT_DAY, 14), moved_at=story.now)
    story.until(at(VISIT_DAY, 23))

    assert Touchpoint.MOVED not in story.touchpoints(CONFIRMATION)


def test_R8_a_second_move_after_the_first_was_told_is_told_too(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now))
    for hour in (16, 17):
        story.until(story.now + timedelta(days=1))
        story.change(VISIT, starts_at=at(VISIT_DAY, hour), moved_at=story.now)
    story.until(at(VISIT_DAY, 23))

    moved = [each.sequence.starts_at for _, each in story.said if each.send.touchpoint is Touchpoint.MOVED]
    assert moved == [at(VISIT_DAY, 16), at(VISIT_DAY, 17)]


def test_R8_cancelled_by_the_practice_is_told_once_and_by_the_client_not_at_all(story: Story) -> None:
    story.book(visit(VISIT_DAY, made=story.now), visit(date(2026, 11, 21), made=story.now))
    story.until(story.now + timedelta(days=1))
    story.change(VISIT, status="cancelled", ended_at=story.now, is_cancelled_by_practice=True)
    story.change("visit-2026-11-21", status="cancelled", ended_at=story.now)
    story.until(story.now + timedelta(days=2))

    told = [each.sequence.anchor for _, each in story.said if each.send.touchpoint is Touchpoint.CANCELLED]
    assert told == [VISIT]
    assert {each.state for each in story.sequences(CONFIRMATION)} == {SequenceState.ENDED}
    assert states(story.confirmation(VISIT))["hours_48"] == "cancelled APPOINTMENT_CANCELLED"


def test_R9_a_no_show_is_called_at_once_and_seven_days_later_the_refill_reopens() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(date(2026, 11, 6), made=story.now))
    story.until(at(date(2026, 11, 6), 18))
    story.change("visit-2026-11-06", status="no_show", ended_at=story.now)

    assert [(call.reason, call.anchor) for call in story.last.calls] == [("NO_SHOW", "visit-2026-11-06")]
    assert story.confirmation("visit-2026-11-06").state is SequenceState.ENDED
    story.until(at(date(2026, 11, 13), 17))
    assert story.refill().state is SequenceState.BOOKED
    story.until(at(date(2026, 11, 13), 18))
    assert open_days([story.refill()]) == [SECOND, LAST]


def test_R10_silence_for_three_days_is_shown_and_for_fourteen_reopens() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(date(2026, 11, 5), made=story.now))
    story.until(at(date(2026, 11, 8), 13))
    assert not story.last.calls
    story.until(at(date(2026, 11, 8), 14))
    assert [call.reason for call in story.last.calls] == ["UNKNOWN_OUTCOME"]
    story.until(at(date(2026, 11, 19), 13))
    assert story.refill().state is SequenceState.BOOKED
    story.until(at(date(2026, 11, 19), 14))

    assert open_days([story.refill()]) == [LAST]


def test_R10_completed_without_a_treatment_of_the_family_reopens_three_days_later() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(date(2026, 11, 12), made=story.now))
    story.until(at(date(2026, 11, 12), 15))
    story.change("visit-2026-11-12", status="completed", ended_at=story.now)
    story.until(at(date(2026, 11, 15), 14))
    assert story.refill().state is SequenceState.BOOKED
    story.until(at(date(2026, 11, 15), 15))

    assert open_days([story.refill()]) == [SECOND, LAST]


def test_R10_completed_with_another_type_of_the_family_treated_the_older_does_not_reopen() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("cheek_filler"))
    day = MONDAY + timedelta(days=200)
    story.until(at(MONDAY + timedelta(days=100)))
    story.book(visit(day, "voluma", made=story.now))
    story.until(at(day, 15))
    story.change(f"visit-{day}", status="completed", ended_at=story.now)
    story.treat(treated("voluma", day))
    story.until(at(day + timedelta(days=10)))

    assert story.refill("cheek_filler").reason == "TREATED"
    assert story.refill("voluma").state is SequenceState.OPEN


def test_R10_a_treatment_that_follows_starts_the_next_sequence() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(FIRST, made=story.now))
    story.until(at(FIRST, 15))
    story.change(f"visit-{FIRST}", status="completed", ended_at=story.now)
    story.treat(treated("botox", FIRST))

    assert {each.reason for each in story.sequences(REFILL) if not each.is_live} == {"SUPERSEDED"}
    assert open_days([story.refill()]) == days_after(FIRST, 70, 77, 84)


def test_R11_rows_of_one_day_are_one_visit_timed_by_the_earliest_start() -> None:
    made = at(date(2026, 11, 1), 12)
    story = Story(made)
    story.book(
        visit(VISIT_DAY, "botox", made=made, hour=15, id="late"),
        visit(VISIT_DAY, "unrelated", made=made, hour=13, id="early"),
    )
    story.until(at(VISIT_DAY, 23))

    assert story.touchpoints(CONFIRMATION) == [
        Touchpoint.BOOKED,
        Touchpoint.HOURS_48,
        Touchpoint.HOURS_24,
        Touchpoint.MORNING,
    ]
    assert story.said[-1][0] == at(VISIT_DAY, 10)


def test_R11_an_earlier_row_that_joins_the_visit_is_not_told_as_a_move() -> None:
    made = at(date(2026, 11, 1), 12)
    story = Story(made)
    story.book(visit(VISIT_DAY, "botox", made=made, hour=15, id="late"))
    story.until(at(date(2026, 11, 3)))
    story.book(visit(VISIT_DAY, "unrelated", made=story.now, hour=13, id="early"))
    story.until(at(VISIT_DAY, 23))

    assert Touchpoint.MOVED not in story.touchpoints(CONFIRMATION)
    assert story.touchpoints(CONFIRMATION).count(Touchpoint.BOOKED) == 1
    assert story.said[-1][0] == at(VISIT_DAY, 10)


@pytest.mark.parametrize(
    ("confirms", "confirmed"),
    [("all", {"injectable", "facial"}), ("injectables", {"injectable"}), ("none", set())],
)
def test_R11_the_practice_chooses_which_visits_medspa_confirms(confirms: str, confirmed: set[str]) -> None:
    made = at(date(2026, 11, 1), 12)
    story = Story(made, policy=policy(confirms=confirms))
    story.book(
        visit(VISIT_DAY, "botox", made=made, id="injectable"),
        visit(date(2026, 11, 24), "unrelated", made=made, id="facial"),
    )

    assert {each.anchor for each in story.sequences(CONFIRMATION)} == confirmed


def lapsed() -> Story:
    """Every refill step sent, and two reactivation messages."""
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(date(2027, 2, 10)))
    assert len(story.days_said(REACTIVATION)) == 2
    return story


def test_R12_in_reactivation_a_booking_suspends_the_rest_and_if_it_falls_away_it_goes_on() -> None:
    story = lapsed()
    before = story.days_said(REACTIVATION)
    sequence = story.reactivation()
    assert sequence is not None
    story.book(visit(date(2027, 3, 1), made=story.now))
    suspended = story.reactivation()
    assert suspended is not None
    assert suspended.state is SequenceState.BOOKED
    assert not any(each.is_open for each in suspended.reminders)

    story.until(at(date(2027, 2, 15)))
    story.change("visit-2027-03-01", status="cancelled", ended_at=story.now)
    story.until(at(date(2027, 4, 30)))

    resumed = story.reactivation()
    assert resumed is not None
    assert resumed.key == sequence.key  # the same, its count kept
    assert len({each.planned_at.day for each in resumed.reminders}) == 1  # her day of the month
    assert story.days_said(REACTIVATION)[:2] == before
    assert story.days_said(REACTIVATION)[2] > date(2027, 2, 16)
    assert len(story.days_said(REACTIVATION)) >= 4


def test_R12_after_the_last_message_a_booking_leaves_the_finished_sequence_as_it_is() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(LAST + timedelta(days=2)))
    story.book(visit(date(2026, 12, 18), made=story.now))

    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, "FINISHED")
    assert [each.state for each in story.refill().reminders] == [ReminderState.SENT] * 3
    assert story.reactivation() is None
    assert Booked("treatment_type", "botox", "neuromodulator") in story.facts.visits[0].services


def test_R8_a_cancellation_that_was_hers_after_all_is_not_told_as_the_practices() -> None:
    story = Story(at(MONDAY))
    story.book(visit(date(2026, 9, 10), made=story.now))
    story.now = at(MONDAY, 22)
    told = {"status": "cancelled", "ended_at": story.now}
    story.change("visit-2026-09-10", **told, is_cancelled_by_practice=True)
    assert states(story.confirmation("visit-2026-09-10"))["cancelled"] == "planned"
    story.change("visit-2026-09-10", **told, is_cancelled_by_practice=False)

    assert states(story.confirmation("visit-2026-09-10"))["cancelled"] == "cancelled APPOINTMENT_CANCELLED"

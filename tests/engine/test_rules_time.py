"""R1 to R5: when does each step leave?"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cadences.timeline import Cadence, Offset, Unit, steps_at
from reminders.engine.claim import awakened
from reminders.engine.words import Channel, Reason, ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import (
    ALL_TEXTS,
    CADENCES,
    CHICAGO,
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

REFILL, CONFIRMATION = SequenceKind.REFILL, SequenceKind.CONFIRMATION


def told(**known: object) -> Story:
    return Story(at(MONDAY), **known)  # type: ignore[arg-type]


def test_R1_steps_count_from_the_date_of_service_whenever_it_was_recorded() -> None:
    story = Story(at(MONDAY + timedelta(days=3)))
    story.treat(treated("botox", MONDAY, recorded_at=story.now))

    assert story.refill().day_zero == MONDAY
    assert open_days([story.refill()]) == days_after(MONDAY, 70, 77, 84)


def test_R2_a_step_is_due_at_ten_on_its_local_date_though_the_clocks_changed() -> None:
    story = told()
    story.treat(treated())

    assert [each.due_at for each in story.refill().reminders] == [
        datetime(2026, 11, day, 16, tzinfo=UTC) for day in (9, 16, 23)
    ]
    # in August the same ten o'clock was 15:00 UTC
    assert at(MONDAY, 10) == datetime(2026, 8, 31, 15, tzinfo=UTC)


def test_R2_a_step_that_falls_on_a_sunday_moves_forward_to_monday_morning() -> None:
    story = told()
    story.treat(treated("botox", MONDAY - timedelta(days=1)))  # day 70 is a Sunday

    first = story.refill().reminders[0]
    assert (first.planned_at, first.due_at) == (at(date(2026, 11, 8), 10), at(date(2026, 11, 9), 10))


def test_R2_a_move_to_another_zone_times_open_steps_anew() -> None:
    story = told()
    story.treat(treated())
    story.know(person=person(home_zone="America/Los_Angeles", zones=("America/Los_Angeles",)))

    assert [each.due_at for each in story.refill().reminders] == [
        datetime(2026, 11, day, 18, tzinfo=UTC) for day in (9, 16, 23)
    ]


def test_R2_the_narrowest_of_all_candidate_zones_counts() -> None:
    story = told(facts=replace(told().facts, person=person(zones=(CHICAGO, "Pacific/Honolulu"))))
    story.treat(treated())

    # 10:00 in Honolulu is 14:00 in Chicago in November
    assert story.refill().reminders[0].due_at == at(date(2026, 11, 9), 14)


def test_R2_without_an_open_moment_in_three_days_there_is_no_message() -> None:
    story = told(policy=policy(promotion_opens=time(10), promotion_closes=time(11)))
    story.know(person=person(zones=(CHICAGO, "Pacific/Honolulu")))
    story.treat(treated())
    story.until(at(date(2026, 12, 31)))

    assert set(states(story.refill()).values()) == {"suppressed NO_WINDOW"}
    assert story.said == []


def test_R3_a_step_keeps_five_days_from_when_the_one_before_was_really_sent() -> None:
    story = told()
    story.treat(treated())
    story.until(at(date(2026, 11, 9), 9))
    story.know(has_unanswered_reply=True)
    story.until(at(date(2026, 11, 13), 12))  # Friday: four days late
    story.know(has_unanswered_reply=False)
    story.until(at(date(2026, 12, 31)))

    assert story.days_said(REFILL) == [date(2026, 11, 13), date(2026, 11, 18), date(2026, 11, 23)]


def test_R3_an_open_earlier_step_moves_those_after_it_and_is_never_passed() -> None:
    close = Cadence("botox", "neuromodulator", steps_at(*(Offset(n, Unit.DAYS) for n in (70, 71, 72))), None)
    story = told(policy=policy(cadences={"botox": close}))
    story.treat(treated())

    assert open_days([story.refill()]) == days_after(MONDAY, 70, 75, 80)
    story.until(at(date(2026, 12, 31)))
    assert [each.ref.step for _, each in story.said if each.sequence.kind is REFILL] == ["first", "second", "last"]


def test_R3_the_text_follows_what_was_sent_and_not_which_step_it_is() -> None:
    story = told(policy=policy(late_days=5))
    story.treat(treated())
    story.until(at(date(2026, 11, 9), 9))
    story.know(has_unanswered_reply=True)
    story.until(at(date(2026, 11, 15), 12))  # the first step ran out
    story.know(has_unanswered_reply=False)
    story.until(at(date(2026, 12, 1)))

    assert states(story.refill())["first"] == "suppressed REPLY_UNANSWERED"
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.LAST]


def test_R3_the_first_message_never_has_an_incentive() -> None:
    steps = tuple(replace(step, incentive="add-on") for step in CADENCES["botox"].steps)
    story = told(policy=policy(cadences={"botox": replace(CADENCES["botox"], steps=steps)}))
    story.treat(treated())
    story.until(at(date(2026, 12, 1)))

    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.SECOND_INCENTIVE, Touchpoint.LAST]
    assert [each.send.with_incentive for _, each in story.said] == [False, True, True]


def test_R4_a_step_nobody_decided_on_for_more_than_five_days_expires_and_the_next_stands() -> None:
    story = told()
    story.treat(treated())
    story.now = at(date(2026, 11, 14), 11)  # 5 days and an hour
    story.decide()
    story.until(at(date(2026, 12, 31)))

    assert states(story.refill())["first"] == "expired TOO_LATE"
    assert story.days_said(REFILL) == [date(2026, 11, 16), date(2026, 11, 23)]


def test_R4_a_step_five_days_late_to_the_minute_still_leaves() -> None:
    story = told()
    story.treat(treated())
    story.now = at(date(2026, 11, 14), 10)
    story.decide()

    assert story.days_said(REFILL) == [date(2026, 11, 14)]


@pytest.mark.parametrize(
    ("learned_after", "leaves"),
    [
        (timedelta(minutes=15), (date(2026, 9, 1), time(2, 15))),  # at once, at any hour
        (timedelta(minutes=16), (date(2026, 9, 1), time(8))),  # else in the window
        (timedelta(hours=24), (date(2026, 9, 2), time(8))),
    ],
)
def test_R4_a_booking_is_confirmed_at_once_if_learned_of_within_15_minutes(
    learned_after: timedelta, leaves: tuple[date, time]
) -> None:
    made = at(date(2026, 9, 1), 2)
    story = Story(made + learned_after)
    story.book(visit(date(2026, 9, 20), made=made, learned_at=story.now))
    story.until(at(date(2026, 9, 3)))

    moment, claimed = story.said[0]
    assert claimed.send.touchpoint is Touchpoint.BOOKED
    assert moment == at(leaves[0], leaves[1].hour, leaves[1].minute)


def test_R4_a_booking_older_than_a_day_when_learned_of_is_not_confirmed_but_reminded_of() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made + timedelta(hours=24, minutes=1))
    story.book(visit(date(2026, 9, 20), made=made, learned_at=story.now))
    story.until(at(date(2026, 9, 21)))

    assert story.touchpoints(CONFIRMATION) == [Touchpoint.HOURS_48, Touchpoint.HOURS_24, Touchpoint.MORNING]


def test_R4_a_booking_that_was_held_at_night_waits_for_the_window() -> None:
    made = at(date(2026, 9, 1), 22)
    story = Story(made, policy=policy(is_paused=True))
    story.book(visit(date(2026, 9, 20), made=made))
    story.until(made + timedelta(hours=2))
    story.policy = policy()
    story.until(at(date(2026, 9, 2)))

    assert story.said[0][0] >= at(date(2026, 9, 2), 8)


def test_R5_the_steps_before_a_visit_leave_48_and_24_hours_and_3_hours_before_it() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made, hour=14))
    story.until(at(date(2026, 9, 21)))

    assert [moment for moment, _ in story.said] == [
        made,
        at(date(2026, 9, 18), 14),
        at(date(2026, 9, 19), 14),
        at(date(2026, 9, 20), 11),
    ]


def test_R5_the_morning_message_does_not_come_before_eight() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made, hour=10))
    story.until(at(date(2026, 9, 21)))

    assert story.said[-1][0] == at(date(2026, 9, 20), 8)


def test_R5_for_an_early_start_it_comes_the_evening_before_and_says_tomorrow() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made, starts_at=at(date(2026, 9, 20), 9, 29)))
    story.until(at(date(2026, 9, 21)))

    moment, claimed = story.said[-1]
    assert (moment, claimed.send.touchpoint) == (at(date(2026, 9, 19), 18), Touchpoint.EVENING_BEFORE)


def test_R5_a_message_about_today_that_moved_back_to_the_day_before_does_not_say_today() -> None:
    zones = (CHICAGO, "Pacific/Honolulu")  # eight in Honolulu is one in the afternoon in Chicago
    made = at(date(2026, 9, 1), 14)
    story = Story(made, facts=replace(told().facts, person=person(zones=zones)))
    story.book(visit(date(2026, 9, 20), made=made, hour=11))
    story.until(at(date(2026, 9, 21)))

    moment, claimed = story.said[-1]
    assert moment.astimezone(ZoneInfo(CHICAGO)).date() == date(2026, 9, 19)
    assert claimed.send.touchpoint is not Touchpoint.MORNING


def test_R5_steps_before_the_start_move_back_into_the_window_and_never_forward() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made, hour=22))
    story.until(at(date(2026, 9, 21)))

    moments = {each.send.touchpoint: moment for moment, each in story.said}
    assert moments[Touchpoint.HOURS_48] == at(date(2026, 9, 18), 20, 59)
    assert moments[Touchpoint.HOURS_24] == at(date(2026, 9, 19), 20, 59)


def test_R5_a_step_within_three_hours_of_the_booking_confirmation_is_skipped() -> None:
    made = at(date(2026, 9, 18), 13)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made, hour=14))  # the 48-hour step would come an hour later
    story.until(at(date(2026, 9, 21)))

    assert story.touchpoints(CONFIRMATION) == [Touchpoint.BOOKED, Touchpoint.HOURS_24, Touchpoint.MORNING]


def test_R5_a_step_is_valid_until_the_next_ones_moment_and_the_last_until_the_start() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made, policy=policy(approved=frozenset()))
    story.book(visit(date(2026, 9, 20), made=made))
    sequence = story.confirmation("visit-2026-09-20")
    until = {each.step: each.valid_until for each in sequence.reminders}

    assert until == {
        "booked": at(date(2026, 9, 18), 14),
        "hours_48": at(date(2026, 9, 19), 14),
        "hours_24": at(date(2026, 9, 20), 11),
        "morning": at(date(2026, 9, 20), 14),
    }
    story.until(at(date(2026, 9, 21)))
    sequence = story.confirmation("visit-2026-09-20")
    assert set(states(sequence).values()) <= {"suppressed NO_APPROVED_TEXT", "cancelled APPOINTMENT_PASSED"}
    assert story.said == []


def test_R5_only_appointments_booked_or_confirmed_are_asked_about() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made), visit(date(2026, 9, 22), made=made, status="arrived"))

    assert [each.anchor for each in story.sequences(CONFIRMATION)] == ["visit-2026-09-20"]
    story.change("visit-2026-09-20", status="confirmed")
    assert story.confirmation("visit-2026-09-20").state is SequenceState.OPEN


def test_R5_what_fails_at_the_gateway_stays_failed() -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made))
    story.decide(fate=ReminderState.FAILED)

    assert states(story.confirmation("visit-2026-09-20"))["booked"] == f"failed {Reason.REFUSED}"
    assert (Touchpoint.BOOKED, Channel.SMS, None) in ALL_TEXTS


def test_LIB6_an_open_sequence_keeps_its_version_and_a_new_one_follows_the_current() -> None:
    old = replace(CADENCES["botox"], cadence_id="v1")
    new = replace(old, steps=steps_at(Offset(63, Unit.DAYS), Offset(77, Unit.DAYS)), cadence_id="v2", version=2)
    story = told(policy=policy(cadences={"botox": old}, versions={"v1": old}))
    story.treat(treated())
    story.policy = policy(cadences={"botox": new}, versions={"v1": old, "v2": new})
    story.plan()
    assert open_days([story.refill()]) == days_after(MONDAY, 70, 77, 84)

    story.know(sequences=tuple(replace(each, cadence_id="v2") for each in story.facts.sequences))
    assert open_days([story.refill()]) == days_after(MONDAY, 63, 77)
    assert states(story.refill())["second"] == "cancelled CADENCE_CHANGED"


def test_SEQ7_a_message_says_by_when_it_must_have_left() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    made = at(date(2026, 11, 1), 12)
    story.book(visit(date(2026, 11, 20), "facial", made=made, learned_at=story.now, booked_at=made))
    story.until(at(date(2026, 11, 20)))

    by = {each.send.touchpoint: (moment, each.send.leaves_by) for moment, each in story.said}
    assert by[Touchpoint.FIRST] == (at(date(2026, 11, 9), 10), at(date(2026, 11, 9), 20))
    assert by[Touchpoint.HOURS_48] == (at(date(2026, 11, 18), 14), at(date(2026, 11, 18), 21))


def test_SEQ7_a_booking_confirmed_at_once_may_leave_at_any_hour() -> None:
    made = at(date(2026, 9, 1), 20, 59) + timedelta(seconds=55)
    story = Story(made)
    story.book(visit(date(2026, 9, 20), made=made))
    story.until(made)

    (moment, claimed), *_ = story.said
    assert (moment, claimed.send.touchpoint, claimed.send.leaves_by) == (made, Touchpoint.BOOKED, None)


@pytest.mark.parametrize(
    ("seconds", "leaves"), [(49, (date(2026, 9, 18), 20)), (50, (date(2026, 9, 18), 20)), (51, (date(2026, 9, 19), 8))]
)
def test_SEQ7_a_confirmation_that_cannot_leave_before_the_window_closes_waits_for_the_next(
    seconds: int, leaves: tuple[date, int]
) -> None:
    made = at(date(2026, 9, 1), 12)
    story = Story(made, policy=policy(is_paused=True))
    story.book(visit(date(2026, 9, 20), made=made, hour=20))
    story.until(at(date(2026, 9, 18), 20, 59) + timedelta(seconds=seconds))
    story.policy = policy()
    story.facts = replace(story.facts, sequences=awakened(story.last, story.now).sequences)
    story.decide()
    story.until(at(date(2026, 9, 19), 9))

    moments = [moment for moment, each in story.said if each.send.touchpoint is Touchpoint.HOURS_48]
    assert [each.replace(minute=0, second=0) for each in moments] == [at(*leaves)]

"""R22 to R24: what of several things at once?"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from cadences.timeline import Cadence, ChannelRule, Offset, Unit, steps_at
from reminders.engine.values import Ref
from reminders.engine.words import Channel, Reason, ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import (
    CADENCES,
    MONDAY,
    Story,
    at,
    days_after,
    person,
    policy,
    states,
    treated,
    visit,
)

REFILL, REACTIVATION = SequenceKind.REFILL, SequenceKind.REACTIVATION
FIRST, SECOND, LAST = days_after(MONDAY, 70, 77, 84)


def every(*days: int, family: str = "other", **known: Any) -> Cadence:
    return Cadence(
        family,
        family,
        tuple(replace(step, **known) for step in steps_at(*(Offset(day, Unit.DAYS) for day in days))),
        None,
    )


def two(first: Cadence, second: Cadence) -> Story:
    """Two treatments on one Monday."""
    story = Story(at(MONDAY), policy=policy(cadences={first.treatment_type: first, second.treatment_type: second}))
    story.treat(treated(first.treatment_type), treated(second.treatment_type))
    return story


def test_R22_steps_of_two_sequences_less_than_seven_days_apart_leave_as_one() -> None:
    story = two(every(70, 91, 112, family="a"), every(75, 150, 170, family="b"))
    story.until(at(MONDAY + timedelta(days=100)))

    assert story.days_said(REFILL) == days_after(MONDAY, 70, 91)
    assert story.said[0][1].send.touchpoint is Touchpoint.COMBINED
    assert story.said[0][1].send.joined == (Ref(story.refill("b").key, "first", 0),)
    assert (states(story.refill("a"))["first"], states(story.refill("b"))["first"]) == ("sent", "sent")


def test_R22_seven_days_apart_they_leave_apart() -> None:
    story = two(every(70, 100, family="a"), every(77, 150, family="b"))
    story.until(at(MONDAY + timedelta(days=90)))

    assert story.days_said(REFILL) == days_after(MONDAY, 70, 77)
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST, Touchpoint.FIRST]


def test_R22_the_earlier_step_rules_the_channel() -> None:
    story = two(
        every(70, 100, family="a", channel_rule=ChannelRule.EMAIL),
        every(72, 150, family="b", channel_rule=ChannelRule.SMS),
    )
    story.until(at(MONDAY + timedelta(days=72)))

    assert [each.send.channels for _, each in story.said] == [(Channel.EMAIL,)]


def test_R22_an_incentive_comes_only_if_every_joined_step_is_past_its_first() -> None:
    story = two(every(70, 77, 84, family="a", incentive="add-on"), every(78, 85, family="b", incentive="add-on"))
    story.until(at(MONDAY + timedelta(days=90)))

    combined = [each.send for _, each in story.said if each.send.touchpoint is Touchpoint.COMBINED]
    assert [send.with_incentive for send in combined] == [False, True]


def test_R22_a_combined_message_is_one_for_the_cap_and_one_for_each_sequence() -> None:
    story = two(every(70, 76, 82, family="a"), every(71, 77, 83, family="b"))
    story.until(at(MONDAY + timedelta(days=100)))

    assert len(story.days_said(REFILL)) == 3
    for family in ("a", "b"):
        assert [each.state for each in story.refill(family).reminders] == [ReminderState.SENT] * 3


def test_R22_holdout_and_confirmation_never_join() -> None:
    story = two(every(70, 90, family="a"), every(71, 91, family="b"))
    held = replace(story.refill("b"), state=SequenceState.HOLDOUT)
    story.policy = replace(story.policy, holdout_percent=100, holdout_key=b"key")
    story.know(sequences=(story.refill("a"), held))
    story.book(visit(MONDAY + timedelta(days=72), "unrelated", made=story.now))
    story.until(at(MONDAY + timedelta(days=100)))

    assert all(each.send.joined == () for _, each in story.said)


def test_R23_one_promotion_in_three_days_over_all_sequences() -> None:
    story = two(every(70, 90, family="a"), every(77, 97, family="b"))
    story.know(last_promotion_at=at(MONDAY + timedelta(days=68), 10))
    story.until(at(MONDAY + timedelta(days=120)))

    moments = [moment for moment, each in story.said]
    assert moments[0] == at(MONDAY + timedelta(days=71), 10)
    assert all(later - earlier >= timedelta(days=3) for earlier, later in pairwise(moments))


def test_R23_a_message_to_her_sister_at_the_same_number_counts() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(FIRST, 9))
    story.know(last_promotion_at=at(FIRST - timedelta(days=1), 10))  # to anyone at the address
    story.until(at(FIRST, 12))

    assert states(story.refill())["first"] == "waiting CAP"
    story.until(at(FIRST + timedelta(days=2), 12))
    assert story.days_said(REFILL) == [FIRST + timedelta(days=2)]


def test_R23_confirmation_is_not_capped() -> None:
    story = Story(at(MONDAY))
    story.know(last_promotion_at=at(MONDAY, 11))
    story.book(visit(MONDAY + timedelta(days=10), "unrelated", made=story.now))
    story.until(at(MONDAY, 13))

    assert [each.send.touchpoint for _, each in story.said] == [Touchpoint.BOOKED]


def test_R23_at_most_three_refill_messages_for_a_treatment() -> None:
    story = Story(at(MONDAY), policy=policy(most_refills=2))
    story.treat(treated())
    story.until(at(date(2026, 12, 5)))

    assert story.days_said(REFILL) == [FIRST, SECOND]
    assert states(story.refill())["last"] == "suppressed LIMIT_REACHED"


@pytest.mark.parametrize(("sharers", "reason"), [(4, "sent"), (5, "suppressed SHARED_ADDRESS")])
def test_R23_an_address_shared_by_more_than_four_clients_is_held(sharers: int, reason: str) -> None:
    story = Story(at(MONDAY))
    story.know(person=person(phone_shared_by=sharers, email_shared_by=sharers))
    story.treat(treated())
    story.until(at(FIRST + timedelta(days=6)))

    assert states(story.refill())["first"] == reason


def test_R23_within_48_hours_before_an_unrelated_appointment_promotion_waits_until_after_it() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.book(visit(FIRST + timedelta(days=2), "unrelated", made=at(MONDAY), hour=10, duration_minutes=60))
    story.until(at(FIRST, 9))
    story.until(at(FIRST, 12))
    assert states(story.refill())["first"] == "waiting APPOINTMENT_SOON"
    story.until(at(FIRST + timedelta(days=3)))

    assert [moment for moment, each in story.said if each.sequence.kind is REFILL] == [
        at(FIRST + timedelta(days=2), 11)
    ]


def first_asked_back(story: Story, until: date) -> date:
    story.until(at(until))
    return story.days_said(REACTIVATION)[0]


def test_R24_a_neuromodulator_lapses_at_day_112_and_is_asked_back_within_a_week() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    asked = first_asked_back(story, date(2027, 2, 1))

    assert 0 < (asked - MONDAY).days - 112 <= 7


def test_R24_a_filler_lapses_28_days_after_the_last_step() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("lip_filler"))
    last_step = date(2027, 3, 31)

    assert 0 < (first_asked_back(story, date(2027, 6, 1)) - last_step).days - 28 <= 7


def test_R24_not_before_21_days_after_the_last_refill_message() -> None:
    close = replace(CADENCES["botox"], lapse=Offset(84, Unit.DAYS))
    story = Story(at(MONDAY), policy=policy(cadences={"botox": close}))
    story.treat(treated())
    asked = first_asked_back(story, date(2027, 2, 1))

    assert story.days_said(REFILL)[-1] == LAST
    assert (asked - LAST).days >= 21


def test_R24_not_before_14_days_after_a_cancellation() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(LAST, 12))
    story.book(visit(date(2027, 1, 20), made=story.now))
    story.until(at(date(2027, 1, 10)))
    story.change("visit-2027-01-20", status="cancelled", ended_at=story.now)
    asked = first_asked_back(story, date(2027, 3, 1))

    assert 14 <= (asked - date(2027, 1, 10)).days <= 22


def test_R24_it_comes_monthly_on_the_same_day_for_twelve_messages() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(date(2028, 12, 31)))
    reactivation = story.reactivation()
    assert reactivation is not None

    assert len(story.days_said(REACTIVATION)) == 12
    assert len({each.planned_at.day for each in reactivation.reminders}) == 1
    months = [(day.year * 12 + day.month) for day in story.days_said(REACTIVATION)]
    assert months == list(range(months[0], months[0] + 12))
    assert (reactivation.state, reactivation.reason) == (SequenceState.ENDED, Reason.LIMIT_REACHED)


def test_R24_a_day_that_a_month_lacks_does_not_change_the_day_of_later_months() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=at(MONDAY)))
    story.know(reactivates_on=date(2026, 12, 31))
    story.treat(treated("botox", MONDAY - timedelta(days=300), recorded_at=story.now))
    story.until(at(date(2027, 4, 10)))

    # 28 February 2027 is a Sunday
    assert story.days_said(REACTIVATION) == [date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 31)]


def test_R24_it_is_over_after_24_months() -> None:
    story = Story(at(MONDAY), policy=policy(reactivation_limit=99))
    story.treat(treated())
    story.until(at(date(2029, 12, 31)))

    asked = story.days_said(REACTIVATION)
    assert timedelta(days=24 * 30) <= asked[-1] - asked[0] <= timedelta(days=24 * 31)


def test_R24_it_is_one_for_all_families_and_names_the_longest_lapsed() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=at(MONDAY)))
    story.treat(
        treated("botox", MONDAY - timedelta(days=200), recorded_at=story.now),
        treated("lip_filler", MONDAY - timedelta(days=500), recorded_at=story.now),
    )
    story.until(at(MONDAY + timedelta(days=60)))

    assert [each.treatment_type for each in story.sequences(REACTIVATION)] == ["lip_filler"]


def test_R24_it_waits_while_a_refill_step_is_due_within_30_days() -> None:
    story = Story(at(MONDAY), policy=policy(live_at=at(MONDAY)))
    story.treat(
        treated("botox", MONDAY - timedelta(days=300), recorded_at=story.now),
        treated("lip_filler", MONDAY - timedelta(days=100), recorded_at=story.now),
    )
    story.until(at(date(2027, 2, 28)))

    refills = story.days_said(REFILL)
    assert refills
    for asked in story.days_said(REACTIVATION):
        assert not [day for day in refills if 0 <= (day - asked).days < 30]


def test_R24_it_waits_28_days_after_any_treatment_and_while_something_is_booked() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(date(2027, 1, 10)))
    begun = story.days_said(REACTIVATION)
    story.treat(treated("lip_filler", date(2027, 1, 10)))
    story.until(at(date(2027, 4, 1)))

    later = [day for day in story.days_said(REACTIVATION) if day not in begun]
    assert all(day > date(2027, 2, 7) for day in later)
    story.book(visit(date(2027, 6, 20), "lip_filler", made=story.now))
    known = len(story.said)
    story.until(at(date(2027, 6, 1)))
    assert [each for _, each in story.said[known:] if each.sequence.kind is REACTIVATION] == []


def test_R24_a_refill_to_come_only_skips_months_and_never_ends_reactivation() -> None:
    story = two(every(70, 77, 84, family="a"), every(154, 182, 210, family="b"))
    story.until(at(MONDAY + timedelta(days=112)))
    refills = set(days_after(MONDAY, 154, 182, 210))
    story.until(at(MONDAY + timedelta(days=400)))

    asked = story.days_said(REACTIVATION)
    assert len([day for day in asked if day > max(refills)]) >= 5
    for day in asked:
        assert not any(timedelta(0) <= refill - day <= timedelta(days=30) for refill in refills), day
    reactivation = story.reactivation()
    assert reactivation is not None
    assert reactivation.state is SequenceState.OPEN

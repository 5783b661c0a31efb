"""SEQ-10: what do the rules make of a skip, a move, a pause, an end by staff, and of taking it back?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reminders.engine import steering
from reminders.engine.foresee import Foreseen, foresee
from reminders.engine.ledger import ledger_of
from reminders.engine.moves import MoveRefused
from reminders.engine.values import Facts, Ref, Reminder, Sequence
from reminders.engine.words import Reason, ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import MONDAY, Story, at, days_after, open_days, states, treated, visit

REFILL, REACTIVATION, CONFIRMATION = SequenceKind.REFILL, SequenceKind.REACTIVATION, SequenceKind.CONFIRMATION
FIRST, SECOND, LAST = (date(2026, 11, day) for day in (9, 16, 23))


def told(**known: Any) -> Story:
    story = Story(at(MONDAY), **known)
    story.treat(treated())
    return story


def ref(sequence: Sequence, step: str) -> Ref:
    own = [each for each in sequence.reminders if each.step == step]
    return Ref(sequence.key, step, max(each.cycle for each in own))


def staff(story: Story, facts: Facts) -> None:
    """Staff's word, and the plan that follows from it."""
    story.know(sequences=facts.sequences)


def move(story: Story, step: str, moment: datetime | None) -> None:
    staff(story, steering.moved_to(story.facts, ref(story.refill(), step), moment))


def skip(story: Story, sequence: Sequence, step: str) -> None:
    staff(story, steering.skipped(story.facts, ref(sequence, step), story.now))


def unskip(story: Story, sequence: Sequence, step: str) -> None:
    staff(story, steering.unskipped(story.facts, ref(sequence, step), story.now))


def reminder(sequence: Sequence, step: str) -> Reminder:
    return max((each for each in sequence.reminders if each.step == step), key=lambda each: each.cycle)


def looks(story: Story, step: str) -> Foreseen:
    return foresee(story.facts, ref(story.refill(), step), story.policy, story.now)


# Move


def test_a_moved_step_leaves_where_it_was_moved_and_those_after_it_keep_their_gap() -> None:
    story = told()
    move(story, "first", at(date(2026, 11, 14), 15))

    assert [each.due_at for each in story.refill().reminders] == [
        at(date(2026, 11, 14), 15),
        at(date(2026, 11, 19), 15),
        at(date(2026, 11, 24), 15),
    ]


def test_a_step_moved_forward_leaves_the_others_where_they_are() -> None:
    story = told()
    move(story, "first", at(date(2026, 11, 3), 10))

    assert open_days([story.refill()]) == [date(2026, 11, 3), SECOND, LAST]


def test_a_later_step_that_is_moved_before_an_earlier_one_does_not_pass_it() -> None:
    story = told()
    move(story, "last", at(date(2026, 11, 2), 10))

    assert open_days([story.refill()]) == [FIRST, SECOND, date(2026, 11, 21)]


def test_the_window_moves_a_moved_step_forward() -> None:
    story = told()
    move(story, "first", at(date(2026, 11, 14), 22))

    assert reminder(story.refill(), "first").due_at == at(date(2026, 11, 16), 10)  # Saturday night: Monday morning
    assert looks(story, "first") == Foreseen(at(date(2026, 11, 16), 10), Reason.WINDOW)


def test_a_moved_step_survives_planning_and_a_correction_of_day_zero() -> None:
    story = told()
    moment = at(date(2026, 12, 2), 11)
    move(story, "second", moment)
    botox = story.facts.treatments[0]
    story.know(treatments=(replace(botox, performed_on=MONDAY - timedelta(days=2)),))

    assert reminder(story.refill(), "second").planned_at == moment
    assert reminder(story.refill(), "first").planned_at == at(FIRST - timedelta(days=2), 10)


def test_a_moved_step_is_late_counted_from_where_it_was_moved() -> None:
    story = told()
    move(story, "first", at(date(2026, 11, 12), 10))
    story.permit(is_sms_consented=False)
    story.know(person=replace(story.facts.person, email=""))
    story.until(at(date(2026, 11, 16), 12))
    assert states(story.refill())["first"] == "waiting NO_CONSENT"
    story.until(at(date(2026, 11, 17), 12))

    assert states(story.refill())["first"] == "suppressed NO_CONSENT"


def test_a_step_that_comes_again_after_a_booking_fell_away_starts_without_its_move() -> None:
    story = told()
    story.now = at(date(2026, 10, 1))
    move(story, "last", at(date(2026, 12, 20), 10))
    story.book(visit(date(2026, 10, 20), made=story.now))
    story.now = at(date(2026, 10, 3))
    story.change("visit-2026-10-20", status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 10, 5)))

    assert open_days([story.refill()]) == [FIRST, SECOND, LAST]
    assert reminder(story.refill(), "last").moved_to is None


def test_a_step_given_back_leaves_at_its_own_time_again() -> None:
    story = told()
    move(story, "first", at(date(2026, 11, 12), 10))
    move(story, "first", None)

    assert open_days([story.refill()]) == [FIRST, SECOND, LAST]


def test_a_moved_step_is_not_taken_along_before_its_moment() -> None:
    story = told()
    story.treat(treated("lip_filler", MONDAY - timedelta(days=80)))
    lip = open_days([story.refill("lip_filler")])[0]
    moment = at(lip + timedelta(days=2), 15)
    move(story, "first", moment)
    story.until(at(lip, 20))
    assert [each.send.joined for _, each in story.said] == [()]
    story.until(moment + timedelta(days=6))

    left = [when for when, each in story.said if each.sequence.key == story.refill("botox").key]
    assert left[0] >= moment


# Send now


def test_sent_now_leaves_at_the_next_look() -> None:
    story = told()
    story.now = at(date(2026, 11, 2), 12)
    move(story, "first", story.now)
    assert looks(story, "first") == Foreseen(story.now)
    story.decide()

    assert states(story.refill())["first"] == "sent"
    assert story.touchpoints(REFILL) == [Touchpoint.FIRST]
    assert open_days([story.refill()]) == [SECOND, LAST]


def test_sent_now_at_night_leaves_in_the_morning() -> None:
    story = told()
    story.now = at(date(2026, 11, 2), 22)
    move(story, "first", story.now)

    assert looks(story, "first") == Foreseen(at(date(2026, 11, 3), 10), Reason.WINDOW)
    story.until(at(date(2026, 11, 3), 10))
    assert story.days_said(REFILL) == [date(2026, 11, 3)]


def test_sent_now_keeps_gap_and_cap() -> None:
    story = told()
    story.until(at(FIRST, 10))
    story.now = at(FIRST, 12)
    move(story, "second", story.now)
    assert looks(story, "second") == Foreseen(at(FIRST + timedelta(days=5), 10), Reason.GAP)

    fresh = told()
    fresh.now = at(date(2026, 11, 2), 12)
    fresh.know(last_promotion_at=fresh.now - timedelta(days=1))
    move(fresh, "first", fresh.now)
    assert looks(fresh, "first") == Foreseen(at(date(2026, 11, 4), 12), Reason.CAP)


def test_sent_now_without_consent_waits_and_says_so() -> None:
    story = told()
    story.permit(is_sms_consented=False)
    story.know(person=replace(story.facts.person, email=""))
    story.now = at(date(2026, 11, 2), 12)
    move(story, "first", story.now)

    assert looks(story, "first") == Foreseen(None, Reason.NO_CONSENT)


def test_what_would_not_leave_is_foreseen_as_such() -> None:
    story = told()
    story.policy = replace(story.policy, holdout_percent=100)
    story.plan()

    assert looks(story, "first") == Foreseen(None, Reason.HOLDOUT, is_over=True)


def test_what_stands_before_it_is_taken_as_sent() -> None:
    story = told()

    assert looks(story, "last") == Foreseen(at(LAST, 10))


# Skip


def test_a_skipped_step_does_not_leave_and_the_next_uses_the_first_text() -> None:
    story = told()
    skip(story, story.refill(), "first")
    story.until(at(date(2026, 12, 1)))

    assert states(story.refill())["first"] == "cancelled SKIPPED"
    assert story.days_said(REFILL) == [SECOND, LAST]
    assert story.touchpoints(REFILL)[0] is Touchpoint.FIRST


def test_a_skipped_step_stays_away_when_a_booking_falls_away() -> None:
    story = told()
    skip(story, story.refill(), "second")
    story.now = at(date(2026, 10, 1))
    story.book(visit(date(2026, 10, 20), made=story.now))
    story.now = at(date(2026, 10, 3))
    story.change("visit-2026-10-20", status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 10, 5)))

    assert open_days([story.refill()]) == [FIRST, LAST]


def test_a_skip_before_its_moment_is_in_no_ledger_and_one_after_it_is() -> None:
    early = told()
    skip(early, early.refill(), "first")
    early.now = at(date(2026, 11, 10))
    early.plan()
    assert ledger_of(early.facts.sequences, early.now).due == 0

    late = told()
    late.permit(is_sms_consented=False)
    late.know(person=replace(late.facts.person, email=""))
    late.until(at(date(2026, 11, 10)))
    skip(late, late.refill(), "first")
    ledger = ledger_of(late.facts.sequences, late.now)
    assert ledger.adds_up
    assert ledger.suppressed == {"SKIPPED": 1}


def test_a_skip_taken_back_is_the_next_cycle_of_the_step() -> None:
    story = told()
    skip(story, story.refill(), "second")
    unskip(story, story.refill(), "second")

    assert open_days([story.refill()]) == [FIRST, SECOND, LAST]
    assert [(each.cycle, each.state) for each in story.refill().reminders if each.step == "second"] == [
        (0, ReminderState.CANCELLED),
        (1, ReminderState.PLANNED),
    ]


def test_skipping_all_finishes_the_sequence_and_taking_one_back_opens_it() -> None:
    story = told()
    for step in ("first", "second", "last"):
        skip(story, story.refill(), step)
    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, "FINISHED")
    unskip(story, story.refill(), "last")

    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [LAST]


def test_what_left_cannot_be_skipped() -> None:
    story = told()
    story.until(at(FIRST, 10))

    with pytest.raises(MoveRefused):
        skip(story, story.refill(), "first")


def test_a_skipped_confirmation_stays_away_until_the_appointment_moves() -> None:
    story = Story(at(MONDAY))
    story.book(visit(date(2026, 9, 10), "unrelated", made=story.now))
    skip(story, story.confirmation("visit-2026-09-10"), "hours_48")
    story.plan()
    assert states(story.confirmation("visit-2026-09-10"))["hours_48"] == "cancelled SKIPPED"
    story.change("visit-2026-09-10", starts_at=at(date(2026, 9, 11), 14), moved_at=story.now)

    assert states(story.confirmation("visit-2026-09-10"))["hours_48"] == "planned"


@pytest.mark.parametrize("step", ["booked", "hours_48", "hours_24", "morning"])
def test_each_confirmation_can_be_skipped_and_put_back(step: str) -> None:
    story = Story(at(MONDAY))
    story.book(visit(date(2026, 9, 10), "unrelated", made=story.now))
    skip(story, story.confirmation("visit-2026-09-10"), step)
    story.plan()
    assert states(story.confirmation("visit-2026-09-10"))[step] == "cancelled SKIPPED"
    unskip(story, story.confirmation("visit-2026-09-10"), step)

    assert states(story.confirmation("visit-2026-09-10"))[step] == "planned"


def test_a_skipped_notice_of_a_move_or_of_a_cancellation_is_not_planned_again() -> None:
    story = Story(at(MONDAY))
    story.book(visit(date(2026, 9, 10), "unrelated", made=story.now))
    story.decide()
    story.now += timedelta(hours=1)
    story.change("visit-2026-09-10", starts_at=at(date(2026, 9, 11), 14), moved_at=story.now)
    skip(story, story.confirmation("visit-2026-09-10"), "moved")
    story.plan()
    assert states(story.confirmation("visit-2026-09-10"))["moved"] == "cancelled SKIPPED"

    story.now = at(MONDAY, 22)
    story.change("visit-2026-09-10", status="cancelled", ended_at=story.now, is_cancelled_by_practice=True)
    skip(story, story.confirmation("visit-2026-09-10"), "cancelled")
    story.plan()
    assert story.confirmation("visit-2026-09-10").reason == "APPOINTMENT_CANCELLED"
    unskip(story, story.confirmation("visit-2026-09-10"), "cancelled")
    assert states(story.confirmation("visit-2026-09-10"))["cancelled"] == "planned"


# Pause and resume


def test_a_pause_holds_promotion_and_not_confirmation() -> None:
    story = told()
    story.know(is_paused_by_staff=True)
    story.book(visit(date(2026, 9, 10), "unrelated", made=story.now))
    story.until(at(date(2026, 11, 10)))

    assert story.refill().state is SequenceState.PAUSED
    assert states(story.refill())["first"] == "waiting PAUSED_BY_STAFF"
    assert story.days_said(REFILL) == []
    assert len(story.days_said(CONFIRMATION)) > 1


def test_resuming_leaves_out_what_has_passed() -> None:
    story = told()
    story.know(is_paused_by_staff=True)
    story.until(at(date(2026, 11, 12)))
    story.know(is_paused_by_staff=False)

    assert states(story.refill())["first"] == "suppressed PAST_AT_RESUMPTION"
    assert open_days([story.refill()]) == [SECOND, LAST]


def test_a_service_issue_goes_on_holding_what_staff_resumed() -> None:
    story = told()
    story.know(is_paused_by_staff=True, has_open_issue=True)
    story.know(is_paused_by_staff=False)

    assert story.refill().state is SequenceState.PAUSED


# End and reopen


def test_what_staff_ended_stays_ended_and_does_not_lapse() -> None:
    story = told()
    staff(story, steering.ended_by_staff(story.facts, story.refill().key, story.now))
    story.until(at(MONDAY) + timedelta(days=400))

    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, "ENDED_BY_STAFF")
    assert story.reactivation() is None
    assert story.said == []


def test_the_next_treatment_starts_afresh_after_staff_ended_the_last() -> None:
    story = told()
    staff(story, steering.ended_by_staff(story.facts, story.refill().key, story.now))
    story.now = at(date(2026, 12, 1))
    story.treat(treated("botox", date(2026, 12, 1)))

    assert open_days([story.refill()]) == days_after(date(2026, 12, 1), 70, 77, 84)


def test_a_booking_that_falls_away_does_not_open_what_staff_ended() -> None:
    story = told()
    story.now = at(date(2026, 10, 1))
    story.book(visit(date(2026, 10, 20), made=story.now))
    staff(story, steering.ended_by_staff(story.facts, story.refill().key, story.now))
    story.change("visit-2026-10-20", status="cancelled", ended_at=story.now)
    story.until(at(date(2026, 10, 5)))

    assert story.refill().reason == "ENDED_BY_STAFF"


def test_what_staff_reopen_goes_on_at_its_next_future_step() -> None:
    story = told()
    staff(story, steering.ended_by_staff(story.facts, story.refill().key, story.now))
    story.now = at(date(2026, 11, 12))
    staff(story, steering.reopened(story.facts, story.refill().key, story.now))

    assert story.refill().state is SequenceState.OPEN
    assert open_days([story.refill()]) == [SECOND, LAST]


def test_R28_what_an_opt_out_ended_goes_on_when_it_was_taken_back_and_staff_reopen_it() -> None:
    story = told()
    story.permit(is_opted_out=True)
    story.now = at(date(2026, 11, 12))
    story.permit(is_opted_out=False)
    assert open_days([story.refill()]) == []
    staff(story, steering.reopened(story.facts, story.refill().key, story.now))
    assert open_days([story.refill()]) == [SECOND, LAST]
    story.until(at(date(2027, 2, 15)))

    again = story.reactivation()
    assert again is not None
    assert again.is_live
    assert again.day_zero is not None


# Reactivation


def lapsed() -> Story:
    story = Story(datetime(2026, 8, 31, 17, tzinfo=UTC))
    story.treat(treated())
    story.until(at(date(2027, 1, 10)))
    assert len(story.days_said(REACTIVATION)) == 1
    return story


def next_month(story: Story) -> tuple[Sequence, Reminder]:
    sequence = story.reactivation()
    assert sequence is not None
    return sequence, next(each for each in sequence.reminders if each.is_open)


def test_a_skipped_month_is_followed_by_the_next() -> None:
    story = lapsed()
    sequence, coming = next_month(story)
    skip(story, sequence, coming.step)
    _, after = next_month(story)

    assert after.position == coming.position + 1
    assert after.due_at - coming.due_at >= timedelta(days=28)
    unskip(story, sequence, coming.step)
    assert next_month(story)[1].due_at == coming.due_at
    assert sum(each.is_open for each in next_month(story)[0].reminders) == 1


def test_a_moved_monthly_message_keeps_its_day_and_the_next_is_not_sooner_than_monthly() -> None:
    story = lapsed()
    sequence, coming = next_month(story)
    moment = coming.due_at + timedelta(days=20)
    staff(story, steering.moved_to(story.facts, ref(sequence, coming.step), moment))
    assert next_month(story)[1].planned_at == moment
    story.until(moment + timedelta(days=4))
    _, after = next_month(story)

    left = [when for when, each in story.said if each.sequence.kind is REACTIVATION]
    assert left[-1] >= moment
    assert after.due_at - left[-1] >= timedelta(days=22)


def test_a_monthly_message_sent_now_waits_until_it_is_monthly() -> None:
    story = lapsed()
    sequence, coming = next_month(story)
    left = story.said[-1][0]
    staff(story, steering.moved_to(story.facts, ref(sequence, coming.step), story.now))

    assert next_month(story)[1].due_at >= left + timedelta(days=22)
    assert next_month(story)[1].due_at < coming.due_at


def test_a_reactivation_that_staff_ended_begins_again_only_after_the_next_treatment() -> None:
    story = lapsed()
    sequence, _ = next_month(story)
    staff(story, steering.ended_by_staff(story.facts, sequence.key, story.now))
    said = len(story.said)
    story.until(at(date(2027, 8, 1)))
    assert len(story.said) == said

    story.treat(treated("botox", date(2027, 8, 1)))
    story.until(at(date(2028, 1, 20)))
    assert story.days_said(REACTIVATION)[-1] > date(2027, 11, 1)

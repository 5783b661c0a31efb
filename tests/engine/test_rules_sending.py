"""R25 to R33: on what, in whose name, held by what, and how is it counted?"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cadences.timeline import ChannelRule
from reminders.engine.ledger import ledger_of
from reminders.engine.moves import ALLOWED, MoveRefused, moved
from reminders.engine.settle import settled
from reminders.engine.values import Ref, Reminder
from reminders.engine.words import Channel, Reason, ReminderState, SequenceKind, SequenceState, Touchpoint
from tests.builders.engine import (
    ALL_TEXTS,
    CADENCES,
    LONG_AGO,
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

REFILL, REACTIVATION, CONFIRMATION = SequenceKind.REFILL, SequenceKind.REACTIVATION, SequenceKind.CONFIRMATION
FIRST, SECOND, LAST = days_after(MONDAY, 70, 77, 84)
SMS, EMAIL = Channel.SMS, Channel.EMAIL


def due(rule: ChannelRule = ChannelRule.PREFERENCE, **chosen: Any) -> Story:
    """Her first step comes due in an hour."""
    steps = tuple(replace(step, channel_rule=rule) for step in CADENCES["botox"].steps)
    story = Story(at(MONDAY), policy=policy(cadences={"botox": replace(CADENCES["botox"], steps=steps)}, **chosen))
    story.treat(treated())
    story.until(at(FIRST, 9))
    return story


def channels(story: Story) -> list[tuple[Channel, ...]]:
    story.until(at(FIRST, 12))
    return [each.send.channels for _, each in story.said]


@pytest.mark.parametrize(
    ("rule", "preference", "leaves_on"),
    [
        (ChannelRule.SMS, "", (SMS,)),
        (ChannelRule.EMAIL, "", (EMAIL,)),
        (ChannelRule.BOTH, "", (SMS, EMAIL)),
        (ChannelRule.BOTH, "email", (EMAIL,)),
        (ChannelRule.PREFERENCE, "", (SMS,)),
        (ChannelRule.PREFERENCE, "email", (EMAIL,)),
        (ChannelRule.PREFERENCE, "both", (SMS, EMAIL)),
        (ChannelRule.NOT_ANSWERED, "", (SMS,)),
        (ChannelRule.NOT_ANSWERED, "email", (EMAIL,)),
    ],
)
def test_R25_the_preference_narrows_every_rule(
    rule: ChannelRule, preference: str, leaves_on: tuple[Channel, ...]
) -> None:
    story = due(rule)
    story.know(person=person(preference=preference))

    assert channels(story) == [leaves_on]


@pytest.mark.parametrize(
    ("answered", "leaves_on"),
    [({SMS}, (EMAIL,)), ({EMAIL}, (SMS,)), ({SMS, EMAIL}, (SMS,)), (set(), (SMS,))],
)
def test_R25_not_answered_yet_takes_the_silent_channel(answered: set[Channel], leaves_on: tuple[Channel, ...]) -> None:
    story = due(ChannelRule.NOT_ANSWERED)
    story.know(answered=frozenset(answered))

    assert channels(story) == [leaves_on]


def test_R25_a_step_leaves_on_each_open_channel_and_waits_only_if_none_is() -> None:
    story = due(ChannelRule.BOTH)
    story.permit(is_sms_consented=False)
    assert channels(story) == [(EMAIL,)]

    story = due(ChannelRule.BOTH)
    story.permit(is_sms_consented=False, is_email_vetoed=True)
    assert channels(story) == []
    assert states(story.refill())["first"] == "waiting NO_CONSENT"


def test_R25_whoever_prefers_none_gets_none() -> None:
    story = due()
    story.know(person=person(preference="none"))

    assert channels(story) == []
    assert states(story.refill())["first"] == "suppressed PREFERS_NONE"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"permissions": {"is_sms_consented": False, "is_email_vetoed": True}}, Reason.NO_CONSENT),
        ({"person": {"phone": "", "email": ""}}, Reason.NO_ADDRESS),
        ({"policy": {"approved": frozenset()}}, Reason.NO_APPROVED_TEXT),
        ({"policy": {"channels_down": frozenset(Channel)}}, Reason.CHANNEL_DOWN),
        ({"policy": {"is_paused": True}}, Reason.PRACTICE_PAUSED),
        ({"policy": {"is_records_stale": True}}, Reason.RECORDS_STALE),
        ({"facts": {"has_unanswered_reply": True}}, Reason.REPLY_UNANSWERED),
        ({"facts": {"has_unanswered_reply": True, "has_unclear_reply": True}}, Reason.REPLY_UNCLEAR),
        ({"facts": {"has_open_issue": True}}, Reason.SERVICE_ISSUE),
    ],
)
def test_R26_what_is_held_waits_with_its_reason_and_ends_suppressed_with_it_after_five_days(
    held: dict[str, dict[str, Any]], reason: Reason
) -> None:
    story = due()
    story.policy = replace(story.policy, **held.get("policy", {}))
    story.know(
        permissions=replace(story.facts.permissions, **held.get("permissions", {})),
        person=replace(story.facts.person, **held.get("person", {})),
        **held.get("facts", {}),
    )
    story.until(at(FIRST, 12))
    assert states(story.refill())["first"] == f"waiting {reason}"
    story.until(at(FIRST + timedelta(days=5), 9))
    assert states(story.refill())["first"] == f"waiting {reason}"
    story.until(at(FIRST + timedelta(days=5), 11))

    assert states(story.refill())["first"] == f"suppressed {reason}"
    assert story.said == []


def test_R26_a_hold_is_decided_again_every_hour() -> None:
    story = due()
    story.policy = policy(is_paused=True)
    story.until(at(FIRST, 10, 30))
    first = story.refill().reminders[0]

    assert (first.decided_at, first.due_at) == (at(FIRST, 10), at(FIRST, 11))


def test_R27_an_unanswered_reply_holds_all_promotion_and_nothing_else() -> None:
    story = due()
    story.know(has_unanswered_reply=True)
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 12))

    assert [each.sequence.kind for _, each in story.said] == [CONFIRMATION]


def test_R27_while_a_reply_may_be_an_opt_out_confirmations_leave_by_email_alone() -> None:
    story = due()
    story.know(has_unclear_reply=True, has_unanswered_reply=True)
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 12))

    assert [(each.sequence.kind, each.send.channels) for _, each in story.said] == [(CONFIRMATION, (EMAIL,))]


@pytest.mark.parametrize("known", [{"preference": "sms"}, {"email": ""}])
def test_R27_a_confirmation_that_can_only_leave_by_text_waits_until_a_person_has_read_the_reply(
    known: dict[str, str],
) -> None:
    story = due()
    story.know(has_unclear_reply=True, person=person(**known))
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 9, 30))
    assert story.said == []
    assert states(story.confirmation(f"visit-{SECOND}"))["booked"] == "waiting REPLY_UNCLEAR"
    story.know(has_unclear_reply=False)
    story.until(at(FIRST, 12))

    assert (CONFIRMATION, (SMS,)) in [(each.sequence.kind, each.send.channels) for _, each in story.said]


def test_R27_an_unclear_reply_ends_nothing_that_an_opt_out_has_not_ended() -> None:
    story = due()
    story.know(has_unclear_reply=True)
    story.until(at(FIRST, 12))
    story.know(has_unclear_reply=False)
    story.until(at(FIRST, 14))

    assert story.days_said(REFILL) == [FIRST]


def busy(story: Story, **until: datetime) -> Story:
    """The gateways of these channels have their fill until a moment."""
    story.policy = replace(story.policy, channels_busy={Channel(name): moment for name, moment in until.items()})
    return story


def test_CHN3_what_its_gateway_takes_later_waits_for_its_turn_and_takes_no_other_channel() -> None:
    story = busy(due(), sms=at(FIRST, 10, 20))
    story.until(at(FIRST, 10, 10))
    first = story.refill().reminders[0]
    assert (first.state, first.reason, first.due_at) == (ReminderState.WAITING, Reason.PACE, at(FIRST, 10, 20))
    story.until(at(FIRST, 12))

    assert [(moment, each.send.channels) for moment, each in story.said] == [(at(FIRST, 10, 20), (SMS,))]


def test_CHN3_a_message_on_two_channels_leaves_whole() -> None:
    story = busy(due(ChannelRule.BOTH), sms=at(FIRST, 10, 20), email=at(FIRST, 10, 5))
    story.until(at(FIRST, 12))

    assert [(moment, each.send.channels) for moment, each in story.said] == [(at(FIRST, 10, 20), (SMS, EMAIL))]


def test_CHN3_a_busy_channel_holds_no_message_on_another() -> None:
    story = busy(due(ChannelRule.EMAIL), sms=at(FIRST, 23))

    assert channels(story) == [(EMAIL,)]


def test_CHN3_a_turn_outside_the_window_moves_to_its_next_opening() -> None:
    story = busy(due(), sms=at(FIRST, 21))
    story.until(at(FIRST + timedelta(days=2)))

    assert [moment for moment, _ in story.said] == [at(FIRST + timedelta(days=1), 10)]


def test_CHN3_a_turn_that_never_comes_ends_as_late_not_as_held() -> None:
    story = busy(due(), sms=at(FIRST + timedelta(days=90)))
    story.until(at(FIRST + timedelta(days=5), 11))

    assert states(story.refill())["first"] == "expired TOO_LATE"
    assert story.said == []


def test_CHN3_a_confirmation_waits_for_its_turn_but_not_beyond_its_use() -> None:
    story = busy(due(), sms=at(FIRST, 9, 40))
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 9, 50))
    assert [(moment, each.sequence.kind) for moment, each in story.said] == [(at(FIRST, 9, 40), CONFIRMATION)]

    story = busy(due(), sms=at(SECOND, 23))
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(SECOND, 22))
    assert states(story.confirmation(f"visit-{SECOND}"))["booked"] == "expired TOO_LATE"
    assert CONFIRMATION not in [each.sequence.kind for _, each in story.said]


def test_CHN3_what_waits_for_its_turn_counts_as_waiting() -> None:
    story = busy(due(), sms=at(FIRST, 23))
    story.until(at(FIRST, 12))
    ledger = ledger_of(story.facts.sequences, story.now)

    assert ledger.waiting == 1
    assert ledger.adds_up


def test_R27_a_snooze_holds_promotion_until_its_date() -> None:
    story = due()
    story.know(snoozed_until=FIRST + timedelta(days=3))
    story.until(at(SECOND - timedelta(days=1)))

    assert story.days_said(REFILL) == [FIRST + timedelta(days=3)]


def test_R27_a_snooze_past_the_last_moment_of_a_step_leaves_the_next_one_free() -> None:
    story = due()
    story.know(snoozed_until=SECOND)
    story.until(at(SECOND, 12))

    assert states(story.refill())["first"] == "suppressed SNOOZED"
    assert story.days_said(REFILL) == [SECOND]


def test_R28_an_opt_out_ends_refill_and_reactivation_and_start_revives_nothing() -> None:
    story = due()
    story.permit(is_opted_out=True)
    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, Reason.OPTED_OUT)
    story.until(at(FIRST + timedelta(days=1)))
    story.permit(is_opted_out=False)
    story.until(at(date(2027, 6, 1)))

    assert story.said == []


def test_R28_an_opt_out_between_refill_and_reactivation_ends_both() -> None:
    story = Story(at(MONDAY))
    story.treat(treated())
    story.until(at(LAST + timedelta(days=2)))
    story.permit(is_opted_out=True)
    story.until(at(LAST + timedelta(days=4)))
    story.permit(is_opted_out=False)
    story.until(at(date(2027, 6, 1)))

    assert story.days_said(REACTIVATION) == []


def test_R28_an_opt_out_during_reactivation_is_planned_the_same_again() -> None:
    story = Story(at(MONDAY))
    story.treat(treated(), treated("lip_filler"))
    story.until(at(date(2027, 1, 10)))
    story.permit(is_opted_out=True)
    before = story.facts.sequences
    story.plan()

    assert story.facts.sequences == before


def test_R28_after_start_the_next_treatment_begins_afresh() -> None:
    story = due()
    story.permit(is_opted_out=True)
    story.permit(is_opted_out=False)
    story.treat(treated("botox", FIRST))

    assert story.refill().state is SequenceState.OPEN
    assert story.refill().day_zero == FIRST


def test_R28_a_treatment_while_opted_out_starts_nothing_even_after_start() -> None:
    story = due()
    story.permit(is_opted_out=True)
    story.treat(treated("lip_filler", FIRST))
    story.permit(is_opted_out=False)
    story.until(at(date(2027, 12, 1)))

    assert story.said == []


def test_R28_an_opt_out_leaves_confirmation_and_a_stop_ends_its_texts() -> None:
    story = Story(at(MONDAY))
    story.permit(is_opted_out=True, is_sms_stopped=True)
    story.book(visit(date(2026, 9, 20), "unrelated", made=story.now))
    story.until(at(MONDAY, 13))

    assert [each.send.channels for _, each in story.said] == [(EMAIL,)]
    story.know(person=person(email=""))
    story.until(at(date(2026, 9, 21)))
    assert len(story.said) == 1


def test_R29_a_service_issue_pauses_promotion_and_resuming_skips_what_is_past() -> None:
    story = due()
    story.know(has_open_issue=True)
    assert story.refill().state is SequenceState.PAUSED
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST + timedelta(days=2)))
    assert [each.sequence.kind for _, each in story.said] == [CONFIRMATION]
    story.know(has_open_issue=False)

    assert states(story.refill())["first"] == "suppressed PAST_AT_RESUMPTION"
    assert story.refill().state is SequenceState.OPEN


def held_out(**known: Any) -> Story:
    story = Story(at(MONDAY), policy=policy(holdout_percent=100, holdout_key=b"key"))
    story.treat(treated(**known))
    return story


def test_R30_the_steps_of_a_holdout_end_suppressed() -> None:
    story = held_out()
    assert story.refill().state is SequenceState.HOLDOUT
    story.until(at(LAST, 12))

    assert set(states(story.refill()).values()) == {"suppressed HOLDOUT"}
    assert story.said == []


def test_R30_a_holdout_stays_one_after_a_pause_or_a_booking_that_falls_away() -> None:
    story = held_out()
    story.know(has_open_issue=True)
    story.know(has_open_issue=False)
    assert story.refill().state is SequenceState.HOLDOUT
    story.book(visit(SECOND, made=story.now))
    story.change(f"visit-{SECOND}", status="cancelled", ended_at=story.now)
    story.until(story.now + timedelta(days=2))

    assert story.refill().state is SequenceState.HOLDOUT


def test_R30_there_is_no_reactivation_until_90_days_after_the_first_planned_step() -> None:
    story = held_out()
    story.until(at(date(2027, 4, 1)))

    assert 0 < (story.days_said(REACTIVATION)[0] - FIRST).days - 90 <= 7


def test_R30_confirmation_of_a_held_out_client_is_normal() -> None:
    story = held_out()
    story.book(visit(SECOND, made=story.now))
    story.until(at(MONDAY, 13))

    assert [each.send.touchpoint for _, each in story.said] == [Touchpoint.BOOKED]


def test_R30_the_draw_is_stable_and_has_about_its_share() -> None:
    drawn = 0
    for number in range(400):
        story = Story(at(MONDAY), policy=policy(holdout_percent=25, holdout_key=b"key"))
        story.know(person=person(id=f"client-{number}"))
        story.treat(treated())
        state = story.refill().state
        story.plan()
        assert story.refill().state is state
        drawn += state is SequenceState.HOLDOUT

    assert 70 <= drawn <= 130


@pytest.mark.parametrize(("active", "spoken_by"), [({"old", "new"}, "new"), ({"old"}, None), (set(), None)])
def test_R31_the_voice_is_that_of_the_latest_provider_if_active_else_the_practice(
    active: set[str], spoken_by: str | None
) -> None:
    story = Story(at(MONDAY), policy=policy(providers=frozenset(active)))
    story.treat(treated("lip_filler", MONDAY - timedelta(days=30), provider="old"), treated(provider="new"))
    story.until(at(FIRST, 12))

    assert [each.send.provider for _, each in story.said] == [spoken_by]


def test_R31_without_an_approved_text_of_anyone_it_waits() -> None:
    texts = frozenset(text for text in ALL_TEXTS if text[0] is not Touchpoint.FIRST)
    story = due(approved=texts)
    story.until(at(FIRST, 12))

    assert states(story.refill())["first"] == "waiting NO_APPROVED_TEXT"


def test_R32_a_decision_is_taken_on_the_facts_of_its_moment() -> None:
    story = due()
    story.facts = replace(story.facts, visits=(visit(SECOND, made=story.now),))  # nobody has planned since
    story.now = at(FIRST, 10)

    assert [each.sequence.kind for each in story.decide()] == [CONFIRMATION]
    assert story.refill().state is SequenceState.BOOKED


def counted(story: Story) -> dict[str, int]:
    """R33, stated again: every reminder whose moment has come is in exactly one of four."""
    total = dict.fromkeys(("due", "sent", "waiting", "suppressed", "failed", "late"), 0)
    for sequence in story.sequences():
        for each in sequence.reminders:
            if each.state is ReminderState.CANCELLED and not each.came_due:
                continue
            if each.state is ReminderState.PLANNED:
                total["late"] += each.due_at <= story.now
                continue
            total["due"] += 1
            if each.state in {ReminderState.SENT, ReminderState.DELIVERED}:
                total["sent"] += 1
            elif each.state in {ReminderState.WAITING, ReminderState.CLAIMED, ReminderState.UNKNOWN}:
                total["waiting"] += 1
            elif each.state is ReminderState.FAILED:
                total["failed"] += 1
            else:
                assert each.reason
                total["suppressed"] += 1
    return total


def test_R33_every_due_reminder_is_accounted_for() -> None:
    story = due()
    story.until(at(FIRST, 12))
    story.policy = policy(is_paused=True)
    story.until(at(SECOND, 12))
    assert counted(story) == {"due": 2, "sent": 1, "waiting": 1, "suppressed": 0, "failed": 0, "late": 0}
    story.treat(treated("botox", SECOND))

    # the waiting step came due before it was cancelled; the last did not
    assert counted(story) == {"due": 2, "sent": 1, "waiting": 0, "suppressed": 1, "failed": 0, "late": 0}


def test_R33_a_joined_step_counts_in_its_own_sequence() -> None:
    story = Story(at(MONDAY))
    story.treat(treated("botox"), treated("sculptra", MONDAY - timedelta(days=14), is_series_complete=True))
    story.until(at(MONDAY + timedelta(days=77), 12))

    assert Touchpoint.COMBINED in story.touchpoints(REFILL)
    assert counted(story)["sent"] == len(story.said) + 1


@pytest.mark.parametrize("state", ReminderState)
def test_a_reminder_moves_only_as_the_table_allows(state: ReminderState) -> None:
    reminder = Reminder("first", 0, LONG_AGO, LONG_AGO, LONG_AGO, state)
    for target in ReminderState:
        if target in ALLOWED[state]:
            assert moved(reminder, target).state is target
        else:
            with pytest.raises(MoveRefused):
                moved(reminder, target)


def test_news_of_a_delivery_that_comes_late_or_twice_changes_nothing() -> None:
    story = due()
    story.until(at(FIRST, 12))
    ref = Ref(story.refill().key, "first", 0)
    sent_at = story.refill().reminders[0].sent_at
    story.now += timedelta(hours=1)
    for news in (ReminderState.DELIVERED, ReminderState.SENT, ReminderState.DELIVERED, ReminderState.UNKNOWN):
        story.settle(ref, news)

    first = story.refill().reminders[0]
    assert (first.state, first.sent_at) == (ReminderState.DELIVERED, sent_at)


def test_what_did_not_leave_is_decided_again_when_its_gateway_says() -> None:
    story = due()
    story.now = at(FIRST, 10)
    story.decide(fate=ReminderState.UNKNOWN)
    ref = Ref(story.refill().key, "first", 0)
    with pytest.raises(ValueError, match="decided again"):
        settled(story.facts, ref, ReminderState.WAITING, story.now)
    story.facts = settled(story.facts, ref, ReminderState.WAITING, story.now, retry_at=story.now + timedelta(minutes=2))
    story.facts = replace(story.facts, last_promotion_at=None)
    story.until(at(FIRST, 11))

    assert [moment for moment, _ in story.said] == [at(FIRST, 10), at(FIRST, 10, 2)]
    assert states(story.refill())["first"] == "sent"

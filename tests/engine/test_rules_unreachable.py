"""CHN-2: a number that takes no texts, a mailbox that is gone: which channel then, and until when? (R4, R25, R33)"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cadences.timeline import ChannelRule
from reminders.engine.channels import closed_reason, open_channels
from reminders.engine.ledger import ledger_of
from reminders.engine.plan import plan
from reminders.engine.rerouting import undelivered
from reminders.engine.settle import settled
from reminders.engine.values import Facts, Permissions, Ref
from reminders.engine.words import Channel, MessageKind, Reason, ReminderState, SequenceKind, SequenceState
from tests.builders.engine import ALL_TEXTS, Story, at, person, policy, states, treated, visit
from tests.engine.test_rules_sending import FIRST, LAST, SECOND, channels, counted, due

SMS, EMAIL = Channel.SMS, Channel.EMAIL
PROMOTION, CONFIRMATION = MessageKind.PROMOTION, MessageKind.CONFIRMATION
NO_TEXTS, NO_EMAILS = {"is_phone_unreachable": True}, {"is_email_unreachable": True}


@pytest.mark.parametrize("kind", [PROMOTION, CONFIRMATION])
@pytest.mark.parametrize(("channel", "mark"), [(SMS, NO_TEXTS), (EMAIL, NO_EMAILS)])
def test_a_marked_address_closes_its_channel_for_every_kind(
    kind: MessageKind, channel: Channel, mark: dict[str, bool]
) -> None:
    facts = Facts(person(), Permissions(is_sms_consented=True, **mark), treatments=(treated(),))

    assert closed_reason(channel, kind, facts, policy()) is Reason.UNREACHABLE


@pytest.mark.parametrize("rule", ChannelRule)
@pytest.mark.parametrize("preference", ["", "sms", "both"])
def test_the_other_channel_stands_in_whatever_the_rule_and_the_preference_ask_for(
    rule: ChannelRule, preference: str
) -> None:
    if (rule, preference) == (ChannelRule.EMAIL, "sms"):
        return  # the preference leaves nothing of the rule: no channel is asked for
    story = due(rule)
    story.permit(**NO_TEXTS)
    story.know(person=person(preference=preference))

    assert channels(story) == [(EMAIL,)]


def test_texts_stand_in_for_a_mailbox_that_is_gone() -> None:
    story = due(ChannelRule.EMAIL)
    story.permit(**NO_EMAILS)
    story.know(person=person(preference="email"))

    assert channels(story) == [(SMS,)]


@pytest.mark.parametrize(
    ("refusal", "ends_as"),
    [
        ({"is_email_vetoed": True}, "waiting UNREACHABLE"),
        ({"is_email_stopped": True}, "waiting UNREACHABLE"),
        (NO_EMAILS, "waiting UNREACHABLE"),
    ],
)
def test_what_closes_the_other_channel_binds_it_all_the_same(refusal: dict[str, bool], ends_as: str) -> None:
    story = due(ChannelRule.SMS)
    story.permit(**NO_TEXTS, **refusal)

    assert channels(story) == []
    assert states(story.refill())["first"] == ends_as


def test_texts_without_consent_do_not_stand_in() -> None:
    story = due(ChannelRule.EMAIL)
    story.permit(**NO_EMAILS, is_sms_consented=False)

    assert channels(story) == []


@pytest.mark.parametrize("preference", ["none"])
def test_whoever_wants_nothing_gets_nothing_instead(preference: str) -> None:
    story = due()
    story.permit(**NO_TEXTS)
    story.know(person=person(preference=preference))

    assert channels(story) == []
    assert states(story.refill())["first"] == "suppressed PREFERS_NONE"


def test_after_an_opt_out_nothing_stands_in() -> None:
    story = due()
    story.permit(**NO_TEXTS, is_opted_out=True)

    assert channels(story) == []


@pytest.mark.parametrize(
    ("permitted", "down", "told"),
    [
        ({**NO_TEXTS, **NO_EMAILS}, set(), Reason.UNREACHABLE),
        (NO_TEXTS, {EMAIL}, Reason.CHANNEL_DOWN),
        ({**NO_TEXTS, "is_email_vetoed": True}, {SMS}, Reason.VETOED),
        ({"is_email_stopped": True}, {SMS}, Reason.CHANNEL_DOWN),
    ],
)
def test_the_reason_that_is_told_is_what_can_be_waited_for(
    permitted: dict[str, bool], down: set[Channel], told: Reason
) -> None:
    facts = Facts(person(), Permissions(is_sms_consented=True, **permitted), treatments=(treated(),))
    chosen = policy(channels_down=frozenset(down))

    assert open_channels(ChannelRule.PREFERENCE, PROMOTION, facts, chosen) == ((), told)


def test_what_is_held_for_an_address_leaves_once_it_is_corrected_and_ends_after_five_days() -> None:
    story = due()
    story.permit(**NO_TEXTS, **NO_EMAILS)
    story.until(at(FIRST + timedelta(days=2)))
    assert states(story.refill())["first"] == "waiting UNREACHABLE"
    corrected = replace(story.facts.permissions, is_phone_unreachable=False)
    later = replace(story, facts=story.facts, said=[])
    later.know(permissions=corrected)
    later.until(at(FIRST + timedelta(days=2), 14))
    assert states(later.refill())["first"] == "sent"
    story.until(at(FIRST + timedelta(days=6)))
    assert states(story.refill())["first"] == "suppressed UNREACHABLE"


def bounced(story: Story, permitted: dict[str, bool], step: str = "first", *, again_at: Any = "now") -> None:
    """The carrier says that the message of a step did not arrive; the address is marked."""
    sequence = next(each for each in story.sequences() if any(known.step == step for known in each.reminders))
    refs = [Ref(sequence.key, each.step, each.cycle) for each in sequence.reminders if each.step == step]
    facts = replace(story.facts, last_promotion_at=None, permissions=replace(story.facts.permissions, **permitted))
    moment = story.now if again_at == "now" else again_at
    story.facts = undelivered(
        facts,
        refs[-1:],
        story.policy,
        story.now,
        waits_for=Reason.UNREACHABLE,
        fails_as=Reason.REFUSED,
        again_at=moment,
    )
    story.plan()


def test_a_message_that_did_not_arrive_leaves_by_the_other_channel() -> None:
    story = due()
    story.until(at(FIRST, 12))
    bounced(story, NO_TEXTS)
    assert states(story.refill())["first"] == "waiting UNREACHABLE"
    assert counted(story) == {"due": 1, "sent": 0, "waiting": 1, "suppressed": 0, "failed": 0, "late": 0}
    story.until(at(FIRST, 13))

    assert [each.send.channels for _, each in story.said] == [(SMS,), (EMAIL,)]
    assert counted(story) == {"due": 1, "sent": 1, "waiting": 0, "suppressed": 0, "failed": 0, "late": 0}


def test_R4_five_days_after_its_moment_nothing_leaves_instead() -> None:
    story = due()
    story.until(at(FIRST, 12))
    story.until(at(FIRST + timedelta(days=5), 12))
    bounced(story, NO_TEXTS)

    assert states(story.refill())["first"] == "failed REFUSED"


@pytest.mark.parametrize(
    "permitted",
    [{**NO_TEXTS, **NO_EMAILS}, {**NO_TEXTS, "is_email_vetoed": True}, {**NO_TEXTS, "is_opted_out": True}, NO_TEXTS],
)
def test_where_nothing_else_is_open_it_has_failed(permitted: dict[str, bool]) -> None:
    story = due()
    story.until(at(FIRST, 12))
    again_at: Any = None if permitted == NO_TEXTS else "now"
    bounced(story, permitted, again_at=again_at)
    first = next(each for each in story.refill().reminders if each.step == "first")

    assert (first.state, first.reason, first.sent_at) == (ReminderState.FAILED, "REFUSED", None)
    assert counted(story)["failed"] == 1


def test_a_booking_made_since_keeps_it_from_leaving_again() -> None:
    story = due()
    story.until(at(FIRST, 12))
    story.book(visit(SECOND, made=story.now))
    bounced(story, NO_TEXTS)

    assert states(story.refill())["first"] == "failed REFUSED"


def test_a_gateway_that_does_not_answer_is_waited_for() -> None:
    story = due()
    story.until(at(FIRST, 12))
    story.policy = policy(channels_down=frozenset({EMAIL}))
    bounced(story, NO_TEXTS)
    story.until(at(FIRST, 13))
    assert states(story.refill())["first"] == "waiting CHANNEL_DOWN"
    story.policy = policy()
    story.until(at(FIRST, 16))

    assert [each.send.channels for _, each in story.said] == [(SMS,), (EMAIL,)]


def test_the_last_message_opens_its_sequence_again() -> None:
    story = due()
    story.until(at(LAST, 12))
    assert story.refill().reason == Reason.FINISHED
    bounced(story, NO_TEXTS, "last")
    assert (story.refill().state, states(story.refill())["last"]) == (SequenceState.OPEN, "waiting UNREACHABLE")
    story.until(at(LAST, 13))

    assert [each.send.channels for _, each in story.said][-1] == (EMAIL,)
    assert (story.refill().state, story.refill().reason) == (SequenceState.ENDED, Reason.FINISHED)


def test_a_later_try_leaves_at_its_moment() -> None:
    story = due()
    story.until(at(FIRST, 12))
    bounced(story, {}, again_at=at(FIRST, 16))
    assert next(each for each in story.refill().reminders if each.step == "first").due_at == at(FIRST, 16)
    story.until(at(FIRST, 15, 59))
    assert len(story.said) == 1
    story.until(at(FIRST, 16))

    assert [moment for moment, _ in story.said] == [at(FIRST, 10), at(FIRST, 16)]


def test_a_confirmation_leaves_by_the_other_channel_too() -> None:
    story = due(approved=ALL_TEXTS)
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 9, 30))
    assert [each.sequence.kind for _, each in story.said] == [SequenceKind.CONFIRMATION]
    bounced(story, NO_TEXTS, "booked")
    story.until(at(FIRST, 9, 45))

    assert [each.send.channels for _, each in story.said] == [(SMS,), (EMAIL,)]


def test_news_of_it_that_comes_twice_changes_nothing() -> None:
    story = due()
    story.until(at(FIRST, 12))
    bounced(story, NO_TEXTS)
    before = story.facts.sequences
    bounced(story, NO_TEXTS)

    assert story.facts.sequences == before


def test_R33_what_never_left_although_its_appointment_is_over_does_not_wait_for_ever() -> None:
    story = due(approved=ALL_TEXTS)
    story.book(visit(SECOND, "unrelated", made=story.now))
    story.until(at(FIRST, 9, 30), fate=ReminderState.UNKNOWN)
    [(_, said)] = story.said
    story.until(at(SECOND, 23))
    story.know(sequences=settled(story.facts, said.ref, ReminderState.WAITING, story.now, retry_at=story.now).sequences)
    planned = plan(story.facts, story.policy, story.now)

    [sequence] = [each for each in planned.sequences if each.key == said.ref.sequence]
    [booked] = [each for each in sequence.reminders if each.step == said.ref.step]
    assert (sequence.state, booked.state) == (SequenceState.ENDED, ReminderState.CANCELLED)
    assert (booked.reason, booked.came_due) == (sequence.reason, True)
    assert ledger_of(planned.sequences, story.now).adds_up

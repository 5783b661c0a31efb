"""What will a client get, and in which exact words? (SIM-1)"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cadences.timeline import ChannelRule
from reminders.engine.channels import candidates, open_channels
from reminders.engine.claim import Claimed
from reminders.engine.decide import CONFIRMS, step_of, touchpoint_of
from reminders.engine.segments import measure
from reminders.engine.values import Facts, Policy, Ref, Reminder, Send, Sequence
from reminders.engine.voice import spoken
from reminders.engine.words import Channel, MessageKind, ReminderState, SequenceKind
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.speaking import Speaker


@dataclass(frozen=True, slots=True)
class PreviewText:
    """The text of a coming reminder on one channel, as it would leave. `segments`: of a text message."""

    channel: Channel
    subject: str
    text: str
    segments: int


def preview_texts(practice_id: UUID, client_id: UUID, now: datetime) -> dict[UUID, list[PreviewText]]:
    """Return the texts of every coming reminder of one client, by reminder, in the open scope.

    Earlier steps of a sequence are taken as sent, so each shows the words of its turn (R3).
    """
    known = bound(practice_id, now)
    gathered = gather(known, [client_id], now).get(client_id)
    if gathered is None:
        return {}
    speaker = Speaker(known)
    texts = {}
    for sequence in gathered.facts.sequences:
        sequence_then = sequence
        for reminder in sorted(sequence.reminders, key=lambda each: (each.position, each.cycle)):
            if not reminder.is_open:
                continue
            send = _send(reminder, sequence_then, gathered.facts, known.policy)
            if send is not None:
                claimed = Claimed(Ref(sequence.key, reminder.step, reminder.cycle), sequence_then, send)
                said = speaker.say(claimed, gathered, reminder.due_at)
                texts[gathered.reminder_ids[sequence.key, reminder.step, reminder.cycle]] = [
                    PreviewText(channel, composed.subject, composed.text, _segments(channel, composed.text))
                    for channel, composed in said.items()
                ]
            sequence_then = _as_sent(sequence_then, reminder)
    return texts


def _send(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy) -> Send | None:
    is_confirmation = sequence.kind is SequenceKind.CONFIRMATION
    kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
    step = step_of(reminder, sequence, policy)
    rule = step.channel_rule if step is not None else ChannelRule.PREFERENCE
    channels, _ = open_channels(rule, kind, facts, policy)
    if not channels:
        channels = candidates(rule, facts)[0][:1]
    touchpoint = CONFIRMS[reminder.step] if is_confirmation else touchpoint_of(reminder, sequence, facts, policy)
    send = spoken(touchpoint, channels, facts, policy)
    has_incentive = bool(step and step.incentive) and any(
        each.state is ReminderState.SENT for each in sequence.reminders
    )
    return replace(send, with_incentive=has_incentive) if send is not None else None


def _as_sent(sequence: Sequence, reminder: Reminder) -> Sequence:
    return replace(
        sequence,
        reminders=tuple(
            replace(each, state=ReminderState.SENT, sent_at=each.due_at) if each is reminder else each
            for each in sequence.reminders
        ),
    )


def _segments(channel: Channel, text: str) -> int:
    return measure(text).segments if channel is Channel.SMS else 0

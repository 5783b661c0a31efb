"""What will a client get, and in which exact words? (SIM-1)"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cadences.timeline import ChannelRule
from reminders.engine.channels import candidates, open_channels
from reminders.engine.claim import Claimed
from reminders.engine.decide import worded
from reminders.engine.segments import measure
from reminders.engine.touchpoints import confirming, step_of
from reminders.engine.values import Facts, Policy, Ref, Reminder, Send, Sequence
from reminders.engine.voice import spoken
from reminders.engine.words import Channel, MessageKind, ReminderState, SequenceKind
from reminders.operations.bound import Bound, bound
from reminders.operations.composing import Composed
from reminders.operations.facts import Gathered, gather
from reminders.operations.speaking import Speaker


@dataclass(frozen=True, slots=True)
class PreviewText:
    """The text of a coming reminder on one channel, as it would leave. `segments`: of a text message.

    `is_joined`: it leaves as one with steps of other sequences (R22); each of them shows the same text.
    """

    channel: Channel
    from_name: str
    subject: str
    text: str
    segments: int
    is_joined: bool


def preview_texts(practice_id: UUID, client_id: UUID, now: datetime) -> dict[UUID, list[PreviewText]]:
    """Return the texts of every coming reminder of one client, by reminder, in the open scope."""
    known = bound(practice_id, now)
    gathered = gather(known, [client_id], now).get(client_id)
    return previews_of(known, gathered) if gathered is not None else {}


def previews_of(known: Bound, gathered: Gathered) -> dict[UUID, list[PreviewText]]:
    """Return the texts of every coming reminder of a client already read; it reads nothing more.

    Played in the order of their moments: what comes before is taken as sent, so each shows the words of its
    turn (R3), and steps that would leave as one show one text (R22).
    """
    speaker = Speaker(known)
    texts = {}
    for claimed, at in _coming(gathered.facts, known.policy):
        ref = claimed.ref
        said = speaker.say(claimed, gathered, at, gathered.reminder_ids[ref.sequence, ref.step, ref.cycle])
        previews = [_preview(channel, composed, claimed) for channel, composed in said.items()]
        for ref in (claimed.ref, *claimed.send.joined):
            texts[gathered.reminder_ids[ref.sequence, ref.step, ref.cycle]] = previews
    return texts


def _coming(facts: Facts, policy: Policy) -> Iterator[tuple[Claimed, datetime]]:
    """The messages to come, each with its moment, on the facts as they would then be."""
    moments = sorted(
        (reminder.due_at, sequence.key, reminder.position, reminder)
        for sequence in facts.sequences
        if sequence.is_live
        for reminder in sequence.reminders
        if reminder.is_open
    )
    for at, key, _, reminder in moments:
        sequence = next(each for each in facts.sequences if each.key == key)
        if reminder not in sequence.reminders:
            continue  # it left with an earlier one
        send = _send(reminder, sequence, facts, policy, at)
        ref = Ref(key, reminder.step, reminder.cycle)
        joined = send.joined if send is not None else ()
        if send is not None:
            others = tuple(each for each in facts.sequences if each.key in {other.sequence for other in joined})
            yield Claimed(ref, sequence, send, others), at
        facts = _as_sent(facts, (ref, *joined), at)


def _send(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, at: datetime) -> Send | None:
    is_confirmation = sequence.kind is SequenceKind.CONFIRMATION
    kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
    step = step_of(reminder, sequence, policy)
    rule = step.channel_rule if step is not None else ChannelRule.PREFERENCE
    channels, _ = open_channels(rule, kind, facts, policy)
    channels = channels or candidates(rule, facts)[0][:1]
    if is_confirmation:
        return spoken(confirming(reminder, sequence, facts, at), channels, facts, policy)
    return worded(reminder, sequence, channels, facts, policy, at)


def _as_sent(facts: Facts, refs: tuple[Ref, ...], at: datetime) -> Facts:
    keys = {(ref.sequence, ref.step, ref.cycle) for ref in refs}
    return replace(
        facts,
        sequences=tuple(
            replace(
                sequence,
                reminders=tuple(
                    replace(each, state=ReminderState.SENT, sent_at=at)
                    if (sequence.key, each.step, each.cycle) in keys
                    else each
                    for each in sequence.reminders
                ),
            )
            for sequence in facts.sequences
        ),
    )


def _preview(channel: Channel, composed: Composed, claimed: Claimed) -> PreviewText:
    return PreviewText(
        channel=channel,
        from_name=composed.from_name,
        subject=composed.subject,
        text=composed.text,
        segments=measure(composed.text).segments if channel is Channel.SMS else 0,
        is_joined=bool(claimed.send.joined),
    )

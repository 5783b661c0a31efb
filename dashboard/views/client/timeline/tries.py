"""Which tries did a message take that was made again, and which answers left? (CHN-2, CHN-3, CHN-4)"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from dashboard.views.client.timeline.context import Context
from dashboard.views.client.timeline.entries import Entry, Group
from dashboard.views.client.timeline.fates import fates_of, frames_of, settling_of
from dashboard.views.wording.calls import staff_name
from dashboard.views.wording.deliveries import DECIDED_AGAIN, NOT_LEFT, not_arrived, shown_of
from dashboard.views.wording.moments import number_words
from dashboard.views.wording.outreach import by_channels, message_name, touchpoint_name
from reminders.engine.words import OPEN_STATES, MessageKind, Touchpoint
from reminders.models import Delivery, Message, Reminder

REACHES_BACK: Final = timedelta(days=6)
"""The tries of a reminder lie within the five days that it may be late (R4)."""


@dataclass(frozen=True, slots=True)
class Try:
    """A message that was made again, or may be. `reminders`: whose; `nxt`: what was made of it next."""

    message: Message
    deliveries: tuple[Delivery, ...]
    reminders: tuple[Reminder, ...]
    nxt: tuple[Delivery, ...]

    @property
    def held_back(self) -> str:
        """Why it was not even made, by any channel; empty where it was."""
        whys = {NOT_LEFT.get(each.error, "") for each in self.deliveries}
        return whys.pop() if len(whys) == 1 else ""


def try_entries(reminders: Iterable[Reminder], context: Context) -> Iterator[Entry]:
    """Yield an entry for each try that no finished reminder stands for; what was only put off is told once."""
    put_off: dict[tuple[object, ...], list[Try]] = {}
    for each in _tries(reminders, context.deliveries):
        if each.held_back:
            of = tuple(sorted(str(reminder.pk) for reminder in each.reminders)) or (each.message.pk,)
            put_off.setdefault((each.held_back, *of), []).append(each)
        else:
            yield _entry(each, context)
    for group in put_off.values():
        yield _put_off(group, context)


def answer_entries(context: Context) -> Iterator[Entry]:
    """Yield what was answered to the client: what staff wrote and who, and what medspa said by itself (CHN-4)."""
    for deliveries in context.deliveries.values():
        for each in deliveries:
            if each.message.kind != MessageKind.ANSWER:
                continue
            state = shown_of(each)
            writer = each.message.written_by
            what = f"{staff_name(writer)} answered" if writer else touchpoint_name(each.message.touchpoint)
            title = what[:1].upper() + what[1:] + by_channels([each.channel])
            yield Entry(
                Group.MESSAGES, each.attempted_at, state, title, state,
                whys=fates_of([each], each.attempted_at, context), said=each.text, also=Group.STAFF,
                actions=settling_of([each], context),
            )  # fmt: skip


def _tries(reminders: Iterable[Reminder], deliveries: Mapping[UUID, tuple[Delivery, ...]]) -> list[Try]:
    """The messages that no finished reminder stands for, each with the reminders that it was for and what followed."""
    behind: dict[UUID, tuple[Reminder, ...]] = {}
    for each in reminders:
        if each.message_id is not None:
            behind[each.message_id] = (*behind.get(each.message_id, ()), each)
    messages = [rows[0].message for rows in deliveries.values() if rows[0].message.kind != MessageKind.ANSWER]
    ordered = sorted(messages, key=lambda each: (each.decided_at, each.pk))
    followers: dict[UUID, UUID] = {}
    for at in range(len(ordered) - 1, -1, -1):
        message = ordered[at]
        if message.pk not in behind and message.is_void:
            follower = next((each for each in ordered[at + 1 :] if _follows(each, message, behind)), None)
            if follower is not None:
                followers[message.pk] = follower.pk
                behind[message.pk] = behind[follower.pk]
    return [
        Try(each, deliveries[each.pk], behind.get(each.pk, ()), _next_made(each.pk, followers, deliveries))
        for each in ordered
        if each.pk in followers or all(reminder.state in OPEN_STATES for reminder in behind.get(each.pk, ()))
    ]


def _follows(later: Message, earlier: Message, behind: Mapping[UUID, tuple[Reminder, ...]]) -> bool:
    """Whether a message is what a void one was made of again: of the same sort, for reminders already due then."""
    if later.kind != earlier.kind or later.decided_at - earlier.decided_at > REACHES_BACK:
        return False
    touchpoints = {later.touchpoint, earlier.touchpoint}
    if len(touchpoints) > 1 and Touchpoint.COMBINED.value not in touchpoints:
        return False
    return any(each.allowed_at <= earlier.decided_at for each in behind.get(later.pk, ()))


def _next_made(
    message_id: UUID, followers: Mapping[UUID, UUID], deliveries: Mapping[UUID, tuple[Delivery, ...]]
) -> tuple[Delivery, ...]:
    """The deliveries of the next message that was more than put off."""
    while message_id in followers:
        message_id = followers[message_id]
        made = tuple(each for each in deliveries[message_id] if each.error not in NOT_LEFT)
        if made:
            return made
    return ()


def _entry(each: Try, context: Context) -> Entry:
    at = each.message.sent_at or each.message.decided_at
    lost = not_arrived(each.deliveries)
    state = shown_of(lost[0] if lost else each.deliveries[0])
    return Entry(
        Group.MESSAGES, at, state, _name(each), state,
        whys=fates_of(each.deliveries, at, context, each.nxt),
        frames=frames_of(each.deliveries, context), actions=settling_of(each.deliveries, context),
    )  # fmt: skip


def _put_off(group: list[Try], context: Context) -> Entry:
    last = group[-1]
    at = last.message.decided_at
    whys = fates_of(last.deliveries[:1], at, context)
    if len(group) > 1:
        whys = (f"Did not leave, {number_words(len(group))} times in a row: {last.held_back}.",)
    return Entry(Group.MESSAGES, at, DECIDED_AGAIN, _name(last), DECIDED_AGAIN, whys=whys)


def _name(each: Try) -> str:
    name = message_name(each.message, each.reminders)
    return f"{name}{by_channels(delivery.channel for delivery in each.deliveries)}"

"""Which promises did the simulation keep? Each with its count of violations (DESIGN.md 5)."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reminders.engine.claim import Claimed
from reminders.engine.ledger import ledger_of
from reminders.engine.simulate.restated import (
    confirmed_start,
    is_held_by_booking,
    is_of_age,
    may_confirm_at,
    may_promote_at,
)
from reminders.engine.simulate.staff import Deed, Steered
from reminders.engine.values import Facts, Policy, Ref, Reminder, Sequence
from reminders.engine.words import Channel, ReminderState, SequenceKind, SequenceState, Touchpoint

INVARIANTS: Final[Mapping[str, str]] = {
    "barred": "nothing to who is inactive, deceased, under 18 or not to be contacted",
    "opted_out": "no promotion after an opt-out",
    "booked": "no promotion after a fitting booking",
    "service_issue": "no promotion during a service issue",
    "steered": "what staff paused, skipped or ended does not leave, what they moved not before its moment",
    "permission": "no message on a channel without its permission",
    "unreachable": "nothing to a number or mailbox after a carrier said that it cannot be reached",
    "window": "nothing outside the window of any zone she may be in",
    "three_refills": "at most three refill messages a treatment",
    "cap": "one promotion per cap window, client and address",
    "order": "steps in order, with their gaps",
    "late": "no refill more than five days late",
    "text": "the text follows what was sent, and is never empty",
    "reactivation": "reactivation at most monthly and twelve times",
    "appointment": "a confirmation names a live appointment and its start",
    "one_live": "one live refill a type, one live reactivation",
    "settled": "everything due is decided, with a state and a reason",
    "ledger": "the ledger adds up",
    "one_acceptance": "one acceptance a message",
    "same_plan": "the same reports in any order and number give the same plan",
    "idempotent": "planning again changes nothing",
}

Key = tuple[str, str]
"""A client and one of her sequences."""


@dataclass(slots=True)
class Watch:
    """Watches every message and plan of one practice, by its own account of what left."""

    violations: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    left: dict[Key, list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))
    promoted: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    accepted: Counter[tuple[str, Ref]] = field(default_factory=Counter)
    barred_by_staff: set[tuple[str, str, str]] = field(default_factory=set)
    """A client, a sequence and a step that staff skipped; without a step, a sequence that staff ended."""
    moved: dict[tuple[str, Ref], datetime] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    """Phones and emails that a carrier has reported."""

    def expect(self, kept: object, name: str, facts: Facts, now: datetime, what: object = "") -> None:
        """Count a violation unless kept; the first of each kind is kept as an example."""
        if not kept:
            self.violations[name] += 1
            self.examples.setdefault(name, f"{facts.person.id} {now:%Y-%m-%d %H:%M} {what}".rstrip())

    def message(
        self, claimed: Claimed, facts: Facts, policy: Policy, said: Mapping[Channel, str], now: datetime
    ) -> None:
        """One message is about to leave; `facts` are those of the moment, before it."""
        send, what = claimed.send, f"{claimed.ref.sequence} {claimed.ref.step}"
        self.expect(facts.person.status == "active" and is_of_age(facts, now), "barred", facts, now, what)
        is_promotion = claimed.sequence.kind is not SequenceKind.CONFIRMATION
        for channel in send.channels:
            is_whole = _is_whole(said.get(channel, ""), channel, is_promotion=is_promotion)
            self.expect(is_whole, "text", facts, now, what)
            is_permitted = _is_permitted(channel, facts, self.unreachable, is_promotion=is_promotion)
            self.expect(is_permitted, "permission", facts, now, what)
            self.expect(_address(facts, channel) not in self.unreachable, "unreachable", facts, now, what)
        for ref in (claimed.ref, *send.joined):
            self.expect(not self.accepted[facts.person.id, ref], "one_acceptance", facts, now, what)
        if is_promotion:
            self._promotion(claimed, facts, policy, now)
        else:
            self._confirmation(claimed, facts, policy, now)

    def steered(self, done: Steered, now: datetime) -> None:
        """Staff did something about a client."""
        ref, client = done.ref, done.facts.person.id
        if ref is None:
            return
        if done.deed in {Deed.SKIP, Deed.END}:
            self.barred_by_staff.add((client, ref.sequence, ref.step))
        elif done.deed in {Deed.UNSKIP, Deed.REOPEN}:
            self.barred_by_staff.discard((client, ref.sequence, ref.step))
        elif done.moment is not None and done.moment > now:
            self.moved[client, ref] = done.moment
        else:
            self.moved.pop((client, ref), None)

    def _is_against_staff(self, ref: Ref, facts: Facts, now: datetime) -> bool:
        client = facts.person.id
        is_barred = not {(client, ref.sequence, ref.step), (client, ref.sequence, "")}.isdisjoint(self.barred_by_staff)
        return is_barred or facts.is_paused_by_staff or now < self.moved.get((client, ref), now)

    def _promotion(self, claimed: Claimed, facts: Facts, policy: Policy, now: datetime) -> None:
        what = f"{claimed.ref.sequence} {claimed.ref.step}"
        self.expect(not facts.permissions.is_opted_out, "opted_out", facts, now, what)
        self.expect(not facts.has_open_issue, "service_issue", facts, now, what)
        self.expect(may_promote_at(now, facts, policy), "window", facts, now, what)
        for address in self._addresses(facts):
            since = max(self.promoted[address], default=None)
            is_free = since is None or now - since >= timedelta(days=policy.cap_days)
            self.expect(is_free, "cap", facts, now, what)
            self.promoted[address].append(now)
        refs = (claimed.ref, *claimed.send.joined)
        for ref, sequence in zip(refs, (claimed.sequence, *claimed.joined), strict=True):
            self._step(ref, sequence, claimed, facts, policy, now)

    def _step(
        self, ref: Ref, sequence: Sequence, claimed: Claimed, facts: Facts, policy: Policy, now: datetime
    ) -> None:
        what, before = f"{ref.sequence} {ref.step}", self.left[facts.person.id, sequence.key]
        cadence = policy.cadences[sequence.treatment_type]
        day_zero = max(
            each.performed_on
            for each in facts.treatments
            if policy.cadences[each.treatment_type].family == sequence.family
        )
        if sequence.kind is SequenceKind.REFILL and sequence.day_zero is not None:
            day_zero = sequence.day_zero
        self.expect(not self._is_against_staff(ref, facts, now), "steered", facts, now, what)
        is_held = is_held_by_booking(facts.visits, sequence.family, day_zero, now, policy, is_series=cadence.is_series)
        self.expect(not is_held, "booked", facts, now, what)
        reminder = _reminder(sequence, ref)
        if sequence.kind is SequenceKind.REACTIVATION:
            is_paced = len(before) < 12 and all(now - at >= timedelta(days=22) for at, _ in before)
            self.expect(is_paced, "reactivation", facts, now, what)
        else:
            self.expect(len(before) < 3, "three_refills", facts, now, what)
            in_order = all(position < reminder.position and now - at >= timedelta(days=5) for at, position in before)
            self.expect(in_order, "order", facts, now, what)
            self.expect(now - reminder.allowed_at <= timedelta(days=5), "late", facts, now, what)
            self.expect(_is_right_text(claimed, len(before)), "text", facts, now, what)
        before.append((now, reminder.position))

    def _confirmation(self, claimed: Claimed, facts: Facts, policy: Policy, now: datetime) -> None:
        sequence, what = claimed.sequence, f"{claimed.ref.sequence} {claimed.ref.step}"
        visit = next((each for each in facts.visits if each.id == sequence.anchor), None)
        booked_at = visit.booked_at if visit else None
        at_once = claimed.ref.step == "booked" and booked_at and now - booked_at <= timedelta(minutes=30)
        self.expect(at_once or may_confirm_at(now, facts), "window", facts, now, what)
        if claimed.send.touchpoint is Touchpoint.CANCELLED:
            kept = visit is not None and visit.status == "cancelled" and visit.is_cancelled_by_practice
        else:
            start = confirmed_start(sequence.anchor, facts, policy, now)
            kept = start is not None and start == sequence.starts_at
        self.expect(kept, "appointment", facts, now, what)

    def did_not_leave(self, claimed: Claimed, facts: Facts, decided_at: datetime) -> None:
        """A gateway refused it, or never got it: it counts for nothing."""
        if claimed.sequence.kind is SequenceKind.CONFIRMATION:
            return
        for address in self._addresses(facts):
            if decided_at in self.promoted[address]:
                self.promoted[address].remove(decided_at)
        for ref in (claimed.ref, *claimed.send.joined):
            left = self.left[facts.person.id, ref.sequence]
            left[:] = [each for each in left if each[0] != decided_at]

    def was_accepted(self, claimed: Claimed, facts: Facts, now: datetime) -> None:
        """A gateway took it."""
        for ref in (claimed.ref, *claimed.send.joined):
            self.accepted[facts.person.id, ref] += 1
            self.expect(self.accepted[facts.person.id, ref] == 1, "one_acceptance", facts, now, ref.step)

    def did_not_arrive(self, claimed: Claimed, facts: Facts, decided_at: datetime) -> None:
        """It was taken, and never came: it may be said once more (CHN-2)."""
        for ref in (claimed.ref, *claimed.send.joined):
            self.accepted[facts.person.id, ref] -= 1
        self.did_not_leave(claimed, facts, decided_at)

    def planned(self, facts: Facts, before: tuple[Sequence, ...], now: datetime, *, was_decided: bool) -> None:
        """A plan was made; if it was also decided, nothing that is due is left open."""
        live = Counter(
            (each.kind, each.treatment_type if each.kind is SequenceKind.REFILL else "")
            for each in facts.sequences
            if each.is_live and each.kind is not SequenceKind.CONFIRMATION
        )
        self.expect(all(count == 1 for count in live.values()), "one_live", facts, now)
        seen = set(map(id, before))
        for sequence in facts.sequences:
            if not sequence.is_live and id(sequence) in seen:
                continue
            for each in sequence.reminders:
                kept = _is_settled(each, sequence, now, was_decided=was_decided)
                self.expect(kept, "settled", facts, now, f"{sequence.key} {each.step} {each.state}")
        if was_decided:
            self.expect(ledger_of(facts.sequences, now).adds_up, "ledger", facts, now)

    @staticmethod
    def _addresses(facts: Facts) -> tuple[str, ...]:
        person = facts.person
        return tuple(each for each in (person.id, person.phone, person.email) if each)


def _address(facts: Facts, channel: Channel) -> str:
    return facts.person.phone if channel is Channel.SMS else facts.person.email


def _is_permitted(channel: Channel, facts: Facts, unreachable: Container[str], *, is_promotion: bool) -> bool:
    """Each channel needs its own permission. Another than the preferred one may stand in for it (CHN-2)."""
    person, allowed = facts.person, facts.permissions
    if person.preference not in ("", "both", channel.value):
        is_standing_in = person.preference != "none" and _address(facts, Channel(person.preference)) in unreachable
        if not is_standing_in:
            return False
    if channel is Channel.SMS:
        is_refused = allowed.is_sms_stopped or allowed.is_sms_vetoed
        may_promote = allowed.is_sms_consented and person.phone_shared_by <= 4
        return bool(person.phone) and not is_refused and (may_promote or not is_promotion)
    may_promote = not allowed.is_email_stopped and person.email_shared_by <= 4 and bool(facts.treatments)
    return bool(person.email) and not allowed.is_email_vetoed and (may_promote or not is_promotion)


def _is_whole(text: str, channel: Channel, *, is_promotion: bool) -> bool:
    """Every field filled, and a promotional text message says how to stop (MSG-3)."""
    says_stop = "STOP" in text or channel is not Channel.SMS or not is_promotion
    return bool(text.strip()) and says_stop and not set("{}[]") & set(text)


def _is_right_text(claimed: Claimed, sent_before: int) -> bool:
    send = claimed.send
    if send.touchpoint is Touchpoint.COMBINED:
        return bool(send.joined) and (sent_before > 0 or not send.with_incentive)
    if sent_before == 0:
        return send.touchpoint is Touchpoint.FIRST and not send.with_incentive
    return send.touchpoint in (Touchpoint.SECOND, Touchpoint.SECOND_INCENTIVE, Touchpoint.LAST)


def _is_settled(reminder: Reminder, sequence: Sequence, now: datetime, *, was_decided: bool) -> bool:
    if reminder.state in (ReminderState.PLANNED, ReminderState.WAITING):
        has_reason = reminder.state is ReminderState.PLANNED or reminder.reason
        is_due = was_decided and reminder.due_at <= now
        return bool(has_reason) and sequence.state is not SequenceState.ENDED and not is_due
    if reminder.state in (ReminderState.SENT, ReminderState.DELIVERED):
        return reminder.sent_at is not None
    if reminder.state in (ReminderState.CLAIMED, ReminderState.UNKNOWN):
        return True
    return bool(reminder.reason)


def _reminder(sequence: Sequence, ref: Ref) -> Reminder:
    return next(each for each in sequence.reminders if (each.step, each.cycle) == (ref.step, ref.cycle))

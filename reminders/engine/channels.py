"""On which channels may a message leave now, and what closes the others? (LIB-4, R25, SEQ-12, CHN-2)"""

from typing import Final

from cadences.timeline import ChannelRule
from reminders.engine.values import Facts, Policy
from reminders.engine.words import Channel, MessageKind, Reason

SHARED_BY_MOST = 4

_TELLING: Final = (
    Reason.CHANNEL_DOWN,
    Reason.OPTED_OUT,
    Reason.PREFERS_NONE,
    Reason.NO_CONSENT,
    Reason.VETOED,
    Reason.SHARED_ADDRESS,
    Reason.UNREACHABLE,
)
"""Where several channels are closed, the first of these is told: one that opens by itself, else what tells most."""


def closed_reason(channel: Channel, kind: MessageKind, facts: Facts, policy: Policy) -> Reason | None:
    """Return what keeps a kind of message from this channel; None if it is open (RULES.md, kinds).

    What lasts comes before what passes. A number that takes no texts is no matter of consent, so the other channel
    can stand in for it (CHN-2); a gateway that does not answer is the last, so that it means: open but for that.
    """
    person, permissions = facts.person, facts.permissions
    is_promotion = kind is MessageKind.PROMOTION
    if is_promotion and permissions.is_opted_out:
        return Reason.OPTED_OUT
    if person.preference == "none":
        return Reason.PREFERS_NONE
    closed = (_sms_closed if channel is Channel.SMS else _email_closed)(facts, is_promotion=is_promotion)
    return closed or (Reason.CHANNEL_DOWN if channel in policy.channels_down else None)


def _email_closed(facts: Facts, *, is_promotion: bool) -> Reason | None:
    person, permissions = facts.person, facts.permissions
    if not person.email:
        return Reason.NO_ADDRESS
    if is_promotion and permissions.is_email_stopped:
        return Reason.OPTED_OUT
    if permissions.is_email_vetoed:
        return Reason.VETOED
    if permissions.is_email_unreachable:
        return Reason.UNREACHABLE
    if is_promotion and person.email_shared_by > SHARED_BY_MOST:
        return Reason.SHARED_ADDRESS
    if is_promotion and not facts.treatments:
        return Reason.NO_CONSENT
    return None


def _sms_closed(facts: Facts, *, is_promotion: bool) -> Reason | None:
    person, permissions = facts.person, facts.permissions
    if not person.phone:
        return Reason.NO_ADDRESS
    if permissions.is_sms_stopped:
        return Reason.OPTED_OUT
    if permissions.is_sms_vetoed:
        return Reason.VETOED
    if permissions.is_phone_unreachable:
        return Reason.UNREACHABLE
    if is_promotion and person.phone_shared_by > SHARED_BY_MOST:
        return Reason.SHARED_ADDRESS
    if is_promotion and not permissions.is_sms_consented:
        return Reason.NO_CONSENT
    return None


def candidates(rule: ChannelRule, facts: Facts) -> tuple[tuple[Channel, ...], bool]:
    """Return the channels that a rule asks for, best first, and whether one of them is enough.

    The client's preference narrows every rule (R25). Without one, a text comes first.
    """
    preference = facts.person.preference
    allowed: tuple[Channel, ...] = (Channel.SMS, Channel.EMAIL)
    if preference in {"sms", "email"}:
        allowed = (Channel(preference),)
    if rule is ChannelRule.BOTH or (rule is ChannelRule.PREFERENCE and preference == "both"):
        return allowed, False
    if rule in {ChannelRule.SMS, ChannelRule.EMAIL}:
        return tuple(channel for channel in allowed if channel.value == rule.value), True
    if rule is ChannelRule.NOT_ANSWERED and len(facts.answered) == 1:
        silent = tuple(channel for channel in allowed if channel not in facts.answered)
        return (silent or allowed), True
    return allowed, True


def open_channels(
    rule: ChannelRule, kind: MessageKind, facts: Facts, policy: Policy
) -> tuple[tuple[Channel, ...], Reason]:
    """Return the channels to leave on now; where there is none, the reason that a person can act on.

    A step leaves on each channel of its rule that is open now, and waits only if none is (R25). Where none is, and
    one of them cannot be reached at all, a channel that nobody asked for stands in if it is open (CHN-2;
    docs/decisions/0013).
    """
    wanted, one_is_enough = candidates(rule, facts)
    closed = {channel: closed_reason(channel, kind, facts, policy) for channel in wanted}
    open_now = tuple(channel for channel in wanted if closed[channel] is None)
    if open_now:
        return (open_now[:1] if one_is_enough else open_now), Reason.NO_CONSENT
    reasons = [reason for reason in closed.values() if reason is not None]
    if Reason.UNREACHABLE in reasons:
        others = {each: closed_reason(each, kind, facts, policy) for each in Channel if each not in closed}
        standing_in = tuple(channel for channel, reason in others.items() if reason is None)
        if standing_in:
            return standing_in, Reason.NO_CONSENT
        reasons += [reason for reason in others.values() if reason is Reason.CHANNEL_DOWN]
    for telling in _TELLING:
        if telling in reasons:
            return (), telling
    return (), reasons[0] if reasons else Reason.PREFERS_NONE

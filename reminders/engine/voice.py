"""In whose voice, with which approved text, on which of the open channels? (R31, MSG-2, MSG-8)"""

from reminders.engine.values import Facts, Policy, Send
from reminders.engine.words import Channel, Touchpoint


def voice_of(facts: Facts, policy: Policy) -> str | None:
    """Return the provider who treated last, if active and the practice speaks so; None is the practice."""
    if not policy.speaks_as_provider or not facts.treatments:
        return None
    latest = max(facts.treatments, key=lambda treated: (treated.performed_on, treated.recorded_at, treated.id))
    return latest.provider if latest.provider in policy.providers else None


def spoken(touchpoint: Touchpoint, channels: tuple[Channel, ...], facts: Facts, policy: Policy) -> Send | None:
    """Return the message to send: in the provider's voice, else the practice's text; None without one.

    A text of the practice's that ships in an injector's first person is spoken by the provider who treated
    last: `provider` names whose name it carries, and the text falls back by itself.
    """
    provider = voice_of(facts, policy)
    worded = tuple(
        channel
        for channel in channels
        if (touchpoint, channel, provider) in policy.approved or (touchpoint, channel, None) in policy.approved
    )
    return Send(worded, touchpoint, provider) if worded else None

"""What would the default library and the shipped texts do to a made-up book of clients? (SIM-2)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from cadences.operations.default_library import DEFAULT_LIBRARY
from practices.models import Location, Practice, Provider
from reminders.engine.claim import Claimed
from reminders.engine.segments import normalize
from reminders.engine.simulate import Report, Settings, simulate
from reminders.engine.touchpoints import step_of
from reminders.engine.values import Facts, Policy, Ref, Reminder, Sequence
from reminders.engine.wording import Wording, fill, parse
from reminders.engine.words import Channel, SequenceKind, Touchpoint
from reminders.operations.merge_fields import merge_fields
from reminders.operations.senders import Sender, sender_of
from reminders.operations.shipped_texts import SHIPPED_TEXTS

_PRACTICE: Final = Practice(
    name="Lakeview Aesthetics", phone="+13125550100", booking_url="https://lakeview.example/book"
)
_LOCATION: Final = Location(name="Lakeview", address_line="1 Oak Street", city="Chicago", state="IL")
_PROVIDERS: Final[Mapping[str, Provider]] = MappingProxyType(
    {
        "pat": Provider(display_name="Pat", sign_off="Pat Kim, RN"),
        "sam": Provider(display_name="Sam", sign_off="Sam Ruiz, NP"),
    }
)


def run_simulation(settings: Settings) -> Report:
    """Run made-up practices through time with the real planner, guards and texts. It reads and writes no row.

    The same settings give the same report.
    """
    cadences = {slug: entry.cadence for slug, entry in DEFAULT_LIBRARY.items()}
    texts = _Texts()
    return simulate(settings, cadences, frozenset((*key, None) for key in texts.bodies), texts.render)


@dataclass(slots=True)
class _Texts:
    """The shipped texts that name the treatment, filled for made-up clients in a made-up practice's name."""

    bodies: dict[tuple[Touchpoint, Channel], Wording] = field(default_factory=dict)
    senders: dict[str | None, Sender] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bodies = {
            (text.touchpoint, text.channel): parse(text.body)
            for text in SHIPPED_TEXTS
            if text.detail == Practice.Detail.NAMED
        }
        self.senders = {
            name: sender_of(_PRACTICE, provider, _LOCATION) for name, provider in ((None, None), *_PROVIDERS.items())
        }

    def render(self, claimed: Claimed, facts: Facts, policy: Policy, now: datetime) -> dict[Channel, str]:
        """The exact text on each channel that the message leaves on."""
        sender = self.senders[claimed.send.provider]
        said = {}
        for channel in claimed.send.channels:
            fields = {**sender.fields, **_fields(channel, claimed, facts, policy, now)}
            text = fill(self.bodies[claimed.send.touchpoint, channel], fields)
            said[channel] = normalize(text) if channel is Channel.SMS else text
        return said


def _fields(channel: Channel, claimed: Claimed, facts: Facts, policy: Policy, now: datetime) -> dict[str, str]:
    today = now.astimezone(ZoneInfo(facts.person.home_zone)).date()
    sequence = claimed.sequence
    if sequence.kind is SequenceKind.CONFIRMATION and sequence.starts_at is not None:
        visit = next(visit for visit in facts.visits if visit.id == sequence.anchor)
        starts_local = sequence.starts_at.astimezone(ZoneInfo(visit.zone))
        return merge_fields(channel, first_name="Alex", today=today, starts_local=starts_local)
    types = [DEFAULT_LIBRARY[each.treatment_type] for each in (sequence, *claimed.joined)]
    return merge_fields(
        channel,
        first_name="Alex",
        treatments=[entry.named_in_text for entry in types],
        lasts=types[0].lasts,
        treated_on=sequence.day_zero if sequence.kind is SequenceKind.REFILL else None,
        today=today,
        incentive=_incentive(claimed, policy) if claimed.send.with_incentive else "",
    )


def _incentive(claimed: Claimed, policy: Policy) -> str:
    step = step_of(_reminder(claimed.sequence, claimed.ref), claimed.sequence, policy)
    return (step.incentive or "") if step else ""


def _reminder(sequence: Sequence, ref: Ref) -> Reminder:
    return next(each for each in sequence.reminders if (each.step, each.cycle) == (ref.step, ref.cycle))

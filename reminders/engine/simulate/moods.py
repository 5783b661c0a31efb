"""What else changes about made-up clients and practices: permissions, complaints, addresses, pauses?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reminders.engine.simulate.world import PLACES, SimulatedClient, SimulatedPractice
from reminders.engine.words import Channel


@dataclass(frozen=True, slots=True)
class Turns:
    """Something about a client changes: fields of her facts, person or permissions."""

    facts: Mapping[str, Any]
    person: Mapping[str, Any]
    permissions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chooses:
    """The practice, or something around it, changes: fields of its policy."""

    policy: Mapping[str, Any]


Timed = Iterator[tuple[datetime, Turns]]


def moods(client: SimulatedClient, start: datetime, days: int) -> Timed:
    """Opt-outs and START, complaints, replies, consents gained, moves, and ends, over the whole time."""
    for a_year, happens in _HAPPENS:
        likely = a_year * days / (365 + a_year * days)
        while client.chance.random() < likely:
            yield from happens(client, start + timedelta(days=client.chance.uniform(0, days)))


def _opts_out(client: SimulatedClient, at: datetime) -> Timed:
    by_text = client.chance.random() < 0.6
    stopped = {"is_opted_out": True, "is_sms_stopped" if by_text else "is_email_stopped": True}
    yield at, _permits(**stopped)
    if client.chance.random() < 0.4:
        yield at + timedelta(days=client.chance.uniform(0.01, 60)), _permits(**dict.fromkeys(stopped, False))


def _complains(client: SimulatedClient, at: datetime) -> Timed:
    yield at, _knows(has_open_issue=True)
    yield at + timedelta(days=client.chance.uniform(0.5, 25)), _knows(has_open_issue=False)


def _replies(client: SimulatedClient, at: datetime) -> Timed:
    yield at, _knows(has_unanswered_reply=True)
    answered_at = at + timedelta(days=client.chance.uniform(0.02, 8))
    yield answered_at, _knows(has_unanswered_reply=False)
    if client.chance.random() < 0.3:
        until = (answered_at + timedelta(days=client.chance.randrange(2, 40))).date()
        yield answered_at, _knows(snoozed_until=until)


def _consents(client: SimulatedClient, at: datetime) -> Timed:
    yield at, _permits(is_sms_consented=True, is_photo_consented=client.chance.random() < 0.5)


def _moves(client: SimulatedClient, at: datetime) -> Timed:
    zone, state = client.chance.choice(PLACES)
    zones = tuple(sorted({zone, client.zone}))
    yield at, Turns({}, {"home_zone": zone, "zones": zones, "states": (state,)}, {})


def _answers(client: SimulatedClient, at: datetime) -> Timed:
    yield at, _knows(answered=frozenset({client.chance.choice((Channel.SMS, Channel.EMAIL))}))


def _leaves(client: SimulatedClient, at: datetime) -> Timed:
    status = client.chance.choice(("inactive", "inactive", "deceased", "do_not_contact"))
    yield at, Turns({}, {"status": status}, {})
    if status == "inactive":
        yield at + timedelta(days=60), Turns({}, {"status": "active"}, {})


_HAPPENS = (
    (0.07, _opts_out),
    (0.06, _complains),
    (0.1, _replies),
    (0.1, _consents),
    (0.04, _moves),
    (0.1, _answers),
    (0.02, _leaves),
)
"""How often a year, and what."""


def turns_of_practice(practice: SimulatedPractice, start: datetime, days: int) -> Iterator[tuple[datetime, Chooses]]:
    """Records that go stale, pauses, and a channel that is down, each for a while and over again."""
    chance = practice.chance
    for _ in range(1 + days // 200):
        at = start + timedelta(days=chance.uniform(1, days))
        lasts = timedelta(days=chance.uniform(0.05, 7))
        before, during = chance.choice(
            (
                ({"is_records_stale": False}, {"is_records_stale": True}),
                ({"is_paused": False}, {"is_paused": True}),
                ({"channels_down": frozenset()}, {"channels_down": frozenset({Channel.SMS})}),
            )
        )
        yield at, Chooses(during)
        yield at + lasts, Chooses(before)


def _knows(**facts: Any) -> Turns:
    return Turns(facts, {}, {})


def _permits(**permissions: Any) -> Turns:
    return Turns({}, {}, permissions)

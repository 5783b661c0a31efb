"""Which made-up practices and clients does the simulator start with? The same seed makes the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from cadences.timeline import Cadence
from reminders.engine.simulate.books import Books
from reminders.engine.values import Facts, Permissions, Person, Plan, Policy
from reminders.engine.words import Channel, Touchpoint

Texts = frozenset[tuple[Touchpoint, Channel, str | None]]

PLACES: tuple[tuple[str, str], ...] = (
    ("America/Chicago", "IL"),
    ("America/New_York", "FL"),
    ("America/Los_Angeles", "CA"),
    ("America/Phoenix", "AZ"),
    ("America/Denver", "CO"),
    ("America/New_York", "PA"),
    ("America/Chicago", "TX"),
    ("Pacific/Honolulu", "HI"),
)
"""(zone, state): split-zone states, states of their own law, places without daylight saving."""

WEIGHTS: Mapping[str, int] = {
    "botox": 45,
    "dysport": 14,
    "xeomin": 5,
    "jeuveau": 3,
    "lip_filler": 14,
    "cheek_filler": 5,
    "voluma": 4,
    "sculptra": 4,
    "radiesse": 3,
    "kybella": 3,
}
SHARE_OF_DEAD = 0.06
PREFERENCES = ("",) * 12 + ("sms",) * 3 + ("email",) * 3 + ("both", "none")


@dataclass(slots=True)
class SimulatedClient:
    """One made-up client: what is known of her, and what she is like."""

    index: int
    chance: Random
    facts: Facts
    types: tuple[str, ...]
    zone: str
    """Where she is treated."""
    books: Books = field(default_factory=Books)
    plan: Plan = field(default_factory=lambda: Plan(()))
    visits: int = 0
    looks_at: datetime | None = None
    """When her next reminder is decided or her plan made again, as queued."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where promotions to her are counted: herself, her phone, her email (R23)."""
        person = self.facts.person
        return tuple(each for each in (person.id, person.phone, person.email) if each)


@dataclass(slots=True)
class SimulatedPractice:
    """One made-up practice with its clients."""

    index: int
    chance: Random
    policy: Policy
    zone: str
    clients: list[SimulatedClient]
    dead: frozenset[str] = frozenset()
    """Landlines and mailboxes that are gone: nobody knows before a carrier says so (CHN-2)."""
    promoted: dict[str, list[datetime]] = field(default_factory=dict)
    """When promotions left, by client, phone and email."""

    def last_promotion_at(self, client: SimulatedClient) -> datetime | None:
        """The last promotion to her, or to anyone at her phone or email (R23)."""
        known = (self.promoted.get(address) for address in client.addresses)
        return max((moments[-1] for moments in known if moments), default=None)

    def promotes_to(self, client: SimulatedClient, now: datetime) -> None:
        """A promotion leaves to her."""
        for address in client.addresses:
            self.promoted.setdefault(address, []).append(now)

    def did_not_promote_to(self, client: SimulatedClient, decided_at: datetime) -> None:
        """It did not leave after all, if it was a promotion."""
        for address in client.addresses:
            moments = self.promoted.get(address, [])
            if decided_at in moments:
                moments.remove(decided_at)


def make_practice(
    index: int, clients: int, seed: int, start: datetime, cadences: Mapping[str, Cadence], texts: Texts
) -> SimulatedPractice:
    """Return a made-up practice that goes live at `start`; the first of all keeps every default."""
    chance = Random(f"{seed}/{index}")  # noqa: S311 - a made-up world, no secret
    zone, _ = PLACES[(seed + index) % len(PLACES)]
    policy = Policy(
        time_zone=zone,
        cadences=cadences,
        live_at=start,
        approved=texts,
        providers=frozenset({"pat", "sam"}),
        holdout_key=f"{seed}/{index}".encode(),
    )
    if index:
        policy = _with_choices(policy, chance)
    made = _sharing([_make_client(index, number, seed, zone, start, policy) for number in range(clients)], chance)
    return SimulatedPractice(index, chance, policy, zone, made, _dead(made, Random(f"{seed}/{index}/dead")))  # noqa: S311


def _with_choices(policy: Policy, chance: Random) -> Policy:
    steps = {
        slug: replace(
            cadence,
            steps=tuple(
                replace(step, incentive="a small add-on" if step.key == "second" else None) for step in cadence.steps
            ),
        )
        for slug, cadence in policy.cadences.items()
    }
    return replace(
        policy,
        cadences=steps if chance.random() < 0.5 else policy.cadences,
        holdout_percent=chance.choice((0, 10)),
        confirms=chance.choice(("all", "injectables", "all", "none")),
        consultation_fits=chance.random() < 0.8,
        touch_up_resets=chance.random() < 0.3,
        speaks_as_provider=chance.random() < 0.7,
        cap_days=chance.choice((3, 3, 5)),
        promotion_opens=chance.choice((None, time(11))),
        promotion_closes=chance.choice((None, time(18))),
    )


def _make_client(practice: int, number: int, seed: int, zone: str, start: datetime, policy: Policy) -> SimulatedClient:
    chance = Random(f"{seed}/{practice}/{number}")  # noqa: S311
    home, state = (zone, next(state for place, state in PLACES if place == zone))
    if chance.random() < 0.15:
        home, state = chance.choice(PLACES)
    zones = {zone, home, *([chance.choice(PLACES)[0]] if chance.random() < 0.1 else [])}
    person = Person(
        id=f"p{practice}-c{number}",
        home_zone=home,
        zones=tuple(sorted(zones)),
        states=(state,),
        date_of_birth=_born_on(chance, start),
        phone="" if chance.random() < 0.04 else f"phone-{practice}-{number}",
        email="" if chance.random() < 0.12 else f"email-{practice}-{number}",
        preference=chance.choice(PREFERENCES),
    )
    permissions = Permissions(
        is_sms_consented=chance.random() < 0.8,
        is_sms_vetoed=chance.random() < 0.02,
        is_email_vetoed=chance.random() < 0.04,
        is_photo_consented=chance.random() < 0.4,
    )
    slugs = [slug for slug in WEIGHTS if slug in policy.cadences]
    kinds = chance.choices(slugs, [WEIGHTS[slug] for slug in slugs], k=chance.choice((1, 1, 1, 2, 2, 3)))
    return SimulatedClient(number, chance, Facts(person, permissions), tuple(dict.fromkeys(kinds)), zone)


def _dead(clients: list[SimulatedClient], chance: Random) -> frozenset[str]:
    addresses = {
        address for each in clients for address in (each.facts.person.phone, each.facts.person.email) if address
    }
    return frozenset(each for each in sorted(addresses) if chance.random() < SHARE_OF_DEAD)


def _born_on(chance: Random, start: datetime) -> date | None:
    if chance.random() < 0.5:
        return None
    years = 17.3 if chance.random() < 0.04 else chance.uniform(19, 70)
    return (start - timedelta(days=365.25 * years)).date()


def _sharing(clients: list[SimulatedClient], chance: Random) -> list[SimulatedClient]:
    """Some share a phone or an email with the one before; one number is the whole front desk's."""
    for before, client in pairwise(clients):
        if chance.random() < 0.06:
            person = replace(client.facts.person, phone=before.facts.person.phone)
            client.facts = replace(client.facts, person=person)
        if chance.random() < 0.03:
            person = replace(client.facts.person, email=before.facts.person.email)
            client.facts = replace(client.facts, person=person)
    for client in clients[20:26]:
        person = replace(client.facts.person, phone="phone-of-the-desk")
        client.facts = replace(client.facts, person=person)
    phones = [client.facts.person.phone for client in clients]
    emails = [client.facts.person.email for client in clients]
    for client in clients:
        person = client.facts.person
        client.facts = replace(
            client.facts,
            person=replace(
                person,
                phone_shared_by=max(1, phones.count(person.phone)),
                email_shared_by=max(1, emails.count(person.email)),
            ),
        )
    return clients

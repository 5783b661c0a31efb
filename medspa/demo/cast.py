"""Who are the clients of the demo, and what do they come for?"""

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from clients.operations.reported import ReportedClient, ReportedConsent

SEED: Final = 20_260
WORDING: Final = (
    "I agree to receive appointment reminders and offers by text from Lakeview Aesthetics at the number I gave. "
    "Consent is no condition of purchase. Reply STOP to opt out."
)
_FIRST_NAMES: Final = """
    Siobhán Björk Zoë Renée Noor Aisha Olivia Tamika Dana Camila Mei Priya Fatima Grace Hannah Ingrid Jasmine
    Katarzyna Leila Maria-José Naomi Oksana Paloma Quinn Rosa Sofía Thandiwe Ursula Valentina Wren Ximena Yuki Zahra
    Abigail Beatriz Chloé Delphine Elif Frances Gabriela Heather Imani Joy Kenji Lucía Marcus Nadia Octavia Petra
    Ruth Stella Tess Uma Vivian Willa Amara Brigid Celeste Dolores Esther
"""
FIRST_NAMES: Final = tuple(_FIRST_NAMES.split())
_LAST_NAMES: Final = """
    O’Connell D'Angelo Kowalczyk Jackson Patel Whitfield Nguyễn García-Márquez Kim Thompson van-Dyke Okafor Müller
    Lindqvist Rossi Haddad Chen Novak Fitzgerald Silva Ødegård Yamamoto Abernathy-Worthington Ruiz Petrov
    Castellanos Brown Dubois Hernández Iyer Johansson Kaplan Lefèvre McAllister Ngata Oyelaran Papadopoulos Quigley
    Rahman Schmidt Torres Ueda Vasquez Washington Xu Young Zieliński St.-James Bianchi Cohen
"""
LAST_NAMES: Final = tuple(_LAST_NAMES.split())
# State, ZIP, area code: most live near; some have moved or spend the winter elsewhere.
HOMES: Final = (
    *(("IL", zip_code, area) for zip_code in ("60614", "60657", "60202", "60523", "60601") for area in ("312", "773")),
    *(("IL", "60540", "630"), ("IL", "60093", "847"), ("IL", "60453", "708"), ("IN", "46321", "219")),
    *(("FL", "33139", "312"), ("AZ", "85251", "773"), ("MI", "49085", "269")),
)


@dataclass(frozen=True, slots=True)
class Good:
    """What is sold under one name of the price list."""

    service: str
    unit: str
    quantities: tuple[int, ...]
    price: str
    every_days: int
    area: str = ""

    def price_of(self, quantity: int) -> Decimal:
        """What so many units cost."""
        return Decimal(self.price) * quantity


BOTOX: Final = Good("BOTOX Cosmetic (per unit)", "units", (20, 24, 32, 40, 50), "12.00", 92, "forehead and glabella")
XEOMIN: Final = Good("Xeomin", "units", (20, 30, 40), "11.00", 90, "glabella")
DYSPORT: Final = Good("Dysport Full Face", "units", (60, 90, 120), "4.50", 95, "full face")
LIPS: Final = Good("Restylane Kysse (Lips)", "syringe", (1,), "750.00", 215, "lips")
CHEEKS: Final = Good("Juvederm Voluma XC (Cheeks)", "syringe", (1, 2), "900.00", 540, "cheeks")
SCULPTRA: Final = Good("Sculptra Vial", "vial", (2,), "850.00", 42)
GOODS: Final = (*[BOTOX] * 9, *[DYSPORT] * 4, *[XEOMIN] * 2, *[LIPS] * 3, CHEEKS, SCULPTRA)
GLOW: Final = Good("The Lakeview Glow", "", (1,), "180.00", 0)  # nobody has said yet what that is


@dataclass(slots=True)
class Member:
    """One client of the demo: who she is, what she comes for, and where she stands in the story."""

    number: int
    told: ReportedClient
    good: Good
    place: str
    provider: str
    every_days: int
    keenness: float
    """How likely a reminder moves her, from 0 to 1."""
    since: date
    until: date | None
    """The last day on which she came, where she stopped coming."""
    is_reserved: bool = False
    visits: int = 0
    last_on: date | None = None
    is_booked: bool = False
    words: list[str] = field(default_factory=list)

    @property
    def client(self) -> ReportedClient:
        """The client by id alone."""
        return ReportedClient(self.told.remote_id)

    def chance(self, about: str) -> random.Random:
        """Chance for one question about her; the same in every demo, whatever else happens."""
        return random.Random(f"{SEED} {self.number} {about}")  # noqa: S311 - a story, not a secret

    def next_id(self, letter: str) -> str:
        """The records system's id of her next visit or booking."""
        self.visits += 1
        return f"{letter}{self.number:04}-{self.visits}"


def cast(count: int, today: date, places: list[str], providers: list[str], *, first: int = 1) -> list[Member]:
    """The clients of a practice, numbered from `first`; the same for the same numbers, whatever the day."""
    return [_member(number, today, places, providers) for number in range(first, first + count)]


def _member(number: int, today: date, places: list[str], providers: list[str]) -> Member:
    chance = random.Random(f"{SEED} {number}")  # noqa: S311 - a story, not a secret
    good = chance.choice(GOODS)
    since = today - timedelta(days=chance.randint(150, 730))
    is_lapsed = chance.random() < 0.28
    until = since + (today - since) * chance.uniform(0.05, 0.6) if is_lapsed else None
    every = round(good.every_days * chance.uniform(0.94, 1.25))
    told = _person(number, since, chance)
    place, provider = chance.choice(places), chance.choice(providers)
    return Member(number, told, good, place, provider, every, chance.uniform(0.25, 0.95), since, until)


def _person(number: int, since: date, chance: random.Random) -> ReportedClient:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    state, zip_code, area = chance.choice(HOMES)
    mailbox = _plain(f"{first}.{last}{number}")
    born = date(chance.randint(1958, 2003), chance.randint(1, 12), chance.randint(1, 28))
    return ReportedClient(
        remote_id=f"G{10_000 + number}",
        first_name=first,
        last_name=last.replace("van-", "van "),
        phone=f"+1{area}555{number % 10_000:04}",
        email=f"{mailbox}@example.com" if chance.random() < 0.93 else None,
        postal_code=zip_code,
        state=state,
        date_of_birth=born if chance.random() < 0.8 else None,
        preferred_channel=chance.choice(["sms", "sms", "sms", "email", "both", None, None]),
        consents=_consents(since, chance),
    )


def _consents(since: date, chance: random.Random) -> tuple[ReportedConsent, ...]:
    """Most agreed to texts in writing; some never were asked; a few flags in the records forbid."""
    at = datetime.combine(since, time(15), tzinfo=UTC)
    luck = chance.random()
    if luck < 0.74:
        return (agreement(since),)
    if luck < 0.79:
        return (ReportedConsent("sms", is_granted=False, at=at, source="records", is_flag=True),)
    if luck < 0.81:
        return (ReportedConsent("email", is_granted=False, at=at, source="records", is_flag=True),)
    return ()


def agreement(on: date) -> ReportedConsent:
    """Her own word, given on the form of her first visit (SEQ-12)."""
    at = datetime.combine(on, time(15), tzinfo=UTC)
    return ReportedConsent("sms", is_granted=True, at=at, source="intake form", wording=WORDING)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ø", "o").replace("ł", "l").replace("đ", "d"))
    return "".join(letter for letter in decomposed if letter.isascii() and (letter.isalnum() or letter == "."))

"""Which practices does the demo show, with which places, injectors and people?"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings

from clients.models.consent import ConsentScope
from clients.operations.consents import attest
from practices.models import Person, Practice, Provider, Role, StaffMember
from practices.operations.creation import create_practice
from practices.operations.directory import resolve_locations, resolve_providers
from practices.tenancy import practice_scope


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the demo describes it."""

    name: str
    address_line: str
    city: str
    postal_code: str
    phone: str
    parking: str
    check_in: str
    path: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A practice to be made: where it is, who treats there, who signs in."""

    slug: str
    name: str
    time_zone: str
    state: str
    address_line: str
    phone: str
    color: str
    places: tuple[Place, ...]
    providers: tuple[str, ...]
    people: tuple[tuple[str, Role], ...]
    attested_email: str = ""
    guests: tuple[tuple[str, Role], ...] = ()
    """People of another practice who help out: they switch."""


LAKEVIEW: Final = Scene(
    "lakeview",
    "Lakeview Aesthetics",
    "America/Chicago",
    "IL",
    "2210 N Clark St, Chicago, IL 60614",
    "+13125550100",
    "#0f766e",
    (
        Place(
            "Lincoln Park", "2210 N Clark St", "Chicago", "60614", "+13125550100",
            "There is a garage next door on Clark; we validate the first hour.",
            "Ring for the second floor; the front desk will bring you up.", "lincoln-park",
        ),
        Place(
            "Evanston", "811 Chicago Ave", "Evanston", "60202", "+18475550101",
            "Street parking on Main is free for two hours.",
            "Use the tablet by the door, then have a seat.", "evanston",
        ),
        Place(
            "Oak Brook", "1200 Harger Rd, Suite 310", "Oak Brook", "60523", "+16305550102",
            "Park anywhere in the visitors’ lot behind the building.",
            "Take the elevator to three and turn left.", "oak-brook",
        ),
    ),
    ("Jordan Blake NP", "Dr. Elena Ruiz", "Pat Kim RN", "Sam O'Hara PA-C"),
    (("Alice", Role.OWNER), ("Maya", Role.MANAGER), ("Pat", Role.INJECTOR), ("Bob", Role.FRONT_DESK)),
    "I agree to receive email from Lakeview Aesthetics about my visits and treatments.",
)  # fmt: skip
HILLTOP: Final = Scene(
    "hilltop",
    "Hilltop Skin",
    "America/Denver",
    "CO",
    "455 Josephine St, Denver, CO 80206",
    "+13035550110",
    "#7c3aed",
    (
        Place(
            "Cherry Creek", "455 Josephine St", "Denver", "80206", "+13035550110",
            "The lot on Josephine is ours.", "Come straight in.", "cherry-creek",
        ),
    ),
    ("Morgan Lee RN", "Dr. Ada Nwosu"),
    (("Charlie", Role.OWNER),),
    guests=(("maya@lakeview.example", Role.FRONT_DESK),),
)  # fmt: skip


def raise_scene(scene: Scene, now: datetime) -> Practice:
    """Will make a practice with its places, injectors and people, not yet live."""
    practice = create_practice(scene.slug, scene.name, scene.time_zone, now)
    site = f"https://{scene.slug}.example"
    with practice_scope(practice.pk):
        practice.address_line, practice.phone, practice.color = scene.address_line, scene.phone, scene.color
        practice.booking_url = f"{site}/book"
        practice.save(update_fields=["address_line", "phone", "color", "booking_url"])
        locations = resolve_locations(practice.pk, [place.name for place in scene.places])
        for place in scene.places:
            location = locations[place.name]
            location.time_zone, location.state = scene.time_zone, scene.state
            location.address_line, location.city = place.address_line, place.city
            location.postal_code, location.phone = place.postal_code, place.phone
            location.parking, location.check_in = place.parking, place.check_in
            location.intake_url = f"{site}/intake/{place.path}"
            location.booking_url = f"{site}/book/{place.path}"
            location.save()
        providers = resolve_providers(practice.pk, scene.providers)
        for provider in providers.values():
            provider.booking_url = f"{site}/book/{provider.display_name.lower()}"
            provider.save(update_fields=["booking_url"])
        for name, role in scene.people:
            _hire(practice, name, role, list(providers.values()))
        for email, role in scene.guests:
            StaffMember.objects.create(practice=practice, person=Person.objects.get(email=email), role=role)
    if scene.attested_email:
        attest(practice.pk, ConsentScope.EMAIL, scene.attested_email, scene.people[0][0], now)
    return practice


OPERATOR: Final = "operator@medspa.example"


def raise_operator() -> None:
    """Will make the person who runs the service: no practice's page opens for them, the service's letters do."""
    Person.objects.create_user(OPERATOR, operator_password(), name="Operator", is_staff=True)


def operator_password() -> str:
    """The operator's password, of this checkout alone."""
    return f"operator-{_drawn('operator')}"


def email_of(scene: Scene, name: str) -> str:
    """The address under which a person of the demo signs in."""
    return f"{name.lower()}@{scene.slug}.example"


def password_of(scene: Scene) -> str:
    """The password of a practice's people: drawn from this checkout's own key, so that no two demos share one."""
    return f"{scene.slug}-{_drawn(scene.slug)}"


def _drawn(name: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"demo {name}".encode(), sha256).hexdigest()[:8]


def _hire(practice: Practice, name: str, role: Role, providers: list[Provider]) -> None:
    scene = next(each for each in (LAKEVIEW, HILLTOP) if each.slug == practice.slug)
    person = Person.objects.create_user(email_of(scene, name), password_of(scene), name=name)
    member = StaffMember.objects.create(practice=practice, person=person, role=role)
    if role is Role.INJECTOR:
        Provider.objects.filter(pk__in=[each.pk for each in providers if each.display_name == name]).update(
            staff_member=member
        )

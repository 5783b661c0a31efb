"""Alice owns Lakeview, Bob works her front desk, Charlie owns Hilltop: who else is there?"""

from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from practices.models import Location, Person, Practice, Provider, Role, StaffMember
from practices.operations.creation import create_practice
from practices.operations.directory import resolve_locations, resolve_providers
from practices.tenancy import practice_scope

PASSWORD = "correct horse battery staple"
MADE_AT = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def lakeview(now: datetime = MADE_AT) -> Practice:
    """Alice's practice in Chicago, with the default library."""
    return create_practice("lakeview", "Lakeview Aesthetics", "America/Chicago", now)


def hilltop(now: datetime = MADE_AT) -> Practice:
    """Charlie's practice in Denver, with the default library."""
    return create_practice("hilltop", "Hilltop Skin", "America/Denver", now)


def person(name: str, email: str = "") -> Person:
    """Somebody who signs in with PASSWORD; the address is made from the name."""
    address = email or f"{name.casefold().replace(' ', '.')}@example.com"
    return Person.objects.create(email=address, password=_hashed_password(), name=name)


@cache
def _hashed_password() -> str:
    """Argon2 is slow on purpose; one password needs it once."""
    return make_password(PASSWORD)


def member(practice: Practice, name: str, role: Role = Role.OWNER) -> StaffMember:
    """A new person's place in a practice."""
    somebody = person(name)
    with practice_scope(practice.id):
        return StaffMember.objects.create(practice=practice, person=somebody, role=role)


def alice(practice: Practice) -> StaffMember:
    """The owner of Lakeview."""
    return member(practice, "Alice", Role.OWNER)


def bob(practice: Practice) -> StaffMember:
    """The front desk of Lakeview."""
    return member(practice, "Bob", Role.FRONT_DESK)


def charlie(practice: Practice) -> StaffMember:
    """The owner of Hilltop."""
    return member(practice, "Charlie", Role.OWNER)


def location(practice: Practice, name: str = "Main", **fields: str) -> Location:
    """A location of that name, made if need be, with these fields."""
    with practice_scope(practice.id):
        place = resolve_locations(practice.id, [name])[name]
        for field, value in fields.items():
            setattr(place, field, value)
        place.save()
    return place


def provider(practice: Practice, name: str = "Pat Kim RN", **fields: str) -> Provider:
    """A provider of that name, made if need be, with these fields."""
    with practice_scope(practice.id):
        injector = resolve_providers(practice.id, [name])[name]
        for field, value in fields.items():
            setattr(injector, field, value)
        injector.save()
    return injector

"""How does a person make a practice of their own? (TEN-2)"""

import secrets
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from practices.models import Person, Practice, Role, StaffMember
from practices.operations.auditing import Actor, audit
from practices.operations.creation import SlugTaken, create_practice
from practices.tenancy import practice_scope

_LONGEST = 50
_NUMBERED = 9


def found_practice(person: Person, name: str, time_zone: str, now: datetime, *, address: str | None = None) -> Practice:
    """Will make a practice that the person owns, under a slug made from its name. Opens the new scope itself.

    Raises:
        PracticeRefused: an empty or overlong name, or a zone that IANA does not know.
    """
    for slug in _slugs(name):
        try:
            with transaction.atomic():
                practice = create_practice(slug, name, time_zone, now)
                with practice_scope(practice.pk):
                    owner = StaffMember.objects.create(practice=practice, person=person, role=Role.OWNER)
                    audit(practice.pk, Actor(owner.pk, address), "practice_founded", now, subject_id=practice.pk)
                return practice
        except SlugTaken:
            continue
    raise AssertionError("The slugs never run out.")


def _slugs(name: str) -> Iterator[str]:
    """The name as addresses say it; then numbered; then with a random end. Unique only where the row goes in."""
    base = slugify(name)[:_LONGEST].replace("_", "-").strip("-")
    base = "-".join(part for part in base.split("-") if part) or "practice"
    yield base
    yield from (f"{base}-{number}" for number in range(2, _NUMBERED + 1))
    while True:
        yield f"{base}-{secrets.token_hex(3)}"

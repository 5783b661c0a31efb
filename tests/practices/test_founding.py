"""How does a person make a practice of their own? (TEN-2)"""

import pytest

from practices import clock
from practices.models import AuditEntry, Practice, StaffMember
from practices.operations.creation import PracticeRefused
from practices.operations.founding import found_practice
from practices.queries.directory import practices_of
from practices.tenancy import across_practices, practice_scope
from tests.builders.practices import person

pytestmark = pytest.mark.django_db
ZONE = "America/Chicago"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lakeview Aesthetics", "lakeview-aesthetics"),
        ("  Björk & O’Hara, MD_PA  ", "bjork-ohara-md-pa"),
        ("美容", "practice"),
        ("x" * 120, "x" * 50),
    ],
)
def test_its_address_is_made_from_its_name(name: str, slug: str) -> None:
    assert found_practice(person("Erin"), name, ZONE, clock.now()).slug == slug


def test_a_name_that_is_taken_is_numbered_and_then_drawn() -> None:
    erin = person("Erin")
    slugs = [found_practice(erin, "Skin", ZONE, clock.now()).slug for _ in range(10)]
    assert slugs[:9] == ["skin", *(f"skin-{number}" for number in range(2, 10))]
    assert slugs[9].startswith("skin-")
    assert len(slugs[9]) == len("skin-") + 6


def test_the_one_who_makes_it_owns_it_and_that_is_audited() -> None:
    erin = person("Erin")
    made = found_practice(erin, "Skin", ZONE, clock.now(), address="192.0.2.1")
    (place,) = practices_of(erin.pk)
    assert (place.practice_id, place.role) == (made.pk, "owner")
    with practice_scope(made.pk):
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject_id, entry.address) == ("practice_founded", made.pk, "192.0.2.1")
        assert entry.staff_member_id == StaffMember.objects.get().pk


@pytest.mark.parametrize(("name", "zone"), [(" ", ZONE), ("x" * 121, ZONE), ("Skin", "Mars/Olympus"), ("Skin", "")])
def test_what_cannot_be_leaves_nothing_behind(name: str, zone: str) -> None:
    with pytest.raises(PracticeRefused):
        found_practice(person("Erin"), name, zone, clock.now())
    with across_practices():
        assert not Practice.objects.exists()
        assert not StaffMember.objects.exists()

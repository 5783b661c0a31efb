"""Does an operator's practice come out whole, and a wrong one not at all?"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from practices.models import Location, Practice, Provider, Role
from practices.operations.creation import PracticeRefused, create_practice
from practices.operations.directory import resolve_locations, resolve_providers
from practices.queries.directory import PracticeNotFound, practice_by_slug, practices_of
from practices.tenancy import practice_scope
from tests.builders.practices import MADE_AT, alice, hilltop, lakeview, member

pytestmark = pytest.mark.django_db


def test_the_command_prints_what_it_made_as_json() -> None:
    out = StringIO()
    call_command(
        "create_practice",
        "lakeview",
        "--name",
        "Lakeview",
        "--time-zone",
        "America/Chicago",
        "--json",
        stdout=out,
    )
    printed = json.loads(out.getvalue())
    practice = practice_by_slug("lakeview")
    assert printed == {
        "id": str(practice.id),
        "slug": "lakeview",
        "name": "Lakeview",
        "time_zone": "America/Chicago",
    }
    assert practice.status == Practice.Status.SETUP


def test_a_slug_that_is_taken_is_refused_although_the_other_practice_cannot_be_seen() -> None:
    lakeview()
    with pytest.raises(CommandError, match="already a practice 'lakeview'"):
        call_command("create_practice", "lakeview", "--name", "Again", "--time-zone", "America/Chicago")


@pytest.mark.parametrize(
    ("slug", "name", "zone", "says"),
    [
        ("Lake View", "Lakeview", "America/Chicago", "slug"),
        ("-lake", "Lakeview", "America/Chicago", "slug"),
        ("lake", "  ", "America/Chicago", "name"),
        ("lake", "Lakeview", "Chicago", "time zone"),
        ("lake", "Lakeview", "", "time zone"),
        ("lake", "Lakeview", "../etc/passwd", "time zone"),
    ],
)
def test_a_wrong_practice_is_refused_with_what_to_do(slug: str, name: str, zone: str, says: str) -> None:
    with pytest.raises(PracticeRefused, match=says):
        create_practice(slug, name, zone, MADE_AT)


def test_an_unknown_slug_is_not_found() -> None:
    with pytest.raises(PracticeNotFound, match="create_practice hilltop"):
        practice_by_slug("hilltop")


def test_a_person_sees_the_practices_they_belong_to_and_their_role() -> None:
    practice, other = lakeview(), hilltop()
    owner = alice(practice)
    member(other, "Charlie", Role.OWNER)
    (membership,) = practices_of(owner.person_id)
    assert (membership.slug, membership.role, membership.practice_id) == ("lakeview", Role.OWNER, practice.id)
    assert membership.staff_member_id == owner.id


def test_names_enter_the_directory_once_however_they_are_written() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        first = resolve_locations(practice.id, ["Indy North", "  INDY  north", ""])
        again = resolve_locations(practice.id, ["indy north"])
        pat = resolve_providers(practice.id, ["Pat Kim RN"])["Pat Kim RN"]
        assert resolve_providers(practice.id, ["PAT KIM, RN"])["PAT KIM, RN"].id == pat.id
        assert Location.objects.count() == 1
        assert Provider.objects.count() == 1
    assert {place.id for place in first.values()} == {again["indy north"].id}
    assert again["indy north"].time_zone == "America/Chicago"
    assert (pat.display_name, pat.sign_off) == ("Pat", "Pat Kim, RN")


def test_one_practice_does_not_see_the_directory_of_another() -> None:
    ours, theirs = lakeview(), hilltop()
    with practice_scope(theirs.id):
        resolve_locations(theirs.id, ["Main"])
    with practice_scope(ours.id):
        assert not Location.objects.exists()
        assert not Practice.objects.exclude(id=ours.id).exists()

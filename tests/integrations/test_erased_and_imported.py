"""Does a person who opted out and was erased stay out when an export brings her in again? (REC-5)"""

from datetime import timedelta
from pathlib import Path

import pytest

from clients.models import Client, Suppression, Treatment
from clients.operations.erasing import erase_client
from clients.operations.stopping import opt_out
from clients.queries.permissions import permissions_of
from integrations.imports.importing import import_file
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import SAID_AT
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db

NOW = SAID_AT + timedelta(days=30)
HEAD = "client_id,first_name,last_name,phone,email,service,date,price\n"
DANA = "C-1,Dana,Whitfield,(312) 555-0142,dana@example.com,Botox,2026-02-14,240\n"
OLIVIA = "C-2,Olivia,Jackson,(219) 555-0188,olivia@example.com,Botox,2026-02-15,240\n"


@pytest.fixture
def practice() -> Practice:
    return lakeview()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "treatments.csv"
    path.write_text(HEAD + DANA + OLIVIA)
    return path


def named(practice: Practice, name: str) -> Client:
    with practice_scope(practice.pk):
        return Client.objects.get(first_name=name)


def out(practice: Practice) -> dict[str, bool]:
    with practice_scope(practice.pk):
        names = dict(Client.objects.filter(erased_at=None).values_list("pk", "first_name"))
        return {names[each]: may.is_opted_out for each, may in permissions_of(practice.pk, list(names)).items()}


@pytest.mark.parametrize("is_out", [False, True])
def test_the_same_file_makes_a_new_client_who_is_out_if_she_was(
    practice: Practice, export: Path, *, is_out: bool
) -> None:
    import_file(practice.pk, export, NOW)
    dana = named(practice, "Dana")
    with practice_scope(practice.pk):
        if is_out:
            opt_out(practice.pk, NOW, client_id=dana.pk, origin=Suppression.Origin.REPLY, wording="STOP")
        erase_client(practice.pk, dana.pk, Actor(), NOW)
    import_file(practice.pk, export, NOW + timedelta(days=1))
    assert named(practice, "Dana").pk != dana.pk
    assert out(practice) == {"Dana": is_out, "Olivia": False}
    with practice_scope(practice.pk):
        assert Treatment.objects.filter(status="completed").count() == 2


def test_with_another_number_she_is_known_by_the_id_of_her_source(practice: Practice, export: Path) -> None:
    import_file(practice.pk, export, NOW)
    with practice_scope(practice.pk):
        erase_client(practice.pk, named(practice, "Dana").pk, Actor(), NOW, keep_out=True)
    export.write_text(HEAD + DANA.replace("(312) 555-0142", "(773) 555-0199").replace("dana@", "dw@") + OLIVIA)
    import_file(practice.pk, export, NOW + timedelta(days=1))
    assert out(practice) == {"Dana": True, "Olivia": False}

"""Can an operator open an address from the command line?"""

import json
from base64 import b64decode
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from integrations.models import Connection, WebhookRoute
from integrations.operations.connections import close_connection
from practices.tenancy import practice_scope
from tests.builders.practices import hilltop, lakeview

pytestmark = pytest.mark.django_db(transaction=True)


def create_connection(*arguments: str) -> str:
    out = StringIO()
    call_command("create_connection", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_id_secret_and_address_as_json() -> None:
    practice = lakeview()
    printed: dict[str, Any] = json.loads(create_connection("--practice", "lakeview", "--kind", "generic", "--json"))
    assert set(printed) == {"id", "secret", "url"}
    assert printed["url"] == f"{settings.PUBLIC_URL}/webhooks/pms/{printed['id']}/"
    assert len(b64decode(printed["secret"].removeprefix("whsec_"))) >= 24
    assert WebhookRoute.objects.get(pk=printed["id"]).practice_id == practice.id
    with practice_scope(practice.id):
        assert Connection.objects.get(pk=printed["id"]).source == "records"


def test_it_adds_a_token_and_names_a_source_if_asked() -> None:
    practice = lakeview()
    arguments = ("--practice", "lakeview", "--kind", "generic", "--source", "zapier", "--bearer")
    printed = json.loads(create_connection(*arguments, "--json"))
    assert len(printed["bearer"]) >= 32
    with practice_scope(practice.id):
        assert Connection.objects.get().source == "zapier"
    assert "bearer" in create_connection(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [("--practice", "nowhere", "--kind", "generic"), ("--practice", "lakeview", "--kind", "generic", "--source", "")],
)
def test_it_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    lakeview()
    with pytest.raises(CommandError):
        create_connection(*arguments)


def test_a_stranger_cannot_close_a_connection() -> None:
    practice = lakeview()
    printed = json.loads(create_connection("--practice", "lakeview", "--kind", "generic", "--json"))
    with pytest.raises(LookupError):
        close_connection(hilltop().id, UUID(printed["id"]))
    close_connection(practice.id, UUID(printed["id"]))
    assert not WebhookRoute.objects.get().is_active

"""Do stored credentials follow the newest key, and error codes the operator’s word? (DESIGN.md 6, 7)"""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from clients.models import Suppression
from clients.queries.keyed_hashes import keyed_hash
from integrations.messaging.base import Explained, Meaning, Outgoing
from integrations.messaging.registry import GATEWAYS
from integrations.messaging.stand_ins import StandIns
from integrations.models import Connection, ErrorCode
from integrations.operations.accounts import (
    connect_account,
)
from integrations.operations.connections import open_connection
from integrations.operations.error_codes import correct_code, take_code_back
from integrations.queries.accounts import account_of, accounts_of, forget_corrections, open_gateway
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.operations.settings import SettingsRefused
from practices.tenancy import practice_scope
from tests.builders import practices as people
from tests.builders.accounts import (
    NOW,
    SENDGRID,
    TOKEN,
    TWILIO,
    connected,
)

pytestmark = pytest.mark.django_db
NOBODY = Actor()


@pytest.fixture
def corrections() -> Iterator[None]:
    """What this process remembers of another test's rows counts for nobody."""
    forget_corrections()
    yield
    forget_corrections()


def opened_with(practice: Practice, gateway: str = "twilio_sms") -> dict[str, str]:
    with practice_scope(practice.pk):
        found = account_of(practice.pk, gateway)
    return dict(open_gateway(found, gateway).credentials)


def test_an_operator_corrects_what_a_code_means(corrections: None, lakeview: Practice) -> None:
    connected(lakeview)
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    shipped = open_gateway(found, "twilio_sms").explain("21610")
    assert shipped is not None
    assert shipped.meaning is Meaning.OPTED_OUT
    correct_code("twilio_sms", " 21610 ", "no_such", "The number  is gone.", None, NOW)
    correct_code("twilio_sms", "99999", "later", "Something new.", None, NOW)
    said = open_gateway(found, "twilio_sms").explain
    assert said("21610") == Explained(Meaning.NO_SUCH, "The number is gone.")
    assert said("99999") == Explained(Meaning.LATER, "Something new.")
    assert take_code_back("twilio_sms", "21610", None)
    assert not take_code_back("twilio_sms", "21610", None)
    assert open_gateway(found, "twilio_sms").explain("21610") == shipped
    with pytest.raises(SettingsRefused) as refused:
        correct_code("twilio_sms", "9" * 41, "maybe", " ", None, NOW)
    assert set(refused.value.problems) == {"code", "meaning", "sentence"}
    assert ErrorCode.objects.count() == 1


def test_a_correction_is_remembered_for_seconds(corrections: None, lakeview: Practice) -> None:
    connected(lakeview)
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    open_gateway(found, "twilio_sms")
    ErrorCode.objects.create(
        gateway="twilio_sms", code="1", meaning="later", sentence="Said elsewhere.", changed_at=NOW
    )
    assert open_gateway(found, "twilio_sms").explain("1") is None
    forget_corrections()
    assert open_gateway(found, "twilio_sms").explain("1") == Explained(Meaning.LATER, "Said elsewhere.")


def test_every_code_that_is_shipped_can_be_corrected(corrections: None) -> None:
    for kind in GATEWAYS.values():
        for code, said in kind.codes.items():
            correct_code(kind.key, code, said.meaning.value, said.sentence, None, NOW)
    assert ErrorCode.objects.count() == sum(len(kind.codes) for kind in GATEWAYS.values()) > 40


@pytest.mark.django_db(transaction=True)
def test_credentials_come_under_the_newest_key_practice_by_practice(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = (old,)
    lakeview, hilltop = people.lakeview(), people.hilltop()
    connected(lakeview)
    connected(hilltop, {**TWILIO, "from_number": "+13035550110"})
    opened = open_connection(lakeview.pk, NOW, kind="generic")
    settings.FIELD_KEYS = (new, old)
    call_command("rotate_keys")
    assert "2 accounts at carriers and 1 connections, of 2 practices" in capsys.readouterr().out
    settings.FIELD_KEYS = (new,)
    assert opened_with(lakeview)["auth_token"] == TOKEN
    with practice_scope(lakeview.pk):
        kept = bytes(Connection.objects.get().secret)
    assert Fernet(new).decrypt(kept).decode() == opened.secret
    settings.FIELD_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(SystemExit):
        call_command("rotate_keys", "--json")
    lost = json.loads(capsys.readouterr().out)
    assert (lost["accounts"], lost["connections"], len(lost["lost"])) == (0, 0, 3)


@pytest.mark.django_db(transaction=True)
def test_whoever_rotates_is_told_for_how_many_hashes_the_older_keys_stay(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = (old,)
    lakeview = people.lakeview()
    with practice_scope(lakeview.pk):
        for number, lifted_at in ((1, None), (2, None), (3, NOW)):
            kept = keyed_hash(lakeview.pk, "phone", f"+1312555018{number}")
            Suppression.objects.create(
                practice=lakeview, subject="phone", address=kept, is_hashed=True, origin="staff", at=NOW,
                lifted_at=lifted_at,
            )  # fmt: skip
    call_command("rotate_keys")
    assert "Keep the older" not in capsys.readouterr().out
    settings.FIELD_KEYS = (new, old)
    call_command("rotate_keys")
    assert "Keep the older of FIELD_KEYS listed: 2 opt-outs of erased clients" in capsys.readouterr().out
    call_command("rotate_keys", "--json")
    assert json.loads(capsys.readouterr().out)["hashes"] == 2


def test_a_gateway_of_a_stand_in_sends_to_it(lakeview: Practice, stand_ins: StandIns) -> None:
    connected(lakeview)
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    open_gateway(found, "twilio_sms").send(Outgoing("sms", "+13125550142", "Hello from Lakeview."), uuid4().hex)
    assert [each.text for each in stand_ins.records.all("twilio")] == ["Hello from Lakeview."]


def test_sendgrid_is_connected_by_its_key_alone(lakeview: Practice) -> None:
    connect_account(lakeview.pk, "sendgrid_email", SENDGRID, NOBODY, NOW)
    with practice_scope(lakeview.pk):
        assert set(accounts_of(lakeview.pk)) == {"sendgrid_email"}

"""Does a practice's account at a carrier stay its own, tried, told of and mended? (CHN-1, CHN-2, R26, R28)"""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from integrations.events import AccountMended
from integrations.messaging.base import NotSent
from integrations.messaging.registry import UnknownGateway
from integrations.models import GatewayAccount, GatewayRoute, SenderRoute
from integrations.operations.account_health import note_failure
from integrations.operations.accounts import change_account, connect_account, disconnect_account
from integrations.operations.carriers import CarrierRefused, choose_gateway
from integrations.queries.accounts import account_by_id, account_of, accounts_of, open_gateway
from integrations.queries.carriers_down import channels_down
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.operations.settings import SettingsRefused
from practices.tenancy import practice_scope
from tests.builders import practices as people
from tests.builders.accounts import (
    NOW,
    NUMBER,
    SENDGRID_KEY,
    SID,
    TOKEN,
    TWILIO,
    account,
    chosen,
    connected,
)

pytestmark = pytest.mark.django_db
NOBODY = Actor()


def lines(practice: Practice) -> list[str]:
    with practice_scope(practice.pk):
        return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def current(practice: Practice) -> Practice:
    with practice_scope(practice.pk):
        return Practice.objects.get(pk=practice.pk)


def senders(practice: Practice, gateway: str = "twilio_sms") -> set[str]:
    return set(SenderRoute.objects.filter(practice_id=practice.pk, gateway=gateway).values_list("address", flat=True))


def opened_with(practice: Practice, gateway: str = "twilio_sms") -> dict[str, str]:
    with practice_scope(practice.pk):
        found = account_of(practice.pk, gateway)
    return dict(open_gateway(found, gateway).credentials)


# Connecting and changing --------


def test_an_account_is_encrypted_and_opens_as_it_was_given(lakeview: Practice) -> None:
    account_id = connected(lakeview, {**TWILIO, "from_number": " (312) 555-0100 "})
    row = account(lakeview, account_id)
    with connection.cursor() as cursor, practice_scope(lakeview.pk):
        cursor.execute("SELECT row_to_json(a)::text FROM integrations_gatewayaccount a")
        kept = cursor.fetchone()[0]
    assert TOKEN not in kept
    assert TOKEN.encode() not in bytes(row.credentials)
    assert row.shown == {"account_sid": SID, "from_number": NUMBER}
    assert opened_with(lakeview) == {"account_sid": SID, "auth_token": TOKEN, "from_number": NUMBER}
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    assert found is not None
    assert (found.id, found.pace_key, found.sends_per_second, found.is_failing) == (
        account_id,
        str(account_id),
        1,
        False,
    )
    assert TOKEN not in repr(found)
    assert str(row.credentials) not in repr(found)


def test_its_callbacks_have_an_address_of_their_own_and_its_number_finds_the_practice(lakeview: Practice) -> None:
    account_id = connected(lakeview)
    route = GatewayRoute.objects.get(account_id=account_id)
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    assert found is not None
    assert found.callback_url.endswith(f"/webhooks/messaging/{route.pk}/")
    assert (route.practice_id, route.gateway, route.is_active, route.pk.version) == (lakeview.pk, "twilio_sms", True, 4)
    assert senders(lakeview) == {NUMBER}
    assert lines(lakeview)[-1] == "carrier_connected"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({**TWILIO, "account_sid": ""}, "account_sid", "Give the account SID."),
        ({**TWILIO, "account_sid": "hello"}, "account_sid", "This is no account SID."),
        ({**TWILIO, "auth_token": "short"}, "auth_token", "This is no auth token."),
        ({**TWILIO, "auth_token": "a" * 40 + "\n" + "b" * 5}, "auth_token", "on one line"),
        ({**TWILIO, "from_number": "lakeview"}, "from_number", "This is no number."),
        ({**TWILIO, "stop_handling": "nobody"}, "stop_handling", "twilio"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(
    lakeview: Practice, values: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        connected(lakeview, values)
    assert list(refused.value.problems) == [field]
    assert words in refused.value.problems[field]
    assert values[field] not in refused.value.problems[field] or not values[field]
    with practice_scope(lakeview.pk):
        assert not GatewayAccount.objects.exists()
    assert not senders(lakeview)


@pytest.mark.parametrize("rate", [0, -1.0, 1e9, float("nan"), float("inf")])
def test_a_rate_is_a_number_that_can_be_kept(lakeview: Practice, rate: float) -> None:
    with pytest.raises(SettingsRefused, match="sends_per_second"):
        connect_account(lakeview.pk, "twilio_sms", TWILIO, NOBODY, NOW, sends_per_second=rate)


def test_the_outbox_needs_no_account_and_an_unknown_gateway_is_none(lakeview: Practice) -> None:
    with pytest.raises(CarrierRefused, match="needs no account"):
        connect_account(lakeview.pk, "outbox", {}, NOBODY, NOW)
    with pytest.raises(UnknownGateway):
        connect_account(lakeview.pk, "pigeon", {}, NOBODY, NOW)
    assert open_gateway(None, "outbox").key == "outbox"


def test_a_change_keeps_the_secrets_that_were_left_empty(lakeview: Practice, mended: list[AccountMended]) -> None:
    account_id = connected(lakeview)
    note_failure(lakeview.pk, account_id, "No.", "20003", NOW)
    mended.clear()
    later = NOW + timedelta(hours=1)
    given = {**TWILIO, "auth_token": "", "from_number": "+13125550101"}
    changed = change_account(lakeview.pk, "twilio_sms", given, NOBODY, later, sends_per_second=2.5)
    assert changed == {"from_number", "sends_per_second"}
    assert opened_with(lakeview)["auth_token"] == TOKEN
    assert senders(lakeview) == {NUMBER, "+13125550101"}, "a STOP to the old number still finds the practice"
    row = account(lakeview, account_id)
    assert (row.failing_since, row.checked_at, row.trouble, row.changed_at) == (None, None, "", later)
    assert [event.at for event in mended] == [later], "what waited may leave"
    with practice_scope(lakeview.pk):
        line = AuditEntry.objects.get(action="carrier_changed")
    assert line.detail["changed"] == {"from_number": None, "sends_per_second": None}
    assert change_account(lakeview.pk, "twilio_sms", {}, NOBODY, later, sends_per_second=2.5) == frozenset()
    assert lines(lakeview).count("carrier_changed") == 1


def test_where_no_key_opens_what_was_kept_the_secrets_are_asked_for_again(
    lakeview: Practice, settings: Settings
) -> None:
    connected(lakeview)
    settings.FIELD_KEYS = (Fernet.generate_key().decode(),)
    with practice_scope(lakeview.pk):
        found = account_of(lakeview.pk, "twilio_sms")
    with pytest.raises(NotSent, match="FIELD_KEYS") as refused:
        open_gateway(found, "twilio_sms")
    assert refused.value.is_account
    with pytest.raises(SettingsRefused) as asked:
        change_account(lakeview.pk, "twilio_sms", {**TWILIO, "auth_token": ""}, NOBODY, NOW)
    assert list(asked.value.problems) == ["auth_token"]
    change_account(lakeview.pk, "twilio_sms", TWILIO, NOBODY, NOW)
    assert opened_with(lakeview)["auth_token"] == TOKEN


def test_another_account_takes_the_place_of_one_whose_callbacks_are_still_taken(lakeview: Practice) -> None:
    first = connected(lakeview)
    other = {**TWILIO, "account_sid": "AC" + "1" * 32, "from_number": "+13125550101"}
    second = connected(lakeview, other)
    with practice_scope(lakeview.pk):
        assert account_of(lakeview.pk, "twilio_sms") == account_by_id(lakeview.pk, second)
        before = account_by_id(lakeview.pk, first)
    assert open_gateway(before, "twilio_sms").credentials["account_sid"] == SID
    assert set(GatewayRoute.objects.filter(is_active=True).values_list("account_id", flat=True)) == {first, second}
    assert senders(lakeview) == {NUMBER, "+13125550101"}, "a STOP to the old number still counts"


def test_disconnecting_forgets_every_credential_and_closes_every_address(lakeview: Practice) -> None:
    first, second = connected(lakeview), connected(lakeview, {**TWILIO, "from_number": "+13125550101"})
    chosen(lakeview, sms_gateway="twilio_sms")
    disconnect_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    for each in (first, second):
        assert bytes(account(lakeview, each).credentials) == b""
    assert not GatewayRoute.objects.filter(is_active=True).exists()
    assert not senders(lakeview)
    assert current(lakeview).sms_gateway == "outbox", "it is being set up: messages go to the outbox again"
    with practice_scope(lakeview.pk):
        assert account_of(lakeview.pk, "twilio_sms") is None
        gone = account_by_id(lakeview.pk, first)
    with pytest.raises(NotSent, match="disconnected"):
        open_gateway(gone, "twilio_sms")
    with pytest.raises(CarrierRefused, match="not connected"):
        disconnect_account(lakeview.pk, "twilio_sms", NOBODY, NOW)


def test_who_carries_a_live_practice_is_not_disconnected_but_of_a_paused_one_it_is(lakeview: Practice) -> None:
    connected(lakeview)
    chosen(lakeview, sms_gateway="twilio_sms", status="live")
    with pytest.raises(CarrierRefused, match="carries the texts"):
        disconnect_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    chosen(lakeview, status="paused")
    disconnect_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    assert current(lakeview).sms_gateway == "twilio_sms"
    with practice_scope(lakeview.pk):
        assert channels_down(current(lakeview)) == {"sms"}


# Whose is what --------


def test_a_neighbor_s_account_is_neither_seen_nor_changed(lakeview: Practice) -> None:
    hilltop = people.hilltop()
    account_id = connected(lakeview)
    with practice_scope(hilltop.pk):
        assert account_of(lakeview.pk, "twilio_sms") is None
        assert account_by_id(hilltop.pk, account_id) is None
        assert accounts_of(lakeview.pk) == {}
    assert not note_failure(hilltop.pk, account_id, "No.", "20003", NOW)
    with pytest.raises(CarrierRefused, match="not connected"):
        change_account(hilltop.pk, "twilio_sms", TWILIO, NOBODY, NOW)
    assert account(lakeview, account_id).failing_since is None


def test_the_operator_s_account_carries_whoever_has_none_with_a_number_of_their_own(
    lakeview: Practice, settings: Settings
) -> None:
    settings.OPERATOR_GATEWAYS = {"twilio_sms": dict(TWILIO)}
    settings.OPERATOR_RATES = {"twilio_sms": 20.0}
    hilltop = people.hilltop()
    connect_account(lakeview.pk, "twilio_sms", {}, NOBODY, NOW, use_operators=True, sends_per_second=500)
    given = {"from_number": "+13035550110", "auth_token": "x" * 32}
    connect_account(hilltop.pk, "twilio_sms", given, NOBODY, NOW, use_operators=True)
    assert opened_with(lakeview) == dict(TWILIO)
    assert opened_with(hilltop) == {**TWILIO, "from_number": "+13035550110"}, "no token but the operator's"
    found = []
    for practice in (lakeview, hilltop):
        with practice_scope(practice.pk):
            found.append(account_of(practice.pk, "twilio_sms"))
    assert {(each.pace_key, each.sends_per_second) for each in found if each} == {("operator:twilio_sms", 20.0)}
    assert {each.callback_url for each in found if each} == {f"{settings.PUBLIC_URL}/webhooks/messaging/twilio_sms/"}
    assert open_gateway(None, "twilio_sms").callback_url == f"{settings.PUBLIC_URL}/webhooks/messaging/twilio_sms/"
    assert not GatewayRoute.objects.exists()
    assert (senders(lakeview), senders(hilltop)) == ({NUMBER}, {"+13035550110"})


def test_nobody_takes_a_number_at_the_operator_s_account_that_is_another_practice_s(
    lakeview: Practice, settings: Settings
) -> None:
    settings.OPERATOR_GATEWAYS = {"twilio_sms": dict(TWILIO)}
    hilltop = people.hilltop()
    theirs = {"from_number": "+13035550110"}
    connect_account(lakeview.pk, "twilio_sms", theirs, NOBODY, NOW, use_operators=True)
    with pytest.raises(SettingsRefused) as refused:
        connect_account(hilltop.pk, "twilio_sms", theirs, NOBODY, NOW, use_operators=True)
    assert "Another practice sends from this" in refused.value.problems["from_number"]
    for number in ("+13035550110", NUMBER):
        with pytest.raises(SettingsRefused, match="Another practice"):
            connected(hilltop, {**TWILIO, "from_number": number})
    connect_account(hilltop.pk, "twilio_sms", {}, NOBODY, NOW, use_operators=True)
    connect_account(hilltop.pk, "twilio_sms", {"from_number": NUMBER}, NOBODY, NOW, use_operators=True)
    assert senders(hilltop) == {NUMBER}, "the operator's own number is shared (R28)"


def test_practices_of_one_owner_may_share_a_number_of_their_own(lakeview: Practice) -> None:
    hilltop = people.hilltop()
    connected(lakeview)
    connected(hilltop)
    assert senders(lakeview) == senders(hilltop) == {NUMBER}


def test_without_the_operator_s_account_nobody_uses_it(lakeview: Practice, settings: Settings) -> None:
    with pytest.raises(CarrierRefused, match="operator of this installation has no account"):
        connect_account(lakeview.pk, "twilio_sms", {}, NOBODY, NOW, use_operators=True)
    settings.OPERATOR_GATEWAYS = {"twilio_sms": dict(TWILIO)}
    connect_account(lakeview.pk, "twilio_sms", {}, NOBODY, NOW, use_operators=True)
    settings.OPERATOR_GATEWAYS = {}
    with pytest.raises(NotSent) as refused:
        opened_with(lakeview)
    assert refused.value.is_account
    with pytest.raises(NotSent):
        open_gateway(None, "twilio_sms")


def test_what_the_operator_lacks_the_practice_gives(lakeview: Practice, settings: Settings) -> None:
    settings.OPERATOR_GATEWAYS = {"sendgrid_email": {"api_key": SENDGRID_KEY}}
    with pytest.raises(SettingsRefused, match="from_email"):
        connect_account(lakeview.pk, "sendgrid_email", {}, NOBODY, NOW, use_operators=True)
    own = {"from_email": "Hello@Lakeview.example"}
    connect_account(lakeview.pk, "sendgrid_email", own, NOBODY, NOW, use_operators=True)
    assert opened_with(lakeview, "sendgrid_email")["from_email"] == "hello@lakeview.example"
    assert senders(lakeview, "sendgrid_email") == {"hello@lakeview.example"}


# Choosing --------


def test_a_carrier_is_chosen_once_it_is_connected_and_carries_the_channel(
    lakeview: Practice, mended: list[AccountMended]
) -> None:
    for channel, gateway, words in (
        ("sms", "twilio_sms", "not connected"),
        ("email", "twilio_sms", "does not carry emails"),
        ("fax", "twilio_sms", "does not carry fax"),
    ):
        with pytest.raises(CarrierRefused, match=words):
            choose_gateway(lakeview.pk, channel, gateway, NOBODY, NOW)
    connected(lakeview)
    mended.clear()
    assert choose_gateway(lakeview.pk, "sms", "twilio_sms", NOBODY, NOW)
    assert not choose_gateway(lakeview.pk, "sms", "twilio_sms", NOBODY, NOW)
    assert (current(lakeview).sms_gateway, current(lakeview).email_gateway) == ("twilio_sms", "outbox")
    assert [event.gateway for event in mended] == ["twilio_sms"]
    with practice_scope(lakeview.pk):
        line = AuditEntry.objects.get(action="carrier_chosen")
    assert line.detail == {"channel": "sms", "from": "outbox", "to": "twilio_sms"}


@pytest.mark.parametrize(("status", "may"), [("setup", True), ("live", False), ("paused", False)])
def test_in_production_a_practice_that_went_live_has_no_outbox(
    lakeview: Practice, settings: Settings, status: str, may: bool
) -> None:
    settings.ENVIRONMENT = _production(settings)
    chosen(lakeview, status=status, sms_gateway="podium")
    if may:
        assert choose_gateway(lakeview.pk, "sms", "outbox", NOBODY, NOW)
    else:
        with pytest.raises(CarrierRefused, match="sends none"):
            choose_gateway(lakeview.pk, "sms", "outbox", NOBODY, NOW)


def _production(settings: Settings) -> object:
    return replace(settings.ENVIRONMENT, is_production=True)


@pytest.mark.parametrize(
    ("is_connected", "fails", "down"), [(False, False, {"sms"}), (True, False, set()), (True, True, {"sms"})]
)
def test_a_channel_is_down_while_nobody_carries_it(
    lakeview: Practice, is_connected: bool, fails: bool, down: set[str]
) -> None:
    chosen(lakeview, sms_gateway="twilio_sms")
    if is_connected:
        account_id = connected(lakeview)
        if fails:
            note_failure(lakeview.pk, account_id, "No.", "20003", NOW)
    with practice_scope(lakeview.pk):
        assert channels_down(current(lakeview)) == down

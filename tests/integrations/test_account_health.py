"""Is an account that a carrier refuses noticed, told of, tried again and mended? (CHN-2, R26)"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from pytest_django import Settings

from integrations.events import AccountMended
from integrations.messaging.base import Amiss, Gateway
from integrations.messaging.registry import GATEWAYS
from integrations.messaging.stand_ins import StandIns
from integrations.models import GatewayAccount
from integrations.operations.account_health import note_failure, note_success
from integrations.operations.accounts import change_account, connect_account, disconnect_account
from integrations.operations.checking_accounts import check_account, retry_failing
from integrations.queries.accounts import account_of
from integrations.queries.callback_routes import forget_callback_routes
from integrations.queries.carrier_list import DEAF
from practices.models import AuditEntry, Practice, Role
from practices.operations.auditing import Actor
from practices.tenancy import ScopeError, practice_scope
from tests.builders import practices as people
from tests.builders.accounts import (
    NOW,
    TOKEN,
    TWILIO,
    account,
    chosen,
    closed,
    connected,
)

pytestmark = pytest.mark.django_db
NOBODY = Actor()


def where_it_calls_back(practice: Practice) -> str:
    with practice_scope(practice.pk):
        known = account_of(practice.pk, "twilio_sms")
    assert known is not None
    return known.callback_url


def lines(practice: Practice) -> list[str]:
    with practice_scope(practice.pk):
        return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_a_failure_is_noted_once_and_mended_once(lakeview: Practice, mended: list[AccountMended]) -> None:
    account_id = connected(lakeview)
    mended.clear()
    assert note_failure(lakeview.pk, account_id, "The token is wrong.", "20003", NOW)
    assert not note_failure(
        lakeview.pk, account_id, "The account is suspended. " * 30, "30002", NOW + timedelta(hours=1)
    )
    row = account(lakeview, account_id)
    assert (row.failing_since, row.trouble_code, len(row.trouble)) == (NOW, "30002", 300)
    assert mended == []
    assert note_success(lakeview.pk, account_id, NOW + timedelta(hours=2))
    assert not note_success(lakeview.pk, account_id, NOW + timedelta(hours=3))
    row = account(lakeview, account_id)
    assert (row.failing_since, row.trouble, row.trouble_code) == (None, "", "")
    assert len(mended) == 1
    assert lines(lakeview)[-2:] == ["carrier_failed", "carrier_mended"]


@pytest.mark.django_db(transaction=True)
def test_the_test_button_tries_it_at_the_vendor_without_sending(stand_ins: StandIns) -> None:
    lakeview = people.lakeview()
    alice = people.alice(lakeview)
    account_id = connected(lakeview)
    stand_ins.twilio.account.inbound_url = where_it_calls_back(lakeview)
    assert check_account(lakeview.pk, "twilio_sms", Actor(alice.pk), NOW).works
    row = account(lakeview, account_id)
    assert (row.checked_at, row.failing_since, row.trouble) == (NOW, None, "")
    closed(stand_ins)
    later = NOW + timedelta(minutes=5)
    tried = check_account(lakeview.pk, "twilio_sms", Actor(alice.pk), later)
    assert (tried.works, tried.is_account) == (False, True)
    row = account(lakeview, account_id)
    assert (row.checked_at, row.failing_since, row.trouble) == (later, later, tried.reason)
    with practice_scope(lakeview.pk):
        told = AuditEntry.objects.filter(action="carrier_tried").order_by("number")
        assert [each.detail["works"] for each in told] == [True, False]
    assert stand_ins.records.all("twilio") == []


@pytest.mark.django_db(transaction=True)
def test_an_account_that_sends_while_its_answers_go_elsewhere_works_and_is_deaf(stand_ins: StandIns) -> None:
    lakeview = people.lakeview()
    account_id = connected(lakeview)
    tried = check_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    row = account(lakeview, account_id)
    assert (tried.works, tried.is_deaf, row.failing_since) == (True, True, None)
    assert (row.trouble, row.trouble_code) == (tried.reason, DEAF)
    assert "STOP" in row.trouble
    note_failure(lakeview.pk, account_id, "The account is suspended.", "30002", NOW)
    assert retry_failing(lambda: NOW + timedelta(hours=2)) == 1
    assert account(lakeview, account_id).trouble_code == DEAF, "mended, and still deaf"
    stand_ins.twilio.account.inbound_url = where_it_calls_back(lakeview)
    assert not check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).is_deaf
    assert account(lakeview, account_id).trouble == ""


@pytest.mark.django_db(transaction=True)
def test_an_account_that_hears_at_an_address_it_had_before_or_shares_is_not_deaf(stand_ins: StandIns) -> None:
    lakeview, hilltop = people.lakeview(), people.hilltop()
    connected(lakeview)
    stand_ins.twilio.account.inbound_url = where_it_calls_back(lakeview)
    connected(lakeview)  # the form was filled in again: another address, and the old one is still taken
    connected(hilltop)
    for practice in (lakeview, hilltop):
        tried = check_account(practice.pk, "twilio_sms", NOBODY, NOW)
        assert (tried.works, tried.reason) == (True, "")
    disconnect_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    forget_callback_routes()
    assert check_account(hilltop.pk, "twilio_sms", NOBODY, NOW).is_deaf


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("its", [{"auth_token": "0" * 32}, {"account_sid": "AC" + "0" * 32}])
def test_an_address_whose_account_cannot_prove_the_callback_does_not_hear(
    stand_ins: StandIns, its: dict[str, str]
) -> None:
    lakeview, hilltop = people.lakeview(), people.hilltop()
    connected(hilltop, {**TWILIO, **its})
    connected(lakeview)
    stand_ins.twilio.account.inbound_url = where_it_calls_back(hilltop)
    assert check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).is_deaf


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["twilio_sms/", "x/", "00000000-0000-4000-8000-000000000000/", ""])
def test_an_address_of_ours_that_is_no_account_of_a_practice_does_not_hear(
    stand_ins: StandIns, settings: Settings, path: str
) -> None:
    settings.OPERATOR_GATEWAYS = {"twilio_sms": {**TWILIO, "from_number": "+13125550101"}}
    lakeview = people.lakeview()
    connected(lakeview)
    stand_ins.twilio.account.inbound_url = f"{settings.PUBLIC_URL}/webhooks/messaging/{path}"
    assert check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).is_deaf
    mine = where_it_calls_back(lakeview)
    stand_ins.twilio.account.inbound_url = mine.replace(settings.PUBLIC_URL, "https://elsewhere.example")
    assert check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).is_deaf


@pytest.mark.django_db(transaction=True)
def test_each_account_of_the_same_credentials_is_tried_for_its_own_address(
    stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [people.lakeview(), people.hilltop()]
    for practice in both:
        note_failure(practice.pk, connected(practice), "No.", "20003", NOW)
    pasted = where_it_calls_back(both[1])

    def check(self: Gateway) -> Amiss | None:
        return None if self.callback_url == pasted else Amiss("Hears nothing.")

    monkeypatch.setattr(GATEWAYS["twilio_sms"], "check", check)
    assert retry_failing(lambda: NOW + timedelta(hours=3)) == 2
    assert [account(each, account_id_of(each)).trouble for each in both] == ["Hears nothing.", ""]


@pytest.mark.django_db(transaction=True)
def test_a_vendor_that_cannot_be_reached_says_nothing_of_the_account(settings: Settings) -> None:
    lakeview = people.lakeview()
    account_id = connected(lakeview)
    with StandIns() as gone:
        settings.GATEWAY_URLS = {"twilio_sms": gone.url_of("twilio")}
    tried = check_account(lakeview.pk, "twilio_sms", NOBODY, NOW)
    assert (tried.works, tried.is_account) == (False, False)
    row = account(lakeview, account_id)
    assert (row.failing_since, row.checked_at) == (None, NOW)
    assert row.trouble == tried.reason


@pytest.mark.django_db(transaction=True)
def test_owners_and_managers_get_one_letter_a_failure_and_it_mends_itself(
    stand_ins: StandIns, mended: list[AccountMended]
) -> None:
    lakeview = people.lakeview()
    people.alice(lakeview)
    people.bob(lakeview)
    people.member(lakeview, "Maya", Role.MANAGER)
    account_id = connected(lakeview)
    chosen(lakeview, sms_gateway="twilio_sms")
    mended.clear()
    closed(stand_ins)
    note_failure(lakeview.pk, account_id, "Twilio does not accept the account SID and token.", "20003", NOW)
    for minutes in (5, 10, 15):
        assert retry_failing(lambda: NOW + timedelta(minutes=minutes)) == 0  # noqa: B023
    assert sorted(each.to[0] for each in mail.outbox) == ["alice@example.com", "maya@example.com"]
    letter = mail.outbox[0]
    assert letter.subject == "Texts of Lakeview Aesthetics wait: Twilio refuses the account"
    assert "since 9:40 am on November 24" in letter.body
    assert "/p/lakeview/settings/carriers/" in letter.body
    assert TOKEN not in letter.body
    assert mended == []
    closed(stand_ins, is_open=True)
    assert retry_failing(lambda: NOW + timedelta(minutes=20)) == 1
    assert account(lakeview, account_id).failing_since is None
    assert len(mended) == 1
    assert retry_failing(lambda: NOW + timedelta(minutes=25)) == 0
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_credentials_that_pass_while_messages_are_refused_are_told_of_and_rest(stand_ins: StandIns) -> None:
    lakeview = people.lakeview()
    people.alice(lakeview)
    account_id = connected(lakeview)
    chosen(lakeview, sms_gateway="twilio_sms")
    assert check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).works
    failed_at = NOW + timedelta(minutes=3)
    note_failure(lakeview.pk, account_id, "The number is not registered.", "30034", failed_at)
    for minutes in (5, 30, 62):
        assert retry_failing(lambda: NOW + timedelta(minutes=minutes)) == 0  # noqa: B023
    assert [each.to for each in mail.outbox] == [["alice@example.com"]]
    assert "The number is not registered." in mail.outbox[0].body
    assert retry_failing(lambda: NOW + timedelta(minutes=64)) == 1
    note_failure(lakeview.pk, account_id, "The number is not registered.", "30034", NOW + timedelta(minutes=66))
    retry_failing(lambda: NOW + timedelta(minutes=70))
    assert len(mail.outbox) == 1, "what comes and goes is told of once a day"


@pytest.mark.django_db(transaction=True)
def test_practices_at_the_operator_s_account_share_one_try(stand_ins: StandIns, settings: Settings) -> None:
    settings.OPERATOR_GATEWAYS = {"twilio_sms": dict(TWILIO)}
    both = [people.lakeview(), people.hilltop()]
    for practice in both:
        account_id = connect_account(practice.pk, "twilio_sms", {}, NOBODY, NOW, use_operators=True)
        note_failure(practice.pk, account_id, "No.", "20003", NOW)
    tries = len(list(stand_ins.records.exchanged("twilio")))
    check_account(both[0].pk, "twilio_sms", NOBODY, NOW - timedelta(days=1))
    one_try = len(list(stand_ins.records.exchanged("twilio"))) - tries
    note_failure(both[0].pk, account_id_of(both[0]), "No.", "20003", NOW)
    assert retry_failing(lambda: NOW + timedelta(minutes=5)) == 2
    assert len(list(stand_ins.records.exchanged("twilio"))) == tries + 2 * one_try


def account_id_of(practice: Practice) -> UUID:
    with practice_scope(practice.pk):
        return GatewayAccount.objects.values_list("pk", flat=True).get(is_active=True)


@pytest.mark.django_db(transaction=True)
def test_what_was_tried_with_credentials_changed_meanwhile_says_nothing_of_the_new_ones(
    stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    lakeview = people.lakeview()
    account_id = connected(lakeview, {**TWILIO, "auth_token": "0" * 32})
    check = GATEWAYS["twilio_sms"].check

    def while_somebody_changes_it(self: object) -> Amiss | None:
        change_account(lakeview.pk, "twilio_sms", {"auth_token": TOKEN}, NOBODY, NOW)
        return check(self)  # type: ignore[arg-type]

    monkeypatch.setattr(GATEWAYS["twilio_sms"], "check", while_somebody_changes_it)
    assert not check_account(lakeview.pk, "twilio_sms", NOBODY, NOW).works
    row = account(lakeview, account_id)
    assert (row.failing_since, row.checked_at) == (None, None)


def test_no_network_is_waited_for_inside_a_practice_s_scope(lakeview: Practice, stand_ins: StandIns) -> None:
    with practice_scope(lakeview.pk), pytest.raises(ScopeError):
        retry_failing(lambda: NOW)

"""Can a manager connect, try, choose and leave a carrier, and an operator correct its codes? (CHN-1, CHN-2, MSG-7)"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from clients.models import Client
from dashboard.views.wording.carriers import CONSOLE
from integrations.messaging.registry import GATEWAYS
from integrations.messaging.stand_ins import StandIns
from integrations.models import ErrorCode, GatewayAccount, GatewayRoute
from integrations.operations.account_health import note_failure
from integrations.operations.accounts import change_account, connect_account
from integrations.queries.accounts import (
    account_of,
    callback_url,
    forget_corrections,
    open_gateway,
    operators_callback_url,
)
from practices.models import AuditEntry, Practice, Role
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Delivery, Message
from reminders.operations.going_live import GoingLiveRefused, dry_run
from reminders.operations.outlook import take_live, work_out
from tests.builders import day, story
from tests.builders.accounts import NUMBER, SENDGRID, SID, TOKEN, TWILIO, chosen, closed, connected
from tests.builders.practices import member, person
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

CARRIERS = "/p/lakeview/settings/carriers/"
TWILIO_PAGE = f"{CARRIERS}twilio_sms/"
TODAY = "/p/lakeview/today/"


@pytest.fixture
def stand_ins(settings: Settings) -> Iterator[StandIns]:
    with StandIns() as started:
        settings.GATEWAY_URLS = {"twilio_sms": started.url_of("twilio"), "sendgrid_email": started.url_of("sendgrid")}
        yield started


def page(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return unescape(response.content.decode())


def sent(browser: Browser, url: str, data: dict[str, Any]) -> str:
    """Send a form, and follow to the next page. What comes after the commit happens in transactional tests alone."""
    response = browser.post(url, data)
    if response.status_code == 302:
        return page(browser, response["Location"])
    assert response.status_code == 200, url
    return unescape(response.content.decode())


def practice(told: Story) -> Practice:
    with practice_scope(told.lakeview.pk):
        return Practice.objects.get(pk=told.lakeview.pk)


def rows(told: Story) -> list[GatewayAccount]:
    with practice_scope(told.lakeview.pk):
        return list(GatewayAccount.objects.filter(is_active=True))


def test_both_channels_show_who_could_carry_them_and_who_does(told: Story, signed_in: SignIn) -> None:
    html = page(signed_in(told.alice), CARRIERS)
    texts, emails = html.split('id="email"')
    assert 'Texts <span class="count">by Outbox on this installation</span>' in texts
    assert "by Outbox on this installation</span>" in emails
    for name in ("Twilio", "Podium"):
        assert name in texts
    assert "SendGrid" not in texts.split('id="sms"')[1]
    assert re.findall(r'class="who" href="[^"]+carriers/(\w+)/"', html) == [
        "podium", "twilio_sms", "podium", "sendgrid_email",
    ]  # fmt: skip
    assert html.count("Not connected") == 4
    assert "Choose" not in html, "nothing is connected, so there is nothing to choose"


@pytest.mark.django_db(transaction=True)
def test_a_carrier_is_connected_tried_and_chosen(told: Story, signed_in: SignIn, stand_ins: StandIns) -> None:
    browser = signed_in(told.alice)
    html = page(browser, TWILIO_PAGE)
    for words in ("Twilio (text messages)", "Account SID", "Auth token", "Says whether a message arrived.", "(a BAA)"):
        assert words in html
    given = {**TWILIO, "from_number": "(312) 555-0100"}
    html = sent(browser, TWILIO_PAGE, given)
    assert "Twilio is connected." in html
    assert "Twilio takes the account, but what clients answer does not arrive yet." in html
    assert TOKEN not in html, "a secret is never shown again"
    assert f'value="{NUMBER}"' in html
    [row] = rows(told)
    with practice_scope(told.lakeview.pk):
        account = account_of(told.lakeview.pk, "twilio_sms")
    assert account is not None
    assert account.callback_url in html
    assert CONSOLE["twilio_sms"][0] in html
    assert row.checked_at == story.NOW
    stand_ins.twilio.account.inbound_url = account.callback_url
    html = sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "Twilio takes the account." in html
    assert "Works" in html
    html = sent(browser, f"{TWILIO_PAGE}choose/", {"channel": "sms"})
    assert "Texts leave through Twilio from now on." in html
    assert practice(told).sms_gateway == "twilio_sms"
    assert "Texts and emails" not in html
    with practice_scope(told.lakeview.pk):
        trail = AuditEntry.objects.filter(action__startswith="carrier_").order_by("number")
        assert [each.action for each in trail] == [
            "carrier_connected",
            "carrier_tried",
            "carrier_tried",
            "carrier_chosen",
        ]
        assert {each.staff_member_id for each in trail} == {told.alice.pk}


@pytest.mark.django_db(transaction=True)
def test_an_empty_secret_stays_and_the_form_shows_no_other(told: Story, signed_in: SignIn, stand_ins: StandIns) -> None:
    connected(told.lakeview)
    browser = signed_in(told.alice)
    assert "Never shown again; empty: what is kept stays." in page(browser, TWILIO_PAGE)
    given = {"account_sid": SID, "auth_token": "", "from_number": "+13125550101", "sends_per_second": "2.5"}
    html = sent(browser, TWILIO_PAGE, given)
    assert "Changed: Number and Sends a second." in html
    [row] = rows(told)
    assert (row.shown["from_number"], row.sends_per_second) == ("+13125550101", 2.5)
    with practice_scope(told.lakeview.pk):
        account = account_of(told.lakeview.pk, "twilio_sms")
    assert open_gateway(account, "twilio_sms").credentials["auth_token"] == TOKEN


def test_what_cannot_be_right_is_said_beside_its_field(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for field, value, words in (
        ("account_sid", "", "Give the account SID."),
        ("account_sid", "AC<b>", "This is no account SID."),
        ("auth_token", "", "Give the auth token."),
        ("sends_per_second", "fast", "Give a number, as in 1 or 0.5."),
        ("sends_per_second", "-1", "Give a number from 0.01 to 10,000."),
        ("stop_handling", "nobody", "Choose one of the answers."),
    ):
        html = sent(browser, TWILIO_PAGE, {**TWILIO, field: value})
        assert words in html, (field, value)
        assert TOKEN not in html, "what was typed as a secret does not come back"
    assert rows(told) == []


@pytest.mark.django_db(transaction=True)
def test_the_test_button_says_what_the_vendor_says_and_today_shows_it(
    told: Story, signed_in: SignIn, stand_ins: StandIns
) -> None:
    account_id = connected(told.lakeview)
    stand_ins.twilio.account.inbound_url = callback_url(GatewayRoute.objects.get(account_id=account_id).pk)
    chosen(told.lakeview, sms_gateway="twilio_sms")
    browser = signed_in(told.alice)
    assert "Twilio takes the account." in sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "refused the account" not in page(browser, TODAY)
    closed(stand_ins)
    html = sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "Twilio refuses the account: Twilio does not accept the account SID and token." in html
    assert "Twilio has refused the account since 1:42 pm. Texts wait." in html
    assert re.search(r'class="state" data-is="failed">Refused', page(browser, CARRIERS))
    shown = page(browser, TODAY)
    assert "has refused the account since 1:42 pm." in shown
    assert f'href="{CARRIERS}"' in shown
    assert f'href="{CARRIERS}"' not in page(signed_in(told.bob), TODAY), "the front desk cannot mend it"
    assert "has refused the account since 1:42 pm." in page(signed_in(told.bob), TODAY)


@pytest.mark.django_db(transaction=True)
def test_a_vendor_that_does_not_answer_is_no_refusal(told: Story, signed_in: SignIn, settings: Settings) -> None:
    with StandIns() as gone:
        settings.GATEWAY_URLS = {"twilio_sms": gone.url_of("twilio")}
    connected(told.lakeview)
    html = sent(signed_in(told.alice), f"{TWILIO_PAGE}test/", {})
    assert "Twilio did not answer:" in html
    assert "Did not answer" in html
    assert rows(told)[0].failing_since is None


@pytest.mark.django_db(transaction=True)
def test_what_is_not_connected_can_neither_be_tried_nor_chosen_nor_left(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    assert "Twilio is not connected. Connect it first." in sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "not connected" in sent(browser, f"{TWILIO_PAGE}choose/", {"channel": "sms"})
    assert "does not carry" in sent(browser, f"{TWILIO_PAGE}choose/", {"channel": "<b>fax</b>"})
    assert "not connected" in sent(browser, f"{TWILIO_PAGE}disconnect/", {})
    assert practice(told).sms_gateway == "outbox"


@pytest.mark.django_db(transaction=True)
def test_an_account_whose_answers_go_elsewhere_works_but_is_said_to_hear_nothing(
    told: Story, signed_in: SignIn, stand_ins: StandIns
) -> None:
    connected(told.lakeview)
    chosen(told.lakeview, sms_gateway="twilio_sms")
    browser = signed_in(told.alice)
    html = sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "Twilio takes the account, but what clients answer does not arrive yet." in html
    assert "STOP included, until medspa’s address is pasted in Twilio’s console" in html
    assert re.search(r'class="state loud" data-is="waiting">Hears no answers', html)
    assert re.search(r'class="state" data-is="waiting">Hears no answers', page(browser, CARRIERS))
    assert "STOP included" in page(browser, CARRIERS)
    assert rows(told)[0].failing_since is None, "what leaves, leaves"
    with practice_scope(told.lakeview.pk):
        account = account_of(told.lakeview.pk, "twilio_sms")
    assert account is not None
    stand_ins.twilio.account.inbound_url = account.callback_url
    html = sent(browser, f"{TWILIO_PAGE}test/", {})
    assert "Twilio takes the account." in html
    assert "Works" in html
    assert "STOP included" not in html


@pytest.mark.django_db(transaction=True)
def test_going_live_with_an_account_that_hears_nothing_is_warned_of(
    told: Story, signed_in: SignIn, stand_ins: StandIns
) -> None:
    connected(told.lakeview)
    chosen(told.lakeview, sms_gateway="twilio_sms", status="setup")
    browser = signed_in(told.alice)
    go_live = "/p/lakeview/go-live/"
    assert "STOP included" not in page(browser, go_live)
    sent(browser, f"{TWILIO_PAGE}test/", {})
    work_out(told.lakeview.pk, story.NOW)
    html = page(browser, go_live)
    assert "STOP included, until medspa’s address is pasted" in html
    assert f'<a href="{TWILIO_PAGE}">Open Twilio</a>' in html
    assert "Let messages leave from now on" in html, "it is a warning, no refusal"
    chosen(told.lakeview, sms_gateway="outbox")
    assert "STOP included" not in page(browser, go_live), "what it does not carry is of no concern"


def test_what_is_not_heard_without_a_key_is_said_until_it_is_given(told: Story, signed_in: SignIn) -> None:
    assert "medspa learns of no bounce" in page(signed_in(told.alice), f"{CARRIERS}sendgrid_email/"), "beside the field"
    connect_account(told.lakeview.pk, "sendgrid_email", SENDGRID, Actor(), story.NOW)
    chosen(told.lakeview, email_gateway="sendgrid_email")
    browser = signed_in(told.alice)
    events, replies = "medspa learns of no bounce and no spam complaint.", "medspa does not see them."
    for url in (f"{CARRIERS}sendgrid_email/", CARRIERS):
        assert events in page(browser, url)
        assert replies in page(browser, url)
    given = {"event_key": "k" * 120, "parse_key": "p" * 120, "reply_address": "answers@reply.lakeview.example"}
    change_account(told.lakeview.pk, "sendgrid_email", given, Actor(), story.NOW)
    notices = re.findall(r'<div class="notice[^"]*">.*?</div>', page(browser, f"{CARRIERS}sendgrid_email/"))
    assert notices == []
    assert events not in page(browser, CARRIERS)


def test_of_what_left_long_ago_something_should_have_come_back(told: Story, signed_in: SignIn) -> None:
    connected(told.lakeview)
    chosen(told.lakeview, sms_gateway="twilio_sms")
    browser = signed_in(told.alice)
    (client,) = day.people(told.lakeview, 1)
    words = "Nothing has come back of the messages that it took."
    left(told.lakeview, client, minutes=59)
    assert words not in page(browser, CARRIERS)
    left(told.lakeview, client, minutes=61)
    assert words in page(browser, CARRIERS)
    assert words in page(browser, TWILIO_PAGE)
    left(told.lakeview, client, minutes=90, state="delivered")
    assert words not in page(browser, CARRIERS)


def left(practice: Practice, client: Client, *, minutes: int, state: str = "accepted") -> None:
    """A text left through Twilio so long ago."""
    at = story.NOW - timedelta(minutes=minutes)
    with practice_scope(practice.pk):
        message = Message.objects.create(
            practice_id=practice.pk, client=client, kind="promotion", touchpoint="first_reminder", decided_at=at
        )
        Delivery.objects.create(
            practice_id=practice.pk,
            message=message,
            client=client,
            channel="sms",
            gateway="twilio_sms",
            to_address=client.phone,
            text="Hi",
            state=state,
            attempted_at=at,
        )


def test_emails_by_a_carrier_of_plain_text_are_advised_against(told: Story, signed_in: SignIn) -> None:
    chosen(told.lakeview, email_gateway="podium", email_detail="discreet")
    browser = signed_in(told.alice)
    html = page(browser, CARRIERS)
    assert "Podium’s emails are plain text, without one-click unsubscribe" in html
    assert "Its emails are plain text, without one-click unsubscribe." in page(browser, f"{CARRIERS}podium/")
    assert "plain text" not in page(browser, TWILIO_PAGE)
    chosen(told.lakeview, email_gateway="sendgrid_email", sms_gateway="podium")
    assert "plain text" not in page(browser, CARRIERS)


def test_a_chosen_carrier_without_an_account_is_connected_from_its_row(told: Story, signed_in: SignIn) -> None:
    chosen(told.lakeview, sms_gateway="twilio_sms")
    texts = page(signed_in(told.alice), CARRIERS).split('id="email"')[0]
    assert f'href="{TWILIO_PAGE}" aria-label="Connect Twilio for texts"' in texts
    assert "Carries texts" not in texts


def test_on_a_phone_each_cell_of_the_carriers_has_its_column_s_name(told: Story, signed_in: SignIn) -> None:
    html = page(signed_in(told.alice), CARRIERS)
    assert html.count('<caption class="unseen">') == 2
    assert html.count('<td data-name="State">') == html.count("<tr>") - 2


def test_leaving_a_carrier_asks_first_and_says_what_is_lost(told: Story, signed_in: SignIn) -> None:
    connected(told.lakeview)
    browser = signed_in(told.alice)
    html = page(browser, f"{TWILIO_PAGE}disconnect/")
    assert "STOP too" in html
    assert len(rows(told)) == 1
    assert "Twilio is disconnected, and its credentials are forgotten." in sent(
        browser, f"{TWILIO_PAGE}disconnect/", {}
    )
    assert rows(told) == []
    connected(told.lakeview)
    chosen(told.lakeview, sms_gateway="twilio_sms")
    html = sent(browser, f"{TWILIO_PAGE}disconnect/", {})
    assert "Choose another carrier for them first" in html
    assert len(rows(told)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_operator_s_account_is_offered_where_there_is_one(
    told: Story, signed_in: SignIn, stand_ins: StandIns, settings: Settings
) -> None:
    browser = signed_in(told.alice)
    assert "operator" not in page(browser, TWILIO_PAGE)
    settings.OPERATOR_GATEWAYS = {"twilio_sms": dict(TWILIO)}
    stand_ins.twilio.account.inbound_url = operators_callback_url("twilio_sms")
    html = page(browser, TWILIO_PAGE)
    assert "The account of this installation’s operator" in html
    assert f"number: {NUMBER}, unless the practice gives its own." in html
    assert TOKEN not in html
    html = sent(browser, TWILIO_PAGE, {"account": "operators", "auth_token": "x" * 32})
    assert "Twilio takes the account." in html
    assert "Connected with the operator’s account." in html
    assert "The operator has set this up." in html
    assert "/webhooks/messaging/" not in html, "the operator's console is not the practice's"
    [row] = rows(told)
    assert row.is_operators
    html = sent(browser, TWILIO_PAGE, {"account": "own", "account_sid": SID, "auth_token": TOKEN})
    assert "Twilio is connected." in html
    [row] = rows(told)
    assert not row.is_operators


def test_a_neighbor_and_an_unknown_carrier_are_not_found(told: Story, signed_in: SignIn) -> None:
    connected(told.lakeview)
    alice, charlie = signed_in(told.alice), signed_in(told.charlie)
    for url in (CARRIERS, TWILIO_PAGE, f"{TWILIO_PAGE}disconnect/"):
        assert charlie.get(url).status_code == 404
    assert "Not connected" in page(charlie, "/p/hilltop/settings/carriers/twilio_sms/")
    for key in ("pigeon", "outbox"):
        assert alice.get(f"{CARRIERS}{key}/").status_code == 404
        assert alice.post(f"{CARRIERS}{key}/test/").status_code == 404
        assert alice.post(f"{CARRIERS}{key}/disconnect/").status_code == 404
    assert alice.post(f"{CARRIERS}pigeon/choose/", {"channel": "sms"}).status_code == 404


def test_only_who_may_change_settings_opens_the_carriers(told: Story, signed_in: SignIn) -> None:
    assert signed_in(member(told.lakeview, "Maya", Role.MANAGER)).get(CARRIERS).status_code == 200
    for url in (CARRIERS, TWILIO_PAGE, f"{TWILIO_PAGE}disconnect/"):
        assert signed_in(told.bob).get(url).status_code == 403
    for url in (TWILIO_PAGE, f"{TWILIO_PAGE}test/", f"{TWILIO_PAGE}choose/", f"{TWILIO_PAGE}disconnect/"):
        assert signed_in(told.bob).post(url, dict(TWILIO)).status_code == 403
    assert rows(told) == []


def test_a_carrier_whose_terms_forbid_health_details_says_so_while_messages_name_them(
    told: Story, signed_in: SignIn
) -> None:
    connected(told.lakeview)
    chosen(told.lakeview, email_gateway="sendgrid_email", email_detail="named")
    browser = signed_in(told.alice)
    assert "Emails name the treatment, and SendGrid’s terms forbid health information." in page(browser, CARRIERS)
    assert "keep messages discreet" in page(browser, f"{CARRIERS}sendgrid_email/")
    chosen(told.lakeview, email_detail="discreet")
    assert "forbid health information." not in page(browser, CARRIERS)


def test_a_carrier_of_both_channels_is_one_strip_on_today(told: Story, signed_in: SignIn) -> None:
    account_id = connected(told.lakeview)
    chosen(told.lakeview, sms_gateway="twilio_sms", email_gateway="twilio_sms")
    note_failure(told.lakeview.pk, account_id, "The account is suspended.", "30002", story.NOW)
    html = page(signed_in(told.alice), TODAY)
    assert "Texts and emails wait." in html
    assert html.count('class="alarm"') == 1


def test_what_waits_for_a_carrier_that_nobody_connected_is_said_on_today(told: Story, signed_in: SignIn) -> None:
    chosen(told.lakeview, sms_gateway="podium")
    soon, late = story.NOW + timedelta(hours=1), story.NOW - timedelta(hours=1)
    day.reminders(
        told.lakeview, day.people(told.lakeview, 2), [late] * 2, state="waiting", reason="CHANNEL_DOWN", due_at=soon
    )
    html = page(signed_in(told.alice), TODAY)
    assert "have no carrier: no account is connected at Podium. Two messages wait for it." in html


def test_what_waited_for_a_carrier_leaves_once_it_is_connected(told: Story, signed_in: SignIn) -> None:
    chosen(told.lakeview, sms_gateway="twilio_sms")
    soon, late = story.NOW + timedelta(hours=1), story.NOW - timedelta(hours=1)
    (waits,) = day.reminders(
        told.lakeview, day.people(told.lakeview, 1), [late], state="waiting", reason="CHANNEL_DOWN", due_at=soon
    )
    sent(signed_in(told.alice), TWILIO_PAGE, dict(TWILIO))
    with practice_scope(told.lakeview.pk):
        waits.refresh_from_db()
    assert waits.due_at == story.NOW, "it is decided again at once (R26)"


def test_going_live_in_production_leads_to_the_carriers(told: Story, signed_in: SignIn, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, is_production=True)
    chosen(told.lakeview, status="setup")
    with pytest.raises(GoingLiveRefused):
        dry_run(told.lakeview.pk, story.NOW)
    work_out(told.lakeview.pk, story.NOW)
    browser = signed_in(told.alice)
    html = page(browser, "/p/lakeview/go-live/")
    assert f'<a href="{CARRIERS}">Choose the carriers</a>' in html
    assert "Texts and emails would stay in the outbox of this installation, which sends nothing." in html
    assert "‘lakeview’" not in html
    assert "'lakeview'" not in html
    to_do = r'<h2>Connect a carrier</h2> <span class="state" data-is="planned">To do</span>'
    assert re.search(to_do, page(browser, "/p/lakeview/start/"))
    chosen(told.lakeview, sms_gateway="twilio_sms")
    work_out(told.lakeview.pk, story.NOW)
    assert "Emails would stay in the outbox" in page(browser, "/p/lakeview/go-live/")
    html = page(browser, "/p/lakeview/start/")
    assert re.search(to_do, html), "while going live refuses, it is not done"
    assert "Emails still stay in the outbox." in html
    chosen(told.lakeview, email_gateway="sendgrid_email")
    assert not re.search(to_do, page(browser, "/p/lakeview/start/"))


def test_that_it_is_live_already_leads_nowhere_else(told: Story, signed_in: SignIn) -> None:
    take_live(told.lakeview.pk, Actor(), story.NOW)
    chosen(told.lakeview, status="setup")
    html = page(signed_in(told.alice), "/p/lakeview/go-live/")
    assert "The practice is live already." in html
    assert "Choose the carriers" not in html


def test_every_carrier_says_where_its_console_wants_the_address() -> None:
    assert set(CONSOLE) == {key for key, kind in GATEWAYS.items() if kind.fields}


def test_every_carrier_s_page_opens_empty_and_connected(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for key, kind in GATEWAYS.items():
        if not kind.fields:
            continue
        html = page(browser, f"{CARRIERS}{key}/")
        for asked in kind.fields:
            assert f'name="{asked.name}"' in html
        assert not re.search(r"\sstyle=|<style|onclick|<script>", html)
    connect_account(told.lakeview.pk, "sendgrid_email", SENDGRID, Actor(), story.NOW)
    html = page(browser, f"{CARRIERS}sendgrid_email/")
    assert "Nobody has tried it yet." in html
    assert SENDGRID["api_key"] not in html


# The operator's codes --------


@pytest.fixture
def operator(db: None) -> Iterator[Browser]:
    forget_corrections()
    somebody = person("Odile")
    somebody.is_staff = True
    somebody.save()
    browser = Browser()
    browser.force_login(somebody)
    yield browser
    forget_corrections()


CODES = "/operator/codes/"


def test_an_operator_corrects_adds_and_takes_back(operator: Browser) -> None:
    html = page(operator, CODES)
    assert "21610" in html
    for name in ("Twilio", "SendGrid", "Podium"):
        assert name in html
    html = page(operator, f"{CODES}?gateway=twilio_sms&code=21610")
    assert 'value="21610"' in html
    given = {"gateway": "twilio_sms", "code": "21610", "meaning": "blocked", "sentence": "The network  says no."}
    html = sent(operator, CODES, given)
    assert "21610 means from now on: Blocked by the recipient or the network." in html
    assert '<td data-name="What people read">The network says no.' in html
    assert '<caption class="unseen">Codes of Twilio</caption>' in html
    assert "The network says no." in html
    assert "As shipped: The recipient has opted out:" in html
    assert ErrorCode.objects.get().changed_by_id is not None
    html = sent(operator, CODES, {**given, "code": "99999"})
    assert "As shipped: Nobody knew it." in html
    html = sent(operator, CODES, {"do": "take_back", "gateway": "twilio_sms", "code": "21610"})
    assert "The correction of 21610 was taken back." in html
    assert "That code was not corrected." in sent(operator, CODES, {"do": "take_back", "code": "21610"})
    assert list(ErrorCode.objects.values_list("code", flat=True)) == ["99999"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("gateway", "pigeon", "Choose the carrier from the list."),
        ("gateway", "outbox", "Choose the carrier from the list."),
        ("code", "9" * 41, "up to 40 letters"),
        ("meaning", "maybe", "Choose what it means from the list."),
        ("sentence", " ", "Say what went wrong"),
        ("sentence", "x" * 201, "up to 200 letters"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(operator: Browser, field: str, value: str, words: str) -> None:
    given = {"gateway": "twilio_sms", "code": "1", "meaning": "later", "sentence": "So."}
    answer = operator.post(CODES, {**given, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ErrorCode.objects.exists()


def test_the_codes_are_for_operators_alone(told: Story, signed_in: SignIn) -> None:
    assert Browser().get(CODES)["Location"].startswith("/sign-in/")
    assert signed_in(told.alice).get(CODES).status_code == 404
    given = {"gateway": "twilio_sms", "code": "1", "meaning": "later", "sentence": "So."}
    assert signed_in(told.alice).post(CODES, given).status_code == 404
    assert not ErrorCode.objects.exists()

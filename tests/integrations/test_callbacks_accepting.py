"""Whose callbacks are believed, stored once, and acknowledged as the vendor wants it? (CHN-2, CHN-4, R28)"""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.messaging.stand_ins.credentials import public_key, signing_key
from integrations.models import GatewayRoute
from integrations.operations.accounts import connect_account, disconnect_account
from integrations.operations.applying_callbacks import apply_callbacks
from integrations.queries.callback_routes import forget_callback_routes
from integrations.webhooks.gateways import MOST_BYTES, MOST_BYTES_OF_A_LETTER
from practices import clock
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders.callbacks import NUMBER, OPERATORS_TOKEN, TWILIO, Line, line, operators_line, told
from tests.builders.due import DUE, live_practice
from tests.builders.logs import logged
from tests.builders.practices import MADE_AT, hilltop, lakeview
from tests.builders.reminders import sent

SIGNED = {"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints")]


def test_a_signed_callback_is_stored_and_acknowledged_as_twilio_wants_it(hints: list[None]) -> None:
    mine = line(lakeview())
    answer = mine.status("delivered", uuid4())
    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert answer["Content-Type"].startswith("text/xml")
    [event] = mine.stored()
    assert (event.kind, event.gateway, event.event_key, event.state) == ("report", TWILIO, "SM1:delivered", "received")
    assert event.told["fate"] == "delivered"
    assert len(hints) == 1


def test_a_repeat_is_stored_once_and_acknowledged_again(hints: list[None]) -> None:
    mine = line(lakeview())
    assert {mine.status("sent").status_code for _ in range(3)} == {200}
    assert mine.status("delivered").status_code == 200
    assert [event.event_key for event in mine.stored()] == ["SM1:sent", "SM1:delivered"]
    assert len(hints) == 2


def test_a_client_s_text_is_stored_with_where_it_went() -> None:
    mine = line(lakeview())
    assert mine.text("Yes, Tuesday works").status_code == 200
    [event] = mine.stored()
    assert event.kind == "message"
    assert (event.told["text"], event.told["to_address"]) == ("Yes, Tuesday works", NUMBER)


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, SIGNED, {"X-Twilio-Signature": "ü" * 40}])
def test_what_is_not_signed_is_refused_and_leaves_no_row(headers: dict[str, str]) -> None:
    mine = line(lakeview())
    assert mine.post_raw(b"MessageSid=SM1&MessageStatus=delivered", headers).status_code == 403
    assert mine.stored() == []


def test_the_signature_of_another_account_is_refused() -> None:
    mine, theirs = line(lakeview()), line(hilltop(), token=OPERATORS_TOKEN)
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert mine.post(form, token=theirs.token).status_code == 403
    assert theirs.post(form, path=mine.path).status_code == 403
    assert (mine.stored(), theirs.stored()) == ([], [])


def test_the_public_address_is_what_was_signed_whatever_host_a_proxy_names() -> None:
    mine = line(lakeview())
    behind = Line(mine.practice, mine.route, mine.token)
    behind.browser.defaults["HTTP_HOST"] = "10.0.0.7:8000"
    behind.browser.defaults["HTTP_X_FORWARDED_HOST"] = "elsewhere.example"
    assert behind.status("delivered", uuid4()).status_code == 200


def test_both_forms_of_the_address_are_taken() -> None:
    mine = line(lakeview())
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert mine.post(form, path=mine.path.rstrip("/")).status_code == 200
    assert len(mine.stored()) == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_posts_are_taken(method: str) -> None:
    mine = line(lakeview())
    answer = getattr(mine.browser, method)(mine.path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "route", ["x", "outbox", TWILIO, "podium", str(UUID(int=7, version=4)), "0" * 32, "%00", "%C3%BC", "a" * 300]
)
def test_an_address_of_nobody_is_not_found(route: str) -> None:
    nobody = Line(lakeview(), route, OPERATORS_TOKEN)
    assert nobody.post_raw(b"MessageSid=SM1", SIGNED).status_code == 404


def test_a_disconnected_account_is_called_back_no_more() -> None:
    mine = line(lakeview())
    disconnect_account(mine.practice.pk, TWILIO, Actor(), MADE_AT)
    forget_callback_routes()
    assert mine.status("delivered").status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read(caplog: pytest.LogCaptureFixture) -> None:
    mine = line(lakeview())
    large = b"MessageSid=SM1&Body=" + b"x" * MOST_BYTES
    assert mine.post_raw(large, SIGNED).status_code == 413
    assert [each["status"] for each in logged(caplog, "callback_length_refused")] == [413]
    letter = {"content_type": "multipart/form-data; boundary=x"}
    assert mine.post_raw(large, SIGNED, **letter).status_code == 403
    assert mine.post_raw(b"x" * 30_000_000, SIGNED, **letter).status_code == 403
    assert mine.post_raw(b"x" * (MOST_BYTES_OF_A_LETTER + 1), SIGNED, **letter).status_code == 413
    chunked = mine.browser.generic("POST", mine.path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert chunked.status_code == 411


def test_what_is_signed_but_says_nothing_readable_is_a_bad_request() -> None:
    mine = line(lakeview())
    assert mine.post({"Hello": "there"}).status_code == 400
    assert mine.stored() == []


def test_a_reference_to_another_practice_s_message_is_left_out() -> None:
    mine, theirs = line(lakeview()), line(hilltop(), token=OPERATORS_TOKEN)
    impostor = Line(theirs.practice, mine.route, mine.token)  # it refers to hilltop, and signs as lakeview
    assert impostor.status("delivered", uuid4()).status_code == 200
    assert theirs.stored() == []
    [event] = mine.stored()
    assert (event.told["attempt_id"], event.told["remote_id"]) == ("", "SM1")


@pytest.mark.usefixtures("operator")
def test_at_the_operator_s_account_the_reference_names_the_practice() -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    assert second.status("delivered", uuid4()).status_code == 200
    assert (first.stored(), len(second.stored())) == ([], 1)


@pytest.mark.usefixtures("operator")
def test_a_reference_to_nobody_leaves_no_row() -> None:
    shared = operators_line(lakeview())
    assert shared.status("delivered").status_code == 200
    stranger = Line(Practice(id=uuid4()), TWILIO, OPERATORS_TOKEN)
    assert stranger.status("delivered", uuid4()).status_code == 200
    assert shared.stored() == []


@pytest.mark.django_db(transaction=True)
def test_taking_a_callback_is_one_statement() -> None:
    mine = line(lakeview())
    mine.status("sent")
    with CaptureQueriesContext(connection) as queries:
        assert mine.status("delivered", uuid4()).status_code == 200
        assert mine.status("delivered", uuid4()).status_code == 200
    assert len(queries) == 2
    assert len(mine.stored()) == 2


# --- The operator's account at Podium, which returns no reference of ours

LOCATION = "00000000-0000-4000-8000-00000000000a"
SECRET = "secret-of-the-webhook"


@pytest.fixture
def at_podium(settings: Any) -> tuple[Practice, Practice]:
    """Two practices that send with the operator's account, from its location."""
    settings.OPERATOR_GATEWAYS = {
        "podium": {
            "client_id": "client-of-the-operator",
            "client_secret": "secret-of-the-client",
            "refresh_token": "refresh-token",
            "location_uid": LOCATION,
            "webhook_secret": SECRET,
        }
    }
    first, second = live_practice("lakeview"), live_practice("hilltop")
    for each in (first, second):
        connect_account(each.pk, "podium", {}, Actor(), MADE_AT, use_operators=True)
    return first, second


def podium_says(name: str, uid: str, location: str = LOCATION, **data: Any) -> Any:
    """Podium calls back, signed, at the operator's address."""
    to = {"channel": {"type": "phone", "identifier": "+13125550142"}}
    told_ = {"metadata": {"eventType": name}, "data": {"uid": uid, "locationUid": location, **to, **data}}
    body = json.dumps(told_).encode()
    signature = hmac.new(SECRET.encode(), b"1." + body, hashlib.sha256).hexdigest()
    headers = {"Podium-Signature": signature, "Podium-Timestamp": "1"}
    line_ = Line(Practice(), "podium", "")
    return line_.post_raw(body, headers, content_type="application/json")


def test_a_report_of_the_operator_s_podium_finds_its_message_among_the_practices_of_the_location(
    at_podium: tuple[Practice, Practice],
) -> None:
    first, second = at_podium
    assert sent(second, DUE)
    with practice_scope(second.pk):
        hers = Delivery.objects.filter(channel="sms").order_by("pk")[0].pk
        Delivery.objects.filter(pk=hers).update(gateway="podium", remote_id="m-1", state="accepted")
    assert podium_says("message.failed", "m-1", failureReason="Something else").status_code == 200
    assert [len(told(each)) for each in at_podium] == [1, 1]
    now = clock.now()
    for wait in (0, 6, 40, 200):
        apply_callbacks(now + timedelta(seconds=wait))
    assert told(first) == []
    assert [each.state for each in told(second)] == ["applied"]
    with practice_scope(second.pk):
        assert Delivery.objects.get(pk=hers).state == "undelivered"


def test_a_report_of_a_location_that_nobody_sends_from_leaves_no_row(at_podium: tuple[Practice, Practice]) -> None:
    for location in ("", "00000000-0000-4000-8000-00000000000b"):
        assert podium_says("message.sent", "m-1", location).status_code == 200
    assert [told(each) for each in at_podium] == [[], []]


def test_what_another_program_sends_through_the_sendgrid_account_leaves_no_rows() -> None:
    practice, key = lakeview(), signing_key("events")
    values = {"api_key": f"SG.{'a' * 30}", "from_email": "hi@lakeview.example", "event_key": public_key(key)}
    account_id = connect_account(practice.pk, "sendgrid_email", values, Actor(), MADE_AT)
    names = ("delivered", "bounce", "unsubscribe")
    events = [{"event": name, "email": "ann@example.com", "sg_event_id": name, "sg_message_id": "m"} for name in names]
    body = json.dumps(events).encode()
    drawn = base64.b64encode(key.sign(b"1" + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": drawn,
        "X-Twilio-Email-Event-Webhook-Timestamp": "1",
    }
    mine = Line(practice, str(GatewayRoute.objects.get(account_id=account_id).pk), "")
    assert mine.post_raw(body, headers, content_type="application/json").status_code == 200
    assert [each.event_key for each in mine.stored()] == ["unsubscribe"]

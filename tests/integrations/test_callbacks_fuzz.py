"""Does any body, header or field at all bring the address down at which carriers call back?"""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from integrations.messaging.stand_ins.credentials import public_key, signing_key
from integrations.models import GatewayRoute
from integrations.operations.accounts import connect_account
from integrations.operations.applying_callbacks import apply_callbacks
from practices import clock
from practices.operations.auditing import Actor
from tests.builders.callbacks import FORM, Line, line
from tests.builders.practices import MADE_AT, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints")]

BODIES = st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
TYPES = st.sampled_from(
    [
        FORM,
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "",
        "x/\ty",
        FORM + "; charset=x",
    ]
)
SIGNATURES = (
    "X-Twilio-Signature",
    "X-Twilio-Email-Event-Webhook-Signature",
    "X-Twilio-Email-Event-Webhook-Timestamp",
    "podium-timestamp",
    "podium-signature",
)
SECRET = "secret-of-the-webhook"
HEADERS = st.dictionaries(
    st.sampled_from(SIGNATURES), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
)
ONE_BY_ONE = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def everywhere() -> list[Line]:
    """Lakeview has an account at each vendor."""
    twilio = line(lakeview())
    values: dict[str, dict[str, Any]] = {
        "sendgrid_email": {
            "api_key": "SG.0123456789.0123456789",
            "from_email": "hello@lakeview.example",
            "event_key": public_key(signing_key("events")),
            "parse_key": public_key(signing_key("replies")),
        },
        "podium": {
            "client_id": "client-of-lakeview",
            "client_secret": "secret-of-the-client",
            "refresh_token": "refresh-token-of-the-client",
            "location_uid": "00000000-0000-4000-8000-000000000001",
            "webhook_secret": SECRET,
        },
    }
    lines = [twilio]
    for gateway, fields in values.items():
        account_id = connect_account(twilio.practice.pk, gateway, fields, Actor(), MADE_AT)
        lines.append(Line(twilio.practice, str(GatewayRoute.objects.get(account_id=account_id).pk), ""))
    return lines


@ONE_BY_ONE
@given(body=BODIES, content_type=TYPES, headers=HEADERS, query=st.sampled_from(["", "?o=", "?o=%ff", "?bodySHA256=x"]))
@example(body=b"", content_type="", headers={}, query="")
@example(body=b"\xff\xfe", content_type=FORM, headers=dict.fromkeys(SIGNATURES, "x"), query="?o=%00")
@example(body=b"[]", content_type="application/json", headers=dict.fromkeys(SIGNATURES, "ü"), query="")
def test_whatever_is_not_signed_is_refused_and_leaves_no_row(
    everywhere: list[Line], body: bytes, content_type: str, headers: dict[str, str], query: str
) -> None:
    for each in everywhere:
        answer = each.post_raw(body, headers, where=each.path + query, content_type=content_type)
        assert answer.status_code == 403
    assert everywhere[0].stored() == []


FIELDS = st.dictionaries(
    st.sampled_from(["MessageSid", "MessageStatus", "SmsStatus", "Body", "From", "To", "ErrorCode", "OptOutType"]),
    st.text(st.characters(codec="utf-8"), max_size=300)
    | st.sampled_from(["SM1", "delivered", "undelivered", "received", "STOP", "+13125550142", "a\0b", "30006"]),
)


WORDS = st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from(
    ["STOP", "+13125550142", "a\0b", "\ud83d", "ann@example.com", "{", "(" * 300, "MG" + "2a" * 16, "A" * 43]
)
OF_SENDGRID = ("event", "email", "timestamp", "sg_event_id", "sg_message_id", "type", "reason", "medspa_attempt")
OF_PODIUM = ("uid", "channel", "identifier", "location", "locationUid", "body", "items", "createdAt", "failureReason")
NAMES = st.sampled_from((*OF_SENDGRID, *OF_PODIUM, "metadata", "eventType", "data", "conversation"))
FATES = ("delivered", "bounce", "dropped", "spamreport", "unsubscribe", "message.sent", "message.failed")
SAID = st.sampled_from((*FATES, "message.received", "phone", "email", "2026-11-10T15:00:00Z", "landline"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | SAID,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
PODIUMS = st.fixed_dictionaries(
    {"metadata": st.fixed_dictionaries({"eventType": SAID}), "data": st.dictionaries(NAMES, JSON, max_size=6)}
)
EVENTS = st.lists(st.fixed_dictionaries({"event": SAID}, optional={"email": JSON, "medspa_attempt": WORDS}) | JSON)
PARTS = st.dictionaries(
    st.sampled_from(["headers", "from", "to", "envelope", "charsets", "subject", "text", "html", "email"]),
    WORDS | st.binary(max_size=200),
    max_size=7,
)


def the_signed(each: Line, gateway: str, body: bytes, content_type: str) -> Any:
    """A body as SendGrid or Podium signs it, posted."""
    if gateway == "podium":
        signature = hmac.new(SECRET.encode(), b"1." + body, hashlib.sha256).hexdigest()
        headers = {"podium-timestamp": "1", "podium-signature": signature}
    else:
        key = signing_key("replies" if content_type.startswith("multipart") else "events")
        drawn = key.sign(b"1" + body, ec.ECDSA(hashes.SHA256()))
        headers = {SIGNATURES[2]: "1", SIGNATURES[1]: base64.b64encode(drawn).decode()}
    return each.post_raw(body, headers, content_type=content_type)


def stands_or_is_refused(everywhere: list[Line], status: int, before: int) -> None:
    """Whatever came is stored and can be applied, or is a bad request that left no row."""
    twilio = everywhere[0]
    assert status in {200, 400}
    if status == 400:
        assert len(twilio.stored()) == before
    apply_callbacks(clock.now())
    assert {each.state for each in twilio.stored()} <= {"applied", "retrying", "set_aside"}
    assert all("NotOurs" in each.reason for each in twilio.stored() if each.state == "retrying")


@ONE_BY_ONE
@given(form=FIELDS, query=st.sampled_from(["", "?o=", "?o=AAAA", "?o=%00", "?o=" + "A" * 43]))
def test_whatever_twilio_signs_is_stored_or_refused_and_can_be_applied(
    everywhere: list[Line], form: dict[str, str], query: str
) -> None:
    before = len(everywhere[0].stored())
    stands_or_is_refused(everywhere, everywhere[0].post(form, query=query).status_code, before)


@ONE_BY_ONE
@given(told=EVENTS | JSON)
@example(told=[{"event": "spamreport", "email": "ann@example.com"}, 7])
def test_whatever_sendgrid_signs_is_stored_or_refused_and_can_be_applied(everywhere: list[Line], told: Any) -> None:
    before = len(everywhere[0].stored())
    answer = the_signed(everywhere[1], "sendgrid_email", json.dumps(told).encode(), "application/json")
    stands_or_is_refused(everywhere, answer.status_code, before)


@ONE_BY_ONE
@given(parts=PARTS, junk=st.binary(max_size=40))
@example(parts={"from": "ann@example.com", "text": "STOP"}, junk=b"--x--")
@example(parts={"from": "ann@example.com", "html": "<blockquote>" * 20, "charsets": '{"html": "idna"}'}, junk=b"")
def test_whatever_email_sendgrid_signs_is_stored_or_refused_and_can_be_applied(
    everywhere: list[Line], parts: dict[str, str | bytes], junk: bytes
) -> None:
    before = len(everywhere[0].stored())
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        + b"\r\n"
        for name, value in parts.items()
    )
    answer = the_signed(everywhere[1], "sendgrid_email", body + junk or b"-", "multipart/form-data; boundary=x")
    stands_or_is_refused(everywhere, answer.status_code, before)


@ONE_BY_ONE
@given(told=PODIUMS | JSON)
@example(
    told={
        "metadata": {"eventType": "message.received"},
        "data": {"uid": "m1", "body": "STOP\ud83d", "channel": {"type": "phone", "identifier": "312 555 0142"}},
    }
)
def test_whatever_podium_signs_is_stored_or_refused_and_can_be_applied(everywhere: list[Line], told: Any) -> None:
    before = len(everywhere[0].stored())
    answer = the_signed(everywhere[2], "podium", json.dumps(told).encode(), "application/json")
    stands_or_is_refused(everywhere, answer.status_code, before)

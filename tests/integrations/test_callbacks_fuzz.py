"""Does any body, header or field at all bring the address down at which carriers call back?"""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from integrations.messaging.stand_ins.credentials import public_key, signing_key
from integrations.models import GatewayRoute
from integrations.operations.accounts import connect_account
from integrations.operations.applying_callbacks import apply_callbacks
from practices import clock
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
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
        },
        "podium": {
            "client_id": "client-of-lakeview",
            "client_secret": "secret-of-the-client",
            "refresh_token": "refresh-token-of-the-client",
            "location_uid": "00000000-0000-4000-8000-000000000001",
            "webhook_secret": "secret-of-the-webhook",
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


@ONE_BY_ONE
@given(form=FIELDS, query=st.sampled_from(["", "?o=", "?o=AAAA", "?o=%00", "?o=" + "A" * 43]))
def test_whatever_is_signed_is_stored_or_refused_and_can_be_applied(
    everywhere: list[Line], form: dict[str, str], query: str
) -> None:
    twilio = everywhere[0]
    before = len(twilio.stored())
    answer = twilio.post(form, query=query)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert len(twilio.stored()) == before
    apply_callbacks(clock.now())
    with practice_scope(twilio.practice.pk):
        assert {each.state for each in twilio.stored()} <= {"applied", "retrying", "set_aside"}
        assert all("NotOurs" in each.reason for each in twilio.stored() if each.state == "retrying")

"""Do our requests, and the stand-ins' answers, keep to what the vendors publish of their APIs? (messaging.md 4)"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from python_http_client.exceptions import HTTPError
from twilio.base.exceptions import TwilioRestException

from integrations.messaging.base import Accepted, GatewayError, NeverArrived, Outgoing, Sought
from integrations.messaging.sendgrid_email import SendGridEmail
from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Request, Response
from integrations.messaging.twilio_sms import TwilioSms
from practices import clock
from tests.builders.vendors import OURS, PHONE, a_mail, sendgrid_session, twilio_session

SPECS = Path(__file__).parents[3] / "shared" / "specs"
"""Beside the checkout, not in it."""
TWILIO, MESSAGING = "twilio_api_v2010.json", "twilio_messaging_v1.json"
MAIL, WEBHOOKS, SUPPRESSIONS = "tsg_mail_v3.json", "tsg_webhooks_v3.json", "tsg_suppressions_v3.json"
ATTEMPT = "QmFzZTY0dXJsIG9mIGFuIGF0dGVtcHQ"
TEXT = Outgoing("sms", PHONE, "Hi Dana, your next visit is due. Reply STOP to opt out.", from_name="Lakeview")
EMAIL = Outgoing(
    "email",
    "dana@example.com",
    "Hi Dana, your next visit is due.",
    from_name="Lakeview Aesthetics",
    subject="Your next visit",
    html="<p>Hi Dana, your next visit is due.</p>",
    headers={
        "List-Unsubscribe": "<https://go.lakeview.example/u/token/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
)

missing = [name for name in (TWILIO, MESSAGING, MAIL, WEBHOOKS, SUPPRESSIONS) if not (SPECS / name).exists()]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"Not beside the checkout, in ../shared/specs: {missing}.")


def mend(name: str, spec: dict[str, Any]) -> None:
    """Set right what the vendors' files are known to get wrong (messaging.md 4.2)."""
    components = spec["components"]
    if name == MAIL:
        body = components["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
        # The whole mail's arguments are an object, as a personalization's are.
        body["properties"]["custom_args"] = {"type": "object"}
        # 3.1 has no `nullable`; the field of an error is null where the error is of none.
        components["schemas"]["ErrorResponse"]["properties"]["errors"]["items"]["properties"]["field"]["type"] = [
            "string",
            "null",
        ]


@cache
def published(name: str) -> OpenAPI:
    """A vendor's description of its API."""
    spec = json.loads((SPECS / name).read_text())
    mend(name, spec)
    return OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))


@cache
def paths(name: str) -> dict[str, Any]:
    """The operations that a description has."""
    found: dict[str, Any] = json.loads((SPECS / name).read_text())["paths"]
    return found


def as_asked(request: Request, host: str) -> MockRequest:
    """A request as the validator takes it."""
    return MockRequest(
        host,
        request.method.lower(),
        request.path,
        args=dict(parse_qsl(request.query, keep_blank_values=True)),
        headers=dict(request.headers),
        data=request.body,
        content_type=request.content_type,
    )


def spec_of(vendor: str, path: str) -> tuple[str, str]:
    """Which of the files describes a path, and the host that it is published for."""
    if vendor == "twilio":
        return (
            (MESSAGING, "https://messaging.twilio.com")
            if path.startswith("/v1/")
            else (TWILIO, "https://api.twilio.com")
        )
    for part, name in (("/mail/", MAIL), ("/webhooks/", WEBHOOKS), ("suppression", SUPPRESSIONS)):
        if part in path:
            return name, "https://api.sendgrid.com"
    return "", ""


def complaints(vendor: str, exchanges: list[tuple[Request, Response]]) -> list[str]:
    """What the validator says against requests, and against answers."""
    found = []
    for request, response in exchanges:
        name, host = spec_of(vendor, request.path)
        if not name:
            continue
        asked, where = as_asked(request, host), f"{request.method} {request.path} -> {response.status}"
        try:
            published(name).validate_request(asked)
        except OpenAPIError as error:
            found.append(f"{where}: asked {why(error)}")
        if response.status not in described(name, asked):
            continue
        kind = response.headers.get("Content-Type", "")
        told = MockResponse(response.body, response.status, dict(response.headers), kind)
        try:
            published(name).validate_response(asked, told)
        except OpenAPIError as error:
            found.append(f"{where}: told {why(error)}")
    return found


def why(error: OpenAPIError) -> str:
    """An error of the validator with all that lies behind it."""
    return f"{error!r}: {error.__cause__!r} {getattr(error.__cause__, 'schema_errors', '')}"


def described(name: str, asked: MockRequest) -> set[int]:
    """The statuses that the description of an operation knows. Twilio's knows no errors."""
    for path, operations in paths(name).items():
        parts, given = path.strip("/").split("/"), asked.path.strip("/").split("/")
        if len(parts) == len(given) and all("{" in part or part == own for part, own in zip(parts, given, strict=True)):
            return {int(status) for status in operations.get(asked.method, {}).get("responses", {})}
    return set()


def twilio_gateway(stand_ins: StandIns, **more: str) -> TwilioSms:
    account = stand_ins.twilio.account
    credentials = {"account_sid": account.sid, "auth_token": account.auth_token, "from_number": OURS} | more
    return TwilioSms(
        credentials, callback_url="https://medspa.example/webhooks/messaging/7/", url=stand_ins.url_of("twilio")
    )


def sendgrid_gateway(stand_ins: StandIns, **more: str) -> SendGridEmail:
    account = stand_ins.sendgrid.account
    credentials = {"api_key": account.api_key, "from_email": "hello@lakeview.example"} | more
    return SendGridEmail(credentials, url=stand_ins.url_of("sendgrid"))


def form_fields(name: str, path: str) -> set[str]:
    """The fields of the form that a path takes by POST."""
    content = paths(name)[path]["post"]["requestBody"]["content"]
    return set(content["application/x-www-form-urlencoded"]["schema"]["properties"])


def test_every_request_of_the_twilio_gateway_is_as_published(stand_ins: StandIns) -> None:
    service, ((key, secret),) = min(stand_ins.twilio.account.services), stand_ins.twilio.account.keys.items()
    by_key = {"api_key_sid": key, "api_key_secret": secret}
    for more in ({}, by_key, {"messaging_service_sid": service}):
        gateway = twilio_gateway(stand_ins, **more)
        gateway.check()
        sent = gateway.send(TEXT, ATTEMPT)
        sought = Sought(ATTEMPT, "sms", TEXT.to, TEXT.text, "", clock.now() - timedelta(seconds=5), frozenset())
        assert isinstance(gateway.find(sought), Accepted)
        assert isinstance(sent, Accepted)
    nobody = Sought(ATTEMPT, "sms", "+13125559876", "Hi", "", clock.now(), frozenset())
    assert gateway.find(nobody) == NeverArrived()
    with pytest.raises(GatewayError):
        gateway.send(Outgoing("sms", "+13129900002", "Hi"), ATTEMPT)

    exchanges = list(stand_ins.records.exchanged("twilio"))
    assert len([request for request, _ in exchanges if request.method == "POST"]) == 4
    assert len([request for request, _ in exchanges if request.method == "GET"]) >= 7
    assert complaints("twilio", exchanges) == []
    assert {(request.method, request.path.rpartition("/")[2]) for request, _ in exchanges} == {
        ("POST", "Messages.json"),
        ("GET", "Messages.json"),
        ("GET", "IncomingPhoneNumbers.json"),
        ("GET", f"{gateway.credentials['account_sid']}.json"),
        ("GET", service),
    }
    assert all(spec_of("twilio", request.path)[0] for request, _ in exchanges)
    validities = {request.form["ValidityPeriod"] for request, _ in exchanges if request.method == "POST"}
    assert all(1 <= int(each) <= 36_000 for each in validities), "the description has no bounds (messaging.md 1.1)"
    known = form_fields(TWILIO, "/2010-04-01/Accounts/{AccountSid}/Messages.json")
    for request, _ in exchanges:
        assert not request.form.keys() - known if request.method == "POST" else True
    assert {kept.attempt for kept in stand_ins.twilio.accepted} == {ATTEMPT}


def test_every_request_of_the_sendgrid_gateway_is_as_published(stand_ins: StandIns) -> None:
    for more in ({}, {"reply_address": "replies@in.lakeview.example"}):
        gateway = sendgrid_gateway(stand_ins, **more)
        gateway.check()
        assert isinstance(gateway.send(EMAIL, ATTEMPT), Accepted)
    stand_ins.sendgrid.change({"senders": ["hilltop.example"]})
    with pytest.raises(GatewayError):
        gateway.send(EMAIL, ATTEMPT)

    exchanges = list(stand_ins.records.exchanged("sendgrid"))
    mails = [request for request, response in exchanges if request.path == "/v3/mail/send" and response.status == 202]
    assert len(mails) == 2
    assert complaints("sendgrid", exchanges) == []
    undescribed = {
        (request.method, request.path) for request, _ in exchanges if not spec_of("sendgrid", request.path)[0]
    }
    assert undescribed == {("GET", "/v3/scopes")}, "in none of the files"
    for request in mails:
        tracking = request.json()["tracking_settings"]
        assert tracking["click_tracking"]["enable"] is tracking["open_tracking"]["enable"] is False
        assert "@" not in json.dumps(request.json()["personalizations"][0]["custom_args"])
    assert {kept.attempt for kept in stand_ins.sendgrid.accepted} == {ATTEMPT}


def test_the_answers_of_the_stand_in_for_twilio_are_as_published(stand_ins: StandIns) -> None:
    account = stand_ins.twilio.account
    with twilio_session(stand_ins) as twilio:
        sids = [
            twilio.messages.create(**{"to": PHONE, "body": "Hi", **sender}).sid or ""
            for sender in ({"from_": OURS}, {"messaging_service_sid": min(account.services)})
        ]
        sids.append(twilio.messages.create(to="+13129900001", from_=OURS, body="Hi").sid or "")
        stand_ins.twilio.write_back(PHONE, OURS, "Hello")
        assert stand_ins.settle()
        for sid in sids:
            twilio.messages(sid).fetch()
            twilio.messages(sid).update(body="")
        twilio.messages(sids[0]).delete()
        assert len(twilio.messages.list(page_size=1, limit=10)) == 3
        twilio.incoming_phone_numbers.list(limit=20)
        twilio.api.v2010.accounts(account.sid).fetch()
        twilio.messaging.v1.services(min(account.services)).fetch()
        with pytest.raises(TwilioRestException):
            twilio.messages("SM" + "0" * 32).fetch()
    exchanges = list(stand_ins.records.exchanged("twilio"))
    assert len(exchanges) >= 15
    assert complaints("twilio", exchanges) == []


def test_the_answers_of_the_stand_in_for_sendgrid_are_as_published(stand_ins: StandIns) -> None:
    session = sendgrid_session(stand_ins)
    stand_ins.sendgrid.change({"event_url": "http://127.0.0.1:1/"})

    def refused(do: Callable[[], object]) -> None:
        with pytest.raises(HTTPError):
            do()

    mail = session.client.mail.send
    mail.post(request_body=a_mail("bounce@example.com"))
    refused(lambda: mail.post(request_body=a_mail() | {"subject": ""}))
    refused(lambda: sendgrid_session(stand_ins, "SG.wrong").client.mail.send.post(request_body=a_mail()))
    refused(mail.get)
    stand_ins.sendgrid.faults.add("error_before")
    refused(lambda: mail.post(request_body=a_mail()))
    stand_ins.sendgrid.change({"senders": ["hilltop.example"]})
    refused(lambda: mail.post(request_body=a_mail()))
    settings = session.client.user.webhooks.event.settings
    settings.all.get()
    identifier = stand_ins.sendgrid.account.webhook_id
    settings._(identifier).get()
    settings.signed._(identifier).get()
    refused(lambda: settings.signed._("another").get())
    stand_ins.sendgrid.account.list("bounces", "bounce@example.com", "550 5.1.1 No such mailbox", clock.now())
    for name in ("bounces", "blocks", "spam_reports", "invalid_emails", "unsubscribes"):
        session.client.suppression._(name).get()
    session.client.suppression.bounces._("bounce@example.com").get()
    session.client.suppression.bounces._("bounce@example.com").delete()
    exchanges = list(stand_ins.records.exchanged("sendgrid"))
    assert len(exchanges) >= 16
    # What is refused breaks the rules on purpose: only its answers are held against the description.
    assert [words for words in complaints("sendgrid", exchanges) if ": told " in words] == []


def test_the_validator_finds_a_request_that_is_not_as_published(stand_ins: StandIns) -> None:
    with twilio_session(stand_ins) as twilio, pytest.raises(TwilioRestException):
        twilio.messages.create(to=PHONE, messaging_service_sid="MG7", body="Hi")
    assert complaints("twilio", list(stand_ins.records.exchanged("twilio")))
    with pytest.raises(HTTPError):
        sendgrid_session(stand_ins).client.mail.send.post(request_body=a_mail(categories="refill"))
    assert complaints("sendgrid", list(stand_ins.records.exchanged("sendgrid")))

"""Does the stand-in for SendGrid behave as messaging.md 2 says that SendGrid does? Asked with SendGrid's own SDK."""

import base64
import gzip
import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import httpx
import pytest
from python_http_client.exceptions import (
    BadRequestsError,
    ForbiddenError,
    HTTPError,
    InternalServerError,
    TooManyRequestsError,
    UnauthorizedError,
)
from sendgrid import SendGridAPIClient
from sendgrid.helpers.eventwebhook import EventWebhook

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Request, Response
from integrations.messaging.stand_ins.sendgrid_events import MAGIC
from tests.builders.vendors import Listener, a_mail, sendgrid_session

SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"


def send(session: SendGridAPIClient, mail: Any) -> Any:
    return session.client.mail.send.post(request_body=mail)


def error_of(refused: HTTPError) -> dict[str, Any]:
    (error,) = json.loads(refused.body)["errors"]
    return dict(error)


def is_signed(request: Request, key: str) -> bool:
    return bool(
        EventWebhook(key).verify_signature(
            request.body.decode("utf-8"), request.headers[SIGNATURE], request.headers[TIMESTAMP]
        )
    )


def fields_of(request: Request) -> dict[str, bytes]:
    """The fields of a multipart form, as the standard library reads them."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    fields = {}
    for part in form.iter_parts():
        value = part.get_payload(decode=True)
        assert isinstance(value, bytes)
        fields[str(part.get_param("name", header="content-disposition"))] = value
    return fields


def told(stand_ins: StandIns, listener: Listener) -> list[dict[str, Any]]:
    assert stand_ins.settle()
    return [event for request in listener.heard for event in request.json()]


@pytest.fixture
def session(stand_ins: StandIns, listener: Listener) -> SendGridAPIClient:
    stand_ins.sendgrid.change({"event_url": f"{listener.url}/events"})
    return sendgrid_session(stand_ins)


def test_a_mail_is_accepted_and_its_events_are_told_in_one_signed_batch(
    stand_ins: StandIns, listener: Listener, session: SendGridAPIClient
) -> None:
    answer = send(session, a_mail(attempt="attempt-7", custom_args={"medspa_attempt": "general", "kind": "refill"}))
    assert answer.status_code == 202
    assert answer.body == b""
    message_id = answer.headers["X-Message-Id"]

    events = told(stand_ins, listener)
    assert [event["event"] for event in events] == ["processed", "delivered"]
    (request,) = listener.heard
    assert request.body.endswith(b"\r\n")
    assert is_signed(request, stand_ins.sendgrid.account.event_public_key)
    assert not is_signed(request, stand_ins.sendgrid.account.parse_public_key)
    for event in events:
        assert event["sg_message_id"].startswith(f"{message_id}.filter")
        assert event["email"] == "dana@example.com"
        # A personalization's arguments override those of the whole mail, and lie beside the event's own fields.
        assert (event["medspa_attempt"], event["kind"]) == ("attempt-7", "refill")
    assert len({event["sg_event_id"] for event in events}) == 2
    kept = stand_ins.sendgrid.accepted[0]
    assert (kept.attempt, kept.text, kept.html, kept.status) == ("attempt-7", "Hi Dana", "<p>Hi Dana</p>", "delivered")


def test_many_mails_make_few_batches(stand_ins: StandIns, listener: Listener, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.change({"flush_seconds": 0.5})
    for number in range(10):
        send(session, a_mail(f"client{number}@example.com"))
    assert len(told(stand_ins, listener)) == 20
    assert len(listener.heard) < 10


def test_a_wrong_key_is_refused(stand_ins: StandIns) -> None:
    with pytest.raises(UnauthorizedError) as refused:
        send(sendgrid_session(stand_ins, "SG.wrong"), a_mail())
    assert "invalid, expired, or revoked" in error_of(refused.value)["message"]


def test_a_key_that_may_not_send_is_refused(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.change({"scopes": ["user.account.read"]})
    with pytest.raises(ForbiddenError):
        send(session, a_mail())
    assert json.loads(session.client.scopes.get().body) == {"scopes": ["user.account.read"]}


def test_only_verified_senders_may_send_where_there_are_any(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.change({"senders": ["hilltop.example"]})
    with pytest.raises(ForbiddenError) as refused:
        send(session, a_mail())
    assert error_of(refused.value)["field"] == "from"
    assert send(session, a_mail() | {"from": {"email": "hi@hilltop.example"}}).status_code == 202


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [{"email": "dana"}]}]}, "personalizations.0.to.0.email"),
        ({"personalizations": [{"to": [{"email": "d@example.com"}] * 2}]}, "personalizations.0"),
        ({"personalizations": [{"to": [{"email": "d@example.com"}], "color": 1}]}, "personalizations.0"),
        ({"from": None}, "from.email"),
        ({"from": {"email": "nobody"}}, "from.email"),
        ({"reply_to": {"email": "nobody"}}, "reply_to.email"),
        ({"reply_to": "dana@example.com"}, "reply_to.email"),
        ({"mail_settings": []}, "mail_settings"),
        ({"mail_settings": {"sandbox_mode": True}}, "mail_settings"),
        ({"categories": "refill"}, "categories"),
        ({"subject": ""}, "subject"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
        ({"content": [{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "a"}]}, "content"),
        ({"headers": {"Reply-To": "x"}}, "headers"),
        ({"headers": {"DKIM-Signature": "x"}}, "headers"),
        ({"headers": {"X-A": 1}}, "headers"),
        ({"custom_args": "x"}, "custom_args"),
        ({"custom_args": {"a": 1}}, "custom_args"),
        ({"custom_args": {"a": "x" * 10_000}}, "custom_args"),
        ({"categories": ["a"] * 11}, "categories"),
        ({"unheard_of": 1}, None),
    ],
)
def test_what_sendgrid_refuses_is_refused_with_its_field(
    stand_ins: StandIns, session: SendGridAPIClient, changes: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(BadRequestsError) as refused:
        send(session, a_mail() | changes)
    assert error_of(refused.value)["field"] == field
    assert not stand_ins.sendgrid.accepted


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_mail_is_refused(stand_ins: StandIns, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {stand_ins.sendgrid.account.api_key}"}
    answer = httpx.post(f"{stand_ins.url_of('sendgrid')}/v3/mail/send", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "Bad Request")


def test_a_mail_may_come_compressed_and_may_be_too_large(stand_ins: StandIns) -> None:
    headers = {"Authorization": f"Bearer {stand_ins.sendgrid.account.api_key}", "Content-Encoding": "gzip"}
    url = f"{stand_ins.url_of('sendgrid')}/v3/mail/send"
    assert httpx.post(url, content=gzip.compress(json.dumps(a_mail()).encode()), headers=headers).status_code == 202
    del headers["Content-Encoding"]
    large = httpx.post(url, content=b"x" * (30 * 1024 * 1024 + 1), headers=headers)
    assert large.status_code == 413
    assert "<center>nginx</center>" in large.text


def test_in_the_sandbox_nothing_is_sent(stand_ins: StandIns, listener: Listener, session: SendGridAPIClient) -> None:
    answer = send(session, a_mail(mail_settings={"sandbox_mode": {"enable": True}}))
    assert answer.status_code == 200
    assert told(stand_ins, listener) == []
    assert not stand_ins.sendgrid.accepted


@pytest.mark.parametrize("local", sorted(MAGIC))
def test_mailboxes_with_a_fate_meet_it(
    stand_ins: StandIns, listener: Listener, session: SendGridAPIClient, local: str
) -> None:
    send(session, a_mail(f"{local}+7@example.com"))
    events = told(stand_ins, listener)
    renamed = {"blocked": "bounce", "late_bounce": "bounce", "invalid": "dropped"}
    names = [renamed.get(what, what) for what in MAGIC[local][0]]
    assert [event["event"] for event in events] == names
    if local in ("bounce", "blocked"):
        assert events[-1]["type"] == local
        assert events[-1]["reason"].startswith("55")
    if local == "latebounce":
        assert "sg_message_id" not in events[-1]


@pytest.mark.parametrize(
    ("local", "reason", "bypass"),
    [
        ("bounce", "Bounced Address", "bypass_bounce_management"),
        ("spam", "Spam Reporting Address", "bypass_spam_management"),
        ("unsubscribe", "Unsubscribed Address", "bypass_unsubscribe_management"),
    ],
)
def test_who_is_on_a_list_gets_nothing_more_though_the_mail_is_accepted(
    stand_ins: StandIns, listener: Listener, session: SendGridAPIClient, local: str, reason: str, bypass: str
) -> None:
    to = f"{local}@example.com"
    send(session, a_mail(to))
    told(stand_ins, listener)
    listener.heard.clear()
    assert send(session, a_mail(to)).status_code == 202
    (event,) = told(stand_ins, listener)
    assert (event["event"], event["reason"]) == ("dropped", reason)
    listener.heard.clear()
    send(session, a_mail(to, mail_settings={bypass: {"enable": True}}))
    assert told(stand_ins, listener)[0]["event"] == "processed"


def test_lists_can_be_read_and_cleared(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    send(session, a_mail("bounce@example.com"))
    assert stand_ins.settle()
    (row,) = json.loads(session.client.suppression.bounces.get().body)
    assert row["email"] == "bounce@example.com"
    assert session.client.suppression.bounces._("bounce@example.com").delete().status_code == 204
    assert json.loads(session.client.suppression.bounces.get().body) == []


def test_the_key_of_events_can_be_asked_for(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    signed = session.client.user.webhooks.event.settings.signed
    key = json.loads(signed.get().body)["public_key"]
    assert key == stand_ins.sendgrid.account.event_public_key
    assert base64.b64decode(key)
    settings = json.loads(session.client.user.webhooks.event.settings.get().body)
    assert json.loads(signed._(settings["id"]).get().body)["public_key"] == key
    with pytest.raises(HTTPError):
        signed._("another").get()


def test_events_are_sent_again_until_they_are_taken(
    stand_ins: StandIns, listener: Listener, session: SendGridAPIClient
) -> None:
    listener.answers = [Response(500), Response(404)]
    send(session, a_mail())
    assert stand_ins.settle(20)
    assert len(listener.heard) == 3
    assert len({request.body for request in listener.heard}) == 1
    assert all(is_signed(request, stand_ins.sendgrid.account.event_public_key) for request in listener.heard)


def test_unsigned_events_are_unsigned(stand_ins: StandIns, listener: Listener, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.change({"signs_events": False})
    send(session, a_mail())
    assert told(stand_ins, listener)
    assert SIGNATURE not in listener.heard[0].headers


def test_a_mail_from_a_client_is_parsed_and_posted_as_a_form(stand_ins: StandIns, listener: Listener) -> None:
    with pytest.raises(ValueError, match="parses mails"):
        stand_ins.sendgrid.write_back("dana@example.com", "r@in.lakeview.example", "Hi")
    stand_ins.sendgrid.change({"parse_url": f"{listener.url}/in", "parse_domain": "in.lakeview.example"})
    stand_ins.sendgrid.write_back("dana@example.com", "r@in.lakeview.example", "Sí, martes", "Re: visit", "<p>Sí</p>")
    assert stand_ins.settle()
    (request,) = listener.heard
    fields = fields_of(request)
    assert fields["text"] == "Sí, martes".encode()
    assert fields["html"] == "<p>Sí</p>".encode()
    assert json.loads(fields["envelope"]) == {"to": ["r@in.lakeview.example"], "from": "dana@example.com"}
    assert json.loads(fields["charsets"])["text"] == "UTF-8"
    assert b"Message-ID: <" in fields["headers"]
    assert fields["attachments"] == b"0"
    assert is_signed(request, stand_ins.sendgrid.account.parse_public_key)


def test_a_parsed_mail_is_posted_again_only_after_5xx(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.sendgrid.change({"parse_url": f"{listener.url}/in"})
    listener.answers = [Response(503), Response(403)]
    stand_ins.sendgrid.write_back("dana@example.com", "r@in.lakeview.example", "Hi")
    assert stand_ins.settle(20)
    assert len(listener.heard) == 2


def test_faults_speak_sendgrids_words(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.faults.add("rate_limited", retry_after=5)
    with pytest.raises(TooManyRequestsError) as limited:
        send(session, a_mail())
    assert error_of(limited.value) == {"field": None, "message": "too many requests"}
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(limited.value.headers.keys())
    stand_ins.sendgrid.faults.add("error_after")
    with pytest.raises(InternalServerError):
        send(session, a_mail())
    assert len(stand_ins.sendgrid.accepted) == 1


def test_more_than_the_rate_is_refused_and_the_rest_is_told(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    stand_ins.sendgrid.change({"rate": 2})
    assert send(session, a_mail()).headers["X-RateLimit-Remaining"] == "1"
    assert send(session, a_mail()).headers["X-RateLimit-Remaining"] == "0"
    with pytest.raises(TooManyRequestsError):
        send(session, a_mail())


def test_the_activity_log_answers_only_who_has_paid_for_it(stand_ins: StandIns, session: SendGridAPIClient) -> None:
    send(session, a_mail())
    send(session, a_mail("other@example.com"))
    asked = {"query": 'to_email="dana@example.com" AND subject="Your visit"', "limit": "5"}
    with pytest.raises(ForbiddenError):
        session.client.messages.get(query_params=asked)
    stand_ins.sendgrid.change({"has_activity_log": True})
    (row,) = json.loads(session.client.messages.get(query_params=asked).body)["messages"]
    assert (row["to_email"], row["from_email"]) == ("dana@example.com", "hello@lakeview.example")
    assert row["msg_id"].startswith(f"{stand_ins.sendgrid.accepted[0].remote_id}.")

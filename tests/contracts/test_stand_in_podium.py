"""Does the stand-in for Podium behave as messaging.md 3 says that Podium does?"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.exchange import Response
from tests.builders.vendors import PHONE, Listener


def token(stand_ins: StandIns, **more: str) -> httpx.Response:
    account = stand_ins.podium.account
    told = {
        "client_id": account.client_id,
        "client_secret": account.client_secret,
        "grant_type": "refresh_token",
        "refresh_token": account.refresh_token,
    }
    return httpx.post(f"{stand_ins.url_of('podium')}/oauth/token", json=told | more)


@pytest.fixture
def session(stand_ins: StandIns) -> Iterator[httpx.Client]:
    granted = token(stand_ins).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}", "podium-version": "2021.04.01"}
    with httpx.Client(base_url=stand_ins.url_of("podium"), headers=headers, timeout=10) as signed_in:
        yield signed_in


def a_message(stand_ins: StandIns, to: str = PHONE, **more: Any) -> dict[str, Any]:
    channel = {"type": "email" if "@" in to else "phone", "identifier": to}
    return {"body": "Hi Dana", "channel": channel, "locationUid": location(stand_ins)} | more


def location(stand_ins: StandIns) -> str:
    return min(stand_ins.podium.account.locations)


def test_a_refresh_token_gives_an_access_token_for_ten_hours(stand_ins: StandIns) -> None:
    granted = token(stand_ins).json()
    assert (granted["expires_in"], granted["token_type"]) == (36_000, "Bearer")
    assert granted["access_token"].count(".") == 2
    assert token(stand_ins, client_secret="wrong").status_code == 401
    assert token(stand_ins, refresh_token="wrong").json()["error"] == "invalid_grant"


def test_without_a_living_token_nothing_is_given(stand_ins: StandIns, session: httpx.Client) -> None:
    assert session.get("/v4/conversations").status_code == 200
    stand_ins.podium.revoke_tokens()
    refused = session.post("/v4/messages", json=a_message(stand_ins))
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert set(refused.json()) == {"code", "message", "moreInfo"}
    assert not stand_ins.podium.accepted


def test_a_message_is_taken_and_told_signed(stand_ins: StandIns, session: httpx.Client, listener: Listener) -> None:
    secret = stand_ins.podium.account.webhook_secret
    made = session.post(
        "/v4/webhooks",
        json={"url": f"{listener.url}/p", "eventTypes": ["message.sent"], "secret": secret},
    )
    assert made.status_code == 200
    answer = session.post("/v4/messages", json=a_message(stand_ins, senderName="Lakeview"))
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["items"][0]["deliveryStatus"] == "sending"
    assert data["conversation"]["channel"] == {"type": "phone", "identifier": PHONE}
    assert answer.json()["metadata"]["version"] == "2021.04.01"
    assert stand_ins.settle()

    (request,) = listener.heard
    body = request.json()
    assert (body["metadata"]["eventType"], body["data"]["uid"]) == ("message.sent", data["uid"])
    assert body["data"]["items"][0]["deliveryStatus"] == "sent"
    signed = request.headers["podium-timestamp"].encode() + b"." + request.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["podium-signature"] == expected


def test_without_a_secret_events_are_not_signed(stand_ins: StandIns, session: httpx.Client, listener: Listener) -> None:
    session.post("/v4/webhooks", json={"url": listener.url, "eventTypes": ["message.sent"]})
    session.post("/v4/messages", json=a_message(stand_ins))
    assert stand_ins.settle()
    assert "podium-signature" not in listener.heard[0].headers


def test_a_landline_fails_with_a_reason(stand_ins: StandIns, session: httpx.Client, listener: Listener) -> None:
    stand_ins.podium.change({"webhook_url": listener.url})
    answer = session.post("/v4/messages", json=a_message(stand_ins, "+13129900001"))
    assert answer.status_code == 200
    assert answer.json()["data"]["failureReason"] is None
    assert stand_ins.settle()
    (request,) = listener.heard
    assert request.json()["metadata"]["eventType"] == "message.failed"
    assert request.json()["data"]["failureReason"] == "Attempted to send SMS to a landline."


def test_what_clients_write_is_told(stand_ins: StandIns, listener: Listener) -> None:
    stand_ins.podium.change({"webhook_url": listener.url})
    stand_ins.podium.write_back(PHONE, location(stand_ins), "STOP")
    assert stand_ins.settle()
    body = listener.heard[0].json()
    assert body["metadata"]["eventType"] == "message.received"
    assert (body["data"]["body"], body["data"]["location"]["uid"]) == ("STOP", location(stand_ins))
    assert body["data"]["items"][0]["sourceType"] == "inbound"
    with pytest.raises(ValueError, match="no location"):
        stand_ins.podium.write_back(PHONE, "elsewhere", "STOP")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"body": ""}, 400, "invalid_request_values"),
        ({"channel": {"type": "fax", "identifier": PHONE}}, 400, "invalid_request_values"),
        ({"channel": {"type": "phone", "identifier": "555"}}, 400, "invalid_request_values"),
        ({"channel": {"type": "email", "identifier": "dana"}}, 400, "invalid_request_values"),
        ({"channel": None}, 400, "invalid_request_values"),
        ({"locationUid": "00000000-0000-0000-0000-000000000000"}, 404, "resource_not_found"),
    ],
)
def test_what_podium_refuses_is_refused_with_its_code(
    stand_ins: StandIns, session: httpx.Client, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = session.post("/v4/messages", json=a_message(stand_ins) | changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["moreInfo"].endswith(code)
    assert not stand_ins.podium.accepted


def test_other_bad_requests_are_refused(session: httpx.Client) -> None:
    assert session.post("/v4/messages", content=b"{").json()["code"] == "bad_request"
    assert session.post("/v4/messages", json=[]).json()["code"] == "bad_request"
    assert session.get("/v4/nothing").json()["code"] == "route_not_found"
    assert session.get("/v4/conversations", params={"cursor": "!"}).json()["code"] == "invalid_cursor"
    assert session.get("/v4/conversations", headers={"podium-version": "1"}).json()["code"] == "invalid_header_version"
    assert session.get(f"/v4/conversations/{'0' * 8}-0000-0000-0000-{'0' * 12}/messages").status_code == 404


def test_a_conversation_is_read_page_by_page_newest_first(stand_ins: StandIns, session: httpx.Client) -> None:
    for number in range(7):
        session.post("/v4/messages", json=a_message(stand_ins, body=f"No {number}"))
    stand_ins.podium.write_back(PHONE, location(stand_ins), "Thanks")
    session.post("/v4/messages", json=a_message(stand_ins, "dana@example.com", subject="Hi"))
    rows = {row["channel"]["identifier"]: row for row in session.get("/v4/conversations").json()["data"]}
    assert set(rows) == {PHONE, "dana@example.com"}
    uid = rows[PHONE]["uid"]
    read: list[str] = []
    cursor: str | None = None
    while cursor is not None or not read:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = session.get(f"/v4/conversations/{uid}/messages", params=asked).json()
        read += [message["body"] for message in page["data"]]
        cursor = page["metadata"]["nextCursor"]
    assert read == ["Thanks", *(f"No {number}" for number in range(6, -1, -1))]


def test_three_hundred_a_minute_is_the_most(stand_ins: StandIns, session: httpx.Client) -> None:
    stand_ins.podium.change({"rate": 5})
    answers = [session.post("/v4/messages", json=a_message(stand_ins)) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].json()["code"] == "rate_limit"
    assert len(stand_ins.podium.accepted) == 5


def test_an_event_is_sent_again_until_it_is_taken(
    stand_ins: StandIns, session: httpx.Client, listener: Listener
) -> None:
    stand_ins.podium.change({"webhook_url": listener.url})
    listener.answers = [Response(500)]
    session.post("/v4/messages", json=a_message(stand_ins))
    assert stand_ins.settle(20)
    assert len(listener.heard) == 2


def test_faults_speak_podiums_words(stand_ins: StandIns, session: httpx.Client) -> None:
    stand_ins.podium.faults.add("rate_limited", retry_after=3)
    limited = session.post("/v4/messages", json=a_message(stand_ins))
    assert (limited.status_code, limited.json()["code"], limited.headers["Retry-After"]) == (429, "rate_limit", "3")
    stand_ins.podium.faults.add("error_before")
    assert session.post("/v4/messages", json=a_message(stand_ins)).json()["code"] == "internal_server_error"


def test_webhooks_can_be_listed_and_removed(stand_ins: StandIns, session: httpx.Client) -> None:
    assert session.post("/v4/webhooks", json={"url": "http://127.0.0.1:1/"}).status_code == 400
    uid = session.post("/v4/webhooks", json={"url": "http://127.0.0.1:1/", "eventTypes": ["message.sent"]}).json()
    assert [row["uid"] for row in session.get("/v4/webhooks").json()["data"]] == [uid["data"]["uid"]]
    assert session.delete(f"/v4/webhooks/{uid['data']['uid']}").status_code == 204
    assert session.delete(f"/v4/webhooks/{uid['data']['uid']}").status_code == 404
    assert [row["uid"] for row in session.get("/v4/locations").json()["data"]] == [location(stand_ins)]

"""Whatever the network and the vendor do: is what a gateway says of an attempt certain?"""

import socket
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from integrations.messaging.base import (
    Accepted,
    CodeTable,
    Explained,
    GatewayError,
    Meaning,
    NotSent,
    Outgoing,
    Refused,
    Unknown,
)
from integrations.messaging.calling import SECONDS
from integrations.messaging.podium_http import PodiumAccount
from tests.contracts.gateways.vendors import ATTEMPT, NUMBER, PODIUM, VENDORS, Vendor
from tests.contracts.gateways.wire import Do, Wire, answer, free_url

NO_CODES: CodeTable = {}
each_vendor = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())


@pytest.fixture(autouse=True)
def _without_kept_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})


def failure(
    vendor: Vendor, said: bytes | Do, seconds: float = 5.0, corrections: CodeTable = NO_CODES
) -> tuple[GatewayError, int]:
    """What sending raises when the vendor does that, and how many messages it had got."""
    with Wire(vendor.script(said)) as wire:
        gateway = vendor.corrected(wire.url, corrections)
        gateway.seconds = seconds  # type: ignore[attr-defined]
        began = monotonic()
        with pytest.raises(GatewayError) as raised:
            gateway.send(vendor.outgoing, ATTEMPT)
        assert monotonic() - began < seconds + 2
        assert type(raised.value) in {NotSent, Refused, Unknown}
        assert raised.value.reason.endswith(".")
        for told in (vendor.outgoing.to, vendor.outgoing.text, *vendor.secrets):
            assert told not in raised.value.reason
        return raised.value, sum(vendor.is_send(got) for got in wire.got)


@each_vendor
def test_an_accepted_message_is_accepted(vendor: Vendor) -> None:
    with Wire(vendor.script()) as wire:
        accepted = vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)
        sent = [got for got in wire.got if vendor.is_send(got)]

    assert isinstance(accepted, Accepted)
    assert 0 < len(accepted.remote_id) <= 120
    assert len(sent) == 1


@each_vendor
def test_a_refused_connection_means_not_sent(vendor: Vendor) -> None:
    with pytest.raises(NotSent) as raised:
        vendor.made(free_url()).send(vendor.outgoing, ATTEMPT)

    assert not raised.value.is_account


@each_vendor
def test_a_connection_that_cannot_be_secured_means_not_sent(vendor: Vendor) -> None:
    with Wire(lambda _: Do.HANG_UP_AT_ONCE) as wire, pytest.raises(NotSent):
        vendor.made(wire.url.replace("http:", "https:")).send(vendor.outgoing, ATTEMPT)


@each_vendor
def test_a_name_that_nobody_knows_means_not_sent(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NotSent):
        vendor.made("http://vendor.invalid").send(vendor.outgoing, ATTEMPT)


@each_vendor
def test_a_name_server_that_answers_too_late_means_not_sent_and_nothing_follows(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, asked = socket.getaddrinfo, threading.Event()

    def slowly(*given: Any, **more: Any) -> Any:
        asked.wait(10)
        return known(*given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    monkeypatch.setattr(PodiumAccount, "token", lambda *_: "access-0001")
    with Wire(vendor.script()) as wire:
        before = {thread for thread in threading.enumerate() if thread.name.startswith("call to")}
        gateway = vendor.made(wire.url)
        gateway.seconds = 0.2  # type: ignore[attr-defined]
        with pytest.raises(NotSent):
            gateway.send(vendor.outgoing, ATTEMPT)
        late = [each for each in threading.enumerate() if each.name.startswith("call to") and each not in before]
        asked.set()
        for thread in late:
            thread.join(10)

    assert late
    assert not [got for got in wire.got if vendor.is_send(got)]


@each_vendor
@pytest.mark.parametrize("cut", [Do.HANG_UP, Do.RESET])
def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(vendor: Vendor, cut: Do) -> None:
    raised, arrived = failure(vendor, cut)

    assert isinstance(raised, Unknown)
    assert arrived == 1, "and it is not sent a second time"


@each_vendor
def test_a_connection_that_breaks_before_the_request_was_read_is_not_taken_for_a_yes(vendor: Vendor) -> None:
    raised, arrived = failure(vendor, Do.HANG_UP_AT_ONCE if not vendor.before else Do.HANG_UP)

    assert isinstance(raised, Unknown | NotSent)
    assert arrived <= 1


@each_vendor
def test_an_answer_that_breaks_off_leaves_it_unknown(vendor: Vendor) -> None:
    raised, arrived = failure(vendor, b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{")

    assert isinstance(raised, Unknown)
    assert arrived == 1


@each_vendor
@pytest.mark.parametrize("silence", [Do.SAY_NOTHING, Do.DRIP, Do.DRIP_BODY])
def test_an_answer_that_takes_too_long_leaves_it_unknown(vendor: Vendor, silence: Do) -> None:
    raised, arrived = failure(vendor, silence, seconds=0.4)

    assert isinstance(raised, Unknown)
    assert "in time" in raised.reason
    assert arrived == 1


@each_vendor
def test_nobody_waits_longer_than_ten_seconds(vendor: Vendor) -> None:
    assert vendor.kind.seconds == SECONDS < 10  # type: ignore[attr-defined]


@each_vendor
@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_the_vendors_own_trouble_leaves_it_unknown(vendor: Vendor, status: int) -> None:
    raised, arrived = failure(vendor, answer(status, "<html>Bad gateway</html>"))

    assert isinstance(raised, Unknown)
    assert arrived == 1


@each_vendor
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(vendor: Vendor, status: int) -> None:
    with Wire(lambda _: vendor.accepted) as elsewhere:
        raised, arrived = failure(vendor, answer(status, Location=elsewhere.url + vendor.prefix + vendor.send_path))

    assert isinstance(raised, Unknown)
    assert arrived == 1
    assert elsewhere.got == []


@each_vendor
@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", '{"data": 7}', '{"sid": 7, "data": {"uid": 7}}'])
def test_a_yes_that_cannot_be_read_is_unknown(vendor: Vendor, body: str) -> None:
    raised, arrived = failure(vendor, answer(201, body))

    assert isinstance(raised, Unknown)
    assert arrived == 1


@each_vendor
def test_too_many_requests_means_not_sent_and_how_long_to_wait(vendor: Vendor) -> None:
    told, arrived = failure(vendor, answer(429, vendor.error(429, "20429"), Retry_After="7"))
    untold, _ = failure(vendor, answer(429, "slow down"))
    strange, _ = failure(vendor, answer(429, vendor.error(429, "20429"), Retry_After="inf"))

    assert isinstance(told, NotSent)
    assert isinstance(untold, NotSent)
    assert isinstance(strange, NotSent)
    assert (told.retry_after, untold.retry_after, strange.retry_after) == (7.0, None, None)
    assert not told.is_account
    assert arrived == 1, "whoever calls it tries again, not the gateway"


@each_vendor
@pytest.mark.parametrize("status", [401, 403, 404])
def test_wrong_credentials_are_the_accounts_fault(vendor: Vendor, status: int) -> None:
    raised, _ = failure(vendor, answer(status, "<html>no</html>"))

    assert isinstance(raised, NotSent)
    assert raised.is_account
    assert raised.code == str(status)


@each_vendor
def test_a_refusal_that_nobody_has_explained_is_final_and_names_no_address(vendor: Vendor) -> None:
    raised, arrived = failure(vendor, answer(422, vendor.error(422, "")))

    assert isinstance(raised, Refused)
    assert raised.meaning is Meaning.REFUSED
    assert arrived == 1


@each_vendor
def test_the_operators_word_on_a_code_counts_more_than_ours(vendor: Vendor) -> None:
    row = Explained(Meaning.BLOCKED, "It is as the operator says.")
    raised, _ = failure(vendor, answer(400, "no"), corrections={"400": row})

    assert isinstance(raised, Refused)
    assert (raised.meaning, raised.reason, raised.code) == (Meaning.BLOCKED, row.sentence, "400")


@each_vendor
@pytest.mark.parametrize("meaning", list(Meaning))
def test_each_meaning_becomes_the_error_that_it_stands_for(vendor: Vendor, meaning: Meaning) -> None:
    raised, _ = failure(vendor, answer(400, "no"), corrections={"400": Explained(meaning, "So it is.")})

    assert isinstance(raised, NotSent) == (meaning in {Meaning.RETRY, Meaning.ACCOUNT})
    if isinstance(raised, NotSent):
        assert raised.is_account == (meaning is Meaning.ACCOUNT)
        assert raised.retry_after is None  # else it held the whole account
    if isinstance(raised, Refused):
        assert raised.meaning is meaning


@each_vendor
def test_behind_a_proxy_what_breaks_off_is_unknown_as_well(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PodiumAccount, "token", lambda *_: "access-0001")
    with Wire(lambda got: Do.HANG_UP if got.method else b"") as proxy:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(Unknown):
            vendor.made("http://vendor.example").send(vendor.outgoing, ATTEMPT)

    assert len(proxy.got) == 1
    assert proxy.got[0].target.startswith("http://vendor.example/")


@each_vendor
def test_without_credentials_it_is_the_accounts_fault_and_nothing_leaves(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SENDGRID_API_KEY"):
        monkeypatch.setenv(name, "of-somebody-else")
    with Wire(vendor.script()) as wire:
        gateway = vendor.kind({}, url=wire.url)
        for deed in (lambda: gateway.send(vendor.outgoing, ATTEMPT), gateway.check):
            with pytest.raises(NotSent) as raised:
                deed()
            assert raised.value.is_account

    assert wire.got == []


@each_vendor
@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "Ärger 😀 “so”", "x" * 30_000, " "])
def test_no_text_makes_it_raise_anything_else(vendor: Vendor, text: str) -> None:
    outgoing = Outgoing(vendor.channel, vendor.outgoing.to, text, from_name=text, subject=text)
    with Wire(vendor.script()) as wire:
        try:
            vendor.made(wire.url).send(outgoing, ATTEMPT)
        except GatewayError as error:
            assert isinstance(error, Refused)  # noqa: PT017 - an error is not demanded


@each_vendor
def test_checking_tells_wrong_credentials_from_a_vendor_that_is_away(vendor: Vendor) -> None:
    def raised(said: bytes | Do) -> NotSent:
        wrong = dict.fromkeys(vendor.before, said) if isinstance(said, bytes) else {}
        script: Callable[[Any], bytes | Do] = vendor.script(said)
        with Wire(lambda got: wrong.get(got.target.removeprefix(vendor.prefix), script(got))) as wire:
            with pytest.raises(NotSent) as told:
                vendor.made(wire.url).check()
            assert not any(vendor.is_send(got) for got in wire.got)
        return told.value

    assert raised(answer(401, vendor.error(401, "20003"))).is_account
    assert raised(answer(403, vendor.error(403, "20003"))).is_account
    assert not raised(answer(503)).is_account
    assert not raised(answer(429, Retry_After="3")).is_account
    with pytest.raises(NotSent) as away:
        vendor.made(free_url()).check()
    assert not away.value.is_account


@pytest.mark.parametrize("vendor", [each for each in VENDORS.values() if each.kind.capabilities.can_be_asked])
def test_asked_while_the_vendor_is_away_it_asks_to_come_back(vendor: Vendor) -> None:
    for said in (answer(500), answer(401, vendor.error(401, "20003")), answer(200, "<html>"), Do.HANG_UP):
        with Wire(vendor.script(said)) as wire, pytest.raises(NotSent):
            vendor.made(wire.url).find(vendor.sought)


def test_podiums_refused_access_token_is_fetched_again_once_and_kept() -> None:
    vendor, tokens = VENDORS["podium"], iter(["old", "new", "never asked for"])

    def script(got: Any) -> bytes:
        if got.target.endswith("/oauth/token"):
            return answer(200, f'{{"access_token": "{next(tokens)}"}}')
        return vendor.accepted if got.headers.get("authorization") == "Bearer new" else answer(401)

    with Wire(script) as wire:
        gateway = vendor.made(wire.url)
        gateway.send(vendor.outgoing, ATTEMPT)
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)

    assert [got.target.rpartition("/")[2] for got in wire.got] == ["token", "messages", "token", "messages", "messages"]


@pytest.mark.parametrize(
    "said", [answer(400, '{"error": "invalid_grant"}'), answer(503), answer(200, "{}"), Do.HANG_UP]
)
def test_without_an_access_token_podium_gets_nothing(said: bytes | Do) -> None:
    vendor = VENDORS["podium"]
    with Wire(lambda got: said if got.method else b"") as wire, pytest.raises(NotSent) as raised:
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)

    assert raised.value.is_account == (isinstance(said, bytes) and b" 400 " in said)
    assert not any(vendor.is_send(got) for got in wire.got)


def test_podiums_secrets_go_to_podium_only() -> None:
    account = PodiumAccount({**PODIUM, "token_url": "https://evil.example/oauth/token"}, "https://api.podium.com")
    own = PodiumAccount({**PODIUM, "token_url": "https://accounts.podium.com/oauth/token"}, "https://api.podium.com")

    assert account._token_url() == "https://api.podium.com/oauth/token"
    assert own._token_url() == "https://accounts.podium.com/oauth/token"
    assert NUMBER not in account._name()

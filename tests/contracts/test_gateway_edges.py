"""Strange messages, strange settings, strange answers: does a gateway still say only what is certain?"""

import gzip
import json
import logging
import os
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from integrations.messaging import calling
from integrations.messaging.base import Accepted, GatewayError, Meaning, NotSent, Outgoing, Refused, Unknown
from integrations.messaging.podium_http import PodiumAccount
from integrations.messaging.refusing import LONGEST_CODE
from integrations.messaging.trusting import trust
from practices import clock
from tests.contracts.gateways.vendors import ADDRESS, ATTEMPT, NUMBER, VENDORS, Vendor, posted_form
from tests.contracts.gateways.wire import Do, Got, Wire, answer

each_vendor = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())
TALKATIVE = ("twilio", "python_http_client", "urllib3", "requests", "httpx", "httpcore")


@pytest.fixture(autouse=True)
def _without_kept_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})


def sent(vendor: Vendor, outgoing: Outgoing) -> list[Got]:
    """What the vendor gets of a message."""
    with Wire(vendor.script()) as wire:
        vendor.made(wire.url).send(outgoing, ATTEMPT)
        return [got for got in wire.got if vendor.is_send(got)]


def refused(vendor: Vendor, outgoing: Outgoing) -> Refused:
    """Why a message is refused before anything left."""
    with Wire(vendor.script()) as wire:
        with pytest.raises(Refused) as raised:
            vendor.made(wire.url).send(outgoing, ATTEMPT)
        assert wire.got == []
    return raised.value


# --- Messages


@pytest.mark.parametrize(
    "to", ["+1 312 809 6490", " +13128096490", "+13128096490\r\n", "3128096490", "+1312809649٣", "x"]
)
@pytest.mark.parametrize("key", ["twilio_sms", "podium"])
def test_a_number_in_another_form_than_ours_does_not_leave(key: str, to: str) -> None:
    # Twilio would set it right, take the message, and list it under a number that nobody asks for: "never arrived".
    raised = refused(VENDORS[key], Outgoing("sms", to, "Hi"))

    assert raised.meaning is Meaning.NO_SUCH
    assert to not in raised.reason


@pytest.mark.parametrize("to", ["ann", "ann@", "ann @example.com", "ann@example.com\r\nBcc: bob@example.com", "a@b@c"])
@pytest.mark.parametrize("key", ["sendgrid_email", "podium"])
def test_an_address_that_is_none_does_not_leave(key: str, to: str) -> None:
    assert refused(VENDORS[key], Outgoing("email", to, "Hi", subject="Hi")).meaning is Meaning.NO_SUCH


@each_vendor
@pytest.mark.parametrize("part", ["text", "subject", "from_name", "html"])
@pytest.mark.parametrize("sign", ["\ud83d", "\x00"])
def test_half_an_emoji_or_a_zero_leaves_in_no_part_of_a_message(vendor: Vendor, part: str, sign: str) -> None:
    outgoing = replace(vendor.outgoing, **{part: f"a{sign}b"})  # type: ignore[arg-type]  # all of them are texts

    assert refused(vendor, outgoing).meaning is Meaning.REFUSED


def test_a_name_or_a_subject_of_several_lines_becomes_no_header() -> None:
    name, subject = "Ann\r\nBcc: b@x.example", "Visit\n\x1f\u2028Cc: c@x.example "
    named = Outgoing("email", ADDRESS, "Hi", from_name=name, subject=subject)
    [email] = [json.loads(got.body) for got in sent(VENDORS["sendgrid_email"], named)]
    [podiums] = [json.loads(got.body) for got in sent(VENDORS["podium"], named)]

    assert (email["from"]["name"], email["subject"]) == ("Ann Bcc: b@x.example", "Visit Cc: c@x.example")
    assert (podiums["senderName"], podiums["subject"]) == ("Ann Bcc: b@x.example", "Visit Cc: c@x.example")


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nBcc: c@x.example"}, {"X-A\nBcc": "c@x.example"}, {"X-A": "\ud800"}])
def test_a_header_of_two_lines_does_not_leave(headers: dict[str, str]) -> None:
    refused(VENDORS["sendgrid_email"], Outgoing("email", ADDRESS, "Hi", subject="Hi", headers=headers))


def test_names_and_subjects_in_any_script_arrive_as_they_are() -> None:
    name, subject = "Clínica “Łódź” 美 😀", "¿Mañana? 😀"
    [got] = sent(VENDORS["sendgrid_email"], Outgoing("email", ADDRESS, "Hi", from_name=name, subject=subject))

    assert got.body.isascii()
    assert (json.loads(got.body)["from"]["name"], json.loads(got.body)["subject"]) == (name, subject)


@pytest.mark.parametrize("text", ["x" * 1600, "😀" * 800, "é\n€ ^{}" * 200])
def test_a_text_as_long_as_twilio_takes_arrives_to_the_letter(text: str) -> None:
    [got] = sent(VENDORS["twilio_sms"], Outgoing("sms", NUMBER, text))
    assert posted_form(got)["Body"] == text


# --- Settings


@each_vendor
@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
@pytest.mark.parametrize("proxy", ["http://", "socks5://127.0.0.1:9"])
def test_a_proxy_that_is_none_refuses_no_message_for_good(
    vendor: Vendor, name: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PodiumAccount, "token", lambda *_: "access-0001")
    for each in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(each, raising=False)
        monkeypatch.delenv(each.upper(), raising=False)
    monkeypatch.setenv(name, proxy)
    # urllib asks no "all_proxy" and goes straight; the name has no address.
    with pytest.raises(NotSent):
        vendor.made("http://vendor.invalid").send(vendor.outgoing, ATTEMPT)


@each_vendor
def test_an_address_that_is_none_refuses_no_message_for_good(vendor: Vendor) -> None:
    for url in (f"http://{'a' * 70}.example", "http://[::1", "nowhere", "http://127.0.0.1:99999"):
        with pytest.raises(NotSent):
            vendor.made(url).send(vendor.outgoing, ATTEMPT)


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("twilio_sms", "auth_token", "f" * 20 + "—"),
        ("twilio_sms", "auth_token", "f" * 20 + "\r\nX-More: 1"),
        ("twilio_sms", "account_sid", "AC" + "\u200b" + "0a" * 16),
        ("sendgrid_email", "api_key", "SG.abcdefghijkl—"),
        ("sendgrid_email", "api_key", "SG.abcdefghijkl\r\n X-More: 1"),
    ],
)
def test_a_key_that_no_header_can_carry_is_the_accounts_fault(key: str, name: str, value: str) -> None:
    with Wire(VENDORS[key].script()) as wire:
        gateway = VENDORS[key].made(wire.url, **{name: value})
        for deed in (lambda: gateway.send(VENDORS[key].outgoing, ATTEMPT), gateway.check):
            with pytest.raises(NotSent) as raised:
                deed()
            assert raised.value.is_account
            assert value not in str(raised.value)
    assert wire.got == []


def certificate_of(host: str, file: Path) -> Path:
    """A server's key and certificate, which it has issued itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@each_vendor
@pytest.mark.parametrize(("host", "is_known"), [("localhost", True), ("localhost", False), ("elsewhere.example", True)])
def test_who_cannot_prove_to_be_the_vendor_gets_nothing(
    vendor: Vendor, host: str, is_known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate_of(host, tmp_path / "certificate.pem")
    trust.cache_clear()
    for name in ("SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setattr(PodiumAccount, "token", lambda *_: "access-0001")
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(file)
    read: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with secured.wrap_socket(connection, server_side=True) as wrapped:
                read.append(wrapped.recv(65_536))

    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            thread = threading.Thread(target=serve, args=(listening,))
            thread.start()
            is_vendor = is_known and host == "localhost"
            with pytest.raises(Unknown if is_vendor else NotSent):
                vendor.made(f"https://localhost:{listening.getsockname()[1]}").send(vendor.outgoing, ATTEMPT)
            thread.join(10)
    finally:
        trust.cache_clear()

    assert not thread.is_alive()
    assert any(read) == is_vendor


# --- Answers


@each_vendor
def test_an_answer_without_end_is_not_read_to_its_end(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 1_000_000)
    with Wire(vendor.script(Do.POUR)) as wire:
        began = monotonic()
        with pytest.raises(Unknown) as raised:
            vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)
        assert monotonic() - began < 4, "not its time was up, but its length was"
        assert "in time" not in raised.value.reason
        assert sum(vendor.is_send(got) for got in wire.got) == 1


@each_vendor
def test_a_refusal_without_end_is_not_read_to_its_end(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 1_000_000)
    with Wire(vendor.script(answer(400, b" " * 2_000_000))) as wire, pytest.raises(Unknown):
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)


@each_vendor
@pytest.mark.parametrize(
    "body",
    [
        {"code": "x" * 500, "message": "m", "errors": [{"field": "x" * 500}]},
        {"code": {"a": "b" * 500}},
        {"code": ["x" * 500]},
    ],
)
def test_a_code_of_a_vendor_fits_into_its_column(vendor: Vendor, body: dict[str, object]) -> None:
    with Wire(vendor.script(answer(400, json.dumps(body)))) as wire, pytest.raises(Refused) as raised:
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)

    assert 0 < len(raised.value.code) <= LONGEST_CODE


@each_vendor
def test_the_status_of_an_answer_counts_and_not_what_its_body_claims(vendor: Vendor) -> None:
    told = {"type": "about:blank", "title": "Opted out", "status": 400, "code": 21610}
    with Wire(vendor.script(answer(502, json.dumps(told)))) as wire, pytest.raises(Unknown):
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)


@each_vendor
@pytest.mark.parametrize(
    "date", ["Sun, 09 Nov 2025 14:53220950000", "Mon, 01 Jan 0001 00:00:00 -0000", "99999999999", "²", "9" * 5000]
)
def test_no_date_of_an_answer_makes_it_raise_anything_else(vendor: Vendor, date: str) -> None:
    said = answer(429, "{}", Retry_After=date.encode().decode("latin-1"), X_RateLimit_Reset="9" * 11, Date="now")
    with Wire(vendor.script(said)) as wire, pytest.raises(NotSent) as raised:
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)

    assert raised.value.retry_after is None


@each_vendor
@pytest.mark.parametrize("status", [102, 103, 204, 205, 206, 226, 300, 304, 399])
def test_what_is_neither_yes_nor_no_is_unknown(vendor: Vendor, status: int) -> None:
    with Wire(vendor.script(answer(status))) as wire, pytest.raises(Unknown):
        vendor.made(wire.url).send(vendor.outgoing, ATTEMPT)


@each_vendor
def test_a_vendor_that_pours_cannot_be_asked_either(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(PodiumAccount, "token", lambda *_: "access-0001")
    with Wire(vendor.script(Do.POUR)) as wire:
        gateway = vendor.made(wire.url)
        with pytest.raises(NotSent) as raised:
            gateway.check()
        assert not raised.value.is_account
        try:
            assert not isinstance(gateway.find(vendor.sought), Accepted)
        except GatewayError as error:
            assert isinstance(error, NotSent)  # noqa: PT017 - an error is not demanded


@pytest.mark.parametrize("key", ["twilio_sms", "podium"])
def test_a_packed_answer_in_pieces_is_read(key: str) -> None:
    vendor = VENDORS[key]
    packed = gzip.compress(vendor.accepted.partition(b"\r\n\r\n")[2])
    pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n"
    head = b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Wire(vendor.script(head + pieces)) as wire:
        assert isinstance(vendor.made(wire.url).send(vendor.outgoing, ATTEMPT), Accepted)


# --- Logs


def test_in_a_celery_worker_the_libraries_are_as_quiet_whatever_it_is_started_with() -> None:
    code = (
        "import json, logging; from medspa.celery import app; app.loader.import_default_modules();"
        "app.log.setup(loglevel='DEBUG');"
        f"print(json.dumps({{name: logging.getLogger(name).getEffectiveLevel() for name in {TALKATIVE}}}))"
    )
    environment = {**os.environ, "LOG_LEVEL": "DEBUG", "DJANGO_SETTINGS_MODULE": "medspa.settings"}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=True
    )

    levels = json.loads(told.stdout.splitlines()[-1])
    assert levels.keys() == set(TALKATIVE)
    assert min(levels.values()) >= logging.WARNING

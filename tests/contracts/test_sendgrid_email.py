"""Does SendGridEmail say to SendGrid, and understand of it, what SendGrid documents? (messaging.md 2)"""

import base64
import json
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.messaging.base import (
    Accepted,
    Fate,
    Inbound,
    Incoming,
    Meaning,
    NotAuthentic,
    NotSent,
    Outgoing,
    Refused,
    Report,
    Unreadable,
)
from integrations.messaging.sendgrid_email import SENDGRID_EU, SendGridEmail
from tests.contracts.gateways.vendors import ADDRESS, AT, ATTEMPT, SENDGRID, VENDORS, WORDS, sendgrid_error
from tests.contracts.gateways.wire import Wire, answer

SENDGRIDS = VENDORS["sendgrid_email"]
HOOK = "https://medspa.example/webhooks/messaging/2/"
KEY = ec.generate_private_key(ec.SECP256R1())
PARSE_KEY = ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    told = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(told).decode()


KEYS = {"event_key": public(KEY), "parse_key": public(PARSE_KEY)}


def signed(body: bytes, content_type: str = "application/json", key: ec.EllipticCurvePrivateKey = KEY) -> Incoming:
    signature = base64.b64encode(key.sign(b"1762786800" + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "content-type": content_type,
        "x-twilio-email-event-webhook-signature": signature,
        "x-twilio-email-event-webhook-timestamp": "1762786800",
    }
    return Incoming(HOOK, headers, body)


# --- Sending


def posted(outgoing: Outgoing = SENDGRIDS.outgoing, **credentials: str) -> dict[str, Any]:
    with Wire(SENDGRIDS.script()) as wire:
        SENDGRIDS.made(wire.url, **credentials).send(outgoing, ATTEMPT)
        assert wire.got[0].headers["authorization"] == f"Bearer {SENDGRID['api_key']}"
        told: dict[str, Any] = json.loads(wire.got[0].body)
        return told


def test_it_posts_both_parts_with_our_headers_our_reference_and_no_tracking() -> None:
    assert posted(reply_address="reply@in.lakeview.example") == {
        "personalizations": [{"to": [{"email": ADDRESS}], "custom_args": {"medspa_attempt": ATTEMPT}}],
        "from": {"email": "hello@lakeview.example", "name": "Lakeview"},
        "reply_to": {"email": "reply@in.lakeview.example"},
        "subject": "Your next visit",
        "content": [{"type": "text/plain", "value": WORDS}, {"type": "text/html", "value": f"<p>{WORDS}</p>"}],
        "headers": dict(SENDGRIDS.outgoing.headers),
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


def test_what_is_not_there_is_not_posted() -> None:
    told = posted(Outgoing("email", ADDRESS, "Hi", subject="Hi"))

    assert told["content"] == [{"type": "text/plain", "value": "Hi"}]
    assert told["from"] == {"email": "hello@lakeview.example"}
    assert not {"headers", "reply_to"} & told.keys()


def test_the_name_of_an_accepted_email_is_sendgrids_or_else_our_reference() -> None:
    for said, name in ((answer(202, X_Message_Id="LRz"), "LRz"), (answer(202), f"attempt:{ATTEMPT}")):
        with Wire(SENDGRIDS.script(said)) as wire:
            assert SENDGRIDS.made(wire.url).send(SENDGRIDS.outgoing, ATTEMPT) == Accepted(name)


def test_a_subuser_in_the_eu_is_served_there_unless_a_stand_in_stands_for_all() -> None:
    assert SendGridEmail({**SENDGRID, "region": "eu"})._base() == SENDGRID_EU
    assert SendGridEmail({**SENDGRID, "region": "global"})._base() == SendGridEmail.url
    assert SendGridEmail({**SENDGRID, "region": "eu"}, url="http://127.0.0.1:1")._base() == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("status", "body", "code", "meaning"),
    [
        (400, sendgrid_error(400, "personalizations.0.to.0.email"), "400:to", Meaning.NO_SUCH),
        (400, sendgrid_error(400, "subject"), "400", Meaning.REFUSED),
        (400, "[]", "400", Meaning.REFUSED),
        (400, '{"errors": [7]}', "400", Meaning.REFUSED),
        (413, "<html><head><title>413 Request Entity Too Large</title></head></html>", "413", Meaning.REFUSED),
    ],
)
def test_a_refusal_means_what_the_table_says(status: int, body: str, code: str, meaning: Meaning) -> None:
    with Wire(SENDGRIDS.script(answer(status, body))) as wire, pytest.raises(Refused) as raised:
        SENDGRIDS.made(wire.url).send(SENDGRIDS.outgoing, ATTEMPT)
    assert (raised.value.code, raised.value.meaning) == (code, meaning)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, sendgrid_error(400, "from.email"), "400:from"),
        (400, sendgrid_error(400, "reply_to.email"), "400:reply_to"),
        (401, json.dumps({"errors": [{"message": "Maximum credits exceeded", "field": None}]}), "401:credits"),
        (403, sendgrid_error(403, "from"), "403"),
    ],
)
def test_what_stops_every_email_is_the_accounts_fault(status: int, body: str, code: str) -> None:
    with Wire(SENDGRIDS.script(answer(status, body))) as wire, pytest.raises(NotSent) as raised:
        SENDGRIDS.made(wire.url).send(SENDGRIDS.outgoing, ATTEMPT)
    assert (raised.value.code, raised.value.is_account) == (code, True)


def test_the_reset_of_the_limit_says_how_long_to_wait() -> None:
    said = answer(429, "{}", X_RateLimit_Reset="1762786830", Date="Mon, 10 Nov 2025 15:00:00 GMT")
    with Wire(SENDGRIDS.script(said)) as wire, pytest.raises(NotSent) as raised:
        SENDGRIDS.made(wire.url).send(SENDGRIDS.outgoing, ATTEMPT)
    assert raised.value.retry_after == 30.0


def test_the_test_button_asks_whether_the_key_may_send() -> None:
    for scopes, may in (["mail.send", "2fa_required"], True), (["stats.read"], False):
        with Wire(lambda _, scopes=scopes: answer(200, json.dumps({"scopes": scopes}))) as wire:  # type: ignore[misc]
            if may:
                SENDGRIDS.made(wire.url).check()
            else:
                with pytest.raises(NotSent, match="may not send") as raised:
                    SENDGRIDS.made(wire.url).check()
                assert raised.value.is_account
            assert [(got.method, got.target) for got in wire.got] == [("GET", "/vendor/v3/scopes")]


# --- Events

PUBLISHED_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6"
    "wEA3F+g=="
)
PUBLISHED_SIGNATURE = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
PUBLISHED_EVENT = {
    "email": "hello@world.com",
    "event": "dropped",
    "reason": "Bounced Address",
    "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
    "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
    "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",
    "timestamp": 1600112492,
}


def test_sendgrids_published_signature_is_recognized() -> None:
    body = json.dumps([PUBLISHED_EVENT], sort_keys=True, separators=(",", ":")).encode() + b"\r\n"
    headers = {
        "content-type": "application/json",
        "x-twilio-email-event-webhook-signature": PUBLISHED_SIGNATURE,
        "x-twilio-email-event-webhook-timestamp": "1600112502",
    }
    gateway = SendGridEmail({"event_key": PUBLISHED_KEY})

    gateway.verify(Incoming(HOOK, headers, body))
    assert gateway.read(Incoming(HOOK, headers, body), AT) == []  # of a message that is none of ours
    for wrong in (
        Incoming(HOOK, headers, body.rstrip()),
        Incoming(HOOK, {**headers, "x-twilio-email-event-webhook-timestamp": "1600112503"}, body),
    ):
        with pytest.raises(NotAuthentic):
            gateway.verify(wrong)


def test_the_raw_bytes_are_what_is_signed() -> None:
    strange = b'[{"event": "open", "useragent": "\xff\xfe"}]'

    SendGridEmail(KEYS).verify(signed(strange))
    assert SendGridEmail(KEYS).read(signed(strange), AT) == []
    with pytest.raises(NotAuthentic):
        SendGridEmail(KEYS).verify(Incoming(HOOK, signed(strange).headers, strange.replace(b"\xff", b"\xfd")))


@pytest.mark.parametrize("key", ["garbage", "", "AAAA" * 30, public(rsa.generate_private_key(65537, 2048))])
def test_a_key_that_is_none_lets_nothing_pass(key: str) -> None:
    with pytest.raises(NotAuthentic) as refused:
        SendGridEmail({"event_key": key}).verify(signed(b"[]"))
    assert not key or key not in str(refused.value)


def test_events_and_replies_each_have_their_own_key() -> None:
    SendGridEmail(KEYS).verify(signed(b"x", "multipart/form-data; boundary=x", PARSE_KEY))
    for content_type, key in (("multipart/form-data; boundary=x", KEY), ("application/json", PARSE_KEY)):
        with pytest.raises(NotAuthentic):
            SendGridEmail(KEYS).verify(signed(b"x", content_type, key))
    with pytest.raises(NotAuthentic):
        SendGridEmail({"event_key": KEYS["event_key"]}).verify(
            signed(b"x", "multipart/form-data; boundary=x", PARSE_KEY)
        )


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "event": name,
        "email": "Ann.Client@Example.com",
        "timestamp": 1762786800,
        "sg_event_id": f"id-{name}",
        "sg_message_id": "LRz.filter0-1",
        "medspa_attempt": ATTEMPT,
        **more,
    }


def read(*events: Any) -> list[Report | Inbound]:
    return SendGridEmail(KEYS).read(signed(json.dumps(events).encode()), AT)


def one(name: str, **more: Any) -> Report:
    [report] = read(event(name, **more))
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize(
    ("name", "fate"),
    [("processed", Fate.ACCEPTED), ("deferred", Fate.ACCEPTED), ("delivered", Fate.DELIVERED)],
)
def test_an_event_tells_what_became_of_the_email(name: str, fate: Fate) -> None:
    at = datetime(2025, 11, 10, 15, 0, tzinfo=UTC)
    assert one(name, reason="busy", response="250 OK") == Report(f"id-{name}", fate, ATTEMPT, "LRz", ADDRESS, at)


@pytest.mark.parametrize(
    ("name", "more", "meaning", "code"),
    [
        ("bounce", {"type": "bounce", "reason": "550 5.1.1"}, Meaning.NO_SUCH, "bounce"),
        ("bounce", {"type": "bounce", "bounce_classification": "Invalid Address"}, Meaning.NO_SUCH, "bounce"),
        ("bounce", {"type": "blocked", "bounce_classification": "Reputation"}, Meaning.LATER, "blocked"),
        ("bounce", {"type": "blocked", "bounce_classification": "Content"}, Meaning.FILTERED, "blocked:content"),
        ("dropped", {"reason": "Bounced Address"}, Meaning.NO_SUCH, "dropped:bounced address"),
        ("dropped", {"reason": "Invalid"}, Meaning.NO_SUCH, "dropped:invalid"),
        ("dropped", {"reason": "Spam Reporting Address"}, Meaning.COMPLAINT, "dropped:spam reporting address"),
        ("dropped", {"reason": "Unsubscribed Address"}, Meaning.OPTED_OUT, "dropped:unsubscribed address"),
        (
            "dropped",
            {"reason": "Spam Content (if Spam Checker app is enabled)"},
            Meaning.FILTERED,
            "dropped:spam content",
        ),
        (
            "dropped",
            {"reason": "Recipient List over Package Quota"},
            Meaning.ACCOUNT,
            "dropped:recipient list over quota",
        ),
        ("dropped", {"reason": "Something new"}, Meaning.REFUSED, "dropped"),
        ("dropped", {}, Meaning.REFUSED, "dropped"),
    ],
)
def test_an_email_that_did_not_arrive_says_why(name: str, more: dict[str, str], meaning: Meaning, code: str) -> None:
    report = one(name, **more)

    assert (report.fate, report.meaning, report.code) == (Fate.UNDELIVERED, meaning, code)
    assert report.reason.endswith(".")


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("spamreport", Meaning.COMPLAINT),
        ("unsubscribe", Meaning.OPTED_OUT),
        ("group_unsubscribe", Meaning.OPTED_OUT),
    ],
)
def test_what_a_person_says_of_our_emails_is_no_fate_of_one(name: str, meaning: Meaning) -> None:
    report = one(name)
    assert (report.fate, report.meaning, report.address, report.attempt_id) == (None, meaning, ADDRESS, ATTEMPT)


@pytest.mark.parametrize("foreign", [{"medspa_attempt": "not ours <>"}, {"medspa_attempt": 7}, {"medspa_attempt": ""}])
def test_of_what_another_program_sends_through_the_account_only_words_of_an_address_are_kept(foreign: Any) -> None:
    names = ("processed", "deferred", "delivered", "dropped", "bounce", "spamreport", "unsubscribe")
    kept = read(*(event(name, **foreign) for name in names))
    assert [each.event_key for each in kept] == ["id-spamreport", "id-unsubscribe"]
    assert read(event("spamreport", **foreign, email=None)) == []


def test_opens_clicks_and_what_is_new_to_us_say_nothing() -> None:
    assert read(event("open"), event("click"), event("group_resubscribe"), event("account_status_change")) == []
    assert read() == []


def test_one_bad_event_does_not_keep_back_the_others() -> None:
    bad: list[Any] = [7, None, {}, {"event": 7}, [], "delivered"]
    assert [report.event_key for report in read(*bad, event("delivered"), *bad)] == ["id-delivered"]
    with pytest.raises(Unreadable):
        read(*bad)


def test_fields_of_another_kind_than_documented_are_left_empty() -> None:
    report = one("delivered", email=None, timestamp="soon", sg_event_id=None, sg_message_id=7)
    assert (report.address, report.at, report.remote_id) == ("", None, "")
    assert len(report.event_key) == 64
    for timestamp in (True, 1e300, float("nan"), -1e20):
        assert one("delivered", timestamp=timestamp).at is None


def test_what_a_row_cannot_hold_is_left_out_of_events_and_emails() -> None:
    [report] = SendGridEmail(KEYS).read(
        signed(json.dumps([event("bounce", email="a\ud83d\x00@example.com", sg_message_id="L\udc00")]).encode()), AT
    )
    assert isinstance(report, Report)
    assert (report.address, report.remote_id) == ("a?@example.com", "L?")
    told = mail(
        text=b"Stop\x00 +2AA-", charsets='{"text": "utf-7"}', envelope='{"to": ["re\\u0000ply@in.example\\ud800"]}'
    )
    assert (told.text, told.to_address) == ("Stop ?", "reply@in.example?")


@pytest.mark.parametrize(
    "charset", ["x" * 10_000, "idna", "rot13", "undefined", "utf-16", "..", "a\\u0000b", "unicode_escape"]
)
def test_no_charset_loses_an_email(charset: str) -> None:
    assert mail(charsets=f'{{"text": "{charset}", "from": "{charset}"}}').event_key == "CAF-1@mail.example.com"


def test_an_email_that_is_nested_without_end_raises_nothing_else() -> None:
    deep = "(" * 20_000
    assert mail(**{"from": deep}).from_address == "bounce@example.com"
    assert mail(headers=f"Message-ID: {deep}\nContent-Type: multipart/mixed; boundary=a\n\n--a\n").event_key
    assert mail(html="<div>" * 50_000 + "Yes", text="").text == "Yes"
    assert mail(html="<blockquote>" * 10_000 + "</blockquote>" * 10_000 + "Yes", text="").text == "Yes"


def test_a_form_is_read_however_it_is_broken_off_or_pieced_together() -> None:
    whole = parsed(**{**MAIL, "text": "Stop"}).body
    gateway = SendGridEmail(KEYS)
    content_type = f"multipart/form-data; boundary={BOUNDARY}"

    def text_of(body: bytes) -> str:
        [message] = gateway.read(signed(body, content_type, PARSE_KEY), AT)
        assert isinstance(message, Inbound)
        return message.text

    assert text_of(b"preamble\r\n" + whole) == "Stop"
    assert text_of(whole.removesuffix(b"--\r\n")) == "Stop"
    assert text_of(whole.replace(b"\r\n", b"\n")) == "Stop"
    assert text_of(whole.replace(b"Stop", b"Stop --" + BOUNDARY.encode() + b" now")) == f"Stop --{BOUNDARY} now"
    assert text_of(whole * 60) == "Stop"  # what follows the end is no part
    for body in (b"", b"Stop", b"--" + BOUNDARY.encode() + b"--\r\n"):
        with pytest.raises(Unreadable):
            gateway.read(signed(body, content_type, PARSE_KEY), AT)


def test_a_field_in_base64_is_read_as_what_it_stands_for() -> None:
    body = parsed(**MAIL).body.replace(
        b'name="text"\r\n\r\n', b'name="text"\r\nContent-Transfer-Encoding: base64\r\n\r\nU3RvcA==\r\n#'
    )
    [message] = SendGridEmail(KEYS).read(signed(body, f"multipart/form-data; boundary={BOUNDARY}", PARSE_KEY), AT)
    assert isinstance(message, Inbound)
    assert message.text.startswith("Stop")


def test_what_a_client_attached_is_not_copied_to_read_the_words() -> None:
    """SendGrid takes emails of 30 MB (messaging.md 2.5), and several may arrive at once."""
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    large = parsed(**{**MAIL, "text": "Stop"}).body.removesuffix(b"--\r\n") + (
        b'\r\nContent-Disposition: form-data; name="attachment2"; filename="a.jpg"\r\n\r\n'
        + b"\xff\n-" * 7_000_000
        + end
    )
    incoming = signed(large, f"multipart/form-data; boundary={BOUNDARY}", PARSE_KEY)
    gateway = SendGridEmail(KEYS)
    tracemalloc.start()
    try:
        gateway.verify(incoming)
        [message] = gateway.read(incoming, AT)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(message, Inbound)
    assert message.text == "Stop"
    assert most < 5_000_000


def test_a_repeat_has_the_same_key_also_without_one_of_sendgrids() -> None:
    keys = [report.event_key for report in read(*[event("delivered", sg_event_id="")] * 2, event("processed"))]
    assert keys[0] == keys[1] != keys[2]


# --- Replies


BOUNDARY = "xYzZY"


def parsed(**fields: bytes | str) -> Incoming:
    parts = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value.encode() if isinstance(value, str) else value)
        + b"\r\n"
        for name, value in fields.items()
    )
    attached = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment1"; filename="text"\r\n'
        "Content-Type: text/plain\r\n\r\nSTOP\r\n"
    ).encode()
    body = parts + attached + f"--{BOUNDARY}--\r\n".encode()
    return signed(body, f"multipart/form-data; boundary={BOUNDARY}", PARSE_KEY)


MAIL: dict[str, bytes | str] = {
    "headers": "Message-ID: <CAF-1@mail.example.com>\nSubject: Re: Your next visit\n",
    "from": "Ann Client <Ann.Client@Example.com>",
    "to": "Lakeview <reply@in.lakeview.example>",
    "envelope": '{"to": ["reply@in.lakeview.example"], "from": "bounce@example.com"}',
    "subject": "Re: Your next visit",
    "charsets": '{"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8", "text": "iso-8859-1"}',
    "text": "Sí, el martes está bien.\r\n\r\nOn Tue, Lakeview <hi@x.example> wrote:\r\n> Reply STOP\r\n".encode(
        "latin-1"
    ),
}


def mail(**changed: bytes | str) -> Inbound:
    incoming = parsed(**{**MAIL, **changed})
    gateway = SendGridEmail(KEYS)
    gateway.verify(incoming)
    [message] = gateway.read(incoming, AT)
    assert isinstance(message, Inbound)
    return message


def test_a_clients_email_is_read_in_its_charset_without_what_it_quotes() -> None:
    assert mail() == Inbound(
        "CAF-1@mail.example.com",
        "email",
        ADDRESS,
        "reply@in.lakeview.example",
        "Sí, el martes está bien.",
        "CAF-1@mail.example.com",
    )


def test_the_new_words_alone_are_a_stop() -> None:
    assert mail(text="Stop\r\n\r\n> Hello, book here\r\n").text == "Stop"


def test_an_email_without_a_text_part_is_read_from_its_html() -> None:
    html = "<style>p{}</style><p>Yes &amp; thanks</p>See you<br>Ann<blockquote>Reply STOP to stop</blockquote>"
    assert mail(text="", html=html).text == "Yes & thanks\nSee you\nAnn"


@pytest.mark.parametrize("charsets", ["", "{", "[]", '{"text": "no-such-charset"}', '{"text": 7}', '{"text": "ascii"}'])
def test_a_charset_that_is_wrong_or_missing_loses_no_email(charsets: str) -> None:
    assert mail(charsets=charsets, text="Sí").text.startswith("S")


def test_without_an_envelope_or_a_name_the_addresses_are_found_all_the_same() -> None:
    told = mail(envelope="", **{"from": "ann.client@example.com"})
    assert (told.from_address, told.to_address) == (ADDRESS, "reply@in.lakeview.example")
    assert mail(**{"from": "nobody"}).from_address == "bounce@example.com"


def test_an_email_without_a_message_id_is_known_by_its_content() -> None:
    keys = [mail(headers="", text=text).event_key for text in ("one", "one", "two")]
    assert keys[0] == keys[1] != keys[2]
    assert len(mail(headers=f"Message-ID: <{'x' * 900}@example.com>\n").event_key) <= 200


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied", "Precedence: auto_reply", "X-Autoreply: yes"])
def test_what_a_machine_answered_says_nothing(head: str) -> None:
    incoming = parsed(**{**MAIL, "headers": f"{head}\n", "text": "I am away. STOP"})
    assert SendGridEmail(KEYS).read(incoming, AT) == []
    assert mail(headers="Auto-Submitted: no\n").text


@pytest.mark.parametrize(
    ("subject", "head", "text", "said"),
    [
        ("Unsubscribe", "", "", "Unsubscribe"),
        ("STOP", "", "Thanks\n", "STOP\n\nThanks"),
        ("Re: Your next visit", "", "Yes", "Yes"),
        ("RE : your next visit", "", "Yes", "Yes"),
        ("Your next visit", "In-Reply-To: <a@b.example>\n", "Yes", "Yes"),
        ("Your next visit", "References: <a@b.example>\n", "Yes", "Yes"),
    ],
)
def test_the_subject_of_an_email_that_answers_none_is_the_client_s_words_too(
    subject: str, head: str, text: str, said: str
) -> None:
    """OPT-1: whoever writes "Unsubscribe" above an empty email has said so."""
    assert mail(headers=f"Message-ID: <1@b.example>\n{head}", subject=subject, text=text).text == said


def test_an_email_without_a_sender_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="sender"):
        mail(envelope="", **{"from": ""})


def test_the_raw_mode_is_named_as_what_is_wrong() -> None:
    with pytest.raises(Unreadable, match="raw"):
        SendGridEmail(KEYS).read(parsed(email="From: ann@example.com\n\nHi"), AT)

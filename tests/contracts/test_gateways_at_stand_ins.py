"""Do gateways and stand-ins, written apart from the same pages of the vendors, understand each other?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from integrations.messaging.base import (
    Accepted,
    CannotSay,
    Fate,
    Gateway,
    Inbound,
    Incoming,
    Meaning,
    NeverArrived,
    NotAuthentic,
    NotSent,
    Outgoing,
    Refused,
    Report,
    Sought,
    Unknown,
)
from integrations.messaging.podium import Podium
from integrations.messaging.sendgrid_email import SendGridEmail
from integrations.messaging.stand_ins import StandIns
from integrations.messaging.stand_ins.podium_account import Webhook
from integrations.messaging.twilio_sms import TwilioSms
from practices import clock
from tests.builders.vendors import OURS, PHONE, Listener
from tests.contracts.gateways.vendors import ATTEMPT, WORDS

ANN = "ann.client@example.com"
EMAIL = Outgoing("email", ANN, WORDS, from_name="Lakeview", subject="Your next visit", html=f"<p>{WORDS}</p>")
TEXT = Outgoing("sms", PHONE, WORDS, from_name="Lakeview")


@dataclass
class Line:
    """A gateway connected to its stand-in, with somebody who listens to its callbacks."""

    gateway: Gateway
    outgoing: Outgoing
    stand_ins: StandIns
    listener: Listener

    def heard(self) -> list[Report | Inbound]:
        """All that was called back, verified and read."""
        assert self.stand_ins.settle()
        told = []
        for request in self.listener.heard:
            query = f"?{request.query}" if request.query else ""
            incoming = Incoming(self.listener.url + request.path + query, dict(request.headers), request.body)
            self.gateway.verify(incoming)
            told += self.gateway.read(incoming, clock.now())
        return told

    def sought(self) -> Sought:
        return Sought(ATTEMPT, self.outgoing.channel, self.outgoing.to, WORDS, "", clock.now())


Connect = Callable[[str], Line]


@pytest.fixture
def connect(stand_ins: StandIns, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Connect:
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})
    hook = f"{listener.url}/webhooks/messaging/1/"

    def line(key: str) -> Line:
        if key == "twilio_sms":
            account = stand_ins.twilio.account
            account.inbound_url = hook
            given = {"account_sid": account.sid, "auth_token": account.auth_token, "from_number": OURS}
            made: Gateway = TwilioSms(given, callback_url=hook, url=stand_ins.url_of("twilio"))
        elif key == "sendgrid_email":
            mails = stand_ins.sendgrid.account
            mails.event_url = mails.parse_url = hook
            stand_ins.sendgrid.flush_seconds = 0.05
            given = {
                "api_key": mails.api_key,
                "from_email": "hello@lakeview.example",
                "reply_address": "reply@in.lakeview.example",
                "event_key": mails.event_public_key,
                "parse_key": mails.parse_public_key,
            }
            made = SendGridEmail(given, callback_url=hook, url=stand_ins.url_of("sendgrid"))
        else:
            place = stand_ins.podium.account
            webhook = Webhook(hook, place.webhook_secret)
            place.webhooks[webhook.uid] = webhook
            given = {
                "client_id": place.client_id,
                "client_secret": place.client_secret,
                "refresh_token": place.refresh_token,
                "location_uid": min(place.locations),
                "webhook_secret": place.webhook_secret,
            }
            made = Podium(given, callback_url=hook, url=stand_ins.url_of("podium"))
        return Line(made, EMAIL if key == "sendgrid_email" else TEXT, stand_ins, listener)

    return line


each_key = pytest.mark.parametrize("key", ["twilio_sms", "sendgrid_email", "podium"])


@each_key
def test_the_credentials_of_the_stand_in_work_and_others_do_not(key: str, connect: Connect) -> None:
    line = connect(key)
    line.gateway.check()
    secret = {"twilio_sms": "auth_token", "sendgrid_email": "api_key", "podium": "client_secret"}[key]
    wrong = type(line.gateway)({**line.gateway.credentials, secret: "wrong"}, url=line.gateway.base_url)

    for deed in (wrong.check, lambda: wrong.send(line.outgoing, ATTEMPT)):
        with pytest.raises(NotSent) as raised:
            deed()
        assert raised.value.is_account


@each_key
def test_a_message_arrives_once_and_is_reported_under_its_reference(key: str, connect: Connect) -> None:
    line = connect(key)
    accepted = line.gateway.send(line.outgoing, ATTEMPT)
    reports = [told for told in line.heard() if isinstance(told, Report)]
    [kept] = line.stand_ins.records.all()

    assert (kept.address, kept.text) == (line.outgoing.to, WORDS)
    assert reports
    for report in reports:
        assert report.remote_id == accepted.remote_id
        assert report.attempt_id == ("" if key == "podium" else ATTEMPT)
        assert report.address == line.outgoing.to
    assert len({report.event_key for report in reports}) == len(reports)
    expected = Fate.DELIVERED if line.gateway.capabilities.reports_delivery else Fate.ACCEPTED
    assert expected in {report.fate for report in reports}


@each_key
def test_a_client_writes_back(key: str, connect: Connect) -> None:
    line = connect(key)
    line.gateway.send(line.outgoing, ATTEMPT)
    line.stand_ins.settle()
    line.listener.heard.clear()
    ours = {
        "twilio_sms": OURS,
        "sendgrid_email": "reply@in.lakeview.example",
        "podium": line.gateway.credentials.get("location_uid", ""),
    }[key]
    vendor = {"twilio_sms": line.stand_ins.twilio, "sendgrid_email": line.stand_ins.sendgrid}.get(key)
    (vendor or line.stand_ins.podium).write_back(line.outgoing.to, ours, "Sí, Tuesday works 😀")
    [message] = [told for told in line.heard() if isinstance(told, Inbound)]

    assert (message.channel, message.from_address, message.to_address, message.text) == (
        line.outgoing.channel,
        line.outgoing.to,
        ours,
        "Sí, Tuesday works 😀",
    )


@each_key
def test_a_callback_that_was_changed_on_its_way_does_not_pass(key: str, connect: Connect) -> None:
    line = connect(key)
    line.gateway.send(line.outgoing, ATTEMPT)
    assert line.heard()
    for request in line.listener.heard:
        url = line.listener.url + request.path + (f"?{request.query}" if request.query else "")
        for changed in (request.body + b" ", request.body[:-1], b""):
            with pytest.raises(NotAuthentic):
                line.gateway.verify(Incoming(url, dict(request.headers), changed))


@pytest.mark.parametrize("kind", ["error_after", "cut_after", "cut_midway", "garbage"])
def test_twilio_tells_afterwards_that_a_doubtful_text_was_accepted(kind: str, connect: Connect) -> None:
    line = connect("twilio_sms")
    line.stand_ins.twilio.faults.add(kind)
    with pytest.raises(Unknown):
        line.gateway.send(line.outgoing, ATTEMPT)
    [kept] = line.stand_ins.records.all()

    assert line.gateway.find(line.sought()) == Accepted(kept.remote_id)


@pytest.mark.parametrize("kind", ["error_before", "cut_before"])
def test_twilio_tells_afterwards_that_a_doubtful_text_never_arrived(kind: str, connect: Connect) -> None:
    line = connect("twilio_sms")
    line.stand_ins.twilio.faults.add(kind)
    with pytest.raises(Unknown):
        line.gateway.send(line.outgoing, ATTEMPT)

    assert line.stand_ins.records.all() == []
    assert line.gateway.find(line.sought()) == NeverArrived()


@each_key
def test_a_slow_vendor_is_not_waited_for(key: str, connect: Connect) -> None:
    line = connect(key)
    line.gateway.check()
    {"twilio_sms": line.stand_ins.twilio, "sendgrid_email": line.stand_ins.sendgrid}.get(
        key, line.stand_ins.podium
    ).faults.add("slow", seconds=5)
    line.gateway.seconds = 0.4  # type: ignore[attr-defined]
    with pytest.raises(Unknown, match="in time"):
        line.gateway.send(line.outgoing, ATTEMPT)
    assert len(line.stand_ins.records.all()) == 1


@each_key
def test_too_many_at_once_are_told_to_wait(key: str, connect: Connect) -> None:
    line = connect(key)
    vendor = {"twilio_sms": line.stand_ins.twilio, "sendgrid_email": line.stand_ins.sendgrid}.get(
        key, line.stand_ins.podium
    )
    vendor.faults.add("rate_limited", retry_after=4)
    with pytest.raises(NotSent) as raised:
        line.gateway.send(line.outgoing, ATTEMPT)

    assert raised.value.retry_after == 4.0
    assert not raised.value.is_account
    assert isinstance(line.gateway.send(line.outgoing, ATTEMPT), Accepted)
    assert len(line.stand_ins.records.all()) == 1


def test_who_told_twilio_to_stop_is_known_by_the_next_text(connect: Connect) -> None:
    line = connect("twilio_sms")
    line.gateway.send(line.outgoing, ATTEMPT)
    line.stand_ins.twilio.write_back(PHONE, OURS, "Stop")
    [message] = [told for told in line.heard() if isinstance(told, Inbound)]

    assert message.is_answered_by_vendor
    with pytest.raises(Refused) as raised:
        line.gateway.send(line.outgoing, ATTEMPT)
    assert raised.value.meaning is Meaning.OPTED_OUT


def test_a_landline_is_known_by_its_report(connect: Connect) -> None:
    line = connect("twilio_sms")
    line.stand_ins.twilio.doom(PHONE, 30006)
    line.gateway.send(line.outgoing, ATTEMPT)
    last = [told for told in line.heard() if isinstance(told, Report)][-1]

    assert (last.fate, last.meaning, last.code) == (Fate.UNDELIVERED, Meaning.NOT_MOBILE, "30006")


@pytest.mark.parametrize(
    ("mailbox", "fate", "meaning"),
    [
        ("bounce", Fate.UNDELIVERED, Meaning.NO_SUCH),
        ("blocked", Fate.UNDELIVERED, None),
        ("spam", None, Meaning.COMPLAINT),
        ("unsubscribe", None, Meaning.OPTED_OUT),
    ],
)
def test_a_mailbox_shows_what_it_is_by_its_events(
    mailbox: str, fate: Fate | None, meaning: Meaning | None, connect: Connect
) -> None:
    line = connect("sendgrid_email")
    line.gateway.send(Outgoing("email", f"{mailbox}@example.com", "Hi", subject="Hi"), ATTEMPT)
    told = [(each.fate, each.meaning) for each in line.heard() if isinstance(each, Report)]

    if meaning is None:
        assert [each for of, each in told if of is fate] in ([Meaning.LATER], [Meaning.FILTERED])
    else:
        assert (fate, meaning) in told


def test_sendgrid_and_podium_never_say_what_became_of_an_attempt(connect: Connect) -> None:
    for key in ("sendgrid_email", "podium"):
        assert connect(key).gateway.find(Sought("a", "email", ANN, "Hi", "", clock.now() - timedelta(1))) == CannotSay()


def test_podiums_revoked_token_is_fetched_again(connect: Connect) -> None:
    line = connect("podium")
    line.gateway.send(line.outgoing, ATTEMPT)
    line.stand_ins.podium.revoke_tokens()
    line.gateway.send(line.outgoing, ATTEMPT)

    assert len(line.stand_ins.records.all()) == 2

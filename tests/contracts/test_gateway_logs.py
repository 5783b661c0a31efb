"""Does the log keep quiet about numbers, texts and keys, however much it is asked to say? (DESIGN.md 6)"""

import logging
from collections.abc import Iterator

import pytest

from integrations.messaging.base import GatewayError
from medspa import logs
from tests.contracts.gateways.vendors import ATTEMPT, VENDORS, Vendor
from tests.contracts.gateways.wire import Do, Wire, answer, free_url

each_vendor = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())


@pytest.fixture(autouse=True)
def _without_kept_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.messaging.podium_http._tokens", {})


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged where LOG_LEVEL is DEBUG."""
    loggers = logs.settings("DEBUG", is_json=True)["loggers"]
    before = {name: logging.getLogger(name).level for name in loggers}
    for name, told in loggers.items():
        logging.getLogger(name).setLevel(told["level"])
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def personal(vendor: Vendor, text: str) -> list[str]:
    told = (
        vendor.outgoing.to,
        vendor.outgoing.to.lstrip("+"),
        vendor.outgoing.text,
        "lakeview.example",
        *vendor.secrets,
    )
    return [each for each in told if each in text]


def use(vendor: Vendor, url: str) -> None:
    gateway = vendor.made(url)
    gateway.seconds = 0.4  # type: ignore[attr-defined]
    for deed in (
        lambda: gateway.send(vendor.outgoing, ATTEMPT),
        lambda: gateway.find(vendor.sought),
        gateway.check,
    ):
        try:
            deed()
        except GatewayError as error:
            assert not personal(vendor, f"{error} {error!r}")  # noqa: PT017 - an error is not demanded


@each_vendor
@pytest.mark.parametrize(
    "said",
    [None, answer(400, "no"), answer(401, "no"), answer(500), answer(200, "<html>"), Do.HANG_UP, Do.SAY_NOTHING],
    ids=["accepted", "refused", "unauthorized", "broken", "garbage", "cut", "silent"],
)
def test_at_debug_neither_a_number_nor_a_text_nor_a_key_is_logged(
    vendor: Vendor, said: bytes | Do | None, everything: pytest.LogCaptureFixture
) -> None:
    with Wire(vendor.script(said)) as wire:
        use(vendor, wire.url)
    use(vendor, free_url())

    assert not personal(vendor, everything.text)


@pytest.mark.parametrize(("key", "talkative"), [("twilio_sms", "twilio"), ("sendgrid_email", "python_http_client")])
def test_without_that_the_libraries_would_have_told_it(
    key: str, talkative: str, everything: pytest.LogCaptureFixture
) -> None:
    vendor = VENDORS[key]
    logging.getLogger(talkative).setLevel(logging.DEBUG)
    with Wire(vendor.script()) as wire:
        use(vendor, wire.url)

    assert personal(vendor, everything.text)


def test_the_libraries_are_quiet_whatever_the_level() -> None:
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        loggers = logs.settings(level, is_json=True)["loggers"]
        for name in ("twilio", "python_http_client", "urllib3", "httpx", "httpcore"):
            assert logging.getLevelNamesMapping()[loggers[name]["level"]] >= logging.WARNING

"""What do tests of carriers' accounts and callbacks stand on?"""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.events import AccountMended, account_mended
from integrations.messaging.stand_ins import StandIns
from integrations.queries.callback_routes import forget_callback_routes
from integrations.webhooks import gateways
from practices.models import Practice
from tests.builders import practices
from tests.builders.callbacks import OPERATORS


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[None]]:
    """The hints that callbacks give to workers: none goes to the broker, a test applies what waits by itself."""
    given: list[None] = []
    monkeypatch.setattr(gateways, "nudge", lambda: given.append(None))
    forget_callback_routes()
    yield given
    forget_callback_routes()


@pytest.fixture
def operator(settings: Any) -> None:
    """The operator has an account at Twilio, with a number that practices share."""
    settings.OPERATOR_GATEWAYS = OPERATORS


@pytest.fixture
def stand_ins(settings: Any) -> Iterator[StandIns]:
    """The vendors' stand-ins, to which accounts of Twilio and SendGrid send."""
    with StandIns() as started:
        settings.GATEWAY_URLS = {"twilio_sms": started.url_of("twilio"), "sendgrid_email": started.url_of("sendgrid")}
        yield started


@pytest.fixture
def lakeview() -> Practice:
    """Lakeview, without anything in it."""
    return practices.lakeview()


@pytest.fixture
def mended() -> Iterator[list[AccountMended]]:
    """The accounts of which it was said meanwhile that they are mended."""
    heard: list[AccountMended] = []

    def hear(event: AccountMended, **_: object) -> None:
        heard.append(event)

    account_mended.connect(hear)
    yield heard
    account_mended.disconnect(hear)

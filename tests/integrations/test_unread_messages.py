"""Does what a client wrote hold texts from the moment the carrier was told 200? (R32, OPT-1)"""

from datetime import timedelta

import pytest

from clients.models import Client
from integrations.models import GatewayEvent
from integrations.operations.applying_callbacks import apply_callbacks
from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.operations.claiming import claim_batch
from tests.builders.callbacks import Line, operators_line
from tests.builders.due import DUE, live_practice, waits

DANA, OLIVIA = "+13125550142", "+12195550188"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints", "operator")]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> tuple[Practice, Line]:
    monkeypatch.setattr(clock, "now", lambda: DUE)
    practice = live_practice()
    return practice, operators_line(practice)


def claimed(practice: Practice) -> set[str]:
    """To whom an attempt was committed."""
    return {each.outgoing.to for each in claim_batch(practice.pk, DUE, 10).attempts}


@pytest.mark.parametrize("state", ["received", "retrying"])
def test_what_was_not_read_yet_holds_whoever_has_that_phone(told: tuple[Practice, Line], state: str) -> None:
    practice, line = told
    assert line.text("STOP", sender="(312) 555-0142").status_code == 200
    with practice_scope(practice.pk):
        GatewayEvent.objects.update(state=state)
    assert claimed(practice) == {OLIVIA}
    assert {(state, reason) for state, reason, _ in waits(practice)} == {("claimed", ""), ("waiting", "REPLY_UNCLEAR")}


def test_once_read_it_holds_nothing_and_wakes_all_that_waited(told: tuple[Practice, Line]) -> None:
    practice, line = told
    with practice_scope(practice.pk):
        Client.objects.update(phone=DANA)  # a household
    line.text("See you!", sender=DANA)
    assert claimed(practice) == set()
    later = DUE + timedelta(seconds=3)
    assert apply_callbacks(later) == 1
    assert waits(practice) == {("waiting", "REPLY_UNCLEAR", later)}
    claim_batch(practice.pk, later, 10)
    assert {reason for _, reason, _ in waits(practice)} == {"", "REPLY_UNANSWERED"}  # hers is held by her reply (R27)


def test_a_report_and_somebody_elses_message_hold_nothing(told: tuple[Practice, Line]) -> None:
    practice, line = told
    line.text("STOP", sender="+14155550100")
    line.status("delivered", To=DANA)
    assert claimed(practice) == {DANA, OLIVIA}

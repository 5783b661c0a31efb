"""Does what waits for its gateway go on waiting while the client's plan is made anew? (CHN-3, R26)"""

from datetime import datetime, timedelta

import pytest

from clients.models import Client
from integrations.messaging.base import GatewayError, Meaning, NotSent, Refused
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.models import Reminder
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.planning import replan
from tests.builders.due import DUE, TREATED, live_practice, still, tries, waits
from tests.builders.vendor import Book, connect, open_book

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(seconds=10)
DANA, CORRECTED = "+13125550142", "+13125550177"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


@pytest.mark.parametrize(
    "said",
    [Refused("The phone is off.", code="30003", meaning=Meaning.LATER), NotSent("Nobody answers.", code="timeout")],
    ids=["later", "down"],
)
def test_a_changed_record_is_not_one_more_try(book: Book, said: GatewayError) -> None:
    practice = live_practice()
    connect(practice, TREATED)
    book.before += [said] * 20
    _try(practice, DUE)
    _plan_anew(practice, DUE + A_MOMENT)
    _try(practice, DUE + A_MOMENT)
    planned, tried = waits(practice), tries(practice)
    assert {state for state, _, _ in planned} == {"waiting"}
    for number in range(2, 8):
        at = DUE + number * A_MOMENT
        _plan_anew(practice, at)
        assert waits(practice) == planned, "the gateway, not the record, says when"
        _try(practice, at)
    assert tries(practice) == tried


def _try(practice: Practice, at: datetime) -> None:
    deliver(claim_batch(practice.pk, at, 10), still(at))


def _plan_anew(practice: Practice, at: datetime) -> None:
    with practice_scope(practice.pk):
        ids = list(Reminder.objects.order_by("client_id").values_list("client_id", flat=True).distinct())
    replan(practice.pk, ids, at)


def test_a_corrected_number_is_tried_at_once(book: Book) -> None:
    practice = live_practice()
    connect(practice, TREATED)
    book.by_address[DANA] = Refused("The phone is off.", code="30003", meaning=Meaning.LATER)
    _try(practice, DUE)
    with practice_scope(practice.pk):
        assert Client.objects.filter(phone=DANA).update(phone=CORRECTED) == 1
    _plan_anew(practice, DUE + A_MOMENT)
    _try(practice, DUE + A_MOMENT)
    assert book.addresses()[CORRECTED] == 1
    assert {state for state, _, _ in waits(practice)} == {"sent"}

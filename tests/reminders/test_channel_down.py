"""Does nothing leave while a carrier refuses the account, and all of it once it works again? (R26, CHN-2)"""

from datetime import timedelta

import pytest

from integrations.messaging.base import NotSent
from integrations.models import GatewayAccount
from integrations.operations.account_health import note_success
from integrations.operations.accounts import disconnect_account
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Reminder
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, TREATED, live_practice, still, tries, waits
from tests.builders.vendor import Book, connect, open_book

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


def test_a_refused_account_holds_everything_until_it_works_again(book: Book) -> None:
    practice = live_practice()
    account = connect(practice, TREATED)
    refusal = NotSent("The token is wrong.", code="20003", is_account=True)
    book.before += [refusal] * 10
    sweep(still(DUE))
    assert book.taken == []
    with practice_scope(practice.pk):
        row = GatewayAccount.objects.get()
    assert (row.failing_since, row.trouble, row.trouble_code) == (DUE, "The token is wrong.", "20003")
    assert {(state, reason) for state, reason, _ in waits(practice)} == {("waiting", "CHANNEL_DOWN")}
    tried = sum(tries(practice).values())
    book.before.clear()
    sweep(still(DUE + 2 * HOUR))
    assert book.taken == [], "nothing is even tried while the account is refused"
    assert sum(tries(practice).values()) == tried
    mended_at = DUE + 2 * HOUR + timedelta(minutes=5)
    assert note_success(practice.pk, account, mended_at)
    assert {due_at for _, _, due_at in waits(practice)} == {mended_at}, "decided again at once, not in an hour"
    sweep(still(mended_at))
    assert sorted(book.addresses().values()) == [1, 1]
    assert {state for state, _, _ in waits(practice)} == {"sent"}


def test_a_carrier_that_nobody_connected_holds_its_channel_alone(book: Book) -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        Practice.objects.update(sms_gateway="vendor")
    sweep(still(DUE))
    assert book.taken == []
    with practice_scope(practice.pk):
        channels = set(
            Reminder.objects.filter(step="first", state="sent").values_list("message__deliveries__channel", flat=True)
        )
    assert channels <= {"email"}, "texts wait, or their messages leave as emails"
    connect(practice, DUE, channels="sms")
    sweep(still(DUE + timedelta(minutes=1)))
    assert {state for state, _, _ in waits(practice)} == {"sent"}


def test_a_paused_practice_that_disconnected_waits_for_another(book: Book) -> None:
    practice = live_practice()
    connect(practice, TREATED)
    with practice_scope(practice.pk):
        Practice.objects.update(status="paused")
    disconnect_account(practice.pk, "vendor", Actor(), TREATED)
    with practice_scope(practice.pk):
        Practice.objects.update(status="live")
    sweep(still(DUE))
    assert {(state, reason) for state, reason, _ in waits(practice)} == {("waiting", "CHANNEL_DOWN")}
    connect(practice, DUE)
    sweep(still(DUE + timedelta(minutes=1)))
    assert sorted(book.addresses().values()) == [1, 1]

"""A booking arrives by webhook: do the reminders stop, and does its confirmation start?"""

from datetime import datetime, timedelta

import pytest

from clients.models import Client
from integrations.tasks import apply_events
from practices import clock
from practices.tenancy import practice_scope
from reminders.engine.words import OPEN_STATES, Reason, ReminderState, SequenceKind, SequenceState
from reminders.models import Reminder, Sequence
from tests.builders.integrations import Sender, booked, event, sender, silence, treated
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Sender:
    silence(monkeypatch)
    return sender(lakeview())


def at(days: int) -> str:
    """A moment so many days from today, at noon in Chicago's winter."""
    day: datetime = clock.now() + timedelta(days=days)
    return f"{day.date()}T12:00:00-06:00"


def tell(records: Sender, *events: dict[str, object]) -> None:
    for said in events:
        assert records.post(said).status_code == 202
    apply_events()


def test_a_booking_cancels_what_was_planned_and_starts_its_confirmation(records: Sender) -> None:
    tell(records, treated(performed_at=at(-30), occurred_at=at(-30)))
    with practice_scope(records.practice_id):
        refill = Sequence.objects.get(kind=SequenceKind.REFILL)
        assert refill.state == SequenceState.OPEN
        assert Reminder.objects.filter(sequence=refill, state__in=OPEN_STATES).count() == 3

    tell(records, booked(starts_at=at(60), occurred_at=at(-1), booked_at=at(-1)))
    with practice_scope(records.practice_id):
        refill.refresh_from_db()
        assert refill.state == SequenceState.BOOKED
        left = list(Reminder.objects.filter(sequence=refill))
        assert {(row.state, row.reason) for row in left} == {(ReminderState.CANCELLED, Reason.BOOKED)}
        confirmation = Sequence.objects.get(kind=SequenceKind.CONFIRMATION)
        assert Reminder.objects.filter(sequence=confirmation, state__in=OPEN_STATES).exists()


def test_a_stop_by_webhook_ends_every_sequence_of_the_person(records: Sender) -> None:
    tell(records, treated(performed_at=at(-30), occurred_at=at(-30)))
    tell(records, event("client.opted_out", at(-1), opt_out={"channel": "sms", "wording": "STOP"}))
    with practice_scope(records.practice_id):
        refill = Sequence.objects.get(kind=SequenceKind.REFILL)
        assert (refill.state, refill.reason) == (SequenceState.ENDED, Reason.OPTED_OUT)
        assert not Reminder.objects.filter(sequence=refill, state__in=OPEN_STATES).exists()
        assert Client.objects.count() == 1


def test_a_void_by_webhook_withdraws_the_plan(records: Sender) -> None:
    tell(records, treated(performed_at=at(-30), occurred_at=at(-30)))
    tell(records, event("treatment.voided", at(-1), treatment={"id": "T-1"}))
    with practice_scope(records.practice_id):
        refill = Sequence.objects.get(kind=SequenceKind.REFILL)
        assert (refill.state, refill.reason) == (SequenceState.ENDED, Reason.VOIDED)

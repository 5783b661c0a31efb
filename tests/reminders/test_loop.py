"""Does a treatment become a plan, a due reminder a message, and a stop silence? Against the real database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from uuid6 import uuid7

from cadences.models import TreatmentType
from clients.models import Client, ConsentAttestation, Treatment
from practices.models import Practice
from practices.operations.creation import create_practice
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder, Sequence
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.planning import replan
from reminders.operations.texts import approve_shipped

TREATED = datetime(2026, 8, 31, 16, tzinfo=UTC)
DUE = datetime(2026, 11, 9, 16, 0, 1, tzinfo=UTC)


def _client(practice_id: UUID, now: datetime) -> Client:
    client = Client.objects.create(
        id=uuid7(),
        practice_id=practice_id,
        first_name="Siobhán",
        last_name="O'Connell",
        phone="+13125550186",
        email="siobhan@example.com",
        state="IL",
        address_zones=["America/Chicago"],
        phone_zones=["America/Chicago"],
        phone_state="IL",
        created_at=now,
        updated_at=now,
    )
    Treatment.objects.create(
        practice_id=practice_id,
        client=client,
        treatment_type=TreatmentType.objects.get(practice_id=practice_id, slug="botox"),
        performed_on=date(2026, 8, 31),
        recorded_at=now,
    )
    return client


@pytest.fixture
def lakeview(db: None) -> Practice:
    practice = create_practice("lakeview", "Lakeview Aesthetics", "America/Chicago", TREATED)
    with practice_scope(practice.pk):
        approve_shipped(practice.pk, None, TREATED)
        ConsentAttestation.objects.create(
            practice_id=practice.pk, scope="sms", wording="I agree", attested_by="Alice", attested_at=TREATED
        )
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.LIVE, live_at=TREATED - timedelta(days=1))
    return practice


def test_a_due_reminder_reaches_the_outbox_once(lakeview: Practice) -> None:
    with practice_scope(lakeview.pk):
        client = _client(lakeview.pk, TREATED)
    replan(lakeview.pk, [client.pk], TREATED)
    replan(lakeview.pk, [client.pk], TREATED)
    batch = claim_batch(lakeview.pk, DUE, 100)
    deliver(batch, lambda: DUE)
    assert claim_batch(lakeview.pk, DUE, 100).attempts == []
    with practice_scope(lakeview.pk):
        delivery = Delivery.objects.get()
        states = list(Reminder.objects.order_by("position").values_list("step", "state"))
        assert Sequence.objects.get().state == "open"
    assert states == [("first", "sent"), ("second", "planned"), ("last", "planned")]
    assert delivery.state == "accepted"
    assert "Siobh" in delivery.text
    assert delivery.to_address == "+13125550186"


def test_the_preview_of_a_client_is_what_then_leaves(lakeview: Practice) -> None:
    from reminders.operations.previewing import preview_texts
    from reminders.operations.sweeping import sweep

    with practice_scope(lakeview.pk):
        client = _client(lakeview.pk, TREATED)
        lips = TreatmentType.objects.get(practice_id=lakeview.pk, slug="lip_filler")
        # Month 5 of lip filler falls four days after week 10 of Botox: they leave as one (R22).
        Treatment.objects.create(
            practice_id=lakeview.pk,
            client=client,
            treatment_type=lips,
            performed_on=date(2026, 6, 13),
            recorded_at=TREATED - timedelta(days=60),
        )
    replan(lakeview.pk, [client.pk], TREATED)
    with practice_scope(lakeview.pk):
        previews = preview_texts(lakeview.pk, client.pk, TREATED)
        due = set(Reminder.objects.filter(step="first").values_list("pk", flat=True))
    assert len(due) == 2
    assert {previews[pk][0].is_joined for pk in due} == {True}
    moment = DUE
    for _ in range(12):
        sweep(lambda at=moment: at)  # type: ignore[misc]
        moment += timedelta(days=7)
    with practice_scope(lakeview.pk):
        sent = {
            reminder.pk: Delivery.objects.get(message=reminder.message_id).text
            for reminder in Reminder.objects.filter(sequence__kind="refill", state="sent")
        }
    assert len(sent) >= 5
    assert {pk: previews[pk][0].text for pk in sent} == sent

"""Do holds, stops and corrections work as people outside meet them? (R4, R13, R17, R20, R26, R28, R29)"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.models import Treatment
from integrations.models import Connection
from reminders.models import Call
from tests.builders.outside import Outside, command
from tests.journeys.test_refill_loop import DAY_70, NORA, TREATED, book, treat

pytestmark = pytest.mark.django_db


@pytest.fixture
def lakeview(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Live for two days; nobody was treated yet."""
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)  # the worker is called by hand here
    practice = Outside(TREATED - timedelta(days=2))
    with practice.then():
        command("go_live", "lakeview")
    practice.then(at=TREATED)
    return practice


def someone(remote_id: str, **said: Any) -> dict[str, Any]:
    """A person of her own name: the same name and phone would be the same person (REC-2)."""
    return {**NORA, "id": remote_id, "first_name": f"Client {remote_id}", "phone": None, "email": None, **said}


def botox(practice: Outside, client: dict[str, Any], line: str, **more: Any) -> None:
    treatment = {"id": line, "service": "Botox", "performed_at": practice.now.isoformat(), **more}
    practice.post("treatment.completed", client=client, treatment=treatment, location={"name": "Main"})


def channels(practice: Outside, at: datetime) -> list[tuple[str, str]]:
    return sorted((each.channel, each.to_address) for each in practice.sweep(at=at))


def test_fresh_records_let_go_at_once_what_stale_ones_held(lakeview: Outside) -> None:
    treat(lakeview)
    lakeview.is_connected = False
    assert lakeview.sweep(at=DAY_70) == []
    assert lakeview.reminders("refill")[0] == ("first", "waiting", "RECORDS_STALE")
    lakeview.is_connected = True  # the sweep is told something first, of somebody else
    assert len(lakeview.sweep(minutes=5)) == 1
    assert [each.last_event_at for each in lakeview._rows(Connection.objects.all())] == [lakeview.now]


def test_an_unhappy_client_is_on_the_call_list_until_a_person_settled_it(lakeview: Outside) -> None:
    treat(lakeview)
    lakeview.post("survey.submitted", client={"id": "N-1"}, survey={"id": "s1", "score": 2, "text": "uneven"})
    lakeview.post("note.added", client={"id": "N-1"}, note={"id": "n1", "text": "Complaint: left brow droop"})
    calls = lakeview._rows(Call.objects.filter(closed_at=None))
    assert [call.reason for call in calls] == ["SERVICE_ISSUE", "SERVICE_ISSUE"]
    assert lakeview.sequences("refill") == [("paused", "")]
    book(lakeview)  # confirmation goes on
    assert [each.message.touchpoint for each in lakeview.sweep(minutes=1)] == ["booked"]


def test_a_void_ends_what_was_planned_and_leaves_what_was_sent(lakeview: Outside) -> None:
    treat(lakeview)
    assert len(lakeview.sweep(at=DAY_70)) == 1
    lakeview.then(minutes=60)
    lakeview.post(
        "treatment.completed",
        client={"id": "N-1"},
        treatment={"id": "T-N-1", "service": "Botox", "performed_at": "2026-09-16T15:30:00-05:00"},
    )
    assert [step[:2] for step in lakeview.reminders("refill")] == [
        ("first", "sent"), ("second", "planned"), ("last", "planned"),
    ]  # fmt: skip
    assert lakeview.sweep(at=DAY_70 + timedelta(days=7)) == []
    assert len(lakeview.sweep(at=DAY_70 + timedelta(days=9))) == 1  # week 11 of the corrected day
    lakeview.post("treatment.voided", client={"id": "N-1"}, treatment={"id": "T-N-1"})
    assert lakeview.sequences("refill") == [("ended", "VOIDED")]
    told = lakeview.summary()
    assert told["treatments"] == {}
    assert told["ledger"]["sent"] == 2


def test_a_stop_by_text_ends_its_texts_and_one_by_email_leaves_the_confirmation(lakeview: Outside) -> None:
    for remote_id, phone in (("a", "312-555-0121"), ("b", "312-555-0122")):
        person = someone(remote_id, phone=phone, email=f"{remote_id}@example.com", preferred_channel="both")
        booked = {"services": ["Botox"], "starts_at": "2026-12-01T14:00:00-06:00"}
        lakeview.post("appointment.booked", client=person, appointment={"id": f"A-{remote_id}", **booked})
    assert len(lakeview.sweep(minutes=1)) == 4
    lakeview.post("client.opted_out", client={"id": "a"}, opt_out={"channel": "sms", "wording": "STOP"})
    lakeview.post("client.opted_out", client={"id": "b"}, opt_out={"channel": "email", "wording": "unsubscribe"})
    assert channels(lakeview, datetime(2026, 11, 29, 20, 0, 5, tzinfo=UTC)) == [
        ("email", "a@example.com"), ("email", "b@example.com"), ("sms", "+13125550122"),
    ]  # fmt: skip


def test_a_stop_reaches_every_record_that_shares_a_phone_or_an_email_and_new_consent_revives_none(
    lakeview: Outside,
) -> None:
    botox(lakeview, someone("a", phone="312-555-0101", email="a@example.com"), "T-a")
    botox(lakeview, someone("b", phone="(312) 555 0101", email="B@Example.com"), "T-b")
    botox(lakeview, someone("c", email="b@example.com"), "T-c")
    lakeview.post("client.opted_out", client={"id": "a"}, opt_out={"channel": "both", "wording": "leave me be"})
    botox(lakeview, someone("d", phone="3125550101"), "T-d")
    assert lakeview.sequences("refill") == [("ended", "OPTED_OUT")] * 4
    lakeview.then(minutes=60)
    again = {"sms": {"granted": True, "at": lakeview.now.isoformat(), "source": "form", "wording": "yes, again"}}
    lakeview.post("client.updated", client={"id": "a", "consents": again})
    assert lakeview.sequences("refill") == [("ended", "OPTED_OUT")] * 4
    lakeview.then(minutes=60 * 24 * 30)
    botox(lakeview, {"id": "a"}, "T-a2")
    assert lakeview.sequences("refill") == [*[("ended", "OPTED_OUT")] * 4, ("open", "")]


def test_a_late_sweep_sends_within_five_days_and_keeps_the_gap(lakeview: Outside) -> None:
    treat(lakeview)
    [first] = lakeview.sweep(at=DAY_70 + timedelta(days=4, hours=2))
    assert first.message.touchpoint == "first"
    assert lakeview.sweep(at=DAY_70 + timedelta(days=7)) == []  # week 11, but three days after it
    [second] = lakeview.sweep(at=DAY_70 + timedelta(days=9, hours=2, minutes=1))
    assert second.message.touchpoint == "second"


def test_what_came_six_days_late_is_not_sent_and_the_next_uses_the_first_text(lakeview: Outside) -> None:
    treat(lakeview)
    assert lakeview.sweep(at=DAY_70 + timedelta(days=6)) == []
    assert lakeview.reminders("refill")[0] == ("first", "expired", "TOO_LATE")
    [sent] = lakeview.sweep(at=DAY_70 + timedelta(days=7))
    assert sent.message.touchpoint == "first"
    assert lakeview.summary()["ledger"]["suppressed"] == {"TOO_LATE": 1}


def test_a_booking_at_night_is_confirmed_at_once_only_while_it_is_fresh(lakeview: Outside) -> None:
    lakeview.then(at=datetime(2026, 9, 15, 4, 30, tzinfo=UTC))  # half past eleven at night
    treat(lakeview)
    book(lakeview, id="fresh")
    assert len(lakeview.sweep(minutes=1)) == 1
    book(
        lakeview,
        id="older",
        starts_at="2026-12-02T14:00:00-06:00",
        booked_at=(lakeview.now - timedelta(minutes=40)).isoformat(),
    )
    assert lakeview.sweep(minutes=1) == []
    assert len(lakeview.sweep(at=datetime(2026, 9, 15, 13, 0, 5, tzinfo=UTC))) == 1
    book(
        lakeview,
        id="old",
        starts_at="2026-12-03T14:00:00-06:00",
        booked_at=(lakeview.now - timedelta(hours=30)).isoformat(),
    )
    assert lakeview.sweep(minutes=1) == []


def test_lines_of_one_visit_add_up_even_where_one_names_no_unit(lakeview: Outside) -> None:
    botox(lakeview, someone("a"), "T-1", quantity=40, unit="units", price="480.00", area="forehead")
    botox(lakeview, someone("a"), "T-2", quantity="12.5", price="150.00", area="crow's feet")
    [counted] = lakeview._rows(Treatment.objects.all())
    assert (str(counted.quantity), counted.unit, str(counted.price)) == ("52.50", "units", "630.00")
    assert counted.area == "crow's feet, forehead"
    assert lakeview.summary()["treatments"] == {"botox": 1}


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ({"phone": "808-555-0101"}, "14:00"),  # ten in Honolulu
        ({"phone": "212-555-0101", "postal_code": "90210", "state": "CA"}, "12:00"),  # ten in Los Angeles
        ({"phone": "602-555-0101", "postal_code": "85001", "state": "AZ"}, "11:00"),  # Phoenix keeps its time
        ({"phone": "800-555-0101"}, "10:00"),  # a number without geography
    ],
)
def test_a_message_leaves_inside_the_hours_of_every_place_a_client_may_be_in(
    lakeview: Outside, said: dict[str, Any], local: str
) -> None:
    botox(lakeview, someone("a", **said), "T-a")
    hour, minute = map(int, local.split(":"))
    opens = datetime(2026, 11, 23, hour + 6, minute, tzinfo=UTC)
    assert lakeview.sweep(at=opens - timedelta(minutes=1)) == []
    assert len(lakeview.sweep(at=opens)) == 1


def test_two_people_at_one_number_get_one_promotion_in_three_days(lakeview: Outside) -> None:
    botox(lakeview, someone("a", phone="312-555-0151"), "T-a")
    botox(lakeview, someone("b", phone="312-555-0151"), "T-b")
    botox(lakeview, someone("c", phone="312-555-0152"), "T-c")
    assert channels(lakeview, DAY_70) == [("sms", "+13125550151"), ("sms", "+13125550152")]
    waiting = [each for each in lakeview.reminders("refill") if each[1] == "waiting"]
    assert waiting == [("first", "waiting", "CAP")]
    assert lakeview.sweep(at=DAY_70 + timedelta(days=3, minutes=-1)) == []
    assert channels(lakeview, DAY_70 + timedelta(days=3)) == [("sms", "+13125550151")]

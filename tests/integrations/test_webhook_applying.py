"""What becomes of a practice's records when events are applied?"""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from clients.models import Appointment, Client, Consent, ServiceIssue, Suppression, Treatment
from clients.operations.record import record
from integrations.models import Connection, InboundEvent
from integrations.operations.applying import RETRY_AFTER, apply_due
from integrations.operations.replaying import replay
from integrations.queries.freshness import freshness
from practices import clock
from practices.operations.creation import create_practice
from practices.tenancy import before_leaving, practice_scope
from tests.builders.integrations import DANA, Sender, booked, event, sender, silence, treated
from tests.builders.practices import MADE_AT, hilltop, lakeview

pytestmark = pytest.mark.django_db
State = InboundEvent.State
RECORD = "integrations.operations.understanding.record"


@pytest.fixture(autouse=True)
def _no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    silence(monkeypatch)


@pytest.fixture
def records() -> Sender:
    return sender(lakeview())


def apply(records: Sender, *events: dict[str, Any]) -> list[InboundEvent]:
    """Post these events, apply what waits, and return what stands in the inbox."""
    for said in events:
        assert records.post(said).status_code == 202
    apply_due(clock.now())
    return records.stored()


def test_a_treatment_is_recorded_with_all_that_was_said(records: Sender) -> None:
    [kept] = apply(records, treated(series={"id": "S-1", "number": 2, "complete": False}))
    assert (kept.state, kept.attempts, kept.reason) == (State.APPLIED, 1, "")
    with practice_scope(records.practice_id):
        treatment = Treatment.objects.select_related("client", "treatment_type", "provider", "location").get()
        client = treatment.client
        assert (client.first_name, client.phone, client.email) == (
            "Dana",
            "+13125550142",
            "dana.whitfield@example.com",
        )
        assert treatment.treatment_type.slug == "botox"
        assert (str(treatment.performed_on), str(treatment.quantity), str(treatment.price)) == (
            "2026-03-02",
            "40.00",
            "480.00",
        )
        assert str(treatment.provider) == "Pat Kim RN"
        assert str(treatment.location) == "Main"
        assert (treatment.series_number, treatment.is_series_complete) == (2, False)


def test_the_life_of_an_appointment(records: Sender) -> None:
    apply(records, booked())
    with practice_scope(records.practice_id):
        appointment = Appointment.objects.get()
        assert (appointment.status, appointment.duration_minutes) == ("booked", 30)
        assert [row.service.name for row in appointment.services.all()] == ["Botox"]
    for kind, at, fields, status in (
        ("appointment.updated", "2026-05-02T10:00:00-05:00", {"status": "confirmed", "services": None}, "confirmed"),
        ("appointment.updated", "2026-05-03T10:00:00-05:00", {"starts_at": "2026-05-19T09:00:00-05:00"}, "confirmed"),
        ("appointment.no_show", "2026-05-19T10:00:00-05:00", {"starts_at": None}, "no_show"),
        ("appointment.completed", "2026-05-19T11:00:00-05:00", {"starts_at": None}, "completed"),
    ):
        apply(records, booked(kind=kind, occurred_at=at, **fields))
        with practice_scope(records.practice_id):
            assert Appointment.objects.get().status == status
    with practice_scope(records.practice_id):
        moved = Appointment.objects.get()
        assert moved.starts_at is not None
        assert moved.starts_at.isoformat() == "2026-05-19T14:00:00+00:00"
        assert moved.services.count() == 1


def story() -> list[dict[str, Any]]:
    cancelled = event("appointment.cancelled", "2026-05-03T09:00:00-05:00", appointment={"id": "A-1"})
    cancelled["data"]["client"] = {"id": "C-1"}
    voided = event("treatment.voided", "2026-03-04T09:00:00-06:00", treatment={"id": "T-1"})
    voided["data"]["client"] = {"id": "C-1"}
    return [
        booked(),
        booked(kind="appointment.updated", occurred_at="2026-05-02T10:00:00Z", starts_at="2026-05-19T14:00:00-05:00"),
        cancelled,
        treated(),
        voided,
        event("client.updated", "2026-06-01T10:00:00-05:00", client={**DANA, "phone": "(312) 555-0199"}),
    ]  # fmt: skip


def picture(practice_id: UUID) -> Any:
    """The records, without ids and moments of ours."""
    with practice_scope(practice_id):
        return (
            sorted(Client.objects.values_list("first_name", "phone", "email", "status", "address_zones")),
            sorted(Appointment.objects.values_list("remote_id", "status", "starts_at", "ended_at")),
            sorted(Treatment.objects.filter(status="completed").values_list("performed_on", "quantity")),
        )


ORDERS = [order for number, order in enumerate(permutations(range(6))) if number % 90 == 7 or number in (0, 719)]


def test_any_order_and_number_gives_the_same_records() -> None:
    pictures = []
    for number, order in enumerate(ORDERS):
        practice = create_practice(f"order-{number}", "Lakeview", "America/Chicago", MADE_AT)
        records = sender(practice)
        for index in (*order, *order[:2]):  # some come twice
            assert records.post(story()[index]).status_code == 202
            if index % 2:
                apply_due(clock.now())
        apply_due(clock.now())
        assert {kept.state for kept in records.stored()} == {State.APPLIED}, order
        pictures.append(picture(practice.id))
    clients, appointments, treatments = pictures[0]
    assert [client[1] for client in clients] == ["+13125550199"]
    assert [appointment[1] for appointment in appointments] == ["cancelled"]
    assert treatments == []
    for order, seen in zip(ORDERS, pictures, strict=True):
        assert seen == pictures[0], order


def test_a_stop_reaches_the_person_by_the_channel_that_was_named(records: Sender) -> None:
    apply(records, event("client.opted_out", opt_out={"channel": "sms", "wording": "STOP texting"}))
    with practice_scope(records.practice_id):
        [stop] = Suppression.objects.all()
        assert (stop.subject, stop.address, stop.origin) == ("phone", "+13125550142", "webhook")
        assert stop.wording == "STOP texting"
    apply(records, event("client.opted_out", "2026-03-03T16:00:00-06:00"))
    with practice_scope(records.practice_id):
        assert {stop.subject for stop in Suppression.objects.all()} == {"phone", "email"}


def test_a_clients_own_consent_counts_and_a_bare_flag_only_forbids(records: Sender) -> None:
    own = {"granted": True, "at": "2026-03-02T15:45:00Z", "source": "intake form", "wording": "I agree to texts."}
    apply(records, event("client.updated", client={**DANA, "consents": {"sms": own, "email": {"granted": False}}}))
    apply(records, event("client.updated", client={**DANA, "id": "C-2", "consents": {"photos": {"granted": True}}}))
    with practice_scope(records.practice_id):
        said = set(Consent.objects.values_list("scope", "kind", "source", "wording"))
    assert ("sms", "granted", "intake form", "I agree to texts.") in said
    assert ("email", "veto", "records", "") in said
    assert not {row for row in said if row[0] == "photos" and row[1] == "granted"}


def test_a_low_score_and_a_note_that_complains_open_an_issue(records: Sender) -> None:
    apply(
        records,
        event("survey.submitted", survey={"id": "S-1", "score": 2, "text": "still sore"}),
        event("survey.submitted", survey={"id": "S-2", "score": 10}, client={**DANA, "id": "C-9", "phone": None}),
        event("note.added", note={"id": "N-1", "text": "Client complained about bruising, very unhappy."}),
    )
    assert {kept.state for kept in records.stored()} == {State.APPLIED}
    with practice_scope(records.practice_id):
        issues = set(ServiceIssue.objects.values_list("origin", "remote_id"))
    assert issues == {("survey", "S-1"), ("note", "N-1")}


def test_an_event_is_applied_to_its_own_practice_alone(records: Sender) -> None:
    charlies = sender(hilltop())
    apply(charlies, booked(), treated())
    with practice_scope(records.practice_id):
        assert not Client.objects.exists()
    with practice_scope(charlies.practice_id):
        assert Client.objects.count() == 1


def test_a_failing_event_is_retried_ever_later_and_then_set_aside(
    records: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RECORD, _broken)
    now = clock.now() + timedelta(seconds=1)
    records.post(booked())
    for tries, wait in enumerate(RETRY_AFTER, start=1):
        assert apply_due(now) == 1
        [kept] = records.stored()
        assert (kept.state, kept.attempts, kept.next_attempt_at) == (State.RETRYING, tries, now + wait)
        assert "RuntimeError" in kept.reason
        assert apply_due(now + wait - timedelta(seconds=1)) == 0
        now += wait
    apply_due(now)
    [kept] = records.stored()
    assert (kept.state, kept.attempts, kept.next_attempt_at) == (State.SET_ASIDE, 6, None)
    assert kept.reason == "6 tries failed, the last with RuntimeError."
    with practice_scope(records.practice_id):
        assert not Appointment.objects.exists()
    monkeypatch.setattr(RECORD, record)
    replay(records.practice_id, kept.pk, now)
    apply_due(now)
    [kept] = records.stored()
    assert (kept.state, kept.attempts, kept.reason) == (State.APPLIED, 1, "")
    with practice_scope(records.practice_id):
        assert Appointment.objects.get().status == "booked"


def crowd(number: int) -> list[dict[str, Any]]:
    """Events about people who have nothing to do with each other."""
    events = []
    for index in range(number):
        who = {**DANA, "id": f"C-{index}", "last_name": f"W{index}", "phone": f"+1312555{1000 + index}", "email": None}
        said = (booked(f"A-{index}"), treated(f"T-{index}"), event("client.updated"))[index % 3]
        events.append({**said, "occurred_at": f"2026-05-01T10:00:{index:02}Z", "data": {**said["data"], "client": who}})
    return events


def test_events_of_many_are_recorded_together_as_each_would_be_alone(
    records: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    charlies = sender(hilltop())
    sizes: list[int] = []

    def counting(practice_id: UUID, report: Any, now: Any) -> Any:
        sizes.append(len(report.clients) + len(report.treatments) + len(report.appointments))
        return record(practice_id, report, now)

    monkeypatch.setattr(RECORD, counting)
    apply(records, *crowd(12))
    assert sizes == [12]
    for said in crowd(12):
        apply(charlies, said)
    assert sizes == [12, *[1] * 12]
    assert picture(records.practice_id) == picture(charlies.practice_id)
    for who in (records, charlies):
        with practice_scope(who.practice_id):
            stamps = sorted(Appointment.objects.values_list("remote_id", "reported_at"))
            assert [at.second for _, at in stamps if at] == [0, 3, 6, 9]
        assert {(kept.state, kept.attempts) for kept in who.stored()} == {(State.APPLIED, 1)}


def test_one_bad_event_in_a_batch_is_found_and_the_others_are_applied(
    records: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fails_for_one(practice_id: UUID, report: Any, now: Any) -> Any:
        recorded = record(practice_id, report, now)
        if any(line.remote_id == "A-3" for line in report.appointments):
            raise ValueError("There is no such day.")
        return recorded

    monkeypatch.setattr(RECORD, fails_for_one)
    states = [kept.state for kept in apply(records, *crowd(6))]
    assert states == [State.APPLIED] * 3 + [State.SET_ASIDE] + [State.APPLIED] * 2
    with practice_scope(records.practice_id):
        assert Client.objects.count() == 5


def test_an_event_whose_consequences_fail_is_put_off_like_any_other(
    records: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:

    def with_bad_consequences(practice_id: UUID, report: Any, now: Any) -> Any:
        before_leaving(_broken, [practice_id])
        return record(practice_id, report, now)

    monkeypatch.setattr(RECORD, with_bad_consequences)
    [kept] = apply(records, booked())
    assert (kept.state, kept.attempts) == (State.RETRYING, 1)
    with practice_scope(records.practice_id):
        assert not Client.objects.exists()


def test_a_failure_leaves_nothing_half_done_and_holds_up_nobody(
    records: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fails_for_one(practice_id: UUID, report: Any, now: Any) -> Any:
        recorded = record(practice_id, report, now)
        if report.appointments and report.appointments[0].remote_id == "A-bad":
            raise RuntimeError("after it was recorded")
        return recorded

    monkeypatch.setattr(RECORD, fails_for_one)
    states = [kept.state for kept in apply(records, booked("A-1"), booked("A-bad"), booked("A-2"))]
    assert states == [State.APPLIED, State.RETRYING, State.APPLIED]
    with practice_scope(records.practice_id):
        assert set(Appointment.objects.values_list("remote_id", flat=True)) == {"A-1", "A-2"}


def test_data_that_can_never_be_recorded_is_set_aside_at_once(records: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any) -> None:
        raise ValueError("There is no such day.")

    monkeypatch.setattr(RECORD, refuses)
    [kept] = apply(records, booked())
    assert (kept.state, kept.attempts, kept.reason) == (State.SET_ASIDE, 1, "There is no such day.")


def test_a_stranger_cannot_replay(records: Sender) -> None:
    [kept] = apply(records, booked())
    with pytest.raises(LookupError):
        replay(hilltop().id, kept.pk, clock.now())


def test_practices_take_turns(records: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.operations.applying.BATCH", 2)
    charlies = sender(hilltop())
    for number in range(5):
        records.post(booked(f"A-{number}"))
    charlies.post(booked("B-1"))
    seen: list[UUID] = []

    def seeing(practice_id: UUID, report: Any, now: Any) -> Any:
        seen.append(practice_id)
        return record(practice_id, report, now)

    monkeypatch.setattr(RECORD, seeing)
    assert apply_due(clock.now()) == 6
    assert seen.index(charlies.practice_id) == 2, "after one batch of the flood, not after all of it"


def test_freshness_follows_what_was_applied(records: Sender) -> None:
    assert freshness(records.practice_id).synced_at is None
    assert freshness(records.practice_id).is_file_only
    apply(records, booked(), booked("A-2"))
    newest = records.stored()[-1].received_at
    assert freshness(records.practice_id).synced_at == newest
    assert not freshness(records.practice_id).is_file_only
    with practice_scope(records.practice_id):
        assert Connection.objects.get().last_event_at == newest


def _broken(*_: Any) -> None:
    raise RuntimeError("the database is away")

"""Do lines that give only a name wait for the right client, and no longer than they must?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Appointment, Treatment, TreatmentRecord, UnmatchedRecord
from clients.operations.reported import ReportedAppointment, ReportedClient, ReportedConsent, ReportedTreatment
from clients.operations.unmatched import as_payload, of_payload
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, appointment, client, say, treatment
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

INVOICES: dict[str, Any] = {"source": "aesthetic_record", "document": "ar_invoices", "at": None}
NAME_ONLY = ReportedClient("", full_name="DANA  whitfield")


def waiting(practice: Practice) -> list[tuple[str, str]]:
    with practice_scope(practice.id):
        return list(UnmatchedRecord.objects.order_by("line_key").values_list("line_key", "reason"))


def counted(practice: Practice) -> int:
    with practice_scope(practice.id):
        return Treatment.objects.count()


def test_a_line_is_about_the_only_client_of_its_name() -> None:
    practice = lakeview()
    dana = client(practice)
    recorded = say(practice, treatment(client=NAME_ONLY), **INVOICES)
    assert (recorded.created, recorded.waiting) == (1, 0)
    assert waiting(practice) == []
    with practice_scope(practice.id):
        assert Treatment.objects.get().client_id == dana.id


def test_a_line_of_a_name_that_nobody_or_several_bear_waits_once() -> None:
    practice = lakeview()
    say(practice, DANA, replace(DANA, remote_id="G7", phone="312-555-0111", email="d7@example.com"))
    stranger = ReportedClient("", full_name="Ines Novak")
    for _ in range(2):
        recorded = say(practice, treatment("T1", NAME_ONLY), treatment("T2", stranger), **INVOICES)
        assert (recorded.created, recorded.waiting) == (0, 2)
    assert waiting(practice) == [("T1", "SEVERAL_OF_THAT_NAME"), ("T2", "NO_SUCH_NAME")]
    assert counted(practice) == 0


def test_a_phone_tells_namesakes_apart() -> None:
    practice = lakeview()
    say(practice, DANA, replace(DANA, remote_id="G7", phone="312-555-0111", email="d7@example.com"))
    recorded = say(practice, treatment(client=replace(NAME_ONLY, phone="3125550111")), **INVOICES)
    assert recorded.created == 1


def test_what_waits_finds_its_client_when_one_of_that_name_arrives() -> None:
    practice = lakeview()
    lines = [treatment(f"T{n}", NAME_ONLY, performed_local=date(2026, 3, n)) for n in (1, 2)]
    booking = appointment("A1", NAME_ONLY)
    say(practice, *lines, booking, **INVOICES)
    assert len(waiting(practice)) == 3
    recorded = say(practice, DANA, source="aesthetic_record", document="ar_patients", at=None)
    assert waiting(practice) == []
    assert counted(practice) == 2
    with practice_scope(practice.id):
        assert Appointment.objects.get().client_id in recorded.client_ids


def test_a_line_that_found_its_client_keeps_her_when_a_namesake_arrives() -> None:
    practice = lakeview()
    dana = client(practice)
    say(practice, treatment(client=NAME_ONLY), appointment(client=NAME_ONLY), **INVOICES)
    say(practice, replace(DANA, remote_id="G7", phone="312-555-0111", email="d7@example.com"))
    again = say(practice, treatment(client=NAME_ONLY, quantity=Decimal(9)), appointment(client=NAME_ONLY), **INVOICES)
    assert (again.updated, again.unchanged, again.waiting) == (1, 1, 0)
    with practice_scope(practice.id):
        record = TreatmentRecord.objects.get()
    assert (record.client_id, record.quantity) == (dana.id, Decimal(9))


def test_a_line_that_waits_keeps_its_newest_word() -> None:
    practice = lakeview()
    for quantity in (Decimal(20), Decimal(30)):
        say(practice, treatment(client=NAME_ONLY, quantity=quantity), **INVOICES)
    client(practice)
    with practice_scope(practice.id):
        assert Treatment.objects.get().quantity == Decimal(30)


def test_a_person_without_id_and_name_waits() -> None:
    practice = lakeview()
    say(practice, ReportedClient("G1", phone="3125550142"))
    assert say(practice, treatment(client=ReportedClient("")), **INVOICES).waiting == 1


def test_another_practices_namesake_is_not_meant() -> None:
    ours, theirs = lakeview(), hilltop()
    client(theirs)
    assert say(ours, treatment(client=NAME_ONLY), **INVOICES).waiting == 1


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
MOMENT = st.datetimes(timezones=st.just(UTC))
WALL = st.datetimes()


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


PERSON = st.builds(
    ReportedClient,
    remote_id=st.just(""),
    full_name=maybe(TEXT),
    date_of_birth=maybe(st.dates()),
    said_at=maybe(MOMENT),
    consents=st.lists(
        st.builds(ReportedConsent, st.sampled_from(["sms", "email"]), st.booleans(), MOMENT, TEXT), max_size=2
    ).map(tuple),
)
LINES = st.builds(
    ReportedTreatment,
    line_key=TEXT,
    client=PERSON,
    service=TEXT,
    performed_at=maybe(MOMENT),
    performed_local=maybe(WALL | st.dates()),
    quantity=maybe(st.decimals(allow_nan=False, allow_infinity=False, places=2)),
    is_series_complete=maybe(st.booleans()),
) | st.builds(
    ReportedAppointment,
    remote_id=TEXT,
    client=PERSON,
    status=st.sampled_from(["", "booked", "cancelled"]),
    services=maybe(st.lists(TEXT, max_size=3).map(tuple)),
    starts_local=maybe(WALL),
    booked_at=maybe(MOMENT),
    version=maybe(st.integers(0, 2**40)),
)


@given(line=LINES)
def test_a_line_comes_out_of_its_payload_as_it_was_reported(
    line: ReportedTreatment | ReportedAppointment,
) -> None:
    assert of_payload(as_payload(line)) == line


def test_a_payload_survives_the_database() -> None:
    practice = lakeview()
    line = treatment(client=NAME_ONLY, performed_at=datetime(2026, 3, 2, 16, tzinfo=UTC), performed_local=None)
    say(practice, line, **INVOICES)
    with practice_scope(practice.id):
        assert of_payload(UnmatchedRecord.objects.get().payload) == line

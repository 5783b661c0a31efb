"""Do two records of one person become one, and two again exactly as they were?"""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from uuid6 import uuid7

from clients.models import (
    Appointment,
    Client,
    ClientIdentity,
    ClientMerge,
    Consent,
    ServiceIssue,
    Suppression,
    Treatment,
    TreatmentRecord,
)
from clients.operations.issues import open_issue
from clients.operations.merging import MergeRefused, merge, unmerge
from clients.operations.reported import ReportedClient, ReportedConsent
from clients.operations.stopping import opt_out
from clients.queries.client_page import client_records
from clients.queries.find import find_clients
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.operations.rows import run
from practices.tenancy import practice_scope
from reminders.operations.stopping_links import AddressKind, stop_by_link, unsubscribe_token
from reminders.queries.summary import practice_summary
from tests.builders.clients import DANA, SAID_AT, appointment, client, say, treatment
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)
NOW = SAID_AT + 24 * HOUR
AGAIN = ReportedClient(
    "J7", first_name="Dana", last_name="Whitfeld", phone="312-555-0199", date_of_birth=date(1988, 5, 4)
)
STAFF = Suppression.Origin.STAFF
TABLES = (
    "clients_client", "clients_clientidentity", "clients_treatment", "clients_treatmentrecord",
    "clients_appointment", "clients_consent", "clients_suppression", "clients_serviceissue",
)  # fmt: skip


@pytest.fixture
def practice() -> Practice:
    return lakeview()


@pytest.fixture
def dana(practice: Practice) -> UUID:
    """Known to the records system, treated and booked."""
    say(practice, treatment("T1"), appointment("A1"))
    return owner(practice, "records", "G1")


@pytest.fixture
def twin(practice: Practice) -> UUID:
    """The same person under another name and number, known to Jane."""
    lines = (treatment("J-1", AGAIN), treatment("J-2", AGAIN, performed_local=date(2026, 1, 20)))
    say(practice, *lines, appointment("JA", AGAIN), source="jane")
    return owner(practice, "jane", "J7")


def owner(practice: Practice, source: str, remote_id: str) -> UUID:
    with practice_scope(practice.id):
        return ClientIdentity.objects.get(source=source, remote_id=remote_id).client_id


def everything(practice: Practice) -> dict[str, list[str]]:
    """Every row of the records, to the last column but for when it was last written."""
    with practice_scope(practice.id):
        return {
            table: sorted(row for (row,) in run(f"SELECT (to_jsonb(t) - 'updated_at')::text FROM {table} t", []))
            for table in TABLES
        }


def joined(practice: Practice, kept: UUID, gone: UUID) -> ClientMerge:
    with practice_scope(practice.id):
        return merge(practice.id, kept, gone, NOW)


def part(practice: Practice, made: ClientMerge) -> None:
    with practice_scope(practice.id):
        unmerge(practice.id, made.id, NOW + HOUR)


def may(practice: Practice, client_id: UUID) -> Permission:
    with practice_scope(practice.id):
        return permissions_of(practice.id, [client_id])[client_id]


def test_everything_of_the_gone_one_moves_and_one_day_and_type_is_one_treatment(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        assert set(ClientIdentity.objects.values_list("client_id", flat=True)) == {dana}
        assert set(TreatmentRecord.objects.values_list("client_id", flat=True)) == {dana}
        assert set(Appointment.objects.values_list("client_id", flat=True)) == {dana}
        counted = Treatment.objects.filter(status="completed").order_by("performed_on")
        assert [(each.client_id, each.performed_on) for each in counted] == [
            (dana, date(2026, 1, 20)),
            (dana, date(2026, 3, 2)),
        ]
        assert counted[1].records.count() == 2
        assert counted[1].price == Decimal(240)


def test_the_kept_ones_contact_data_stays_and_what_was_never_said_is_filled(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        kept = Client.objects.get(pk=dana)
    assert (kept.last_name, kept.phone, kept.date_of_birth) == ("Whitfield", "+13125550142", date(1988, 5, 4))


def test_a_field_that_was_taken_back_is_not_filled(practice: Practice, dana: UUID, twin: UUID) -> None:
    say(practice, ReportedClient("G1", phone=""), at=SAID_AT + HOUR)
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        assert Client.objects.get(pk=dana).phone == ""


def test_unmerged_at_once_all_is_as_if_never_merged(practice: Practice, dana: UUID, twin: UUID) -> None:
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, client_id=twin, origin=STAFF)
        open_issue(practice.id, twin, ServiceIssue.Origin.STAFF, "uneven", NOW, NOW)
    before = everything(practice)
    made = joined(practice, dana, twin)
    assert everything(practice) != before
    part(practice, made)
    assert everything(practice) == before


def test_the_same_in_the_other_direction(practice: Practice, dana: UUID, twin: UUID) -> None:
    before = everything(practice)
    part(practice, joined(practice, twin, dana))
    assert everything(practice) == before


def test_what_comes_under_her_ids_reaches_the_kept_one_and_goes_back_with_them(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    made = joined(practice, dana, twin)
    later = date(2026, 3, 3)
    say(practice, treatment("J-3", AGAIN, performed_local=later), appointment("JB", AGAIN), source="jane", at=NOW)
    say(practice, treatment("T2", performed_local=later), appointment("A2"), at=NOW)
    with practice_scope(practice.id):
        assert set(TreatmentRecord.objects.values_list("client_id", flat=True)) == {dana}
        assert Treatment.objects.filter(performed_on=date(2026, 3, 3), status="completed").count() == 1
    part(practice, made)
    with practice_scope(practice.id):
        lines = dict(TreatmentRecord.objects.values_list("line_key", "client_id"))
        bookings = dict(Appointment.objects.values_list("remote_id", "client_id"))
        treated = Treatment.objects.filter(performed_on=date(2026, 3, 3), status="completed")
        assert {each.client_id for each in treated} == {dana, twin}
    assert lines == {"T1": dana, "T2": dana, "J-1": twin, "J-2": twin, "J-3": twin}
    assert bookings == {"A1": dana, "A2": dana, "JA": twin, "JB": twin}


@pytest.mark.parametrize("who", ["kept", "gone"])
def test_an_opt_out_of_either_stops_the_joined_person(practice: Practice, dana: UUID, twin: UUID, who: str) -> None:
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, client_id=dana if who == "kept" else twin, origin=STAFF)
    made = joined(practice, dana, twin)
    assert may(practice, dana).is_opted_out
    part(practice, made)
    assert [may(practice, each).is_opted_out for each in (dana, twin)] == [who == "kept", who == "gone"]


def test_a_number_suppressed_for_nobody_in_particular_stops_the_joined_person(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    with practice_scope(practice.id):
        Suppression.objects.create(practice=practice, subject="phone", address="+13125550199", origin="import", at=NOW)
    before = everything(practice)
    made = joined(practice, dana, twin)
    assert may(practice, dana).is_opted_out
    part(practice, made)
    assert everything(practice) == before
    assert not may(practice, dana).is_opted_out


def test_a_stop_an_issue_and_a_refusal_that_came_meanwhile_stand_for_both(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    made = joined(practice, dana, twin)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, client_id=dana, origin=STAFF)
        open_issue(practice.id, dana, ServiceIssue.Origin.NOTE, "uneven", NOW, NOW, remote_id="N1")
    refused = ReportedConsent("photos", False, NOW, "form")
    say(practice, replace(DANA, consents=(refused,)), at=NOW)
    part(practice, made)
    for each in (dana, twin):
        assert may(practice, each).is_opted_out
    with practice_scope(practice.id):
        assert set(ServiceIssue.objects.values_list("client_id", "resolved_at")) == {(dana, None), (twin, None)}
        assert set(Consent.objects.values_list("client_id", "kind")) == {(dana, "withdrawn"), (twin, "withdrawn")}


def test_stop_from_the_gone_ones_number_reaches_the_joined_person(practice: Practice, dana: UUID, twin: UUID) -> None:
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        assert opt_out(practice.id, NOW, phone="312-555-0199", origin=Suppression.Origin.REPLY) == {dana}
    assert may(practice, dana).is_opted_out


def test_the_link_in_a_message_to_the_gone_one_still_stops_the_person(
    practice: Practice, dana: UUID, twin: UUID
) -> None:
    joined(practice, dana, twin)
    stop_by_link(unsubscribe_token(practice.id, twin, AddressKind.PHONE), NOW, is_one_click=True)
    assert may(practice, dana).is_opted_out
    assert may(practice, dana).is_sms_stopped


def test_a_tombstone_is_not_found_counted_or_matched(practice: Practice, dana: UUID, twin: UUID) -> None:
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        assert find_clients(practice.id, "Dana Whitfeld") == []
        assert [each.pk for each in find_clients(practice.id, "")] == [dana]
        assert practice_summary(practice.id, NOW)["clients"] == 1
    neighbor = client(practice, ReportedClient("G9", first_name="Dana", last_name="Whitfeld", phone="312-555-0199"))
    assert neighbor.pk not in {dana, twin}
    assert may(practice, neighbor.pk).phone_shared_by == 1


def test_the_page_of_the_gone_one_is_that_of_the_joined_person(practice: Practice, dana: UUID, twin: UUID) -> None:
    joined(practice, dana, twin)
    with practice_scope(practice.id):
        records = client_records(practice.id, twin)
    assert records is not None
    assert (records.client.pk, len(records.identities)) == (dana, 2)


def test_merges_of_merges_are_undone_from_the_outside_in(practice: Practice, dana: UUID, twin: UUID) -> None:
    third = client(practice, ReportedClient("Z3", first_name="Dee", last_name="Whitfield"), source="zenoti").pk
    before = everything(practice)
    inner = joined(practice, dana, twin)
    outer = joined(practice, third, dana)
    with practice_scope(practice.id):
        assert Client.objects.get(pk=twin).merged_into_id == third
        with pytest.raises(MergeRefused, match="undo that first"):
            unmerge(practice.id, inner.id, NOW)
    say(practice, treatment("J-9", AGAIN, performed_local=date(2026, 3, 3)), source="jane", at=NOW)
    part(practice, outer)
    with practice_scope(practice.id):
        assert TreatmentRecord.objects.get(line_key="J-9").client_id == dana
        TreatmentRecord.objects.filter(line_key="J-9").delete()
        Treatment.objects.filter(performed_on=date(2026, 3, 3)).delete()
    part(practice, inner)
    after = everything(practice)
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    assert after["clients_treatment"] == before["clients_treatment"]
    assert after["clients_treatmentrecord"] == before["clients_treatmentrecord"]


def test_what_cannot_be_merged_is_refused(practice: Practice, dana: UUID, twin: UUID) -> None:
    with practice_scope(practice.id):
        for kept, gone in ((dana, dana), (dana, uuid7()), (uuid7(), twin)):
            with pytest.raises(MergeRefused):
                merge(practice.id, kept, gone, NOW)
    made = joined(practice, dana, twin)
    with practice_scope(practice.id):
        for kept, gone in ((dana, twin), (twin, dana)):
            with pytest.raises(MergeRefused, match="already"):
                merge(practice.id, kept, gone, NOW)
    part(practice, made)
    with practice_scope(practice.id):
        for merge_id in (made.id, uuid7()):
            with pytest.raises(MergeRefused):
                unmerge(practice.id, merge_id, NOW)


def test_another_practices_client_and_merge_are_not_there(practice: Practice, dana: UUID, twin: UUID) -> None:
    other = hilltop()
    hers = client(other, replace(DANA, remote_id="H1"))
    made = joined(practice, dana, twin)
    with practice_scope(practice.id), pytest.raises(MergeRefused, match="no client"):
        merge(practice.id, dana, hers.pk, NOW)
    with practice_scope(other.id), pytest.raises(MergeRefused, match="no merge"):
        unmerge(other.id, made.id, NOW)


def test_the_command_merges_by_names_and_undoes(
    practice: Practice, dana: UUID, twin: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    def call(*args: str) -> dict[str, Any]:
        call_command("merge_clients", "lakeview", *args, "--json")
        return dict(json.loads(capsys.readouterr().out))

    before = everything(practice)
    said = call("records:G1", str(twin))
    assert (said["kept"], said["gone"]) == (str(dana), str(twin))
    assert call("--undo", said["merge"])["undone"] is True
    assert everything(practice) == before
    for args in (("records:G1", "jane:none"), ("records:G1",), ("--undo", said["merge"])):
        with pytest.raises(CommandError):
            call(*args)

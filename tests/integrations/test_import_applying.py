"""Is a file imported row by row, whatever is wrong with some, and however often it is tried?"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clients.models import Appointment, Client, Treatment, TreatmentRecord
from integrations.imports.importing import Choice, Imported, import_file
from integrations.imports.refusals import FileRefused
from integrations.models import ColumnMapping, ImportProblem, ImportRun
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.practices import hilltop, lakeview

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TREATMENTS = "Client ID,First,Last,Cell,E-mail,Date of service,Service,Qty,Unit,Injector,Location,Paid"
JANE = (
    "id,location_name,start_at,end_at,patient_guid,patient_first_name,patient_last_name,treatment_name,state,booked_at"
)
ZENOTI = "Appointment Date,Invoice No,Guest Name,Service Name,Center Name,Start Time,End Time,Status,Guest Code"


def written(folder: Path, header: str, rows: Iterable[str], name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def botox(number: int, day: str = "2026-09-01", quantity: str = "20") -> str:
    return f"G{number},Dana,Kim{number},,d{number}@example.com,{day},Botox,{quantity},unit,Pat Kim RN,Main,240.00"


def imported(practice: Practice, path: Path, **how: Any) -> Imported:
    return import_file(practice.id, path, how.pop("now", NOW), Choice(**how.pop("choice", {})), **how)


def counts(told: Imported) -> tuple[int, int, int]:
    return told.counts.created, told.counts.updated, told.counts.unchanged


def appointments() -> dict[str, tuple[str, list[str]]]:
    """Remote id -> status and services."""
    return {
        booking.remote_id: (booking.status, [told.service.name for told in booking.services.all()])
        for booking in Appointment.objects.prefetch_related("services__service")
    }


def test_bad_rows_are_listed_with_their_lines_and_the_rest_is_imported(tmp_path: Path) -> None:
    practice = lakeview()
    rows = [botox(number) for number in range(1, 13)]
    rows[1] = rows[1].replace("2026-09-01", "2026-31-09")
    rows[3] = rows[3].replace("G4,", ",")
    rows[4] = rows[4].replace("Botox", "")
    rows[5] += ",surplus"
    rows[6] = rows[6].replace("Kim7", "Ki\0m7")
    rows[7] = rows[7].replace("Dana", "x" * 1_000_000)
    rows[8] = rows[8].replace(",Botox", ',"Botox')
    rows[9] = rows[9].replace(",20,", ",a lot,")
    rows[11] = rows[11].replace("2026", "2062")
    told = imported(practice, written(tmp_path, TREATMENTS, rows))
    assert (told.rows, told.counts.created, told.bad_rows) == (12, 3, 9)
    assert [line for line, _ in told.bad] == [3, 5, 6, 7, 8, 9, 10, 11, 13]
    with practice_scope(practice.id):
        run = ImportRun.objects.get()
        assert (run.state, run.rows, run.created, run.bad) == ("done", 12, 3, 9)
        assert [(problem.line, problem.reason) for problem in run.problems.all()] == told.bad
        assert set(TreatmentRecord.objects.values_list("client__last_name", flat=True)) == {"Kim1", "Kim3", "Kim11"}


def test_a_corrected_file_updates_and_adds(tmp_path: Path) -> None:
    practice = lakeview()
    imported(practice, written(tmp_path, TREATMENTS, [botox(1), botox(2)]))
    rows = [botox(1, quantity="25"), botox(2), botox(3)]
    assert counts(imported(practice, written(tmp_path, TREATMENTS, rows), now=NOW + timedelta(days=1))) == (1, 1, 1)
    with practice_scope(practice.id):
        quantities = TreatmentRecord.objects.order_by("line_key").values_list("quantity", flat=True)
        assert list(quantities) == [Decimal(25), Decimal(20), Decimal(20)]


def test_equal_lines_of_one_file_add_up_and_stay_two_when_repeated(tmp_path: Path) -> None:
    practice = lakeview()
    path = written(tmp_path, TREATMENTS, [botox(1), botox(2), botox(1)])
    assert counts(imported(practice, path, batch_rows=2)) == (3, 0, 0)
    assert counts(imported(practice, path, batch_rows=3)) == (0, 0, 3)
    with practice_scope(practice.id):
        treatment = Treatment.objects.get(client__last_name="Kim1")
        assert (treatment.quantity, treatment.price) == (Decimal(40), Decimal(480))


def jane(row_id: str, start: str, service: str = "Botox", state: str = "booked") -> str:
    return f"{row_id},Main,{start},,guid-1,Dana,Kim,{service},{state},2026-11-01"


def test_rows_of_one_visit_are_one_appointment_however_far_apart(tmp_path: Path) -> None:
    practice = lakeview()
    rows = [
        jane("1005-1", "2026-12-01 10:00", "Kybella Session"),
        jane("1007", "2026-12-08 10:00"),
        jane("1008", "2026-12-09 10:00"),
        jane("1005", "2026-12-01 10:00"),
    ]
    path = written(tmp_path, JANE, rows)
    for batch_rows in (4, 2, 1):
        told = imported(practice, path, batch_rows=batch_rows)
        assert counts(told) == ((4, 0, 0) if batch_rows == 4 else (0, 0, 4))
    other = hilltop()
    imported(other, path, batch_rows=2)
    for each in (practice, other):
        with practice_scope(each.id):
            assert appointments() == {
                "1005": ("booked", ["Botox", "Kybella Session"]),
                "1007": ("booked", ["Botox"]),
                "1008": ("booked", ["Botox"]),
            }


def test_a_visit_that_moved_is_the_same_appointment(tmp_path: Path) -> None:
    practice = lakeview()
    before = [jane("1005", "2026-12-01 10:00"), jane("1005-1", "2026-12-01 10:00", "Kybella Session")]
    after = [jane("1005", "2026-12-03 15:30"), jane("1005-1", "2026-12-03 15:30", "Kybella Session")]
    imported(practice, written(tmp_path, JANE, before))
    told = imported(practice, written(tmp_path, JANE, after), now=NOW + timedelta(hours=3))
    assert counts(told) == (0, 2, 0)
    with practice_scope(practice.id):
        booking = Appointment.objects.get()
        assert booking.starts_at == datetime(2026, 12, 3, 21, 30, tzinfo=UTC)  # half past three in Chicago
        assert booking.moved_at == NOW + timedelta(hours=3)


def test_a_booking_that_became_part_of_another_visit_falls_away(tmp_path: Path) -> None:
    practice = lakeview()
    imported(
        practice, written(tmp_path, JANE, [jane("7", "2026-12-01 10:00"), jane("8", "2026-12-02 10:00", "Xeomin")])
    )
    joined = [jane("7", "2026-12-01 10:00"), jane("8", "2026-12-01 10:00", "Xeomin")]
    for hours, expected in ((1, (0, 2, 0)), (2, (0, 0, 2))):
        told = imported(practice, written(tmp_path, JANE, joined), now=NOW + timedelta(hours=hours))
        assert counts(told) == expected
    with practice_scope(practice.id):
        assert appointments() == {"7": ("booked", ["Botox", "Xeomin"]), "8": ("cancelled", ["Xeomin"])}


def zenoti(invoice: str, status: str, service: str = "Botox") -> str:
    return f"11/18/2026,{invoice},Dana Kim,{service},Main,01:30 PM,02:00 PM,{status},G1"


def test_a_booking_that_was_closed_becomes_completed_and_a_treatment(tmp_path: Path) -> None:
    practice = lakeview()
    imported(practice, written(tmp_path, ZENOTI, [zenoti("IVC1", "Confirmed")]))
    with practice_scope(practice.id):
        assert not Treatment.objects.exists()
    told = imported(practice, written(tmp_path, ZENOTI, [zenoti("IVC1", "Closed")]), now=NOW + timedelta(hours=1))
    assert counts(told) == (0, 1, 0)
    with practice_scope(practice.id):
        assert appointments() == {"IVC1|G1": ("completed", ["Botox"])}
        assert Treatment.objects.get().performed_on.isoformat() == "2026-11-18"


def test_a_saved_mapping_is_used_for_files_of_that_header(tmp_path: Path) -> None:
    practice = lakeview()
    path = written(tmp_path, "Ref,What was done,When,Syringes", ["C-1,Restylane Kysse (Lips),9/1/2026,1"])
    with pytest.raises(FileRefused, match="the client's id"):
        imported(practice, path)
    mapping = {"client_id": "Ref", "service": "What was done", "performed_on": "When", "quantity": "Syringes"}
    assert counts(imported(practice, path, choice={"mapping": mapping, "save_as": "lumen"})) == (1, 0, 0)
    told = imported(practice, path)
    assert (told.preset, counts(told)) == ("lumen", (0, 0, 1))
    assert counts(imported(practice, path, choice={"preset": "lumen"})) == (0, 0, 1)
    with practice_scope(practice.id):
        assert ColumnMapping.objects.get().columns == mapping
    with pytest.raises(FileRefused, match="the client's id"):
        imported(hilltop(), path)  # what Alice saved, Charlie has not


def test_a_mapping_is_not_saved_under_the_name_of_a_preset(tmp_path: Path) -> None:
    path = written(tmp_path, TREATMENTS, [botox(1)])
    practice = lakeview()
    for name in ("treatments", "ar_invoices", "Not A Slug"):
        with pytest.raises(FileRefused, match=r"name"):
            imported(practice, path, choice={"save_as": name})


def test_an_import_that_breaks_is_logged_as_failed_and_finished_by_the_next(tmp_path: Path) -> None:
    practice = lakeview()
    path = written(tmp_path, TREATMENTS, [botox(number) for number in range(10)])

    class PowerCutError(Exception):
        pass

    def fail(rows: int, share: float) -> None:
        if rows == 6:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        imported(practice, path, batch_rows=3, on_progress=fail)
    assert counts(imported(practice, path, batch_rows=3)) == (4, 0, 6)
    with practice_scope(practice.id):
        assert list(ImportRun.objects.order_by("started_at", "id").values_list("state", "created")) == [
            ("failed", 6),
            ("done", 4),
        ]
        assert Client.objects.count() == 10


def test_a_value_that_the_database_refuses_costs_its_own_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = lakeview()
    monkeypatch.setattr("integrations.imports.values._QUANTITY_LIMIT", Decimal(10) ** 12)
    rows = [botox(1), botox(2, quantity="123456789012"[:11]), botox(3), botox(4)]
    told = imported(practice, written(tmp_path, TREATMENTS, rows))
    assert told.bad == [(3, "The database cannot hold a value of this row.")]
    assert counts(told) == (3, 0, 0)


def test_the_command_prints_json_and_says_what_is_wrong(tmp_path: Path) -> None:
    practice = lakeview()
    path = written(tmp_path, TREATMENTS, [botox(1), botox(2, day="soon")])
    printed = StringIO()
    call_command("import_export", path, practice="lakeview", json=True, stdout=printed)
    assert json.loads(printed.getvalue()) == {
        "preset": "treatments",
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "waiting": 0,
        "skipped": 0,
        "bad": [{"line": 3, "reason": "The column “date of service” is no date: “soon” (M/D/YYYY or YYYY-MM-DD)."}],
    }
    printed = StringIO()
    call_command("import_export", path, practice="lakeview", stdout=printed)
    assert "0 created, 0 updated, 1 unchanged" in printed.getvalue()
    assert "line 3:" in printed.getvalue()
    with pytest.raises(CommandError, match="no practice 'nowhere'"):
        call_command("import_export", path, practice="nowhere")
    with pytest.raises(CommandError, match="no preset and no saved mapping called excel"):
        call_command("import_export", path, practice="lakeview", preset="excel")
    with practice_scope(practice.id):
        assert ImportProblem.objects.count() == 2

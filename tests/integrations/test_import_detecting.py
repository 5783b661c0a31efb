"""Is an export known by its header, and is a file that is none refused with the way out?"""

from pathlib import Path

import pytest

from integrations.imports import columns
from integrations.imports.detecting import PRESETS, detect, header_key, named, plain
from integrations.imports.reading import open_table
from integrations.imports.refusals import FileRefused
from integrations.imports.sniffing import sniff
from tests.builders.exports import export, needs_exports

TREATMENTS = [
    "Client ID",
    "First",
    "Last",
    "Cell",
    "E-mail",
    "Date of service",
    "Service",
    "Qty",
    "Unit",
    "Paid",
]


def headers_of_exports() -> dict[str, list[str]]:
    """The least header of each vendor's export."""
    return {name: sorted(preset.needed | preset.signatures[0]) for name, preset in sorted(PRESETS.items())}


@pytest.mark.parametrize(("name", "header"), headers_of_exports().items())
def test_each_export_is_known_by_the_least_of_its_header(name: str, header: list[str]) -> None:
    assert detect(header).name == name
    assert detect([f' "{column.upper()}" ' for column in reversed(header)]).name == name


def test_no_export_is_taken_for_another() -> None:
    for name, header in headers_of_exports().items():
        bearing = [
            other
            for other, preset in PRESETS.items()
            if any(signature <= set(header) for signature in preset.signatures)
        ]
        assert bearing == [name]


def test_a_byte_order_mark_and_spaces_do_not_hide_a_column() -> None:
    known = detect(["\ufeffAppointment  Date", "Invoice No", "Guest Code", " Service Name", "Start Time", "Status"])
    assert known.name == "zenoti_appointments"


def test_an_export_without_a_column_it_needs_is_refused_by_name() -> None:
    with pytest.raises(FileRefused, match="zenoti_appointments, the file needs the columns invoice no, status"):
        detect(["Guest Code", "Service Name", "Appointment Date", "Start Time"])


def test_a_plain_file_is_known_by_the_names_of_its_columns() -> None:
    assert columns.recognized([*TREATMENTS, "Injector", "Location", "Remark"]) == {
        "client_id": "Client ID",
        "first_name": "First",
        "last_name": "Last",
        "phone": "Cell",
        "email": "E-mail",
        "performed_on": "Date of service",
        "service": "Service",
        "quantity": "Qty",
        "unit": "Unit",
        "price": "Paid",
        "provider": "Injector",
        "location": "Location",
    }
    assert detect(TREATMENTS).name == "treatments"


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        (["Patient Name", "Procedure", "Treatment Date"], "treatments"),
        (["MRN", "Service Description", "DATE", "Amount Paid", "Units Used"], "treatments"),
        (["Client Number", "First Name", "Last Name", "Mobile Phone", "Zip"], "clients"),
    ],
)
def test_other_plain_files_are_known_too(header: list[str], preset: str) -> None:
    assert detect(header).name == preset


def test_no_column_is_read_twice() -> None:
    for header in (TREATMENTS, ["client", "date", "treatment", "total", "units"], ["Name", "Item", "Date"]):
        found = columns.recognized(header)
        assert len(set(found.values())) == len(found)


def test_aliases_are_told_apart() -> None:
    seen: dict[str, str] = {}
    for field, names in columns.ALIASES.items():
        for name in names:
            assert seen.setdefault(columns.column_key(name), field) == field


def test_a_file_that_is_none_is_refused_with_what_is_missing_and_the_way_out() -> None:
    with pytest.raises(FileRefused) as refused:
        detect(["Staff", "Hours", "Rate"])
    told = str(refused.value)
    assert "the client's id (or name), the service, the date of service" in told
    assert "Staff, Hours, Rate" in told
    assert "--mapping" in told


def test_a_mapping_says_what_no_name_does() -> None:
    mapping = {"client_id": "Ref", "service": "what was DONE", "performed_on": "When"}
    assert plain(["Ref", "What was done", "When"], mapping, "lumen").name == "lumen"


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"client_id": "Ref", "servise": "What", "performed_on": "When"}, "unknown fields: servise"),
        (
            {"client_id": "Ref", "service": "Where", "performed_on": "When"},
            "columns that the file has not: Where",
        ),
        ({"client_id": "Ref", "service": "What"}, "no column is known to hold the date of service"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        plain(["Ref", "What", "When"], mapping)


def test_a_preset_that_is_named_must_fit_the_header() -> None:
    assert named("no_such_preset", TREATMENTS) is None
    assert named("treatments", TREATMENTS) is not None
    with pytest.raises(FileRefused, match="To be read as jane_patients"):
        named("jane_patients", TREATMENTS)


def test_a_header_is_the_same_whatever_its_case_and_quotes() -> None:
    assert header_key(["A", "b "]) == header_key(['"a"', "B"]) != header_key(["b", "a"])


@needs_exports
@pytest.mark.parametrize(
    "name",
    [
        "zenoti_appointments.csv",
        "zenoti_sales_cash.csv",
        "ar_invoices.csv",
        "ar_patients.xls",
        "jane_appointments.csv",
        "jane_patients.csv",
        "jane_compensation.csv",
        "treatments.csv",
    ],
)
def test_the_exports_at_hand_are_known(name: str) -> None:
    with open_table(export(name), sniff(export(name))) as table:
        assert detect(table.header).name == Path(name).stem

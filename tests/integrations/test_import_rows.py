"""Is each row of each export understood as its system means it, and refused where it cannot be?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clients.models.client import Client
from clients.operations.reported import ReportedClient, ReportedTreatment
from integrations.imports.detecting import PRESETS
from integrations.imports.lines import BookingRow, Line
from integrations.imports.plain import plain_preset
from integrations.imports.refusals import BadRow
from integrations.imports.rows import Cells
from integrations.imports.values import local_day, local_moment, money, quantity, unit, wall_time

ROWS = {
    "zenoti_appointments": {
        "Appointment Date": "09/21/2024", "Booked Date": "09/11/2024", "Invoice No": "IVC1",
        "Guest Name": "Dana Kim", "Service Name": "Jeuveau", "Center Name": "Main",
        "Start Time": "01:30 PM", "End Time": "02:30 PM", "Providers": "Pat Kim RN", "Status": "Closed",
        "Guest Code": "G1", "Email": "dana@example.com", "Appointment Notes": "private",
    },
    "zenoti_sales_cash": {
        "Item Type": "Service", "Sale Date": "09/28/2024", "Invoice No": "IVC1", "Guest Code": "G1",
        "Guest Name": "Dana Kim", "Center Name": "Main", "Item Code": "SCULPT",
        "Item Name": "Sculptra (vial)", "Qty": "2", "Sales Collected (Exc.Tax)": "1,900.00",
        "Sold By": "Pat Kim RN", "Status": "Closed",
    },
    "ar_invoices": {
        "Date": "9/6/2024", "Invoice Number": "AR-1", "Patient": "Dana Kim", "Item": "Xeomin",
        "Item Total Collected": "220.00", "Tender Type": "Cash", "Employee": "Pat Kim RN",
        "Invoice Status": "Paid", "Refunds": "20.00",
    },
    "ar_patients": {
        "ID": "7", "First Name": "Dana", "Last Name": "Kim", "Email": "", "Phone": "(312) 555-0142",
        "DOB": "03/04/1994", "State": "IL", "zipcode": "60601", "Visited": "Never",
        "Patient Created Date": "01/02/2024",
    },
    "jane_appointments": {
        "id": "1005", "location_name": "Main", "start_at": "2024-09-21 13:30",
        "end_at": "2024-09-21 14:30", "patient_guid": "g-1", "patient_first_name": "Dana",
        "patient_last_name": "Kim", "treatment_name": "Jeuveau", "staff_member_name": "Pat Kim RN",
        "break": "false", "state": "arrived", "notes_text": "private", "booked_at": "2024-09-11",
    },
    "jane_patients": {
        "patient_guid": "g-1", "First Name": "Dana", "Last Name": "Kim", "Email": "dana@example.com",
        "Mobile Phone": "312 555 0142", "Birth Date": "1994-03-04", "Province/State": "IL",
        "Postal": "60601", "Active": "true",
    },
    "jane_compensation": {
        "Description": "Jeuveau", "Invoice #": "1531-P02", "Purchase Date": "2024-09-21",
        "Practitioner": "Pat Kim RN", "patient_guid": "g-1", "Patient": "Dana Kim",
        "Collected Subtotal": "300.00", "Quantity": "30", "Commission Rate": "0.3",
    },
}  # fmt: skip
PLAIN = {
    "client_id": "Client ID", "first_name": "First", "last_name": "Last", "phone": "Cell",
    "email": "E-mail", "performed_on": "Date", "service": "Service", "quantity": "Qty", "unit": "Unit",
    "price": "Paid", "line_id": "Invoice",
}  # fmt: skip
PLAIN_ROW = {
    "Client ID": "G1", "First": "Dana", "Last": "Kim", "Cell": "312 555 0142", "E-mail": "",
    "Date": "2024-09-21", "Service": "Jeuveau", "Qty": "30", "Unit": "Units", "Paid": "$300.00",
    "Invoice": "",
}  # fmt: skip


def cells(row: dict[str, str]) -> Cells:
    return Cells({name.lower(): place for place, name in enumerate(row)}, list(row.values()))


def said(preset: str, **changes: str) -> Line | None:
    return PRESETS[preset].translate(cells(ROWS[preset] | changes))


def treatment(line: Line | None) -> ReportedTreatment:
    assert line is not None
    assert line.treatment is not None
    return line.treatment


def booking(line: Line | None) -> BookingRow:
    assert line is not None
    assert line.booking is not None
    return line.booking


def client(line: Line | None) -> ReportedClient:
    assert line is not None
    assert line.client is not None
    return line.client


def plain(**changes: str) -> ReportedTreatment:
    return treatment(plain_preset(PLAIN).translate(cells(PLAIN_ROW | changes)))


def test_a_closed_zenoti_appointment_is_a_completed_booking_and_a_treatment_without_price() -> None:
    line = said("zenoti_appointments")
    assert booking(line) == BookingRow(
        group="IVC1|G1",
        remote_id="IVC1|G1",
        client=ReportedClient(remote_id="G1", full_name="Dana Kim", email="dana@example.com"),
        service="Jeuveau",
        status="completed",
        starts=datetime(2024, 9, 21, 13, 30),  # noqa: DTZ001 - a wall time, as the file has it
        ends=datetime(2024, 9, 21, 14, 30),  # noqa: DTZ001
        booked=date(2024, 9, 11),
        provider="Pat Kim RN",
        location="Main",
    )
    done = treatment(line)
    assert (done.line_key, done.price, done.quantity) == ("IVC1|G1|Jeuveau", None, None)
    assert done.performed_local == booking(line).starts


@pytest.mark.parametrize(
    ("word", "status"), [("Confirmed", "confirmed"), ("No Show", "no_show"), ("CANCELLED", "cancelled")]
)
def test_a_zenoti_appointment_that_is_not_closed_is_no_treatment(word: str, status: str) -> None:
    line = said("zenoti_appointments", Status=word)
    assert booking(line).status == status
    assert line is not None
    assert line.treatment is None


def test_blocked_time_is_no_row_about_a_client() -> None:
    assert said("zenoti_appointments", **{"Guest Code": "", "Service Name": ""}) is None
    assert said("jane_appointments", **{"break": "true", "patient_guid": "", "treatment_name": ""}) is None


def test_a_zenoti_sale_has_quantity_and_price_without_commas() -> None:
    sale = treatment(said("zenoti_sales_cash"))
    assert (sale.line_key, sale.quantity, sale.price) == (
        "IVC1|SCULPT|Sculptra (vial)|2024-09-28",
        Decimal(2),
        Decimal("1900.00"),
    )
    assert not sale.is_voided


@pytest.mark.parametrize(
    "changes",
    [{"Status": "Voided"}, {"Sale Type": "Refund"}, {"Qty": "-2"}, {"Sales Collected (Exc.Tax)": "-5"}],
)
def test_a_zenoti_sale_that_was_taken_back_starts_nothing(changes: dict[str, str]) -> None:
    assert treatment(said("zenoti_sales_cash", **changes)).is_voided


@pytest.mark.parametrize("changes", [{"Item Type": "Product"}, {"Item Type": "Gift Card"}, {"Status": "Open"}])
def test_what_was_only_sold_or_is_unfinished_is_left_out(changes: dict[str, str]) -> None:
    assert said("zenoti_sales_cash", **changes) is None


def test_an_aesthetic_record_invoice_knows_a_name_and_a_price_less_refunds() -> None:
    line = treatment(said("ar_invoices"))
    assert line.client == ReportedClient(remote_id="", full_name="Dana Kim")
    assert (line.line_key, line.price, line.performed_local) == (
        "AR-1|Xeomin",
        Decimal(200),
        date(2024, 9, 6),
    )
    assert treatment(said("ar_invoices", **{"Invoice Status": "Refunded"})).is_voided


def test_lists_of_clients_are_understood() -> None:
    dana = ReportedClient(
        remote_id="7",
        first_name="Dana",
        last_name="Kim",
        phone="(312) 555-0142",
        postal_code="60601",
        state="IL",
        date_of_birth=date(1994, 3, 4),
    )
    assert client(said("ar_patients")) == dana
    assert client(said("jane_patients")) == replace(
        dana, remote_id="g-1", phone="312 555 0142", email="dana@example.com", status=Client.Status.ACTIVE
    )
    assert client(said("jane_patients", Active="false")).status == "inactive"
    assert client(said("ar_patients", Fired="Yes")).status == "inactive"


def test_who_arrived_at_jane_was_treated() -> None:
    line = said("jane_appointments")
    assert (booking(line).status, booking(line).remote_id) == ("completed", "1005")
    assert treatment(line).line_key == "1005"
    assert treatment(line).client == ReportedClient(remote_id="g-1", first_name="Dana", last_name="Kim")


def test_a_jane_moment_may_be_in_utc() -> None:
    line = said("jane_appointments", start_at="2024-09-21 13:30 UTC", end_at="2024-09-21 14:30 UTC")
    assert booking(line).starts == datetime(2024, 9, 21, 13, 30, tzinfo=UTC)
    assert (treatment(line).performed_at, treatment(line).performed_local) == (booking(line).starts, None)
    assert booking(said("jane_appointments", start_at="2024-09-21 13:30 UTC")).ends is None


def test_an_edited_jane_invoice_keeps_its_number() -> None:
    line = treatment(said("jane_compensation"))
    assert (line.line_key, line.quantity, line.price) == ("1531|Jeuveau", Decimal(30), Decimal(300))
    assert treatment(said("jane_compensation", **{"Invoice #": "1531-P01"})).line_key == line.line_key


def test_a_plain_row_is_a_treatment_of_the_client_it_describes() -> None:
    line = plain()
    assert line.line_key == "G1|2024-09-21|Jeuveau"
    assert (line.quantity, line.unit, line.price) == (Decimal(30), "unit", Decimal(300))
    assert line.client == ReportedClient(remote_id="G1", first_name="Dana", last_name="Kim", phone="312 555 0142")
    assert plain(Invoice="R-9").line_key == plain(Invoice="R-9", Date="2024-09-22").line_key == "R-9|Jeuveau"
    assert plain(Paid="(300.00)").is_voided


def test_a_plain_row_may_say_how_it_stands() -> None:
    preset = plain_preset(PLAIN | {"status": "Status"})
    said_of = {
        word: preset.translate(cells(PLAIN_ROW | {"Status": word}))
        for word in ("", "Completed", "No Show", "Refunded", "Booked")
    }
    assert [treatment(said_of[word]).is_voided for word in ("", "Completed", "No Show", "Refunded")] == [
        False,
        False,
        True,
        True,
    ]
    assert said_of["Booked"] is None
    with pytest.raises(BadRow, match="unknown word: “Perhaps”"):
        preset.translate(cells(PLAIN_ROW | {"Status": "Perhaps"}))


def test_a_plain_list_of_clients_says_who_may_be_written_to() -> None:
    mapping = {"client_id": "Client ID", "last_name": "Last", "status": "Status"}
    statuses = [
        client(plain_preset(mapping).translate(cells(PLAIN_ROW | {"Status": word}))).status
        for word in ("", "Active", "Archived", "Deceased", "Do Not Contact")
    ]
    assert statuses == [None, "active", "inactive", "deceased", "do_not_contact"]


def test_a_plain_row_without_an_id_is_told_by_the_name() -> None:
    mapping = {field: column for field, column in PLAIN.items() if field not in ("client_id", "line_id")}
    line = treatment(plain_preset(mapping).translate(cells(PLAIN_ROW)))
    assert (line.client.remote_id, line.client.full_name) == ("", "Dana Kim")
    assert line.line_key == "Dana Kim|2024-09-21|Jeuveau"
    with pytest.raises(BadRow, match="names no client"):
        plain_preset(mapping).translate(cells(PLAIN_ROW | {"First": "", "Last": ""}))


@pytest.mark.parametrize(
    ("preset", "changes", "reason"),
    [
        ("zenoti_appointments", {"Guest Code": ""}, "“guest code” is empty"),
        ("zenoti_appointments", {"Service Name": ""}, "“service name” is empty"),
        ("zenoti_appointments", {"Status": "Teleported"}, "“Status” holds an unknown word: “Teleported”"),
        (
            "zenoti_appointments",
            {"Appointment Date": "21/09/2024"},
            "“Appointment Date” is no date: “21/09/2024”",
        ),
        ("zenoti_appointments", {"Start Time": "25:00"}, "“Start Time” has no time of day"),
        ("zenoti_sales_cash", {"Item Type": "Spell"}, "“Item Type” holds an unknown word"),
        ("zenoti_sales_cash", {"Qty": "two"}, "“Qty” is no number: “two”"),
        ("zenoti_sales_cash", {"Sales Collected (Exc.Tax)": "1.900,00"}, "is no amount"),
        ("ar_invoices", {"Patient": ""}, "“patient” is empty"),
        ("ar_invoices", {"Date": "2/30/2024"}, "“Date” is no date"),
        ("ar_patients", {"ID": ""}, "“id” is empty"),
        ("ar_patients", {"First Name": "x" * 81}, "holds more than 80 characters"),
        ("jane_appointments", {"state": ""}, "“state” is empty"),
        ("jane_appointments", {"break": "perhaps"}, "“break” is neither yes nor no"),
        ("jane_appointments", {"start_at": "2024-09-21"}, "“start_at” has no time of day"),
        ("jane_patients", {"Active": "maybe"}, "“Active” is neither yes nor no"),
        ("jane_compensation", {"Quantity": "1e9"}, "“Quantity” is too large a number"),
    ],
)
def test_a_row_that_cannot_be_understood_says_why(preset: str, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRow, match=reason.replace("(", r"\(")):
        said(preset, **changes)


@pytest.mark.parametrize("word", ["", "13/01/2024", "2024-13-01", "0001-01-01", "yesterday", "45551", "1/2", "2024"])
def test_what_is_no_day_is_refused(word: str) -> None:
    with pytest.raises(BadRow, match="is no date"):
        local_day(word, "Date")


@pytest.mark.parametrize(
    ("word", "hour"), [("12:00 AM", 0), ("12:15 pm", 12), ("1:00 p.m.", 13), ("23:59:59", 23), ("09:05", 9)]
)
def test_times_of_day_are_understood(word: str, hour: int) -> None:
    assert wall_time(word, "Start").hour == hour
    assert local_moment(f"9/1/24 {word}", "Start").date() == date(2024, 9, 1)


@pytest.mark.parametrize("word", ["", "13:00 PM", "0:30 AM", "24:00", "12:60", "noon", "1 PM"])
def test_what_is_no_time_of_day_is_refused(word: str) -> None:
    with pytest.raises(BadRow, match="no time of day"):
        wall_time(word, "Start")


@pytest.mark.parametrize(
    ("word", "amount"),
    [
        ("1,900.00", "1900"),
        ("$5", "5"),
        ("-$5.10", "-5.10"),
        ("($12.00)", "-12"),
        (".5", "0.5"),
        ("1900 USD", "1900"),
    ],
)
def test_amounts_are_understood(word: str, amount: str) -> None:
    assert money(word, "Paid") == Decimal(amount)


@pytest.mark.parametrize("word", ["1,90.00", "1.2.3", "NaN", "€5", "100000000", "--5", "five"])
def test_what_is_no_amount_is_refused(word: str) -> None:
    with pytest.raises(BadRow, match="amount"):
        money(word, "Paid")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "10000000", "1-2", "ten"])
def test_what_is_no_quantity_is_refused(word: str) -> None:
    with pytest.raises(BadRow, match="number"):
        quantity(word, "Qty")


def test_units_are_written_one_way() -> None:
    words = ["Units", "cc", "mL", "Syringes", "VIAL", "sessions"]
    assert [unit(word) for word in words] == ["unit", "ml", "ml", "syringe", "vial", "session"]
    assert unit("a very long description of a unit") is None

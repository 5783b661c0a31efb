"""Are the rows of one booking one appointment, whatever their order and however far apart they lie?"""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clients.operations.reported import ReportedClient
from integrations.imports.batches import batches, count_bookings, report_of
from integrations.imports.bookings import joined
from integrations.imports.detecting import PRESETS
from integrations.imports.lines import BookingRow
from integrations.imports.remembering import memory
from integrations.imports.rows import Row, Table

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOON = datetime(2026, 12, 1, 12, 0)  # noqa: DTZ001 - a wall time, as files have it
STATUSES = ["booked", "confirmed", "arrived", "completed", "no_show", "cancelled"]


def row(remote_id: str = "10", service: str = "Botox", status: str = "booked", **fields: object) -> BookingRow:
    return BookingRow(
        group="g",
        remote_id=remote_id,
        client=ReportedClient(remote_id="c"),
        service=service,
        status=status,
        starts=fields.get("starts", NOON),  # type: ignore[arg-type]
        ends=fields.get("ends", NOON + timedelta(minutes=30)),  # type: ignore[arg-type]
        booked=fields.get("booked"),  # type: ignore[arg-type]
    )


def open_table(header: tuple[str, ...], rows: list[Row]) -> Table:
    return Table(header, iter(rows), lambda: 1.0, lambda: None)


def test_services_of_one_visit_stand_together_under_its_lowest_row() -> None:
    told = joined([row("1005-1", "Botox", ends=NOON + timedelta(minutes=60)), row("1005", "Jeuveau")], NOW)
    assert (told.remote_id, told.services, told.duration_minutes) == ("1005", ("Jeuveau", "Botox"), 60)
    assert (told.starts_local, told.starts_at) == (NOON, None)


def test_a_visit_starts_with_its_earliest_service() -> None:
    later = NOON + timedelta(minutes=30)
    told = joined([row("1", starts=later, ends=later + timedelta(minutes=15)), row("2")], NOW)
    assert (told.starts_local, told.duration_minutes) == (NOON, 45)


def test_a_service_that_was_taken_out_of_a_visit_is_none_of_its_services() -> None:
    told = joined([row("1", "Facial", "cancelled"), row("2", "Botox", "completed")], NOW)
    assert (told.status, told.services) == ("completed", ("Botox",))
    gone = joined([row("1", "Facial", "cancelled"), row("2", "Botox", "cancelled")], NOW)
    assert (gone.status, gone.services) == ("cancelled", ("Facial", "Botox"))


def test_a_day_of_booking_that_has_not_come_yet_is_not_believed() -> None:
    assert joined([row(booked=date(2026, 12, 28))], NOW).booked_local is None
    assert joined([row(booked=date(2026, 11, 20))], NOW).booked_local == date(2026, 11, 20)


def test_an_end_before_the_start_or_days_later_tells_nothing() -> None:
    assert joined([row(ends=NOON - timedelta(hours=1))], NOW).duration_minutes is None
    assert joined([row(ends=NOON + timedelta(days=3))], NOW).duration_minutes is None


some_rows = st.lists(
    st.builds(
        row,
        remote_id=st.integers(1, 30).map(str),
        service=st.sampled_from(["Botox", "Jeuveau", "Facial"]),
        status=st.sampled_from(STATUSES),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda told: told.remote_id,
)


@given(rows=some_rows, data=st.data())
def test_r13_the_order_of_rows_makes_no_difference(rows: list[BookingRow], data: st.DataObject) -> None:
    assert joined(data.draw(st.permutations(rows)), NOW) == joined(rows, NOW)


@given(
    visits=st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["Botox", "Facial", "Kybella"])), max_size=30),
    size=st.integers(1, 7),
)
def test_a_booking_whose_rows_lie_apart_is_reported_once_and_whole(visits: list[tuple[int, str]], size: int) -> None:
    header = ("Invoice No", "Guest Code", "Service Name", "Appointment Date", "Start Time", "Status")
    rows = [
        Row(line, [f"IVC{visit}", f"G{visit}", service, "12/01/2026", "12:00 PM", "Closed"])
        for line, (visit, service) in enumerate(visits, start=2)
    ]
    told: list[tuple[str, list[str]]] = []
    keys: list[str] = []
    lines: list[int] = []
    with memory() as seen:
        for _ in count_bookings(open_table(header, rows), PRESETS["zenoti_appointments"], seen, NOW, size):
            pass
        table = open_table(header, rows)
        for batch in batches(table, PRESETS["zenoti_appointments"], seen, NOW, size):
            report = report_of(batch.pieces, PRESETS["zenoti_appointments"])
            told += [(booking.remote_id, sorted(booking.services or ())) for booking in report.appointments]
            keys += [treatment.line_key for treatment in report.treatments]
            lines += [line for piece in batch.pieces for line in piece.lines]
    whole: dict[str, list[str]] = {}
    for visit, service in visits:
        whole.setdefault(f"IVC{visit}|G{visit}", []).append(service)
    assert sorted(told) == sorted((key, sorted(services)) for key, services in whole.items())
    assert len(set(keys)) == len(keys) == len(visits)
    assert sorted(lines) == [row.line for row in rows]


def test_a_repeated_line_is_told_from_the_first_by_its_number() -> None:
    header = ("Invoice Number", "Item", "Tender Type", "Date", "Patient", "Invoice Status")
    rows = [Row(line, ["AR-1", "Botox", "Cash", "9/1/2026", "Dana Kim", "Paid"]) for line in (2, 3, 4)]
    rows.append(Row(5, ["AR-2", "B" * 200, "Cash", "9/1/2026", "Dana Kim", "Paid"]))
    with memory() as seen:
        table = open_table(header, rows)
        keys = [
            told.line_key
            for batch in batches(table, PRESETS["ar_invoices"], seen, NOW, 2)
            for told in report_of(batch.pieces, PRESETS["ar_invoices"]).treatments
        ]
    assert keys[:3] == ["AR-1|Botox", "AR-1|Botox#2", "AR-1|Botox#3"]
    assert len(keys[3]) <= 200

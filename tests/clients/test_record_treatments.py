"""Do the lines of all sources become the treatments that happened?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadences.models.service import ServiceKind
from cadences.operations.services import map_service
from clients import events
from clients.models import Client, Treatment, TreatmentRecord
from clients.operations.reported import ReportedTreatment
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, DYSPORT, FACIAL, LIP_FILLER, UNKNOWN, service
from tests.builders.clients import DANA, OLIVIA, SAID_AT, say, treatment
from tests.builders.practices import MADE_AT, hilltop, lakeview, location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)


def treatments(practice: Practice) -> list[tuple[str, str, str]]:
    """Type, day and status of every treatment, in order."""
    with practice_scope(practice.id):
        rows = Treatment.objects.order_by("performed_on", "treatment_type__slug")
        return [
            (slug, f"{day:%m-%d}", status)
            for slug, day, status in rows.values_list("treatment_type__slug", "performed_on", "status")
        ]


def only(practice: Practice) -> Treatment:
    with practice_scope(practice.id):
        return Treatment.objects.select_related("treatment_type", "client", "provider").get()


@contextmanager
def heard(name: str) -> Iterator[list[frozenset[UUID]]]:
    """The clients of each news of this name."""
    news: list[frozenset[UUID]] = []
    signal = getattr(events, name)
    signal.connect(lambda event, **_: news.append(event.client_ids), weak=False, dispatch_uid="test")
    try:
        yield news
    finally:
        signal.disconnect(dispatch_uid="test")


def test_a_line_becomes_a_record_and_a_treatment_of_its_type() -> None:
    practice = lakeview()
    with heard("treatment_recorded") as news:
        recorded = say(practice, treatment(provider="Pat Kim RN"))
    assert (recorded.created, recorded.updated, recorded.unchanged, recorded.waiting) == (1, 0, 0, 0)
    made = only(practice)
    assert made.treatment_type.slug == "botox"
    assert made.performed_on == date(2026, 3, 2)
    assert (made.quantity, made.unit, made.price) == (Decimal(20), "unit", Decimal(240))
    assert made.provider is not None
    assert made.provider.display_name == "Pat"
    assert news == [recorded.client_ids] == [{made.client_id}]


def test_the_day_is_the_date_in_the_locations_zone() -> None:
    """R1: 22:30 in Honolulu on March 2 is March 3 nearly everywhere else."""
    practice = lakeview()
    location(practice, "Waikiki", time_zone="Pacific/Honolulu")
    moment = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    say(practice, treatment(performed_at=moment, location="Waikiki"))
    assert only(practice).performed_on == date(2026, 3, 2)


def test_without_a_location_the_practices_zone_counts() -> None:
    practice = lakeview()
    say(practice, treatment(performed_at=datetime(2026, 3, 3, 5, 30, tzinfo=UTC)))
    assert only(practice).performed_on == date(2026, 3, 2)


def test_a_wall_time_is_read_in_the_locations_zone() -> None:
    practice = lakeview()
    location(practice, "Waikiki", time_zone="Pacific/Honolulu")
    say(practice, treatment(performed_local=datetime(2026, 3, 2, 22, 30), location="Waikiki"))  # noqa: DTZ001
    with practice_scope(practice.id):
        assert TreatmentRecord.objects.get().performed_at == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert only(practice).performed_on == date(2026, 3, 2)


def test_lines_of_one_source_add_up() -> None:
    """R16."""
    practice = lakeview()
    say(
        practice,
        treatment("T1", area="Forehead", quantity=Decimal(12), price=Decimal(144)),
        treatment("T2", area="Glabella", quantity=Decimal(20), price=Decimal("240.50")),
    )
    made = only(practice)
    assert (made.quantity, made.price, made.area) == (Decimal(32), Decimal("384.50"), "Forehead, Glabella")


@pytest.mark.parametrize("is_sales_first", [True, False])
def test_of_two_sources_the_one_with_money_wins_and_the_other_fills_gaps(is_sales_first: bool) -> None:
    """R16: Zenoti's appointments know the provider, its sales the price."""
    practice = lakeview()
    visit = treatment("visit", quantity=Decimal(1), unit="", price=None, area="Forehead", provider="Pat Kim RN")
    sale = treatment("sale", quantity=Decimal(40), price=Decimal(480), provider=None)
    steps = [("zenoti_appointments", visit), ("zenoti_sales_cash", sale)]
    for document, line in reversed(steps) if is_sales_first else steps:
        say(practice, line, source="zenoti", document=document, at=None)
    made = only(practice)
    assert (made.quantity, made.unit, made.price) == (Decimal(40), "unit", Decimal(480))
    assert made.area == "Forehead"
    assert made.provider is not None
    with practice_scope(practice.id):
        assert TreatmentRecord.objects.filter(treatment=made).count() == 2


def test_two_types_in_one_visit_are_two_treatments() -> None:
    practice = lakeview()
    say(practice, treatment("T1"), treatment("T2", service=LIP_FILLER))
    assert treatments(practice) == [("botox", "03-02", "completed"), ("lip_filler", "03-02", "completed")]


def test_what_is_no_injectable_is_kept_and_counts_as_no_treatment() -> None:
    practice = lakeview()
    say(practice, treatment("T1", service=FACIAL), treatment("T2", service=UNKNOWN))
    assert treatments(practice) == []
    with practice_scope(practice.id):
        assert TreatmentRecord.objects.filter(treatment=None).count() == 2


@pytest.mark.parametrize("at", [None, SAID_AT])
def test_a_repeat_changes_nothing(at: datetime | None) -> None:
    practice = lakeview()
    lines = (treatment("T1"), treatment("T2", OLIVIA), treatment("T3", service=FACIAL))
    say(practice, *lines, at=at)
    before = treatments(practice)
    with heard("treatment_recorded") as news:
        again = say(practice, *lines, at=at, now=SAID_AT + 24 * HOUR)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert news == []
    assert again.client_ids == set()
    assert treatments(practice) == before


def test_a_file_read_again_writes_no_row() -> None:
    practice = lakeview()
    say(practice, treatment(), at=None)
    with CaptureQueriesContext(connection) as queries:
        say(practice, treatment(), at=None, now=SAID_AT + 24 * HOUR)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_void_withdraws_the_treatment_and_its_completion_brings_the_same_one_back() -> None:
    """R17."""
    practice = lakeview()
    say(practice, treatment())
    first = only(practice)
    void = ReportedTreatment("T1", DANA, "", is_voided=True)
    recorded = say(practice, void, at=SAID_AT + HOUR)
    assert recorded.updated == 1
    assert treatments(practice) == [("botox", "03-02", "voided")]
    say(practice, treatment(), at=SAID_AT + 2 * HOUR)
    assert treatments(practice) == [("botox", "03-02", "completed")]
    assert only(practice).id == first.id


def test_a_void_heard_before_its_completion_holds() -> None:
    """R13."""
    practice = lakeview()
    say(practice, ReportedTreatment("T1", DANA, "", is_voided=True), at=SAID_AT + HOUR)
    say(practice, treatment(), at=SAID_AT)
    assert treatments(practice) == []
    with practice_scope(practice.id):
        record = TreatmentRecord.objects.get()
    assert (record.status, record.performed_on, record.quantity) == ("voided", date(2026, 3, 2), Decimal(20))


def test_a_corrected_day_moves_the_treatment_and_keeps_its_id() -> None:
    """R17: sequences hang on it."""
    practice = lakeview()
    say(practice, treatment())
    first = only(practice)
    say(practice, treatment(performed_local=date(2026, 3, 4)), at=SAID_AT + HOUR)
    assert treatments(practice) == [("botox", "03-04", "completed")]
    assert only(practice).id == first.id


def test_a_corrected_type_moves_the_treatment_and_keeps_its_id() -> None:
    practice = lakeview()
    say(practice, treatment())
    first = only(practice)
    say(practice, treatment(service=DYSPORT), at=SAID_AT + HOUR)
    assert treatments(practice) == [("dysport", "03-02", "completed")]
    assert only(practice).id == first.id


def test_a_treatment_moved_onto_another_is_added_to_it() -> None:
    practice = lakeview()
    say(practice, treatment("T1"), treatment("T2", performed_local=date(2026, 3, 4)))
    say(practice, treatment("T1", performed_local=date(2026, 3, 4)), at=SAID_AT + HOUR)
    assert treatments(practice) == [("botox", "03-02", "voided"), ("botox", "03-04", "completed")]
    with practice_scope(practice.id):
        assert Treatment.objects.get(status="completed").quantity == Decimal(40)


def test_two_treatments_that_each_move_a_day_keep_their_ids() -> None:
    """The second must leave its day before the first can take it."""
    practice = lakeview()
    days = [date(2026, 3, day) for day in (2, 3, 4)]
    say(practice, treatment("T1", performed_local=days[0]), treatment("T2", performed_local=days[1]))
    with practice_scope(practice.id):
        before = list(Treatment.objects.order_by("performed_on").values_list("id", flat=True))
    say(
        practice,
        treatment("T1", performed_local=days[1]),
        treatment("T2", performed_local=days[2]),
        at=SAID_AT + HOUR,
    )
    with practice_scope(practice.id):
        after = list(Treatment.objects.order_by("performed_on").values_list("id", "performed_on"))
    assert after == list(zip(before, days[1:], strict=True))


def test_a_part_of_a_treatment_that_moves_leaves_the_rest_where_it_was() -> None:
    practice = lakeview()
    say(practice, treatment("T1"), treatment("T2"))
    first = only(practice)
    say(practice, treatment("T2", performed_local=date(2026, 3, 4)), at=SAID_AT + HOUR)
    assert treatments(practice) == [("botox", "03-02", "completed"), ("botox", "03-04", "completed")]
    with practice_scope(practice.id):
        assert Treatment.objects.get(id=first.id).quantity == Decimal(20)


def test_a_line_given_to_another_client_leaves_the_first_and_tells_both() -> None:
    practice = lakeview()
    say(practice, treatment())
    say(practice, OLIVIA)
    recorded = say(practice, treatment(client=OLIVIA), at=SAID_AT + HOUR)
    assert only(practice).client.first_name == "Olivia"
    with practice_scope(practice.id):
        assert recorded.client_ids == set(Client.objects.values_list("id", flat=True))


def test_a_service_that_a_manager_maps_gets_its_treatments() -> None:
    """LIB-5."""
    practice = lakeview()
    say(practice, treatment("T1", service=UNKNOWN), treatment("T2", OLIVIA, service=UNKNOWN), treatment("T3"))
    unknown = service(practice, UNKNOWN)
    with heard("treatment_recorded") as news, practice_scope(practice.id):
        map_service(practice.id, unknown.id, ServiceKind.TREATMENT_TYPE, "dysport", actor=Actor(), now=MADE_AT)
        both = set(Client.objects.values_list("id", flat=True))
    assert news == [both]
    assert treatments(practice) == [
        ("botox", "03-02", "completed"),
        ("dysport", "03-02", "completed"),
        ("dysport", "03-02", "completed"),
    ]


def test_a_service_mapped_to_something_unrelated_voids_its_treatments() -> None:
    """R17: a remap is followed."""
    practice = lakeview()
    say(practice, treatment("T1"), treatment("T2", service=LIP_FILLER))
    botox = service(practice, BOTOX)
    with practice_scope(practice.id):
        map_service(practice.id, botox.id, ServiceKind.UNRELATED, actor=Actor(), now=MADE_AT)
    assert treatments(practice) == [("botox", "03-02", "voided"), ("lip_filler", "03-02", "completed")]


def test_of_equal_keys_in_one_batch_the_last_counts() -> None:
    practice = lakeview()
    say(practice, treatment(quantity=Decimal(10)), treatment(quantity=Decimal(12)))
    assert only(practice).quantity == Decimal(12)


def test_a_treatment_without_a_service_is_refused() -> None:
    practice = lakeview()
    with pytest.raises(ValueError, match="needs a service"):
        say(practice, treatment(service=" "))


def test_a_batch_takes_as_many_queries_as_one_line() -> None:
    practice = lakeview()
    say(practice, treatment("T0"))
    counts = []
    for size in (1, 30):
        lines = [treatment(f"{size}-{n}", performed_local=date(2024, 1, size) + timedelta(days=n)) for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            say(practice, *lines)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_practice_sees_none_of_it() -> None:
    ours, theirs = lakeview(), hilltop()
    say(ours, treatment())
    say(theirs, treatment(quantity=Decimal(7)))
    with practice_scope(theirs.id):
        assert Client.objects.count() == TreatmentRecord.objects.count() == 1
        assert Treatment.objects.get().quantity == Decimal(7)
    assert only(ours).quantity == Decimal(20)

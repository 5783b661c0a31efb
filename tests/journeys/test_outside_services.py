"""Does an unknown service wait, and does everything it held follow once somebody says what it is? (LIB-5, R6)"""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.builders.outside import Outside, command
from tests.journeys.test_refill_loop import TREATED, book, treat

pytestmark = pytest.mark.django_db


@pytest.fixture
def lakeview(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Live; Nora had Botox, and Quinn something that nobody knows."""
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)  # the worker is called by hand here
    practice = Outside(TREATED - timedelta(days=2))
    with practice.then():
        command("go_live", "lakeview")
    practice.then(at=TREATED)
    treat(practice)
    practice.post(
        "treatment.completed",
        client={"id": "Q", "first_name": "Quinn", "phone": "312-555-0111"},
        treatment={"id": "T-Q", "service": "Magic Tox", "performed_at": "2026-09-14T15:30:00-05:00"},
    )
    return practice


def map_to(practice: Outside, name: str, meaning: str, *, at: datetime | None = None) -> None:
    with practice.then(minutes=60, at=at):
        command("map_service", name, meaning, practice="lakeview")


def test_a_treatment_under_an_unknown_name_waits_and_then_gets_its_sequence(lakeview: Outside) -> None:
    assert lakeview.summary()["unmapped_services"] == {"Magic Tox": 1}
    assert lakeview.sequences("refill") == [("open", "")]
    map_to(lakeview, " magic TOX", "botox")
    assert lakeview.summary()["unmapped_services"] == {}
    assert lakeview.summary()["treatments"] == {"botox": 2}
    assert lakeview.sequences("refill") == [("open", ""), ("open", "")]


def test_an_unknown_booking_holds_every_family_until_it_turns_out_unrelated(lakeview: Outside) -> None:
    book(lakeview, services=["Zorblax"], starts_at="2026-12-20T14:00:00-06:00")
    assert lakeview.sequences("refill") == [("booked", "")]
    map_to(lakeview, "Zorblax", "unrelated")
    assert lakeview.sequences("refill") == [("open", "")]
    assert [step for step, state, _ in lakeview.reminders("refill") if state == "planned"] == [
        "first", "second", "last",
    ]  # fmt: skip


def test_an_unknown_booking_holds_for_seven_days_at_most(lakeview: Outside) -> None:
    book(lakeview, services=["Zorblax"], starts_at="2026-12-20T14:00:00-06:00")
    lakeview.sweep(at=TREATED + timedelta(days=6, hours=23))
    assert lakeview.sequences("refill") == [("booked", "")]
    lakeview.sweep(at=TREATED + timedelta(days=7, hours=1))
    assert lakeview.sequences("refill") == [("open", "")]


@pytest.mark.parametrize(
    ("name", "meaning", "says"),
    [
        ("Nothing", "botox", "These wait to be mapped: Magic Tox"),
        ("Magic Tox", "botoxx", "'botoxx' is none of: botox"),
        ("Magic Tox", "unknown", "'unknown' is none of"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_what_there_is(
    lakeview: Outside, name: str, meaning: str, says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("map_service", name, meaning, practice=lakeview.slug, stdout=StringIO())
    assert lakeview.summary()["unmapped_services"] == {"Magic Tox": 1}


def test_another_practice_maps_its_own_services_only(lakeview: Outside) -> None:
    with lakeview.then():
        command("create_practice", "hilltop", name="Hilltop", time_zone="America/Denver")
        with pytest.raises(CommandError, match="These wait to be mapped: none"):
            command("map_service", "Magic Tox", "botox", practice="hilltop")

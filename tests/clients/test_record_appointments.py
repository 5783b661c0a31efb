"""Do bookings, moves and cancellations become the appointments that stand, in whatever order they come?"""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients import events
from clients.models import Appointment, AppointmentChange, AppointmentService, Client
from clients.operations.reported import ReportedAppointment
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.cadences import BOTOX, FACIAL, LIP_FILLER
from tests.builders.clients import DANA, OLIVIA, SAID_AT, appointment, say
from tests.builders.practices import hilltop, lakeview, location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)
MAY_11 = datetime(2026, 5, 11, 15, 0, tzinfo=UTC)
MAY_12 = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)


def only(practice: Practice) -> Appointment:
    with practice_scope(practice.id):
        return Appointment.objects.get()


def services(practice: Practice) -> list[str]:
    with practice_scope(practice.id):
        return list(AppointmentService.objects.order_by("position").values_list("service__name", flat=True))


def word(status: str = "", at_hour: int = 0, **fields: Any) -> tuple[ReportedAppointment, datetime]:
    """A word about appointment A1 that says only what is given."""
    return ReportedAppointment("A1", DANA, status, **fields), SAID_AT + at_hour * HOUR


def test_a_booking_is_kept_with_its_services_in_order() -> None:
    practice = lakeview()
    location(practice, "Waikiki", time_zone="Pacific/Honolulu")
    recorded = say(
        practice, appointment(services=(BOTOX, LIP_FILLER), location="Waikiki", provider="Pat Kim RN", version=3)
    )
    made = only(practice)
    assert recorded.created == 1
    assert recorded.client_ids == {made.client_id}
    assert made.starts_at == datetime(2026, 5, 11, 20, 0, tzinfo=UTC)
    assert (made.status, made.duration_minutes, made.version) == ("booked", 30, 3)
    assert made.learned_at == SAID_AT + timedelta(seconds=2)
    assert services(practice) == [BOTOX, LIP_FILLER]


def test_rows_of_one_booking_are_joined() -> None:
    practice = lakeview()
    ten, half_past = datetime(2026, 5, 11, 10, 0), datetime(2026, 5, 11, 10, 30)  # noqa: DTZ001
    recorded = say(
        practice,
        appointment(starts_local=half_past, services=(LIP_FILLER,), duration_minutes=45, status="booked"),
        appointment(starts_local=ten, services=(BOTOX,), duration_minutes=30, status="cancelled"),
        at=None,
    )
    made = only(practice)
    assert recorded.created == 2
    assert (made.starts_at, made.duration_minutes, made.status) == (MAY_11, 75, "booked")
    assert services(practice) == [LIP_FILLER, BOTOX]


def test_a_move_is_remembered_with_its_history() -> None:
    """REC-4, R8."""
    practice = lakeview()
    say(practice, *[appointment()])
    moved, at = word("booked", 1, starts_at=MAY_12)
    recorded = say(practice, moved, at=at)
    made = only(practice)
    assert recorded.updated == 1
    assert (made.starts_at, made.moved_at) == (MAY_12, at)
    assert services(practice) == [BOTOX]
    with practice_scope(practice.id):
        (change,) = AppointmentChange.objects.all()
    assert (change.from_starts_at, change.to_starts_at, change.changed_at) == (MAY_11, MAY_12, at)


def test_a_cancellation_says_when_and_by_whom() -> None:
    practice = lakeview()
    say(practice, appointment())
    cancelled, at = word("cancelled", 2, is_cancelled_by_practice=True)
    say(practice, cancelled, at=at)
    made = only(practice)
    assert (made.status, made.ended_at, made.is_cancelled_by_practice) == ("cancelled", at, True)
    assert made.starts_at == MAY_11
    say(practice, word("booked")[0], at=at + HOUR)
    assert (only(practice).status, only(practice).ended_at) == ("booked", None)


def test_an_end_told_again_is_as_old_as_its_first_word() -> None:
    practice = lakeview()
    say(practice, appointment())
    for hours in (3, 2, 4):
        say(practice, word("no_show")[0], at=SAID_AT + hours * HOUR)
    assert only(practice).ended_at == SAID_AT + 2 * HOUR


def test_an_end_that_a_file_tells_was_by_the_start_at_latest() -> None:
    """Importing a year-old cancellation must not look like one of today."""
    practice = lakeview()
    say(practice, appointment(status="cancelled"), at=None, now=MAY_11 + 400 * 24 * HOUR)
    assert only(practice).ended_at == MAY_11


def test_a_cancellation_before_its_booking_leaves_a_tombstone() -> None:
    """R13."""
    practice = lakeview()
    say(practice, word("cancelled", 1)[0], at=SAID_AT + HOUR)
    tombstone = only(practice)
    assert (tombstone.status, tombstone.starts_at) == ("cancelled", None)
    say(practice, appointment(), at=SAID_AT)
    made = only(practice)
    assert (made.status, made.starts_at, made.id) == ("cancelled", MAY_11, tombstone.id)
    assert services(practice) == [BOTOX]


def test_the_version_goes_before_the_clock() -> None:
    """R13: the second word was sent earlier, but counts a higher version."""
    practice = lakeview()
    say(practice, appointment(version=2, starts_local=None, starts_at=MAY_12), at=SAID_AT)
    say(practice, appointment(version=1, starts_local=None, starts_at=MAY_11), at=SAID_AT + HOUR)
    assert only(practice).starts_at == MAY_12


def test_a_status_that_is_not_said_changes_none() -> None:
    practice = lakeview()
    say(practice, appointment(status="confirmed"))
    say(practice, word("", 1, duration_minutes=45)[0], at=SAID_AT + HOUR)
    assert (only(practice).status, only(practice).duration_minutes) == ("confirmed", 45)


def test_a_status_never_said_yields_to_any_word() -> None:
    practice = lakeview()
    say(practice, word("", 1, starts_at=MAY_11)[0], at=SAID_AT + HOUR)
    assert only(practice).status == "booked"
    say(practice, word("cancelled")[0], at=SAID_AT)
    assert only(practice).status == "cancelled"


@pytest.mark.parametrize("at", [None, SAID_AT])
def test_a_repeat_changes_nothing_and_tells_nobody(at: datetime | None) -> None:
    practice = lakeview()
    lines = (appointment("A1"), appointment("A2", OLIVIA, services=(FACIAL,)))
    say(practice, *lines, at=at)
    news: list[object] = []
    events.appointment_changed.connect(lambda event, **_: news.append(event), weak=False, dispatch_uid="test")
    try:
        again = say(practice, *lines, at=at, now=SAID_AT + 24 * HOUR)
    finally:
        events.appointment_changed.disconnect(dispatch_uid="test")
    assert (again.created, again.updated, again.unchanged, news) == (0, 0, 2, [])


WORDS = [
    word("booked", 0, starts_at=MAY_11, services=(BOTOX,), duration_minutes=30, location="Main"),
    word("", 1, starts_at=MAY_12, provider="Pat Kim RN"),
    word("confirmed", 2),
    word("", 3, services=(BOTOX, FACIAL), is_cancelled_by_practice=False),
    word("cancelled", 4, is_cancelled_by_practice=True),
]


def told(practice: Practice, order: list[tuple[ReportedAppointment, datetime]]) -> tuple[Any, ...]:
    for line, at in order:
        say(practice, line, at=at)
    made = only(practice)
    with practice_scope(practice.id):
        facts = (
            made.starts_at,
            made.status,
            made.ended_at,
            made.duration_minutes,
            made.is_cancelled_by_practice,
            made.location.name if made.location else "",
            made.provider.name if made.provider else "",
            tuple(services(practice)),
        )
        Appointment.objects.all().delete()
    return facts


def test_every_order_of_the_same_words_gives_the_same_appointment() -> None:
    """R13: 120 orders."""
    practice = lakeview()
    assert {told(practice, list(order)) for order in permutations(WORDS)} == {
        (MAY_12, "cancelled", SAID_AT + 4 * HOUR, 30, True, "Main", "Pat Kim RN", (BOTOX, FACIAL))
    }


@settings(max_examples=40)
@given(order=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_any_number_of_repeats_in_any_order_gives_what_each_word_once_gives(
    order: list[tuple[ReportedAppointment, datetime]],
) -> None:
    """R13. Hypothesis repeats within one database transaction; each example clears up."""
    practice = _practice()
    once = sorted({id(item): item for item in order}.values(), key=lambda item: item[1])
    assert told(practice, order) == told(practice, once)


_made: dict[str, Practice] = {}


def _practice() -> Practice:
    return _made["lakeview"]


@pytest.fixture(autouse=True)
def _shared(request: pytest.FixtureRequest) -> None:
    if "any_number" in request.node.name:
        _made["lakeview"] = lakeview()


def test_another_practice_may_use_the_same_ids() -> None:
    ours, theirs = lakeview(), hilltop()
    say(ours, appointment())
    say(theirs, appointment(status="confirmed"))
    assert only(ours).status == "booked"
    assert only(theirs).status == "confirmed"
    with practice_scope(theirs.id):
        assert Client.objects.count() == 1

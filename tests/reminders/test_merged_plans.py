"""Is the plan of a merged client that of one person, and do two persons get theirs back?"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Count, F, Q

from clients.models import Client, ClientIdentity, ConsentAttestation, Suppression, TreatmentRecord
from clients.operations.merging import merge, unmerge
from clients.operations.reported import ReportedClient
from clients.operations.stopping import opt_out
from practices.models import Practice
from practices.operations.rows import run
from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder, Sequence
from tests.builders.clients import DANA, appointment, say, treatment
from tests.builders.practices import lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 16, tzinfo=UTC)
TWIN = replace(DANA, remote_id="J7", phone="312-555-0199", email="dana2@example.com", last_name="Whitfeld")
SEQUENCE_ROWS = "SELECT (to_jsonb(t))::text FROM reminders_sequence t"
TABLES = ("sequence", "reminder", "message", "delivery", "call", "clientplan")

Events = list[tuple[str, Callable[[ReportedClient], Any]]]


@pytest.fixture
def practice() -> Practice:
    practice = lakeview(START - timedelta(days=60))
    live(practice, START - timedelta(days=50))
    with practice_scope(practice.id):
        ConsentAttestation.objects.create(
            practice=practice, scope="sms", wording="I agree", attested_by="Alice", attested_at=START
        )
    return practice


def client_of(practice: Practice, source: str) -> UUID:
    with practice_scope(practice.id):
        return ClientIdentity.objects.filter(source=source).values_list("client_id", flat=True)[0]


def botox(on: date, key: str, **fields: Any) -> Callable[[ReportedClient], Any]:
    return lambda who: treatment(key, who, performed_local=on, **fields)


def visit(at: datetime, key: str, **fields: Any) -> Callable[[ReportedClient], Any]:
    return lambda who: appointment(key, who, starts_at=at, booked_at=START, **fields)


def plan_of(practice: Practice, client_id: UUID) -> list[tuple[Any, ...]]:
    """What is planned, whichever rows it stands in."""
    with practice_scope(practice.id):
        reminders = Reminder.objects.filter(client_id=client_id, sequence__state__in=["open", "booked", "paused"])
        return sorted(
            reminders.filter(state__in=["planned", "waiting"]).values_list(
                "sequence__kind", "sequence__day_zero", "sequence__state", "step", "planned_at", "allowed_at"
            ),
            key=str,
        )


def everything(practice: Practice) -> dict[str, list[str]]:
    with practice_scope(practice.id):
        return {
            table: sorted(row for (row,) in run(f"SELECT to_jsonb(t)::text FROM reminders_{table} t", []))
            for table in TABLES
        }


def two(practice: Practice, hers: list[Any], others: list[Any], at: datetime) -> tuple[UUID, UUID]:
    say(practice, DANA, *[make(DANA) for make in hers], at=at)
    say(practice, TWIN, *[make(TWIN) for make in others], at=at, source="jane")
    return client_of(practice, "records"), client_of(practice, "jane")


def join(practice: Practice, kept: UUID, gone: UUID, at: datetime) -> UUID:
    with practice_scope(practice.id):
        return merge(practice.id, kept, gone, at).id


def part(practice: Practice, merge_id: UUID, at: datetime) -> None:
    with practice_scope(practice.id):
        unmerge(practice.id, merge_id, at)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


BOOKED_AT = at_noon(date(2026, 6, 2))
STORIES = {
    "other types": ([botox(date(2026, 3, 1), "T1")], [botox(date(2026, 3, 1), "J1", service="Lip Filler")]),
    "same type and day": ([botox(date(2026, 3, 1), "T1")], [botox(date(2026, 3, 1), "J1")]),
    "both live, far apart": ([botox(date(2026, 1, 20), "T1")], [botox(date(2026, 3, 1), "J1")]),
    "both live, the kept one later": ([botox(date(2026, 3, 1), "T1")], [botox(date(2026, 1, 20), "J1")]),
    "touch-up": ([botox(date(2026, 2, 20), "T1")], [botox(date(2026, 3, 1), "J1")]),
    "touch-up, the kept one later": ([botox(date(2026, 3, 1), "T1")], [botox(date(2026, 2, 20), "J1")]),
    "treated and booked": ([botox(date(2026, 3, 1), "T1")], [visit(BOOKED_AT, "JA")]),
    "two bookings on one day": (
        [visit(BOOKED_AT, "A1", status="confirmed")],
        [visit(BOOKED_AT + timedelta(hours=2), "JA", status="confirmed")],
    ),
    "both lapsed": ([botox(date(2025, 6, 1), "T1")], [botox(date(2025, 7, 1), "J1")]),
    "nothing": ([botox(date(2026, 3, 1), "T1")], []),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("is_turned", [False, True])
def test_merged_the_plan_is_that_of_one_person_and_parted_as_if_never_merged(
    practice: Practice, story: str, is_turned: bool
) -> None:
    """R18."""
    hers, others = STORIES[story]
    dana, twin = two(practice, hers, others, START)
    kept, gone = (twin, dana) if is_turned else (dana, twin)
    before = everything(practice)
    made = join(practice, kept, gone, START + timedelta(hours=1))
    joined = plan_of(practice, kept)
    assert plan_of(practice, gone) == []
    planned(practice, [kept], START + timedelta(hours=1))
    assert plan_of(practice, kept) == joined
    part(practice, made, START + timedelta(hours=2))
    assert everything(practice) == before
    with practice_scope(practice.id):
        Client.objects.all().delete()
    say(practice, DANA, *[make(DANA) for make in (*hers, *others)], at=START)
    one = client_of(practice, "records")
    if story != "both lapsed":  # the day that a reactivation begins is drawn from the client's id
        assert plan_of(practice, one) == joined
    else:
        assert [row[0] for row in joined] == ["reactivation"]


def test_what_was_sent_to_both_counts_for_the_three_of_a_treatment(practice: Practice) -> None:
    """R18, R23: each has had the first message of what was one treatment."""
    dana, twin = two(practice, [botox(date(2026, 3, 1), "T1")], [botox(date(2026, 3, 1), "J1")], START)
    first = datetime(2026, 5, 11, 16, 0, tzinfo=UTC)
    assert sent(practice, first) == 2
    made = join(practice, dana, twin, first + timedelta(hours=1))
    left = 0
    for day in range(1, 40):
        left += sent(practice, first + timedelta(days=day))
    assert left == 1
    with practice_scope(practice.id):
        assert Message.objects.filter(client_id=dana, kind="promotion").count() == 3
        assert Delivery.objects.exclude(client_id=dana).count() == 0
    part(practice, made, first + timedelta(days=40))
    with practice_scope(practice.id):
        said = list(Message.objects.values_list("client_id", flat=True))
        assert (said.count(dana), said.count(twin)) == (2, 1)
        mine = Reminder.objects.filter(client_id=twin, state__in=["sent", "delivered"])
        assert [(each.step, each.sequence.client_id, each.message.client_id) for each in mine if each.message] == [
            ("first", twin, twin)
        ]


def test_what_was_sent_to_one_is_not_sent_again_to_the_joined_person(practice: Practice) -> None:
    dana, twin = two(practice, [botox(date(2026, 3, 1), "T1")], [botox(date(2026, 2, 20), "J1")], START)
    first = datetime(2026, 5, 1, 16, 0, tzinfo=UTC)
    assert sent(practice, first) == 1
    join(practice, dana, twin, first + timedelta(hours=1))
    left = sum(sent(practice, first + timedelta(days=day, hours=2)) for day in range(40))
    assert left == 2
    with practice_scope(practice.id):
        touchpoints = Message.objects.order_by("decided_at").values_list("touchpoint", flat=True)
        assert list(touchpoints) == ["first", "second", "last"]


def test_an_opt_out_of_the_gone_one_ends_the_joined_plan_and_parted_only_hers(practice: Practice) -> None:
    dana, twin = two(practice, [botox(date(2026, 3, 1), "T1")], [botox(date(2026, 2, 1), "J1")], START)
    with practice_scope(practice.id):
        opt_out(practice.id, START, client_id=twin, origin=Suppression.Origin.STAFF)
    before = everything(practice)
    assert plan_of(practice, dana)
    made = join(practice, dana, twin, START + timedelta(hours=1))
    assert plan_of(practice, dana) == []
    part(practice, made, START + timedelta(hours=2))
    assert everything(practice) == before


def test_a_booking_under_the_gone_ones_id_stops_the_joined_person_and_goes_back(practice: Practice) -> None:
    dana, twin = two(practice, [botox(date(2026, 3, 1), "T1")], [], START)
    made = join(practice, dana, twin, START + timedelta(hours=1))
    later = START + timedelta(days=1)
    say(practice, visit(BOOKED_AT, "JA")(TWIN), at=later, source="jane")
    with practice_scope(practice.id):
        assert Sequence.objects.get(kind="refill").state == "booked"
        assert Sequence.objects.get(kind="confirmation").client_id == dana
    part(practice, made, later + timedelta(hours=1))
    with practice_scope(practice.id):
        assert Sequence.objects.get(kind="refill").state == "open"
        confirmation = Sequence.objects.get(kind="confirmation")
        assert confirmation.client_id == twin
        assert {each.client_id for each in confirmation.reminders.all()} == {twin}


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_line_that_changed_hands_before_the_merge_has_one_plan_and_its_first_message_counts(
    practice: Practice, is_turned: bool
) -> None:
    """R17, R18: each of the two has a sequence that hangs on the one treatment."""
    say(practice, DANA, TWIN, botox(date(2026, 3, 1), "T1")(DANA))
    first = datetime(2026, 5, 11, 16, 0, tzinfo=UTC)
    assert sent(practice, first) == 1
    say(practice, botox(date(2026, 3, 1), "T1")(TWIN), at=first + timedelta(hours=1))
    with practice_scope(practice.id):
        keys = list(Sequence.objects.filter(kind="refill").values_list("client_id", "key", "state", "reason"))
    assert len({key for _, key, *_ in keys}) == 1
    twin = next(client_id for client_id, _, state, _ in keys if state == "open")
    dana = next(client_id for client_id, _, state, reason in keys if (state, reason) == ("ended", "VOIDED"))
    before = everything(practice)
    kept, gone = (twin, dana) if is_turned else (dana, twin)
    made = join(practice, kept, gone, first + timedelta(hours=2))
    check(practice, changes_hands=True)
    part(practice, made, first + timedelta(hours=3))
    assert everything(practice) == before
    join(practice, kept, gone, first + timedelta(hours=4))
    left = sum(sent(practice, first + timedelta(days=day, hours=5)) for day in range(40))
    assert left == 2
    with practice_scope(practice.id):
        touchpoints = Message.objects.order_by("decided_at").values_list("touchpoint", flat=True)
        assert list(touchpoints) == ["first", "second", "last"]


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_booking_that_changed_hands_before_the_merge_is_confirmed_by_one_sequence(
    practice: Practice, is_turned: bool
) -> None:
    """R11, R18."""
    say(practice, DANA, TWIN, visit(BOOKED_AT, "A1")(DANA), at=START)
    say(practice, visit(BOOKED_AT, "A1")(TWIN), at=START + timedelta(minutes=5))
    with practice_scope(practice.id):
        rows = Sequence.objects.filter(kind="confirmation").values_list("client_id", "state")
        owners = {state: client_id for client_id, state in rows}
    dana, twin = owners["ended"], owners["open"]
    before = everything(practice)
    kept, gone = (twin, dana) if is_turned else (dana, twin)
    made = join(practice, kept, gone, START + timedelta(hours=1))
    with practice_scope(practice.id):
        assert Sequence.objects.filter(kind="confirmation", state="open", client_id=kept).count() == 1
        ahead = Reminder.objects.filter(state="planned").values_list("step", flat=True)
        assert len(ahead) == len(set(ahead)) > 0
    part(practice, made, START + timedelta(hours=2))
    assert everything(practice) == before


SERVICES = ("Botox", "Dysport", "Lip Filler", "Sculptra")


@pytest.mark.parametrize("is_one_source", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_in_between_every_row_has_its_owner_and_nothing_is_said_twice(
    practice: Practice, seed: int, is_one_source: bool
) -> None:
    """Of one source a line or a booking may change hands; the two then share what hangs on it."""
    chance = random.Random(seed)
    dana, twin = two(practice, [], [], START)
    document = "records" if is_one_source else ""
    now, merges = START, list[UUID]()
    for number in range(30):
        now += timedelta(hours=chance.randint(1, 20 * 24))
        what = chance.choice(("treated", "treated", "treated", "booked", "cancelled", "sent", "sent", "merge", "merge"))
        who, source = chance.choice(((DANA, "records"), (TWIN, "jane")))
        if what == "treated":
            on = now.date() - timedelta(days=chance.randint(0, 15))
            line = f"T{number % 7 if is_one_source else number}"
            service = chance.choice(SERVICES)
            say(practice, botox(on, line, service=service)(who), at=now, source=source, document=document)
        elif what in {"booked", "cancelled"}:
            at = now + timedelta(days=chance.randint(1, 40))
            booking = visit(at, f"A{number % 4}", status=what)(who)
            say(practice, booking, at=now, source=source, document=document)
        elif what == "sent":
            sent(practice, now.replace(hour=17))
            now = now.replace(hour=18)
        elif merges:
            part(practice, merges.pop(), now)
        else:
            kept, gone = chance.sample([dana, twin], 2)
            merges.append(join(practice, kept, gone, now))
        check(practice, changes_hands=is_one_source)
    with practice_scope(practice.id):
        assert Message.objects.exists() or Reminder.objects.exists()


def check(practice: Practice, *, changes_hands: bool = False) -> None:
    """Whatever hangs on something has its owner; a tombstone has nothing that goes on; three messages a sequence."""
    with practice_scope(practice.id):
        assert not Reminder.objects.exclude(client_id=F("sequence__client_id")).exists()
        assert not Delivery.objects.exclude(client_id=F("message__client_id")).exists()
        rows = Sequence.objects.exclude(state="ended") if changes_hands else Sequence.objects.all()
        hers = Q(client_id=F("treatment__client_id"))
        assert not rows.filter(treatment__status="completed").exclude(hers).exists()
        hers = Q(client_id=F("appointment__client_id"))
        assert not rows.filter(appointment__isnull=False).exclude(hers).exists()
        assert (
            not TreatmentRecord.objects.filter(treatment__isnull=False)
            .exclude(client_id=F("treatment__client_id"))
            .exists()
        )
        assert not Sequence.objects.filter(client__merged_into__isnull=False).exists()
        assert not Sequence.objects.filter(state="ended", reminders__state__in=["planned", "waiting"]).exists()
        said = Count("reminders", filter=Q(reminders__state__in=["sent", "delivered"]))
        assert not Sequence.objects.filter(kind="refill").annotate(said=said).filter(said__gt=3).exists()

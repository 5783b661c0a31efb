"""What holds when two act on one client at once? What is committed first does; nobody waits in a circle. [R32]"""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from clients.models import Client, Suppression
from clients.operations.importing_stops import import_stops
from clients.operations.merging import merge
from clients.operations.staff_opt_outs import opt_out_for
from clients.operations.stopping import opt_out
from practices.models import AuditEntry, Practice, StaffMember
from practices.operations.auditing import Actor, note_view
from practices.operations.settings import change_practice
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, ReminderState
from reminders.models import Call, ClientPlan, Message, Reminder, Reply, Sequence
from reminders.operations.calls import CallTaken, record_call, take_call
from reminders.operations.catching_up import catch_up, leave_to_the_clock
from reminders.operations.claiming import Batch, claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.going_live import go_live
from reminders.operations.mapping_services import map_and_tell
from reminders.operations.planning import lock_clients, replan
from reminders.operations.replies import handle_reply, receive_reply
from reminders.operations.steering import move_to, send_now, skip
from reminders.operations.steering_hold import Refusal, SteeringRefused
from reminders.operations.steering_sequences import end_sequence, pause
from tests.builders import story
from tests.builders.at_once import ends_before, while_it_is_open
from tests.builders.cadences import UNKNOWN, service
from tests.builders.clients import DANA, OLIVIA, appointment, say, treatment
from tests.builders.practices import bob, lakeview, member
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db(transaction=True)

TREATED_ON = date(2026, 9, 14)
DUE = datetime(2026, 11, 23, 16, 0, 2, tzinfo=UTC)


@pytest.fixture
def practice() -> Practice:
    made = lakeview(story.SINCE)
    live(made, story.SINCE)
    return made


@pytest.fixture
def staff(practice: Practice) -> StaffMember:
    return bob(practice)


@pytest.fixture
def siobhan(practice: Practice) -> Client:
    row = story.client(practice, "Siobhán", "O’Connell", 186, preferred_channel="sms")
    story.treated(row, "botox", TREATED_ON)
    planned(practice, [row.pk], datetime(2026, 9, 15, 15, tzinfo=UTC))
    return row


def first(practice: Practice) -> Reminder:
    with practice_scope(practice.pk):
        return Reminder.objects.select_related("sequence").get(step="first")


def refill(practice: Practice) -> Sequence:
    with practice_scope(practice.pk):
        return Sequence.objects.get(kind="refill")


STEERED: dict[str, Callable[[Practice, Reminder, Actor], Any]] = {
    "skip": lambda practice, step, who: skip(practice.pk, step.pk, who, DUE),
    "move": lambda practice, step, who: move_to(practice.pk, step.pk, DUE + timedelta(days=2), who, DUE),
    "pause": lambda practice, step, who: pause(practice.pk, step.client_id, who, DUE),
    "end": lambda practice, step, who: end_sequence(practice.pk, step.sequence_id, who, DUE),
    "opt out": lambda practice, step, who: opt_out_for(practice.pk, step.client_id, "No more", who, DUE),
    "import of a list": lambda practice, step, who: import_stops(
        practice.pk, io.BytesIO(b"312-555-0186\n"), wording="a list", actor=who, now=DUE
    ),
}


@pytest.mark.parametrize("deed", STEERED)
def test_what_staff_did_first_the_sweep_cannot_pass(
    practice: Practice, staff: StaffMember, siobhan: Client, deed: str
) -> None:
    step, who = first(practice), Actor(staff.pk)
    done, batch = while_it_is_open(
        practice.pk, lambda: STEERED[deed](practice, step, who), lambda: claim_batch(practice.pk, DUE, 10)
    )
    assert not isinstance(done, Exception)
    assert isinstance(batch, Batch)
    assert batch.attempts == []
    assert sent(practice, DUE + timedelta(seconds=5)) == 0


@pytest.mark.parametrize("deed", STEERED)
def test_what_the_sweep_claimed_first_leaves_once_and_staff_is_told(
    practice: Practice, staff: StaffMember, siobhan: Client, deed: str
) -> None:
    step, who = first(practice), Actor(staff.pk)

    def act() -> Any:
        with practice_scope(practice.pk):
            return STEERED[deed](practice, step, who)

    batch, told = while_it_is_open(practice.pk, lambda: claim_batch(practice.pk, DUE, 10), act)
    assert isinstance(batch, Batch)
    assert len(batch.attempts) == 1
    if deed in {"skip", "move"}:
        assert isinstance(told, SteeringRefused)
        assert told.why is Refusal.LEFT
    else:
        assert not isinstance(told, Exception)
    deliver(batch, lambda: DUE)
    with practice_scope(practice.pk):
        assert Message.objects.count() == 1
        assert Reminder.objects.get(pk=step.pk).state == ReminderState.SENT
    assert sent(practice, DUE + timedelta(seconds=5)) == 0


def test_sent_now_by_two_at_once_leaves_once(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    step, who, at = first(practice), Actor(staff.pk), DUE - timedelta(days=3)
    both = while_it_is_open(
        practice.pk, lambda: send_now(practice.pk, step.pk, who, at), lambda: send_now(practice.pk, step.pk, who, at)
    )
    assert not any(isinstance(each, Exception) for each in both)
    assert sent(practice, at + timedelta(seconds=1)) == 1
    assert sent(practice, at + timedelta(seconds=6)) == 0


@pytest.mark.parametrize("deed", ["skip", "move", "end"])
def test_what_staff_do_while_its_client_is_merged_away_reaches_the_joined_plan(
    practice: Practice, staff: StaffMember, siobhan: Client, deed: str
) -> None:
    kept, step, who = story.client(practice, "Siobhan", "Oconnell", 187), first(practice), Actor(staff.pk)

    def act() -> Any:
        with practice_scope(practice.pk):
            return STEERED[deed](practice, step, who)

    both = while_it_is_open(practice.pk, lambda: merge(practice.pk, kept.pk, siobhan.pk, DUE), act)
    assert not any(isinstance(each, Exception) for each in both), both
    assert first(practice).client_id == kept.pk
    assert sent(practice, DUE + timedelta(seconds=5)) == 0


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_sequence_that_staff_end_while_a_booking_comes_stays_ended(
    practice: Practice, staff: StaffMember, is_turned: bool
) -> None:
    say(practice, treatment(performed_local=TREATED_ON), at=datetime(2026, 9, 15, tzinfo=UTC))
    step, at = first(practice), datetime(2026, 11, 1, tzinfo=UTC)

    def end() -> Any:
        return end_sequence(practice.pk, step.sequence_id, Actor(staff.pk), at)

    def book() -> Any:
        return say(practice, appointment(starts_at=datetime(2026, 11, 20, 16, tzinfo=UTC)), at=at)

    both = while_it_is_open(practice.pk, *((book, end) if is_turned else (end, book)))
    assert not any(isinstance(each, Exception) for each in both)
    assert (refill(practice).state, refill(practice).reason) == ("ended", "ENDED_BY_STAFF")
    with practice_scope(practice.pk):
        assert not Reminder.objects.filter(sequence__kind="refill", state__in=["planned", "waiting"]).exists()
        assert Sequence.objects.get(kind="confirmation").state == "open"


def test_of_two_who_take_a_call_one_has_it(practice: Practice, staff: StaffMember, siobhan: Client) -> None:
    other = member(practice, "Olga")
    at = DUE - timedelta(days=1)
    story.booked(siobhan, at, at - timedelta(days=3), status="no_show", ended_at=at)
    planned(practice, [siobhan.pk], DUE)
    with practice_scope(practice.pk):
        call = Call.objects.get()

    def take(who: StaffMember) -> Any:
        with practice_scope(practice.pk):
            return take_call(practice.pk, call.pk, Actor(who.pk), DUE)

    mine, theirs = while_it_is_open(practice.pk, lambda: take(staff), lambda: take(other))
    assert mine.taken_by_id == staff.pk
    assert isinstance(theirs, CallTaken)


def reply(practice: Practice, text: str, phone: str = "+13125550186", remote_id: str = "") -> Reply:
    with practice_scope(practice.pk):
        return receive_reply(practice.pk, Channel.SMS, phone, text, DUE, DUE, remote_id)


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_reply_that_comes_while_another_is_handled_still_holds(
    practice: Practice, staff: StaffMember, siobhan: Client, is_turned: bool
) -> None:
    known = reply(practice, "Is it safe?")

    def handle() -> Any:
        with practice_scope(practice.pk):
            return handle_reply(practice.pk, known.pk, Actor(staff.pk), DUE, Reply.Handling.CALLED)

    def answer() -> Any:
        return reply(practice, "And does it hurt?")

    both = while_it_is_open(practice.pk, *((answer, handle) if is_turned else (handle, answer)))
    assert not any(isinstance(each, Exception) for each in both)
    assert sent(practice, DUE) == 0
    with practice_scope(practice.pk):
        assert Reminder.objects.get(step="first").reason == "REPLY_UNANSWERED"


def test_the_same_reply_delivered_twice_at_once_is_kept_once(practice: Practice, siobhan: Client) -> None:
    both = while_it_is_open(
        practice.pk,
        lambda: reply(practice, "STOP", remote_id="SM1"),
        lambda: reply(practice, "STOP", remote_id="SM1"),
    )
    assert not any(isinstance(each, Exception) for each in both)
    with practice_scope(practice.pk):
        assert Reply.objects.count() == 1
        assert Suppression.objects.filter(lifted_at=None).count() == 1


def hold(client: Client) -> None:
    with practice_scope(client.practice_id):
        replan(client.practice_id, [client.pk], DUE)


def test_a_stop_by_text_and_one_by_staff_of_people_who_share_an_address_do_not_wait_in_a_circle(
    practice: Practice, staff: StaffMember
) -> None:
    mother, daughter = story.client(practice, "Ann", "Reed", 201), story.client(practice, "Bea", "Reed", 202)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=daughter.pk).update(email=mother.email)
    # Whoever goes by the order of ids holds the mother first; the daughter's answer must not be faster with her.
    held, kept = while_it_is_open(
        practice.pk,
        lambda: hold(mother),
        lambda: reply(practice, "STOP", phone="+13125550202"),
        then=lambda: opt_out(practice.pk, DUE, client_id=mother.pk, origin=Suppression.Origin.STAFF),
    )
    assert not isinstance(held, Exception), held
    assert not isinstance(kept, Exception), kept


def test_a_mapping_and_an_opt_out_of_its_clients_do_not_wait_in_a_circle(
    practice: Practice, staff: StaffMember
) -> None:
    """The one who booked comes before the one who was treated, in the order of ids."""
    unknown = service(practice, UNKNOWN)
    early = datetime(2026, 11, 1, tzinfo=UTC)
    say(practice, appointment(client=DANA, services=(UNKNOWN,), starts_at=DUE + timedelta(days=20)), at=early)
    say(practice, treatment("T9", OLIVIA, service=UNKNOWN, performed_local=TREATED_ON), at=early)
    with practice_scope(practice.pk):
        dana, olivia = Client.objects.order_by("pk")
        assert (dana.first_name, olivia.first_name) == ("Dana", "Olivia")

    def follow() -> Any:
        with practice_scope(practice.pk):
            return map_and_tell(practice.pk, unknown.pk, "botox", Actor(staff.pk), DUE)

    held, mapped = while_it_is_open(practice.pk, lambda: hold(dana), follow, then=lambda: hold(olivia))
    assert not isinstance(held, Exception), held
    assert not isinstance(mapped, Exception), mapped
    with practice_scope(practice.pk):
        assert Sequence.objects.filter(kind="refill", client=olivia).exists()


def test_going_live_and_a_line_that_is_recorded_meanwhile_do_not_wait_in_a_circle(staff: StaffMember) -> None:
    practice = staff.practice
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.SETUP, live_at=None)
    row = story.client(practice, "Siobhán", "O’Connell", 186)

    def write() -> None:
        story.treated(row, "botox", TREATED_ON)

    held, went = while_it_is_open(practice.pk, lambda: hold(row), lambda: go_live(practice.pk, DUE), then=write)
    assert not isinstance(held, Exception), held
    assert not isinstance(went, Exception), went


def test_going_live_and_a_lapsed_client_who_is_paused_meanwhile_do_not_wait_in_a_circle(
    practice: Practice, staff: StaffMember
) -> None:
    row = story.client(practice, "Siobhán", "O’Connell", 186)
    story.treated(row, "botox", date(2025, 10, 1))
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.SETUP, live_at=None)

    held, went = while_it_is_open(
        practice.pk,
        lambda: lock_clients(practice.pk, [row.pk]),
        lambda: go_live(practice.pk, DUE),
        then=lambda: pause(practice.pk, row.pk, Actor(staff.pk), DUE),
    )
    assert not isinstance(held, Exception), held
    assert not isinstance(went, Exception), went
    with practice_scope(practice.pk):
        [plan] = ClientPlan.objects.filter(client=row)
    assert plan.reactivates_on is not None
    assert plan.paused_at == DUE


BEHIND: dict[str, Callable[[Client], Any]] = {
    "a report": lambda client: replan(client.practice_id, [client.pk], DUE - timedelta(days=1)),
    "the clock before going live": lambda client: catch_up(lambda: DUE - timedelta(days=1)),
}


@pytest.mark.parametrize("who", BEHIND)
def test_a_plan_made_while_settings_are_saved_follows_the_new_ones(
    practice: Practice, staff: StaffMember, siobhan: Client, who: str
) -> None:
    """The mark that the change leaves is taken away by this plan: it must not be one by the old choices."""
    saved_at = DUE - timedelta(days=2)
    with practice_scope(practice.pk):
        if who != "a report":
            Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.SETUP, live_at=None)
            leave_to_the_clock(practice.pk, [siobhan.pk], saved_at)

    def narrow() -> Any:
        return change_practice(practice.pk, {"promotion_opens": time(14)}, Actor(staff.pk), saved_at)

    both = while_it_is_open(practice.pk, narrow, lambda: BEHIND[who](siobhan))
    assert not any(isinstance(each, Exception) for each in both), both
    assert first(practice).due_at == datetime(2026, 11, 23, 20, tzinfo=UTC)
    with practice_scope(practice.pk):
        plan = ClientPlan.objects.get(client=siobhan)
    assert plan.replan_at is None or plan.replan_at > DUE


@pytest.mark.parametrize("is_turned", [False, True])
def test_settings_that_change_while_a_client_is_decided_on_count_for_whoever_comes_later(
    practice: Practice, staff: StaffMember, siobhan: Client, is_turned: bool
) -> None:
    def narrow() -> Any:
        return change_practice(practice.pk, {"promotion_opens": time(14)}, Actor(staff.pk), DUE)

    def decide() -> Any:
        return claim_batch(practice.pk, DUE, 10)

    both = while_it_is_open(practice.pk, *((decide, narrow) if is_turned else (narrow, decide)))
    assert not any(isinstance(each, Exception) for each in both), both
    left = sum(len(each.attempts) for each in both if isinstance(each, Batch))
    assert left == (1 if is_turned else 0)
    assert sent(practice, DUE + timedelta(seconds=1)) == 0


def test_whoever_looks_at_a_client_does_not_wait_for_a_long_deed_about_another(
    practice: Practice, staff: StaffMember, siobhan: Client
) -> None:
    """The line in the trail is written at the end of each transaction."""
    other = story.client(practice, "Noor", "Patel", 176)
    who = Actor(staff.pk)

    def look() -> None:
        with practice_scope(practice.pk):
            note_view(practice.pk, who, other.pk, DUE)

    assert ends_before(
        practice.pk,
        lambda: record_call(practice.pk, siobhan.pk, who, DUE, Call.Outcome.WILL_BOOK),
        look,
    )
    with practice_scope(practice.pk):
        actions = list(AuditEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["client_viewed", "call_made"]

"""Is a call of the list made once, by whom it goes to, and does what came of it count?"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from clients.models import Appointment, Client, ServiceIssue
from clients.operations.issues import open_issue
from clients.operations.merging import merge, unmerge
from practices.models import AuditEntry, Practice, Provider, Role, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Call, ClientPlan, Sequence
from reminders.operations.calls import (
    CallClosed,
    CallTaken,
    record_call,
    record_outcome,
    release_call,
    reopen_call,
    take_call,
)
from reminders.operations.planning import replan
from reminders.operations.snoozing import NoSuchDay
from reminders.queries.calls import PAGE, Caller, Show, call_page, newer_calls, next_call
from reminders.queries.paging import Place
from tests.builders import story
from tests.builders.practices import alice, bob, hilltop, lakeview, member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OUTCOME = Call.Outcome


@pytest.fixture
def practice() -> Practice:
    return lakeview(story.SINCE)


@pytest.fixture
def maya(practice: Practice) -> StaffMember:
    return bob(practice)


@pytest.fixture
def noor(practice: Practice) -> Client:
    row = story.client(practice, "Noor", "Patel", 176)
    story.treated(row, "dysport", date(2026, 9, 10))
    return row


def missed(practice: Practice, row: Client, *, days_ago: int = 1) -> Call:
    """The call that a no-show opens."""
    at = NOW - timedelta(days=days_ago)
    story.booked(row, at, at - timedelta(days=3), status="no_show", ended_at=at)
    with practice_scope(practice.pk):
        replan(practice.pk, [row.pk], NOW)
        return Call.objects.get(client=row, opened_at=at)


def unhappy(practice: Practice, row: Client) -> Call:
    with practice_scope(practice.pk):
        open_issue(practice.pk, row.pk, ServiceIssue.Origin.SURVEY, "Uneven", NOW, NOW)
    with practice_scope(practice.pk):
        return Call.objects.get(client=row, reason="SERVICE_ISSUE")


def record(
    practice: Practice, call: Call, staff: StaffMember, outcome: Call.Outcome, note: str = "", until: date | None = None
) -> Call:
    with practice_scope(practice.pk):
        return record_outcome(practice.pk, call.pk, Actor(staff.pk), LATER, outcome, note, until)


def again(practice: Practice, call: Call) -> Call:
    with practice_scope(practice.pk):
        return Call.objects.get(pk=call.pk)


def planned_anew(practice: Practice, row: Client, at: datetime = LATER + timedelta(minutes=1)) -> None:
    with practice_scope(practice.pk):
        replan(practice.pk, [row.pk], at)


def listed(practice: Practice, staff: StaffMember, show: Show = Show.OPEN) -> list[UUID]:
    with practice_scope(practice.pk):
        return [each.pk for each in call_page(practice.pk, show, caller(staff), None).calls]


def caller(staff: StaffMember) -> Caller:
    return Caller(staff.pk, staff.role in {Role.OWNER, Role.MANAGER})


def trail(practice: Practice) -> list[tuple[str, dict[str, str]]]:
    with practice_scope(practice.pk):
        entries = AuditEntry.objects.exclude(action__startswith="client").order_by("number")
        return list(entries.values_list("action", "detail"))


def test_a_call_is_taken_by_one(practice: Practice, maya: StaffMember, noor: Client) -> None:
    """CARE-2."""
    call, owner = missed(practice, noor), alice(practice)
    with practice_scope(practice.pk):
        for _ in range(2):
            taken = take_call(practice.pk, call.pk, Actor(maya.pk), NOW)
        assert (taken.taken_by_id, taken.taken_at) == (maya.pk, NOW)
        with pytest.raises(CallTaken):
            take_call(practice.pk, call.pk, Actor(owner.pk), LATER)
        release_call(practice.pk, call.pk, Actor(owner.pk), LATER)
        assert take_call(practice.pk, call.pk, Actor(owner.pk), LATER).taken_by_id == owner.pk
    assert [action for action, _ in trail(practice)] == ["call_taken", "call_released", "call_taken"]


def test_an_outcome_takes_it_off_the_list_and_no_plan_puts_it_back(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    call = missed(practice, noor)
    done = record(practice, call, maya, OUTCOME.WILL_BOOK, " Calls back on Friday\0 ")
    assert (done.outcome, done.note, done.closed_by_id, done.closed_at) == (
        "will_book", "Calls back on Friday", maya.pk, LATER,
    )  # fmt: skip
    planned_anew(practice, noor)
    kept = again(practice, call)
    assert (kept.closed_at, kept.closed_by_id, kept.outcome) == (LATER, maya.pk, "will_book")
    with practice_scope(practice.pk):
        assert Call.objects.filter(client=noor).count() == 1
    assert trail(practice) == [("call_recorded", {"outcome": "will_book"})]
    with pytest.raises(CallClosed):
        record(practice, call, maya, OUTCOME.BOOKED)
    with practice_scope(practice.pk), pytest.raises(CallClosed):
        take_call(practice.pk, call.pk, Actor(maya.pk), LATER)


@pytest.mark.parametrize("outcome", [OUTCOME.NO_ANSWER, OUTCOME.LEFT_MESSAGE])
def test_without_an_answer_it_stays_on_the_list_below_the_untried(
    practice: Practice, maya: StaffMember, noor: Client, outcome: Call.Outcome
) -> None:
    dana = story.client(practice, "Dana", "Kowalczyk", 132)
    fresh, old = missed(practice, noor), missed(practice, dana, days_ago=3)
    assert listed(practice, maya) == [fresh.pk, old.pk]
    tried = record(practice, fresh, maya, outcome, "Mailbox full")
    assert (tried.closed_at, tried.taken_by_id, tried.taken_at) == (None, maya.pk, LATER)
    assert listed(practice, maya) == [old.pk, fresh.pk]
    planned_anew(practice, noor)
    assert again(practice, fresh).outcome == outcome
    with practice_scope(practice.pk):
        released = release_call(practice.pk, fresh.pk, Actor(maya.pk), LATER)
    assert (released.taken_by_id, released.taken_at, released.note) == (None, LATER, "Mailbox full")
    assert record(practice, fresh, maya, OUTCOME.SETTLED).closed_at == LATER


def test_the_records_close_a_call_that_they_settle_even_if_somebody_took_it(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    call = missed(practice, noor)
    with practice_scope(practice.pk):
        take_call(practice.pk, call.pk, Actor(maya.pk), NOW)
        Appointment.objects.filter(client=noor).update(status="completed")
    planned_anew(practice, noor)
    settled = again(practice, call)
    assert settled.closed_at is not None
    assert settled.closed_by_id is None
    assert listed(practice, maya, Show.DONE) == []


def test_the_outcome_of_an_unhappy_client_s_call_settles_the_issue_and_reminders_go_on(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    """R29."""
    planned_anew(practice, noor, NOW)
    call = unhappy(practice, noor)
    with practice_scope(practice.pk):
        assert Sequence.objects.get(client=noor, kind="refill").state == "paused"
    record(practice, call, maya, OUTCOME.NO_ANSWER)
    with practice_scope(practice.pk):
        assert ServiceIssue.objects.get().resolved_at is None
    record(practice, call, maya, OUTCOME.SETTLED)
    with practice_scope(practice.pk):
        issue = ServiceIssue.objects.get()
        assert (issue.resolved_at, issue.resolved_by_id) == (LATER, maya.pk)
        assert Sequence.objects.get(client=noor, kind="refill").state == "open"
    assert again(practice, call).closed_by_id == maya.pk
    assert [action for action, _ in trail(practice)] == ["call_recorded", "issue_resolved", "call_recorded"]


def test_asked_to_be_left_for_a_while_leaves_her_in_peace_until_the_day(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    call = missed(practice, noor)
    for day in (None, date(2026, 11, 24), date(2030, 1, 1)):
        with pytest.raises(NoSuchDay):
            record(practice, call, maya, OUTCOME.LATER, until=day)
    record(practice, call, maya, OUTCOME.LATER, until=date(2027, 1, 10))
    with practice_scope(practice.pk):
        assert ClientPlan.objects.get(client=noor).snoozed_until == date(2027, 1, 10)
    assert trail(practice) == [("call_recorded", {"outcome": "later", "until": "2027-01-10"})]


def test_a_call_of_their_own_accord_is_kept_and_on_no_list(practice: Practice, maya: StaffMember, noor: Client) -> None:
    with practice_scope(practice.pk):
        made = record_call(practice.pk, noor.pk, Actor(maya.pk), NOW, OUTCOME.NO_ANSWER, "Tried twice")
    assert listed(practice, maya) == []
    planned_anew(practice, noor)
    kept = again(practice, made)
    assert (kept.outcome, kept.note, kept.closed_at) == ("no_answer", "Tried twice", NOW)
    assert trail(practice) == [("call_made", {"outcome": "no_answer"})]
    with practice_scope(practice.pk), pytest.raises(Call.DoesNotExist):
        reopen_call(practice.pk, made.pk, Actor(maya.pk), LATER)


def test_a_call_taken_off_the_list_can_be_put_back(practice: Practice, maya: StaffMember, noor: Client) -> None:
    call = missed(practice, noor)
    record(practice, call, maya, OUTCOME.SETTLED)
    with practice_scope(practice.pk):
        for _ in range(2):
            back = reopen_call(practice.pk, call.pk, Actor(maya.pk), LATER)
    assert (back.closed_at, back.closed_by_id, back.outcome) == (None, None, "")
    assert listed(practice, maya) == [call.pk]
    assert [action for action, _ in trail(practice)] == ["call_recorded", "call_reopened"]


def test_it_goes_to_the_treating_injector_else_to_a_manager(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    """CARE-2."""
    pat, owner = member(practice, "Pat", Role.INJECTOR), alice(practice)
    call = missed(practice, noor)
    assert (listed(practice, pat, Show.MINE), listed(practice, owner, Show.MINE)) == ([], [call.pk])
    with practice_scope(practice.pk):
        Provider.objects.filter(name="Jordan Blake NP").update(staff_member=pat)
        assert [each.for_id for each in call_page(practice.pk, Show.OPEN, caller(maya), None).calls] == [pat.pk]  # type: ignore[attr-defined]
    assert (listed(practice, pat, Show.MINE), listed(practice, owner, Show.MINE)) == ([call.pk], [])
    assert listed(practice, maya, Show.MINE) == []
    with practice_scope(practice.pk):
        take_call(practice.pk, call.pk, Actor(maya.pk), NOW)
    assert (listed(practice, pat, Show.MINE), listed(practice, maya, Show.MINE)) == ([], [call.pk])
    with practice_scope(practice.pk):
        release_call(practice.pk, call.pk, Actor(maya.pk), NOW)
        StaffMember.objects.filter(pk=pat.pk).update(is_active=False)
    assert listed(practice, owner, Show.MINE) == [call.pk]


def test_pages_follow_each_other_without_gap_or_repeat(practice: Practice, maya: StaffMember) -> None:
    with practice_scope(practice.pk):
        row = story.client(practice, "Noor", "Patel", 176)
        for number in range(2 * PAGE + 5):
            Call.objects.create(
                practice=practice, client=row, reason="NO_SHOW", anchor=str(number),
                opened_at=NOW - timedelta(minutes=number // 3), outcome="no_answer" if number % 4 == 0 else "",
            )  # fmt: skip
        seen: list[Call] = []
        after: Place | None = None
        for _ in range(3):
            page = call_page(practice.pk, Show.OPEN, caller(maya), after)
            seen += page.calls
            after = Place.read(str(page.older)) if page.older else None
        assert after is None
        assert len({each.pk for each in seen}) == len(seen) == 2 * PAGE + 5
        assert [(bool(each.outcome), NOW - each.opened_at) for each in seen] == sorted(
            (bool(each.outcome), NOW - each.opened_at) for each in seen
        )


def test_the_round_goes_from_call_to_call_and_leaves_out_what_others_have(
    practice: Practice, maya: StaffMember
) -> None:
    owner = alice(practice)
    people = [story.client(practice, "C", str(number), number) for number in range(4)]
    calls = [missed(practice, row, days_ago=number + 1) for number, row in enumerate(people)]
    with practice_scope(practice.pk):
        take_call(practice.pk, calls[1].pk, Actor(owner.pk), NOW)
        found, after = [], None
        while (call := next_call(practice.pk, Show.OPEN, caller(maya), after, NOW - timedelta(hours=13))) is not None:
            found.append(call.pk)
            after = Place(0, call.opened_at, call.pk)
            record_outcome(practice.pk, call.pk, Actor(maya.pk), LATER, OUTCOME.NO_ANSWER)
        assert found == [calls[0].pk, calls[2].pk, calls[3].pk]
        tomorrow = next_call(practice.pk, Show.OPEN, caller(maya), None, LATER + timedelta(hours=10))
        assert tomorrow is not None
        assert tomorrow.pk == calls[0].pk


def test_newer_calls_are_those_that_came_since(practice: Practice, maya: StaffMember, noor: Client) -> None:
    first = missed(practice, noor)
    dana = story.client(practice, "Dana", "Kowalczyk", 132)
    second = missed(practice, dana, days_ago=5)
    with practice_scope(practice.pk):
        found = newer_calls(practice.pk, Show.OPEN, caller(maya), first.pk)
    assert [each.pk for each in found] == [second.pk]


def test_calls_made_follow_a_merge_and_come_back_as_they_were(
    practice: Practice, maya: StaffMember, noor: Client
) -> None:
    """R18."""
    twin = story.client(practice, "Nour", "Patel", 177)
    done, open_one = missed(practice, twin), missed(practice, twin, days_ago=2)
    record(practice, done, maya, OUTCOME.SETTLED, "All good")
    record(practice, open_one, maya, OUTCOME.NO_ANSWER)
    with practice_scope(practice.pk):
        before = list(Call.objects.order_by("pk").values())
        made = merge(practice.pk, noor.pk, twin.pk, LATER)
        assert set(Call.objects.values_list("client_id", flat=True)) == {noor.pk}
        unmerge(practice.pk, made.pk, LATER + timedelta(minutes=1))
        assert list(Call.objects.order_by("pk").values()) == before


def test_another_practice_s_call_is_not_there(practice: Practice, maya: StaffMember, noor: Client) -> None:
    call, other = missed(practice, noor), hilltop()
    with practice_scope(other.pk):
        for act in (take_call, release_call, reopen_call):
            with pytest.raises(Call.DoesNotExist):
                act(other.pk, call.pk, Actor(maya.pk), NOW)
        with pytest.raises(Call.DoesNotExist):
            record_outcome(other.pk, call.pk, Actor(maya.pk), NOW, OUTCOME.SETTLED)
        with pytest.raises(Client.DoesNotExist):
            record_call(other.pk, noor.pk, Actor(maya.pk), NOW, OUTCOME.SETTLED)

"""What becomes of attempts whose worker died, or whose outcome nobody knew? (CHN-3; messaging.md 1.13)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.messaging.base import Accepted, CannotSay, NeverArrived, NotSent
from integrations.models import GatewayAccount
from integrations.operations.accounts import change_account, connect_account
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder
from reminders.operations import claiming, outbound, recording
from reminders.operations.recovering import _lease, ask_again_after, recover
from reminders.operations.settling_unknown import settle_by_person
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, TREATED, live_practice, states, still, tries, waits
from tests.builders.vendor import Book, Killed, broken, connect, open_book

MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return open_book(monkeypatch)


@pytest.fixture
def lakeview(book: Book) -> Practice:
    practice = live_practice(clients=3)
    connect(practice, TREATED)
    return practice


def deliveries(practice: Practice, *columns: str) -> set[tuple[Any, ...]]:
    with practice_scope(practice.pk):
        return set(Delivery.objects.values_list(*columns))


def in_doubt(book: Book, practice: Practice) -> None:
    """Three messages left, and each connection broke before the vendor took it."""
    book.before += [broken()] * 3
    sweep(still(DUE))
    assert states(practice) == ["unknown"] * 3


@pytest.mark.django_db
def test_nobody_is_asked_before_a_minute_has_passed(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    assert recover(still(DUE + timedelta(seconds=59))) == 0
    assert book.asked == []
    assert recover(still(DUE + MINUTE)) == 3
    assert {each.attempted_at for each in book.asked} == {DUE}


@pytest.mark.django_db
def test_what_the_vendor_never_took_leaves_again(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    recover(still(DUE + MINUTE))
    assert {(state, due_at) for state, _, due_at in waits(lakeview)} == {("waiting", DUE + MINUTE)}
    sweep(still(DUE + MINUTE))
    assert states(lakeview) == ["sent"] * 3
    assert list(book.addresses().values()) == [1] * 3
    assert tries(lakeview) == {"refused": 3, "accepted": 3}


@pytest.mark.django_db
def test_what_the_vendor_took_without_our_hearing_it_is_sent(book: Book, lakeview: Practice) -> None:
    book.after += [broken()] * 3
    sweep(still(DUE))
    recover(still(DUE + MINUTE))
    assert states(lakeview) == ["sent"] * 3
    assert deliveries(lakeview, "state", "remote_id") == {("accepted", f"V{number}") for number in range(3)}
    sweep(still(DUE + 2 * MINUTE))
    assert len(book.taken) == 3


@pytest.mark.django_db
def test_where_nobody_can_be_asked_a_person_decides_and_nobody_asks_again(book: Book, lakeview: Practice) -> None:
    book.can_be_asked = False
    in_doubt(book, lakeview)
    recover(still(DUE + MINUTE))
    assert len(book.asked) == 3
    assert deliveries(lakeview, "state", "next_at", "settled_at") == {("unknown", None, None)}
    for hours in range(1, 200, 7):
        recover(still(DUE + timedelta(hours=hours)))
    assert len(book.asked) == 3
    sweep(still(DUE + timedelta(hours=1)))
    assert states(lakeview) == ["unknown"] * 3
    assert not book.taken


@pytest.mark.django_db
def test_a_vendor_that_cannot_be_reached_is_asked_more_and_more_seldom(book: Book, lakeview: Practice) -> None:
    book.before.append(broken())
    sweep(still(DUE))
    at, gaps = DUE + MINUTE, []
    for _ in range(8):
        book.when_asked.append(NotSent("No route."))
        recover(still(at))
        [(next_at,)] = deliveries(lakeview, "next_at") - {(None,)}
        gaps.append(int((next_at - at).total_seconds() // 60))
        at = next_at
    assert gaps == [1, 2, 5, 15, 60, 360, 360, 360]
    assert deliveries(lakeview, "state") == {("accepted",), ("unknown",)}
    recover(still(at))
    assert deliveries(lakeview, "state") == {("accepted",), ("refused",)}


def test_the_gaps_between_questions_never_shrink() -> None:
    ages = [timedelta(minutes=each) for each in range(1, 1000)]
    gaps = [ask_again_after(each) for each in ages]
    assert gaps == sorted(gaps)


@pytest.mark.django_db
def test_a_vendor_that_refuses_the_account_when_asked_has_it_noted(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    book.when_asked += [NotSent("Wrong credentials.", code="20003", is_account=True)] * 3
    recover(still(DUE + MINUTE))
    with practice_scope(lakeview.pk):
        assert GatewayAccount.objects.get().failing_since == DUE + MINUTE
    assert states(lakeview) == ["unknown"] * 3


@pytest.mark.django_db
def test_a_gateway_that_breaks_its_contract_when_asked_is_asked_again(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    book.when_asked += [KeyError("data")] * 3
    recover(still(DUE + MINUTE))
    assert deliveries(lakeview, "state", "next_at") == {("unknown", DUE + 2 * MINUTE)}
    recover(still(DUE + 2 * MINUTE))
    assert tries(lakeview) == {"refused": 3}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["another", "changed"])
def test_another_account_is_never_asked_for_it_knows_of_nothing(book: Book, lakeview: Practice, how: str) -> None:
    book.after += [broken()] * 3
    sweep(still(DUE))
    changed_at = DUE + timedelta(seconds=20)
    if how == "another":
        connect_account(lakeview.pk, "vendor", {"token": "T-2"}, Actor(), changed_at)
    else:
        change_account(lakeview.pk, "vendor", {"token": "T-2"}, Actor(), changed_at)
    recover(still(DUE + MINUTE))
    assert book.asked == []
    assert deliveries(lakeview, "state", "next_at") == {("unknown", None)}
    sweep(still(DUE + timedelta(hours=1)))
    assert len(book.taken) == 3


@pytest.mark.django_db
def test_of_two_messages_in_the_same_words_each_finds_its_own(book: Book, lakeview: Practice) -> None:
    book.after += [broken()] * 3
    sweep(still(DUE))
    with practice_scope(lakeview.pk):
        Delivery.objects.update(to_address="+13128090001", text="The same.")
    for each in book.taken:
        each.to, each.text = "+13128090001", "The same."
    book.taken.pop()
    recover(still(DUE + MINUTE))
    assert deliveries(lakeview, "remote_id") == {("V0",), ("V1",), ("",)}
    assert sorted(states(lakeview)) == ["sent", "sent", "waiting"]


@pytest.mark.django_db
def test_what_belongs_to_another_message_is_named_when_asking(book: Book, lakeview: Practice) -> None:
    book.after += [None, None, broken()]
    sweep(still(DUE))
    with practice_scope(lakeview.pk):
        Delivery.objects.update(to_address="+13128090001")
    recover(still(DUE + MINUTE))
    [sought] = book.asked
    assert sought.taken == {"V0", "V1"}


@pytest.mark.django_db
def test_while_one_worker_asks_no_other_does(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    with practice_scope(lakeview.pk):
        assert len(_lease(lakeview.pk, DUE + MINUTE)) == 3
    assert recover(still(DUE + MINUTE)) == 0
    assert recover(still(DUE + 2 * MINUTE)) == 3


@pytest.mark.django_db
def test_trouble_in_one_practice_keeps_no_other_from_its_answers(
    book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hilltop = live_practice("hilltop", clients=3)
    connect(hilltop, TREATED)
    book.before += [broken()] * 6
    sweep(still(DUE))
    record = recording._record

    def in_trouble(practice_id: Any, *arguments: Any, **keywords: Any) -> Any:
        if practice_id == lakeview.pk:
            raise RuntimeError("The disk is full.")
        return record(practice_id, *arguments, **keywords)

    monkeypatch.setattr(recording, "_record", in_trouble)
    with pytest.raises(RuntimeError, match="disk"):
        recover(still(DUE + MINUTE))
    assert states(hilltop) == ["waiting"] * 3
    assert states(lakeview) == ["unknown"] * 3


def killed_while(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool) -> None:
    """The worker dies the next time that it comes to this function, or when it has done it."""
    original: Callable[..., Any] = getattr(module, name)
    is_over: list[bool] = []

    def dies(*arguments: Any, **keywords: Any) -> Any:
        if is_over:
            return original(*arguments, **keywords)
        is_over.append(True)
        if after:
            original(*arguments, **keywords)
        raise Killed

    monkeypatch.setattr(module, name, dies)


LINES: dict[str, Callable[[pytest.MonkeyPatch, Book], None]] = {
    "before the claim is committed": lambda patch, _: killed_while(patch, outbound.Outbound, "save", after=True),
    "after the claim is committed": lambda patch, _: killed_while(patch, claiming, "_claim", after=True),
    "while the first is called": lambda _, book: book.before.append(Killed()),
    "while a later one is called": lambda _, book: book.before.extend([None, None, Killed()]),
    "when the first was taken": lambda _, book: book.after.append(Killed()),
    "when a later one was taken": lambda _, book: book.after.extend([None, Killed()]),
    "before anything is recorded": lambda patch, _: killed_while(patch, recording, "_record", after=False),
    "amid recording": lambda patch, _: killed_while(patch, recording, "_settle", after=False),
    "before the record is committed": lambda patch, _: killed_while(patch, recording, "_record", after=True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("line", LINES)
def test_killed_at_any_line_each_client_gets_it_once(
    line: str, book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    LINES[line](monkeypatch, book)
    with pytest.raises(Killed):
        sweep(still(DUE))
    at: datetime = DUE
    for _ in range(4):
        at += timedelta(seconds=30)
        sweep(still(at))
        recover(still(at))
        sweep(still(at))
    assert states(lakeview) == ["sent"] * 3
    assert len(book.taken) == 3
    assert set(book.addresses().values()) == {1}
    with practice_scope(lakeview.pk):
        assert Message.objects.filter(is_void=False).count() == 3
        assert not Delivery.objects.exclude(state__in=["accepted", "refused"]).exists()
        assert not Delivery.objects.exclude(next_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["asking", "recording"])
def test_killed_while_asking_it_is_asked_again(
    when: str, book: Book, lakeview: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.after += [broken()] * 3
    sweep(still(DUE))
    if when == "asking":
        book.when_asked.append(Killed())
    else:
        killed_while(monkeypatch, recording, "_record", after=True)
    with pytest.raises(Killed):
        recover(still(DUE + MINUTE))
    recover(still(DUE + 2 * MINUTE))
    assert states(lakeview) == ["sent"] * 3
    assert len(book.taken) == 3


@pytest.fixture
def unknown(book: Book, lakeview: Practice) -> Delivery:
    """One message of three of which nobody knows, and nobody can be asked."""
    book.can_be_asked = False
    book.before.append(broken())
    sweep(still(DUE))
    recover(still(DUE + MINUTE))
    with practice_scope(lakeview.pk):
        return Delivery.objects.get(state="unknown")


@pytest.mark.django_db
@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_person_says_what_became_of_it(book: Book, lakeview: Practice, unknown: Delivery, has_arrived: bool) -> None:
    at = DUE + timedelta(hours=1)
    with practice_scope(lakeview.pk):
        assert settle_by_person(lakeview.pk, unknown.pk, has_arrived, Actor(), at)
        assert not settle_by_person(lakeview.pk, unknown.pk, not has_arrived, Actor(), at)
    sweep(still(at))
    assert states(lakeview) == ["sent"] * 3
    assert len(book.taken) == (2 if has_arrived else 3)
    assert book.addresses()[unknown.to_address] == (0 if has_arrived else 1)
    with practice_scope(lakeview.pk):
        line = AuditEntry.objects.get(action="unknown_settled")
        assert (line.client_id, line.subject_id, line.detail) == (
            unknown.client_id,
            unknown.pk,
            {"has_arrived": has_arrived},
        )
        reminder = Reminder.objects.get(client_id=unknown.client_id, step="first")
        assert (reminder.state, reminder.sent_at) == ("sent", at)


@pytest.mark.django_db
def test_a_person_s_word_counts_only_where_nobody_knows(book: Book, lakeview: Practice, unknown: Delivery) -> None:
    with practice_scope(lakeview.pk):
        known = Delivery.objects.exclude(pk=unknown.pk).first()
        assert known is not None
        assert not settle_by_person(lakeview.pk, known.pk, False, Actor(), DUE)
        with pytest.raises(Delivery.DoesNotExist):
            settle_by_person(lakeview.pk, unknown.message_id, True, Actor(), DUE)
    hilltop = live_practice("hilltop")
    with practice_scope(hilltop.pk), pytest.raises(Delivery.DoesNotExist):
        settle_by_person(hilltop.pk, unknown.pk, True, Actor(), DUE)
    assert tries(lakeview) == {"accepted": 2, "unknown": 1}


@pytest.mark.django_db
def test_the_answers_that_a_gateway_may_give_are_all_understood(book: Book, lakeview: Practice) -> None:
    in_doubt(book, lakeview)
    book.when_asked += [Accepted("A1"), NeverArrived(), CannotSay()]
    assert recover(still(DUE + MINUTE)) == 3
    assert tries(lakeview) == {"accepted": 1, "refused": 1, "unknown": 1}
    assert states(lakeview) == ["sent", "unknown", "waiting"]

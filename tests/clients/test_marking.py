"""How is an address marked as one that cannot be reached, for whom, and how is that taken back? (CHN-2)"""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from clients.events import client_changed
from clients.models import AddressMark, Client
from clients.operations.marking import lift_mark, mark_address
from clients.operations.reported import ReportedClient
from clients.queries.permissions import permissions_of
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import OLIVIA, client
from tests.builders.practices import alice, hilltop, lakeview

NOW = datetime(2026, 5, 4, 15, tzinfo=UTC)
PHONE, EMAIL = "+13125550142", "dana.whitfield@example.com"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]


def mark(practice: Practice, subject: str = "phone", address: str = PHONE, **said: Any) -> set[Any]:
    values = {"problem": "not_mobile", "code": "30006", "gateway": "twilio_sms", "at": NOW, "now": NOW, **said}
    problem = values.pop("problem")
    with practice_scope(practice.pk):
        return mark_address(practice.pk, subject, address, problem, **values)


def marks(practice: Practice) -> list[tuple[Any, ...]]:
    with practice_scope(practice.pk):
        rows = AddressMark.objects.order_by("subject", "at").values_list("subject", "address", "problem", "code")
        return list(rows)


def reachable(practice: Practice, client_id: Any) -> tuple[bool, bool]:
    with practice_scope(practice.pk):
        allowed = permissions_of(practice.pk, [client_id])[client_id]
    return not allowed.is_phone_unreachable, not allowed.is_email_unreachable


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which clients' plans are made again."""
    heard: list[Any] = []

    def note(sender: Any, event: Any, **_: Any) -> None:
        heard.append(event.client_ids)

    monkeypatch.setattr(client_changed, "receivers", [])
    client_changed.sender_receivers_cache.clear()
    client_changed.connect(note, weak=False)
    return heard


def test_a_mark_closes_the_channel_of_everybody_with_that_address(news: list[Any]) -> None:
    practice = lakeview()
    dana = client(practice)
    twin = client(practice, ReportedClient(remote_id="G9", first_name="Dan", last_name="Whitfield", phone=PHONE))
    other = client(practice, OLIVIA)
    news.clear()
    assert mark(practice, address="(312) 555-0142") == {dana.pk, twin.pk}
    assert news == [frozenset({dana.pk, twin.pk})]
    assert [reachable(practice, each.pk) for each in (dana, twin)] == [(False, True), (False, True)]
    assert reachable(practice, other.pk) == (True, True)
    mark(practice, "email", EMAIL.upper(), problem="complaint")
    assert reachable(practice, dana.pk) == (False, False)


def test_a_repeat_changes_nothing_and_tells_nobody(news: list[Any]) -> None:
    practice = lakeview()
    client(practice)
    mark(practice)
    news.clear()
    assert mark(practice) == set()
    assert mark(practice, at=NOW + timedelta(days=1), problem="no_such", code="30005") == set()
    assert news == []
    assert marks(practice) == [("phone", PHONE, "not_mobile", "30006")]


def test_news_in_any_order_leave_the_same_mark() -> None:
    words: list[dict[str, Any]] = [
        {"problem": "no_such", "code": "30005", "at": NOW},
        {"problem": "blocked", "code": "30004", "at": NOW},
        {"problem": "not_mobile", "code": "30006", "at": NOW + timedelta(hours=1)},
    ]
    found = set()
    practice = lakeview()
    for order in permutations(words):
        for said in order:
            mark(practice, **said)
        found.add(tuple(marks(practice)))
        with practice_scope(practice.pk):
            AddressMark.objects.all().delete()
    assert found == {(("phone", PHONE, "blocked", "30004"),)}


def test_a_new_number_has_no_mark_and_the_old_one_keeps_it() -> None:
    practice = lakeview()
    dana = client(practice)
    mark(practice)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=dana.pk).update(phone="+13125550199")
    assert reachable(practice, dana.pk) == (True, True)
    with practice_scope(practice.pk):
        Client.objects.filter(pk=dana.pk).update(phone=PHONE)
    assert reachable(practice, dana.pk) == (False, True)


def test_an_address_that_nobody_has_yet_is_marked_for_whoever_gets_it() -> None:
    practice = lakeview()
    assert mark(practice) == set()
    assert reachable(practice, client(practice).pk) == (False, True)


@pytest.mark.parametrize(("subject", "address"), [("phone", "12"), ("phone", ""), ("email", "dana"), ("email", PHONE)])
def test_an_address_that_cannot_be_read_is_refused(subject: str, address: str) -> None:
    with pytest.raises(ValueError, match="can be read"):
        mark(lakeview(), subject, address)


def test_staff_take_a_mark_off_and_older_news_do_not_bring_it_back(news: list[Any]) -> None:
    practice = lakeview()
    dana, actor = client(practice), Actor(alice(practice).pk)
    mark(practice)
    news.clear()
    lifted_at = NOW + timedelta(days=1)
    with practice_scope(practice.pk):
        mark_id = AddressMark.objects.values_list("pk", flat=True).get()
        assert lift_mark(practice.pk, mark_id, actor, lifted_at) == {dana.pk}
        assert lift_mark(practice.pk, mark_id, actor, lifted_at) == set()
    with practice_scope(practice.pk):
        [line] = AuditEntry.objects.filter(action="mark_lifted")
    assert (line.client_id, line.subject_id) == (dana.pk, mark_id)
    assert line.detail == {"subject": "phone", "clients": 1}
    assert news == [frozenset({dana.pk})]
    assert reachable(practice, dana.pk) == (True, True)
    mark(practice, at=NOW + timedelta(hours=2), now=lifted_at + timedelta(hours=1))
    assert reachable(practice, dana.pk) == (True, True)
    mark(practice, at=lifted_at + timedelta(hours=1))
    assert reachable(practice, dana.pk) == (False, True)
    assert len(marks(practice)) == 2


def test_a_mark_is_its_practice_s_alone() -> None:
    mine, theirs = lakeview(), hilltop()
    client(mine)
    neighbor = client(theirs)
    mark(mine)
    assert reachable(theirs, neighbor.pk) == (True, True)
    with practice_scope(mine.pk):
        mark_id = AddressMark.objects.values_list("pk", flat=True).get()
    for unknown in (mark_id, uuid4()):
        with practice_scope(theirs.pk), pytest.raises(AddressMark.DoesNotExist):
            lift_mark(theirs.pk, unknown, Actor(), NOW)

"""Does each due message reach the gateway exactly once, whatever goes wrong on the way? (CHN-3, R26, R32)"""

from datetime import timedelta
from threading import Barrier, Thread
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.db import connections

from clients.models import Client
from integrations.messaging import registry
from integrations.messaging.base import Accepted, Capabilities, Gateway, NotSent, Outgoing, Refused, Sought, Unknown
from integrations.messaging.outbox import Outbox
from practices.models import Location, Practice
from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder
from reminders.operations.attempts import Outcome
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.recording import record_outcomes
from reminders.operations.recovering import recover
from reminders.operations.sweeping import practices_due, sweep
from tests.builders.due import DUE, live_practice, states, still, tries


class Hostile(Gateway):
    """A gateway that answers as it is told, and remembers what it took."""

    key: ClassVar[str] = "hostile"
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    capabilities: ClassVar[Capabilities] = Outbox.capabilities
    taken: ClassVar[list[str]] = []
    answers: ClassVar[list[Exception]] = []

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Raise the next answer, or take the message."""
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append(outgoing.to)
        return Accepted(attempt_id)

    def find(self, sought: Sought) -> Accepted:
        """Say that it arrived: the answer was lost on the way back."""
        return Accepted(f"found-{sought.attempt_id}")


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> type[Hostile]:
    monkeypatch.setattr(registry, "GATEWAYS", MappingProxyType({**registry.GATEWAYS, "hostile": Hostile}))
    Hostile.taken.clear()
    Hostile.answers.clear()
    return Hostile


@pytest.mark.django_db
def test_a_sweep_delivers_what_is_due_and_nothing_else() -> None:
    practice = live_practice()
    assert sweep(still(DUE - timedelta(minutes=5))) == 0
    assert sweep(still(DUE)) == 2
    assert sweep(still(DUE + timedelta(minutes=1))) == 0
    assert states(practice) == ["sent", "sent"]
    assert states(practice, "second") == ["planned", "planned"]


@pytest.mark.django_db
def test_a_practice_in_trouble_keeps_no_other_waiting() -> None:
    practices = {each.pk: each for each in (live_practice("lakeview"), live_practice("hilltop"))}
    first, second = practices_due(DUE)
    with practice_scope(first):
        Practice.objects.filter(pk=first).update(time_zone="Nowhere/Land")
        Location.objects.filter(practice_id=first).delete()
        Client.objects.filter(practice_id=first).update(address_zones=[], phone_zones=[])
    with pytest.raises(ZoneInfoNotFoundError, match="Nowhere"):
        sweep(still(DUE))
    assert states(practices[second]) == ["sent", "sent"]


@pytest.mark.django_db
def test_a_gateway_that_is_gone_sends_nothing_and_is_tried_again() -> None:
    practice = live_practice(gateway="gone")
    sweep(still(DUE))
    assert states(practice) == ["waiting", "waiting"]
    with practice_scope(practice.pk):
        assert set(Reminder.objects.filter(step="first").values_list("reason", flat=True)) == {"CHANNEL_DOWN"}


@pytest.mark.django_db
def test_a_worker_killed_between_attempt_and_call_loses_nothing_and_repeats_nothing() -> None:
    practice = live_practice()
    assert len(claim_batch(practice.pk, DUE, 100).attempts) == 2  # and then the worker is gone
    assert states(practice) == ["claimed", "claimed"]
    assert sweep(still(DUE + timedelta(seconds=30))) == 0
    later = DUE + timedelta(minutes=2)
    assert recover(still(later)) == 2
    assert sweep(still(later)) == 2
    assert states(practice) == ["sent", "sent"]
    with practice_scope(practice.pk):
        assert Delivery.objects.filter(state="accepted").count() == 2
        assert Message.objects.filter(is_void=False).count() == 2


@pytest.mark.django_db
def test_what_a_slower_recovery_finds_does_not_touch_the_attempt_made_since() -> None:
    practice = live_practice()
    lost = claim_batch(practice.pk, DUE, 100).attempts
    later = DUE + timedelta(minutes=2)
    recover(still(later))
    assert len(claim_batch(practice.pk, later, 100).attempts) == 2
    refused = Delivery.State.REFUSED
    record_outcomes(practice.pk, [Outcome(each, refused, retry_at=later) for each in lost], later)
    assert states(practice) == ["claimed", "claimed"]


@pytest.mark.django_db
def test_an_unknown_outcome_is_asked_about_and_never_sent_again(hostile: type[Hostile]) -> None:
    practice = live_practice(gateway="hostile")
    hostile.answers += [Unknown("The connection broke."), Unknown("The connection broke.")]
    sweep(still(DUE))
    assert states(practice) == ["unknown", "unknown"]
    recover(still(DUE + timedelta(minutes=2)))
    assert states(practice) == ["sent", "sent"]
    assert hostile.taken == []


@pytest.mark.django_db
def test_a_message_that_was_not_taken_is_tried_again_and_a_refused_one_is_not(hostile: type[Hostile]) -> None:
    practice = live_practice(gateway="hostile")
    hostile.answers += [Refused("Not carried."), NotSent("Too many requests.", retry_after=30)]
    sweep(still(DUE))
    assert states(practice) == ["failed", "waiting"]
    sweep(still(DUE + timedelta(seconds=31)))
    assert states(practice) == ["failed", "sent"]
    assert len(hostile.taken) == 1


@pytest.mark.django_db
def test_a_decision_older_than_two_seconds_is_taken_again() -> None:
    practice = live_practice()
    batch = claim_batch(practice.pk, DUE, 100)
    outcomes = deliver(batch, still(DUE + timedelta(seconds=3)))
    assert {each.state for each in outcomes} == {Delivery.State.REFUSED}
    assert states(practice) == ["waiting", "waiting"]
    sweep(still(DUE + timedelta(seconds=4)))
    assert states(practice) == ["sent", "sent"]


@pytest.mark.django_db
def test_a_paused_practice_keeps_its_messages_and_the_ledger_says_so() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.PAUSED)
    sweep(still(DUE))
    with practice_scope(practice.pk):
        waiting = Reminder.objects.filter(step="first").values_list("state", "reason")
        assert set(waiting) == {("waiting", "PRACTICE_PAUSED")}


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once() -> None:
    practice = live_practice()
    barrier = Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            sweep(still(DUE))
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert states(practice) == ["sent", "sent"]
    with practice_scope(practice.pk):
        assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_a_gateway_that_breaks_its_contract_costs_no_other_message_its_outcome(hostile: type[Hostile]) -> None:
    practice = live_practice(gateway="hostile")
    hostile.answers += [KeyError("body")]
    sweep(still(DUE))
    assert states(practice) == ["sent", "unknown"]
    assert len(hostile.taken) == 1


@pytest.mark.django_db
def test_an_acceptance_heard_late_counts_although_the_attempt_was_given_up() -> None:
    practice = live_practice()
    batch = claim_batch(practice.pk, DUE, 100)
    recover(still(DUE + timedelta(minutes=2)))
    deliver(batch, still(DUE + timedelta(seconds=1)))
    with practice_scope(practice.pk):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
        assert set(Message.objects.values_list("is_void", flat=True)) == {False}
    assert states(practice) == ["sent", "sent"]
    assert sweep(still(DUE + timedelta(minutes=3))) == 2  # planned anew, and nothing leaves again
    assert tries(practice) == {"accepted": 2}

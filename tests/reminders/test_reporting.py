"""What do carriers' reports change, however often and in whatever order they come? (CHN-2, CHN-3, R4, R13, R33)"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import AddressMark, Client, Suppression
from integrations.events import DeliveryReported, NotOurs
from integrations.messaging.base import Fate, Meaning, Report
from integrations.models import GatewayAccount
from integrations.operations.accounts import connect_account
from integrations.queries.attempt_references import refer
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, MessageKind, Touchpoint
from reminders.models import Delivery, Message, Reminder
from reminders.models import Sequence as SequenceRow
from reminders.operations.claiming import claim_batch
from reminders.operations.delivering import deliver
from reminders.operations.planning import replan
from reminders.operations.reporting import apply_reports
from reminders.operations.sweeping import sweep
from tests.builders.clients import DANA, OLIVIA
from tests.builders.due import DUE, live_practice, still

Said = dict[str, Any]
LATER = DUE + timedelta(minutes=3)


def _undelivered(meaning: Meaning, code: str, reason: str) -> Said:
    return {"fate": Fate.UNDELIVERED, "meaning": meaning, "code": code, "reason": reason}


LANDLINE = _undelivered(Meaning.NOT_MOBILE, "30006", "Not a mobile number.")
SWITCHED_OFF = _undelivered(Meaning.LATER, "30003", "It was switched off.")
FILTERED = _undelivered(Meaning.FILTERED, "30007", "The carrier minded it.")

pytestmark = pytest.mark.django_db


def danas(practice: Practice) -> UUID:
    with practice_scope(practice.pk):
        return Client.objects.values_list("pk", flat=True).get(practice_id=practice.pk, first_name=DANA.first_name)


def delivery(practice: Practice, client_id: UUID, channel: Channel = Channel.SMS) -> Delivery:
    """The last one to a client on a channel."""
    with practice_scope(practice.pk):
        return Delivery.objects.filter(client_id=client_id, channel=channel).order_by("-attempted_at", "-pk")[0]


def first(practice: Practice, client_id: UUID, step: str = "first") -> Reminder:
    with practice_scope(practice.pk):
        return Reminder.objects.select_related("message", "sequence").get(client_id=client_id, step=step)


def report(row: Delivery, fate: Fate | None, key: str = "", **said: Any) -> Report:
    values = {"attempt_id": refer(row.practice_id, row.pk), "at": LATER, "address": row.to_address, **said}
    return Report(key or f"{row.pk}:{fate}:{said.get('code', '')}", fate, **values)


def tell(practice: Practice, *reports: Report, gateway: str = "outbox", now: Any = LATER) -> None:
    """Each as a callback of its own."""
    for each in reports:
        with practice_scope(practice.pk):
            apply_reports(DeliveryReported(practice.pk, gateway, (each,), now))


def sent() -> tuple[Practice, UUID, Delivery]:
    """A practice that has just texted Dana her first reminder."""
    practice = live_practice()
    sweep(still(DUE))
    client_id = danas(practice)
    return practice, client_id, delivery(practice, client_id)


def message_of(reminder: Reminder) -> Message:
    assert reminder.message is not None
    return reminder.message


def said_of(reminder: Reminder) -> tuple[str, str]:
    return reminder.state, reminder.reason


def test_a_message_that_arrived_is_delivered_and_so_is_its_reminder() -> None:
    practice, dana, row = sent()
    arrived_at = LATER - timedelta(minutes=1)
    tell(practice, report(row, Fate.ACCEPTED), report(row, Fate.DELIVERED, at=arrived_at))
    after, reminder = delivery(practice, dana), first(practice, dana)
    assert (after.state, after.delivered_at, after.error) == ("delivered", arrived_at, "")
    assert said_of(reminder) == ("delivered", "")
    assert reminder.sent_at == DUE


def test_states_only_move_forward() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, Fate.DELIVERED), report(row, Fate.ACCEPTED), report(row, **FILTERED))
    assert delivery(practice, dana).state == "delivered"
    assert said_of(first(practice, dana)) == ("delivered", "")


def test_a_delivery_reported_after_all_counts() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **FILTERED))
    assert said_of(first(practice, dana)) == ("failed", "REFUSED")
    assert delivery(practice, dana).error == "The carrier minded it."
    assert message_of(first(practice, dana)).is_void
    tell(practice, report(row, Fate.DELIVERED))
    assert (delivery(practice, dana).state, delivery(practice, dana).error) == ("delivered", "")
    assert said_of(first(practice, dana)) == ("delivered", "")
    assert not message_of(first(practice, dana)).is_void


def test_a_callback_settles_an_attempt_whose_worker_was_killed() -> None:
    practice = live_practice()
    claim_batch(practice.pk, DUE, 100)  # and then the worker is gone
    dana = danas(practice)
    row = delivery(practice, dana)
    assert (row.state, said_of(first(practice, dana))) == ("attempted", ("claimed", ""))
    tell(practice, report(row, Fate.ACCEPTED, remote_id="SM1"))
    after = delivery(practice, dana)
    assert (after.state, after.remote_id, after.settled_at, after.next_at) == ("accepted", "SM1", LATER, None)
    assert said_of(first(practice, dana)) == ("sent", "")
    assert message_of(first(practice, dana)).sent_at == DUE


@pytest.mark.parametrize(
    ("told", "delivery_is", "reminder_is"),
    [
        ({"fate": Fate.ACCEPTED}, "accepted", ("sent", "")),
        ({"fate": Fate.DELIVERED}, "delivered", ("delivered", "")),
        (LANDLINE, "undelivered", ("waiting", "UNREACHABLE")),
        (FILTERED, "undelivered", ("failed", "REFUSED")),
    ],
)
def test_a_callback_that_is_quicker_than_the_answer_to_the_call_stands(
    told: Said, delivery_is: str, reminder_is: tuple[str, str]
) -> None:
    practice = live_practice()
    batch = claim_batch(practice.pk, DUE, 100)
    dana = danas(practice)
    row = delivery(practice, dana)
    tell(practice, report(row, **told), now=DUE)
    deliver(batch, still(DUE))
    after = delivery(practice, dana)
    assert (after.state, bool(after.remote_id)) == (delivery_is, True)
    assert said_of(first(practice, dana)) == reminder_is
    assert message_of(first(practice, dana)).is_void == (delivery_is == "undelivered")


def test_a_message_given_up_as_lost_that_arrived_does_not_leave_again() -> None:
    practice = live_practice()
    claim_batch(practice.pk, DUE, 100)
    dana = danas(practice)
    row = delivery(practice, dana)
    with practice_scope(practice.pk):
        Delivery.objects.filter(pk=row.pk).update(state="refused", settled_at=DUE)
        Message.objects.filter(pk=row.message_id).update(is_void=True)
        Reminder.objects.filter(message_id=row.message_id).update(state="waiting", reason="CHANNEL_DOWN", due_at=LATER)
    tell(practice, report(row, Fate.DELIVERED))
    assert said_of(first(practice, dana)) == ("delivered", "")
    assert not message_of(first(practice, dana)).is_void
    sweep(still(LATER + timedelta(minutes=1)))
    with practice_scope(practice.pk):
        assert Delivery.objects.filter(client_id=dana).count() == 1


def test_a_landline_is_marked_and_the_email_goes_instead() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **LANDLINE))
    with practice_scope(practice.pk):
        mark = AddressMark.objects.get()
        assert (mark.subject, mark.address, mark.problem, mark.code) == (
            "phone",
            "+13125550142",
            "not_mobile",
            "30006",
        )
    assert said_of(first(practice, dana)) == ("waiting", "UNREACHABLE")
    assert delivery(practice, dana).error_code == "30006"
    sweep(still(LATER + timedelta(seconds=1)))
    assert delivery(practice, dana, Channel.EMAIL).state == "accepted"
    assert said_of(first(practice, dana)) == ("sent", "")
    with practice_scope(practice.pk):
        assert Message.objects.filter(client_id=dana, is_void=False).count() == 1


def test_the_other_channel_stands_in_for_a_client_who_prefers_texts() -> None:
    practice, dana, row = sent()
    with practice_scope(practice.pk):
        Client.objects.filter(pk=dana).update(preferred_channel="sms")
    tell(practice, report(row, **LANDLINE))
    sweep(still(LATER + timedelta(seconds=1)))
    assert delivery(practice, dana, Channel.EMAIL).state == "accepted"


@pytest.mark.parametrize("missing", ["email", "unsubscribed"])
def test_where_no_other_channel_is_open_the_reminder_has_failed_and_says_why(missing: str) -> None:
    practice, dana, row = sent()
    with practice_scope(practice.pk):
        if missing == "email":
            Client.objects.filter(pk=dana).update(email="")
        else:
            Suppression.objects.create(
                practice_id=practice.pk,
                subject="email",
                address="dana.whitfield@example.com",
                client_id=dana,
                origin="link",
                at=DUE,
                narrowed_at=DUE,
            )
    tell(practice, report(row, **LANDLINE))
    assert said_of(first(practice, dana)) == ("failed", "UNREACHABLE")
    with practice_scope(practice.pk):
        assert AddressMark.objects.count() == 1


def test_later_than_five_days_nothing_goes_instead() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **LANDLINE), now=DUE + timedelta(days=6))
    assert said_of(first(practice, dana)) == ("failed", "UNREACHABLE")


def test_a_phone_that_is_switched_off_is_tried_once_more_after_four_hours() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **SWITCHED_OFF))
    reminder = first(practice, dana)
    assert said_of(reminder) == ("waiting", "REFUSED")
    assert reminder.due_at == LATER + timedelta(hours=4)
    assert sweep(still(LATER + timedelta(hours=3))) == 0
    again_at = LATER + timedelta(hours=4, seconds=1)
    assert sweep(still(again_at)) == 1
    again = delivery(practice, dana)
    assert again.pk != row.pk
    tell(practice, report(again, **SWITCHED_OFF), now=again_at + timedelta(minutes=1))
    assert said_of(first(practice, dana)) == ("failed", "REFUSED")
    with practice_scope(practice.pk):
        assert AddressMark.objects.count() == 0


def test_what_a_carrier_filters_is_not_sent_again_and_nothing_is_said_of_the_address() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **FILTERED))
    assert said_of(first(practice, dana)) == ("failed", "REFUSED")
    assert sweep(still(LATER + timedelta(hours=5))) == 0
    with practice_scope(practice.pk):
        assert AddressMark.objects.count() == 0


def test_an_account_at_fault_is_noted_and_the_message_leaves_once_more_when_it_is_mended() -> None:
    practice, dana, row = sent()
    values = {"account_sid": "AC" + "1f" * 16, "auth_token": "0123456789abcdef", "from_number": "+13128096490"}
    account_id = connect_account(practice.pk, "twilio_sms", values, Actor(), DUE)
    suspended = _undelivered(Meaning.ACCOUNT, "30002", "Twilio suspended the account.")
    with practice_scope(practice.pk):
        Delivery.objects.filter(pk=row.pk).update(account_id=account_id)
    tell(practice, report(row, **suspended))
    with practice_scope(practice.pk):
        account = GatewayAccount.objects.get(pk=account_id)
    assert (account.failing_since, account.trouble) == (LATER, "Twilio suspended the account.")
    assert said_of(first(practice, dana)) == ("waiting", "CHANNEL_DOWN")
    sweep(still(LATER + timedelta(seconds=1)))  # by the outbox, which carries this practice's texts
    again = delivery(practice, dana)
    assert again.pk != row.pk
    tell(practice, report(again, **suspended), now=LATER + timedelta(minutes=1))
    assert said_of(first(practice, dana)) == ("failed", "REFUSED")


def test_a_spam_complaint_marks_the_email_and_leaves_the_message_as_it_was() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        Client.objects.filter(practice_id=practice.pk).update(preferred_channel="email")
    sweep(still(DUE))
    dana = danas(practice)
    row = delivery(practice, dana, Channel.EMAIL)
    tell(practice, report(row, Fate.DELIVERED), report(row, None, meaning=Meaning.COMPLAINT))
    assert said_of(first(practice, dana)) == ("delivered", "")
    with practice_scope(practice.pk):
        mark = AddressMark.objects.get()
        assert (mark.subject, mark.address, mark.problem) == ("email", "dana.whitfield@example.com", "complaint")
    second_at = first(practice, dana, "second").due_at + timedelta(seconds=1)
    sweep(still(second_at))
    assert delivery(practice, dana).channel == "sms"
    assert said_of(first(practice, dana, "second")) == ("sent", "")


def test_an_opt_out_at_the_vendor_is_one_of_ours() -> None:
    practice, dana, row = sent()
    stopped = _undelivered(Meaning.OPTED_OUT, "21610", "It texted STOP.")
    tell(practice, report(row, **stopped), report(row, **stopped))
    with practice_scope(practice.pk):
        opt_out = Suppression.objects.get(address="+13125550142")
        assert (opt_out.origin, opt_out.wording, opt_out.at) == ("gateway", "It texted STOP.", LATER)
        ends = SequenceRow.objects.filter(client_id=dana, kind="refill").values_list("state", "reason")
        assert list(ends) == [("ended", "OPTED_OUT")]
    assert said_of(first(practice, dana)) == ("failed", "REFUSED")
    assert sweep(still(LATER + timedelta(days=90))) == 1  # Olivia's second alone


def test_what_is_said_of_an_address_needs_no_message() -> None:
    practice = live_practice()
    tell(practice, Report("E1", None, address="Dana.Whitfield@example.com", meaning=Meaning.COMPLAINT, at=LATER))
    with practice_scope(practice.pk):
        assert AddressMark.objects.get().address == "dana.whitfield@example.com"


@pytest.mark.parametrize("meaning", [Meaning.OPTED_OUT, Meaning.NOT_MOBILE])
def test_what_a_report_says_of_an_address_counts_although_its_message_is_not_found(meaning: Meaning) -> None:
    """An attempt whose answer was lost, at a vendor that returns no reference of ours."""
    practice = live_practice()
    said = Report("E1", Fate.UNDELIVERED, remote_id="P1", address="+13125550142", meaning=meaning, at=LATER)
    with pytest.raises(NotOurs):  # it may be quicker than our own note of what was taken
        tell(practice, said, now=LATER + timedelta(seconds=5))
    tell(practice, said, now=LATER + timedelta(seconds=35))
    with practice_scope(practice.pk):
        is_stop = meaning is Meaning.OPTED_OUT
        assert (Suppression.objects.count(), AddressMark.objects.count()) == (int(is_stop), int(not is_stop))


def test_R28_where_several_send_from_one_place_an_opt_out_alone_counts_for_whoever_did_not_write() -> None:
    practice = live_practice()
    said = Report("E1", Fate.UNDELIVERED, remote_id="P1", address="+13125550142", at=DUE, is_copy=True)
    with pytest.raises(NotOurs):
        tell(practice, replace(said, meaning=Meaning.NOT_MOBILE))
    tell(practice, replace(said, meaning=Meaning.OPTED_OUT))
    with practice_scope(practice.pk):
        assert Suppression.objects.get().origin == "gateway"


def test_a_message_is_found_by_the_vendors_own_name_for_it() -> None:
    practice, dana, row = sent()
    tell(practice, Report("E1", Fate.DELIVERED, remote_id=row.remote_id, at=LATER))
    assert delivery(practice, dana).state == "delivered"
    with pytest.raises(NotOurs):
        tell(practice, Report("E2", Fate.DELIVERED, remote_id=row.remote_id, at=LATER), gateway="podium")


def test_a_reference_to_another_practices_message_is_nobodys() -> None:
    practice, dana, row = sent()
    other = live_practice("hilltop")
    with pytest.raises(NotOurs):
        tell(other, report(row, Fate.DELIVERED))
    assert delivery(practice, dana).state == "accepted"


def test_many_reports_at_once_are_noted_at_once() -> None:
    practice, dana, row = sent()
    with practice_scope(practice.pk):
        olivia = Client.objects.values_list("pk", flat=True).get(first_name=OLIVIA.first_name)
    other = delivery(practice, olivia)
    reports = (report(row, Fate.ACCEPTED), report(other, Fate.DELIVERED), report(row, Fate.DELIVERED))
    with practice_scope(practice.pk):
        apply_reports(DeliveryReported(practice.pk, "outbox", reports, LATER))
    assert delivery(practice, dana).state == delivery(practice, olivia).state == "delivered"


def test_of_a_message_on_both_channels_one_that_arrives_is_enough() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        Client.objects.filter(practice_id=practice.pk).update(preferred_channel="both")
    sweep(still(DUE))
    dana = danas(practice)
    row = delivery(practice, dana)
    tell(practice, report(row, **LANDLINE))
    assert said_of(first(practice, dana)) == ("sent", "")
    assert not message_of(first(practice, dana)).is_void
    tell(practice, report(delivery(practice, dana, Channel.EMAIL), Fate.DELIVERED))
    assert said_of(first(practice, dana)) == ("delivered", "")
    with practice_scope(practice.pk):
        assert AddressMark.objects.count() == 1


def test_the_last_message_of_a_sequence_opens_it_again_for_the_other_channel() -> None:
    practice = live_practice()
    dana = danas(practice)
    now = DUE
    for step in ("first", "second", "last"):
        now = first(practice, dana, step).due_at + timedelta(seconds=1)
        sweep(still(now))
    sweep(still(now + timedelta(minutes=1)))
    reminder = first(practice, dana, "last")
    assert (reminder.state, reminder.sequence.state, reminder.sequence.reason) == ("sent", "ended", "FINISHED")
    told_at = now + timedelta(minutes=5)
    tell(practice, report(delivery(practice, dana), **LANDLINE), now=told_at)
    reminder = first(practice, dana, "last")
    assert (reminder.state, reminder.sequence.state) == ("waiting", "open")
    sweep(still(told_at + timedelta(seconds=1)))
    assert delivery(practice, dana, Channel.EMAIL).state == "accepted"
    sweep(still(told_at + timedelta(minutes=1)))
    reminder = first(practice, dana, "last")
    assert (reminder.state, reminder.sequence.state, reminder.sequence.reason) == ("sent", "ended", "FINISHED")


def test_a_reminder_that_left_by_the_other_channel_stays_sent_whatever_is_heard_of_the_first() -> None:
    practice, dana, row = sent()
    tell(practice, report(row, **LANDLINE))
    sweep(still(LATER + timedelta(seconds=1)))
    tell(practice, report(row, Fate.DELIVERED, at=LATER + timedelta(hours=1)), report(row, **LANDLINE))
    assert said_of(first(practice, dana)) == ("sent", "")
    assert first(practice, dana).message_id != row.message_id
    assert delivery(practice, dana).state == "delivered"


def test_an_answers_delivery_changes_its_own_state_alone() -> None:
    practice, dana, _ = sent()
    with practice_scope(practice.pk):
        message = Message.objects.create(
            practice_id=practice.pk,
            client_id=dana,
            kind=MessageKind.ANSWER,
            touchpoint=Touchpoint.STAFF_ANSWER,
            decided_at=LATER,
        )
        row = Delivery.objects.create(
            practice_id=practice.pk,
            message=message,
            client_id=dana,
            channel=Channel.SMS,
            gateway="outbox",
            to_address="+13125550142",
            text="See you.",
            attempted_at=LATER,
        )
    tell(practice, report(row, Fate.ACCEPTED), report(row, **FILTERED))
    with practice_scope(practice.pk):
        row.refresh_from_db()
    assert (row.state, row.error_code) == ("undelivered", "30007")
    assert said_of(first(practice, dana)) == ("sent", "")


def ledger(practice: Practice) -> dict[str, int]:
    """R33 by the rows: each reminder whose moment has come is in exactly one of four."""
    four = {
        "sent": {"sent", "delivered"},
        "waiting": {"waiting", "claimed", "unknown"},
        "suppressed": {"suppressed", "expired"},
        "failed": {"failed"},
    }
    with practice_scope(practice.pk):
        states = list(Reminder.objects.filter(allowed_at__lte=LATER).values_list("state", flat=True))
    return {name: sum(state in of for state in states) for name, of in four.items()} | {"due": len(states)}


def test_R33_the_sums_hold_at_each_step() -> None:
    practice, _, row = sent()
    for news in (report(row, **LANDLINE), report(row, Fate.DELIVERED)):
        tell(practice, news)
        counted = ledger(practice)
        assert counted["due"] == sum(count for name, count in counted.items() if name != "due") == 2


def records(practice: Practice, client_id: UUID) -> Sequence[Any]:
    """All that reports may change about one client."""
    replan(practice.pk, [client_id], LATER)
    with practice_scope(practice.pk):
        deliveries = Delivery.objects.filter(client_id=client_id).order_by("pk")
        reminders = Reminder.objects.filter(client_id=client_id).order_by("pk")
        return [
            list(
                deliveries.values_list(
                    "state", "error", "error_code", "remote_id", "settled_at", "delivered_at", "next_at"
                )
            ),
            list(Message.objects.filter(client_id=client_id).order_by("pk").values_list("sent_at", "is_void")),
            [_left(*each) for each in reminders.values_list("state", "reason", "sent_at", "message_id")],
            list(SequenceRow.objects.filter(client_id=client_id).order_by("pk").values_list("state", "reason")),
            list(AddressMark.objects.order_by("subject").values_list("subject", "address", "problem", "code", "at")),
            list(Suppression.objects.order_by("subject").values_list("subject", "address", "origin", "at")),
        ]


def _left(state: str, reason: str, sent_at: Any, message_id: UUID | None) -> Sequence[Any]:
    """A reminder's row. What an opt-out found waiting for the other channel is cancelled, what it found sent failed."""
    did_not = message_id is not None and (state, reason) in {("cancelled", "OPTED_OUT"), *NEVER_CAME}
    return ("did not leave", "", sent_at, message_id) if did_not else (state, reason, sent_at, message_id)


NEVER_CAME = (("failed", "UNREACHABLE"), ("failed", "REFUSED"))
WORDS: Sequence[Said] = (
    {"fate": Fate.ACCEPTED, "remote_id": "SM1"},
    {"fate": Fate.ACCEPTED, "remote_id": "SM1", "code": "deferred"},
    {"fate": Fate.DELIVERED, "remote_id": "SM1", "at": LATER - timedelta(minutes=1)},
    {"fate": Fate.DELIVERED, "remote_id": "SM1", "code": "again"},
    {"fate": None, "meaning": Meaning.COMPLAINT, "code": "spam"},
    {"fate": None, "meaning": Meaning.OPTED_OUT, "reason": "It unsubscribed there."},
)
ENDS: Sequence[Said] = (LANDLINE, FILTERED, SWITCHED_OFF)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Said], list[Said]]:
    """The same news of one message in two orders, some of it repeated."""
    told = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique_by=str))
    told += draw(st.sampled_from([[], *([each] for each in ENDS)]))
    again = [*told, *draw(st.lists(st.sampled_from(told), max_size=3))]
    return draw(st.permutations(told)), draw(st.permutations(again))


@pytest.fixture(params=["recorded", "never recorded"])
def attempted(request: pytest.FixtureRequest) -> tuple[Practice, UUID, Delivery]:
    """Dana's first reminder left; the outcome was recorded, or the worker was killed before."""
    practice = live_practice()
    if request.param == "recorded":
        sweep(still(DUE))
    else:
        claim_batch(practice.pk, DUE, 100)
    dana = danas(practice)
    row = delivery(practice, dana)
    with practice_scope(practice.pk):
        Delivery.objects.filter(pk=row.pk).update(remote_id="")
    return practice, dana, row


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=orders())
def test_R13_reports_in_any_order_and_number_give_the_same_records(
    attempted: tuple[Practice, UUID, Delivery], told: tuple[list[Said], list[Said]]
) -> None:
    practice, dana, row = attempted
    once, other = ([report(row, **each) for each in order] for order in told)
    assert _in_vain(practice, dana, once) == _in_vain(practice, dana, other)


def _in_vain(practice: Practice, client_id: UUID, reports: Iterable[Report]) -> Sequence[Any]:
    """What the records would be after these; they stay as they are."""
    with transaction.atomic():
        tell(practice, *(replace(each, event_key=f"{number}") for number, each in enumerate(reports)))
        found = records(practice, client_id)
        transaction.set_rollback(True)
    return found

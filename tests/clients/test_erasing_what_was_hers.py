"""Does erasing find what was hers before: numbers and emails she has no more, and what she refused? (REC-5)"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from clients.models import AddressMark, Client, Consent, Suppression
from clients.models.consent import ConsentScope
from clients.operations.consents import attest
from clients.operations.erasing import erase_client
from clients.operations.marking import mark_address
from clients.operations.merging import merge, undo_merge
from clients.operations.reported import ReportedClient, ReportedConsent
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import permissions_of
from integrations.models import GatewayEvent
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Message, Reply
from reminders.models.message import Delivery
from tests.builders.clients import DANA, OLIVIA, SAID_AT, SMS_CONSENT, client, say
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = SAID_AT + 9 * DAY
PHONE, EMAIL = "+13125550142", "first@example.com"
HERS = replace(DANA, email=EMAIL)
ELSEWHERE = ReportedClient("G1", phone="(773) 555-0101", email="elsewhere@example.com")


def consented(practice: Practice, dana: Client) -> None:
    word = replace(SMS_CONSENT, at=SAID_AT + timedelta(hours=1))
    say(practice, replace(HERS, consents=(word, replace(word, scope="email"))), at=SAID_AT + timedelta(hours=1))


def stopped(practice: Practice, dana: Client) -> None:
    with practice_scope(practice.pk):
        opt_out(practice.pk, SAID_AT, phone=PHONE, email=EMAIL, origin=Suppression.Origin.REPLY)
        lift_opt_out(practice.pk, SAID_AT + DAY / 2, phone=PHONE, email=EMAIL, source="reply", wording="START")
        Suppression.objects.filter(client=None).update(client=dana)


def written_to(practice: Practice, dana: Client) -> None:
    with practice_scope(practice.pk):
        message = Message.objects.create(
            practice=practice, client=dana, touchpoint="booked", decided_at=SAID_AT, kind="confirmation"
        )
        for channel, address in (("sms", PHONE), ("email", EMAIL)):
            Delivery.objects.create(
                practice=practice, client=dana, message=message, channel=channel, gateway="outbox",
                to_address=address, text="Hello.", attempted_at=SAID_AT, state="delivered",
            )  # fmt: skip


def replied(practice: Practice, dana: Client) -> None:
    with practice_scope(practice.pk):
        for channel, address in (("sms", PHONE), ("email", EMAIL)):
            Reply.objects.create(
                practice=practice, client=dana, channel=channel, from_address=address, text="Yes.", received_at=SAID_AT
            )


def merged_for_a_while(practice: Practice, dana: Client) -> None:
    twin = client(practice, ReportedClient("G7", first_name="Dee", postal_code="60602"))
    with practice_scope(practice.pk):
        made = merge(practice.pk, twin.pk, dana.pk, SAID_AT)
    undo_merge(practice.pk, made.pk, SAID_AT)


def heard_of(practice: Practice) -> None:
    """What carriers said of her phone and email."""
    with practice_scope(practice.pk):
        for number, (kind, address) in enumerate((("phone", PHONE), ("email", EMAIL))):
            mark_address(practice.pk, kind, address, "no_such", code="1", gateway="twilio_sms", at=NOW, now=NOW)
            GatewayEvent.objects.create(
                practice=practice, gateway="twilio_sms", kind="message", event_key=f"k{number}",
                told={"from_address": address, "text": "I have a rash"}, received_at=SAID_AT, state="applied",
            )  # fmt: skip


def left(practice: Practice) -> tuple[set[str], int]:
    with practice_scope(practice.pk):
        marks = set(AddressMark.objects.values_list("address", flat=True))
        return marks, GatewayEvent.objects.exclude(told={}).count()


def erased(practice: Practice, who: Client) -> None:
    with practice_scope(practice.pk):
        erase_client(practice.pk, who.pk, Actor(), NOW)


@pytest.mark.parametrize("known_from", [consented, stopped, written_to, replied, merged_for_a_while])
def test_what_stands_under_her_former_number_and_email_goes(
    known_from: Callable[[Practice, Client], None],
) -> None:
    practice = lakeview()
    dana = client(practice, HERS)
    known_from(practice, dana)
    say(practice, ELSEWHERE, at=SAID_AT + 2 * DAY)
    heard_of(practice)
    erased(practice, dana)
    assert left(practice) == (set(), 0)


def test_a_former_number_that_somebody_else_has_now_is_hers() -> None:
    practice = lakeview()
    dana = client(practice, HERS)
    consented(practice, dana)
    say(practice, ELSEWHERE, at=SAID_AT + 2 * DAY)
    olivia = client(practice, replace(OLIVIA, phone=HERS.phone, email=HERS.email))
    heard_of(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=PHONE, origin=Suppression.Origin.REPLY)
        Suppression.objects.filter(client=dana).delete()
    erased(practice, dana)
    assert left(practice) == ({PHONE, EMAIL}, 2)
    with practice_scope(practice.pk):
        assert Suppression.objects.filter(address=PHONE, client=olivia, is_hashed=False).exists()
        assert not Suppression.objects.filter(is_hashed=True).exists()


def test_one_who_is_out_is_known_again_by_her_former_number() -> None:
    practice = lakeview()
    dana = client(practice, HERS)
    consented(practice, dana)
    say(practice, ELSEWHERE, at=SAID_AT + 2 * DAY)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, origin=Suppression.Origin.STAFF)
    erased(practice, dana)
    again = client(practice, replace(HERS, remote_id="from an older list", email=None))
    with practice_scope(practice.pk):
        assert permissions_of(practice.pk, [again.pk])[again.pk].is_opted_out


WITHDRAWN = replace(SMS_CONSENT, is_granted=False)
VETO = ReportedConsent("sms", False, SAID_AT, "records", is_flag=True)


@pytest.mark.parametrize("scope", ["sms", "email"])
@pytest.mark.parametrize("word", [WITHDRAWN, VETO], ids=["withdrawn", "a flag of the records"])
def test_a_refusal_that_stands_in_the_ledger_stays(word: ReportedConsent, scope: str) -> None:
    practice = lakeview()
    dana = client(practice, replace(HERS, consents=(replace(word, scope=scope),)))
    attest(practice.pk, ConsentScope.SMS, "Texts are fine.", "Alice", SAID_AT)
    erased(practice, dana)
    again = client(practice, HERS)
    with practice_scope(practice.pk):
        assert not Consent.objects.exists()
        kept: set[tuple[object, ...]] = set(
            Suppression.objects.filter(is_hashed=True).values_list("subject", "origin", "wording", "by", "at")
        )
        assert kept == {(subject, "webhook", "", None, SAID_AT) for subject in ("phone", "email", "client")}
        assert permissions_of(practice.pk, [again.pk])[again.pk].is_opted_out


@pytest.mark.parametrize(
    "then", [replace(SMS_CONSENT, at=SAID_AT + DAY), replace(WITHDRAWN, scope="photos")], ids=["taken back", "photos"]
)
def test_what_she_took_back_or_refused_of_photos_keeps_nobody_out(then: ReportedConsent) -> None:
    practice = lakeview()
    words = (then,) if then.scope == "photos" else (WITHDRAWN, then)
    dana = client(practice, replace(HERS, consents=words))
    erased(practice, dana)
    with practice_scope(practice.pk):
        assert not Suppression.objects.exists()


def test_an_older_stop_comes_before_a_refusal() -> None:
    practice = lakeview()
    dana = client(practice, replace(HERS, consents=(WITHDRAWN,)))
    with practice_scope(practice.pk):
        opt_out(practice.pk, SAID_AT - DAY, client_id=dana.pk, origin=Suppression.Origin.LINK)
    erased(practice, dana)
    with practice_scope(practice.pk):
        assert set(Suppression.objects.values_list("origin", flat=True)) == {"link"}

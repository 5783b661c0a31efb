"""Is a person who is erased gone from everywhere, for good, and never written to again if she had opted out? (REC-5)"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum

from clients.models import Client, ClientIdentity, ClientMerge, Consent, Suppression, Treatment
from clients.operations.erasing import erase_client
from clients.operations.marking import mark_address
from clients.operations.merging import merge
from clients.operations.reported import ReportedClient
from clients.operations.staff_notes import write_note
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.find import by_name, find_clients
from clients.queries.permissions import permissions_of
from clients.queries.suppressions import Wanted, find_suppressions
from integrations.models import GatewayEvent, ImportProblem, ImportRun, InboundEvent
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from practices.tenancy.models import TenantModel
from reminders.models import Call, ClientPlan, Delivery, Reminder, Reply, Sequence, StandingTally
from reminders.operations.planning import replan
from reminders.operations.replanning import replan_every_client
from tests.builders import day
from tests.builders.clients import DANA, OLIVIA, SAID_AT, SMS_CONSENT, appointment, client, say, treatment
from tests.builders.practices import alice, hilltop, lakeview
from tests.builders.reminders import live, planned, sent

pytestmark = pytest.mark.django_db

PHONE, EMAIL = "+13125550142", "dana.whitfield@example.com"
PHONE_BEFORE, EMAIL_BEFORE = "+17735550167", "z.before@example.com"
NOW = SAID_AT + timedelta(days=75)
STAFF = Suppression.Origin.STAFF
ZOE = replace(DANA, first_name="Zoë", last_name="Whitfield-Oyelaran")
HERS = (
    "zoë", "whitfield", "oyelaran", "555-0142", "5550142", "dana.whitfield", "g1-namely", "upstairs", "1984-05-17",
    "slippery", "sister-in-law", "glabella", "written consent of hers", "zo\\u00eb", "555-0167", "5550167",
    "z.before@", "rash",
)  # fmt: skip
"""Parts of everything by which she could be known again, in lower case."""


def full_life(practice: Practice) -> Client:
    """Everything that can be kept of a person, said through the operations that keep it."""
    who = replace(
        ZOE, remote_id="G1-namely", date_of_birth=date(1984, 5, 17),
        consents=(replace(SMS_CONSENT, wording="Written consent of hers."),),
    )  # fmt: skip
    live(practice, SAID_AT - timedelta(days=30))
    before = replace(SMS_CONSENT, at=SAID_AT - timedelta(days=1))
    words = (before, replace(before, scope="email"))
    say(practice, replace(who, phone=PHONE_BEFORE, email=EMAIL_BEFORE, consents=words), at=before.at)
    dana = client(practice, who)
    say(practice, treatment("T1", who, area="glabella", series_key="zoë-1"), at=SAID_AT)
    say(practice, treatment("T9", ReportedClient("", full_name="Zoë Whitfield Oyelaran"), service="Glow"), at=SAID_AT)
    planned(practice, [dana.pk], SAID_AT + timedelta(hours=1))
    for each in range(1, 75):
        sent(practice, SAID_AT + timedelta(days=each, hours=2))
    say(practice, appointment("A1", who, starts_at=NOW + timedelta(days=9)), at=NOW)
    owner = alice(practice)
    with practice_scope(practice.pk):
        write_note(practice.pk, dana.pk, "Lives upstairs from her sister-in-law.", Actor(owner.pk), NOW)
        day.reply(practice, dana, "The stairs were slippery, call Zoë.")
        Reply.objects.create(
            practice=practice, channel="sms", from_address=PHONE, text="Slippery.", received_at=NOW
        )  # fmt: skip
        day.call(practice, dana, note="Zoë’s sister-in-law answered.")
        day.call(practice, dana, "SERVICE_ISSUE", note="Upstairs.", closed_at=NOW)
        arrived(practice)
    return dana


def arrived(practice: Practice) -> None:
    """What systems and carriers sent, as it stands until somebody looks at it."""
    from integrations.operations.connections import open_connection

    opened = open_connection(practice.pk, SAID_AT, kind="generic", source="records", has_bearer=False)
    bodies = (
        {"type": "client.updated", "data": {"client": {"id": "G1-namely"}}},
        {"type": "client.updated", "data": {"client": {"id": "X", "phone": "312.555.0142"}}},
        {"type": "client.updated", "data": {"client": {"id": "X", "email": "Dana.Whitfield@Example.com"}}},
        {"type": "client.updated", "data": {"client": {"id": "X", "name": "Zoë Whitfield-Oyelaran"}}},
        {"type": "client.updated", "data": {"client": {"id": "X", "name": "Noor Patel"}}},
    )
    waiting = {
        "type": "client.updated", "occurred_at": "2026-05-01T10:00:00Z",
        "data": {"client": {"id": "G1-namely", "first_name": "Zoë", "phone": "312-555-0142"}},
    }  # fmt: skip
    for number, body in enumerate((*bodies, waiting)):
        InboundEvent.objects.create(
            practice=practice, connection_id=opened.id, webhook_id=f"e{number}", type="client.updated",
            body=json.dumps(body), received_at=NOW, state="received" if body is waiting else "applied",
            next_attempt_at=NOW if body is waiting else None,
        )  # fmt: skip
    told_of_her = ({"from_address": PHONE, "text": "Slippery"}, {"address": EMAIL})
    before = ({"from_address": PHONE_BEFORE, "text": "I have a rash"}, {"address": EMAIL_BEFORE})
    for number, told in enumerate((*told_of_her, *before, {"address": ""})):
        GatewayEvent.objects.create(
            practice=practice, gateway="twilio_sms", kind="message", event_key=f"k{number}", told=told,
            received_at=NOW, state="applied",
        )  # fmt: skip
    for subject, address in (("phone", PHONE_BEFORE), ("email", EMAIL_BEFORE)):
        mark_address(practice.pk, subject, address, "no_such", code="30005", gateway="twilio_sms", at=NOW, now=NOW)
    run = ImportRun.objects.create(practice=practice, file_name="f.csv", file_sha256="0" * 64, preset="plain",
                                   started_at=NOW)  # fmt: skip
    ImportProblem.objects.create(practice=practice, run=run, line=2, reason="Zoë Whitfield-Oyelaran has no day.")


def erased(practice: Practice, who: Client, *, keep_out: bool = False) -> None:
    with practice_scope(practice.pk):
        erase_client(practice.pk, who.pk, Actor(), NOW, keep_out=keep_out)


def everything(practice: Practice) -> Iterator[tuple[str, str]]:
    """Every column of every table that holds a practice's rows, as text."""
    with practice_scope(practice.pk), connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {model._meta.db_table} t")
                for (row,) in cursor.fetchall():
                    for column, value in json.loads(row).items():
                        yield f"{model.__name__}.{column}", json.dumps(value, ensure_ascii=False)


def traces(practice: Practice) -> set[str]:
    return {
        f"{where}: {part}" for where, text in everything(practice) for part in HERS if part in text.lower()
    }  # fmt: skip


def out(practice: Practice, who: Client) -> tuple[bool, bool, bool]:
    with practice_scope(practice.pk):
        may = permissions_of(practice.pk, [who.pk])[who.pk]
    return may.is_opted_out, may.is_sms_stopped, may.is_email_stopped


@pytest.mark.parametrize("is_out", [False, True])
def test_nothing_of_hers_is_found_anywhere_afterwards(*, is_out: bool) -> None:
    practice = lakeview()
    dana = full_life(practice)
    twin = client(practice, replace(ZOE, remote_id="G1-namely-2", first_name="Zoë", phone="", email=""))
    with practice_scope(practice.pk):
        merge(practice.pk, dana.pk, twin.pk, NOW)
        if is_out:
            opt_out(practice.pk, NOW, client_id=dana.pk, origin=STAFF, wording="Zoë wants no more.")
    before = traces(practice)
    assert len({each.partition(".")[0] for each in before}) >= 14, before
    erased(practice, dana)
    assert traces(practice) == set()
    with practice_scope(practice.pk):
        assert list(Client.objects.values_list("erased_at", flat=True)) == [NOW, NOW]
        assert not ClientMerge.objects.exists()
        assert Suppression.objects.filter(is_hashed=True).exists() == is_out


def test_what_was_counted_stays() -> None:
    practice = lakeview()
    dana = full_life(practice)
    with practice_scope(practice.pk):
        was_sent = Reminder.objects.filter(state__in=["sent", "delivered"]).count()
        kept = list(Treatment.objects.values("treatment_type", "performed_on", "price", "quantity"))
    assert was_sent
    erased(practice, dana)
    with practice_scope(practice.pk):
        assert Reminder.objects.filter(state__in=["sent", "delivered"]).count() == was_sent
        assert list(Treatment.objects.values("treatment_type", "performed_on", "price", "quantity")) == kept
        assert not Sequence.objects.exclude(state="ended").exists()
        assert not Reminder.objects.filter(state__in=["planned", "waiting", "claimed", "unknown"]).exists()
        assert set(Reminder.objects.filter(state="cancelled").values_list("reason", flat=True)) >= {"ERASED"}
        assert not Delivery.objects.exclude(text="", to_address="", html="").exists()
        assert not Call.objects.filter(closed_at=None).exists()
        assert list(AuditEntry.objects.filter(action="client_erased").values_list("client_id", "detail")) == [
            (dana.pk, {"kept_out": False})
        ]


def test_what_waited_to_be_applied_to_her_is_set_aside_and_others_stay() -> None:
    practice = lakeview()
    dana = full_life(practice)
    erased(practice, dana)
    with practice_scope(practice.pk):
        rows = dict(InboundEvent.objects.values_list("webhook_id", "state"))
        bodies = dict(InboundEvent.objects.values_list("webhook_id", "body"))
        assert rows == {**{f"e{number}": "applied" for number in range(5)}, "e5": "set_aside"}
        assert {key for key, body in bodies.items() if body != "{}"} == {"e4"}
        assert "Noor Patel" in bodies["e4"]


def test_nobody_finds_her_and_nothing_plans_for_her_again() -> None:
    practice = lakeview()
    dana = full_life(practice)
    erased(practice, dana)
    replan(practice.pk, [dana.pk], NOW)
    with practice_scope(practice.pk):
        replan_every_client(practice.pk, NOW)
        assert find_clients(practice.pk, "zoe") == find_clients(practice.pk, "312-555-0142") == []
        assert by_name(practice.pk).clients == ()
        plan = ClientPlan.objects.get(client=dana)
        assert (plan.standing, plan.replan_at, plan.sms_word) == ("", None, "")
        counted = StandingTally.objects.values_list("standing").annotate(clients=Sum("change"))
        assert set(counted.values_list("clients", flat=True)) == {0}


def test_the_same_person_from_a_file_again_is_out_if_she_was() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=PHONE, origin=Suppression.Origin.REPLY, wording="STOP")
    erased(practice, dana)
    again = client(practice)
    assert again.pk != dana.pk
    assert out(practice, again) == (True, True, True)


@pytest.mark.parametrize(
    "told",
    [
        replace(DANA, remote_id="other", email=None),
        replace(DANA, remote_id="other", phone=None),
        replace(DANA, phone="(773) 555-0101", email="new@example.com"),
    ],
    ids=["by phone", "by email", "by the id of her source"],
)
def test_she_is_known_again_by_phone_by_email_and_by_id(told: ReportedClient) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, origin=STAFF)
    erased(practice, dana)
    assert out(practice, client(practice, told))[0]
    assert out(practice, client(practice, OLIVIA)) == (False, False, False)


def test_without_an_opt_out_nothing_of_the_address_is_kept() -> None:
    practice = lakeview()
    dana = client(practice)
    erased(practice, dana)
    with practice_scope(practice.pk):
        assert not Suppression.objects.exists()
    assert out(practice, client(practice)) == (False, False, False)


def test_whoever_is_kept_out_never_comes_back_in() -> None:
    practice = lakeview()
    dana = client(practice)
    erased(practice, dana, keep_out=True)
    with practice_scope(practice.pk):
        rows = Suppression.objects.filter(is_hashed=True, client=None, origin="staff").order_by("subject")
        assert list(rows.values_list("subject", flat=True)) == ["client", "email", "phone"]
        assert Suppression.objects.count() == 3
    assert out(practice, client(practice)) == (True, True, True)


def test_start_from_her_number_takes_it_back() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, origin=STAFF)
    erased(practice, dana)
    again = client(practice)
    with practice_scope(practice.pk):
        later = NOW + timedelta(days=3)
        assert lift_opt_out(practice.pk, later, phone=PHONE, source="reply", wording="START") == {again.pk}
    assert out(practice, again) == (False, False, True)
    erased(practice, again)
    assert not out(practice, client(practice))[1]


def test_what_a_sister_has_too_stays_hers() -> None:
    practice = lakeview()
    dana, sister = client(practice), client(practice, replace(OLIVIA, phone=DANA.phone))
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=PHONE, origin=STAFF, wording="No more.")
    erased(practice, dana)
    with practice_scope(practice.pk):
        row = Suppression.objects.get(subject="phone")
        assert (row.address, row.is_hashed, row.client_id in (None, sister.pk)) == (PHONE, False, True)
        assert Client.objects.get(pk=sister.pk).phone == PHONE
    assert out(practice, sister)[0]


def test_keeping_one_out_does_not_opt_a_sister_out() -> None:
    practice = lakeview()
    dana, sister = client(practice), client(practice, replace(OLIVIA, phone=DANA.phone))
    erased(practice, dana, keep_out=True)
    assert out(practice, sister) == (False, False, False)
    assert out(practice, client(practice))[0]


def test_another_practice_can_tell_nothing_from_the_hashes() -> None:
    practice, other = lakeview(), hilltop()
    for each in (practice, other):
        erased(each, client(each), keep_out=True)
    found = []
    for each in (practice, other):
        with practice_scope(each.pk):
            found.append(set(Suppression.objects.values_list("address", flat=True)))
    assert not found[0] & found[1]


def test_a_new_key_put_first_still_knows_her(settings: Any) -> None:
    practice = lakeview()
    erased(practice, client(practice), keep_out=True)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = ("bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0=", *old)
    assert out(practice, client(practice)) == (True, True, True)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert out(practice, client(practice, replace(DANA, remote_id="G7", first_name="Other"))) == (True, False, False)


def test_one_who_was_merged_away_takes_the_other_with_her() -> None:
    practice = lakeview()
    dana, twin = client(practice), client(practice, replace(DANA, remote_id="G7", first_name="Dee", phone=None))
    with practice_scope(practice.pk):
        merge(practice.pk, dana.pk, twin.pk, NOW)
        assert erase_client(practice.pk, twin.pk, Actor(), NOW) == dana.pk
        assert not ClientIdentity.objects.exists()
        assert not Client.objects.filter(erased_at=None).exists()


def test_a_person_is_erased_once_and_others_have_none_of_her() -> None:
    practice, other = lakeview(), hilltop()
    dana = client(practice)
    with practice_scope(other.pk), pytest.raises(Client.DoesNotExist):
        erase_client(other.pk, dana.pk, Actor(), NOW)
    erased(practice, dana)
    with practice_scope(practice.pk), pytest.raises(Client.DoesNotExist):
        erase_client(practice.pk, dana.pk, Actor(), NOW)


def test_the_list_finds_her_by_the_whole_number_alone() -> None:
    practice = lakeview()
    erased(practice, client(practice), keep_out=True)
    with practice_scope(practice.pk):
        for words, found in (("(312) 555-0142", 1), ("Dana.Whitfield@example.com", 1), ("312 555", 0), ("dana", 0)):
            assert len(find_suppressions(practice.pk, words, Wanted()).rows) == found, words


def test_her_words_leave_the_ledger_with_her_alone() -> None:
    practice = lakeview()
    dana = client(practice, replace(DANA, consents=(SMS_CONSENT,)))
    olivia = client(practice, replace(OLIVIA, consents=(SMS_CONSENT,)))
    erased(practice, dana)
    with practice_scope(practice.pk):
        assert list(Consent.objects.values_list("client_id", flat=True)) == [olivia.pk]

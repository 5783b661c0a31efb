"""Does the ledger of consents keep each word for its number, for good, and let nobody change it? (SEQ-12)"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from clients.models import Client, Consent, ConsentAttestation, Suppression
from clients.models.consent import ConsentScope
from clients.operations.consents import attest, withdraw_attestation
from clients.operations.merging import merge, undo_merge
from clients.operations.reported import ReportedClient, ReportedConsent
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import Permission, permissions_of
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.operations.rows import run
from practices.tenancy import across_practices, practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, SMS_CONSENT, client, say
from tests.builders.practices import alice, hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

DAY = timedelta(days=1)
AGREED = replace(DANA, consents=(SMS_CONSENT,))
NEW_NUMBER = ReportedClient("G1", phone="(773) 555-0101")


def may(practice: Practice, who: Client) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who.pk])[who.pk]


def ledger(practice: Practice) -> list[tuple[str, ...]]:
    with practice_scope(practice.pk):
        return list(Consent.objects.order_by("at", "kind").values_list("scope", "kind", "address"))


def test_a_word_is_kept_for_the_number_it_was_said_for() -> None:
    practice = lakeview()
    dana = client(practice, AGREED)
    assert ledger(practice) == [("sms", "granted", "+13125550142")]
    assert may(practice, dana).is_sms_consented


def test_a_new_number_needs_a_new_word() -> None:
    practice = lakeview()
    dana = client(practice, AGREED)
    say(practice, NEW_NUMBER, at=SAID_AT + DAY)
    assert not may(practice, dana).is_sms_consented
    again = replace(SMS_CONSENT, at=SAID_AT + 2 * DAY)
    say(practice, ReportedClient("G1", consents=(again,)), at=SAID_AT + 2 * DAY)
    assert may(practice, dana).is_sms_consented
    assert [row[2] for row in ledger(practice)] == ["+13125550142", "+17735550101"]


def test_the_old_number_again_has_its_word_again() -> None:
    practice = lakeview()
    dana = client(practice, AGREED)
    say(practice, NEW_NUMBER, at=SAID_AT + DAY)
    say(practice, ReportedClient("G1", phone=DANA.phone), at=SAID_AT + 2 * DAY)
    assert may(practice, dana).is_sms_consented


def test_the_order_of_the_events_does_not_matter() -> None:
    """R13: a word that stands beside its number is for that number, however late it comes."""
    found = []
    for practice, events in ((lakeview(), (0, 1)), (hilltop(), (1, 0))):
        told = [(AGREED, SAID_AT), (NEW_NUMBER, SAID_AT + DAY)]
        for each in events:
            reported, at = told[each]
            say(practice, reported, at=at)
        with practice_scope(practice.pk):
            dana = Client.objects.get()
        found.append((ledger(practice), may(practice, dana).is_sms_consented))
    assert found[0] == found[1] == ([("sms", "granted", "+13125550142")], False)


def test_a_number_that_the_source_names_counts_for_that_number() -> None:
    practice = lakeview()
    dana = client(practice, replace(DANA, consents=(replace(SMS_CONSENT, address="+17735550101"),)))
    assert not may(practice, dana).is_sms_consented
    say(practice, NEW_NUMBER, at=SAID_AT + DAY)
    assert may(practice, dana).is_sms_consented


def test_a_word_of_before_numbers_were_kept_counts_for_whichever_she_has() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        Consent.objects.create(
            practice=practice, client=dana, scope="sms", kind="granted", at=SAID_AT, source="form", recorded_at=SAID_AT
        )
    say(practice, NEW_NUMBER, at=SAID_AT + DAY)
    assert may(practice, dana).is_sms_consented


def test_what_she_refused_stays_refused_under_any_number() -> None:
    practice = lakeview()
    refused = replace(SMS_CONSENT, is_granted=False)
    dana = client(practice, replace(DANA, consents=(refused,)))
    with practice_scope(practice.pk):
        attest(practice.pk, ConsentScope.SMS, "Texts are fine.", "Alice", SAID_AT)
    say(practice, NEW_NUMBER, at=SAID_AT + DAY)
    allowed = may(practice, dana)
    assert (allowed.is_sms_consented, allowed.is_sms_withdrawn, allowed.is_sms_attested) == (False, True, False)


def test_a_flag_forbids_every_kind_and_a_word_speaks_of_promotion() -> None:
    practice = lakeview()
    flag = ReportedConsent("email", False, SAID_AT, "records", is_flag=True)
    own = ReportedConsent("email", False, SAID_AT, "form", "No offers by email.")
    vetoed, withdrawn = (
        client(practice, replace(DANA, consents=(flag,))),
        client(practice, replace(OLIVIA, consents=(own,))),
    )
    assert [row[1:] for row in ledger(practice)] == [
        ("veto", ""), ("withdrawn", "olivia@example.com"),
    ]  # fmt: skip
    one, other = may(practice, vetoed), may(practice, withdrawn)
    assert (one.is_email_vetoed, one.is_email_stopped) == (True, False)
    assert (other.is_email_vetoed, other.is_email_stopped, other.is_email_withdrawn) == (False, True, True)


def test_start_is_consent_for_that_number_alone() -> None:
    practice = lakeview()
    dana, sister = client(practice), client(practice, replace(OLIVIA, email=DANA.email))
    with practice_scope(practice.pk):
        opt_out(practice.pk, SAID_AT, phone=DANA.phone, origin=Suppression.Origin.REPLY)
        lift_opt_out(practice.pk, SAID_AT + DAY, phone=DANA.phone, source="reply", wording="START")
    assert may(practice, dana).is_sms_consented
    assert not may(practice, sister).is_sms_consented
    say(practice, NEW_NUMBER, at=SAID_AT + 2 * DAY)
    assert not may(practice, dana).is_sms_consented


def test_a_file_says_the_same_of_a_new_number_as_news() -> None:
    practice = lakeview()
    dana = client(practice, AGREED)
    later = replace(SMS_CONSENT, at=SAID_AT + 5 * DAY)
    line = replace(DANA, phone="(773) 555-0101", consents=(later,))
    for _ in range(2):
        say(practice, line, at=None, now=SAID_AT + 6 * DAY)
    assert [row[2] for row in ledger(practice)] == ["+13125550142", "+17735550101"]
    assert may(practice, dana).is_sms_consented


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE clients_consent SET kind = 'granted', at = at - interval '1 day'",
        "UPDATE clients_consent SET wording = ''",
        "UPDATE clients_consent SET client_id = client_id, address = ''",
        "DELETE FROM clients_consent",
    ],
)
def test_the_database_lets_nobody_change_a_word_or_take_it_away(deed: str) -> None:
    practice = lakeview()
    client(practice, AGREED)
    with practice_scope(practice.pk), pytest.raises(ProgrammingError), transaction.atomic():
        run(deed, [])
    assert len(ledger(practice)) == 1


@pytest.mark.parametrize("deed", ["UPDATE clients_consent SET kind = 'veto'", "DELETE FROM clients_consent"])
def test_the_second_role_may_neither(deed: str) -> None:
    client(lakeview(), AGREED)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), across_practices():
        run(deed, [])


def test_a_merge_hands_words_over_and_back() -> None:
    practice = lakeview()
    dana, twin = client(practice), client(practice, replace(AGREED, remote_id="G9", first_name="Dee"))
    with practice_scope(practice.pk):
        made = merge(practice.pk, dana.pk, twin.pk, SAID_AT + DAY)
        assert Consent.objects.values_list("client_id", flat=True).get() == dana.pk
    assert may(practice, dana).is_sms_consented
    undo_merge(practice.pk, made.pk, SAID_AT + 2 * DAY)
    with practice_scope(practice.pk):
        assert Consent.objects.values_list("client_id", flat=True).get() == twin.pk


def test_the_practice_s_word_counts_until_it_is_withdrawn() -> None:
    practice = lakeview()
    owner = alice(practice)
    dana, agreed = client(practice), client(practice, replace(OLIVIA, consents=(SMS_CONSENT,)))
    word = attest(practice.pk, ConsentScope.SMS, "Texts are fine.", "Alice", SAID_AT)
    assert (may(practice, dana).is_sms_consented, may(practice, dana).is_sms_attested) == (True, True)
    assert (may(practice, agreed).is_sms_consented, may(practice, agreed).is_sms_attested) == (True, False)
    for _ in range(2):
        withdraw_attestation(practice.pk, word.pk, Actor(owner.pk), SAID_AT + DAY)
    assert not may(practice, dana).is_sms_consented
    assert may(practice, agreed).is_sms_consented
    with practice_scope(practice.pk):
        assert list(AuditEntry.objects.filter(action="attestation_withdrawn").values_list("subject_id", "detail")) == [
            (word.pk, {"scope": "sms"})
        ]


def test_another_practice_cannot_withdraw_it() -> None:
    practice, other = lakeview(), hilltop()
    word = attest(practice.pk, ConsentScope.SMS, "Texts are fine.", "Alice", SAID_AT)
    with pytest.raises(ConsentAttestation.DoesNotExist):
        withdraw_attestation(other.pk, word.pk, Actor(), SAID_AT + DAY)

"""Is a person who says stop out at once, everywhere, and for good until she takes it back?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from clients import events
from clients.models import Client, Consent, Suppression
from clients.operations.reaching import NobodyNamed
from clients.operations.reported import ReportedClient, ReportedConsent
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, SMS_CONSENT, client, say, treatment
from tests.builders.practices import alice, hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)
NOW = SAID_AT + 24 * HOUR
LINK, REPLY, STAFF = Suppression.Origin.LINK, Suppression.Origin.REPLY, Suppression.Origin.STAFF


def may(practice: Practice, who: Client | UUID) -> Permission:
    client_id = who if isinstance(who, UUID) else who.id
    with practice_scope(practice.id):
        return permissions_of(practice.id, [client_id])[client_id]


def active(practice: Practice) -> list[tuple[str, str]]:
    with practice_scope(practice.id):
        rows = Suppression.objects.filter(lifted_at=None).order_by("subject", "address")
        return list(rows.values_list("subject", "address"))


@contextmanager
def news() -> Iterator[list[frozenset[UUID]]]:
    heard: list[frozenset[UUID]] = []
    events.consent_changed.connect(lambda event, **_: heard.append(event.client_ids), weak=False, dispatch_uid="t")
    try:
        yield heard
    finally:
        events.consent_changed.disconnect(dispatch_uid="t")


def test_a_staff_action_stops_both_her_addresses_and_says_who_and_in_which_words() -> None:
    practice = lakeview()
    owner = alice(practice)
    dana = client(practice)
    with news() as heard, practice_scope(practice.id):
        reached = opt_out(practice.id, NOW, client_id=dana.id, origin=STAFF, wording="No more, please.", by_id=owner.id)
        row = Suppression.objects.get(subject="phone")
    assert reached == {dana.id}
    assert heard == [{dana.id}]
    assert (row.address, row.client_id, row.by_id, row.wording, row.at, row.origin) == (
        "+13125550142",
        dana.id,
        owner.id,
        "No more, please.",
        NOW,
        "staff",
    )
    assert active(practice) == [("email", "dana.whitfield@example.com"), ("phone", "+13125550142")]
    assert may(practice, dana).is_opted_out


def test_stop_by_text_reaches_every_record_with_that_phone_and_what_shares_their_email() -> None:
    """OPT-1: in every practice record with that phone or email."""
    practice = lakeview()
    dana = client(practice)
    same_phone = client(practice, replace(OLIVIA, phone=DANA.phone))
    same_email = client(practice, ReportedClient("G3", first_name="D.", last_name="W.", email=DANA.email))
    stranger = client(practice, ReportedClient("G4", first_name="Ines", phone="312-555-0177"))
    with practice_scope(practice.id):
        reached = opt_out(practice.id, NOW, phone="(312) 555-0142", origin=REPLY, wording="STOP")
    assert reached == {dana.id, same_phone.id, same_email.id}
    assert [may(practice, who).is_opted_out for who in (dana, same_phone, same_email, stranger)] == [
        True,
        True,
        True,
        False,
    ]
    assert may(practice, dana).is_sms_stopped
    assert not may(practice, dana).is_email_stopped


def test_an_unsubscribed_email_leaves_confirmations_by_text() -> None:
    """OPT-3."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, client_id=dana.id, email=dana.email, origin=LINK)
    allowed = may(practice, dana)
    assert (allowed.is_opted_out, allowed.is_email_stopped, allowed.is_sms_stopped) == (True, True, False)


def test_a_scope_stops_that_address_and_a_client_without_one_as_such() -> None:
    practice = lakeview()
    dana = client(practice)
    nobody = client(practice, ReportedClient("G8", first_name="Nomi"))
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, client_id=dana.id, scope="sms", origin=Suppression.Origin.WEBHOOK)
        opt_out(practice.id, NOW, client_id=nobody.id, origin=STAFF)
    assert active(practice) == [("client", str(nobody.id)), ("phone", "+13125550142")]
    assert may(practice, nobody).is_opted_out


def test_a_repeat_changes_nothing() -> None:
    practice = lakeview()
    dana = client(practice)
    for hours, wording in ((0, "STOP"), (1, "stop!!"), (2, "STOP")):
        with practice_scope(practice.id):
            opt_out(practice.id, NOW + hours * HOUR, phone=dana.phone, origin=REPLY, wording=wording)
    with practice_scope(practice.id):
        (row,) = Suppression.objects.all()
    assert (row.at, row.wording) == (NOW, "STOP")


@pytest.mark.parametrize("field", ["phone", "email"])
def test_a_new_address_does_not_revive_her(field: str) -> None:
    """OPT-2, whoever of the two who share it the row was written for."""
    practice = lakeview()
    dana, olivia = client(practice), client(practice, replace(OLIVIA, phone=DANA.phone, email=DANA.email))
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, **{field: getattr(DANA, field)}, origin=REPLY)
    for remote_id, number in (("G1", "0501"), ("G2", "0502")):
        moved = ReportedClient(remote_id, phone=f"312-555-{number}", email=f"new{number}@example.com")
        say(practice, moved, at=NOW + HOUR)
    assert may(practice, dana).is_opted_out
    assert may(practice, olivia).is_opted_out


def test_a_new_record_of_hers_is_out_from_the_start() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY)
    by_phone = ReportedClient("G5", first_name="D", phone=DANA.phone)
    by_email = ReportedClient("G6", first_name="D", email=DANA.email)
    stranger = ReportedClient("G7", first_name="E", phone="312-555-0100")
    say(practice, by_phone, by_email, stranger, at=None, now=NOW + HOUR)
    with practice_scope(practice.id):
        ids = dict(Client.objects.values_list("identities__remote_id", "id"))
    assert may(practice, ids["G5"]).is_opted_out
    assert may(practice, ids["G6"]).is_opted_out
    assert not may(practice, ids["G7"]).is_opted_out


def test_an_import_that_follows_an_address_change_in_the_file_keeps_her_out() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY)
    say(practice, treatment(client=replace(DANA, phone="312-555-0999")), at=None, now=NOW + HOUR)
    assert may(practice, dana).is_opted_out


def test_start_brings_texts_back_and_leaves_an_unsubscribed_email() -> None:
    """OPT-3: START takes back the text stop; the email opt-out holds for email alone from then on."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY, wording="STOP")
        opt_out(practice.id, NOW, client_id=dana.id, email=dana.email, origin=LINK)
    with news() as heard, practice_scope(practice.id):
        reached = lift_opt_out(practice.id, NOW + HOUR, phone=dana.phone, source="reply", wording="START")
    assert heard == [reached] == [{dana.id}]
    allowed = may(practice, dana)
    assert (allowed.is_opted_out, allowed.is_sms_stopped, allowed.is_email_stopped) == (False, False, True)
    assert allowed.is_sms_consented
    with practice_scope(practice.id):
        opt_out(practice.id, NOW + 2 * HOUR, client_id=dana.id, email=dana.email, origin=LINK)
    assert may(practice, dana).is_opted_out


def test_start_brings_back_everyone_whom_that_stop_reached() -> None:
    practice = lakeview()
    dana = client(practice)
    same_email = client(practice, ReportedClient("G3", first_name="D.", last_name="W.", email=DANA.email))
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY)
        lift_opt_out(practice.id, NOW + HOUR, phone=dana.phone, source="reply", wording="START")
    assert not may(practice, dana).is_opted_out
    assert not may(practice, same_email).is_opted_out


def test_a_stop_told_again_after_it_was_taken_back_stays_taken_back() -> None:
    """R13: the same event may arrive any number of times."""
    practice = lakeview()
    dana = client(practice)
    told = {"client_id": dana.id, "scope": "sms", "origin": Suppression.Origin.WEBHOOK}
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, said_at=NOW, **told)  # type: ignore[arg-type]
        lift_opt_out(practice.id, NOW + HOUR, phone=dana.phone, source="reply", wording="START")
        opt_out(practice.id, NOW + 2 * HOUR, said_at=NOW, **told)  # type: ignore[arg-type]
    assert not may(practice, dana).is_opted_out
    with practice_scope(practice.id):
        opt_out(practice.id, NOW + 3 * HOUR, said_at=NOW + 3 * HOUR, **told)  # type: ignore[arg-type]
    assert may(practice, dana).is_opted_out


def granted(at: datetime, *, is_flag: bool = False) -> ReportedClient:
    word = ReportedConsent("sms", True, at, "intake form", "Texts are fine.", is_flag=is_flag)
    return ReportedClient("G1", consents=(word,))


def test_new_consent_ends_an_older_stop() -> None:
    """OPT-3."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY)
    say(practice, granted(NOW + HOUR), at=NOW + HOUR)
    assert not may(practice, dana).is_opted_out


@pytest.mark.parametrize(
    ("word", "at"),
    [
        (granted(NOW - HOUR), NOW + HOUR),
        (granted(NOW + HOUR, is_flag=True), NOW + HOUR),
        (granted(NOW + HOUR), None),
    ],
    ids=["older consent", "a flag", "a file"],
)
def test_what_is_no_new_consent_revives_nobody(word: ReportedClient, at: datetime | None) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out(practice.id, NOW, phone=dana.phone, origin=REPLY)
    say(practice, word, at=at, now=NOW + 2 * HOUR)
    assert may(practice, dana).is_opted_out


def test_consent_is_an_append_only_ledger_whose_newest_word_counts() -> None:
    """SEQ-12."""
    practice = lakeview()
    dana = client(practice, replace(DANA, consents=(SMS_CONSENT,)))
    assert may(practice, dana).is_sms_consented
    withdrawn = replace(SMS_CONSENT, is_granted=False, at=SAID_AT + HOUR)
    for word in (withdrawn, SMS_CONSENT, withdrawn):
        say(practice, ReportedClient("G1", consents=(word,)), at=SAID_AT + HOUR)
    assert not may(practice, dana).is_sms_consented
    with practice_scope(practice.id):
        kinds = list(Consent.objects.order_by("at").values_list("kind", "wording"))
    assert kinds == [("granted", SMS_CONSENT.wording), ("withdrawn", SMS_CONSENT.wording)]


def test_a_flag_vetoes_and_never_allows_and_a_file_adds_it_once() -> None:
    practice = lakeview()
    for day, is_granted in enumerate((True, False, False, True)):
        flag = ReportedConsent("sms", is_granted, SAID_AT + day * 24 * HOUR, "jane", is_flag=True)
        say(practice, replace(DANA, consents=(flag,)), at=None, now=SAID_AT + day * 24 * HOUR)
    with practice_scope(practice.id):
        dana = Client.objects.get()
        kinds = list(Consent.objects.order_by("at").values_list("kind", flat=True))
    assert kinds == ["veto_lifted", "veto", "veto_lifted"]
    assert not may(practice, dana).is_sms_consented


def test_nobody_named_is_an_error() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        nobody: tuple[dict[str, Any], ...] = ({}, {"phone": "the office"}, {"client_id": UUID(int=7)})
        for who in nobody:
            with pytest.raises(NobodyNamed):
                opt_out(practice.id, NOW, origin=STAFF, **who)
            with pytest.raises(NobodyNamed):
                lift_opt_out(practice.id, NOW, source="reply", wording="START", **who)


def test_an_address_without_a_client_is_kept_for_whoever_has_it_later() -> None:
    practice = lakeview()
    with practice_scope(practice.id):
        assert opt_out(practice.id, NOW, phone=DANA.phone, origin=Suppression.Origin.IMPORT) == set()
    assert may(practice, client(practice)).is_opted_out


def test_another_practice_is_not_touched() -> None:
    ours, theirs = lakeview(), hilltop()
    mine, hers = client(ours), client(theirs)
    with practice_scope(ours.id):
        opt_out(ours.id, NOW, phone=DANA.phone, origin=REPLY)
    assert may(ours, mine).is_opted_out
    assert not may(theirs, hers).is_opted_out
    with practice_scope(theirs.id), pytest.raises(NobodyNamed):
        opt_out(theirs.id, NOW, client_id=mine.id, origin=STAFF)

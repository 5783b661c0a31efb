"""Does START bring back exactly those who may be written to again, and no stop that somebody else said? (OPT-3, R28)"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from clients.models import Client, Consent, Suppression
from clients.operations.merging import merge, unmerge
from clients.operations.reported import ReportedClient, ReportedConsent
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, SAID_AT, client, say
from tests.builders.practices import lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)
NOW = SAID_AT + 24 * HOUR
REPLY = Suppression.Origin.REPLY
ERIN = ReportedClient("G3", first_name="Erin", last_name="Whitfield", phone="312-555-0177", email=DANA.email)
"""Dana's sister: a number of her own, one email for both."""


def may(practice: Practice, who: UUID) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who])[who]


def test_a_start_from_one_number_leaves_the_stop_that_a_sister_said_from_hers() -> None:
    practice = lakeview()
    dana, erin = client(practice), client(practice, ERIN)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=erin.pk, phone=erin.phone, origin=REPLY, wording="STOP")
        opt_out(practice.pk, NOW + HOUR, client_id=dana.pk, phone=dana.phone, origin=REPLY, wording="STOP")
        lift_opt_out(practice.pk, NOW + 2 * HOUR, phone=dana.phone, source="reply", wording="START")
        assert list(Consent.objects.filter(kind="granted").values_list("client_id", flat=True)) == [dana.pk]
    assert not may(practice, dana.pk).is_opted_out
    assert (may(practice, erin.pk).is_sms_stopped, may(practice, erin.pk).is_opted_out) == (True, True)


def test_a_number_that_somebody_else_has_now_stays_stopped_for_her() -> None:
    """The owner of the opt-out moved on; whoever got the number may have said stop there too."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, phone=dana.phone, origin=REPLY, wording="STOP")
    say(practice, replace(DANA, phone="312-555-0190"), at=NOW + HOUR)
    heir = client(practice, ReportedClient("G9", first_name="Ines", phone=DANA.phone))
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW + 2 * HOUR, client_id=heir.pk, phone=heir.phone, origin=REPLY, wording="stop")
        lift_opt_out(practice.pk, NOW + 3 * HOUR, phone="312-555-0190", source="reply", wording="START")
    assert (may(practice, dana.pk).is_opted_out, may(practice, dana.pk).is_sms_stopped) == (False, False)
    assert may(practice, heir.pk).is_sms_stopped


def test_a_number_that_nobody_has_any_more_comes_back_with_her() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, phone=dana.phone, origin=REPLY, wording="STOP")
    say(practice, replace(DANA, phone="312-555-0190"), at=NOW + HOUR)
    assert may(practice, dana.pk).is_sms_stopped
    with practice_scope(practice.pk):
        lift_opt_out(practice.pk, NOW + 2 * HOUR, phone="312-555-0190", source="reply", wording="START")
    assert not may(practice, dana.pk).is_sms_stopped
    assert not may(practice, dana.pk).is_opted_out


@pytest.mark.parametrize(("seconds", "is_out"), [(30, True), (0, True), (-30, False)])
def test_what_was_said_later_counts_however_late_it_is_heard(*, seconds: int, is_out: bool) -> None:
    """An outage of an hour: START and STOP are applied together, long after both were said. In doubt the stop wins."""
    practice = lakeview()
    dana = client(practice)
    started, heard = NOW + HOUR, NOW + 2 * HOUR
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=dana.phone, origin=REPLY, wording="STOP", said_at=NOW)
        lift_opt_out(practice.pk, heard, phone=dana.phone, source="reply", wording="START", said_at=started)
        said_at = started + timedelta(seconds=seconds)
        opt_out(practice.pk, heard, phone=dana.phone, origin=REPLY, wording="STOP", said_at=said_at)
    assert may(practice, dana.pk).is_sms_stopped is is_out


def test_an_opt_out_without_a_name_belongs_to_who_has_the_number() -> None:
    """It follows her to her next number, and not her sister, whichever record is older."""
    practice = lakeview()
    erin, dana = client(practice, ERIN), client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=dana.phone, origin=Suppression.Origin.STAFF)
    say(practice, replace(DANA, phone="312-555-0190"), at=NOW + HOUR)
    assert may(practice, dana.pk).is_sms_stopped
    assert not may(practice, erin.pk).is_sms_stopped
    assert may(practice, erin.pk).is_opted_out


def test_a_consent_for_a_number_that_is_not_hers_ends_no_stop_of_the_one_she_has() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, phone=dana.phone, origin=REPLY, wording="STOP")
    word = ReportedConsent("sms", True, NOW + HOUR, "form", "Yes.", address="+13125550190")
    say(practice, replace(DANA, consents=(word,)), at=NOW + 2 * HOUR)
    assert may(practice, dana.pk).is_sms_stopped
    word = replace(word, at=NOW + 3 * HOUR, address=dana.phone)
    say(practice, replace(DANA, consents=(word,)), at=NOW + 4 * HOUR)
    assert not may(practice, dana.pk).is_sms_stopped


def test_a_veto_of_the_records_outlives_a_start() -> None:
    practice = lakeview()
    flag = ReportedConsent("sms", False, SAID_AT, "records", is_flag=True)
    dana = client(practice, replace(DANA, consents=(flag,)))
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, phone=dana.phone, origin=REPLY, wording="STOP")
        lift_opt_out(practice.pk, NOW + HOUR, phone=dana.phone, source="reply", wording="START")
    allowed = may(practice, dana.pk)
    assert (allowed.is_sms_stopped, allowed.is_sms_vetoed) == (False, True)


def test_a_stop_outlives_a_file_a_merge_and_its_undoing() -> None:
    """OPT-2: a re-import or a merge never revives a suppressed person."""
    practice = lakeview()
    dana = client(practice)
    double = client(practice, ReportedClient("G7", first_name="Dana", last_name="Whitfield", phone="312-555-0151"))
    with practice_scope(practice.pk):
        opt_out(practice.pk, NOW, client_id=dana.pk, phone=dana.phone, origin=REPLY, wording="STOP")
    yes = ReportedConsent("sms", True, NOW - HOUR, "file", "Yes to texts.")
    say(practice, replace(DANA, consents=(yes,)), at=None, now=NOW + HOUR)
    assert may(practice, dana.pk).is_sms_stopped
    with practice_scope(practice.pk):
        made = merge(practice.pk, double.pk, dana.pk, NOW + 2 * HOUR)
    assert (may(practice, double.pk).is_sms_stopped, may(practice, double.pk).is_opted_out) == (True, True)
    say(practice, replace(DANA, consents=(yes,)), at=None, now=NOW + 3 * HOUR)
    with practice_scope(practice.pk):
        unmerge(practice.pk, made.pk, NOW + 4 * HOUR)
        assert Client.objects.get(pk=dana.pk).merged_into_id is None
    assert (may(practice, dana.pk).is_sms_stopped, may(practice, dana.pk).is_opted_out) == (True, True)

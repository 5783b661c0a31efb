"""Is a word about consent for the same numbers in whatever order, and how often, it is heard? (R13, SEQ-12)"""

from dataclasses import replace
from datetime import timedelta

import pytest

from clients.models import Client, Consent
from clients.operations.merging import merge, undo_merge
from clients.operations.reported import ReportedClient
from clients.queries.permissions import permissions_of
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, SAID_AT, SMS_CONSENT, client, say
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

DAY = timedelta(days=1)
FIRST, SECOND = "+13125550142", "+17735550101"
AGREED = replace(DANA, consents=(SMS_CONSENT,))
AGREED_AGAIN = ReportedClient("G1", phone="(773) 555-0101", consents=(SMS_CONSENT,))
"""Systems resend a dated consent with every update of the client: the date is old, the number is new."""
NAMES_NO_NUMBER = ReportedClient("G1", last_name="Miller", consents=(SMS_CONSENT,))


def numbers(practice: Practice) -> set[str]:
    with practice_scope(practice.pk):
        assert set(Consent.objects.values_list("kind", "at")) == {("granted", SAID_AT)}
        return set(Consent.objects.values_list("address", flat=True))


def may_be_texted(practice: Practice) -> bool:
    with practice_scope(practice.pk):
        dana = Client.objects.get(merged_into=None)
        return permissions_of(practice.pk, [dana.pk])[dana.pk].is_sms_consented


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_a_consent_beside_each_number_counts_for_each(order: tuple[int, ...]) -> None:
    practice = lakeview()
    told = [(AGREED, SAID_AT), (AGREED_AGAIN, SAID_AT + DAY)]
    for each in order:
        reported, at = told[each]
        say(practice, reported, at=at)
    assert numbers(practice) == {FIRST, SECOND}
    assert may_be_texted(practice)


@pytest.mark.parametrize("number", ["(773) 555-0101", "(212) 555-0101"], ids=["sorts higher", "sorts lower"])
def test_a_batch_with_two_numbers_counts_for_both(number: str) -> None:
    lines = (
        replace(AGREED, said_at=SAID_AT),
        replace(AGREED_AGAIN, phone=number, said_at=SAID_AT + DAY),
    )
    for practice, order in ((lakeview(), (0, 1)), (hilltop(), (1, 0))):
        say(practice, *(lines[each] for each in order), at=SAID_AT + DAY)
        assert len(numbers(practice)) == 2
        assert may_be_texted(practice)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_a_repeat_that_names_no_number_allows_none_that_is_newer(order: tuple[int, ...]) -> None:
    practice = lakeview()
    told = [
        (AGREED, SAID_AT),
        (replace(AGREED_AGAIN, consents=()), SAID_AT + DAY),
        (NAMES_NO_NUMBER, SAID_AT + 2 * DAY),
    ]
    say(practice, DANA, at=SAID_AT - DAY)
    for each in order:
        reported, at = told[each]
        say(practice, reported, at=at)
    assert numbers(practice) == {FIRST}
    assert not may_be_texted(practice)


def test_a_file_with_two_numbers_of_hers_adds_nothing_when_it_is_read_again() -> None:
    practice = lakeview()
    for days in range(3):
        word = replace(SMS_CONSENT, at=SAID_AT + days * DAY)
        lines = (replace(DANA, consents=(word,)), replace(DANA, phone="(773) 555-0101", consents=(word,)))
        say(practice, *lines, at=None, now=SAID_AT + days * DAY)
    assert numbers(practice) == {FIRST, SECOND}


def test_a_file_says_again_what_a_refusal_came_after() -> None:
    practice = lakeview()
    for days, (phone, is_granted) in enumerate([(FIRST, True), (SECOND, False), (SECOND, True), (FIRST, True)]):
        word = replace(SMS_CONSENT, at=SAID_AT + days * DAY, is_granted=is_granted)
        say(practice, replace(DANA, phone=phone, consents=(word,)), at=None, now=SAID_AT + days * DAY)
    with practice_scope(practice.pk):
        assert Consent.objects.count() == 4
    assert may_be_texted(practice)


def test_a_merge_brings_the_same_consent_for_her_other_number() -> None:
    practice = lakeview()
    dana = client(practice, AGREED)
    twin = client(practice, replace(AGREED_AGAIN, remote_id="G9", first_name="Dee"))
    with practice_scope(practice.pk):
        made = merge(practice.pk, dana.pk, twin.pk, SAID_AT + DAY)
        assert set(Consent.objects.values_list("client_id", flat=True)) == {dana.pk}
    undo_merge(practice.pk, made.pk, SAID_AT + 2 * DAY)
    with practice_scope(practice.pk):
        assert dict(Consent.objects.values_list("address", "client_id")) == {FIRST: dana.pk, SECOND: twin.pk}

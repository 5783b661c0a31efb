"""Whose messages, and to which addresses, does the link in a message end? (OPT-1, OPT-3)"""

from datetime import timedelta

import pytest

from clients.models import Client, Suppression
from clients.queries.permissions import Permission, permissions_of
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.operations.stopping_links import AddressKind, stop_by_link, unsubscribe_token
from reminders.operations.sweeping import sweep
from tests.builders.due import DUE, live_practice, still

DANA, DANAS, NEW = "+13125550142", "dana.whitfield@example.com", "dana@new.example"

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> tuple[Practice, Client]:
    """Dana was written to on both channels."""
    practice = live_practice()
    with practice_scope(practice.pk):
        Client.objects.update(preferred_channel="both")
    assert sweep(still(DUE)) == 2
    with practice_scope(practice.pk):
        return practice, Client.objects.get(phone=DANA)


def follows(practice: Practice, who: Client, kind: AddressKind = AddressKind.EMAIL) -> list[tuple[str, str]]:
    stop_by_link(unsubscribe_token(practice.pk, who.pk, kind), DUE + timedelta(hours=1), is_one_click=True)
    with practice_scope(practice.pk):
        rows = Suppression.objects.order_by("subject", "address")
        return list(rows.values_list("subject", "address"))


def may(practice: Practice, who: Client) -> Permission:
    with practice_scope(practice.pk):
        return permissions_of(practice.pk, [who.pk])[who.pk]


def changes(practice: Practice, who: Client, **fields: str) -> None:
    with practice_scope(practice.pk):
        Client.objects.filter(pk=who.pk).update(**fields)


def test_the_address_that_was_written_to_is_stopped_and_the_one_she_has_now(written: tuple[Practice, Client]) -> None:
    practice, dana = written
    changes(practice, dana, email=NEW)
    assert follows(practice, dana) == [("email", DANAS), ("email", NEW)]
    allowed = may(practice, dana)
    assert (allowed.is_opted_out, allowed.is_email_stopped, allowed.is_sms_stopped) == (True, True, False)


def test_an_email_that_is_gone_does_not_turn_it_against_the_phone(written: tuple[Practice, Client]) -> None:
    """OPT-3: unsubscribing from email leaves the texts of a confirmation."""
    practice, dana = written
    changes(practice, dana, email="")
    assert follows(practice, dana) == [("email", DANAS)]
    allowed = may(practice, dana)
    assert (allowed.is_opted_out, allowed.is_email_stopped, allowed.is_sms_stopped) == (True, True, False)


def test_with_no_address_left_she_herself_is_stopped_and_no_other_channel() -> None:
    practice = live_practice()
    with practice_scope(practice.pk):
        dana = Client.objects.get(phone=DANA)
    changes(practice, dana, email="")
    assert follows(practice, dana) == [("client", str(dana.pk))]
    assert (may(practice, dana).is_opted_out, may(practice, dana).is_sms_stopped) == (True, False)


def test_by_a_link_in_a_text_the_phones_are_stopped(written: tuple[Practice, Client]) -> None:
    practice, dana = written
    changes(practice, dana, phone="+17735550100")
    assert follows(practice, dana, AddressKind.PHONE) == [("phone", DANA), ("phone", "+17735550100")]


def test_an_address_that_is_somebody_elses_now_is_stopped_for_her_too(written: tuple[Practice, Client]) -> None:
    """OPT-1: it was asked for from that mailbox."""
    practice, dana = written
    with practice_scope(practice.pk):
        olivia = Client.objects.exclude(pk=dana.pk).get()
    changes(practice, dana, email=NEW)
    changes(practice, olivia, email=DANAS)
    assert ("email", DANAS) in follows(practice, dana)
    assert may(practice, olivia).is_email_stopped

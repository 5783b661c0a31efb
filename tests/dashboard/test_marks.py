"""Does a client's page say which address a carrier found out of reach, and can staff take that back? (CHN-2)"""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import AddressMark, Client
from clients.operations.marking import mark_address
from practices.models import AuditEntry
from practices.tenancy import practice_scope
from tests.builders import story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

SAID_AT = story.NOW - timedelta(days=3)


def marked(told: Story, subject: str = "phone", problem: str = "not_mobile", gateway: str = "twilio_sms") -> UUID:
    """A carrier says that Siobhán's phone, or email, is out of reach."""
    with practice_scope(told.lakeview.pk):
        client = Client.objects.get(pk=told.siobhan)
        address = client.phone if subject == "phone" else client.email
        mark_address(
            told.lakeview.pk, subject, address, problem, code="30006", gateway=gateway, at=SAID_AT, now=story.NOW
        )
        return AddressMark.objects.values_list("pk", flat=True).get(subject=subject)


def page(browser: Browser, told: Story) -> str:
    response = browser.get(f"/p/lakeview/clients/{told.siobhan}/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def url(told: Story, mark_id: UUID, client_id: UUID | None = None) -> str:
    return f"/p/lakeview/clients/{client_id or told.siobhan}/marks/{mark_id}/lift/"


@pytest.mark.parametrize(
    ("subject", "problem", "gateway", "said"),
    [
        ("phone", "not_mobile", "twilio_sms", "Texts don’t arrive Not a mobile number Twilio said so on"),
        ("phone", "blocked", "podium", "Texts don’t arrive The number, or its carrier, blocks them Podium said so on"),
        ("email", "complaint", "sendgrid_email", "Emails don’t arrive Marked as spam by the client SendGrid said so"),
        (
            "phone",
            "opted_out",
            "twilio_sms",
            "The carrier still refuses this number: they have to text START to yours Twilio said so on",
        ),
        ("email", "no_such", "gone", "Emails don’t arrive There is no such mailbox The carrier said so on"),
    ],
)
def test_the_page_says_what_is_wrong_with_an_address_and_who_said_so(
    told: Story, signed_in: SignIn, subject: str, problem: str, gateway: str, said: str
) -> None:
    browser = signed_in(told.bob)
    assert "don’t arrive" not in page(browser, told)
    marked(told, subject, problem, gateway)
    seen = page(browser, told)
    assert said in seen
    assert "Take the mark off" in seen


def test_front_desk_takes_a_mark_off(told: Story, signed_in: SignIn) -> None:
    browser, mark_id = signed_in(told.bob), marked(told)
    answer = browser.post(url(told, mark_id), follow=True)
    seen = re.sub(r"\s+", " ", unescape(answer.content.decode()))
    assert "The mark is off. Messages leave to that address again." in seen
    assert "Texts don’t arrive" not in seen
    assert browser.post(url(told, mark_id)).status_code == 302  # pressed twice
    with practice_scope(told.lakeview.pk):
        assert AddressMark.objects.get().lifted_by_id == told.bob.pk
        assert AuditEntry.objects.filter(action="mark_lifted").count() == 1


def test_a_mark_of_nobody_or_of_a_neighbor_is_not_found(told: Story, signed_in: SignIn) -> None:
    mark_id = marked(told)
    charlie = signed_in(told.charlie)
    assert charlie.post(url(told, mark_id)).status_code == 404
    assert charlie.post(url(told, mark_id).replace("lakeview", "hilltop")).status_code == 404
    alice = signed_in(told.alice)
    assert alice.post(url(told, uuid4())).status_code == 404
    assert alice.post(url(told, mark_id, uuid4())).status_code == 404
    assert alice.get(url(told, mark_id)).status_code == 405
    with practice_scope(told.lakeview.pk):
        assert AddressMark.objects.get().lifted_at is None


def test_marks_cost_no_more_queries(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    page(browser, told)
    with CaptureQueriesContext(connection) as before:
        page(browser, told)
    marked(told)
    marked(told, "email", "complaint")
    with CaptureQueriesContext(connection) as after:
        page(browser, told)
    assert len(after) == len(before)

"""Does every figure of the ledger's page open the list of just those messages? (LOOK.md, principle 6)"""

import html
import re

import pytest

from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState
from reminders.models import Reminder
from reminders.queries.ledger import ledger_of_practice
from tests.builders import story
from tests.builders.reminders import settled
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

URL = "/p/lakeview/ledger/"


def read(told: Story, signed_in: SignIn, url: str = URL) -> str:
    response = signed_in(told.bob).get(url)
    assert response.status_code == 200, url
    return html.unescape(response.content.decode())


def suppress(told: Story) -> None:
    """One of the messages that left failed, another never left."""
    with practice_scope(told.lakeview.pk):
        one, other = Reminder.objects.filter(state="sent").order_by("pk")[:2]
    settled(one, ReminderState.FAILED, "REFUSED")
    settled(other, ReminderState.SUPPRESSED, "OPTED_OUT")


def figures(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<dd>(?:<a[^>]*>)?([\d,]+)", page)]


def test_the_sum_is_the_practices_ledger_and_adds_up(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        ledger = ledger_of_practice(told.lakeview.pk, story.NOW)
    due, *parts = figures(read(told, signed_in))
    assert due == ledger.due > 0
    assert due == sum(parts)
    assert parts == [ledger.sent, ledger.waiting, ledger.suppressed.total(), ledger.failed]


def test_each_figure_opens_a_list_as_long_as_it_is(told: Story, signed_in: SignIn) -> None:
    suppress(told)
    page = read(told, signed_in)
    links = re.findall(r'<a[^>]*href="(/p/lakeview/ledger/list/[^"]*)"[^>]*>([\d,]+)</a>', page)
    assert len(links) > 8
    for url, number in links:
        listed = read(told, signed_in, url)
        assert listed.count("<tr><td>") == int(number), url
        assert f"<p>{number} " in listed, url


def test_the_months_add_up_to_the_whole(told: Story, signed_in: SignIn) -> None:
    page = read(told, signed_in)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page, re.DOTALL)
    columns = [[int(n) for n in re.findall(r">(\d+)</(?:a|span)>", row)] for row in rows]
    assert [sum(column) for column in zip(*columns, strict=True)] == figures(page)
    assert rows[0].startswith("November 2026")


def test_reasons_are_sentences(told: Story, signed_in: SignIn) -> None:
    suppress(told)
    page = read(told, signed_in)
    assert "The client opted out." in page
    assert "Why messages were suppressed" in page
    assert not re.search(r">[A-Z]+_[A-Z_]+<", page)


def test_the_list_can_be_paged_and_says_the_span(told: Story, signed_in: SignIn) -> None:
    from reminders.queries.ledger_list import PAGE

    with practice_scope(told.lakeview.pk):
        one = Reminder.objects.filter(state="sent")[0]
        Reminder.objects.bulk_create(
            Reminder(
                practice=told.lakeview, client_id=one.client_id, sequence_id=one.sequence_id, step="first", cycle=n,
                position=0, planned_at=one.planned_at, allowed_at=one.allowed_at, due_at=one.due_at, state="failed",
            )
            for n in range(1, PAGE + 4)
        )  # fmt: skip
    page = read(told, signed_in, f"{URL}list/?state=failed&from=2026-11-01&to=2026-11-30")
    assert "in November 2026" in page
    assert page.count("<tr><td>") == PAGE
    older = re.findall(r'href="([^"]*after=[^"]*)"', page)[0]
    assert read(told, signed_in, older).count("<tr><td>") == 3


@pytest.mark.parametrize(
    "query", ["state=nonsense", "reason=nonsense", "from=nonsense", "to=2026-13-01", "after=nonsense"]
)
def test_what_the_ledger_has_not_is_not_found(told: Story, signed_in: SignIn, query: str) -> None:
    assert signed_in(told.bob).get(f"{URL}list/?{query}").status_code == 404


def test_an_empty_ledger_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    page = signed_in(told.charlie).get("/p/hilltop/ledger/").content.decode()
    assert "No message has been due yet." in page
    assert "No message is here." in signed_in(told.charlie).get("/p/hilltop/ledger/list/").content.decode()


def test_what_waits_for_one_reason_is_not_said_to_be_all_that_waits(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        one, other = Reminder.objects.filter(state="sent").order_by("pk")[:2]
    settled(one, ReminderState.WAITING, "NO_CONSENT")
    settled(other, ReminderState.WAITING, "NO_APPROVED_TEXT")
    page = read(told, signed_in, f"{URL}list/?state=waiting&reason=NO_CONSENT")
    head = page[page.index("<h1>") : page.index("</header>", page.index("<h1>"))]
    assert "The client has not agreed to these messages." in head
    assert "since the beginning" not in head

"""Does the list of clients say who stands how, count without counting, and lead on page by page?"""

import html
import re
from uuid import UUID

import pytest

from clients.models import Client
from clients.queries.find import MOST, by_name, search
from practices.queries.names import name_key
from practices.tenancy import practice_scope
from reminders.engine.words import Standing
from reminders.models import ClientPlan
from reminders.queries.standings import clients_standing, standing_counts
from tests.builders import story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

URL = "/p/lakeview/clients/"


def read(told: Story, signed_in: SignIn, **query: str) -> str:
    response = signed_in(told.bob).get(URL, query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<td><a class="who"[^>]*>([^<]+)</a>', page)


def row_of(page: str, name: str) -> str:
    return next(str(row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if name in row)


def crowd(told: Story, count: int, standing: Standing = Standing.LAPSED) -> list[UUID]:
    with practice_scope(told.lakeview.pk):
        made = Client.objects.bulk_create(
            Client(
                practice=told.lakeview, first_name="Ana", last_name=f"B{n % 7}", name_key=name_key(f"Ana B{n % 7}"),
                phone=f"+1773{n:07}", email=f"b{n}@example.com", created_at=story.NOW, updated_at=story.NOW,
            )
            for n in range(count)
        )  # fmt: skip
        ClientPlan.objects.bulk_create(
            ClientPlan(practice=told.lakeview, client=each, standing=standing, name_key=each.name_key) for each in made
        )
    return [each.pk for each in made]


def test_each_client_stands_with_a_word_and_what_comes_next(told: Story, signed_in: SignIn) -> None:
    page = read(told, signed_in)
    assert names(page) == sorted(names(page), key=name_key)
    assert len(names(page)) == 5
    assert 'data-is="paused">Paused' in row_of(page, "Noor Patel")
    assert 'data-is="suppressed">Opted out' in row_of(page, "Olivia Jackson")
    assert 'data-is="booked">Booked' in row_of(page, "Dana Kowalczyk")
    assert "Visit <time" in row_of(page, "Dana Kowalczyk")
    siobhan = row_of(page, "Siobhán O’Connell")
    assert "(312) 555-0186" in siobhan
    assert 'data-is="waiting">Due' in siobhan
    assert "Message <time" in siobhan
    assert "Botox, <time" in siobhan


def test_the_parts_say_how_many_and_hold_just_those(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        counts = standing_counts(told.lakeview.pk)
    assert counts.total() == 5
    for standing in Standing:
        page = read(told, signed_in, show=standing.value)
        assert len(names(page)) == counts[standing]
        assert re.search(r'aria-current="true">[^<]*<span class="count">' + str(counts[standing]), page)
    assert names(read(told, signed_in, show="paused")) == ["Noor Patel"]


def test_a_part_that_is_no_part_and_a_place_that_is_no_place_are_not_found(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert browser.get(URL, {"show": "nonsense"}).status_code == 404
    assert browser.get(URL, {"after": "nonsense"}).status_code == 404
    page = read(told, signed_in, after="01a206ba-9ca6-7b00-82ea-cce67d7a74b7")
    assert names(page) == []
    assert "The list ends here." in page


def test_what_a_message_waits_for_stands_in_the_row(told: Story, signed_in: SignIn) -> None:
    from reminders.models import Reminder

    with practice_scope(told.lakeview.pk):
        ClientPlan.objects.filter(client_id=told.siobhan).update(standing="held")
        Reminder.objects.filter(client_id=told.siobhan, state="planned").update(
            state="waiting", reason="NO_CONSENT", allowed_at=story.NOW
        )
    assert "The client has not agreed to these messages." in row_of(read(told, signed_in, show="held"), "Siobhán")


@pytest.mark.parametrize("show", ["", "lapsed"])
def test_paging_shows_everybody_once_in_the_order_of_names(told: Story, signed_in: SignIn, show: str) -> None:
    everyone = set(crowd(told, 2 * MOST + 17))
    browser = signed_in(told.bob)
    url = URL + (f"?show={show}" if show else "")
    seen: list[str] = []
    while url:
        page = html.unescape(browser.get(url).content.decode())
        seen += re.findall(r'<td><a class="who" href="/p/lakeview/clients/([^/]+)/"', page)
        found = re.findall(r'<a href="([^"]*after=[^"]*)"', page)
        url = found[0] if found else ""
    assert len(seen) == len(set(seen))
    assert everyone <= {UUID(each) for each in seen}
    assert len(seen) == len(everyone) + (0 if show else 5)


def test_paging_of_each_kind_of_search_shows_everybody_once(told: Story) -> None:
    everyone = set(crowd(told, 2 * MOST + 3))
    with practice_scope(told.lakeview.pk):
        for words in ("ana", "b", "ana b", "+1773", "773000"):
            seen: list[UUID] = []
            after: UUID | None = None
            for _ in range(5):
                found = search(told.lakeview.pk, words, after)
                seen += [each.pk for each in found.clients]
                after = found.more_after
                if after is None:
                    break
            assert len(seen) == len(set(seen)), words
            assert everyone <= set(seen), words
        assert clients_standing(told.lakeview.pk, Standing.BARRED).clients == ()
        assert by_name(told.lakeview.pk, told.siobhan).clients[-1:] == ()


def test_the_search_can_be_typed_and_works_without_a_script(told: Story, signed_in: SignIn) -> None:
    page = read(told, signed_in, q="siob")
    assert names(page) == ["Siobhán O’Connell"]
    assert "“siob” finds 1." in page
    assert 'hx-trigger="input changed delay:250ms, search"' in page
    assert '<form class="search" role="search"' in page
    assert 'value="siob"' in page
    assert "Nobody of that name, phone or email." in read(told, signed_in, q="zzz")


def test_a_practice_without_clients_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    page = signed_in(told.charlie).get("/p/hilltop/clients/").content.decode()
    assert "No clients yet." in page
    assert "They come with the first import" in page


def test_a_name_is_never_markup(told: Story, signed_in: SignIn) -> None:
    story.client(told.lakeview, "<b>Ana", "&amp; Co</b>", 9)
    page = signed_in(told.bob).get(URL).content.decode()
    assert "&lt;b&gt;Ana" in page
    assert "<b>Ana" not in page
    assert "<script>" not in signed_in(told.bob).get(URL, {"q": "<script>"}).content.decode()

"""Does a name, a phone number or an email address find the right client, and nobody else's?"""

import html
import re

import pytest
from django.db import connection

from clients.models import Client, ClientWord
from clients.queries.find import MOST, find_clients
from practices.queries.names import name_key
from practices.tenancy import practice_scope
from tests.builders import story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn


def found(told: Story, words: str) -> list[str]:
    with practice_scope(told.lakeview.pk):
        return [row.full_name for row in find_clients(told.lakeview.pk, words)]


@pytest.mark.parametrize(
    "words",
    ["Siobhán", "siobhan", "SIOBHAN O'CON", "oconnell", "O’Connell", "oconn", "(312) 555-0186", "312.555.0186",
     "+1 312 555 0186", "13125550186", "3125550186", " client186@EXAMPLE.com "],
)  # fmt: skip
def test_any_way_of_writing_finds_the_client(told: Story, words: str) -> None:
    assert found(told, words) == ["Siobhán O’Connell"]


@pytest.mark.parametrize(
    "words", ["zzz", "%", "_", "client186@examples", "999999", "iobhan", "connell siob oc", "'; drop table", "\\", "()"]
)
def test_what_fits_nobody_finds_nobody(told: Story, words: str) -> None:
    assert found(told, words) == []


def test_the_beginning_of_a_number_finds_all_who_have_it(told: Story) -> None:
    assert len(found(told, "(312) 555")) == 5


def test_a_middle_of_a_word_finds_nobody(told: Story) -> None:
    assert found(told, "iobhan") == []


def test_no_words_show_the_first_by_name(told: Story) -> None:
    assert found(told, "") == sorted(found(told, ""), key=name_key)
    assert len(found(told, "")) == 5


def test_at_most_fifty_are_shown_and_the_page_leads_on(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.bulk_create(
            Client(
                practice=told.lakeview, first_name="Ana", last_name=f"B{n}", name_key=f"ana b{n}",
                created_at=story.NOW, updated_at=story.NOW,
            )
            for n in range(MOST + 5)
        )  # fmt: skip
    assert len(found(told, "ana")) == MOST
    page = signed_in(told.bob).get("/p/lakeview/clients/?q=ana").content.decode()
    assert page.count('<a class="who"') == MOST
    assert "“ana” finds many." in page
    more = html.unescape(re.findall(r'href="([^"]*after=[^"]*)"', page)[0])
    rest = signed_in(told.bob).get(more).content.decode()
    assert rest.count('<a class="who"') == 5
    assert "Back to the beginning" in rest


def test_a_search_by_name_uses_its_index_behind_the_wall(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.bulk_create(
            Client(
                practice=told.lakeview, name_key=f"{chr(97 + n % 26)}{n:05} x", phone=f"+1773{n:07}",
                created_at=story.NOW, updated_at=story.NOW,
            )
            for n in range(3000)
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN SELECT id FROM clients_client WHERE practice_id = %s AND name_key >= %s AND name_key < %s",
                [str(told.lakeview.pk), "b0001", "b0001\U0010ffff"],
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "client_name" in plan
            assert "name_key" in plan.partition("Index Cond")[2].partition("Filter")[0], plan
            cursor.execute(
                "SELECT bool_and(proleakproof) FROM pg_proc WHERE proname IN ('text_ge', 'text_lt', 'texteq')"
            )
            assert cursor.fetchone() == (True,)


def test_a_word_of_the_name_is_found_beside_names_that_begin_with_it(told: Story) -> None:
    assert found(told, "o") == ["Siobhán O’Connell", "Olivia Jackson"]  # by what is typed: oconnell, olivia


@pytest.mark.parametrize(
    "words",
    ["0186", "555-0186", "5550186", "client186@example", "client186@e", "client186", "O'Connell, Siobhán",
     "oc sio", "siobhán o", "+1312", "312555018"],
)  # fmt: skip
def test_a_part_of_a_number_an_email_or_a_name_in_any_order_is_enough(told: Story, words: str) -> None:
    assert "Siobhán O’Connell" in found(told, words)


def test_a_number_from_abroad_is_found_however_it_is_written(told: Story) -> None:
    story.client(told.lakeview, "Ngũgĩ", "wa Thiong’o", 7)
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(name_key="ngugi wa thiongo").update(phone="+442079460958")
    for words in ("+44 20 7946 0958", "442079", "0958", "946 0958", "wa th", "THIONG", "thiongo ngu"):
        assert found(told, words) == ["Ngũgĩ wa Thiong’o"], words


def test_a_client_whose_words_begin_alike_is_found_once(told: Story) -> None:
    story.client(told.lakeview, "Ana", "Anaya-Anand", 8)
    assert found(told, "ana") == ["Ana Anaya-Anand"]
    assert found(told, "ana ana") == ["Ana Anaya-Anand"]


def test_a_new_name_or_number_is_found_at_once_and_the_old_one_no_more(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        rows = Client.objects.filter(pk=told.siobhan)
        rows.update(name_key="siobhan de la cruz", last_name="de la Cruz", phone="+17735550001")
        assert ClientWord.objects.filter(client_id=told.siobhan).count() == 7
    assert found(told, "oconnell") == []
    assert found(told, "0186") == []
    assert found(told, "la cr") == found(told, "773 555 0001") == ["Siobhán de la Cruz"]


def test_what_is_not_changed_writes_no_words(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        before = set(ClientWord.objects.values_list("pk", flat=True))
        Client.objects.update(state="WI")
        assert set(ClientWord.objects.values_list("pk", flat=True)) == before


def test_the_words_of_one_practice_find_nobody_of_another(told: Story) -> None:
    with practice_scope(told.hilltop.pk):
        assert find_clients(told.hilltop.pk, "siobhan") == []
        assert find_clients(told.hilltop.pk, "0186") == []
        assert not ClientWord.objects.exists()


def test_a_later_word_is_found_by_the_index_behind_the_wall(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.bulk_create(
            Client(
                practice=told.lakeview, name_key=f"x {chr(97 + n % 26)}{n:05}",
                created_at=story.NOW, updated_at=story.NOW,
            )
            for n in range(3000)
        )  # fmt: skip
        rows = ClientWord.objects.filter(practice_id=told.lakeview.pk, words__gte="b0001", words__lt="b0001\U0010ffff")
        plan = rows.order_by("words", "client_id").explain()
    assert "client_word" in plan
    assert "words" in plan.partition("Index Cond")[2].partition("Filter")[0], plan


def test_a_whole_number_or_email_leads_to_its_one_client(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    for words in ("(312) 555-0186", "client186@example.com"):
        there = browser.get("/p/lakeview/clients/", {"q": words})
        assert there.status_code == 302
        assert there["Location"] == f"/p/lakeview/clients/{told.siobhan}/"
        typing = browser.get("/p/lakeview/clients/", {"q": words}, headers={"HX-Request": "true"})
        assert typing.status_code == 200
    assert browser.get("/p/lakeview/clients/", {"q": "0186"}).status_code == 200

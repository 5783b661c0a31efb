"""Does a name, a phone number or an email address find the right client, and nobody else's?"""

import pytest
from django.db import connection

from clients.models import Client
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


@pytest.mark.parametrize("words", ["zzz", "%", "_", "client186@example", "999999", "'; drop table", "\\", "()"])
def test_what_fits_nobody_finds_nobody(told: Story, words: str) -> None:
    assert found(told, words) == []


def test_the_beginning_of_a_number_finds_all_who_have_it(told: Story) -> None:
    assert len(found(told, "(312) 555")) == 5


def test_a_middle_of_a_word_finds_nobody(told: Story) -> None:
    assert found(told, "iobhan") == []


def test_no_words_show_the_first_by_name(told: Story) -> None:
    assert found(told, "") == sorted(found(told, ""), key=name_key)
    assert len(found(told, "")) == 5


def test_at_most_fifty_are_shown_and_the_page_says_so(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.bulk_create(
            Client(
                practice=told.lakeview, first_name="Ana", last_name=f"B{n}", name_key=f"ana b{n}",
                created_at=story.NOW, updated_at=story.NOW,
            )
            for n in range(MOST + 5)
        )  # fmt: skip
    assert len(found(told, "ana")) == MOST
    assert "The first 50 that “ana” finds." in signed_in(told.bob).get("/p/lakeview/clients/?q=ana").content.decode()


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
    assert found(told, "o") == ["Olivia Jackson", "Siobhán O’Connell"]

"""Whose is a text to a number that several practices share? (R28, OPT-1)"""

from datetime import timedelta

import pytest

from clients.models import Suppression
from integrations.operations.applying_callbacks import apply_callbacks
from practices import clock
from practices.models import Practice
from practices.operations.creation import create_practice
from practices.tenancy import practice_scope
from tests.builders.callbacks import OPERATORS_TOKEN, Line, line, operators_line
from tests.builders.clients import OLIVIA, client
from tests.builders.due import DUE, live_practice
from tests.builders.practices import MADE_AT, hilltop, lakeview
from tests.builders.reminders import sent

OLIVIAS = "+12195550188"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints", "operator")]


def uptown() -> Practice:
    """A third practice."""
    return create_practice("uptown", "Uptown Skin", "America/Chicago", MADE_AT)


def words(line_: Line) -> list[str]:
    return [each.told["text"] for each in line_.stored()]


@pytest.mark.parametrize("said", ["STOP", "please stop texting me"])
def test_R28_a_stop_is_for_all_of_them_and_one_answers(said: str) -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    apart = operators_line(uptown(), from_number="+13125550199")
    client(second.practice, OLIVIA)
    assert first.text(said, sender=OLIVIAS).status_code == 200
    assert (words(first), words(second), words(apart)) == ([said], [said], [])
    [elsewhere], [hers] = first.stored(), second.stored()
    assert (hers.told["is_answered_by_vendor"], elsewhere.told["is_answered_by_vendor"]) == (said == "STOP", True)


def test_R28_a_start_lifts_next_door_what_was_texted_and_nothing_else() -> None:
    """It reaches the neighbors as a copy: what they were told at the desk was not taken back."""
    lines = [operators_line(each) for each in (lakeview(), hilltop(), uptown())]
    client(lines[0].practice, OLIVIA)
    lines[0].text("STOP", sender=OLIVIAS, sid="SM1")
    apply_callbacks(clock.now())
    with practice_scope(lines[2].practice.pk):
        Suppression.objects.update(origin=Suppression.Origin.STAFF, wording="Never again")
    lines[0].text("START", sender=OLIVIAS, sid="SM2")
    apply_callbacks(clock.now())
    stands = []
    for each in lines:
        with practice_scope(each.practice.pk):
            stands.append(Suppression.objects.filter(lifted_at=None).exists())
    assert stands == [False, False, True]


def test_R28_a_stop_to_a_shared_number_stops_all_of_them() -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    first.text("STOP", sender=OLIVIAS)
    assert apply_callbacks(clock.now()) == 2
    for each in (first, second):
        with practice_scope(each.practice.pk):
            assert Suppression.objects.get().address == OLIVIAS


def test_anything_else_is_for_a_practice_that_has_the_client_else_for_the_first() -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    first.text("Hello", sender=OLIVIAS, sid="SM1")
    assert sorted([words(first), words(second)]) == [[], ["Hello"]]
    client(second.practice, OLIVIA)
    second.text("Is Tuesday free?", sender=OLIVIAS, sid="SM2")
    assert words(second)[-1] == "Is Tuesday free?"


@pytest.mark.parametrize("last", [0, 1])
def test_of_practices_that_have_the_client_it_is_for_the_one_that_last_wrote(last: int) -> None:
    practices = [live_practice("lakeview"), live_practice("hilltop")]
    for number, practice in enumerate(practices):
        assert sent(practice, DUE + timedelta(minutes=number == last))
    lines = [operators_line(practice) for practice in practices]
    lines[0].text("Is Tuesday free?")
    assert [len(each.stored()) for each in lines] == [last == 0, last == 1]


def test_accounts_of_their_own_share_a_number_only_where_both_keys_prove_the_callback() -> None:
    number = "+13128096491"
    first, same = (line(each, number=number) for each in (lakeview(), hilltop()))  # both connected one account
    thief = line(uptown(), number=number, token=OPERATORS_TOKEN)  # another account, naming a number it has not
    assert first.text("please stop texting me").status_code == 200
    assert [words(each) for each in (first, same, thief)] == [["please stop texting me"]] * 2 + [[]]
    assert sorted(each.stored()[0].told["is_answered_by_vendor"] for each in (first, same)) == [False, True]

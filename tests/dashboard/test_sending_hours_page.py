"""Does a manager see at which hours messages may leave in each state, as the engine has them? (SEQ-7)"""

import re
from datetime import time
from html import unescape

import pytest

from clients.operations.zip_zones import STATE_ZONES
from dashboard.views.wording.sending_hours import STATES, week_words
from practices.models import Practice, Role
from practices.tenancy import practice_scope
from reminders.engine.state_rules import STATE_RULES
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

HOURS = "/p/lakeview/settings/hours/"
SENDING = "/p/lakeview/settings/sending/"
ABROAD = {"FM", "MH", "PW", "AA", "AE", "AP"}
"""What mail reaches as it does a state: freely associated countries, and the military."""


def page(told: Story, signed_in: SignIn) -> str:
    response = signed_in(told.alice).get(HOURS)
    assert response.status_code == 200
    return unescape(response.content.decode())


def rows(html: str) -> dict[str, list[str]]:
    """State -> its cells without their marks."""
    found = {}
    for row in re.findall(r"<tr><td><b>(.*?)</tr>", html, re.DOTALL):
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row.split("</td>")]
        found[cells[0]] = cells[1:-1]
    return found


def test_only_who_may_change_settings_opens_it_and_nothing_is_changed_there(told: Story, signed_in: SignIn) -> None:
    assert signed_in(member(told.lakeview, "Mia", Role.MANAGER)).get(HOURS).status_code == 200
    assert signed_in(told.bob).get(HOURS).status_code == 403
    assert signed_in(told.charlie).get(HOURS).status_code == 404
    assert signed_in(told.alice).post(HOURS).status_code == 405


def test_sending_leads_to_it_and_it_leads_back(told: Story, signed_in: SignIn) -> None:
    assert f'href="{HOURS}"' in signed_in(told.alice).get(SENDING).content.decode()
    assert f'href="{SENDING}"' in page(told, signed_in)


def test_every_state_of_the_table_has_its_line_with_where_it_was_read(told: Story, signed_in: SignIn) -> None:
    html = page(told, signed_in)
    shown = rows(html)
    assert list(shown) == sorted(STATES[rule.state] for rule in STATE_RULES.rules)
    for rule in STATE_RULES.rules:
        law, _, read = shown[STATES[rule.state]]
        assert law.startswith(week_words(rule.week))
        assert rule.note in law
        assert ("Not on holidays." in law) == rule.bars_holidays
        assert "messaging.md" not in read
        assert (rule.source.partition(" (")[0] in read) or "No statute named" in read
    assert shown["Maryland"][2].startswith("SB 90, since January 1, 2024")
    assert f"Version {STATE_RULES.version} of the table" in html
    assert "not legal advice" in html


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("Rhode Island", "Monday to Friday, 10 am to 6 pm; Saturday, 10 am to 5 pm"),
        ("Texas", "Monday to Saturday, 10 am to 8 pm"),
        ("Kentucky", "Monday to Saturday, 10 am to 8 pm"),
    ],
)
def test_what_a_law_leaves_is_its_hours_within_everybody_s(
    told: Story, signed_in: SignIn, state: str, left: str
) -> None:
    assert rows(page(told, signed_in))[state][1] == left


def test_the_hours_of_the_practice_narrow_what_is_left(told: Story, signed_in: SignIn) -> None:
    html = page(told, signed_in)
    assert "Narrowed by this practice" not in html
    assert "Every day, 8 am to 9 pm" in html
    with practice_scope(told.lakeview.pk):
        Practice.objects.update(promotion_opens=time(11, 30), promotion_closes=time(17))
    html = page(told, signed_in)
    assert "Narrowed by this practice; the rules allow: Monday to Saturday, 10 am to 8 pm." in html
    assert {left for _, left, _ in rows(html).values()} == {"Monday to Saturday, 11:30 am to 5 pm"}


def test_every_state_that_an_address_can_name_has_a_name() -> None:
    assert set(STATES) == set(STATE_ZONES) - ABROAD

"""Does the styleguide show every component, to staff, with nobody's data?"""

import re

import pytest
from django.conf import settings
from django.test import Client as Browser

from dashboard.views.styleguide.examples.all import GROUPS
from tests.builders.practices import person
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

COMPONENTS = settings.BASE_DIR / "templates" / "components"
NAMES = sorted(each.stem for each in COMPONENTS.glob("*.html"))
# Each of these is once on a page; only the styleguide has all that carry it.
NEVER_TOGETHER = {"news", "wearing-off", "planning-left"}
EXAMPLES = [each for _, _, examples in GROUPS for each in examples]


@pytest.mark.parametrize("name", NAMES)
def test_every_component_is_shown(name: str) -> None:
    assert name in {each.component for each in EXAMPLES}, (
        f"Add an Example of {name} to dashboard/views/styleguide/examples/"
    )


def test_every_example_is_of_a_component() -> None:
    assert sorted({each.component for each in EXAMPLES} - set(NAMES)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_component_says_what_it_takes(name: str) -> None:
    text = (COMPONENTS / f"{name}.html").read_text()
    comment = re.match(r"\{% comment %\}(.+?)\{% endcomment %\}", text, re.DOTALL)
    assert comment, f"{name}.html does not begin with a comment"
    rest = text[comment.end() :]
    taken = set(re.findall(r"\{% include [^%]* with ([^%]*)%\}", rest))
    used = set(re.findall(r"\{[{%](?: \w+)? (\w+)(?=[.| %}])", rest))
    assert len(comment[1].split()) > 3, "the comment says nothing"
    assert used or taken or "No parameters" in comment[1]


@pytest.mark.parametrize("theme", ["", "light/", "dark/"])
def test_the_styleguide_shows_each_in_the_theme_that_the_address_names(
    told: Story, signed_in: SignIn, theme: str
) -> None:
    html = signed_in(told.bob).get(f"/styleguide/{theme}").content.decode()
    for name in NAMES:
        assert f'data-component="{name}"' in html
    assert f'<html lang="en"{f" data-theme={chr(34)}{theme[:-1]}{chr(34)}" if theme else ""}>' in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert {each for each in ids if ids.count(each) > 1} <= NEVER_TOGETHER


def test_the_styleguide_carries_no_practices_data(told: Story, signed_in: SignIn) -> None:
    html = signed_in(told.alice).get("/styleguide/").content.decode()
    for secret in ("Lakeview", "Siobh", "Kowalczyk", told.alice.person.email):
        assert secret not in html


def test_an_unknown_theme_is_no_page(told: Story, signed_in: SignIn) -> None:
    assert signed_in(told.alice).get("/styleguide/purple/").status_code == 404


@pytest.mark.django_db
def test_people_without_a_practice_do_not_see_it() -> None:
    browser = Browser()
    browser.force_login(person("Nobody"))
    assert browser.get("/styleguide/").status_code == 404

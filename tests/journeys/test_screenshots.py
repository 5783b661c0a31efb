"""How do the main pages look? The pictures of the README, taken of a full day on a desk and on a phone.

`make screenshots` keeps them in docs/screenshots; a plain run only looks whether they can be taken.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.builders.browser import CHROMIUM, PHONE, WIDE, Windows, too_wide
from tests.builders.day import full_day
from tests.builders.story import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]
TALL = (WIDE[0], 960)


def pictures(told: Story) -> dict[str, str]:
    """The name of each picture, and the address it is of."""
    own = "/p/lakeview"
    return {
        "today": f"{own}/today/",
        "client": f"{own}/clients/{told.siobhan}/",
        "coming": f"{own}/coming/?week=2026-W49",
        "cadences": f"{own}/cadences/",
    }


def taken(page: Page, path: Path) -> int:
    """Take the picture; returns its width in pixels, as the file itself says."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=str(path))
    return int.from_bytes(path.read_bytes()[16:20], "big")


@pytest.mark.parametrize("size", [TALL, PHONE], ids=["desk", "phone"])
def test_the_readme_s_pictures_can_be_taken(
    told: Story, windows: Windows, tmp_path: Path, size: tuple[int, int]
) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    full_day(told)
    page = windows.open(told.alice.person, size)
    for name, address in pictures(told).items():
        page.goto(address)

        assert taken(page, folder / f"{name}-{size[0]}.png") == size[0]
        assert too_wide(page) == 0, address

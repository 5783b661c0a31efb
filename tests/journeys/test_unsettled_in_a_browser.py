"""Does the front desk find and settle a message of which nobody knows whether it arrived? (CHN-3)"""

import re

import pytest
from playwright.sync_api import expect

from practices.tenancy import practice_scope
from reminders.models import Delivery
from tests.builders.browser import CHROMIUM, PHONE, WIDE, Windows, shot, toast, too_wide, violations
from tests.builders.fates import BROKE_OFF, TEN, reminder, tried
from tests.builders.story import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="There is no Chromium here: apt-get install chromium."),
]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_bob_goes_from_today_to_the_messages_in_doubt_and_says_what_he_knows(
    told: Story, windows: Windows, size: tuple[int, int]
) -> None:
    renata, grace = (reminder(told, "unknown", name) for name in ("Renata Oyelaran", "Grace Abara"))
    text = tried([renata], "unknown", error="Twilio did not answer in time; the message may have been sent.")
    email = tried([grace], "unknown", channel="email", error=BROKE_OFF, at=TEN.replace(minute=5))
    page = windows.open(told.bob.person, size, bypass_csp=True)
    page.goto("/p/lakeview/today/")
    page.get_by_role("link", name="Settle them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not known whether they arrived")
    rows = page.locator("ul.todo > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Twilio did not answer in time.")
    assert too_wide(page) == 0
    assert violations(page) == []
    shot(page, f"unsettled-{size[0]}")

    rows.first.get_by_role("button", name="It arrived").click()
    toast(page, "The text to Renata Oyelaran counts as sent.")
    expect(rows).to_have_count(1)

    rows.first.get_by_role("link", name="Grace Abara", exact=True).click()
    never = page.get_by_role("link", name=re.compile("^It never arrived: Botox, first reminder, by email"))
    assert violations(page) == []
    never.click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("If it did arrive, the client gets it twice.")
    assert violations(page) == []
    shot(page, f"unsettled-asked-{size[0]}")
    asked.get_by_role("button", name="It never arrived").click()
    toast(page, re.compile("^The email to Grace Abara never arrived"))
    expect(never).to_have_count(0)
    with practice_scope(told.lakeview.pk):
        states = dict(Delivery.objects.filter(pk__in=[text.pk, email.pk]).values_list("pk", "state"))
    assert states == {text.pk: "accepted", email.pk: "refused"}
    page.goto("/p/lakeview/unsettled/")
    expect(page.get_by_text("Of every message it is known what became of it.")).to_be_visible()
    assert windows.complaints == []

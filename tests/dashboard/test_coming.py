"""Does the calendar show what will leave, in the practice's days, and where another clock decides?"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from practices.tenancy import practice_scope
from reminders.models import Reminder
from tests.builders import day
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

COMING = "/p/lakeview/coming/"
WEDNESDAY_TEN = NOW.replace(hour=16, minute=0) + timedelta(days=1)


@pytest.fixture
def quiet(told: Story) -> Story:
    """Lakeview with nothing planned."""
    with practice_scope(told.lakeview.pk):
        Reminder.objects.filter(state__in=["planned", "waiting"]).delete()
    return told


def page(browser: Any, url: str = COMING) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", str(response.content.decode())))


def columns(html: str) -> list[str]:
    week = re.search(r'<ol class="week">(.*?)</ol>', html)
    assert week
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each)).strip() for each in re.split("<h2>", week.group(1))[1:]]


def test_a_week_shows_each_day_with_its_treatments_to_scale(quiet: Story, signed_in: SignIn) -> None:
    practice = quiet.lakeview
    day.reminders(practice, day.people(practice, 4), [WEDNESDAY_TEN] * 4)
    day.reminders(practice, day.people(practice, 1), [WEDNESDAY_TEN], slug="dysport", step="second")
    day.reminders(practice, day.people(practice, 2), [WEDNESDAY_TEN + timedelta(days=1)] * 2, kind="confirmation",
                  step="hours_24")  # fmt: skip
    html = page(signed_in(quiet.bob))
    assert "November 23 to 29. 7 reminders are planned, 5 of them on Wednesday." in html
    week = columns(html)
    assert len(week) == 7
    assert week[0] == "Monday Nov 23 Over"
    assert week[1] == "Today Nov 24 Nothing is planned."
    assert week[2] == "Wednesday Nov 25 5 reminders Botox 4 Dysport 1"
    assert week[3] == "Thursday Nov 26 2 reminders Appointments 2"
    assert [float(width) for width in re.findall(r'<rect width="([\d.]+)%"', html)] == [100, 25, 50]
    by_message = columns(page(signed_in(quiet.bob), f"{COMING}?week=2026-W48&by=message"))
    assert by_message[2] == "Wednesday Nov 25 5 reminders First reminder 4 Second reminder 1"


def test_the_strip_leads_to_five_weeks(quiet: Story, signed_in: SignIn) -> None:
    day.reminders(quiet.lakeview, day.people(quiet.lakeview, 3), [WEDNESDAY_TEN + timedelta(days=14)] * 3)
    browser = signed_in(quiet.bob)
    strip = re.search(r'<nav class="weeks".*?</nav>', page(browser))
    assert strip
    links = re.findall(r'<a href="([^"]+)"([^>]*)>', strip.group(0))
    assert [url.rsplit("=")[-1] for url, _ in links] == [f"2026-W{number}" for number in range(48, 53)]
    assert [("aria-current" in rest) for _, rest in links] == [True, False, False, False, False]
    assert 'title="December 7 to 13: 3 reminders"' in strip.group(0)
    assert "Wednesday Dec 9 3 reminders Botox 3" in columns(page(browser, links[2][0]))


def test_a_day_lists_who_what_channel_and_state_by_hour(quiet: Story, signed_in: SignIn) -> None:
    practice = quiet.lakeview
    (agreed,) = day.people(practice, 1, "Renata Oyelaran", preferred_channel="email")
    (asked,) = day.people(practice, 1, "Priya Raghunathan", preferred_channel="sms")
    day.reminders(practice, [agreed, asked], [WEDNESDAY_TEN] * 2)
    day.reminders(practice, [asked], [WEDNESDAY_TEN + timedelta(hours=2)], kind="confirmation", step="hours_24")
    html = page(signed_in(quiet.bob), f"{COMING}?day=2026-11-25")
    assert "<h1>Wednesday, November 25</h1>" in html
    assert "3 reminders are planned." in html
    assert f'href="/p/lakeview/clients/{agreed.pk}/">Renata Oyelaran</a>' in html
    assert "Botox, first reminder, by email</p>" in html
    assert "Botox, first reminder. As things stand it would wait. The client has not agreed to these messages." in html
    assert "Appointment in one day, by text" in html
    assert html.count("10:00 am</time></div>") == 1
    assert "12:00 pm</time></div>" in html
    assert html.count('<span class="state" data-is="planned">Planned</span>') == 3


def test_where_a_client_lives_by_another_clock_the_hour_there_is_said(quiet: Story, signed_in: SignIn) -> None:
    client = day.people(quiet.lakeview, 1)[0]
    with practice_scope(quiet.lakeview.pk):
        Client.objects.filter(pk=client.pk).update(stated_time_zone="Pacific/Honolulu")
    day.reminders(quiet.lakeview, [client], [WEDNESDAY_TEN + timedelta(hours=4)])
    html = page(signed_in(quiet.bob), f"{COMING}?day=2026-11-25")
    assert "2:00 pm</time>" in html
    assert ", 10 am in Honolulu" in html


def test_what_waits_since_earlier_stands_under_today(quiet: Story, signed_in: SignIn) -> None:
    client = day.people(quiet.lakeview, 1, "Jo Whitfield")
    day.reminders(quiet.lakeview, client, [NOW - timedelta(days=2)], state="waiting", reason="NO_CONSENT")
    browser = signed_in(quiet.bob)
    assert columns(page(browser))[1] == "Today Nov 24 1 reminders Botox 1"
    html = page(browser, f"{COMING}?day=2026-11-24")
    assert "Jo Whitfield" in html
    assert "The client has not agreed to these messages." in html


def test_the_group_held_out_is_counted_apart_and_says_so(quiet: Story, signed_in: SignIn) -> None:
    client = day.people(quiet.lakeview, 1, "Dana Kowalczyk")
    day.reminders(quiet.lakeview, client, [WEDNESDAY_TEN], sequence_state="holdout")
    browser = signed_in(quiet.bob)
    assert columns(page(browser))[2] == "Wednesday Nov 25 1 reminders Held out 1"
    assert '<span class="state" data-is="suppressed">Held out</span>' in page(browser, f"{COMING}?day=2026-11-25")


def test_a_full_day_is_shown_in_parts_without_losing_one(quiet: Story, signed_in: SignIn) -> None:
    people = day.people(quiet.lakeview, 120)
    day.reminders(quiet.lakeview, people, [WEDNESDAY_TEN] * 120)
    browser = signed_in(quiet.bob)
    seen: list[str] = []
    url = f"{COMING}?day=2026-11-25"
    for _ in range(4):
        html = page(browser, url)
        seen += re.findall(r'<a class="who" href="[^"]+">(Client \d+)</a>', html)
        later = re.search(r'href="([^"]+)" rel="next">Later this day', html)
        if not later:
            break
        url = later.group(1)
    assert sorted(seen) == sorted(each.full_name for each in people)


def test_empty_weeks_and_days_say_what_will_come(quiet: Story, signed_in: SignIn) -> None:
    browser = signed_in(quiet.bob)
    assert "No reminder is planned for this week." in page(browser)
    assert "No reminder is planned for this day." in page(browser, f"{COMING}?day=2026-11-25")
    assert "Reminders rest on Sundays" in page(browser, f"{COMING}?day=2026-11-29")
    assert "This week is over." in page(browser, f"{COMING}?week=2026-W40")
    assert "This day is over." in page(browser, f"{COMING}?day=2026-11-23")


@pytest.mark.parametrize("query", [
    {"week": "x"}, {"week": "2026-W60"}, {"week": "2026-W"}, {"week": "9999-W52"}, {"week": "-1-W3"},
    {"week": "٢٠٢٦-W48"}, {"day": "2026-02-30"}, {"day": "x"}, {"day": "0001-01-01"}, {"day": "9999-12-31"},
    {"day": "2026-11-25", "after": "x"},
])  # fmt: skip
def test_what_is_no_week_or_day_is_not_found(told: Story, signed_in: SignIn, query: dict[str, str]) -> None:
    assert signed_in(told.bob).get(COMING, query).status_code == 404


@pytest.mark.parametrize("url", [COMING, f"{COMING}?day=2026-11-25"])
def test_it_takes_as_many_queries_for_a_thousand_as_for_ten(quiet: Story, signed_in: SignIn, url: str) -> None:
    browser = signed_in(quiet.bob)
    counts = []
    for number in (10, 990):
        people = day.people(quiet.lakeview, number)
        day.reminders(quiet.lakeview, people, [WEDNESDAY_TEN] * number)
        with CaptureQueriesContext(connection) as queries:
            page(browser, url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 28

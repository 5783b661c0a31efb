"""Does Today say what needs a person, show the sum of the day's messages, and leave out what is empty?"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection, GatewayEvent
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.models import Call, Reminder
from tests.builders import day
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

TODAY = "/p/lakeview/today/"
MORNING = NOW.replace(hour=16, minute=0)


def page(browser: Any, url: str = TODAY, **headers: str) -> str:
    response = browser.get(url, headers=headers)
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", str(response.content.decode())))


def section(html: str, of: str) -> str:
    found = re.search(rf'<section class="section" aria-labelledby="{of}">.*?</section>', html)
    return found.group(0) if found else ""


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def figures(html: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"<dd><a [^>]+>([\d,]+)</a></dd>", html)]


def test_a_practice_opens_on_today(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert browser.get("/p/lakeview/")["Location"] == TODAY
    assert browser.get("/")["Location"] == TODAY


def test_the_head_counts_what_needs_a_person_and_the_menu_agrees(told: Story, signed_in: SignIn) -> None:
    day.full_day(told)
    html = page(signed_in(told.alice))
    assert "Tuesday, November 24. Ten things need a person." in words(html)
    rows = sum(len(re.findall("<li>", section(html, of))) for of in ("calls", "replies", "held", "failed", "unknown"))
    assert rows == 10
    assert re.search(r'aria-current="page"[^>]*>Today <span class="count">.*?10', html)


def test_sections_without_rows_are_left_out(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Call.objects.update(closed_at=NOW)
    html = page(signed_in(told.alice))
    assert "Nothing needs a person." in html
    assert not any(section(html, of) for of in ("calls", "replies", "held", "failed", "unknown"))
    assert "Start the calls" not in html


def test_a_call_says_why_and_can_be_taken_or_who_has_it(told: Story, signed_in: SignIn) -> None:
    noor, tamika = day.people(told.lakeview, 1, "Noor Patel")[0], day.people(told.lakeview, 1, "Tamika Kim")[0]
    open_call = day.call(told.lakeview, noor)
    day.call(told.lakeview, tamika, "SERIES_STALLED", taken_by=told.bob, taken_at=NOW)
    calls = section(page(signed_in(told.alice)), "calls")
    assert "The client did not come to the appointment." in calls
    assert f'href="tel:{noor.phone}"' in calls
    assert re.search(rf'<form method="post" action="[^"]*{open_call.pk}[^"]*"', calls)
    assert 'aria-label="Take the call to Noor Patel"' in calls
    assert "Bob has it" in calls
    assert 'aria-label="Take the call to Tamika Kim"' not in calls
    assert '<a class="button primary"' in page(signed_in(told.alice))


def test_held_messages_are_one_row_a_reason_with_its_way_out(told: Story, signed_in: SignIn) -> None:
    for reason, number in (("NO_CONSENT", 3), ("NO_APPROVED_TEXT", 1), ("CAP", 2)):
        day.reminders(
            told.lakeview, day.people(told.lakeview, number), [MORNING - timedelta(days=1)] * number, state="waiting",
            reason=reason, due_at=NOW,
        )  # fmt: skip
    html = page(signed_in(told.alice))
    held = words(section(html, "held"))
    assert "Held 4 messages" in held
    assert "Three clients have not agreed to these messages. Three are given up by Sunday." in held
    assert "One message has no approved text. One is given up by Sunday." in held
    assert "pause is kept" not in held
    assert "Vouch for it" in held
    assert 'href="/p/lakeview/cadences/botox/"' in section(html, "held")
    by_bob = section(page(signed_in(told.bob)), "held")
    assert "Vouch for it" not in by_bob
    assert "/p/lakeview/ledger/list/?state=waiting&reason=NO_CONSENT" in by_bob


def test_an_unknown_service_can_be_tried_by_who_may_map(told: Story, signed_in: SignIn) -> None:
    client = day.people(told.lakeview, 1)[0]
    service = day.unknown_service(told.lakeview, client, "Jeuveau <promo>", 11, NOW - timedelta(days=15))
    html = page(signed_in(told.alice))
    assert "Jeuveau <promo>" in section(html, "unknown")
    assert "11 treatments since November 9" in words(html)
    assert f'<form class="map" action="/p/lakeview/services/{service.pk}/"' in html
    assert not section(page(signed_in(told.bob)), "unknown")


def test_what_failed_says_why_as_the_gateway_said_it(told: Story, signed_in: SignIn) -> None:
    client = day.people(told.lakeview, 1, "Olivia Jackson")
    day.handed_over(
        day.reminders(told.lakeview, client, [MORNING], state="failed"), state="undelivered",
        error="The carrier blocked the text as spam",
    )  # fmt: skip
    html = page(signed_in(told.bob))
    assert "Botox, first reminder, today at 10 am. The carrier blocked the text as spam." in section(html, "failed")
    assert "Botox, first reminder. The carrier blocked the text as spam." in section(html, "leaves")


def test_the_sum_adds_up_and_each_figure_opens_its_list(told: Story, signed_in: SignIn) -> None:
    day.full_day(told)
    browser = signed_in(told.bob)
    html = page(browser)
    due, *parts = figures(html)
    assert due == sum(parts) > 0
    for show, number in zip(("sent", "waiting", "suppressed", "failed"), parts, strict=True):
        feed = section(page(browser, f"{TODAY}?show={show}"), "leaves")
        joined = feed.count("as one message")
        assert len(re.findall('<div class="entry">', feed)) + joined == number, show


def test_the_feed_runs_down_to_now_and_beyond(told: Story, signed_in: SignIn) -> None:
    day.full_day(told)
    feed = section(page(signed_in(told.bob)), "leaves")
    past, ahead = feed.split('<li class="now">')
    assert "Anne-Marie St. John" in past
    assert "Botox and lip filler, as one message, by text" in past
    assert past.count("Anne-Marie St. John") == 1
    assert "Holdout group: not reminded" in past
    assert "Another message left in the days before" in past
    assert "It leaves Thursday at 2:02 pm at the earliest." in past
    assert "1:42 pm" in ahead
    assert "Planned" in ahead
    assert "Planned" not in past
    assert "6 more today" in ahead
    assert 'href="/p/lakeview/coming/?day=2026-11-24"' in ahead
    assert past.count(">10:00 am</time></div>") == 1  # an hour is said once


def test_a_long_morning_is_shown_in_parts(told: Story, signed_in: SignIn) -> None:
    people = day.people(told.lakeview, 95)
    day.reminders(told.lakeview, people, [MORNING] * 95, state="suppressed", reason="HOLDOUT")
    browser = signed_in(told.bob)
    seen: list[str] = []
    url = TODAY
    for _ in range(4):
        feed = section(page(browser, url), "leaves")
        seen += re.findall(r'<a class="who" href="[^"]+">(Client \d+)</a>', feed)
        earlier = re.search(r'href="([^"]+)">Earlier today', feed)
        if not earlier:
            break
        url = earlier.group(1)
    assert sorted(seen) == sorted(each.full_name for each in people)
    assert "Back to now" in feed


@pytest.mark.parametrize("before", ["x", "0-1-2", "2-20261124T000000000000-00", "\x00"])
def test_a_made_up_place_is_not_found(told: Story, signed_in: SignIn, before: str) -> None:
    assert signed_in(told.bob).get(TODAY, {"before": before}).status_code == 404


def test_an_unknown_part_of_the_day_is_the_whole_day(told: Story, signed_in: SignIn) -> None:
    assert '<li class="now">' in page(signed_in(told.bob), f"{TODAY}?show=nothing")


def test_htmx_gets_the_day_without_the_shell_and_asks_again(told: Story, signed_in: SignIn) -> None:
    day.full_day(told)
    browser = signed_in(told.bob)
    fragment = page(browser, f"{TODAY}?show=sent", **{"HX-Request": "true"})
    assert fragment.lstrip().startswith('<div id="day" hx-get="/p/lakeview/today/?show=sent" hx-trigger="every 30s"')
    assert "<html" not in fragment
    assert '<p id="summary" hx-swap-oob="true">' in fragment


def test_records_that_are_too_old_are_the_one_strip(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Connection.objects.create(
            practice=told.lakeview, kind="generic", source="records", secret=b"", created_at=NOW,
            last_event_at=NOW - timedelta(hours=30),
        )  # fmt: skip
    day.reminders(
        told.lakeview, day.people(told.lakeview, 4), [MORNING] * 4, state="waiting", reason="RECORDS_STALE", due_at=NOW
    )
    html = page(signed_in(told.alice))
    assert html.count('class="alarm"') == 1
    assert "Records last arrived yesterday at 7:42 am. Bookings made since are not seen. Four messages wait" in words(
        html
    )
    assert not section(html, "held")


def test_a_practice_that_is_not_live_says_what_is_left_to_do(told: Story, signed_in: SignIn) -> None:
    html = page(signed_in(told.charlie), "/p/hilltop/today/")
    assert "Nothing leaves before the practice goes live." in html
    assert "No message is due today." in html
    with practice_scope(told.lakeview.pk):
        assert Practice.objects.get(pk=told.lakeview.pk).status == Practice.Status.LIVE
    assert "Nothing leaves before" not in page(signed_in(told.alice))


def test_names_with_every_odd_letter_are_only_text(told: Story, signed_in: SignIn) -> None:
    (client,) = day.people(told.lakeview, 1, "<b>Zoë</b> O’Neil-“Ng”")
    day.call(told.lakeview, client)
    day.reply(told.lakeview, client, "<script>alert(1)</script>")
    response = signed_in(told.bob).get(TODAY).content.decode()
    assert "<b>Zoë" not in response
    assert "<script>alert" not in response
    assert "&lt;script&gt;alert(1)" in response


def test_it_takes_no_more_queries_for_a_fuller_day_than_for_a_full_one(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    day.full_day(told)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        counts.append(len(queries))
        people = day.people(told.lakeview, 200)
        day.reminders(told.lakeview, people, [MORNING] * 200, state="waiting", reason="NO_CONSENT", due_at=NOW)
        for row in day.reminders(told.lakeview, day.people(told.lakeview, 20), [MORNING] * 20, state="failed"):
            day.handed_over([row], state="undelivered")
        for each in people[:40]:
            day.call(told.lakeview, each)
            day.reply(told.lakeview, each, "Later")
            day.unknown_service(told.lakeview, each, f"Name {each.pk}", 2, NOW)
    assert counts[1] <= counts[0] <= 45  # fewer where the five calls shown have no issue or session behind them
    with practice_scope(told.lakeview.pk):
        assert Reminder.objects.filter(state="waiting").count() > 200


def test_an_answer_that_cannot_be_read_in_is_shown_with_what_to_do(told: Story, signed_in: SignIn) -> None:
    for number, words_said in enumerate(("Please STOP <now>", "Yes", "No", "Late")):
        with practice_scope(told.lakeview.pk):
            GatewayEvent.objects.create(
                practice=told.lakeview, gateway="twilio_sms", kind="message", event_key=words_said, state="retrying",
                told={"channel": "sms", "from_address": "+13125550142", "text": words_said},
                received_at=NOW - timedelta(hours=4 - number),
            )  # fmt: skip
    html = page(signed_in(told.bob))
    shown = words(section(html, "failing-words"))
    assert "(312) 555-0142" in shown
    assert "An answer from a client could not be read in." in shown
    assert "“Please STOP <now>”" in unescape(section(html, "failing-words"))
    assert "a stop above all" in shown
    assert shown.count("Find the client") == 3
    assert "Late" not in shown
    assert "Four answers from clients could not be read in since" in words(html)
    assert "clients/?q=%2B13125550142" in html

"""Does the outbox show every message exactly as it left?"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from dashboard.views.wording.deliveries import NEVER_SAID, Reading, fate_words
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Message
from reminders.operations.attempts import HELD_BACK
from reminders.queries.outbox import PAGE, Cursor
from tests.builders import story
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

OUTBOX = "/p/lakeview/outbox/"


def page(browser: object, url: str = OUTBOX) -> str:
    response = browser.get(url)  # type: ignore[attr-defined]
    assert response.status_code == 200
    return re.sub("</?u>", "", str(response.content.decode()))  # links within texts are underlined


def many(told: Story, number: int, *, text: str = "Hi {n}") -> None:
    """So many texts to Siobhán, a minute apart."""
    with practice_scope(told.lakeview.pk):
        messages = [
            Message(
                id=uuid7(), practice_id=told.lakeview.pk, client_id=told.siobhan, kind="promotion", touchpoint="first",
                decided_at=story.NOW - timedelta(days=30, minutes=n),
            )
            for n in range(number)
        ]  # fmt: skip
        Message.objects.bulk_create(messages)
        Delivery.objects.bulk_create(
            Delivery(
                practice_id=told.lakeview.pk, message=message, client_id=told.siobhan, channel="sms", gateway="outbox",
                to_address="+13125550186", from_name="Pat", text=text.format(n=n), state="accepted",
                attempted_at=message.decided_at,
            )
            for n, message in enumerate(messages)
        )  # fmt: skip


def test_every_message_stands_in_its_frame_with_its_exact_text(told: Story, signed_in: SignIn) -> None:
    seen = unescape(page(signed_in(told.bob)))
    with practice_scope(told.lakeview.pk):
        deliveries = list(Delivery.objects.all())
    assert {each.channel for each in deliveries} == {Channel.SMS, Channel.EMAIL}
    for each in deliveries:
        assert each.text in seen
        assert each.subject in seen
    assert len(re.findall(r'<figure class="phone">', seen)) == sum(each.channel == "sms" for each in deliveries)
    assert len(re.findall(r'<figure class="mail">', seen)) == sum(each.channel == "email" for each in deliveries)


def test_each_says_to_whom_what_when_and_why(told: Story, signed_in: SignIn) -> None:
    seen = unescape(page(signed_in(told.bob)))
    assert f'href="/p/lakeview/clients/{told.siobhan}/">Siobhán O’Connell</a>' in seen
    assert "Botox, first reminder, by text" in seen
    assert "Week 10 after September 14, at 10 am in Chicago." in seen
    assert 'title="Monday, November 23, 2026, 10:00 am CST (Chicago)">10 am</time>' in seen
    assert re.search(r"\d+ characters, \d segments?", seen)
    assert '<span class="state" data-is="sent">Sent</span>' in seen


def test_newest_stand_first_and_pages_hold_each_once(told: Story, signed_in: SignIn) -> None:
    many(told, 2 * PAGE + 3)
    browser = signed_in(told.bob)
    with practice_scope(told.lakeview.pk):
        expected = [text for (text,) in Delivery.objects.order_by("-attempted_at", "-id").values_list("text")]
    seen: list[str] = []
    url, pages = OUTBOX, 0
    while url:
        html = page(browser, url)
        texts = re.findall(r'<p class="(?:bubble|letter as-typed)">(.*?)</p>', html, re.DOTALL)
        seen += [unescape(text) for text in texts]
        older = re.search(r'href="([^"]+)" rel="next"', html)
        url, pages = unescape(older.group(1)) if older else "", pages + 1
    assert seen == expected
    assert pages == -(-len(expected) // PAGE)


def test_messages_of_one_moment_are_not_lost_between_pages(told: Story, signed_in: SignIn) -> None:
    many(told, PAGE + 5)
    with practice_scope(told.lakeview.pk):
        Delivery.objects.filter(text__startswith="Hi ").update(attempted_at=story.NOW)
    browser = signed_in(told.bob)
    first = page(browser)
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older
    second = page(browser, unescape(older.group(1)))
    numbers = re.findall(r'<p class="bubble">Hi (\d+)</p>', first + second)
    assert sorted(map(int, numbers)) == list(range(PAGE + 5))


def test_the_filter_keeps_one_channel(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    texts, emails = page(browser, f"{OUTBOX}?show=texts"), page(browser, f"{OUTBOX}?show=emails")
    assert 'class="phone"' in texts
    assert 'class="mail"' not in texts
    assert 'class="mail"' in emails
    assert 'class="phone"' not in emails


def test_a_page_takes_as_many_queries_for_sixty_messages_as_for_three(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    counts = []
    for number in (3, 60):
        many(told, number)
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_the_open_page_gets_what_left_since_and_nothing_twice(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    html = page(browser)
    newer = re.search(r'hx-get="([^"]+)"', html)
    assert newer
    url = unescape(newer.group(1))
    assert browser.get(url).status_code == 204
    many(told, 2, text="Later {n}")
    with practice_scope(told.lakeview.pk):
        Delivery.objects.filter(text__startswith="Later").update(attempted_at=story.NOW + timedelta(seconds=3))
    fragment = page(browser, url)
    assert len(re.findall("Later [01]", fragment)) == 2
    assert "2 new messages." in fragment
    following = re.search(r'hx-get="([^"]+)"', fragment)
    assert following
    assert browser.get(unescape(following.group(1))).status_code == 204


def test_an_empty_outbox_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.charlie), "/p/hilltop/outbox/")
    assert "Nothing has left yet." in seen
    assert "Import an export" in seen


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(story.NOW + timedelta(microseconds=7), uuid7())
    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize("before", ["x", "20260101", "20260101T000000000000-zz", "-", "'--", "\x00"])
def test_a_made_up_place_is_not_found(told: Story, signed_in: SignIn, before: str) -> None:
    assert signed_in(told.bob).get(OUTBOX, {"before": before}).status_code == 404


def test_an_email_is_shown_as_it_looks_without_any_power(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        email = Delivery.objects.filter(channel="email").first()
        text = Delivery.objects.filter(channel="sms").first()
    assert email
    assert text
    browser = signed_in(told.bob)
    html = page(browser)
    address = f"/p/lakeview/outbox/{email.pk}/letter/"
    assert re.search(rf'<iframe[^>]+src="{address}"[^>]+sandbox="allow-same-origin"', html)
    response = browser.get(address)
    assert response.content.decode() == email.html
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "connect-src" not in policy
    assert "sandbox allow-same-origin" in policy
    assert "unsafe-inline" not in browser.get(OUTBOX)["Content-Security-Policy"]
    assert browser.get(f"/p/lakeview/outbox/{text.pk}/letter/").status_code == 404


def test_an_email_without_a_designed_part_is_shown_as_text(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        email = Delivery.objects.filter(channel="email").first()
        assert email
        Delivery.objects.filter(pk=email.pk).update(html="", text="<b>plain</b> & simple")
    response = signed_in(told.bob).get(f"/p/lakeview/outbox/{email.pk}/letter/")
    assert "&lt;b&gt;plain&lt;/b&gt; &amp; simple" in response.content.decode()


def test_each_day_has_one_head(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob))
    heads = re.findall(r'<li class="day"><h2>([^<]+)</h2>', seen)
    assert heads[:2] == ["Yesterday, November 23", "Saturday, November 21"]
    assert len(heads) == len(set(heads))


def test_what_did_not_arrive_has_a_list_of_its_own(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert "Nothing failed to arrive in the last 30 days." in page(browser, f"{OUTBOX}?show=failed")
    many(told, 3)
    with practice_scope(told.lakeview.pk):
        failed = Delivery.objects.get(text="Hi 1")
        Delivery.objects.filter(text="Hi 1").update(state="undelivered", attempted_at=story.NOW - timedelta(days=2))
        Delivery.objects.filter(text="Hi 2").update(state="refused", attempted_at=story.NOW - timedelta(days=31))
    seen = page(browser, f"{OUTBOX}?show=failed")
    assert re.findall(r'<p class="bubble">(.*?)</p>', seen) == [failed.text]


def test_what_was_only_put_off_is_not_among_what_did_not_arrive(told: Story, signed_in: SignIn) -> None:
    many(told, 2)
    with practice_scope(told.lakeview.pk):
        own = {"state": "refused", "attempted_at": story.NOW - timedelta(days=1)}
        Delivery.objects.filter(text="Hi 0").update(**own, error=HELD_BACK)
        Delivery.objects.filter(text="Hi 1").update(**own, error="The number is a landline.")
    seen = page(signed_in(told.bob), f"{OUTBOX}?show=failed")
    assert re.findall(r'<p class="bubble">(.*?)</p>', seen) == ["Hi 1"]


@pytest.mark.parametrize("error", sorted(NEVER_SAID))
def test_a_try_by_which_its_client_got_nothing_is_told_without_the_text(
    told: Story, signed_in: SignIn, error: str
) -> None:
    many(told, 2)
    with practice_scope(told.lakeview.pk):
        at = story.NOW - timedelta(hours=1)
        Delivery.objects.filter(text="Hi 0").update(state="refused", error=error, gateway="twilio_sms", attempted_at=at)
        fate = fate_words(Delivery.objects.get(text="Hi 0"), Reading("America/Chicago", story.NOW, is_hour_said=True))
    seen = unescape(page(signed_in(told.bob)))
    assert fate in seen
    assert re.findall(r'<p class="bubble">(Hi \d)</p>', seen) == ["Hi 1"]


def test_each_says_through_whom_it_left_and_what_became_of_it(told: Story, signed_in: SignIn) -> None:
    many(told, 3)
    at = story.NOW - timedelta(hours=1)
    fates: tuple[dict[str, Any], ...] = (
        {"state": "delivered", "gateway": "twilio_sms", "delivered_at": at + timedelta(minutes=4)},
        {"state": "undelivered", "gateway": "twilio_sms", "error": "The number is a landline."},
        {"state": "unknown", "gateway": "podium", "error": "Podium did not answer in time."},
    )
    with practice_scope(told.lakeview.pk):
        for number, own in enumerate(fates):
            Delivery.objects.filter(text=f"Hi {number}").update(attempted_at=at, **own)
    seen = unescape(page(signed_in(told.bob)))
    assert "Sent through Twilio. Arrived at 12:46 pm." in seen
    assert "Sent through Twilio. Not delivered: the number is a landline." in seen
    assert "Tried through Podium. Nobody knows whether it arrived: Podium did not answer in time." in seen
    assert "Put into the outbox on this installation." in seen


def test_the_way_to_what_nobody_knows_of_is_there_while_there_is_any(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert "/p/lakeview/unsettled/" not in page(browser)
    many(told, 2)
    with practice_scope(told.lakeview.pk):
        Delivery.objects.filter(text__in=["Hi 0", "Hi 1"]).update(state="unknown")
    seen = page(browser)
    assert "Of two messages nobody knows whether they arrived." in seen
    assert '<a href="/p/lakeview/unsettled/">Say what you know</a>' in seen


def test_what_leaves_on_a_new_day_brings_its_own_head_on_top(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    url = re.search(r'hx-get="([^"]+)"', page(browser))
    assert url
    many(told, 1, text="Later {n}")
    with practice_scope(told.lakeview.pk):
        Delivery.objects.filter(text="Later 0").update(attempted_at=story.NOW)
    response = browser.get(unescape(url.group(1)))
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#letters", "afterbegin")
    assert "<h2>Today, November 24</h2>" in response.content.decode()
    following = re.search(r'hx-get="([^"]+)"', response.content.decode())
    assert following
    many(told, 1, text="Latest {n}")
    with practice_scope(told.lakeview.pk):
        Delivery.objects.filter(text="Latest 0").update(attempted_at=story.NOW + timedelta(seconds=9))
    response = browser.get(unescape(following.group(1)))
    assert "HX-Retarget" not in response
    assert "<h2>" not in response.content.decode()  # it goes below the head that stands there

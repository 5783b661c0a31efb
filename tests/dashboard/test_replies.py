"""Does the page of replies say who answered what, and does each answer to it count?"""

import re
from datetime import date, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from practices.models import Role
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import ClientPlan, Reply
from reminders.operations.replies import receive_reply
from reminders.queries.replies import PAGE
from tests.builders import story
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

REPLIES = "/p/lakeview/replies/"
PHONE = "+13125550186"


def words(html: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def said(
    told: Story, text: str, sender: str = PHONE, *, minutes_ago: int = 10, channel: Channel = Channel.SMS
) -> Reply:
    at: datetime = story.NOW - timedelta(minutes=minutes_ago)
    with practice_scope(told.lakeview.pk):
        return receive_reply(told.lakeview.pk, channel, sender, text, at, at)


def seen(browser: Browser, query: str = "") -> str:
    response = browser.get(REPLIES + query)
    assert response.status_code == 200
    return words(response.content.decode().split('<main class="page"', 1)[1])


def url_of(reply: Reply, what: str) -> str:
    return f"{REPLIES}{reply.pk}/{what}/"


def again(told: Story, reply: Reply) -> Reply:
    with practice_scope(told.lakeview.pk):
        return Reply.objects.get(pk=reply.pk)


def snoozed_until(told: Story, client_id: UUID) -> date | None:
    with practice_scope(told.lakeview.pk):
        return ClientPlan.objects.filter(client_id=client_id).values_list("snoozed_until", flat=True).first()


def test_an_empty_page_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    assert "Nothing to answer. What clients write back to a message appears here" in seen(signed_in(told.bob))


def test_a_reply_stands_with_its_words_the_message_it_answers_and_what_can_be_done(
    told: Story, signed_in: SignIn
) -> None:
    """R27."""
    said(told, "Is it <b>safe</b>?")
    browser = signed_in(told.bob)
    page = seen(browser)
    assert "Siobhán O’Connell (312) 555-0186 Today, 1:32 pm , by text Is it <b>safe</b>?" in page
    assert "Our message yesterday: “Hi Siobhán, it's Jordan at Lakeview Aesthetics." in page
    assert "Called Siobhán O’Connell Needs no answer : the reply of Siobhán O’Connell" in page
    raw = browser.get(REPLIES).content.decode()
    assert "<b>safe</b>" not in raw
    assert f"/p/lakeview/clients/{told.siobhan}/opt-out/" in raw
    client_page = words(browser.get(f"/p/lakeview/clients/{told.siobhan}/").content.decode())
    assert "Is it <b>safe</b>?" in client_page


def test_of_nobody_known_it_offers_to_look(told: Story, signed_in: SignIn) -> None:
    reply = said(told, "who is this", "+14155550100")
    browser = signed_in(told.bob)
    assert "(415) 555-0100 Call the number Today, 1:32 pm , by text. No client has this address." in seen(browser)
    assert 'href="/p/lakeview/clients/?q=%2B14155550100"' in browser.get(REPLIES).content.decode()
    assert browser.get(url_of(reply, "peace")).status_code == 404
    done = browser.post(url_of(reply, "handle"), {"handling": "none_needed"}, follow=True)
    assert "The sender’s reply is handled: it needs no answer." in unescape(done.content.decode())


@pytest.mark.parametrize(("handling", "words_shown"), [("called", "Called"), ("none_needed", "Needed no answer")])
def test_handled_at_one_press_it_stands_below_and_can_be_put_back(
    told: Story, signed_in: SignIn, handling: str, words_shown: str
) -> None:
    reply, browser = said(told, "Yes please"), signed_in(told.bob)
    response = browser.post(url_of(reply, "handle"), {"handling": handling}, follow=True)
    assert response.redirect_chain == [(REPLIES, 302)]
    assert f'action="{url_of(reply, "reopen")}"' in response.content.decode()
    page = seen(browser)
    assert page.index("Nothing to answer.") < page.index("Handled") < page.index("Yes please")
    assert f"{words_shown}, today at 1:42 pm, by Bob." in page
    assert again(told, reply).handled_by_id == told.bob.pk
    browser.post(url_of(reply, "reopen"))
    assert again(told, reply).handled_at is None
    assert "Nothing to answer." not in seen(browser)


def test_left_in_peace_until_a_day(told: Story, signed_in: SignIn) -> None:
    """R27."""
    reply, browser = said(told, "not now"), signed_in(told.bob)
    url = url_of(reply, "peace")
    assert "Leave Siobhán O’Connell in peace" in words(browser.get(url).content.decode())
    for until, wrong in (("", "Choose a day."), ("2026-11-24", "That day has come already."), ("x", "no date")):
        response = browser.post(url, {"until": until})
        assert response.status_code == 200
        assert wrong in response.content.decode()
    assert again(told, reply).handled_at is None
    done = browser.post(url, {"until": "2027-01-10"}, follow=True)
    assert "Siobhán O’Connell is left in peace until January 10, 2027." in unescape(done.content.decode())
    assert snoozed_until(told, told.siobhan) == date(2027, 1, 10)
    assert "Left in peace until January 10, 2027, today at 1:42 pm, by Bob." in seen(browser)
    browser.post(url_of(reply, "reopen"))
    assert snoozed_until(told, told.siobhan) is None


def test_whoever_comes_second_is_told_who_was_first(told: Story, signed_in: SignIn) -> None:
    reply = said(told, "Yes please")
    signed_in(told.bob).post(url_of(reply, "handle"), {"handling": "called"})
    late = signed_in(told.alice)
    response = late.post(url_of(reply, "handle"), {"handling": "none_needed"}, follow=True)
    assert "Bob handled this reply already. Nothing was changed." in response.content.decode()
    response = late.post(url_of(reply, "peace"), {"until": "2027-01-10"}, follow=True)
    assert "Bob handled this reply already." in response.content.decode()
    assert (again(told, reply).handling, snoozed_until(told, told.siobhan)) == ("called", None)


@pytest.mark.parametrize("handling", ["", "snoozed", "answered", "x"])
def test_only_what_can_be_done_at_one_press_is(told: Story, signed_in: SignIn, handling: str) -> None:
    reply = said(told, "Yes please")
    response = signed_in(told.bob).post(url_of(reply, "handle"), {"handling": handling}, follow=True)
    assert "Choose what was done about the reply." in response.content.decode()
    assert again(told, reply).handled_at is None


def test_what_may_be_an_opt_out_is_decided_before_it_is_closed(told: Story, signed_in: SignIn) -> None:
    """OPT-1: closed without a verdict, the texts would go on."""
    reply, browser = said(told, "wrong number"), signed_in(told.bob)
    raw = browser.get(REPLIES).content.decode()
    assert url_of(reply, "handle") not in raw
    assert url_of(reply, "peace") not in raw
    assert "Decide" in seen(browser)
    page = f"{REPLIES}{reply.pk}/"
    for what, sent in (
        ("handle", {"handling": "called"}), ("handle", {"handling": "none_needed"}), ("peace", {"until": "2027-01-10"}),
    ):  # fmt: skip
        response = browser.post(url_of(reply, what), sent, follow=True)
        assert response.redirect_chain == [(page, 302)]
        assert "This may be an opt-out. Decide that first." in response.content.decode()
    asked = browser.get(url_of(reply, "peace"), follow=True)
    assert asked.redirect_chain == [(page, 302)]
    assert again(told, reply).handled_at is None
    assert snoozed_until(told, told.siobhan) is None


def test_a_reply_that_came_since_arrives_quietly(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    ask = re.search(r'hx-get="([^"]+)"', browser.get(REPLIES).content.decode())
    assert ask
    assert browser.get(unescape(ask[1])).status_code == 204
    said(told, "first")
    said(told, "second")
    news = browser.get(unescape(ask[1])).content.decode()
    assert "2 new replies." in news
    assert 'id="empty" hx-swap-oob="delete"' in news
    following = re.search(r'hx-get="([^"]+)"', news)
    assert following
    assert browser.get(unescape(following[1])).status_code == 204
    said(told, "late", minutes_ago=600)  # the gateway was slow
    assert "late" in browser.get(unescape(following[1])).content.decode()


def test_pages_follow_each_other_the_unanswered_first(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        for number in range(2 * PAGE + 3):
            Reply.objects.create(
                practice=told.lakeview, client_id=told.siobhan, channel="sms", from_address=PHONE,
                text=f"no. {number};", received_at=story.NOW - timedelta(minutes=number // 2),
                handled_at=story.NOW if number % 3 else None, handling="called" if number % 3 else "",
            )  # fmt: skip
    browser, url, shown = signed_in(told.bob), REPLIES, []
    for _ in range(3):
        raw = browser.get(url).content.decode()
        shown += re.findall(r"no\. (\d+);", raw)
        older = re.search(r'href="([^"]+)" rel="next"', raw)
        url = unescape(older[1]) if older else ""
    assert url == ""
    assert len(shown) == len(set(shown)) == 2 * PAGE + 3
    order = [(int(number) % 3 > 0, int(number) // 2) for number in shown]
    assert order == sorted(order)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_answer(told: Story, signed_in: SignIn, role: Role) -> None:
    reply = said(told, "Yes please")
    browser = signed_in(member(told.lakeview, "Dora", role))
    browser.post(url_of(reply, "handle"), {"handling": "called"})
    assert again(told, reply).handled_at == story.NOW


def test_a_neighbour_s_reply_is_not_there(told: Story, signed_in: SignIn) -> None:
    reply, charlie = said(told, "Yes please"), signed_in(told.charlie)
    for what in ("handle", "peace", "reopen"):
        address = f"/p/hilltop/replies/{reply.pk}/{what}/"
        assert charlie.post(address, {"handling": "called", "until": "2027-01-10"}).status_code == 404
    assert again(told, reply).handled_at is None
    assert charlie.get(REPLIES).status_code == 404


def test_the_page_takes_as_many_queries_for_many_as_for_two(told: Story, signed_in: SignIn) -> None:
    browser, counts = signed_in(told.bob), []
    with practice_scope(told.lakeview.pk):
        people = list(Client.objects.order_by("pk"))
    for number in (1, 4):
        for person in people[:number]:
            for n in range(number):
                reply = said(told, f"hm {n}", person.phone)
                if n % 2 == 0:
                    browser.post(url_of(reply, "handle"), {"handling": "called"})
        said(told, "open", people[0].phone)
        with CaptureQueriesContext(connection) as queries:
            browser.get(REPLIES)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 20

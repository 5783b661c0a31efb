"""Can front desk answer a reply from its page, see what was said, and decide what is unclear? (CHN-4, OPT-1, R27)"""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Suppression
from dashboard.views.wording.deliveries import NEVER_SAID
from practices import clock
from practices.models import AuditEntry, Role
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery, Reply
from reminders.operations.replies import receive_reply
from reminders.queries.replies import reply_of
from tests.builders import story
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

REPLIES = "/p/lakeview/replies/"
PHONE, EMAIL = "+13125550186", "client186@example.com"


def words(html: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def said(
    told: Story, text: str, sender: str = PHONE, *, minutes_ago: int = 10, channel: Channel = Channel.SMS
) -> Reply:
    at = story.NOW - timedelta(minutes=minutes_ago)
    with practice_scope(told.lakeview.pk):
        return receive_reply(told.lakeview.pk, channel, sender, text, at, at)


def url_of(reply: Reply, what: str = "") -> str:
    return f"{REPLIES}{reply.pk}/{what}/" if what else f"{REPLIES}{reply.pk}/"


def main_of(response: object) -> str:
    raw: str = response.content.decode()  # type: ignore[attr-defined]
    return raw.split('<main class="page"', 1)[1].split("</main>", 1)[0]


def kept(page: str) -> str:
    """The words that cannot be sent and are shown all the same."""
    assert ">What you wrote</label>" in page
    found = re.search(r"<textarea[^>]* readonly[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found
    assert "hx-post" not in found[0]
    return found[1]


def again(told: Story, reply: Reply) -> Reply:
    with practice_scope(told.lakeview.pk):
        return Reply.objects.get(pk=reply.pk)


def sent_to(told: Story, client_id: UUID) -> list[str]:
    with practice_scope(told.lakeview.pk):
        rows = Delivery.objects.filter(client_id=client_id, message__touchpoint="staff_answer").order_by("pk")
        return list(rows.values_list("text", flat=True))


def test_the_page_shows_what_was_said_to_and_fro_the_newest_last(told: Story, signed_in: SignIn) -> None:
    said(told, "Who is it with?", minutes_ago=90)
    reply = said(told, "Is it <b>safe</b>?")
    raw = main_of(signed_in(told.bob).get(url_of(reply)))
    page = words(raw)
    assert "Siobhán O’Connell" in page
    assert "Wrote by text, from (312) 555-0186" in page
    assert "<b>safe</b>" not in raw
    order = [page.index(each) for each in ("Hi Siobhán, it's Jordan at Lakeview", "Who is it with?", "Is it <b>safe")]
    assert order == sorted(order)
    assert page.count("Siobhán wrote Not answered yet") == 2
    assert "1:32 pm" in page
    assert raw.count('aria-current="true"') == 1


def test_an_answer_leaves_as_it_was_shown_and_the_reply_is_answered(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "Is it safe?"), signed_in(told.bob)
    typed = "It’s safe – see you Tuesday"
    shown = words(main_of(browser.post(url_of(reply, "preview"), {"words": typed})))
    assert "It's safe - see you Tuesday 27 characters, 1 segment" in shown
    assert sent_to(told, told.siobhan) == []
    response = browser.post(url_of(reply, "answer"), {"words": typed}, follow=True)
    assert response.redirect_chain == [(REPLIES, 302)]
    assert "The answer to Siobhán O’Connell is on its way." in unescape(response.content.decode())
    assert sent_to(told, told.siobhan) == ["It's safe - see you Tuesday"]
    assert (again(told, reply).handling, again(told, reply).handled_by_id) == ("answered", told.bob.pk)
    assert "Answered, today at 1:42 pm, by Bob." in words(response.content.decode())
    page = words(main_of(browser.get(url_of(reply))))
    assert "Bob answered About to leave It's safe - see you Tuesday" in page
    assert "Send the answer" not in page
    client_page = words(browser.get(f"/p/lakeview/clients/{told.siobhan}/").content.decode())
    assert "Bob answered, by text About to leave It's safe - see you Tuesday" in client_page


def test_the_part_that_htmx_asks_for_is_the_preview_alone(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "Is it safe?"), signed_in(told.bob)
    page = browser.get(url_of(reply)).content.decode()
    assert f'hx-post="{url_of(reply, "preview")}"' in page
    asked = {"HX-Request": "true"}
    part = browser.post(url_of(reply, "preview"), {"words": "Sí, 5 € 🙂"}, headers=asked).content.decode()
    assert part.startswith('<div class="answer-preview" id="answer-preview">')
    assert "9 characters, 1 segment: í 🙂 need Unicode" in words(part)
    assert words(browser.post(url_of(reply, "preview"), {"words": "  "}, headers=asked).content.decode()) == ""
    much = browser.post(url_of(reply, "preview"), {"words": "x" * 1601}, headers=asked).content.decode()
    assert "This is 1,601 characters long; at most 1,600 can be sent. Shorten it." in words(much)


@pytest.mark.parametrize(
    ("typed", "why"), [("", "Write the answer first."), ("  ", "Write the answer first."), ("x" * 1601, "Shorten it.")]
)
def test_what_cannot_be_sent_stays_on_the_page_with_the_reason(
    told: Story, signed_in: SignIn, typed: str, why: str
) -> None:
    reply = said(told, "Is it safe?")
    response = signed_in(told.bob).post(url_of(reply, "answer"), {"words": typed})
    assert response.status_code == 422
    assert words(main_of(response)).count(why) == 1
    assert typed in main_of(response)
    assert again(told, reply).handled_at is None
    assert sent_to(told, told.siobhan) == []


def test_pressed_twice_it_is_sent_once_and_whoever_comes_second_is_told(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = said(told, "Is it safe?")
    signed_in(told.bob).post(url_of(reply, "answer"), {"words": "Yes"})
    late = signed_in(told.alice).post(url_of(reply, "answer"), {"words": "Yes, <wholly>"})
    assert late.status_code == 409
    page = unescape(main_of(late))
    assert "Bob handled this reply already. Nothing was sent." in page
    assert kept(page) == "Yes, <wholly>"
    assert "Send the answer" not in page
    assert sent_to(told, told.siobhan) == ["Yes"]


@pytest.mark.parametrize(("sender", "channel"), [(PHONE, Channel.SMS), (EMAIL, Channel.EMAIL)])
def test_a_double_click_is_told_that_the_answer_left(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, sender: str, channel: Channel
) -> None:
    reply, browser = said(told, "Is it safe?", sender, channel=channel), signed_in(told.bob)
    browser.post(url_of(reply, "answer"), {"words": "Yes – wholly"})
    monkeypatch.setattr(clock, "now", lambda: story.NOW + timedelta(seconds=1))
    second = browser.post(url_of(reply, "answer"), {"words": "Yes – wholly"}, follow=True)
    assert second.redirect_chain == [(REPLIES, 302)]
    seen = words(second.content.decode())
    assert "The answer to Siobhán O’Connell is on its way." in seen
    assert "Nothing was sent" not in seen
    other = browser.post(url_of(reply, "answer"), {"words": "On second thoughts, no"})
    assert other.status_code == 409
    assert "You handled this reply already. Nothing was sent." in words(main_of(other))
    assert kept(unescape(main_of(other))) == "On second thoughts, no"
    assert len(sent_to(told, told.siobhan)) == 1


def test_what_is_typed_when_the_client_has_opted_out_meanwhile_is_not_lost(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "Is it safe?"), signed_in(told.bob)
    said(told, "STOP", minutes_ago=1)
    late = browser.post(url_of(reply, "answer"), {"words": "It is, and"})
    assert late.status_code == 409
    assert kept(unescape(main_of(late))) == "It is, and"
    assert "The client opted out of texts: none may be sent to this number. Call instead." in words(main_of(late))
    assert sent_to(told, told.siobhan) == []


def test_a_preview_of_what_was_handled_meanwhile_says_so_and_keeps_the_words(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "Is it safe?"), signed_in(told.bob)
    signed_in(told.alice).post(url_of(reply, "answer"), {"words": "Yes"})
    page = browser.post(url_of(reply, "preview"), {"words": "It is"})
    assert page.status_code == 409
    assert kept(unescape(main_of(page))) == "It is"
    assert "Alice handled this reply already. Nothing was sent." in words(main_of(page))
    part = browser.post(url_of(reply, "preview"), {"words": "It is"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert '<p class="wrong" role="status">Alice handled this reply already.' in part.content.decode()


def test_whoever_gets_the_conversation_by_a_form_has_looked_at_the_client(told: Story, signed_in: SignIn) -> None:
    reply = said(told, "Is it safe?")
    signed_in(told.bob).post(url_of(reply, "answer"), {"words": ""})
    signed_in(told.alice).post(url_of(reply, "preview"), {"words": "Yes"})
    with practice_scope(told.lakeview.pk):
        looks = AuditEntry.objects.filter(action="client_viewed", client_id=told.siobhan)
        assert set(looks.values_list("staff_member_id", flat=True)) == {told.bob.pk, told.alice.pk}


@pytest.mark.parametrize("what", ["answer", "decide", "no_opt_out"])
def test_a_reply_that_is_erased_while_it_is_read_is_not_there(
    told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    reply, browser = said(told, "wrong number"), signed_in(told.bob)
    with practice_scope(told.lakeview.pk):
        stale = reply_of(told.lakeview.pk, reply.pk)
        Reply.objects.filter(pk=reply.pk).delete()
    monkeypatch.setattr("dashboard.views.replies.conversation.reply_of", lambda *_: stale)
    verdict = "no_opt_out" if what == "no_opt_out" else "opt_out"
    url = url_of(reply, "answer" if what == "answer" else "decide")
    assert browser.post(url, {"words": "Hi", "verdict": verdict}).status_code == 404


def test_what_was_never_said_is_no_part_of_what_was_said(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "Is it safe?"), signed_in(told.bob)
    with practice_scope(told.lakeview.pk):
        said_once = Delivery.objects.filter(client_id=told.siobhan, channel="sms").order_by("attempted_at").last()
        assert said_once
        for n, error in enumerate((*sorted(NEVER_SAID), "The carrier refused: the text was unwanted.")):
            Delivery.objects.create(
                practice=told.lakeview, message=said_once.message, client_id=told.siobhan, channel="sms",
                gateway="twilio_sms", to_address=PHONE, text=f"Try {n}.", state="refused", error=error,
                attempted_at=story.NOW - timedelta(hours=3), number=n + 2,
            )  # fmt: skip
    page = words(main_of(browser.get(url_of(reply))))
    assert re.findall(r"Try (\d)", page) == [str(len(NEVER_SAID))]
    assert "Not sent through Twilio: the text was unwanted." in page
    assert "Put into the outbox on this installation." in page


def test_an_email_is_answered_by_email(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "May I bring a friend?", EMAIL, channel=Channel.EMAIL), signed_in(told.bob)
    assert "Answer by email" in main_of(browser.get(url_of(reply)))
    shown = words(main_of(browser.post(url_of(reply, "preview"), {"words": "Of course."})))
    assert "To client186@example.com Subject Re: Your message to Lakeview Aesthetics Of course." in shown
    browser.post(url_of(reply, "answer"), {"words": "Of course."})
    (text,) = sent_to(told, told.siobhan)
    assert text.startswith("Of course.\n\nLakeview Aesthetics, 2210 N Clark St")


def test_what_is_unclear_is_asked_first_and_holds_texts(told: Story, signed_in: SignIn) -> None:
    """OPT-1."""
    reply, browser = said(told, "wrong number"), signed_in(told.bob)
    today = words(browser.get("/p/lakeview/today/").content.decode())
    assert "“wrong number” This may be an opt-out: texts wait until someone decides. Decide" in today
    assert "May be an opt-out" in words(main_of(browser.get(REPLIES)))
    page = words(main_of(browser.get(url_of(reply))))
    assert "Is this an opt-out? wrong number" in page
    assert "Send the answer" not in page
    refused = browser.post(url_of(reply, "answer"), {"words": "Is it?"})
    assert refused.status_code == 409
    assert "This may be an opt-out. Decide that first." in words(main_of(refused))
    assert kept(unescape(main_of(refused))) == "Is it?"


def test_it_was_no_opt_out(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "wrong number"), signed_in(told.bob)
    done = browser.post(url_of(reply, "decide"), {"verdict": "no_opt_out"}, follow=True)
    assert done.redirect_chain == [(url_of(reply), 302)]
    assert "Send the answer" in words(main_of(done))
    assert "Noted: no opt-out. The reply still waits for an answer." in done.content.decode()
    assert (again(told, reply).intent, again(told, reply).handled_at) == ("none", None)
    twice = signed_in(told.alice).post(url_of(reply, "decide"), {"verdict": "no_opt_out"}, follow=True)
    assert "Somebody decided about this reply already. Nothing was changed." in twice.content.decode()
    assert "Noted: no opt-out." not in twice.content.decode()
    with practice_scope(told.lakeview.pk):
        assert AuditEntry.objects.get(action="reply_no_opt_out").subject_id == reply.pk


def test_it_was_an_opt_out(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "wrong number"), signed_in(told.bob)
    done = browser.post(url_of(reply, "decide"), {"verdict": "opt_out"}, follow=True)
    assert "Siobhán O’Connell is opted out." in unescape(done.content.decode())
    assert "Opted out, today at 1:42 pm, by Bob." in words(done.content.decode())
    with practice_scope(told.lakeview.pk):
        assert Suppression.objects.get(address=PHONE).wording == "wrong number"
    late = signed_in(told.alice).post(url_of(reply, "decide"), {"verdict": "opt_out"}, follow=True)
    assert "Bob handled this reply already. Nothing was changed. Siobhán O’Connell is opted out." in words(
        late.content.decode()
    )
    texts_go_on = signed_in(told.alice).post(url_of(reply, "decide"), {"verdict": "no_opt_out"}, follow=True)
    assert "Bob handled this reply already. Nothing was changed." in texts_go_on.content.decode()
    asked = browser.post(url_of(said(told, "spam", minutes_ago=1), "decide"), {"verdict": "x"}, follow=True)
    assert "Choose whether this was an opt-out." in asked.content.decode()


def test_an_opt_out_that_comes_too_late_says_that_the_client_is_not_opted_out(told: Story, signed_in: SignIn) -> None:
    reply = said(told, "Perhaps in spring")
    signed_in(told.bob).post(f"{url_of(reply)}handle/", {"handling": "none_needed"})
    late = signed_in(told.alice).post(url_of(reply, "decide"), {"verdict": "opt_out"}, follow=True)
    assert (
        "Bob handled this reply already. Nothing was changed. Siobhán O’Connell is not opted out: that is done on"
        " the client’s page."
    ) in words(late.content.decode())


def test_nothing_is_answered_to_an_opted_out_number_and_the_page_says_so(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "please stop texting me"), signed_in(told.bob)
    page = words(main_of(browser.get(url_of(reply))))
    assert "These words opted the client out." in page
    assert "The client opted out of texts: none may be sent to this number. Call instead." in page
    assert "Send the answer" not in page
    refused = browser.post(url_of(reply, "answer"), {"words": "Sorry"})
    assert refused.status_code == 409
    assert "The client opted out of texts" in refused.content.decode()
    assert sent_to(told, told.siobhan) == []
    word = said(told, "cancel", "+13125550132")
    assert "It may have been meant of an appointment." in words(main_of(browser.get(url_of(word))))


def test_what_medspa_did_at_once_stands_among_the_handled(told: Story, signed_in: SignIn) -> None:
    said(told, "STOP", minutes_ago=8)
    said(told, "START", minutes_ago=6)
    said(told, "who is this", minutes_ago=4)
    page = words(main_of(signed_in(told.bob).get(REPLIES)))
    assert "Nothing to answer." in page
    for done in ("Opted out at once, today at 1:34 pm.", "Opted in again at once", "Answered at once"):
        assert done in page


def test_of_nobody_known_it_offers_to_look(told: Story, signed_in: SignIn) -> None:
    reply, browser = said(told, "When do you open?", "+14155550100"), signed_in(told.bob)
    page = words(main_of(browser.get(url_of(reply))))
    assert "The sender wrote Not answered yet When do you open?" in page
    assert "No client has this address, so nothing can be sent there from here." in page
    assert "Send the answer" not in page
    unclear = said(told, "wrong number", "+14155550100", minutes_ago=1)
    assert "Is this an opt-out?" in words(main_of(browser.get(url_of(unclear))))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_answer_and_decide(told: Story, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(member(told.lakeview, "Dora", role))
    reply, unclear = said(told, "Is it safe?"), said(told, "spam", minutes_ago=5)
    browser.post(url_of(unclear, "decide"), {"verdict": "no_opt_out"})
    browser.post(url_of(reply, "answer"), {"words": "Yes"})
    assert sent_to(told, told.siobhan) == ["Yes"]


def test_a_neighbour_s_reply_is_not_there(told: Story, signed_in: SignIn) -> None:
    reply, charlie = said(told, "Is it safe?"), signed_in(told.charlie)
    here = f"/p/hilltop/replies/{reply.pk}/"
    assert charlie.get(here).status_code == 404
    for what in ("answer", "preview", "decide"):
        assert charlie.post(f"{here}{what}/", {"words": "Hi", "verdict": "opt_out"}).status_code == 404
    assert charlie.get(url_of(reply)).status_code == 404
    assert again(told, reply).handled_at is None


def test_the_page_takes_as_many_queries_for_much_as_for_little(told: Story, signed_in: SignIn) -> None:
    browser, counts = signed_in(told.bob), []
    reply = said(told, "first", minutes_ago=59)
    browser.get(url_of(reply))
    for number in (1, 40):
        for n in range(number):
            said(told, f"hm {n}", minutes_ago=n + 1)
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(url_of(reply))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 24
    assert "What was said earlier is on the client’s page." in words(main_of(response))

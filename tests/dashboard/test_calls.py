"""Does the call list say whom to call and why, and does recording a call lead on?"""

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client, ServiceIssue
from practices.models import Provider, Role
from practices.tenancy import practice_scope
from reminders.models import Call, ClientPlan, Sequence
from reminders.operations.planning import replan
from reminders.queries.calls import PAGE
from tests.builders import story
from tests.builders.practices import member
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

CALLS = "/p/lakeview/calls/"


def words(html: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def listed(browser: Browser, query: str = "") -> str:
    response = browser.get(CALLS + query)
    assert response.status_code == 200
    return words(response.content.decode().split('<main class="page"', 1)[1])


def missed(told: Story, client_id: UUID, *, days: int = 1, status: str = "no_show") -> Call:
    at = story.NOW - timedelta(days=days, hours=2)
    with practice_scope(told.lakeview.pk):
        row = Client.objects.get(pk=client_id)
    story.booked(row, at, at - timedelta(days=9), status=status, ended_at=at if status == "no_show" else None)
    with practice_scope(told.lakeview.pk):
        replan(told.lakeview.pk, [client_id], story.NOW)
        return Call.objects.filter(client_id=client_id).order_by("-pk")[0]


def url_of(call: Call, what: str = "") -> str:
    return f"{CALLS}{call.pk}/{what}"


def again(told: Story, call: Call) -> Call:
    with practice_scope(told.lakeview.pk):
        return Call.objects.get(pk=call.pk)


def test_each_call_says_whom_why_and_what_was_before(told: Story, signed_in: SignIn) -> None:
    """CARE-2, R9, R10, R15, R29."""
    _, jo, dana, _ = told.others
    missed(told, jo)
    missed(told, told.siobhan, days=5, status="booked")
    with practice_scope(told.lakeview.pk):
        tamika = story.client(told.lakeview, "Tamika", "Kim", 145)
    story.treated(tamika, "sculptra", date(2026, 10, 10))
    with practice_scope(told.lakeview.pk):
        replan(told.lakeview.pk, [tamika.pk], story.NOW)
    browser = signed_in(told.bob)
    seen = listed(browser)
    assert "Did not come yesterday at 11:42 am, Botox with Jordan." in seen
    assert "Was booked on Thursday at 11:42 am, Botox with Jordan. Nobody knows whether the visit took place." in seen
    assert "The last session of Sculptra was on October 10. The next one is not booked." in seen
    assert "The survey told of a problem on Saturday. Reminders are paused. One side still feels uneven." in seen
    assert (
        "Last treated on September 10: Dysport with Jordan. Last message on Thursday: Dysport, first reminder." in seen
    )
    assert "For a manager" in seen
    raw = browser.get(CALLS).content.decode()
    assert '<a class="plain third num" href="tel:+13125550176">(312) 555-0176</a>' in raw
    assert str(dana) not in raw


def test_an_empty_list_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Call.objects.all().delete()
    browser = signed_in(told.bob)
    assert "Nobody to call. A client comes here after a no-show" in listed(browser)
    assert "Start the calls" not in listed(browser)
    assert "No call is yours." in listed(browser, "?show=mine")
    assert "No call has been recorded yet." in listed(browser, "?show=done")


def test_a_call_taken_shows_who_has_it_and_opens(told: Story, signed_in: SignIn) -> None:
    bob, alice = signed_in(told.bob), signed_in(told.alice)
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    assert bob.post(url_of(call, "take/"))["Location"] == url_of(call)
    assert "You have it" in listed(bob)
    assert "Bob has it" in listed(alice)
    assert "Noor Patel" in listed(bob, "?show=mine")
    assert "Noor Patel" not in listed(alice, "?show=mine")
    refused = alice.post(url_of(call, "take/"), follow=True)
    assert "Bob took this call already." in refused.content.decode()
    assert alice.post(url_of(call, "release/"))["Location"] == CALLS
    assert again(told, call).taken_by_id is None
    assert "Noor Patel" in listed(alice, "?show=mine")


def test_a_call_s_own_page_says_who_has_it_else_that_nobody_does(told: Story, signed_in: SignIn) -> None:
    bob = signed_in(told.bob)
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    own = f"{url_of(call)}?round=all"
    seen = bob.get(own).content.decode()
    assert "Nobody has it yet. For a manager" in seen
    taken = f"{url_of(call, 'take/')}?round=all"
    assert f'action="{taken}"' in seen
    assert bob.post(taken)["Location"] == own
    seen = bob.get(own).content.decode()
    assert "You have it" in seen
    assert "Nobody has it yet" not in seen
    assert "Bob has it" in signed_in(told.alice).get(own).content.decode()


def test_a_call_of_a_treating_injector_is_for_them(told: Story, signed_in: SignIn) -> None:
    """CARE-2."""
    pat = member(told.lakeview, "Pat Kim", Role.INJECTOR)
    with practice_scope(told.lakeview.pk):
        Provider.objects.filter(name="Jordan Blake NP").update(staff_member=pat)
    assert "For Pat" in listed(signed_in(told.bob))
    assert "For you" in listed(signed_in(pat), "?show=mine")
    assert "Noor Patel" not in listed(signed_in(told.alice), "?show=mine")


def test_recording_settles_the_problem_and_shows_below_done(told: Story, signed_in: SignIn) -> None:
    """R29."""
    browser, noor = signed_in(told.bob), told.others[0]
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    asked = words(browser.get(url_of(call)).content.decode())
    assert "Unless nobody answers, this settles it: reminders go on" in asked
    given = {"outcome": "settled", "note": "Touch-up on Friday,\r\nfree"}
    response = browser.post(url_of(call), given, follow=True)
    assert response.redirect_chain == [(CALLS, 302)]
    assert "Call to Noor Patel recorded: settled." in unescape(response.content.decode())
    with practice_scope(told.lakeview.pk):
        assert ServiceIssue.objects.get(client_id=noor).resolved_by_id == told.bob.pk
        assert Sequence.objects.filter(client_id=noor, kind="refill", state="open").exists()
    done = listed(browser, "?show=done")
    assert "The survey told of a problem on Saturday. One side still feels uneven." in done
    assert "Settled, today at 1:42 pm, by Bob. Touch-up on Friday, free" in done
    assert "Put back" not in done
    assert "Settled" in words(browser.get(url_of(call)).content.decode())
    late = browser.post(url_of(call), {"outcome": "no_answer"}, follow=True)
    assert "Bob recorded this call already. Nothing was changed." in late.content.decode()


def test_recording_can_end_the_reminders(told: Story, signed_in: SignIn) -> None:
    """R29: a person resumes it or ends it."""
    noor = told.others[0]
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    signed_in(told.bob).post(url_of(call), {"outcome": "not_coming", "ends": "on"})
    with practice_scope(told.lakeview.pk):
        assert ServiceIssue.objects.get(client_id=noor).resolved_at == story.NOW
        ended = Sequence.objects.filter(client_id=noor, kind="refill")
        assert set(ended.values_list("state", "reason")) == {("ended", "ENDED_BY_STAFF")}
        assert not Sequence.objects.filter(client_id=noor, kind="reactivation").exclude(state="ended").exists()


def test_a_no_show_recorded_can_be_put_back(told: Story, signed_in: SignIn) -> None:
    call, browser = missed(told, told.others[1]), signed_in(told.bob)
    response = browser.post(url_of(call), {"outcome": "will_book"}, follow=True)
    assert f'action="{url_of(call, "reopen/")}"' in response.content.decode()
    assert "Put back" in listed(browser, "?show=done")
    browser.post(url_of(call, "reopen/"))
    assert again(told, call).closed_at is None
    assert "Jo Whitfield" in listed(browser)


def test_tried_without_an_answer_it_stands_below(told: Story, signed_in: SignIn) -> None:
    call, browser = missed(told, told.others[1]), signed_in(told.bob)
    browser.post(url_of(call), {"outcome": "left_message", "note": "Mailbox of her office"})
    seen = listed(browser)
    assert seen.index("Noor Patel") < seen.index("Tried, no answer yet") < seen.index("Jo Whitfield")
    assert "Left a message, today at 1:42 pm, by Bob. Mailbox of her office You have it" in seen


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "Choose how it went."),
        ({"outcome": "fine"}, "fine"),
        ({"outcome": "later"}, "Choose the day until which nothing leaves."),
        ({"outcome": "later", "until": "2026-11-24"}, "That day has come already. Choose tomorrow or later."),
        ({"outcome": "later", "until": "2032-11-24"}, "Choose a day within two years."),
        ({"outcome": "later", "until": "soon"}, "This is no date."),
        ({"outcome": "settled", "note": "x" * 2001}, "A note has at most 2,000 characters."),
    ],
)
def test_a_wrong_answer_is_said_and_changes_nothing(
    told: Story, signed_in: SignIn, given: dict[str, str], wrong: str
) -> None:
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    browser = signed_in(told.bob)
    for url in (url_of(call), f"/p/lakeview/clients/{told.siobhan}/call/"):
        response = browser.post(url, given)
        assert response.status_code == 200
        assert wrong in unescape(response.content.decode())
    with practice_scope(told.lakeview.pk):
        assert list(Call.objects.values_list("outcome", "note")) == [("", "")]


def test_the_round_leads_from_call_to_call(told: Story, signed_in: SignIn) -> None:
    fresh, browser = missed(told, told.others[1]), signed_in(told.bob)
    with practice_scope(told.lakeview.pk):
        old = Call.objects.exclude(pk=fresh.pk).get()
    first = browser.get(f"{CALLS}next/")["Location"]
    assert first == f"{url_of(fresh)}?round=all"
    assert "Record and go on" in words(browser.get(first).content.decode())
    on = browser.post(first, {"outcome": "no_answer"})["Location"]
    second = browser.get(on)["Location"]
    assert second == f"{url_of(old)}?round=all"
    skip = re.search(r'href="([^"]+)" data-keep>Skip to the next', browser.get(second).content.decode())
    assert skip
    last = browser.get(unescape(skip[1]), follow=True)
    assert last.redirect_chain == [(CALLS, 302)]
    assert "That was the last call." in last.content.decode()


def test_a_call_of_their_own_accord_is_recorded_on_the_client_s_page(told: Story, signed_in: SignIn) -> None:
    browser, url = signed_in(told.bob), f"/p/lakeview/clients/{told.siobhan}/call/"
    assert "Record a call to Siobhán O’Connell" in words(browser.get(url).content.decode())
    response = browser.post(url, {"outcome": "later", "until": "2027-01-10", "note": "After the holidays"})
    assert response["Location"] == f"/p/lakeview/clients/{told.siobhan}/"
    with practice_scope(told.lakeview.pk):
        assert ClientPlan.objects.get(client_id=told.siobhan).snoozed_until == date(2027, 1, 10)
    assert "The practice called of its own accord." in listed(browser, "?show=done")
    assert "After the holidays" in words(browser.get(f"/p/lakeview/clients/{told.siobhan}/").content.decode())


def test_on_the_list_a_call_from_the_client_s_page_is_that_call(told: Story, signed_in: SignIn) -> None:
    browser, noor = signed_in(told.bob), told.others[0]
    missed(told, noor)
    with practice_scope(told.lakeview.pk):
        problem = Call.objects.get(reason="SERVICE_ISSUE")
    opened = browser.get(f"/p/lakeview/clients/{noor}/call/")["Location"]
    assert opened == f"{url_of(problem)}?back=client"
    assert f'href="/p/lakeview/clients/{noor}/" data-keep' in browser.get(opened).content.decode()
    assert browser.post(opened, {"outcome": "no_answer"})["Location"] == f"/p/lakeview/clients/{noor}/"
    assert again(told, problem).outcome == "no_answer"


def test_a_call_that_came_since_arrives_quietly(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    ask = re.search(r'hx-get="([^"]+)"', browser.get(CALLS).content.decode())
    assert ask
    assert browser.get(unescape(ask[1])).status_code == 204
    missed(told, told.others[1])
    news = browser.get(unescape(ask[1])).content.decode()
    assert "Jo Whitfield" in news
    assert "Noor Patel" not in news
    assert "1 new call." in news
    following = re.search(r'hx-get="([^"]+)"', news)
    assert following
    assert browser.get(unescape(following[1])).status_code == 204


def test_odd_addresses_are_no_places(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    for query in ("?after=x", "?after=9-20261124T194200000000-" + "0" * 32, "?after=0-2026-zz", "?after=1-٢-0"):
        assert browser.get(CALLS + query).status_code == 404
    assert browser.get(f"{CALLS}newer/?after=x").status_code == 404
    assert browser.get(f"{CALLS}?show=else").status_code == 200


def test_a_neighbour_s_call_is_not_there(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        call = Call.objects.get()
    charlie = signed_in(told.charlie)
    for what in ("", "take/", "release/", "reopen/"):
        address = f"/p/hilltop/calls/{call.pk}/{what}"
        assert charlie.post(address, {"outcome": "settled"}).status_code == 404
    assert charlie.post(f"/p/hilltop/clients/{told.siobhan}/call/", {"outcome": "settled"}).status_code == 404
    assert again(told, call).closed_at is None


def test_a_full_list_takes_as_many_queries_as_one_of_four(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    counts = []
    for start, stop in ((0, 3), (3, PAGE - 2)):
        for number in range(start, stop):
            row = story.client(told.lakeview, "C", str(number), 300 + number)
            story.treated(row, "botox", date(2026, 9, 1))
            missed(told, row.pk, days=2 + number % 3)
        with practice_scope(told.lakeview.pk):
            Call.objects.filter(client__last_name="1").update(outcome="no_answer", taken_at=story.NOW)
        with CaptureQueriesContext(connection) as queries:
            shown = browser.get(CALLS).content.decode().count("Record the call<")
        counts.append(len(queries))
    assert shown == PAGE - 1
    assert counts[0] == counts[1]
    assert counts[1] <= 26

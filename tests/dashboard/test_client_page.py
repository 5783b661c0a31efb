"""Does one client's page say everything that was, is and will be, and why?"""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Suppression
from dashboard.views.wording.standings import STANDINGS
from practices.models import Role
from practices.tenancy import practice_scope
from reminders.engine.words import Reason, ReminderState, Standing
from reminders.models import ClientPlan, Delivery, Reminder
from tests.builders import day, story
from tests.builders.practices import member
from tests.builders.reminders import settled
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn


def url_of(client_id: UUID) -> str:
    return f"/p/lakeview/clients/{client_id}/"


def page(browser: Browser, client_id: UUID, query: str = "") -> str:
    response = browser.get(url_of(client_id) + query)
    assert response.status_code == 200
    return unescape(re.sub("</?u>", "", re.sub(r"\s+", " ", response.content.decode())))


def words(html: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_head_says_who_how_to_reach_and_what_comes_next(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob), told.siobhan)
    assert "<h1>Siobhán O’Connell</h1>" in seen
    assert '<a class="plain" href="tel:+13125550186">(312) 555-0186</a>' in seen
    assert "client186@example.com" in seen
    assert 'data-is="waiting">Due</span>, next message' in seen
    assert "in 6 days" in seen


def test_the_head_says_how_the_client_stands_as_the_list_does(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    listed = unescape(browser.get("/p/lakeview/clients/").content.decode())
    for client_id in (told.siobhan, *told.others):
        row = listed[listed.index(f'href="{url_of(client_id)}"') :]
        stands = re.search(r'<span class="state" data-is="\w+">[^<]+</span>', row)
        assert stands
        assert stands[0] in page(browser, client_id).split("</header>")[1]


def test_who_is_paused_stands_so_at_once_and_no_longer_once_resumed(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    for press, stands in (("pause/", "paused"), ("resume/", "due")):
        browser.post(f"{url_of(told.siobhan)}{press}")
        with practice_scope(told.lakeview.pk):
            assert ClientPlan.objects.get(client_id=told.siobhan).standing == stands
        assert STANDINGS[Standing(stands)].word in page(browser, told.siobhan).split("</header>")[1]


def test_who_is_held_reads_why_instead_of_a_time(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        reminder = Reminder.objects.filter(client_id=told.siobhan, state="planned").first()
        assert reminder
        Reminder.objects.filter(pk=reminder.pk).update(allowed_at=story.NOW - timedelta(hours=1))
        ClientPlan.objects.filter(client_id=told.siobhan).update(standing="held")
    settled(reminder, ReminderState.WAITING, Reason.NO_CONSENT.value)
    seen = words(page(signed_in(told.bob), told.siobhan))
    assert "Held , the client has not agreed to these messages" in seen


def test_nothing_planned_is_said_once(told: Story, signed_in: SignIn) -> None:
    (nobody,) = day.people(told.lakeview, 1, "Renata Oyelaran")
    head = page(signed_in(told.bob), nobody.pk).split("</header>")[1]
    assert head.count("planned") == 1
    assert 'data-is="note">Nothing planned</span></span>' in head


@pytest.mark.parametrize(("role", "may_map"), [(Role.MANAGER, True), (Role.FRONT_DESK, False)])
def test_a_name_that_waits_to_be_mapped_is_said(told: Story, signed_in: SignIn, role: Role, may_map: bool) -> None:
    """LIB-5."""
    (renata,) = day.people(told.lakeview, 1, "Renata Oyelaran")
    day.unknown_service(told.lakeview, renata, "Jeuveau promo 20u", 2, story.NOW)
    seen = page(signed_in(member(told.lakeview, "Dora", role)), renata.pk)
    assert "“Jeuveau promo 20u” is not mapped." in seen
    assert ('<a href="/p/lakeview/services/">Map it</a>' in seen) is may_map
    assert "Nothing is recorded yet." not in seen


def test_a_visit_says_what_it_planned(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.alice), told.siobhan)
    assert "Botox, 24 units" in seen
    assert "Forehead and glabella, with Jordan Blake NP at Lincoln Park. $336." in seen
    assert "Planned three reminders, for weeks 10, 11 and 12." in seen
    assert "Lip filler, 1 syringe" in seen


@pytest.mark.parametrize(("role", "is_shown"), [(Role.MANAGER, True), (Role.INJECTOR, True), (Role.FRONT_DESK, False)])
def test_the_front_desk_sees_no_money(told: Story, signed_in: SignIn, role: Role, is_shown: bool) -> None:
    seen = page(signed_in(member(told.lakeview, "Dora", role)), told.siobhan)
    assert ("$336" in seen) is is_shown


def test_what_left_stands_with_its_time_state_reason_and_exact_text(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob), told.siobhan)
    with practice_scope(told.lakeview.pk):
        delivery = Delivery.objects.get(client_id=told.siobhan)
    assert f'<p class="bubble">{re.sub(chr(10), " ", delivery.text)}</p>' in seen
    assert '<h3>Botox, first reminder, by text</h3> <span class="state" data-is="sent">Sent</span>' in seen
    assert "Week 10 after September 14, at 10 am in Chicago." in seen
    assert "Yesterday" in words(seen)


def test_what_comes_stands_below_now_with_the_text_it_would_have(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob), told.siobhan)
    past, coming = seen.split('<li class="now" id="now">')
    assert coming.startswith("Now, Tuesday, November 24, 1:42 pm</li>")
    assert "Botox, second reminder" in coming
    assert "Week 11 after September 14, at 10 am in Chicago." in coming
    assert "Botox lapses" in coming
    assert "Day 112 without a booking." in coming
    with practice_scope(told.lakeview.pk):
        open_ones = Reminder.objects.filter(client_id=told.siobhan, state="planned").count()
    assert open_ones >= 3
    assert coming.count('class="bubble"') + coming.count("letter as-typed") == open_ones
    assert coming.count('id="next"') == 1
    assert "Botox, second reminder" not in past


def test_a_booking_shows_as_such_and_what_it_stopped(told: Story, signed_in: SignIn) -> None:
    dana = told.others[2]
    seen = page(signed_in(told.bob), dana)
    assert 'data-is="booked">Booked</span>, next message' in seen
    assert "Booked November 27 with Jordan" in seen
    assert "BOTOX Cosmetic (per unit). Friday, November 27, 2 pm, at Lincoln Park." in seen
    assert "A fitting appointment is booked, so reminding has stopped." in seen
    assert "Botox, two reminders" in seen
    assert "Appointment confirmed" in seen


def test_an_opt_out_and_an_issue_are_shown_with_the_words_said(told: Story, signed_in: SignIn) -> None:
    noor, _, _, olivia = told.others
    opted_out = page(signed_in(told.bob), olivia)
    assert 'data-is="suppressed">Opted out</span>' in opted_out
    assert "please stop texting me" in opted_out
    assert "By a reply. (312) 555-0145 may not be used for promotion." in opted_out
    assert "Opt out of everything" not in opted_out
    unhappy = page(signed_in(told.bob), noor)
    assert 'data-is="paused">Paused</span>' in unhappy
    assert "One side still feels uneven." in unhappy


def test_the_ledger_is_a_sum(told: Story, signed_in: SignIn) -> None:
    for client_id in (told.siobhan, *told.others):
        seen = words(page(signed_in(told.bob), client_id))
        found = re.search(r"(\d+) due = (\d+) sent \+ (\d+) waiting \+ (\d+) suppressed \+ (\d+) failed", seen)
        assert found, seen
        due, *parts = map(int, found.groups())
        assert due == sum(parts)
    with practice_scope(told.lakeview.pk):
        due_by_now = Reminder.objects.filter(client_id=told.siobhan, due_at__lte=story.NOW).count()
    seen = words(page(signed_in(told.bob), told.siobhan))
    assert f"{due_by_now} due" in seen
    assert due_by_now == 1


def test_every_reason_of_a_stopped_reminder_is_said(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        reminder = Reminder.objects.filter(client_id=told.siobhan, step="last").first()
    assert reminder
    settled(reminder, ReminderState.SUPPRESSED, Reason.HOLDOUT.value)
    seen = page(signed_in(told.bob), told.siobhan)
    assert "Holdout group: not reminded, so that the lift can be measured." in seen
    assert "HOLDOUT" not in seen


def test_the_facts_say_how_when_and_by_whom(told: Story, signed_in: SignIn) -> None:
    seen = words(page(signed_in(told.bob), told.siobhan))
    assert "May be reached By text, preferred By email" in seen
    assert "Agreed to texts on March 2, intake form." in seen
    assert "Hours for messages 10 am to 8 pm, not Sundays In Chicago." in seen
    assert "Treated by Jordan Blake NP Jordan treated last, so the messages are in that name." in seen
    assert "Zenoti G10481" in seen
    stopped = words(page(signed_in(told.bob), told.others[3]))
    assert "May be reached Not now The client opted out." in stopped


def test_the_drawing_says_in_words_what_it_shows(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob), told.siobhan)
    assert (
        "Botox of September 14: reminders planned for November 23, November 30 and December 7, lapses January 4, 2027."
        in seen
    )
    assert 'role="img"' in seen


def test_the_filter_keeps_one_kind(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    visits, messages = page(browser, told.siobhan, "?show=visits"), page(browser, told.siobhan, "?show=messages")
    assert "Botox, 24 units" in visits
    assert "first reminder" not in visits
    assert "Botox, 24 units" not in messages
    assert "first reminder" in messages


def test_opting_out_is_asked_first_and_seen_at_once(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    asked = browser.get(f"{url_of(told.siobhan)}opt-out/")
    assert "stops at once" in asked.content.decode()
    with practice_scope(told.lakeview.pk):
        assert not Suppression.objects.filter(client_id=told.siobhan).exists()
    response = browser.post(f"{url_of(told.siobhan)}opt-out/", {"wording": "no more, thanks"}, follow=True)
    seen = words(unescape(response.content.decode()))
    assert response.redirect_chain == [(url_of(told.siobhan), 302)]
    assert "Siobhán O’Connell is opted out." in seen
    assert "By staff, Bob." in seen
    assert "no more, thanks" in seen
    assert "no message planned" in seen
    assert "The client opted out." in seen
    with practice_scope(told.lakeview.pk):
        suppressions = list(Suppression.objects.filter(origin="staff"))
        assert suppressions
        assert {each.by_id for each in suppressions} == {told.bob.pk}
        assert not Reminder.objects.filter(client_id=told.siobhan, state__in=["planned", "waiting"]).exists()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_opt_a_client_out(told: Story, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(member(told.lakeview, "Dora", role))
    assert browser.post(f"{url_of(told.siobhan)}opt-out/").status_code == 302
    with practice_scope(told.lakeview.pk):
        assert Suppression.objects.filter(origin="staff").exists()


def test_odd_names_and_words_are_shown_as_typed(told: Story, signed_in: SignIn) -> None:
    odd = '<script>alert("x")</script>{{ 7 }} O’Connell & מרים'
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(pk=told.siobhan).update(first_name=odd[:80], last_name="")
        Delivery.objects.filter(client_id=told.siobhan).update(text=odd, from_name=odd[:80])
    browser = signed_in(told.bob)
    for address in ("/p/lakeview/outbox/", url_of(told.siobhan), "/p/lakeview/clients/?q=<script>"):
        raw = browser.get(address).content.decode()
        assert "<script>alert" not in raw
        assert "q=<script>" not in raw
    assert odd in page(browser, told.siobhan)


def test_a_client_without_a_name_or_records_has_a_page(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        nobody = Client.objects.create(practice=told.lakeview, created_at=story.NOW, updated_at=story.NOW)
    seen = page(signed_in(told.bob), nobody.pk)
    assert "Client without a name" in seen
    assert "Nothing is recorded yet." in seen
    assert "0 due = 0 sent" in seen


def test_the_page_takes_as_many_queries_for_sixty_entries_as_for_three(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    page(browser, told.siobhan)  # the first look is audited
    counts = []
    for number in (3, 60):
        with practice_scope(told.lakeview.pk):
            row = Client.objects.get(pk=told.siobhan)
        for n in range(number):
            story.booked(row, story.NOW + timedelta(days=n + 2, minutes=number), story.NOW - timedelta(days=2))
        with CaptureQueriesContext(connection) as queries:
            page(browser, told.siobhan, "?earlier=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 68


def test_older_entries_are_one_press_away(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        row = Client.objects.get(pk=told.siobhan)
    for n in range(12):
        story.booked(row, story.NOW - timedelta(days=400 + n), story.NOW - timedelta(days=500 + n))
    browser = signed_in(told.bob)
    short, whole = page(browser, told.siobhan), page(browser, told.siobhan, "?earlier=all")
    found = re.search(r"(\d+) earlier entries, back to July 2025", short)
    assert found
    hidden = int(found.group(1))
    assert whole.count('<div class="dot">') == short.count('<div class="dot">') + hidden
    assert hidden >= 4
    assert "earlier entries" not in whole

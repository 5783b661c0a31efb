"""Is a booking link the practice's own, the same each time, nobody else's, and its opening an answer? (MSG-5, LIB-4)"""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cadences.models import CadenceStep
from cadences.timeline import ChannelRule
from clients.models import Client
from clients.operations.erasing import erase_client
from clients.operations.merging import merge, unmerge
from practices.models import LinkHost, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import Channel, ReminderState
from reminders.models import Delivery, LinkRoute, Message, Reminder, TrackedLink
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from reminders.operations.link_readers import PROGRAMS, is_program
from reminders.operations.stopping_links import BadLink
from reminders.operations.tracked_links import follow, plan_link
from tests.builders import story
from tests.builders.practices import hilltop, lakeview, provider
from tests.builders.reminders import live, planned, sent

TREATED_ON = date(2026, 9, 14)
FIRST_DUE = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)
SECOND_DUE = datetime(2026, 11, 30, 16, 0, 5, tzinfo=UTC)
BOOK = "https://lakeview.example/book"
TOKEN = re.compile(r"/b/([0-9A-Za-z]{10})(?![0-9A-Za-z])")
IDS = st.uuids(version=4)
_APPLE = "(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_GOOGLE = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = [
    f"Mozilla/5.0 {_APPLE} Version/18.5 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 {_APPLE} CriOS/138.0.7204.119 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 {_APPLE} GSA/375.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 10; K) {_GOOGLE} Chrome/138.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 14; SM-S921U; wv) {_GOOGLE} Version/4.0 Chrome/126.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A536U) {_GOOGLE} SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; Cubot X30) {_GOOGLE} Chrome/120.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_GOOGLE} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
]


@pytest.fixture
def practice(db: None) -> Practice:
    made = lakeview(story.SINCE)
    with practice_scope(made.pk):
        made.booking_url = BOOK
        made.save()
    live(made, story.SINCE)
    return made


@pytest.fixture
def ann(practice: Practice) -> Client:
    row = story.client(practice, "Ann", "Archer", 301)
    story.treated(row, "botox", TREATED_ON)
    planned(practice, [row.pk], datetime(2026, 9, 15, tzinfo=UTC))
    return row


def links(practice: Practice) -> list[TrackedLink]:
    with practice_scope(practice.pk):
        return list(TrackedLink.objects.order_by("made_at", "pk"))


def texts(practice: Practice) -> list[str]:
    with practice_scope(practice.pk):
        return list(Delivery.objects.order_by("pk").values_list("text", flat=True))


def again(practice: Practice, at: datetime) -> None:
    """The gateway took nothing: the reminder waits, and its turn comes at once."""
    with practice_scope(practice.pk):
        Message.objects.update(sent_at=None, is_void=True)
        Reminder.objects.filter(step="first").update(state=ReminderState.WAITING.value, due_at=at, sent_at=None)


def answered(practice: Practice, client: Client) -> frozenset[Channel]:
    with practice_scope(practice.pk):
        return gather(bound(practice.pk, SECOND_DUE), [client.pk], SECOND_DUE)[client.pk].facts.answered


@given(IDS, IDS, IDS)
def test_a_token_is_short_and_the_same_for_a_reminder_and_channel_and_another_for_any_other(
    practice_id: UUID, one: UUID, other: UUID
) -> None:
    def token(reminder_id: UUID, channel: Channel = Channel.SMS, number: int = 0) -> str:
        return plan_link("https://x.com", practice_id, reminder_id, channel, BOOK, number).token

    assert re.fullmatch(r"[0-9A-Za-z]{10}", token(one))
    assert token(one) == token(one)
    said = {token(one), token(one, Channel.EMAIL), token(one, number=1), token(other)}
    assert len(said) == (4 if one != other else 3)


def test_a_message_holds_the_short_link_and_the_row_where_it_leads(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    [link] = links(practice)
    [text] = texts(practice)
    assert f"{settings.PUBLIC_URL}/b/{link.token}" in text
    assert "lakeview.example" not in text
    assert (link.target, link.client_id, link.channel, link.made_at) == (BOOK, ann.pk, "sms", FIRST_DUE)
    assert (link.times_opened, link.first_opened_at, link.last_opened_at) == (0, None, None)
    assert LinkRoute.objects.get(pk=link.token).practice_id == practice.pk


def test_it_leads_to_the_injector_where_she_has_a_link_of_her_own(practice: Practice, ann: Client) -> None:
    provider(practice, "Jordan Blake NP", booking_url="https://lakeview.example/jordan")
    sent(practice, FIRST_DUE)
    assert [link.target for link in links(practice)] == ["https://lakeview.example/jordan"]


def test_where_a_practice_has_nowhere_to_book_a_message_has_no_link(practice: Practice, ann: Client) -> None:
    with practice_scope(practice.pk):
        Practice.objects.update(booking_url="")
    sent(practice, FIRST_DUE)
    assert links(practice) == []
    assert not LinkRoute.objects.exists()
    assert "/b/" not in texts(practice)[0]


def test_claimed_again_a_reminder_keeps_its_link_which_leads_to_where_it_leads_now(
    practice: Practice, ann: Client
) -> None:
    sent(practice, FIRST_DUE)
    [before] = links(practice)
    again(practice, FIRST_DUE + timedelta(minutes=2))
    with practice_scope(practice.pk):
        Practice.objects.update(booking_url="https://lakeview.example/new")
    assert sent(practice, FIRST_DUE + timedelta(minutes=2)) == 1
    [after] = links(practice)
    assert (after.pk, after.token, after.made_at) == (before.pk, before.token, before.made_at)
    assert after.target == "https://lakeview.example/new"
    assert {TOKEN.findall(text)[0] for text in texts(practice)} == {before.token}


def test_a_token_that_is_another_link_s_is_passed_over(practice: Practice, ann: Client) -> None:
    with practice_scope(practice.pk):
        reminder = Reminder.objects.get(step="first")
    mine = [plan_link("", practice.pk, reminder.pk, Channel.SMS, BOOK, number).token for number in range(3)]
    other = hilltop(story.SINCE)
    LinkRoute.objects.create(token=mine[0], practice_id=other.pk)
    LinkRoute.objects.create(token=mine[1], practice_id=practice.pk)
    with practice_scope(practice.pk):
        later = Reminder.objects.get(step="last")
        TrackedLink.objects.create(
            practice=practice, token=mine[1], client=ann, reminder=later, channel="sms", target=BOOK, made_at=FIRST_DUE
        )
    sent(practice, FIRST_DUE)
    [text] = texts(practice)
    assert TOKEN.findall(text) == [mine[2]]
    with practice_scope(practice.pk):
        assert TrackedLink.objects.get(token=mine[2]).reminder_id == reminder.pk
    assert LinkRoute.objects.get(pk=mine[0]).practice_id == other.pk
    again(practice, FIRST_DUE + timedelta(minutes=2))
    sent(practice, FIRST_DUE + timedelta(minutes=2))
    assert len(links(practice)) == 2


def test_links_of_email_and_their_unsubscribing_stand_on_the_practice_s_own_host(practice: Practice) -> None:
    LinkHost.objects.create(host="go.lakeview-aesthetics.com", practice_id=practice.pk, added_at=story.SINCE)
    jo = story.client(practice, "Jo", "Whitfield", 302, preferred_channel="email")
    story.treated(jo, "botox", TREATED_ON)
    planned(practice, [jo.pk], datetime(2026, 9, 15, tzinfo=UTC))
    sent(practice, FIRST_DUE)
    with practice_scope(practice.pk):
        [email] = Delivery.objects.all()
    [link] = links(practice)
    origin = settings.PUBLIC_URL.replace("127.0.0.1", "go.lakeview-aesthetics.com")
    assert f"{origin}/b/{link.token}" in email.text
    assert email.html.count(f'href="{origin}/b/{link.token}"') == 1
    assert re.fullmatch(rf"<{re.escape(origin)}/u/[\w-]+/>", email.headers["List-Unsubscribe"])
    assert settings.PUBLIC_URL not in email.text + email.html


def test_an_opening_is_noted_and_counts_as_the_channel_s_answer(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    [link] = links(practice)
    assert answered(practice, ann) == frozenset()
    assert follow(link.token, FIRST_DUE, is_person=False) == BOOK
    assert answered(practice, ann) == frozenset()
    for minutes in (5, 9):
        assert follow(link.token, FIRST_DUE + timedelta(minutes=minutes), is_person=True) == BOOK
    [opened] = links(practice)
    assert opened.times_opened == 2
    assert opened.first_opened_at == FIRST_DUE + timedelta(minutes=5)
    assert opened.last_opened_at == FIRST_DUE + timedelta(minutes=9)
    assert answered(practice, ann) == {Channel.SMS}


def test_an_opening_before_the_sequence_began_answers_nothing_in_it(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    [link] = links(practice)
    follow(link.token, FIRST_DUE, is_person=True)
    later = datetime(2026, 11, 25, 18, tzinfo=UTC)
    story.treated(ann, "botox", date(2026, 11, 25))
    planned(practice, [ann.pk], later)
    assert answered(practice, ann) == frozenset()


def test_lib4_after_a_click_a_step_for_the_channel_not_answered_leaves_on_the_other(
    practice: Practice, ann: Client
) -> None:
    with practice_scope(practice.pk):
        CadenceStep.objects.filter(key="second").update(channel_rule=ChannelRule.NOT_ANSWERED.value)
    sent(practice, FIRST_DUE)
    follow(links(practice)[0].token, FIRST_DUE + timedelta(minutes=5), is_person=True)
    sent(practice, SECOND_DUE)
    assert [link.channel for link in links(practice)] == ["sms", "email"]


@pytest.mark.parametrize("token", ["", "0123456789", "short", "x" * 10, "x" * 11, "a/b", "ä" * 10, "\x00" * 10])
def test_nothing_made_up_leads_anywhere(db: None, token: str) -> None:
    with pytest.raises(BadLink):
        follow(token, FIRST_DUE, is_person=True)


def test_a_link_whose_target_is_not_of_the_web_leads_nowhere(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    with practice_scope(practice.pk):
        TrackedLink.objects.update(target="javascript:alert(1)")
    with pytest.raises(BadLink):
        follow(links(practice)[0].token, FIRST_DUE, is_person=True)
    assert links(practice)[0].times_opened == 0


def test_the_link_of_an_erased_client_leads_nowhere(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    [link] = links(practice)
    with practice_scope(practice.pk):
        erase_client(practice.pk, ann.pk, Actor(), FIRST_DUE + timedelta(days=1))
    with pytest.raises(BadLink):
        follow(link.token, FIRST_DUE, is_person=True)


def test_links_go_with_their_reminders_when_clients_are_made_one_and_two_again(practice: Practice, ann: Client) -> None:
    sent(practice, FIRST_DUE)
    follow(links(practice)[0].token, FIRST_DUE + timedelta(minutes=5), is_person=True)
    kept = story.client(practice, "Anne", "Archer", 303)
    story.treated(kept, "lip_filler", TREATED_ON)
    planned(practice, [kept.pk], FIRST_DUE)
    with practice_scope(practice.pk):
        made = merge(practice.pk, kept.pk, ann.pk, FIRST_DUE + timedelta(hours=1))
    assert links(practice)[0].client_id == kept.pk
    assert answered(practice, kept) == {Channel.SMS}
    with practice_scope(practice.pk):
        unmerge(practice.pk, made.pk, FIRST_DUE + timedelta(hours=2))
    assert links(practice)[0].client_id == ann.pk
    assert answered(practice, kept) == frozenset()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_told_by_its_name_in_any_case(name: str) -> None:
    assert is_program({"User-Agent": f"Mozilla/5.0 (compatible; {name} 1.0)"})
    assert is_program({"User-Agent": name.upper()})


@pytest.mark.parametrize("agent", BROWSERS)
def test_a_person_s_browser_is_none(agent: str) -> None:
    assert not is_program({"User-Agent": agent})
    assert is_program({"User-Agent": agent, "Sec-Purpose": "prefetch;prerender"})

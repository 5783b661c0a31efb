"""Can staff step in on a client's page, see what came of it, and take it back? (SEQ-10, SIM-1)"""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from clients.models import Client, StaffNote
from practices.models import AuditEntry, Role
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.models import Reminder, Reply, Sequence
from reminders.operations.steering import skip
from tests.builders import story
from tests.builders.practices import member
from tests.builders.reminders import planned, sent
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

TYPED = " Likes mornings.\r\n<b>Ask about her trip</b> "
SECOND_AT = datetime(2026, 11, 30, 16, tzinfo=UTC)


def url_of(client_id: UUID) -> str:
    return f"/p/lakeview/clients/{client_id}/"


def words(response: object) -> str:
    """What a reader reads."""
    html = unescape(response.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?u>", "", html)))


def coming(told: Story, step: str = "second") -> Reminder:
    """Siobhán's Botox reminder of that step; the first left yesterday."""
    with practice_scope(told.lakeview.pk):
        return (
            Reminder.objects.select_related("sequence")
            .filter(client_id=told.siobhan, sequence__treatment_type__slug="botox", step=step)
            .order_by("-cycle")[0]
        )


def post(browser: Browser, reminder: Reminder, what: str, data: dict[str, str] | None = None) -> str:
    """Press it, and read the client's page that follows."""
    response = browser.post(f"/p/lakeview/reminders/{reminder.pk}/{what}/", data or {}, follow=True)
    assert response.redirect_chain == [(f"{url_of(reminder.client_id)}#now", 302)]
    return words(response)


def undo_url(browser: Browser, reminder: Reminder, what: str, data: dict[str, str] | None = None) -> str:
    response = browser.post(f"/p/lakeview/reminders/{reminder.pk}/{what}/", data or {}, follow=True)
    found = re.search(
        r'<form method="post" action="([^"]+)"><input[^>]+><button[^>]*>Undo</button>', response.content.decode()
    )
    assert found
    return unescape(found.group(1))


def test_each_coming_reminder_offers_what_can_be_done_to_it(told: Story, signed_in: SignIn) -> None:
    dana = told.others[2]
    seen = signed_in(told.bob).get(url_of(told.siobhan)).content.decode()
    second, last = coming(told), coming(told, "last")
    for what in ("move", "skip", "send-now"):
        assert f"/p/lakeview/reminders/{second.pk}/{what}/" in seen
    assert f"/p/lakeview/reminders/{last.pk}/move/" in seen
    assert f"/p/lakeview/reminders/{last.pk}/send-now/" not in seen
    booked = signed_in(told.bob).get(url_of(dana)).content.decode()
    assert "/skip/" in booked
    assert "/send-now/" not in booked


def test_a_skip_shows_and_can_be_undone(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.bob), coming(told)
    undo = undo_url(browser, second, "skip")
    seen = words(browser.get(url_of(told.siobhan)))
    assert "Botox, second reminder Skipped Bob left it out. Planned for November 30." in seen
    assert "Bob left it out." in words(browser.get(url_of(told.siobhan) + "?show=staff"))
    response = browser.post(undo, follow=True)

    assert "Botox, second reminder is planned again." in words(response)
    assert "Bob took back the skip of Botox, second reminder" in words(response)
    assert coming(told).due_at == SECOND_AT


def test_a_move_asks_for_a_day_and_an_hour_where_the_client_lives(told: Story, signed_in: SignIn) -> None:
    asked = signed_in(told.bob).get(f"/p/lakeview/reminders/{coming(told).pk}/move/")
    html = asked.content.decode()
    assert 'value="2026-11-30"' in html
    assert 'value="10:00"' in html
    assert "Hours for messages: 10 am to 8 pm, not Sundays. In Chicago." in words(asked)
    assert "It is planned for Monday at 10 am." in words(asked)
    assert "Keep November 30" in words(asked)


def test_a_move_says_when_it_leaves_and_who_moved_it(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    seen = post(browser, coming(told), "move", {"day": "2026-12-02", "hour": "11:30"})
    assert "Botox, second reminder is moved. It leaves Wednesday, December 2 at 11:30 am." in seen
    assert "Moved here by Bob on November 24, at 11:30 am in Chicago." in seen
    assert "Bob moved Botox, second reminder" in seen
    assert "From Monday, November 30, 10 am to Wednesday, December 2, 11:30 am." in seen
    assert "Move back to November 30" in seen

    back = post(browser, coming(told), "move-back")
    assert "is back at its own time. It leaves Monday at 10 am." in back
    assert "Week 11 after September 14, at 10 am in Chicago." in back


def test_a_move_outside_the_hours_says_what_the_window_makes_of_it(told: Story, signed_in: SignIn) -> None:
    seen = post(signed_in(told.bob), coming(told), "move", {"day": "2026-12-05", "hour": "21:00"})
    assert "It leaves Monday, December 7 at 10 am: before that nothing may leave where the client lives." in seen
    assert "Moved by Bob on November 24 to Saturday, December 5, 9 pm." in seen


def test_undoing_a_second_move_gives_the_first_back(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.bob), coming(told)
    post(browser, second, "move", {"day": "2026-12-02", "hour": "11:30"})
    undo = undo_url(browser, second, "move", {"day": "2026-12-03", "hour": "11:30"})
    browser.post(undo)

    assert coming(told).moved_to == datetime(2026, 12, 2, 17, 30, tzinfo=UTC)
    undo = undo_url(browser, second, "move-back")
    browser.post(undo)
    assert coming(told).moved_to == datetime(2026, 12, 2, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "wrong"),
    [
        ("2026-11-20", "10:00", "That time has passed. Choose a later one."),
        ("2029-11-20", "10:00", "Choose a day within the next 24 months."),
        ("9999-12-31", "23:59", "Choose a day within the next 24 months."),
        ("0001-01-01", "00:00", "That time has passed. Choose a later one."),
        ("", "10:00", "Choose a day."),
        ("December", "10:00", "Write the day as 2026-12-31."),
        ("2026-12-02", "25:99", "Write the hour as 14:30."),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_the_form(
    told: Story, signed_in: SignIn, day: str, hour: str, wrong: str
) -> None:
    second = coming(told)
    response = signed_in(told.bob).post(f"/p/lakeview/reminders/{second.pk}/move/", {"day": day, "hour": hour})
    assert response.status_code == 422
    assert wrong in words(response)
    assert coming(told).due_at == SECOND_AT


@pytest.mark.parametrize("at", ["", "soon", "2026-12-02T10:00:00", "2026-12-02"])
def test_a_moment_that_nobody_offered_is_not_found(told: Story, signed_in: SignIn, at: str) -> None:
    response = signed_in(told.bob).post(f"/p/lakeview/reminders/{coming(told).pk}/move/?at={at}")
    assert response.status_code == 404


def test_sending_now_is_asked_first_and_says_what_the_rules_make_of_it(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.bob), coming(told)
    asked = words(browser.get(f"/p/lakeview/reminders/{second.pk}/send-now/"))
    assert "Send the second Botox reminder now" in asked
    assert "It is planned for Monday at 10 am." in asked
    assert coming(told).due_at == SECOND_AT
    seen = post(browser, second, "send-now")

    assert "it leaves Saturday at 10 am: a few days are kept after the message before it." in seen
    assert "Bob asked Botox, second reminder to leave at once" in seen


def test_what_has_left_meanwhile_says_when(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        row = Reminder.objects.get(client_id=told.siobhan, state="sent")
        Reminder.objects.filter(pk=row.pk).update(sent_at=story.NOW - timedelta(hours=3, minutes=40))
    seen = post(signed_in(told.bob), row, "skip")
    assert "Botox, first reminder: it left at 10:02 this morning." in seen
    with practice_scope(told.lakeview.pk):
        assert not AuditEntry.objects.filter(action="reminder_skipped").exists()


def test_a_pause_holds_the_client_and_resuming_is_the_one_primary_action(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    paused = browser.post(f"{url_of(told.siobhan)}pause/", follow=True)
    assert "Reminders are paused. Confirmations of appointments go on." in words(paused)
    assert 'data-is="paused">Paused</span>, no reminder until staff resumes them' in unescape(paused.content.decode())
    assert "Bob paused the reminders" in words(paused)
    assert paused.content.decode().count("button primary") == 1
    assert "Pause reminders" not in words(paused)
    resumed = browser.post(f"{url_of(told.siobhan)}resume/", follow=True)

    assert "Reminders go on." in words(resumed)
    assert "Bob resumed the reminders" in words(resumed)
    assert "next message" in words(resumed)


def test_ending_a_sequence_is_asked_first_and_it_can_be_reopened(told: Story, signed_in: SignIn) -> None:
    browser, sequence_id = signed_in(told.bob), coming(told).sequence_id
    seen = words(browser.get(url_of(told.siobhan)))
    assert "End the Botox sequence" in seen
    assert "End the lip filler sequence" in seen
    asked = words(browser.get(f"/p/lakeview/sequences/{sequence_id}/end/"))
    assert "gets no more messages about the treatment of September 14" in asked
    ended = words(browser.post(f"/p/lakeview/sequences/{sequence_id}/end/", follow=True))
    assert "The Botox sequence is ended." in ended
    assert "Bob ended the Botox sequence" in ended
    assert "Reopen the Botox sequence" in ended
    assert "Botox lapses" not in ended
    again = words(browser.post(f"/p/lakeview/sequences/{sequence_id}/reopen/", follow=True))

    assert "The Botox sequence goes on." in again
    assert coming(told).due_at == SECOND_AT
    assert "Only a sequence that staff or an opt-out ended can be opened again." in words(
        browser.post(f"/p/lakeview/sequences/{sequence_id}/reopen/", follow=True)
    )


def test_a_note_stays_as_it_was_written(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert "Write a note on Siobhán O’Connell" in words(browser.get(f"{url_of(told.siobhan)}note/"))
    seen = browser.post(f"{url_of(told.siobhan)}note/", {"text": TYPED}, follow=True)
    assert "The note is kept." in words(seen)
    assert "Note by Bob" in words(seen)
    assert "Likes mornings.\n&lt;b&gt;Ask about her trip&lt;/b&gt;" in seen.content.decode()
    assert "reads like" not in words(seen)
    empty = browser.post(f"{url_of(told.siobhan)}note/", {"text": " \n "})
    assert empty.status_code == 422
    assert "Write the note first." in words(empty)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("She called: wants no more texts from us", "This reads like an opt-out."),
        ("Client is upset about bruising", "This reads like a complaint."),
        ("Says too many texts", "This reads like a wish for fewer messages."),
    ],
)
def test_a_note_that_reads_like_more_offers_it_and_does_nothing(
    told: Story, signed_in: SignIn, text: str, offer: str
) -> None:
    seen = words(signed_in(told.bob).post(f"{url_of(told.siobhan)}note/", {"text": text}, follow=True))
    assert offer in seen
    assert "next message" in seen
    with practice_scope(told.lakeview.pk):
        assert [each.text for each in StaffNote.objects.all()] == [text]


def test_an_opt_out_can_be_lifted_by_who_may_with_the_words_that_were_said(told: Story, signed_in: SignIn) -> None:
    olivia = told.others[3]
    bob, alice = signed_in(told.bob), signed_in(told.alice)
    assert "Lift the opt-out" not in words(bob.get(url_of(olivia)))
    assert bob.get(f"{url_of(olivia)}take-back/").status_code == 403
    assert "Lift the opt-out" in words(alice.get(url_of(olivia)))
    missing = alice.post(f"{url_of(olivia)}take-back/", {"wording": " "})
    assert missing.status_code == 422
    assert "Write what the client said." in words(missing)
    lifted = words(alice.post(f"{url_of(olivia)}take-back/", {"wording": "Please text me again"}, follow=True))

    assert "The opt-out is lifted." in lifted
    assert "Please text me again" in lifted
    assert "Source: told staff." in lifted
    assert "Reopen the Xeomin sequence" in lifted
    with practice_scope(told.lakeview.pk):
        entry = AuditEntry.objects.get(action="opt_out_lifted")
    assert (entry.client_id, entry.staff_member_id) == (olivia, told.alice.pk)


def test_everything_that_staff_do_is_in_the_audit_trail_without_names_or_words(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.bob), coming(told)
    post(browser, second, "move", {"day": "2026-12-02", "hour": "11:30"})
    browser.post(f"{url_of(told.siobhan)}note/", {"text": "Siobhán moved house"})
    browser.post(f"{url_of(told.siobhan)}opt-out/", {"wording": "no more, Siobhán"})
    with practice_scope(told.lakeview.pk):
        entries = list(AuditEntry.objects.filter(client_id=told.siobhan).order_by("number"))
    assert [each.action for each in entries] == ["reminder_moved", "client_viewed", "note_written", "client_opted_out"]
    assert {each.staff_member_id for each in entries} == {told.bob.pk}
    assert "Siobh" not in str([each.detail for each in entries])


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_step_in(told: Story, signed_in: SignIn, role: Role) -> None:
    seen = post(signed_in(member(told.lakeview, "Dora", role)), coming(told), "skip")
    assert "Botox, second reminder is skipped." in seen


def test_another_practice_finds_neither_reminder_nor_sequence_nor_client(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.charlie), coming(told)
    for practice in ("lakeview", "hilltop"):
        for what in ("skip", "unskip", "send-now", "move", "move-back"):
            assert browser.post(f"/p/{practice}/reminders/{second.pk}/{what}/").status_code == 404
        for what in ("end", "reopen"):
            assert browser.post(f"/p/{practice}/sequences/{second.sequence_id}/{what}/").status_code == 404
        for what in ("pause", "resume", "note", "opt-out", "take-back"):
            response = browser.post(f"/p/{practice}/clients/{told.siobhan}/{what}/", {"text": "x", "wording": "x"})
            assert response.status_code == 404
    with practice_scope(told.lakeview.pk):
        assert not AuditEntry.objects.exists()
        assert Sequence.objects.filter(pk=second.sequence_id, state="open").exists()


def test_nothing_is_done_by_asking_or_for_nobody(told: Story, signed_in: SignIn) -> None:
    browser, second = signed_in(told.bob), coming(told)
    for what in ("skip", "unskip", "move-back"):
        assert browser.get(f"/p/lakeview/reminders/{second.pk}/{what}/").status_code == 405
        assert browser.post(f"/p/lakeview/reminders/{uuid7()}/{what}/").status_code == 404
    for what in ("pause", "resume"):
        assert browser.get(f"{url_of(told.siobhan)}{what}/").status_code == 405
        assert browser.post(f"{url_of(uuid7())}{what}/").status_code == 404
    assert browser.post(f"{url_of(uuid7())}note/", {"text": "x"}).status_code == 404
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(told.bob.person)
    assert strict.post(f"/p/lakeview/reminders/{second.pk}/skip/").status_code == 403


def test_a_reply_stands_on_the_timeline_with_what_was_done_about_it(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Reply.objects.create(
            practice=told.lakeview,
            client_id=told.siobhan,
            channel="sms",
            from_address="+13125550186",
            text="Traveling until the 28th",
            received_at=story.NOW - timedelta(hours=2),
        )
    seen = words(signed_in(told.bob).get(url_of(told.siobhan)))
    assert "Answered by text Not answered yet" in seen
    assert "Traveling until the 28th" in seen
    with practice_scope(told.lakeview.pk):
        Reply.objects.update(handled_at=story.NOW, handled_by=told.bob, handling="called")
    assert "Reply: called, Bob" in words(signed_in(told.bob).get(url_of(told.siobhan)))


def test_now_is_by_the_clock_of_the_practice_and_of_the_client_where_they_differ(
    told: Story, signed_in: SignIn
) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(pk=told.siobhan).update(stated_time_zone="America/Los_Angeles")
    seen = words(signed_in(told.bob).get(url_of(told.siobhan)))
    assert "Now, Tuesday, November 24, 1:42 pm in Chicago, 11:42 am in Los Angeles" in seen


def test_the_page_takes_as_many_queries_for_a_long_story_as_for_a_short_one(told: Story, signed_in: SignIn) -> None:
    """Bookings, messages, notes, replies and what staff did, a few and many of each."""
    browser = signed_in(told.bob)
    counts = []
    for number in (3, 40):
        with practice_scope(told.lakeview.pk):
            row = Client.objects.get(pk=told.siobhan)
            for n in range(number):
                StaffNote.objects.create(
                    practice=told.lakeview, client=row, text="A note", by=told.bob, at=story.NOW - timedelta(days=n)
                )
                Reply.objects.create(
                    practice=told.lakeview, client=row, channel="sms", from_address=row.phone, text="Hello",
                    received_at=story.NOW - timedelta(days=n), handled_at=story.NOW, handled_by=told.bob,
                    handling="called",
                )  # fmt: skip
        for n in range(number):
            booked_at = story.NOW - timedelta(days=20, minutes=n + number)
            story.booked(row, story.NOW + timedelta(days=n + 2, minutes=number), booked_at)
        planned(told.lakeview, [told.siobhan], story.NOW)
        sent(told.lakeview, story.NOW)
        with practice_scope(told.lakeview.pk):
            open_ones = Reminder.objects.filter(client_id=told.siobhan, step="hours_48", state="planned")
            ids = list(open_ones.order_by("due_at").values_list("pk", flat=True)[:number])
        for reminder_id in ids[: number - 1]:
            skip(told.lakeview.pk, reminder_id, Actor(told.bob.pk), story.NOW)
        browser.get(url_of(told.siobhan))
        with CaptureQueriesContext(connection) as queries:
            seen = words(browser.get(url_of(told.siobhan) + "?earlier=all"))
        assert seen.count("left it out.") >= number - 1
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 68

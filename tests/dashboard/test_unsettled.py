"""Is every message of which nobody knows whether it arrived shown, and settled by a person, once? (CHN-3)"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import AuditEntry
from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState
from reminders.models import Delivery, Message, Reminder
from reminders.queries.attention import attention
from reminders.queries.ledger import ledger_of_practice
from reminders.queries.unsettled import COUNTED, PAGE
from tests.builders import day
from tests.builders.fates import BROKE_OFF, LANDLINE, TEN, doubted, reminder, tried
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

URL = "/p/lakeview/unsettled/"
EMPTY = "Of every message it is known what became of it."


def page(browser: Any, url: str = URL) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def addresses(html: str) -> list[str]:
    """Whom each row is about, by where its first button leads."""
    return re.findall(rf'action="{URL}([0-9a-f-]+)/">', html)


def state_of(row: Delivery) -> str:
    with practice_scope(row.practice_id):
        return str(Delivery.objects.values_list("state", flat=True).get(pk=row.pk))


def toast(response: Any) -> str:
    return words(unescape(response.content.decode()))


def test_where_all_is_known_the_page_says_what_would_come(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.bob))
    assert EMPTY in seen
    assert "It never arrived<" not in seen


def test_each_row_says_whose_what_when_through_whom_and_why_nobody_knows(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "unknown", "Zoë O’Hara")
    tried([row], "unknown", error="Twilio did not answer in time; the message may have been sent.", next_at=NOW)
    html = page(signed_in(told.bob))
    seen = words(html)
    assert f'<a class="who" href="/p/lakeview/clients/{row.client_id}/">Zoë O’Hara</a>' in html
    assert "Botox, first reminder, by text" in seen
    assert "Today, 10 am , through Twilio, to (312) 555-0186" in seen
    assert "Nobody knows whether it arrived: Twilio did not answer in time. Twilio is asked again at 1:42 pm." in seen
    assert "Time for your next visit, by sms." in seen
    assert EMPTY not in seen


def test_the_oldest_stand_first_and_pages_hold_each_once(told: Story, signed_in: SignIn) -> None:
    rows = doubted(told, PAGE + 5)
    with practice_scope(told.lakeview.pk):  # of one moment, across the border of two pages
        Delivery.objects.filter(pk__in=[each.pk for each in rows[PAGE - 3 : PAGE + 3]]).update(attempted_at=NOW)
        expected = [str(pk) for pk in Delivery.objects.filter(state="unknown").order_by("attempted_at", "pk")
                    .values_list("pk", flat=True)]  # fmt: skip
    browser = signed_in(told.bob)
    first = page(browser)
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert more
    second = page(browser, more[1])
    assert addresses(first) + addresses(second) == expected
    assert "Back to the oldest" in second
    assert browser.get(f"{URL}?after=x").status_code == 404


def test_what_arrived_counts_as_sent(told: Story, signed_in: SignIn) -> None:
    (row,) = doubted(told)
    browser = signed_in(told.bob)
    answer = browser.post(f"{URL}{row.pk}/", {"arrived": "yes"}, follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert "counts as sent." in toast(answer)
    assert EMPTY in toast(answer)
    assert state_of(row) == "accepted"
    with practice_scope(told.lakeview.pk):
        assert Reminder.objects.get(message_id=row.message_id).state == ReminderState.SENT
        trail = list(AuditEntry.objects.filter(action="unknown_settled"))
    assert [(each.subject_id, each.staff_member_id) for each in trail] == [(row.pk, told.bob.pk)]


def test_that_it_never_arrived_is_asked_first_for_it_may_leave_a_second_time(told: Story, signed_in: SignIn) -> None:
    (row,) = doubted(told)
    browser = signed_in(told.bob)
    assert f'<a class="button text small" href="{URL}{row.pk}/" data-dialog>It never arrived<' in page(browser)
    seen = page(browser, f"{URL}{row.pk}/")
    assert "If it did arrive, the client gets it twice." in words(seen)
    assert '<input type="hidden" name="arrived" value="no">' in seen
    assert 'name="back"' not in seen
    back = page(browser, f"{URL}{row.pk}/?back=client")
    assert '<input type="hidden" name="back" value="client">' in back
    assert f'href="/p/lakeview/clients/{row.client_id}/#now"' in back
    assert state_of(row) == "unknown"
    browser.post(f"{URL}{row.pk}/", {"arrived": "yes"})
    late = browser.get(f"{URL}{row.pk}/", follow=True)
    assert late.redirect_chain == [(URL, 302)]
    assert "It is known already what became of the email to" in toast(late)


def test_of_what_the_carrier_is_still_asked_about_nobody_need_say_anything(told: Story, signed_in: SignIn) -> None:
    (early,) = doubted(told, ago=timedelta(minutes=14), next_at=NOW + timedelta(minutes=1))
    (late,) = doubted(told, ago=timedelta(minutes=16), next_at=NOW + timedelta(minutes=1))
    seen = page(signed_in(told.bob))
    assert words(seen).count("SendGrid is asked again at 1:43 pm.") == 2
    assert f"{URL}{late.pk}/" in seen
    assert f"{URL}{early.pk}/" not in seen


def test_what_never_arrived_is_decided_again(told: Story, signed_in: SignIn) -> None:
    (row,) = doubted(told)
    answer = signed_in(told.bob).post(f"{URL}{row.pk}/", {"arrived": "no"}, follow=True)
    assert "never arrived. It is decided again whether it leaves." in toast(answer)
    assert state_of(row) == "refused"
    with practice_scope(told.lakeview.pk):
        waiting = Reminder.objects.get(message_id=row.message_id)
        assert (waiting.state, waiting.due_at) == (ReminderState.WAITING, NOW)
        assert Message.objects.get(pk=row.message_id).is_void


@pytest.mark.parametrize("second", ["yes", "no"])
def test_a_second_press_changes_nothing(told: Story, signed_in: SignIn, second: str) -> None:
    (row,) = doubted(told)
    browser = signed_in(told.bob)
    browser.post(f"{URL}{row.pk}/", {"arrived": "yes"})
    answer = browser.post(f"{URL}{row.pk}/", {"arrived": second}, follow=True)
    assert "It is known already what became of the email to" in toast(answer)
    assert state_of(row) == "accepted"
    with practice_scope(told.lakeview.pk):
        assert AuditEntry.objects.filter(action="unknown_settled").count() == 1


@pytest.mark.parametrize("sent", [{}, {"arrived": "perhaps"}])
def test_a_press_that_says_neither_changes_nothing(told: Story, signed_in: SignIn, sent: dict[str, str]) -> None:
    (row,) = doubted(told)
    answer = signed_in(told.bob).post(f"{URL}{row.pk}/", sent, follow=True)
    assert "Say whether the email to" in toast(answer)
    assert state_of(row) == "unknown"


def test_a_neighbor_has_no_such_message(told: Story, signed_in: SignIn) -> None:
    (row,) = doubted(told)
    charlie = signed_in(told.charlie)
    assert charlie.post(f"/p/hilltop/unsettled/{row.pk}/", {"arrived": "yes"}).status_code == 404
    assert charlie.get(URL).status_code == 404
    assert EMPTY in page(charlie, "/p/hilltop/unsettled/")
    assert state_of(row) == "unknown"


def test_today_says_how_many_while_there_are_any(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    assert 'id="unsettled"' not in page(browser, "/p/lakeview/today/")
    rows = doubted(told, 3)
    seen = page(browser, "/p/lakeview/today/")
    found = re.search(r'<section class="section" aria-labelledby="unsettled">.*?</section>', seen)
    assert found
    assert "Not known 3 Three messages" in words(found[0])
    assert (
        f'<a class="button text" href="{URL}" aria-label="Settle them: which of the messages arrived">Settle them</a>'
        in found[0]
    )
    for row in rows:
        browser.post(f"{URL}{row.pk}/", {"arrived": "yes"})
    assert 'id="unsettled"' not in page(browser, "/p/lakeview/today/")


def test_what_a_carrier_will_soon_tell_of_needs_nobody_yet(told: Story) -> None:
    doubted(told, ago=timedelta(minutes=14), next_at=NOW)
    assert unsettled_of(told) == 0
    doubted(told, ago=timedelta(minutes=1))
    assert unsettled_of(told) == 1
    doubted(told, ago=timedelta(minutes=16), next_at=NOW)
    assert unsettled_of(told) == 2


def unsettled_of(told: Story) -> int:
    with practice_scope(told.lakeview.pk):
        return attention(told.lakeview.pk, NOW).unsettled


def test_many_are_counted_no_further_than_a_hundred_and_are_one_thing(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        before = attention(told.lakeview.pk, NOW).total
    doubted(told, COUNTED + 7)
    with practice_scope(told.lakeview.pk):
        known = attention(told.lakeview.pk, NOW)
    assert (known.unsettled, known.total) == (COUNTED, before + 1)
    assert "100 or more messages" in words(page(signed_in(told.bob), "/p/lakeview/today/"))


def test_the_page_asks_no_more_often_for_a_full_page_than_for_two(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.bob)
    counts = []
    for number in (2, PAGE):
        doubted(told, number)
        page(browser)
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_today_tells_doubts_and_channels_that_did_not_get_there(told: Story, signed_in: SignIn) -> None:
    unknown = reminder(told, "unknown", "Grace Abara")
    tried([unknown], "unknown", channel="email", error=BROKE_OFF)
    twice = reminder(told, "unknown", "Aisha de la Cruz")
    text = tried([twice], "unknown", next_at=NOW)
    tried([twice], "unknown", channel="email", message=text.message_id, error=BROKE_OFF)
    both = reminder(told, "delivered", "Priya Raghunathan")
    text = tried([both], "undelivered", error=LANDLINE)
    tried([both], "delivered", channel="email", message=text.message_id)
    waits = reminder(told, "waiting", "Marisol Vega", reason="CHANNEL_DOWN", due_at=NOW + timedelta(hours=1))
    tried([waits], "undelivered", error="The carrier’s limit of messages was reached.")
    feed = re.search(r'aria-labelledby="leaves">.*?</section>', page(signed_in(told.bob), "/p/lakeview/today/"))
    assert feed
    seen = words(feed[0])
    assert "Nobody knows whether it arrived: SendGrid did not answer in time." in seen
    assert "Nobody knows whether the text and the email arrived." in seen
    assert "The text did not arrive. The number is a landline." in seen
    assert "The carrier’s limit of messages was reached. The service that carries" in seen


def test_the_ledger_adds_up_with_doubts_turns_and_dead_addresses(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        before = ledger_of_practice(told.lakeview.pk, NOW)
    for state, reason in (
        ("unknown", ""), ("waiting", "PACE"), ("waiting", "UNREACHABLE"), ("failed", "UNREACHABLE"),
        ("claimed", ""), ("waiting", "REPLY_UNCLEAR"),
    ):  # fmt: skip
        for at in (TEN, TEN - timedelta(days=3)):
            day.reminders(told.lakeview, day.people(told.lakeview, 1), [at], state=state, reason=reason, due_at=NOW)
    with practice_scope(told.lakeview.pk):
        after = ledger_of_practice(told.lakeview.pk, NOW)
        due = Reminder.objects.filter(allowed_at__lte=NOW).exclude(state="cancelled", came_due=False).count()
    assert (after.due - before.due, after.waiting - before.waiting, after.failed - before.failed) == (12, 10, 2)
    assert after.due == due == after.sent + after.waiting + after.suppressed.total() + after.failed
    browser = signed_in(told.bob)
    listed = page(browser, "/p/lakeview/ledger/list/?state=waiting")
    assert "Not known" in words(listed)
    assert "The carrier takes only so many messages a second, so it leaves in its turn." in listed
    assert listed.count("<tr><td>") == after.waiting
    failed = page(browser, "/p/lakeview/ledger/list/?state=failed")
    assert "The number takes no texts, or the mailbox no emails; the carrier said so." in failed

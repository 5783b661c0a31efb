"""Does a client's timeline say in plain words what became of each message and each of its tries? (CHN-2, CHN-3)"""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.views.wording.deliveries import Reading, doubt_words, fate_words, followed_by
from practices.models import Role
from practices.queries.abilities import ABILITIES, Ability
from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder, TrackedLink
from reminders.operations import answers_allowed
from reminders.operations.asking import CANNOT_SAY
from reminders.operations.attempts import (
    DECIDED_TOO_LONG_AGO,
    HELD_BACK,
    NEVER_ARRIVED,
    NOT_MADE,
    NOT_TRIED_AGAIN,
    STOPPED,
)
from reminders.operations.erasing import ERASED_ON_THE_WAY
from reminders.operations.recovering import NOT_THERE
from tests.builders import day
from tests.builders.fates import BROKE_OFF, LANDLINE, TEN, reminder, tried
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

CHICAGO = Reading("America/Chicago", NOW)
MINUTE = timedelta(minutes=1)


def page(browser: Any, client_id: UUID) -> str:
    response = browser.get(f"/p/lakeview/clients/{client_id}/")
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def delivery(state: str, **fields: Any) -> Delivery:
    return Delivery(**{"state": state, "channel": "sms", "gateway": "twilio_sms", "attempted_at": TEN, **fields})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (delivery("ready"), ""),
        (
            delivery("ready", next_at=NOW + MINUTE),
            "Waits: it leaves through Twilio at 1:43 pm at the earliest.",
        ),
        (
            delivery("ready", error="Twilio could not be reached."),
            "Ready to leave through Twilio again. The last try did not get through: Twilio could not be reached.",
        ),
        (delivery("attempted", attempted_at=NOW), "Leaving through Twilio now."),
        (delivery("attempted"), "Handed to Twilio at 10 am. Nothing was heard since, so Twilio is asked."),
        (delivery("accepted"), "Sent at 10 am through Twilio. No word from the carrier yet."),
        (
            delivery("accepted", gateway="podium"),
            "Sent at 10 am through Podium. Podium does not say whether it arrives.",
        ),
        (delivery("accepted", gateway="outbox"), "Put into the outbox on this installation at 10 am."),
        (delivery("accepted", gateway="pigeon"), "Sent at 10 am through pigeon."),
        (
            delivery("delivered", delivered_at=TEN + 4 * MINUTE),
            "Sent at 10 am through Twilio. Arrived at 10:04 am.",
        ),
        (
            delivery("delivered", attempted_at=TEN - timedelta(days=1), delivered_at=TEN),
            "Sent yesterday at 10 am through Twilio. Arrived at 10 am.",
        ),
        (delivery("delivered"), "Sent at 10 am through Twilio. Arrived."),
        (delivery("refused", error=LANDLINE), "Not sent at 10 am through Twilio: the number is a landline."),
        (delivery("refused"), "Not sent at 10 am through Twilio."),
        (
            delivery("undelivered", error="The carrier refused: not a mobile number."),
            "Sent at 10 am through Twilio. Not delivered: not a mobile number.",
        ),
        (delivery("undelivered"), "Sent at 10 am through Twilio. Not delivered."),
        (
            delivery("refused", error=answers_allowed.OPTED_OUT),
            "Not sent: the client opted out before it left.",
        ),
        (
            delivery("refused", error=ERASED_ON_THE_WAY),
            "The client was erased before it was known what became of it.",
        ),
        (delivery("refused", error=NEVER_ARRIVED), "Tried at 10 am through Twilio, and it never arrived."),
        (
            delivery("refused", error=NOT_TRIED_AGAIN),
            "Did not leave at 10 am: the message had left by the other channel, so it was not tried again.",
        ),
        (delivery("refused", error=HELD_BACK), "Did not leave at 10 am: the carrier took no more just then."),
        (
            delivery("unknown", gateway="sendgrid_email", channel="email", error=BROKE_OFF),
            "Tried at 10 am through SendGrid. Nobody knows whether it arrived: SendGrid did not answer in time.",
        ),
    ],
)
def test_each_fate_has_its_sentence(row: Delivery, expected: str) -> None:
    assert fate_words(row, CHICAGO) == expected


@pytest.mark.parametrize("error", sorted(NOT_MADE))
def test_a_try_that_was_not_made_says_why_it_was_not(error: str) -> None:
    said = fate_words(delivery("refused", error=error), CHICAGO)
    assert "decided again" not in said or error == DECIDED_TOO_LONG_AGO
    assert said.startswith("Tried at 10 am" if error == NEVER_ARRIVED else "Did not leave at 10 am: ")
    assert len({HELD_BACK, STOPPED, DECIDED_TOO_LONG_AGO, NEVER_ARRIVED} & NOT_MADE) == 4


def test_a_doubt_says_why_and_who_may_still_find_out() -> None:
    asked = delivery("unknown", error="Twilio answered with 502; the message may have been sent.", next_at=NOW + MINUTE)
    assert doubt_words(asked, CHICAGO) == (
        "Nobody knows whether it arrived: Twilio answered with 502. Twilio is asked again at 1:43 pm."
    )
    for error, why in (
        (CANNOT_SAY, ": Twilio cannot say"),
        (NOT_THERE, ": it left through an account that is not connected any more"),
        ("", ""),
    ):
        assert doubt_words(delivery("unknown", error=error), CHICAGO) == f"Nobody knows whether it arrived{why}."


def test_what_followed_is_named_by_its_channel() -> None:
    email = delivery("accepted", channel="email")
    assert followed_by("sms", [email]) == "the email went instead"
    assert followed_by("sms", [delivery("undelivered", channel="email")]) == "the email was tried instead"
    assert followed_by("sms", [delivery("delivered")]) == "the text went once more"
    assert followed_by("sms", [delivery("refused")]) == "the text was tried once more"


def test_a_text_to_a_landline_and_the_email_after_it_are_two_entries(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "delivered")
    tried([row], "undelivered", is_void=True, error=LANDLINE)
    tried(
        [row], "delivered", at=TEN + 5 * MINUTE, channel="email", delivered_at=TEN + 6 * MINUTE
    )  # fmt: skip
    html = page(signed_in(told.bob), row.client_id)
    seen = words(html)
    assert "Botox, first reminder, by text Not delivered" in seen
    assert "Sent at 10 am through Twilio. Not delivered: the number is a landline; the email went instead." in seen
    assert "Botox, first reminder, by email Delivered" in seen
    assert "Sent at 10:05 am through SendGrid. Arrived at 10:06 am." in seen
    assert seen.index("by text Not delivered") < seen.index("by email Delivered")
    assert html.count("Time for your next visit, by sms.") == 1


def test_a_try_is_told_while_its_reminder_waits_to_leave_again(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "waiting", reason="CHANNEL_DOWN", due_at=NOW + timedelta(hours=2))
    tried([row], "undelivered", error="The phone could not be reached: it may be switched off.")
    with practice_scope(told.lakeview.pk):
        Message.objects.filter(client_id=row.client_id).update(is_void=True)
    seen = words(page(signed_in(told.bob), row.client_id))
    past, coming = seen.split("Now, Tuesday")
    assert "Botox, first reminder, by text Not delivered" in past
    assert "Not delivered: the phone could not be reached: it may be switched off." in past
    assert "Botox, first reminder" in coming


def test_tries_that_were_only_put_off_are_told_once(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "sent")
    for minute in range(3):
        tried([row], "refused", at=TEN + minute * MINUTE, is_void=True, error=HELD_BACK)
    tried([row], "accepted", at=TEN + 3 * MINUTE)
    seen = words(page(signed_in(told.bob), row.client_id))
    assert seen.count("Decided again") == 2  # on the rail and beside the title
    assert "Did not leave, three times in a row: the carrier took no more just then." in seen
    assert "Sent at 10:03 am through Twilio. No word from the carrier yet." in seen


def test_another_treatments_message_is_not_taken_for_what_followed(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "failed", reason="UNREACHABLE")
    with practice_scope(told.lakeview.pk):
        client = row.client
    (later,) = day.reminders(told.lakeview, [client], [TEN + timedelta(hours=2)], state="sent", slug="lip_filler")
    tried([row], "undelivered", error=LANDLINE, is_void=True)
    tried([later], "accepted", at=TEN + timedelta(hours=2), channel="email")
    seen = words(page(signed_in(told.bob), row.client_id))
    assert "Not delivered: the number is a landline." in seen
    assert "instead" not in seen


def test_of_two_channels_each_has_its_own_fate(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "delivered")
    text = tried([row], "undelivered", error=LANDLINE)
    tried([row], "delivered", channel="email", message=text.message_id, delivered_at=TEN + MINUTE)
    seen = words(page(signed_in(told.bob), row.client_id))
    assert "by text and email Delivered" in seen
    assert "The text: sent at 10 am through Twilio. Not delivered: the number is a landline." in seen
    assert "The email: sent at 10 am through SendGrid. Arrived at 10:01 am." in seen


def test_what_failed_says_the_carriers_words_instead_of_the_engines(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "failed", reason="REFUSED")
    tried([row], "refused", error="The carrier refused the text as unwanted.")
    seen = words(page(signed_in(told.bob), row.client_id))
    assert "Not sent at 10 am through Twilio: the carrier refused the text as unwanted." in seen
    assert "The service that carries these messages did not take it" not in seen


def test_a_doubt_has_a_button_and_a_question_for_who_may_settle_it(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "unknown")
    doubt = tried([row], "unknown", channel="email", error=BROKE_OFF)
    html = page(signed_in(told.bob), row.client_id)
    assert "Not known" in words(html)
    assert "Whoever knows can say so here." in html
    url = f"/p/lakeview/unsettled/{doubt.pk}/"
    forms = re.findall(rf'<form method="post" action="{url}">.*?</form>', html)
    assert [re.sub("<[^>]+>", "", each).strip() for each in forms] == ["It arrived"]
    assert html.count('name="back" value="client"') == 1
    asked = re.findall(rf'<a class="button text small" href="{url}[?]back=client" data-dialog[^>]*>(.*?)</a>', html)
    assert asked == ["It never arrived"]
    assert all(Ability.STEER_REMINDERS in ABILITIES[role] for role in Role)


def test_while_the_carrier_is_being_asked_nobody_else_is(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "unknown", at=NOW - 5 * MINUTE)
    doubt = tried([row], "unknown", channel="email", error=BROKE_OFF, at=NOW - 5 * MINUTE, next_at=NOW + MINUTE)
    html = page(signed_in(told.bob), row.client_id)
    assert "SendGrid is asked again at 1:43 pm." in html
    assert f"/unsettled/{doubt.pk}/" not in html
    assert "Whoever knows can say so here." not in html


def test_pressing_on_the_timeline_settles_it_and_comes_back(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "unknown")
    doubt = tried([row], "unknown", channel="email", error=BROKE_OFF)
    browser = signed_in(told.bob)
    answer = browser.post(f"/p/lakeview/unsettled/{doubt.pk}/", {"arrived": "yes", "back": "client"}, follow=True)
    assert answer.redirect_chain == [(f"/p/lakeview/clients/{row.client_id}/#now", 302)]
    seen = words(unescape(answer.content.decode()))
    assert "The email to Renata Oyelaran counts as sent." in seen
    assert "by email Sent" in re.sub(r"\s+", " ", seen)
    with practice_scope(told.lakeview.pk):
        assert Reminder.objects.get(pk=row.pk).state == "sent"


@pytest.mark.parametrize(
    ("times", "often"), [(1, "once, today"), (2, "twice, last today"), (5, "five times, last today")]
)
def test_an_opened_link_is_told_with_how_often_and_when(told: Story, signed_in: SignIn, times: int, often: str) -> None:
    row = reminder(told, "delivered")
    tried([row], "delivered", delivered_at=TEN)
    with practice_scope(told.lakeview.pk):
        for token, opened in (("aaaaaaaaaa", times), ("bbbbbbbbbb", 0)):
            TrackedLink.objects.create(
                practice=told.lakeview, token=token, client_id=row.client_id, reminder=row, channel="sms",
                target="https://lakeview.example/book", made_at=TEN, times_opened=opened,
                first_opened_at=TEN if opened else None, last_opened_at=TEN + 20 * MINUTE if opened else None,
            )  # fmt: skip
    assert f"Opened the booking link {often} at 10:20 am." in words(page(signed_in(told.bob), row.client_id))


def test_answers_stand_with_who_wrote_them_and_how_they_fared(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "sent")
    with practice_scope(told.lakeview.pk):
        for number, (writer, touchpoint, state) in enumerate(
            ((told.bob, "staff_answer", "delivered"), (None, "opt_out_reply", "unknown"))
        ):
            message = Message.objects.create(
                practice=told.lakeview, client_id=row.client_id, kind="answer", touchpoint=touchpoint,
                written_by=writer, decided_at=TEN + number * MINUTE,
            )  # fmt: skip
            Delivery.objects.create(
                practice=told.lakeview, message=message, client_id=row.client_id, channel="sms",
                gateway="twilio_sms", to_address="+13125550186", from_name="Lakeview", text=f"Said {number}.",
                state=state, attempted_at=message.decided_at, delivered_at=TEN if state == "delivered" else None,
            )  # fmt: skip
    html = page(signed_in(told.alice), row.client_id)
    seen = words(html)
    assert "Bob answered, by text Delivered Sent at 10 am through Twilio. Arrived at 10 am. Said 0." in seen
    assert "Answer to the opt-out, by text Not known Tried at 10:01 am through Twilio." in seen
    assert html.count("/unsettled/") == 2


def test_the_page_asks_no_more_often_for_sixty_tries_than_for_three(told: Story, signed_in: SignIn) -> None:
    row = reminder(told, "sent")
    browser = signed_in(told.bob)
    page(browser, row.client_id)  # the first look is audited
    counts = []
    for number in (3, 60):
        for each in range(number):
            tried([row], "undelivered", at=TEN + each * MINUTE / 60, is_void=True, error=LANDLINE)
        tried([row], "accepted", at=TEN + 90 * MINUTE)
        with CaptureQueriesContext(connection) as queries:
            page(browser, row.client_id)
        counts.append(len(queries))
    assert counts[0] == counts[1]

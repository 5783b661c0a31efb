"""Is everything that a row may hold said in a sentence?"""

import re
from datetime import date, time

import pytest

from clients.models import Consent, ServiceIssue, Suppression
from clients.models.appointment import AppointmentStatus
from clients.models.consent import ConsentScope
from dashboard.views.client.timeline.words_said import CALLS, CONSENTS, ISSUES, OPT_OUTS, SCOPES
from dashboard.views.wording.moments import day_words, distance_words, hour_words
from dashboard.views.wording.outreach import by_channels, touchpoint_name
from dashboard.views.wording.reasons import SENTENCES, reason_sentence
from dashboard.views.wording.states import APPOINTMENTS, DELIVERIES, REMINDERS
from reminders.engine.words import Reason, ReminderState, Touchpoint
from reminders.models import Call, Delivery


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_sentence(reason: Reason) -> None:
    sentence = reason_sentence(reason.value)
    assert re.fullmatch(r"[A-Za-z][^_]*\.", sentence), sentence
    assert reason.value not in sentence
    assert "!" not in sentence
    assert "please" not in sentence.lower()


def test_no_two_reasons_read_the_same() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES) == len(Reason)


def test_no_reason_says_nothing() -> None:
    assert reason_sentence("") == ""


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="MADE_UP"):
        reason_sentence("MADE_UP")


@pytest.mark.parametrize("touchpoint", list(Touchpoint))
def test_every_touchpoint_has_a_name(touchpoint: Touchpoint) -> None:
    assert touchpoint_name(touchpoint.value)
    assert "_" not in touchpoint_name(touchpoint.value)


def test_every_state_has_a_shape_and_a_word() -> None:
    assert set(REMINDERS) == set(ReminderState)
    assert set(DELIVERIES) == set(Delivery.State)
    assert set(APPOINTMENTS) == set(AppointmentStatus)


def test_everything_said_about_messages_has_words() -> None:
    assert set(CONSENTS) == set(Consent.Kind)
    assert set(SCOPES) == {scope.value for scope in ConsentScope}
    assert set(OPT_OUTS) == set(Suppression.Origin)
    assert set(ISSUES) == set(ServiceIssue.Origin)
    assert set(CALLS) == set(Call.Reason)


def test_days_are_said_as_people_say_them_over_a_year_and_both_clock_changes() -> None:
    today = date(2026, 12, 31)
    assert day_words(date(2027, 1, 1), today) == "Tomorrow"
    assert day_words(date(2027, 1, 2), today) == "Sat, Jan 2"
    assert day_words(date(2026, 12, 25), today) == "Friday"
    assert day_words(date(2026, 12, 24), today) == "Dec 24"
    assert day_words(date(2025, 12, 31), today) == "Dec 31, 2025"
    assert distance_words(date(2027, 1, 1), today) == ""
    assert distance_words(date(2027, 3, 14), today) == "in 10 weeks"


@pytest.mark.parametrize(
    ("wall", "words"), [(time(0), "12 am"), (time(12), "12 pm"), (time(9, 5), "9:05 am"), (time(23, 59), "11:59 pm")]
)
def test_hours_are_said_as_people_say_them(wall: time, words: str) -> None:
    assert hour_words(wall) == words


def test_channels_are_named_once() -> None:
    assert by_channels(["sms", "sms"]) == ", by text"
    assert by_channels([]) == ""

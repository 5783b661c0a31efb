"""Is only chosen what may be chosen, kept field by field, and written into the trail without texts? [TEN-3, TEN-5]"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from uuid6 import uuid7

from practices.events import PracticeChanged, practice_changed
from practices.models import AuditEntry, Location, Practice, Provider
from practices.operations.auditing import Actor
from practices.operations.settings import (
    NotHere,
    SettingsRefused,
    change_location,
    change_practice,
    change_provider,
    pause_practice,
    resume_practice,
)
from practices.queries.settings_rules import PROMOTION_CLOSES, PROMOTION_OPENS, STATES, contrast_on_white
from practices.tenancy import practice_scope
from reminders.engine.state_rules import PROMOTIONAL_WEEK, STATE_RULES
from tests.builders.practices import alice, bob, charlie, hilltop, lakeview, location, provider

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
WHO = Actor(uuid7(), "203.0.113.9")


@pytest.fixture
def practice(db: None) -> Practice:
    return lakeview()


@pytest.fixture
def heard() -> Iterator[list[PracticeChanged]]:
    events: list[PracticeChanged] = []

    def listen(sender: Any, event: PracticeChanged, **kwargs: Any) -> None:
        events.append(event)

    practice_changed.connect(listen, weak=False, dispatch_uid="test")
    yield events
    practice_changed.disconnect(dispatch_uid="test")


def now_of(practice: Practice) -> Practice:
    with practice_scope(practice.pk):
        return Practice.objects.get(pk=practice.pk)


def trail(practice: Practice) -> list[tuple[str, dict[str, Any]]]:
    with practice_scope(practice.pk):
        rows = AuditEntry.objects.filter(staff_member_id=WHO.staff_member_id).order_by("number")
        return [(row.action, row.detail) for row in rows]


def problems(practice: Practice, **changes: Any) -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refused:
        change_practice(practice.pk, changes, WHO, NOW)
    return refused.value.problems


def test_only_what_differs_is_written_audited_and_told(practice: Practice, heard: list[PracticeChanged]) -> None:
    changed = change_practice(practice.pk, {"cap_days": 5, "confirms": "all", "name": " Lake  View "}, WHO, NOW)

    assert changed == {"cap_days", "name"}
    assert (now_of(practice).cap_days, now_of(practice).name) == (5, "Lake View")
    assert heard == [PracticeChanged(practice.pk, frozenset({"practice.cap_days", "practice.name"}), NOW)]
    assert trail(practice) == [("practice_changed", {"changed": {"cap_days": [3, 5], "name": None}})]


def test_nothing_different_is_neither_audited_nor_told(practice: Practice, heard: list[PracticeChanged]) -> None:
    assert change_practice(practice.pk, {"cap_days": 3}, WHO, NOW) == frozenset()
    assert change_practice(practice.pk, {}, WHO, NOW) == frozenset()
    assert (heard, trail(practice)) == ([], [])


def test_free_text_never_enters_the_trail(practice: Practice) -> None:
    texts = {
        "name": "Secret One",
        "address_line": "Secret Two",
        "phone": "312 809 6490",
        "booking_url": "https://secret.example/",
    }
    change_practice(practice.pk, texts, WHO, NOW)
    change_location(practice.pk, location(practice).pk, {"parking": "Secret behind", "city": "Secret"}, WHO, NOW)
    change_provider(practice.pk, provider(practice).pk, {"display_name": "Secret", "is_active": False}, WHO, NOW)

    said = str(trail(practice))
    assert "ecret" not in said
    assert "809" not in said
    assert "'is_active': [True, False]" in said


@pytest.mark.parametrize(
    ("opens", "closes", "field", "remedy"),
    [
        (time(9, 59), None, "promotion_opens", "Choose 10 am or later."),
        (time(0), None, "promotion_opens", "Choose 10 am or later."),
        (time(20), None, "promotion_opens", "Choose an earlier hour."),
        (None, time(20, 1), "promotion_closes", "Choose 8 pm or earlier."),
        (None, time(0), "promotion_closes", "Choose 8 pm or earlier."),
        (None, time(9), "promotion_closes", "Choose a later hour to end."),
        (time(15), time(15, 59), "promotion_closes", "Leave at least an hour"),
        (time(15), time(12), "promotion_closes", "Leave at least an hour"),
    ],
)
def test_hours_are_narrowed_never_widened(
    practice: Practice, opens: time | None, closes: time | None, field: str, remedy: str
) -> None:
    said = problems(practice, promotion_opens=opens, promotion_closes=closes)
    assert remedy in said[field]
    assert (now_of(practice).promotion_opens, now_of(practice).promotion_closes) == (None, None)


def test_the_hours_that_hold_for_everybody_are_those_of_the_engine() -> None:
    opens, closes = PROMOTION_OPENS.hour * 60, PROMOTION_CLOSES.hour * 60
    assert set(PROMOTIONAL_WEEK) == {(opens, closes), None}


def test_an_end_that_is_changed_alone_is_held_against_the_other_as_it_stands(practice: Practice) -> None:
    change_practice(practice.pk, {"promotion_opens": time(17)}, WHO, NOW)
    assert "Leave at least an hour" in problems(practice, promotion_closes=time(17, 30))["promotion_closes"]
    change_practice(practice.pk, {"promotion_closes": time(18)}, WHO, NOW)
    assert "Leave at least an hour" in problems(practice, promotion_opens=time(17, 30))["promotion_opens"]


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("name", "   ", "Write the name"),
        ("name", "x" * 121, "Shorten it to 120"),
        ("time_zone", "Central", "America/Chicago"),
        ("time_zone", "EST", "America/Chicago"),
        ("phone", "call us", "(312) 555-0100"),
        ("phone", "555-0100", "with its area code"),
        ("phone", "(312) 809-6490 ext. 4", "with its area code"),
        ("booking_url", "http://lakeview.example", "https://"),
        ("booking_url", "javascript:alert(1)", "https://"),
        ("booking_url", "https://", "Copy it from the browser"),
        ("booking_url", "https://lake view.example/", "Copy it from the browser"),
        ("booking_url", "https://user@lakeview.example/", "Copy it from the browser"),
        ("booking_url", "https://[::1/", "Copy it from the browser"),
        ("logo_url", f"https://lakeview.example/{'x' * 200}", "Give a shorter one"),
        ("color", "teal", "six digits"),
        ("color", "#f2c6cf", "contrast of 1.5, and a button needs 3. Choose a darker one."),
        ("voice", "robot", "Choose one"),
        ("confirms", "some", "Choose one"),
        ("cap_days", 0, "Choose 1 to 30 days"),
        ("cap_days", 31, "Choose 1 to 30 days"),
        ("reactivation_limit", 13, "Choose 1 to 12 messages"),
    ],
)
def test_what_may_not_be_chosen_is_refused_with_what_to_do(
    practice: Practice, field: str, value: Any, remedy: str
) -> None:
    before = getattr(now_of(practice), field)
    said = problems(practice, **{field: value, "email_detail": "discreet"})
    assert list(said) == [field]
    assert remedy in said[field]
    assert (getattr(now_of(practice), field), now_of(practice).email_detail) == (before, "named")
    assert trail(practice) == []


def test_all_problems_are_told_at_once(practice: Practice) -> None:
    assert problems(practice, name="", cap_days=99, color="x").keys() == {"name", "cap_days", "color"}


def test_numbers_colors_and_states_are_kept_in_one_form(practice: Practice) -> None:
    place = location(practice)
    change_practice(practice.pk, {"phone": "(312) 809-6490", "color": "1A5F7A"}, WHO, NOW)
    change_location(practice.pk, place.pk, {"state": " il ", "phone": ""}, WHO, NOW)
    assert (now_of(practice).phone, now_of(practice).color) == ("+13128096490", "#1a5f7a")
    with practice_scope(practice.pk):
        assert Location.objects.get(pk=place.pk).state == "IL"
    assert trail(practice)[1] == ("location_changed", {"changed": {"state": ["", "IL"]}})


def test_every_state_of_the_law_s_table_is_known() -> None:
    assert set(STATE_RULES.by_state) <= STATES


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_on_white("#ffffff") == 1
    assert contrast_on_white("#000000") == 21
    assert 2.99 < contrast_on_white("#949494") < 3.04


def test_a_wrong_state_names_what_hangs_on_it(practice: Practice) -> None:
    with pytest.raises(SettingsRefused, match="its law sets the hours"):
        change_location(practice.pk, location(practice).pk, {"state": "ZZ"}, WHO, NOW)


def test_a_location_that_is_renamed_is_still_found_by_the_records(practice: Practice) -> None:
    place = location(practice, "Lincoln Park")
    change_location(practice.pk, place.pk, {"name": "The Lincoln Park studio"}, WHO, NOW)
    assert location(practice, "Lincoln Park").pk == place.pk


def test_a_login_is_tied_and_untied(practice: Practice) -> None:
    injector, member = provider(practice), bob(practice)
    assert change_provider(practice.pk, injector.pk, {"staff_member_id": member.pk}, WHO, NOW) == {"staff_member_id"}
    with practice_scope(practice.pk):
        assert Provider.objects.get(pk=injector.pk).staff_member_id == member.pk
    assert trail(practice)[-1][1] == {"changed": {"staff_member_id": [None, str(member.pk)]}}
    change_provider(practice.pk, injector.pk, {"staff_member_id": None}, WHO, NOW)
    with practice_scope(practice.pk):
        assert Provider.objects.get(pk=injector.pk).staff_member_id is None


def test_only_staff_of_the_practice_may_be_tied(practice: Practice) -> None:
    injector, stranger, gone = provider(practice), charlie(hilltop()), alice(practice)
    with practice_scope(practice.pk):
        gone.is_active = False
        gone.save()
    for member in (stranger, gone):
        with pytest.raises(SettingsRefused, match="on the practice’s staff"):
            change_provider(practice.pk, injector.pk, {"staff_member_id": member.pk}, WHO, NOW)


def test_a_neighbor_s_place_and_provider_are_not_here(practice: Practice) -> None:
    there = hilltop()
    place, injector = location(there), provider(there)
    with pytest.raises(NotHere):
        change_location(practice.pk, place.pk, {"city": "Stolen"}, WHO, NOW)
    with pytest.raises(NotHere):
        change_provider(practice.pk, injector.pk, {"display_name": "Stolen"}, WHO, NOW)
    with practice_scope(there.pk):
        assert Location.objects.get(pk=place.pk).city == ""
        assert Provider.objects.get(pk=injector.pk).display_name == "Pat"


def test_only_a_live_practice_is_held_and_only_a_held_one_resumed(
    practice: Practice, heard: list[PracticeChanged]
) -> None:
    assert not pause_practice(practice.pk, WHO, NOW)
    assert not resume_practice(practice.pk, WHO, NOW)
    with practice_scope(practice.pk):
        Practice.objects.filter(pk=practice.pk).update(status=Practice.Status.LIVE, live_at=NOW)
    assert pause_practice(practice.pk, WHO, NOW)
    assert now_of(practice).status == Practice.Status.PAUSED
    assert not pause_practice(practice.pk, WHO, NOW)
    assert resume_practice(practice.pk, WHO, NOW)
    assert now_of(practice).status == Practice.Status.LIVE
    assert [action for action, _ in trail(practice)] == ["practice_paused", "practice_resumed"]
    assert [event.what for event in heard] == [frozenset({"practice.status"})] * 2


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_do_not_take_back_each_other_s_fields() -> None:
    practice = lakeview()
    together = Barrier(2)

    def change(field: str, value: Any) -> None:
        try:
            together.wait(timeout=20)
            change_practice(practice.pk, {field: value}, WHO, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(change, "cap_days", 7), pool.submit(change, "sms_detail", "discreet")]
        for each in done:
            each.result(timeout=30)
    assert (now_of(practice).cap_days, now_of(practice).sms_detail) == (7, "discreet")
    assert len(trail(practice)) == 2

"""Can a manager change what the practice chose, on pages that say what each choice does? [TEN-3, R2, R26]"""

import re
from datetime import time
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from practices.models import AuditEntry, Location, Practice, Provider, Role
from practices.tenancy import practice_scope
from reminders.models import Reminder
from reminders.operations.sweeping import sweep
from tests.builders import story
from tests.builders.practices import location, member, provider
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

SETTINGS = "/p/lakeview/settings/"
SENDING = f"{SETTINGS}sending/"
PAUSE = f"{SETTINGS}pause/"
LOCATIONS = f"{SETTINGS}locations/"
PROVIDERS = f"{SETTINGS}providers/"


def page(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return unescape(response.content.decode())


def answers(browser: Browser, url: str) -> dict[str, str]:
    """What a browser would send if nobody touched the form."""
    form = browser.get(url).context["form"]
    sent = {}
    for field in form:
        value = field.field.widget.format_value(field.value()) if field.value() is not None else ""
        if isinstance(value, list):
            value = value[0] if value else ""
        if field.widget_type == "checkbox":
            if field.value():
                sent[field.html_name] = "on"
        else:
            sent[field.html_name] = "" if value is None else str(value)
    return sent


def told_after(browser: Browser, url: str, **changes: Any) -> str:
    """Send the form with these changes and follow to the next page."""
    sent = {**answers(browser, url), **changes}
    response = browser.post(url, {name: value for name, value in sent.items() if value is not None}, follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


def chosen(told: Story) -> Practice:
    with practice_scope(told.lakeview.pk):
        return Practice.objects.get(pk=told.lakeview.pk)


def lines(told: Story) -> list[AuditEntry]:
    with practice_scope(told.lakeview.pk):
        return list(AuditEntry.objects.filter(staff_member_id=told.alice.pk).order_by("number"))


@pytest.mark.parametrize("url", [SETTINGS, SENDING, PAUSE, LOCATIONS, PROVIDERS])
def test_only_who_may_change_settings_opens_them(told: Story, signed_in: SignIn, url: str) -> None:
    assert signed_in(told.alice).get(url).status_code == 200
    assert signed_in(member(told.lakeview, "Mia", Role.MANAGER)).get(url).status_code == 200
    assert signed_in(told.bob).get(url).status_code == 403
    assert signed_in(told.bob).post(url, {"do": "hold"}).status_code in {403, 405}
    assert signed_in(member(told.lakeview, "Jordan", Role.INJECTOR)).get(url).status_code == 403
    assert chosen(told).status == Practice.Status.LIVE


@pytest.mark.parametrize("url", [SETTINGS, SENDING])
def test_every_question_says_what_it_does(told: Story, signed_in: SignIn, url: str) -> None:
    form = signed_in(told.alice).get(url).context["form"]
    for field in form.visible_fields():
        assert field.help_text.endswith("."), field.name
    seen = page(signed_in(told.alice), url)
    for field in form.visible_fields():
        assert field.help_text in seen


@pytest.mark.parametrize("url", [SETTINGS, SENDING])
def test_a_form_that_nobody_touched_changes_nothing(told: Story, signed_in: SignIn, url: str) -> None:
    before = {f.attname: getattr(chosen(told), f.attname) for f in Practice._meta.concrete_fields}
    assert "Nothing was different" in told_after(signed_in(told.alice), url)
    assert {f.attname: getattr(chosen(told), f.attname) for f in Practice._meta.concrete_fields} == before
    assert [each.action for each in lines(told)] == []


def test_a_choice_is_kept_said_and_audited_with_where_it_came_from(told: Story, signed_in: SignIn) -> None:
    seen = told_after(signed_in(told.alice), SENDING, cap_days="5", consultation_fits=None)
    assert "Changed: days between two messages to one client and a booked consultation" in seen
    assert (chosen(told).cap_days, chosen(told).consultation_fits) == (5, False)
    [line] = lines(told)
    assert (line.action, line.address) == ("practice_changed", "127.0.0.1")
    assert line.detail == {"changed": {"cap_days": [3, 5], "consultation_fits": [True, False]}}


def test_hours_before_ten_are_refused_beside_the_field_and_nothing_is_saved(told: Story, signed_in: SignIn) -> None:
    seen = told_after(signed_in(told.alice), SENDING, promotion_opens="09:00", cap_days="9")
    assert "Before 10 am no promotion may leave, wherever the client lives. Choose 10 am or later." in seen
    assert 'value="09:00"' in seen, "what was typed stays"
    assert "Nothing was saved" in seen
    assert (chosen(told).promotion_opens, chosen(told).cap_days) == (None, 3)


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("cap_days", "many", "Choose 1 to 30, in figures."),
        ("cap_days", "", "Choose 1 to 30."),
        ("promotion_closes", "late", "This is no time of day."),
        ("voice", "", "Choose one of the answers."),
        ("confirms", "some", "Choose one of the answers."),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused_in_words(
    told: Story, signed_in: SignIn, field: str, value: str, remedy: str
) -> None:
    assert remedy in told_after(signed_in(told.alice), SENDING, **{field: value})
    assert lines(told) == []


def test_narrower_hours_move_what_is_planned_once_the_sweep_has_passed(told: Story, signed_in: SignIn) -> None:
    def due() -> list[Any]:
        with practice_scope(told.lakeview.pk):
            rows = Reminder.objects.filter(client=told.siobhan, state="planned", sequence__kind="refill")
            return [each.due_at for each in rows.order_by("due_at")]

    before = due()
    assert before
    told_after(signed_in(told.alice), SENDING, promotion_opens="14:00")
    sweep(lambda: story.NOW)
    assert chosen(told).promotion_opens == time(14)
    assert {each.astimezone(story.NOW.tzinfo).hour for each in due()} == {20}
    assert due() != before


def test_two_managers_with_the_same_page_open_keep_each_other_s_changes(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    opened = answers(browser, SENDING)
    told_after(browser, SENDING, cap_days="6")
    seen = browser.post(SENDING, {**opened, "sms_detail": "discreet"}, follow=True).content.decode()
    assert "Changed: a text message." in seen
    assert (chosen(told).cap_days, chosen(told).sms_detail) == (6, "discreet")


def test_a_form_without_its_memory_still_saves_what_differs(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for was in ("", "no json", "[1]", None):
        told_after(browser, SENDING, was=was, cap_days="8")
        assert chosen(told).cap_days == 8
        told_after(browser, SENDING, cap_days="3")


def test_the_practice_s_page_says_how_well_its_color_is_read(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    assert "a button needs 3. Choose a darker one." in told_after(browser, SETTINGS, color="#ffd9e0")
    seen = told_after(browser, SETTINGS, color="#005769", phone="312 809 6490", name="Lake View")
    assert "Its contrast on white is 8." in seen
    assert 'value="(312) 809-6490"' in seen
    assert "Lake View · medspa" in seen
    assert "Nothing was different" in told_after(browser, SETTINGS)


def test_holding_all_messages_is_asked_first_and_can_be_undone(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    assert PAUSE in page(browser, SENDING)
    assert "From now on nothing leaves" in page(browser, PAUSE)
    assert chosen(told).status == Practice.Status.LIVE
    seen = unescape(browser.post(PAUSE, {"do": "hold"}, follow=True).content.decode())
    assert "All messages are held." in seen
    assert "Resume messages" in seen
    assert chosen(told).status == Practice.Status.PAUSED
    assert "Keep holding them" in page(browser, PAUSE)
    assert "Nothing to hold" in browser.post(PAUSE, {"do": "hold"}, follow=True).content.decode()
    assert "Messages leave again." in browser.post(PAUSE, {"do": "resume"}, follow=True).content.decode()
    assert "Nothing to resume" in browser.post(PAUSE, {"do": "resume"}, follow=True).content.decode()
    assert [each.action for each in lines(told)] == ["practice_paused", "practice_resumed"]


def test_a_practice_that_is_not_live_has_nothing_to_hold(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.charlie)
    url = "/p/hilltop/settings/"
    assert "Not live yet." in page(browser, f"{url}sending/")
    assert "the practice is not live yet" in browser.get(f"{url}pause/", follow=True).content.decode()


def test_a_location_is_changed_on_its_own_page(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    with practice_scope(told.lakeview.pk):
        place = Location.objects.get(name="Lincoln Park")
    url = f"{LOCATIONS}{place.pk}/"
    assert url in page(browser, LOCATIONS)
    assert "2210 N Clark St, Chicago, IL" in page(browser, LOCATIONS)
    assert "its law sets the hours" in told_after(browser, url, state="ZZ")
    seen = told_after(browser, url, parking="Park behind the building.", state="wi", phone="(312) 809-6490")
    assert "Changed: state, phone and parking." in seen
    assert "(312) 809-6490" in seen
    with practice_scope(told.lakeview.pk):
        place.refresh_from_db()
    assert (place.parking, place.state, place.phone) == ("Park behind the building.", "WI", "+13128096490")
    [line] = lines(told)
    assert line.subject_id == place.pk
    assert line.detail == {"changed": {"parking": None, "phone": None, "state": ["IL", "WI"]}}


def test_a_provider_gets_a_name_a_login_and_may_leave(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    injector = provider(told.lakeview, "Jordan Blake NP")
    url = f"{PROVIDERS}{injector.pk}/"
    assert url in page(browser, PROVIDERS)
    seen = told_after(browser, url, display_name="Jo", staff_member_id=str(told.bob.pk), is_active=None)
    assert "Changed: name in messages, signs in as and treats here." in seen
    assert "No longer treats here" in seen
    assert "Bob" in seen
    with practice_scope(told.lakeview.pk):
        injector.refresh_from_db()
    assert (injector.display_name, injector.staff_member_id, injector.is_active) == ("Jo", told.bob.pk, False)
    assert "Write what clients call them" in told_after(browser, url, display_name=" ")
    assert "Choose somebody" in told_after(browser, url, staff_member_id=str(told.charlie.pk))
    told_after(browser, url, staff_member_id="")
    with practice_scope(told.lakeview.pk):
        injector.refresh_from_db()
    assert injector.staff_member_id is None


def test_a_neighbor_s_location_and_provider_are_not_found(told: Story, signed_in: SignIn) -> None:
    place, injector = location(told.hilltop), provider(told.hilltop)
    browser = signed_in(told.alice)
    for url in (f"{LOCATIONS}{place.pk}/", f"{PROVIDERS}{injector.pk}/", f"{LOCATIONS}{uuid7()}/"):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"name": "Stolen", "display_name": "Stolen"}).status_code == 404
    with practice_scope(told.hilltop.pk):
        assert not Provider.objects.filter(display_name="Stolen").exists()


def test_pages_without_locations_or_providers_say_where_they_come_from(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.charlie)
    assert "No locations yet." in page(browser, "/p/hilltop/settings/locations/")
    assert "No providers yet." in page(browser, "/p/hilltop/settings/providers/")


def test_what_is_typed_is_shown_as_text(told: Story, signed_in: SignIn) -> None:
    told_after(signed_in(told.alice), SETTINGS, name="<b>Lake & View</b>")
    raw = signed_in(told.alice).get(SETTINGS).content.decode()
    assert "<b>Lake" not in raw
    assert "&lt;b&gt;Lake &amp; View&lt;/b&gt;" in raw


def test_pages_take_the_same_number_of_queries_however_many_there_are(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)

    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    for number in range(2):
        location(told.lakeview, f"Place {number}")
        provider(told.lakeview, f"Injector {number}")
    few = {url: queries(url) for url in (LOCATIONS, PROVIDERS, SETTINGS, SENDING)}
    for number in range(2, 30):
        location(told.lakeview, f"Place {number}")
        provider(told.lakeview, f"Injector {number}")
    assert {url: queries(url) for url in few} == few
    assert max(few.values()) <= 20, few


def test_no_page_of_the_settings_styles_itself(told: Story, signed_in: SignIn) -> None:
    for url in (SETTINGS, SENDING, PAUSE, LOCATIONS, PROVIDERS):
        raw = signed_in(told.alice).get(url).content.decode()
        assert not re.search(r"\sstyle=|<style|onclick|<script>", raw)

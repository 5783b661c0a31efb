"""How does a new practice come to its first message? (SEQ-9, SEQ-12)"""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from pytest_django import DjangoCaptureOnCommitCallbacks

from clients.models.consent import ConsentAttestation
from practices import clock
from practices.models import AuditEntry, Practice, Role, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders import tasks
from reminders.operations.outlook import begin_outlook, outlook_of, take_live, work_out
from tests.builders.day import unknown_service
from tests.builders.practices import alice, bob, lakeview, location, member
from tests.builders.story import NOW, client, treated

pytestmark = pytest.mark.django_db

WORDING = "I agree to get appointment reminders and offers by text."
VOUCH = {"scope": "sms", "wording": WORDING, "is_sure": "on"}


@pytest.fixture
def owner() -> StaffMember:
    return alice(lakeview())


def browser_of(somebody: StaffMember) -> Browser:
    browser = Browser()
    browser.force_login(somebody.person)
    return browser


def done(page: str) -> dict[str, bool]:
    found = re.findall(r'<h2>([^<]+)</h2> <span class="state" data-is="(\w+)">', page)
    return {title: state == "booked" for title, state in found}


def test_an_empty_practice_is_told_every_step(owner: StaffMember) -> None:
    page = browser_of(owner).get("/p/lakeview/start/").content.decode()
    assert done(page) == {
        "Bring the records in": False,
        "Map the services": False,
        "Give the postal address": False,
        "Vouch for consent": False,
        "Connect a carrier": False,
        "Invite your team": False,
        "Go live": False,
    }
    assert "manage.py import_export FILE --practice lakeview" in page


def test_each_step_is_done_when_it_is(owner: StaffMember) -> None:
    practice = owner.practice
    browser = browser_of(owner)
    noor = client(practice, "Noor", "Patel", 176)
    with practice_scope(practice.pk):
        Practice.objects.update(address_line="2210 N Clark St, Chicago, IL 60614")
    bob(practice)
    browser.post("/p/lakeview/consent/", VOUCH)
    take_live(practice.pk, Actor(owner.pk), clock.now())
    page = browser.get("/p/lakeview/start/").content.decode()
    assert {title for title, is_done in done(page).items() if not is_done} == {"Connect a carrier"}
    with practice_scope(practice.pk):
        Practice.objects.update(sms_gateway="twilio_sms")
    page = browser.get("/p/lakeview/start/").content.decode()
    assert "Emails still stay in the outbox, which will do for a trial." in page
    assert not done(page)["Connect a carrier"], "in production going live refuses it"
    with practice_scope(practice.pk):
        Practice.objects.update(email_gateway="sendgrid_email")
    page = browser.get("/p/lakeview/start/").content.decode()
    assert set(done(page).values()) == {True}
    assert "Lakeview Aesthetics is live" in page
    assert "manage.py import_export FILE --practice lakeview" in page
    unknown_service(practice, noor, "Lip flip", 1, NOW)
    page = browser.get("/p/lakeview/start/").content.decode()
    assert "One service of your price list means nothing to medspa yet; its treatments wait." in page
    assert "Nothing leaves before you go live." not in page


def test_who_may_not_do_a_step_is_not_led_there(owner: StaffMember) -> None:
    page = browser_of(bob(owner.practice)).get("/p/lakeview/start/").content.decode()
    for name in ("consent", "go-live", "team", "settings"):
        assert f"/p/lakeview/{name}/" not in page
    assert browser_of(bob_again(owner)).get("/p/lakeview/go-live/").status_code == 403


def bob_again(owner: StaffMember) -> StaffMember:
    return member(owner.practice, "Ben", Role.INJECTOR)


def test_vouching_is_kept_with_its_words_and_audited(owner: StaffMember) -> None:
    browser = browser_of(owner)
    page = browser.post("/p/lakeview/consent/", VOUCH, follow=True).content.decode()
    assert f"“{WORDING}”" in page
    assert "Alice vouched on" in page
    with practice_scope(owner.practice_id):
        kept = ConsentAttestation.objects.get()
        assert (kept.scope, kept.attested_by) == ("sms", "Alice")
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.staff_member_id, entry.detail) == ("consent_attested", owner.pk, {"scope": "sms"})


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("scope", "photos", "Choose texts or email."),
        ("wording", "  ", "Enter the words of your form."),
        ("is_sure", "", "Without the forms there is no consent."),
    ],
)
def test_vouching_needs_the_words_and_the_forms(owner: StaffMember, field: str, value: str, words: str) -> None:
    page = browser_of(owner).post("/p/lakeview/consent/", VOUCH | {field: value}).content.decode()
    assert words in page
    with practice_scope(owner.practice_id):
        assert not ConsentAttestation.objects.exists()


def test_what_would_leave_is_worked_out_aside_and_shown(
    owner: StaffMember,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    location(owner.practice, "Lincoln Park", state="IL")
    treated(client(owner.practice, "Noor", "Patel", 176), "botox", NOW.date().replace(month=9, day=24))
    browser = browser_of(owner)
    assert "See what would leave" in browser.get("/p/lakeview/go-live/").content.decode()
    with django_capture_on_commit_callbacks() as handed_over:
        browser.post("/p/lakeview/go-live/")
        browser.post("/p/lakeview/go-live/")
    assert len(handed_over) == 1, "a second press does not do it twice"
    page = browser.get("/p/lakeview/go-live/").content.decode()
    assert "Working out what would leave" in page
    assert 'hx-trigger="every 2s"' in page
    tasks.work_out_going_live(practice_id=str(owner.practice_id))
    again = browser.get("/p/lakeview/go-live/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in again
    known = outlook_of(owner.practice_id)
    assert known is not None
    assert known.figures is not None
    assert known.figures["would_send"] + sum(known.figures["held"].values()) > 0
    assert f'<span class="count">{known.figures["would_send"]}</span>' in again
    assert "Let messages leave from now on" in again
    with practice_scope(owner.practice_id):
        assert Practice.objects.get().status == Practice.Status.SETUP, "looking changes nothing"


def test_going_live_takes_a_look_first_and_is_audited(
    owner: StaffMember, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    browser = browser_of(owner)
    with django_capture_on_commit_callbacks() as handed_over:
        page = browser.post("/p/lakeview/go-live/", {"do": "go"}, follow=True).content.decode()
    assert "See what would leave first." in page
    assert handed_over == []
    work_out(owner.practice_id, clock.now())
    with django_capture_on_commit_callbacks() as handed_over:
        page = browser.post("/p/lakeview/go-live/", {"do": "go"}, follow=True).content.decode()
    assert len(handed_over) == 1
    assert "Going live" in page
    tasks.go_live(practice_id=str(owner.practice_id), staff_member_id=str(owner.pk), address="192.0.2.1")
    assert "Lakeview Aesthetics is live" in browser.get("/p/lakeview/go-live/").content.decode()
    assert "gone live already" in browser.post("/p/lakeview/go-live/", {"do": "go"}, follow=True).content.decode()
    with practice_scope(owner.practice_id):
        entry = AuditEntry.objects.get(action="practice_went_live")
        assert (entry.staff_member_id, entry.address) == (owner.pk, "192.0.2.1")
        assert Practice.objects.get().status == Practice.Status.LIVE


def test_a_task_that_comes_twice_takes_it_live_once(owner: StaffMember) -> None:
    for _ in range(2):
        take_live(owner.practice_id, Actor(owner.pk), clock.now())
    with practice_scope(owner.practice_id):
        assert AuditEntry.objects.filter(action="practice_went_live").count() == 1


def test_a_failure_lets_it_be_asked_for_again(owner: StaffMember, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    tries: list[tuple[str, Callable[[], None]]] = [
        ("dry_run", lambda: work_out(owner.practice_id, clock.now())),
        ("go_live", lambda: take_live(owner.practice_id, Actor(owner.pk), clock.now())),
    ]
    for name, act in tries:
        monkeypatch.setattr(f"reminders.operations.outlook.{name}", fail)
        assert begin_outlook(owner.practice_id)
        assert not begin_outlook(owner.practice_id)
        with pytest.raises(ZeroDivisionError):
            act()
        assert outlook_of(owner.practice_id) is None


def test_the_outlook_of_a_practice_is_its_own(owner: StaffMember) -> None:
    from tests.builders.practices import charlie, hilltop

    work_out(owner.practice_id, clock.now())
    page = browser_of(charlie(hilltop())).get("/p/hilltop/go-live/").content.decode()
    assert "Leaves in the next 30 days" not in page

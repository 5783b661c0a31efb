"""Who works in the practice, and who decides on it? (TEN-2)"""

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks
from uuid6 import uuid7

from practices.models import Invitation, Role, StaffMember
from practices.tenancy import practice_scope
from tests.builders.practices import alice, bob, charlie, hilltop, lakeview, member, provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> StaffMember:
    return alice(lakeview())


def browser_of(somebody: StaffMember) -> Browser:
    browser = Browser()
    browser.force_login(somebody.person)
    return browser


def test_an_owner_sees_the_team_and_who_was_asked(owner: StaffMember) -> None:
    bob(owner.practice)
    browser = browser_of(owner)
    browser.post("/p/lakeview/team/", {"email": "Dana@example.com", "role": "injector"})
    page = browser.get("/p/lakeview/team/").content.decode()
    assert "Two people work here; one was asked to join." in page
    assert "dana@example.com was invited." in page
    assert page.index("Alice") < page.index("Bob") < page.index("Asked to join")


@pytest.mark.parametrize("role", [Role.INJECTOR, Role.FRONT_DESK])
def test_who_may_not_manage_the_team_is_refused(owner: StaffMember, role: Role) -> None:
    browser = browser_of(member(owner.practice, "Dora", role))
    for url in ("team/", f"team/{owner.pk}/", f"team/{owner.pk}/remove/"):
        assert browser.get(f"/p/lakeview/{url}").status_code == 403
        assert browser.post(f"/p/lakeview/{url}", {"role": "owner"}).status_code == 403
    assert "/p/lakeview/team/" not in browser.get("/p/lakeview/clients/").content.decode()


def test_the_letter_leaves_when_the_invitation_is_kept(
    owner: StaffMember,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser_of(owner).post("/p/lakeview/team/", {"email": "dana@example.com", "role": "manager"})
    (letter,) = mailoutbox
    assert letter.to == ["dana@example.com"]
    assert letter.subject == "Join Lakeview Aesthetics on medspa"
    assert "/join/" in str(letter.body)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "", "role": "manager"}, "Enter their email address."),
        ({"email": "dana", "role": "manager"}, "This is not an email address."),
        ({"email": "dana@example.com", "role": ""}, "Choose a role."),
        ({"email": "dana@example.com", "role": "queen"}, "Select a valid choice"),
        ({"email": "ALICE@example.com", "role": "manager"}, "in the practice already"),
    ],
)
def test_a_wrong_answer_is_named_and_nobody_is_invited(owner: StaffMember, fields: dict[str, str], words: str) -> None:
    assert words in browser_of(owner).post("/p/lakeview/team/", fields).content.decode()
    with practice_scope(owner.practice_id):
        assert not Invitation.objects.exists()


def test_an_injector_of_another_practice_cannot_be_named(owner: StaffMember) -> None:
    theirs = provider(hilltop(), "Kim Other NP")
    fields = {"email": "dana@example.com", "role": "injector", "provider": str(theirs.pk)}
    assert "no such injector" in browser_of(owner).post("/p/lakeview/team/", fields).content.decode()


def test_a_manager_is_not_offered_to_make_owners_or_to_change_them(owner: StaffMember) -> None:
    browser = browser_of(member(owner.practice, "Maya", Role.MANAGER))
    page = browser.get("/p/lakeview/team/").content.decode()
    assert 'value="owner"' not in page
    assert f"/p/lakeview/team/{owner.pk}/" not in page
    assert (
        "Select a valid choice"
        in browser.post("/p/lakeview/team/", {"email": "dana@example.com", "role": "owner"}).content.decode()
    )
    for url in (f"/p/lakeview/team/{owner.pk}/", f"/p/lakeview/team/{owner.pk}/remove/"):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"role": "manager"}).status_code == 404


def test_a_role_is_changed_and_felt_at_the_next_press(owner: StaffMember) -> None:
    desk = bob(owner.practice)
    browser, theirs = browser_of(owner), browser_of(desk)
    assert theirs.get("/p/lakeview/team/").status_code == 403
    assert browser.post(f"/p/lakeview/team/{desk.pk}/", {"role": "manager"})["Location"] == "/p/lakeview/team/"
    assert "Bob is manager now." in browser.get("/p/lakeview/team/").content.decode()
    assert theirs.get("/p/lakeview/team/").status_code == 200


def test_the_only_owner_can_neither_step_down_nor_leave(owner: StaffMember) -> None:
    browser = browser_of(owner)
    assert "only owner" in browser.post(f"/p/lakeview/team/{owner.pk}/", {"role": "manager"}).content.decode()
    after = browser.post(f"/p/lakeview/team/{owner.pk}/remove/", follow=True)
    assert "only owner" in after.content.decode()
    assert browser.get("/p/lakeview/team/").status_code == 200


def test_an_owner_who_steps_down_is_led_away_from_the_team(owner: StaffMember) -> None:
    member(owner.practice, "Olga", Role.OWNER)
    browser = browser_of(owner)
    assert browser.post(f"/p/lakeview/team/{owner.pk}/", {"role": "injector"})["Location"] == "/"
    assert browser.get("/p/lakeview/team/").status_code == 403


def test_who_is_removed_finds_nothing_at_the_next_press(owner: StaffMember) -> None:
    desk = bob(owner.practice)
    browser, theirs = browser_of(owner), browser_of(desk)
    assert theirs.get("/p/lakeview/clients/").status_code == 200
    assert "Remove the access of Bob" in browser.get(f"/p/lakeview/team/{desk.pk}/remove/").content.decode()
    browser.post(f"/p/lakeview/team/{desk.pk}/remove/")
    assert theirs.get("/p/lakeview/clients/").status_code == 404
    assert "bob@example.com" not in browser.get("/p/lakeview/team/").content.decode()
    assert browser.get(f"/p/lakeview/team/{desk.pk}/").status_code == 404


def test_an_invitation_is_sent_again_and_revoked(owner: StaffMember) -> None:
    browser = browser_of(owner)
    browser.post("/p/lakeview/team/", {"email": "dana@example.com", "role": "injector"})
    with practice_scope(owner.practice_id):
        invitation = Invitation.objects.get()
    base = f"/p/lakeview/team/invitations/{invitation.pk}"
    assert "was invited again" in browser.post(f"{base}/resend/", follow=True).content.decode()
    assert browser.get(f"{base}/resend/").status_code == 405
    assert "was revoked" in browser.post(f"{base}/revoke/", follow=True).content.decode()
    assert browser.post(f"{base}/revoke/").status_code == 404
    assert browser.post(f"{base}/resend/").status_code == 404


def test_a_neighbour_s_member_and_invitation_do_not_exist(owner: StaffMember) -> None:
    theirs = charlie(hilltop())
    browser_of(theirs).post("/p/hilltop/team/", {"email": "dana@example.com", "role": "injector"})
    with practice_scope(theirs.practice_id):
        invitation = Invitation.objects.get()
    browser = browser_of(owner)
    for url in (f"{theirs.pk}/", f"{theirs.pk}/remove/", f"{uuid7()}/"):
        assert browser.post(f"/p/lakeview/team/{url}", {"role": "manager"}).status_code == 404
    for action in ("resend", "revoke"):
        assert browser.post(f"/p/lakeview/team/invitations/{invitation.pk}/{action}/").status_code == 404
    with practice_scope(theirs.practice_id):
        assert Invitation.objects.get().revoked_at is None


def test_the_page_asks_the_same_number_of_questions_whatever_the_size(owner: StaffMember) -> None:
    browser = browser_of(owner)

    def grow(start: int, end: int) -> int:
        for number in range(start, end):
            member(owner.practice, f"Person {number}", Role.INJECTOR)
            browser.post("/p/lakeview/team/", {"email": f"asked{number}@example.com", "role": "injector"})
        browser.get("/p/lakeview/team/")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/p/lakeview/team/").content.decode()
        assert f"person{end - 1}" in page.replace(".", "").replace(" ", "").lower()
        return len(asked)

    assert grow(0, 1) == grow(1, 30)

"""How does an invited person come in? (TEN-2)"""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from practices import clock
from practices.models import Invitation, Person, Role, StaffMember
from practices.operations.auditing import Actor
from practices.operations.invitations import invite, revoke
from practices.queries.directory import practices_of
from practices.queries.team import invitation_token
from practices.tenancy import practice_scope
from tests.builders.practices import PASSWORD, alice, lakeview, person

pytestmark = pytest.mark.django_db

CLOSED = "This invitation opens nothing"
NEW = {"name": "Dana Ríos", "password": "a garden of quiet stones"}


@pytest.fixture
def owner() -> StaffMember:
    return alice(lakeview())


@pytest.fixture
def link(owner: StaffMember) -> str:
    """Where dana@example.com is invited as injector."""
    with practice_scope(owner.practice_id):
        invitation = invite(owner.practice_id, Actor(owner.pk), "Dana@example.com", Role.INJECTOR, clock.now())
    return f"/join/{invitation_token(owner.practice_id, invitation.pk)}/"


def test_somebody_new_signs_up_with_the_address_of_the_letter_and_is_in(link: str) -> None:
    browser = Browser()
    page = browser.get(link).content.decode()
    assert "Join Lakeview Aesthetics" in page
    assert "dana@example.com is invited as injector" in page
    assert browser.post(link, NEW)["Location"] == "/p/lakeview/"
    assert browser.get("/p/lakeview/clients/").status_code == 200
    dana = Person.objects.get(email="dana@example.com")
    (place,) = practices_of(dana.pk)
    assert (dana.name, place.role) == ("Dana Ríos", Role.INJECTOR)
    fields = {"login": "dana@example.com", "password": NEW["password"]}
    assert Browser().post("/sign-in/", fields)["Location"] == "/", "the link has confirmed the address"


def test_a_wrong_answer_is_named_and_nobody_is_made(link: str) -> None:
    page = Browser().post(link, {"name": "", "password": "short"}).content.decode()
    assert "Enter your name." in page
    assert "at least 10" in page
    assert not Person.objects.filter(email="dana@example.com").exists()


def test_who_has_an_account_signs_in_and_joins_with_one_press(link: str) -> None:
    dana = person("Dana")
    browser = Browser()
    page = browser.get(link).content.decode()
    assert "You have an account" in page
    assert f"/sign-in/?next={link}" in page.replace("%3A", ":")
    browser.post("/sign-in/", {"login": "dana@example.com", "password": PASSWORD})
    assert "Join Lakeview Aesthetics</button>" in browser.get(link).content.decode()
    assert browser.post(link)["Location"] == "/p/lakeview/"
    assert [place.slug for place in practices_of(dana.pk)] == ["lakeview"]


def test_an_account_that_is_there_is_not_taken_over_by_the_link(link: str) -> None:
    dana = person("Dana")
    page = Browser().post(link, NEW).content.decode()
    assert "You have an account" in page
    dana.refresh_from_db()
    assert dana.check_password(PASSWORD)
    assert practices_of(dana.pk) == ()


def test_somebody_else_is_told_so_and_does_not_come_in(link: str) -> None:
    erin = person("Erin")
    browser = Browser()
    browser.force_login(erin)
    for page in (browser.get(link), browser.post(link)):
        assert "You are signed in as erin@example.com" in page.content.decode()
    assert practices_of(erin.pk) == ()
    assert browser.post("/sign-out/", {"next": link})["Location"] == link


def test_a_used_link_leads_its_owner_in_and_tells_others_nothing(link: str) -> None:
    browser = Browser()
    browser.post(link, NEW)
    assert browser.get(link)["Location"] == "/p/lakeview/"
    other = Browser().get(link)
    assert other.status_code == 404
    assert CLOSED in other.content.decode()
    assert "Lakeview" not in other.content.decode()


def test_revoked_expired_and_made_up_links_look_the_same(
    owner: StaffMember, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up = Browser().get("/join/W10:1abcde:made-up/").content
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7))
    expired = Browser().get(link).content
    monkeypatch.setattr(clock, "now", lambda: now)
    assert Browser().get(link).status_code == 200
    with practice_scope(owner.practice_id):
        revoke(owner.practice_id, Actor(owner.pk), Invitation.objects.get().pk, now)
    revoked = Browser().get(link).content
    assert CLOSED in made_up.decode()
    assert made_up == expired == revoked
    assert CLOSED in Browser().post(link, NEW).content.decode()
    assert not Person.objects.filter(email="dana@example.com").exists()


def test_accounts_are_not_made_without_end(link: str) -> None:
    codes = [Browser().post(link, {"name": "", "password": ""}).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]

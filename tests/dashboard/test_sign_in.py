"""Who comes in, and how often may it be tried? (TEN-4)"""

import pytest
import redis
from django.conf import settings
from django.test import Client as Browser

from dashboard.forms.attempts import MINUTES, MOST
from tests.builders.practices import PASSWORD, alice, hilltop, lakeview, member, person

pytestmark = pytest.mark.django_db

WRONG = "The email or the password is not right."
TOO_MANY = "Wait 15 minutes"


def attempt(email: str = "alice@example.com", password: str = "not this one", address: str = "192.0.2.1") -> str:
    response = Browser(REMOTE_ADDR=address).post("/sign-in/", {"username": email, "password": password})
    return f"in: {response['Location']}" if response.status_code == 302 else response.content.decode()


def test_a_person_signs_in_with_an_email_in_any_case() -> None:
    alice(lakeview())
    assert attempt("Alice@Example.COM", PASSWORD) == "in: /"


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_email_are_told_in_the_same_words(email: str) -> None:
    alice(lakeview())
    page = attempt(email)
    assert WRONG in page
    assert 'role="alert"' in page


def test_an_empty_field_is_named() -> None:
    assert "Enter your password." in attempt(password="")
    assert "Enter your email address." in attempt(email="", password="x")


def test_after_ten_failures_even_the_right_password_waits() -> None:
    alice(lakeview())
    for _ in range(MOST):
        assert WRONG in attempt()
    assert TOO_MANY in attempt(password=PASSWORD)
    assert TOO_MANY in attempt("ALICE@example.com", PASSWORD)


def test_another_address_and_another_email_are_not_held_up() -> None:
    practice = lakeview()
    alice(practice), member(practice, "Dora")
    for _ in range(MOST + 1):
        attempt()
    assert attempt(password=PASSWORD, address="192.0.2.2") == "in: /"
    assert attempt("dora@example.com", PASSWORD) == "in: /"


def test_a_right_password_forgives_the_failures_before_it() -> None:
    alice(lakeview())
    for _ in range(MOST - 1):
        attempt()
    assert attempt(password=PASSWORD) == "in: /"
    assert WRONG in attempt()


def test_the_wait_ends() -> None:
    alice(lakeview())
    for _ in range(MOST + 1):
        attempt()
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        (key,) = server.keys("*sign-in*")
        assert 0 < server.ttl(key) <= MINUTES * 60
        server.expire(key, 0)
    assert attempt(password=PASSWORD) == "in: /"


def test_the_cache_holds_no_email_address() -> None:
    attempt()
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        keys = server.keys("*")
    assert keys
    assert not any(b"alice" in key for key in keys)


def test_somebody_who_left_cannot_come_in() -> None:
    owner = alice(lakeview())
    owner.person.is_active = False
    owner.person.save()
    assert WRONG in attempt(password=PASSWORD)


def test_the_address_asked_for_is_opened_after_signing_in() -> None:
    alice(lakeview())
    fields = {"username": "alice@example.com", "password": PASSWORD}
    here = Browser().post("/sign-in/", fields | {"next": "/p/lakeview/clients/"})
    assert here["Location"] == "/p/lakeview/clients/"
    elsewhere = Browser().post("/sign-in/", fields | {"next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/"


def test_one_practice_opens_its_outbox_and_several_ask_which() -> None:
    first, second = lakeview(), hilltop()
    somebody = alice(first).person
    browser = Browser()
    browser.force_login(somebody)
    assert browser.get("/")["Location"] == "/p/lakeview/outbox/"
    from practices.models import Role, StaffMember
    from practices.tenancy import practice_scope

    with practice_scope(second.pk):
        StaffMember.objects.create(practice=second, person=somebody, role=Role.INJECTOR)
    assert browser.get("/")["Location"] == "/practices/"
    page = browser.get("/practices/").content.decode()
    assert page.index("Hilltop Skin") < page.index("Lakeview Aesthetics")
    assert "Injector" in page


def test_a_person_without_a_practice_is_told_what_to_do() -> None:
    browser = Browser()
    browser.force_login(person("Erin"))
    assert "Nobody has added erin@example.com" in browser.get("/", follow=True).content.decode()


def test_signing_out_needs_a_press() -> None:
    owner = alice(lakeview())
    browser = Browser()
    browser.force_login(owner.person)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.get("/p/lakeview/outbox/").status_code == 200
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert browser.get("/p/lakeview/outbox/").status_code == 302


def test_a_form_without_its_token_is_refused_in_the_look() -> None:
    response = Browser(enforce_csrf_checks=True).post("/sign-in/", {"username": "a@example.com", "password": "x"})
    assert response.status_code == 403

"""Who comes in, and how often may it be tried? (TEN-4)"""

import pytest
import redis
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client as Browser
from pytest_django import Settings

from practices.models import Role, StaffMember
from practices.tenancy import practice_scope
from tests.builders.practices import PASSWORD, alice, hilltop, lakeview, member, person

pytestmark = pytest.mark.django_db

WRONG = "The email or the password is not right."
TOO_MANY = "Wait 15 minutes"
MOST_OF_AN_ACCOUNT = 10
MOST_OF_AN_ADDRESS = 30


def attempt(email: str = "alice@example.com", password: str = "not this one", address: str = "192.0.2.1") -> str:
    response = Browser(REMOTE_ADDR=address).post("/sign-in/", {"login": email, "password": password})
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


def test_after_ten_failures_even_the_right_password_waits_from_anywhere() -> None:
    alice(lakeview())
    for number in range(MOST_OF_AN_ACCOUNT):
        assert WRONG in attempt(address=f"192.0.2.{number}")
    assert TOO_MANY in attempt(password=PASSWORD)
    assert TOO_MANY in attempt("ALICE@example.com", PASSWORD, "192.0.2.77")


def test_another_account_is_not_held_up_until_its_address_is() -> None:
    practice = lakeview()
    alice(practice), member(practice, "Dora")
    for _ in range(MOST_OF_AN_ACCOUNT):
        attempt()
    assert attempt("dora@example.com", PASSWORD) == "in: /"
    for number in range(MOST_OF_AN_ADDRESS - MOST_OF_AN_ACCOUNT):
        assert WRONG in attempt(f"nobody{number}@example.com")
    assert TOO_MANY in attempt("dora@example.com", PASSWORD)
    assert attempt("dora@example.com", PASSWORD, "192.0.2.2") == "in: /"


def test_right_passwords_are_not_counted() -> None:
    alice(lakeview())
    for _ in range(MOST_OF_AN_ACCOUNT + 1):
        assert attempt(password=PASSWORD) == "in: /"


def test_the_wait_ends() -> None:
    alice(lakeview())
    for _ in range(MOST_OF_AN_ACCOUNT):
        attempt()
    assert TOO_MANY in attempt(password=PASSWORD)
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        keys = server.keys("*login_failed*")
        assert len(keys) == 2, "one of the account, one of the address"
        for key in keys:
            assert 0 < server.ttl(key) <= 15 * 60
            server.expire(key, 0)
    assert attempt(password=PASSWORD) == "in: /"


def test_the_cache_holds_no_email_address() -> None:
    attempt()
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        keys = server.keys("*")
    assert keys
    assert not any(b"alice" in key for key in keys)


def test_attempts_are_counted_by_the_address_that_the_proxy_adds(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    alice(lakeview())

    def through_proxy(email: str, claimed: str, address: str) -> str:
        browser = Browser(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"{claimed}, {address}")
        return browser.post("/sign-in/", {"login": email, "password": PASSWORD}).content.decode()

    for number in range(MOST_OF_AN_ADDRESS):
        through_proxy(f"nobody{number}@example.com", f"198.51.100.{number}", "192.0.2.1")
    assert TOO_MANY in through_proxy("alice@example.com", "198.51.100.99", "192.0.2.1")
    assert TOO_MANY not in through_proxy("alice@example.com", "198.51.100.99", "192.0.2.2")


def test_without_a_proxy_nobody_chooses_their_own_address() -> None:
    for number in range(MOST_OF_AN_ADDRESS + 1):
        browser = Browser(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        page = browser.post("/sign-in/", {"login": f"nobody{number}@example.com", "password": "x"}).content.decode()
    assert TOO_MANY in page


def test_somebody_who_left_cannot_come_in() -> None:
    owner = alice(lakeview())
    owner.person.is_active = False
    owner.person.save()
    assert WRONG in attempt(password=PASSWORD)


def test_an_address_that_was_not_confirmed_comes_in_only_after_it_is(mailoutbox: list[object]) -> None:
    somebody = person("Erin")
    EmailAddress.objects.create(user=somebody, email=somebody.email, verified=False, primary=True)
    assert attempt("erin@example.com", PASSWORD) == "in: /confirm-email/"
    assert len(mailoutbox) == 1
    EmailAddress.objects.update(verified=True)
    assert attempt("erin@example.com", PASSWORD) == "in: /"


def test_the_address_asked_for_is_opened_after_signing_in() -> None:
    alice(lakeview())
    fields = {"login": "alice@example.com", "password": PASSWORD}
    here = Browser().post("/sign-in/", fields | {"next": "/p/lakeview/clients/"})
    assert here["Location"] == "/p/lakeview/clients/"
    for foreign in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"):
        assert Browser().post("/sign-in/", fields | {"next": foreign})["Location"] == "/"


def test_the_address_asked_for_stays_in_the_form() -> None:
    page = Browser().get("/p/lakeview/clients/", follow=True).content.decode()
    assert '<input type="hidden" name="next" value="/p/lakeview/clients/">' in page


def test_one_practice_opens_at_once_and_several_ask_which() -> None:
    first, second = lakeview(), hilltop()
    somebody = alice(first).person
    browser = Browser()
    browser.force_login(somebody)
    assert browser.get("/")["Location"] == "/p/lakeview/today/"
    with practice_scope(second.pk):
        StaffMember.objects.create(practice=second, person=somebody, role=Role.INJECTOR)
    assert browser.get("/")["Location"] == "/practices/"
    page = browser.get("/practices/").content.decode()
    assert page.index("Hilltop Skin") < page.index("Lakeview Aesthetics")
    assert "Injector" in page


def test_a_person_without_a_practice_is_told_what_to_do() -> None:
    browser = Browser()
    browser.force_login(person("Erin"))
    page = browser.get("/", follow=True).content.decode()
    assert "invite erin@example.com" in page
    assert 'href="/practices/new/"' in page


def test_signing_out_needs_a_press() -> None:
    owner = alice(lakeview())
    browser = Browser()
    browser.force_login(owner.person)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.get("/p/lakeview/outbox/").status_code == 200
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert browser.get("/p/lakeview/outbox/").status_code == 302


def test_signing_out_leads_to_no_other_site() -> None:
    assert Browser().post("/sign-out/", {"next": "/join/x/"})["Location"] == "/join/x/"
    for foreign in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        assert Browser().post("/sign-out/", {"next": foreign})["Location"] == "/sign-in/"


def test_a_form_without_its_token_is_refused_in_the_look() -> None:
    response = Browser(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@example.com", "password": "x"})
    assert response.status_code == 403

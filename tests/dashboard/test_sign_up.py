"""How does somebody begin, and what does nobody learn by trying? (TEN-2, TEN-4)"""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client as Browser
from pytest_django import Settings

from practices.models import AuditEntry, Person, Practice, Role
from practices.queries.directory import practices_of
from practices.tenancy import practice_scope
from tests.builders.practices import PASSWORD, alice, lakeview, person

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Dana Ríos",
    "practice_name": "Río Skin",
    "time_zone": "America/Denver",
    "email": "Dana@Example.com",
    "password1": "a garden of quiet stones",
}
Letters = list[EmailMessage]


def link_in(letter: EmailMessage) -> str:
    """The address in a letter, without the host: letters name PUBLIC_URL."""
    found = re.search(r"https?://\S+", str(letter.body))
    assert found, letter.body
    return urlsplit(found[0]).path


def sign_up(browser: Browser, **fields: str) -> str:
    response = browser.post("/sign-up/", FORM | fields)
    return str(response["Location"]) if response.status_code == 302 else response.content.decode()


def test_signing_up_makes_a_person_and_a_practice_that_waits_for_the_letter(mailoutbox: Letters) -> None:
    browser = Browser()
    assert sign_up(browser) == "/confirm-email/"
    assert "dana@example.com" in browser.get("/confirm-email/").content.decode()
    dana = Person.objects.get(email="dana@example.com")
    assert dana.name == "Dana Ríos"
    (place,) = practices_of(dana.pk)
    assert (place.slug, place.name, place.role) == ("rio-skin", "Río Skin", Role.OWNER)
    with practice_scope(place.practice_id):
        practice = Practice.objects.get()
        assert (practice.time_zone, practice.status) == ("America/Denver", Practice.Status.SETUP)
        assert AuditEntry.objects.get().action == "practice_founded"
    assert browser.get("/p/rio-skin/start/")["Location"].startswith("/sign-in/"), "not before it is confirmed"
    assert [letter.to for letter in mailoutbox] == [["dana@example.com"]]


def test_the_letter_opened_in_the_same_browser_leads_to_the_first_steps(mailoutbox: Letters) -> None:
    browser = Browser()
    sign_up(browser)
    link = link_in(mailoutbox[0])
    assert "Confirm the address" in browser.get(link).content.decode()
    assert not EmailAddress.objects.get().verified, "looking at it confirms nothing: mail scanners look"
    assert browser.post(link)["Location"] == "/p/rio-skin/start/"
    assert EmailAddress.objects.get().verified
    assert "Bring the records in" in browser.get("/p/rio-skin/start/").content.decode()


def test_the_letter_opened_elsewhere_confirms_and_asks_to_sign_in(mailoutbox: Letters) -> None:
    sign_up(Browser())
    other = Browser()
    assert other.post(link_in(mailoutbox[0]))["Location"] == "/sign-in/"
    page = other.get("/sign-in/").content.decode()
    assert "Your email address is confirmed." in page
    fields = {"login": "dana@example.com", "password": FORM["password1"]}
    assert other.post("/sign-in/", fields)["Location"] == "/"


def test_a_used_or_made_up_link_says_so(mailoutbox: Letters) -> None:
    sign_up(Browser())
    link = link_in(mailoutbox[0])
    Browser().post(link)
    for url in (link, "/confirm-email/MQ:1abcde:made-up/"):
        assert "This link opens nothing" in Browser().get(url).content.decode()


def test_a_known_address_gets_the_same_answer_and_its_owner_a_letter(mailoutbox: Letters) -> None:
    person("Dana")
    fresh, known = Browser(), Browser()
    before = Person.objects.count()
    answers = [sign_up(known), sign_up(fresh, email="erin@example.com", practice_name="Erin Skin")]
    assert answers == ["/confirm-email/", "/confirm-email/"]
    pages = [each.get("/confirm-email/").content.decode() for each in (known, fresh)]
    assert pages[0].replace("dana@", "") == pages[1].replace("erin@", "")
    assert Person.objects.count() == before + 1
    first, second = mailoutbox
    assert (first.to, first.subject) == (["dana@example.com"], "You have an account with medspa")
    assert (second.to, second.subject) == (["erin@example.com"], "Confirm your address for medspa")
    assert practices_of(Person.objects.get(email="dana@example.com").pk) == ()


def test_two_practices_of_a_name_get_addresses_of_their_own() -> None:
    sign_up(Browser())
    sign_up(Browser(), email="erin@example.com")
    assert [place.slug for place in practices_of(Person.objects.get(email="erin@example.com").pk)] == ["rio-skin-2"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Enter your name."),
        ("practice_name", "", "Enter the practice’s name."),
        ("practice_name", "x" * 121, "at most 120"),
        ("time_zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("email", "dana", "This is not an email address."),
        ("password1", "short", "at least 10"),
        ("password1", "password1234", "too common"),
        ("password1", "dana@example.com", "too similar"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(field: str, value: str, words: str) -> None:
    page = sign_up(Browser(), **{field: value})
    assert words in page
    assert Person.objects.count() == 0


def test_the_zones_of_the_united_states_come_first() -> None:
    page = Browser().get("/sign-up/").content.decode()
    assert page.index("Eastern (New York)") < page.index("Hawaii (Honolulu)") < page.index("Abidjan")


def test_a_person_who_works_here_makes_another_practice() -> None:
    browser = Browser()
    owner = alice(lakeview())
    browser.force_login(owner.person)
    assert browser.post("/practices/new/", {"name": "", "time_zone": "America/Chicago"}).status_code == 200
    made = browser.post("/practices/new/", {"name": "Lakeview Aesthetics", "time_zone": "America/Chicago"})
    assert made["Location"] == "/p/lakeview-aesthetics/start/"
    assert browser.get("/")["Location"] == "/practices/"


def test_practices_are_not_made_without_end() -> None:
    browser = Browser()
    browser.force_login(person("Erin"))
    fields = {"name": "Erin Skin", "time_zone": "America/Chicago"}
    codes = [browser.post("/practices/new/", fields).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_a_forgotten_password_is_set_anew_by_the_link_once(mailoutbox: Letters) -> None:
    owner = alice(lakeview())
    elsewhere = Browser()
    elsewhere.post("/sign-in/", {"login": "alice@example.com", "password": PASSWORD})
    assert elsewhere.get("/account/").status_code == 200
    browser = Browser()
    assert browser.post("/reset-password/", {"email": "alice@example.com"})["Location"] == "/reset-password/sent/"
    assert "on its way" in browser.get("/reset-password/sent/").content.decode()
    link = link_in(mailoutbox[0])
    form_url = browser.get(link)["Location"]
    assert "too similar" in browser.post(form_url, {"password1": "alice@example.com"}).content.decode()
    assert browser.post(form_url, {"password1": "a garden of quiet stones"})["Location"] == "/sign-in/"
    assert "Your password was changed." in browser.get("/sign-in/").content.decode()
    assert elsewhere.get("/account/").status_code == 302, "signed out everywhere"
    fields = {"login": "alice@example.com", "password": "a garden of quiet stones"}
    assert Browser().post("/sign-in/", fields)["Location"] == "/"
    assert "This link opens nothing" in Browser().get(link).content.decode()
    assert EmailAddress.objects.get(user=owner.person).verified


def test_an_unknown_address_gets_the_same_answer_and_no_letter(mailoutbox: Letters) -> None:
    response = Browser().post("/reset-password/", {"email": "nobody@example.com"})
    assert response["Location"] == "/reset-password/sent/"
    assert mailoutbox == []


def test_a_mailbox_is_not_filled_with_resets(mailoutbox: Letters) -> None:
    alice(lakeview())
    codes = [
        Browser(REMOTE_ADDR=f"192.0.2.{number}").post("/reset-password/", {"email": "alice@example.com"}).status_code
        for number in range(6)
    ]
    assert codes == [302] * 5 + [429]
    assert len(mailoutbox) == 5


def test_letters_name_where_people_reach_the_service(mailoutbox: Letters, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://medspa.example"
    alice(lakeview())
    Browser().post("/reset-password/", {"email": "alice@example.com"}, HTTP_HOST="localhost")
    sign_up(Browser())
    sign_up(Browser(), email="alice@example.com")
    assert len(mailoutbox) == 3
    assert all("https://medspa.example/" in str(letter.body) for letter in mailoutbox)
    assert not any("localhost" in str(letter.body) for letter in mailoutbox)

"""Does the link in a message stop everything, for whoever holds it and for nobody else? (OPT-1, RFC 8058)"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.test import Client as Browser
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client, Suppression
from portal.views.unsubscribe import unsubscribe
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.operations.stopping_links import (
    AddressKind,
    BadLink,
    StoppingLink,
    read_unsubscribe_token,
    unsubscribe_link,
    unsubscribe_token,
)
from tests.builders import practices

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def practice() -> Practice:
    return practices.lakeview(NOW)


@pytest.fixture
def ann(practice: Practice) -> Client:
    with practice_scope(practice.id):
        return Client.objects.create(
            practice=practice,
            first_name="Ann",
            phone="+13128096490",
            email="ann@example.com",
            created_at=NOW,
            updated_at=NOW,
        )


@pytest.fixture
def browser() -> Browser:
    """A mailbox or a person: no cookie, and cross-site checks on."""
    return Browser(enforce_csrf_checks=True)


def path(practice: Practice, client: Client, kind: AddressKind = AddressKind.EMAIL) -> str:
    return f"/u/{unsubscribe_token(practice.id, client.id, kind)}/"


def suppressions(practice: Practice) -> set[tuple[str, str, str]]:
    with practice_scope(practice.id):
        rows = Suppression.objects.filter(lifted_at=None).values_list("subject", "address", "origin")
        return set(rows)


@pytest.mark.django_db
def test_opening_the_link_asks_and_stops_nothing(browser: Browser, practice: Practice, ann: Client) -> None:
    for _ in range(2):
        page = browser.get(path(practice, ann))
        assert page.status_code == 200
        assert b"Stop reminders from Lakeview Aesthetics?" in page.content
        assert b'<form method="post">' in page.content
    assert browser.head(path(practice, ann)).status_code == 200
    assert suppressions(practice) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("is_multipart", [False, True])
def test_a_mailbox_stops_all_with_one_click(
    browser: Browser, practice: Practice, ann: Client, is_multipart: bool
) -> None:
    if is_multipart:
        answer = browser.post(path(practice, ann), {"List-Unsubscribe": "One-Click"})
    else:
        answer = browser.post(path(practice, ann), ONE_CLICK, content_type=FORM)
    assert answer.status_code == 200
    assert not answer.cookies
    assert ("email", "ann@example.com", "one_click") in suppressions(practice)


@pytest.mark.django_db
@pytest.mark.parametrize("is_cut", [False, True])
def test_with_or_without_the_slash_nobody_is_sent_on(
    browser: Browser, practice: Practice, ann: Client, *, is_cut: bool
) -> None:
    """RFC 8058, 3.1: no redirect, which would turn the POST into a GET."""
    address = path(practice, ann).rstrip("/") if is_cut else path(practice, ann)
    assert browser.get(address).status_code == browser.head(address).status_code == 200
    assert suppressions(practice) == set()
    answer = browser.post(address, ONE_CLICK, content_type=FORM)
    assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    assert ("email", "ann@example.com", "one_click") in suppressions(practice)


@pytest.mark.django_db
def test_only_a_post_stops(browser: Browser, practice: Practice, ann: Client) -> None:
    """RFC 8058, 3.2: what a scanner opens, with whatever query, stops nothing."""
    for answer in (
        browser.get(path(practice, ann), {"List-Unsubscribe": "One-Click"}),
        browser.head(path(practice, ann), {"List-Unsubscribe": "One-Click"}),
        browser.options(path(practice, ann)),
    ):
        assert answer.status_code in {200, 405}
        assert not answer.cookies
    assert suppressions(practice) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded; charset=latin-1"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", ""),
    ],
)
def test_a_form_that_cannot_be_read_stops_all_the_same(
    browser: Browser, practice: Practice, ann: Client, body: bytes, kind: str
) -> None:
    assert browser.generic("POST", path(practice, ann), body, content_type=kind).status_code == 200
    assert ("email", "ann@example.com", "link") in suppressions(practice)


@pytest.mark.django_db
def test_a_person_stops_all_by_the_button_and_hears_that_it_is_done(
    browser: Browser, practice: Practice, ann: Client
) -> None:
    answer = browser.post(path(practice, ann))
    assert answer.status_code == 200
    assert b"You are unsubscribed" in answer.content
    assert ("email", "ann@example.com", "link") in suppressions(practice)


@pytest.mark.django_db
def test_stopping_twice_is_stopping_once(browser: Browser, practice: Practice, ann: Client) -> None:
    browser.post(path(practice, ann), ONE_CLICK, content_type=FORM)
    once = suppressions(practice)
    assert browser.post(path(practice, ann)).status_code == 200
    assert browser.post(path(practice, ann), ONE_CLICK, content_type=FORM).status_code == 200
    assert suppressions(practice) == once


@pytest.mark.django_db
def test_the_link_of_a_text_message_stops_the_phone(browser: Browser, practice: Practice, ann: Client) -> None:
    browser.post(path(practice, ann, AddressKind.PHONE))
    assert ("phone", "+13128096490", "link") in suppressions(practice)


@pytest.mark.django_db
def test_a_client_without_any_address_left_is_stopped_all_the_same(
    browser: Browser, practice: Practice, ann: Client
) -> None:
    with practice_scope(practice.id):
        Client.objects.filter(id=ann.id).update(email="", phone="")
    assert browser.post(path(practice, ann)).status_code == 200
    assert ("client", str(ann.id), "link") in suppressions(practice)


@pytest.mark.django_db
def test_a_client_erased_since_is_told_the_same(browser: Browser, practice: Practice, ann: Client) -> None:
    with practice_scope(practice.id):
        Client.objects.all().delete()
    assert browser.post(path(practice, ann)).status_code == 200


@pytest.mark.django_db
def test_the_practice_next_door_is_not_touched(browser: Browser, practice: Practice, ann: Client) -> None:
    hilltop = practices.hilltop(NOW)
    answer = browser.post(path(hilltop, ann))
    assert answer.status_code == 200
    assert b"Lakeview" not in answer.content
    assert suppressions(practice) == suppressions(hilltop) == set()


@pytest.mark.django_db
def test_a_wrong_link_gets_a_page_in_plain_words(browser: Browser, practice: Practice, ann: Client) -> None:
    good = unsubscribe_token(practice.id, ann.id, AddressKind.EMAIL)
    gone = unsubscribe_token(uuid4(), ann.id, AddressKind.EMAIL)
    for token in ("x", good[:-1], good + "A", good.swapcase(), gone, "é"):
        for answer in (
            browser.get(f"/u/{token}/"),
            browser.post(f"/u/{token}/", ONE_CLICK, content_type=FORM),
        ):
            assert answer.status_code == 404
            assert b"This link does not work" in answer.content
            assert b"Lakeview" not in answer.content
    assert suppressions(practice) == set()


@pytest.mark.django_db
def test_pages_are_kept_nowhere_and_name_nobody(browser: Browser, practice: Practice, ann: Client) -> None:
    for answer in (browser.get(path(practice, ann)), browser.post(path(practice, ann))):
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert b"Ann" not in answer.content
        assert b"ann@" not in answer.content


@pytest.mark.django_db
def test_other_methods_are_refused(browser: Browser, practice: Practice, ann: Client) -> None:
    assert browser.put(path(practice, ann)).status_code == 405
    assert browser.delete(path(practice, ann)).status_code == 405


def test_the_link_in_a_message_leads_to_the_view_without_a_redirect() -> None:
    link = unsubscribe_link(uuid4(), uuid4())
    assert link.startswith(f"{settings.PUBLIC_URL}/u/")
    assert resolve(link.removeprefix(settings.PUBLIC_URL)).func is unsubscribe


def test_a_token_says_who_and_is_the_same_each_time() -> None:
    practice_id, client_id = uuid4(), uuid4()
    for kind in AddressKind:
        token = unsubscribe_token(practice_id, client_id, kind)
        assert token == unsubscribe_token(practice_id, client_id, kind)
        assert read_unsubscribe_token(token) == StoppingLink(practice_id, client_id, kind)
        assert len(token) == 66
        raw = base64.urlsafe_b64decode(token + "==")
        assert practice_id.bytes not in raw
        assert client_id.bytes not in raw


@given(st.integers(0, 65), st.sampled_from("ABCXYZabcxyz019-_"))
def test_one_changed_letter_makes_a_token_worthless(place: int, letter: str) -> None:
    token = unsubscribe_token(UUID(int=1), UUID(int=2), AddressKind.EMAIL)
    forged = token[:place] + letter + token[place + 1 :]
    if base64.urlsafe_b64decode(forged + "==") == base64.urlsafe_b64decode(token + "=="):
        return
    with pytest.raises(BadLink):
        read_unsubscribe_token(forged)


@given(st.text(max_size=100))
def test_nothing_made_up_is_read(token: str) -> None:
    with pytest.raises(BadLink):
        read_unsubscribe_token(token)


def test_links_of_an_older_key_still_work_until_it_is_taken_off(settings: pytest.FixtureRequest) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keyed: Callable[..., None] = lambda *keys: setattr(settings, "FIELD_KEYS", keys)  # noqa: E731
    keyed(old)
    token = unsubscribe_token(UUID(int=1), UUID(int=2), AddressKind.EMAIL)
    keyed(new, old)
    assert read_unsubscribe_token(token).client_id == UUID(int=2)
    keyed(new)
    with pytest.raises(BadLink):
        read_unsubscribe_token(token)

"""What may a person see and change of their own login, and the operator of the letters? (TEN-4)"""

from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries, Settings

from practices.models import OperatorLetter
from tests.builders.practices import PASSWORD, alice, lakeview, person

pytestmark = pytest.mark.django_db

NEW = "a garden of quiet stones"


def come_in(agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0", email: str = "alice@example.com") -> Browser:
    browser = Browser(HTTP_USER_AGENT=agent)
    assert browser.post("/sign-in/", {"login": email, "password": PASSWORD}).status_code == 302
    return browser


def test_a_person_changes_the_name_that_colleagues_see() -> None:
    alice(lakeview())
    browser = come_in()
    assert "Enter your name." in browser.post("/account/name/", {"name": " "}).content.decode()
    page = browser.post("/account/name/", {"name": "Alice <Ó Briain>"}, follow=True).content.decode()
    assert "Your name was changed." in page
    assert "Alice &lt;Ó Briain&gt;" in page


def test_a_new_password_needs_the_old_one_and_ends_every_other_session() -> None:
    alice(lakeview())
    browser, other = come_in(), come_in()
    wrong = browser.post("/account/password/", {"oldpassword": "not this one", "password1": NEW})
    assert "This is not your current password." in wrong.content.decode()
    weak = browser.post("/account/password/", {"oldpassword": PASSWORD, "password1": "alice@example"})
    assert "too similar" in weak.content.decode()
    assert other.get("/account/").status_code == 200
    done = browser.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW}, follow=True)
    assert "You were signed out elsewhere." in done.content.decode()
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_an_old_password_is_not_guessed_from_a_session_left_open() -> None:
    alice(lakeview())
    browser = come_in()
    fields = {"oldpassword": "not this one", "password1": NEW}
    codes = [browser.post("/account/password/", fields).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_sessions_are_listed_and_ended_one_by_one_or_all_others_at_once() -> None:
    alice(lakeview())
    here = come_in()
    phone = come_in("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Version/18.1 Safari/604.1")
    desk = come_in("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0")
    page = here.get("/account/").content.decode()
    assert page.index("Firefox on Linux") < page.index("Edge on Windows") < page.index("Safari on iPhone")
    listed = here.get("/account/").context["sessions"]
    (phone_id,) = (seat.id for seat, browser, _ in listed if browser == "Safari on iPhone")
    here.post(f"/account/sessions/{phone_id}/")
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200
    here.post("/account/sessions/")
    assert desk.get("/account/").status_code == 302
    assert "Edge on Windows" not in here.get("/account/").content.decode()


def test_a_session_of_somebody_else_does_not_exist() -> None:
    alice(lakeview())
    person("Erin")
    here, theirs = come_in(), come_in(email="erin@example.com")
    ((seat, _, _),) = theirs.get("/account/").context["sessions"]
    assert here.post(f"/account/sessions/{seat.id}/").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_a_session_from_before_the_list_lists_itself() -> None:
    browser = Browser()
    browser.force_login(person("Erin"))
    ((seat, words, _),) = browser.get("/account/").context["sessions"]
    assert (seat.is_here, words) == (True, "Another program")


@pytest.mark.parametrize("size", [1, 12])
def test_the_page_asks_the_same_number_of_questions_whatever_the_size(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alice(lakeview())
    browsers = [come_in() for _ in range(size)]
    with django_assert_num_queries(5):
        assert len(browsers[0].get("/account/").context["sessions"]) == size


def test_without_a_mail_server_letters_stay_with_the_operator(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "medspa.operator_mail.OperatorOutbox"
    call_command("operator_letters")
    assert "No letters." in capsys.readouterr().out
    alice(lakeview())
    Browser().post("/reset-password/", {"email": "alice@example.com"})
    letter = OperatorLetter.objects.get()
    assert (letter.to, letter.subject) == ("alice@example.com", "Set a new password for medspa")
    for flags in ((), ("--json",)):
        call_command("operator_letters", *flags)
        printed = capsys.readouterr().out
        assert "alice@example.com" in printed
        assert "/reset-password/" in printed


def test_letters_are_for_operators_alone() -> None:
    browser, operator = Browser(), Browser()
    browser.force_login(alice(lakeview()).person)
    somebody = person("Otto")
    somebody.is_staff = True
    somebody.save()
    operator.force_login(somebody)
    assert Browser().get("/operator/letters/")["Location"].startswith("/sign-in/")
    assert browser.get("/operator/letters/").status_code == 404
    assert "/operator/letters/" not in browser.get("/practices/").content.decode()
    assert "No letters yet." in operator.get("/operator/letters/").content.decode()
    assert "/operator/letters/" in operator.get("/practices/").content.decode()


def test_letters_are_shown_newest_first_a_page_at_a_time() -> None:
    from practices import clock

    operator = Browser()
    somebody = person("Otto")
    somebody.is_staff = True
    somebody.save()
    operator.force_login(somebody)
    now = clock.now()
    OperatorLetter.objects.bulk_create(
        OperatorLetter(
            id=UUID(int=number), to="a@example.com", subject=f"Letter {number}.", text="<b>x</b>", written_at=now
        )
        for number in range(1, 62)
    )
    first = operator.get("/operator/letters/")
    page = first.content.decode()
    assert page.index("Letter 61.") < page.index("Letter 12.")
    assert "Letter 11." not in page
    assert "<b>x</b>" not in page
    older = operator.get(f"/operator/letters/?before={first.context['older']}").content.decode()
    assert older.index("Letter 11.") < older.index("Letter 1.")
    assert "Show older" not in older
    assert operator.get("/operator/letters/?before=nonsense").status_code == 200


def test_a_mail_server_that_is_down_fails_nobody_s_page(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    alice(lakeview())
    for email in ("alice@example.com", "nobody@example.com"):
        assert Browser().post("/reset-password/", {"email": email})["Location"] == "/reset-password/sent/"

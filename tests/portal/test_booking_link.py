"""Does the short link of a message lead on at once, on each host that it may stand on, and tell nobody? (MSG-5)"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from clients.models import Client
from practices import clock
from practices.models import LinkHost, Practice
from practices.operations.auditing import Actor
from practices.operations.link_hosts import change_link_host
from practices.tenancy import practice_scope
from reminders.models import LinkRoute, Reminder, TrackedLink
from reminders.operations.stopping_links import AddressKind, unsubscribe_token
from tests.builders import story
from tests.builders.practices import hilltop, lakeview
from tests.builders.reminders import planned

pytestmark = pytest.mark.django_db

BOOK = "https://lakeview.example/book?with=jordan&from=text"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)
HOST, THEIRS = "go.lakeview-aesthetics.com", "go.hilltop-skin.com"
TOKEN = "k7Q2mX9aZ4"
NOW = story.NOW


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def practice() -> Practice:
    return lakeview(story.SINCE)


@pytest.fixture
def ann(practice: Practice) -> Client:
    row = story.client(practice, "Ann", "Archer", 301)
    story.treated(row, "botox", (NOW - timedelta(days=60)).date())
    planned(practice, [row.pk], NOW)
    with practice_scope(practice.pk):
        TrackedLink.objects.create(
            practice=practice, token=TOKEN, client=row, reminder=Reminder.objects.get(step="first"), channel="sms",
            target=BOOK, made_at=NOW - timedelta(hours=1),
        )  # fmt: skip
    LinkRoute.objects.create(token=TOKEN, practice_id=practice.pk)
    return row


@pytest.fixture
def opened() -> Callable[..., Any]:
    """Opens an address as a phone does, with cross-site checks on and no cookie."""
    browser = Browser(enforce_csrf_checks=True)
    return lambda path, method="get", **more: getattr(browser, method)(path, **{"HTTP_USER_AGENT": PHONE, **more})


def times_opened(practice: Practice) -> int:
    with practice_scope(practice.pk):
        return TrackedLink.objects.values_list("times_opened", flat=True).get()


def named(practice: Practice, host: str) -> None:
    LinkHost.objects.create(host=host, practice_id=practice.pk, added_at=NOW)


def assert_leads_on(answer: HttpResponse) -> None:
    assert (answer.status_code, answer["Location"], answer.content) == (302, BOOK, b"")


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_link_leads_on_at_once_with_and_without_a_slash(
    opened: Callable[..., Any], practice: Practice, ann: Client, slash: str
) -> None:
    answer = opened(f"/b/{TOKEN}{slash}")
    assert_leads_on(answer)
    assert times_opened(practice) == 1
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_what_only_looks_at_a_link_is_led_on_and_not_counted(
    opened: Callable[..., Any], practice: Practice, ann: Client
) -> None:
    assert_leads_on(opened(f"/b/{TOKEN}", "head"))
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_USER_AGENT="facebookexternalhit/1.1 Facebot Twitterbot/1.0"))
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_USER_AGENT=""))
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_SEC_PURPOSE="prefetch"))
    assert times_opened(practice) == 0


def test_a_link_is_only_ever_opened(opened: Callable[..., Any], practice: Practice, ann: Client) -> None:
    for method in ("post", "put", "delete"):
        assert opened(f"/b/{TOKEN}", method).status_code == 403  # it has no form of ours, and needs none
    assert times_opened(practice) == 0


@pytest.mark.parametrize("token", ["k7Q2mX9aZ5", "K7q2Mx9Az4", "k7Q2mX9aZ", "k7Q2mX9aZ44", "%00", "%E2%80%AE"])
def test_an_unknown_link_says_so_plainly(opened: Callable[..., Any], ann: Client, token: str) -> None:
    for slash in ("", "/"):
        answer = opened(f"/b/{token}{slash}")
        assert answer.status_code == 404
        assert b"This link does not work" in answer.content
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies


def test_on_the_practice_s_host_links_are_answered_and_nothing_else(
    opened: Callable[..., Any], practice: Practice, ann: Client
) -> None:
    named(practice, HOST)
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_HOST=HOST))
    assert_leads_on(opened(f"/b/{TOKEN}/", HTTP_HOST=f"{HOST.upper()}:8000"))
    assert times_opened(practice) == 2
    unsubscribe = f"/u/{unsubscribe_token(practice.pk, ann.pk, AddressKind.EMAIL)}/"
    assert b"Stop reminders from Lakeview" in opened(unsubscribe, HTTP_HOST=HOST).content
    stopped = opened(unsubscribe, "post", data={"List-Unsubscribe": "One-Click"}, HTTP_HOST=HOST)
    assert stopped.status_code == 200
    assert b"You are unsubscribed" in stopped.content
    for path in ("/", "/sign-in/", "/p/lakeview/today/", "/webhooks/pms/x/", "/operator/letters/", "/admin/", "/b",
                 "/internal/link-host?domain=" + HOST, f"//b/{TOKEN}"):  # fmt: skip
        answer = opened(path, HTTP_HOST=HOST)
        assert (answer.status_code, answer.content) == (404, b"Nothing is here."), path
    assert opened("/health/live/", HTTP_HOST=HOST).status_code == 200
    sheet = opened("/static/css/plain.css", HTTP_HOST=HOST)
    assert b".plain-page" in b"".join(sheet.streaming_content)
    sheet.close()


def test_on_a_practice_s_host_another_s_links_lead_nowhere(
    opened: Callable[..., Any], practice: Practice, ann: Client
) -> None:
    named(practice, HOST)
    named(hilltop(story.SINCE), THEIRS)
    assert opened(f"/b/{TOKEN}", HTTP_HOST=THEIRS).status_code == 404
    assert times_opened(practice) == 0
    assert_leads_on(opened(f"/b/{TOKEN}"))


@pytest.mark.parametrize("host", ["stranger.com", "lakeview-aesthetics.com", f"x.{HOST}", "", "a b", f"{HOST}@x.com"])
def test_for_any_other_host_nothing_changes(
    opened: Callable[..., Any], practice: Practice, ann: Client, host: str, django_assert_num_queries: Any
) -> None:
    named(practice, HOST)
    with django_assert_num_queries(0 if host in ("", "a b", f"{HOST}@x.com") else 1):
        first = opened(f"/b/{TOKEN}", HTTP_HOST=host)
    with django_assert_num_queries(0):
        second = opened(f"/b/{TOKEN}", HTTP_HOST=host)
    assert (first.status_code, second.status_code) == (400, 400)


def test_a_request_to_our_own_host_asks_nothing_more(
    opened: Callable[..., Any], practice: Practice, django_assert_num_queries: Any
) -> None:
    named(practice, HOST)
    with django_assert_num_queries(0):
        assert opened("/health/live/").status_code == 200
        assert opened("/nothing/").status_code == 404


def test_a_host_counts_within_seconds_of_being_chosen_and_taken_off(
    opened: Callable[..., Any], practice: Practice, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    monkeypatch.setattr("integrations.queries.remembering.monotonic", lambda: passed)
    assert opened(f"/b/{TOKEN}", HTTP_HOST=HOST).status_code == 400
    named(practice, HOST)
    assert opened(f"/b/{TOKEN}", HTTP_HOST=HOST).status_code == 400
    passed += 5.1
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_HOST=HOST))
    LinkHost.objects.all().delete()
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_HOST=HOST))
    passed += 5.1
    assert opened(f"/b/{TOKEN}", HTTP_HOST=HOST).status_code == 400


def test_on_a_host_that_was_replaced_links_that_have_left_go_on_working(
    opened: Callable[..., Any], practice: Practice, ann: Client
) -> None:
    for host in (HOST, "links.lakeview-aesthetics.com"):
        change_link_host(practice.pk, host, Actor(), NOW)
    assert_leads_on(opened(f"/b/{TOKEN}", HTTP_HOST=HOST))
    stopped = opened(
        f"/u/{unsubscribe_token(practice.pk, ann.pk, AddressKind.EMAIL)}/",
        "post",
        data={"List-Unsubscribe": "One-Click"},
        HTTP_HOST=HOST,
    )
    assert (stopped.status_code, b"You are unsubscribed" in stopped.content) == (200, True)
    assert opened(f"/internal/link-host?domain={HOST}", HTTP_HOST="web:8000").status_code == 200


def test_a_proxy_learns_for_which_hosts_to_fetch_a_certificate(opened: Callable[..., Any], practice: Practice) -> None:
    named(practice, HOST)

    def asked(domain: str, **more: Any) -> int:
        return int(opened(f"/internal/link-host?domain={domain}", HTTP_HOST="web:8000", **more).status_code)

    assert asked(HOST) == asked(HOST.upper()) == 200
    for domain in ("stranger.com", "", "127.0.0.1", "%00", "x" * 300, f"*.{HOST}", f"x.{HOST}"):
        assert asked(domain) == 404


def test_with_https_a_link_is_kept_on_its_host_and_promises_nothing_for_the_domain(
    opened: Callable[..., Any], practice: Practice, ann: Client, settings: Any
) -> None:
    named(practice, HOST)
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    plain = opened(f"/b/{TOKEN}?x=1", HTTP_HOST=HOST)
    assert (plain.status_code, plain["Location"]) == (301, f"https://{HOST}/b/{TOKEN}?x=1")
    secure = opened(f"/b/{TOKEN}", HTTP_HOST=HOST, secure=True)
    assert_leads_on(secure)
    assert "Strict-Transport-Security" not in secure
    ours = opened(f"/b/{TOKEN}", secure=True)
    assert ours["Strict-Transport-Security"].startswith("max-age=60")

"""What do strangers and other practices get from each address of the project? Nothing: a new address needs a case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver
from uuid6 import uuid7

from practices import clock
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder
from tests.builders import story
from tests.builders.story import Story

SIGN_IN = "sign-in"
NOT_FOUND = "404"
PUBLIC = "public"
OWN = "own"
METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class Case:
    """What a stranger and Charlie, who owns another practice, get at an address of Lakeview's."""

    stranger: str
    charlie: str


STAFF = Case(stranger=SIGN_IN, charlie=NOT_FOUND)
OPEN = Case(stranger=PUBLIC, charlie=PUBLIC)
CASES = {
    "": Case(stranger=SIGN_IN, charlie=OWN),
    "practices/": Case(stranger=SIGN_IN, charlie=OWN),
    "practices/new/": Case(stranger=SIGN_IN, charlie=OWN),
    "sign-in/": OPEN,
    "sign-out/": OPEN,
    "sign-up/": OPEN,
    "confirm-email/": OPEN,
    "reset-password/": OPEN,
    "reset-password/sent/": OPEN,
    "p/<slug:slug>/cadences/": STAFF,
    "p/<slug:slug>/cadences/<slug:type_slug>/": STAFF,
    "p/<slug:slug>/services/": STAFF,
    "p/<slug:slug>/services/progress/": STAFF,
    "p/<slug:slug>/services/<uuid:service_id>/": STAFF,
    "p/<slug:slug>/suppressions/": STAFF,
    "p/<slug:slug>/suppressions/add/": STAFF,
    "p/<slug:slug>/suppressions/import/": STAFF,
    "p/<slug:slug>/suppressions/export/": STAFF,
    "p/<slug:slug>/suppressions/<uuid:suppression_id>/": STAFF,
    # A key in the link opens these; their own tests try wrong ones.
    "confirm-email/<str:key>/": OPEN,
    r"^reset-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$": OPEN,
    "join/<str:token>/": OPEN,
    # One's own login; another's session is none of it.
    "account/": Case(stranger=SIGN_IN, charlie=OWN),
    "account/name/": Case(stranger=SIGN_IN, charlie=OWN),
    "account/password/": Case(stranger=SIGN_IN, charlie=OWN),
    "account/sessions/": Case(stranger=SIGN_IN, charlie=OWN),
    "account/sessions/<int:session_id>/": Case(stranger=SIGN_IN, charlie=NOT_FOUND),
    # For people with is_staff; Charlie is none.
    "operator/letters/": Case(stranger=SIGN_IN, charlie=NOT_FOUND),
    "operator/codes/": Case(stranger=SIGN_IN, charlie=NOT_FOUND),
    "p/<slug:slug>/start/": STAFF,
    "p/<slug:slug>/consent/": STAFF,
    "p/<slug:slug>/consent/clients/": STAFF,
    "p/<slug:slug>/consent/<uuid:attestation_id>/withdraw/": STAFF,
    "p/<slug:slug>/go-live/": STAFF,
    "p/<slug:slug>/team/": STAFF,
    "p/<slug:slug>/team/<uuid:member_id>/": STAFF,
    "p/<slug:slug>/team/<uuid:member_id>/remove/": STAFF,
    "p/<slug:slug>/team/invitations/<uuid:invitation_id>/resend/": STAFF,
    "p/<slug:slug>/team/invitations/<uuid:invitation_id>/revoke/": STAFF,
    "styleguide/": Case(stranger=SIGN_IN, charlie=OWN),
    "styleguide/<str:theme>/": Case(stranger=SIGN_IN, charlie=OWN),
    "p/<slug:slug>/": STAFF,
    "p/<slug:slug>/today/": STAFF,
    "p/<slug:slug>/coming/": STAFF,
    "p/<slug:slug>/outbox/": STAFF,
    "p/<slug:slug>/outbox/newer/": STAFF,
    "p/<slug:slug>/outbox/<uuid:delivery_id>/letter/": STAFF,
    "p/<slug:slug>/unsettled/": STAFF,
    "p/<slug:slug>/unsettled/<uuid:delivery_id>/": STAFF,
    "p/<slug:slug>/calls/": STAFF,
    "p/<slug:slug>/calls/newer/": STAFF,
    "p/<slug:slug>/calls/next/": STAFF,
    "p/<slug:slug>/calls/<uuid:call_id>/": STAFF,
    "p/<slug:slug>/calls/<uuid:call_id>/take/": STAFF,
    "p/<slug:slug>/calls/<uuid:call_id>/release/": STAFF,
    "p/<slug:slug>/calls/<uuid:call_id>/reopen/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/call/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/problem/": STAFF,
    "p/<slug:slug>/problems/<uuid:issue_id>/settled/": STAFF,
    "p/<slug:slug>/replies/": STAFF,
    "p/<slug:slug>/replies/newer/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/answer/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/preview/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/decide/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/handle/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/peace/": STAFF,
    "p/<slug:slug>/replies/<uuid:reply_id>/reopen/": STAFF,
    "p/<slug:slug>/clients/": STAFF,
    "p/<slug:slug>/ledger/": STAFF,
    "p/<slug:slug>/ledger/list/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/export/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/erase/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/opt-out/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/take-back/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/marks/<uuid:mark_id>/lift/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/pause/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/resume/": STAFF,
    "p/<slug:slug>/clients/<uuid:client_id>/note/": STAFF,
    "p/<slug:slug>/sequences/<uuid:sequence_id>/end/": STAFF,
    "p/<slug:slug>/sequences/<uuid:sequence_id>/reopen/": STAFF,
    "p/<slug:slug>/reminders/<uuid:reminder_id>/skip/": STAFF,
    "p/<slug:slug>/reminders/<uuid:reminder_id>/unskip/": STAFF,
    "p/<slug:slug>/reminders/<uuid:reminder_id>/send-now/": STAFF,
    "p/<slug:slug>/reminders/<uuid:reminder_id>/move/": STAFF,
    "p/<slug:slug>/reminders/<uuid:reminder_id>/move-back/": STAFF,
    "p/<slug:slug>/audit/": STAFF,
    "p/<slug:slug>/audit/export/": STAFF,
    "p/<slug:slug>/settings/": STAFF,
    "p/<slug:slug>/settings/sending/": STAFF,
    "p/<slug:slug>/settings/pause/": STAFF,
    "p/<slug:slug>/settings/hours/": STAFF,
    "p/<slug:slug>/settings/links/": STAFF,
    "p/<slug:slug>/settings/carriers/": STAFF,
    "p/<slug:slug>/settings/carriers/<slug:gateway_key>/": STAFF,
    "p/<slug:slug>/settings/carriers/<slug:gateway_key>/choose/": STAFF,
    "p/<slug:slug>/settings/carriers/<slug:gateway_key>/test/": STAFF,
    "p/<slug:slug>/settings/carriers/<slug:gateway_key>/disconnect/": STAFF,
    "p/<slug:slug>/settings/locations/": STAFF,
    "p/<slug:slug>/settings/locations/<uuid:location_id>/": STAFF,
    "p/<slug:slug>/settings/providers/": STAFF,
    "p/<slug:slug>/settings/providers/<uuid:provider_id>/": STAFF,
    # A key in the link or a signature opens these, not a session; their own tests try wrong ones.
    "b/<str:token>": OPEN,
    "b/<str:token>/": OPEN,
    "u/<str:token>/": OPEN,
    "u/<str:token>": OPEN,
    "webhooks/pms/<str:connection_id>/": OPEN,
    "webhooks/pms/<str:connection_id>": OPEN,
    "webhooks/messaging/<str:route>/": OPEN,
    "webhooks/messaging/<str:route>": OPEN,
    # For the load balancer and the operator's monitoring: no practice's data.
    "health/": OPEN,
    "health/live/": OPEN,
    "health/ready/": OPEN,
    "metrics/": OPEN,
}
ADMIN = Case(stranger=SIGN_IN, charlie=SIGN_IN)
SECRETS = ("Siobh", "Kowalczyk", "555-0186", "5550186", "Lakeview", "Jordan")


def routes() -> list[str]:
    """Every address of the project, as the resolver knows it."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        else:
            yield route


def case_of(route: str) -> Case | None:
    return ADMIN if route.startswith("admin/") else CASES.get(route)


@pytest.fixture
def told(db: None, monkeypatch: pytest.MonkeyPatch) -> Story:
    lakeview = story.tell()
    monkeypatch.setattr(clock, "now", lambda: story.NOW)
    return lakeview


def address(route: str, told: Story, delivery_id: UUID) -> str:
    """The route filled with Lakeview's own ids."""
    values = {"slug": "lakeview", "gateway_key": "twilio_sms", "client_id": told.siobhan, "delivery_id": delivery_id}
    filled = re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda match: str(values.get(match[1], uuid7())),
        re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route),
    )
    return "/" + filled.strip("^$").replace("\\Z", "")


def check(browser: Browser, url: str, expected: str) -> None:
    for method in METHODS:
        response = getattr(browser, method)(url)
        body = b"".join(response) if response.streaming else response.content
        text = body.decode(errors="replace")
        said = f"{method} {url}: {response.status_code}"
        assert response.status_code < 500, said
        assert not any(secret in text for secret in SECRETS), said
        if expected == PUBLIC:
            continue
        if expected == OWN and response.status_code == 200:
            continue
        if expected == OWN and response.status_code == 302:
            assert response["Location"] in {"/p/hilltop/today/", "/practices/", "/account/"}, said
            continue
        if expected == SIGN_IN and response.status_code == 302:
            assert "sign-in/" in response["Location"] or "login/" in response["Location"], said
            continue
        allowed = {404, 405} if expected == NOT_FOUND else {404, 405, 403}
        assert response.status_code in allowed, said


def test_every_address_has_a_case() -> None:
    missing = [route for route in routes() if case_of(route) is None]
    assert not missing, f"Say in CASES what strangers and other practices get at {missing}."


def test_the_resolver_is_really_read() -> None:
    assert len(routes()) >= 10
    assert "p/<slug:slug>/clients/<uuid:client_id>/" in routes()


def test_strangers_and_other_practices_get_nothing(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        delivery_id = Delivery.objects.filter(channel="email").values_list("pk", flat=True)[0]
        open_before = Reminder.objects.filter(state="planned").count()
    charlie = Browser()
    charlie.force_login(told.charlie.person)
    for route in routes():
        case = case_of(route)
        if case is None:
            continue
        url = address(route, told, delivery_id)
        check(Browser(), url, case.stranger)
        check(charlie, url, case.charlie)
        if route == "sign-out/":
            charlie.force_login(told.charlie.person)
        own = url.replace("/p/lakeview/", "/p/hilltop/")
        if own != url and ("client_id" in route or "delivery_id" in route):
            check(charlie, own, NOT_FOUND)
    with practice_scope(told.lakeview.pk):
        assert Reminder.objects.filter(state="planned").count() == open_before


def test_alice_sees_what_charlie_does_not(told: Story) -> None:
    alice, charlie = Browser(), Browser()
    alice.force_login(told.alice.person)
    charlie.force_login(told.charlie.person)
    for url in ("/p/lakeview/outbox/", f"/p/lakeview/clients/{told.siobhan}/", "/p/lakeview/clients/?q=siob"):
        assert "Siobhán" in alice.get(url).content.decode()
        assert charlie.get(url).status_code == 404
    assert "Siobhán" not in charlie.get("/p/hilltop/clients/?q=siob").content.decode()


def test_somebody_who_left_the_practice_is_a_stranger_to_it(told: Story) -> None:
    browser = Browser()
    browser.force_login(told.bob.person)
    assert browser.get("/p/lakeview/outbox/").status_code == 200
    with practice_scope(told.lakeview.pk):
        told.bob.is_active = False
        told.bob.save()
    assert browser.get("/p/lakeview/outbox/").status_code == 404

"""Does every page answer odd input with words, not with an error of ours?"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client as Browser

from practices.models import Practice
from practices.tenancy import practice_scope
from tests.architecture.test_outsiders import routes
from tests.builders.addresses import fill_up, filled, ids_of
from tests.builders.practices import person
from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

NOWHERE = "0" * 32
MOMENTS = tuple(
    f"{before}{moment}{between}{NOWHERE}"
    for moment in ("00010101T000000000000", "99991231T235959999999", "20269999T000000000000")
    for before, between in (("", "-"), ("0-", "-"), ("1-", "-"))
)
WORDS = ("\x00", "a" * 10_000, "²", "<script>alert(1)</script>", "-1", "")
DAYS = ("0000-00-00", "0001-01-01", "9999-12-31", "9" * 30, *WORDS)
PLACES = (
    *MOMENTS, "0001-01-01T00:00:00+14:00_" + NOWHERE, "9999-12-31T23:59:59-12:00_" + NOWHERE, "9" * 20 + "." + "9" * 18,
    "0.9999999999999999999", *WORDS,
)  # fmt: skip
ASKED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "today/": {"before": PLACES, "show": WORDS},
    "coming/": {"week": ("2026-W99", "9999-W52", "9" * 20 + "-W01", "0001-W01", *DAYS), "day": DAYS, "by": WORDS},
    "coming/?day=2026-11-24": {"after": PLACES},
    "clients/": {"q": WORDS, "show": WORDS, "after": PLACES},
    "outbox/": {"before": PLACES, "show": WORDS},
    "outbox/newer/": {"after": PLACES},
    "calls/": {"after": PLACES, "show": WORDS},
    "calls/newer/": {"after": PLACES},
    "calls/next/": {"after": PLACES, "show": WORDS},
    "replies/": {"after": PLACES},
    "replies/newer/": {"after": PLACES},
    "ledger/list/": {"from": DAYS, "to": DAYS, "state": WORDS, "reason": WORDS, "after": PLACES},
    "audit/": {"before": PLACES, "since": DAYS, "until": DAYS, "who": WORDS, "about": WORDS, "client": WORDS},
    "audit/export/": {"since": DAYS, "until": DAYS, "client": WORDS},
    "services/": {"q": WORDS, "meaning": WORDS, "after": PLACES},
    "suppressions/": {"q": WORDS, "origin": WORDS, "state": WORDS, "before": PLACES},
    "suppressions/export/": {"q": WORDS, "state": WORDS},
}
"""Page -> what its address may ask by -> what somebody may write there."""
FIELDS = (
    "address", "address_line", "arrived", "back", "booking_url", "color", "day", "display_name", "do", "email", "ends",
    "handling", "hour", "made_on", "meaning", "name", "note", "outcome", "phone", "role", "scope", "text", "time_zone",
    "until", "verdict", "wording", "words",
)  # fmt: skip


def read(response: Any) -> bytes:
    """The whole answer, also of what is sent piece by piece."""
    return b"".join(response) if response.streaming else response.content


def posted_to(told: Story) -> Iterator[str]:
    """One address of each route of a practice."""
    ids = ids_of(told)
    return (filled(route, ids)[0] for route in routes() if route.startswith("p/"))


@pytest.mark.parametrize("page", ASKED)
def test_an_odd_address_is_answered(page: str, told: Story, signed_in: SignIn) -> None:
    fill_up(told)
    browser = signed_in(told.alice)
    for key, odd_ones in ASKED[page].items():
        for odd in odd_ones:
            url = f"/p/lakeview/{page}{'&' if '?' in page else '?'}{urlencode({key: odd})}"
            response = browser.get(url)
            assert response.status_code in {200, 204, 302, 404}, url[:200]
            assert b"<script>alert" not in read(response), url[:200]


@pytest.mark.parametrize("odd", [None, "\x00", "<script>alert(1)</script>", "0001-01-01"])
def test_an_odd_form_is_answered(odd: str | None, told: Story, signed_in: SignIn) -> None:
    fill_up(told)
    browser = signed_in(told.alice)
    given = {} if odd is None else dict.fromkeys(FIELDS, odd)
    for page in posted_to(told):
        response = browser.post(page, given)
        assert response.status_code in {200, 302, 400, 404, 405, 409, 422}, page
        assert b"<script>alert" not in read(response), page


OPERATORS = {"/operator/codes/": ("gateway", "code"), "/operator/letters/": ("before",)}
CODE_FIELDS = ("gateway", "code", "meaning", "sentence")


@pytest.mark.parametrize("odd", ["a\x00b", *WORDS])
def test_the_operator_s_pages_answer_odd_input(odd: str, db: None) -> None:
    operator = person("Odile")
    operator.is_staff = True
    operator.save()
    browser = Browser()
    browser.force_login(operator)
    for page, keys in OPERATORS.items():
        for key in keys:
            response = browser.get(f"{page}?{urlencode({key: odd})}")
            assert response.status_code == 200
            assert b"<script>alert" not in response.content
    for do in ("take_back", odd):
        for given in ({"code": odd}, {"gateway": odd}, dict.fromkeys(CODE_FIELDS, odd)):
            response = browser.post("/operator/codes/", {"gateway": "twilio_sms", "code": "21610", **given, "do": do})
            assert response.status_code in {302, 422}
            assert b"<script>alert" not in response.content


def test_a_press_that_says_neither_hold_nor_resume_does_neither(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        Practice.objects.filter(pk=told.lakeview.pk).update(status=Practice.Status.PAUSED)
    answer = signed_in(told.alice).post("/p/lakeview/settings/pause/", {}, follow=True)
    assert "Choose whether to hold the messages or to resume them." in answer.content.decode()
    with practice_scope(told.lakeview.pk):
        assert Practice.objects.get(pk=told.lakeview.pk).status == Practice.Status.PAUSED


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/p/lakeview/calls/?show=mine", "/p/lakeview/calls/?show=mine"),
        ("https://elsewhere.example/p/lakeview/calls/", "/p/lakeview/"),
        ("http://testserver//elsewhere.example/", "/p/lakeview/"),
        ("", "/p/lakeview/"),
    ],
)
def test_a_press_after_the_session_ended_leads_back_to_its_page(told: Story, page: str, back: str) -> None:
    answer = Browser().post(f"/p/lakeview/clients/{told.siobhan}/pause/", headers={"Referer": page})
    assert answer["Location"] == f"{settings.LOGIN_URL}?{urlencode({'next': back}, safe='/')}"


def test_what_is_too_large_is_refused_in_the_look(told: Story, signed_in: SignIn) -> None:
    answer = signed_in(told.alice).post(
        f"/p/lakeview/clients/{told.siobhan}/note/",
        urlencode({"text": "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert "This was not understood" in answer.content.decode()

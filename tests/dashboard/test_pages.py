"""Does every page keep the rules that hold for all of them?"""

import re

import pytest
from django.test import Client as Browser

from tests.builders.story import Story
from tests.dashboard.conftest import SignIn

INLINE = re.compile(r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son\w+\s*=\s*[\"']|javascript:", re.IGNORECASE)


def addresses(told: Story) -> dict[str, int]:
    client = f"/p/lakeview/clients/{told.siobhan}/"
    return {
        "/p/lakeview/outbox/": 200,
        "/p/lakeview/outbox/?show=emails": 200,
        "/p/lakeview/outbox/newer/": 200,
        client: 200,
        f"{client}?show=visits&earlier=all": 200,
        f"{client}opt-out/": 200,
        "/p/lakeview/clients/": 200,
        "/p/lakeview/clients/?q=nobody": 200,
        "/practices/": 200,
        "/p/lakeview/nowhere/": 404,
    }


def test_no_page_carries_inline_style_or_script(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for url, status in addresses(told).items():
        response = browser.get(url)
        assert response.status_code == status, url
        assert not INLINE.search(response.content.decode()), url
    assert not INLINE.search(Browser().get("/sign-in/").content.decode())


def test_every_page_is_sent_with_a_strict_policy_and_is_kept_by_nobody(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for url, status in addresses(told).items():
        response = browser.get(url)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, url
        assert "unsafe" not in policy, url
        assert response["X-Content-Type-Options"] == "nosniff"
        if "/p/lakeview/" in url and status == 200:
            assert response["Cache-Control"] == "private, no-store", url


def test_every_page_has_one_title_one_main_and_a_way_past_the_menu(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    for url in addresses(told):
        if "newer" in url:
            continue
        html = browser.get(url).content.decode()
        assert len(re.findall(r"<h1[ >]", html)) == 1, url
        assert len(re.findall(r"<main ", html)) == 1, url
        assert 'href="#main"' in html
        assert re.search(r"<title>\S.*</title>", html), url


def test_one_practice_offers_no_switch_and_two_do(told: Story, signed_in: SignIn) -> None:
    from practices.models import Role, StaffMember
    from practices.tenancy import practice_scope

    browser = signed_in(told.charlie)
    assert "Switch practice" not in browser.get("/p/hilltop/outbox/").content.decode()
    with practice_scope(told.lakeview.pk):
        StaffMember.objects.create(practice=told.lakeview, person=told.charlie.person, role=Role.INJECTOR)
    html = browser.get("/p/hilltop/outbox/").content.decode()
    assert "Switch practice" in html
    assert browser.get("/p/lakeview/outbox/").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_page_that_shows_is_only_read(told: Story, signed_in: SignIn, method: str) -> None:
    browser = signed_in(told.alice)
    for url in ("/p/lakeview/outbox/", "/p/lakeview/clients/", f"/p/lakeview/clients/{told.siobhan}/"):
        assert getattr(browser, method)(url).status_code == 405


@pytest.mark.django_db
def test_a_broken_page_says_so_in_the_look(told: Story, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("dashboard.views.clients.listed", broken)
    browser = signed_in(told.alice)
    browser.raise_request_exception = False
    response = browser.get("/p/lakeview/clients/")
    assert response.status_code == 500
    html = response.content.decode()
    assert "Something broke on our side" in html
    assert "planted" not in html
    assert not INLINE.search(html)

"""Can a manager put the links of messages on a host of the practice's own, and see what that needs? (MSG-5)"""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser

from practices.models import AuditEntry, LinkHost, Role
from practices.queries.link_hosts import link_host_of, practice_of_host
from practices.tenancy import practice_scope
from tests.builders.practices import member
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

LINKS = "/p/lakeview/settings/links/"
HOST = "go.lakeview-aesthetics.com"


def page(browser: Browser) -> str:
    response = browser.get(LINKS)
    assert response.status_code == 200
    return unescape(response.content.decode())


def saved(browser: Browser, host: str) -> str:
    was = re.findall(r'name="was" value="([^"]*)"', browser.get(LINKS).content.decode())[0]
    return unescape(browser.post(LINKS, {"host": host, "was": unescape(was)}, follow=True).content.decode())


def test_only_who_may_change_settings_opens_it(told: Story, signed_in: SignIn) -> None:
    assert signed_in(member(told.lakeview, "Mia", Role.MANAGER)).get(LINKS).status_code == 200
    for somebody in (told.bob, member(told.lakeview, "Jordan", Role.INJECTOR)):
        assert signed_in(somebody).get(LINKS).status_code == 403
        assert signed_in(somebody).post(LINKS, {"host": HOST}).status_code == 403
    assert signed_in(told.charlie).post(LINKS, {"host": HOST}).status_code == 404
    assert not LinkHost.objects.exists()


def test_it_shows_how_links_read_and_once_a_host_is_chosen_which_record_its_domain_needs(
    told: Story, signed_in: SignIn
) -> None:
    alice = signed_in(told.alice)
    before = page(alice)
    assert f"{settings.PUBLIC_URL}/b/" in before
    assert "CNAME" not in before
    after = saved(alice, f"https://{HOST.upper()}/")
    assert "Changed: host." in after
    assert f"http://{HOST}" in after
    assert f'value="{HOST}"' in after
    records = dict(re.findall(r'<td data-name="([^"]+)">([^<]+)</td>', after))
    assert records["Type"] == "CNAME"
    assert records["Name"] == HOST
    assert records["Points to"] == urlsplit(settings.PUBLIC_URL).hostname
    assert practice_of_host(HOST) == told.lakeview.pk
    with practice_scope(told.lakeview.pk):
        entry = AuditEntry.objects.get(action="link_host_chosen")
    assert (entry.staff_member_id, entry.at, entry.detail) == (told.alice.pk, NOW, {})


def test_it_says_what_becomes_of_links_that_have_left(told: Story, signed_in: SignIn) -> None:
    alice = signed_in(told.alice)
    saved(alice, HOST)
    assert f"Messages that have left keep {HOST} in their links" in page(alice)


def test_it_names_the_hosts_from_before_that_still_answer_and_nobody_else_s(told: Story, signed_in: SignIn) -> None:
    alice = signed_in(told.alice)
    LinkHost.objects.create(host="go.theirs.com", practice_id=told.hilltop.pk, added_at=NOW, replaced_at=NOW)
    saved(alice, HOST)
    assert "Hosts from before" not in page(alice)
    shown = saved(alice, "links.lakeview-aesthetics.com")
    assert re.findall(r'<td data-name="Host">([^<]+)</td>', shown) == [HOST]
    assert re.findall(r'<td data-name="Until"><time[^>]*>([^<]+)</time></td>', shown) == ["November 24"]


def test_it_is_taken_off_by_leaving_it_empty(told: Story, signed_in: SignIn) -> None:
    alice = signed_in(told.alice)
    saved(alice, HOST)
    assert "Changed: host." in saved(alice, "")
    assert link_host_of(told.lakeview.pk) == ""
    assert "Nothing was different" in saved(alice, "")


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("lakeview", "no host name of the internet"),
        ("go lakeview.com", "This is no host name"),
        ("go.bit.ly", "public link shortener"),
        ("x" * 300, "253"),
        ("<script>", "This is no host name"),
        ("go.theirs.com", "Somebody else’s links stand on this host"),
    ],
)
def test_a_wrong_host_is_refused_beside_the_field_and_what_was_typed_stays(
    told: Story, signed_in: SignIn, host: str, said: str
) -> None:
    LinkHost.objects.create(host="go.theirs.com", practice_id=told.hilltop.pk, added_at=NOW)
    shown = saved(signed_in(told.alice), host)
    assert said in shown
    assert "Hilltop" not in shown
    assert f'value="{host}"' in shown or host == "<script>"
    assert practice_of_host("go.theirs.com") == told.hilltop.pk


def test_two_managers_at_once_do_not_take_back_what_the_other_did(told: Story, signed_in: SignIn) -> None:
    alice, mia = signed_in(told.alice), signed_in(member(told.lakeview, "Mia", Role.MANAGER))
    was = unescape(re.findall(r'name="was" value="([^"]*)"', alice.get(LINKS).content.decode())[0])
    saved(mia, HOST)
    alice.post(LINKS, {"host": "", "was": was})
    assert practice_of_host(HOST) == told.lakeview.pk

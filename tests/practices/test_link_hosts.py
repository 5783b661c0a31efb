"""May a practice put its links on this host, and on nobody else's? (MSG-5)"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.models import AuditEntry, LinkHost, Practice
from practices.operations.auditing import Actor
from practices.operations.link_hosts import MOST_HOSTS, change_link_host
from practices.operations.settings import SettingsRefused
from practices.queries.link_hosts import (
    checked_host,
    link_host_of,
    links_origin,
    origin_of,
    practice_of_host,
    replaced_hosts,
)
from practices.queries.settings_rules import Wrong
from practices.tenancy import practice_scope
from tests.builders.practices import alice, hilltop, lakeview

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
HOST, LATER = "go.lakeview-aesthetics.com", "links.lakeview-aesthetics.com"
BARRED = ("bit.ly", "t.ly")


@pytest.fixture
def practice(db: None) -> Practice:
    return lakeview()


def choose(practice: Practice, host: str) -> bool:
    return change_link_host(practice.pk, host, Actor(), NOW, barred=BARRED)


def refusal(practice: Practice, host: str) -> str:
    with pytest.raises(SettingsRefused) as refused:
        choose(practice, host)
    assert set(refused.value.problems) == {"host"}
    return refused.value.problems["host"]


def lines(practice: Practice) -> list[tuple[str, dict[str, Any]]]:
    with practice_scope(practice.pk):
        return list(AuditEntry.objects.order_by("number").values_list("action", "detail"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (HOST, HOST), (f"  {HOST.upper()}. ", HOST), (f"https://{HOST}/", HOST), (f"HTTP://{HOST}", HOST), ("", ""),
        ("go.bücher-spa.de", "go.xn--bcher-spa-q9a.de"), ("go.straße.de", "go.xn--strae-oqa.de"),
        ("\uff47\uff4f.lakeview.com", "go.lakeview.com"), ("go.lake\u200bview.com", "go.lakeview.com"),
        ("lakeview.co", "lakeview.co"), ("1.2.3.com", "1.2.3.com"), ("notbit.ly", "notbit.ly"),
    ],
)  # fmt: skip
def test_a_host_is_kept_as_dns_has_it(given: str, kept: str) -> None:
    assert checked_host(given, BARRED) == kept


@pytest.mark.parametrize(
    "host",
    [
        "lakeview", "go lakeview.com", "go..com", "-go.com", "go-.com", "go_x.com", "127.0.0.1", "[::1]", "1.2.3.4",
        "https://go.com/path", "go.com/b", "go.com:8000", "user@go.com", "go.com?x", "javascript:alert(1)", "*.go.com",
        "a" * 64 + ".com", "a." * 130 + "com", "x" * 5000, "go.\x00.com", "go.com\r\nX: y", "xn--zz-.com", ".com",
        "go.com..", "ftp://go.com", "go.lakeview.local", "go.localhost", "spa.test", "spa.example", "x.home.arpa",
        "bit.ly", "go.bit.ly", "T.LY",
    ],
)  # fmt: skip
def test_what_is_no_host_of_the_internet_or_a_shortener_s_is_refused_with_what_to_do(host: str) -> None:
    with pytest.raises(Wrong) as wrong:
        checked_host(host, BARRED)
    assert str(wrong.value).endswith(".")


def test_our_own_host_and_what_lies_below_it_is_nobody_s(settings: Any) -> None:
    settings.PUBLIC_URL = "https://app.medspa-service.com"
    settings.ALLOWED_HOSTS = ["app.medspa-service.com", ".medspa-internal.net", "*"]
    for host in ("app.medspa-service.com", "go.app.medspa-service.com", "medspa-internal.net", "x.medspa-internal.net"):
        with pytest.raises(Wrong, match="medspa’s own host"):
            checked_host(host, BARRED)
    assert checked_host("lakeview.medspa-service.com", BARRED) == "lakeview.medspa-service.com"


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_plain_host_or_refused(text: str) -> None:
    try:
        host = checked_host(text, BARRED)
    except Wrong:
        return
    assert host == "" or checked_host(host, BARRED) == host
    assert host.isascii()
    assert not set(host) - set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_a_practice_has_one_host_and_what_it_had_before_goes_on_answering(practice: Practice) -> None:
    assert choose(practice, HOST)
    assert not choose(practice, f"https://{HOST.upper()}/")
    assert (link_host_of(practice.pk), practice_of_host(HOST)) == (HOST, practice.pk)
    assert choose(practice, LATER)
    assert (link_host_of(practice.pk), replaced_hosts(practice.pk)) == (LATER, [(HOST, NOW)])
    assert practice_of_host(HOST) == practice_of_host(LATER) == practice.pk
    assert choose(practice, "")
    assert practice_of_host(HOST) == practice_of_host(LATER) == practice.pk
    assert not choose(practice, "")
    assert (link_host_of(practice.pk), links_origin(practice.pk)) == ("", origin_of(""))
    assert lines(practice) == [("link_host_chosen", {}), ("link_host_chosen", {}), ("link_host_removed", {})]


def test_a_host_from_before_can_be_chosen_again(practice: Practice) -> None:
    for host in (HOST, LATER, HOST):
        assert choose(practice, host)
    assert (link_host_of(practice.pk), replaced_hosts(practice.pk)) == (HOST, [(LATER, NOW)])


def test_a_host_that_another_practice_gave_up_long_ago_stays_theirs(practice: Practice) -> None:
    other = hilltop()
    for host in (HOST, ""):
        change_link_host(practice.pk, host, Actor(), NOW - timedelta(days=900), barred=BARRED)
    choose(other, "go.hilltop-skin.com")
    assert "Somebody else’s" in refusal(other, HOST)
    assert (link_host_of(other.pk), practice_of_host(HOST)) == ("go.hilltop-skin.com", practice.pk)
    assert replaced_hosts(other.pk) == []


def test_a_practice_takes_no_names_by_the_hundred(practice: Practice) -> None:
    hosts = [f"go{number}.lakeview-aesthetics.com" for number in range(MOST_HOSTS)]
    for host in hosts:
        assert choose(practice, host)
    assert f"has had {MOST_HOSTS} hosts" in refusal(practice, HOST)
    assert link_host_of(practice.pk) == hosts[-1]
    assert choose(practice, hosts[0])
    assert choose(hilltop(), HOST)


def test_of_two_practices_the_first_has_a_host_and_the_other_is_not_told_whose_it_is(practice: Practice) -> None:
    other = hilltop()
    choose(practice, HOST)
    choose(other, "go.hilltop-skin.com")
    said = refusal(other, HOST)
    assert "Lakeview" not in said
    assert "Somebody else’s" in said
    assert practice_of_host(HOST) == practice.pk
    assert link_host_of(other.pk) == "go.hilltop-skin.com"
    assert lines(other) == [("link_host_chosen", {})]


def test_who_chose_it_stands_in_the_trail(practice: Practice) -> None:
    owner = alice(practice)
    change_link_host(practice.pk, HOST, Actor(owner.pk, "203.0.113.9"), NOW)
    with practice_scope(practice.pk):
        entry = AuditEntry.objects.get()
    assert (entry.staff_member_id, entry.address, entry.at) == (owner.pk, "203.0.113.9", NOW)
    assert LinkHost.objects.get().added_at == NOW


@pytest.mark.parametrize(
    ("public", "origin"),
    [("https://app.medspa.com", f"https://{HOST}"), ("http://127.0.0.1:8000", f"http://{HOST}:8000")],
)
def test_links_begin_as_public_url_does_but_for_the_host(settings: Any, public: str, origin: str) -> None:
    settings.PUBLIC_URL = public
    assert origin_of(HOST) == origin
    assert origin_of("") == public

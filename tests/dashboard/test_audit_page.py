"""Does the audit page show who did what, for whoever may see it, and let it be taken along? [TEN-5]"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from clients.models import Client
from dashboard.views.audit.export import AT_ONCE
from practices.models import AuditEntry
from practices.operations.auditing import Actor, audit, audit_many
from practices.queries.audit_trail import PAGE, TrailCursor, TrailFilter, trail_page, verify_trail
from practices.tenancy import practice_scope
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn

AUDIT = "/p/lakeview/audit/"
EXPORT = f"{AUDIT}export/"
MINUTE = timedelta(minutes=1)


def page(browser: Browser, url: str = AUDIT) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return unescape(response.content.decode())


def noted(
    told: Story, action: str = "note_written", *, by: UUID | None = None, about: UUID | None = None,
    at: datetime = NOW - timedelta(hours=1), address: str | None = "203.0.113.9", **detail: object,
) -> None:  # fmt: skip
    with practice_scope(told.lakeview.pk):
        audit(told.lakeview.pk, Actor(by, address), action, at, client_id=about, detail=detail)


def exported(browser: Browser, url: str = EXPORT) -> list[dict[str, str]]:
    response = browser.get(url)
    assert response.status_code == 200
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_line_says_who_what_about_whom_when_and_from_where(told: Story, signed_in: SignIn) -> None:
    noted(told, "reminder_moved", by=told.bob.pk, about=told.siobhan, to="2026-12-02")
    seen = page(signed_in(told.alice))
    for words in (
        "Today, ",
        "12:42 pm",
        "Bob",
        "Moved a reminder",
        "To: December 2",
        "Siobhán O’Connell",
        "203.0.113.9",
    ):
        assert words in seen
    assert f"/p/lakeview/clients/{told.siobhan}/" in seen


def test_only_owners_and_managers_see_it(told: Story, signed_in: SignIn) -> None:
    assert signed_in(told.bob).get(AUDIT).status_code == 403
    assert signed_in(told.bob).get(EXPORT).status_code == 403
    with practice_scope(told.lakeview.pk):
        assert not AuditEntry.objects.filter(action="audit_exported").exists()


def test_a_neighbor_s_lines_are_nowhere(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.hilltop.pk):
        audit(told.hilltop.pk, Actor(told.charlie.pk), "note_written", NOW, client_id=uuid7())
    assert "Wrote a note" not in body(page(signed_in(told.alice)))
    rows = exported(signed_in(told.alice))
    assert str(told.charlie.pk) not in str(rows)
    assert page(signed_in(told.charlie), "/p/hilltop/audit/").count("Wrote a note") == 2, (
        "in the filter and in the line"
    )


def test_those_who_left_the_service_and_erased_clients_have_a_name_too(told: Story, signed_in: SignIn) -> None:
    noted(told, by=uuid7(), about=uuid7())
    noted(told, by=None)
    seen = page(signed_in(told.alice))
    assert "Somebody who left" in seen
    assert "A client no longer here" in seen
    assert "The service" in seen


def test_who_was_merged_away_is_named_without_a_link(told: Story, signed_in: SignIn) -> None:
    noted(told, by=told.bob.pk, about=told.others[0])
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(pk=told.others[0]).update(merged_into_id=told.siobhan)
    seen = page(signed_in(told.alice))
    assert "Noor Patel" in seen
    assert f"/clients/{told.others[0]}/" not in seen


def body(seen: str) -> str:
    return seen.rsplit("<tbody>", maxsplit=1)[-1] if "<tbody>" in seen else ""


def test_filters_are_addresses(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    noted(told, "note_written", by=told.bob.pk, about=told.siobhan)
    noted(told, "call_taken", by=told.alice.pk, about=told.others[0], at=NOW - timedelta(days=3))
    by_bob = body(page(browser, f"{AUDIT}?who={told.bob.pk}"))
    assert "Wrote a note" in by_bob
    assert "Took a call" not in by_bob
    calls = body(page(browser, f"{AUDIT}?action=call_taken"))
    assert "Took a call" in calls
    assert "Wrote a note" not in calls
    hers = page(browser, f"{AUDIT}?client={told.siobhan}")
    assert "Siobhán O’Connell is the only client shown." in hers.replace("</b>", "")
    assert "Took a call" not in body(hers)
    days = body(page(browser, f"{AUDIT}?since=2026-11-21&until=2026-11-21"))
    assert "Took a call" in days
    assert "Wrote a note" not in days
    assert "No line fits." in page(browser, f"{AUDIT}?who={told.bob.pk}&action=call_taken")


def test_days_are_those_of_the_practice(told: Story, signed_in: SignIn) -> None:
    midnight = datetime.fromisoformat("2026-11-20T00:00:00-06:00")
    noted(told, "call_taken", at=midnight - timedelta(seconds=1))
    noted(told, "call_released", at=midnight)
    seen = body(page(signed_in(told.alice), f"{AUDIT}?since=2026-11-20&until=2026-11-20"))
    assert "Gave a call back" in seen
    assert "Took a call" not in seen


def test_words_find_the_one_client_and_lead_to_her_address(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    response = browser.get(f"{AUDIT}?about=siobhan+oconnell&action=note_written")
    assert response.status_code == 302
    assert f"client={told.siobhan}" in response["Location"]
    assert "action=note_written" in response["Location"]
    assert "Nobody of that name, phone or email." in page(browser, f"{AUDIT}?about=zzzz")
    assert "Several clients fit." in page(browser, f"{AUDIT}?about=312555")


@pytest.mark.parametrize(
    "query",
    [
        "who=x", "action=nothing_such", "since=yesterday", "until=2026-13-40", "client=12",
        "since=2026-11-20&until=2026-11-01", "about=" + "x" * 200,
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_said_and_shows_nothing(told: Story, signed_in: SignIn, query: str) -> None:
    noted(told)
    seen = page(signed_in(told.alice), f"{AUDIT}?{query}")
    assert "Nothing is shown." in seen
    assert body(seen) == ""
    assert signed_in(told.alice).get(f"{EXPORT}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["since=0001-01-01&until=9999-12-31", "since=9999-12-31", "until=0001-01-01", "about=%00"]
)
def test_the_edges_of_the_calendar_do_no_harm(told: Story, signed_in: SignIn, query: str) -> None:
    assert signed_in(told.alice).get(f"{AUDIT}?{query}").status_code == 200


@pytest.mark.parametrize("place", ["x", "1.", ".1", "1.x", "9" * 30 + ".1", "1" * 60, "-1.1"])
def test_a_place_that_is_none_is_not_found(told: Story, signed_in: SignIn, place: str) -> None:
    assert signed_in(told.alice).get(f"{AUDIT}?before={place}").status_code == 404


def test_pages_follow_each_other_without_gap_or_repeat(told: Story) -> None:
    with practice_scope(told.lakeview.pk):
        for minute in (3, 1, 2):  # one moment for many lines, and moments out of order
            audit_many(
                told.lakeview.pk, Actor(told.bob.pk), "note_written", NOW - minute * MINUTE, [uuid7() for _ in range(7)]
            )
    with practice_scope(told.lakeview.pk):
        walked = list(walk(told, TrailFilter(action="note_written"), 4))
        assert len(walked) == len({each.pk for each in walked}) == 21
        assert walked == sorted(walked, key=lambda each: (each.at, each.number), reverse=True)


def walk(told: Story, wanted: TrailFilter, size: int) -> Iterator[AuditEntry]:
    before: TrailCursor | None = None
    while True:
        found = trail_page(told.lakeview.pk, wanted, before, size=size)
        yield from found.entries
        if found.older is None:
            return
        before = TrailCursor.read(str(found.older))


def test_a_page_takes_the_same_number_of_queries_and_leads_to_the_next(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    noted(told, by=told.bob.pk, about=told.siobhan)
    few = queries(AUDIT)
    with practice_scope(told.lakeview.pk):
        audit_many(
            told.lakeview.pk,
            Actor(told.bob.pk),
            "client_viewed",
            NOW,
            [*told.others, *(uuid7() for _ in range(2 * PAGE))],
        )
    assert queries(AUDIT) == few
    assert few <= 20
    seen = page(browser)
    assert body(seen).count("<tr>") == PAGE
    older = unescape(seen.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0])
    assert "Back to the newest" in page(browser, older)
    assert body(page(browser, older)).count("<tr>") == PAGE


def test_the_export_holds_every_line_with_names_and_is_audited_itself(told: Story, signed_in: SignIn) -> None:
    browser = signed_in(told.alice)
    noted(told, "note_written", by=told.bob.pk, about=told.siobhan)
    with practice_scope(told.lakeview.pk):
        audit_many(told.lakeview.pk, Actor(), "client_viewed", NOW - 5 * MINUTE, [uuid7() for _ in range(AT_ONCE + 5)])
    rows = exported(browser)
    with practice_scope(told.lakeview.pk):
        verdict = verify_trail(told.lakeview.pk)
        newest = AuditEntry.objects.order_by("-number")[0]
    assert len(rows) == verdict.entries
    assert (newest.action, newest.staff_member_id, newest.address) == ("audit_exported", told.alice.pk, "127.0.0.1")
    [line] = [row for row in rows if row["action"] == "note_written"]
    assert (line["who"], line["client"], line["client_id"]) == ("Bob", "Siobhán O’Connell", str(told.siobhan))
    assert (line["what"], line["address"]) == ("Wrote a note", "203.0.113.9")
    assert {row["number"]: row["digest"] for row in rows}[str(newest.number)] == newest.digest


def test_the_export_follows_the_filters_and_notes_them(told: Story, signed_in: SignIn) -> None:
    noted(told, "note_written", by=told.bob.pk)
    noted(told, "call_taken", by=told.alice.pk)
    response = signed_in(told.alice).get(f"{EXPORT}?who={told.bob.pk}")
    assert response["Content-Disposition"] == 'attachment; filename="audit-lakeview-2026-11-24.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row["action"] for row in rows] == ["note_written"]
    with practice_scope(told.lakeview.pk):
        assert AuditEntry.objects.get(action="audit_exported").detail == {"filters": {"who": str(told.bob.pk)}}


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(told: Story, signed_in: SignIn, name: str) -> None:
    with practice_scope(told.lakeview.pk):
        Client.objects.filter(pk=told.siobhan).update(first_name=name, last_name="")
    noted(told, by=told.bob.pk, about=told.siobhan)
    for row in exported(signed_in(told.alice)):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert any(row["client"].startswith("'") for row in exported(signed_in(told.alice))) or name.startswith("\t")


def test_an_empty_trail_says_what_will_come(told: Story, signed_in: SignIn) -> None:
    seen = page(signed_in(told.charlie), "/p/hilltop/audit/")
    assert "Nothing happened yet." in seen

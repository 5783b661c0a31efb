"""Can staff say that something went wrong, and that it is settled, and does each have its effect?"""

from datetime import timedelta
from html import unescape

import pytest
from django.utils.html import strip_tags

from clients.models import ServiceIssue
from clients.operations.notes import note_added
from practices.models import AuditEntry, Role
from practices.tenancy import practice_scope
from reminders.models import Call, Sequence
from reminders.operations.bound import bound
from reminders.operations.facts import gather
from tests.builders.practices import member
from tests.builders.story import NOW, Story
from tests.dashboard.conftest import SignIn


def test_a_reported_problem_pauses_and_goes_on_the_call_list(told: Story, signed_in: SignIn) -> None:
    """SEQ-8."""
    browser = signed_in(told.bob)
    url = f"/p/lakeview/clients/{told.siobhan}/problem/"
    asked = unescape(browser.get(url).content.decode())
    assert "Reminders pause at once and Siobhán O’Connell goes on the call list" in asked
    response = browser.post(url, {"text": "The left side\r\nfeels numb"})
    assert response["Location"] == f"/p/lakeview/clients/{told.siobhan}/"
    with practice_scope(told.lakeview.pk):
        issue = ServiceIssue.objects.get(client_id=told.siobhan)
        assert (issue.origin, issue.opened_by_id, issue.text) == ("staff", told.bob.pk, "The left side\r\nfeels numb")
        assert Call.objects.get(client_id=told.siobhan, reason="SERVICE_ISSUE").anchor == str(issue.pk)
        assert set(Sequence.objects.filter(client_id=told.siobhan, kind="refill").values_list("state", flat=True)) <= {
            "paused", "ended",
        }  # fmt: skip
        entry = AuditEntry.objects.get(action="issue_opened")
    assert (entry.staff_member_id, entry.client_id, entry.subject_id, entry.detail) == (
        told.bob.pk, told.siobhan, issue.pk, {},
    )  # fmt: skip
    seen = unescape(browser.get(url).content.decode())
    assert "The left side\r\nfeels numb" in seen
    assert "Told today" in seen


def test_a_note_that_may_be_a_stop_goes_on_the_call_list_in_its_words(told: Story, signed_in: SignIn) -> None:
    """OPT-1: unsure is shown to a person while messages hold."""
    words = "Says too many texts while she’s away"
    with practice_scope(told.lakeview.pk):
        note_added(told.lakeview.pk, told.siobhan, "N1", words, NOW - timedelta(days=1), NOW)
    with practice_scope(told.lakeview.pk):
        issue = ServiceIssue.objects.get(client_id=told.siobhan)
        call = Call.objects.get(client_id=told.siobhan, reason="SERVICE_ISSUE")
        known = gather(bound(told.lakeview.pk, NOW), [told.siobhan], NOW)[told.siobhan].facts
    assert (issue.origin, call.anchor) == ("wish", str(issue.pk))
    assert (known.has_open_issue, known.has_unclear_reply) == (True, True)
    browser = signed_in(told.bob)
    seen = " ".join(unescape(strip_tags(browser.get("/p/lakeview/calls/").content.decode())).split())
    assert "A note or survey may ask for fewer messages, written yesterday. Reminders and all texts wait." in seen
    assert words in seen
    page = unescape(browser.get(f"/p/lakeview/clients/{told.siobhan}/").content.decode())
    assert "May want fewer messages" in page
    asked = unescape(browser.get(f"/p/lakeview/clients/{told.siobhan}/problem/").content.decode())
    assert "Told yesterday; all texts wait for it, confirmations too" in asked
    assert "A note or survey says so. Promotion and all texts wait until it is settled." in page


def test_a_problem_without_words_is_asked_for_again(told: Story, signed_in: SignIn) -> None:
    response = signed_in(told.bob).post(f"/p/lakeview/clients/{told.siobhan}/problem/", {"text": " "})
    assert response.status_code == 200
    assert "Say what went wrong" in response.content.decode()
    with practice_scope(told.lakeview.pk):
        assert not ServiceIssue.objects.filter(client_id=told.siobhan).exists()


def test_a_settled_problem_lets_reminders_go_on(told: Story, signed_in: SignIn) -> None:
    """R29."""
    noor = told.others[0]
    with practice_scope(told.lakeview.pk):
        issue = ServiceIssue.objects.get(client_id=noor)
    browser, url = signed_in(told.bob), f"/p/lakeview/problems/{issue.pk}/settled/"
    assert browser.get(url).status_code == 405
    for _ in range(2):
        assert browser.post(url)["Location"] == f"/p/lakeview/clients/{noor}/"
    with practice_scope(told.lakeview.pk):
        issue.refresh_from_db()
        assert issue.resolved_by_id == told.bob.pk
        assert Call.objects.get(client_id=noor).closed_at is not None
        assert AuditEntry.objects.filter(action="issue_resolved").count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_report_one(told: Story, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(member(told.lakeview, "Dora", role))
    assert browser.get(f"/p/lakeview/clients/{told.siobhan}/problem/").status_code == 200


def test_a_neighbour_s_client_or_problem_is_not_there(told: Story, signed_in: SignIn) -> None:
    with practice_scope(told.lakeview.pk):
        issue = ServiceIssue.objects.get()
    charlie = signed_in(told.charlie)
    assert charlie.post(f"/p/hilltop/problems/{issue.pk}/settled/").status_code == 404
    assert charlie.post(f"/p/hilltop/clients/{told.siobhan}/problem/", {"text": "x"}).status_code == 404

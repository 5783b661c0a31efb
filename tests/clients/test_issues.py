"""Who says that something went wrong, and is it written into the trail?"""

from datetime import timedelta

import pytest

from clients.models import ServiceIssue
from clients.operations.issues import open_issue, resolve_issue
from clients.operations.merging import merge, unmerge
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, client
from tests.builders.practices import bob, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

NOW = SAID_AT + timedelta(days=1)
STAFF, SURVEY = ServiceIssue.Origin.STAFF, ServiceIssue.Origin.SURVEY


@pytest.fixture
def practice() -> Practice:
    return lakeview()


def trail(practice: Practice) -> list[tuple[str, object, object]]:
    with practice_scope(practice.id):
        return list(AuditEntry.objects.order_by("number").values_list("action", "staff_member_id", "subject_id"))


def test_what_staff_reports_and_settles_is_audited_once_each(practice: Practice) -> None:
    dana, staff = client(practice), bob(practice)
    with practice_scope(practice.id):
        assert open_issue(practice.id, dana.id, STAFF, "numb\0", NOW, NOW, opened_by=Actor(staff.id))
        issue = ServiceIssue.objects.get()
        for hours in (1, 2):
            resolve_issue(practice.id, issue.id, Actor(staff.id), NOW + timedelta(hours=hours))
        issue.refresh_from_db()
    assert (issue.text, issue.opened_by_id, issue.resolved_by_id) == ("numb", staff.id, staff.id)
    assert issue.resolved_at == NOW + timedelta(hours=1)
    assert trail(practice) == [("issue_opened", staff.id, issue.id), ("issue_resolved", staff.id, issue.id)]


def test_what_a_survey_says_is_nobody_s_deed(practice: Practice) -> None:
    dana = client(practice)
    with practice_scope(practice.id):
        assert open_issue(practice.id, dana.id, SURVEY, "numb", NOW, NOW, remote_id="S1")
        assert not open_issue(practice.id, dana.id, SURVEY, "numb", NOW, NOW, remote_id="S1")
        assert ServiceIssue.objects.get().opened_by is None
    assert trail(practice) == []


def test_an_issue_goes_with_a_merge_and_back_with_who_opened_it(practice: Practice) -> None:
    """R18."""
    dana, olivia, staff = client(practice), client(practice, OLIVIA), bob(practice)
    assert (dana.first_name, olivia.first_name) == (DANA.first_name, OLIVIA.first_name)
    with practice_scope(practice.id):
        open_issue(practice.id, olivia.id, STAFF, "numb", NOW, NOW, opened_by=Actor(staff.id))
        made = merge(practice.id, dana.id, olivia.id, NOW)
        assert ServiceIssue.objects.get().client_id == dana.id
        unmerge(practice.id, made.id, NOW)
        issue = ServiceIssue.objects.get()
    assert (issue.client_id, issue.opened_by_id) == (olivia.id, staff.id)

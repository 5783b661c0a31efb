"""Does a note or survey that matters lead to what it asks for, and every other to nothing? (OPT-1, CARE-1)"""

from datetime import timedelta
from io import BytesIO

import pytest

from clients.models import Client, ServiceIssue, Suppression
from clients.operations.importing_stops import import_stops
from clients.operations.issues import open_issue, resolve_issue
from clients.operations.notes import note_added, survey_submitted
from clients.operations.staff_opt_outs import opt_out_for, take_back_for
from clients.operations.stopping import opt_out
from clients.queries.permissions import permissions_of
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import SAID_AT, client
from tests.builders.practices import alice, hilltop, lakeview

NOW = SAID_AT + timedelta(days=1)

STOP, COMPLAINT = "Please do not text her anymore.", "Client is upset about bruising under the eye"


def is_out(practice: Practice, who: Client) -> bool:
    with practice_scope(practice.id):
        return permissions_of(practice.id, [who.id])[who.id].is_opted_out


def has_issue(practice: Practice, who: Client) -> bool:
    with practice_scope(practice.id):
        return permissions_of(practice.id, [who.id])[who.id].open_issues != ()


@pytest.mark.django_db
def test_a_note_that_wants_no_messages_opts_her_out_in_its_words() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", STOP, SAID_AT, NOW)
        row = Suppression.objects.get(subject="phone")
    assert (row.origin, row.wording, row.at) == ("note", STOP, SAID_AT)
    assert is_out(practice, dana)
    assert not has_issue(practice, dana)


@pytest.mark.django_db
def test_a_routine_note_is_not_stored() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for number, text in enumerate(
            ("", "Forehead 12u, glabella 20u, tolerated well.", "Text message consent on file.")
        ):
            note_added(practice.id, dana.id, f"N{number}", text, SAID_AT, NOW)
        assert not Suppression.objects.exists()
        assert not ServiceIssue.objects.exists()


@pytest.mark.django_db
def test_a_complaint_opens_one_issue_however_often_it_is_told() -> None:
    practice = lakeview()
    owner, dana = alice(practice), client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            note_added(practice.id, dana.id, "N1", COMPLAINT, SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    assert (issue.origin, issue.opened_at, issue.text) == ("note", SAID_AT, COMPLAINT)
    assert has_issue(practice, dana)
    with practice_scope(practice.id):
        resolve_issue(practice.id, issue.id, Actor(owner.id), NOW)
        resolve_issue(practice.id, issue.id, Actor(), NOW + timedelta(days=1))
        note_added(practice.id, dana.id, "N1", COMPLAINT, SAID_AT, NOW + timedelta(days=2))
        issue = ServiceIssue.objects.get()
    assert (issue.resolved_at, issue.resolved_by_id) == (NOW, owner.id)
    assert not has_issue(practice, dana)


@pytest.mark.django_db
def test_a_note_that_may_be_a_stop_waits_for_a_person_however_often_it_is_told() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            note_added(practice.id, dana.id, "N1", "Requested no contact for 2 weeks", SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    assert (issue.origin, issue.opened_at, issue.text) == ("wish", SAID_AT, "Requested no contact for 2 weeks")
    assert (is_out(practice, dana), has_issue(practice, dana)) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "origins", "stops"),
    [
        ("Too many texts, and she is upset about her brow", {"wish", "note"}, False),
        ("Stop texting her, wrong number", set(), True),
        ("Unsubscribe, very unhappy", {"note"}, True),
    ],
)
def test_a_note_that_says_several_things_is_heeded_in_each(text: str, origins: set[str], *, stops: bool) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", text, SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("origin", flat=True)) == origins
    assert is_out(practice, dana) == stops


@pytest.mark.django_db
def test_words_from_before_an_opt_out_was_taken_back_ask_for_nothing() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        opt_out_for(practice.id, dana.id, "no more", Actor(), SAID_AT)
        take_back_for(practice.id, dana.id, "yes again", Actor(), NOW)
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT + timedelta(hours=1), NOW)
        assert not ServiceIssue.objects.exists()
        note_added(practice.id, dana.id, "N2", "Wrong number", NOW + timedelta(hours=1), NOW + timedelta(hours=1))
        assert ServiceIssue.objects.get().remote_id == "N2"


@pytest.mark.django_db
def test_a_stop_by_email_leaves_a_wish_about_texts_open() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT, NOW)
        opt_out(practice.id, NOW, email=dana.email, origin=Suppression.Origin.LINK)
        note_added(practice.id, dana.id, "N2", "Says too many texts", SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("remote_id", "resolved_at")) == {("N1", None), ("N2", None)}
        opt_out(practice.id, NOW, phone=dana.phone, origin=Suppression.Origin.GATEWAY)
        assert set(ServiceIssue.objects.values_list("resolved_at", flat=True)) == {NOW}


@pytest.mark.django_db
def test_a_list_of_stops_settles_the_wishes_of_who_is_on_it() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Wrong number", SAID_AT, NOW)
        import_stops(
            practice.id, BytesIO(f"phone\n{dana.phone}\n".encode()), wording="their list", actor=Actor(), now=NOW
        )
        assert ServiceIssue.objects.get().resolved_at == NOW


@pytest.mark.django_db
def test_a_survey_with_the_longest_id_can_ask_for_less() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        survey_submitted(practice.id, dana.id, "S" * 160, 3, "too many texts", SAID_AT, NOW)
        assert set(ServiceIssue.objects.values_list("origin", flat=True)) == {"wish", "survey"}


@pytest.mark.django_db
def test_an_opt_out_is_the_answer_to_a_wish_and_who_is_out_is_asked_nothing() -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        note_added(practice.id, dana.id, "N1", "Says too many texts", SAID_AT, NOW)
        note_added(practice.id, dana.id, "N2", "Upset about her brow", SAID_AT, NOW)
        opt_out_for(practice.id, dana.id, "no more", Actor(), NOW)
        note_added(practice.id, dana.id, "N3", "Wrong number", SAID_AT, NOW)
        rows = set(ServiceIssue.objects.values_list("origin", "remote_id", "resolved_at"))
    assert rows == {("wish", "N1", NOW), ("note", "N2", None)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Lovely! But please stop texting me", "opt-out"),
        ("STOP", "opt-out"),
        ("no more emails please", "opt-out"),
        ("Please unsubscribe me", "opt-out"),
        ("Great service. STOP", "opt-out"),
        ("Please take me off your list", "opt-out"),
        ("No me contacten más", "opt-out"),
        ("Great but too many texts", "wish"),
        ("Cancel", "wish"),
        ("I asked the nurse to stop and she kept going", "nothing"),
        ("I wish the bruising would stop", "nothing"),
        ("I opted out of numbing and it was fine", "nothing"),
        ("I didn't want to be contacted by the manager", "nothing"),
        ("Please stop the hot towels", "nothing"),
        ("Wrong number of units?", "nothing"),
        ("Loved the text reminders", "nothing"),
    ],
)
def test_what_a_client_writes_of_messages_in_a_survey_is_heard(text: str, becomes: str) -> None:
    """OPT-1: in any reasonable manner."""
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            survey_submitted(practice.id, dana.id, "S1", 9, text, SAID_AT, NOW)
        stops = set(Suppression.objects.filter(subject="phone").values_list("origin", "wording", "at"))
        issues = list(ServiceIssue.objects.values_list("origin", "text"))
    assert stops == ({("survey", text, SAID_AT)} if becomes == "opt-out" else set())
    assert issues == ([("wish", text)] if becomes == "wish" else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("score", "text", "opens"),
    [
        (0, "", True),
        (6, "meh", True),
        (7, "fine", False),
        (10, "", False),
        (9, "but I want a refund; wants a refund", True),
    ],
)
def test_a_low_score_or_a_complaint_in_a_survey_opens_an_issue(score: int, text: str, *, opens: bool) -> None:
    practice = lakeview()
    dana = client(practice)
    with practice_scope(practice.id):
        for _ in range(2):
            survey_submitted(practice.id, dana.id, "S1", score, text, SAID_AT, NOW)
        assert ServiceIssue.objects.count() == int(opens)


@pytest.mark.django_db
def test_an_issue_of_another_practices_client_cannot_be_opened_or_settled() -> None:
    ours, theirs = lakeview(), hilltop()
    dana = client(ours)
    with practice_scope(theirs.id):
        assert not open_issue(theirs.id, dana.id, ServiceIssue.Origin.STAFF, "x", SAID_AT, NOW)
    with practice_scope(ours.id):
        assert open_issue(ours.id, dana.id, ServiceIssue.Origin.STAFF, "x", SAID_AT, NOW)
        issue = ServiceIssue.objects.get()
    with practice_scope(theirs.id), pytest.raises(ServiceIssue.DoesNotExist):
        resolve_issue(theirs.id, issue.id, Actor(), NOW)

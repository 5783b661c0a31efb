"""Is everyone who arrives from several systems one person, and is the newest word about her the one that counts?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from clients.models import Client, ClientIdentity
from clients.operations.reported import ReportedClient
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, client, say, treatment
from tests.builders.practices import hilltop, lakeview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_above_listens")]

HOUR = timedelta(hours=1)


def everyone(practice: Practice) -> list[Client]:
    with practice_scope(practice.id):
        return list(Client.objects.order_by("created_at", "id"))


def test_a_client_is_kept_as_described() -> None:
    practice = lakeview()
    dana = client(practice, replace(DANA, date_of_birth=date(1990, 5, 4), language="EN", time_zone="America/Chicago"))
    assert (dana.full_name, dana.name_key) == ("Dana Whitfield", "dana whitfield")
    assert (dana.phone, dana.email) == ("+13125550142", "dana.whitfield@example.com")
    assert (dana.address_zones, dana.phone_zones, dana.phone_state) == (
        ["America/Chicago"],
        ["America/Chicago"],
        "IL",
    )
    assert (dana.status, dana.language, dana.stated_time_zone) == ("active", "en", "America/Chicago")


def test_what_cannot_be_read_counts_as_not_said() -> None:
    practice = lakeview()
    client(practice)
    say(practice, replace(DANA, phone="call the office", email="n/a", time_zone="Mars/Olympus"), at=SAID_AT + HOUR)
    (dana,) = everyone(practice)
    assert (dana.phone, dana.email, dana.stated_time_zone) == ("+13125550142", "dana.whitfield@example.com", "")


def test_what_is_not_said_stays_and_what_is_said_to_be_empty_goes() -> None:
    practice = lakeview()
    client(practice)
    say(practice, ReportedClient("G1", email=""), at=SAID_AT + HOUR)
    (dana,) = everyone(practice)
    assert (dana.first_name, dana.phone, dana.email) == ("Dana", "+13125550142", "")


def test_the_newest_word_of_each_field_counts_in_any_order() -> None:
    """R13."""
    words = [
        (ReportedClient("G1", first_name="Dana", last_name="Lee", phone="312-555-0142"), SAID_AT),
        (ReportedClient("G1", phone="312-555-0143", postal_code="96815"), SAID_AT + HOUR),
        (ReportedClient("G1", phone="312-555-0142", status="inactive"), SAID_AT + 2 * HOUR),
        (ReportedClient("G1", last_name="Whitfield", postal_code="60601", email=""), SAID_AT + 3 * HOUR),
        (ReportedClient("G1", last_name="Ng", postal_code="10001", email="d@example.com"), SAID_AT),
    ]
    outcomes = set()
    for number, order in enumerate(permutations(words)):
        if number % 3:  # every third order, and each word twice
            continue
        practice_words = [(replace(word, remote_id=f"G{number}"), at) for word, at in (*order, *order[::-1])]
        outcomes.add(_told(practice_words))
    assert outcomes == {("Dana", "Whitfield", "+13125550142", "", "60601", "IL", "inactive", "America/Chicago")}


_PRACTICE: list[Practice] = []


@pytest.fixture(autouse=True)
def _lakeview(request: pytest.FixtureRequest) -> None:
    if "any_order" in request.node.name:
        _PRACTICE[:] = [lakeview()]


def _told(words: list[tuple[ReportedClient, datetime]]) -> tuple[str, ...]:
    (practice,) = _PRACTICE
    for word, at in words:
        say(practice, word, at=at, source=word.remote_id)
    with practice_scope(practice.id):
        told = Client.objects.get(identities__remote_id=words[0][0].remote_id)
        (zone,) = told.address_zones
        return (
            told.first_name,
            told.last_name,
            told.phone,
            told.email,
            told.postal_code,
            told.state,
            told.status,
            zone,
        )


def test_an_older_death_is_heard_although_the_status_was_never_said_later() -> None:
    practice = lakeview()
    say(practice, DANA, at=SAID_AT + HOUR)
    say(practice, ReportedClient("G1", status="deceased"), at=SAID_AT)
    assert everyone(practice)[0].status == "deceased"


def test_an_active_that_was_said_later_is_not_undone_by_an_older_word() -> None:
    practice = lakeview()
    say(practice, replace(DANA, status="active"), at=SAID_AT + HOUR)
    say(practice, ReportedClient("G1", status="inactive"), at=SAID_AT)
    assert everyone(practice)[0].status == "active"
    say(practice, ReportedClient("G1", status="inactive"), at=SAID_AT + 2 * HOUR)
    assert everyone(practice)[0].status == "inactive"


def test_a_file_counts_from_its_reading_and_read_again_changes_nothing() -> None:
    practice = lakeview()
    say(practice, DANA, at=None, now=SAID_AT)
    say(practice, ReportedClient("G1", phone="3125550199"), at=SAID_AT - HOUR)
    assert everyone(practice)[0].phone == "+13125550142"
    say(practice, ReportedClient("G1", phone="3125550199"), at=SAID_AT + HOUR)
    again = say(practice, replace(DANA, phone="1 (312) 555-0199"), at=None, now=SAID_AT + 2 * HOUR)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert again.client_ids == set()


def test_the_same_name_and_phone_in_another_system_is_the_same_person() -> None:
    """REC-2."""
    practice = lakeview()
    client(practice)
    say(practice, replace(DANA, remote_id="guid-7", email="other@example.com", first_name="DANA"), source="jane")
    (dana,) = everyone(practice)
    with practice_scope(practice.id):
        known = set(ClientIdentity.objects.values_list("source", "remote_id", "client_id"))
    assert known == {("records", "G1", dana.id), ("jane", "guid-7", dana.id)}


def test_the_same_person_twice_in_one_batch_is_one_client() -> None:
    practice = lakeview()
    recorded = say(practice, DANA, replace(DANA, remote_id="G9", email=None))
    assert len(everyone(practice)) == 1
    assert (recorded.created, recorded.unchanged) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        replace(DANA, remote_id="X", first_name="Maria"),
        replace(DANA, remote_id="X", phone="3125550143", email="d2@example.com"),
        replace(DANA, remote_id="X", date_of_birth=date(2001, 1, 1)),
        replace(DANA, remote_id="X", first_name=None, last_name=None),
    ],
    ids=["another name", "another phone and email", "another birthday", "no name"],
)
def test_a_doubtful_match_is_a_client_of_her_own(other: ReportedClient) -> None:
    practice = lakeview()
    client(practice, replace(DANA, date_of_birth=date(1990, 5, 4)))
    say(practice, other, source="jane")
    assert len(everyone(practice)) == 2


def test_two_possible_matches_are_doubtful() -> None:
    practice = lakeview()
    say(practice, replace(DANA, remote_id="G1", phone=None), replace(DANA, remote_id="G2", email=None))
    assert len(everyone(practice)) == 2
    say(practice, replace(DANA, remote_id="X"), source="jane")
    assert len(everyone(practice)) == 3


def test_the_same_id_in_another_system_matches_with_the_same_name() -> None:
    practice = lakeview()
    client(practice)
    say(practice, ReportedClient("G1", full_name="Whitfield-Dana"), source="zenoti")
    say(practice, ReportedClient("G1", full_name="dana whitfield"), source="jane")
    names = [who.name_key for who in everyone(practice)]
    assert names == ["dana whitfield", "whitfield dana"]


def test_an_id_without_a_name_matches_unless_it_is_a_bare_number() -> None:
    practice = lakeview()
    say(practice, DANA, replace(OLIVIA, remote_id="17"))
    say(practice, ReportedClient("G1"), ReportedClient("17"), source="jane")
    assert sorted(who.first_name for who in everyone(practice)) == ["", "Dana", "Olivia"]


def test_a_name_in_one_piece_does_not_split_better_known_names() -> None:
    practice = lakeview()
    client(practice, replace(DANA, first_name="Mary Ann", last_name="Smith"))
    say(practice, ReportedClient("G1", full_name="Mary Ann Smith"), at=None)
    assert everyone(practice)[0].first_name == "Mary Ann"
    say(practice, ReportedClient("G1", full_name="Mary Jones"), at=None, now=SAID_AT + HOUR)
    assert everyone(practice)[0].full_name == "Mary Jones"


def test_a_state_is_concluded_from_the_zip_code_until_it_is_said() -> None:
    practice = lakeview()
    say(practice, replace(DANA, state=None), at=SAID_AT)
    assert everyone(practice)[0].state == "IL"
    say(practice, ReportedClient("G1", postal_code="96815"), at=SAID_AT + HOUR)
    assert (everyone(practice)[0].state, everyone(practice)[0].address_zones) == ("HI", ["Pacific/Honolulu"])
    say(practice, ReportedClient("G1", state="California"), at=SAID_AT - HOUR)
    assert everyone(practice)[0].state == "CA"


def test_the_same_ids_in_two_practices_are_two_people() -> None:
    ours, theirs = lakeview(), hilltop()
    client(ours)
    say(theirs, replace(DANA, first_name="Charlie's Dana"), treatment())
    assert [who.first_name for who in everyone(ours)] == ["Dana"]
    assert len(everyone(theirs)) == 1


def test_odd_text_does_no_harm() -> None:
    practice = lakeview()
    odd = replace(DANA, first_name='Siobhán "\\{}," \x00', last_name="O'Brien; DROP TABLE--", language="🙂" * 20)
    assert client(practice, odd).full_name == 'Siobhán "\\{}," O\'Brien; DROP TABLE--'
    assert datetime(2026, 1, 1, tzinfo=UTC) < everyone(practice)[0].created_at

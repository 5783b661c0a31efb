"""Does a list of stops come in whole, once, and reach everybody it must?"""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client, Suppression
from clients.operations import stop_lists
from clients.operations.exporting_stops import export_stops
from clients.operations.importing_stops import Imported, import_stops
from clients.operations.reported import ReportedClient
from clients.operations.stop_lists import LIFTED, NOTHING, BadLine, ListRefused, Stopped, read_list
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from clients.queries.permissions import permissions_of
from clients.queries.suppressions import Wanted
from practices.models import AuditEntry, Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.clients import DANA, OLIVIA, SAID_AT, client
from tests.builders.practices import MADE_AT, alice, hilltop, lakeview

NOW = SAID_AT + timedelta(days=30)


def read(text: str, encoding: str = "utf-8") -> list[Stopped | BadLine]:
    return list(read_list(io.BytesIO(text.encode(encoding))))


def taken(practice: Practice, text: str, **known: object) -> Imported:
    chosen = {"wording": "the old system's list", "actor": Actor(), "now": NOW} | known
    with practice_scope(practice.pk):
        return import_stops(practice.pk, io.BytesIO(text.encode()), **chosen)  # type: ignore[arg-type]


def opted_out(practice: Practice) -> set[str]:
    """The first names of those who are out."""
    with practice_scope(practice.pk):
        names = dict(Client.objects.values_list("id", "first_name"))
        return {names[each] for each, may in permissions_of(practice.pk, list(names)).items() if may.is_opted_out}


class TestReading:
    """One line at a time."""

    def test_plain_lines_need_no_heading(self) -> None:
        assert read("(312) 555-0142\nDana.W@Example.com\n\n+44 20 7946 0958\n") == [
            Stopped(1, "+13125550142", ""),
            Stopped(2, "", "dana.w@example.com"),
            Stopped(4, "+442079460958", ""),
        ]

    def test_a_heading_names_the_columns_and_nothing_else_is_looked_at(self) -> None:
        text = 'Client ID;Name;Mobile phone;E-Mail\n3125550199;"Kim; Dana";312-555-0142;dana@example.com\n'
        assert read(text) == [Stopped(2, "+13125550142", "dana@example.com")]

    def test_every_bad_line_has_its_number_and_a_reason(self) -> None:
        assert read("phone,email\n312-555-01,\n,nobody@\n,\n312-555-0142,broken@\nx,y\n") == [
            BadLine(2, "“312-555-01” is not a phone number that can be reached."),
            BadLine(3, "“nobody@” is not an email address."),
            BadLine(4, NOTHING),
            Stopped(5, "+13125550142", ""),
            BadLine(5, "“broken@” is not an email address; the rest of the line is on the list."),
            BadLine(6, "“x” is not a phone number that can be reached."),
        ]

    def test_a_line_with_two_phones_stops_both(self) -> None:
        assert read("3125550142,3125550143,dana@example.com") == [
            Stopped(1, "+13125550142", "dana@example.com"),
            Stopped(1, "+13125550143", ""),
        ]

    def test_what_a_spreadsheet_or_our_own_export_put_before_a_number_is_no_part_of_it(self) -> None:
        assert read("phone,email,lifted\r\n'+13125550142,,\r\n'+13125550143,,2026-03-01T10:00:00+00:00\r\n") == [
            Stopped(2, "+13125550142", ""),
            BadLine(3, LIFTED),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_letters_of_other_programs_are_read(self, encoding: str) -> None:
        assert read("phone\temail\n3125550142\tdana@example.com\n", encoding) == [
            Stopped(2, "+13125550142", "dana@example.com")
        ]

    def test_an_empty_list_is_refused(self) -> None:
        with pytest.raises(ListRefused, match="empty"):
            read(" \n\n")

    def test_a_list_that_is_too_long_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stop_lists, "MOST_LINES", 2)
        assert len(read("3125550142\n3125550143")) == 2
        with pytest.raises(ListRefused, match="more than 2 lines"):
            read("3125550142\n3125550143\n3125550144")

    def test_a_line_of_a_megabyte_is_skipped_and_the_next_is_read(self) -> None:
        found = read("3125550142\n" + "x" * 1_000_000 + "\n3125550143\n")
        assert [each.number for each in found] == [1, 2, 3]
        assert isinstance(found[1], BadLine)
        assert found[2] == Stopped(3, "+13125550143", "")

    @given(st.binary(min_size=1, max_size=400))
    def test_no_bytes_break_it_and_each_line_is_answered_once_or_refused(self, raw: bytes) -> None:
        try:
            found = list(read_list(io.BytesIO(raw)))
        except ListRefused:
            return
        bad = [each.number for each in found if isinstance(each, BadLine)]
        assert len(bad) == len(set(bad))
        assert all(each.phone or each.email for each in found if isinstance(each, Stopped))


@pytest.mark.django_db
class TestImporting:
    """All of it, or nothing."""

    def test_clients_are_out_and_strangers_are_remembered(self) -> None:
        practice = lakeview()
        dana, _ = client(practice), client(practice, OLIVIA)
        imported = taken(practice, "phone,email\n312-555-0142,\n312-555-0199,stranger@example.com\n")
        assert (imported.added, imported.known, imported.clients, imported.bad) == (3, 0, 1, [])
        assert opted_out(practice) == {"Dana"}
        with practice_scope(practice.pk):
            rows = Suppression.objects.order_by("subject", "address")
            assert list(rows.values_list("subject", "address", "client_id", "origin", "wording")) == [
                ("email", "stranger@example.com", None, "import", "the old system's list"),
                ("phone", "+13125550142", dana.pk, "import", "the old system's list"),
                ("phone", "+13125550199", None, "import", "the old system's list"),
            ]
        client(practice, ReportedClient(remote_id="G9", first_name="Late", email="stranger@example.com"))
        assert opted_out(practice) == {"Dana", "Late"}

    def test_it_reaches_the_same_people_as_one_opt_out_each(self) -> None:
        """A record that shares a phone or email with one that is reached is the same person (OPT-1)."""
        family = [
            ReportedClient(remote_id="S1", first_name="Ann", phone="3125550171", email="ann@example.com"),
            ReportedClient(remote_id="S2", first_name="Bea", phone="3125550171", email="bea@example.com"),
            ReportedClient(remote_id="S3", first_name="Cat", phone="3125550173", email="bea@example.com"),
            ReportedClient(remote_id="S4", first_name="Dot", phone="3125550174", email="ann@example.com"),
        ]
        ours, theirs = lakeview(), hilltop()
        for practice in (ours, theirs):
            for each in family:
                client(practice, each)
        taken(ours, "3125550171\nann@example.com")
        with practice_scope(theirs.pk):
            opt_out(theirs.pk, NOW, phone="3125550171", origin="import")
            opt_out(theirs.pk, NOW, email="ann@example.com", origin="import")
        assert opted_out(ours) == opted_out(theirs) == {"Ann", "Bea", "Cat", "Dot"}

    def test_importing_again_changes_nothing(self) -> None:
        practice = lakeview()
        client(practice)
        text = "3125550142\ndana.whitfield@example.com\n3125550199"
        assert taken(practice, text).added == 3
        with practice_scope(practice.pk):
            before = list(Suppression.objects.order_by("pk").values())
        again = taken(practice, text, now=NOW + timedelta(days=1), wording="again")
        assert (again.added, again.known, again.clients) == (0, 3, 0)
        with practice_scope(practice.pk):
            assert list(Suppression.objects.order_by("pk").values()) == before

    def test_what_was_taken_back_after_the_day_of_the_list_stays_so(self) -> None:
        practice = lakeview()
        dana = client(practice)
        with practice_scope(practice.pk):
            opt_out(practice.pk, NOW - timedelta(days=9), client_id=dana.pk, origin="staff")
            lift_opt_out(practice.pk, NOW - timedelta(days=3), client_id=dana.pk, source="START", wording="start")
        old = taken(practice, "3125550142", said_at=NOW - timedelta(days=5))
        assert (old.added, old.back) == (0, 1)
        assert opted_out(practice) == set()
        assert taken(practice, "3125550142").added == 1
        assert opted_out(practice) == {"Dana"}

    def test_an_export_comes_back_as_it_left_though_texts_were_taken_back(self) -> None:
        """What holds for email alone since START does not end texts again; on an empty list it holds for all."""
        practice = lakeview()
        dana = client(practice)
        with practice_scope(practice.pk):
            opt_out(practice.pk, NOW - timedelta(days=9), client_id=dana.pk, origin="staff")
            lift_opt_out(practice.pk, NOW - timedelta(days=3), phone=dana.phone, source="START", wording="start")
            file = "".join(export_stops(practice.pk, Wanted(), Actor(), NOW))
            before = list(Suppression.objects.order_by("pk").values())
        again = taken(practice, file)
        assert (again.added, again.known, len(again.bad)) == (0, 1, 1)
        with practice_scope(practice.pk):
            assert list(Suppression.objects.order_by("pk").values()) == before
        assert opted_out(practice) == set()
        assert taken(practice, f"{file}{dana.email}\r\n".replace("narrowed", "was")).added == 1
        assert opted_out(practice) == {"Dana"}

    def test_it_is_audited_without_an_address(self) -> None:
        practice = lakeview()
        owner = alice(practice)
        client(practice)
        taken(practice, "3125550142\nnonsense", actor=Actor(owner.pk, "10.0.0.1"))
        with practice_scope(practice.pk):
            line = AuditEntry.objects.get(action="suppressions_imported")
            assert line.staff_member_id == owner.pk
            assert line.detail == {"added": 1, "known": 0, "bad": 1, "clients": 1}
            assert Suppression.objects.get().by_id == owner.pk

    def test_a_refused_list_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        practice = lakeview()
        monkeypatch.setattr(stop_lists, "MOST_LINES", 1)
        with pytest.raises(ListRefused):
            taken(practice, "3125550142\n3125550143")
        with practice_scope(practice.pk):
            assert not Suppression.objects.exists()

    def test_a_neighbours_clients_are_not_reached(self) -> None:
        ours, theirs = lakeview(), hilltop()
        client(theirs)
        assert taken(ours, "3125550142").clients == 0
        assert opted_out(theirs) == set()

    def test_a_thousand_lines_take_as_many_queries_as_one(self) -> None:
        practice = lakeview()
        client(practice, DANA)
        counts = []
        for text in ("3125550142", "\n".join(f"312555{number:04}" for number in range(1000, 2000))):
            with CaptureQueriesContext(connection) as queries:
                taken(practice, text, now=MADE_AT)
            counts.append(len([each for each in queries.captured_queries if "reminders_" not in each["sql"]]))
        assert counts[1] <= counts[0]

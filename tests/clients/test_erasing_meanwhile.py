"""Is somebody who is erased, while others wait for her row, to each of them one who is not there? (REC-5, R32)"""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from clients.events import consent_changed
from clients.models import Client, ClientIdentity, Consent, Suppression, UnmatchedRecord
from clients.operations.erasing import erase_client
from clients.operations.importing_stops import import_stops
from clients.operations.merging import MergeRefused, merge, undo_merge
from clients.operations.reaching import NobodyNamed
from clients.operations.reported import ReportedClient
from clients.operations.stopping import opt_out
from clients.operations.taking_back import lift_opt_out
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from tests.builders.at_once import queued_behind, while_it_is_open
from tests.builders.clients import DANA, OLIVIA, SAID_AT, client, say, treatment
from tests.builders.practices import lakeview

pytestmark = pytest.mark.django_db(transaction=True)

NOW = SAID_AT + timedelta(days=3)
PHONE = "+13125550142"


def meanwhile(practice: Practice, dana: Client, deed: Callable[[], Any]) -> Any:
    """What comes of a deed that waits until she is erased."""
    erased, done = while_it_is_open(
        practice.pk, lambda: erase_client(practice.pk, dana.pk, Actor(), NOW), deed
    )  # fmt: skip
    assert erased == dana.pk
    if isinstance(done, Exception):
        raise done
    return done


@pytest.mark.parametrize(
    ("who", "source"),
    [
        (replace(DANA, last_name="Other"), "records"),
        (replace(DANA, remote_id="Z9"), "zenoti"),
        (replace(DANA, remote_id="Z9", phone=None), "records"),
    ],
    ids=["known by her id", "matched from another source", "matched by her email"],
)
def test_words_that_waited_make_her_anew(who: ReportedClient, source: str) -> None:
    practice = lakeview()
    dana, olivia = client(practice), client(practice, OLIVIA)
    later = NOW + timedelta(days=1)
    recorded = meanwhile(
        practice, dana, lambda: say(practice, replace(OLIVIA, state="IN"), who, source=source, at=later)
    )
    with practice_scope(practice.pk):
        again = Client.objects.get(first_name="Dana")
        assert again.pk in recorded.client_ids
        assert again.pk not in (dana.pk, olivia.pk)
        assert Client.objects.get(pk=dana.pk).first_name == ""
        assert ClientIdentity.objects.get(source=source, remote_id=who.remote_id).client_id == again.pk
        assert not ClientIdentity.objects.filter(client_id=dana.pk).exists()
        assert list(recorded.clients) == ["updated", "created"]


def test_a_line_with_her_name_alone_waits_for_somebody_of_that_name() -> None:
    practice = lakeview()
    dana = client(practice)
    line = treatment("T1", ReportedClient("", full_name="Dana Whitfield"))
    recorded = meanwhile(practice, dana, lambda: say(practice, line, at=NOW))
    assert recorded.treatments == ["waiting"]
    with practice_scope(practice.pk):
        assert UnmatchedRecord.objects.count() == 1


def heard_of(practice: Practice, dana: Client, deed: Callable[[], Any]) -> tuple[Any, list[Any]]:
    """What came of it, and of whom was said that they may be written to or not."""
    told: list[Any] = []

    def hear(event: Any, **_: Any) -> None:
        told.append(event.client_ids)

    def do() -> Any:
        with practice_scope(practice.pk):
            return deed()

    consent_changed.connect(hear, weak=False)
    try:
        return meanwhile(practice, dana, do), told
    finally:
        consent_changed.disconnect(hear)


@pytest.mark.parametrize("by", ["phone", "phone and client"])
def test_a_stop_that_waited_is_of_a_number_that_nobody_has(by: str) -> None:
    practice = lakeview()
    dana = client(practice)
    named = {"client_id": dana.pk} if by == "phone and client" else {}
    reached, told = heard_of(
        practice,
        dana,
        lambda: opt_out(practice.pk, NOW, phone=PHONE, origin=Suppression.Origin.REPLY, **named),  # type: ignore[arg-type]
    )
    assert (reached, told) == (set(), [])
    with practice_scope(practice.pk):
        kept = Suppression.objects.get()
        assert (kept.subject, kept.address, kept.client_id) == ("phone", PHONE, None)


def test_a_stop_of_hers_alone_that_waited_keeps_no_number_of_hers() -> None:
    practice = lakeview()
    dana = client(practice)

    def stop() -> Any:
        with practice_scope(practice.pk):
            return opt_out(practice.pk, NOW, client_id=dana.pk, origin=Suppression.Origin.STAFF)

    with pytest.raises(NobodyNamed):
        meanwhile(practice, dana, stop)
    with practice_scope(practice.pk):
        assert not Suppression.objects.filter(is_hashed=False).exists()


def test_a_start_that_waited_is_nobody_s_consent() -> None:
    practice = lakeview()
    dana = client(practice)
    reached, told = heard_of(
        practice, dana, lambda: lift_opt_out(practice.pk, NOW, phone=PHONE, source="reply", wording="START")
    )
    assert (reached, told) == (set(), [])
    with practice_scope(practice.pk):
        assert not Consent.objects.exists()


def test_a_list_of_stops_that_waited_reaches_the_others() -> None:
    practice = lakeview()
    dana, olivia = client(practice), client(practice, OLIVIA)
    lines = io.BytesIO(f"{PHONE}\n{OLIVIA.phone}\n".encode())
    imported, told = heard_of(
        practice, dana, lambda: import_stops(practice.pk, lines, wording="old list", actor=Actor(), now=NOW)
    )
    assert (imported.clients, told) == (1, [frozenset({olivia.pk})])
    with practice_scope(practice.pk):
        rows = Suppression.objects.order_by("address").values_list("address", "client")
        assert set(rows) == {(PHONE, None), ("+12195550188", olivia.pk)}


def test_a_merge_that_was_to_be_undone_is_refused() -> None:
    practice = lakeview()
    dana, twin = client(practice), client(practice, replace(DANA, remote_id="G9", first_name="Dee"))
    with practice_scope(practice.pk):
        made = merge(practice.pk, dana.pk, twin.pk, SAID_AT)
    with pytest.raises(MergeRefused, match="was erased"):
        meanwhile(practice, dana, lambda: undo_merge(practice.pk, made.pk, NOW))


def test_two_batches_that_wait_for_each_other_s_people_both_end() -> None:
    """The one that has to find her anew holds nobody meanwhile."""
    practice = lakeview()
    olivia, dana = client(practice, OLIVIA), client(practice)
    assert olivia.pk < dana.pk
    nina = replace(DANA, remote_id="N1", first_name="Nina", phone="+13125550777", email="nina@example.com")
    ended = queued_behind(
        practice.pk,
        lambda: erase_client(practice.pk, dana.pk, Actor(), NOW),
        lambda: say(practice, replace(OLIVIA, state="IN"), DANA, at=NOW + timedelta(days=1)),
        lambda: say(practice, replace(OLIVIA, state="OH"), nina, at=NOW + timedelta(days=2)),
    )
    assert [each for each in ended if isinstance(each, Exception)] == []
    with practice_scope(practice.pk):
        assert set(Client.objects.filter(erased_at=None).values_list("first_name", flat=True)) == {
            "Olivia",
            "Dana",
            "Nina",
        }

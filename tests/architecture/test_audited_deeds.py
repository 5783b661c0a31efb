"""Does whatever staff does leave its line in the trail, and no name and no text in it? (TEN-5)"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from practices.models import AuditEntry
from practices.tenancy import practice_scope
from tests.architecture.conftest import MINE, Town
from tests.builders.deeds import DEEDS, INVITED, LOOKS, SAID, STOPPED, done
from tests.builders.everything import routes_of_a_practice

ROUTES = {each.name: each for each in routes_of_a_practice()}
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NEVER = (
    *MINE.split(), *SAID.split()[:1], "Siobh", "Connell", "Noor", "Patel", "Whitfield", "Kowalczyk", "Olivia",
    "Jackson", "Alice", "Jordan", "Blake", "Robin", "Riverside", "dora", "example", "@", "312", "555", INVITED,
    STOPPED.lstrip("+"), "spring", "itches", "Glow",
)  # fmt: skip
"""What the people, the places and the texts of the story are called and say."""


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lines(town: Town) -> list[AuditEntry]:
    with practice_scope(town.told.lakeview.pk):
        return list(AuditEntry.objects.order_by("number"))


def test_every_address_that_takes_something_is_in_the_table(town: Town) -> None:
    alice = town.browser()
    taking = set()
    for name, route in ROUTES.items():
        with taken_back():
            if alice.post(route.address("lakeview", town.mine)).status_code != 405:
                taking.add(name)
    assert taking == set(DEEDS)


def test_every_deed_leaves_its_line_and_no_other(town: Town) -> None:
    alice = town.browser()
    before = len(lines(town))
    wrong, details = [], []
    for name, deed in DEEDS.items():
        with taken_back():
            answer = done(alice, ROUTES, name, "lakeview", town.mine)
            left = lines(town)[before:]
        details += [(each.action, each.detail) for each in left]
        expected = [each for each in (DEEDS[deed.after].line if deed.after else "", deed.line) if each]
        if [each.action for each in left] != expected or answer.status_code not in (200, 302):
            wrong.append(f"{name}: {answer.status_code}, {[each.action for each in left]}")
        assert all(each.staff_member_id == town.told.alice.pk and each.address == "127.0.0.1" for each in left)
    assert not wrong, "\n".join(wrong)
    assert not telling(details)


def test_a_question_leaves_a_line_only_where_looking_is_told(town: Town) -> None:
    alice = town.browser()
    found, details = {}, []
    for name, route in ROUTES.items():
        with taken_back():
            before = len(lines(town))
            answer = alice.get(route.address("lakeview", town.mine) + "?about=Wilhelmina&q=Wilhelmina")
            if answer.streaming:
                b"".join(answer)
            left = lines(town)[before:]
        details += [(each.action, each.detail) for each in left]
        if left:
            found[name] = [each.action for each in left]
    assert found == {name: [action] for name, action in LOOKS.items()}
    assert not telling(details)


def test_a_form_that_is_refused_leaves_no_line(town: Town) -> None:
    alice = town.browser()
    with taken_back():
        before = len(lines(town))
        for name, sent in (
            ("move", {"day": "soon", "hour": "11:00"}),
            ("write_note", {"text": " "}),
            ("call", {"outcome": "eloped"}),
            ("reply_handle", {"handling": "eaten"}),
            ("team", {"email": "nobody", "role": "owner"}),
            ("service", {"meaning": "weather"}),
            ("suppressions_add", {"address": "12"}),
            ("settings", {"name": "", "was": "{}"}),
            ("consent", {"scope": "email", "wording": SAID}),
        ):
            assert alice.post(ROUTES[name].address("lakeview", town.mine), sent).status_code < 500
        assert [each.action for each in lines(town)[before:]] == []


def telling(details: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """The details that say more than ids, dates and choices; an id may look like a number, so it is left out."""
    said = [f"{action} {IDS.sub('', json.dumps(detail, ensure_ascii=False))}" for action, detail in details]
    return [each for each in said if any(word.casefold() in each.casefold() for word in NEVER)]


def test_a_detail_that_tells_would_be_found() -> None:
    harmless = {"told_of": "01a20709-26f1-7145-9e99-555312099b68", "to": "2026-12-29T17:00:00+00:00"}
    assert not telling([("client_opted_out", harmless)])
    assert len(telling([("note_written", {"text": SAID}), ("staff_invited", {"email": INVITED})])) == 2
    assert telling([("suppression_added", {"address": "(312) 555-0186"})])

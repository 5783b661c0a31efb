"""Does every line of the audit trail read as a sentence? [TEN-5]"""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from dashboard.views.wording.audit_words import ACTIONS, action_choices, action_words, detail_words

APPS = (
    "practices",
    "clients",
    "cadences",
    "integrations",
    "reminders",
    "analytics",
    "dashboard",
    "portal",
    "api",
    "medspa",
)
WRITERS = {"audit": 2, "audit_many": 2}
"""Function -> where its action stands among the arguments."""


def actions_of(tree: ast.Module) -> Iterator[tuple[int, str | None]]:
    """The line of each call and its action; None where it is not written out. Functions of the file that take an
    `action` and pass it on are followed."""
    places = dict(WRITERS)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
            if "action" in names:
                places.setdefault(node.name, names.index("action"))
    passing = {
        node: places[node.name] for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in places
    }
    inside = {id(each) for function in passing for each in ast.walk(function)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places):
            continue
        given = [each.value for each in node.keywords if each.arg == "action"] or node.args[places[node.func.id] :][:1]
        values = given[0] if given else None
        is_passed_on = isinstance(values, ast.Name) and values.id == "action" and id(node) in inside
        if is_passed_on:
            continue
        both = (values.body, values.orelse) if isinstance(values, ast.IfExp) else (values,)
        for each in both:
            yield node.lineno, each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None


def written() -> dict[str, str | None]:
    """Place of each audited action in the code base -> the action."""
    found: dict[str, str | None] = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "audit" not in text or "migrations" in path.parts or path.name == "auditing.py":
                continue
            if "practices.operations.auditing" not in text:
                continue
            for line, action in actions_of(ast.parse(text)):
                found[f"{path.relative_to(settings.BASE_DIR)}:{line}:{action}"] = action
    return found


def test_the_code_base_is_really_read() -> None:
    actions = {action for action in written().values() if action}
    assert {"practice_changed", "practice_paused", "practice_resumed", "audit_exported", "note_written"} <= actions


def test_every_action_is_written_out_where_it_is_audited() -> None:
    hidden = [place for place, action in written().items() if action is None]
    assert not hidden, f"Write the action as a text, so that its words can be found: {hidden}."


def test_every_action_has_its_words() -> None:
    missing = {place: action for place, action in written().items() if action and action not in ACTIONS}
    assert not missing, f"Say in dashboard/views/wording/audit_words.py what was done: {missing}."


def test_the_reader_finds_what_is_passed_on_and_what_is_hidden() -> None:
    tree = ast.parse(
        "def _note(practice_id, action, now):\n"
        "    audit(practice_id, None, action, now)\n"
        "_note(1, 'thing_done', 2)\n"
        "audit(1, None, 'a_b' if x else 'c_d', 2)\n"
        "audit(1, None, f'{x}_done', 2)\n"
    )
    assert {action for _, action in actions_of(tree)} == {"thing_done", "a_b", "c_d", None}


@pytest.mark.parametrize(("action", "words"), ACTIONS.items())
def test_the_words_are_short_and_plain(action: str, words: str) -> None:
    assert words[0].isupper()
    assert not set(words) & set(".!'")
    assert len(action) <= 40, "the column of the trail takes no more"
    assert "please" not in words


def test_no_two_actions_read_alike() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert [words for _, words in action_choices()] == sorted(ACTIONS.values())


def test_an_action_of_another_version_reads_as_it_is_called() -> None:
    assert action_words("moon_landed") == "Moon landed"


def test_details_are_days_hours_and_choices_not_ids() -> None:
    detail = {
        "from": "2026-12-01T16:00:00+00:00",
        "until": "2026-12-24",
        "subject_id": "0190b2f0-7a3b-7c1d-8e2f-1234567890ab",
        "is_undone": True,
        "clients": 3,
        "empty": None,
        "filters": {"since": "2026-11-01"},
    }
    assert detail_words(detail, "America/Chicago") == (
        "From: Tuesday, December 1, 2026, 10:00 am CST (Chicago)",
        "Until: December 24, 2026",
        "Is undone: yes",
        "Clients: 3",
        "Since: November 1, 2026",
    )


def test_a_change_says_what_it_was_and_what_it_is() -> None:
    detail = {
        "changed": {
            "promotion_opens": [None, "12:00"],
            "name": None,
            "staff_member_id": [None, "0190b2f0-7a3b-7c1d-8e2f-1234567890ab"],
            "is_active": [True, False],
        }
    }
    assert detail_words(detail, "America/Chicago") == (
        "Reminders leave from: nothing, now 12:00",
        "Name",
        "Login",
        "Treats here: yes, now no",
    )


def test_words_that_look_like_a_day_and_are_none_stay_as_they_are() -> None:
    assert detail_words({"code": "2026-99-99"}, "America/Chicago") == ("Code: 2026-99-99",)
    assert detail_words({"at": "2026-99-99T10:00"}, "America/Chicago") == ("When: 2026-99-99T10:00",)

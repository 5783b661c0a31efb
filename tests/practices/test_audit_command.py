"""Does `manage.py verify_audit` tell an operator whether the trail still stands? [TEN-5]"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from practices.queries.audit_trail import digest_of
from practices.tenancy import practice_scope
from tests.builders.practices import lakeview
from tests.practices.test_audit_chain import as_owner, numbers, written


def said(*arguments: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_an_untouched_trail_stands_and_its_last_line_is_printed(db: None) -> None:
    practice = lakeview()
    written(practice, 3)
    last = len(numbers(practice))
    with practice_scope(practice.pk):
        digest = digest_of(practice.pk, last)
    code, words = said("lakeview")
    assert code == 0
    assert f"{last} lines" in words
    assert f"{last}:{digest}" in words
    code, words = said("lakeview", "--json", "--known", f"{last}:{digest}")
    assert code == 0
    assert json.loads(words) == {
        "entries": last, "last_number": last, "last_digest": digest, "broken_at": None, "stands": True,
    }  # fmt: skip


def test_an_unknown_practice_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="There is no practice 'moonview'"):
        said("moonview")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE practices_auditentry SET detail = '{\"place\": 9}' WHERE number = %s",
        "DELETE FROM practices_auditentry WHERE number = %s",
    ],
)
def test_an_altered_or_removed_line_is_found_and_ends_with_one(change: str) -> None:
    practice = lakeview()
    written(practice, 4)
    number = len(numbers(practice)) - 1
    tampered(practice, change, number)
    code, words = said("lakeview")
    assert code == 1
    assert f"broken at number {number}" in words
    code, words = said("lakeview", "--json")
    assert (code, json.loads(words)["broken_at"], json.loads(words)["stands"]) == (1, number, False)


@pytest.mark.django_db(transaction=True)
def test_last_lines_that_were_cut_off_are_missed_where_they_were_known() -> None:
    practice = lakeview()
    written(practice, 3)
    last = len(numbers(practice))
    with practice_scope(practice.pk):
        known = f"{last}:{digest_of(practice.pk, last)}"
    tampered(practice, "DELETE FROM practices_auditentry WHERE number = %s", last)
    assert said("lakeview")[0] == 0
    code, words = said("lakeview", "--known", known)
    assert code == 1
    assert f"broken at number {last}" in words


def tampered(practice: Any, change: str, number: int) -> None:
    """What an operator with the owner's password can do."""
    with as_owner(practice) as owner:
        owner.execute("ALTER TABLE practices_auditentry DISABLE TRIGGER audit_stands")
        owner.execute(change, [number])
        owner.execute("ALTER TABLE practices_auditentry ENABLE TRIGGER audit_stands")

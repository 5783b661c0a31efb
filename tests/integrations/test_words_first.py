"""Does the migration 0005 find what stood there before: whose a number is, and which words were given up?"""

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from integrations.models import GatewayEvent, SenderRoute
from integrations.operations.erasing import GONE
from integrations.queries.waiting import TO_APPLY
from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.callbacks import NUMBER, Line, line, operators_line
from tests.builders.practices import hilltop, lakeview

MIGRATION = import_module("integrations.migrations.0005_words_first")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints", "operator")]


def run(practice: Practice, statements: str) -> None:
    """As the application's role, in the practice's scope: the walls stand."""
    steps = [step for step in statements.split(";") if "FORCE ROW" not in step and "SET CONSTRAINTS" not in step]
    with practice_scope(practice.pk), connection.cursor() as cursor:
        for step in filter(str.strip, steps):
            cursor.execute(step)


def test_a_number_is_the_operators_where_the_practice_sends_with_that_account() -> None:
    theirs, own = operators_line(lakeview()), line(hilltop(), number="+13125550166")
    SenderRoute.objects.update(is_operators=False)
    for each in (theirs, own):
        run(each.practice, MIGRATION.MADE_AT_OPERATORS)
    assert dict(SenderRoute.objects.values_list("address", "is_operators")) == {NUMBER: True, "+13125550166": False}


def given_up(mine: Line, sid: str, **values: Any) -> None:
    mine.text("please stop texting me", sid=sid)
    GatewayEvent.objects.filter(event_key__contains=sid).update(
        **{"state": GatewayEvent.State.SET_ASIDE, "next_attempt_at": None, **values}
    )


def test_what_clients_wrote_and_was_given_up_is_tried_again_but_nothing_of_the_erased() -> None:
    mine = line(lakeview(), number="+13125550166")
    with practice_scope(mine.practice.pk):
        given_up(mine, "SM101", reason="8 tries failed, the last with ValueError.", attempts=8)
        given_up(mine, "SM102", reason=GONE, told={})
        given_up(mine, "SM103", reason="8 tries failed, the last with ValueError.", told={})
        given_up(mine, "SM104", kind=GatewayEvent.Kind.REPORT)
        given_up(mine, "SM105", state=GatewayEvent.State.APPLIED)
    run(mine.practice, MIGRATION.WORDS_AGAIN)
    with practice_scope(mine.practice.pk):
        waiting = GatewayEvent.objects.filter(state__in=TO_APPLY)
        assert [each.told["text"] for each in waiting if "SM101" in each.event_key] == ["please stop texting me"]
        assert all(each.next_attempt_at and each.next_attempt_at <= clock.now() for each in waiting)
        assert len(waiting) == 1

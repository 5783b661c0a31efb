"""Does a client's text find whom it was written to, however the number hangs at Twilio? (CHN-4, R28)"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Suppression
from integrations.models import GatewayRoute, SenderRoute
from integrations.operations.accounts import change_account, connect_account, disconnect_account
from integrations.operations.applying_callbacks import apply_callbacks
from practices import clock
from practices.models import Practice
from practices.operations.auditing import Actor
from practices.operations.creation import create_practice
from practices.operations.settings import SettingsRefused
from practices.tenancy import practice_scope
from tests.builders.callbacks import ACCOUNT_SID, OPERATORS, OPERATORS_TOKEN, TWILIO, Line, line, operators_line
from tests.builders.clients import OLIVIA, client
from tests.builders.due import DUE, live_practice
from tests.builders.logs import logged
from tests.builders.practices import MADE_AT, hilltop, lakeview
from tests.builders.reminders import sent

OLIVIAS = "+12195550188"
SERVICE = "MG" + "2a" * 16
POOLED = "+13125550777"
"""A number of the Messaging Service, which nobody typed anywhere."""
TOKEN = "0123456789abcdef0123456789abcdef"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints", "operator")]


def of_service(practice: Practice, route: str, token: str) -> Line:
    """A line whose texts come to a number of the service."""
    return Line(practice, route, token, POOLED)


def own_service(practice: Practice) -> Line:
    """The practice connects an account of its own, with a Messaging Service instead of a number."""
    values = {"account_sid": ACCOUNT_SID, "auth_token": TOKEN, "messaging_service_sid": SERVICE}
    account_id = connect_account(practice.pk, TWILIO, values, Actor(), MADE_AT)
    return of_service(practice, str(GatewayRoute.objects.get(account_id=account_id).pk), TOKEN)


def words(line_: Line) -> list[str]:
    return [each.told["text"] for each in line_.stored()]


def is_stopped(practice: Practice) -> bool:
    with practice_scope(practice.pk):
        return Suppression.objects.filter(address=OLIVIAS, lifted_at=None).exists()


def test_a_text_through_the_operators_messaging_service_finds_who_sends_through_it(settings: Any) -> None:
    settings.OPERATOR_GATEWAYS = {
        TWILIO: {"account_sid": ACCOUNT_SID, "auth_token": OPERATORS_TOKEN, "messaging_service_sid": SERVICE}
    }
    practice = operators_line(lakeview()).practice
    asked = of_service(practice, TWILIO, OPERATORS_TOKEN)
    asked.text("please stop texting me", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert words(asked) == ["please stop texting me"]


def test_a_text_through_a_service_of_the_practices_at_the_operators_account_finds_it() -> None:
    practice = operators_line(lakeview(), messaging_service_sid=SERVICE).practice
    elsewhere = operators_line(hilltop(), messaging_service_sid="MG" + "3b" * 16)
    asked = of_service(practice, TWILIO, OPERATORS_TOKEN)
    asked.text("please stop texting me", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert (words(asked), words(elsewhere)) == (["please stop texting me"], [])


def test_R28_own_accounts_that_share_a_service_hear_of_a_stop_alike() -> None:
    first, second = own_service(lakeview()), own_service(hilltop())
    first.text("STOP", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert [len(each.stored()) for each in (first, second)] == [1, 1]
    assert [each.stored()[0].told["is_copy"] for each in (first, second)] == [False, True]


def test_a_number_of_one_practices_own_is_not_answered_by_others_of_its_service(settings: Any) -> None:
    settings.OPERATOR_GATEWAYS = {TWILIO: {**OPERATORS[TWILIO], "messaging_service_sid": SERVICE}}
    owner = operators_line(lakeview(), from_number="+13125550199")
    pooled = operators_line(hilltop())
    client(pooled.practice, OLIVIA)
    owner.text("Is Tuesday free?", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert (words(owner), words(pooled)) == (["Is Tuesday free?"], [])
    owner.text("STOP", sender=OLIVIAS, sid="SM10", MessagingServiceSid=SERVICE)
    assert words(pooled) == ["STOP"]  # Twilio blocks the whole service


def test_a_stop_to_the_number_that_a_practice_had_before_is_heeded() -> None:
    old = operators_line(lakeview(), from_number="+13125550198")
    other = operators_line(hilltop())
    change_account(old.practice.pk, TWILIO, {"from_number": "+13125550199"}, Actor(), MADE_AT)
    old.text("STOP", sender=OLIVIAS)
    apply_callbacks(clock.now())
    assert (is_stopped(old.practice), is_stopped(other.practice)) == (True, False)


def test_a_stop_to_the_operators_number_is_heeded_after_the_practice_connected_its_own_account() -> None:
    old = operators_line(lakeview())
    new = line(old.practice, number="+13125550166")
    other = operators_line(hilltop())
    old.text("STOP", sender=OLIVIAS)
    assert (words(new), words(other)) == (["STOP"], ["STOP"])
    disconnect_account(old.practice.pk, TWILIO, Actor(), MADE_AT)
    old.text("STOP", sender=OLIVIAS, sid="SM10")
    assert (words(new), words(other)) == (["STOP"], ["STOP"] * 2)


def test_a_number_that_was_replaced_may_become_another_practices_and_answers_go_there() -> None:
    old = operators_line(lakeview(), from_number="+13125550198")
    change_account(old.practice.pk, TWILIO, {"from_number": "+13125550199"}, Actor(), MADE_AT)
    new = operators_line(hilltop(), from_number="+13125550198")
    new.text("Hello", sender=OLIVIAS)
    assert (words(old), words(new)) == ([], ["Hello"])
    client(old.practice, OLIVIA)
    new.text("Are you open?", sender=OLIVIAS, sid="SM10")
    assert words(old) == ["Are you open?"]
    change_account(old.practice.pk, TWILIO, {"from_number": "+13125550197"}, Actor(), MADE_AT)
    routes = SenderRoute.objects.filter(practice_id=old.practice.pk)
    assert dict(routes.values_list("address", "replaced_at")) == {
        "+13125550197": None,
        "+13125550198": MADE_AT,
        "+13125550199": MADE_AT,
    }


def test_what_came_to_a_number_nobody_named_is_for_who_wrote_there_from_that_account(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer, other = live_practice("lakeview"), live_practice("hilltop")
    assert sent(writer, DUE)
    lines = [operators_line(each) for each in (writer, other)]
    asked = Line(writer, TWILIO, OPERATORS_TOKEN, POOLED)
    asked.text("please stop texting me")
    assert [words(each) for each in lines] == [["please stop texting me"], []]
    assert not logged(caplog, "callback_for_nobody")


def test_what_is_for_nobody_is_said_without_whose_words_it_was(caplog: pytest.LogCaptureFixture) -> None:
    asked = Line(operators_line(lakeview()).practice, TWILIO, OPERATORS_TOKEN, POOLED)
    assert asked.text("STOP").status_code == 200
    assert logged(caplog, "callback_for_nobody") == [{"gateway": TWILIO}]


def test_R28_a_stop_reaches_every_practice_on_the_number_however_many() -> None:
    lines = [operators_line(create_practice(f"p{n}", f"P {n}", "America/Chicago", MADE_AT)) for n in range(53)]
    lines[0].text("STOP", sender=OLIVIAS)
    apply_callbacks(clock.now())
    assert sum(is_stopped(each.practice) for each in lines) == 53


def test_R28_what_may_be_a_stop_is_held_by_all_that_share_the_number_and_have_the_client() -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    stranger = operators_line(create_practice("uptown", "Uptown Skin", "America/Chicago", MADE_AT))
    for each in (first, second):
        client(each.practice, OLIVIA)
    said = "I never signed up for this"
    first.text(said, sender=OLIVIAS)
    assert [words(each) for each in (first, second, stranger)] == [[said], [said], []]
    told = [each.stored()[0].told for each in (first, second)]
    assert sorted((each["is_copy"], each["is_answered_by_vendor"]) for each in told) == [(False, False), (True, True)]


def test_a_text_in_an_own_account_goes_to_its_practice_whatever_number_it_came_to() -> None:
    mine = line(lakeview(), number="+13125550166")
    Line(mine.practice, mine.route, mine.token, POOLED).text("Hello", sender=OLIVIAS)
    assert words(mine) == ["Hello"]


def test_R28_a_number_typed_into_an_own_account_brings_nobody_what_is_written_to_it_at_the_operators() -> None:
    """Nothing proves that the number is theirs, also not that they used the operator's account once."""
    before = operators_line(hilltop())
    line(before.practice, number="+13125550198", token="a" * 32)
    change_account(before.practice.pk, TWILIO, {"from_number": "+13125550166"}, Actor(), MADE_AT)
    owner = operators_line(lakeview(), from_number="+13125550198")
    client(before.practice, OLIVIA)
    owner.text("private words", sender=OLIVIAS)
    owner.text("STOP", sender=OLIVIAS, sid="SM10")
    assert (words(owner), words(before)) == (["private words", "STOP"], [])


def test_R28_a_number_at_the_operators_is_refused_in_own_accounts_whatever_its_practice_had_before() -> None:
    before = line(lakeview(), number="+13125550166")
    operators_line(before.practice, from_number="+13125550198")
    with pytest.raises(SettingsRefused, match="Another practice"):
        line(hilltop(), number="+13125550198", token="a" * 32)


def test_a_number_that_moves_to_an_own_account_and_back_is_heard_at_both() -> None:
    other = operators_line(hilltop())
    own = line(lakeview(), number="+13125550198")
    operators = operators_line(own.practice, from_number="+13125550198")
    operators.text("Hello", sender=OLIVIAS)
    line(own.practice, number="+13125550198")
    operators.text("STOP", sender=OLIVIAS, sid="SM10")
    assert (words(operators), words(other)) == (["Hello", "STOP"], [])


def statements(asked: Line, said: str, sid: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        asked.text(said, sender=OLIVIAS, sid=sid, MessagingServiceSid=SERVICE)
    return len(caught)


def test_a_text_to_one_practices_number_asks_nothing_of_the_others_of_its_service(settings: Any) -> None:
    settings.OPERATOR_GATEWAYS = {TWILIO: {**OPERATORS[TWILIO], "messaging_service_sid": SERVICE}}
    lines = []
    for number in range(20):
        practice = create_practice(f"p{number}", f"P {number}", "America/Chicago", MADE_AT)
        lines.append(operators_line(practice, from_number=f"+131255501{number:02d}"))
    lines[0].text("Hello", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert statements(lines[0], "Is Tuesday free?", "SM10") <= 12
    alone = statements(Line(lines[1].practice, TWILIO, OPERATORS_TOKEN, lines[1].number), "Thanks", "SM11")
    for_all = statements(lines[0], "STOP", "SM12")
    assert for_all - alone <= 19 * 6  # stored for each of them, asked of none
    assert [words(each)[-1] for each in lines] == ["STOP"] * 20


def test_where_only_a_stranger_named_the_number_the_account_that_calls_back_hears() -> None:
    mine = own_service(lakeview())
    thief = line(hilltop(), number=POOLED, token="a" * 32)
    mine.text("Is Tuesday free?", sender=OLIVIAS, MessagingServiceSid=SERVICE)
    assert (words(mine), words(thief)) == (["Is Tuesday free?"], [])

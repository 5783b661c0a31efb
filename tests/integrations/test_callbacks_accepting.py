"""Whose callbacks are believed, stored once, and acknowledged as the vendor wants it? (CHN-2, CHN-4, R28)"""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.operations.accounts import disconnect_account
from integrations.queries.callback_routes import forget_callback_routes
from integrations.webhooks.gateways import MOST_BYTES, MOST_BYTES_OF_A_LETTER
from practices.models import Practice
from practices.operations.auditing import Actor
from tests.builders.callbacks import NUMBER, OPERATORS_TOKEN, TWILIO, Line, line, operators_line
from tests.builders.practices import MADE_AT, hilltop, lakeview

SIGNED = {"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hints")]


def test_a_signed_callback_is_stored_and_acknowledged_as_twilio_wants_it(hints: list[None]) -> None:
    mine = line(lakeview())
    answer = mine.status("delivered", uuid4())
    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert answer["Content-Type"].startswith("text/xml")
    [event] = mine.stored()
    assert (event.kind, event.gateway, event.event_key, event.state) == ("report", TWILIO, "SM1:delivered", "received")
    assert event.told["fate"] == "delivered"
    assert event.account_id is not None
    assert len(hints) == 1


def test_a_repeat_is_stored_once_and_acknowledged_again(hints: list[None]) -> None:
    mine = line(lakeview())
    assert {mine.status("sent").status_code for _ in range(3)} == {200}
    assert mine.status("delivered").status_code == 200
    assert [event.event_key for event in mine.stored()] == ["SM1:sent", "SM1:delivered"]
    assert len(hints) == 2


def test_a_client_s_text_is_stored_with_where_it_went() -> None:
    mine = line(lakeview())
    assert mine.text("Yes, Tuesday works").status_code == 200
    [event] = mine.stored()
    assert event.kind == "message"
    assert (event.told["text"], event.told["to_address"]) == ("Yes, Tuesday works", NUMBER)


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, SIGNED, {"X-Twilio-Signature": "ü" * 40}])
def test_what_is_not_signed_is_refused_and_leaves_no_row(headers: dict[str, str]) -> None:
    mine = line(lakeview())
    assert mine.post_raw(b"MessageSid=SM1&MessageStatus=delivered", headers).status_code == 403
    assert mine.stored() == []


def test_the_signature_of_another_account_is_refused() -> None:
    mine, theirs = line(lakeview()), line(hilltop(), token=OPERATORS_TOKEN)
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert mine.post(form, token=theirs.token).status_code == 403
    assert theirs.post(form, path=mine.path).status_code == 403
    assert (mine.stored(), theirs.stored()) == ([], [])


def test_the_public_address_is_what_was_signed_whatever_host_a_proxy_names() -> None:
    mine = line(lakeview())
    behind = Line(mine.practice, mine.route, mine.token)
    behind.browser.defaults["HTTP_HOST"] = "10.0.0.7:8000"
    behind.browser.defaults["HTTP_X_FORWARDED_HOST"] = "elsewhere.example"
    assert behind.status("delivered", uuid4()).status_code == 200


def test_both_forms_of_the_address_are_taken() -> None:
    mine = line(lakeview())
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert mine.post(form, path=mine.path.rstrip("/")).status_code == 200
    assert len(mine.stored()) == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_posts_are_taken(method: str) -> None:
    mine = line(lakeview())
    answer = getattr(mine.browser, method)(mine.path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "route", ["x", "outbox", TWILIO, "podium", str(UUID(int=7, version=4)), "0" * 32, "%00", "%C3%BC", "a" * 300]
)
def test_an_address_of_nobody_is_not_found(route: str) -> None:
    nobody = Line(lakeview(), route, OPERATORS_TOKEN)
    assert nobody.post_raw(b"MessageSid=SM1", SIGNED).status_code == 404


def test_a_disconnected_account_is_called_back_no_more() -> None:
    mine = line(lakeview())
    disconnect_account(mine.practice.pk, TWILIO, Actor(), MADE_AT)
    forget_callback_routes()
    assert mine.status("delivered").status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    mine = line(lakeview())
    large = b"MessageSid=SM1&Body=" + b"x" * MOST_BYTES
    assert mine.post_raw(large, SIGNED).status_code == 413
    letter = {"content_type": "multipart/form-data; boundary=x"}
    assert mine.post_raw(large, SIGNED, **letter).status_code == 403
    assert mine.post_raw(b"x" * (MOST_BYTES_OF_A_LETTER + 1), SIGNED, **letter).status_code == 413
    chunked = mine.browser.generic("POST", mine.path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert chunked.status_code == 411


def test_what_is_signed_but_says_nothing_readable_is_a_bad_request() -> None:
    mine = line(lakeview())
    assert mine.post({"Hello": "there"}).status_code == 400
    assert mine.stored() == []


def test_a_reference_to_another_practice_s_message_is_left_out() -> None:
    mine, theirs = line(lakeview()), line(hilltop(), token=OPERATORS_TOKEN)
    impostor = Line(theirs.practice, mine.route, mine.token)  # it refers to hilltop, and signs as lakeview
    assert impostor.status("delivered", uuid4()).status_code == 200
    assert theirs.stored() == []
    [event] = mine.stored()
    assert (event.told["attempt_id"], event.told["remote_id"]) == ("", "SM1")


@pytest.mark.usefixtures("operator")
def test_at_the_operator_s_account_the_reference_names_the_practice() -> None:
    first, second = operators_line(lakeview()), operators_line(hilltop())
    assert second.status("delivered", uuid4()).status_code == 200
    assert (first.stored(), len(second.stored())) == ([], 1)


@pytest.mark.usefixtures("operator")
def test_a_reference_to_nobody_leaves_no_row() -> None:
    shared = operators_line(lakeview())
    assert shared.status("delivered").status_code == 200
    stranger = Line(Practice(id=uuid4()), TWILIO, OPERATORS_TOKEN)
    assert stranger.status("delivered", uuid4()).status_code == 200
    assert shared.stored() == []


@pytest.mark.django_db(transaction=True)
def test_taking_a_callback_is_one_statement() -> None:
    mine = line(lakeview())
    mine.status("sent")
    with CaptureQueriesContext(connection) as queries:
        assert mine.status("delivered", uuid4()).status_code == 200
        assert mine.status("delivered", uuid4()).status_code == 200
    assert len(queries) == 2
    assert len(mine.stored()) == 2

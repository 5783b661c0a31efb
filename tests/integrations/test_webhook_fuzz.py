"""Does any body at all bring the inbox down?"""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from integrations.pms.base import Malformed
from integrations.pms.fields import parse_object
from integrations.pms.generic import GenericConnector
from tests.builders.integrations import DANA, Sender, booked, event, sender, silence, treated
from tests.builders.practices import lakeview

FULL = [
    treated(series={"id": "S", "number": 1, "complete": False}),
    treated(kind="treatment.voided"),
    booked(status="confirmed", version=3, booked_at="2026-05-01T10:00:00-05:00"),
    booked(kind="appointment.cancelled", cancelled_by="practice"),
    event(
        "client.updated",
        client={
            **DANA,
            "date_of_birth": "1984-05-17",
            "status": "active",
            "time_zone": "America/Chicago",
            "language": "en-US",
            "preferred_channel": "sms",
            "consents": {"sms": {"granted": True, "at": "2026-03-02T15:45:00Z", "source": "form", "wording": "Yes"}},
        },
    ),
    event("client.opted_out", opt_out={"channel": "sms", "wording": "stop"}),
    event("note.added", note={"id": "N-1", "text": "calm"}),
    event("survey.submitted", survey={"id": "S-1", "score": 3, "text": "sore"}),
]  # fmt: skip

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.sampled_from(["2026-02-30", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1e5", "٣", "-0"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = [_paths(value[name], (*path, name)) for name in value] if isinstance(value, dict) else []
    return [path, *(found for paths in below for found in paths)]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """An event of the contract of which up to three places hold something else."""
    whole = copy.deepcopy(draw(st.sampled_from(FULL)))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from([path for path in _paths(whole) if path]))
        place = whole
        for name in above:
            place = place[name]
        if draw(st.booleans()):
            place[last] = draw(JSON)
        else:
            del place[last]
        if not whole:
            break
    return whole


@pytest.fixture
def records(db: None, monkeypatch: pytest.MonkeyPatch) -> Sender:
    silence(monkeypatch)
    return sender(lakeview(), has_bearer=True)


IN_ONE_TRANSACTION = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@IN_ONE_TRANSACTION
@given(body=damaged().map(lambda found: json.dumps(found).encode()) | st.binary(max_size=200))
@example(body=b"")
@example(body=b"\xff")
@example(body=b'{"type":"client.updated","occurred_at":"2026-03-02T15:45:00Z","data":{"client":{"id":1e999}}}')
def test_any_body_is_stored_or_refused_by_its_place(records: Sender, body: bytes) -> None:
    before = len(records.stored())
    answer = records.post_raw(body, {"authorization": f"Bearer {records.opened.bearer}"})
    assert answer.status_code in (202, 400)
    if answer.status_code == 400:
        assert answer.json()["error"]
        assert len(records.stored()) == before


@given(found=damaged())
def test_what_the_connector_takes_fits_the_tables(found: Any) -> None:
    try:
        news = GenericConnector().translate(parse_object(json.dumps(found).encode()), "records")
    except Malformed:
        return  # the test above looks at what is refused
    if news is None:
        return
    for line in news.report.treatments:
        assert line.quantity is None or 0 <= line.quantity < 10**7
        assert line.price is None or 0 <= line.price < 10**8
        assert line.line_key
        assert line.service or line.is_voided  # a void may name only the line
    for appointment in news.report.appointments:
        assert appointment.starts_at is None or appointment.starts_at.tzinfo is not None

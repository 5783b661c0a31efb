"""Does a treatment bring the client back, a booking stop the reminders, and a stop silence everything?"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from tests.builders.exports import export, needs_exports
from tests.builders.outside import WORDING, Outside, command

pytestmark = pytest.mark.django_db

TREATED = datetime(2026, 9, 14, 22, 0, tzinfo=UTC)  # five in the afternoon in Chicago
DAY_70 = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)  # ten in the morning
NORA: dict[str, Any] = {
    "id": "N-1",
    "first_name": "Nora",
    "last_name": "Lindqvist",
    "phone": "(312) 555-0177",
    "email": "nora@example.com",
    "postal_code": "60614",
    "state": "IL",
    "preferred_channel": "sms",
    "consents": {
        "sms": {"granted": True, "at": "2026-09-14T09:00:00-05:00", "source": "intake form", "wording": WORDING}
    },
}


@pytest.fixture
def lakeview(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Live, and Nora was treated this afternoon."""
    monkeypatch.setattr("integrations.webhooks.inbox.nudge", lambda: None)  # the worker is called by hand here
    practice = Outside(TREATED - timedelta(days=2))
    with practice.then():
        forecast = command("go_live", "lakeview")
    assert forecast["live"] is True
    practice.then(at=TREATED)
    return practice


def treat(practice: Outside, **client: Any) -> None:
    practice.post(
        "treatment.completed",
        client={**NORA, **client},
        treatment={
            "id": f"T-{client.get('id', 'N-1')}",
            "service": "BOTOX Cosmetic (per unit)",
            "area": "forehead",
            "quantity": 40,
            "unit": "units",
            "performed_at": "2026-09-14T15:30:00-05:00",
            "price": "480.00",
            "currency": "USD",
        },
        provider={"id": "P-1", "name": "Pat Kim RN"},
        location={"id": "L-1", "name": "Lincoln Park"},
    )


def book(practice: Outside, kind: str = "appointment.booked", **fields: Any) -> None:
    appointment: dict[str, Any] = {"id": "A-1"}
    if kind == "appointment.booked":
        appointment |= {
            "services": ["Botox"],
            "starts_at": "2026-12-01T14:00:00-06:00",
            "duration_minutes": 30,
            "booked_at": practice.now.isoformat(),
        }
    names = {"provider": {"name": "Pat Kim RN"}, "location": {"name": "Lincoln Park"}}
    practice.post(kind, client={"id": "N-1"}, appointment=appointment | fields, **names)


def test_from_a_treatment_to_a_booking_to_a_cancellation_to_a_stop(lakeview: Outside) -> None:
    treat(lakeview)
    told = lakeview.summary()
    assert told["treatments"] == {"botox": 1}
    assert told["sequences"] == {"refill": {"open": 1}}
    assert told["reminders"] == {"planned": 3}

    assert lakeview.sweep(at=DAY_70 - timedelta(minutes=1)) == []
    [first] = lakeview.sweep(at=DAY_70)
    assert (first.channel, first.to_address, first.state) == ("sms", "+13125550177", "accepted")
    assert "Nora" in first.text
    assert "Pat" in first.text
    assert lakeview.summary()["ledger"] == {
        "due": 1, "sent": 1, "waiting": 0, "suppressed": {}, "failed": 0,
    }  # fmt: skip

    # She books: the reminders end with their reason, the confirmation begins.
    lakeview.then(minutes=30)
    book(lakeview)
    assert lakeview.sequences("refill") == [("booked", "")]
    assert lakeview.reminders("refill") == [
        ("first", "sent", ""), ("second", "cancelled", "BOOKED"), ("last", "cancelled", "BOOKED"),
    ]  # fmt: skip
    assert lakeview.sequences("confirmation") == [("open", "")]
    steps = ["booked", "hours_48", "hours_24", "morning"]
    assert sorted(lakeview.reminders("confirmation")) == sorted((step, "planned", "") for step in steps)
    [confirmation] = lakeview.sweep()
    assert confirmation.message.touchpoint == "booked"
    assert "2 pm" in confirmation.text
    lakeview.summary()

    # She moves it twice within ten minutes: one message, with the last time.
    lakeview.then(minutes=60)
    book(lakeview, "appointment.updated", starts_at="2026-12-02T14:00:00-06:00")
    lakeview.then(minutes=5)
    book(lakeview, "appointment.updated", starts_at="2026-12-02T15:30:00-06:00")
    assert lakeview.sweep(minutes=9) == []
    [moved] = lakeview.sweep(minutes=1.1)
    assert moved.message.touchpoint == "moved"
    assert "3:30 pm" in moved.text
    assert lakeview.sweep(minutes=30) == []
    lakeview.summary()

    # She cancels: the confirmation ends at once, the refill opens again a day later at its next step.
    book(lakeview, "appointment.cancelled")
    assert lakeview.sequences("confirmation") == [("ended", "APPOINTMENT_CANCELLED")]
    lakeview.sweep(minutes=23 * 60)
    assert lakeview.sequences("refill") == [("booked", "")]
    lakeview.sweep(minutes=61)
    assert lakeview.sequences("refill") == [("open", "")]
    assert [each for each in lakeview.reminders("refill") if each[1] == "planned"] == [
        ("second", "planned", ""), ("last", "planned", ""),
    ]  # fmt: skip
    lakeview.summary()
    [second] = lakeview.sweep(at=DAY_70 + timedelta(days=7))
    assert second.message.touchpoint == "second"

    # She says stop: everything ends, and nothing ever leaves again.
    lakeview.then(minutes=3)
    lakeview.post("client.opted_out", client={"id": "N-1"}, opt_out={"channel": "sms", "wording": "no more texts"})
    assert lakeview.sequences("refill") == [("ended", "OPTED_OUT")]
    assert lakeview.sweep(minutes=60 * 24 * 5) == []
    assert lakeview.sweep(minutes=60 * 24 * 60) == []
    told = lakeview.summary()
    assert "open" not in told["sequences"]["refill"]
    assert not {"planned", "waiting"} & told["reminders"].keys()


def test_a_stop_ends_every_sequence_at_once(lakeview: Outside) -> None:
    treat(lakeview)
    lakeview.post(
        "treatment.completed",
        client={"id": "N-1"},
        treatment={"id": "T-2", "service": "Restylane Kysse (Lips)", "performed_at": "2026-09-14T16:00:00-05:00"},
    )
    assert lakeview.sequences("refill") == [("open", ""), ("open", "")]
    lakeview.post("client.opted_out", client={"id": "N-1"})
    assert lakeview.sequences("refill") == [("ended", "OPTED_OUT")] * 2
    assert {state for _, state, _ in lakeview.reminders("refill")} == {"cancelled"}
    lakeview.summary()


def test_the_link_in_an_email_asks_and_then_stops(lakeview: Outside) -> None:
    treat(lakeview, preferred_channel="email", consents={})
    [email] = lakeview.sweep(at=DAY_70)
    assert email.channel == "email"
    [link] = set(re.findall(r"https?://[^/\s]+(/u/\S+/)", email.text))
    page = lakeview.browser.get(link)
    assert page.status_code == 200
    assert lakeview.sequences("refill") == [("open", "")]
    with lakeview.then(minutes=1):
        assert lakeview.browser.post(link).status_code in {200, 302}
    assert lakeview.sequences("refill") == [("ended", "OPTED_OUT")]
    assert lakeview.sweep(minutes=60 * 24 * 8) == []
    lakeview.summary()


def test_without_consent_a_text_is_planned_but_held_until_the_practice_vouches(lakeview: Outside) -> None:
    treat(lakeview, email=None, consents={})
    assert lakeview.sweep(at=DAY_70) == []
    assert lakeview.reminders("refill")[0] == ("first", "waiting", "NO_CONSENT")
    assert lakeview.summary()["ledger"]["waiting"] == 1
    with lakeview.then(minutes=30):
        call_command("attest_consent", "lakeview", channel="sms", wording=WORDING)
    assert len(lakeview.sweep(minutes=61)) == 1
    assert lakeview.summary()["ledger"]["sent"] == 1


@needs_exports
def test_an_export_goes_in_and_nobody_is_flooded() -> None:
    practice = Outside(datetime(2026, 9, 23, 14, 0, tzinfo=UTC), is_connected=False)
    with practice.then():
        call_command("attest_consent", "lakeview", channel="sms", wording=WORDING)
        told = command("import_export", export("treatments.csv"), practice="lakeview")
        assert told["bad"] == []
        before = practice.summary()
        dry = command("go_live", "lakeview", dry_run=True)
        assert dry["live"] is False
        assert practice.summary() == before
        live = command("go_live", "lakeview")
    assert {key: dry[key] for key in ("would_send", "held", "not_sent_before_go_live")} == {
        key: live[key] for key in ("would_send", "held", "not_sent_before_go_live")
    }
    after = practice.summary()
    assert after["ledger"]["sent"] == 0
    assert after["ledger"]["suppressed"].keys() == {"BEFORE_GO_LIVE"}
    leaving = {}
    for day in range(4):
        at = datetime(2026, 9, 24, 15, 0, 5, tzinfo=UTC) + timedelta(days=day)
        leaving[at.date().isoformat()] = len(practice.sweep(at=at))
        practice.summary()
    assert 0 < sum(leaving.values()) < after["clients"] / 4, leaving

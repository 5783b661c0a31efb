"""Who listens while records are tested? Nobody from above: what they do with the news is theirs to test."""

import pytest

from clients import events


@pytest.fixture
def nobody_above_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for signal in (
        events.treatment_recorded,
        events.appointment_changed,
        events.consent_changed,
        events.client_changed,
        events.consent_attested,
        events.client_merged,
        events.client_unmerged,
    ):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()

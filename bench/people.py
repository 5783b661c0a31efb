"""Who is treated in the practices of a measurement? Plausible people, made set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from uuid6 import uuid7

LIVE_SINCE: Final = datetime(2026, 8, 1, 15, tzinfo=UTC)
TUESDAY: Final = datetime(2026, 11, 10, 17, tzinfo=UTC)
"""11:00 in Chicago: ten weeks after DAY_ZERO, and promotion's window is open."""
DAY_ZERO: Final = date(2026, 9, 1)
BATCH: Final = 5_000

_CLIENT: Final = (
    "id", "practice_id", "first_name", "last_name", "name_key", "phone", "email", "postal_code", "state", "status",
    "preferred_channel", "stated_time_zone", "language", "address_zones", "phone_zones", "phone_state",
    "field_stamps", "created_at", "updated_at",
)  # fmt: skip
_CONSENT: Final = (
    "id", "practice_id", "client_id", "scope", "kind", "at", "source", "wording", "recorded_at",
)  # fmt: skip
_TREATMENT: Final = (
    "id", "practice_id", "client_id", "treatment_type_id", "performed_on", "status", "area", "quantity", "unit",
    "currency", "provider_id", "location_id", "series_key", "recorded_at",
)  # fmt: skip
_FIRST: Final = ("Dana", "Björk", "Renée", "Aisha", "Siobhán", "Yuki", "Camila", "José", "Ingrid", "D'Arcy")
_LAST: Final = ("Kim", "García", "O'Neill", "Van-Dyke", "Østergaard", "Nguyễn", "Smith", "Łopez", "Taylor", "Lee")
# Of ten clients so many asked for texts, for email, or never said (then it is a text, R25).
_PREFERRED: Final = ("", "", "", "", "", "sms", "sms", "email", "email", "email")
_CHICAGO: Final = ["America/Chicago"]


@dataclass(frozen=True, slots=True)
class Place:
    """A practice that is live, with approved texts, two injectors and a location."""

    id: UUID
    types: dict[str, UUID]
    providers: tuple[UUID, ...]
    location_id: UUID


def open_practice() -> Place:
    """Make a practice that may send since LIVE_SINCE."""
    from cadences.models import TreatmentType
    from practices.models import Practice
    from practices.operations.creation import create_practice
    from practices.operations.directory import resolve_locations, resolve_providers
    from practices.tenancy import practice_scope
    from reminders.operations.texts import approve_shipped

    practice = create_practice(f"bench-{uuid4().hex[:8]}", "Lakeview Aesthetics", _CHICAGO[0], LIVE_SINCE)
    with practice_scope(practice.pk):
        approve_shipped(practice.pk, None, LIVE_SINCE)
        Practice.objects.filter(pk=practice.pk).update(
            status=Practice.Status.LIVE,
            live_at=LIVE_SINCE,
            phone="+13128096490",
            booking_url="https://lakeview.example/book",
            address_line="100 N State St, Chicago, IL 60602",
        )
        providers = resolve_providers(practice.pk, ["Pat Kim RN", "Dr. Elena Ruiz"])
        place = resolve_locations(practice.pk, ["Main"])["Main"]
        types = dict(TreatmentType.objects.values_list("slug", "pk"))
    return Place(practice.pk, types, tuple(each.pk for each in providers.values()), place.pk)


def admit(place: Place, count: int, first_number: int = 0) -> list[UUID]:
    """Make clients who agreed to texts, each with a phone and an email of her own; return their ids."""
    from clients.models import Client, Consent

    made: list[UUID] = []
    for start in range(first_number, first_number + count, BATCH):
        numbers = range(start, min(start + BATCH, first_number + count))
        ids = [uuid7() for _ in numbers]
        _insert(place, Client, _CLIENT, [_client(place, *each) for each in zip(ids, numbers, strict=True)])
        _insert(place, Consent, _CONSENT, [_consent(place, client_id) for client_id in ids])
        made += ids
    return made


def treat(place: Place, client_ids: Sequence[UUID], slug: str, first_day: date, days: int = 1) -> None:
    """Give each client one treatment, spread evenly over so many days from the first on, known the same day."""
    from clients.models import Treatment

    rows = [
        _treatment(place, client_id, slug, first_day + timedelta(days=number * days // len(client_ids)), number)
        for number, client_id in enumerate(client_ids)
    ]
    for start in range(0, len(rows), BATCH):
        _insert(place, Treatment, _TREATMENT, rows[start : start + BATCH])


def _insert(place: Place, model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from practices.operations.rows import insert_rows
    from practices.tenancy import practice_scope

    with practice_scope(place.id):
        insert_rows(model, columns, rows)


def _client(place: Place, client_id: UUID, number: int) -> tuple[Any, ...]:
    first, last = _FIRST[number % 10], f"{_LAST[number // 10 % 10]}{number // 100:x}"
    return (
        client_id, place.id, first, last, f"{first} {last}".casefold(), f"+1312{2_000_000 + number}",
        f"c{number}@example.com", "60611", "IL", "active", _PREFERRED[number % 10], "", "en", _CHICAGO, _CHICAGO,
        "IL", {}, LIVE_SINCE, LIVE_SINCE,
    )  # fmt: skip


def _consent(place: Place, client_id: UUID) -> tuple[Any, ...]:
    wording = "I agree to get appointment reminders and offers by text."
    return (uuid7(), place.id, client_id, "sms", "granted", LIVE_SINCE, "intake form", wording, LIVE_SINCE)


def _treatment(place: Place, client_id: UUID, slug: str, day: date, number: int) -> tuple[Any, ...]:
    return (
        uuid7(), place.id, client_id, place.types[slug], day, "completed", "Forehead", 24, "units", "USD",
        place.providers[number % 2], place.location_id, "", datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
    )  # fmt: skip

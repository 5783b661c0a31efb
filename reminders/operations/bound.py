"""What has the practice chosen, in the values that the engine decides with?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from cadences.queries.library import Library, library_of
from integrations.queries.carriers_down import channels_down
from integrations.queries.freshness import freshness
from practices.models import Location, Practice, Provider
from practices.queries.link_hosts import links_origin
from reminders.engine.values import Policy
from reminders.engine.words import Channel
from reminders.operations.texts import TextBook, load_texts
from reminders.queries.alarm import is_stale


@dataclass(frozen=True, slots=True)
class Bound:
    """A practice with everything a batch of its clients needs: read once, used for all of them."""

    practice: Practice
    policy: Policy
    library: Library
    locations: dict[UUID, Location]
    providers: dict[UUID, Provider]
    texts: TextBook
    origin: str
    """How the practice's own links begin: "https://go.lakeview.example" (MSG-5)."""


def bound(practice_id: UUID, now: datetime) -> Bound:
    """Read the practice whose scope is open: a dozen small queries, however many clients follow."""
    practice = Practice.objects.get(pk=practice_id)
    library = library_of(practice_id)
    providers = {row.pk: row for row in Provider.objects.filter(practice_id=practice_id)}
    locations = {row.pk: row for row in Location.objects.filter(practice_id=practice_id)}
    texts = load_texts(practice_id)
    policy = Policy(
        time_zone=practice.time_zone,
        cadences={slug: entry.cadence for slug, entry in library.types.items() if entry.is_active},
        versions={str(version_id): cadence for version_id, cadence in library.versions.items()},
        families_superseded=frozenset(entry.family for entry in library.types.values() if entry.supersedes_family),
        live_at=None if practice.status == Practice.Status.SETUP else practice.live_at,
        is_paused=practice.status == Practice.Status.PAUSED,
        is_records_stale=is_stale(freshness(practice_id), now),
        cap_days=practice.cap_days,
        consultation_fits=practice.consultation_fits,
        touch_up_resets=practice.touch_up_resets,
        confirms=practice.confirms,
        reactivation_limit=practice.reactivation_limit,
        holdout_percent=practice.holdout_percent,
        holdout_key=f"{settings.SECRET_KEY}|holdout|{practice_id}".encode(),
        speaks_as_provider=practice.voice == Practice.Voice.PROVIDER,
        promotion_opens=practice.promotion_opens,
        promotion_closes=practice.promotion_closes,
        channels_down=frozenset(Channel(each) for each in channels_down(practice)),
        approved=texts.approved,
        providers=frozenset(str(row.pk) for row in providers.values() if row.is_active),
    )
    return Bound(practice, policy, library, locations, providers, texts, links_origin(practice_id))

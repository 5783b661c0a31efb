"""How does a practice's library get its types, and a type a new version of its cadence?"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from cadences.events import CadenceChanged, cadence_changed
from cadences.models import CadenceStep, CadenceVersion, TreatmentType
from cadences.operations.default_library import DEFAULT_LIBRARY, ready_made
from cadences.queries.library import cadence_of
from cadences.timeline import Cadence


def seed_library(practice_id: UUID, now: datetime) -> None:
    """Will give a practice the default library (LIB-1), in its open scope. What it has already stays."""
    TreatmentType.objects.bulk_create(
        [
            TreatmentType(
                practice_id=practice_id,
                slug=entry.slug,
                name=entry.name,
                named_in_text=entry.named_in_text,
                family=entry.cadence.family,
                lasts=entry.lasts,
                supersedes_family=entry.supersedes_family,
                is_series=entry.cadence.is_series,
                series_sessions=entry.cadence.series_sessions,
            )
            for entry in DEFAULT_LIBRARY.values()
        ],
        ignore_conflicts=True,
    )
    bare = TreatmentType.objects.filter(
        practice_id=practice_id, slug__in=list(DEFAULT_LIBRARY), cadence_versions__isnull=True
    )
    _store(((row, DEFAULT_LIBRARY[row.slug].cadence, 1, None) for row in bare), now)


def choose_variant(
    practice_id: UUID, treatment_type_slug: str, variant: str, now: datetime, by_id: UUID | None = None
) -> CadenceVersion:
    """Will make a ready-made variant the current cadence of a treatment type: a new version (LIB-3, LIB-6).

    Open sequences keep the version they follow; `cadence_changed` says that there is a newer one. Where the
    current version says the same already, it stays. Runs in the practice's open scope.

    Raises:
        NoSuchVariant: the type has no such ready-made cadence.
        TreatmentType.DoesNotExist: the practice has no such type.
    """
    cadence = ready_made(treatment_type_slug, variant)
    row = TreatmentType.objects.select_for_update().get(practice_id=practice_id, slug=treatment_type_slug)
    current = CadenceVersion.objects.filter(treatment_type=row, is_current=True).first()
    if current is not None and _says(current, row, cadence):
        return current
    latest = CadenceVersion.objects.filter(treatment_type=row).aggregate(latest=Max("number"))["latest"] or 0
    CadenceVersion.objects.filter(treatment_type=row, is_current=True).update(is_current=False)
    (version,) = _store([(row, cadence, latest + 1, by_id)], now)
    cadence_changed.send(sender=CadenceVersion, event=CadenceChanged(practice_id, row.id, version.id))
    return version


def _says(version: CadenceVersion, row: TreatmentType, cadence: Cadence) -> bool:
    stored = cadence_of(version, row, version.steps.order_by("position"))
    return (stored.steps, stored.lapse, stored.variant) == (cadence.steps, cadence.lapse, cadence.variant)


def _store(wanted: Iterable[tuple[TreatmentType, Cadence, int, UUID | None]], now: datetime) -> list[CadenceVersion]:
    pairs = [
        (
            CadenceVersion(
                practice_id=row.practice_id,
                treatment_type=row,
                number=number,
                variant=cadence.variant,
                lapse_count=cadence.lapse.count if cadence.lapse else None,
                lapse_unit=cadence.lapse.unit.value if cadence.lapse else "",
                created_by_id=by_id,
                created_at=now,
            ),
            cadence,
        )
        for row, cadence, number, by_id in wanted
    ]
    CadenceVersion.objects.bulk_create([version for version, _ in pairs])
    CadenceStep.objects.bulk_create(
        [
            CadenceStep(
                practice_id=version.practice_id,
                cadence_version=version,
                position=position,
                key=step.key,
                offset_count=step.offset.count,
                offset_unit=step.offset.unit.value,
                gap_days=step.gap_days,
                send_time=step.send_time,
                channel_rule=step.channel_rule.value,
                incentive=step.incentive or "",
            )
            for version, cadence in pairs
            for position, step in enumerate(cadence.steps)
        ]
    )
    return [version for version, _ in pairs]

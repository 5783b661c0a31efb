"""What does a practice's cadence library say, in the values that planning works with?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from cadences.models import CadenceStep, CadenceVersion, TreatmentType
from cadences.timeline import Cadence, ChannelRule, Offset, Step, Unit


@dataclass(frozen=True, slots=True)
class LibraryType:
    """One treatment type of a practice with the cadence that new sequences follow."""

    id: UUID
    slug: str
    name: str
    named_in_text: str
    family: str
    lasts: str
    supersedes_family: bool
    is_active: bool
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Library:
    """A practice's library: its types, and every version that a sequence may follow (LIB-6)."""

    types: Mapping[str, LibraryType]
    by_id: Mapping[UUID, LibraryType]
    versions: Mapping[UUID, Cadence]


def library_of(practice_id: UUID) -> Library:
    """The whole library of the practice whose scope is open, in three queries (LIB-1, LIB-6)."""
    steps: dict[UUID, list[CadenceStep]] = defaultdict(list)
    for step in CadenceStep.objects.filter(practice_id=practice_id).order_by("position"):
        steps[step.cadence_version_id].append(step)
    rows = {row.id: row for row in TreatmentType.objects.filter(practice_id=practice_id).order_by("slug")}
    versions: dict[UUID, Cadence] = {}
    current: dict[UUID, Cadence] = {}
    for version in CadenceVersion.objects.filter(practice_id=practice_id):
        cadence = cadence_of(version, rows[version.treatment_type_id], steps[version.id])
        versions[version.id] = cadence
        if version.is_current:
            current[version.treatment_type_id] = cadence
    by_id = {row.id: _library_type(row, current[row.id]) for row in rows.values() if row.id in current}
    return Library({entry.slug: entry for entry in by_id.values()}, by_id, versions)


def cadence_of(version: CadenceVersion, treatment_type: TreatmentType, steps: Iterable[CadenceStep]) -> Cadence:
    """A stored version as the value that planning works with; `steps` in their order.

    Its `cadence_id` is the version's id, its `version` the version's number.
    """
    lapse = Offset(version.lapse_count, Unit(version.lapse_unit)) if version.lapse_count is not None else None
    return Cadence(
        treatment_type=treatment_type.slug,
        family=treatment_type.family,
        steps=tuple(
            Step(
                key=step.key,
                offset=Offset(step.offset_count, Unit(step.offset_unit)),
                gap_days=step.gap_days,
                send_time=step.send_time,
                channel_rule=ChannelRule(step.channel_rule),
                incentive=step.incentive or None,
            )
            for step in steps
        ),
        lapse=lapse,
        is_series=treatment_type.is_series,
        series_sessions=treatment_type.series_sessions,
        version=version.number,
        cadence_id=str(version.id),
        variant=version.variant,
    )


def _library_type(row: TreatmentType, cadence: Cadence) -> LibraryType:
    return LibraryType(
        row.id,
        row.slug,
        row.name,
        row.named_in_text,
        row.family,
        row.lasts,
        row.supersedes_family,
        row.is_active,
        cadence,
    )

"""What do the names in a batch's lines mean: which service, which location, which provider, which zone?"""

from datetime import date, datetime, time
from functools import cached_property, lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from cadences.models import Service
from cadences.operations.services import resolve_services
from cadences.timeline import at_local
from clients.operations.reported import Report, ReportedAppointment, ReportedTreatment
from practices.models import Location, Practice
from practices.operations.directory import resolve_locations, resolve_providers


class Directory:
    """The names of one batch, resolved in a few queries; new ones have entered the practice's directory."""

    def __init__(self, practice_id: UUID, report: Report, now: datetime) -> None:
        lines: list[ReportedTreatment | ReportedAppointment] = [*report.treatments, *report.appointments]
        names = {line.service for line in report.treatments}
        names.update(name for line in report.appointments for name in line.services or ())
        self._practice_id = practice_id
        services = resolve_services(practice_id, names, now)
        self.services = {name: service.id for name, service in services.items()}
        locations = resolve_locations(practice_id, {line.location for line in lines if line.location})
        self.locations = {name: location.id for name, location in locations.items()}
        self._zones = {location.id: location.time_zone for location in locations.values()}
        providers = resolve_providers(practice_id, {line.provider for line in lines if line.provider})
        self.providers = {name: provider.id for name, provider in providers.items()}

    @cached_property
    def practice_zone(self) -> str:
        """Where a line happened that names no location (R1)."""
        return Practice.objects.values_list("time_zone", flat=True).get(id=self._practice_id)

    @cached_property
    def types(self) -> dict[UUID, UUID]:
        """Service -> the treatment type it is mapped to."""
        return types_of_services(self._practice_id)

    def zone_of(self, location_id: UUID | None) -> str:
        """The time zone of a location; of the practice where there is none."""
        if location_id is None:
            return self.practice_zone
        if location_id not in self._zones:
            self._zones |= dict(Location.objects.filter(practice_id=self._practice_id).values_list("id", "time_zone"))
        return self._zones[location_id]

    def day_of(self, moment: datetime, location_id: UUID | None) -> date:
        """The date of a moment in a location's zone (R1)."""
        return moment.astimezone(_zone(self.zone_of(location_id))).date()

    def moment_of(self, local: datetime | date, location_id: UUID | None) -> datetime:
        """The moment, in UTC, at which a location's clocks show a wall time; of a bare date, its beginning."""
        if isinstance(local, datetime):
            return at_local(local.date(), local.time(), self.zone_of(location_id))
        return at_local(local, time(0), self.zone_of(location_id))


def types_of_services(practice_id: UUID) -> dict[UUID, UUID]:
    """Service -> treatment type, of the services that are mapped to one, in the practice's open scope."""
    mapped = Service.objects.filter(practice_id=practice_id, treatment_type__isnull=False)
    return dict(mapped.values_list("id", "treatment_type_id"))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)

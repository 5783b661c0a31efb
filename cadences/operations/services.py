"""What does a service name of a practice's PMS mean there, and how does a manager settle it?"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from cadences.events import ServiceMapped, service_mapped
from cadences.models import Service, TreatmentType
from cadences.models.service import ServiceKind
from cadences.operations.recognition import Recognized, normalize_service, recognize
from practices.operations.auditing import Actor, audit
from practices.tenancy import practice_scope

OTHER_KINDS = (ServiceKind.CONSULTATION.value, ServiceKind.FOLLOW_UP.value, ServiceKind.UNRELATED.value)
"""What a service may be besides a treatment of the library."""

_LONGEST = 200
_HOLD = """
    SELECT * FROM cadences_service WHERE practice_id = %s AND name_key = ANY(%s) ORDER BY id FOR KEY SHARE
"""


class ServiceRefused(ValueError):
    """A service cannot be mapped like this; the text says why."""


def resolve_services(practice_id: UUID, names: Iterable[str], now: datetime) -> dict[str, Service]:
    """The service of each name, with its treatment type; a new name is recognized or waits (LIB-5).

    Runs in the practice's open scope. Empty names are left out. Two queries, and four more where a name is new.
    """
    keyed = {name: service_key(name) for name in names}
    keyed = {name: key for name, key in keyed.items() if key}
    wanted = set(keyed.values())
    found = _find(practice_id, wanted)
    missing = {key: name for name, key in sorted(keyed.items(), reverse=True) if key not in found}
    if missing:
        types = dict(TreatmentType.objects.filter(practice_id=practice_id).values_list("slug", "id"))
        Service.objects.bulk_create(
            [_new(practice_id, name, key, types, now) for key, name in missing.items()], ignore_conflicts=True
        )
        found |= _find(practice_id, missing)
    return {name: found[key] for name, key in keyed.items()}


def map_service(
    practice_id: UUID,
    service_id: UUID,
    kind: ServiceKind,
    treatment_type_slug: str | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> Service:
    """Will say once and for all what a service means; its treatments get their sequences (LIB-5).

    Runs in the practice's open scope. A word that changes nothing sends no news. Audited: what it meant and means.

    Raises:
        ServiceRefused: a treatment without its type, another kind with one, or a mapping back to unknown.
        TreatmentType.DoesNotExist: the practice has no such type.
        Service.DoesNotExist: the practice has no such service.
    """
    if kind == ServiceKind.UNKNOWN:
        raise ServiceRefused("A service cannot be mapped to unknown; choose what it is.")
    if (kind == ServiceKind.TREATMENT_TYPE) != (treatment_type_slug is not None):
        raise ServiceRefused("Name a treatment type exactly where the service is a treatment.")
    service = Service.objects.select_for_update().get(practice_id=practice_id, id=service_id)
    type_id = None
    if treatment_type_slug is not None:
        type_id = TreatmentType.objects.get(practice_id=practice_id, slug=treatment_type_slug).id
    is_news = (service.kind, service.treatment_type_id) != (kind, type_id)
    before = {"from_kind": service.kind, "from_type_id": _text(service.treatment_type_id)}
    service.kind, service.treatment_type_id = ServiceKind(kind).value, type_id
    service.mapped_by_id, service.mapped_at = actor.staff_member_id, now
    service.save(update_fields=["kind", "treatment_type", "mapped_by", "mapped_at"])
    if is_news:
        service_mapped.send(sender=Service, event=ServiceMapped(practice_id, service.id, now))
    after = {"kind": service.kind, "type_id": _text(type_id)}
    audit(practice_id, actor, "service_mapped", now, subject_id=service.id, detail=before | after)
    return service


def map_by_name(practice_id: UUID, name: str, meaning: str, now: datetime) -> Service:
    """Will map the service of this name: `meaning` is a treatment type's slug, or a kind (LIB-5).

    Raises:
        ServiceRefused: the practice has no service of that name, or no such type or kind; the text says which are.
    """
    with practice_scope(practice_id):
        known = Service.objects.filter(practice_id=practice_id)
        service = known.filter(name_key=service_key(name)).first()
        if service is None:
            waiting = ", ".join(known.filter(kind=ServiceKind.UNKNOWN).order_by("name").values_list("name", flat=True))
            raise ServiceRefused(f"No service is called {name!r}. These wait to be mapped: {waiting or 'none'}.")
        if meaning in OTHER_KINDS:
            return map_service(practice_id, service.id, ServiceKind(meaning), actor=Actor(), now=now)
        types = TreatmentType.objects.filter(practice_id=practice_id).order_by("slug").values_list("slug", flat=True)
        if meaning not in types:
            raise ServiceRefused(f"{meaning!r} is none of: {', '.join((*types, *OTHER_KINDS))}.")
        return map_service(practice_id, service.id, ServiceKind.TREATMENT_TYPE, meaning, actor=Actor(), now=now)


def service_key(name: str) -> str:
    """A service name as services are matched; one that is all marks or another script stands for itself.

    >>> service_key("BOTOX® Cosmetic (per unit)"), service_key("$$$"), service_key(" ")
    ('botox cosmetic per unit', '$$$', '')
    """
    return (normalize_service(name) or " ".join(name.split()))[:_LONGEST]


def _text(row_id: UUID | None) -> str | None:
    return str(row_id) if row_id else None


def _find(practice_id: UUID, keys: Iterable[str]) -> dict[str, Service]:
    """Services by key, held against being remapped until the transaction ends: no line may be recorded meanwhile
    under the old meaning and missed by the new one.
    """
    rows = list(Service.objects.raw(_HOLD, [practice_id, sorted(keys)]))
    prefetch_related_objects(rows, "treatment_type")
    return {row.name_key: row for row in rows}


def _new(practice_id: UUID, name: str, key: str, types: dict[str, UUID], now: datetime) -> Service:
    recognized = recognize(name)
    if recognized.treatment_type is not None and recognized.treatment_type not in types:
        recognized = Recognized(ServiceKind.UNKNOWN)
    return Service(
        practice_id=practice_id,
        name=" ".join(name.split())[:_LONGEST],
        name_key=key,
        kind=recognized.kind,
        treatment_type_id=types.get(recognized.treatment_type) if recognized.treatment_type else None,
        first_seen_at=now,
    )

"""How does a manager say what a service name means, and hear what that did? (LIB-5)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cadences.models import Service, TreatmentType
from cadences.models.service import ServiceKind
from cadences.operations.services import OTHER_KINDS, ServiceRefused, map_service
from clients.operations.remapping import PLANNED_AT_ONCE
from practices.operations.auditing import Actor
from reminders.operations.foreseeing_services import Foresight, foresee_mapping

NO_SUCH: Final = "The library has no such treatment type. Choose one of the list."


@dataclass(frozen=True, slots=True)
class Mapped:
    """What was mapped, and what it did. `is_left_to_the_clock`: the plans of so many clients follow in a while."""

    service: Service
    foresight: Foresight
    is_left_to_the_clock: bool


def meaning_of(practice_id: UUID, meaning: str) -> tuple[ServiceKind, str | None]:
    """Return what a choice stands for: a kind of its own, or a treatment of the type with that slug.

    Raises:
        ServiceRefused: neither; the text says what to do.
    """
    if meaning in OTHER_KINDS:
        return ServiceKind(meaning), None
    if meaning in set(TreatmentType.objects.filter(practice_id=practice_id).values_list("slug", flat=True)):
        return ServiceKind.TREATMENT_TYPE, meaning
    raise ServiceRefused(NO_SUCH)


def map_and_tell(practice_id: UUID, service_id: UUID, meaning: str, actor: Actor, now: datetime) -> Mapped:
    """Will map a service in the open scope, audited, and say what that changes for the clients concerned.

    Raises:
        ServiceRefused: no such meaning.
        Service.DoesNotExist: the practice has no such service.
    """
    kind, slug = meaning_of(practice_id, meaning)
    before = Service.objects.get(practice_id=practice_id, pk=service_id)
    foresight = foresee_mapping(practice_id, before, kind, slug, now)
    service = map_service(practice_id, service_id, kind, slug, actor=actor, now=now)
    return Mapped(service, foresight, foresight.clients > PLANNED_AT_ONCE)

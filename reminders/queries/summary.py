"""What does a practice hold, in figures that an operator can check against the records?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from cadences.models.service import ServiceKind
from clients.models import Appointment, AppointmentService, Client, Treatment, TreatmentRecord
from clients.models.treatment import TreatmentStatus
from reminders.models import Reminder, Sequence
from reminders.queries.ledger import ledger_of_practice


def practice_summary(practice_id: UUID, now: datetime) -> dict[str, Any]:
    """Return clients, treatments by type, appointments by status, services not mapped, sequences, reminders, ledger.

    `unmapped_services` counts the lines that wait: services done and services booked under an unknown name.
    """
    ledger = ledger_of_practice(practice_id, now)
    sequences: dict[str, dict[str, int]] = {}
    for kind, state, count in _counted(Sequence, practice_id, "kind", "state"):
        sequences.setdefault(kind, {})[state] = count
    treatments = Treatment.objects.filter(practice_id=practice_id, status=TreatmentStatus.COMPLETED)
    return {
        "clients": Client.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None).count(),
        "treatments": dict(
            treatments.values_list("treatment_type__slug").annotate(count=Count("id")).order_by("treatment_type__slug")
        ),
        "appointments": dict(_counted(Appointment, practice_id, "status")),
        "unmapped_services": _unmapped(practice_id),
        "sequences": sequences,
        "reminders": dict(_counted(Reminder, practice_id, "state")),
        "ledger": {
            "due": ledger.due,
            "sent": ledger.sent,
            "waiting": ledger.waiting,
            "suppressed": dict(sorted(ledger.suppressed.items())),
            "failed": ledger.failed,
        },
    }


def _counted(model: Any, practice_id: UUID, *columns: str) -> list[tuple[Any, ...]]:
    rows = model.objects.filter(practice_id=practice_id).values_list(*columns)
    return list(rows.annotate(count=Count("id")).order_by(*columns))


def _unmapped(practice_id: UUID) -> dict[str, int]:
    """The lines behind each service name that nobody has mapped yet (LIB-5)."""
    unknown = {"practice_id": practice_id, "service__kind": ServiceKind.UNKNOWN}
    waiting: dict[str, int] = {}
    for model in (TreatmentRecord, AppointmentService):
        rows = model.objects.filter(**unknown).values_list("service__name")
        for name, count in rows.annotate(count=Count("id")):
            waiting[name] = waiting.get(name, 0) + count
    return dict(sorted(waiting.items()))

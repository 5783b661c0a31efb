"""What is kept about one client, in full? (REC-5)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, ForeignKey, Model, Q

from cadences.models import Service, TreatmentType
from clients.models import (
    AddressMark,
    Appointment,
    AppointmentChange,
    AppointmentService,
    Client,
    ClientIdentity,
    Consent,
    ServiceIssue,
    StaffNote,
    Suppression,
    Treatment,
    TreatmentRecord,
)
from clients.queries.stops_in_force import stops_of
from practices.models import AuditEntry, Location, Provider
from reminders.models import Call, Delivery, Message, Reminder, Reply, Sequence, TrackedLink

NAMED: Final[Mapping[type[Model], str]] = {Location: "name", Provider: "name", Service: "name", TreatmentType: "name"}
"""What a row refers to by an id, and a reader knows by a name."""

OF_THE_MACHINE: Final = frozenset(
    {"practice_id", "field_stamps", "content_hash", "name_key", "address_zones", "phone_zones", "cadence_version_id"}
)
"""Columns that say nothing of the person: sums, keys, and what is worked out from others."""

SECTIONS: Final[Mapping[str, tuple[type[Model], str]]] = {
    "ids": (ClientIdentity, "client_id"),
    "treatments": (Treatment, "client_id"),
    "treatment_lines": (TreatmentRecord, "client_id"),
    "appointments": (Appointment, "client_id"),
    "appointment_services": (AppointmentService, "appointment__client_id"),
    "appointment_changes": (AppointmentChange, "appointment__client_id"),
    "consents": (Consent, "client_id"),
    "service_issues": (ServiceIssue, "client_id"),
    "notes": (StaffNote, "client_id"),
    "sequences": (Sequence, "client_id"),
    "reminders": (Reminder, "client_id"),
    "messages": (Message, "client_id"),
    "deliveries": (Delivery, "client_id"),
    "replies": (Reply, "client_id"),
    "calls": (Call, "client_id"),
    "links": (TrackedLink, "client_id"),
    "seen_and_done_by_staff": (AuditEntry, "client_id"),
}
"""Section -> the table, and how its rows name the client."""


def everything_kept(practice_id: UUID, client_id: UUID, now: datetime) -> dict[str, Any]:
    """Return every row about a client, section by section, as values that JSON can hold; a fixed number of queries.

    Records that were merged into her are hers. What systems and carriers sent is in it as what it became.
    """
    people = Client.objects.filter(practice_id=practice_id).filter(Q(pk=client_id) | Q(merged_into_id=client_id))
    clients = _rows(people, Client)
    ids = [row["id"] for row in clients]
    phones = [row["phone"] for row in clients if row["phone"]]
    emails = [row["email"] for row in clients if row["email"]]
    stops = stops_of(practice_id, [*(("phone", each) for each in phones), *(("email", each) for each in emails)])
    marks = Q(subject="phone", address__in=phones) | Q(subject="email", address__in=emails)
    return {
        "exported_at": now,
        "client": clients,
        **{
            name: _rows(model._default_manager.filter(practice_id=practice_id, **{f"{path}__in": ids}), model)
            for name, (model, path) in SECTIONS.items()
        },
        "suppressions": _rows(
            Suppression.objects.filter(practice_id=practice_id).filter(Q(client_id__in=ids) | stops), Suppression
        ),
        "unreachable": _rows(AddressMark.objects.filter(marks, practice_id=practice_id), AddressMark),
    }


def _rows(rows: Any, model: type[Model]) -> list[dict[str, Any]]:
    """The rows in the order of their ids, columns by name, without what is of the machine."""
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in OF_THE_MACHINE]
    names = {
        f"{field.name}_name": F(f"{field.name}__{NAMED[field.related_model]}")
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model in NAMED
    }
    return list(rows.order_by("pk").values(*columns, **names))

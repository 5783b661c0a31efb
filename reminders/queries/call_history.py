"""What does whoever calls need to know: what the call is about, the last visit, the last message, the last reply?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from clients.models import Appointment, AppointmentService, ServiceIssue, Treatment
from clients.models.treatment import TreatmentStatus
from practices.models import StaffMember
from reminders.models import Call, Message, Reminder, Reply


@dataclass(frozen=True, slots=True)
class CallHistory:
    """Of the calls of one page: by client her last treatment, message and reply; by id what the calls are about."""

    treatments: Mapping[UUID, Treatment]
    messages: Mapping[UUID, Message]
    replies: Mapping[UUID, Reply]
    issues: Mapping[str, ServiceIssue]
    appointments: Mapping[str, Appointment]
    sessions: Mapping[str, Treatment]
    staff: Mapping[UUID, StaffMember]


def call_history(practice_id: UUID, calls: Collection[Call]) -> CallHistory:
    """Return what is known around these calls: ten queries at most, however many they are."""
    clients = {each.client_id for each in calls}
    for_ids: set[UUID] = {each.for_id for each in calls if getattr(each, "for_id", None)}  # type: ignore[attr-defined]
    return CallHistory(
        treatments=_last_treatments(practice_id, clients),
        messages=_last_messages(practice_id, clients),
        replies=_last_replies(practice_id, clients),
        issues={
            str(each.pk): each
            for each in ServiceIssue.objects.filter(pk__in=_anchors(calls, Call.Reason.SERVICE_ISSUE)).select_related(
                "opened_by__person"
            )
        },
        appointments={
            str(each.pk): each
            for each in Appointment.objects.filter(
                pk__in=_anchors(calls, Call.Reason.NO_SHOW, Call.Reason.UNKNOWN_OUTCOME)
            )
            .select_related("provider", "location")
            .prefetch_related(
                Prefetch(
                    "services",
                    queryset=AppointmentService.objects.select_related("service__treatment_type").order_by("pk"),
                )
            )
        },
        sessions={
            str(each.pk): each
            for each in Treatment.objects.filter(pk__in=_anchors(calls, Call.Reason.SERIES_STALLED)).select_related(
                "treatment_type"
            )
        },
        staff={each.pk: each for each in StaffMember.objects.filter(pk__in=for_ids).select_related("person")},
    )


def _anchors(calls: Collection[Call], *reasons: Call.Reason) -> list[UUID]:
    return [UUID(each.anchor) for each in calls if each.reason in reasons]


def _last_treatments(practice_id: UUID, clients: Collection[UUID]) -> dict[UUID, Treatment]:
    rows = (
        Treatment.objects.filter(practice_id=practice_id, client_id__any_of=clients, status=TreatmentStatus.COMPLETED)
        .select_related("treatment_type", "provider")
        .order_by("client_id", "-performed_on", "-pk")
        .distinct("client_id")
    )
    return {each.client_id: each for each in rows}


def _last_messages(practice_id: UUID, clients: Collection[UUID]) -> dict[UUID, Message]:
    reminders = Reminder.objects.select_related("sequence__treatment_type").order_by("planned_at", "pk")
    rows = (
        Message.objects.filter(practice_id=practice_id, client_id__any_of=clients, sent_at__isnull=False)
        .prefetch_related(Prefetch("reminders", queryset=reminders))
        .order_by("client_id", "-decided_at", "-pk")
        .distinct("client_id")
    )
    return {each.client_id: each for each in rows}


def _last_replies(practice_id: UUID, clients: Collection[UUID]) -> dict[UUID, Reply]:
    rows = (
        Reply.objects.filter(practice_id=practice_id, client_id__any_of=clients)
        .order_by("client_id", "-received_at", "-pk")
        .distinct("client_id")
    )
    return {each.client_id: each for each in rows if each.client_id is not None}

"""What does a list say of each client: standing, what comes next, what was done last?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from clients.models import Appointment, Client, Treatment
from clients.models.treatment import TreatmentStatus
from reminders.engine.bookings import LIVE_STATUSES
from reminders.engine.decide import TIMING
from reminders.engine.standing import Stands
from reminders.engine.words import ReminderState, Standing
from reminders.models import Reminder
from reminders.queries.standings import standings_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One client of a list. `expected_at`: the next appointment's start. `held_by`: the reason why a message waits."""

    client: Client
    stands: Stands
    last: Treatment | None
    expected_at: datetime | None
    held_by: str = ""


def listed(practice_id: UUID, clients: Sequence[Client], now: datetime) -> tuple[Listed, ...]:
    """Return these clients as a list shows them, in their order: at most four queries, however many they are."""
    ids = [each.pk for each in clients]
    stands = standings_of(practice_id, ids)
    treatments = (
        Treatment.objects.filter(practice_id=practice_id, client_id__any_of=ids, status=TreatmentStatus.COMPLETED)
        .order_by("client_id", "-performed_on", "-id")
        .distinct("client_id")
        .select_related("treatment_type")
    )
    last = {each.client_id: each for each in treatments}
    expected = dict(
        Appointment.objects.filter(
            practice_id=practice_id, client_id__any_of=ids, starts_at__gt=now, status__in=sorted(LIVE_STATUSES)
        )
        .values_list("client_id")
        .annotate(at=Min("starts_at"))
    )
    held = _held_by(practice_id, [each for each in ids if stands[each].standing is Standing.HELD], now)
    return tuple(
        Listed(each, stands[each.pk], last.get(each.pk), expected.get(each.pk), held.get(each.pk, ""))
        for each in clients
    )


def _held_by(practice_id: UUID, client_ids: Sequence[UUID], now: datetime) -> dict[UUID, str]:
    rows = Reminder.objects.filter(
        practice_id=practice_id, client_id__any_of=client_ids, state=ReminderState.WAITING.value, allowed_at__lte=now
    ).exclude(reason__in=TIMING)
    return dict(rows.order_by("-allowed_at", "-id").values_list("client_id", "reason"))

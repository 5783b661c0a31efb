"""Which treatments follow when a manager says what a service means? (LIB-5)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from clients.events import ClientsChanged, appointment_changed, treatment_recorded
from clients.models import Client, TreatmentRecord
from clients.operations.directory import types_of_services
from clients.operations.locking import lock_clients
from clients.operations.treatment_lines import lines_of_service
from clients.operations.treatments import derive, link
from clients.queries.bookings import clients_who_booked

CLIENTS_AT_ONCE: Final = 2_000
PLANNED_AT_ONCE: Final = 500
"""So many clients are planned anew before the answer; more are left to the clock, and the page counts them down."""


def rederive_service(practice_id: UUID, service_id: UUID, now: datetime) -> set[UUID]:
    """Will make the treatments follow a service's new meaning, some thousands of clients at a time (LIB-5, R17).

    Runs in the practice's open scope, where the service is held. Returns the clients concerned: those who had it
    done and those who have it booked, since an unknown service held all families back (R6). Of more than 500 the
    plans may be made later: whatever leaves is decided on these facts in any case (R32).
    """
    types = types_of_services(practice_id)
    treated = sorted(
        TreatmentRecord.objects.filter(practice_id=practice_id, service_id=service_id)
        .values_list("client_id", flat=True)
        .distinct()
    )
    booking = clients_who_booked(practice_id, service_id)
    everybody = booking | set(treated)
    held = sorted(everybody)  # all of them first, in one order, so that nobody waits in a circle
    for start in range(0, len(held), CLIENTS_AT_ONCE):
        lock_clients(practice_id, held[start : start + CLIENTS_AT_ONCE])
    for start in range(0, len(treated), CLIENTS_AT_ONCE):
        client_ids = treated[start : start + CLIENTS_AT_ONCE]
        lines = lines_of_service(practice_id, service_id, client_ids)
        derive(practice_id, lines, types, now)
        link(lines)
    may_wait = len(everybody) > PLANNED_AT_ONCE
    for signal, concerned in ((treatment_recorded, set(treated)), (appointment_changed, booking)):
        if concerned:
            event = ClientsChanged(practice_id, frozenset(concerned), now, may_wait=may_wait)
            signal.send(sender=Client, event=event)
    return everybody

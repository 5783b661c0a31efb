"""How is what gateways said written down although the database is away for a moment? (CHN-3)"""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Final
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from reminders.operations.attempts import Outcome
from reminders.operations.recording import record_outcomes

log = structlog.get_logger(__name__)

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds until it is tried again; a server that restarts is back within them."""


def note_outcomes(practice_id: UUID, outcomes: Sequence[Outcome], clock: Callable[[], datetime]) -> None:
    """Will record outcomes, and not lose them to a database that restarts meanwhile.

    Nobody else knows what a gateway said, and not every gateway can be asked again. Recording twice is recording
    once, so a commit of which nobody knows is tried again as well. What cannot be recorded within some seconds is
    left to `recovering`.
    """
    if not outcomes:
        return
    for pause in PAUSES:
        try:
            record_outcomes(practice_id, outcomes, clock())
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            log.warning("outcomes_not_recorded_yet", practice_id=str(practice_id), error=type(error).__name__)
            connection.close()
            Event().wait(pause)
        else:
            return
    record_outcomes(practice_id, outcomes, clock())

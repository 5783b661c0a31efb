"""How do the messages of a claimed batch leave, and when is their fate written down? (DESIGN.md 5)"""

from collections.abc import Callable
from datetime import datetime

from reminders.operations.attempts import Outcome
from reminders.operations.handing_over import hand_over
from reminders.operations.heeding_rates import heed_rates
from reminders.operations.noting import note_outcomes
from reminders.operations.open_gateways import OpenGateways
from reminders.operations.outbound import Batch


def deliver(batch: Batch, clock: Callable[[], datetime], gateways: OpenGateways | None = None) -> list[Outcome]:
    """Make every attempt of a batch, outside any transaction, and record the outcomes in the next.

    `gateways`: the gateways that are open already; without, they are opened for this batch. A worker that is told to
    stop records what it knows and raises what told it; what it could not record is settled later (`recovering`).
    """
    if not batch.attempts:
        return []
    if gateways is None:
        with OpenGateways() as own:
            return deliver(batch, clock, own)
    handed = hand_over(batch.attempts, batch.decided_at, clock, gateways)
    note_outcomes(batch.practice_id, handed.outcomes, clock)
    heed_rates(handed.outcomes, clock())
    if handed.stopped_by is not None:
        raise handed.stopped_by
    return handed.outcomes

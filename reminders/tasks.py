"""Which work does the clock set off? Ticks only: what is due stands in PostgreSQL."""

from celery import shared_task

from practices import clock
from reminders.operations.recovering import recover as recover_attempts
from reminders.operations.sweeping import sweep as sweep_due


@shared_task(name="reminders.tasks.sweep")
def sweep() -> None:
    """Will decide on and deliver what is due."""
    sweep_due(clock.now)


@shared_task(name="reminders.tasks.recover")
def recover() -> None:
    """Will settle attempts whose outcome was never recorded."""
    recover_attempts(clock.now)

"""Which work does the clock set off for records?"""

from celery import shared_task

from clients.operations.passed_visits import count_passed_visits as count_due
from practices import clock


@shared_task(name="clients.tasks.count_passed_visits")
def count_passed_visits() -> None:
    """Will count visits that are over as treatments, where a practice chose so (R10)."""
    count_due(clock.now())

"""Which work do the workers do for what arrives?"""

from typing import Any

from celery import shared_task

from integrations.operations.applying import apply_due
from practices import clock


@shared_task(name="integrations.tasks.apply_events")
def apply_events(**_: Any) -> None:
    """Will apply the webhooks that wait. Beat ticks it every few seconds; each acceptance hints at it."""
    apply_due(clock.now())

"""Which work do the workers do for what arrives?"""

from typing import Any

from celery import shared_task

from integrations.operations.applying import apply_due
from integrations.operations.applying_callbacks import apply_callbacks as apply_all_callbacks
from integrations.operations.checking_accounts import retry_failing
from integrations.operations.forgetting_callbacks import forget_callbacks as forget_applied
from practices import clock


@shared_task(name="integrations.tasks.apply_events")
def apply_events(**_: Any) -> None:
    """Will apply the webhooks that wait. Beat ticks it every few seconds; each acceptance hints at it."""
    apply_due(clock.now())


@shared_task(name="integrations.tasks.retry_accounts")
def retry_accounts() -> None:
    """Will try the accounts again that a vendor refuses, and tell owners of those that stay refused."""
    retry_failing(clock.now)


@shared_task(name="integrations.tasks.apply_callbacks")
def apply_callbacks(**_: Any) -> None:
    """Will apply what carriers called back about. Beat ticks it every few seconds; each callback hints at it."""
    apply_all_callbacks(clock.now())


@shared_task(name="integrations.tasks.forget_callbacks")
def forget_callbacks() -> None:
    """Will delete the callbacks that were applied long ago."""
    forget_applied(clock.now())

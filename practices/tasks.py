"""Which work of the practices app does the clock set off?"""

from celery import shared_task

from practices import clock
from practices.operations.letters import forget_old


@shared_task(name="practices.tasks.forget_old")
def forget() -> None:
    """Will forget sessions that have ended and letters that nobody will open any more."""
    forget_old(clock.now())

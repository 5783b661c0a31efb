"""Which work do the clock and long pages set off? What is due stands in PostgreSQL."""

from uuid import UUID

from celery import shared_task

from practices import clock
from practices.operations.auditing import Actor
from reminders.operations.answering import TASK as ANSWERS
from reminders.operations.answering import send_answers as send_due_answers
from reminders.operations.catching_up import catch_up as catch_up_plans
from reminders.operations.folding_tallies import fold_tallies as fold_all_tallies
from reminders.operations.outlook import take_live, work_out
from reminders.operations.recovering import recover as recover_attempts
from reminders.operations.sweeping import sweep as sweep_due


@shared_task(name="reminders.tasks.sweep")
def sweep() -> None:
    """Will decide on and deliver what is due."""
    sweep_due(clock.now)


@shared_task(name=ANSWERS)
def send_answers() -> None:
    """Will send what answers clients: whoever queues one hints at it, and beat ticks."""
    send_due_answers(clock.now)


@shared_task(name="reminders.tasks.recover")
def recover() -> None:
    """Will settle attempts whose outcome was never recorded."""
    recover_attempts(clock.now)


@shared_task(name="reminders.tasks.catch_up")
def catch_up() -> None:
    """Will plan anew what waits in practices that are not live yet."""
    catch_up_plans(clock.now)


@shared_task(name="reminders.tasks.fold_tallies")
def fold_tallies() -> None:
    """Will sum up by how much the numbers on pages have changed."""
    fold_all_tallies()


@shared_task(name="reminders.tasks.work_out_going_live")
def work_out_going_live(*, practice_id: str) -> None:
    """Will work out what going live would send: a manager asked."""
    work_out(UUID(practice_id), clock.now())


@shared_task(name="reminders.tasks.go_live")
def go_live(*, practice_id: str, staff_member_id: str, address: str | None) -> None:
    """Will take a practice live: a manager said so."""
    take_live(UUID(practice_id), Actor(UUID(staff_member_id), address), clock.now())

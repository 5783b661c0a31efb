"""Practices whose clients have a first refill reminder due at one known moment."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from clients.models.consent import ConsentScope
from clients.operations.consents import attest
from clients.operations.reported import ReportedClient
from practices.models import Practice
from practices.operations.creation import create_practice
from practices.tenancy import practice_scope
from reminders.models import Delivery, Reminder
from reminders.operations.planning import replan
from reminders.operations.texts import approve_shipped
from tests.builders.clients import DANA, OLIVIA, say, treatment

TREATED = datetime(2026, 8, 31, 16, tzinfo=UTC)
DUE = datetime(2026, 11, 9, 16, 0, 1, tzinfo=UTC)
"""A second after the first reminders of all clients may leave."""


def live_practice(slug: str = "lakeview", gateway: str = "outbox", *, clients: int = 0) -> Practice:
    """A live practice with two clients who were treated with Botox on August 31, or with so many others."""
    practice = create_practice(slug, "Lakeview Aesthetics", "America/Chicago", TREATED)
    with practice_scope(practice.pk):
        approve_shipped(practice.pk, None, TREATED)
        attest(practice.pk, ConsentScope.SMS, "I agree to texts.", "Alice", TREATED)
        Practice.objects.filter(pk=practice.pk).update(
            status=Practice.Status.LIVE,
            live_at=TREATED - timedelta(days=1),
            sms_gateway=gateway,
            email_gateway=gateway,
        )
    people = [made_up(number) for number in range(clients)] or [DANA, OLIVIA]
    lines = [
        treatment(f"T{number}", each, performed_local=date(2026, 8, 31)) for number, each in enumerate(people, start=1)
    ]
    recorded = say(practice, *lines, at=TREATED, now=TREATED)
    replan(practice.pk, recorded.client_ids, TREATED)
    return practice


def made_up(number: int) -> ReportedClient:
    """One of many clients, with a phone and an email of her own."""
    return ReportedClient(
        remote_id=f"M{number}",
        first_name="Ann",
        last_name=f"Client {number}",
        phone=f"(312) 809-{number:04}",
        email=f"ann{number}@example.com",
        postal_code="60601",
        state="IL",
    )


def still(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def states(practice: Practice, step: str = "first") -> list[str]:
    """The states of one step's reminders."""
    with practice_scope(practice.pk):
        return sorted(Reminder.objects.filter(step=step).values_list("state", flat=True))


def waits(practice: Practice, step: str = "first") -> set[tuple[str, str, datetime]]:
    """What one step's reminders are, why, and when they are decided next."""
    with practice_scope(practice.pk):
        return set(Reminder.objects.filter(step=step).values_list("state", "reason", "due_at"))


def tries(practice: Practice) -> Counter[str]:
    """How many deliveries are in each state."""
    with practice_scope(practice.pk):
        return Counter(Delivery.objects.values_list("state", flat=True))

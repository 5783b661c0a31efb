"""Did each due message arrive exactly once? What the database says is held against what the vendors got."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import QuerySet

from practices.tenancy import practice_scope
from reminders.models import Delivery, Message, Reminder
from tests.load.chaos.book import Book
from tests.load.chaos.vendors import Vendors

SENT = ("sent", "delivered")


@dataclass(frozen=True)
class Tally:
    """A round's count. `unknown`: by email, where SendGrid cannot be asked and no callback came."""

    due: int
    accepted: int
    unknown: int
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What the database says that is not so."""

    @property
    def is_right(self) -> bool:
        """Every due message was accepted exactly once, or is shown as unknown."""
        return not (self.twice or self.lost or self.wrong)


def states_of(book: Book) -> Counter[str]:
    """Count the due reminders by state; empty while the database is away."""

    def ask() -> Counter[str]:
        with practice_scope(book.practice_id):
            return Counter(_due().values_list("state", flat=True))

    return _patiently(ask) or Counter()


def count(book: Book, vendors: Vendors) -> Tally:
    """Hold the round's book against the stand-ins."""
    accepted, attempts = vendors.accepted(), vendors.attempts()
    with practice_scope(book.practice_id):
        rows = list(
            _due().values_list("state", "message_id", "client__phone", "client__email", "client__preferred_channel")
        )
        fates = dict(Delivery.objects.order_by("attempted_at").values_list("message_id", "state"))
        unsettled = Delivery.objects.filter(state__in=["attempted", "ready"]).count()
        accepted_ones = Message.objects.filter(is_void=True, deliveries__state__in=["accepted", "delivered"])
        void_but_accepted = [str(each) for each in accepted_ones.values_list("pk", flat=True)]
    twice = sorted(address for address in book.phones | book.emails if accepted[address] > 1)
    lost, wrong, unknown = [], [f"void but accepted: {each}" for each in void_but_accepted], 0
    wrong += [f"attempt accepted {times} times: {attempt}" for attempt, times in attempts.items() if times > 1]
    if unsettled:
        wrong.append(f"{unsettled} attempts were never settled")
    if len(rows) != book.size:
        wrong.append(f"{len(rows)} reminders for {book.size} bookings")
    for state, message_id, phone, email, preferred in rows:
        address = email if preferred == "email" else phone
        if state == "unknown" and preferred == "email" and fates.get(message_id) == "unknown":
            unknown += 1
        elif state not in SENT:
            wrong.append(f"{address} is {state}")
        elif not accepted[address]:
            lost.append(address)
    return Tally(book.size, sum(accepted[each] for each in book.phones | book.emails), unknown, twice, lost, wrong)


def _due() -> QuerySet[Reminder]:
    return Reminder.objects.filter(step="booked")


def _patiently(ask: Callable[[], Counter[str]]) -> Counter[str] | None:
    try:
        return ask()
    except DatabaseError:
        for connection in connections.all():
            connection.close()
        close_old_connections()
        return None

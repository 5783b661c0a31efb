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
MOST_UNKNOWN = 0.5
"""Of the emails; more would say that callbacks are not heeded, for a tenth of them is lost and few sends are cut."""


@dataclass(frozen=True)
class Tally:
    """A round's count. `unknown`: by email, where SendGrid cannot be asked and no callback came."""

    due: int
    by_email: int
    accepted: int
    unknown: int
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What the database says that is not so."""

    @property
    def is_right(self) -> bool:
        """Every due message was accepted exactly once; of the emails some may be shown as unknown."""
        return not (self.twice or self.lost or self.wrong) and self.unknown <= MOST_UNKNOWN * self.by_email


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
    arrived = {phone: accepted[phone] + accepted[email] for phone, email in book.people.items()}
    twice = sorted(phone for phone, times in arrived.items() if times > 1)
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
    return Tally(book.size, len(book.by_email), sum(arrived.values()), unknown, twice, lost, wrong)


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

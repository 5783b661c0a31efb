"""How does a stretch of time pass in the demo? On a clock of its own, with the real operations, event by event."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q

from clients.operations.record import record
from clients.operations.reported import Report, ReportedAppointment, ReportedClient, ReportedTreatment
from medspa.demo.history import SOURCE
from practices.tenancy import practice_scope
from reminders.engine.words import OPEN_STATES, Reason
from reminders.models import ClientPlan, Reminder
from reminders.operations.sweeping import sweep

TICK = timedelta(seconds=3)
"""A sweep comes a moment after something is due, as beat ticks every few seconds."""
HOUR = timedelta(hours=1)
HELD = [
    reason.value
    for reason in (Reason.NO_CONSENT, Reason.NO_ADDRESS, Reason.VETOED, Reason.SHARED_ADDRESS, Reason.SERVICE_ISSUE)
]
"""Looked at hourly (R26), which nobody would see here: the next sweep for anything else is soon enough."""

Event = Callable[[], object]


@dataclass(slots=True)
class Playing:
    """A clock that jumps to whatever comes next: something that happens, or something that medspa has due."""

    now: datetime
    practice_ids: list[UUID]
    after_sweep: Callable[[], None] = lambda: None
    _events: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _told: int = 0

    def clock(self) -> datetime:
        """The moment that the story has reached."""
        return self.now

    def at(self, moment: datetime, event: Event) -> None:
        """Will have something happen at a moment; what lies in the past happens next."""
        self._told += 1
        heapq.heappush(self._events, (max(moment, self.now), self._told, event))

    def run(self, until: datetime) -> None:
        """Will let time pass up to `until`. What is due then or later is left to the real clock."""
        while True:
            happens_at = self._events[0][0] if self._events else until
            due_at = self._due_at()
            moment = min(happens_at, max(due_at + TICK, self.now) if due_at else until)
            if moment >= until:
                return
            self.now = moment
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()
            due_at = self._due_at()
            if due_at is not None and due_at <= self.now:
                sweep(self.clock)
                self.after_sweep()

    def tell(self, practice_id: UUID, *lines: ReportedClient | ReportedTreatment | ReportedAppointment) -> None:
        """Will report lines of the records system, as it says them now."""
        report = Report(
            SOURCE,
            SOURCE,
            self.now,
            tuple(line for line in lines if isinstance(line, ReportedClient)),
            tuple(line for line in lines if isinstance(line, ReportedTreatment)),
            tuple(line for line in lines if isinstance(line, ReportedAppointment)),
        )
        with practice_scope(practice_id):
            record(practice_id, report, self.now)

    def _due_at(self) -> datetime | None:
        """When medspa has something to do next, holds apart."""
        found: list[datetime] = []
        open_reminders = Q(state__in=[state.value for state in OPEN_STATES]) & ~Q(reason__in=HELD)
        for practice_id in self.practice_ids:
            with practice_scope(practice_id):
                due = Reminder.objects.filter(open_reminders, practice_id=practice_id).aggregate(at=Min("due_at"))
                plans = ClientPlan.objects.filter(practice_id=practice_id).aggregate(at=Min("replan_at"))
            if due["at"] is not None:
                found.append(due["at"])
            if plans["at"] is not None:  # nobody sees a plan made again: those of one hour wait for each other
                found.append(plans["at"].replace(minute=0, second=0, microsecond=0) + HOUR)
        return min(found, default=None)

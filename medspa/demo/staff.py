"""What do the demo's people do all day? They work the call list off, look after replies, and step in here and there."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.operations.staff_notes import write_note
from medspa.demo.playing import Playing
from practices.models import Practice, StaffMember
from practices.operations.auditing import Actor
from practices.tenancy import practice_scope
from reminders.engine.words import ReminderState, SequenceKind
from reminders.models import Call, Reminder, Reply
from reminders.operations.calls import record_outcome, take_call
from reminders.operations.replies import handle_reply
from reminders.operations.steering import move_to, skip
from reminders.operations.steering_hold import SteeringRefused
from reminders.operations.steering_sequences import pause

CALLS_AT: Final = time(16, 30)
REPLIES_AT: Final = time(11, 15)
SUNDAY: Final = 6
UNTOUCHED: Final = timedelta(days=3)
"""What came in so recently is left for whoever opens the demo."""
OUTCOMES: Final = {
    Call.Reason.NO_SHOW: (
        (Call.Outcome.WILL_BOOK, "Forgot, is sorry. Will book online tonight."),
        (Call.Outcome.LEFT_MESSAGE, "Left word to call the desk."),
        (Call.Outcome.NO_ANSWER, ""),
    ),
    Call.Reason.UNKNOWN_OUTCOME: (
        (Call.Outcome.SETTLED, "Was here; the visit was never closed in the records."),
        (Call.Outcome.LEFT_MESSAGE, "Asked her to call back."),
    ),
    Call.Reason.SERIES_STALLED: (
        (Call.Outcome.WILL_BOOK, "Wants her third session after her vacation."),
        (Call.Outcome.NO_ANSWER, ""),
    ),
    Call.Reason.SERVICE_ISSUE: ((Call.Outcome.SETTLED, "Came by, Jordan looked at it. She is happy again."),),
}
TRIED_AGAIN: Final = timedelta(days=5)
REACHED: Final = (Call.Outcome.WILL_BOOK, "Reached her at last; she books when her calendar clears.")
HANDLINGS: Final = (Reply.Handling.CALLED, Reply.Handling.ANSWERED, Reply.Handling.SNOOZED, Reply.Handling.NONE_NEEDED)


@dataclass(slots=True)
class Staff:
    """The people of one practice while time passes."""

    practice: Practice
    playing: Playing
    until: datetime
    _actors: dict[str, Actor] = field(default_factory=dict)

    def begin(self) -> None:
        """Will set off each working day's calls and replies, and what was done by hand the day before `until`."""
        with practice_scope(self.practice.pk):
            members = StaffMember.objects.filter(practice=self.practice).values_list("person__name", "id")
            self._actors = {name: Actor(member_id) for name, member_id in members}
        zone = ZoneInfo(self.practice.time_zone)
        day = self.playing.now.astimezone(zone).date()
        while day <= self.until.astimezone(zone).date():
            if day.weekday() != SUNDAY:
                self.playing.at(datetime.combine(day, REPLIES_AT, tzinfo=zone), self._look_after_replies)
                self.playing.at(datetime.combine(day, CALLS_AT, tzinfo=zone), self._work_calls_off)
            day += timedelta(days=1)
        self.playing.at(self.until - timedelta(hours=20), self._step_in)
        self.playing.at(self.until - timedelta(minutes=50), self._take_one)

    def _work_calls_off(self) -> None:
        now = self.playing.now
        with practice_scope(self.practice.pk):
            waiting = Call.objects.filter(
                practice=self.practice, closed_at=None, outcome="", opened_at__lt=min(now, self.until - UNTOUCHED)
            ).order_by("opened_at", "id")
            for number, call in enumerate(list(waiting[:5])):
                choices = OUTCOMES[Call.Reason(call.reason)]
                outcome, note = choices[(now.day + number) % len(choices)]
                record_outcome(self.practice.pk, call.pk, self._actors["Bob"], now, outcome, note)
            tried = Call.objects.filter(practice=self.practice, closed_at=None, taken_at__lt=now - TRIED_AGAIN)
            for call in tried.exclude(outcome="").order_by("taken_at", "id"):
                record_outcome(self.practice.pk, call.pk, self._actors["Bob"], now, *REACHED)

    def _look_after_replies(self) -> None:
        now = self.playing.now
        with practice_scope(self.practice.pk):
            unanswered = Reply.objects.filter(
                practice=self.practice, handled_at=None, received_at__lt=min(now, self.until - UNTOUCHED)
            ).order_by("received_at", "id")
            for number, reply in enumerate(list(unanswered[:10])):
                handling = HANDLINGS[(now.day + number) % len(HANDLINGS)]
                until = self._day(now) + timedelta(days=30) if handling is Reply.Handling.SNOOZED else None
                handle_reply(self.practice.pk, reply.pk, self._actors["Bob"], now, handling, until)

    def _step_in(self) -> None:
        """Bob moves, skips and notes, Maya pauses: each on another client's page."""
        now = self.playing.now
        with practice_scope(self.practice.pk):
            coming = Reminder.objects.filter(
                practice=self.practice,
                state=ReminderState.PLANNED.value,
                sequence__kind=SequenceKind.REFILL.value,
                due_at__gt=now + timedelta(days=4),
                due_at__lt=now + timedelta(days=40),
            ).order_by("due_at", "id")
            first: dict[UUID, tuple[UUID, datetime]] = {}
            for reminder_id, client_id, due_at in coming.values_list("id", "client_id", "due_at")[:60]:
                first.setdefault(client_id, (reminder_id, due_at))
        candidates = iter(first.items())
        for deed in (self._move, self._skip, self._pause, self._write):
            for client_id, (reminder_id, due_at) in candidates:
                with suppress(SteeringRefused):  # the rules are against it for her: the next one, then
                    deed(client_id, reminder_id, due_at)
                    break

    def _move(self, _client_id: UUID, reminder_id: UUID, due_at: datetime) -> None:
        move_to(self.practice.pk, reminder_id, due_at + timedelta(days=9), self._actors["Bob"], self.playing.now)

    def _skip(self, _client_id: UUID, reminder_id: UUID, _due_at: datetime) -> None:
        skip(self.practice.pk, reminder_id, self._actors["Bob"], self.playing.now)

    def _pause(self, client_id: UUID, _reminder_id: UUID, _due_at: datetime) -> None:
        pause(self.practice.pk, client_id, self._actors["Maya"], self.playing.now)

    def _write(self, client_id: UUID, _reminder_id: UUID, _due_at: datetime) -> None:
        text = "Prefers late afternoons. Getting married in spring, wants to plan around it."
        with practice_scope(self.practice.pk):
            write_note(self.practice.pk, client_id, text, self._actors["Bob"], self.playing.now)

    def _take_one(self) -> None:
        """Somebody is on the phone as the demo opens."""
        with practice_scope(self.practice.pk):
            open_calls = Call.objects.filter(practice=self.practice, closed_at=None, taken_by=None, outcome="")
            newest = open_calls.order_by("-opened_at", "-id").first()
            if newest is not None:
                take_call(self.practice.pk, newest.pk, self._actors["Maya"], self.playing.now)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.practice.time_zone)).date()

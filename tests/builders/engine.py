"""Who are the clients that the engine's tests decide about, and what happens to them?

`Story` tells one client's days: things happen, time passes, due reminders are decided and leave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cadences.operations.default_library import DEFAULT_LIBRARY
from cadences.timeline import Cadence
from reminders.engine.claim import Claimed, claim
from reminders.engine.plan import plan
from reminders.engine.settle import settled
from reminders.engine.values import (
    Booked,
    Facts,
    Permissions,
    Person,
    Plan,
    Policy,
    Ref,
    Reminder,
    Sequence,
    Treated,
    Visit,
)
from reminders.engine.words import Channel, Reason, ReminderState, SequenceKind, Touchpoint

CHICAGO = "America/Chicago"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 8, 31)
CADENCES: Mapping[str, Cadence] = {slug: entry.cadence for slug, entry in DEFAULT_LIBRARY.items()}
ALL_TEXTS = frozenset(
    (touchpoint, channel, provider) for touchpoint in Touchpoint for channel in Channel for provider in (None,)
)


def at(day: date, hour: int = 12, minute: int = 0, zone: str = CHICAGO) -> datetime:
    """A moment, in UTC, by the clock on the wall."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def policy(**chosen: Any) -> Policy:
    """A practice with the default library that went live long ago."""
    return Policy(**{"time_zone": CHICAGO, "cadences": CADENCES, "live_at": LONG_AGO, "approved": ALL_TEXTS, **chosen})


def person(**known: Any) -> Person:
    """A client in Chicago with a phone and an email of her own."""
    return Person(
        **{
            "id": "client",
            "home_zone": CHICAGO,
            "zones": (CHICAGO,),
            "phone": "+13125550123",
            "email": "client@lakeview.example",
            **known,
        }
    )


def treated(treatment_type: str = "botox", on: date = MONDAY, **known: Any) -> Treated:
    """A treatment, learned of at noon of its day."""
    return Treated(
        **{
            "id": f"{treatment_type}-{on}",
            "treatment_type": treatment_type,
            "performed_on": on,
            "recorded_at": at(on),
            **known,
        }
    )


def booked(service: str = "botox") -> Booked:
    """What a service of the price list means: a treatment type, or one of the other kinds."""
    if service in CADENCES:
        return Booked("treatment_type", service, CADENCES[service].family)
    return Booked(service)


def visit(on: date, *services: str, made: datetime, hour: int = 14, **known: Any) -> Visit:
    """An appointment at an hour in Chicago, made and learned of at one moment."""
    kinds = tuple(booked(service) for service in services or ("botox",))
    kinds = tuple(replace(kind, unknown_since=made) if kind.kind == "unknown" else kind for kind in kinds)
    return Visit(
        **{
            "id": f"visit-{on}",
            "status": "booked",
            "starts_at": at(on, hour),
            "services": kinds,
            "learned_at": made,
            "booked_at": made,
            "zone": CHICAGO,
            **known,
        }
    )


@dataclass
class Story:
    """One client over time. Each change plans anew, as the application does after each event."""

    now: datetime
    policy: Policy = field(default_factory=policy)
    facts: Facts = field(
        default_factory=lambda: Facts(person(), Permissions(is_sms_consented=True, is_photo_consented=True))
    )
    said: list[tuple[datetime, Claimed]] = field(default_factory=list)
    last: Plan = field(default_factory=lambda: Plan(()))

    def know(self, **changed: Any) -> None:
        """Something is learned of her."""
        self.facts = replace(self.facts, **changed)
        self.plan()

    def treat(self, *treatments: Treated) -> None:
        """Treatments are recorded."""
        self.know(treatments=(*self.facts.treatments, *treatments))

    def without(self, treatment: Treated) -> None:
        """A treatment is voided."""
        self.know(treatments=tuple(each for each in self.facts.treatments if each.id != treatment.id))

    def book(self, *visits: Visit) -> None:
        """Appointments are made, or change: one with the same id is replaced."""
        ids = {each.id for each in visits}
        self.know(visits=(*(each for each in self.facts.visits if each.id not in ids), *visits))

    def change(self, visit_id: str, **changed: Any) -> None:
        """One appointment changes."""
        known = next(each for each in self.facts.visits if each.id == visit_id)
        self.book(replace(known, **changed))

    def permit(self, **changed: Any) -> None:
        """What she agreed to or refused changes."""
        self.know(permissions=replace(self.facts.permissions, **changed))

    def plan(self) -> None:
        """Her plan is made anew."""
        self.last = plan(self.facts, self.policy, self.now)
        self.facts = replace(self.facts, sequences=self.last.sequences)

    def until(self, moment: datetime, *, fate: ReminderState = ReminderState.SENT) -> None:
        """Time passes: whatever comes due is decided, leaves, and meets its fate."""
        while (due := self.next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.decide(fate=fate)
        self.now = moment
        self.plan()

    def next_due(self) -> datetime | None:
        """When something is decided or planned next."""
        due = [
            each.due_at
            for sequence in self.sequences()
            if sequence.is_live
            for each in sequence.reminders
            if each.is_open
        ]
        return min([*due, *([self.last.replan_at] if self.last.replan_at else [])], default=None)

    def decide(self, *, fate: ReminderState = ReminderState.SENT) -> list[Claimed]:
        """What is due is decided at this moment."""
        claimed = claim(self.facts, self.policy, self.now)
        self.facts = replace(self.facts, sequences=claimed.plan.sequences)
        for each in claimed.claimed:
            self.said.append((self.now, each))
            for ref in (each.ref, *each.send.joined):
                self.settle(ref, fate)
            if each.sequence.kind is not SequenceKind.CONFIRMATION and fate is not ReminderState.FAILED:
                self.facts = replace(self.facts, last_promotion_at=self.now)
        self.plan()
        return list(claimed.claimed)

    def settle(self, ref: Ref, fate: ReminderState) -> None:
        """The gateway's word of one reminder."""
        self.facts = settled(self.facts, ref, fate, self.now)

    def sequences(self, kind: SequenceKind | None = None) -> tuple[Sequence, ...]:
        """All sequences, or those of one kind."""
        return tuple(each for each in self.facts.sequences if kind in (None, each.kind))

    def refill(self, treatment_type: str = "botox") -> Sequence:
        """The refill sequence of a type that lives, else the one opened last."""
        own = [each for each in self.sequences(SequenceKind.REFILL) if each.treatment_type == treatment_type]
        return max(own, key=lambda each: (each.is_live, each.opened_at))

    def confirmation(self, visit_id: str) -> Sequence:
        """The sequence around an appointment."""
        return next(each for each in self.sequences(SequenceKind.CONFIRMATION) if each.anchor == visit_id)

    def reactivation(self) -> Sequence | None:
        """The reactivation that lives, else the last one, if any."""
        own = self.sequences(SequenceKind.REACTIVATION)
        return max(own, key=lambda each: (each.is_live, each.opened_at), default=None)

    def days_said(self, kind: SequenceKind) -> list[date]:
        """The local days on which messages of a kind left."""
        return [
            moment.astimezone(ZoneInfo(self.facts.person.home_zone)).date()
            for moment, each in self.said
            if each.sequence.kind is kind
        ]

    def touchpoints(self, kind: SequenceKind) -> list[Touchpoint]:
        """Which texts of a kind left, in order."""
        return [each.send.touchpoint for _, each in self.said if each.sequence.kind is kind]


def states(sequence: Sequence) -> dict[str, str]:
    """Step -> state of its last cycle, with the reason where there is one."""
    latest: dict[str, Reminder] = {}
    for each in sequence.reminders:
        if each.step not in latest or latest[each.step].cycle <= each.cycle:
            latest[each.step] = each
    return {step: f"{each.state} {each.reason}".strip() for step, each in latest.items()}


def open_days(sequences: Iterable[Sequence], zone: str = CHICAGO) -> list[date]:
    """The local days for which reminders are planned, in order."""
    return sorted(
        each.due_at.astimezone(ZoneInfo(zone)).date()
        for sequence in sequences
        for each in sequence.reminders
        if each.is_open
    )


def days_after(start: date, *days: int) -> list[date]:
    """Days counted from a start."""
    return [start + timedelta(days=each) for each in days]


__all__ = [
    "ALL_TEXTS",
    "CADENCES",
    "CHICAGO",
    "LONG_AGO",
    "MONDAY",
    "Reason",
    "Story",
    "at",
    "booked",
    "days_after",
    "open_days",
    "person",
    "policy",
    "states",
    "treated",
    "visit",
]

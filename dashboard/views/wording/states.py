"""Which shape and which word does a state have? (LOOK.md, States)"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from clients.models.appointment import AppointmentStatus
from reminders.engine.words import ReminderState
from reminders.models import Delivery


@dataclass(frozen=True, slots=True)
class Shown:
    """A state on a page: `shape` is the `data-is` of states.css."""

    shape: str
    word: str


REMINDERS: Final[Mapping[ReminderState, Shown]] = MappingProxyType(
    {
        ReminderState.PLANNED: Shown("planned", "Planned"),
        ReminderState.WAITING: Shown("waiting", "Waiting"),
        ReminderState.CLAIMED: Shown("waiting", "Leaving"),
        ReminderState.SENT: Shown("sent", "Sent"),
        ReminderState.DELIVERED: Shown("delivered", "Delivered"),
        ReminderState.UNKNOWN: Shown("waiting", "Not known"),
        ReminderState.FAILED: Shown("failed", "Failed"),
        ReminderState.SUPPRESSED: Shown("suppressed", "Suppressed"),
        ReminderState.CANCELLED: Shown("suppressed", "Stopped"),
        ReminderState.EXPIRED: Shown("suppressed", "Expired"),
    }
)

DELIVERIES: Final[Mapping[Delivery.State, Shown]] = MappingProxyType(
    {
        Delivery.State.READY: Shown("waiting", "About to leave"),
        Delivery.State.ATTEMPTED: Shown("waiting", "Leaving"),
        Delivery.State.ACCEPTED: Shown("sent", "Sent"),
        Delivery.State.DELIVERED: Shown("delivered", "Delivered"),
        Delivery.State.REFUSED: Shown("failed", "Not sent"),
        Delivery.State.UNDELIVERED: Shown("failed", "Not delivered"),
        Delivery.State.UNKNOWN: Shown("waiting", "Not known"),
    }
)

APPOINTMENTS: Final[Mapping[AppointmentStatus, Shown]] = MappingProxyType(
    {
        AppointmentStatus.BOOKED: Shown("booked", "Booked"),
        AppointmentStatus.CONFIRMED: Shown("booked", "Confirmed"),
        AppointmentStatus.ARRIVED: Shown("visit", "Arrived"),
        AppointmentStatus.COMPLETED: Shown("visit", "Completed"),
        AppointmentStatus.NO_SHOW: Shown("failed", "Did not come"),
        AppointmentStatus.CANCELLED: Shown("suppressed", "Cancelled"),
    }
)

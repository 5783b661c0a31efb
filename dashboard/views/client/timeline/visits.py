"""Which treatments and appointments stand on a client's timeline?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cadences.timeline import Cadence, lapses_on
from clients.models import Appointment, AppointmentChange, Treatment
from clients.models.appointment import AppointmentStatus
from clients.models.treatment import TreatmentStatus
from dashboard.views.client.timeline.entries import Entry, Group, on_day
from dashboard.views.wording.moments import date_words, joined, number_words
from dashboard.views.wording.outreach import appointment_words, treatment_name
from dashboard.views.wording.people import money_words, quantity_words
from dashboard.views.wording.states import APPOINTMENTS, Shown
from reminders.engine.words import SequenceKind, SequenceState
from reminders.models import Sequence

VISIT = Shown("visit", "Visit")
NOTE = Shown("note", "Note")
LAPSES = Shown("lapsed", "Lapses")


def treatment_entries(
    treatments: Iterable[Treatment],
    sequences: Iterable[Sequence],
    cadences: Mapping[UUID, Cadence],
    zone_name: str,
    *,
    may_see_money: bool,
) -> Iterator[Entry]:
    """Yield the visits: what was done, where, and what it planned."""
    by_treatment = {each.treatment_id: each for each in sequences if each.kind == SequenceKind.REFILL}
    for each in treatments:
        at = on_day(each.performed_on, zone_name)
        amount = f", {quantity_words(each.quantity, each.unit)}" if each.quantity else ""
        if each.status == TreatmentStatus.VOIDED:
            yield Entry(
                Group.VISITS, at, NOTE, f"{each.treatment_type.name}{amount}, taken back",
                whys=("The records took this treatment back.",), has_hour=False,
            )  # fmt: skip
            continue
        whys = [_where(each)]
        if may_see_money and each.price is not None:
            whys.append(f"{money_words(each.price, each.currency)}.")
        whys.append(_planned(by_treatment.get(each.pk), cadences))
        sentence = " ".join(why for why in whys if why)
        yield Entry(
            Group.VISITS, at, VISIT, f"{each.treatment_type.name}{amount}",
            whys=(sentence,) if sentence else (), has_hour=False, is_key=True,
        )  # fmt: skip


def appointment_entries(
    appointments: Iterable[Appointment], now: datetime, practice_zone: str, today: date
) -> Iterator[Entry]:
    """Yield each booking when it was made, its changes, and the appointment itself while it is to come."""
    for each in appointments:
        zone_name = each.location.time_zone if each.location else practice_zone
        if each.starts_at is None:
            continue
        of = appointment_words(each.starts_at, zone_name, today)
        state = APPOINTMENTS[AppointmentStatus(each.status)]
        yield _booking(each, zone_name, today)
        for change in each.changes.all():
            entry = _change(each, change, zone_name, today)
            if entry is not None:
                yield entry
        if each.starts_at > now and each.status in {AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED}:
            yield Entry(
                Group.VISITS, each.starts_at, state, f"Appointment{_with(each)}", state,
                whys=(f"{_services(each)}{of}{_at(each)}.",), is_key=True, is_coming=True,
            )  # fmt: skip


def lapse_entries(
    sequences: Iterable[Sequence], cadences: Mapping[UUID, Cadence], zone_name: str, today: date, limit: int
) -> Iterator[Entry]:
    """Yield the day on which an open sequence's client counts as lapsed (R24)."""
    for each in sequences:
        cadence = cadences.get(each.cadence_version_id) if each.cadence_version_id else None
        if each.kind != SequenceKind.REFILL or each.state != SequenceState.OPEN or not (cadence and each.day_zero):
            continue
        day = lapses_on(cadence, each.day_zero)
        if day <= today:
            continue
        why = (
            f"Day {(day - each.day_zero).days} without a booking. A message once a month begins, "
            f"at most {number_words(limit)}."
        )
        yield Entry(
            Group.VISITS, on_day(day, zone_name), LAPSES, f"{treatment_name(each)} lapses",
            whys=(why,), has_hour=False, is_coming=True,
        )  # fmt: skip


def _booking(appointment: Appointment, zone_name: str, today: date) -> Entry:
    first = next((each for each in appointment.changes.all() if each.to_starts_at), None)
    starts_at = (first.to_starts_at if first and not first.from_status else None) or appointment.starts_at
    day = starts_at.astimezone(ZoneInfo(zone_name)).date() if starts_at else today
    return Entry(
        Group.VISITS,
        appointment.booked_at or appointment.learned_at,
        Shown("booked", "Booked"),
        f"Booked {date_words(day, today)}{_with(appointment)}",
        Shown("booked", "Booked"),
        whys=(f"{_services(appointment)}{appointment_words(starts_at, zone_name, today)}{_at(appointment)}.",)
        if starts_at
        else (),
        is_key=True,
    )


def _change(appointment: Appointment, change: AppointmentChange, zone_name: str, today: date) -> Entry | None:
    if not change.from_status and not change.from_starts_at:
        return None
    if change.from_status and change.from_status != change.to_status:
        state = APPOINTMENTS[AppointmentStatus(change.to_status)]
        starts_at = change.to_starts_at or appointment.starts_at
        of = f": {appointment_words(starts_at, zone_name, today)}" if starts_at else ""
        is_by_practice = appointment.is_cancelled_by_practice and change.to_status == AppointmentStatus.CANCELLED
        by = " by the practice" if is_by_practice else ""
        return Entry(Group.VISITS, change.changed_at, state, f"{state.word}{by}{of}")
    if change.from_starts_at and change.to_starts_at and change.from_starts_at != change.to_starts_at:
        return Entry(
            Group.VISITS, change.changed_at, Shown("booked", "Moved"),
            f"Moved to {appointment_words(change.to_starts_at, zone_name, today)}",
            whys=(f"From {appointment_words(change.from_starts_at, zone_name, today)}.",),
        )  # fmt: skip
    return None


def _where(treatment: Treatment) -> str:
    words = [treatment.area.strip()] if treatment.area.strip() else []
    if treatment.provider:
        words.append(f"with {treatment.provider.name}")
    place = f" at {treatment.location.name}" if treatment.location else ""
    sentence = f"{', '.join(words)}{place}".strip()
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _planned(sequence: Sequence | None, cadences: Mapping[UUID, Cadence]) -> str:
    """What a treatment planned: "Planned three reminders, for weeks 10, 11 and 12."."""
    cadence = cadences.get(sequence.cadence_version_id) if sequence and sequence.cadence_version_id else None
    if cadence is None:
        return ""
    units = dict.fromkeys(step.offset.unit.value for step in cadence.steps)
    offsets = [
        f"{unit if len(counts) > 1 else unit.removesuffix('s')} {joined(counts)}"
        for unit in units
        if (counts := [str(step.offset.count) for step in cadence.steps if step.offset.unit.value == unit])
    ]
    noun = "reminder" if len(cadence.steps) == 1 else "reminders"
    return f"Planned {number_words(len(cadence.steps))} {noun}, for {joined(offsets)}."


def _with(appointment: Appointment) -> str:
    return f" with {appointment.provider.display_name}" if appointment.provider else ""


def _at(appointment: Appointment) -> str:
    return f", at {appointment.location.name}" if appointment.location else ""


def _services(appointment: Appointment) -> str:
    names = [each.service.name for each in appointment.services.all()]
    return f"{joined(names)}. " if names else ""

"""What can staff do about one client and each coming reminder, by role? (SEQ-10; LOOK.md, principle 8)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse

from cadences.timeline import Cadence, at_local
from dashboard.views.access import Staff
from dashboard.views.parts.actions import Action
from dashboard.views.parts.settling import to_be_settled
from dashboard.views.wording.deliveries import NOUNS
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.outreach import sequence_name, step_of
from practices.queries.abilities import Ability
from reminders.engine.steering import REOPENABLE
from reminders.engine.values import Facts
from reminders.engine.words import OPEN_STATES, SequenceKind, SequenceState
from reminders.models import Delivery, Reminder, Sequence
from reminders.queries.client_page import ClientOutreach

ENDABLE: Final = (SequenceKind.REFILL.value, SequenceKind.REACTIVATION.value)


def page_actions(staff: Staff, client_id: UUID, outreach: ClientOutreach, facts: Facts) -> list[Action]:
    """Return what stands under More in the head, the dangerous last."""
    actions: list[Action] = []
    is_opted_out = facts.permissions.is_opted_out
    if Ability.STEER_REMINDERS in staff.may:
        if not facts.is_paused_by_staff and not is_opted_out:
            actions.append(Action("Pause reminders", _url(staff, "pause", client_id), is_post=True))
        actions += _of_others(staff, client_id)
        actions += _reopenings(staff, outreach, is_opted_out=is_opted_out)
        actions += _endings(staff, outreach)
    if Ability.EXPORT_CLIENTS in staff.may:
        actions.append(Action("Export all that is kept", _url(staff, "client_export", client_id)))
    if is_opted_out and Ability.LIFT_OPT_OUT in staff.may:
        actions.append(Action("Lift the opt-out", _url(staff, "take_back", client_id), is_dialog=True))
    if not is_opted_out and Ability.OPT_OUT in staff.may:
        actions.append(
            Action("Opt out of everything", _url(staff, "opt_out", client_id), is_danger=True, is_dialog=True)
        )
    if Ability.ERASE_CLIENTS in staff.may:
        actions.append(Action("Erase the client", _url(staff, "erase", client_id), is_danger=True, is_dialog=True))
    return actions


def reminder_actions(
    staff: Staff, outreach: ClientOutreach, cadences: Mapping[UUID, Cadence], zone_name: str
) -> dict[UUID, tuple[Action, ...]]:
    """Return what can be done to each coming reminder: a confirmation can only be skipped."""
    if Ability.STEER_REMINDERS not in staff.may:
        return {}
    next_ones: dict[UUID, Reminder] = {}
    coming = [each for each in outreach.reminders if each.state in OPEN_STATES]
    for each in sorted(coming, key=lambda reminder: reminder.position):
        next_ones.setdefault(each.sequence_id, each)
    return {
        each.pk: tuple(_of_reminder(staff, each, cadences, zone_name, is_next=next_ones[each.sequence_id] is each))
        for each in coming
        if each.sequence.state != SequenceState.HOLDOUT
    }


def settling_actions(staff: Staff, outreach: ClientOutreach) -> dict[UUID, tuple[Action, ...]]:
    """Return, for each delivery of which no carrier will tell whether it arrived, how staff can say so (CHN-3).

    One query, and that only where something is in doubt.
    """
    if Ability.STEER_REMINDERS not in staff.may:
        return {}
    unknown = [
        (each, "It" if len(deliveries) == 1 else f"The {NOUNS[each.channel]}")
        for deliveries in outreach.deliveries.values()
        for each in deliveries
        if each.state == Delivery.State.UNKNOWN
    ]
    asked = to_be_settled(staff, [each.pk for each, _ in unknown])
    return {each.pk: _settling(staff, each, what) for each, what in unknown if each.pk in asked}


def _settling(staff: Staff, delivery: Delivery, what: str) -> tuple[Action, ...]:
    url = _url(staff, "unsettled_settle", delivery.pk)
    return (
        Action(f"{what} arrived", url, is_post=True, fields=(("arrived", "yes"), ("back", "client"))),
        Action(f"{what} never arrived", f"{url}?back=client", is_dialog=True),
    )


def _of_reminder(
    staff: Staff, reminder: Reminder, cadences: Mapping[UUID, Cadence], zone_name: str, *, is_next: bool
) -> list[Action]:
    skip = Action("Skip", _url(staff, "skip", reminder.pk), is_post=True)
    if reminder.sequence.kind == SequenceKind.CONFIRMATION:
        return [skip]
    actions = [Action("Move", _url(staff, "move", reminder.pk), is_dialog=True)]
    if reminder.moved_to is not None:
        back = _own_moment(reminder, cadences, zone_name)
        if back is not None and back > staff.now:
            day = date_words(back.date(), staff.today)
            actions.append(Action(f"Move back to {day}", _url(staff, "move_back", reminder.pk), is_post=True))
    actions.append(skip)
    if is_next and reminder.sequence.state != SequenceState.PAUSED:
        actions.append(Action("Send now", _url(staff, "send_now", reminder.pk), is_dialog=True))
    return actions


def _own_moment(reminder: Reminder, cadences: Mapping[UUID, Cadence], zone_name: str) -> datetime | None:
    """When the cadence would have it, by the client's clock; None where no cadence timed it."""
    step, day_zero = step_of(reminder, cadences), reminder.sequence.day_zero
    if step is None or day_zero is None:
        return None
    return at_local(step.offset.after(day_zero), step.send_time, zone_name)


def _endings(staff: Staff, outreach: ClientOutreach) -> list[Action]:
    return [
        Action(
            f"End the {sequence_name(each)} sequence",
            _url(staff, "end_sequence", each.pk),
            is_danger=True,
            is_dialog=True,
        )
        for each in outreach.sequences
        if each.kind in ENDABLE and each.state != SequenceState.ENDED
    ]


def _reopenings(staff: Staff, outreach: ClientOutreach, *, is_opted_out: bool) -> list[Action]:
    """The last of each type that staff or an opt-out ended, where none of the type runs."""
    if is_opted_out:
        return []
    last: dict[tuple[str, UUID | None], Sequence] = {}
    for each in outreach.sequences:
        if each.kind in ENDABLE and each.day_zero is not None:
            last[each.kind, each.treatment_type_id if each.kind == SequenceKind.REFILL else None] = each
    return [
        Action(f"Reopen the {sequence_name(each)} sequence", _url(staff, "reopen_sequence", each.pk), is_post=True)
        for each in last.values()
        if each.state == SequenceState.ENDED and each.reason in REOPENABLE
    ]


def _of_others(staff: Staff, client_id: UUID) -> list[Action]:
    """Pages that calls and service issues bring."""
    return [
        Action(label, _url(staff, name, client_id), is_dialog=True)
        for name, label in (("record_call", "Record a call"), ("report_problem", "Report a problem"))
    ]


def _url(staff: Staff, name: str, row_id: UUID) -> str:
    return reverse(f"dashboard:{name}", args=[staff.slug, row_id])

"""Which answers may not leave any more? (RULES.md, kinds of message: after an opt-out, only its one confirmation)"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from clients.models import AddressMark, Client
from clients.queries.stops_in_force import Contact, StopsInForce
from reminders.engine.words import Channel, Touchpoint
from reminders.models import Delivery

TOO_LATE: Final = "It could not leave in time."
OPTED_OUT: Final = "The client opted out before it left."
TAKEN_BACK: Final = "The opt-out was taken back before it left."
UNREACHABLE: Final = "The carrier reported that nothing arrives at this address."
ERASED: Final = "The client was erased before it left."


def barred_answers(practice_id: UUID, rows: Collection[Delivery], now: datetime) -> dict[UUID, str]:
    """Return why each answer that may not leave now does not, by delivery, in the open scope.

    Who stopped that number or address gets the confirmation of the stop and nothing else (R28); none of it later
    than it is valid. `rows` know their messages; whoever asks holds their clients, so that no stop comes in between.
    Of many answers it asks no more often than of one.
    """
    if not rows:
        return {}
    clients = Client.objects.filter(practice_id=practice_id, pk__any_of={row.client_id for row in rows})
    people = {each[0]: each for each in clients.values_list("pk", "phone", "email", "erased_at")}
    contacts = {row.pk: _contact(row, *people[row.client_id][1:3]) for row in rows}
    stops = StopsInForce(practice_id, contacts.values())
    marked = marked_addresses(practice_id, ((row.channel, row.to_address) for row in rows))
    barred = {}
    for row in rows:
        contact = contacts[row.pk]
        is_stopped = stops.sms(contact) if row.channel == Channel.SMS else stops.email(contact)
        why = _barred(row, now, is_stopped=is_stopped)
        if people[row.client_id][3] is not None:
            why = ERASED
        elif not why and (row.channel, row.to_address) in marked:
            why = UNREACHABLE
        if why:
            barred[row.pk] = why
    return barred


def _contact(row: Delivery, phone: str, email: str) -> Contact:
    """The client as far as this answer goes: it leaves to where the client wrote from, whatever the record says."""
    is_text = row.channel == Channel.SMS
    return Contact(row.client_id, row.to_address if is_text else phone, email if is_text else row.to_address)


def _barred(row: Delivery, now: datetime, *, is_stopped: bool) -> str:
    if row.valid_until is not None and now > row.valid_until:
        return TOO_LATE
    is_confirmation = row.message.touchpoint == Touchpoint.OPT_OUT_REPLY
    if is_stopped and not is_confirmation:
        return OPTED_OUT
    return TAKEN_BACK if is_confirmation and not is_stopped else ""


def marked_addresses(practice_id: UUID, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these channels and addresses at which nothing arrives: one query (CHN-2)."""
    addresses: dict[str, set[str]] = {Channel.SMS.value: set(), Channel.EMAIL.value: set()}
    for channel, address in wanted:
        addresses[channel].add(address)
    same = Q(pk__in=[])
    for subject, channel in ((AddressMark.Subject.PHONE, Channel.SMS), (AddressMark.Subject.EMAIL, Channel.EMAIL)):
        if addresses[channel]:
            same |= Q(subject=subject, address__in=addresses[channel])
    marks = AddressMark.objects.filter(same, practice_id=practice_id, lifted_at=None)
    return {
        (Channel.SMS.value if subject == AddressMark.Subject.PHONE else Channel.EMAIL.value, address)
        for subject, address in marks.values_list("subject", "address")
    }

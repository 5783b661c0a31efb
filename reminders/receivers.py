"""Which news from below changes plans?"""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from clients.events import (
    AddressesUsed,
    ClientErased,
    ClientsChanged,
    ClientsMerged,
    ConsentAttested,
    addresses_used,
    appointment_changed,
    client_changed,
    client_erased,
    client_merged,
    client_unmerged,
    consent_attested,
    consent_changed,
    treatment_recorded,
)
from clients.models.suppression import Subject
from integrations.events import (
    AccountMended,
    DeliveryReported,
    LastWrittenTo,
    MessageReceived,
    RecordsHeard,
    account_mended,
    delivery_reported,
    last_written_to,
    message_received,
    records_heard,
)
from practices.events import PracticeChanged, PracticeCreated, practice_changed, practice_created
from practices.tenancy import before_leaving, current_practice_id
from practices.tenancy.scope import Settle
from reminders.engine.words import Channel, Reason
from reminders.operations.catching_up import leave_to_the_clock
from reminders.operations.copied_replies import receive_copy
from reminders.operations.erasing import erase_plans
from reminders.operations.heeding_replies import people_held
from reminders.operations.merging_plans import move_plans, part_plans
from reminders.operations.planning import awaken_practice, replan
from reminders.operations.replanning import follow_choices
from reminders.operations.replies import receive_reply
from reminders.operations.reporting import apply_reports
from reminders.operations.texts import seed_texts
from reminders.operations.whose_reply import normalized
from reminders.queries.addresses_used import addresses_of_messages
from reminders.queries.last_written import last_written_at


@receiver(treatment_recorded)
@receiver(appointment_changed)
@receiver(consent_changed)
@receiver(client_changed)
def plan_again(sender: Any, event: ClientsChanged, **kwargs: Any) -> None:  # noqa: ARG001
    """Bring the plans of the clients concerned up to date, once, inside the transaction that changed them."""
    if event.may_wait:
        leave_to_the_clock(event.practice_id, event.client_ids, event.at)
    else:
        before_leaving(_replan_as_of(event.at), event.client_ids)


@receiver(client_merged)
def join_plans(sender: Any, event: ClientsMerged, **kwargs: Any) -> None:  # noqa: ARG001
    """Two clients are one: what was planned for and said to the one is the other's (R18)."""
    move_plans(event)


@receiver(client_unmerged)
def separate_plans(sender: Any, event: ClientsMerged, **kwargs: Any) -> None:  # noqa: ARG001
    """They are two again."""
    part_plans(event)


@receiver(addresses_used)
def name_addresses(sender: Any, event: AddressesUsed, **kwargs: Any) -> set[Subject]:  # noqa: ARG001
    """Messages left to numbers that she has no more, and came from there: they are searched as well (REC-5)."""
    return addresses_of_messages(event.practice_id, event.client_ids)


@receiver(client_erased)
def forget_plans(sender: Any, event: ClientErased, **kwargs: Any) -> None:  # noqa: ARG001
    """Nothing is planned for her any more, and nothing that was said is kept (REC-5)."""
    erase_plans(event)


@lru_cache(maxsize=64)
def _replan_as_of(now: datetime) -> Settle:
    """The same function for the same moment, so that all news of one operation are worked through at once."""

    def settle(client_ids: frozenset[UUID]) -> None:
        replan(current_practice_id(), client_ids, now)

    return settle


@receiver(consent_attested)
def decide_again(sender: Any, event: ConsentAttested, **kwargs: Any) -> None:  # noqa: ARG001
    """What waited for consent need not wait for its next hour (R26)."""
    awaken_practice(event.practice_id, Reason.NO_CONSENT, event.at)


@receiver(records_heard)
def look_again(sender: Any, event: RecordsHeard, **kwargs: Any) -> None:  # noqa: ARG001
    """What waited for fresh records need not wait for its next hour (R20, R26)."""
    awaken_practice(event.practice_id, Reason.RECORDS_STALE, event.at)


@receiver(account_mended)
def leave_again(sender: Any, event: AccountMended, **kwargs: Any) -> None:  # noqa: ARG001
    """What waited for a carrier need not wait for its next hour (R26)."""
    awaken_practice(event.practice_id, Reason.CHANNEL_DOWN, event.at)


@receiver(delivery_reported)
def follow_deliveries(sender: Any, event: DeliveryReported, **kwargs: Any) -> None:  # noqa: ARG001
    """What a carrier says of messages moves their reminders, and may close a channel (CHN-2)."""
    apply_reports(event)


@receiver(message_received)
def take_reply(sender: Any, event: MessageReceived, **kwargs: Any) -> None:  # noqa: ARG001
    """A client wrote: a reply for a person to look at, or a word that counts at once (CHN-4, OPT-1).

    Until now the message held texts unread: once it counts as read, they are decided on again.
    """
    said, channel = event.message, Channel(event.message.channel)
    receive = receive_copy if said.is_copy else receive_reply
    receive(
        event.practice_id,
        channel,
        said.from_address,
        said.text,
        min(said.at or event.at, event.at),
        event.at,
        remote_id=said.remote_id or said.event_key,
        to_address=said.to_address,
        gateway=event.gateway,
        is_answered_by_vendor=said.is_answered_by_vendor,
    )
    held = people_held(event.practice_id, channel, normalized(channel, said.from_address))
    before_leaving(_replan_as_of(event.at), held)


@receiver(last_written_to)
def say_when(sender: Any, event: LastWrittenTo, **kwargs: Any) -> datetime | None:  # noqa: ARG001
    """Several practices share a number: the one that last wrote there is the one that is answered (R28)."""
    return last_written_at(event.practice_id, event.channel, event.address)


@receiver(practice_created)
def give_texts(sender: Any, event: PracticeCreated, **kwargs: Any) -> None:  # noqa: ARG001
    """Give a new practice the texts that come with medspa."""
    seed_texts(event.practice_id, event.at)


@receiver(practice_changed)
def follow_practice(sender: Any, event: PracticeChanged, **kwargs: Any) -> None:  # noqa: ARG001
    """What the practice chose otherwise sets other moments, or lets what waits leave (R2, R26)."""
    follow_choices(event.practice_id, event.what, event.at)

"""What does a report say of the phone or email itself, and what follows from that? (CHN-2, OPT-1)"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clients.models import AddressMark, Suppression
from clients.operations.marking import mark_address
from clients.operations.stopping import opt_out
from clients.operations.zones import normalize_email, normalize_phone
from integrations.messaging.base import MARKS, Meaning, Report
from reminders.engine.words import Channel
from reminders.models import Delivery
from reminders.operations.refusals import refused_since, reopen_start


@dataclass(frozen=True, slots=True)
class AddressNews:
    """One address, normalized, and what a gateway found out about it."""

    is_phone: bool
    address: str
    report: Report


def news_of(report: Report, row: Delivery | None) -> AddressNews | None:
    """Return what a report says of an address; None where it says nothing, or where none can be read.

    It is the address that the message went to; where the message is not known, the one that the report repeats.
    """
    if report.meaning not in MARKS and report.meaning is not Meaning.OPTED_OUT:
        return None
    raw = row.to_address if row is not None else report.address
    is_phone = row.channel == Channel.SMS if row is not None else "@" not in raw
    address = normalize_phone(raw) if is_phone else normalize_email(raw)
    return AddressNews(is_phone, address, report) if address else None


def heed(practice_id: UUID, gateway: str, news: AddressNews | None, now: datetime) -> None:
    """Will mark an address that cannot be reached, or keep an opt-out that the vendor holds; repeats change nothing.

    An opt-out that was taken back here and that the carrier goes on refusing is no new one: the address is marked,
    until START is said from there (OPT-3).
    Plans of whoever has it are made again in this transaction. Runs in the practice's open scope, holds their rows.
    """
    if news is None:
        return
    report = news.report
    at = report.at or now
    channel = Channel.SMS if news.is_phone else Channel.EMAIL
    is_out = report.meaning is Meaning.OPTED_OUT
    lifted_at = refused_since(practice_id, channel, news.address, report.code, at) if is_out else None
    if is_out and lifted_at is None:
        opt_out(
            practice_id,
            now,
            phone=news.address if news.is_phone else None,
            email=None if news.is_phone else news.address,
            origin=Suppression.Origin.GATEWAY,
            wording=report.reason,
            said_at=at,
        )
        return
    mark_address(
        practice_id,
        AddressMark.Subject.PHONE if news.is_phone else AddressMark.Subject.EMAIL,
        news.address,
        AddressMark.Problem(report.meaning.value if report.meaning else ""),
        code=report.code,
        gateway=gateway,
        at=at,
        now=now,
    )
    if lifted_at is not None:
        reopen_start(practice_id, channel, news.address, lifted_at, at, now)

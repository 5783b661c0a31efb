"""Whose messages does an unsubscribe link end, and how is the link made unforgeable? (OPT-1, RFC 8058)"""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Max

from clients.models import Client, Suppression
from clients.models.consent import ConsentScope
from clients.models.suppression import Subject
from clients.operations.reaching import NobodyNamed
from clients.operations.stopping import opt_out
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import Channel
from reminders.models import Delivery
from reminders.operations.merge_fields import phone_in_words

_PURPOSE: Final = b"medspa: unsubscribe link, 1"
_PACKED_BYTES: Final = 33  # practice, client, kind
_ID_BYTES: Final = 16
_NEVER_LEFT: Final = (Delivery.State.READY, Delivery.State.REFUSED)
MOST_ADDRESSES: Final = 20


class AddressKind(IntEnum):
    """To what kind of address the message with the link went; the number is written into links."""

    EMAIL = 1
    PHONE = 2


class BadLink(ValueError):
    """Nobody of ours made this link, or the key it was made with is gone."""


@dataclass(frozen=True, slots=True)
class StoppingLink:
    """What a link says: one client of one practice, and how she was written to."""

    practice_id: UUID
    client_id: UUID
    kind: AddressKind


@dataclass(frozen=True, slots=True)
class Asked:
    """The practice that the person is leaving, as its page shows it. Nothing of the person."""

    practice: str
    phone: str
    color: str


def unsubscribe_token(practice_id: UUID, client_id: UUID, kind: AddressKind) -> str:
    """An opaque token of 66 characters, the same for a client each time; it cannot be forged.

    AES-SIV (RFC 5297) encrypts and signs without a nonce, under a key drawn from the first of FIELD_KEYS.
    """
    packed = practice_id.bytes + client_id.bytes + bytes([kind])
    sealed = _boxes(tuple(settings.FIELD_KEYS))[0].encrypt(packed, None)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unsubscribe_link(
    practice_id: UUID, client_id: UUID, kind: AddressKind = AddressKind.EMAIL, *, origin: str = ""
) -> str:
    """The address of the page, exact to the slash: a redirect would break one-click (RFC 8058, 3.1).

    `origin`: how the practice's links begin, "https://go.lakeview.example"; PUBLIC_URL where left out (MSG-5).
    """
    return f"{origin or settings.PUBLIC_URL}/u/{unsubscribe_token(practice_id, client_id, kind)}/"


def read_unsubscribe_token(token: str) -> StoppingLink:
    """What a token says, made under any of FIELD_KEYS.

    Raises:
        BadLink: it was altered, cut off or made up.
    """
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLink("This is not a token.") from error
    for box in _boxes(tuple(settings.FIELD_KEYS)):
        try:
            packed = box.decrypt(sealed, None)
        except (InvalidTag, ValueError):
            continue
        if len(packed) == _PACKED_BYTES:
            return StoppingLink(
                UUID(bytes=packed[:_ID_BYTES]),
                UUID(bytes=packed[_ID_BYTES : 2 * _ID_BYTES]),
                AddressKind(packed[-1]),
            )
    raise BadLink("None of this installation's keys made this token.")


def ask_before_stopping(token: str) -> Asked:
    """What the page asks: opening a link changes nothing, since mail scanners open every one.

    Raises:
        BadLink: as `read_unsubscribe_token`, or the practice is gone.
    """
    link = read_unsubscribe_token(token)
    with practice_scope(link.practice_id):
        return _asked(link.practice_id)


def stop_by_link(token: str, now: datetime, *, is_one_click: bool) -> Asked:
    """Will suppress the client's address and end all promotion to her on every channel (OPT-3).

    The address is the one she has, and those that messages with such a link may have gone to before; one that is
    somebody else's now as well, for it was asked for from there (OPT-1). The other channel's is left alone.
    A second time changes nothing. A client who was erased since has nothing left to end.

    Raises:
        BadLink: as `ask_before_stopping`.
    """
    link = read_unsubscribe_token(token)
    origin = Suppression.Origin.ONE_CLICK if is_one_click else Suppression.Origin.LINK
    with practice_scope(link.practice_id):
        asked = _asked(link.practice_id)
        client = Client.objects.filter(id=link.client_id, erased_at=None).only("merged_into").first()
        if client:
            by_email = link.kind is AddressKind.EMAIL
            with suppress(NobodyNamed):  # erased while this waited
                opt_out(
                    link.practice_id,
                    now,
                    client_id=client.id,
                    scope=ConsentScope.EMAIL if by_email else ConsentScope.SMS,
                    former=_written_to(link, client),
                    origin=origin,
                )
    return asked


def _written_to(link: StoppingLink, client: Client) -> list[Subject]:
    """Where messages of that kind went to her, the last addresses first."""
    by_email = link.kind is AddressKind.EMAIL
    subject = Suppression.Subject.EMAIL if by_email else Suppression.Subject.PHONE
    left = Delivery.objects.filter(
        practice_id=link.practice_id,
        client_id__in=[client.id, client.merged_into_id or client.id],
        channel=(Channel.EMAIL if by_email else Channel.SMS).value,
    ).exclude(state__in=_NEVER_LEFT)
    addresses = left.values("to_address").annotate(at=Max("attempted_at")).order_by("-at")
    return [(subject.value, address) for address in addresses.values_list("to_address", flat=True)[:MOST_ADDRESSES]]


def _asked(practice_id: UUID) -> Asked:
    practice = Practice.objects.filter(id=practice_id).only("name", "phone", "color").first()
    if practice is None:
        raise BadLink("The practice that made this link is gone.")
    return Asked(practice.name, phone_in_words(practice.phone), practice.color)


@lru_cache(maxsize=4)
def _boxes(keys: tuple[str, ...]) -> tuple[AESSIV, ...]:
    return tuple(AESSIV(HKDF(SHA256(), 32, None, _PURPOSE).derive(key.encode())) for key in keys)

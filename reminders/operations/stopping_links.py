"""Whose messages does an unsubscribe link end, and how is the link made unforgeable? (OPT-1, RFC 8058)"""

import base64
import binascii
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

from clients.models import Client, Suppression
from clients.operations.stopping import opt_out
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.operations.merge_fields import phone_in_words

_PURPOSE: Final = b"medspa: unsubscribe link, 1"
_PACKED_BYTES: Final = 33  # practice, client, kind
_ID_BYTES: Final = 16


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

    A second time changes nothing. A client who was erased since has nothing left to end.

    Raises:
        BadLink: as `ask_before_stopping`.
    """
    link = read_unsubscribe_token(token)
    origin = Suppression.Origin.ONE_CLICK if is_one_click else Suppression.Origin.LINK
    with practice_scope(link.practice_id):
        asked = _asked(link.practice_id)
        client = Client.objects.filter(id=link.client_id, erased_at=None).only("phone", "email").first()
        if client:
            by_email = link.kind is AddressKind.EMAIL
            opt_out(
                link.practice_id,
                now,
                client_id=client.id,
                email=(client.email or None) if by_email else None,
                phone=None if by_email else (client.phone or None),
                origin=origin,
            )
    return asked


def _asked(practice_id: UUID) -> Asked:
    practice = Practice.objects.filter(id=practice_id).only("name", "phone", "color").first()
    if practice is None:
        raise BadLink("The practice that made this link is gone.")
    return Asked(practice.name, phone_in_words(practice.phone), practice.color)


@lru_cache(maxsize=4)
def _boxes(keys: tuple[str, ...]) -> tuple[AESSIV, ...]:
    return tuple(AESSIV(HKDF(SHA256(), 32, None, _PURPOSE).derive(key.encode())) for key in keys)

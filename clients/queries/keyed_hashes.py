"""How is the address of somebody who was erased known again, where it is kept no more? (REC-5)"""

import base64
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from clients.models import Suppression
from clients.models.suppression import Subject

_PURPOSE: Final = b"medspa: addresses of erased clients, 1"
_FORM: Final = re.compile(r"(phone|email|client)-hash:[0-9a-f]{64}")


def keyed_hash(practice_id: UUID, subject: str, address: str) -> str:
    """Return what is kept instead of an address: the same each time, and of no use to whoever lacks the key.

    HMAC-SHA256 under a key drawn (HKDF) from the first of FIELD_KEYS, another in each practice, so that neither
    a list of all phone numbers nor another practice's list tells whose it is.
    """
    return _hash(_keys()[0], practice_id, subject, address)


def keyed_hashes(practice_id: UUID, subject: str, address: str) -> tuple[str, ...]:
    """Return as what an address may be kept: under each of FIELD_KEYS, the newest first, so that keys rotate."""
    return tuple(_hash(key, practice_id, subject, address) for key in _keys())


def as_kept(practice_id: UUID, subjects: Iterable[Subject]) -> dict[Subject, Subject]:
    """Return as what these may be kept: subject and hash -> subject and address. One query.

    Nothing where the practice keeps no hash at all, so that nothing is computed in vain.
    """
    wanted = [each for each in subjects if each[1]]
    if not wanted or not keeps_hashes(practice_id):
        return {}
    return {
        (subject, kept): (subject, address)
        for subject, address in wanted
        for kept in keyed_hashes(practice_id, subject, address)
    }


def keeps_hashes(practice_id: UUID) -> bool:
    """Return whether somebody who opted out was erased: only then is there anything to look up. One probe."""
    return Suppression.objects.filter(practice_id=practice_id, is_hashed=True).exists()


def count_hashes(practice_id: UUID) -> int:
    """Return how many opt-outs in force are kept as hashes: the keys that they were made under stay in FIELD_KEYS."""
    return Suppression.objects.filter(practice_id=practice_id, is_hashed=True, lifted_at=None).count()


def identity_words(source: str, remote_id: str) -> str:
    """Return the id under which one source knows a client, as the text that is hashed."""
    return json.dumps([source, remote_id])


def subject_of_hash(text: str) -> str:
    """Return of what a text is the keyed hash, in a list that was exported say; empty where it is none.

    >>> subject_of_hash("email-hash:" + "0f" * 32), subject_of_hash("+13125550186")
    ('email', '')
    """
    found = _FORM.fullmatch(text)
    return found[1] if found else ""


def _hash(key: bytes, practice_id: UUID, subject: str, address: str) -> str:
    return f"{subject}-hash:" + digest(key, practice_id.bytes + f"{subject}\0{address}".encode(), sha256).hex()


def _keys() -> tuple[bytes, ...]:
    return _drawn(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _drawn(keys: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(HKDF(SHA256(), 32, None, _PURPOSE).derive(base64.urlsafe_b64decode(key)) for key in keys)

"""How are credentials kept, so that a copy of the database alone opens nothing?"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class NotDecryptable(ValueError):
    """None of this installation's keys opens what was stored."""


def encrypt(plain: bytes) -> bytes:
    """Will encrypt under the first of FIELD_KEYS: a new key put first rotates them (DESIGN.md 6)."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(plain)


def decrypt(stored: bytes) -> bytes:
    """Will open what `encrypt` made under any of FIELD_KEYS.

    Raises:
        NotDecryptable: the key it was encrypted under is no longer listed, or it was altered.
    """
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(stored)
    except InvalidToken as error:
        raise NotDecryptable(
            "A stored credential opens with none of FIELD_KEYS; put the key it was encrypted under back."
        ) from error


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])

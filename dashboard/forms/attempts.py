"""May this email be tried once more from this address? (TEN-4)"""

import hashlib

from django.core.cache import cache

MOST = 10
MINUTES = 15


class TooManyAttempts(Exception):
    """The email was tried too often; its text is for the person who tries."""


def count_attempt(email: str, address: str) -> None:
    """Count one try before the password is looked at, so that tries at the same moment count too.

    Raises:
        TooManyAttempts: ten in the 15 minutes since the first.
    """
    key = _key(email, address)
    cache.add(key, 0, timeout=MINUTES * 60)
    try:
        tried = cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, timeout=MINUTES * 60)
        tried = 1
    if tried > MOST:
        raise TooManyAttempts(f"The password was wrong {MOST} times. Wait {MINUTES} minutes, then try again.")


def forget_attempts(email: str, address: str) -> None:
    """Start anew after a right password."""
    cache.delete(_key(email, address))


def _key(email: str, address: str) -> str:
    """The cache never holds an email address."""
    return f"sign-in:{hashlib.sha256(f'{email}|{address}'.encode()).hexdigest()}"

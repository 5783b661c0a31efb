"""Under which opaque name does an attempt travel with its message, and whose attempt does a name mean?"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def refer(practice_id: UUID, delivery_id: UUID) -> str:
    """Return the name of an attempt: 43 characters of the base64url alphabet (DESIGN.md 5).

    It names the practice as well, for an account of the operator's calls back for all of its practices alike.

    >>> refer(UUID(int=1), UUID(int=2))
    'AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAI'
    """
    return urlsafe_b64encode(practice_id.bytes + delivery_id.bytes).decode().rstrip("=")


def read_reference(text: str) -> tuple[UUID, UUID]:
    """Return the practice and the delivery that `refer` named; whether they exist is not asked.

    >>> read_reference("AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAI")
    (UUID('00000000-0000-0000-0000-000000000001'), UUID('00000000-0000-0000-0000-000000000002'))

    Raises:
        ValueError: it is no such name; the text does not repeat it.
    """
    if _SHAPE.fullmatch(text):
        read = urlsafe_b64decode(text + "=")
        practice_id, delivery_id = UUID(bytes=read[:16]), UUID(bytes=read[16:])
        if refer(practice_id, delivery_id) == text:
            return practice_id, delivery_id
    raise ValueError("That is no name of an attempt.")

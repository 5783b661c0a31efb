"""Which practice does the demo show, and who signs in there?"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Login:
    """One person of the demo practice who can sign in."""

    role: str
    email: str
    password: str


def seed_demo(tell: Callable[[str], None]) -> list[Login]:  # noqa: ARG001
    """Will make what the demo shows, unless an earlier start did, and return who can sign in.

    `tell` shows a line of progress.
    """
    return []

"""Where is a person signed in? (TEN-4)"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

MOST = 100


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser in which the person is signed in."""

    id: int
    since: datetime
    address: str
    user_agent: str
    is_here: bool
    """Whether it is the one that asks."""


def sessions_of(person_id: UUID, session_key: str, now: datetime) -> tuple[SignedIn, ...]:
    """The sessions of a person that still open something: this one first, then the newest. Two queries."""
    known = list(UserSession.objects.filter(user_id=person_id).order_by("-created_at", "-pk")[:MOST])
    alive = set(
        Session.objects.filter(session_key__in=[each.session_key for each in known], expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    found = [
        SignedIn(each.pk, each.created_at, each.ip, each.user_agent, each.session_key == session_key)
        for each in known
        if each.session_key in alive
    ]
    return tuple(sorted(found, key=lambda each: not each.is_here))

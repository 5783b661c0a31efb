"""How is a person signed out elsewhere? (TEN-4)"""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet


def end_session(person_id: UUID, session_id: int) -> bool:
    """Will sign the person out of one browser. Returns False where that is none of theirs."""
    return _end(UserSession.objects.filter(user_id=person_id, pk=session_id)) > 0


def end_other_sessions(person_id: UUID, session_key: str | None) -> int:
    """Will sign the person out everywhere but in the session with this key, and return of how many."""
    return _end(UserSession.objects.filter(user_id=person_id).exclude(session_key=session_key or ""))


def _end(sessions: "QuerySet[UserSession]") -> int:
    with transaction.atomic():
        keys = list(sessions.values_list("session_key", flat=True))
        ended, _ = Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return ended

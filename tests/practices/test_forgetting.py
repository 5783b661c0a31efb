"""Are ended sessions and dead letters forgotten, and live ones kept?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from practices.models import OperatorLetter
from practices.operations.letters import forget_old

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.mark.django_db
def test_what_has_ended_is_forgotten_and_the_rest_stays() -> None:
    for key, days in (("ended", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=days))
    for subject, days in (("dead", 31), ("alive", 29)):
        OperatorLetter.objects.create(
            to="ana@example.com", subject=subject, text="", written_at=NOW - timedelta(days=days)
        )
    forget_old(NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
    assert list(OperatorLetter.objects.values_list("subject", flat=True)) == ["alive"]

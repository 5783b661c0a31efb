"""How does the service write to a person who signs in? Confirm, reset, invitation: never to a client."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.contrib.sessions.models import Session
from django.core.mail import send_mail

from practices.models import OperatorLetter

log = structlog.get_logger(__name__)

LETTERS_KEPT: Final = timedelta(days=30)


def post_letter(to: str, subject: str, text: str) -> bool:
    """Will hand one email to the mail server, or to the operator's outbox where there is none (EMAIL_URL).

    Returns whether it was taken. A server that cannot be reached or refuses is logged, and nobody's page fails for
    it: a letter can be asked for again, and an answer that differs would tell who has an account (TEN-4).
    Never call it inside a practice's scope: it may wait for a server.
    """
    try:
        send_mail(" ".join(subject.split()), text, None, [to])
    except OSError as error:  # smtplib's own are OSErrors too
        log.warning("letter_not_posted", error=type(error).__name__)
        return False
    return True


def forget_old(now: datetime) -> None:
    """Will delete sessions that have ended, and the operator's letters after 30 days: their links are dead."""
    Session.objects.filter(expire_date__lt=now).delete()
    OperatorLetter.objects.filter(written_at__lt=now - LETTERS_KEPT).delete()

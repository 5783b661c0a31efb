"""Where do the service's own emails go while it has no mail server? Into the operator's outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from practices import clock
from practices.models import OperatorLetter


class OperatorOutbox(BaseEmailBackend):
    """Keeps each email as an OperatorLetter; /operator/letters/ and `manage.py operator_letters` show them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Will keep the emails, one letter for each address, and return how many emails that were."""
        now = clock.now()
        OperatorLetter.objects.bulk_create(
            OperatorLetter(to=address, subject=message.subject[:200], text=str(message.body), written_at=now)
            for message in email_messages
            for address in message.recipients()
        )
        return len(email_messages)

"""How does a practice vouch for its clients' consent? `manage.py attest_consent SLUG --channel sms --wording TEXT`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.models.consent import ConsentScope
from clients.operations.consents import AttestationRefused, attest
from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug


class Command(BaseCommand):
    """Keeps the practice's word that its clients agreed, in this wording, on forms it keeps (SEQ-12)."""

    help = "Keeps the practice's word that its clients agreed to be written to, with the wording on its forms."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the practice, the channel, the wording, and who attests it."""
        parser.add_argument("slug")
        parser.add_argument("--channel", required=True, choices=[ConsentScope.SMS.value, ConsentScope.EMAIL.value])
        parser.add_argument("--wording", required=True, help="What the client agreed to, word for word.")
        parser.add_argument("--by", default="Operator", help="Who attests it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep it and say what was kept.

        Raises:
            CommandError: no such practice, or too little was said.
        """
        scope = ConsentScope(options["channel"])
        try:
            practice = practice_by_slug(options["slug"])
            attestation = attest(practice.id, scope, options["wording"], options["by"], clock.now())
        except (PracticeNotFound, AttestationRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{attestation.attested_by} attested consent to {scope.label.lower()} for {practice.slug}"
            f" on {attestation.attested_at:%Y-%m-%d}."
        )

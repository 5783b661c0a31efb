"""What has the service written while it has no mail server? `manage.py operator_letters [--most N] [--json]`"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from practices.queries.letters import PAGE, newest_letters


class Command(BaseCommand):
    """Prints the service's own emails (confirm, reset, invitation), newest first."""

    help = "Prints the service's own emails (confirm, reset, invitation) that no mail server took, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many, and the output's form."""
        parser.add_argument("--most", type=int, default=PAGE, help="how many at most (%(default)s)")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        letters, _ = newest_letters(most=max(1, options["most"]))
        if options["json"]:
            rows = [
                {
                    "id": str(each.pk),
                    "to": each.to,
                    "subject": each.subject,
                    "written_at": each.written_at.isoformat(),
                    "text": each.text,
                }
                for each in letters
            ]
            self.stdout.write(json.dumps(rows))
            return
        for each in letters:
            self.stdout.write(f"{each.written_at:%Y-%m-%d %H:%M} UTC  {each.to}  {each.subject}\n\n{each.text}\n")
        if not letters:
            self.stdout.write("No letters. With EMAIL_URL set, emails leave through that server instead.")

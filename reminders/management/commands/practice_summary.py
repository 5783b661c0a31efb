"""Which figures describe a practice? `manage.py practice_summary SLUG [--json]`"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug
from practices.tenancy import practice_scope
from reminders.queries.summary import practice_summary


class Command(BaseCommand):
    """Prints what a practice holds and what became of every reminder that was due (SEQ-11)."""

    help = "Print a practice's clients, treatments, appointments, sequences, reminders and ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        """SLUG and the output's form."""
        parser.add_argument("slug")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the summary."""
        try:
            practice = practice_by_slug(options["slug"])
        except PracticeNotFound as error:
            raise CommandError(str(error)) from error
        with practice_scope(practice.pk):
            summary = practice_summary(practice.pk, clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        for title, value in summary.items():
            self.stdout.write(f"{title.replace('_', ' ')}: {_words(value)}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{key} {f'({_words(each)})' if isinstance(each, dict) else each}" for key, each in value.items()
        )
    return str(value)

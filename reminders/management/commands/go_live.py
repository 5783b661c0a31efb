"""Shall messages leave from now on? `manage.py go_live SLUG [--dry-run] [--json]`"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug
from reminders.operations.going_live import Forecast, GoingLiveRefused, dry_run, go_live


class Command(BaseCommand):
    """Shows what would leave in the next 30 days and who is held and why; then goes live (SEQ-9)."""

    help = "Show what would leave in the next 30 days; without --dry-run, take the practice live."

    def add_arguments(self, parser: CommandParser) -> None:
        """SLUG, whether to change anything, and the output's form."""
        parser.add_argument("slug")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Forecast, and go live unless it is a dry run."""
        try:
            practice = practice_by_slug(options["slug"])
            act = dry_run if options["dry_run"] else go_live
            forecast = act(practice.pk, clock.now())
        except (PracticeNotFound, GoingLiveRefused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"live": not options["dry_run"], **forecast.as_dict()}))
        else:
            self._print(forecast, is_live=not options["dry_run"])

    def _print(self, forecast: Forecast, *, is_live: bool) -> None:
        figures = forecast.as_dict()
        self.stdout.write(f"In the next 30 days {figures['would_send']} messages would leave:")
        for day, count in figures["by_day"].items():
            self.stdout.write(f"  {day}  {count}")
        if figures["held"]:
            self.stdout.write(f"Held: {figures['held_clients']} clients.")
            for reason, count in figures["held"].items():
                self.stdout.write(f"  {reason}  {count} reminders")
        self.stdout.write(
            f"{figures['not_sent_before_go_live']} reminders of the past are not sent; "
            f"{figures['enter_reactivation']} clients enter reactivation over 28 days."
        )
        self.stdout.write("The practice is live." if is_live else "Nothing was changed.")

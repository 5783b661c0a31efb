"""When would each reminder of a cadence leave? `manage.py preview_cadence TYPE --treated-on DAY --time-zone Z`"""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.management.base import BaseCommand, CommandError

from cadences.operations.default_library import DEFAULT_LIBRARY, NoSuchVariant, ready_made
from reminders.engine.preview import preview_refill


class Command(BaseCommand):
    """Plans a made-up client's refill reminders with the real planner and prints when they leave."""

    help = "Prints the refill reminders that a ready-made cadence plans, in local and UTC time."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the treatment type, the day of the treatment, and where the client lives."""
        parser.add_argument("type", help=f"One of: {', '.join(DEFAULT_LIBRARY)}.")
        parser.add_argument("--treated-on", required=True, help="YYYY-MM-DD; of a series, its last session.")
        parser.add_argument("--time-zone", required=True, help="An IANA name: America/Chicago.")
        parser.add_argument("--variant", default="standard", help="standard, compressed or early.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan and print.

        Raises:
            CommandError: an unknown type, variant, zone or day.
        """
        if options["type"] not in DEFAULT_LIBRARY:
            raise CommandError(f"No treatment type {options['type']!r}. There are: {', '.join(DEFAULT_LIBRARY)}.")
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"No time zone {options['time_zone']!r}. One looks like America/Chicago.")
        try:
            cadence = ready_made(options["type"], options["variant"])
        except NoSuchVariant as error:
            raise CommandError(str(error)) from error
        try:
            reminders = preview_refill(cadence, _day(options["treated_on"]), options["time_zone"])
        except (OverflowError, ValueError) as error:
            raise CommandError(f"{options['treated_on']} is out of range.") from error
        zone = ZoneInfo(options["time_zone"])
        shown = [
            {
                "step": each.step,
                "due_at": each.due_at.isoformat(),
                "local": each.due_at.astimezone(zone).isoformat(),
            }
            for each in reminders
        ]
        if options["json"]:
            self.stdout.write(json.dumps(shown))
            return
        for row in shown:
            self.stdout.write(f"{row['step']:8} {row['local']}  {row['due_at']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a day. One looks like 2026-08-31.") from error

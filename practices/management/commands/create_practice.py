"""How does an operator make a practice? `manage.py create_practice SLUG --name N --time-zone Z [--json]`"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from practices import clock
from practices.operations.creation import PracticeRefused, create_practice


class Command(BaseCommand):
    """Makes a practice with the default library and texts."""

    help = "Makes a practice with the default library and texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the practice's slug, name and time zone."""
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--time-zone", required=True, help="An IANA name: America/Chicago.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print what was made.

        Raises:
            CommandError: the practice was refused, and why.
        """
        try:
            practice = create_practice(options["slug"], options["name"], options["time_zone"], clock.now())
        except PracticeRefused as error:
            raise CommandError(str(error)) from error
        made = {
            "id": str(practice.id),
            "slug": practice.slug,
            "name": practice.name,
            "time_zone": practice.time_zone,
        }
        if options["json"]:
            self.stdout.write(json.dumps(made))
        else:
            self.stdout.write(f"Made the practice {practice.slug} ({practice.name}, {practice.time_zone}).")

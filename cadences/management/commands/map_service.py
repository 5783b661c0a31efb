"""What does a service name mean? `manage.py map_service NAME MEANING --practice SLUG`"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cadences.operations.services import OTHER_KINDS, ServiceRefused, map_by_name
from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug


class Command(BaseCommand):
    """Maps a service name that waits; its treatments and bookings count from then on (LIB-5, R6)."""

    help = "Says what a service name of a practice means; practice_summary shows those that wait."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name as the records have it, and what it means."""
        parser.add_argument("name", help="as practice_summary shows it under unmapped_services")
        parser.add_argument("meaning", help=f"a treatment type, such as botox, or one of: {', '.join(OTHER_KINDS)}")
        parser.add_argument("--practice", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Map it and say what was mapped.

        Raises:
            CommandError: no such practice, service or meaning.
        """
        try:
            practice = practice_by_slug(options["practice"])
            service = map_by_name(practice.pk, options["name"], options["meaning"], clock.now())
        except (PracticeNotFound, ServiceRefused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"service": service.name, "meaning": options["meaning"]}, ensure_ascii=False))
        else:
            self.stdout.write(f"{service.name} is mapped to {options['meaning']} now.")

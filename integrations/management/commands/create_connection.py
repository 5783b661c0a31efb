"""How does an operator open an address for a practice's system to post to?"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.operations.connections import DEFAULT_SOURCE, open_connection
from integrations.pms.registry import CONNECTORS
from practices import clock
from practices.queries.directory import practice_by_slug


class Command(BaseCommand):
    """Opens a connection and shows its secret, this once."""

    help = "Opens a connection for a practice and prints its id, signing secret and address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the practice, the kind of system, and what it can do."""
        parser.add_argument("--practice", required=True, metavar="SLUG")
        parser.add_argument("--kind", required=True, choices=sorted(CONNECTORS))
        parser.add_argument("--source", default=DEFAULT_SOURCE, help="namespace of the ids it speaks of")
        parser.add_argument("--bearer", action="store_true", help="for a sender that cannot sign: a token, too")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say why not."""
        try:
            opened = open_connection(
                practice_by_slug(options["practice"]).pk,
                clock.now(),
                kind=options["kind"],
                source=options["source"],
                has_bearer=options["bearer"],
            )
        except (LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        shown = {name: str(value) for name, value in asdict(opened).items() if value is not None}
        if options["json"]:
            self.stdout.write(json.dumps(shown))
            return
        for name, value in shown.items():
            self.stdout.write(f"{name:7} {value}")
        self.stdout.write("Keep them safe: the secret is shown this once. docs/webhooks.md says how to post.")

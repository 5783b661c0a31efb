"""How does an operator bring stored credentials under a new key? `manage.py rotate_keys [--json]`"""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from integrations.operations.rotating_keys import rotate_keys
from practices.queries.directory import every_practice


class Command(BaseCommand):
    """Encrypts every stored credential anew under the first of FIELD_KEYS, practice by practice."""

    help = "Encrypts every stored credential anew under the first of FIELD_KEYS; ends with 1 where no key opens one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to print what was done."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and print how many there were of each.

        Raises:
            SystemExit: with 1, where something opens with none of the keys.
        """
        rotated = [rotate_keys(practice_id) for practice_id in every_practice()]
        accounts, connections = sum(each.accounts for each in rotated), sum(each.connections for each in rotated)
        hashes = sum(each.hashes for each in rotated)
        lost = [str(each) for one in rotated for each in one.lost]
        if options["json"]:
            found = {"practices": len(rotated), "accounts": accounts, "connections": connections}
            self.stdout.write(json.dumps({**found, "lost": lost, "hashes": hashes}))
        else:
            self.stdout.write(
                f"Under the first of FIELD_KEYS now: {accounts} accounts at carriers and {connections} connections, "
                f"of {len(rotated)} practices."
            )
            if hashes and len(settings.FIELD_KEYS) > 1:
                self.stdout.write(
                    f"Keep the older of FIELD_KEYS listed: {hashes} opt-outs of erased clients are kept as hashes, "
                    "each recognized under the key alone that it was made under."
                )
            for each in lost:
                self.stdout.write(f"None of FIELD_KEYS opens {each}: put its key back, or connect it anew.")
        if lost:
            sys.exit(1)

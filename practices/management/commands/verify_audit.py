"""Was a practice's audit trail tampered with? `manage.py verify_audit SLUG [--known NUMBER:DIGEST] [--json]`"""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from practices.queries.audit_trail import digest_of, verify_trail
from practices.queries.directory import PracticeNotFound, practice_by_slug
from practices.tenancy import practice_scope


class Command(BaseCommand):
    """Draws the chain of a practice's audit trail anew and says where it breaks."""

    help = "Draws the chain of a practice's audit trail anew; ends with 1 where a line was altered or taken out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the practice, and what is known of the trail from elsewhere."""
        parser.add_argument("slug")
        parser.add_argument(
            "--known",
            type=_known,
            metavar="NUMBER:DIGEST",
            help="A line's number and digest, as an export or an earlier run printed them.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check it and print what was found.

        Raises:
            CommandError: there is no such practice.
            SystemExit: with 1, where the trail is broken.
        """
        try:
            practice = practice_by_slug(options["slug"])
        except PracticeNotFound as error:
            raise CommandError(str(error)) from error
        known = options["known"]
        with practice_scope(practice.id):
            verdict = verify_trail(practice.id)
            is_known_gone = known is not None and digest_of(practice.id, known[0]) != known[1]
        broken_at = verdict.broken_at or (known[0] if is_known_gone else None)
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(verdict), "broken_at": broken_at, "stands": broken_at is None}))
        elif broken_at is None:
            self.stdout.write(
                f"The trail of {practice.slug} stands: {verdict.entries} lines. Keep this to check against later: "
                f"{verdict.last_number}:{verdict.last_digest}"
            )
        else:
            self.stdout.write(
                f"The trail of {practice.slug} is broken at number {broken_at}: that line is missing or is not as it "
                "was written."
            )
        if broken_at is not None:
            sys.exit(1)


def _known(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not (number.isdecimal() and digest):
        raise ArgumentTypeError("Give a number and a digest, as in 12:9f86d0…")
    return int(number), digest

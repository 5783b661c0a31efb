"""Does everything hold over years? `manage.py simulate --practices 3 --clients 200 --days 730 --seed 7 [--json]`"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reminders.engine.simulate import Settings
from reminders.operations.simulating import run_simulation


class Command(BaseCommand):
    """Runs made-up practices on a virtual clock and reports what was sent, held back and broken (SIM-2)."""

    help = "Simulates made-up practices and prints what was sent, what was not and why, and every invariant."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how much to simulate, and the seed: the same gives the same output."""
        parser.add_argument("--practices", type=_positive, default=3)
        parser.add_argument("--clients", type=_positive, default=200, help="In each practice.")
        parser.add_argument("--days", type=_positive, default=730)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print.

        Raises:
            CommandError: an invariant was violated.
        """
        report = run_simulation(Settings(options["practices"], options["clients"], options["days"], options["seed"]))
        self.stdout.write(json.dumps(report.as_dict()) if options["json"] else report.as_text())
        if not report.is_clean:
            raise CommandError(f"{report.violations.total()} violations.")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("It must be at least 1.")
    return number

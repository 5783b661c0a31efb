"""How do the tables reach the state that the code expects? As their owner, rights first."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from medspa.database import GRANTS


class Command(migrate.Command):
    """Django's own command, run as the owner of the tables."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Will make `owner` the database that is meant when none is named."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Will set the rights of all roles, then migrate.

        Raises: CommandError where the owner's address is missing, or another role is asked to migrate.
        """
        alias = options["database"]
        if "owner" not in settings.DATABASES:
            raise CommandError("Set DATABASE_OWNER_URL: migrations run under the role that owns the tables.")
        if alias != "owner":
            raise CommandError(f"Migrations run as the tables' owner, not as {alias!r}; leave --database out.")
        with connections[alias].cursor() as cursor:
            cursor.execute(GRANTS.read_text())
        super().handle(*args, **options)

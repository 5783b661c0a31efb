"""How does an operator join two clients, or part them again? `manage.py merge_clients SLUG KEPT GONE`"""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from clients.operations.merging import MergeRefused, merge_named, undo_merge
from practices import clock
from practices.queries.directory import PracticeNotFound, practice_by_slug


class Command(BaseCommand):
    """Makes two clients one, or with `--undo` two of one again (REC-2, R18)."""

    help = "Joins two clients who are one person: everything of GONE moves to KEPT. --undo parts them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the practice and the two clients, or the merge to undo."""
        parser.add_argument("slug")
        parser.add_argument("kept", nargs="?", help="A client's id, or source:remote_id.")
        parser.add_argument("gone", nargs="?", help="The client who becomes part of KEPT.")
        parser.add_argument("--undo", metavar="MERGE_ID", type=_uuid, help="Undo this merge.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge or undo, and say what was done.

        Raises:
            CommandError: no such practice, client or merge, or it is refused.
        """
        is_undo = options["undo"] is not None
        if is_undo == bool(options["gone"]) or (is_undo and options["kept"]):
            raise CommandError("Name two clients, or the merge to undo.")
        try:
            practice = practice_by_slug(options["slug"])
            if is_undo:
                undo_merge(practice.id, options["undo"], clock.now())
                said = {"merge": str(options["undo"]), "undone": True}
            else:
                made = merge_named(practice.id, options["kept"], options["gone"], clock.now())
                said = {"merge": str(made.id), "kept": str(made.kept_id), "gone": str(made.gone_id)}
        except (PracticeNotFound, MergeRefused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(said))
        elif is_undo:
            self.stdout.write(f"Undid merge {said['merge']}: they are two clients again.")
        else:
            self.stdout.write(
                f"Merged {said['gone']} into {said['kept']}. To undo: merge_clients {practice.slug} --undo {made.id}"
            )


def _uuid(value: str) -> UUID:
    return UUID(value)

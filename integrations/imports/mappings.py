"""How did a practice say it wants a plain file's columns to be read?"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.imports.detecting import PLAIN, PRESETS, header_key
from integrations.imports.refusals import FileRefused
from integrations.models.import_run import ColumnMapping
from practices.tenancy import practice_scope

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def save_mapping(
    practice_id: UUID, name: str, mapping: Mapping[str, str], header: Sequence[str], now: datetime
) -> None:
    """Keep a mapping for this header under a name; files of the header are read by it from now on.

    Raises:
        FileRefused: the name is no short slug, or it is that of a built-in preset.
    """
    if not _SLUG.fullmatch(name):
        raise FileRefused("A mapping's name is 1 to 40 lower-case letters, digits, hyphens or underscores.")
    if name in PRESETS or name in PLAIN:
        raise FileRefused(f"The name {name} is that of a built-in preset; choose another.")
    with practice_scope(practice_id):
        ColumnMapping.objects.update_or_create(
            practice_id=practice_id,
            name=name,
            defaults={"columns": dict(mapping), "header_key": header_key(header), "created_at": now},
        )


def mapping_named(practice_id: UUID, name: str) -> ColumnMapping | None:
    """Return the practice's mapping of that name, if it saved one."""
    with practice_scope(practice_id):
        return ColumnMapping.objects.filter(name=name).first()


def mapping_for(practice_id: UUID, header: Sequence[str]) -> ColumnMapping | None:
    """Return the practice's newest mapping for that very header, if it saved one."""
    with practice_scope(practice_id):
        return ColumnMapping.objects.filter(header_key=header_key(header)).order_by("-created_at").first()

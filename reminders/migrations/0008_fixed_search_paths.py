"""Fixes the search path of the functions that note changes: no temporary table can take a tally's place."""

from typing import ClassVar

from django.db import migrations

_FUNCTIONS = [
    f"{name}_{what}" for name in ("standing_tally", "reminder_tally") for what in ("insert", "update", "delete")
]


class Migration(migrations.Migration):
    """Changes the catalog alone; no table is locked."""

    dependencies: ClassVar = [("reminders", "0007_counted_from_indexes")]

    operations: ClassVar = [
        migrations.RunSQL(
            sql=f"ALTER FUNCTION {function}() SET search_path = pg_catalog, public, pg_temp",
            reverse_sql=f"ALTER FUNCTION {function}() RESET search_path",
        )
        for function in _FUNCTIONS
    ]

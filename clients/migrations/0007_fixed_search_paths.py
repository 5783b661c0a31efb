"""Fixes the search path of the functions that keep clients' words: no temporary table can take their place."""

from typing import ClassVar

from django.db import migrations

_FUNCTIONS = ("client_words_insert", "client_words_update")


class Migration(migrations.Migration):
    """Changes the catalog alone; no table is locked."""

    dependencies: ClassVar = [("clients", "0006_client_words")]

    operations: ClassVar = [
        migrations.RunSQL(
            sql=f"ALTER FUNCTION {function}() SET search_path = pg_catalog, public, pg_temp",
            reverse_sql=f"ALTER FUNCTION {function}() RESET search_path",
        )
        for function in _FUNCTIONS
    ]

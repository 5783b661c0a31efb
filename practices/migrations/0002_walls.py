"""Puts every table that holds a practice's rows behind its wall."""

from typing import ClassVar

from django.db import migrations

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    """Row-level security on the tables of the app (DESIGN.md 6)."""

    dependencies: ClassVar = [("practices", "0001_initial")]

    operations: ClassVar = [
        raise_wall("practices_practice", column="id"),
        raise_wall("practices_location"),
        raise_wall("practices_provider"),
        raise_wall("practices_staffmember"),
    ]

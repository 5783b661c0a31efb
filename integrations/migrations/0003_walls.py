"""Puts every table that holds a practice's rows behind its wall."""

from typing import ClassVar

from django.db import migrations

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    """Row-level security on the tables of the app (DESIGN.md 6)."""

    dependencies: ClassVar = [("integrations", "0002_initial")]

    operations: ClassVar = [
        raise_wall("integrations_connection"),
        raise_wall("integrations_importrun"),
        raise_wall("integrations_importproblem"),
        raise_wall("integrations_columnmapping"),
        raise_wall("integrations_inboundevent"),
    ]

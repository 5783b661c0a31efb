"""Puts every table that holds a practice's rows behind its wall."""

from typing import ClassVar

from django.db import migrations

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    """Row-level security on the tables of the app (DESIGN.md 6)."""

    dependencies: ClassVar = [("cadences", "0002_initial")]

    operations: ClassVar = [
        raise_wall("cadences_cadenceversion"),
        raise_wall("cadences_cadencestep"),
        raise_wall("cadences_service"),
        raise_wall("cadences_treatmenttype"),
    ]

"""Puts every table that holds a practice's rows behind its wall."""

from typing import ClassVar

from django.db import migrations

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    """Row-level security on the tables of the app (DESIGN.md 6)."""

    dependencies: ClassVar = [("reminders", "0001_initial")]

    operations: ClassVar = [
        raise_wall("reminders_call"),
        raise_wall("reminders_clientplan"),
        raise_wall("reminders_message"),
        raise_wall("reminders_delivery"),
        raise_wall("reminders_sequence"),
        raise_wall("reminders_reminder"),
        raise_wall("reminders_template"),
        raise_wall("reminders_templateversion"),
    ]

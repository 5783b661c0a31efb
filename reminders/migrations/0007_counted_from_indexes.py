"""What pages count of reminders is read from indexes alone: no row of the table is fetched for a sum."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

# An index answers alone only where the table was vacuumed since. By default that waits for a fifth of all rows to
# change, which for a large practice is weeks of messages.
_VACUUM_SOONER = """
    ALTER TABLE reminders_reminder SET (autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
"""
_VACUUM_AS_ANY = """
    ALTER TABLE reminders_reminder RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
        autovacuum_analyze_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0006_finished_calls_and_replies")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="reminder", name="reminder_allowed"),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["practice", "allowed_at", "id"],
                include=["state", "reason", "came_due"],
                name="reminder_allowed",
            ),
        ),
        migrations.RemoveIndex(model_name="reminder", name="reminder_due"),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=Q(("state__in", ["planned", "waiting"])),
                fields=["practice", "due_at", "client"],
                include=["sequence", "step"],
                name="reminder_due",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=Q(("state", "waiting")),
                fields=["practice", "reason", "due_at"],
                include=["client", "allowed_at", "valid_until"],
                name="reminder_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=Q(("state", "failed")),
                fields=["practice", "allowed_at", "id"],
                include=["message"],
                name="reminder_failed",
            ),
        ),
        migrations.RunSQL(sql=_VACUUM_SOONER, reverse_sql=_VACUUM_AS_ANY),
    ]

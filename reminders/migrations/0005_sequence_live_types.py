"""Live refill sequences by treatment type and version: the cadence library counts them from the index alone."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0004_tallies")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="sequence",
            index=models.Index(
                condition=Q(("kind", "refill"), ("state__in", ["open", "booked", "paused", "holdout"])),
                fields=["practice", "treatment_type", "cadence_version"],
                name="sequence_live_types",
            ),
        ),
    ]

"""The suppression list by time, by how an opt-out came, and by address: it is paged and searched, not sorted."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("clients", "0004_staff_notes")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["practice", "at", "id"], name="suppression_at"),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["practice", "origin", "at", "id"], name="suppression_origin"),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(
                condition=Q(("lifted_at__isnull", False)),
                fields=["practice", "at", "id"],
                name="suppression_lifted",
            ),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["practice", "address"], name="suppression_address"),
        ),
    ]

"""Notes that staff write, and who opened a service issue."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_walls"),
        ("practices", "0003_invitations_and_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceissue",
            name="opened_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.CreateModel(
            name="StaffNote",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practices.staffmember",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_notes",
                        to="clients.client",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "client", "at"], name="staff_note_client")],
            },
        ),
        raise_wall("clients_staffnote"),
    ]

"""Hosts of their own for practices' links."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0004_audit_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkHost",
            fields=[
                (
                    "host",
                    models.CharField(
                        help_text="In lower case, without a port.", max_length=253, primary_key=True, serialize=False
                    ),
                ),
                ("practice_id", models.UUIDField(unique=True)),
                ("added_at", models.DateTimeField()),
            ],
        ),
    ]

"""Lets the hosts that a practice's links stood on before go on answering (MSG-5)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("practices", "0005_messages_go_out"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="linkhost",
            name="practice_id",
            field=models.UUIDField(db_index=True),
        ),
        migrations.AddField(
            model_name="linkhost",
            name="replaced_at",
            field=models.DateTimeField(help_text="Since then no new link stands on it; empty: new ones do.", null=True),
        ),
        migrations.AddConstraint(
            model_name="linkhost",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("practice_id",),
                name="link_host_one_current",
            ),
        ),
    ]

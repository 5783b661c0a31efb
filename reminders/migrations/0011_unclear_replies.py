"""Lets what may be a stop be found by the phone or email it came from: it holds every record with that (OPT-1)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Few rows: those that nobody has decided on."""

    dependencies: ClassVar = [("reminders", "0010_how_clients_are_reached")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", True), ("intent", "unsure")),
                fields=["practice", "channel", "from_address"],
                name="reply_unclear",
            ),
        ),
    ]

"""Lets an address be marked that the carrier goes on refusing after its opt-out was taken back (OPT-3)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more word for what is wrong with an address."""

    dependencies: ClassVar = [("clients", "0010_consents_once_a_number")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="addressmark",
            name="problem",
            field=models.CharField(
                choices=[
                    ("not_mobile", "Not a mobile number"),
                    ("no_such", "No such number or mailbox"),
                    ("blocked", "Blocked by the recipient or their carrier"),
                    ("complaint", "Marked as spam"),
                    ("opted_out", "Still opted out at the carrier"),
                ],
                max_length=10,
            ),
        ),
    ]

"""Lets a note that may ask for fewer messages wait for a person, and a survey be an opt-out (OPT-1)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more way in which an issue comes to light, and one more in which an opt-out comes."""

    dependencies: ClassVar = [("clients", "0011_carriers_that_go_on_refusing")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="serviceissue",
            name="origin",
            field=models.CharField(
                choices=[
                    ("note", "Note in the record"),
                    ("survey", "Survey"),
                    ("reply", "Reply"),
                    ("staff", "Staff"),
                    ("wish", "Unclear wish about messages"),
                ],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="serviceissue",
            name="remote_id",
            field=models.CharField(blank=True, max_length=170),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="origin",
            field=models.CharField(
                choices=[
                    ("staff", "Staff"),
                    ("webhook", "Records system"),
                    ("link", "Link in a message"),
                    ("one_click", "One-click unsubscribe"),
                    ("reply", "Reply"),
                    ("note", "Note in the record"),
                    ("survey", "Survey"),
                    ("import", "Imported list"),
                    ("gateway", "Reported by the carrier"),
                ],
                max_length=10,
            ),
        ),
    ]

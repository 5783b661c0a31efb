"""Marks of addresses that cannot be reached, consents by address, hashed stops of the erased."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_fixed_search_paths"),
        ("practices", "0005_messages_go_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="erased_at",
            field=models.DateTimeField(
                blank=True, help_text="Nothing of the person is left but what was counted (REC-5).", null=True
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="address",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The number or email it was given for; empty: whichever she had.",
                max_length=254,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="covers",
            field=models.CharField(
                choices=[("promotion", "Reminders and offers"), ("all", "Every message")],
                db_default="promotion",
                default="promotion",
                help_text="Which kind of message it speaks of (RULES.md).",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="is_hashed",
            field=models.BooleanField(
                db_default=False, default=False, help_text="The client was erased: the address is a keyed hash (REC-5)."
            ),
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
                    ("import", "Imported list"),
                    ("gateway", "Reported by the carrier"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="AddressMark",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("subject", models.CharField(choices=[("phone", "Phone"), ("email", "Email")], max_length=5)),
                ("address", models.CharField(help_text="E.164, or email in lower case.", max_length=254)),
                (
                    "problem",
                    models.CharField(
                        choices=[
                            ("not_mobile", "Not a mobile number"),
                            ("no_such", "No such number or mailbox"),
                            ("blocked", "Blocked by the recipient or their carrier"),
                            ("complaint", "Marked as spam"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, help_text="The gateway's own code.", max_length=40)),
                ("gateway", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practices.staffmember",
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
                "indexes": [models.Index(fields=["practice", "at", "id"], name="address_mark_at")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("practice", "subject", "address"),
                        name="address_mark_once",
                    )
                ],
            },
        ),
        raise_wall("clients_addressmark"),
    ]

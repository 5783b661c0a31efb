"""Invitations, the audit trail, and the letters of a service without a mail server."""

import django.db.models.deletion
import django.db.models.functions.text
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="OperatorLetter",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-written_at"], name="operator_letter_newest")],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0, editable=False)),
                ("at", models.DateTimeField()),
                (
                    "staff_member_id",
                    models.UUIDField(blank=True, help_text="Who; empty: the system or the client.", null=True),
                ),
                ("action", models.CharField(help_text="What was done: client_viewed, reminder_moved.", max_length=40)),
                ("client_id", models.UUIDField(blank=True, help_text="About which client.", null=True)),
                ("subject_id", models.UUIDField(blank=True, help_text="The row that it was done to.", null=True)),
                (
                    "detail",
                    models.JSONField(blank=True, default=dict, help_text="Ids, dates and choices; no names, no texts."),
                ),
                ("address", models.GenericIPAddressField(blank=True, help_text="From where.", null=True)),
                ("digest", models.CharField(editable=False, max_length=64)),
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
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["practice", "client_id", "number"], name="audit_client"),
                    models.Index(fields=["practice", "staff_member_id", "number"], name="audit_staff_member"),
                ],
                "constraints": [models.UniqueConstraint(fields=("practice", "number"), name="audit_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("injector", "Injector"),
                            ("front_desk", "Front desk"),
                        ],
                        max_length=12,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practices.staffmember",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
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
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        help_text="The injector of the records who this person is.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practices.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("practice"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                        name="invitation_open_once",
                    )
                ],
            },
        ),
        raise_wall("practices_auditentry"),
        raise_wall("practices_invitation"),
    ]

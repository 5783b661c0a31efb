"""Accounts at gateways, their callbacks, their pace, and what the operator corrected in their codes."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0003_walls"),
        ("practices", "0005_messages_go_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="GatewayPace",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="The account's id, or operator:twilio_sms.",
                        max_length=60,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "tokens",
                    models.FloatField(help_text="Sends that may be made at once, as of `counted_at`; negative: owed."),
                ),
                ("counted_at", models.DateTimeField()),
                (
                    "held_until",
                    models.DateTimeField(blank=True, help_text="The vendor asked us to wait until then.", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GatewayRoute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False, help_text="Random; the address ends with it.", primary_key=True, serialize=False
                    ),
                ),
                ("practice_id", models.UUIDField()),
                ("account_id", models.UUIDField(unique=True)),
                ("gateway", models.CharField(max_length=20)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="ErrorCode",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("gateway", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("retry", "retry"),
                            ("later", "later"),
                            ("refused", "refused"),
                            ("filtered", "filtered"),
                            ("not_mobile", "not_mobile"),
                            ("no_such", "no_such"),
                            ("blocked", "blocked"),
                            ("complaint", "complaint"),
                            ("opted_out", "opted_out"),
                            ("account", "account"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sentence", models.CharField(help_text="What people read: not a mobile number.", max_length=200)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.UUIDField(blank=True, help_text="The operator who did.", null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gateway", "code"), name="error_code_once")],
            },
        ),
        migrations.CreateModel(
            name="GatewayAccount",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("gateway", models.CharField(help_text="The gateway's key: twilio_sms.", max_length=20)),
                ("is_operators", models.BooleanField(default=False, help_text="The operator's credentials are used.")),
                (
                    "credentials",
                    models.BinaryField(help_text="Field -> value as JSON, encrypted; also the sender's number."),
                ),
                (
                    "shown",
                    models.JSONField(
                        default=dict, help_text="The fields that are no secret, as the manager sees them."
                    ),
                ),
                (
                    "sends_per_second",
                    models.FloatField(
                        blank=True,
                        help_text="What the vendor allows this account; empty: the gateway's default.",
                        null=True,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, help_text="Last time that the credentials were tried.", null=True),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, help_text="Nothing leaves while this is set.", null=True),
                ),
                ("trouble", models.CharField(blank=True, help_text="What is wrong, as a sentence.", max_length=300)),
                ("trouble_code", models.CharField(blank=True, max_length=40)),
                (
                    "told_at",
                    models.DateTimeField(blank=True, help_text="When the owners were told by email.", null=True),
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
        ),
        migrations.CreateModel(
            name="GatewayEvent",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("gateway", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("report", "What became of a message"), ("message", "A client's message")],
                        max_length=7,
                    ),
                ),
                ("event_key", models.CharField(help_text="A repeat has the same: it is stored once.", max_length=200)),
                ("told", models.JSONField(help_text="The gateway's report or message in our words.")),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("applied", "Applied"),
                            ("retrying", "To be tried again"),
                            ("set_aside", "Set aside"),
                        ],
                        default="received",
                        max_length=9,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="integrations.gatewayaccount",
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
        ),
        migrations.CreateModel(
            name="SenderRoute",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("gateway", models.CharField(max_length=20)),
                (
                    "address",
                    models.CharField(
                        help_text="E.164, email in lower case, or the vendor's id of a place.", max_length=254
                    ),
                ),
                ("practice_id", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(fields=["practice_id"], name="sender_route_practice")],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "address", "practice_id"), name="sender_route_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="gatewayaccount",
            index=models.Index(
                condition=models.Q(("failing_since__isnull", False)),
                fields=["failing_since"],
                name="gateway_account_failing",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)), fields=("practice", "gateway"), name="gateway_account_once"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "retrying"])),
                fields=["practice", "next_attempt_at"],
                name="gateway_event_to_apply",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(fields=["practice", "received_at"], name="gateway_event_arrival"),
        ),
        migrations.AddConstraint(
            model_name="gatewayevent",
            constraint=models.UniqueConstraint(fields=("practice", "gateway", "event_key"), name="gateway_event_once"),
        ),
        raise_wall("integrations_gatewayaccount"),
        raise_wall("integrations_gatewayevent"),
    ]

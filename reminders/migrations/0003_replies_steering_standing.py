"""Replies, what staff do to reminders and calls, how clients stand, and counts that the database keeps."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models

import reminders.engine.words
from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_staff_notes"),
        ("practices", "0003_invitations_and_audit"),
        ("reminders", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderTally",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("came_due", models.BooleanField(default=False)),
                ("change", models.IntegerField()),
            ],
            options={
                "verbose_name_plural": "reminder tallies",
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("channel", models.CharField(choices=[("sms", "Sms"), ("email", "Email")], max_length=5)),
                ("from_address", models.CharField(max_length=254)),
                ("text", models.TextField()),
                ("received_at", models.DateTimeField()),
                (
                    "remote_id",
                    models.CharField(
                        blank=True, help_text="The gateway's id: a repeat is known by it.", max_length=120
                    ),
                ),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("called", "Called"),
                            ("answered", "Answered"),
                            ("snoozed", "Left in peace until a date"),
                            ("none_needed", "Needs no answer"),
                        ],
                        max_length=11,
                    ),
                ),
                ("snoozed_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "replies",
            },
        ),
        migrations.CreateModel(
            name="StandingTally",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("standing", models.CharField(max_length=10)),
                ("change", models.IntegerField()),
            ],
            options={
                "verbose_name_plural": "standing tallies",
            },
        ),
        migrations.AddField(
            model_name="call",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty where the records settled it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="note",
            field=models.TextField(
                blank=True, db_default="", help_text="What was said, in the words of whoever called."
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("booked", "Booked"),
                    ("will_book", "Will book later"),
                    ("later", "Asked to be left for a while"),
                    ("no_answer", "No answer"),
                    ("left_message", "Left a message"),
                    ("settled", "Settled"),
                    ("not_coming", "Will not come back"),
                ],
                db_default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who looks after it (CARE-2).",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="name_key",
            field=models.CharField(
                blank=True,
                db_collation="C",
                db_default="",
                help_text="The client's, so that a filtered list has an order.",
                max_length=160,
            ),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="next_at",
            field=models.DateTimeField(blank=True, help_text="When the next open reminder is decided on.", null=True),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="paused_at",
            field=models.DateTimeField(blank=True, help_text="Staff paused her promotion (SEQ-10).", null=True),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="paused_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="standing",
            field=models.CharField(
                choices=[
                    ("barred", "Barred"),
                    ("opted_out", "Opted out"),
                    ("paused", "Paused"),
                    ("held", "Held"),
                    ("due", "Due"),
                    ("booked", "Booked"),
                    ("active", "Active"),
                    ("lapsed", "Lapsed"),
                    ("none", "None"),
                ],
                db_default="none",
                default=reminders.engine.words.Standing["NONE"],
                help_text="How she stands, in one word.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="moved_to",
            field=models.DateTimeField(
                blank=True,
                help_text="Where staff moved it: the plan keeps to this instead of the cadence (SEQ-10).",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="clientplan",
            index=models.Index(fields=["practice", "standing", "name_key", "client"], name="client_plan_standing"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["practice", "allowed_at"], name="reminder_allowed"),
        ),
        migrations.AddField(
            model_name="remindertally",
            name="practice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="practices.practice"
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="client",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="clients.client",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="message",
            field=models.ForeignKey(
                blank=True,
                help_text="The last message that the client had got when this came.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="reminders.message",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="practice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="practices.practice"
            ),
        ),
        migrations.AddField(
            model_name="standingtally",
            name="practice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="practices.practice"
            ),
        ),
        migrations.AddIndex(
            model_name="remindertally",
            index=models.Index(fields=["practice", "on"], name="reminder_tally"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["practice", "client", "received_at"], name="reply_client"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", True)), fields=["practice", "received_at"], name="reply_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("remote_id", ""), _negated=True),
                fields=("practice", "channel", "remote_id"),
                name="reply_once",
            ),
        ),
        migrations.AddIndex(
            model_name="standingtally",
            index=models.Index(fields=["practice", "standing"], name="standing_tally"),
        ),
        raise_wall("reminders_reply"),
        raise_wall("reminders_remindertally"),
        raise_wall("reminders_standingtally"),
    ]

"""Answers, tracked links, and when an unsettled attempt is looked at next."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_messages_go_out"),
        ("integrations", "0004_messages_go_out"),
        ("practices", "0005_messages_go_out"),
        ("reminders", "0008_fixed_search_paths"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkRoute",
            fields=[
                ("token", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("practice_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="TrackedLink",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=16)),
                ("channel", models.CharField(choices=[("sms", "Sms"), ("email", "Email")], max_length=5)),
                ("target", models.URLField(max_length=500)),
                ("made_at", models.DateTimeField()),
                ("first_opened_at", models.DateTimeField(blank=True, null=True)),
                ("last_opened_at", models.DateTimeField(blank=True, null=True)),
                ("times_opened", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_unsettled",
        ),
        migrations.AddField(
            model_name="delivery",
            name="account",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The account it left through; none for the outbox.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="integrations.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="delivered_at",
            field=models.DateTimeField(blank=True, help_text="When the gateway said that it arrived.", null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="error_code",
            field=models.CharField(blank=True, db_default="", help_text="The gateway's own code.", max_length=40),
        ),
        migrations.AddField(
            model_name="delivery",
            name="next_at",
            field=models.DateTimeField(
                blank=True, help_text="When it is sent (ready), or asked about next (attempted, unknown).", null=True
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="valid_until",
            field=models.DateTimeField(blank=True, help_text="Of an answer: not sent later than this.", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                help_text="Of an answer: what it answers.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answers",
                to="reminders.reply",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of an answer: who wrote it (CHN-4).",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practices.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="gateway",
            field=models.CharField(blank=True, db_default="", help_text="Which brought it.", max_length=20),
        ),
        migrations.AddField(
            model_name="reply",
            name="intent",
            field=models.CharField(
                choices=[
                    ("stop", "Wants no more messages"),
                    ("start", "Wants messages again"),
                    ("help", "Asks who is writing"),
                    ("unsure", "May want no more messages"),
                    ("none", "Something else"),
                ],
                db_default="none",
                default="none",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="to_address",
            field=models.CharField(blank=True, db_default="", help_text="Where it was sent to.", max_length=254),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="message",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="reminders.message",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "Ready"),
                    ("attempted", "Attempted"),
                    ("accepted", "Accepted"),
                    ("delivered", "Delivered"),
                    ("refused", "Refused"),
                    ("undelivered", "Undelivered"),
                    ("unknown", "Unknown"),
                ],
                default="attempted",
                max_length=11,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="touchpoint",
            field=models.CharField(
                choices=[
                    ("first", "First"),
                    ("second", "Second"),
                    ("second_incentive", "Second incentive"),
                    ("last", "Last"),
                    ("combined", "Combined"),
                    ("booked", "Booked"),
                    ("moved", "Moved"),
                    ("cancelled", "Cancelled"),
                    ("hours_48", "Hours 48"),
                    ("hours_24", "Hours 24"),
                    ("morning", "Morning"),
                    ("evening_before", "Evening before"),
                    ("reactivation_check_in", "Reactivation check in"),
                    ("reactivation_seasonal", "Reactivation seasonal"),
                    ("reactivation_before_after", "Reactivation before after"),
                    ("reactivation_offer", "Reactivation offer"),
                    ("survey", "Survey"),
                    ("opt_out_reply", "Opt out reply"),
                    ("help_reply", "Help reply"),
                    ("start_reply", "Start reply"),
                    ("staff_answer", "Staff answer"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="handling",
            field=models.CharField(
                blank=True,
                choices=[
                    ("called", "Called"),
                    ("answered", "Answered"),
                    ("snoozed", "Left in peace until a date"),
                    ("none_needed", "Needs no answer"),
                    ("opted_out", "Opted out"),
                ],
                max_length=11,
            ),
        ),
        migrations.AlterField(
            model_name="template",
            name="touchpoint",
            field=models.CharField(
                choices=[
                    ("first", "First"),
                    ("second", "Second"),
                    ("second_incentive", "Second incentive"),
                    ("last", "Last"),
                    ("combined", "Combined"),
                    ("booked", "Booked"),
                    ("moved", "Moved"),
                    ("cancelled", "Cancelled"),
                    ("hours_48", "Hours 48"),
                    ("hours_24", "Hours 24"),
                    ("morning", "Morning"),
                    ("evening_before", "Evening before"),
                    ("reactivation_check_in", "Reactivation check in"),
                    ("reactivation_seasonal", "Reactivation seasonal"),
                    ("reactivation_before_after", "Reactivation before after"),
                    ("reactivation_offer", "Reactivation offer"),
                    ("survey", "Survey"),
                    ("opt_out_reply", "Opt out reply"),
                    ("help_reply", "Help reply"),
                    ("start_reply", "Start reply"),
                    ("staff_answer", "Staff answer"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["practice", "next_at"], name="delivery_next"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "unknown")), fields=["practice", "attempted_at"], name="delivery_unknown"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("remote_id", ""), _negated=True),
                fields=["practice", "remote_id"],
                name="delivery_remote_id",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["practice", "client", "attempted_at"], name="delivery_client"),
        ),
        migrations.AddField(
            model_name="trackedlink",
            name="client",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="trackedlink",
            name="practice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="practices.practice"
            ),
        ),
        migrations.AddField(
            model_name="trackedlink",
            name="reminder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="reminders.reminder"
            ),
        ),
        migrations.AddIndex(
            model_name="trackedlink",
            index=models.Index(fields=["practice", "client"], name="tracked_link_client"),
        ),
        migrations.AddConstraint(
            model_name="trackedlink",
            constraint=models.UniqueConstraint(fields=("practice", "token"), name="tracked_link_once"),
        ),
        raise_wall("reminders_trackedlink"),
        # What was left open is asked about at the next tick. The owner is bound by the wall as well.
        migrations.RunSQL(
            sql="""
                SET CONSTRAINTS ALL IMMEDIATE;
                ALTER TABLE reminders_delivery NO FORCE ROW LEVEL SECURITY;
                UPDATE reminders_delivery SET next_at = attempted_at WHERE state IN ('attempted', 'unknown');
                ALTER TABLE reminders_delivery FORCE ROW LEVEL SECURITY;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What clients say is applied before what became of messages; numbers that were replaced go on leading home."""

    dependencies: ClassVar = [("integrations", "0004_messages_go_out")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="gatewayevent",
            name="kind",
            field=models.CharField(
                choices=[("message", "A client's message"), ("report", "What became of a message")], max_length=7
            ),
        ),
        migrations.RemoveIndex(model_name="gatewayevent", name="gateway_event_to_apply"),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "retrying"])),
                fields=["practice", "kind", "next_attempt_at"],
                name="gateway_event_to_apply",
            ),
        ),
        migrations.RemoveField(model_name="gatewayevent", name="account"),
        migrations.AddField(
            model_name="senderroute",
            name="replaced_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the practice gave another one instead; empty: it sends from there.",
                null=True,
            ),
        ),
    ]

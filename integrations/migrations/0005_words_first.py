from typing import ClassVar

from django.db import migrations, models

# The owner is bound by the walls as well, so they are lowered within this transaction, which keeps everybody else out.
MADE_AT_OPERATORS = """
    ALTER TABLE integrations_gatewayaccount NO FORCE ROW LEVEL SECURITY;
    UPDATE integrations_senderroute SET is_operators = true WHERE EXISTS (
        SELECT FROM integrations_gatewayaccount AS account
        WHERE account.practice_id = integrations_senderroute.practice_id
        AND account.gateway = integrations_senderroute.gateway AND account.is_active AND account.is_operators
    );
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE integrations_gatewayaccount FORCE ROW LEVEL SECURITY;
"""
# What a client wrote is never given up any more. Of the erased nothing is left to apply.
WORDS_AGAIN = """
    ALTER TABLE integrations_gatewayevent NO FORCE ROW LEVEL SECURITY;
    UPDATE integrations_gatewayevent SET state = 'retrying', next_attempt_at = now()
    WHERE kind = 'message' AND state = 'set_aside' AND told <> '{}' AND reason <> 'The client it speaks of was erased.';
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE integrations_gatewayevent FORCE ROW LEVEL SECURITY;
"""


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
        migrations.AddField(
            model_name="senderroute",
            name="is_operators",
            field=models.BooleanField(
                default=False,
                help_text="It is one of the operator's account; else it was typed into one of the practice's own.",
            ),
        ),
        migrations.RemoveConstraint(model_name="senderroute", name="sender_route_once"),
        migrations.AddConstraint(
            model_name="senderroute",
            constraint=models.UniqueConstraint(
                fields=("gateway", "address", "practice_id", "is_operators"), name="sender_route_once"
            ),
        ),
        migrations.RunSQL(sql=MADE_AT_OPERATORS, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=WORDS_AGAIN, reverse_sql=migrations.RunSQL.noop),
    ]

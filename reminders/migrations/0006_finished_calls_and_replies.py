"""Lists of what is done with keep their order by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_client_words"),
        ("practices", "0004_audit_chain"),
        ("reminders", "0005_sequence_live_types"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["practice", "closed_at", "id"],
                name="call_done",
            ),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["practice", "received_at", "id"], name="reply_newest"),
        ),
    ]

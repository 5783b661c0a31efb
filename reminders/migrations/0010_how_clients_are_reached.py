"""Has PostgreSQL count how many clients may be reached by text and by email, and why others may not (SEQ-12)."""

from typing import ClassVar

from django.db import migrations, models

_PATH = "SET search_path = pg_catalog, public, pg_temp"

# As in 0004, with two more columns: a statement adds one row for each combination whose number it changes.
_COUNTED = """
    INSERT INTO reminders_standingtally (id, practice_id, {columns}, change, is_folded)
    SELECT gen_random_uuid(), practice_id, {columns}, sum(change), false FROM ({rows}) changed
    WHERE standing <> '' GROUP BY practice_id, {columns} HAVING sum(change) <> 0;
"""
_OF_ONE = "standing"
_OF_ALL = "standing, sms_word, email_word"


def _count_by(columns: str) -> str:
    """Each of the three functions again, with these columns."""
    made = []
    for what, signed in (
        ("insert", (("after", 1),)),
        ("update", (("before", -1), ("after", 1))),
        ("delete", (("before", -1),)),
    ):
        rows = " UNION ALL ".join(
            f"SELECT practice_id, {columns}, {sign} AS change FROM {table}" for table, sign in signed
        )
        made.append(f"""
            CREATE OR REPLACE FUNCTION standing_tally_{what}() RETURNS trigger LANGUAGE plpgsql {_PATH} AS $$
            BEGIN
                {_COUNTED.format(columns=columns, rows=rows)}
                RETURN NULL;
            END $$;
        """)
    return "".join(made)


# Whoever has no word yet is planned anew, which gives one. The owner is bound by the walls as well, so they are
# lowered within this transaction, which keeps everybody else out.
PLAN_ANEW = """
    ALTER TABLE reminders_clientplan NO FORCE ROW LEVEL SECURITY;
    UPDATE reminders_clientplan SET replan_at = LEAST(replan_at, now()) WHERE standing <> '';
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE reminders_clientplan FORCE ROW LEVEL SECURITY;
"""

_WORDS = (
    "barred", "opted_out", "prefers_none", "no_address", "withdrawn", "vetoed", "unreachable", "shared", "stranger",
    "prefers_other", "unsaid", "own", "known",
)  # fmt: skip
_CHOICES = [(word, word.replace("_", " ").capitalize()) for word in _WORDS]


def _word(help_text: str) -> models.CharField:
    return models.CharField(blank=True, choices=_CHOICES, db_default="", help_text=help_text, max_length=14)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0009_messages_go_out")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="clientplan",
            name="sms_word",
            field=_word("Whether reminders may leave by text; empty: never planned."),
        ),
        migrations.AddField(
            model_name="clientplan",
            name="email_word",
            field=_word("Whether reminders may leave by email; empty: never planned."),
        ),
        migrations.AddField(
            model_name="standingtally",
            name="sms_word",
            field=models.CharField(blank=True, db_default="", max_length=14),
        ),
        migrations.AddField(
            model_name="standingtally",
            name="email_word",
            field=models.CharField(blank=True, db_default="", max_length=14),
        ),
        migrations.RunSQL(sql=PLAN_ANEW, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=_count_by(_OF_ALL), reverse_sql=_count_by(_OF_ONE)),
        migrations.AddIndex(
            model_name="clientplan",
            index=models.Index(fields=["practice", "sms_word", "name_key", "client"], name="client_plan_sms"),
        ),
        migrations.AddIndex(
            model_name="clientplan",
            index=models.Index(fields=["practice", "email_word", "name_key", "client"], name="client_plan_email"),
        ),
    ]

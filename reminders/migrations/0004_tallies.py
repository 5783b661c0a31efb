"""Has PostgreSQL note by how much each number changes, so that no page counts (DESIGN.md 6, SEQ-11, R33)."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

# A statement adds one row for each number that it changes; what it leaves as it was cancels out. Nobody waits for
# anybody: rows are only added here, and folded by the clock (reminders/operations/folding_tallies.py). The functions
# run as who changes the rows, behind the same wall.
_STANDING: str = """
    INSERT INTO reminders_standingtally (id, practice_id, standing, change, is_folded)
    SELECT gen_random_uuid(), practice_id, standing, sum(change), false FROM ({rows}) changed
    WHERE standing <> '' GROUP BY practice_id, standing HAVING sum(change) <> 0;
"""
_REMINDER: str = """
    INSERT INTO reminders_remindertally (id, practice_id, "on", state, reason, came_due, change, is_folded)
    SELECT gen_random_uuid(), practice_id, (allowed_at AT TIME ZONE 'UTC')::date, state, reason, came_due,
        sum(change), false
    FROM ({rows}) changed GROUP BY 2, 3, 4, 5, 6 HAVING sum(change) <> 0;
"""
_STANDING_COLUMNS = "practice_id, standing"
_REMINDER_COLUMNS = "practice_id, allowed_at, state, reason, came_due"


def _rows(columns: str, *signed: tuple[str, int]) -> str:
    return " UNION ALL ".join(f"SELECT {columns}, {sign} AS change FROM {table}" for table, sign in signed)


def _triggers(table: str, name: str, statement: str, columns: str) -> migrations.RunSQL:
    """One function and one trigger for each of insert, update and delete, each with the rows that it touched."""
    made, undone = [], []
    for what, referencing, signed in (
        ("insert", "NEW TABLE AS after", (("after", 1),)),
        ("update", "OLD TABLE AS before NEW TABLE AS after", (("before", -1), ("after", 1))),
        ("delete", "OLD TABLE AS before", (("before", -1),)),
    ):
        function = f"{name}_{what}"
        made.append(f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                {statement.format(rows=_rows(columns, *signed))}
                RETURN NULL;
            END $$;
            CREATE TRIGGER {function} AFTER {what.upper()} ON {table} REFERENCING {referencing}
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        """)
        undone.append(f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();")
    return migrations.RunSQL(sql="".join(made), reverse_sql="".join(undone))


# What stands in the tables already is counted once. The owner is bound by the walls as well, so they are lowered
# within this transaction, which keeps everybody else out. Whoever has no standing yet is planned anew, which gives one.
_TABLES = ("clients_client", "reminders_clientplan", "reminders_reminder", "reminders_standingtally",
           "reminders_remindertally")  # fmt: skip
_LOWER = "".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in _TABLES)
_RAISE = "".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in _TABLES)
COUNT = f"""
    {_LOWER}
    INSERT INTO reminders_clientplan (id, practice_id, client_id, replan_at)
    SELECT gen_random_uuid(), practice_id, id, now() FROM clients_client WHERE merged_into_id IS NULL
    ON CONFLICT (client_id) DO UPDATE SET replan_at = EXCLUDED.replan_at;
    UPDATE reminders_clientplan p SET standing = '' FROM clients_client c
    WHERE c.id = p.client_id AND c.merged_into_id IS NOT NULL;
    {_STANDING.format(rows=_rows(_STANDING_COLUMNS, ("reminders_clientplan", 1)))}
    {_REMINDER.format(rows=_rows(_REMINDER_COLUMNS, ("reminders_reminder", 1)))}
    SET CONSTRAINTS ALL IMMEDIATE;
    {_RAISE}
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0003_replies_steering_standing"), ("clients", "0004_staff_notes")]

    operations: ClassVar = [
        # No figure is asked for by kind, and the sequence of each changed reminder would have to be looked up.
        migrations.RemoveField(model_name="remindertally", name="kind"),
        migrations.AddField(
            model_name="remindertally",
            name="is_folded",
            field=models.BooleanField(default=False, help_text="The sum of what was noted before."),
        ),
        migrations.AddField(
            model_name="standingtally",
            name="is_folded",
            field=models.BooleanField(default=False, help_text="The sum of what was noted before."),
        ),
        migrations.AddIndex(
            model_name="remindertally",
            index=models.Index(fields=["practice"], condition=Q(is_folded=False), name="reminder_tally_new"),
        ),
        migrations.AddIndex(
            model_name="standingtally",
            index=models.Index(fields=["practice"], condition=Q(is_folded=False), name="standing_tally_new"),
        ),
        migrations.RunSQL(sql=COUNT, reverse_sql=migrations.RunSQL.noop),
        _triggers("reminders_clientplan", "standing_tally", _STANDING, _STANDING_COLUMNS),
        _triggers("reminders_reminder", "reminder_tally", _REMINDER, _REMINDER_COLUMNS),
    ]

"""What SQL puts a table behind its practice's wall? Used by migrations."""

from django.db import migrations

from practices.tenancy.scope import SETTING, SYSTEM_ROLE


def raise_wall(table: str, column: str = "practice_id") -> migrations.RunSQL:
    """Return the migration step that lets a table's rows be seen by their own practice alone.

    Without a setting no row matches. FORCE holds the owner to it too; the system role sees all
    (DESIGN.md 6).
    """
    own = f"{column} = NULLIF(current_setting('{SETTING}', true), '')::uuid"
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_practice ON {table} USING ({own}) WITH CHECK ({own});
            CREATE POLICY system_role ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true);
        """,
        reverse_sql=f"""
            DROP POLICY system_role ON {table};
            DROP POLICY own_practice ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )

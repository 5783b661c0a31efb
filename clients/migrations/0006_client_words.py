"""Has PostgreSQL keep the words under which a client is found, so that no search reads all names (DESIGN.md 6)."""

from typing import ClassVar

import django.db.models.deletion
import uuid6
from django.db import migrations, models

from practices.tenancy.walls import raise_wall

# "bjork ohara stjohn" is found from each of its words on; a number by how it begins at home, at its last seven digits
# and at its last four.
_WORDS: str = """
    INSERT INTO clients_clientword (id, practice_id, client_id, words)
    SELECT gen_random_uuid(), c.practice_id, c.id, found.words
    FROM {clients} c CROSS JOIN LATERAL (
        SELECT array_to_string((string_to_array(c.name_key, ' '))[place:], ' ') AS words
        FROM generate_series(1, 8) AS place
        UNION SELECT substr(c.phone, CASE WHEN c.phone LIKE '+1%' THEN 3 ELSE 2 END)
        UNION SELECT right(c.phone, 7)
        UNION SELECT right(c.phone, 4)
    ) found
    WHERE found.words <> '' {only};
"""
_CHANGED = (
    "SELECT {columns} FROM after a JOIN before b ON b.id = a.id "
    "WHERE (a.name_key, a.phone) IS DISTINCT FROM (b.name_key, b.phone)"
)
KEEP = f"""
    CREATE FUNCTION client_words_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_WORDS.format(clients="after", only="")}
        RETURN NULL;
    END $$;
    CREATE TRIGGER client_words_insert AFTER INSERT ON clients_client REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION client_words_insert();

    CREATE FUNCTION client_words_update() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS ({_CHANGED.format(columns="1")}) THEN
            DELETE FROM clients_clientword WHERE client_id IN ({_CHANGED.format(columns="a.id")});
            {_WORDS.format(clients="after", only=f"AND c.id IN ({_CHANGED.format(columns='a.id')})")}
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER client_words_update AFTER UPDATE ON clients_client
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION client_words_update();
"""
FORGET = """
    DROP TRIGGER client_words_update ON clients_client;
    DROP FUNCTION client_words_update();
    DROP TRIGGER client_words_insert ON clients_client;
    DROP FUNCTION client_words_insert();
"""

# Whoever is known already: the owner is bound by the walls as well, so they are lowered within this transaction.
FILL = f"""
    ALTER TABLE clients_client NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE clients_clientword NO FORCE ROW LEVEL SECURITY;
    {_WORDS.format(clients="clients_client", only="")}
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE clients_client FORCE ROW LEVEL SECURITY;
    ALTER TABLE clients_clientword FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("clients", "0005_suppression_lists")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ClientWord",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ("words", models.CharField(db_collation="C", max_length=160)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.client"
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
        migrations.AddIndex(
            model_name="clientword",
            index=models.Index(fields=["practice", "words", "client"], name="client_word"),
        ),
        raise_wall("clients_clientword"),
        # A list by name is paged by name and id.
        migrations.RemoveIndex(model_name="client", name="client_name"),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["practice", "name_key", "id"], name="client_name"),
        ),
        migrations.RunSQL(sql=FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=KEEP, reverse_sql=FORGET),
    ]

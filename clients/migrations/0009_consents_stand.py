"""Lets nobody change or take back a word of the consent ledger, but for erasing a client (SEQ-12, REC-5)."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

# A merge hands words over to the client who is kept (R18), so `client_id` alone may change. Words leave only with the
# client: those of one whose row says that she was erased. Neither role owns the table, so neither can put the trigger
# out of force; the owner is held to it too.
STAND = """
    CREATE FUNCTION clients_consent_stands() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'client_id' = to_jsonb(OLD) - 'client_id' THEN
            RETURN NEW;
        ELSIF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM clients_client WHERE id = OLD.client_id AND erased_at IS NOT NULL
        ) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'The ledger of consents is append-only.' USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER consent_stands BEFORE UPDATE OR DELETE ON clients_consent
    FOR EACH ROW EXECUTE FUNCTION clients_consent_stands();

    -- medspa/database/grants.sql gives every table's rows to be changed; not these.
    REVOKE UPDATE, DELETE ON clients_consent FROM medspa_system;
    REVOKE UPDATE ON clients_consent FROM medspa_app;
    GRANT UPDATE (client_id) ON clients_consent TO medspa_app;
"""
YIELD = """
    REVOKE UPDATE (client_id) ON clients_consent FROM medspa_app;
    GRANT UPDATE ON clients_consent TO medspa_app;
    GRANT UPDATE, DELETE ON clients_consent TO medspa_system;
    DROP TRIGGER consent_stands ON clients_consent;
    DROP FUNCTION clients_consent_stands();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("clients", "0008_messages_go_out")]

    operations: ClassVar = [
        migrations.RunSQL(sql=STAND, reverse_sql=YIELD),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(condition=Q(("is_hashed", True)), fields=["practice"], name="suppression_hashed"),
        ),
    ]

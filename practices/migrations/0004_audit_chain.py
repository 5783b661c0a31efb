"""Lets the database number and chain the audit trail, and nobody change it (TEN-5)."""

from typing import ClassVar

from django.db import migrations, models

# The formula of the digest stands once more in practices/queries/audit_trail.py, where it is checked. A temporary
# table could take the trail's place within the function, were the path not fixed.
CHAIN = """
    CREATE FUNCTION practices_audit_chain() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        last_number bigint;
        last_digest text;
    BEGIN
        -- One line after the other within a practice; other practices do not wait. A statement in here sees what
        -- was committed while it waited.
        PERFORM pg_advisory_xact_lock(hashtext('practices_audit'), hashtext(NEW.practice_id::text));
        SELECT number, digest INTO last_number, last_digest FROM practices_auditentry
        WHERE practice_id = NEW.practice_id ORDER BY number DESC LIMIT 1;
        NEW.number := COALESCE(last_number, 0) + 1;
        NEW.digest := encode(sha256(convert_to(jsonb_build_array(
            COALESCE(last_digest, ''), NEW.number, NEW.id, NEW.practice_id, extract(epoch FROM NEW.at),
            NEW.staff_member_id, NEW.action, NEW.client_id, NEW.subject_id, NEW.detail, host(NEW.address)
        )::text, 'UTF8')), 'hex');
        RETURN NEW;
    END $$;
    CREATE TRIGGER audit_chain BEFORE INSERT ON practices_auditentry
    FOR EACH ROW EXECUTE FUNCTION practices_audit_chain();

    CREATE FUNCTION practices_audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON practices_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION practices_audit_stands();

    -- medspa/database/grants.sql gives every table's rows to be changed; not these.
    REVOKE UPDATE, DELETE ON practices_auditentry FROM medspa_app, medspa_system;
"""

UNCHAIN = """
    GRANT UPDATE, DELETE ON practices_auditentry TO medspa_app, medspa_system;
    DROP TRIGGER audit_stands ON practices_auditentry;
    DROP TRIGGER audit_chain ON practices_auditentry;
    DROP FUNCTION practices_audit_stands();
    DROP FUNCTION practices_audit_chain();
"""


def _by_moment(fields: list[str], name: str) -> migrations.AddIndex:
    return migrations.AddIndex(model_name="auditentry", index=models.Index(fields=fields, name=name))


class Migration(migrations.Migration):
    """Number, digest, the refusal of every change, and what the trail is read by: the moment, not the number."""

    dependencies: ClassVar = [("practices", "0003_invitations_and_audit")]

    operations: ClassVar = [
        migrations.RunSQL(sql=CHAIN, reverse_sql=UNCHAIN),
        migrations.RemoveIndex(model_name="auditentry", name="audit_client"),
        migrations.RemoveIndex(model_name="auditentry", name="audit_staff_member"),
        _by_moment(["practice", "at", "number"], "audit_moment"),
        _by_moment(["practice", "client_id", "at", "number"], "audit_client"),
        _by_moment(["practice", "staff_member_id", "at", "number"], "audit_staff_member"),
        _by_moment(["practice", "action", "at", "number"], "audit_action"),
    ]

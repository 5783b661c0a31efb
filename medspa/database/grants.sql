-- What may each role do in this database? Run by medspa_owner, who owns it, before every migration.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO medspa_app', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO medspa_app, medspa_system;

ALTER DEFAULT PRIVILEGES FOR ROLE medspa_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO medspa_app, medspa_system;
ALTER DEFAULT PRIVILEGES FOR ROLE medspa_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO medspa_app, medspa_system;

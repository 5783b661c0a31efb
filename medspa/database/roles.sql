-- Which roles does the server need? Run once on a server, by its administrator; running it again changes nothing.
-- Passwords are the caller's: ALTER ROLE medspa_owner PASSWORD '...'; ALTER ROLE medspa_app PASSWORD '...';
-- Then: CREATE DATABASE medspa OWNER medspa_owner; what each role may do in it, `manage.py migrate` sets (grants.sql).
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'medspa_owner') THEN
        CREATE ROLE medspa_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'medspa_app') THEN
        CREATE ROLE medspa_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'medspa_system') THEN
        CREATE ROLE medspa_system NOLOGIN;
    END IF;
END
$$;

-- Web and workers are medspa_app: they see one practice at a time. For the few things that must cross practices
-- they take medspa_system by SET LOCAL ROLE, on purpose and for one transaction; nothing of it is inherited.
GRANT medspa_system TO medspa_app WITH INHERIT FALSE, SET TRUE;

-- An administrator who is no superuser (managed servers) can only give a database to a role that it is in.
GRANT medspa_owner TO CURRENT_USER;

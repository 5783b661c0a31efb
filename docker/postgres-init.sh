#!/usr/bin/env bash
# Makes the roles and the database when the PostgreSQL container starts for the first time.
set -euo pipefail

as_administrator=(psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER")
"${as_administrator[@]}" --dbname postgres --file /medspa/roles.sql
"${as_administrator[@]}" --dbname postgres \
    --set owner_password="$MEDSPA_OWNER_PASSWORD" --set app_password="$MEDSPA_APP_PASSWORD" <<'SQL'
ALTER ROLE medspa_owner PASSWORD :'owner_password';
ALTER ROLE medspa_app PASSWORD :'app_password';
CREATE DATABASE medspa OWNER medspa_owner;
SQL

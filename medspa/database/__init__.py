"""Which roles and rights does the database need? The SQL that every kind of installation runs."""

from pathlib import Path

ROLES = Path(__file__).with_name("roles.sql")
GRANTS = Path(__file__).with_name("grants.sql")

"""Is this installation safe to run? What settings alone cannot show: the database's roles."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

APPLICATION_ROLE = """
    SELECT rolsuper OR rolbypassrls, pg_has_role(current_user, datdba, 'MEMBER')
    FROM pg_roles, pg_database
    WHERE rolname = current_user AND datname = current_database()
"""


@register(Tags.database)
def application_role_is_walled_in(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None,
    **_: Any,
) -> list[CheckMessage]:
    """Will refuse a role that PostgreSQL does not hold to the walls between practices (DESIGN.md 6)."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(APPLICATION_ROLE)
        passes_walls, owns_tables = cursor.fetchone()
    if not (passes_walls or owns_tables):
        return []
    return [
        Error(
            "No wall between practices holds the role of DATABASE_URL: it is a superuser, has BYPASSRLS, "
            "or owns the tables.",
            hint="Give DATABASE_URL the role medspa_app, made by medspa/database/roles.sql.",
            id="medspa.E001",
        )
    ]

"""Does the application hold a role that PostgreSQL keeps behind the walls? (DESIGN.md 6)"""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from medspa.checks import application_role_is_walled_in


def check_as(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_the_application_s_role_passes_the_check() -> None:
    assert application_role_is_walled_in(None, databases=["default"]) == []


def test_the_owner_of_the_tables_is_refused_as_the_application(process_environment: dict[str, str]) -> None:
    owner = process_environment.pop("DATABASE_OWNER_URL")

    finished = check_as(process_environment | {"DATABASE_URL": owner})

    assert finished.returncode == 1
    assert "medspa.E001" in finished.stderr
    assert "Give DATABASE_URL the role medspa_app" in finished.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine ()",
        "ALTER TABLE practices_practice DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_practice ON practices_practice",
        "SET ROLE medspa_owner",
    ],
)
def test_the_application_may_not_touch_the_walls(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(statement)


def test_migrations_refuse_the_application_s_role() -> None:
    with pytest.raises(CommandError, match="leave --database out"):
        call_command("migrate", database="default", verbosity=0)

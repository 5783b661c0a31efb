"""Is every row of a practice behind its wall, now and for models yet to come? (TEN-1, DESIGN.md 6)"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from uuid6 import uuid7

from practices.models import Practice
from practices.tenancy import ScopeError, across_practices, practice_scope
from practices.tenancy.models import TenantModel

ROOT = Path(settings.BASE_DIR)
DOMAIN = ("practices", "cadences", "clients", "integrations", "reminders", "analytics")

GLOBAL_MODELS = {
    "practices.Person": "sign-in",
    "practices.OperatorLetter": "the service's own emails to those who sign in",
    "practices.LinkHost": "routing: host of links -> practice",
    "integrations.WebhookRoute": "routing: connection -> practice",
    "integrations.GatewayRoute": "routing: callback address -> practice",
    "integrations.SenderRoute": "routing: number or inbound address -> practices",
    "integrations.GatewayPace": "how many sends an account may make just now",
    "integrations.ErrorCode": "what vendors' error codes mean, as the operator corrected it",
    "reminders.LinkRoute": "routing: link token -> practice",
}
"""Tables without a practice. They carry no client data; each with what it is for."""

CROSSES_PRACTICES = {
    "practices/queries/directory.py": "the operator's commands; sign-in and the switcher",
    "integrations/queries/waiting.py": "whose turn it is; metrics",
    "integrations/queries/failing_accounts.py": "whose turn it is; metrics",
    "clients/queries/passed_visits.py": "whose turn it is",
    "reminders/operations/catching_up.py": "whose turn it is",
    "reminders/operations/sweeping.py": "whose turn it is",
    "reminders/queries/metrics.py": "metrics",
    "reminders/operations/serving_practices.py": "whose turn it is",
    "reminders/operations/folding_tallies.py": "whose turn it is",
}
"""The only files that may take the second role."""

# Left may refer to right, never the reverse (DESIGN.md 4).
ARROWS = ("reminders", "integrations", "clients", "cadences", "practices")


def _models() -> Iterator[type[models.Model]]:
    for app in DOMAIN:
        yield from apps.get_app_config(app).get_models()


def _tables() -> list[tuple[str, str]]:
    tables = [(model._meta.db_table, "practice_id") for model in _models() if issubclass(model, TenantModel)]
    return [(Practice._meta.db_table, "id"), *tables]


def test_every_model_belongs_to_a_practice_or_stands_on_the_list_of_global_ones() -> None:
    strangers = {
        model._meta.label
        for model in _models()
        if not issubclass(model, TenantModel) and model is not Practice and model._meta.label not in GLOBAL_MODELS
    }
    assert strangers == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "column"), _tables())
def test_a_table_of_practices_is_walled_in_and_forced(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        assert cursor.fetchone() == (True, True)
        cursor.execute(
            "SELECT policyname, roles::text[], qual, with_check FROM pg_policies WHERE tablename = %s ORDER BY 1",
            [table],
        )
        own, system = cursor.fetchall()
    assert own[0] == "own_practice"
    for rule in own[2:]:
        assert column in rule
        assert "current_setting('medspa.practice'" in rule
    assert system == ("system_role", ["medspa_system"], "true", "true")


@pytest.mark.django_db
def test_the_application_is_neither_owner_nor_above_the_walls() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in _models() if issubclass(model, TenantModel)])
def test_without_a_scope_nothing_is_seen_and_nothing_can_be_written(model: type[TenantModel]) -> None:
    assert list(model.objects.all()[:1]) == []  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_practice_sees_itself_alone_and_the_second_role_sees_all() -> None:
    ids = [uuid7(), uuid7()]
    for number, practice_id in enumerate(ids):
        with practice_scope(practice_id):
            Practice.objects.create(id=practice_id, slug=f"p{number}", name="P", time_zone="America/Chicago")
    for practice_id in ids:
        with practice_scope(practice_id):
            assert list(Practice.objects.values_list("pk", flat=True)) == [practice_id]
    assert list(Practice.objects.all()) == []
    with across_practices():
        assert set(Practice.objects.values_list("pk", flat=True)) == set(ids)
    assert list(Practice.objects.all()) == []


@pytest.mark.django_db
def test_a_row_cannot_be_written_into_another_practice() -> None:
    mine, theirs = uuid7(), uuid7()
    with practice_scope(theirs):
        Practice.objects.create(id=theirs, slug="theirs", name="P", time_zone="America/Chicago")
    with pytest.raises(Exception, match="row-level security"), practice_scope(mine):
        Practice.objects.create(id=uuid7(), slug="mine", name="P", time_zone="America/Chicago")
    with practice_scope(mine):
        assert Practice.objects.filter(pk=theirs).update(name="stolen") == 0


def test_scopes_of_two_practices_do_not_nest(db: None) -> None:
    with practice_scope(uuid7()), pytest.raises(ScopeError), practice_scope(uuid7()):
        pass
    with practice_scope(uuid7()), pytest.raises(ScopeError), across_practices():
        pass


def test_only_the_files_on_the_list_cross_practices() -> None:
    found = {
        str(path.relative_to(ROOT))
        for app in (*DOMAIN, "dashboard", "portal", "api", "medspa")
        for path in (ROOT / app).rglob("*.py")
        if "practices/tenancy" not in str(path) and _uses(path, "across_practices")
    }
    assert found == set(CROSSES_PRACTICES)


def test_foreign_keys_follow_the_arrows() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in _models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and ARROWS.index(field.related_model._meta.app_label) < ARROWS.index(model._meta.app_label)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_no_temporary_table_can_take_the_place_of_one_that_a_function_means() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.proconfig FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_language l ON l.oid = p.prolang WHERE NOT t.tgisinternal AND l.lanname = 'plpgsql'"
            " AND p.prosrc ~ 'practices_|cadences_|clients_|integrations_|reminders_|analytics_'"
        )
        found = dict(cursor.fetchall())
    assert len(found) >= 9
    assert {name for name, chosen in found.items() if chosen != ["search_path=pg_catalog, public, pg_temp"]} == set()


def _uses(path: Path, name: str) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))

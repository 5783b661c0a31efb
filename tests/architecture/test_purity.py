"""Do the pure parts stay pure, and the translators ignorant of tables? (DESIGN.md 4)"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

STANDARD = frozenset(sys.stdlib_module_names)
# A rule that can reach a file, a socket, a process or chance is not a function of its arguments.
IMPURE = {
    "asyncio",
    "http",
    "io",
    "os",
    "pathlib",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "threading",
    "urllib",
}
# They are servers that run by themselves, not gateways: vendors look at a clock, and a demo's may be another one.
STAND_INS = ("integrations.messaging.stand_ins",)
ENGINE = ("dateutil", "reminders.engine", "cadences.timeline")
TIMELINE = ("dateutil",)
MODELS = (
    "django.db",
    "practices.models",
    "cadences.models",
    "clients.models",
    "integrations.models",
    "reminders.models",
    "analytics.models",
    "practices.clock",
    "practices.tenancy",
)


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)


def lies_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def files(*places: str) -> list[Path]:
    found = []
    for place in places:
        path = settings.BASE_DIR / place
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return found


def strangers(file: Path, allowed: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in imports(file)
        if not lies_in(name, allowed) and (name.split(".")[0] not in STANDARD or name.split(".")[0] in IMPURE)
    ]


def barred(file: Path) -> tuple[str, ...]:
    module = ".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts)
    return tuple(each for each in MODELS if each != "practices.clock") if lies_in(module, STAND_INS) else MODELS


def test_the_engine_imports_the_standard_library_dateutil_and_the_timeline() -> None:
    checked = files("reminders/engine")

    assert checked
    assert {file.name: found for file in checked if (found := strangers(file, ENGINE))} == {}


def test_the_timeline_imports_the_standard_library_and_dateutil() -> None:
    checked = files("cadences/timeline.py")

    assert checked
    assert {file.name: found for file in checked if (found := strangers(file, TIMELINE))} == {}


@pytest.mark.parametrize("place", ["integrations/pms", "integrations/messaging"])
def test_connectors_and_gateways_import_no_models_no_tenant_and_no_clock(place: str) -> None:
    found = {
        str(file.relative_to(settings.BASE_DIR)): [name for name in imports(file) if lies_in(name, barred(file))]
        for file in files(place)
    }

    assert {file: names for file, names in found.items() if names} == {}


def test_a_stranger_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text("import math\nimport os\nfrom django.db import models\nfrom clients.models import Client\n")

    assert strangers(file, ENGINE) == ["os", "django.db.models", "clients.models.Client"]

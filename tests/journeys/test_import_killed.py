"""Is an import that was killed on the way finished by running it again, without a double? (INT-4)"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from clients.models import Client, TreatmentRecord
from integrations.imports.importing import BATCH_ROWS, import_file
from integrations.models import ImportRun
from practices import clock
from practices.models import Practice
from practices.tenancy import practice_scope
from tests.builders.practices import lakeview

ROWS = 4 * BATCH_ROWS
HEADER = "Client ID,First,Last,Date of service,Service,Qty,Unit,Paid"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "treatments.csv"
    rows = (f"G{number // 8},Dana,Kim,2026-{number % 8 + 1:02}-15,Botox,20,unit,240" for number in range(ROWS))
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def rows_done(practice: Practice) -> int:
    with practice_scope(practice.id):
        return sum(ImportRun.objects.values_list("rows", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_import_that_was_killed_is_finished_by_the_next(file: Path, process_environment: dict[str, str]) -> None:
    practice = lakeview()
    command = [sys.executable, "manage.py", "import_export", str(file), "--practice", practice.slug]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=process_environment, stdout=subprocess.PIPE)
    while not rows_done(practice) and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    process.kill()
    process.communicate()
    done = rows_done(practice)
    assert 0 < done < ROWS
    told = import_file(practice.id, file, clock.now())
    # A batch may have been recorded whose log was not written any more.
    assert 0 < told.counts.created <= ROWS - done
    assert told.counts.created + told.counts.unchanged == ROWS
    with practice_scope(practice.id):
        assert TreatmentRecord.objects.count() == ROWS
        assert Client.objects.count() == ROWS // 8
        assert sorted(ImportRun.objects.values_list("state", flat=True)) == ["done", "failed"]

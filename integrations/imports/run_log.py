"""What is kept of an import while it runs and afterwards?"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from integrations.events import RecordsHeard, records_heard
from integrations.imports.recording import Counts
from integrations.models.import_run import ImportProblem, ImportRun
from practices.tenancy import practice_scope


def begin(practice_id: UUID, file_name: str, sha256: str, preset: str, now: datetime) -> UUID:
    """Open the log of a run. A run of the same file that was killed is closed as failed."""
    with practice_scope(practice_id):
        ImportRun.objects.filter(file_sha256=sha256, state=ImportRun.State.RUNNING).update(
            state=ImportRun.State.FAILED, finished_at=now
        )
        run = ImportRun.objects.create(
            practice_id=practice_id,
            file_name=file_name[:200],
            file_sha256=sha256,
            preset=preset,
            started_at=now,
        )
    return run.pk


def note(practice_id: UUID, run_id: UUID, rows: int, counts: Counts, bad: Sequence[tuple[int, str]]) -> None:
    """Add what a batch came to, with the rows that could not be read."""
    with practice_scope(practice_id):
        ImportRun.objects.filter(pk=run_id).update(
            rows=F("rows") + rows,
            created=F("created") + counts.created,
            updated=F("updated") + counts.updated,
            unchanged=F("unchanged") + counts.unchanged,
            bad=F("bad") + len(bad),
        )
        ImportProblem.objects.bulk_create(
            [ImportProblem(practice_id=practice_id, run_id=run_id, line=line, reason=reason) for line, reason in bad],
            batch_size=1_000,
        )


def end(practice_id: UUID, run_id: UUID, *, is_done: bool, now: datetime) -> None:
    """Close the log of a run: it went through the whole file, or it failed on the way."""
    state = ImportRun.State.DONE if is_done else ImportRun.State.FAILED
    with practice_scope(practice_id):
        ImportRun.objects.filter(pk=run_id).update(state=state, finished_at=now)
        if is_done:
            records_heard.send(sender=ImportRun, event=RecordsHeard(practice_id, now))

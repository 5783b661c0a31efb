"""Which files were imported, and which of their rows could not be?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class ImportRun(TenantModel):
    """One import of one file (INT-4)."""

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    preset = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "started_at"], name="import_run_started")]

    def __str__(self) -> str:
        return f"{self.preset} {self.pk}"


class ImportProblem(TenantModel):
    """One row that could not be imported, and why."""

    run = models.ForeignKey("integrations.ImportRun", on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(help_text="As a text editor counts, the header being line 1.")
    reason = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}"


class ColumnMapping(TenantModel):
    """A practice's own reading of a file's columns, saved under a name (INT-4)."""

    name = models.SlugField(max_length=40)
    columns = models.JSONField(help_text="Our field -> the file's column.")
    header_key = models.CharField(max_length=64, help_text="SHA-256 of the header it was made for.")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="column_mapping_name_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "header_key"], name="column_mapping_header")]

    def __str__(self) -> str:
        return self.name

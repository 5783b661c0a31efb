"""Which lines wait for a person because nobody can tell whose they are?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class UnmatchedRecord(TenantModel):
    """A line that names no id, and a name that fits no client or several (facts: Aesthetic Record)."""

    source = models.CharField(max_length=40)
    line_key = models.CharField(max_length=200)
    client_name = models.CharField(max_length=160)
    name_key = models.CharField(max_length=160)
    reason = models.CharField(max_length=20, help_text="NO_SUCH_NAME or SEVERAL_OF_THAT_NAME.")
    payload = models.JSONField(help_text="The line as reported, to be applied once a person has chosen.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "source", "line_key"], name="unmatched_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "name_key"], name="unmatched_name")]

    def __str__(self) -> str:
        return str(self.pk)

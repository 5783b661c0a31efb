"""How did the operator correct what a gateway's error code means? (DESIGN.md 7; messaging.md 1.10)"""

from typing import ClassVar

from django.db import models
from uuid6 import uuid7

from integrations.messaging.base import Meaning


class ErrorCode(models.Model):
    """A correction of one row of a gateway's own table of codes: vendors announce that codes change. Global."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gateway = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    meaning = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Meaning])
    sentence = models.CharField(max_length=200, help_text="What people read: not a mobile number.")
    changed_at = models.DateTimeField()
    changed_by_id = models.UUIDField(null=True, blank=True, help_text="The operator who did.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway", "code"], name="error_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.code}"

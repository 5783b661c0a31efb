"""Which outside system is a practice linked to, and where do its webhooks arrive?"""

from typing import ClassVar

from django.db import models
from uuid6 import uuid7

from practices.tenancy.models import TenantModel


class Connection(TenantModel):
    """One practice's link to one system."""

    kind = models.CharField(max_length=30, help_text="The connector: generic.")
    source = models.CharField(max_length=40, help_text="The namespace of the ids it speaks of.")
    secret = models.BinaryField(help_text="The signing secret (whsec_…), encrypted.")
    bearer_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bearer token.")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_event_at = models.DateTimeField(null=True, blank=True, help_text="Last accepted event (R20).")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "created_at"], name="connection_created")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class WebhookRoute(models.Model):
    """Which practice a webhook address belongs to. Global: it carries no client data (DESIGN.md 6)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False, help_text="The connection's id.")
    practice_id = models.UUIDField()
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.pk)

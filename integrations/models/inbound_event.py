"""What arrived by webhook, and what became of it?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class InboundEvent(TenantModel):
    """One webhook as it arrived: stored before it is acknowledged, applied once (INT-3)."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"
        RETRYING = "retrying", "To be tried again"
        SET_ASIDE = "set_aside", "Set aside"
        IGNORED = "ignored", "Kept, of an unknown type"

    connection = models.ForeignKey(
        "integrations.Connection", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    webhook_id = models.CharField(max_length=200, help_text="The sender's id: a repeat is stored once.")
    type = models.CharField(max_length=60)
    body = models.TextField(help_text="As it arrived.")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "webhook_id"], name="inbound_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "next_attempt_at"],
                condition=Q(state__in=["received", "retrying"]),
                name="inbound_event_to_apply",
            ),
            models.Index(fields=["practice", "received_at"], name="inbound_event_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

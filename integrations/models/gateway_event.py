"""What did a gateway report of a message, or bring from a client, and what became of it? (CHN-2, CHN-4)"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class GatewayEvent(TenantModel):
    """One thing a verified callback told one practice: stored before it is acknowledged, applied once."""

    class Kind(models.TextChoices):
        """What it is. Words of clients are applied first, and come first in this order too."""

        MESSAGE = "message", "A client's message"
        REPORT = "report", "What became of a message"

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"
        RETRYING = "retrying", "To be tried again"
        SET_ASIDE = "set_aside", "Set aside"

    gateway = models.CharField(max_length=20)
    kind = models.CharField(max_length=7, choices=Kind)
    event_key = models.CharField(max_length=200, help_text="A repeat has the same: it is stored once.")
    told = models.JSONField(help_text="The gateway's report or message in our words.")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "gateway", "event_key"], name="gateway_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "kind", "next_attempt_at"],
                condition=Q(state__in=["received", "retrying"]),
                name="gateway_event_to_apply",
            ),
            models.Index(fields=["practice", "received_at"], name="gateway_event_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

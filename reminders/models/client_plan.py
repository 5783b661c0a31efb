"""When must a client's plan be made again although nothing was reported?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class ClientPlan(TenantModel):
    """The planner's note on one client: time alone changes plans too (lapse, re-opening, a series)."""

    client = models.OneToOneField("clients.Client", on_delete=models.CASCADE, related_name="+")
    replan_at = models.DateTimeField(null=True, blank=True)
    reactivates_on = models.DateField(
        null=True, blank=True, help_text="The day that go-live's spreading gave this lapsed client (R19)."
    )
    snoozed_until = models.DateField(null=True, blank=True, help_text="She asked for later (R27).")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "replan_at", "client"],
                condition=Q(replan_at__isnull=False),
                name="client_plan_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

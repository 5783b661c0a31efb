"""Who is unhappy, or may want fewer messages, and does a person look after it?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class ServiceIssue(TenantModel):
    """Something waits for a person to settle it with the client; promotion pauses meanwhile (SEQ-8, R29)."""

    class Origin(models.TextChoices):
        """Where it came to light."""

        NOTE = "note", "Note in the record"
        SURVEY = "survey", "Survey"
        REPLY = "reply", "Reply"
        STAFF = "staff", "Staff"
        WISH = "wish", "Unclear wish about messages"

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="service_issues")
    origin = models.CharField(max_length=6, choices=Origin)
    remote_id = models.CharField(max_length=170, blank=True)
    text = models.TextField(blank=True)
    opened_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "origin", "remote_id"],
                condition=~Q(remote_id=""),
                name="service_issue_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "client"],
                condition=Q(resolved_at__isnull=True),
                name="service_issue_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

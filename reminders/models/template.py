"""Which words may go out, in whose name, and who approved them?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.models.practice import Practice
from practices.tenancy.models import TenantModel
from reminders.engine.words import Channel, Touchpoint
from reminders.models.choices import choices_of


class Template(TenantModel):
    """The text of one touchpoint on one channel, of the practice or of one provider (MSG-1)."""

    touchpoint = models.CharField(max_length=30, choices=choices_of(Touchpoint))
    channel = models.CharField(max_length=5, choices=choices_of(Channel))
    detail = models.CharField(max_length=10, choices=Practice.Detail)
    provider = models.ForeignKey(
        "practices.Provider", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "touchpoint", "channel", "detail", "provider"],
                nulls_distinct=False,
                name="template_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.channel}"


class TemplateVersion(TenantModel):
    """One exact wording. An approval is bound to it; it never changes afterwards (MSG-8)."""

    class State(models.TextChoices):
        """Where it stands (MSG-2)."""

        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        RETIRED = "retired", "Retired"

    template = models.ForeignKey("reminders.Template", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    is_shipped = models.BooleanField(default=False, help_text="Came with medspa: approved by going live.")
    approved_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.UniqueConstraint(fields=["template"], condition=Q(state="approved"), name="template_one_approved"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.template_id}"

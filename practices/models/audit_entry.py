"""Who did or viewed what about whom, from where, and when? An append-only trail (TEN-5)."""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class AuditEntry(TenantModel):
    """One line of the trail. It holds ids, no names; no role of the application may change or delete it.

    `number` counts a practice's entries without a gap and `digest` is drawn from this entry and the one before:
    PostgreSQL writes both, so that a row taken out or altered shows.
    """

    number = models.BigIntegerField(editable=False, default=0)
    at = models.DateTimeField()
    staff_member_id = models.UUIDField(null=True, blank=True, help_text="Who; empty: the system or the client.")
    action = models.CharField(max_length=40, help_text="What was done: client_viewed, reminder_moved.")
    client_id = models.UUIDField(null=True, blank=True, help_text="About which client.")
    subject_id = models.UUIDField(null=True, blank=True, help_text="The row that it was done to.")
    detail = models.JSONField(default=dict, blank=True, help_text="Ids, dates and choices; no names, no texts.")
    address = models.GenericIPAddressField(null=True, blank=True, help_text="From where.")
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name_plural = "audit entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="audit_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "at", "number"], name="audit_moment"),
            models.Index(fields=["practice", "client_id", "at", "number"], name="audit_client"),
            models.Index(fields=["practice", "staff_member_id", "at", "number"], name="audit_staff_member"),
            models.Index(fields=["practice", "action", "at", "number"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.number}"

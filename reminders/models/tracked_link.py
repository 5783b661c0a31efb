"""Where does a short link of a message lead, and was it opened? (MSG-5, LIB-4)"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel
from reminders.engine.words import Channel
from reminders.models.choices import choices_of


class TrackedLink(TenantModel):
    """One booking link in one reminder on one channel: the practice's own, seen by no third party."""

    token = models.CharField(max_length=16)
    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_index=False)
    reminder = models.ForeignKey("reminders.Reminder", on_delete=models.CASCADE, related_name="links")
    channel = models.CharField(max_length=5, choices=choices_of(Channel))
    target = models.URLField(max_length=500)
    made_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    times_opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "token"], name="tracked_link_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "client"], name="tracked_link_client")]

    def __str__(self) -> str:
        return self.token


class LinkRoute(models.Model):
    """Which practice a short link belongs to. Global: token -> practice (DESIGN.md 6)."""

    token = models.CharField(primary_key=True, max_length=16)
    practice_id = models.UUIDField()

    def __str__(self) -> str:
        return self.token

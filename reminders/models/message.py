"""What was said to a client, and how did each try to hand it over end?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel
from reminders.engine.words import Channel, MessageKind, Touchpoint
from reminders.models.choices import choices_of


class Message(TenantModel):
    """One outreach that was decided: for one reminder or several joined, on one channel or both."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=12, choices=choices_of(MessageKind))
    touchpoint = models.CharField(max_length=30, choices=choices_of(Touchpoint))
    provider = models.ForeignKey(
        "practices.Provider",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="In whose voice; empty: the practice's (R31).",
    )
    decided_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="First acceptance on any channel.")
    is_void = models.BooleanField(
        default=False, help_text="No try was ever accepted and none may have been: it counts for no cap."
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "client", "decided_at"], name="message_client")]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.pk}"


class Delivery(TenantModel):
    """One try to hand the exact text over to a gateway, committed before the call, and its fate."""

    class State(models.TextChoices):
        """States only move forward."""

        ATTEMPTED = "attempted", "Attempted"
        ACCEPTED = "accepted", "Accepted"
        DELIVERED = "delivered", "Delivered"
        REFUSED = "refused", "Refused"
        UNDELIVERED = "undelivered", "Undelivered"
        UNKNOWN = "unknown", "Unknown"

    message = models.ForeignKey("reminders.Message", on_delete=models.CASCADE, related_name="deliveries")
    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=choices_of(Channel))
    gateway = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField(default=1, help_text="Which try.")
    to_address = models.CharField(max_length=254)
    from_name = models.CharField(max_length=120)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(help_text="The exact text; of an email, its plain-text part.")
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    template_version = models.ForeignKey(
        "reminders.TemplateVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(max_length=11, choices=State, default=State.ATTEMPTED)
    attempted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "channel", "number"], name="delivery_try_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "attempted_at"], name="delivery_attempted"),
            models.Index(
                fields=["attempted_at"],
                condition=Q(state__in=["attempted", "unknown"]),
                name="delivery_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

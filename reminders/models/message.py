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
    written_by = models.ForeignKey(
        "practices.StaffMember",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Of an answer: who wrote it (CHN-4).",
    )
    answers = models.ForeignKey(
        "reminders.Reply",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        help_text="Of an answer: what it answers.",
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

        READY = "ready", "Ready"
        ATTEMPTED = "attempted", "Attempted"
        ACCEPTED = "accepted", "Accepted"
        DELIVERED = "delivered", "Delivered"
        REFUSED = "refused", "Refused"
        UNDELIVERED = "undelivered", "Undelivered"
        UNKNOWN = "unknown", "Unknown"

    message = models.ForeignKey(
        "reminders.Message", on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=choices_of(Channel))
    gateway = models.CharField(max_length=20)
    account = models.ForeignKey(
        "integrations.GatewayAccount",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The account it left through; none for the outbox.",
    )
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
    next_at = models.DateTimeField(
        null=True, blank=True, help_text="When it is sent (ready), or asked about next (attempted, unknown)."
    )
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Of an answer: not sent later than this.")
    settled_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="When the gateway said that it arrived.")
    remote_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    error_code = models.CharField(max_length=40, blank=True, db_default="", help_text="The gateway's own code.")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "channel", "number"], name="delivery_try_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "attempted_at"], name="delivery_attempted"),
            models.Index(fields=["practice", "next_at"], condition=Q(next_at__isnull=False), name="delivery_next"),
            models.Index(fields=["practice", "attempted_at"], condition=Q(state="unknown"), name="delivery_unknown"),
            models.Index(fields=["practice", "remote_id"], condition=~Q(remote_id=""), name="delivery_remote_id"),
            models.Index(fields=["practice", "client", "attempted_at"], name="delivery_client"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

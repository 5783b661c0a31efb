"""With which account does a practice send through a gateway, and does it work? (CHN-1)"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from uuid6 import uuid7

from practices.tenancy.models import TenantModel


class GatewayAccount(TenantModel):
    """One practice's account at one gateway, or its share in the operator's."""

    gateway = models.CharField(max_length=20, help_text="The gateway's key: twilio_sms.")
    is_operators = models.BooleanField(default=False, help_text="The operator's credentials are used.")
    credentials = models.BinaryField(help_text="Field -> value as JSON, encrypted; also the sender's number.")
    shown = models.JSONField(default=dict, help_text="The fields that are no secret, as the manager sees them.")
    sends_per_second = models.FloatField(
        null=True, blank=True, help_text="What the vendor allows this account; empty: the gateway's default."
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True, help_text="Last time that the credentials were tried.")
    failing_since = models.DateTimeField(null=True, blank=True, help_text="Nothing leaves while this is set.")
    trouble = models.CharField(max_length=300, blank=True, help_text="What is wrong, as a sentence.")
    trouble_code = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the owners were told by email.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "gateway"], condition=Q(is_active=True), name="gateway_account_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["failing_since"], condition=Q(failing_since__isnull=False), name="gateway_account_failing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.pk}"


class GatewayRoute(models.Model):
    """Which practice a callback's address belongs to. Global: it carries no client data (DESIGN.md 6)."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="Random; the address ends with it.")
    practice_id = models.UUIDField()
    account_id = models.UUIDField(unique=True)
    gateway = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.pk)


class SenderRoute(models.Model):
    """Which practices send from a number or take replies at an address: several may share one (R28). Global.

    Clients answer to a number that the practice has replaced for as long as they keep its texts: it goes on leading
    to the practice until it disconnects the gateway, and no longer keeps others from taking the number. What was typed
    into a practice's own account proves nothing at the operator's, where the number alone says whose a text is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gateway = models.CharField(max_length=20)
    address = models.CharField(max_length=254, help_text="E.164, email in lower case, or the vendor's id of a place.")
    is_operators = models.BooleanField(
        default=False,
        help_text="It is one of the operator's account; else it was typed into one of the practice's own.",
    )
    practice_id = models.UUIDField()
    replaced_at = models.DateTimeField(
        null=True, blank=True, help_text="When the practice gave another one instead; empty: it sends from there."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gateway", "address", "practice_id", "is_operators"], name="sender_route_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice_id"], name="sender_route_practice")]

    def __str__(self) -> str:
        return str(self.pk)


class GatewayPace(models.Model):
    """How many sends an account may make just now (CHN-3). Global: the operator's is shared by practices."""

    key = models.CharField(primary_key=True, max_length=60, help_text="The account's id, or operator:twilio_sms.")
    tokens = models.FloatField(help_text="Sends that may be made at once, as of `counted_at`; negative: owed.")
    counted_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True, help_text="The vendor asked us to wait until then.")

    def __str__(self) -> str:
        return self.key

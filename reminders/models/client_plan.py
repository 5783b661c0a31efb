"""How does a client stand, and when must the plan be made again although nothing was reported?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel
from reminders.engine.words import Reach, Standing
from reminders.models.choices import choices_of

NOWHERE = ""
"""The standing of a tombstone: it is neither listed nor counted (R18)."""


class ClientPlan(TenantModel):
    """The planner's note on one client: time alone changes plans too (lapse, re-opening, a series)."""

    client = models.OneToOneField("clients.Client", on_delete=models.CASCADE, related_name="+")
    replan_at = models.DateTimeField(null=True, blank=True)
    reactivates_on = models.DateField(
        null=True, blank=True, help_text="The day that go-live's spreading gave this lapsed client (R19)."
    )
    snoozed_until = models.DateField(null=True, blank=True, help_text="She asked for later (R27).")

    paused_at = models.DateTimeField(null=True, blank=True, help_text="Staff paused her promotion (SEQ-10).")
    paused_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    standing = models.CharField(
        max_length=10,
        choices=choices_of(Standing),
        default=Standing.NONE,
        db_default=Standing.NONE.value,
        help_text="How she stands, in one word.",
    )
    sms_word = models.CharField(
        max_length=14,
        choices=choices_of(Reach),
        blank=True,
        db_default="",
        help_text="Whether reminders may leave by text; empty: never planned.",
    )
    email_word = models.CharField(
        max_length=14,
        choices=choices_of(Reach),
        blank=True,
        db_default="",
        help_text="Whether reminders may leave by email; empty: never planned.",
    )
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the next open reminder is decided on.")
    name_key = models.CharField(
        max_length=160,
        blank=True,
        db_default="",
        db_collation="C",
        help_text="The client's, so that a filtered list has an order.",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "standing", "name_key", "client"], name="client_plan_standing"),
            models.Index(fields=["practice", "sms_word", "name_key", "client"], name="client_plan_sms"),
            models.Index(fields=["practice", "email_word", "name_key", "client"], name="client_plan_email"),
            models.Index(
                fields=["practice", "replan_at", "client"],
                condition=Q(replan_at__isnull=False),
                name="client_plan_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

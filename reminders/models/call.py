"""Whom should a person call, and why?"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel

OF_OWN_ACCORD: Final = ""
"""The reason of a call that was on no list: staff made it of their own accord, and keep what came of it."""


class Call(TenantModel):
    """One entry of the call list: a no-show, a series that stalled, an outcome nobody knows (R9, R10, R15)."""

    class Reason(models.TextChoices):
        """Why a person should look."""

        NO_SHOW = "NO_SHOW", "Did not show up"
        SERIES_STALLED = "SERIES_STALLED", "Next session of the series is not booked"
        UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME", "Nobody knows whether the visit took place"
        SERVICE_ISSUE = "SERVICE_ISSUE", "Unhappy"

    class Outcome(models.TextChoices):
        """How the call went."""

        BOOKED = "booked", "Booked"
        WILL_BOOK = "will_book", "Will book later"
        LATER = "later", "Asked to be left for a while"
        NO_ANSWER = "no_answer", "No answer"
        LEFT_MESSAGE = "left_message", "Left a message"
        SETTLED = "settled", "Settled"
        NOT_COMING = "not_coming", "Will not come back"

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="calls")
    reason = models.CharField(max_length=16, choices=Reason)
    anchor = models.CharField(max_length=40, help_text="The treatment, appointment or issue it is about.")
    opened_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        "practices.StaffMember",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looks after it (CARE-2).",
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, db_default="")
    note = models.TextField(blank=True, db_default="", help_text="What was said, in the words of whoever called.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "practices.StaffMember",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where the records settled it.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "client", "reason", "anchor"], name="call_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "opened_at"], condition=Q(closed_at__isnull=True), name="call_open"),
            models.Index(
                fields=["practice", "closed_at", "id"], condition=Q(closed_by__isnull=False), name="call_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"

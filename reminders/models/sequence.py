"""What is planned for a client, and what became of it?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel
from reminders.engine.words import ReminderState, SequenceKind, SequenceState
from reminders.models.choices import choices_of

LIVE = Q(state__in=["open", "booked", "paused", "holdout"])


class Sequence(TenantModel):
    """One client in one cadence after one treatment, or around one appointment (SEQ)."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="sequences")
    key = models.CharField(max_length=60, help_text="Kind and anchor: replanning finds it again by this.")
    kind = models.CharField(max_length=12, choices=choices_of(SequenceKind))
    state = models.CharField(max_length=8, choices=choices_of(SequenceState))
    reason = models.CharField(max_length=24, blank=True)
    cycle = models.PositiveSmallIntegerField(default=0, help_text="How often it was re-opened.")
    treatment = models.ForeignKey(
        "clients.Treatment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    appointment = models.ForeignKey(
        "clients.Appointment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    treatment_type = models.ForeignKey(
        "cadences.TreatmentType",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    cadence_version = models.ForeignKey(
        "cadences.CadenceVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    family = models.CharField(max_length=40, blank=True)
    day_zero = models.DateField(null=True, blank=True)
    starts_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a confirmation: the start of the visit it is planned for."
    )
    told_starts_at = models.DateTimeField(
        null=True, blank=True, help_text="The start the client last heard of, or was first planned for (R8)."
    )
    opened_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "client", "key"], name="sequence_key_once"),
            models.UniqueConstraint(
                fields=["practice", "client", "treatment_type"],
                condition=Q(kind="refill") & LIVE,
                name="sequence_one_live_refill",
            ),
            models.UniqueConstraint(
                fields=["practice", "client"],
                condition=Q(kind="reactivation") & LIVE,
                name="sequence_one_live_reactivation",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "treatment_type", "cadence_version"],
                condition=Q(kind="refill") & LIVE,
                name="sequence_live_types",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Reminder(TenantModel):
    """One planned outreach. A row, not a job: `due_at` says when it is decided next (DESIGN.md 1, 5)."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_index=False)
    sequence = models.ForeignKey(
        "reminders.Sequence", on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    step = models.CharField(max_length=24, help_text="The cadence's step key, or the confirmation's.")
    cycle = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=choices_of(ReminderState))
    reason = models.CharField(max_length=24, blank=True)
    planned_at = models.DateTimeField(help_text="Day zero, offset and send time, before windows (R2).")
    allowed_at = models.DateTimeField(help_text="The first moment that R2, R3, R17 and R18 allow (R4).")
    due_at = models.DateTimeField(help_text="When it is decided next.")
    valid_until = models.DateTimeField(null=True, blank=True, help_text="When saying it stops making sense.")
    moved_to = models.DateTimeField(
        null=True, blank=True, help_text="Where staff moved it: the plan keeps to this instead of the cadence (SEQ-10)."
    )
    came_due = models.BooleanField(
        default=False, help_text="Its moment had come before it was cancelled: it stays in the ledger (R33)."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        "reminders.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence", "step", "cycle"], name="reminder_step_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "due_at", "client"],
                include=["sequence", "step"],
                condition=Q(state__in=["planned", "waiting"]),
                name="reminder_due",
            ),
            models.Index(
                fields=["practice", "reason", "due_at"],
                include=["client", "allowed_at", "valid_until"],
                condition=Q(state="waiting"),
                name="reminder_waiting",
            ),
            models.Index(
                fields=["practice", "allowed_at", "id"],
                include=["message"],
                condition=Q(state="failed"),
                name="reminder_failed",
            ),
            models.Index(fields=["practice", "client"], name="reminder_client"),
            models.Index(
                fields=["practice", "allowed_at", "id"],
                include=["state", "reason", "came_due"],
                name="reminder_allowed",
            ),
            models.Index(
                fields=["decided_at"],
                condition=Q(state__in=["claimed", "unknown"]),
                name="reminder_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"

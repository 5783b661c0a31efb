"""What is booked, and what became of it?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class AppointmentStatus(models.TextChoices):
    """Where an appointment stands (REC-4)."""

    BOOKED = "booked", "Booked"
    CONFIRMED = "confirmed", "Confirmed"
    ARRIVED = "arrived", "Arrived"
    COMPLETED = "completed", "Completed"
    NO_SHOW = "no_show", "No-show"
    CANCELLED = "cancelled", "Cancelled"


class Appointment(TenantModel):
    """One booking of one client. Cancelled before it was booked, it is a tombstone without a start (R13)."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="appointments")
    source = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=160)
    starts_at = models.DateTimeField(null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    location = models.ForeignKey(
        "practices.Location",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    provider = models.ForeignKey(
        "practices.Provider",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    status = models.CharField(max_length=10, choices=AppointmentStatus, default=AppointmentStatus.BOOKED)
    is_cancelled_by_practice = models.BooleanField(default=False, help_text="Then the client is told (R8).")
    booked_at = models.DateTimeField(null=True, blank=True, help_text="When the client made it.")
    learned_at = models.DateTimeField(help_text="When medspa first heard of it (R4).")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When its start last changed (R8).")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was cancelled, missed or completed, as its source says."
    )
    version = models.BigIntegerField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When its source said so (R13).")
    content_hash = models.CharField(max_length=32, help_text="Of the newest word: tells a repeat (R13).")
    field_stamps = models.JSONField(
        default=dict, help_text="Field -> when it was said, where that was before the newest word (R13)."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "source", "remote_id"], name="appointment_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "starts_at"], name="appointment_start")]

    def __str__(self) -> str:
        return str(self.pk)


class AppointmentService(TenantModel):
    """One service booked in an appointment."""

    appointment = models.ForeignKey("clients.Appointment", on_delete=models.CASCADE, related_name="services")
    position = models.PositiveSmallIntegerField(default=0)
    service = models.ForeignKey("cadences.Service", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appointment", "position"], name="appointment_service_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AppointmentChange(TenantModel):
    """One change of an appointment's start or status: its history (REC-4)."""

    appointment = models.ForeignKey("clients.Appointment", on_delete=models.CASCADE, related_name="changes")
    changed_at = models.DateTimeField()
    from_starts_at = models.DateTimeField(null=True, blank=True)
    to_starts_at = models.DateTimeField(null=True, blank=True)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)

    class Meta:
        ordering: ClassVar = ["changed_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)

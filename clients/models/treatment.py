"""What was treated? As each source said it, and as medspa counts it."""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class TreatmentStatus(models.TextChoices):
    """Whether a treatment counts."""

    COMPLETED = "completed", "Completed"
    VOIDED = "voided", "Voided"


class Treatment(TenantModel):
    """One treatment that happened: one client, one type, one day (R16), drawn from its records."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="treatments")
    treatment_type = models.ForeignKey(
        "cadences.TreatmentType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    performed_on = models.DateField(help_text="Day zero: the date in the location's zone (R1).")
    status = models.CharField(max_length=10, choices=TreatmentStatus, default=TreatmentStatus.COMPLETED)
    area = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    provider = models.ForeignKey(
        "practices.Provider",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    location = models.ForeignKey(
        "practices.Location",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    series_key = models.CharField(max_length=120, blank=True)
    series_number = models.PositiveSmallIntegerField(null=True, blank=True)
    is_series_complete = models.BooleanField(null=True, blank=True, help_text="As the PMS says (R15).")
    recorded_at = models.DateTimeField(help_text="When medspa first knew of it: steps before that are past.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "client", "treatment_type", "performed_on"], name="treatment_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TreatmentRecord(TenantModel):
    """One line of one source about a service done. Kept as said, mapped or not; never planned from."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="treatment_records")
    treatment = models.ForeignKey(
        "clients.Treatment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="records",
        help_text="What it counts as; empty while its service is no mapped treatment.",
    )
    source = models.CharField(max_length=40, help_text="The document it stands in: zenoti_sales_cash.")
    line_key = models.CharField(max_length=200, help_text="What tells the line from others of its source.")
    service = models.ForeignKey(
        "cadences.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where only its void was heard of so far (R13).",
    )
    performed_on = models.DateField(null=True, blank=True)
    performed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=TreatmentStatus, default=TreatmentStatus.COMPLETED)
    area = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    provider = models.ForeignKey(
        "practices.Provider",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    location = models.ForeignKey(
        "practices.Location",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    series_key = models.CharField(max_length=120, blank=True)
    series_number = models.PositiveSmallIntegerField(null=True, blank=True)
    is_series_complete = models.BooleanField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When its source said so (R13).")
    content_hash = models.CharField(max_length=32, help_text="Of the newest word: tells a repeat (R13).")
    field_stamps = models.JSONField(
        default=dict, help_text="Field -> when it was said, where that was before the newest word (R13)."
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "source", "line_key"], name="treatment_line_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

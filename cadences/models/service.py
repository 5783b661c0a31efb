"""What does a name on the PMS's price list mean? (LIB-5)"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class ServiceKind(models.TextChoices):
    """What a service name means for reminders (R6)."""

    TREATMENT_TYPE = "treatment_type", "A treatment of the library"
    CONSULTATION = "consultation", "A consultation for injectables"
    FOLLOW_UP = "follow_up", "A follow-up"
    UNRELATED = "unrelated", "Something else"
    UNKNOWN = "unknown", "Not yet known"


class Service(TenantModel):
    """A service name as the PMS writes it, and the treatment type it is mapped to, if any."""

    name = models.CharField(max_length=200, help_text="As first seen.")
    name_key = models.CharField(max_length=200, help_text="As matched: case, accents and marks apart.")
    kind = models.CharField(max_length=16, choices=ServiceKind)
    treatment_type = models.ForeignKey(
        "cadences.TreatmentType", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_seen_at = models.DateTimeField(help_text="An unknown one holds back reminders for 7 days (R6).")
    mapped_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    mapped_at = models.DateTimeField(null=True, blank=True, help_text="When a manager mapped it.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name_key"], name="service_name_once"),
            models.CheckConstraint(
                condition=Q(kind="treatment_type", treatment_type__isnull=False)
                | (~Q(kind="treatment_type") & Q(treatment_type__isnull=True)),
                name="service_type_where_mapped",
            ),
        ]

    def __str__(self) -> str:
        return self.name

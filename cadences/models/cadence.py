"""When does a treatment type's client hear from the practice? Versioned (LIB-6)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cadences.timeline import ChannelRule, Unit
from practices.tenancy.models import TenantModel

UNITS = [(unit.value, unit.value) for unit in Unit]
CHANNEL_RULES = [(rule.value, rule.value) for rule in ChannelRule]


class CadenceVersion(TenantModel):
    """One version of a treatment type's cadence. Never changed once sequences follow it."""

    treatment_type = models.ForeignKey(
        "cadences.TreatmentType", on_delete=models.CASCADE, related_name="cadence_versions"
    )
    number = models.PositiveIntegerField()
    variant = models.CharField(max_length=30, default="standard")
    lapse_count = models.PositiveSmallIntegerField(null=True, blank=True)
    lapse_unit = models.CharField(max_length=6, choices=UNITS, blank=True)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["treatment_type", "number"], name="cadence_number_once"),
            models.UniqueConstraint(
                fields=["treatment_type"], condition=Q(is_current=True), name="cadence_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_type_id} version {self.number}"


class CadenceStep(TenantModel):
    """One reminder of a cadence (LIB-2)."""

    cadence_version = models.ForeignKey("cadences.CadenceVersion", on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=20)
    offset_count = models.PositiveSmallIntegerField()
    offset_unit = models.CharField(max_length=6, choices=UNITS)
    gap_days = models.PositiveSmallIntegerField(default=5)
    send_time = models.TimeField()
    channel_rule = models.CharField(max_length=14, choices=CHANNEL_RULES)
    incentive = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cadence_version", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["cadence_version", "key"], name="step_key_once"),
        ]

    def __str__(self) -> str:
        return self.key

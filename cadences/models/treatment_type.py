"""What does a practice sell that wears off?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class TreatmentType(TenantModel):
    """One row of the practice's library: Botox, lip filler (LIB-1)."""

    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=60, help_text="On screen: Lip filler.")
    named_in_text = models.CharField(max_length=60, help_text="Within a sentence: lip filler.")
    family = models.SlugField(max_length=40, help_text="What a booking of it also ends (R6).")
    lasts = models.CharField(max_length=60, help_text="Typically lasts: 10 to 12 weeks.")
    supersedes_family = models.BooleanField(
        default=False, help_text="A treatment restarts the clock of the whole family (R14)."
    )
    is_series = models.BooleanField(default=False)
    series_sessions = models.PositiveSmallIntegerField(default=3)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "slug"], name="treatment_type_slug_once"),
        ]

    def __str__(self) -> str:
        return self.slug

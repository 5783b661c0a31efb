"""Where does a practice treat?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class Location(TenantModel):
    """A place of the practice: its zone times treatments (R1), its address goes into confirmations."""

    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, help_text="The name as sources are matched by it.")
    time_zone = models.CharField(max_length=64)
    address_line = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    parking = models.CharField(max_length=300, blank=True)
    check_in = models.CharField(max_length=300, blank=True)
    intake_url = models.URLField(blank=True)
    booking_url = models.URLField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name_key"], name="location_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

"""Who treats, and how do their messages sound?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class Provider(TenantModel):
    """An injector as the records name them ("Pat Kim RN"), with or without a login."""

    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, help_text="The name as sources are matched by it.")
    display_name = models.CharField(max_length=60, help_text="As messages call them: Pat.")
    sign_off = models.CharField(max_length=120, blank=True)
    booking_url = models.URLField(blank=True)
    staff_member = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name_key"], name="provider_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

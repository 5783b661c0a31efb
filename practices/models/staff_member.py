"""Which person does which job in which practice?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class Role(models.TextChoices):
    """What a staff member may see and do (TEN-2)."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    INJECTOR = "injector", "Injector"
    FRONT_DESK = "front_desk", "Front desk"


class StaffMember(TenantModel):
    """A person's place in one practice."""

    person = models.ForeignKey("practices.Person", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "person"], name="staff_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

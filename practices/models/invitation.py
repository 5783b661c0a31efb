"""Who was asked to join a practice, in which role?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from practices.models.staff_member import Role
from practices.tenancy.models import TenantModel


class Invitation(TenantModel):
    """An invitation by email (TEN-2). It is open until it is accepted, revoked or has expired."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    provider = models.ForeignKey(
        "practices.Provider",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The injector of the records who this person is.",
    )
    invited_by = models.ForeignKey("practices.StaffMember", on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "practice",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

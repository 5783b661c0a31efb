"""What did staff write down about a client?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class StaffNote(TenantModel):
    """A note that a staff member wrote on the client's page. It stays as it was written."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="staff_notes", db_index=False)
    text = models.TextField()
    by = models.ForeignKey("practices.StaffMember", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "client", "at"], name="staff_note_client")]

    def __str__(self) -> str:
        return str(self.pk)

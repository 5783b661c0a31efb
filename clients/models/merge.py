"""Which two clients were joined as one person, and what belonged to whom before?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class ClientMerge(TenantModel):
    """Two clients who are one person (REC-2): `gone` lives on as a tombstone, everything of hers with `kept`."""

    kept = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey("practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="merge_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ClientMergedRow(TenantModel):
    """One row that a merge moved, changed or made, so that it can be undone (R18)."""

    merge = models.ForeignKey("clients.ClientMerge", on_delete=models.CASCADE, related_name="rows", db_index=False)
    table = models.CharField(max_length=40)
    row_id = models.UUIDField()
    before = models.JSONField(null=True, help_text="Its columns then, or the client alone; null: the merge made it.")
    after = models.JSONField(null=True, help_text="As the merge left it; null: it only changed hands.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "table", "row_id"], name="merged_row_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""What does every row that belongs to a practice have in common?"""

from django.db import models
from uuid6 import uuid7


class TenantModel(models.Model):
    """A row of one practice: an opaque UUIDv7 id and the practice it belongs to (DESIGN.md 6).

    Its table must be walled in by `raise_wall` in a migration; an architecture test sees to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True

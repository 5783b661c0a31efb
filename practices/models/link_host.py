"""On which hosts of their own do practices' links stand? (MSG-5)"""

from django.db import models


class LinkHost(models.Model):
    """Which practice a host name belongs to. Global: it is asked before any practice is known (DESIGN.md 6)."""

    host = models.CharField(primary_key=True, max_length=253, help_text="In lower case, without a port.")
    practice_id = models.UUIDField(unique=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host

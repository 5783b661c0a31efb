"""On which hosts of their own do practices' links stand? (MSG-5)"""

from typing import ClassVar

from django.db import models


class LinkHost(models.Model):
    """Which practice a host name belongs to. Global: it is asked before any practice is known (DESIGN.md 6).

    A host that was replaced goes on answering: links that have left stand on it, the one to unsubscribe too.
    """

    host = models.CharField(primary_key=True, max_length=253, help_text="In lower case, without a port.")
    practice_id = models.UUIDField(db_index=True)
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, help_text="Since then no new link stands on it; empty: new ones do.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice_id"], condition=models.Q(replaced_at__isnull=True), name="link_host_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.host

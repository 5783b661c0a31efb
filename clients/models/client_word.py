"""Under which words is a client found, besides how the name, the number and the email begin?"""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class ClientWord(TenantModel):
    """One thing that may be typed: a name from one of its words on, or from one of its parts on a phone number.

    Kept by the database with every change of a client. Compared as bytes, so that a beginning is a range of the
    index behind the practice's wall (DESIGN.md 6).
    """

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=160, db_collation="C")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "words", "client"], name="client_word"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

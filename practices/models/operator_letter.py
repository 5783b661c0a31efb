"""Which emails has the service itself written, where it has no mail server?"""

from typing import ClassVar

from django.db import models
from uuid6 import uuid7


class OperatorLetter(models.Model):
    """An email of the service to a person who signs in: confirm, reset, invitation. No practice sees it.

    It is global, for a person may belong to no practice yet; it carries no client's data (DESIGN.md 6).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-written_at"], name="operator_letter_newest")]

    def __str__(self) -> str:
        return str(self.pk)

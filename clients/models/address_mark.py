"""Which phones cannot take texts, and which email addresses cannot be reached? (CHN-2)"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class AddressMark(TenantModel):
    """What a gateway reported of one phone or email: nothing more leaves to it, and the other channel is used.

    It stands for the address, not for the client: a corrected number is another one. Staff may take it off.
    """

    class Subject(models.TextChoices):
        """What is marked."""

        PHONE = "phone", "Phone"
        EMAIL = "email", "Email"

    class Problem(models.TextChoices):
        """What is wrong with it."""

        NOT_MOBILE = "not_mobile", "Not a mobile number"
        NO_SUCH = "no_such", "No such number or mailbox"
        BLOCKED = "blocked", "Blocked by the recipient or their carrier"
        COMPLAINT = "complaint", "Marked as spam"
        OPTED_OUT = "opted_out", "Still opted out at the carrier"

    subject = models.CharField(max_length=5, choices=Subject)
    address = models.CharField(max_length=254, help_text="E.164, or email in lower case.")
    problem = models.CharField(max_length=10, choices=Problem)
    code = models.CharField(max_length=40, blank=True, help_text="The gateway's own code.")
    gateway = models.CharField(max_length=20)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "subject", "address"],
                condition=Q(lifted_at__isnull=True),
                name="address_mark_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "at", "id"], name="address_mark_at")]

    def __str__(self) -> str:
        return f"{self.problem} {self.pk}"

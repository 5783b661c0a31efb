"""Who must not be written to any more, since when, and in which words did they say so?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel

Subject = tuple[str, str]
"""What is suppressed: "phone" and the number, "email" and the address, "client" and an id that a source gave."""


class Suppression(TenantModel):
    """One opt-out: of a phone, an email address, or a client without either (OPT-1, OPT-2)."""

    class Subject(models.TextChoices):
        """What is suppressed."""

        PHONE = "phone", "Phone"
        EMAIL = "email", "Email"
        CLIENT = "client", "Client"

    class Origin(models.TextChoices):
        """How the opt-out came."""

        STAFF = "staff", "Staff"
        WEBHOOK = "webhook", "Records system"
        LINK = "link", "Link in a message"
        ONE_CLICK = "one_click", "One-click unsubscribe"
        REPLY = "reply", "Reply"
        NOTE = "note", "Note in the record"
        SURVEY = "survey", "Survey"
        IMPORT = "import", "Imported list"
        GATEWAY = "gateway", "Reported by the carrier"

    subject = models.CharField(max_length=6, choices=Subject)
    address = models.CharField(max_length=254, help_text="E.164, email in lower case, or the client's id.")
    is_hashed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The client was erased: the address is a keyed hash (REC-5).",
    )
    client = models.ForeignKey(
        "clients.Client", on_delete=models.SET_NULL, null=True, blank=True, related_name="suppressions"
    )
    origin = models.CharField(max_length=10, choices=Origin)
    wording = models.TextField(blank=True)
    by = models.ForeignKey("practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    narrowed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When another channel was taken back (START): since then it holds for its own channel alone.",
    )
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="START or new consent (OPT-3).")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "subject", "address"],
                condition=Q(lifted_at__isnull=True),
                name="suppression_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "at", "id"], name="suppression_at"),
            models.Index(fields=["practice", "origin", "at", "id"], name="suppression_origin"),
            models.Index(
                fields=["practice", "at", "id"], condition=Q(lifted_at__isnull=False), name="suppression_lifted"
            ),
            models.Index(fields=["practice", "address"], name="suppression_address"),
            models.Index(fields=["practice"], condition=Q(is_hashed=True), name="suppression_hashed"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.pk}"

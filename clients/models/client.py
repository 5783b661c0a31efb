"""Who is treated, and under which ids do the practice's systems know them?"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from practices.tenancy.models import TenantModel


class Client(TenantModel):
    """A person treated (REC-1). Its row is the lock of everything that happens to the person."""

    class Status(models.TextChoices):
        """Whether the person may be contacted at all (R21)."""

        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        DECEASED = "deceased", "Deceased"
        DO_NOT_CONTACT = "do_not_contact", "Do not contact"

    class Preference(models.TextChoices):
        """The channel the person asked for; empty where they never said."""

        SMS = "sms", "Text"
        EMAIL = "email", "Email"
        BOTH = "both", "Text and email"
        NONE = "none", "Neither"

    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    name_key = models.CharField(
        max_length=160,
        blank=True,
        db_collation="C",
        help_text="The full name as matched; C: prefixes use the index.",
    )
    phone = models.CharField(max_length=16, blank=True, help_text="E.164.")
    email = models.CharField(max_length=254, blank=True, help_text="Lower case.")
    postal_code = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=2, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=14, choices=Status, default=Status.ACTIVE)
    preferred_channel = models.CharField(max_length=5, choices=Preference, blank=True)
    stated_time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)

    address_zones = ArrayField(
        models.CharField(max_length=64), default=list, help_text="Time zones the postal address may be in."
    )
    phone_zones = ArrayField(
        models.CharField(max_length=64), default=list, help_text="Time zones the number may be in."
    )
    phone_state = models.CharField(max_length=2, blank=True, help_text="State of the area code.")
    field_stamps = models.JSONField(
        default=dict, help_text="Field -> when its source said so: the newest word wins in any order (R13)."
    )
    merged_into = models.ForeignKey(
        "clients.Client",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="A tombstone: she is this client now (REC-2, R18).",
    )
    erased_at = models.DateTimeField(
        null=True, blank=True, help_text="Nothing of the person is left but what was counted (REC-5)."
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "phone"], name="client_phone"),
            models.Index(fields=["practice", "email"], name="client_email"),
            models.Index(fields=["practice", "name_key", "id"], name="client_name"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def full_name(self) -> str:
        """First and last name as people say them."""
        return f"{self.first_name} {self.last_name}".strip()


class ClientIdentity(TenantModel):
    """The id under which one source knows a client (REC-1)."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="identities")
    source = models.CharField(max_length=40, help_text="The namespace of the id: zenoti, jane, records.")
    remote_id = models.CharField(max_length=120)
    merge = models.ForeignKey(
        "clients.ClientMerge",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The merge that brought it here: what is reported under it goes back with it (R18).",
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "client identities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "source", "remote_id"], name="identity_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "remote_id"], name="identity_remote_id")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

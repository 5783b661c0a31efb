"""What has a client agreed to? An append-only ledger."""

from typing import ClassVar

from django.db import models

from practices.tenancy.models import TenantModel


class ConsentScope(models.TextChoices):
    """What a consent is for."""

    SMS = "sms", "Text messages"
    EMAIL = "email", "Email"
    PHOTOS = "photos", "Photos"


class Consent(TenantModel):
    """One word of a client: given or withdrawn, with source, time and wording (SEQ-12). Never changed."""

    class Kind(models.TextChoices):
        """A flag that a PMS holds can forbid but never allow."""

        GRANTED = "granted", "Granted by the client"
        WITHDRAWN = "withdrawn", "Withdrawn by the client"
        VETO = "veto", "Forbidden by a flag in the records"
        VETO_LIFTED = "veto_lifted", "Flag in the records taken back"

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="consents")
    scope = models.CharField(max_length=6, choices=ConsentScope)
    kind = models.CharField(max_length=12, choices=Kind)
    address = models.CharField(
        max_length=254,
        blank=True,
        db_default="",
        help_text="The number or email it was given for; empty: whichever she had.",
    )
    at = models.DateTimeField(help_text="When the client said so.")
    source = models.CharField(max_length=80)
    wording = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "client", "scope", "kind", "at", "address"], name="consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.kind}"


class ConsentAttestation(TenantModel):
    """A practice's word that its clients agreed, in this wording, on forms it keeps (SEQ-12)."""

    scope = models.CharField(max_length=6, choices=ConsentScope)
    wording = models.TextField()
    attested_by = models.CharField(max_length=120)
    attested_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "scope"], name="attestation_scope")]

    def __str__(self) -> str:
        return self.scope

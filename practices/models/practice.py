"""What is a practice (the tenant), and what has it chosen?"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from uuid6 import uuid7


class Practice(models.Model):
    """A tenant. Its own row is behind the wall as well: only its own scope sees it."""

    class Status(models.TextChoices):
        """Whether messages may leave."""

        SETUP = "setup", "being set up"
        LIVE = "live", "live"
        PAUSED = "paused", "paused"

    class Voice(models.TextChoices):
        """In whose name messages are written (SEQ-2)."""

        PROVIDER = "provider", "the injector who treated last"
        PRACTICE = "practice", "the practice"

    class Confirms(models.TextChoices):
        """Which visits medspa confirms (R11)."""

        ALL = "all", "all visits"
        INJECTABLES = "injectables", "visits for injectables"
        NONE = "none", "none; the PMS does"

    class Detail(models.TextChoices):
        """How much a message tells (MSG-7)."""

        NAMED = "named", "names the treatment"
        DISCREET = "discreet", "tells of the next visit only"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.SETUP)
    live_at = models.DateTimeField(null=True, blank=True, help_text="When it first went live (R19).")
    created_at = models.DateTimeField(auto_now_add=True)

    address_line = models.CharField(max_length=200, blank=True, help_text="Postal address in every email.")
    phone = models.CharField(max_length=20, blank=True)
    booking_url = models.URLField(blank=True)
    color = models.CharField(max_length=7, blank=True)
    logo_url = models.URLField(blank=True, help_text="Shown above emails; its alternative text is the name.")
    currency = models.CharField(max_length=3, default="USD")

    voice = models.CharField(max_length=10, choices=Voice, default=Voice.PROVIDER)
    sms_detail = models.CharField(max_length=10, choices=Detail, default=Detail.NAMED)
    email_detail = models.CharField(max_length=10, choices=Detail, default=Detail.NAMED)
    sms_gateway = models.CharField(max_length=20, default="outbox")
    email_gateway = models.CharField(max_length=20, default="outbox")

    promotion_opens = models.TimeField(null=True, blank=True, help_text="Narrows the promotional window.")
    promotion_closes = models.TimeField(null=True, blank=True, help_text="Narrows the promotional window.")
    cap_days = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(30)], help_text="R23, days."
    )
    confirms = models.CharField(max_length=12, choices=Confirms, default=Confirms.ALL)
    consultation_fits = models.BooleanField(default=True, help_text="R6.")
    touch_up_resets = models.BooleanField(default=False, help_text="R14.")
    passed_is_treated = models.BooleanField(
        default=False, help_text="A passed, not cancelled appointment counts as the treatment (R10)."
    )
    reactivation_limit = models.PositiveSmallIntegerField(default=12, help_text="R24, messages.")
    holdout_percent = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(50)], help_text="R30, per cent of clients and families."
    )

    def __str__(self) -> str:
        return self.slug

"""What did a client answer, and did a person look after it?"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel
from reminders.engine.words import Channel
from reminders.models.choices import choices_of


class Reply(TenantModel):
    """One answer of a client. While it is not handled, promotion to the client is held (R27)."""

    class Handling(models.TextChoices):
        """What a person did about it."""

        CALLED = "called", "Called"
        ANSWERED = "answered", "Answered"
        SNOOZED = "snoozed", "Left in peace until a date"
        NONE_NEEDED = "none_needed", "Needs no answer"
        OPTED_OUT = "opted_out", "Opted out"

    class Intent(models.TextChoices):
        """What the words were taken for (OPT-1)."""

        STOP = "stop", "Wants no more messages"
        START = "start", "Wants messages again"
        HELP = "help", "Asks who is writing"
        UNSURE = "unsure", "May want no more messages"
        NONE = "none", "Something else"

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, null=True, blank=True, related_name="replies", db_index=False
    )
    channel = models.CharField(max_length=5, choices=choices_of(Channel))
    from_address = models.CharField(max_length=254)
    to_address = models.CharField(max_length=254, blank=True, db_default="", help_text="Where it was sent to.")
    gateway = models.CharField(max_length=20, blank=True, db_default="", help_text="Which brought it.")
    intent = models.CharField(max_length=6, choices=Intent, default=Intent.NONE, db_default=Intent.NONE.value)
    text = models.TextField()
    received_at = models.DateTimeField()
    remote_id = models.CharField(max_length=120, blank=True, help_text="The gateway's id: a repeat is known by it.")
    message = models.ForeignKey(
        "reminders.Message",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The last message that the client had got when this came.",
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        "practices.StaffMember", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handling = models.CharField(max_length=11, choices=Handling, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "replies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "channel", "remote_id"], condition=~Q(remote_id=""), name="reply_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "client", "received_at"], name="reply_client"),
            models.Index(fields=["practice", "received_at"], condition=Q(handled_at__isnull=True), name="reply_open"),
            models.Index(fields=["practice", "received_at", "id"], name="reply_newest"),
            models.Index(
                fields=["practice", "channel", "from_address"],
                condition=Q(handled_at__isnull=True, intent="unsure"),
                name="reply_unclear",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

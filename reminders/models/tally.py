"""How many are there of each? Kept by the database as rows change, so that no page counts (DESIGN.md 6)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from practices.tenancy.models import TenantModel


class StandingTally(TenantModel):
    """By how much the number of clients of one standing, reached so by text and so by email, changed.

    The sum of the rows of a standing, or of a word, is its number. Written by triggers, folded into one row each by
    the clock: nobody waits for anybody.
    """

    standing = models.CharField(max_length=10)
    sms_word = models.CharField(max_length=14, blank=True, db_default="")
    email_word = models.CharField(max_length=14, blank=True, db_default="")
    change = models.IntegerField()
    is_folded = models.BooleanField(default=False, help_text="The sum of what was noted before.")

    class Meta:
        verbose_name_plural = "standing tallies"
        indexes: ClassVar = [
            models.Index(fields=["practice", "standing"], name="standing_tally"),
            models.Index(fields=["practice"], condition=Q(is_folded=False), name="standing_tally_new"),
        ]

    def __str__(self) -> str:
        return self.standing


class ReminderTally(TenantModel):
    """By how much the number of reminders changed whose allowed moment lies on one day in UTC (R33)."""

    on = models.DateField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=24, blank=True)
    came_due = models.BooleanField(default=False)
    change = models.IntegerField()
    is_folded = models.BooleanField(default=False, help_text="The sum of what was noted before.")

    class Meta:
        verbose_name_plural = "reminder tallies"
        indexes: ClassVar = [
            models.Index(fields=["practice", "on"], name="reminder_tally"),
            models.Index(fields=["practice"], condition=Q(is_folded=False), name="reminder_tally_new"),
        ]

    def __str__(self) -> str:
        return self.state

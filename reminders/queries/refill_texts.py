"""Which text does each step of a cadence use, and is it approved? (MSG-8)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from reminders.engine.words import Channel, Touchpoint
from reminders.models import TemplateVersion

REFILLS: Final = (
    Touchpoint.FIRST,
    Touchpoint.SECOND,
    Touchpoint.SECOND_INCENTIVE,
    Touchpoint.LAST,
    Touchpoint.CHECK_IN,
)
_CHOSEN_DETAIL: Final = Q(template__channel=Channel.SMS, template__detail=F("practice__sms_detail")) | Q(
    template__channel=Channel.EMAIL, template__detail=F("practice__email_detail")
)
_IN_USE: Final = (TemplateVersion.State.APPROVED, TemplateVersion.State.SUBMITTED)


@dataclass(frozen=True, slots=True)
class TextStanding:
    """The practice's own text of one touchpoint on one channel. A number None: there is no such version."""

    approved: int | None = None
    approved_at: datetime | None = None
    submitted: int | None = None


def refill_texts(practice_id: UUID) -> Mapping[tuple[Touchpoint, Channel], TextStanding]:
    """Return how the practice's own refill texts stand, in the detail that it chose, in one query."""
    rows = (
        TemplateVersion.objects.filter(_CHOSEN_DETAIL, practice_id=practice_id, state__in=_IN_USE)
        .filter(template__provider=None, template__touchpoint__in=REFILLS)
        .order_by("number")
        .values_list("template__touchpoint", "template__channel", "state", "number", "approved_at")
    )
    found: dict[tuple[Touchpoint, Channel], TextStanding] = {}
    for touchpoint, channel, state, number, approved_at in rows:
        key = (Touchpoint(touchpoint), Channel(channel))
        known = found.get(key, TextStanding())
        if state == TemplateVersion.State.APPROVED:
            found[key] = TextStanding(number, approved_at, known.submitted)
        else:
            found[key] = TextStanding(known.approved, known.approved_at, number)
    return found

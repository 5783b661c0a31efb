"""Who hears from us on one coming day, about what, on which channel, at which hour?"""

from collections.abc import Collection
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from cadences.queries.library import library_of
from dashboard.views.access import Staff
from dashboard.views.today.messages import Row, clock_words, elsewhere_words, state_of
from dashboard.views.wording.moments import time_tag
from dashboard.views.wording.outreach import by_channels, reminder_name
from dashboard.views.wording.people import client_name
from dashboard.views.wording.reasons import reason_sentence
from reminders.engine.words import ReminderState
from reminders.models import Reminder
from reminders.queries.channels_ahead import Ahead, channels_ahead

DAY_PAGE: Final = 50


def rows_of(reminders: Collection[Reminder], staff: Staff) -> tuple[Row, ...]:
    """Return the rows of one page of a day, in the order of their hours."""
    if not reminders:
        return ()
    ahead = channels_ahead(staff.practice_id, reminders, library_of(staff.practice_id).versions)
    rows, last = [], ""
    for each in reminders:
        hour = clock_words(each.due_at.astimezone(ZoneInfo(staff.time_zone)))
        rows.append(
            Row(
                at=time_tag(each.due_at, staff.time_zone, hour),
                is_fresh=hour != last,
                who=client_name(each.client),
                who_url=reverse("dashboard:client", args=[staff.slug, each.client_id]),
                state=state_of(each, staff.now),
                what=_what(each, ahead[each.pk], staff),
            )
        )
        last = hour
    return tuple(rows)


def _what(reminder: Reminder, ahead: Ahead, staff: Staff) -> str:
    """The message's name and channel, the hour where the client lives, and what keeps it or would."""
    there = elsewhere_words(reminder, staff.time_zone)
    words = f"{reminder_name(reminder, reminder.sequence)}{by_channels(ahead.channels)}{f', {there}' if there else ''}"
    if reminder.state == ReminderState.WAITING:
        why = reason_sentence(reminder.reason)
    else:
        why = f"As things stand it would wait. {reason_sentence(ahead.reason)}" if ahead.reason else ""
    return f"{words}. {why}" if why else words

"""What became of the deliveries of one message, and was its link opened, as the timeline tells it? (CHN-2, MSG-5)"""

from collections.abc import Iterable
from collections.abc import Sequence as Series
from datetime import datetime
from typing import Final

from dashboard.views.client.timeline.context import Context
from dashboard.views.parts.actions import Action
from dashboard.views.parts.frames import Frame, frame_of, letter_url
from dashboard.views.wording.calls import moment_words
from dashboard.views.wording.deliveries import fate_words, followed_by, not_arrived
from dashboard.views.wording.moments import number_words
from reminders.models import Delivery, Reminder

OFTEN: Final = ("", "once", "twice")
CAN_BE_SAID: Final = "Whoever knows can say so here. What never arrived is decided again."


def fates_of(
    deliveries: Series[Delivery], at: datetime, context: Context, nxt: Series[Delivery] = ()
) -> tuple[str, ...]:
    """Return a sentence or two for each delivery of a message that stands at this moment.

    `nxt`: the deliveries of the message that was made of it next, where it did not arrive.
    """
    reading = context.on_day_of(at)
    lost = not_arrived(deliveries)
    several = len(deliveries) > 1
    words = []
    for each in deliveries:
        then = followed_by(each.channel, nxt) if nxt and each in lost else ""
        words.append(fate_words(each, reading, then=then, is_one_of_several=several))
    if settling_of(deliveries, context):
        words.append(CAN_BE_SAID)
    return tuple(each for each in words if each)


def settling_of(deliveries: Iterable[Delivery], context: Context) -> tuple[Action, ...]:
    """Return how staff can say what became of those that nobody knows of."""
    return tuple(action for each in deliveries for action in context.settling.get(each.pk, ()))


def frames_of(deliveries: Iterable[Delivery], context: Context) -> tuple[Frame, ...]:
    """Return the exact texts."""
    return tuple(
        frame_of(each, zone_name=context.zone_name, today=context.today, letter_url=letter_url(context.slug, each.pk))
        for each in deliveries
    )


def opened_words(members: Iterable[Reminder], context: Context) -> tuple[str, ...]:
    """Return how often the booking link of these reminders was opened, and when last; nothing where it was not."""
    found = [context.openings[each.pk] for each in members if each.pk in context.openings]
    if not found:
        return ()
    times, last = sum(each.times for each in found), max(each.last_at for each in found)
    often = OFTEN[times] if times < len(OFTEN) else f"{number_words(times)} times"
    when = moment_words(last, context.zone_name, context.today)
    return (f"Opened the booking link {often}, {'' if times == 1 else 'last '}{when}.",)

"""What do the messages around an appointment say? No treatment: one wording serves both details."""

from typing import Final

from reminders.engine.words import Touchpoint
from reminders.operations.shipped_texts.shipped_text import (
    DEAR,
    HELLO,
    SIGNED,
    ShippedText,
    email,
    text_message,
    with_button,
)

_WHEN: Final = "{weekday}, {date} at {time}"
_CHANGE: Final = "[[To change it, call {phone}.]]"


def _both_channels(touchpoint: Touchpoint, subject: str, *paragraphs: str) -> tuple[ShippedText, ...]:
    """The same paragraphs run on in a text message and stand apart in an email."""
    said = "\n\n".join((f"{DEAR} {paragraphs[0]}", *map(with_button, paragraphs[1:])))
    return (
        *text_message(touchpoint, " ".join((HELLO, *paragraphs))),
        *email(touchpoint, (subject, said + SIGNED)),
    )


CONFIRMATION: Final[tuple[ShippedText, ...]] = (
    *_both_channels(
        Touchpoint.BOOKED,
        "You're booked: {weekday}, {date}",
        f"You're booked[[ with {{with_whom}}]] on {_WHEN}[[, {{location}}]].",
        _CHANGE,
    ),
    *_both_channels(
        Touchpoint.MOVED,
        "Your appointment has moved to {weekday}, {date}",
        f"Your appointment[[ with {{with_whom}}]] has moved to {_WHEN}[[, {{location}}]].",
        _CHANGE,
    ),
    *_both_channels(
        Touchpoint.CANCELLED,
        "Your appointment on {weekday}, {date} is cancelled",
        f"Sorry, {{we}} had to cancel your appointment on {_WHEN}.",
        "[[Another time: {booking_link}||For another time, call {phone}.]]",
    ),
    *_both_channels(
        Touchpoint.HOURS_48,
        "Your appointment on {weekday}, {date}",
        f"Your appointment[[ with {{with_whom}}]] is on {_WHEN}[[, {{location}}]].",
        "[[The address is {address}.]]",
        _CHANGE,
    ),
    # It may leave earlier than 24 hours before (R5): the day has its name.
    *_both_channels(
        Touchpoint.HOURS_24,
        "See you {weekday} at {time}",
        "See you {weekday} at {time}.",
        "[[Anything new since last time? Tell us here: {intake_link}]]",
        "[[Check-in: {check_in}.]]",
    ),
    *_both_channels(
        Touchpoint.MORNING,
        "See you today at {time}",
        "See you today at {time}[[, {address}]].",
        "[[Parking: {parking}.]]",
        "[[Check-in: {check_in}.]]",
    ),
    *_both_channels(
        Touchpoint.EVENING_BEFORE,
        "See you tomorrow at {time}",
        "See you tomorrow at {time}[[, {address}]].",
        "[[Parking: {parking}.]]",
        "[[Check-in: {check_in}.]]",
    ),
)

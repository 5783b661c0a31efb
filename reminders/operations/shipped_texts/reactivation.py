"""What do monthly messages to a lapsed client say: check-in, seasonal, before and after, offer? (SEQ-5)"""

from typing import Final

from reminders.engine.words import Touchpoint
from reminders.operations.shipped_texts.shipped_text import (
    DEAR,
    HELLO,
    SIGNED,
    ShippedText,
    choose_a_time,
    choose_a_time_by_email,
    email,
    text_message,
    with_button,
)

_STOP: Final = " {stop_text}"
_BACK: Final = "If you'd like to come back"


def _both_channels(
    touchpoint: Touchpoint, subject: str, said: str, *, discreet_subject: str, discreet: str
) -> tuple[ShippedText, ...]:
    """Reactivation is one paragraph and one invitation, on either channel."""
    return (
        *text_message(
            touchpoint,
            f"{HELLO} {said} " + choose_a_time(_BACK) + _STOP,
            f"{HELLO} {discreet} " + choose_a_time(_BACK) + _STOP,
        ),
        *email(
            touchpoint,
            (subject, f"{DEAR} {with_button(said)}\n\n" + choose_a_time_by_email(_BACK) + SIGNED),
            (discreet_subject, f"{DEAR} {discreet}\n\n" + choose_a_time_by_email(_BACK) + SIGNED),
        ),
    )


REACTIVATION: Final[tuple[ShippedText, ...]] = (
    *_both_channels(
        Touchpoint.CHECK_IN,
        "Checking in[[ from {provider}]]",
        "It's been a while since your [[{treatment}||visit]], and {we} wanted to check in.",
        discreet_subject="Checking in[[ from {provider}]]",
        discreet="It's been a while since your visit, and {we} wanted to check in.",
    ),
    *_both_channels(
        Touchpoint.SEASONAL,
        "Planning ahead for {month}",
        "It's {month}, a good moment to plan ahead[[, your {treatment} included]].",
        discreet_subject="Planning ahead for {month}",
        discreet="It's {month}, a good moment to plan ahead.",
    ),
    *_both_channels(
        Touchpoint.BEFORE_AFTER,
        "From your last [[{treatment}||visit]]",
        "[[Your own before and after pictures from your {treatment} are here: {photo_link}"
        "||It's been a while since your {treatment}.||It's been a while since your visit.]]",
        discreet_subject="A note[[ from {provider}]]",
        discreet="It's been a while since your visit.",
    ),
    *_both_channels(
        Touchpoint.OFFER,
        "Something for your next [[{treatment}||visit]]",
        "[[For your next {treatment}: {incentive}.||For your next visit: {incentive}."
        "||It's been a while since your {treatment}.||It's been a while since your visit.]]",
        discreet_subject="Something for your next visit",
        discreet="[[For your next visit: {incentive}.||It's been a while since your visit.]]",
    ),
)

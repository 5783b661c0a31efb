"""What does the survey say, and what the one answer to a stop?"""

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

_ANSWER: Final = "[[One short question, answered here: {survey_link}||Just reply and tell {us} how it went.]]"

SURVEY_AND_ANSWERS: Final[tuple[ShippedText, ...]] = (
    *text_message(
        Touchpoint.SURVEY,
        f"{HELLO} How was your[[ {{treatment}}]] visit? {_ANSWER} {{stop_text}}",
        f"{HELLO} How was your visit? {_ANSWER} {{stop_text}}",
    ),
    *email(
        Touchpoint.SURVEY,
        (
            "How was your[[ {treatment}]] visit?",
            f"{DEAR} How was your[[ {{treatment}}]] visit?\n\n{with_button(_ANSWER)}{SIGNED}",
        ),
        (
            "How was your visit?",
            f"{DEAR} How was your visit?\n\n{with_button(_ANSWER)}{SIGNED}",
        ),
    ),
    # The one confirmation that may follow a stop: no marketing in it (messaging.md 5.1).
    *text_message(
        Touchpoint.OPT_OUT_REPLY,
        "{practice}: you have opted out, and no more texts will come. Reply START to get them again.",
    ),
    *email(
        Touchpoint.OPT_OUT_REPLY,
        (
            "You are unsubscribed",
            "Hi[[ {client_first_name}]],\n\nYou are unsubscribed: {practice} sends no more reminders. "
            "It still confirms appointments that you make." + SIGNED,
        ),
    ),
    *text_message(
        Touchpoint.HELP_REPLY,
        "{practice}: texts about your visits, a few times a year.[[ For help call {phone}.]] Reply STOP to opt out.",
    ),
    *email(
        Touchpoint.HELP_REPLY,
        (
            "Who is writing to you",
            "Hi[[ {client_first_name}]],\n\n{practice} writes to you about your visits."
            "[[ Call {phone} with any question.]]" + SIGNED,
        ),
    ),
    *text_message(
        Touchpoint.START_REPLY,
        "{practice}: you get texts about your visits again. Message and data rates may apply. "
        "Reply HELP for help, STOP to opt out.",
    ),
    *email(
        Touchpoint.START_REPLY,
        (
            "You get our emails again",
            "Hi[[ {client_first_name}]],\n\n{practice} writes to you about your visits again, as you asked." + SIGNED,
        ),
    ),
)

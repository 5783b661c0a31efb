"""What do the reminders of a refill say: first, second with and without incentive, last, two in one?"""

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
)

_STOP: Final = " {stop_text}"
_NEXT_VISIT: Final = "It's a good time to plan your next visit."
_NEXT_VISIT_SUBJECT: Final = "Your next visit[[ with {provider}]]"

# The photo link comes with consent only (PHOTO-1).
_FIRST: Final = (
    "[[It's been {since} since your {treatment}, and it typically lasts {lasts}."
    "||It's a good time for your next {treatment}.]]"
)
_FIRST_SMS: Final = text_message(
    Touchpoint.FIRST,
    f"{HELLO} {_FIRST}[[ Your own pictures: {{photo_link}}]] "
    + choose_a_time("If you'd like to keep it going")
    + _STOP,
    f"{HELLO} {_NEXT_VISIT} " + choose_a_time("If you'd like to come in") + _STOP,
)
_FIRST_EMAIL: Final = email(
    Touchpoint.FIRST,
    (
        "Your next {treatment}[[ with {provider}]]",
        f"{DEAR} {_FIRST}\n\n"
        + choose_a_time_by_email("If you'd like to keep it going")
        + "\n\n[[Your own before and after pictures are here:\n\n{photo_link}]]"
        + SIGNED,
    ),
    (
        _NEXT_VISIT_SUBJECT,
        f"{DEAR} {_NEXT_VISIT}\n\n" + choose_a_time_by_email("If you'd like to come in") + SIGNED,
    ),
)

_SECOND: Final = "Following up: [[your {treatment} was {since} ago.||it's a good time for your {treatment}.]]"
_SECOND_DISCREET: Final = "Following up about your next visit."
_SECOND_SMS: Final = text_message(
    Touchpoint.SECOND,
    f"{HELLO} {_SECOND} " + choose_a_time("If you'd like to stay on schedule") + _STOP,
    f"{HELLO} {_SECOND_DISCREET} " + choose_a_time("If you'd like to stay on schedule") + _STOP,
)
_SECOND_EMAIL: Final = email(
    Touchpoint.SECOND,
    (
        "A time for your {treatment}[[ with {provider}]]",
        f"{DEAR} {_SECOND}[[ It typically lasts {{lasts}}.]]\n\n"
        + choose_a_time_by_email("If you'd like to stay on schedule")
        + SIGNED,
    ),
    (
        "A time for your next visit[[ with {provider}]]",
        f"{DEAR} {_SECOND_DISCREET}\n\n" + choose_a_time_by_email("If you'd like to stay on schedule") + SIGNED,
    ),
)

_WITH_IT: Final = "[[With this visit: {incentive}.]]"
_INCENTIVE_SMS: Final = text_message(
    Touchpoint.SECOND_INCENTIVE,
    f"{HELLO} {_SECOND} {_WITH_IT} " + choose_a_time("If you'd like to come in") + _STOP,
    f"{HELLO} {_SECOND_DISCREET} {_WITH_IT} " + choose_a_time("If you'd like to come in") + _STOP,
)
_INCENTIVE_EMAIL: Final = email(
    Touchpoint.SECOND_INCENTIVE,
    (
        "A time for your {treatment}[[ with {provider}]]",
        f"{DEAR} {_SECOND}[[ It typically lasts {{lasts}}.]]\n\n{_WITH_IT}\n\n"
        + choose_a_time_by_email("If you'd like to come in")
        + SIGNED,
    ),
    (
        "A time for your next visit[[ with {provider}]]",
        f"{DEAR} {_SECOND_DISCREET}\n\n{_WITH_IT}\n\n" + choose_a_time_by_email("If you'd like to come in") + SIGNED,
    ),
)

# It speaks of the schedule, and of openings only where the scheduler reported some (MSG-4).
_LAST_SMS: Final = text_message(
    Touchpoint.LAST,
    f"{HELLO} " + choose_a_time("If you'd like to come in for your {treatment} this month") + _STOP,
    f"{HELLO} " + choose_a_time("If you'd like to come in this month") + _STOP,
)
_LAST_EMAIL: Final = email(
    Touchpoint.LAST,
    (
        "Your {treatment}, and this month's schedule",
        f"{DEAR} This is the last reminder for now.\n\n"
        + choose_a_time_by_email("If you'd like to come in for your {treatment} this month")
        + SIGNED,
    ),
    (
        "This month's schedule",
        f"{DEAR} This is the last reminder for now.\n\n"
        + choose_a_time_by_email("If you'd like to come in this month")
        + SIGNED,
    ),
)

# Two steps of different sequences leave as one (R22).
_COMBINED: Final = "It's a good time for your {treatments}, and one visit covers it all."
_COMBINED_DISCREET: Final = "It's a good time to plan your next visit, and one appointment covers everything."
_COMBINED_SMS: Final = text_message(
    Touchpoint.COMBINED,
    f"{HELLO} {_COMBINED} {_WITH_IT} " + choose_a_time("If you'd like to come in") + _STOP,
    f"{HELLO} {_COMBINED_DISCREET} {_WITH_IT} " + choose_a_time("If you'd like to come in") + _STOP,
)
_COMBINED_EMAIL: Final = email(
    Touchpoint.COMBINED,
    (
        "One visit for your {treatments}",
        f"{DEAR} {_COMBINED}\n\n{_WITH_IT}\n\n" + choose_a_time_by_email("If you'd like to come in") + SIGNED,
    ),
    (
        _NEXT_VISIT_SUBJECT,
        f"{DEAR} {_COMBINED_DISCREET}\n\n{_WITH_IT}\n\n" + choose_a_time_by_email("If you'd like to come in") + SIGNED,
    ),
)

REFILL: Final[tuple[ShippedText, ...]] = (
    *_FIRST_SMS,
    *_FIRST_EMAIL,
    *_SECOND_SMS,
    *_SECOND_EMAIL,
    *_INCENTIVE_SMS,
    *_INCENTIVE_EMAIL,
    *_LAST_SMS,
    *_LAST_EMAIL,
    *_COMBINED_SMS,
    *_COMBINED_EMAIL,
)

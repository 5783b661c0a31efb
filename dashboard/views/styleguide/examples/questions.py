"""How do forms look: empty, filled, wrong?"""

from typing import Final

from dashboard.forms.styleguide import EveryField, Filters, Move
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import HERE, LONG

FILLED: Final = {"name": LONG, "channel": "sms", "hours": ["am"], "voice": "provider", "day": "2026-12-02"}

EXAMPLES: Final = (
    Example(
        "form",
        "every kind of field, empty",
        (
            {
                "form": EveryField(auto_id="empty_%s"),
                "submit": "Save the settings",
                "cancel": "Keep them as they were",
                "cancel_url": HERE,
                "has_files": True,
            },
        ),
    ),
    Example(
        "form",
        "sent with what is wrong",
        ({"form": EveryField({"email": "no address"}, auto_id="wrong_%s"), "submit": "Save the settings"},),
    ),
    Example(
        "field",
        "one filled; one wrong",
        (
            {"field": EveryField(FILLED, auto_id="one_%s")["name"]},
            {"field": EveryField({}, auto_id="two_%s")["name"]},
        ),
    ),
    Example("form_errors", "above the fields", ({"form": EveryField({"name": "x", "email": "no"}, auto_id="err_%s")},)),
    Example(
        "form_actions",
        "a plain one; one that ends something",
        (
            {"submit": "Save the hours", "cancel": "Keep the old ones", "cancel_url": HERE},
            {"submit": "End the sequence", "cancel": "Keep it going", "cancel_url": HERE, "is_danger": True},
        ),
    ),
    Example(
        "confirm",
        "a question that needs a date",
        (
            {
                "sentences": ("From December 3 on, the lip filler reminder would join it.",),
                "form": Move({"day": "2026-12-02", "hour": "10:00"}, auto_id="move_%s"),
                "submit": "Move to December 2",
                "cancel": "Keep December 1",
                "cancel_url": HERE,
            },
        ),
    ),
    Example(
        "confirm",
        "a question before what can’t be undone",
        (
            {
                "sentences": (
                    "Every reminder, reactivation message and survey stops at once, by text and by email.",
                    "Only the client can start them again.",
                ),
                "submit": "Opt out of everything",
                "cancel": "Keep the reminders",
                "cancel_url": HERE,
                "is_danger": True,
            },
        ),
    ),
    Example(
        "search",
        "empty; with words",
        (
            {"label": "Find by phone or email"},
            {"label": "Find by name", "value": "O’Brien", "kept": (("show", "due"),)},
        ),
    ),
    Example("filters", "a form by GET", ({"form": Filters({"who": "maya"}, auto_id="filter_%s"), "clear_url": HERE},)),
)

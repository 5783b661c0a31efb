"""How do alarms, notices, empty lists, long work and toasts look?"""

from types import SimpleNamespace
from typing import Final

from dashboard.views.parts.actions import Action
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import HERE, LONG

EXAMPLES: Final = (
    Example(
        "alarm",
        "one a page, or none",
        (
            {
                "who": "Nextech",
                "words": "refused our sign-in at 7:12 this morning. Bookings made there since are not seen, so four "
                "reminders wait.",
                "url": HERE,
                "action": "Reconnect",
                "label": "A connection fails",
            },
        ),
    ),
    Example(
        "notice",
        "plain; a person decides; something failed",
        (
            {"title": "Reading only.", "words": "Cadences are changed by an owner or a manager.", "is_news": True},
            {
                "kind": "waiting",
                "title": "Paused.",
                "words": "Nothing leaves until it is resumed.",
                "url": HERE,
                "link": "Resume",
            },
            {"kind": "failed", "words": "Line 14 has no phone and no email. It was left out."},
        ),
    ),
    Example(
        "empty",
        "what will come, and how; with something to do about it",
        (
            {
                "title": "No calls to make.",
                "words": "A complaint, a missed appointment or a dead number puts one here.",
            },
            {
                "title": "No clients yet.",
                "words": "They come with the first import.",
                "url": HERE,
                "action": "Read how to import",
                "id": "empty-example",
            },
        ),
    ),
    Example(
        "progress",
        "a known length; an unknown one",
        (
            {"words": "412 of 1,000 treatments are planned.", "done": 412, "total": 1000},
            {"words": "The file is being read."},
        ),
    ),
    Example(
        "loading",
        "before it came",
        ({"url": HERE, "words": "The dry run"}, {"url": HERE, "words": "The day", "height": "tall"}),
    ),
    Example(
        "toasts",
        "what happened; with Undo; what was refused; long",
        (
            {
                "messages": (
                    SimpleNamespace(message="Hours are saved.", extra_tags="", level_tag="success"),
                    SimpleNamespace(
                        message="Skipped. The next message leaves December 8.", extra_tags=HERE, level_tag="success"
                    ),
                    SimpleNamespace(
                        message="Nothing was moved: before 10 am nothing may leave in Illinois. Choose 10 am or later.",
                        extra_tags="",
                        level_tag="error",
                    ),
                    SimpleNamespace(
                        message=f"{LONG} is opted out. No reminder leaves any more, on any channel.",
                        extra_tags=HERE,
                        level_tag="success",
                    ),
                )
            },
        ),
    ),
    Example(
        "menu_more",
        "closed until it is pressed",
        (
            {
                "id": "more-example",
                "of": "this client",
                "entries": (
                    Action("Report a problem", HERE, is_dialog=True),
                    Action("Pause the reminders", HERE, is_post=True),
                    Action("Opt out of everything", HERE, is_danger=True, is_dialog=True),
                ),
            },
        ),
    ),
)

"""How do the parts of single pages look? A page that adds a component adds a line here."""

from types import SimpleNamespace
from typing import Any, Final

from dashboard.forms.styleguide import EveryField
from dashboard.views.cadences.drawing import Drawing, Label, Step
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import HERE, LONG, ODD, OTHER_WAY, PLAIN, UNBROKEN
from dashboard.views.wording.states import Shown

BOTOX: Final = Drawing(
    description="Botox: full effect for ten weeks, reminders in weeks 10, 11 and 12, lapsed in week 16.",
    band="55.56%",
    fade_from="55.56%",
    fade="11.11%",
    steps=(Step("55.56%", 1), Step("61.11%", 2), Step("66.67%", 3)),
    labels=(Label("61.11%", "10 to 12"), Label("88.89%", "16")),
    lapse="88.89%",
    effect_at="27.78%",
    fades_at="61.11%",
    check_in="97.00%",
)
TICKS: Final = (Label("0%", "0", "start"), Label("44.44%", "8 weeks"), Label("88.89%", "16", is_roomy=True))

CALL: Final[dict[str, Any]] = {
    "name": PLAIN,
    "client_url": HERE,
    "phone": "+18475550145",
    "phone_words": "(847) 555-0145",
    "why": "2 of 5 after lip filler on November 10.",
    "said": "one side still feels lumpy",
    "history": "Lip filler on November 10. Last message on November 20, by text.",
    "whose": "For Pat",
    "is_open": True,
    "url": HERE,
    "take_url": HERE,
}
DONE: Final[dict[str, Any]] = {
    "name": LONG,
    "client_url": HERE,
    "why": "Did not come yesterday at 3:30 pm, Dysport.",
    "outcome": "Reached by Maya Lindqvist, Tuesday at 2 pm.",
    "note": f"Comes with {ODD}; write to {UNBROKEN}.",
    "reopen_url": HERE,
}
REPLY: Final[dict[str, Any]] = {
    "name": ODD,
    "page_url": HERE,
    "client_url": HERE,
    "phone": "+18505550162",
    "phone_words": "(850) 555-0162",
    "when": "Today, 10:41 am",
    "channel": "by text",
    "text": "Is it safe while I’m still nursing?",
    "answers": "Answers Botox, first reminder.",
    "handle_url": HERE,
    "peace_url": HERE,
    "opt_out_url": HERE,
}
UNKNOWN: Final[dict[str, Any]] = {
    "name": UNBROKEN,
    "when": "Yesterday, 9:02 pm",
    "channel": "by email",
    "text": "",
    "handled": "Needed no answer. Maya Lindqvist, today.",
    "reopen_url": HERE,
}
UNCLEAR: Final[dict[str, Any]] = {
    "name": LONG,
    "page_url": HERE,
    "client_url": HERE,
    "when": "Today, 11:02 am",
    "channel": "by text",
    "text": "not interested",
    "is_unclear": True,
    "verdict": "Until someone decides, no text and no reminder leaves to the client.",
}
DOUBT: Final[dict[str, Any]] = {
    "name": LONG,
    "client_url": HERE,
    "phone": "+18505550162",
    "phone_words": "(850) 555-0162",
    "what": "Botox, first reminder, by text",
    "when": "Friday, 10 am",
    "carrier": "Twilio",
    "to": "(850) 555-0162",
    "doubt": "Nobody knows whether it arrived: Twilio did not answer in time. Twilio is asked again at 11 am.",
    "text": f"Hi Ana, it’s Maya. {UNBROKEN}",
    "is_text": True,
    "settle_url": HERE,
}
DOUBTED_EMAIL: Final[dict[str, Any]] = {
    **DOUBT,
    "name": PLAIN,
    "phone": "",
    "what": "Answer of Maya Lindqvist, by email",
    "carrier": "SendGrid",
    "to": f"{UNBROKEN}@example.com",
    "doubt": "Nobody knows whether it arrived: SendGrid cannot say.",
    "subject": f"Your question, {ODD}",
    "is_text": False,
}
THREAD: Final[tuple[dict[str, Any], ...]] = (
    {"day": "Yesterday", "hour": "10 am", "shape": Shown("delivered", "Delivered"), "title": "First reminder",
     "state": Shown("delivered", "Delivered"), "words": "Hi Ana, it’s Pat. Your next visit is due."},
    {"day": "Today", "hour": "9:12 am", "shape": Shown("said", "Said"), "title": "Ana wrote", "is_theirs": True,
     "state": Shown("waiting", "Not answered yet"), "words": f"Is it safe? {UNBROKEN}", "is_here": True},
    {"day": "", "hour": "9:20 am", "shape": Shown("failed", "Refused"), "title": "Maya Lindqvist answered",
     "state": Shown("failed", "Refused"), "whys": ("The number takes no texts.",), "words": "Yes, it is."},
)  # fmt: skip
STOPS: Final = (
    {"name": LONG, "client_url": HERE, "address": "(847) 555-0145", "how": "By reply", "words": "please stop",
     "at": "November 22", "state": Shown("suppressed", "Active"), "url": HERE},
    {"name": "", "address": UNBROKEN, "how": "Imported", "by": "Maya Lindqvist", "at": "June 9, 2025",
     "state": Shown("planned", "Lifted"), "ended": "July 1, 2025", "url": HERE},
)  # fmt: skip
CLIENTS: Final = (
    {"name": PLAIN, "url": HERE, "phone": "(847) 555-0145", "state": Shown("planned", "Active"),
     "coming": "in 7 days", "last": "Sep 15"},
    {"name": OTHER_WAY, "url": HERE, "phone": "", "email": UNBROKEN, "state": Shown("paused", "Paused"),
     "why": "A problem is open.", "last": ""},
    {"name": LONG, "url": HERE, "phone": "(312) 555-0103", "state": Shown("lapsed", "Lapsed"), "last": "Mar 2, 2025"},
)  # fmt: skip
STEPS: Final = (
    {"title": "Bring the records in", "words": "An export of clients and treatments, as a file.", "is_done": True},
    {"title": "Map the services", "words": "Three names are unknown.", "url": HERE, "action": "Map them"},
    {"title": "Go live", "words": "Until then nothing leaves.", "command": "manage.py go_live SLUG"},
)
SETTINGS: Final = EveryField(auto_id="settings_%s")
SECTIONS: Final = SimpleNamespace(
    errors={},
    was="",
    sections=(
        SimpleNamespace(
            id="settings-names",
            name="Names",
            asked=(
                SimpleNamespace(field=SETTINGS["name"], is_wide=True),
                SimpleNamespace(field=SETTINGS["email"], is_wide=False),
                SimpleNamespace(field=SETTINGS["channel"], is_wide=False),
            ),
        ),
    ),
)

EXAMPLES: Final = (
    Example("call_row", "open; done", ({"row": CALL}, {"row": DONE}), within="todo"),
    Example("call_rows", "several", ({"rows": (CALL, DONE)},), within="todo"),
    Example("call_about", "before the call", ({"row": CALL},)),
    Example(
        "reply_row",
        "unanswered; perhaps an opt-out; of nobody we know, handled",
        ({"row": REPLY}, {"row": UNCLEAR}, {"row": UNKNOWN}),
        within="todo",
    ),
    Example("reply_actions", "in the list; on its page", ({"row": REPLY}, {"row": REPLY, "is_page": True})),
    Example("thread_line", "to and fro", tuple({"line": each} for each in THREAD), within="timeline"),
    Example(
        "unsettled_row",
        "a text; an email; while its carrier is asked",
        ({"row": DOUBT}, {"row": DOUBTED_EMAIL}, {"row": DOUBT | {"settle_url": ""}}),
        within="todo wide",
    ),
    Example("reply_rows", "several", ({"rows": (REPLY, UNKNOWN)},), within="todo"),
    Example("client_rows", "the list", ({"rows": CLIENTS},)),
    Example("suppression_rows", "the list; one address’s own", ({"rows": STOPS}, {"rows": STOPS, "is_history": True})),
    Example("cadence_track", "a row of the library", ({"drawing": BOTOX},)),
    Example("cadence_track_large", "alone on a page", ({"drawing": BOTOX, "ticks": TICKS},)),
    Example("wearing_off", "the hatching that the two above use"),
    Example("first_steps", "before a practice is live", ({"steps": STEPS},)),
    Example(
        "settings_form", "sections of settings, saved together", ({"form": SECTIONS, "submit": "Save the settings"},)
    ),
    Example("planning_left", "some left; none", ({"left": 12_408, "progress_url": HERE},)),
    Example("news", "said to screen readers", ({"arrived": 2, "one": "reply", "many": "replies"},)),
)

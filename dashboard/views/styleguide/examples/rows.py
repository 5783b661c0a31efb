"""How do rows, heads and lists look, with short, long, odd and no words?"""

from typing import Final

from dashboard.views.parts.terms import Fact
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import HERE, LONG, ODD, OTHER_WAY, PLAIN, SHORT, UNBROKEN
from dashboard.views.wording.states import Shown

STATES: Final = (
    "planned", "waiting", "sent", "delivered", "suppressed", "failed", "booked", "paused", "lapsed", "visit", "said",
    "note",
)  # fmt: skip

EXAMPLES: Final = (
    Example(
        "page_head",
        "with a sentence and its one primary action",
        ({"title": "Calls", "summary": "Eleven clients wait for one.", "url": HERE, "action": "Start the calls"},),
    ),
    Example("page_head", "with a name that is long", ({"title": LONG, "summary": UNBROKEN},)),
    Example(
        "section_head",
        "with a number and a link; with words; with a name only",
        (
            {"id": "head-1", "name": "Calls", "count": 5, "url": HERE, "link": "Call list"},
            {"id": "head-2", "name": "Held", "count": "27 messages", "url": HERE, "link": "All held"},
            {"id": "head-3", "name": "Unknown services"},
        ),
    ),
    Example(
        "todo_row",
        "to be taken; taken; done by one press; without a page; with odd and long names",
        (
            {
                "who": PLAIN,
                "who_url": HERE,
                "phone": "+18475550145",
                "phone_words": "(847) 555-0145",
                "why": "2 of 5 after lip filler on November 10: “one side still feels lumpy”. Reminders are paused.",
                "url": HERE,
                "action": "Take",
                "label": f"Take the call to {PLAIN}",
            },
            {
                "who": ODD,
                "who_url": HERE,
                "phone": "+18505550162",
                "phone_words": "(850) 555-0162",
                "why": "Answered a reminder at 10:41: “Is it safe while I’m still nursing?” For an injector.",
                "taken": "Maya has it",
            },
            {
                "who": LONG,
                "who_url": HERE,
                "phone": "+17735550176",
                "phone_words": "(773) 555-0176",
                "why": "Did not come yesterday at 3:30 pm, Dysport.",
                "post_url": HERE,
                "action": "Take",
                "fields": (("call", "1"),),
                "label": f"Take the call to {LONG}",
            },
            {
                "who": "Jeuveau promo 20u",
                "second": "Zenoti",
                "why": "11 treatments since November 9. None is due before January 18.",
                "url": HERE,
                "action": "Map",
                "label": "Map Jeuveau promo 20u",
            },
            {"who": OTHER_WAY, "who_url": HERE, "why": "The number is a landline, and there is no email on record."},
        ),
        within="todo",
    ),
    Example(
        "feed_row",
        "the hour is said once; every state; a long reason",
        (
            {
                "at": "9:00 am",
                "is_fresh": True,
                "who": PLAIN,
                "who_url": HERE,
                "state": Shown("delivered", "Delivered"),
                "what": "Sculptra, second reminder",
            },
            {
                "at": "10:00 am",
                "is_fresh": True,
                "who": ODD,
                "who_url": HERE,
                "state": Shown("waiting", "Waiting"),
                "what": "Botox, second reminder. Nextech is not answering. It leaves once that is known.",
            },
            {
                "at": "10:00 am",
                "who": LONG,
                "who_url": HERE,
                "state": Shown("suppressed", "Suppressed"),
                "what": "Botox, last reminder. Five days late: no phone or email on record.",
            },
            {
                "at": "10:02 am",
                "is_fresh": True,
                "who": SHORT,
                "who_url": HERE,
                "state": Shown("failed", "Failed"),
                "what": "Botox, first reminder. The carrier blocked the text as spam.",
            },
            {
                "at": "3:00 pm",
                "is_fresh": True,
                "who": OTHER_WAY,
                "who_url": HERE,
                "state": Shown("planned", "Planned"),
            },
        ),
        within="feed",
    ),
    Example("state", "a shape and a word", tuple({"state": Shown(each, each.capitalize())} for each in STATES)),
    Example(
        "state",
        "loud: one per page head",
        tuple({"state": Shown(each, each.capitalize()), "is_loud": True} for each in STATES[:9]),
    ),
    Example("state", "bare: the word stands beside", ({"state": Shown("booked", "Booked"), "is_bare": True},)),
    Example(
        "terms",
        "what is known of a client",
        (
            {
                "facts": (
                    Fact("May be reached", ("By text, preferred", "By email"), ("Agreed to both on June 9, 2026.",)),
                    Fact(
                        "Texts don’t arrive",
                        ("Not a mobile number",),
                        ("Twilio said so on Monday.",),
                        deed="Take the mark off",
                        deed_url=HERE,
                    ),
                    Fact("Messages, all time", ("23 due = 21 sent + 0 waiting + 1 suppressed + 1 failed",)),
                    Fact("Records", (UNBROKEN,), ("Merged June 10, same phone and name.",)),
                )
            },
        ),
    ),
    Example(
        "segments",
        "plain; with numbers, and more of them than fit a phone",
        (
            {"label": "Show messages", "segments": ((HERE, "All", True), (HERE, "Texts", False))},
            {
                "label": "Show clients",
                "segments": (
                    (HERE, "All", False, "1,204"),
                    (HERE, "Active", True, "812"),
                    (HERE, "Due", False, 34),
                    (HERE, "Booked", False, 61),
                    (HERE, "Lapsed", False, 270),
                    (HERE, "Paused", False, 0),
                    (HERE, "Opted out", False, 19),
                ),
            },
        ),
    ),
    Example(
        "pager",
        "the newest page; between; other words",
        (
            {"older_url": HERE, "label": "Pages, the newest"},
            {"newer_url": HERE, "older_url": HERE, "words": "November 3 to 9", "label": "Pages, between"},
            {"newer_url": HERE, "older_url": HERE, "label": "Weeks", "newer": "Week before", "older": "Week after"},
        ),
    ),
)

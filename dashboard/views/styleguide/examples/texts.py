"""How do messages look to who gets them, and on the timeline?"""

from datetime import UTC, datetime
from typing import Final

from django.utils.safestring import SafeString

from dashboard.views.client.timeline.entries import Entry, Group, Line
from dashboard.views.parts.frames import Frame, length_words, with_links_marked
from dashboard.views.styleguide.examples.example import Example
from dashboard.views.styleguide.examples.people import LONG, ODD, UNBROKEN
from dashboard.views.wording.states import Shown

SHORT_TEXT: Final = (
    "Hi Renata, it’s time. Pick one that suits you: https://rosewood.example/b/m9dd Reply STOP to opt out"
)
LONG_WORD: Final = "Hi, " + "https://rosewood.example/book/" + "a" * 90 + " Reply STOP to opt out"
VERSION: Final = "Text version 4, approved by Alex Doe on October 6"
AT: Final = datetime(2026, 11, 24, 16, tzinfo=UTC)


def _text(words: str) -> Frame:
    return Frame(
        is_text=True,
        sender="Rosewood Aesthetics",
        to="(847) 555-0145",
        subject="",
        body=with_links_marked(words),
        letter_url="",
        length=length_words(words),
        version=VERSION,
        title="Text message",
    )


def _mail(subject: str, to: str) -> Frame:
    return Frame(
        is_text=False,
        sender="Alex Doe at Rosewood Aesthetics",
        to=to,
        subject=subject,
        body=with_links_marked("Hi,\n\nyour last visit was ten weeks ago.\n\nhttps://rosewood.example/b/k7q2\n\nAlex"),
        letter_url="",
        length="",
        version=VERSION,
        title="Email",
    )


def _line(entry: Entry, when: str, *, is_open: bool = False, distance: str = "", is_same_day: bool = False) -> Line:
    return Line(
        entry=entry,
        when=SafeString(when),
        distance=distance,
        is_same_day=is_same_day,
        is_next=False,
        is_open=is_open,
    )


TEXT: Final = _text(SHORT_TEXT)
LINES: Final = (
    _line(
        Entry(
            Group.VISITS,
            AT,
            Shown("visit", "Visit"),
            "Botox, 24 units",
            whys=("Planned three reminders.",),
            is_key=True,
        ),
        "Sep 15",
    ),
    _line(
        Entry(Group.MESSAGES, AT, Shown("said", "Reply"), "Answered by text", said=f"Hi! It’s {ODD}.\nWill book soon"),
        "Sep 29",
    ),
    _line(
        Entry(
            Group.MESSAGES,
            AT,
            Shown("delivered", "Delivered"),
            "Botox, first reminder, by text",
            state=Shown("delivered", "Delivered"),
            whys=("Week 10 after September 15.",),
            frames=(TEXT,),
        ),
        "Today",
    ),
    _line(Entry(Group.STAFF, AT, Shown("note", "Note"), f"Noted by {LONG}", said=UNBROKEN), "Today", is_same_day=True),
    _line(
        Entry(
            Group.MESSAGES,
            AT,
            Shown("planned", "Planned"),
            "Botox, second reminder",
            whys=("Week 11 after September 15, at 10 am in Chicago.",),
            frames=(TEXT,),
            is_coming=True,
        ),
        "Tue, Dec 1",
        distance="in 7 days",
        is_open=True,
    ),
)

EXAMPLES: Final = (
    Example("frame", "a text; one with a word that does not break", ({"frame": TEXT}, {"frame": _text(LONG_WORD)})),
    Example(
        "frame",
        "an email; one with a long subject and address",
        ({"frame": _mail("A few times with Alex", "renata@example.com")}, {"frame": _mail(LONG, UNBROKEN)}),
    ),
    Example("timeline_line", "past and coming", tuple({"line": each} for each in LINES), within="timeline"),
)

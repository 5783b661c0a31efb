"""How does a text that a practice wrote become a message? Merge fields from a fixed list, nothing else.

`{field}` stands for a value. `[[ … {field} … ]]` vanishes when any field inside is empty; with `||` inside,
the first alternative whose fields are all filled stands: `[[{provider} here||{practice} here]]`.
Values are put in once and never read again: a brace in a name is a brace.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from reminders.engine.words import MessageKind, Touchpoint

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "client_first_name": "The client's first name",
        "treatment": "The treatment within a sentence: lip filler",
        "treatments": "All treatments that the message is about: Botox and lip filler",
        "area": "The area treated",
        "lasts": "How long it typically lasts: 10 to 12 weeks",
        "since": "How long ago the treatment was: 10 weeks",
        "provider": "In whose voice: Pat",
        "sign_off": "The sign-off of that voice: Pat Kim, RN",
        "we": "How that voice says I: I, or we for the practice",
        "us": "How it says me: me, or us",
        "our": "How it says my: my, or our",
        "practice": "The practice's name",
        "booking_link": "Where to book with the injector",
        "openings": "Two or three open times, if the scheduler reported some",
        "incentive": "What comes with the visit, if the step promises something",
        "photo_link": "The client's own pictures, with consent",
        "survey_link": "The survey",
        "location": "The location's name",
        "date": "The day of the visit: December 1",
        "time": "The hour of the visit: 9:30 am",
        "weekday": "The weekday of the visit: Tuesday",
        "month": "The present month: November",
        "with_whom": "Whom the visit is with: me, or Dr. Elena Ruiz",
        "intake_link": "Where the client updates her details",
        "address": "The location's address",
        "parking": "Where to park",
        "check_in": "How to check in",
        "phone": "The phone to call",
        "stop_text": "Reply STOP to opt out",
        "unsubscribe_link": "Where a click ends the emails",
    }
)

URL_FIELDS: Final = frozenset({"booking_link", "photo_link", "survey_link", "intake_link", "unsubscribe_link"})

CLINICAL_FIELDS: Final = frozenset({"treatment", "treatments", "area", "lasts", "since", "photo_link"})
"""What a discreet text does not tell (MSG-7); `since` is the age of a treatment."""

KIND_OF: Final[Mapping[Touchpoint, MessageKind]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                Touchpoint.FIRST,
                Touchpoint.SECOND,
                Touchpoint.SECOND_INCENTIVE,
                Touchpoint.LAST,
                Touchpoint.COMBINED,
                Touchpoint.CHECK_IN,
                Touchpoint.SEASONAL,
                Touchpoint.BEFORE_AFTER,
                Touchpoint.OFFER,
            ),
            MessageKind.PROMOTION,
        ),
        Touchpoint.SURVEY: MessageKind.CARE,
        **dict.fromkeys(
            (Touchpoint.OPT_OUT_REPLY, Touchpoint.HELP_REPLY, Touchpoint.START_REPLY, Touchpoint.STAFF_ANSWER),
            MessageKind.ANSWER,
        ),
        **dict.fromkeys(
            (
                Touchpoint.BOOKED,
                Touchpoint.MOVED,
                Touchpoint.CANCELLED,
                Touchpoint.HOURS_48,
                Touchpoint.HOURS_24,
                Touchpoint.MORNING,
                Touchpoint.EVENING_BEFORE,
            ),
            MessageKind.CONFIRMATION,
        ),
    }
)
"""Which rules bind a touchpoint's message (RULES.md, Kinds of message)."""

_TOKEN: Final = re.compile(r"\[\[|\]\]|\|\||\{(?P<field>[^{}]*)\}|[{}]")
_FIELD_NAME: Final = re.compile(r"[a-z][a-z_]*")
_SPACES: Final = re.compile(r"[ \t]{2,}")
_SPACES_AT_BREAK: Final = re.compile(r"[ \t]*\n[ \t]*")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


class WordingError(ValueError):
    """A text that cannot be filled: an unknown field, or a section that does not close."""


@dataclass(frozen=True, slots=True)
class Field:
    """The place of one merge field."""

    name: str


Run = tuple[str | Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Words that stand only where the fields in them are filled: the first such alternative, else nothing."""

    alternatives: tuple[Run, ...]
    needs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, read once: literals, fields and sections in order."""

    parts: tuple[str | Field | Section, ...]

    def fields(self) -> frozenset[str]:
        """Every field it mentions."""
        inside = (name for part in self.parts if isinstance(part, Section) for names in part.needs for name in names)
        return self.required() | frozenset(inside)

    def required(self) -> frozenset[str]:
        """The fields outside any section: the text is not whole where one of them is empty."""
        return frozenset(part.name for part in self.parts if isinstance(part, Field))

    def with_literals(self, change: Callable[[str], str]) -> "Wording":
        """The same text with its own words changed (escaped, say) and its fields left alone."""

        def changed(run: Run) -> Run:
            return tuple(change(piece) if isinstance(piece, str) else piece for piece in run)

        return Wording(
            tuple(
                Section(tuple(map(changed, part.alternatives)), part.needs)
                if isinstance(part, Section)
                else changed((part,))[0]
                for part in self.parts
            )
        )


@lru_cache(maxsize=4096)
def parse(body: str) -> Wording:
    """Will read a text into its parts; the last few thousand are remembered.

    Raises:
        WordingError: it names an unknown field, or braces or brackets do not match. The text says which.
    """
    parts: list[str | Field | Section] = []
    position = 0
    while position < len(body):
        piece, position = _piece_at(body, position)
        if piece == "[[":
            section, position = _section_at(body, position)
            parts.append(section)
        elif piece == "]]":
            raise WordingError("]] closes a section that was not opened.")
        else:
            parts.append(piece)
    return Wording(tuple(parts))


def fill(wording: Wording, fields: Mapping[str, str]) -> str:
    """The text with its fields filled. A field that is missing is empty; what vanished leaves no gap behind.

    >>> fill(parse("Hi[[ {client_first_name}]], see you[[ at {location}]]."), {"location": "Oak St"})
    'Hi, see you at Oak St.'
    """
    said: list[str] = []
    for part in wording.parts:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Field):
            said.append(fields.get(part.name, ""))
        else:
            for run, needs in zip(part.alternatives, part.needs, strict=True):
                if all(map(fields.get, needs)):
                    said += [piece if isinstance(piece, str) else fields[piece.name] for piece in run]
                    break
    text = "".join(said)
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = _SPACES_AT_BREAK.sub("\n", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _field(name: str) -> Field:
    if name not in FIELDS:
        shown = f"{{{name}}}" if _FIELD_NAME.fullmatch(name) else "What stands between these braces"
        raise WordingError(f"{shown} is not a field. The fields are: {', '.join(sorted(FIELDS))}.")
    return Field(name)


def _piece_at(body: str, position: int) -> tuple[str | Field, int]:
    """The literal, field or mark that starts here, and where the next one does."""
    token = _TOKEN.search(body, position)
    if token is None:
        return body[position:], len(body)
    if token.start() > position:
        return body[position : token.start()], token.start()
    if token["field"] is not None:
        return _field(token["field"]), token.end()
    if token.group() in "{}":
        raise WordingError(f"A single {token.group()} is neither a field nor text. A field looks like {{practice}}.")
    return token.group(), token.end()


def _section_at(body: str, position: int) -> tuple[Section, int]:
    """The section whose [[ was just read, and where the text goes on."""
    runs: list[list[str | Field]] = [[]]
    while position < len(body):
        piece, position = _piece_at(body, position)
        if piece == "]]":
            needs = (tuple(piece.name for piece in run if isinstance(piece, Field)) for run in runs)
            return Section(tuple(map(tuple, runs)), tuple(needs)), position
        if piece == "[[":
            raise WordingError("A section [[ … ]] cannot hold another one.")
        if piece == "||":
            runs.append([])
        else:
            runs[-1].append(piece)
    raise WordingError("A section [[ is not closed with ]].")

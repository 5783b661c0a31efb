"""Which words may a message not say, and what must it say? (MSG-3)"""

import re
from dataclasses import dataclass
from typing import Final

from reminders.engine.wording import (
    CLINICAL_FIELDS,
    FIELDS,
    KIND_OF,
    Section,
    Wording,
    WordingError,
    fill,
    parse,
)
from reminders.engine.words import Channel, MessageKind, Touchpoint


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a text, as a sentence for its author. A text with a refusal cannot be approved."""

    code: str
    sentence: str
    is_refusal: bool = True


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# How one looks is never our subject (MSG-3), neither as a comment nor as a reason to hurry.
_LOOKS: Final = _any(
    r"\byou(?:'re| are| may| might|'ll| will)?\s+(?:\w+\s+)?look(?:s|ed|ing)?\s+"
    r"(?!forward|at|for|to|up|into|through)\w+",
    r"\byour (?:looks?|face|skin|complexion|appearance|forehead|brows?|jawline|age)\b",
    r"\bwrinkl",
    r"\b(?:fine|frown|smile|laugh|worry|forehead|expression|your) lines\b",
    r"\bcrow'?s feet\b",
    r"\b(?:sag|droop)(?:s|ging|ping|py)?\b",
    r"\b(?:aging|ageing|anti-?aging)\b",
    r"\b(?:look|looking|feel|stay) (?:\w+ )?"
    r"(?:young|younger|youthful|fresh|fresher|rested|beautiful|your best|old|tired)\b",
    r"\b(?:tired|old|dull|haggard|unflattering)[- ]looking\b",
    r"\b(?:flawless|ageless|youthful|gorgeous|ugly|unsightly)\b",
    r"\bcom(?:e|ing) back to your face\b",
)
_LOOKS_URGENCY: Final = _any(
    r"\b(?:don'?t|do not) (?:let|wait)\b",
    r"\b(?:before|until) (?:it'?s too late|it shows|anyone notices)\b",
    r"\b(?:before|until) (?:it|they|everything) (?:is|are|comes?|goes?) (?:back|gone)\b",
    r"\bwear(?:s|ing)? off (?:now|fast|already|soon)\b",
    r"\bact (?:now|fast)\b",
    r"\b(?:hurry|last chance|final call)\b",
)
_DISCOUNT: Final = _any(
    r"\d\s*(?:%|percent\b)",
    r"[$€£]\s*\d",
    r"\b(?:discount|promo(?:tion)?|coupon|rebate|voucher|gift|bargain|complimentary|half[- ]price)s?\b",
    r"\b(?:special|limited|exclusive) (?:offer|price|pricing|deal)s?\b",
    r"\b(?:save|off)\s+(?:up to\s+)?[$\d]",
    r"\bfor free\b|\bfree (?:of charge|add-?on|session|treatment|units?|syringe)",
)
# A claim about the schedule: only the scheduler may make it, through {openings} (MSG-4).
_CLAIMS_OPENINGS: Final = _any(
    r"\b(?:few|only|last|remaining|some|two|three|several|\d+)\b[^.?!\n]{0,30}"
    r"\b(?:openings?|spots?|slots?|times? (?:left|open))\b",
    r"\b(?:openings?|spots?|slots?|appointments?|times?) (?:left|remain(?:s|ing)?|available|going)\b",
    r"\b(?:filling|booking|booked) (?:up|fast|solid)\b",
    r"\b(?:almost|nearly|fully) (?:full|booked)\b",
    r"\bi (?:still )?have (?:an? )?(?:opening|spot|slot)",
)
_CLINICAL: Final = _any(
    r"\b\d+(?:\.\d+)?\s*(?:units?|u|ml|cc|mg|mcg|syringes?|vials?)\b",
    r"\b(?:units?|syringes?|vials?|dos(?:e|es|age)|dilution|lot number|cannula|needles?)\b",
    r"\b(?:diagnos\w+|prescri\w+|medication|medical (?:history|record)s?|allerg\w+)\b",
    r"\b(?:migraines?|hyperhidrosis|tmj)\b",
    r"\b(?:bruis\w+|swelling|side effects?|complications?|adverse|necrosis)\b",
    r"\b(?:botulinum|onabotulinum\w*|hyaluronic|hyaluronidase|deoxycholic)\b",
)
_TREATMENT_NAMES: Final = _any(
    r"\b(?:botox|dysport|xeomin|jeuveau|daxxify|letybo|sculptra|radiesse|kybella|ju?v[eé]derm|voluma|restylane)\b",
    r"\b(?:neuromodulator|neurotoxin|tox|fillers?|biostimulator|injectables?|injections?)\b",
    r"\b(?:lips?|cheeks?|forehead|glabella|chin)\b",
    r"\b(?:wears? off|(?:typically|usually|will|can) last|lasts|kick(?:s|ed) in|results?)\b",
)
_OPT_OUT: Final = re.compile(r"\b(?:reply|text|send)\s+['\"]?STOP\b", re.IGNORECASE)
# Lists of carriers and aggregators (CTIA 5.3.2; messaging.md 6).
SHORTENERS: Final = frozenset(
    {
        "9qr.de",
        "alturl.com",
        "app.link",
        "bc.vc",
        "bit.do",
        "bit.ly",
        "bitly.com",
        "bitly.ws",
        "budurl.com",
        "clicky.me",
        "cutt.ly",
        "goo.gl",
        "is.gd",
        "lc.chat",
        "linki.la",
        "lnkd.in",
        "minm.xyz",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "s2r.co",
        "serveirc.com",
        "short.io",
        "shrtco.de",
        "soo.gd",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
    }
)
_HOSTS: Final = re.compile(
    rf"(?<![\w.-])(?:[\w-]+\.)*({'|'.join(map(re.escape, sorted(SHORTENERS)))})(?![\w-]|\.\w)", re.IGNORECASE
)

_OTHER_DAY: Final = {
    Touchpoint.HOURS_48: _any(r"\b(?:today|tomorrow|tonight)\b"),
    # The step can leave the evening before that day: see R5's "move back".
    Touchpoint.HOURS_24: _any(r"\b(?:today|tomorrow|tonight)\b"),
    Touchpoint.MORNING: _any(r"\btomorrow\b"),
    Touchpoint.EVENING_BEFORE: _any(r"\b(?:today|this morning)\b"),
}
_FIELD_MARK: Final = "\u25a1"
# Twilio carries 1,600 characters (messaging.md 1.1).
_LONGEST_BODY: Final = {Channel.SMS: 800, Channel.EMAIL: 8000}
_NO_DISCOUNT: Final = frozenset({Touchpoint.FIRST, Touchpoint.COMBINED})
_NO_INCENTIVE: Final = frozenset({Touchpoint.FIRST, Touchpoint.SECOND})


def problems(
    body: str,
    touchpoint: Touchpoint,
    channel: Channel,
    *,
    subject: str | None = None,
    is_discreet: bool = False,
) -> list[Problem]:
    """What an editor refuses or warns of in a text (MSG-3, MSG-4, MSG-7, R5, messaging.md 5.4).

    A text with an unknown field or an open section has that one problem only. `subject` None: not looked at.
    """
    try:
        wordings = [parse(body)] if subject is None else [parse(subject), parse(body)]
    except WordingError as error:
        return [Problem("WORDING", str(error))]
    names = frozenset[str]().union(*(wording.fields() for wording in wordings))
    words = "\n".join(_own_words(wording) for wording in wordings).replace("\u2019", "'")
    found = [
        *_about_content(words, names, touchpoint),
        *_about_openings(wordings),
        *_about_detail(words, names, is_discreet=is_discreet),
        *_about_sms(wordings[-1], words, touchpoint, channel),
    ]
    if channel is Channel.EMAIL and subject is not None and not subject.strip():
        found.append(Problem("NO_SUBJECT", "An email needs a subject."))
    if len(body) > _LONGEST_BODY[channel]:
        most = _LONGEST_BODY[channel]
        sentence = f"The text has {len(body)} characters; {most} at most leave room for its fields."
        found.append(Problem("TOO_LONG", sentence))
    if not body.strip():
        found.append(Problem("EMPTY", "The text is empty."))
    return found


def _about_content(words: str, names: frozenset[str], touchpoint: Touchpoint) -> list[Problem]:
    found = []
    if said := _LOOKS.search(words):
        found.append(Problem("LOOKS", f"{_quote(said)} comments on looks. A message never does."))
    if said := _LOOKS_URGENCY.search(words):
        found.append(Problem("URGENCY", f"{_quote(said)} presses. Say when it is a good time instead."))
    if said := _CLINICAL.search(words):
        sentence = f"{_quote(said)} is clinical; treatment, area and how long it lasts are all that is told."
        found.append(Problem("CLINICAL", sentence))
    said = _DISCOUNT.search(words)
    if said and touchpoint in _NO_DISCOUNT:
        sentence = f"{_quote(said)} is a discount. A first reminder carries none."
        found.append(Problem("DISCOUNT", sentence))
    if "incentive" in names and touchpoint in _NO_INCENTIVE:
        found.append(Problem("DISCOUNT", "This reminder carries no incentive; the second with incentive does."))
    day = _OTHER_DAY.get(touchpoint)
    if day and (said := day.search(words)):
        found.append(Problem("DAY", f"{_quote(said)} is not when the visit is as this leaves (R5)."))
    if KIND_OF[touchpoint] is MessageKind.ANSWER and names & {"booking_link", "openings", "incentive"}:
        found.append(Problem("MARKETING", "The answer to a stop confirms it and says nothing else."))
    if host := _HOSTS.search(words):
        sentence = f"{host[1]} is a public link shortener; carriers block it. Use the practice's own link."
        found.append(Problem("SHORTENER", sentence))
    return found


def _about_openings(wordings: list[Wording]) -> list[Problem]:
    without = dict.fromkeys(FIELDS, _FIELD_MARK) | {"openings": ""}
    for wording in wordings:
        if said := _CLAIMS_OPENINGS.search(fill(wording, without)):
            sentence = f"{_quote(said)} claims openings. Say it inside [[ … {{openings}} … ]]."
            return [Problem("OPENINGS", sentence)]
    return []


def _about_detail(words: str, names: frozenset[str], *, is_discreet: bool) -> list[Problem]:
    if not is_discreet:
        return []
    if told := sorted(names & CLINICAL_FIELDS):
        return [Problem("DETAIL", f"A discreet text does not tell {{{told[0]}}}.")]
    if said := _TREATMENT_NAMES.search(words):
        return [Problem("DETAIL", f"{_quote(said)} tells of the treatment; a discreet text does not.")]
    return []


def _about_sms(body: Wording, words: str, touchpoint: Touchpoint, channel: Channel) -> list[Problem]:
    if channel is not Channel.SMS:
        return []
    found = []
    is_promotional = KIND_OF[touchpoint] in (MessageKind.PROMOTION, MessageKind.CARE)
    if is_promotional and "stop_text" not in body.required() and not _OPT_OUT.search(words):
        found.append(Problem("OPT_OUT", "This text must say how to stop: end it with {stop_text}."))
    if not fill(body, {"practice": _FIELD_MARK}).count(_FIELD_MARK):
        sentence = "Carriers want the practice's name in every text: use {practice} where it always shows."
        found.append(Problem("PRACTICE", sentence, is_refusal=False))
    return found


def _own_words(wording: Wording) -> str:
    """All that the text says by itself, in every alternative; a field is a mark that no pattern matches."""
    runs = [part.alternatives if isinstance(part, Section) else ((part,),) for part in wording.parts]
    pieces = (piece for alternatives in runs for run in alternatives for piece in run)
    return "".join(piece if isinstance(piece, str) else _FIELD_MARK for piece in pieces)


def _quote(said: re.Match[str]) -> str:
    return f"\u201c{said.group()}\u201d"

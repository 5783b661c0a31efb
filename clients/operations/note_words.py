"""Which words in a note of the record say that a client wants no messages, or is unhappy? A cautious table.

Notes are full of clinical routine, so only what can hardly mean anything else is listed: "chief complaint" is a
heading, "do not text before 9" is a wish about hours, which a person must read. The words are those that remain of a
text in lower case, without accents and marks.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_ENGLISH: Final = r"text(?:s|ed)?|sms|messages?|reminders?|e ?mails?|marketing|promotions?"
_WHAT: Final = rf"(?:{_ENGLISH}|mensajes?|textos?|correos?|recordatorios?)"
_WRITE: Final = r"(?:text|message|contact|email)"
_WRITTEN: Final = r"(?:texted|messaged|contacted|emailed|called)"
_MESSAGES: Final = r"(?:text messages|texts|sms|messages|reminders|emails|marketing)"
_OUR: Final = r"(?:the |our |your |all )?"
_HERS: Final = r"(?:her |his |the |all |any |their )*"
_HER: Final = r"(?:her|him|them|me|us|pt|patient|client)"
_TEXTING: Final = r"(?:sms|texting)"
_MARKETING: Final = r"(?:marketing (?:texts|emails|messages)|marketing|promotions)"
_REVOKES: Final = r"(?:revoke[sd]?|revoking|withdraws?|withdrew|withdrawing|rescind(?:s|ed)?)"
_CONSENT: Final = r"(?:consent|permission|authorization)"
_ASKS: Final = r"(?:ask(?:s|ed)?|want(?:s|ed)?|wish(?:es|ed)?|request(?:s|ed)?|prefer(?:s|red)?|like)"
_ASKED_FOR: Final = r"(?: please| wanted| requested| (?:per|by) (?:pt|patient|client|her|him|request)(?: request)?)*$"
_TEXTED: Final = r"(?:text|texting|sms|e ?mail|messaging|marketing|promotional|appointment|appt)"
# Messages that notes can hardly mean otherwise: "marketing" goes on with photos or a survey, "reminder" with a card.
_THESE: Final = (
    rf"(?:(?:{_TEXTED} )*(?:messages|reminders|notifications|communications?|texts|emails|alerts)|text messaging"
    r"|(?:texting|sms|marketing)(?: (?:and|or) (?:e ?mails?|texts|texting|sms|calls|marketing))*"
    rf"(?:{_ASKED_FOR}|(?= (?:wants?|wanted|prefers?|preferred|ok|okay|only|but|because|due|since|as|via|by|per)\b)))"
)
_ANY: Final = r"(?:(?:any|all|our|the|further|future|more|her|his|receiving|getting|to receive|to get) ){0,3}"
_WHO: Final = r"(?:pt|patient|client|please|pls|mark|marked|flag|flagged|status|is|as|on|put|add|added|to|the|our|this)"
_NO_WISH: Final = (
    r"(?:(?:does not|doesnt|do not|dont|did not|didnt|no longer) (?:want|wants|wish|wishes|like)|not interested in)"
)

NO_MESSAGES: Final = (
    rf"(?:do not|dont|never) send (?:her |him |them |me )?(?:any )?(?:more )?{_WHAT}",
    rf"(?:do not|dont|never) (?:call or )?{_WRITE}",
    rf"not (?:to )?(?:be )?(?:{_WRITTEN}|{_WRITE}) (?:her |him |them |me |us )?(?:any ?more|any longer|again)",
    rf"{_ASKS} (?:us |that we )?not (?:to )?(?:be {_WRITTEN}|{_WRITE}|(?:receive|get) (?:any |our |more )*{_WHAT})",
    rf"{_NO_WISH} (?:any |more |our |to receive |to get |to have |receiving |getting ){{0,3}}{_WHAT}",
    rf"{_NO_WISH} (?:to be |being ){_WRITTEN}",
    rf"(?:wants?|requests?|requested) no (?:more |further )?{_WHAT}",
    rf"no (?:more|further) {_WHAT}",
    rf"no (?:text messages|texts|sms|{_MARKETING}){_ASKED_FOR}",
    rf"(?:refuse[sd]?|refusing|decline[sd]?|declining) {_ANY}{_THESE}",
    r"(?:refuse[sd]?|decline[sd]?) to be (?:texted|messaged|contacted|emailed)",
    rf"{_REVOKES} {_HERS}(?:{_TEXTED} )+{_CONSENT}",
    rf"{_REVOKES} {_HERS}{_CONSENT} (?:for|to|of) {_ANY}(?:{_THESE}|{_TEXTING}|be {_WRITTEN})",
    rf"{_REVOKES} {_HERS}{_CONSENT} to {_WRITE}(?: (?:her|him|them|pt|patient|client))?$",
    rf"{_CONSENT} (?:for|to) {_ANY}(?:{_THESE}|{_TEXTING}|marketing) (?:is |was |has been )?(?:revoked|withdrawn)",
    rf"(?:taken|removed) (?:off|from) {_OUR}(?:{_TEXTED}|mailing) (?:message |messaging |reminder )?lists?",
    rf"{_ASKS} (?:us )?to be (?:taken|removed) (?:off|from) {_OUR}(?:(?:(?:{_WHAT}|mailing|contact) )+lists?|{_WHAT})$",
    rf"^(?:{_WHO} )*dnc(?: list| status| flag| please| per (?:pt|patient|client)| requested| request)*$",
    r"(?:on|to) (?:the |our )?dnc list",
    rf"{_ASKS}(?: for)? no (?:further |more |future |any )?contact(?! (?:with|dermatitis|lens|sport))",
    r"(?:stop|quit) (?:texting|messaging|contacting|emailing|sending)",
    rf"(?:stop|cease|end) (?:all |any |the |our |these |further )?{_MESSAGES}",
    r"(?:texted|replied|replies|wrote|said|sent|says) (?:back )?stop$",
    r"^stop(?: ?all)?$",
    r"no (?:further )?contact (?:please|any ?more|wanted|requested|per (?:pt|patient|client))",
    r"unsubscribed?",
    r"(?:opt|opts|opted|opting) out",
    rf"(?:remove|take) (?:her |him |them |me |client )?(?:from|off) {_OUR}(?:{_WHAT} )?(?:{_WHAT}|(?:mailing )?list)",
    rf"(?:rechaza|rechazo|declina|declino) (?:recibir )?(?:los |las |mas )*{_WHAT}",
    rf"(?:revoc|retir)[ao] (?:su |el )?(?:consentimiento|permiso|autorizacion) (?:para|de) (?:recibir )?{_WHAT}",
    rf"no (?:quiere|desea) (?:recibir )?(?:mas )?{_WHAT}",
    rf"no (?:le )?(?:enviar|mandar|envien|manden|mande|envie) (?:mas )?{_WHAT}",
    r"no (?:desea|quiere) (?:ser contactad[ao]|que l[ae] contacten)",
    r"no contactar",
    rf"no mas {_WHAT}",
    rf"(?:deje|dejen|dejar) de (?:enviar|mandar)(?:le|me)? {_WHAT}",
    r"dar(?:se|la|lo|me)? de baja",
)
UNCLEAR: Final = (
    rf"too many (?:of )?{_OUR}{_WHAT}",
    rf"(?:fewer|less|not (?:so|as|that) many) {_OUR}{_WHAT}",
    rf"(?:annoyed|bothered|irritated) (?:by|with|about|at) {_OUR}{_WHAT}",
    rf"{_ASKS} (?:us )?to be (?:taken|removed) (?:off|from) {_OUR}lists?$",
    rf"(?:do not|dont|stop) (?:bother|bothering|disturb|disturbing) {_HER}",
    rf"{_NO_WISH} (?:to be |being )(?:bothered|disturbed)",
    rf"leave {_HER} alone",
    r"(?:to be|being) left alone",
    rf"no {_MESSAGES}(?: please)? (?:until|till|while|during|before|after|today|this)",
    rf"no {_MESSAGES}(?: please)? for (?:\d+|now|an?|the next|some)",
    r"(?:wrong|not (?:her|his|their|the right)) (?:phone |cell |mobile )?number",
    rf"(?:demasiad[ao]s|menos) {_WHAT}",
    r"no (?:la |lo |le )?molest(?:ar|en?)(?:la|lo|le)?",
    r"numero equivocado",
)
COMPLAINTS: Final = (
    r"(?:is|was|very|so|still|client|patient|pt) (?:unhappy|upset|dissatisfied|disappointed|angry|furious)",
    r"(?:unhappy|upset|dissatisfied|disappointed|angry|furious) (?:with|about|over|at)",
    r"^(?:unhappy|upset|dissatisfied|disappointed|angry|furious)$",
    r"not (?:at all )?(?:happy|satisfied|pleased)",
    r"complain(?:ed|s|ing)? (?:about|that)",
    r"(?:filed|made|has|had|lodged) an? (?:formal )?complaint",
    r"complaint about",
    r"client complaint",
    r"^complaint (?!form\b)",
    r"(?:want(?:s|ed)|ask(?:s|ed|ing) for|demand(?:s|ed|ing)|request(?:s|ed|ing)) (?:a |her |his )?(?:refund|money)",
    r"(?:negative|bad|one star|1 star) review",
    r"(?:terrible|horrible|awful) (?:experience|service|result|results)",
    r"(?:lawyer|attorney|lawsuit|malpractice)",
    r"(?:vascular occlusion|necrosis)",
    r"(?:muy |esta |estaba )(?:molest[ao]|enojad[ao]|descontent[ao]|insatisfech[ao]|decepcionad[ao])",
    r"no esta (?:content[ao]|satisfech[ao]|feliz)",
    r"(?:puso|presento|tiene|hizo) una queja",
    r"se quej[ao] (?:de|por|que)",
    r"(?:pide|pidio|quiere|exige) (?:un |el |su )?reembolso",
    r"(?:abogad[ao]|demanda judicial)",
)
# What makes an unwanted match of the words after it ("has not opted out", "denies being upset with").
_NOT: Final = r"(?:not|never|no|denies|denied|without|didnt|hasnt|isnt|wasnt|sin|niega|nunca|jamas) (?:\w+ ){0,2}$"
# What makes a wish about hours or manner of a wish for none.
_LIMITS: Final = (
    rf"^ ?(?:{_HER} )?(?:before|after|until|till|during|between|at(?! (?:all|any))|on(?! any)|in the(?! future)|while"
    r"|antes|despues|hasta|durante|entre|a las)\b"
)
# What makes of a wish one for some days.
_FOR_A_WHILE: Final = (
    rf"^ ?(?:{_HER} )?"
    rf"(?:for(?! (?:good|ever|all|any|now on|{_WHAT})\b)|today|tonight|this (?:week|month|year|time|visit))\b"
)
# What makes of it one about other messages.
_OF_OTHERS: Final = (
    r"^ ?(?:of|from)\b"
    rf"(?! (?:(?:all|any|our|the|these|future|further|more) )*(?:us|practice|clinic|office|spa|{_WHAT})\b)"
)
# What was ended was ended on some day: only this makes it end for a while.
_UNTIL: Final = r"^ ?(?:until|till|while|hasta)\b"
_ENDED: Final = r"opt|unsubscri|revo[ck]|withdr|rescind|retir|dnc|stop$|baja"
_AS_FAR: Final = 80
_INSTEAD: Final = (
    r"\b(?:prefers?|preferred|wants?|wanted|ok(?:ay)?(?: with| to| for)?|use) (?:an? |to be |by |via )?"
    r"(?:text(?:s|ed|ing)?|sms)\b|\b(?:texts?|texting|sms) (?:is |are )?(?:ok|okay|fine|good|preferred|only|instead)\b"
)
_BY_EMAIL: Final = r"e ?mail|correo"

_NO_MESSAGES: Final = re.compile("|".join(rf"\b{phrase}\b" for phrase in NO_MESSAGES))
_UNCLEAR: Final = re.compile("|".join(rf"\b{phrase}\b" for phrase in UNCLEAR))
_COMPLAINTS: Final = re.compile("|".join(rf"\b{phrase}\b" for phrase in COMPLAINTS))


def wants_no_messages(text: str) -> bool:
    """Whether a note says that she wants no messages (OPT-1).

    >>> wants_no_messages("Pt called, please STOP texting her."), wants_no_messages("Do not text before 9 am")
    (True, False)
    """
    return any(not _is_limited(*said) for said in _said(_NO_MESSAGES, text))


def may_want_fewer(text: str) -> bool:
    """Whether a note may ask for fewer messages, for none for a while or at some hours, or for none by email (OPT-1).

    What asks for none at all is `wants_no_messages`.

    >>> may_want_fewer("Do not text before 9 am"), may_want_fewer("Wrong number"), may_want_fewer("Text ok")
    (True, True, False)
    """
    narrowed = any(_is_wish(*said) for said in _said(_NO_MESSAGES, text))
    return narrowed or any(True for _ in _said(_UNCLEAR, text))


def is_complaint(text: str) -> bool:
    """Whether a note tells of an unhappy client (CARE-1).

    >>> is_complaint("Client is upset about bruising"), is_complaint("Chief complaint: forehead lines")
    (True, False)
    """
    return any(not _is_limited(*said) for said in _said(_COMPLAINTS, text))


def _said(phrases: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """Each phrase that is said and not denied, with what follows it in its sentence."""
    for sentence in re.split(r"[.;!?\n]+", text):
        words = _plain(sentence)
        for found in phrases.finditer(words):
            if not re.search(rf"\b{_NOT}", words[: found.start()]):
                yield found.group(), words[found.end() :][:_AS_FAR]


def _is_limited(phrase: str, after: str) -> bool:
    """Whether what follows a phrase makes it a wish about some days, other messages or the channel."""
    is_of_others = re.search(_OF_OTHERS, after) and not re.search(_ENDED, phrase)
    return bool(is_of_others or _is_for_a_while(phrase, after) or re.search(_INSTEAD, after))


def _is_wish(phrase: str, after: str) -> bool:
    """Whether it is one that a person must look at: for a while, at some hours, or not by email."""
    return _is_for_a_while(phrase, after) or bool(re.search(_INSTEAD, after) and re.search(_BY_EMAIL, phrase))


def _is_for_a_while(phrase: str, after: str) -> bool:
    if re.search(_ENDED, phrase):
        return bool(re.search(_UNTIL, after))
    return bool(re.search(_LIMITS, after) or re.search(_FOR_A_WHILE, after))


def _plain(text: str) -> str:
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[^\w\s]+", " ", re.sub(r"['’]", "", letters)).split())

"""Which words in a note of the record say that a client wants no messages, or is unhappy? A cautious table.

Notes are full of clinical routine, so only what can hardly mean anything else is listed: "chief complaint" is a
heading, "do not text before 9" is a wish about hours. The words are those that remain of a text in lower case,
without accents and marks.
"""

import re
import unicodedata
from typing import Final

_ENGLISH: Final = r"text(?:s|ed)?|sms|messages?|reminders?|e ?mails?|marketing|promotions?"
_WHAT: Final = rf"(?:{_ENGLISH}|mensajes?|textos?|correos?|recordatorios?)"

NO_MESSAGES: Final = (
    rf"(?:do not|dont|never) send (?:her |him |them )?(?:any )?(?:more )?{_WHAT}",
    r"(?:do not|dont|never) (?:text|message|contact|email)",
    rf"(?:does not|doesnt|do not|dont|no longer) wants? (?:any |more |our |to receive |to get ){{0,3}}{_WHAT}",
    r"(?:does not|doesnt|no longer) wants? to be (?:texted|contacted|messaged|emailed)",
    rf"wants? no (?:more )?{_WHAT}",
    rf"no more {_WHAT}",
    r"stop (?:texting|messaging|contacting|emailing|sending)",
    r"unsubscribed?",
    r"(?:opt|opts|opted|opting) out",
    rf"(?:remove|take) (?:her|him|them|me|client) (?:from|off) (?:the |our |all )?(?:{_WHAT}|(?:mailing )?list)",
    rf"no (?:quiere|desea) (?:recibir )?(?:mas )?{_WHAT}",
    rf"no (?:le )?(?:enviar|mandar|envien|manden|mande|envie) (?:mas )?{_WHAT}",
    r"no (?:desea|quiere) (?:ser contactad[ao]|que l[ae] contacten)",
    r"no contactar",
    rf"no mas {_WHAT}",
    rf"(?:deje|dejen|dejar) de (?:enviar|mandar)(?:le|me)? {_WHAT}",
    r"dar(?:se|la|lo|me)? de baja",
)
COMPLAINTS: Final = (
    r"(?:is|was|very|so|still|client|patient|pt) (?:unhappy|upset|dissatisfied|disappointed|angry|furious)",
    r"(?:unhappy|upset|dissatisfied|disappointed|angry) (?:with|about|over)",
    r"not (?:at all )?(?:happy|satisfied|pleased)",
    r"complain(?:ed|s|ing) (?:about|that)",
    r"(?:filed|made|has|had|lodged) an? (?:formal )?complaint",
    r"complaint about",
    r"(?:want(?:s|ed)|ask(?:s|ed|ing) for|demand(?:s|ed|ing)|request(?:s|ed|ing)) (?:a |her |his )?refund",
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
_LIMITS: Final = r"^ ?(?:before|after|until|till|during|between|at|on|in the|antes|despues|hasta|durante|entre|a las)\b"

_NO_MESSAGES: Final = re.compile("|".join(rf"\b{phrase}\b" for phrase in NO_MESSAGES))
_COMPLAINTS: Final = re.compile("|".join(rf"\b{phrase}\b" for phrase in COMPLAINTS))


def wants_no_messages(text: str) -> bool:
    """Whether a note says that she wants no messages (OPT-1).

    >>> wants_no_messages("Pt called, please STOP texting her."), wants_no_messages("Do not text before 9 am")
    (True, False)
    """
    return _says(_NO_MESSAGES, text)


def is_complaint(text: str) -> bool:
    """Whether a note tells of an unhappy client (CARE-1).

    >>> is_complaint("Client is upset about bruising"), is_complaint("Chief complaint: forehead lines")
    (True, False)
    """
    return _says(_COMPLAINTS, text)


def _says(phrases: re.Pattern[str], text: str) -> bool:
    for sentence in re.split(r"[.;!?\n]+", text):
        words = _plain(sentence)
        for found in phrases.finditer(words):
            is_denied = re.search(rf"\b{_NOT}", words[: found.start()])
            if not is_denied and not re.search(_LIMITS, words[found.end() :]):
                return True
    return False


def _plain(text: str) -> str:
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[^\w\s]+", " ", re.sub(r"['’]", "", letters)).split())

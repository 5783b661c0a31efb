"""What does a denial do to words that ask for messages, or to words for messages in which no phrase was found?

A START ends an opt-out and is a new consent, so it must be certain: next to it only words of this list may stand, and
no denial or question in the whole message. A denial next to a word for messages may be a stop in words that nobody
foresaw ("not okay with texting"): a person decides, unless it tells of messages that did not come.
"""

from typing import Final

from clients.operations.word_table import parts, phrases, words

_PARTS: Final = parts(
    r"""
    denial =
        (?:do not|dont|donot|does not|doesnt|not|never|no longer|no one|nobody|without
        |no(?! (?:problems?|worries|rush|thanks|prob|hurry|need to|i|im|ive|you|we|it|its|please|just|can|could|will|but
        |so)\b))
    messages =
        (?:text(?:s|ing|ed)?|txt(?:s|ing)?|sms|messag\w+|msgs?|contact(?:ing|ed)?(?! lens)|e ?mail\w*|reminders?
        |notif\w+|alerts?|marketing|promos|promotion(?:s|al)|advertis\w+|solicit\w*|spam\w*|newsletters?)
    mensajes =
        (?:agreg\w+ (?:a|en) (?:la|su) lista(?! de)|escrib\w+|mensaj\w+|textos?|texte\w+|correos?|contact\w+
        |recordatorios?|publicidad|promociones|notificaciones|avisos|mand(?:ar|en?|es)\w*|envi(?:ar|en?|es)\w*|sms
        |llam(?:en?\b|es\b|ar\w*)|molest(?:en?|es)\b)
    """
)
_REFUSALS: Final = phrases(
    _PARTS,
    r"""
    <denial> (?:\w+ ){0,4}<messages>
    (?:no|nunca|jamas|ni|sin) (?:\w+ ){0,5}<mensajes>
    """,
)
_EXCUSES: Final = phrases(
    _PARTS,
    r"""
    ^(?:why|how come|did|didnt|have|havent|has|hasnt|is|isnt|are|arent|was|wasnt)
    (?:do not|dont|did not|didnt|have not|havent|has not|hasnt|had not|hadnt|does not|doesnt|was not|wasnt|were not
        |werent|never) (?:(?:ever|even|actually|really|yet|you|i|he|she|they) )?(?:got|gotten|get|receiv\w+|came|come
        |coming|see|saw|seen|find|found|have|had|hear\w*|remember|recall|show\w*|called|texted|emailed|messaged
        |respond\w*|repl\w+|answer\w*|understand|mean|say|read|send|sent|went|go|work\w*|check\w*|notice\w*)
    (?:i|we) (?:do not|dont|never|did not|didnt|will not|wont) (?:(?:usually|really|ever|even|normally) )?(?:text|txt
        |message|msg|e ?mail|write|contact)
    (?:do not|dont|never|please do not|not) (?:\w+ ){0,1}(?:hesitate|forget|worry|mind|hate|be (?:shy|afraid))
    (?:do not|dont|never|not|no one|nobody) (?:\w+ ){0,2}(?:stop\w*|quit|unsubscri\w+|opt\w*|remov\w+|end|cancel\w*|miss
        |take)
    not (?:\w+ )?(?:able|sure|certain|positive|clear|the one|what|how|why|when)
    (?:im|am|is|are|was|were|have|has|been|still) not (?:been )?(?:getting|receiving|gotten|received)
    no (?:link|charge|time|date|idea|clue)
    not (?:right now|now|yet|today|this (?:week|month|time))
    (?:do not|dont) know(?: yet| if| when)
    (?:sure|if|whether|that) my (?:texts?|messages?|e ?mails?|reply)
    no (?:text|message|reminder|email)s? (?:needed|necessary|required|yet|came|come|so far|today|this time|from you
        |went|arrived|received|through|from (?!you))
    <messages>(?: \w+)? back\b
    (?:while|and) (?:i am |im )?driv(?:e|ing)
    (?:thanks|appreciate you|thank you) for not
    (?:text|sms|texting) (?:is|works|are|instead)
    no (?:me |nos |les |le )?(?:ha|han|he|has|habia) \w+
    no (?:me |nos |les |le )?(?:hay|alcance|lleg\w+|recib(?:i|o|ido|imos)|mandaron|enviaron|mandaste
        |enviaste|llamaron|escribieron|mando|envio|tengo|tenia|veo|vi|encuentro|entiendo|entendi|se|olvid\w+|puedo|pude
        |contest\w+|respond\w+|lei|aparec\w+|dejen?|dejes|pare[ns]?|quiten?|cancel\w+)
    no (?:me |nos )?(?:manden?|envien?|mandes|envies) (?:al (?!cel|tel|movil|numero|trabajo|correo|e ?mail
        |whatsapp|\d)|a (?:otr[ao]|un[ao]?|la|el)\b|la confirmacion|el enlace)
    por que no
    """,
)
_BESIDE_A_START: Final = words(
    """
    again, ahead, actually, and, back, be, can, changed, could, d, definitely, for, get, glad, go, happy, hello, hey,
    hi, i, id, im, is, it, kindly, like, love, me, messages, mind, my, now, ok, okay, on, please, pls, plz, ready,
    receiving, reminders, sure, texts, thanks, the, this, to, u, want, wanna, we, will, would, wish, ya, yall, yea,
    yeah, yep, yes, you, your,
    ahora, bien, claro, de, estos, favor, gracias, hola, la, las, lista, los, me, mensajes, nuevo, otra, por, porfa,
    pueden, que, quiero, quisiera, recibir, si, sus, textos, vez, ya
    """
)
_WARY: Final = phrases(
    {},
    r"""
    not|dont|donot|doesnt|never|didnt|did|cant|cannot|wont|wouldnt|shouldnt|couldnt|isnt|arent|wasnt|havent|aint|no
        |none|nobody|without|refuse|hate|if|unless|how|who|why|when|where|stop|quit|nunca|jamas|ni|sin|quien|como
        |cuando|por que|tampoco
    """,
)
_LEADS: Final = words(
    """
    already, am, are, been, booked, but, c, call, calls, confirm, confirmed, done, email, emails, go, have, just, me,
    nah, no, nope, now, ok, okay, please, reply, replying, send, sending, sms, text, texting, texts, thank, thanks,
    the, then, thx, txt, ty, type, typing, word, yes, gracias, pero, texto, ya, y
    """
)
_NO_LAST_LEADS: Final = frozenset({"have", "am", "are", "been", "the"})
_LAST: Final = words("alto, basta, optout, paren, stop, stopall, unsubscribe")
_ASKS: Final = phrases({}, "what|which|que palabra|cual")
_BARE_NO: Final = phrases({}, r"^no \w+$")


def is_refusal(clause: str) -> bool:
    """Whether a clause denies something about messages, and not only that they came.

    >>> is_refusal("not okay with texting"), is_refusal("i didnt get the text"), is_refusal("i dont need a refill yet")
    (True, False, False)
    """
    return bool(_REFUSALS.search(clause)) and not _EXCUSES.search(clause)


def is_certain(beside: str) -> bool:
    """Whether what stands beside the phrase of a START leaves it as it is.

    >>> is_certain("yes please"), is_certain("who said")
    (True, False)
    """
    return _BESIDE_A_START.issuperset(beside.split())


def is_wary(message: str) -> bool:
    """Whether a message with a START denies or asks anything."""
    return bool(_WARY.search(message))


def stands_alone(core: str) -> bool:
    """Whether a stop word ends a clause and what leads to it means nothing else.

    >>> stands_alone("already booked stop"), stands_alone("the bus stop"), stands_alone("i already stop")
    (True, False, False)
    """
    *leads, last = core.split() or [""]
    leads = [word for word in leads if not word.isdecimal()] or leads[:1]
    return last in _LAST and bool(leads) and leads[-1] not in _NO_LAST_LEADS and _LEADS.issuperset(leads)


def asks_for_word(sentence: str) -> bool:
    """Whether a sentence asks which word to send.

    >>> asks_for_word("what do i reply text stop"), asks_for_word("sms stop")
    (True, False)
    """
    return bool(_ASKS.search(sentence))


def is_bare_no(core: str) -> bool:
    """Whether it is "no" and one word: with a question mark it asks for what did not come ("no text?").

    >>> is_bare_no("no texts"), is_bare_no("no more texts")
    (True, False)
    """
    return bool(_BARE_NO.search(core))

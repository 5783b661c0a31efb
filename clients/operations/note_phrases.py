"""How do the notes of a record put that a client wants no messages, may want fewer, or is unhappy? A cautious table.

Notes are full of clinical routine, so only what can hardly mean anything else is listed: "chief complaint" is a
heading, "does not bother her" a finding. The words are those that remain of a text in lower case, without accents
and marks (`note_words.py`).
"""

from typing import Final

_ENGLISH: Final = r"text(?:s|ed)?|sms|communications|notifications|messages?|reminders?|e ?mails?|marketing|promotions?"
WHAT: Final = rf"(?:{_ENGLISH}|mensajes?|textos?|correos?|recordatorios?)"
_WRITE: Final = r"(?:text|message|contact|email)"
_WRITTEN: Final = r"(?:texted|messaged|contacted|emailed|called)"
_MESSAGES: Final = r"(?:text messages|communications|texts|sms|messages|reminders|emails|marketing)"
_OUR: Final = r"(?:the |our |your |all )?"
_HERS: Final = r"(?:her |his |the |all |any |their )*"
HER: Final = r"(?:her|him|them|me|us|pt|patient|client)"
_TEXTING: Final = r"(?:sms|texting)"
_MARKETING: Final = r"(?:marketing (?:texts|emails|messages)|marketing|promotions)"
_REVOKES: Final = r"(?:revoke[sd]?|revoking|withdraws?|withdrew|withdrawing|rescind(?:s|ed)?)"
_CONSENT: Final = r"(?:consent|permission|authorization)"
# What is not to be touched, sent or called is no client: "do not contact treated area", "do not text photos".
_NO_TOUCH: Final = (
    r"(?! (?:with (?:water|sun|skin|eyes?|the|treated|other|hands?)|(?:the )?(?:treated|injected|site)|lens\w*|sports?"
    r"|(?:the )?(?:treatment )?area(?! code)|and drive"
    r"|(?:the |her |his |any )?(?:photos?|pictures?|phi|records|results|insurance|pcp|emergency contact|employer"
    r"|husband|wife|spouse|partner|mother|mom|father|dad|daughter|son|sister|family))\b)"
)
_NO_PAPER: Final = r"(?! (?:receipts?|cards?|calls?|invoices?|photos?|with (?:price|photo))\b)"
_NO_NAME: Final = r"(?! (?:mrs|miss|ms|mr|by (?:first|last|her|his))\b)"
_NO_CLUB: Final = r"(?! from (?:the |our |her |his )?(?:membership|auto ?ship|subscription|plan|program|other)\b)"
_NO_SKIN: Final = (
    r"(?! (?:with|dermatitis|lens|sport|near|over|on (?:the|left|right|treated)|at (?:the|left|right|injection)))"
)
_NO_COUNT: Final = r"(?! (?:of|one|two|for|given|in)\b)"
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
    rf"(?:do not|dont|never) send (?:her |him |them |me )?(?:any )?(?:more )?{WHAT}{_NO_PAPER}",
    rf"(?:do not|dont|never) (?:call or )?{_WRITE}{_NO_TOUCH}",
    rf"not (?:to )?(?:be )?(?:{_WRITTEN}|{_WRITE}) (?:her |him |them |me |us )?(?:any ?more|any longer|again)",
    rf"{_ASKS} (?:us |that we )?not (?:to )?(?:be {_WRITTEN}|{_WRITE}|(?:receive|get) (?:any |our |more )*{WHAT})",
    rf"{_NO_WISH} (?:any |more |our |to receive |to get |to have |receiving |getting ){{0,3}}{WHAT}{_NO_PAPER}",
    rf"{_NO_WISH} (?:to be |being ){_WRITTEN}{_NO_NAME}",
    rf"(?:wants?|requests?|requested) no (?:more |further )?{WHAT}",
    rf"no (?:more|further) {WHAT}",
    rf"no (?:text messages|texting|texts|sms|{_MARKETING}){_ASKED_FOR}",
    rf"(?:refuse[sd]?|refusing|decline[sd]?|declining) {_ANY}{_THESE}",
    r"(?:refuse[sd]?|decline[sd]?) to be (?:texted|messaged|contacted|emailed)",
    rf"{_REVOKES} {_HERS}(?:{_TEXTED} )+{_CONSENT}",
    rf"{_REVOKES} {_HERS}{_CONSENT} (?:for|to|of) {_ANY}(?:{_THESE}|{_TEXTING}|be {_WRITTEN})",
    rf"{_REVOKES} {_HERS}{_CONSENT} to {_WRITE}(?: (?:her|him|them|pt|patient|client))?$",
    rf"{_CONSENT} (?:for|to) {_ANY}(?:{_THESE}|{_TEXTING}|marketing) (?:is |was |has been )?(?:revoked|withdrawn)",
    rf"(?:taken|removed) (?:off|from) {_OUR}(?:{_TEXTED}|mailing) (?:message |messaging |reminder )?lists?",
    rf"{_ASKS} (?:us )?to be (?:taken|removed) (?:off|from) {_OUR}(?:(?:(?:{WHAT}|mailing|contact) )+lists?|{WHAT})$",
    rf"^(?:{_WHO} )*dnc(?: list| status| flag| please| per (?:pt|patient|client)| requested| request)*$",
    r"(?:on|to) (?:the |our )?dnc list",
    rf"{_ASKS}(?: for)? no (?:further |more |future |any )?contact{_NO_SKIN}",
    r"(?:stop|quit) (?:texting|messaging|contacting|emailing|sending)",
    rf"(?:stop|quit) (?:receiving|getting) (?:any |our |the |more )*{WHAT}",
    rf"{_NO_WISH} (?:us|you|anyone|practice|office) (?:to )?(?:{_WRITE}|texting|contacting)",
    rf"(?:no (?:further|more)|cease(?: all)?|stop all) contact{_NO_SKIN}",
    rf"(?:do not|dont) (?:ever {_WRITE}{_NO_TOUCH}|reach out(?: to {HER})?$)",
    rf"(?:{_TEXTED} {_CONSENT}|{_CONSENT} to text) (?:is |was |has been )?(?:revoked|withdrawn)",
    rf"(?:stop|cease|end) (?:all |any |the |our |these |further )?{_MESSAGES}",
    r"(?:texted|replied|replies|sent) (?:back )?stop(?:$| to (?:our|the|us|last|her)\b)",
    r"^stop(?: ?all)?$",
    r"no (?:further )?contact (?:please|any ?more|wanted|requested|per (?:pt|patient|client))",
    rf"(?:unsubscribed?{_NO_CLUB}|optout)",
    r"not to be (?:texted|messaged|contacted|emailed)",
    r"(?:discontinue|dc|turn off|disable|cancel) (?:all )?(?:text messages|text reminders|texts|sms|reminders)$",
    rf"{WHAT} (?:to |be )*(?:stop|stopped|discontinued)$",
    r"stop calling (?:and |or )texting",
    r"(?:opt|opts|opted|opting) out",
    rf"(?:remove|take) (?:{HER} )?(?:from|off) {_OUR}(?:(?:{WHAT}|texting) )?(?:{WHAT}|(?:mailing )?lists?)",
    rf"(?:rechaza|rechazo|declina|declino) (?:recibir )?(?:los |las |mas )*{WHAT}",
    rf"(?:revoc|retir)[ao] (?:su |el )?(?:consentimiento|permiso|autorizacion) (?:para|de) (?:recibir )?{WHAT}",
    rf"no (?:quiere|desea) (?:recibir )?(?:mas )?{WHAT}",
    rf"no (?:le )?(?:enviar|mandar|envien|manden|mande|envie)(?:le)? (?:mas )?{WHAT}",
    r"no (?:desea|quiere) (?:ser contactad[ao]|que l[ae] contacten)",
    r"no contactar(?:la|lo|le)?(?! (?:con )?agua)",
    r"no (?:la|lo|le) (?:contacten?|contactar|escriban?|texteen?)",
    rf"no mas {WHAT}",
    rf"(?:deje|dejen|dejar) de (?:enviar|mandar)(?:le|me)? {WHAT}",
    r"(?:dar(?:se|la|lo|me)?|se dio) de baja",
    rf"(?:prefiere|solicita|solicito|pide|pidio) no (?:ser contactad[ao]|recibir (?:mas )?{WHAT})",
)
UNCLEAR: Final = (
    rf"^(?:{_WHO} )*dnc(?= (?:\d|as of|since|per|by|from|at|on|until|effective|wants|prefers|{HER}))",
    r"^(?:texts?|texting|sms)(?: (?:messages|reminders|consent))? (?:no|declined|refused|revoked)$",
    rf"too many (?:of )?{_OUR}{WHAT}",
    rf"(?:fewer|less|less frequent|not (?:so|as|that) many) {_OUR}{WHAT}",
    rf"{_NO_WISH} (?:so|that|this) many {WHAT}",
    rf"(?:annoyed|bothered|irritated) (?:by|with|about|at) {_OUR}{WHAT}",
    rf"{_ASKS} (?:us )?to be (?:taken|removed) (?:off|from) {_OUR}lists?$",
    rf"^(?:please |pls )?(?:do not|dont|stop) bother(?:ing)? {HER}",
    rf"{_NO_WISH} (?:to be |being )bothered(?: any ?more| again)?$",
    rf"leave {HER} alone(?: please| pls)?$",
    rf"{_ASKS} to be left alone(?: please)?$",
    rf"no {_MESSAGES}(?: please)? (?:until|till|while|during|before|after|this (?:week|month|year))",
    rf"no {_MESSAGES}(?: please)? (?:on (?:\w+days?|weekends?)|for (?:\d+|now|an?|the next|some))",
    rf"(?:hold|pause) (?:off )?(?:on )?{_OUR}{_MESSAGES}",
    rf"(?:wrong|incorrect|not (?:her|his|their|the right)) (?:phone |cell |mobile )?number{_NO_COUNT}",
    r"not (?:her|his|their) (?:cell|phone|mobile)",
    rf"(?:demasiad[ao]s|menos) {WHAT}",
    r"^(?:por favor )?no (?:la |lo |le )?molest(?:ar|en?)(?:la|lo|le)?$",
    r"numero (?:equivocado|incorrecto)(?! de\b)",
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

"""How do people say stop, start and "who is this" in English?

Sources: 47 CFR 64.1200(a)(10); Twilio's default keywords (messaging.md 1.9); the messages that were quoted in Epps v.
Earth Fare, Rando v. Edible Arrangements and Viggiano v. Kohl's. tests/clients/revocations.tsv holds the examples.
"""

from typing import Final

from clients.operations.word_table import WordTable, after, before, parts, phrases, words

_PARTS: Final = parts(
    r"""
    messages =
        (?:text(?:s|ing)?|text messages?|txts?|sms|messages?|messaging|msgs?|reminders?|e ?mails?|notifications?
        |alerts?|promos?|promotions?|ads|advertis\w+|marketing|solicitations?|communications?|correspondence
        |newsletters?|spam|spamming|calls|harassment|nonsense|madness|bs|bullshit|crap|shit|insanity)
    many =
        (?:text(?:s|ing)?|(?:text |txt |sms )?(?:messages|msgs)|txts|sms|reminders|e ?mails|marketing|promotions
        |promos|calls|ads|contact|messaging|e ?mailing)
    these =
        (?:these|those|this|that|it)
    mistake =
        (?:was|were|is) (?:an? |my |all an? )?(?:mistake|accident|error|typo|mishap)
    own object =
        (?! (?:the|an?|my|that|those|your) (?!<messages>|same)\w+| up\b)
    fillers =
        (?:(?:all|any|the|these|those|this|that|your|ur|our|my|such|of|further|future|more|automated|auto|automatic
        |annoying|unwanted|constant|damn|fucking|freaking|stupid|other|with|promotional|marketing|appointment
        |text|sms|reminder|email|mass|group|now|already|please)\s){0,5}
    adverbs =
        (?:(?:all|with|the|these|this|even|fucking|freaking|damn|constantly|always|ever|just)\s){0,3}
    reach =
        (?:text|txt|message|msg|contact|e ?mail|call|write|harass|spam|sms|solicit|bug|ping)
    reaching =
        (?:texting|txting|texts|messaging|msging|contacting|e ?mailing|calling(?! it\b)|writing(?: to)? (?:me|us)
        |writing$|bothering|harassing|spamming|pestering|soliciting|annoying me|bugging|reaching out
        |hitting me up|reminding me|blowing up|(?:sending|sendin)(?: to)?(?: me| us| her| him
        | out)?(?: <fillers><messages>| (?:this|these|those|stuff|things|anything|them|it|me stuff)\b|$))
    reached =
        (?:contacted|texted|messaged|e ?mailed|called|bothered|solicited)
    not =
        (?:do not|dont|donot|does not|doesnt|did not|didnt|no longer|never|not)
    to whom =
        (?:me|us|her|him|them|this|here|again|my (?=(?:phone|number|cell|mobile)\b)|any ?more|no more|ever|at all|any)
    get =
        (?:receiv\w+|get|gets|getting|have|having|hear|see|seeing|keep getting|keep receiving|be getting)
    my =
        (?:me|us|(?:my|this|the|her|his|our) (?:name|number|phone|phone number|cell|cell number|cell phone|mobile
        |info|information|contact|contact info|contact information|contact details|details|e ?mail
        |e ?mail address|data|line))
    other lists =
        (?! (?:of |from |off )?(?:the |your |my |this )?(?:\w+ )?(?:schedule|calendar|wait ?list|waiting list
        |cancellation list|standby list|hold|books?|appointments?|appts?|slot|class|event|\d+ ?(?:am|pm)?|(?:mon|tues
        |wednes|thurs|fri|satur|sun)day|morning|afternoon)\b)
    heard before =
        (?:said|asked|told|texted|typed|wrote|sent|replied|responded|say|ask|tell|reply|text)
    """
)

ENGLISH: Final = WordTable(
    courtesy=words(
        """
        already, and, asap, bye, dear, guys, hello, hey, hi, immediately, just, kindly, kk, ladies, maam, madam, mam,
        now, ok, okay, pleas, please, pls, plse, plz, sir, so, sorry, team, thanks, thnx, thx, tks, ty, tysm, tyvm,
        um, well, yall
        """
    ),
    stop_words=words(
        """
        cancel, end, optout, quit, revoke, stop, stopall, unsubscribe
        """
    ),
    visit_words=words(
        """
        cancel
        """
    ),
    start_words=words(
        """
        opt back in, opt in, optin, re subscribe, resubscribe, resume, start, start again, subscribe, unstop
        """
    ),
    help_words=words(
        """
        help, help me, info, new phone who is this, new phone who this, what is this, what is this about,
        what is this for, what number is this, who am i texting, who are you, who is it, who is messaging me,
        who is texting, who is texting me, who is this, who is this from, who is this number, who this,
        whose number is this
        """
    ),
    yes_words=words(
        """
        y, ya, yea, yeah, yep, yes, yup
        """
    ),
    spellings={
        r"thank (?:you|u|yo|ya)(?: (?:so|very) much)?": "thanks",
        r"good (?:morning|afternoon|evening|day)": "hi",
        r"(?:sotp|stpo|tsop|stpp|stopp|sto p|stopo|stoop|dtop|atop|stob|sstop|stip|stp)": "stop",
        r"w(?= (?:all|any|the|these|this|your|ur) )": "with",
        r"stop all": "stopall",
        r"for now": "temporarily",
        r"opt(?: |ed )?out": "optout",
        r"opting out": "optout",
        r"un (?=subscri|stop)": "un",
        r"(?:st0p|stop\d+|^stop \d{1,2}$|^\d+ stop$|stop ?(?:2|to) ?end)": "stop",
        (
            r"stop((?:it|please|pls|plz|now|this|these|texting|text|texts|sms|msg|messages|messaging|sending|contacting"
            r"|calling|spam|spamming|thanks|me)+)"
        ): r"stop \1",
        r"(?:please|pls|plz)stop": "please stop",
        r"nomore": "no more",
        r"(texting|text|contacting|messaging|calling)(me)": r"\1 \2",
        (
            r"(?:unsub|unsubcribe|unsuscribe|unsubscibe|unsubsribe|unsubscirbe|unsubscrib|unsubscride|usubscribe"
            r"|unscribe|unsubsrcibe|unsubscrbe|unsubsciribe|insubscribe|unsubscribr|unsubcrible|unsubscript"
            r"|desubscribe|unsuscrib|unsubsribed|unscubscribe)"
        ): "unsubscribe",
        r"st op": "stop",
        r"dnt": "dont",
        r"txting": "texting",
        r"texing": "texting",
        r"messege": "message",
        r"messeges": "messages",
        r"(?:reamove|rmv|remov|rmove|remve)": "remove",
        r"remouve": "remove",
        r"stop+t?ing? texting": "stop texting",
        r"whos": "who is",
        r"whats": "what is",
        r"dis": "this",
        r"discontinued?": "discontinue",
        # Marks that somebody spoke to a phone, and the phone spelled out.
        r" (?:period|full stop|comma|exclamation (?:point|mark))$": "",
    },
    insisting=phrases(
        _PARTS,
        r"""
        if (?:you|u|yall|this|these|they)(?: guys| people)? (?:do not|dont|wont|cant|doesnt) (?:stop|quit|cease)
        (?:why|you|u|yall|they)(?: guys| people)? (?:wont|will not|never|cant|dont) (?:you |u )?(?:ever )?(?:stop
            |quit) <reaching>
        why (?:wont|dont|cant) (?:you|u|this|these|they|yall)(?: guys| texts| messages)? (?:just |ever )?stop
        (?:cant|cannot|can not|could not|couldnt|unable to|wont let me|will not let me|trying to|tried to
            |trouble)(?: \w+)? (?:unsubscri\w+|optout|stop (?:these|this|getting|receiving|the texts|the messages))
        unsubscribe (?:link|button|page|thing|option) (?:is|does|doesnt|did|didnt|isnt|never|not|broken)
        (?:^|\b(?:i|we|ive|weve) )(?:have |had )?(?:\w+ )?(?:said|asked|told|texted|typed|wrote|sent|replied
            |responded)(?: \w+){0,4} (?:stop(?:$| (?:it|this|these|those|them|all|now|already|before
            |again|please|and|but|so|last|yesterday|once|twice|three|many|several|multiple|a \w+|\d+|weeks?|days?|to you
            |<reaching>|<fillers><messages>))|unsubscribe|optout|no more|not to (?:text|contact
            |message|call|e ?mail|write))
        (?:^|please )(?:stop|quit|unsubscribe)(?: \w+){0,3} or (?:i will|ill|im|i am|we will|we are|else) .{0,60}(?:
            report|block|sue|suing|lawyer|attorney|police|legal)\w*
        how many (?:times|more times)(?: \w+){1,7} (?:stop|unsubscribe|no|<heard before>)
        (?:report\w*|block\w*|sue|suing|lawyer|attorney|police|legal|ftc|fcc|complaint|harassment)\b.{0,60} if (?:you|u
            |yall|they|i) .{0,60}\b(?:again|any ?more|one more|another|keep|continue)
        if (?:you|u|yall|they|i) .{0,60}\b(?:again|any ?more|one more|another|keep|continue)\b.{0,60} (?:report\w*
            |block\w*|sue|suing|lawyer|attorney|police|legal|ftc|fcc|complaint|harassment)
        why (?:are|r) (?:you|u|yall)(?: guys)? still (?:texting|messaging|contacting|emailing|sending|calling)
        """,
    ),
    stops=phrases(
        _PARTS,
        r"""
        (?:stop|quit|cease|discontinue|halt|refrain from|desist from) <adverbs><reaching>
        (?:stop|stopall|end|quit|cease|discontinue|cancel|halt|kill|terminate|turn off|turning off|shut off|disable
            |suspend|deactivate) <fillers><messages>
        stop (?:these|those|them|this)$
        stop(?: \w+)? (?:forever|for good|permanently|altogether)$
        (?:turn|turning|shut|switch) (?:these|those|them|this) off
        (?:turn|turning|shut|switch) off (?:these|those|them|this)
        wrong (?:number|person)\b.{0,60} (?:remove|delete)$
        (?:stop|quit)(?: from)? (?:getting|receiving|seeing) (?:\w+ ){0,3}(?:<messages>|these|this|them|from you)
        (?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\byou )(?<!\bu )(?<!\bshe )(?<!\bhe )(?<!\bwhy )(?:do not|dont|donot
            |never)(?: ever| even| please| you| u
            | yall){0,2} (?:call or |text or |email or |bother to )?<reach>(?: or \w+)?(?: <to whom>\b<own object>|$
            |(?: and| just)? call me|(?= (?:before|after|until|during|at|on|when|so|too|in the)\b))
        (?<!\bi )(?<!\bwe )(?<!\bwhy )(?:do not|dont|donot|never)(?: ever| even| please| you| u
            | yall){0,2} (?:be |start |resume |restart |continue |keep |begin )<reaching>
        (?<!\bi )(?<!\bwe )(?<!\bwhy )(?:do not|dont|donot|never)(?: ever| please)? (?:start|resume|restart|continue
            |begin) <fillers><messages>
        (?:do not|dont|donot|never) (?:ever )?(?:disturb|bother|spam|harass|annoy) (?:me|us)
        (?:do not|dont|donot|never)(?: ever)? send(?: me| us| out| any| anything)* (?:<fillers><messages>|anything
            |this|these|stuff|anymore)
        (?:do not|dont|donot|never)(?: ever)? send(?: me| us)?(?: any)? ?more(?: of <these>)?(?: please| ever)*$
        (?:do not|dont|donot|never) (?:ever )?(?:reach out|hit me up)
        no (?:more|further) of <these>(?: please| thanks| ever| again)*$
        no (?:more |further )(?:of )?(?:the |these |those |this |your |of your )?(?:\w+ )?<messages>
        ^no <many>(?: or \w+| (?:and |or )?no <many>)?$
        (?:please|pls|plz|plse|only|just|and|but) no <many>$
        enough(?: \w+){0,3} stop$
        ^no more$
        ^no (?:more |further )?(?:contact|communications?|solicit\w+)(?: any ?more)?$
        no (?:more|further) contact
        (?:no need|not necessary|unnecessary|not needed) (?:to|for you to) (?!call(?: me| us)?(?: back)?$)(?:keep
            |continue )?(?:<reach>|<reaching>|send)(?: <to whom>|$)
        <not> (?:really |ever |even )?(?:want|wants|wish|wishes|care|like|wanna|wanting
            |interested in) (?:to )?(?:be )?(?:<get> )?<fillers>(?:<messages>\b|<reached>\b|to be <reached>\b)
        <not> (?:really |ever )?(?:want|wish|care|like|wanna) (?:to )?<get> (?:from|these|this|them|anything)
        <not> (?:really |ever )?(?:want|like) (?:these|any of (?:this|these|it))(?: any ?more| please)*$
        <not> (?:really )?(?:want|like|wish|need) (?:you|u|yall|anyone) (?:to )?(?:<reach>|<reaching>)
        <not> (?:really |ever )?(?:want|wish|like|need)(?: to)?(?: <get>)? any ?more of <these>(?: please| thanks
            | from you| sent)*$
        (?:prefer|rather|like it if|appreciate it if) (?:that |if )?(?:you|u|yall|they) (?:did not|didnt|do not|dont
            |not|would not|wouldnt|no longer|never|stopped) (?:ever |be )?(?:<reach>|<reaching>|send)(?: (?:me|us|him
            |her|here|again|any ?more|at all|ever|this number)\b<own object>|$)
        <messages> (?:are |is |r )?(?:not|no longer) wanted
        ^(?:i |we )?<not> (?:\w+ )?(?:consent|authorize)(?:ed|d)? to (?:any of )?<these>(?: any ?more)?$
        <not> (?:really )?need (?:\w+ )?(?:these|those|your|any more|any|more|all these) <fillers><messages>
        (?:rather|prefer|like|want|wish|asked|asking|ask|request|requesting|told (?:you|yall
            |u)) (?:you |us |that you |that i |to )*not (?:to )?(?:be )?(?:<reached>|<reach>\b
            |<get> <fillers><messages>|<get> (?:these|this|any))
        (?:want|wants|need|like|wish|ask|asking|asked|love|prefer)(?: for)? (?:(?:you|u|yall|these|those|the|all|your
            |my|this|<messages>) ){1,4}(?:to )?(?:be )?(?:stop|stopped|end|ended|cease|discontinue)(?<!the end)
        <messages> (?:to |must |should |need to |have to |has to |needs to )(?:be )?(?:stop|stopped|end|cease
            |discontinue)
        (?:remove|delete|erase|get rid of|scrub|drop|forget|lose|unlist|exclude|blacklist|dnc|pull) <my>(?! (?:filler
            |stitches|lip|botox|hair|tattoo))<other lists>
        ^off (?:the |your |this )?list$
        remove from (?:the |your |this )?(?:list|lists|data ?base)
        (?:take|get|pull|leave|keep) <my> (?:off\b<other lists>|out(?= of (?:your|ur|this|these|it|all|any
            |the (?:\w+ )?(?:list|lists|system|data ?base|texts|messages))\b|$))
        (?:off|from) (?:of )?(?:your|ur|the|this|that|all|any|these|yalls)(?: \w+){0,2} (?:list|lists|data ?base
            |system|contacts|distribution|mailing)\b(?<!wait list)(?<!waiting list)(?<!cancellation list)
        <my> (?:to be |be |should be |has to be |needs to be |to get )(?:removed|deleted|taken off|erased)
        (?:to be|be|get) (?:removed|taken off|deleted)(?: (?:from|off|of))? <fillers>(?:\w+ )?<messages>
        <not> (?:want|wish|like) to be (?:on|in|part of) (?:your|this|the|any) (?:\w+ )?(?:list|lists|data ?base
            |system)
        cease and desist
        (?:consent|permission) (?:is |has been |was )?(?:hereby )?(?:revoked|withdrawn|rescinded)
        ^(?:i )?(?:am |im )?(?:want|would like|need|d like|id like|wish|requesting|request|asking) to be (?:removed
            |taken off)$
        unsubscri\w+
        (?:un|dis) ?enrol\w* (?:me|us|my (?:number|phone))
        opt(?:out)(?! of (?:the |my )?(?:photo|picture|financing|insurance|loyalty|program|pictures|photos|plan))
        opt (?:me|us|this number|my number|myself|her|him) out
        leave (?:me|us|him|her|my phone|this number)(?: the \w+| tf)? (?:alone|be)
        ^go away
        ^(?:\w+ )?(?:fuck|f|eff|piss|bug|buzz|back|sod|screw|bugger) off
        ^get lost
        knock it off
        ^cut it out
        give it a rest
        (?:get|stay) (?:out of|off|away from) my (?:phone|inbox|line|cell)
        (?:revoke|revoking|withdraw|withdrawing|rescind|rescinding|retract) (?:\w+ ){0,4}(?:consent|permission
            |authorization|opt in)
        <not> (?:have|give|gave|given|get|got)(?: you| u| yall)?(?: any| my| our)? (?:consent|permission
            |authorization) (?:to|for|on) (?:<reach>|receive|be |send|get|use my|this|these|<messages>)
        <not> (?:\w+ )?(?:consent|authorize|agree) to (?:be |being |<get> )?(?:these|this|any|you|your|the|<reached>
            |<messages>)(?: <fillers><messages>)?
        without my (?:consent|permission)
        do not (?:call|contact|text)(?: |$)(?:list|registry)|dnc list|dont call (?:list|registry)
        enough (?:of |with |already )?(?:with )?<fillers><messages>
        ^stop (?:\w+ ){0,6}wrong (?:number|person)
        ^stop (?:this|my) (?:number|phone|line|cell)
        ^quit it(?: with <fillers><messages>)?
        not (?:allowed|authorized|permitted|welcome) to (?:(?:<reach>|send) (?:me|us|this (?:number|phone))
            |<reach> my)\b
        (?:appreciate|love|like|prefer) (?:to )?not (?:to )?(?:be )?<get> <fillers>(?:<messages>|these|this)
        no interest in (?:<get> )?<fillers><messages>
        ^(?:stop|quit|end) (?:it|this|that)(?: (?:right )?now| already| please| all)*$
        (?:can|could|would|will|would it be possible|can we|is it possible)(?: you| u| yall| ya| this| these| to
            | for you to)? (?:please |just |all |pls |plz )*(?:stop|quit)$
        (?:you|u|yall|these|they)(?: \w+)? (?:need|needs|have|has|got|ought|gotta|must)(?: to)? (?:stop|end)
        you (?:should|must) stop
        (?:please|pls|plz|kindly) stop$
        make (?:it|this|these|them|the texts) stop
        want (?:you|these|them) to stop
        ^(?:please )?(?:remove|discontinue|cease|desist|cease and desist|stop it all|dnc)$
        ^(?:no|yes|yeah|ok|please|just|enough|seriously|for real|again|all|everyone|everything)(?: \w+)? stop$
        ^stop(?: \w+)?(?: forever| for good| permanently| everything| right now| completely| altogether| immediately
            | asap| at once| right away)$
        how (?:do|can|would|could) (?:i|you|we|one) (?:\w+ )?(?:stop (?:these|this|the texts|<messages>|all|getting)
            |get off|turn (?:this|these|it) off|end (?:these|this)|be removed|remove (?:myself|my))
        """,
    ),
    unclear=phrases(
        _PARTS,
        r"""
        ^(?:i am |im |we are |were |just |really )*(?:not|no longer) (?:really |at all )?interested(?: any ?more
            | at all| in (?:this|these|it|your \w+|offers|any of this))?$
        (?:not|no longer) interested$
        wrong (?:number|person|phone|guy|lady|contact|girl|woman|man|cell)
        this (?:is not|isnt|aint|is no longer) (?!urgent|true|working|right|correct|fair|ok|okay|good|ideal|possible
            |mine|me|funny|necessary)\w+(?:s (?:number|phone))?(?: any ?more)?$
        (?:not|no longer|isnt) (?:her|his|my|their|\w+s) (?:number|phone|cell)
        (?:do not|dont) know (?:any|a|who|anyone)(?: \w+)?(?: named| called)
        (?:who|how)(?: \w+){0,2} (?:gave|give|got|get|getting|have|has|obtain\w*|find|found)(?: \w+)? (?:my (?:number
            |phone|info|information|cell)|this number)
        (?:spam|spammer|spammers|scam|scammer|scammers|phishing|junk (?:mail|texts?|messages?)|(?:is|as) junk)
        report(?:ed|ing)? (?:\w+ ){0,3}(?:spam|junk|ftc|fcc|bbb|attorney)
        (?:block|blocked|blocking) (?:you|u|this|your|the number|yall)
        (?:too|so|this|that) many (?:of )?(?:these |your |freaking |damn )*(?:texts|messages|reminders|emails|msgs
            |alerts)
        (?<!not )text(?:ing)? (?:me )?(?:too|so|way too) (?:much|often)
        (?:texts|messages|reminders|emails|these|you|this) (?:are|is|r) (?:\w+ )?(?:annoying|harassment|harassing
            |excessive|ridiculous|intrusive|unwanted|unsolicited|bothersome)
        (?:annoying|harassing|bothering|bugging|spamming|pestering) me
        (?:you|u|yall|they)(?: guys)? keep <reaching>
        why (?:are|r|do|am|is)(?: \w+){1,3} (?:texting|messaging|contacting|emailing|getting texts|getting these
            |getting messages|keep)
        ^(?:thats |that is |ok |its |this is )*enough(?: is enough| already)?$
        (?:never|did not|didnt|dont remember|do not remember|do not recall) (?:sign\w*|subscrib\w*|ask\w*|agree\w*
            |opt(?:ed)? in|request\w*|consent\w*|enroll\w*)(?: up| in)?(?: for| to)?(?: (?:this|these|any|your|texts?
            |messages|getting|receiving|be|get|receive)|$)
        ^off$
        ^(?:please )?(?:do not disturb|dnd)$
        ^never(?: ever)? again$
        <not> (?:\w+ )?(?:consent|authorize)(?:ed|d)?(?: (?:to )?<these>)?(?: any ?more)?$
        (?:you|u|yall) <not> have (?:my|our|any) (?:consent|permission|authorization)$
        ^no consent(?: given)?$
        ^(?:do not|dont|donot|never) send$
        ^(?:i )?want off$
        ^(?:no|nope|nah|but|reply|text|sms|send) quit$
        (?<!\bi )(?<!\bwe )(?:do not|dont|donot|never) call my \w+
        (?:add|put|sign|turn) (?:me|us|my number|it) back (?:on|in|to|onto)(?: (?:your|the) (?:\w+ )?list)?$
        ^(?:please )?(?:pause|refrain)$
        ^not wanted$
        ^(?:start|help|info) stop$
        (?:do not|dont|donot|never) (?:add|put|sign) me(?: back| up| on| in)*(?: to (?:the|your) (?:\w+ )?list)?$
        ^(?:i |we |she |he )?(?:do not|dont|donot|no longer|not) (?:want|need|wanting)(?: <these>
            | any(?: of <these>)?)?(?: any ?more| please)*$
        (?:pause|hold|snooze|mute) <fillers><messages>
        <messages> (?:are |is |r )?(?:not|no longer) (?:needed|necessary|welcome|required)
        (?:unsubscri\w+|optout|stop) <mistake>
        (?:do not|dont|donot|never|no) (?:\w+ ){0,2}(?:re ?)?subscribe
        ^(?:do not|dont|donot|never|no) (?:ever )?(?:start|resume|unstop|restart)(?: again| back)*$
        (?:who said|never said|not say|didnt say|not think|dont think|since when|not mean|doesnt mean)(?: that)? (?:you
            |u|yall) (?:can|could|may|get to) <reach>
        if (?:you|u|yall|they) (?:ever )?<reach> (?:me|us) again$
        ^wtf
        ^what the (?:fuck|hell|heck)$
        (?:fuck|screw|f|damn) (?:you|u|this|yall|ya|these)
        (?:passed away|passed on|deceased|has died|(?<!phone )(?<!cell )(?<!cat )(?<!dog )(?<!battery )(?<!car )died
            |is dead|no longer with us|no longer alive)
        no longer (?:a |an |your |be a |being a )?(?:client|customer|patient|member|go there|going there|use you
            |using you|come there)
        (?:not|isnt) (?:a|your) (?:client|customer|patient|member) any ?more
        ^(?:omg |lol |haha |oh |wow |please |yes |no )*stop
        (?:what happens|what if|will it)\b.*\bstop$
        mean to (?:unsubscri\w+|optout|stop)
        (?:please|pls|plz|now|so|then|to|ever|lol|haha|omg|just|them|it|this|these|booked|confirmed) stop$
        (?:this|it|that) (?:has|needs|got|must)(?: to)? (?:stop|end)
        ^(?:please |just )*cancel (?:it|this|that|everything|all|all of (?:it|this|them)|me|my account
            |my subscription|subscription|service|the service|my profile)$
        (?:stop|discontinue|end|terminate) (?:the|your|this|my) services?$
        (?:please|pls|plz|kindly) stop (?:until|till|til|for|during|while)
        (?:do not|dont|no longer) (?:really )?need (?:a |the |any |to be |another )*(?:<messages>|remind\w*)
        (?:no need|not necessary|unnecessary) (?:for |to )?(?:a |the |any )*(?:remind\w*|reminders?)
        (?:do not|dont) (?:need to )?remind me
        ^(?:i )?(?:want|need) out(?: of)?
        (?:work|business|office|company|house|landline|shared) (?:phone|cell|number|line)$
        (?:am|im|was|are|were|so) done with (?:you|this|these|yall|your)
        ^(?:do not|dont)$
        (?:tcpa|lawsuit|sue you|suing)
        (?:delete|close|deactivate|remove) (?:my|the) (?:account|profile)
        (?:been|be|am|get) (?:removed|unsubscribed|taken off|deleted)$
        (?:removed|deleted) from (?:your|the) (?:contacts|system|data ?base)
        my information is removed
        (?:sick|tired|fed up|over it|done|annoyed)(?: and tired)? (?:of|with|by) <fillers>(?:<messages>|these|you)
        (?:you|u|yall) (?:text|message|email|call|contact) me (?:\w+ ){0,3}(?:day|hour|week|time|constantly|nonstop)$
        no longer (?:at|on|has|have|using|owns?) (?:this|that|the) (?:number|phone|cell)
        (?:does not|doesnt|do not|dont) (?:have|use|own) this (?:number|phone|cell)(?: any ?more)?
        (?:was|used to be) (?:his|her|their|my \w+s) (?:number|phone|cell)
        (?:there is )?(?:no|not any) (?:one|\w+) (?:here|by that name)(?: here)?$
        (?:fewer|less|slow down (?:on|with)|cut (?:back|down)(?: on)?|ease up(?: on)?|limit) <fillers><messages>
        <reach> me (?:less|only|once)
        only <reach> (?:me )?(?:once|when|if|for|about|every)
        (?:do not|dont|no longer) (?:want|wish) to (?:continue|participate|be part)
        (?:texts|messages|reminders|emails|these)(?: \w+){0,4} (?:end|stop)$
        """,
    ),
    starts=phrases(
        _PARTS,
        r"""
        ^(?:please )?(?:re ?)?subscribe (?:me|us)(?: again| back| please)*$
        opt (?:me |us )?(?:back )?in(?: again)?$
        (?:start|resume|restart|begin|continue) (?:texting|messaging|emailing
            |(?:sending (?:me )?)?(?:the |these |your |my )?(?:texts|messages|reminders))(?: me)?(?: the (?:texts
            |messages|reminders))?(?: again| please)*$
        (?:you|u|yall) (?:can|may) (?:text|message|contact|email|start texting|resume texting) me(?: again| now)$
        (?:add|put|sign|turn) (?:me|us|my number|them|it) back (?:on|up|in|to|onto) (?:(?:your|the|my) )?(?:(?:text
            |texting|message|messaging|reminder|sms) list|texts|messages|reminders)$
        (?:sign (?:me|us) back up|turn them back on)$
        (?:want|like|love|hate) (?:to )?(?:get|receive|getting|have|receiving) (?:your |the |these |my )*(?:texts
            |messages|reminders|emails) (?:again|back)
        (?:want|like) (?:your|the|these|my) (?:texts|messages|reminders|emails) (?:again|back)
        """,
    ),
    asides=phrases(
        _PARTS,
        r"""
        (?:bus|truck|rest|pit|one|full|non|next|last|first|door|train) stops?
        stop (?:signs?|lights?|watch)
        stop(?:ping|ped|s)? (?:by|in|over|off|at(?! once| this number| all)|back|through|into|up|on (?:my|the) way
            |for (?:lunch|coffee|gas|dinner|a (?:visit|drink|consult))|and (?:see|get|pick|grab|say|buy))\b
        (?:stop|quit|stopping|quitting|cancel|end|discontinue) (?:(?:my|the|taking|using|your|all|any
            |doing|this|having) )*(?:aspirin|ibuprofen|advil|retinol|retinoids?|tretinoin|meds?
            |medications?|medicine|supplements?|fish oil|blood thinners?|vitamins?|antibiotics?|alcohol|botox
            |dysport|xeomin|filler|fillers|treatments?|injections?|shots?|sessions?|series|smoking|drinking|job
            |pain|bleeding|swelling|itching|bruising|aging|wrinkles|gym|work|membership|appointment|appt
            |appointments|appts|visits?|booking|reservation|consult\w*)\b
        (?:stop|quit)(?:ped|s)? (?!texting|txting|messaging|msging|contacting|emailing|calling|writing|bothering
            |harassing|spamming|pestering|soliciting|annoying|bugging|reaching|hitting|reminding|blowing|sending
            |getting|receiving|seeing|all|everything|being annoying|fucking|freaking|marketing|advertising)\w+ing\b
        (?:do not|dont) (?:text|txt|message) (?:and|while) (?:drive|driving)
        do not disturb (?:while|mode|is|on|turned|enabled)
        no more than
        drop (?:me|us|her|him) (?:an?|off|in|by)\b
        write (?:me|us|her|him) (?:up|an?)\b
        (?:want|wants) to miss
        (?:unsubscribe|optout) (?:rate|policy)
        """,
    ),
    denied=before(
        _PARTS,
        r"""
        (?:do not|dont|donot|not|never|didnt|did not|havent|have not|wont|will not|wouldnt|shouldnt|cant|cannot
            |can not|isnt|wasnt|aint|no need|no reason|without|instead of|rather than|hope you|lets not)(?: (?:ever
            |even|want|wanna|you|u|i|to|need|have|like|going|gonna|wish|mean|really|please|be|actually|plan|trying
            |planning|asking|been))*
        (?:why|when|how come) (?:did|have|has|had|do) (?:i|we|you|u|they|it)(?: just| suddenly| ever)?
        did (?:i|we|you|u|yall|they|it)(?: guys)?(?: just| suddenly| already| ever)?
        """,
    ),
    supposed=phrases(
        _PARTS,
        r"""
        (?<!appreciate )(?<!appreciate it )if (?:i|we)|(?:whether|should|would|must) (?:i|we)|do (?:i|we) (?:have
            |need|got)|what happens (?:if|when)|thinking (?:of|about)|considering|(?:about to|might|i may|i will
            |ill|going to|gonna|have to|tempted to)(?: \w+){0,3}(?= ?$)|it says?|says to|can i still|unless i|before i
            |maybe|says
        """,
    ),
    limited=after(
        _PARTS,
        r"""
        (?:(?:me|us|her|my phone|this number|here|texts?|messages|reminders|any ?more|please) ){0,3}(?:before|after
            |until|till|til|during|between|while|when|if|unless|so (?:early|late|much|often|many|frequently)
            |too (?:early|late|much|often)|(?:im|i am) (?:driving|in a|asleep|sleeping)
            |(?:this|that) (?:early|late|much|often)|as (?:much|often)|at (?!once|all
            |this number|my number|all times)\w+|on (?:sun|mon|tue|wed|thu|fri|sat|weekend|holiday|vacation|my day
            |my lunch)\w*|in the (?:morning|evening|afternoon|middle|night)|temporarily|for (?:a |the next|the moment
            |the time|the rest|the summer|the holidays|my appointment|my appt|(?:mon|tues|wednes|thurs|fri|satur
            |sun)day|tomorrow|today|\d+|one|two|three|six)|every|daily|twice|today|tonight|tomorrow|this (?:week
            |month|year)|about my (?:appointment|appt|visit))
        """,
    ),
    doubted=phrases(
        _PARTS,
        r"""
        (?:lol|lmao|rofl|haha\w*|hehe\w*|jk|just kidding|kidding|omg)(?! (?:please )?stop (?:texting|messaging
            |sending|contacting))
        (?:so excited|cant wait|so sweet|too kind|too funny|obsessed|love (?:it|you|these|them|this|my))
        accident\w* (?:\w+ ){0,3}(?:unsubscri\w+|optout|opted out|stopped|replied|texted|sent|said|hit|typed|pressed
            |clicked|wrote)
        (?:unsubscri\w+|optout|opted out|stopped|replied|texted|sent|said|stop) (?:\w+ ){0,3}(?:by accident
            |by mistake|accident\w+|on accident)
        (?:unsubscri\w+|optout|stop) <mistake>
        (?:do not|dont|donot|not|no) (?:text|txt|message|msg|sms|e ?mail)\w*(?: me| us)?(?: please| just| rather| but
            | and)* (?:call|phone|ring)(?: me| us)?\b(?! or\b| my (?:lawyer|attorney))
        (?:id|would|d) (?:like|prefer|love|rather have|rather get) (?:an? |you to |to be |to get a )(?:phone )?call
        (?:did not|didnt|not) mean to (?:unsubscri\w+|optout|opt|stop|say|send|cancel|text|reply|hit)
        (?:text|sms|message|txt|texts|texting) (?:me |us )?(?:only|instead)
        just (?:text|texts|txt)(?: me)?\b
        (?:text|txt|message)(?: me| us)? (?:but |and )?(?:do not|dont|never|not) (?:to )?call
        (?:texts?|texting)(?: me)? (?:is|are) (?:fine|ok|okay|better|good|best|preferred)
        ^(?:yes |yeah |yep |no )*(?:already|just) quit$
        (?:ignore|disregard) (?:that|my last|the last)
        """,
    ),
    visits=phrases(
        _PARTS,
        r"""
        appointments?|appts?|apts?|visits?|book\w*|resched\w*|reservation|tomorrow|today|tonight|monday|tuesday
            |wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|fri|sat|make it|come in|sick|flu|covid
            |fever|rebook\w*|slot|oclock|\d+ ?[ap]m|at \d+|time|busy|working|conflict|deposit|fee
        """,
    ),
)

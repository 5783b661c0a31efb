"""What became of one try to hand a message over, in plain words? (CHN-2, CHN-3)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.views.wording.calls import moment_words
from dashboard.views.wording.moments import hour_words, joined
from dashboard.views.wording.states import DELIVERIES, Shown
from integrations.messaging.base import Gateway
from integrations.messaging.registry import UnknownGateway, gateway_kind
from integrations.queries.accounts import carrier_name
from reminders.engine.words import Channel
from reminders.models import Delivery
from reminders.operations import answers_allowed
from reminders.operations.asking import CANNOT_SAY
from reminders.operations.attempts import (
    DECIDED_TOO_LONG_AGO,
    HELD_BACK,
    NEVER_ARRIVED,
    NOT_MADE,
    NOT_TRIED_AGAIN,
    STOPPED,
)
from reminders.operations.erasing import ERASED_ON_THE_WAY
from reminders.operations.recovering import NOT_THERE

State = Delivery.State

DECIDED_AGAIN: Final = Shown("note", "Decided again")
"""Of a try that was not made, or never arrived: the message itself goes on."""
NOT_NEEDED: Final = Shown("note", "Not tried again")
"""Of a try that was not made, where the message left by the other channel."""
NEVER_SAID: Final = NOT_MADE | {NOT_TRIED_AGAIN}
"""What a try says of itself by which the client got nothing, and was to get nothing."""
NEVER_KNOWN: Final = Shown("note", "Not known")
"""Of what was on its way when its client was erased: nobody will be asked any more."""
NOUNS: Final[Mapping[str, str]] = MappingProxyType({Channel.SMS.value: "text", Channel.EMAIL.value: "email"})
NOT_LEFT: Final[Mapping[str, str]] = MappingProxyType(
    {
        DECIDED_TOO_LONG_AGO: "its turn came too late, so it was decided again",
        HELD_BACK: "the carrier took no more just then",
        STOPPED: "the sending was stopped before its turn",
        NOT_TRIED_AGAIN: "the message had left by the other channel, so it was not tried again",
    }
)
"""What an attempt says that was never made -> why, within a sentence."""
BARRED: Final = frozenset(
    {
        answers_allowed.TOO_LATE,
        answers_allowed.OPTED_OUT,
        answers_allowed.TAKEN_BACK,
        answers_allowed.UNREACHABLE,
        answers_allowed.ERASED,
    }
)
"""Why an answer was kept back by us: no gateway heard of it."""
HEARD_WITHIN: Final = timedelta(minutes=2)
"""An attempt that says nothing for longer was cut off."""
_REFUSED_BY: Final = "The carrier refused: "
_DOUBT: Final = "; the message may have been sent"
_LOWERED: Final = frozenset(
    [
        "The",
        "It",
        "A",
        "An",
        "There",
        "No",
        "Nobody",
        "Nothing",
        "This",
        "Sent",
        "Tried",
        "Not",
        "Did",
        "Handed",
        "Leaving",
        "Ready",
        "Put",
        "Waits",
    ]
)
"""What may begin a sentence and is no name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """By which clock a fate is told, and when.

    `said_on`: the day that stands above, so that of its moments only the hour is said; None: today.
    `is_hour_said`: when the message left stands beside it.
    """

    zone_name: str
    now: datetime
    said_on: date | None = None
    is_hour_said: bool = False

    @property
    def today(self) -> date:
        """Today by that clock."""
        return self.now.astimezone(ZoneInfo(self.zone_name)).date()

    def on_day_of(self, moment: datetime) -> "Reading":
        """The same where the day of this moment stands above."""
        return replace(self, said_on=moment.astimezone(ZoneInfo(self.zone_name)).date())


def carrier_words(gateway: str) -> str:
    """Return what the gateway of a delivery is called; a key that this installation does not know stays as it is.

    >>> carrier_words("twilio_sms"), carrier_words("outbox"), carrier_words("pigeon")
    ('Twilio', 'the outbox on this installation', 'pigeon')
    """
    kind = _kind(gateway)
    if kind is None:
        return gateway
    name = carrier_name(kind)
    return f"the {name[:1].lower()}{name[1:]}" if kind.capabilities.is_local else name


def shown_of(delivery: Delivery) -> Shown:
    """Return the shape and the word of a delivery's state."""
    if delivery.state == State.REFUSED and delivery.error in NOT_MADE:
        return DECIDED_AGAIN
    if delivery.error == NOT_TRIED_AGAIN:
        return NOT_NEEDED
    if delivery.error == ERASED_ON_THE_WAY:
        return NEVER_KNOWN
    return DELIVERIES[State(delivery.state)]


def fate_words(delivery: Delivery, reading: Reading, *, then: str = "", is_one_of_several: bool = False) -> str:
    """Return when a delivery left, through whom, and what became of it, in a sentence or two.

    `then`: what followed on a try that did not arrive, as `followed_by` says it. `is_one_of_several`: the channel is
    named, because the message has more than one. Empty where the state's own word says it all.
    """
    first, second = _parts(delivery, reading)
    after = f"; {then}" if then else ""
    sentences = [first, f"{second}{after}"] if second else [f"{first}{after}" if first else ""]
    words = " ".join(f"{each}." for each in sentences if each)
    if words and is_one_of_several:
        return f"The {NOUNS[delivery.channel]}: {lowered(words)}"
    return words


def doubt_words(delivery: Delivery, reading: Reading) -> str:
    """Return why nobody knows whether a delivery arrived, and who may still find out."""
    carrier = _capital(carrier_words(delivery.gateway))
    why = _why(delivery.error)
    if delivery.error == CANNOT_SAY:
        why = f"{carrier} cannot say"
    elif delivery.error == NOT_THERE:
        why = "it left through an account that is not connected any more"
    words = f"Nobody knows whether it arrived{f': {why}' if why else ''}."
    if delivery.next_at is None:
        return words
    return f"{words} {carrier} is asked again{_when(delivery.next_at, reading)}."


def followed_by(channel: str, nxt: Iterable[Delivery]) -> str:
    """Return what went after a try on this channel that did not arrive: "the email went instead".

    `nxt`: the deliveries of the message that was made of it next.
    """
    nxt = list(nxt)
    others = [NOUNS[each.channel] for each in nxt if each.channel != channel]
    names = joined(list(dict.fromkeys(others))) or NOUNS[channel]
    has_left = any(each.state in (State.ACCEPTED, State.DELIVERED) for each in nxt)
    if others:
        return f"the {names} went instead" if has_left else f"the {names} was tried instead"
    return f"the {names} went once more" if has_left else f"the {names} was tried once more"


def not_arrived(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return those that were tried and are known not to have arrived; not what was only put off."""
    lost = (State.REFUSED, State.UNDELIVERED)
    return [each for each in deliveries if each.state in lost and each.error not in NEVER_SAID]


def up_to(number: int, most: int) -> str:
    """Return a number that was counted no further than this.

    >>> up_to(12, 100), up_to(100, 100)
    ('12', '100 or more')
    """
    return f"{most} or more" if number >= most else f"{number}"


def lowered(sentence: str) -> str:
    """Return a sentence as it goes on after a colon: names keep their capital.

    >>> lowered("The number is a landline."), lowered("Twilio asked us to slow down.")
    ('the number is a landline.', 'Twilio asked us to slow down.')
    """
    first = sentence.partition(" ")[0].rstrip(".,:;")
    return f"{sentence[:1].lower()}{sentence[1:]}" if first in _LOWERED else sentence


def _parts(delivery: Delivery, reading: Reading) -> tuple[str, str]:
    """What was done, and what came of it; each without its full stop."""
    state = State(delivery.state)
    at = "" if reading.is_hour_said else _when(delivery.attempted_at, reading)
    carrier = carrier_words(delivery.gateway)
    if state is State.READY:
        return _ready(delivery, reading, carrier)
    if state is State.ATTEMPTED:
        is_cut_off = reading.now - delivery.attempted_at > HEARD_WITHIN
        asked = f"Nothing was heard since, so {carrier} is asked" if is_cut_off else ""
        return (f"Handed to {carrier}{at}", asked) if is_cut_off else (f"Leaving through {carrier} now", "")
    if state is State.REFUSED:
        return _not_sent(delivery, at, carrier)
    if state is State.UNKNOWN:
        return f"Tried{at} through {carrier}", doubt_words(delivery, reading).rstrip(".")
    sent = f"Put into {carrier}{at}" if _is_local(delivery) else f"Sent{at} through {carrier}"
    if state is State.UNDELIVERED:
        why = _why(delivery.error)
        return sent, f"Not delivered: {why}" if why else "Not delivered"
    if state is State.DELIVERED:
        arrived = _when(delivery.delivered_at, reading) if delivery.delivered_at else ""
        return sent, f"Arrived{arrived}"
    return sent, _no_word(delivery)


def _ready(delivery: Delivery, reading: Reading, carrier: str) -> tuple[str, str]:
    if delivery.next_at is not None and delivery.next_at > reading.now:
        waits = f"Waits: it leaves through {carrier}{_when(delivery.next_at, reading)} at the earliest"
        return waits, _last_try(delivery)
    return ("", "") if not delivery.error else (f"Ready to leave through {carrier} again", _last_try(delivery))


def _last_try(delivery: Delivery) -> str:
    why = NOT_LEFT.get(delivery.error) or _why(delivery.error)
    return f"The last try did not get through: {why}" if why else ""


def _not_sent(delivery: Delivery, at: str, carrier: str) -> tuple[str, str]:
    if delivery.error in NOT_LEFT:
        return f"Did not leave{at}: {NOT_LEFT[delivery.error]}", ""
    if delivery.error == ERASED_ON_THE_WAY:
        return ERASED_ON_THE_WAY.rstrip("."), ""
    if delivery.error == NEVER_ARRIVED:
        return f"Tried{at} through {carrier}, and it never arrived", ""
    why = _why(delivery.error)
    reason = f": {why}" if why else ""
    if delivery.error in BARRED:
        return f"Not sent{reason}", ""
    return f"Not sent{at} through {carrier}{reason}", ""


def _no_word(delivery: Delivery) -> str:
    """Of what was taken: whether anybody will say that it arrived."""
    kind = _kind(delivery.gateway)
    if kind is None or kind.capabilities.is_local:
        return ""
    if kind.capabilities.reports_delivery:
        return "No word from the carrier yet"
    return f"{carrier_name(kind)} does not say whether it arrives"


def _is_local(delivery: Delivery) -> bool:
    kind = _kind(delivery.gateway)
    return kind is not None and kind.capabilities.is_local


def _kind(gateway: str) -> type[Gateway] | None:
    try:
        return gateway_kind(gateway)
    except UnknownGateway:
        return None


def _why(error: str) -> str:
    """A carrier's sentence as it stands within another: "not a mobile number"."""
    words = error.strip().rstrip(".").removesuffix(_DOUBT).removeprefix(_REFUSED_BY)
    return lowered(words)


def _when(moment: datetime, reading: Reading) -> str:
    """The hour alone on the day that is said (" at 10 am"), else with its day (" on Friday at 10 am")."""
    local = moment.astimezone(ZoneInfo(reading.zone_name))
    if local.date() == (reading.said_on or reading.today):
        return f" at {hour_words(local)}"
    return f" {moment_words(moment, reading.zone_name, reading.today)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

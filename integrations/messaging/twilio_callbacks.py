"""Is a callback Twilio's, and what does it say? (messaging.md 1.5, 1.6, 1.8, 1.9)"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

from integrations.messaging.base import (
    Explained,
    Fate,
    Inbound,
    Incoming,
    Meaning,
    NotAuthentic,
    Report,
    Unreadable,
)
from integrations.messaging.foreign_text import keepable
from integrations.messaging.refusing import LONGEST_CODE

REFERENCE: Final = "o"
"""The name of the attempt's reference in the query of the status callback, which the signature covers."""

FATES: Final = {
    "queued": Fate.ACCEPTED,
    "accepted": Fate.ACCEPTED,
    "scheduled": Fate.ACCEPTED,
    "sending": Fate.ACCEPTED,
    "sent": Fate.ACCEPTED,
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.UNDELIVERED,
    "failed": Fate.UNDELIVERED,
    "canceled": Fate.UNDELIVERED,
}
"""MessageStatus in our words (messaging.md 1.4); one that is not here says nothing of use."""

ANSWERED: Final = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
    | {"START", "YES", "UNSTOP"}
    | {"HELP", "INFO"}
)
"""What Twilio answers by itself, if it is the whole text (messaging.md 1.9)."""

MOST_FIELDS: Final = 500
FORM: Final = "application/x-www-form-urlencoded"
SIGNATURE: Final = "x-twilio-signature"


class Form(dict[str, list[str]]):
    """A posted form as the SDK's validator asks for it."""

    def getlist(self, name: str) -> list[str]:
        """All values of a name."""
        return self[name]

    def first(self, name: str) -> str:
        """The first value of a name as it can be kept, empty where there is none."""
        return keepable(self.get(name, [""])[0])


def verify(incoming: Incoming, auth_token: str) -> None:
    """Will let it pass only if the account's auth token signed it; a JSON body by its hash in the address.

    Raises:
        NotAuthentic: no signature, a wrong one, or nothing to check it with.
    """
    signature = incoming.headers.get(SIGNATURE, "")
    if not signature:
        raise NotAuthentic("The callback has no Twilio signature.")
    if not auth_token:
        raise NotAuthentic("The account has no auth token to check a signature with.")
    try:
        is_signed = RequestValidator(auth_token).validate(incoming.url, _signed(incoming), signature)
    except ValueError:
        is_signed = False  # an address or a text that nobody can have signed
    if not is_signed:
        raise NotAuthentic("The callback’s signature is not of this Twilio account.")


def read(
    incoming: Incoming, explain: Callable[[str], Explained | None], *, twilio_answers: bool
) -> list[Report | Inbound]:
    """A verified callback in our words. `twilio_answers`: the account leaves stop words to Twilio.

    Raises:
        Unreadable: it is no form, or names no message.
    """
    if incoming.content_type != FORM:
        raise Unreadable("A callback of Twilio is a form.")
    form = _form(incoming)
    sid = form.first("MessageSid") or form.first("SmsSid")
    if not sid:
        raise Unreadable("The callback has no MessageSid.")
    if form.first("MessageStatus"):
        return _report(form, sid, _reference(incoming.url), explain)
    if "Body" in form or form.first("SmsStatus") == "received":
        return [_inbound(form, sid, twilio_answers=twilio_answers)]
    return []


def _report(form: Form, sid: str, reference: str, explain: Callable[[str], Explained | None]) -> list[Report | Inbound]:
    status = form.first("MessageStatus").lower()
    fate = FATES.get(status)
    if fate is None:
        return []
    code = form.first("ErrorCode")[:LONGEST_CODE]
    explained = None
    if fate is Fate.UNDELIVERED:
        explained = explain(code) or Explained(Meaning.REFUSED, _unexplained(status))
    return [
        Report(
            event_key=":".join(filter(None, (sid, status, code)))[:200],
            fate=fate,
            attempt_id=reference,
            remote_id=sid[:120],
            address=form.first("To"),
            # RawDlrDoneDate has minutes only and no zone: it would put events out of order.
            at=None,
            meaning=explained.meaning if explained else None,
            code=code if explained else "",
            reason=explained.sentence if explained else "",
        )
    ]


def _inbound(form: Form, sid: str, *, twilio_answers: bool) -> Inbound:
    text = form.first("Body")
    attachments = form.first("NumMedia")
    if not text.strip() and attachments.isdecimal() and int(attachments):
        text = f"({attachments} attachment{'' if attachments == '1' else 's'})"
    is_word = text.strip().upper() in ANSWERED
    return Inbound(
        event_key=f"{sid}:received"[:200],
        channel="sms",
        from_address=form.first("From"),
        to_address=form.first("To"),
        text=text,
        remote_id=sid[:120],
        is_answered_by_vendor=bool(form.first("OptOutType")) or (twilio_answers and is_word),
        to_sender=form.first("MessagingServiceSid"),
    )


def _unexplained(status: str) -> str:
    return "It was canceled at Twilio." if status == "canceled" else "The carrier did not deliver it."


def _signed(incoming: Incoming) -> Form | str:
    if incoming.content_type != "application/json":
        return _form(incoming)
    if "bodySHA256" not in parse_qs(urlsplit(incoming.url).query):
        raise NotAuthentic("The callback’s address has no hash of its body.")
    return incoming.body.decode()


def _form(incoming: Incoming) -> Form:
    text = incoming.body.decode(errors="replace")
    return Form(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _reference(url: str) -> str:
    found = parse_qs(urlsplit(url).query).get(REFERENCE, [""])[0]
    return found if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", found) else ""

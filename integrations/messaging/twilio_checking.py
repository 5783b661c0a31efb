"""Does an account at Twilio work, and does what clients answer reach us? Read only. (messaging.md 1.6)"""

from typing import Any, Final

from integrations.messaging.base import Amiss, Credentials
from integrations.messaging.twilio_account import Ask, at_fault

NO_SENDER: Final = "A number or a messaging service is needed to send from."
_DEAF: Final = "Texts leave, but what clients answer does not arrive, STOP included, until medspa’s address is pasted"
DEAF_NUMBER: Final = f"{_DEAF} in Twilio’s console as the webhook (HTTP POST) for messages to the number."
DEAF_SERVICE: Final = f"{_DEAF} in Twilio’s console under Integration of the messaging service, as its request URL."


def check_twilio(ask: Ask, credentials: Credentials, callback_url: str) -> Amiss | None:
    """What is amiss although texts leave; None: nothing that Twilio can tell.

    Raises:
        NotSent: texts cannot leave (`is_account`), or Twilio could not be asked now.
    """
    number, service = credentials.get("from_number", ""), credentials.get("messaging_service_sid")
    if not number and not service:
        raise at_fault(NO_SENDER)
    # A standard API key may not read the account, and callbacks are signed with the token: so by the token.
    known = ask(lambda session: session.api.v2010.accounts(session.account_sid).fetch(), by_token=True)
    if known.status != "active":
        raise at_fault("The Twilio account is not active.")
    if credentials.get("api_key_sid"):
        ask(lambda session: session.messages.list(limit=1))
    pool = _service(ask, service) if service else None
    owned = _number(ask, number) if number.startswith("+") else None
    if not callback_url:
        return None
    if pool is not None and not pool.use_inbound_webhook_on_number:
        told = _posted_to(pool.inbound_request_url, pool.inbound_method)
        return None if told == callback_url else Amiss(DEAF_SERVICE, told)
    if owned is None:
        return None
    told = "" if owned.sms_application_sid else _posted_to(owned.sms_url, owned.sms_method)
    return None if told == callback_url else Amiss(DEAF_NUMBER, told)


def _service(ask: Ask, sid: str) -> Any:
    unknown = "The messaging service does not belong to this Twilio account."
    return ask(lambda session: session.messaging.v1.services(sid).fetch(), missing=unknown)


def _number(ask: Ask, number: str) -> Any:
    owned = ask(lambda session: session.incoming_phone_numbers.list(phone_number=number, limit=1))
    if not owned:
        raise at_fault("The number does not belong to this Twilio account.")
    if dict(owned[0].capabilities or {}).get("sms") is False:
        raise at_fault("The number cannot send texts.")
    return owned[0]


def _posted_to(address: str | None, method: str | None) -> str:
    """Where Twilio posts what clients write; what follows # is a setting for Twilio itself. Empty: nowhere."""
    return (address or "").partition("#")[0] if (method or "POST") == "POST" else ""

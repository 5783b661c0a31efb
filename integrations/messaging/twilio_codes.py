"""What do Twilio's error codes mean? (messaging.md 1.10)

Twilio announced that codes may change, so the table is only where one starts: an operator corrects single rows.
"""

from types import MappingProxyType
from typing import Final

from integrations.messaging.base import CodeTable, Explained, Meaning


def _rows(meaning: Meaning, rows: dict[int, str]) -> dict[str, Explained]:
    return {str(code): Explained(meaning, sentence) for code, sentence in rows.items()}


CODES: Final[CodeTable] = MappingProxyType(
    _rows(
        Meaning.RETRY,
        {
            20429: "Twilio asked us to slow down.",
            21611: "The number has too many messages waiting at Twilio.",
            30001: "Twilio’s queue was full.",
            63017: "Twilio asked us to slow down.",
        },
    )
    | _rows(
        Meaning.LATER,
        {
            30003: "The phone could not be reached: it may be switched off.",
            30008: "The carrier did not deliver it and gave no reason.",
            30022: "The carrier’s limit of messages was reached.",
            30023: "The carrier’s limit of messages for today was reached.",
            30027: "The carrier’s limit of messages for today was reached.",
            30036: "It waited too long at Twilio and was dropped.",
            30450: "Twilio blocked the number for a short while as a precaution.",
            30610: "Twilio held it back because of the time of day.",
            30047: "Twilio held it back because of the time of day.",
        },
    )
    | _rows(
        Meaning.REFUSED,
        {
            21408: "The Twilio account may not send to this country.",
            21266: "The number is the sender’s own.",
            21602: "The message has no text.",
            21604: "There is no number to send to.",
            21605: "The message is too long.",
            21612: "Twilio has no way from this sender to this number.",
            21617: "The message is too long.",
            30019: "The message is too large.",
            35114: "Twilio does not accept the time at which it was to leave.",
            35115: "Twilio does not accept the time at which it was to leave.",
            35117: "Twilio does not accept the time at which it was to leave.",
            35125: "Too many messages wait at Twilio for their time.",
            30640: "Twilio’s compliance check blocked the number.",
            30646: "Twilio holds no consent for the number.",
        },
    )
    | _rows(Meaning.FILTERED, {30007: "The carrier refused the text as unwanted."})
    | _rows(
        Meaning.NOT_MOBILE,
        {
            21614: "The number is not a mobile number.",
            21635: "The number is a landline.",
            30006: "The carrier refused: not a mobile number.",
        },
    )
    | _rows(
        Meaning.NO_SUCH,
        {
            21211: "The number is not a valid phone number.",
            21217: "The number is not a valid phone number.",
            30005: "The number is unknown or no longer in use.",
        },
    )
    | _rows(Meaning.BLOCKED, {30004: "The person or their carrier blocks our messages."})
    | _rows(Meaning.OPTED_OUT, {21610: "The person has told Twilio to stop."})
    | _rows(
        Meaning.ACCOUNT,
        {
            20003: "Twilio does not accept the account SID and token.",
            20005: "The Twilio account is not active.",
            20404: "Twilio does not know this account.",
            21212: "Twilio does not accept the sender’s number.",
            21601: "The sender’s number cannot send texts.",
            21603: "No sender’s number is set.",
            21609: "Twilio cannot call back at this installation’s address.",
            21606: "The sender’s number does not belong to the Twilio account.",
            21608: "The Twilio account is on trial and may only text verified numbers.",
            21701: "Twilio does not know the messaging service.",
            21703: "The messaging service has no number to send from.",
            21704: "The messaging service has no number to send from.",
            30002: "The Twilio account is suspended.",
            30024: "The carrier does not accept the sender’s number.",
            30029: "The Twilio account may not choose how long texts are kept.",
            30032: "The toll-free number is not verified.",
            30034: "The number is not registered for business texting (10DLC).",
            30941: "Business texting was not approved (10DLC).",
        },
    )
)

UNEXPLAINED: Final = "Twilio refused the message."
"""Of a code that is in no row."""

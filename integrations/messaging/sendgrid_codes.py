"""What do SendGrid's answers and events mean? (messaging.md 2.1, 2.3)

SendGrid has no numbers for its errors: a code is the status of an answer, with the part of the message that is at
fault, or the name of an event, with its reason. An operator corrects single rows.
"""

from types import MappingProxyType
from typing import Final

from integrations.messaging.base import CodeTable, Explained, Meaning

CODES: Final[CodeTable] = MappingProxyType(
    {
        "400": Explained(Meaning.REFUSED, "SendGrid refused the message."),
        "400:to": Explained(Meaning.NO_SUCH, "The address is not a valid email address."),
        "400:from": Explained(Meaning.ACCOUNT, "SendGrid does not accept the sender’s address."),
        "400:reply_to": Explained(Meaning.ACCOUNT, "SendGrid does not accept the address for replies."),
        "401": Explained(Meaning.ACCOUNT, "SendGrid does not accept the API key."),
        "401:credits": Explained(Meaning.ACCOUNT, "The SendGrid account has used up its emails."),
        "403": Explained(Meaning.ACCOUNT, "SendGrid does not let this account send from this address."),
        "404": Explained(Meaning.ACCOUNT, "SendGrid was not found at its address."),
        "405": Explained(Meaning.ACCOUNT, "SendGrid was not found at its address."),
        "413": Explained(Meaning.REFUSED, "The message is too large for SendGrid."),
        "429": Explained(Meaning.RETRY, "SendGrid asked us to slow down."),
        "bounce": Explained(Meaning.NO_SUCH, "The mailbox does not exist or takes no mail."),
        "blocked": Explained(Meaning.LATER, "The mailbox’s server did not take it this time."),
        "blocked:content": Explained(Meaning.FILTERED, "The mailbox’s server refused the text as unwanted."),
        "dropped": Explained(Meaning.REFUSED, "SendGrid did not send it."),
        "dropped:bounced address": Explained(Meaning.NO_SUCH, "The mailbox did not exist when it was last tried."),
        "dropped:invalid": Explained(Meaning.NO_SUCH, "The address is not a valid email address."),
        "dropped:spam reporting address": Explained(Meaning.COMPLAINT, "The person has reported our email as spam."),
        "dropped:unsubscribed address": Explained(Meaning.OPTED_OUT, "The person has unsubscribed at SendGrid."),
        "dropped:spam content": Explained(Meaning.FILTERED, "SendGrid took the text for spam."),
        "dropped:recipient list over quota": Explained(Meaning.ACCOUNT, "The SendGrid account has used up its emails."),
        "spamreport": Explained(Meaning.COMPLAINT, "The person has reported our email as spam."),
        "unsubscribe": Explained(Meaning.OPTED_OUT, "The person has unsubscribed at SendGrid."),
        "group_unsubscribe": Explained(Meaning.OPTED_OUT, "The person has unsubscribed at SendGrid."),
    }
)

DROPPED: Final = {
    "recipient list over package quota": "recipient list over quota",
}
"""Reasons that are too long for a code."""

UNEXPLAINED: Final = "SendGrid refused the message."
"""Of a code that is in no row."""

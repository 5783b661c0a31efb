"""How does a carrier stand, what can it do, and where does its console want our address? (CHN-1, MSG-7)"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.views.wording.calls import moment_words
from dashboard.views.wording.moments import hour_words, joined
from dashboard.views.wording.states import Shown
from integrations.messaging.base import Capabilities
from integrations.queries.accounts import carrier_name
from integrations.queries.carrier_list import Carrier, Connected

CHANNELS: Final[Mapping[str, str]] = MappingProxyType({"sms": "texts", "email": "emails"})

CONSOLE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "twilio_sms": (
            "In the Twilio console open the number. Under Messaging, when a message comes in: webhook, HTTP POST.",
            "With a messaging service paste it under Integration instead: send a webhook, as the request URL.",
            "Reports on texts need no setting: each text tells Twilio where to report.",
        ),
        "sendgrid_email": (
            "In SendGrid open Settings, Mail Settings, Event Webhooks, and make one with this address.",
            "Choose all deliverability events, spam reports and unsubscribes for it.",
            "There switch Signed Event Webhook on, and copy its verification key into the form on this page.",
            "For answers open Settings, Inbound Parse: the host of the answering address, with this address again.",
        ),
        "podium": (
            "In Podium make a webhook with this address and with the secret of the form on this page.",
            "It needs the events message.sent, message.failed and message.received.",
        ),
    }
)
"""Gateway -> where its callback address is pasted (messaging.md 1.6, 2.3 to 2.5, 3)."""


def channel_words(channels: frozenset[str], last: str = "and") -> str:
    """Return channels within a sentence, texts first: "texts and emails"."""
    return joined([words for channel, words in CHANNELS.items() if channel in channels], last)


def account_state(carrier: Carrier) -> Shown:
    """Return how an account stands, as a shape and a word."""
    account = carrier.account
    if carrier.kind.capabilities.is_local:
        return Shown("delivered", "Always there")
    if account is None:
        return Shown("planned", "Not connected")
    if account.failing_since is not None:
        return Shown("failed", "Refused")
    if account.checked_at is None:
        return Shown("planned", "Not tried yet")
    if account.is_deaf:
        return Shown("waiting", "Hears no answers")
    return Shown("waiting", "Did not answer") if account.trouble else Shown("delivered", "Works")


def account_words(carrier: Carrier, zone_name: str, today: date) -> str:
    """Return the state of a carrier as a sentence, with the vendor's words where something is wrong."""
    account = carrier.account
    name = carrier_name(carrier.kind)
    if carrier.kind.capabilities.is_local:
        return "Keeps messages on this installation, for a look. Nothing leaves."
    if account is None:
        return f"Connect an account, and {name} can carry {channel_words(carrier.kind.channels, 'or')}."
    return _connected_words(carrier, account, zone_name, today)


def _connected_words(carrier: Carrier, account: Connected, zone_name: str, today: date) -> str:
    name = carrier_name(carrier.kind)
    if account.failing_since is not None:
        waits = f" {channel_words(carrier.carries).capitalize()} wait." if carrier.carries else ""
        return f"{name} has refused the account since {since_words(account.failing_since, zone_name, today)}.{waits}"
    whose = "the operator’s account" if account.is_operators else "the practice’s account"
    if account.checked_at is None:
        return f"Connected with {whose}. Nobody has tried it yet."
    tried = moment_words(account.checked_at, zone_name, today)
    if account.is_deaf:
        return f"Connected with {whose}, tried {tried}. {account.trouble}"
    if account.trouble:
        return f"Tried {tried}, without an answer. {account.trouble}"
    return f"Connected with {whose}. It worked when it was tried {tried}."


def unheard_words(carrier: Carrier, silent: frozenset[str]) -> tuple[str, ...]:
    """Return what medspa does not hear from a carrier, a sentence each. `silent`: those of which nothing came back."""
    unheard = carrier.account.unheard if carrier.account else ()
    is_silent = carrier.account is not None and carrier.kind.key in silent
    return (*unheard, *(("Nothing has come back of the messages that it took.",) if is_silent else ()))


def since_words(moment: datetime, zone_name: str, today: date) -> str:
    """Return since when, within a sentence: today by the hour alone."""
    local = moment.astimezone(ZoneInfo(zone_name))
    return hour_words(local) if local.date() == today else moment_words(moment, zone_name, today)


def can_do(capabilities: Capabilities, channels: frozenset[str]) -> tuple[str, ...]:
    """Return what a carrier can do and cannot, for whoever chooses it (MSG-7, CHN-1)."""
    if capabilities.is_local:
        return ("Nothing leaves this installation: good for a look, and refused once a practice goes live for real.",)
    lines = [
        "Says whether a message arrived."
        if capabilities.reports_delivery
        else "Says that it took a message, not whether it arrived.",
        "Can be asked about a message whose fate is not known."
        if capabilities.can_be_asked
        else "Cannot be asked about a message whose fate is not known: a person decides on it.",
        "Its terms allow naming the treatment once it has signed an agreement for health information (a BAA)."
        if capabilities.carries_health_detail
        else "Its terms forbid health information: keep messages discreet, “your next visit”.",
    ]
    if "email" in channels and not capabilities.carries_html:
        lines.append("Its emails are plain text, without one-click unsubscribe.")
    if "sms" in channels:
        lines.append("Networks filter texts with names of prescription drugs, so discreet texts arrive more often.")
    if capabilities.answers_stop:
        lines.append("Confirms STOP itself, unless that is switched off in its console.")
    return tuple(lines)

"""What was done, as a line of the audit trail says it?"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from dashboard.views.wording.moments import date_words, exact_words
from integrations.messaging.registry import GATEWAYS
from integrations.queries.accounts import carrier_name

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "practice_founded": "Founded the practice",
        "practice_went_live": "Took the practice live",
        "consent_attested": "Vouched for the clients’ consent",
        "attestation_withdrawn": "Took the practice’s word for the clients’ consent back",
        "practice_changed": "Changed the practice’s settings",
        "practice_paused": "Held all messages of the practice",
        "practice_resumed": "Let the practice’s messages leave again",
        "link_host_chosen": "Put the links of messages on a host of the practice’s own",
        "link_host_removed": "Put the links of messages back on medspa’s host",
        "carrier_connected": "Connected an account at a carrier",
        "carrier_changed": "Changed the account at a carrier",
        "carrier_disconnected": "Disconnected a carrier",
        "carrier_chosen": "Chose who carries texts or emails",
        "carrier_tried": "Tried the account at a carrier",
        "carrier_failed": "Noted that a carrier refuses the account",
        "carrier_mended": "Noted that a carrier takes the account again",
        "location_changed": "Changed a location",
        "provider_changed": "Changed a provider",
        "staff_invited": "Invited somebody to the staff",
        "invitation_resent": "Sent an invitation again",
        "invitation_revoked": "Took an invitation back",
        "invitation_accepted": "Joined the staff",
        "role_changed": "Changed somebody’s role",
        "access_removed": "Took somebody’s access away",
        "client_viewed": "Opened the client’s page",
        "client_exported": "Exported all that is kept about the client",
        "client_erased": "Erased the client",
        "client_paused": "Paused the client’s reminders",
        "client_resumed": "Resumed the client’s reminders",
        "client_opted_out": "Opted the client out",
        "opt_out_lifted": "Recorded that the client took the opt-out back",
        "mark_lifted": "Took the mark off an address that could not be reached",
        "sequence_ended": "Ended a sequence",
        "sequence_reopened": "Opened a sequence again",
        "reminder_skipped": "Left a reminder out",
        "reminder_unskipped": "Took a reminder in again",
        "reminder_sent_now": "Sent a reminder at once",
        "reminder_moved": "Moved a reminder",
        "reminder_moved_back": "Moved a reminder back to its planned time",
        "note_written": "Wrote a note",
        "issue_opened": "Opened a service issue",
        "issue_resolved": "Settled a service issue",
        "call_taken": "Took a call",
        "call_released": "Gave a call back to the list",
        "call_recorded": "Recorded how a call went",
        "call_made": "Recorded a call made without the list",
        "call_reopened": "Put a call back on the list",
        "reply_handled": "Handled a reply",
        "reply_answered": "Answered a reply",
        "reply_no_opt_out": "Decided that a reply was no opt-out",
        "unknown_settled": "Said whether a message arrived that nobody knew of",
        "reply_reopened": "Opened a handled reply again",
        "service_mapped": "Mapped a service",
        "suppression_added": "Added an address to the suppression list",
        "suppressions_imported": "Imported a suppression list",
        "suppressions_exported": "Exported the suppression list",
        "audit_exported": "Exported the audit trail",
    }
)
"""Action -> what somebody did, in the past tense, without who. tests/dashboard/test_audit_words.py finds what lacks."""

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "at": "when",
        "cap_days": "days between two messages",
        "is_active": "treats here",
        "promotion_opens": "reminders leave from",
        "promotion_closes": "reminders leave until",
        "sms_detail": "how much a text tells",
        "email_detail": "how much an email tells",
        "staff_member_id": "login",
        "intake_url": "intake form",
        "booking_url": "booking link",
        "logo_url": "logo",
        "address_line": "address",
        "who": "staff member",
        "gateway": "carrier",
        "is_operators": "the operator’s account",
    }
)
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


def action_words(action: str) -> str:
    """Return what was done; an action of an older version reads as it is called.

    >>> action_words("client_viewed"), action_words("moon_landed")
    ('Opened the client’s page', 'Moon landed')
    """
    return ACTIONS.get(action) or action.replace("_", " ").capitalize()


def action_choices() -> list[tuple[str, str]]:
    """Return every action with its words, by the words."""
    return sorted(ACTIONS.items(), key=lambda item: item[1])


def detail_words(detail: Mapping[str, Any], zone_name: str) -> tuple[str, ...]:
    """Return what a line knows more of: choices and days, not ids; of a change what it was and what it is.

    >>> detail_words({"changed": {"cap_days": [3, 5], "name": None}, "reason": "no_show"}, "America/Chicago")
    ('Days between two messages: 3, now 5', 'Name', 'Reason: no show')
    """
    lines = []
    for key, value in detail.items():
        if key == "changed" and isinstance(value, Mapping):
            lines += [_changed(field, pair, zone_name) for field, pair in value.items()]
        elif isinstance(value, Mapping):
            lines += detail_words(value, zone_name)
        elif words := _value(value, zone_name):
            lines.append(f"{_name(key)}: {words}")
    return tuple(lines)


def _changed(field: str, pair: Any, zone_name: str) -> str:
    if not (isinstance(pair, list) and len(pair) == 2):
        return _name(field)
    before, after = (_value(each, zone_name) or "nothing" for each in pair)
    is_hidden = any(isinstance(each, str) and _ID.fullmatch(each) for each in pair)
    return _name(field) if is_hidden else f"{_name(field)}: {before}, now {after}"


def _name(key: str) -> str:
    words = _NAMES.get(key) or re.sub(r"_(id|at|on)$", "", key).replace("_", " ")
    return words[:1].upper() + words[1:]


def _value(value: Any, zone_name: str) -> str:
    """A value in words; empty for ids, which say nothing to people, and for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(words for each in value if (words := _value(each, zone_name)))
    if not isinstance(value, str):
        return "" if value is None else str(value)
    if _ID.fullmatch(value):
        return ""
    if value in GATEWAYS:
        return carrier_name(GATEWAYS[value])
    return _moment(value, zone_name) or (value.replace("_", " ") if value.islower() else value)


def _moment(value: str, zone_name: str) -> str:
    """A day or a moment as people say it; empty for anything else."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date_words(date.fromisoformat(value), date.min)
        if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", value):
            return exact_words(datetime.fromisoformat(value), zone_name)
    except ValueError:
        return ""
    return ""

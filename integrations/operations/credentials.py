"""Are these the fields that a gateway asks for, and how are they kept? (CHN-1)"""

import json
import re
from collections.abc import Mapping
from typing import Final

from clients.operations.zones import normalize_email, normalize_phone
from integrations.messaging.base import NO_CREDENTIALS, CredentialField, Credentials, Gateway
from practices.operations.encryption import encrypt
from practices.operations.settings import SettingsRefused

MOST_LETTERS: Final = 5_000
LEAST_RATE: Final = 0.01
MOST_RATE: Final = 10_000.0
_NUMBER: Final = re.compile(r"[+()\d][\d\s().+-]*")


def checked_credentials(
    kind: type[Gateway],
    values: Mapping[str, str],
    *,
    held: Credentials = NO_CREDENTIALS,
    beneath: Credentials = NO_CREDENTIALS,
    is_operators: bool = False,
) -> dict[str, str]:
    """Return the fields as they are kept; what is empty is left out.

    `held`: those kept so far: a field that was not given, and a secret that was left empty, stays. `beneath`: the
    operator's, where `is_operators`; the practice then gives only what it may have of its own.

    Raises:
        SettingsRefused: something is missing or cannot be right; says of each field what to do.
    """
    kept: dict[str, str] = {}
    problems: dict[str, str] = {}
    for asked in kind.fields:
        if is_operators and not asked.is_own:
            continue
        value = _value(asked, values, held)
        problem = _problem(asked, value, is_there=bool(beneath.get(asked.name)))
        if problem:
            problems[asked.name] = problem
        elif value:
            kept[asked.name] = value
    if problems:
        raise SettingsRefused(problems)
    return kept


def checked_rate(rate: float | None) -> float | None:
    """Return how many sends a second an account allows; None: what the gateway allows anybody.

    Raises:
        SettingsRefused: it is no rate.
    """
    if rate is not None and not LEAST_RATE <= rate <= MOST_RATE:
        raise SettingsRefused({"sends_per_second": f"Give a number from {LEAST_RATE} to {MOST_RATE:,.0f}."})
    return rate


def sealed(credentials: Credentials) -> bytes:
    """Return credentials as they are stored: encrypted under the first of FIELD_KEYS."""
    return encrypt(json.dumps(dict(credentials)).encode())


def shown(kind: type[Gateway], credentials: Credentials) -> dict[str, str]:
    """Return the fields that are no secret."""
    return {
        each.name: credentials[each.name] for each in kind.fields if not each.is_secret and each.name in credentials
    }


def senders(kind: type[Gateway], credentials: Credentials) -> frozenset[str]:
    """Return from where messages come and where answers arrive: numbers, addresses, the vendor's ids of places."""
    asked = [each.name for each in kind.fields if each.is_sender]
    return frozenset(normalized_sender(credentials[name]) for name in asked if credentials.get(name))


def normalized_sender(raw: str) -> str:
    """Return a number in E.164, an email address in lower case; anything else as it is.

    >>> normalized_sender("(312) 809-6490"), normalized_sender("Hello@Lakeview.example "), normalized_sender("MG12ab")
    ('+13128096490', 'hello@lakeview.example', 'MG12ab')
    """
    value = raw.strip()
    if "@" in value:
        return normalize_email(value) or value
    return (normalize_phone(value) or value) if _NUMBER.fullmatch(value) else value


def _value(asked: CredentialField, values: Mapping[str, str], held: Credentials) -> str:
    given = str(values.get(asked.name, "")).strip()
    if asked.name not in values or (asked.is_secret and not given):
        return held.get(asked.name, "")
    return normalized_sender(given) if asked.is_sender else given


def _problem(asked: CredentialField, value: str, *, is_there: bool) -> str:
    if not value:
        return f"Give the {_within(asked.label)}." if asked.is_required and not is_there else ""
    if len(value) > MOST_LETTERS or not value.isprintable():
        return f"This is no {_within(asked.label)}: copy it again, on one line."
    if asked.pattern and not re.fullmatch(asked.pattern, value):
        return f"This is no {_within(asked.label)}. {asked.help}".rstrip()
    return ""


def _within(label: str) -> str:
    """A label inside a sentence: "Account SID" keeps its capitals where the second letter is one."""
    first, _, rest = label.partition(" ")
    return label if first[1:] != first[1:].lower() else f"{first.lower()} {rest}".rstrip()

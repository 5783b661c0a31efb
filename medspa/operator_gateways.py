"""Which accounts has the operator of this installation at gateways, for practices that have none? [CHN-1, OPS-3]"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from integrations.messaging.base import CredentialField, Gateway
from medspa.reader import Reader

URL = "URL"
RATE = "SENDS_PER_SECOND"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class OperatorGateways:
    """What the environment says of gateways. `accounts`: gateway -> field -> value; `rates`: sends a second."""

    accounts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    rates: Mapping[str, float] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    """Gateway -> where its API is, if not at the vendor: a stand-in."""


def read(reader: Reader, kinds: Iterable[type[Gateway]], *, is_production: bool) -> OperatorGateways:
    """Will read TWILIO_SMS_ACCOUNT_SID and the like: for each gateway its fields, its rate and its address.

    An account is there as soon as one of its fields is; then what the gateway needs must all be there, less what
    each practice may have of its own. No value is repeated in a refusal: most are secrets.
    """
    accounts, rates, urls = {}, {}, {}
    for kind in kinds:
        if not kind.fields:
            continue
        given = _account(reader, kind)
        if given:
            accounts[kind.key] = given
        rate = reader.rate(variable(kind, RATE))
        if rate is not None:
            rates[kind.key] = rate
        url = reader.base_url(variable(kind, URL), is_https=is_production)
        if url:
            urls[kind.key] = url
    return OperatorGateways(accounts, rates, urls)


def variable(kind: type[Gateway], name: str) -> str:
    """Return the name of a setting: TWILIO_SMS_AUTH_TOKEN."""
    return f"{kind.key}_{name}".upper()


def _account(reader: Reader, kind: type[Gateway]) -> dict[str, str]:
    values = {each.name: _plain(reader.text(variable(kind, each.name), "")) for each in kind.fields}
    given = {name: value for name, value in values.items() if value}
    if given:
        for each in kind.fields:
            _check(reader, kind, each, values[each.name])
    return given


def _plain(value: str) -> str:
    """An email address in lower case, as practices' own are kept."""
    return value.lower() if EMAIL.fullmatch(value) else value


def _check(reader: Reader, kind: type[Gateway], asked: CredentialField, value: str) -> None:
    name = variable(kind, asked.name)
    label = f"{kind.capabilities.label}, {asked.label}"
    if not value and asked.is_required and not asked.is_own:
        reader.refuse(name, f"is missing beside the others of {label}; set it, or leave all of them out.")
    elif value and asked.pattern and not re.fullmatch(asked.pattern, value):
        reader.refuse(name, f"does not look like {label}; copy it again. {asked.help}".rstrip())

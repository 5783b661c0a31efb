"""Under which host do a practice's links stand, whose is a host, and which may be chosen? (MSG-5)"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import idna
from django.conf import settings

from practices.models import LinkHost
from practices.queries.settings_rules import Wrong

# Names that no public DNS knows, so that no client's phone could open them (RFC 6761, RFC 2606, RFC 8375).
_NEVER_PUBLIC: Final = (
    "alt", "example", "home.arpa", "internal", "invalid", "lan", "local", "localhost", "onion", "test",
)  # fmt: skip
_LONGEST: Final = 253  # RFC 1035, as text
_LEAST_LABELS: Final = 2
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[a-z]")


def link_host_of(practice_id: UUID) -> str:
    """The host that the practice chose for its new links; empty: none."""
    current = LinkHost.objects.filter(practice_id=practice_id, replaced_at=None)
    return current.values_list("host", flat=True).first() or ""


def replaced_hosts(practice_id: UUID) -> list[tuple[str, datetime]]:
    """The hosts that the practice's links stood on before, each with when it was replaced, the latest first."""
    gone = LinkHost.objects.filter(practice_id=practice_id, replaced_at__isnull=False).order_by("-replaced_at", "host")
    return [(each.host, each.replaced_at) for each in gone if each.replaced_at is not None]


def links_origin(practice_id: UUID) -> str:
    """How the practice's links begin: "https://go.lakeview.example", else PUBLIC_URL; one small query."""
    return origin_of(link_host_of(practice_id))


def origin_of(host: str) -> str:
    """How links on a host begin, with the scheme and port of PUBLIC_URL; of no host: PUBLIC_URL."""
    public: str = settings.PUBLIC_URL
    if not host:
        return public
    parts = urlsplit(public)
    return f"{parts.scheme}://{host}:{parts.port}" if parts.port else f"{parts.scheme}://{host}"


def public_host() -> str:
    """The host of PUBLIC_URL: what a practice's own host is an alias of."""
    return urlsplit(settings.PUBLIC_URL).hostname or ""


def practice_of_host(host: str) -> UUID | None:
    """Whose links stand, or stood, on this host, in lower case and without a port; None: nobody's. Needs no scope."""
    return LinkHost.objects.filter(pk=host).values_list("practice_id", flat=True).first()


def checked_host(value: str, barred: Collection[str]) -> str:
    """A host name as it is kept: ASCII, lower case, by the rules of IDNA 2008 (RFC 5891); empty: none.

    `barred` are domains that nobody may use, nor a host below them.

    Raises:
        Wrong: it is none, or not one that a practice can call its own.
    """
    given = _SCHEME.sub("", value.strip(), count=1).removesuffix("/").removesuffix(".")
    if not given:
        return ""
    if len(given) > _LONGEST:
        raise Wrong(f"A host name has at most {_LONGEST} letters. Write it as in go.lakeview-aesthetics.com.")
    try:
        host = idna.encode(given, uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError:
        raise Wrong("This is no host name. Write it alone, as in go.lakeview-aesthetics.com.") from None
    labels = host.split(".")
    if len(host) > _LONGEST or len(labels) < _LEAST_LABELS or not _LETTERS.search(labels[-1]):
        raise Wrong("This is no host name of the internet. Write it whole, as in go.lakeview-aesthetics.com.")
    if _is_within(host, _NEVER_PUBLIC):
        raise Wrong("Phones of clients cannot find this host: its name exists only inside a network.")
    if _is_within(host, _own_hosts()):
        raise Wrong("This is medspa’s own host. Choose one under the practice’s domain, or leave it empty.")
    if _is_within(host, barred):
        raise Wrong("This is a public link shortener; carriers block it. Choose one under the practice’s own domain.")
    return host


def _own_hosts() -> set[str]:
    named = {each.lstrip(".").lower() for each in settings.ALLOWED_HOSTS}
    return ({public_host()} | named) - {"", "*"}


def _is_within(host: str, domains: Collection[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in domains)

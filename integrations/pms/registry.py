"""Which connectors are there?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from integrations.pms.base import Connector
from integrations.pms.generic import GenericConnector

CONNECTORS: Final[Mapping[str, Connector]] = MappingProxyType(
    {connector.kind: connector for connector in (GenericConnector(),)}
)


def connector_of(kind: str) -> Connector:
    """Return the connector of this kind.

    Raises:
        LookupError: there is none.
    """
    try:
        return CONNECTORS[kind]
    except KeyError:
        known = ", ".join(sorted(CONNECTORS))
        raise LookupError(f"There is no connector {kind!r}; there are: {known}.") from None

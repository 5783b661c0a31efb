"""What does a role mean, in a sentence? (TEN-2; the table itself is practices/queries/abilities.py)"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from practices.models import Role

ROLE_WORDS: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.OWNER: "everything, and who else is an owner.",
        Role.MANAGER: "everything but who is an owner.",
        Role.INJECTOR: "clients, their reminders and prices; no settings.",
        Role.FRONT_DESK: "clients, their reminders and calls; no prices, no settings.",
    }
)

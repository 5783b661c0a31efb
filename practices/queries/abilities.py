"""What may each role see and do? One table; pages ask it and operations are told by whom (TEN-2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from practices.models.staff_member import Role


class Ability(StrEnum):
    """One thing that a job needs."""

    SEE_CLIENTS = "see_clients"
    """Clients, their pages, coming messages, the outbox, the day."""
    STEER_REMINDERS = "steer_reminders"
    """Skip, send now, move, pause, resume, end; notes, calls, replies, service issues (SEQ-10, CARE-2)."""
    OPT_OUT = "opt_out"
    """Record that a client wants no more messages. Whoever hears it may."""
    LIFT_OPT_OUT = "lift_opt_out"
    """Record that a client took it back, with her words (OPT-3)."""
    EXPORT_CLIENTS = "export_clients"
    """Take away all that is kept about one client, to hand it to the client (REC-5)."""
    ERASE_CLIENTS = "erase_clients"
    """Erase one client for good (REC-5)."""
    SEE_SUPPRESSIONS = "see_suppressions"
    SEE_CADENCES = "see_cadences"
    CHANGE_CADENCES = "change_cadences"
    """Map services and choose a cadence's variant (LIB-3, LIB-5)."""
    SEE_MONEY = "see_money"
    """Prices and revenue. Front desk does not (TEN-2)."""
    CHANGE_SETTINGS = "change_settings"
    """The practice, its locations, its providers, its voice, window and cap; pausing it, going live."""
    MANAGE_TEAM = "manage_team"
    """Invite, change roles, take access away. Only an owner makes or unmakes an owner."""
    SEE_AUDIT = "see_audit"


_FRONT_DESK: Final = frozenset(
    {
        Ability.SEE_CLIENTS,
        Ability.STEER_REMINDERS,
        Ability.OPT_OUT,
        Ability.SEE_SUPPRESSIONS,
        Ability.SEE_CADENCES,
    }
)
_INJECTOR: Final = frozenset(
    {
        Ability.SEE_CLIENTS,
        Ability.STEER_REMINDERS,
        Ability.OPT_OUT,
        Ability.SEE_CADENCES,
        Ability.SEE_MONEY,
    }
)

ABILITIES: Final[Mapping[Role, frozenset[Ability]]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Ability),
        Role.MANAGER: frozenset(Ability),
        Role.INJECTOR: _INJECTOR,
        Role.FRONT_DESK: _FRONT_DESK,
    }
)
"""Role -> what it may. A page that needs more than a role has is neither linked nor opened."""


def may(role: Role, ability: Ability) -> bool:
    """Return whether the role may.

    >>> may(Role.FRONT_DESK, Ability.SEE_MONEY)
    False
    """
    return ability in ABILITIES[role]

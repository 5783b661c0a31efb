"""In which word and shape does a client stand, and which part of the list holds such clients?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clients.models import Client
from dashboard.views.wording.states import Shown
from reminders.engine.words import Standing

STANDINGS: Final[Mapping[Standing, Shown]] = MappingProxyType(
    {
        Standing.BARRED: Shown("suppressed", "Not contacted"),
        Standing.OPTED_OUT: Shown("suppressed", "Opted out"),
        Standing.PAUSED: Shown("paused", "Paused"),
        Standing.HELD: Shown("waiting", "Held"),
        Standing.DUE: Shown("waiting", "Due"),
        Standing.BOOKED: Shown("booked", "Booked"),
        Standing.ACTIVE: Shown("planned", "Active"),
        Standing.LAPSED: Shown("lapsed", "Lapsed"),
        Standing.NONE: Shown("note", "Nothing planned"),
    }
)

PARTS: Final = (
    Standing.ACTIVE,
    Standing.DUE,
    Standing.BOOKED,
    Standing.HELD,
    Standing.PAUSED,
    Standing.LAPSED,
    Standing.OPTED_OUT,
    Standing.BARRED,
    Standing.NONE,
)
"""The parts of the list of clients, in their order there."""

MEANINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.BARRED: "The records call them inactive, deceased, under 18 or not to be contacted. Nothing leaves.",
        Standing.OPTED_OUT: "They said stop. Only what confirms an appointment may leave, where they still allow it.",
        Standing.PAUSED: "Something went wrong, a wish is unclear, or staff paused. A person decides when it goes on.",
        Standing.HELD: "A message was to leave and something is missing: consent, an address, a text, fresh records.",
        Standing.DUE: "Their first reminder has had its moment, and no fitting appointment is booked.",
        Standing.BOOKED: "An appointment is to come, or what became of it is still open. Reminding has stopped.",
        Standing.ACTIVE: "They were treated, and their first reminder is still to come.",
        Standing.LAPSED: "The cadence’s last day passed without a booking. They are asked back once a month.",
        Standing.NONE: "No treatment with a cadence runs, and no appointment is booked.",
    }
)
"""Who stands so, in a sentence."""

_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Client.Status.INACTIVE: "Inactive",
        Client.Status.DECEASED: "Deceased",
        Client.Status.DO_NOT_CONTACT: "Do not contact",
        Client.Status.ACTIVE: "Under 18",
    }
)


def standing_shown(standing: Standing, status: str) -> Shown:
    """Return how a client stands as a page shows it; of one who is not contacted, why.

    >>> standing_shown(Standing.BARRED, "deceased").word, standing_shown(Standing.DUE, "active").word
    ('Deceased', 'Due')
    """
    if standing is Standing.BARRED:
        return Shown(STANDINGS[standing].shape, _STATUSES.get(status, STANDINGS[standing].word))
    return STANDINGS[standing]

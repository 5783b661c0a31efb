"""Who are the people in a batch, and what is new about them?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from uuid import UUID

from clients.operations.contact_data import ContactData, reported_name
from clients.operations.reported import Outcome, Report, ReportedClient
from practices.queries.names import name_key

NO_SUCH_NAME: Final = "NO_SUCH_NAME"
SEVERAL_OF_THAT_NAME: Final = "SEVERAL_OF_THAT_NAME"


@dataclass(slots=True)
class People:
    """The clients of a batch, their rows held."""

    by_remote_id: dict[str, UUID] = field(default_factory=dict)
    by_name: dict[str, UUID | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    """Name key -> why nobody can tell whom it means."""
    held: dict[UUID, ContactData] = field(default_factory=dict)
    created: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    merges: dict[str, UUID] = field(default_factory=dict)
    """Remote id -> the merge that brought it to its client, if one did (R18)."""
    renamed: set[str] = field(default_factory=set)
    """Name keys that somebody has now and had not before."""
    left_addresses: list[tuple[UUID, str, str]] = field(default_factory=list)
    """Client, and the phone and email that were hers before."""

    def client_of(self, reported: ReportedClient) -> UUID | None:
        """The client whom a line means; None where only a name is given and it fits none or several."""
        if reported.remote_id:
            return self.by_remote_id[reported.remote_id]
        return self.by_name[name_key(reported_name(reported))]

    def reason_for(self, reported: ReportedClient) -> str:
        """Why nobody can tell whom a line means that gives only a name."""
        return self.reasons[name_key(reported_name(reported))]

    def outcomes(self, lines: Iterable[ReportedClient]) -> list[Outcome]:
        """What became of the lines that are about clients themselves."""
        fresh = dict.fromkeys(self.changed, Outcome.UPDATED) | dict.fromkeys(self.created, Outcome.CREATED)
        clients = [self.client_of(line) for line in lines]
        return [
            Outcome.WAITING if client_id is None else fresh.pop(client_id, Outcome.UNCHANGED) for client_id in clients
        ]


def everyone(report: Report) -> Iterable[ReportedClient]:
    """Every mention of a client in a batch."""
    return chain(
        report.clients,
        (line.client for line in report.treatments),
        (line.client for line in report.appointments),
    )

"""How do the words of one source become the practice's records, all at once? (REC, R13, R16)"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clients.events import (
    ClientsChanged,
    appointment_changed,
    client_changed,
    consent_changed,
    treatment_recorded,
)
from clients.models import Client
from clients.models.consent import ConsentScope
from clients.operations.addressed_consents import addressed
from clients.operations.appointments import Appointments
from clients.operations.consents import append_consents
from clients.operations.directory import Directory
from clients.operations.inherited_stops import inherit_stops
from clients.operations.locking import lock_clients
from clients.operations.meeting import meet
from clients.operations.merge_notes import note_reported
from clients.operations.people import People, everyone
from clients.operations.reported import (
    Outcome,
    Recorded,
    Report,
    ReportedAppointment,
    ReportedConsent,
    ReportedTreatment,
)
from clients.operations.taking_back import lift
from clients.operations.treatment_recording import TreatmentLines
from clients.operations.unmatched import forget, keep_waiting, key_of, waiting_under


def record(practice_id: UUID, report: Report, now: datetime) -> Recorded:
    """Will bring what one source said at one time into the records of the practice whose scope is open.

    Made for batches of one to some thousands of lines: each table is read and written once. The rows of all
    clients concerned are held, in the order of their ids. The same words in any order and number give the same
    records (R13); a file's word is as old as its reading, and a file read again changes nothing. Lines that name
    only a person's name wait where it fits no client or several, and are tried again when one of that name
    arrives. News goes up once for the batch, in this transaction.

    Raises:
        ValueError: a treatment done without its service or day.
    """
    return _Recording(practice_id, report, now).run()


@dataclass(slots=True)
class _Recording:
    """One batch on its way into the records."""

    practice_id: UUID
    report: Report
    now: datetime

    def run(self) -> Recorded:
        report, now = self.report, self.now
        # Services are held before clients, here and where a manager maps one.
        directory = Directory(self.practice_id, report, now)
        people = meet(self.practice_id, report, now)
        held = set(people.held)

        def hold(client_ids: set[UUID]) -> bool:
            further = client_ids - held
            lock_clients(self.practice_id, further)
            held.update(further)
            return bool(further)

        recorded = Recorded(clients=people.outcomes(report.clients))
        lines = TreatmentLines(self.practice_id, report, directory, now)
        recorded.treatments = lines.record([(people.client_of(line.client), line) for line in report.treatments], hold)
        bookings = Appointments(self.practice_id, report, directory, now)
        recorded.appointments = bookings.record(
            [(people.client_of(line.client), line) for line in report.appointments], hold
        )
        if people.merges:
            note_reported(self.practice_id, self.report, people.merges)
        consenting = self._hear_consents(people)
        self._inherit_stops(people)
        self._sort_waiting(people, recorded)
        for signal, client_ids in (
            (client_changed, people.created | people.changed),
            (consent_changed, consenting),
            (treatment_recorded, lines.changed_clients),
            (appointment_changed, bookings.changed_clients),
        ):
            if client_ids:
                signal.send(sender=Client, event=ClientsChanged(self.practice_id, frozenset(client_ids), self.now))
                recorded.client_ids |= client_ids
        recorded.client_ids |= self._try_again(people)
        return recorded

    def _hear_consents(self, people: People) -> set[UUID]:
        said = [(people.client_of(reported), reported) for reported in everyone(self.report) if reported.consents]
        known = [(client_id, reported) for client_id, reported in said if client_id]
        words = addressed(self.practice_id, known, people.held)
        if not words:
            return set()
        is_file = self.report.reported_at is None
        new = append_consents(self.practice_id, words, self.now, is_file=is_file)
        if not is_file:  # a file says what was once agreed; it revives nobody (OPT-2)
            for client_id, word in words:
                if client_id in new and word.is_granted and not word.is_flag:
                    self._lift(people, client_id, word)
        return new

    def _lift(self, people: People, client_id: UUID, word: ReportedConsent) -> None:
        """A new consent, for the number or email that is hers now, ends the opt-outs there that are older (OPT-3)."""
        client = people.held[client_id]
        address = {ConsentScope.SMS: client.phone, ConsentScope.EMAIL: client.email}.get(ConsentScope(word.scope))
        if address is None or word.address not in ("", address):
            return
        subject = "phone" if word.scope == ConsentScope.SMS else "email"
        subjects = [(subject, address)] if address else []
        lift(self.practice_id, [client_id], subjects, said_at=word.at, now=self.now)

    def _inherit_stops(self, people: People) -> None:
        moved = {client_id for client_id, _, _ in people.left_addresses}
        have = [(id_, people.held[id_].phone, people.held[id_].email) for id_ in sorted(people.created | moved)]
        if have:
            inherit_stops(self.practice_id, have, people.left_addresses)

    def _sort_waiting(self, people: People, recorded: Recorded) -> None:
        """Lines without a client wait; those that have found theirs wait no more."""
        nameless: list[tuple[ReportedTreatment | ReportedAppointment, Outcome]] = [
            *zip(self.report.treatments, recorded.treatments, strict=True),
            *zip(self.report.appointments, recorded.appointments, strict=True),
        ]
        nameless = [(line, outcome) for line, outcome in nameless if not line.client.remote_id]
        if nameless:
            waiting = [
                (line, people.reason_for(line.client)) for line, outcome in nameless if outcome is Outcome.WAITING
            ]
            keep_waiting(self.practice_id, self.report.document, waiting, self.now)
            found = [key_of(line) for line, outcome in nameless if outcome is not Outcome.WAITING]
            forget(self.practice_id, self.report.document, found)

    def _try_again(self, people: People) -> set[UUID]:
        """Lines that wait under a name that somebody bears only now."""
        found: set[UUID] = set()
        for document, lines in waiting_under(self.practice_id, people.renamed).items():
            again = Report(
                identity_source="",
                document=document,
                reported_at=None,
                treatments=tuple(line for line in lines if isinstance(line, ReportedTreatment)),
                appointments=tuple(line for line in lines if isinstance(line, ReportedAppointment)),
            )
            found |= record(self.practice_id, again, self.now).client_ids
        return found

"""How is the client behind every line of a batch found or made, held, and told what is new of her?"""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid6 import uuid7

from clients.models import Client, ClientIdentity
from clients.operations.contact_data import COLUMNS, ContactData, reported_name, words_of
from clients.operations.identities import (
    KnownPeople,
    Namesake,
    find_elsewhere,
    find_namesakes,
    find_own,
    hold_newcomers,
)
from clients.operations.locking import lock_clients
from clients.operations.people import NO_SUCH_NAME, SEVERAL_OF_THAT_NAME, People, everyone
from clients.operations.reported import Report, ReportedClient
from practices.operations.rows import insert_rows, update_rows
from practices.queries.names import name_key


def meet(practice_id: UUID, report: Report, now: datetime) -> People:
    """Will find or make the client behind every line, hold the rows in the order of their ids, hear the words.

    A word of a file is as old as its reading, and counts only where it changes something: importing a file
    again writes nothing. An event's word counts even where it says what is known, so that no older one
    undoes it (R13).
    """
    meeting = _Meeting(practice_id, report, now)
    meeting.find_and_hold()
    meeting.hear_everyone()
    meeting.store()
    return meeting.people


class _Meeting:
    """One batch's people on their way from words to rows."""

    def __init__(self, practice_id: UUID, report: Report, now: datetime) -> None:
        self.practice_id, self.report, self.now = practice_id, report, now
        self._begin()
        self.rewritten: list[ContactData] = []
        self.by_id: dict[str, list[ReportedClient]] = defaultdict(list)
        self.by_name: dict[str, list[ReportedClient]] = defaultdict(list)
        for reported in everyone(report):
            if reported.remote_id:
                group = self.by_id[reported.remote_id]
            else:
                group = self.by_name[name_key(reported_name(reported))]
            if not group or group[-1] != reported:
                group.append(reported)

    def _begin(self) -> None:
        self.people, self.known = People(), KnownPeople()
        self.made: dict[UUID, ContactData] = {}
        self.newcomers: list[str] = []

    def find_and_hold(self) -> None:
        """Finds everybody and holds the rows that exist; again where one was erased while we waited (REC-5).

        Then the rows are let go first: whoever waits for newcomers, as finding does, must not hold any.
        """
        while True:
            self._find()
            before = transaction.savepoint()
            if self._hold():
                transaction.savepoint_commit(before)
                return
            transaction.savepoint_rollback(before)
            self._begin()

    def _find(self) -> None:
        """Whom the source knows already, who is known from elsewhere, and who is new altogether."""
        source, known = self.report.identity_source, self.known
        find_own(self.practice_id, source, self.by_id, known)
        newcomers = sorted(self.by_id.keys() - known.by_own_id.keys())
        if newcomers:
            # Somebody may have entered one of them while we waited for our turn.
            hold_newcomers(self.practice_id)
            find_own(self.practice_id, source, newcomers, known)
            newcomers = [new for new in newcomers if new not in known.by_own_id]
            find_elsewhere(self.practice_id, source, newcomers, known)
        self.people.by_remote_id |= known.by_own_id
        self.people.merges = known.merges
        said = {new: _first_words(self.by_id[new]) for new in newcomers}
        keys = {new: _key_of(words) for new, words in said.items()}
        find_namesakes(self.practice_id, {*keys.values(), *self.by_name}, known)
        for new in newcomers:
            self.people.by_remote_id[new] = self._match_or_make(new, keys[new], said[new])
        self.newcomers = newcomers
        self._recognize_names()

    def _match_or_make(self, remote_id: str, key: str, words: dict[str, Any]) -> UUID:
        client_id = self.known.match(remote_id, key, words)
        if client_id is None:
            client_id = uuid7()
            self.made[client_id] = ContactData(client_id)
            phone, email = words.get("phone", ""), words.get("email", "")
            self.known.add(key, Namesake(client_id, phone, email, words.get("date_of_birth")))
        return client_id

    def _recognize_names(self) -> None:
        """A line without an id is about the only client of its name, if there is only one."""
        for key, group in self.by_name.items():
            namesakes = self.known.namesakes.get(key, []) if key else []
            matched = self.known.match("", key, _first_words(group)) if key else None
            if matched is None and len(namesakes) == 1:
                matched = namesakes[0].client_id
            self.people.by_name[key] = matched
            if matched is None:
                self.people.reasons[key] = SEVERAL_OF_THAT_NAME if namesakes else NO_SUCH_NAME

    def _hold(self) -> bool:
        """Whether everybody who is meant is held, or was made just now."""
        people = self.people
        people.held = self._lock(self._meant() - self.made.keys()) | self.made
        return self._meant() <= people.held.keys()

    def _meant(self) -> set[UUID]:
        return {each for each in (*self.people.by_remote_id.values(), *self.people.by_name.values()) if each}

    def hear_everyone(self) -> None:
        """Hears each person's words, in the order of the report."""
        people = self.people
        people.created |= self.made.keys()
        words: dict[UUID, list[ReportedClient]] = defaultdict(list)
        for remote_id, group in self.by_id.items():
            words[people.by_remote_id[remote_id]] += group
        for key, group in self.by_name.items():
            if client_id := people.by_name[key]:
                words[client_id] += group
        for client_id, group in words.items():
            self._hear(people.held[client_id], group)

    def _lock(self, meant: set[UUID]) -> dict[UUID, ContactData]:
        """Holds them, or whom they were merged into while we waited."""
        people = self.people
        held = lock_clients(self.practice_id, meant)
        while into := {id_: data.merged_into for id_, data in held.items() if data.merged_into}:
            for known in (people.by_remote_id, people.by_name):
                known.update({key: into[id_] for key, id_ in known.items() if id_ in into})
            held = {id_: data for id_, data in held.items() if id_ not in into}
            held |= lock_clients(self.practice_id, into.values() - held.keys())
        return held

    def _hear(self, data: ContactData, group: list[ReportedClient]) -> None:
        is_new = data.id in self.made
        before: tuple[Any, ...] = ()
        for reported in group:
            at = reported.said_at or self.report.reported_at
            said = words_of(reported, data)
            if at is None and not is_new and all(getattr(data, name) == value for name, value in said.items()):
                continue
            before = before or data.as_row()
            data.hear(said, at or self.now)
        if before and not is_new:
            self._note_change(dict(zip(COLUMNS, before, strict=True)), data)
        elif is_new:
            self.people.renamed.add(data.name_key)

    def _note_change(self, before: dict[str, Any], data: ContactData) -> None:
        after = dict(zip(COLUMNS, data.as_row(), strict=True))
        changed = {column for column in COLUMNS if before[column] != after[column]}
        if changed:
            self.rewritten.append(data)
        if changed - {"field_stamps"}:
            self.people.changed.add(data.id)
        if "name_key" in changed:
            self.people.renamed.add(data.name_key)
        if changed & {"phone", "email"}:
            self.people.left_addresses.append((data.id, before["phone"], before["email"]))

    def store(self) -> None:
        """Writes the new clients, those about whom something is new, and under which ids the source knows whom."""
        insert_rows(
            Client,
            (*COLUMNS, "practice_id", "created_at", "updated_at"),
            [(*data.as_row(), self.practice_id, self.now, self.now) for data in self.made.values()],
        )
        update_rows(Client, (*COLUMNS, "updated_at"), [(*data.as_row(), self.now) for data in self.rewritten])
        mine, known = (self.practice_id, self.report.identity_source), self.people.by_remote_id
        insert_rows(
            ClientIdentity,
            ("id", "practice_id", "source", "remote_id", "client_id", "created_at"),
            [(uuid7(), *mine, new, known[new], self.now) for new in self.newcomers],
        )


def _first_words(group: list[ReportedClient]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for reported in group:
        words |= words_of(reported, None)
    return words


def _key_of(words: dict[str, Any]) -> str:
    return name_key(f"{words.get('first_name', '')} {words.get('last_name', '')}")

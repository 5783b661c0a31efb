"""What does a practice know of a client after the reports that arrived so far, in any order and number?

A small stand-in for the records of the clients app: a newer version wins, what it leaves out stays (R13).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from reminders.engine.values import Facts, Treated, Visit


@dataclass(frozen=True, slots=True)
class Report:
    """One word of a source about one treatment or one appointment. `said` are the fields that it names."""

    is_visit: bool
    id: str
    version: int
    said: tuple[tuple[str, Any], ...]
    is_void: bool = False


@dataclass(slots=True)
class Books:
    """The records of one client; `heard` keeps every report with the moment of its first arrival."""

    known: dict[str, dict[str, tuple[int, Any]]] = field(default_factory=dict)
    first_heard: dict[str, datetime] = field(default_factory=dict)
    is_visit: dict[str, bool] = field(default_factory=dict)
    heard: list[Report] = field(default_factory=list)

    def hear(self, report: Report, now: datetime) -> None:
        """Take one report in: each field keeps the newest word said about it."""
        self.heard.append(report)
        self.first_heard.setdefault(report.id, now)
        self.is_visit[report.id] = report.is_visit
        fields = self.known.setdefault(report.id, {})
        for name, value in (*report.said, ("is_void", report.is_void)):
            if name not in fields or fields[name][0] <= report.version:
                fields[name] = (report.version, value)

    def written_into(self, facts: Facts) -> Facts:
        """Return the facts with the treatments and appointments as these books have them."""
        treatments, visits = [], []
        for record_id in sorted(self.known):
            said = {name: value for name, (_, value) in self.known[record_id].items()}
            if self.is_visit[record_id]:
                visits.append(_visit(record_id, said, self.first_heard[record_id]))
            elif not said["is_void"] and "performed_on" in said:
                treatments.append(_treated(record_id, said, self.first_heard[record_id]))
        return replace(facts, treatments=tuple(treatments), visits=tuple(visits))


def _treated(record_id: str, said: dict[str, Any], recorded_at: datetime) -> Treated:
    return Treated(
        id=record_id,
        treatment_type=said["treatment_type"],
        performed_on=said["performed_on"],
        recorded_at=recorded_at,
        provider=said.get("provider"),
        is_series_complete=said.get("is_series_complete"),
    )


def _visit(record_id: str, said: dict[str, Any], learned_at: datetime) -> Visit:
    return Visit(
        id=record_id,
        status=said.get("status", "booked"),
        starts_at=said.get("starts_at"),
        services=said.get("services", ()),
        learned_at=learned_at,
        location=said.get("location"),
        zone=said.get("zone", "UTC"),
        provider=said.get("provider"),
        booked_at=said.get("booked_at"),
        moved_at=said.get("moved_at"),
        ended_at=said.get("ended_at"),
        is_cancelled_by_practice=said.get("is_cancelled_by_practice", False),
    )

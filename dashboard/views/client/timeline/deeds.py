"""What did staff do about a client, as the timeline tells it? (SEQ-10, TEN-5)"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import StaffNote
from dashboard.views.client.timeline.entries import Entry, Group
from dashboard.views.wording.moments import full_day_words, hour_words
from dashboard.views.wording.outreach import reminder_name, sequence_name
from dashboard.views.wording.states import Shown
from practices.queries.client_trail import Deed
from reminders.models import Reminder, Sequence

NOTE: Final = Shown("note", "Staff")
SKIPPED: Final = "reminder_skipped"
MOVES: Final = ("reminder_moved", "reminder_sent_now")
OF_REMINDERS: Final[Mapping[str, str]] = {
    "reminder_unskipped": "{by} took back the skip of {what}",
    "reminder_moved": "{by} moved {what}",
    "reminder_moved_back": "{by} moved {what} back to its own time",
    "reminder_sent_now": "{by} asked {what} to leave at once",
}
OF_CLIENT: Final[Mapping[str, str]] = {
    "client_paused": "{by} paused the reminders",
    "client_resumed": "{by} resumed the reminders",
}
OF_SEQUENCES: Final[Mapping[str, str]] = {
    "sequence_ended": "{by} ended the {what} sequence",
    "sequence_reopened": "{by} reopened the {what} sequence",
}
TOLD: Final = (SKIPPED, *OF_REMINDERS, *OF_CLIENT, *OF_SEQUENCES)
"""What has no other row on the timeline: opt-outs, issues, calls and notes tell of themselves."""


def deed_entries(
    deeds: Iterable[Deed],
    reminders: Iterable[Reminder],
    sequences: Iterable[Sequence],
    zone_name: str,
    today: date,
) -> Iterator[Entry]:
    """Yield what staff changed about the plan. A skip stands with the reminder that it left out."""
    by_id = {each.pk: each for each in reminders}
    by_sequence = {each.pk: each for each in sequences}
    for deed in deeds:
        by = deed.by or "medspa"
        if deed.action in OF_CLIENT:
            yield Entry(Group.STAFF, deed.at, NOTE, OF_CLIENT[deed.action].format(by=by))
        elif deed.action in OF_SEQUENCES:
            sequence = by_sequence.get(deed.subject_id) if deed.subject_id else None
            what = sequence_name(sequence) if sequence else "treatment’s"
            yield Entry(Group.STAFF, deed.at, NOTE, OF_SEQUENCES[deed.action].format(by=by, what=what))
        elif deed.action in OF_REMINDERS:
            reminder = by_id.get(deed.subject_id) if deed.subject_id else None
            what = reminder_name(reminder, reminder.sequence) if reminder else "a reminder"
            title = OF_REMINDERS[deed.action].format(by=by, what=what)
            yield Entry(Group.STAFF, deed.at, NOTE, title, whys=_from_to(deed, zone_name, today))


def note_entries(notes: Iterable[StaffNote]) -> Iterator[Entry]:
    """Yield what staff wrote down, as it was written."""
    for each in notes:
        by = f" by {each.by.person.name or each.by.person.email}" if each.by else ""
        yield Entry(Group.STAFF, each.at, NOTE, f"Note{by}", said=each.text)


def last_deeds(deeds: Iterable[Deed], *actions: str) -> dict[UUID, Deed]:
    """Return the last of these things that was done to each row."""
    return {deed.subject_id: deed for deed in deeds if deed.action in actions and deed.subject_id is not None}


def _from_to(deed: Deed, zone_name: str, today: date) -> tuple[str, ...]:
    """From when to when: "From Monday, November 30, 10 am to Wednesday, December 2, 10 am."."""
    before, after = _moment(deed.detail, "from"), _moment(deed.detail, "to")
    if before is None or after is None:
        return ()
    if deed.action == "reminder_sent_now":
        return (f"It was planned for {_words(before, zone_name, today)}.",)
    return (f"From {_words(before, zone_name, today)} to {_words(after, zone_name, today)}.",)


def _moment(detail: Mapping[str, Any], name: str) -> datetime | None:
    written = detail.get(name)
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def _words(at: datetime, zone_name: str, today: date) -> str:
    local = at.astimezone(ZoneInfo(zone_name))
    return f"{full_day_words(local.date(), today)}, {hour_words(local)}"

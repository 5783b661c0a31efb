"""What did the client, or staff, say that changes what may be sent?"""

from collections.abc import Iterable, Iterator
from datetime import date

from clients.models import Consent, ServiceIssue, Suppression
from dashboard.views.client.timeline.entries import Entry, Group
from dashboard.views.wording.moments import date_words
from dashboard.views.wording.people import phone_words
from dashboard.views.wording.states import Shown
from practices.models import StaffMember
from reminders.models import Call, Reply

SAID = Shown("said", "Said")
NOTE = Shown("note", "Note")
OPTED_OUT = Shown("suppressed", "Opted out")
PAUSED = Shown("paused", "Paused")

SCOPES = {"sms": "texts", "email": "email", "photos": "photos"}
CONSENTS = {
    Consent.Kind.GRANTED: "Agreed to {scope}",
    Consent.Kind.WITHDRAWN: "Took back the agreement to {scope}",
    Consent.Kind.VETO: "The records forbid {scope}",
    Consent.Kind.VETO_LIFTED: "The records allow {scope} again",
}
OPT_OUTS = {
    Suppression.Origin.STAFF: "By staff",
    Suppression.Origin.WEBHOOK: "Told by the records system",
    Suppression.Origin.LINK: "Through the link in a message",
    Suppression.Origin.ONE_CLICK: "Through the mail program’s unsubscribe button",
    Suppression.Origin.REPLY: "By a reply",
    Suppression.Origin.NOTE: "By a note in the record",
    Suppression.Origin.SURVEY: "In a survey",
    Suppression.Origin.IMPORT: "From an imported list",
    Suppression.Origin.GATEWAY: "Reported by the carrier",
}
ISSUES = {
    ServiceIssue.Origin.NOTE: "A note in the record",
    ServiceIssue.Origin.SURVEY: "The survey",
    ServiceIssue.Origin.REPLY: "A reply",
    ServiceIssue.Origin.STAFF: "Staff",
    ServiceIssue.Origin.WISH: "A note or survey",
}
CALLS = {
    Call.Reason.NO_SHOW: "The client did not come to the appointment.",
    Call.Reason.SERIES_STALLED: "The next session of the series is not booked.",
    Call.Reason.UNKNOWN_OUTCOME: "Nobody knows yet whether the visit took place.",
    Call.Reason.SERVICE_ISSUE: "Something went wrong, or the client may want fewer messages.",
}


def consent_entries(consents: Iterable[Consent]) -> Iterator[Entry]:
    """Yield what the client agreed to and took back, in the wording kept (SEQ-12)."""
    for each in consents:
        title = CONSENTS[Consent.Kind(each.kind)].format(scope=SCOPES[each.scope])
        source = f"Source: {each.source}." if each.source else ""
        yield Entry(Group.STAFF, each.at, NOTE, title, whys=(source,) if source else (), said=each.wording)


def opt_out_entries(suppressions: Iterable[Suppression]) -> Iterator[Entry]:
    """Yield each opt-out with how, by whom and in which words (OPT-2); those of one moment are one entry."""
    moments: dict[object, list[Suppression]] = {}
    for each in suppressions:
        moments.setdefault((each.at, each.origin), []).append(each)
    for rows in moments.values():
        first = rows[0]
        known = [each for each in rows if each.subject != Suppression.Subject.CLIENT and not each.is_hashed]
        addresses = [_address(each) for each in known]
        of = f" {' and '.join(addresses)} may not be used for promotion." if addresses else ""
        by = f", {_staff_name(first.by)}" if first.by else ""
        why = f"{OPT_OUTS[Suppression.Origin(first.origin)]}{by}.{of}"
        yield Entry(
            Group.STAFF, first.at, OPTED_OUT, "Opted out", OPTED_OUT, whys=(why,), said=first.wording, is_key=True
        )
        lifted_at = min((each.lifted_at for each in rows if each.lifted_at), default=None)
        if lifted_at is not None:
            yield Entry(Group.STAFF, lifted_at, NOTE, "Opt-out lifted", is_key=True)


def issue_entries(issues: Iterable[ServiceIssue]) -> Iterator[Entry]:
    """Yield what went wrong, or may have been wished for, and when a person settled it (SEQ-8, OPT-1)."""
    for each in issues:
        is_open = each.resolved_at is None
        is_wish = each.origin == ServiceIssue.Origin.WISH
        title = "May want fewer messages" if is_wish else "Something went wrong"
        waits = "Promotion and all texts wait" if is_wish else "Promotion pauses"
        yield Entry(
            Group.STAFF, each.opened_at, PAUSED if is_open else SAID, title,
            PAUSED if is_open else None,
            whys=(f"{_told_by(each)} {waits} until it is settled.",),
            said=each.text, is_key=True,
        )  # fmt: skip
        if each.resolved_at is not None:
            by = f" by {_staff_name(each.resolved_by)}" if each.resolved_by else ""
            yield Entry(Group.STAFF, each.resolved_at, NOTE, f"Settled{by}")


def call_entries(calls: Iterable[Call]) -> Iterator[Entry]:
    """Yield when the client went on the call list and why, and what came of each call (CARE-2)."""
    for each in calls:
        if each.reason:
            state = Shown("waiting", "To call") if each.closed_at is None else None
            whys = (CALLS[Call.Reason(each.reason)],)
            yield Entry(Group.STAFF, each.opened_at, NOTE, "On the call list", state, whys=whys)
        at = each.closed_at or each.taken_at
        if each.outcome and at is not None:
            by = each.closed_by or each.taken_by
            title = f"{_staff_name(by)} called" if by else "Called"
            outcome = f"{Call.Outcome(each.outcome).label}."
            yield Entry(Group.STAFF, at, SAID, title, whys=(outcome,), said=each.note)


def reply_entries(replies: Iterable[Reply], today: date) -> Iterator[Entry]:
    """Yield what the client answered, and what a person did about it (R27)."""
    for each in replies:
        state = Shown("waiting", "Not answered yet") if each.handled_at is None else None
        channel = "text" if each.channel == "sms" else "email"
        whys = ("Reminders wait until a person has looked at it.",) if state else ()
        yield Entry(
            Group.MESSAGES, each.received_at, SAID, f"Answered by {channel}", state,
            whys=whys, said=each.text, also=Group.STAFF,
        )  # fmt: skip
        if each.handled_at is not None and each.handling:
            by = f", {_staff_name(each.handled_by)}" if each.handled_by else ""
            yield Entry(Group.STAFF, each.handled_at, NOTE, f"Reply: {_handled(each, today)}{by}")


def _handled(reply: Reply, today: date) -> str:
    if reply.snoozed_until is not None:
        return f"left in peace until {date_words(reply.snoozed_until, today)}"
    label = Reply.Handling(reply.handling).label
    return f"{label[:1].lower()}{label[1:]}"


def _told_by(issue: ServiceIssue) -> str:
    if issue.opened_by is not None:
        return f"{_staff_name(issue.opened_by)} reported it."
    return f"{ISSUES[ServiceIssue.Origin(issue.origin)]} says so."


def _address(suppression: Suppression) -> str:
    is_phone = suppression.subject == Suppression.Subject.PHONE
    return phone_words(suppression.address) if is_phone else suppression.address


def _staff_name(member: StaffMember) -> str:
    return member.person.name or member.person.email

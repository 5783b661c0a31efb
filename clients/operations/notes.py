"""What follows from a note in the record, and from an answered survey? (OPT-1, CARE-1)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import ServiceIssue, Suppression
from clients.operations.issues import open_issue
from clients.operations.note_words import is_about_messages, is_complaint, may_want_fewer, wants_no_messages
from clients.operations.stop_words import Intent, reading_of
from clients.operations.stopping import opt_out
from clients.operations.wishes import open_wish

LOW_SCORE: Final = 6  # of 10: whoever would not recommend the practice


def note_added(practice_id: UUID, client_id: UUID, remote_id: str, text: str, at: datetime, now: datetime) -> None:
    """Will act on a note that says she wants no messages, may want fewer, or is unhappy; no other note is stored.

    What may ask for fewer waits for a person, who calls or opts her out; promotion and texts hold meanwhile (OPT-1).
    `at` is when it was written. The same note again changes nothing. Runs in the practice's open scope.
    """
    if wants_no_messages(text):
        opt_out(
            practice_id,
            now,
            client_id=client_id,
            origin=Suppression.Origin.NOTE,
            wording=text,
            said_at=at,
        )
    elif may_want_fewer(text):
        open_wish(practice_id, client_id, text, at, now, remote_id=remote_id)
    if is_complaint(text):
        open_issue(practice_id, client_id, ServiceIssue.Origin.NOTE, text, at, now, remote_id=remote_id)


def survey_submitted(
    practice_id: UUID, client_id: UUID, remote_id: str, score: int, text: str, at: datetime, now: datetime
) -> None:
    """Will open a service issue on a score of 6 or less out of 10, or on a complaint in words (CARE-1, SEQ-8).

    Where she writes of messages in it, or nothing but a stop word, it is read as a reply is: a stop opts her out,
    what may be one waits for a person (OPT-1). "I asked the nurse to stop" is about the visit. The same survey again
    changes nothing. Runs in the practice's open scope.
    """
    said = reading_of(text)
    if said.is_whole or is_about_messages(text):
        if said.intent is Intent.STOP and not said.may_mean_visit:
            opt_out(
                practice_id,
                now,
                client_id=client_id,
                origin=Suppression.Origin.SURVEY,
                wording=text,
                said_at=at,
            )
        elif said.intent in {Intent.STOP, Intent.UNSURE}:
            open_wish(practice_id, client_id, text, at, now, remote_id=f"survey {remote_id}")
    if score <= LOW_SCORE or is_complaint(text):
        open_issue(practice_id, client_id, ServiceIssue.Origin.SURVEY, text, at, now, remote_id=remote_id)

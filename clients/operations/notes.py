"""What follows from a note in the record, and from an answered survey? (OPT-1, CARE-1)"""

from datetime import datetime
from typing import Final
from uuid import UUID

from clients.models import ServiceIssue, Suppression
from clients.operations.issues import open_issue
from clients.operations.note_words import is_complaint, wants_no_messages
from clients.operations.stopping import opt_out

LOW_SCORE: Final = 6  # of 10: whoever would not recommend the practice


def note_added(practice_id: UUID, client_id: UUID, remote_id: str, text: str, at: datetime, now: datetime) -> None:
    """Will act on a note that says she wants no messages, or that she is unhappy; no other note is stored.

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
    if is_complaint(text):
        open_issue(practice_id, client_id, ServiceIssue.Origin.NOTE, text, at, now, remote_id=remote_id)


def survey_submitted(
    practice_id: UUID, client_id: UUID, remote_id: str, score: int, text: str, at: datetime, now: datetime
) -> None:
    """Will open a service issue on a score of 6 or less out of 10, or on a complaint in words (CARE-1, SEQ-8).

    The same survey again changes nothing. Runs in the practice's open scope.
    """
    if score <= LOW_SCORE or is_complaint(text):
        open_issue(practice_id, client_id, ServiceIssue.Origin.SURVEY, text, at, now, remote_id=remote_id)

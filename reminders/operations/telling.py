"""What does a vendor's refusal say of the address itself, or of an opt-out that it holds? (CHN-2, OPT-1)"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from clients.operations.locking import lock_clients
from clients.operations.reaching import hold_whom_it_reaches
from integrations.messaging.base import Meaning, Report
from reminders.engine.words import Reason
from reminders.operations.address_news import heed, news_of
from reminders.operations.attempts import Outcome


def tell_of_address(practice_id: UUID, outcome: Outcome, now: datetime) -> Outcome:
    """Will mark the address, or write the opt-out down, in the open scope; holds the clients whom it reaches.

    Returns the outcome as it goes on: its reminder is decided again at once, on the channels that are still open
    (CHN-2); where there is none, that decision says why. An answer does not leave another way, nor does what went to
    an address that nobody can read.
    """
    attempt = outcome.attempt
    address = attempt.outgoing.to
    said = Report(
        event_key=attempt.reference,
        fate=None,
        address=address,
        at=now,
        meaning=outcome.meaning,
        code=outcome.code,
        reason=outcome.error,
    )
    news = news_of(said, None)
    if news is None:
        lock_clients(practice_id, [attempt.client_id])
        return outcome
    held = hold_whom_it_reaches(practice_id, **{"phone" if news.is_phone else "email": news.address})
    if attempt.client_id not in held and not lock_clients(practice_id, [attempt.client_id]) and not held:
        return outcome  # she was erased while it was on its way: nothing is kept of an address that was hers alone
    heed(practice_id, attempt.gateway, news, now)
    if attempt.is_answer:
        return outcome
    reason = Reason.OPTED_OUT if outcome.meaning is Meaning.OPTED_OUT else Reason.UNREACHABLE
    return replace(outcome, retry_at=now, rung=0, reason=reason)

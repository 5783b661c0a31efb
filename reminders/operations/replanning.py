"""Which plans change when a practice chooses otherwise, and how does everybody's come up to date? (R2, R26)"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest

from practices.operations.rows import array, run
from reminders.engine.words import LIVE_SEQUENCE_STATES, OPEN_STATES, Reason, ReminderState
from reminders.models import Reminder
from reminders.operations.planning import awaken_practice

PLANNED_BY: Final = frozenset(
    {
        "practice.time_zone",
        "practice.promotion_opens",
        "practice.promotion_closes",
        "practice.reactivation_limit",
        "practice.confirms",
        "practice.consultation_fits",
        "practice.touch_up_resets",
        "location.time_zone",
        "location.state",
    }
)
"""What sets planned moments, or which sequences there are: everything is planned anew (R2, R6, R11, R14, R24)."""

WAITED_FOR: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "practice.promotion_opens": Reason.WINDOW,
        "practice.promotion_closes": Reason.WINDOW,
        "practice.time_zone": Reason.WINDOW,
        "location.time_zone": Reason.WINDOW,
        "location.state": Reason.WINDOW,
        "practice.cap_days": Reason.CAP,
        "practice.voice": Reason.NO_APPROVED_TEXT,
        "provider.is_active": Reason.NO_APPROVED_TEXT,
    }
)
"""What only decides whether a due reminder leaves: those that wait for it are decided again (R23, R26, R31)."""

LONGEST_WAIT: Final = timedelta(days=31)
"""The longest cap is 30 days; a window opens within three."""

_CONCERNED: Final = """
    SELECT client_id FROM reminders_sequence WHERE practice_id = %(practice)s AND state = ANY(%(live)s::text[])
    UNION
    SELECT client_id FROM clients_appointment WHERE practice_id = %(practice)s AND starts_at > %(now)s
"""
_EVERY_CLIENT: Final = "SELECT id FROM clients_client WHERE practice_id = %(practice)s"
_REPLAN: Final = """
    WITH held AS (
        SELECT id FROM clients_client
        WHERE practice_id = %(practice)s AND merged_into_id IS NULL AND erased_at IS NULL AND id IN ({whom})
        ORDER BY id FOR NO KEY UPDATE
    ), marked AS (
        INSERT INTO reminders_clientplan (id, practice_id, client_id, replan_at)
        SELECT gen_random_uuid(), %(practice)s, id, %(now)s FROM held
        ON CONFLICT (client_id) DO UPDATE SET replan_at = EXCLUDED.replan_at
        WHERE reminders_clientplan.replan_at IS NULL OR reminders_clientplan.replan_at > EXCLUDED.replan_at
        RETURNING 1
    )
    SELECT count(*) FROM held
"""


def follow_choices(practice_id: UUID, what: Collection[str], now: datetime) -> None:
    """Have plans follow what a practice changed, in the open scope; `what` as PracticeChanged names it."""
    if PLANNED_BY & set(what):
        replan_everybody(practice_id, now)
    reasons = {reason for choice, reason in WAITED_FOR.items() if choice in what}
    if reasons:
        _decide_again(practice_id, reasons, now)
    if "practice.status" in what:
        awaken_practice(practice_id, Reason.PRACTICE_PAUSED, now)


def replan_everybody(practice_id: UUID, now: datetime) -> int:
    """Have the sweep plan every client with a live sequence or a coming appointment anew; return how many (R2).

    They are marked, not planned: the sweep works them off a batch at a time, practice by practice. Their rows are
    locked in the order of their ids, so that whoever plans one of them now is done before she is marked.
    """
    return _mark(practice_id, _CONCERNED, now)


def replan_every_client(practice_id: UUID, now: datetime) -> int:
    """As `replan_everybody`, for whom nothing is planned too: what going live may begin (R19)."""
    return _mark(practice_id, _EVERY_CLIENT, now)


def _mark(practice_id: UUID, whom: str, now: datetime) -> int:
    live = array(sorted(state.value for state in LIVE_SEQUENCE_STATES))
    [(marked,)] = run(_REPLAN.format(whom=whom), {"practice": practice_id, "live": live, "now": now})
    return int(marked)


def _decide_again(practice_id: UUID, reasons: Collection[Reason], now: datetime) -> None:
    """As `awaken_practice`, for holds that may last longer than an hour; none leaves before it is allowed to (R4)."""
    waiting = Reminder.objects.filter(
        practice_id=practice_id,
        state__in=[state.value for state in OPEN_STATES],  # as the index of what is due has it
        due_at__gt=now,
        due_at__lte=now + LONGEST_WAIT,
    ).filter(state=ReminderState.WAITING.value, reason__in=[reason.value for reason in reasons])
    ids = list(waiting.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    if ids:
        Reminder.objects.filter(pk__any_of=ids).update(due_at=Greatest(Value(now), F("allowed_at")))

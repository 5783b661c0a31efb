"""What would going live send, worked out by a worker while a manager waits? (SEQ-9)

The outlook of a practice with many clients takes minutes, so it is kept in the cache for an hour. It holds figures
only, and losing it loses nothing: it can be asked for again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

from practices.operations.auditing import Actor
from reminders.operations.going_live import GoingLiveRefused, NoCarrier, dry_run, go_live

KEPT_SECONDS: Final = 60 * 60
WORKED_ON_SECONDS: Final = 16 * 60
"""Longer than a task may run: what has not come by then never will."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known. `figures`: Forecast.as_dict, once worked out; `refused`: why the practice cannot go live."""

    is_worked_on: bool = False
    is_going: bool = False
    """Whether what is worked on is going live itself."""
    refused: str = ""
    lacks_carrier: bool = False
    """It cannot because a carrier has to be chosen first."""
    figures: dict[str, Any] | None = None
    worked_out_at: datetime | None = None


def outlook_of(practice_id: UUID) -> Outlook | None:
    """The outlook asked for within the last hour, if any."""
    kept: Outlook | None = cache.get(_key(practice_id))
    return kept


def begin_outlook(practice_id: UUID, *, is_going: bool = False) -> bool:
    """Will note that it is being worked out. Returns False where it is already."""
    kept = outlook_of(practice_id)
    if kept is not None and kept.is_worked_on:
        return False
    cache.set(_key(practice_id), Outlook(is_worked_on=True, is_going=is_going), timeout=WORKED_ON_SECONDS)
    return True


def work_out(practice_id: UUID, now: datetime) -> None:
    """Will work out what going live now would send, and keep it. Opens the practice's scope itself."""
    try:
        figures = dry_run(practice_id, now).as_dict()
    except GoingLiveRefused as error:
        _keep(practice_id, _refusal(error))
        return
    except BaseException:
        cache.delete(_key(practice_id))
        raise
    _keep(practice_id, Outlook(figures=figures, worked_out_at=now))


def take_live(practice_id: UUID, actor: Actor, now: datetime) -> None:
    """Will take the practice live for somebody. Opens the practice's scope itself; twice does it once."""
    try:
        go_live(practice_id, now, actor.staff_member_id, actor.address)
    except GoingLiveRefused as error:
        _keep(practice_id, _refusal(error))
        return
    except BaseException:
        cache.delete(_key(practice_id))
        raise
    cache.delete(_key(practice_id))


def _refusal(error: GoingLiveRefused) -> Outlook:
    return Outlook(refused=str(error), lacks_carrier=isinstance(error, NoCarrier))


def _keep(practice_id: UUID, outlook: Outlook) -> None:
    cache.set(_key(practice_id), outlook, timeout=KEPT_SECONDS)


def _key(practice_id: UUID) -> str:
    return f"going-live:{practice_id}"

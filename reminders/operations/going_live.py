"""What happens when a practice goes live, and what would leave then? (SEQ-9, R19, MSG-8)"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from uuid6 import uuid7

from cadences.timeline import ChannelRule
from clients.models import Client
from integrations.operations.carriers import CHANNEL_WORDS
from integrations.queries.carrier_list import uncarried
from practices.models import Practice
from practices.operations.auditing import Actor, audit
from practices.operations.rows import insert_rows
from practices.tenancy import practice_scope
from reminders.engine.channels import open_channels
from reminders.engine.plan import barred_reason, plan
from reminders.engine.touchpoints import step_of
from reminders.engine.values import Facts, Policy, Reminder, Sequence
from reminders.engine.words import MessageKind, Reason, SequenceKind
from reminders.models import ClientPlan
from reminders.operations.bound import Bound, bound
from reminders.operations.facts import gather
from reminders.operations.planning import BATCH, replan_in
from reminders.operations.replanning import replan_every_client
from reminders.operations.texts import approve_shipped

DAYS_AHEAD = 30
SPREAD_DAYS = 28


class GoingLiveRefused(ValueError):
    """The practice cannot go live as it is; the text says what to do."""


class NoCarrier(GoingLiveRefused):
    """What would leave has no carrier: one is to be chosen first (CHN-1)."""


@dataclass(slots=True)
class Forecast:
    """What would leave in the next 30 days, and who is held and why."""

    by_day: Counter[str] = field(default_factory=Counter)
    by_touch: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    held_clients: set[UUID] = field(default_factory=set)
    skipped_before_go_live: int = 0
    lapsed: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the forecast as plain figures."""
        return {
            "days": DAYS_AHEAD,
            "would_send": sum(self.by_day.values()),
            "by_day": dict(sorted(self.by_day.items())),
            "by_kind": dict(sorted(self.by_touch.items())),
            "held": dict(sorted(self.held.items())),
            "held_clients": len(self.held_clients),
            "not_sent_before_go_live": self.skipped_before_go_live,
            "enter_reactivation": self.lapsed,
        }


def go_live(practice_id: UUID, now: datetime, by_id: UUID | None = None, address: str | None = None) -> Forecast:
    """Take the practice live, audited: approve the shipped texts, spread the lapsed, plan everyone anew.

    Raises:
        NoCarrier: messages would go to the outbox in production (CHN-1).
        GoingLiveRefused: it is live already.
    """
    forecast, spread = _survey(practice_id, now)
    with practice_scope(practice_id):
        # Without the key: whoever holds a client may still write rows of the practice, and lets the client go.
        practice = Practice.objects.select_for_update(no_key=True).get(pk=practice_id)
        if practice.status == Practice.Status.LIVE:
            raise GoingLiveRefused("The practice is live already.")
        # Clients are locked before any row of theirs is written. Should this end half-way, the sweep goes on with it.
        replan_every_client(practice_id, now)
        approve_shipped(practice_id, by_id, now)
        _save_spread(practice_id, spread)
        practice.status = Practice.Status.LIVE
        practice.live_at = practice.live_at or now
        practice.save(update_fields=["status", "live_at"])
        audit(practice_id, Actor(by_id, address), "practice_went_live", now, subject_id=practice_id)
    for batch in _batches(practice_id):
        with practice_scope(practice_id):
            replan_in(practice_id, batch, now)
    return forecast


def dry_run(practice_id: UUID, now: datetime) -> Forecast:
    """Return what going live now would send in the next 30 days, changing nothing (SEQ-9).

    Raises:
        NoCarrier: messages would go to the outbox in production.
    """
    return _survey(practice_id, now)[0]


def _survey(practice_id: UUID, now: datetime) -> tuple[Forecast, dict[UUID, date]]:
    """The forecast, and the day that each lapsed client would be given."""
    forecast = Forecast()
    with practice_scope(practice_id):
        _refuse_outbox(Practice.objects.get(pk=practice_id))
        known = bound(practice_id, now)
    policy = replace(known.policy, live_at=known.policy.live_at or now, is_paused=False)
    spread = _spread(known, policy, now)
    for batch in _batches(practice_id):
        with practice_scope(practice_id):
            for client_id, gathered in gather(known, batch, now).items():
                facts = replace(gathered.facts, reactivates_on=spread.get(client_id))
                planned = plan(facts, policy, now)
                _foresee(forecast, client_id, replace(facts, sequences=planned.sequences), policy, now)
    return forecast, spread


def _foresee(forecast: Forecast, client_id: UUID, facts: Facts, policy: Policy, now: datetime) -> None:
    until = now + timedelta(days=DAYS_AHEAD)
    zone = ZoneInfo(policy.time_zone)
    for sequence in facts.sequences:
        forecast.lapsed += sequence.kind is SequenceKind.REACTIVATION and sequence.is_live
        for reminder in sequence.reminders:
            forecast.skipped_before_go_live += reminder.reason == "BEFORE_GO_LIVE"
            if not reminder.is_open or reminder.due_at > until or not sequence.is_live:
                continue
            reason = _held(reminder, sequence, facts, policy, now)
            if reason is None:
                forecast.by_day[reminder.due_at.astimezone(zone).date().isoformat()] += 1
                forecast.by_touch[f"{sequence.kind}:{reminder.step}"] += 1
            else:
                forecast.held[reason] += 1
                forecast.held_clients.add(client_id)


def _held(reminder: Reminder, sequence: Sequence, facts: Facts, policy: Policy, now: datetime) -> str | None:
    barred = barred_reason(facts, now)
    if barred is not None:
        return barred.value
    is_confirmation = sequence.kind is SequenceKind.CONFIRMATION
    if facts.is_paused and not is_confirmation:
        return (Reason.SERVICE_ISSUE if facts.has_open_issue else Reason.PAUSED_BY_STAFF).value
    step = step_of(reminder, sequence, policy)
    rule = step.channel_rule if step is not None else ChannelRule.PREFERENCE
    kind = MessageKind.CONFIRMATION if is_confirmation else MessageKind.PROMOTION
    channels, reason = open_channels(rule, kind, facts, policy)
    return None if channels else reason.value


def _refuse_outbox(practice: Practice) -> None:
    """The outbox is for the demo and a trial; in production nothing may pretend to be sent (CHN-1)."""
    kept = uncarried(practice)
    if settings.ENVIRONMENT.is_production and kept:
        what = " and ".join(CHANNEL_WORDS[channel] for channel in kept).capitalize()
        raise NoCarrier(f"{what} would stay in the outbox of this installation, which sends nothing. Choose a carrier.")


def _batches(practice_id: UUID) -> list[list[UUID]]:
    with practice_scope(practice_id):
        clients = Client.objects.filter(practice_id=practice_id, merged_into=None, erased_at=None)
        ids = list(clients.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def _spread(known: Bound, policy: Policy, now: datetime) -> dict[UUID, date]:
    """Give each lapsed client a day within the next 28, evenly, the longest lapsed last (R19)."""
    practice_id = known.practice.pk
    lapsed: list[tuple[date, UUID]] = []
    for batch in _batches(practice_id):
        with practice_scope(practice_id):
            lapsed += _lapsed_in(known, batch, policy, now)
    today = now.astimezone(ZoneInfo(known.practice.time_zone)).date()
    ordered = [client_id for _, client_id in sorted(lapsed, reverse=True)]
    return {
        client_id: today + timedelta(days=1 + rank * SPREAD_DAYS // len(ordered))
        for rank, client_id in enumerate(ordered)
    }


def _lapsed_in(known: Bound, batch: list[UUID], policy: Policy, now: datetime) -> list[tuple[date, UUID]]:
    found = []
    for client_id, gathered in gather(known, batch, now).items():
        planned = plan(gathered.facts, policy, now)
        if any(each.kind is SequenceKind.REACTIVATION and each.is_live for each in planned.sequences):
            days = [each.performed_on for each in gathered.facts.treatments]
            found.append((max(days), client_id))
    return found


def _save_spread(practice_id: UUID, spread: dict[UUID, date]) -> None:
    insert_rows(
        ClientPlan,
        ("id", "practice_id", "client_id", "reactivates_on"),
        [(uuid7(), practice_id, client_id, day) for client_id, day in spread.items()],
        on_conflict="ON CONFLICT (client_id) DO UPDATE SET reactivates_on = EXCLUDED.reactivates_on",
    )

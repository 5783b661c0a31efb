"""How does staff change what a practice has chosen, its locations and its providers? (TEN-3)"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from practices.events import PracticeChanged, practice_changed
from practices.models import Location, Practice, Provider, StaffMember
from practices.operations.auditing import Actor, audit
from practices.queries.settings_rules import (
    CHOICES,
    LOCATION,
    PRACTICE,
    PROVIDER,
    Rule,
    Wrong,
    open_long_enough,
)
from practices.tenancy import practice_scope

M = TypeVar("M", bound=Model)


class SettingsRefused(ValueError):
    """Nothing was changed. `problems` says of each field what to do instead."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


class NotHere(LookupError):
    """The practice has no such location or provider."""


def change_practice(practice_id: UUID, changes: Mapping[str, Any], actor: Actor, now: datetime) -> frozenset[str]:
    """Will change these fields of the practice and no others, and return those whose value is another now.

    Two managers at once: of each field the last word holds, for only what somebody changed is written. Planned
    moments follow (R2), in the same transaction.

    Raises:
        SettingsRefused: a value breaks a rule.
    """
    with practice_scope(practice_id):
        practice = Practice.objects.select_for_update(no_key=True).get(pk=practice_id)
        values = _checked(changes, PRACTICE)
        if values.keys() & {"promotion_opens", "promotion_closes"}:
            _check_hours(values, practice)
        changed = _save(practice, values)
        _tell(practice_id, "practice", changed, now)
        if changed:
            audit(practice_id, actor, "practice_changed", now, detail=_detail(changed))
        return frozenset(changed)


def change_location(
    practice_id: UUID, location_id: UUID, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> frozenset[str]:
    """Will change these fields of a location, as `change_practice` does. Its name in the records stays its key.

    Raises:
        SettingsRefused: a value breaks a rule.
        NotHere: the practice has no such location.
    """
    with practice_scope(practice_id):
        location = _held(Location, practice_id, location_id)
        changed = _save(location, _checked(changes, LOCATION))
        _tell(practice_id, "location", changed, now)
        if changed:
            audit(practice_id, actor, "location_changed", now, subject_id=location_id, detail=_detail(changed))
        return frozenset(changed)


def change_provider(
    practice_id: UUID, provider_id: UUID, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> frozenset[str]:
    """Will change these fields of a provider, as `change_practice` does.

    `staff_member_id` ties the login of somebody on the staff to the provider; None unties it.

    Raises:
        SettingsRefused: a value breaks a rule.
        NotHere: the practice has no such provider.
    """
    with practice_scope(practice_id):
        provider = _held(Provider, practice_id, provider_id)
        values = _checked(changes, {**PROVIDER, "staff_member_id": _staff_member_of(practice_id)})
        changed = _save(provider, values)
        _tell(practice_id, "provider", changed, now)
        if changed:
            audit(practice_id, actor, "provider_changed", now, subject_id=provider_id, detail=_detail(changed))
        return frozenset(changed)


def pause_practice(practice_id: UUID, actor: Actor, now: datetime) -> bool:
    """Will hold every message of a live practice from now on; False where none could leave anyway (R26)."""
    return _switch(practice_id, Practice.Status.LIVE, Practice.Status.PAUSED, "practice_paused", actor, now)


def resume_practice(practice_id: UUID, actor: Actor, now: datetime) -> bool:
    """Will let the messages of a paused practice leave again; False where it is not paused (R26)."""
    return _switch(practice_id, Practice.Status.PAUSED, Practice.Status.LIVE, "practice_resumed", actor, now)


def _switch(practice_id: UUID, before: str, after: str, action: str, actor: Actor, now: datetime) -> bool:
    with practice_scope(practice_id):
        practice = Practice.objects.select_for_update(no_key=True).get(pk=practice_id)
        if practice.status != before:
            return False
        changed = _save(practice, {"status": str(after)})
        _tell(practice_id, "practice", changed, now)
        audit(practice_id, actor, action, now)
        return True


def _held(model: type[M], practice_id: UUID, row_id: UUID) -> M:
    row = model._default_manager.select_for_update(no_key=True).filter(practice_id=practice_id, pk=row_id).first()
    if row is None:
        raise NotHere(f"The practice has no {model._meta.verbose_name} {row_id}.")
    return row


def _checked(changes: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The values as they are kept; every problem is told at once."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, value in changes.items():
        try:
            values[field] = rules[field](value)
        except Wrong as wrong:
            problems[field] = str(wrong)
    if problems:
        raise SettingsRefused(problems)
    return values


def _check_hours(values: Mapping[str, Any], practice: Practice) -> None:
    """Both ends together, the one that was not changed as it stands."""
    try:
        open_long_enough(
            values.get("promotion_opens", practice.promotion_opens),
            values.get("promotion_closes", practice.promotion_closes),
        )
    except Wrong as wrong:
        field = "promotion_closes" if "promotion_closes" in values else "promotion_opens"
        raise SettingsRefused({field: str(wrong)}) from wrong


def _staff_member_of(practice_id: UUID) -> Rule:
    def check(value: Any) -> UUID | None:
        if value is None:
            return None
        if not StaffMember.objects.filter(practice_id=practice_id, pk=value, is_active=True).exists():
            raise Wrong("Choose somebody who is on the practice’s staff now.")
        return UUID(str(value))

    return check


def _save(row: Model, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Write what differs; return it with the old and the new value."""
    changed = {field: (getattr(row, field), value) for field, value in values.items() if getattr(row, field) != value}
    for field, (_, value) in changed.items():
        setattr(row, field, value)
    if changed:
        row.save(update_fields=[field.removesuffix("_id") for field in changed])
    return changed


def _tell(practice_id: UUID, owner: str, changed: Mapping[str, Any], now: datetime) -> None:
    """Whoever locks clients for it does so now, before the line in the trail (practices/operations/auditing.py)."""
    if changed:
        what = frozenset(f"{owner}.{field}" for field in changed)
        practice_changed.send(sender=Practice, event=PracticeChanged(practice_id, what, now))


def _detail(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Names of fields; of choices the old and the new value; no free text (TEN-5)."""
    return {
        "changed": {
            field: [_plain(old), _plain(new)] if field in CHOICES else None for field, (old, new) in changed.items()
        }
    }


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value) if isinstance(value, UUID) else value

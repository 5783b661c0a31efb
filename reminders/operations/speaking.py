"""Which exact text does a decided message carry to this client?"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from practices.models import Location, Provider
from reminders.engine.claim import Claimed
from reminders.engine.touchpoints import step_of
from reminders.engine.values import Facts, Ref, Reminder, Sequence, Visit
from reminders.engine.words import Channel, SequenceKind
from reminders.operations.bound import Bound
from reminders.operations.composing import Composed, PlannedLink, compose
from reminders.operations.facts import Gathered
from reminders.operations.merge_fields import merge_fields
from reminders.operations.senders import Sender, sender_of
from reminders.operations.tracked_links import plan_link


@dataclass(slots=True)
class Speaker:
    """Composes the messages of one practice; senders are made once and used for the whole batch."""

    bound: Bound
    _senders: dict[tuple[str | None, UUID | None], Sender] = field(default_factory=dict)

    def say(self, claimed: Claimed, gathered: Gathered, now: datetime, reminder_id: UUID) -> dict[Channel, Composed]:
        """Return the message for each channel it leaves on, exactly as the gateway will get it.

        `reminder_id`: the row of the reminder that was claimed, the earlier one of two that leave as one (R22): the
        short link to where one books is made from it, and kept by whoever commits the message (tracked_links.py).
        """
        send, facts = claimed.send, gathered.facts
        visit = _visit(claimed.sequence, facts)
        provider = self.bound.providers.get(UUID(send.provider)) if send.provider else None
        sender = self._sender(provider, self._location(visit, gathered))
        said = {}
        for channel in send.channels:
            text = self.bound.texts.find(send.touchpoint, channel, send.provider)
            if text is not None:
                fields = self._fields(channel, claimed, gathered, visit, now)
                booking = self._booking(sender, reminder_id, channel)
                said[channel] = compose(text, fields, sender, gathered.client.id, booking)
        return said

    def _fields(
        self, channel: Channel, claimed: Claimed, gathered: Gathered, visit: Visit | None, now: datetime
    ) -> dict[str, str]:
        today = now.astimezone(ZoneInfo(gathered.facts.person.home_zone)).date()
        if visit is not None:
            starts_at = claimed.sequence.starts_at or visit.starts_at
            return merge_fields(
                channel,
                first_name=gathered.client.first_name,
                treatments=self._booked(visit),
                today=today,
                starts_local=starts_at.astimezone(ZoneInfo(visit.zone)) if starts_at else None,
                seen_by=self._seen_by(visit, claimed.send.provider),
            )
        sequences = (claimed.sequence, *claimed.joined)
        types = [self.bound.library.types[each.treatment_type] for each in sequences if each.treatment_type]
        areas = {str(treatment_id): area for treatment_id, _, area in gathered.client.treatments}
        return merge_fields(
            channel,
            first_name=gathered.client.first_name,
            treatments=[kind.named_in_text for kind in types],
            area=areas.get(claimed.sequence.anchor, ""),
            lasts=types[0].lasts if types else "",
            treated_on=_treated_on(claimed.sequence, gathered.facts),
            today=today,
            incentive=self._incentive(claimed) if claimed.send.with_incentive else "",
        )

    def _incentive(self, claimed: Claimed) -> str:
        """The incentive of the step itself, else of one that joined it."""
        refs = (claimed.ref, *claimed.send.joined)
        for sequence, ref in zip((claimed.sequence, *claimed.joined), refs, strict=True):
            step = step_of(_reminder(sequence, ref), sequence, self.bound.policy)
            if step is not None and step.incentive:
                return step.incentive
        return ""

    def _booked(self, visit: Visit) -> list[str]:
        names = [
            self.bound.library.types[service.treatment_type].named_in_text
            for service in visit.services
            if service.treatment_type is not None and service.treatment_type in self.bound.library.types
        ]
        return list(dict.fromkeys(names))

    def _seen_by(self, visit: Visit, voice: str | None) -> str:
        if visit.provider is None:
            return ""
        if visit.provider == voice:
            return "me"
        provider = self.bound.providers.get(UUID(visit.provider))
        return provider.display_name if provider else ""

    def _location(self, visit: Visit | None, gathered: Gathered) -> Location | None:
        location_id = UUID(visit.location) if visit is not None and visit.location else gathered.client.location_id
        return self.bound.locations.get(location_id) if location_id else None

    def _booking(self, sender: Sender, reminder_id: UUID, channel: Channel) -> PlannedLink | None:
        target = sender.fields["booking_link"]
        return plan_link(self.bound.origin, sender.practice_id, reminder_id, channel, target) if target else None

    def _sender(self, provider: Provider | None, location: Location | None) -> Sender:
        key = (str(provider.pk) if provider else None, location.pk if location else None)
        if key not in self._senders:
            self._senders[key] = sender_of(self.bound.practice, provider, location, origin=self.bound.origin)
        return self._senders[key]


def _visit(sequence: Sequence, facts: Facts) -> Visit | None:
    if sequence.kind is not SequenceKind.CONFIRMATION:
        return None
    return next((visit for visit in facts.visits if visit.id == sequence.anchor), None)


def _treated_on(sequence: Sequence, facts: Facts) -> date | None:
    if sequence.day_zero is not None:
        return sequence.day_zero
    dates = [each.performed_on for each in facts.treatments if each.treatment_type == sequence.treatment_type]
    return max(dates, default=None)


def _reminder(sequence: Sequence, ref: Ref) -> Reminder:
    return next(each for each in sequence.reminders if (each.step, each.cycle) == (ref.step, ref.cycle))

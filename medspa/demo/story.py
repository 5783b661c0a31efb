"""What do the demo's clients do while medspa writes to them? They book, come, cancel, complain, and some say stop."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import ClientIdentity, Suppression
from clients.operations.notes import note_added, survey_submitted
from clients.operations.reported import ReportedAppointment, ReportedTreatment
from clients.operations.stopping import opt_out
from medspa.demo.answers import ANSWERS, answer
from medspa.demo.cast import GLOW, Member
from medspa.demo.history import FACIAL, SOURCE, treatment
from medspa.demo.playing import Playing
from practices.models import Practice
from practices.tenancy import practice_scope
from reminders.engine.words import MessageKind
from reminders.models import Message

CLOSES: Final = time(19, 40)
"""The records system tells at the end of the day what was done."""
SUNDAY: Final = 6
COMPLAINTS: Final = {14: "note", 58: "survey", 102: "survey", 146: "note"}
"""Member -> how it comes to light that she is unhappy."""


@dataclass(slots=True)
class Story:
    """One practice's clients while time passes."""

    practice: Practice
    playing: Playing
    members: list[Member]
    _by_id: dict[UUID, Member] = field(default_factory=dict)
    _answered: set[UUID] = field(default_factory=set)
    _done: list[ReportedTreatment | ReportedAppointment] = field(default_factory=list)

    def begin(self, until: datetime) -> None:
        """Will set off what happens by itself: those who book unasked, newcomers, each day's end."""
        self._know()
        zone = ZoneInfo(self.practice.time_zone)
        start = self.playing.now.astimezone(zone)
        day = start.date()
        while day <= until.astimezone(zone).date():
            self.playing.at(datetime.combine(day, CLOSES, tzinfo=zone), self._close_the_day)
            day += timedelta(days=1)
        for member in self.members:
            if member.is_reserved or member.until is not None:
                continue
            chance = member.chance("unasked")
            if member.last_on is None:  # she comes for the first time
                first = datetime.combine(member.since, time(chance.randint(9, 18), 20), tzinfo=zone)
                self.playing.at(first, partial(self._arrive, member))
            elif chance.random() < 0.3:
                days = timedelta(days=member.every_days - chance.randint(6, 16))
                self._book_later(member, datetime.combine(member.last_on, time(8, 5), tzinfo=zone) + days, "unasked")
            kind = COMPLAINTS.get(member.number)
            if kind:
                at = until - timedelta(days=chance.randint(4, 40), hours=chance.randint(1, 8))
                self.playing.at(at, partial(self.complain, member, kind))

    def react(self) -> None:
        """Will have clients answer the promotions that have just reached them: some book, very few say stop."""
        with practice_scope(self.practice.pk):
            fresh = list(
                Message.objects.filter(
                    practice_id=self.practice.pk, kind=MessageKind.PROMOTION.value, decided_at=self.playing.now
                ).values_list("id", "client_id", "touchpoint")
            )
        for message_id, client_id, touchpoint in fresh:
            member = self._by_id.get(client_id)
            if member is None or message_id in self._answered:
                continue
            self._answered.add(message_id)
            chance = member.chance(f"{touchpoint} {member.visits} {member.last_on}")
            luck = chance.random()
            if luck < 0.012:
                self.playing.at(self.playing.now + timedelta(minutes=4), partial(self._stop, client_id))
            elif luck < 0.06:
                wait = timedelta(minutes=chance.choice((3, 9, 40, 200)))
                self.playing.at(
                    self.playing.now + wait,
                    partial(answer, self.practice.pk, self.playing, message_id, chance.choice(ANSWERS)),
                )
            elif luck < 0.06 + 0.42 * member.keenness and not member.is_booked and not member.is_reserved:
                wait = timedelta(minutes=chance.choice((6, 11, 25, 70, 180, 300, 1500, 2900)))
                self._book_later(member, self.playing.now + wait, touchpoint)

    def book(self, member: Member, starts_at: datetime, *services: str) -> str:
        """Will have her book now; returns the booking's id in the records system."""
        member.is_booked = True
        remote_id = member.next_id("A")
        line = ReportedAppointment(
            remote_id=remote_id,
            client=member.client,
            status="booked",
            services=services or (member.good.service,),
            starts_at=starts_at,
            duration_minutes=30,
            booked_at=self.playing.now,
            provider=member.provider,
            location=member.place,
        )
        self.playing.tell(self.practice.pk, line)
        return remote_id

    def say(self, member: Member, remote_id: str, status: str, starts_at: datetime | None = None) -> None:
        """Will report a change of a booking; an empty status says nothing."""
        line = ReportedAppointment(remote_id, member.client, status, starts_at=starts_at)
        self.playing.tell(self.practice.pk, line)

    def slot(self, member: Member, at: datetime, days: int) -> datetime:
        """A free time at her location so many days after `at`, never on a Sunday."""
        chance = member.chance(f"slot {member.visits}")
        local = at.astimezone(ZoneInfo(self.practice.time_zone))
        day = local.date() + timedelta(days=days)
        if day.weekday() == SUNDAY:
            day += timedelta(days=1)
        return datetime.combine(day, time(chance.randint(9, 17), chance.choice((0, 30))), tzinfo=local.tzinfo)

    def treat(self, member: Member, at: datetime) -> None:
        """Will note a treatment of this moment, told at the end of the day."""
        on = at.astimezone(ZoneInfo(self.practice.time_zone)).date()
        member.last_on = on
        self._done.append(treatment(member, on, at=at))

    def _know(self) -> None:
        numbers = {member.told.remote_id: member for member in self.members}
        with practice_scope(self.practice.pk):
            rows = ClientIdentity.objects.filter(source=SOURCE, remote_id__in=numbers)
            known = rows.values_list("client_id", "remote_id")
            self._by_id |= {client_id: numbers[remote_id] for client_id, remote_id in known}

    def _arrive(self, member: Member) -> None:
        """A newcomer books; her data and consent come with it."""
        self.playing.tell(self.practice.pk, member.told)
        self._know()
        self._decide_outcome(member, self.slot(member, self.playing.now, 3))

    def _book_later(self, member: Member, at: datetime, why: str) -> None:
        def book() -> None:
            if not member.is_booked:
                days = member.chance(f"days {why} {member.visits}").randint(3, 12)
                self._decide_outcome(member, self.slot(member, self.playing.now, days))

        self.playing.at(at, book)

    def _decide_outcome(self, member: Member, starts_at: datetime) -> None:
        """Book, and settle how that ends: most come, some move it, cancel, or do not show."""
        chance = member.chance(f"outcome {starts_at}")
        services = (member.good.service, FACIAL) if chance.random() < 0.06 else (member.good.service,)
        remote_id = self.book(member, starts_at, *services)
        luck = chance.random()
        if luck < 0.05:
            moved = self.slot(member, starts_at, chance.randint(1, 4))
            self.playing.at(
                starts_at - timedelta(hours=chance.randint(20, 50)),
                lambda: self.say(member, remote_id, "", starts_at=moved),
            )
            starts_at = moved
        if 0.05 <= luck < 0.12:
            self.playing.at(
                starts_at - timedelta(hours=chance.randint(5, 60)),
                lambda: self.fall_away(member, remote_id, "cancelled", is_by_practice=luck < 0.07),
            )
        elif luck < 0.16 and luck >= 0.12:
            self.playing.at(starts_at + timedelta(hours=1), lambda: self.fall_away(member, remote_id, "no_show"))
        else:
            self.playing.at(starts_at + timedelta(minutes=35), lambda: self._come(member, remote_id, starts_at))

    def _come(self, member: Member, remote_id: str, starts_at: datetime) -> None:
        member.is_booked = False
        self._done.append(ReportedAppointment(remote_id=remote_id, client=member.client, status="completed"))
        self.treat(member, starts_at)

    def fall_away(self, member: Member, remote_id: str, status: str, *, is_by_practice: bool = False) -> None:
        """Will have a booking cancelled, or her not come."""
        member.is_booked = False
        line = ReportedAppointment(remote_id, member.client, status, is_cancelled_by_practice=is_by_practice or None)
        self.playing.tell(self.practice.pk, line)

    def _close_the_day(self) -> None:
        if self._done:
            self.playing.tell(self.practice.pk, *self._done)
            self._done.clear()

    def _stop(self, client_id: UUID) -> None:
        with practice_scope(self.practice.pk):
            opt_out(
                self.practice.pk,
                self.playing.now,
                client_id=client_id,
                origin=Suppression.Origin.REPLY,
                wording="STOP",
            )

    def complain(self, member: Member, kind: str) -> None:
        """Will let it be known that she is unhappy: by a note in the records, or in a survey."""
        client_id = next(each for each, known in self._by_id.items() if known is member)
        now, key = self.playing.now, f"{kind}-{member.number}"
        with practice_scope(self.practice.pk):
            if kind == "note":
                note_added(self.practice.pk, client_id, key, "Called, unhappy: one brow sits higher.", now, now)
            else:
                survey_submitted(self.practice.pk, client_id, key, 3, "I felt rushed, and it bruised.", now, now)


def glow_bookings(story: Story) -> None:
    """Will have two clients book something whose name nobody has mapped yet (LIB-5)."""
    free = [member for member in story.members if not (member.is_booked or member.is_reserved or member.until)]
    for member in free[:2]:
        story.book(member, story.slot(member, story.playing.now, 6), GLOW.service)

"""Is what a preview shows what then leaves, to the letter, of every kind and on both channels? (MSG-3, SIM-1)"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Min

from cadences.models import CadenceStep
from clients.models import Appointment, Client, Consent
from practices.models import LinkHost, Practice
from practices.queries.link_hosts import links_origin
from practices.tenancy import practice_scope
from reminders.engine.words import OPEN_STATES, Channel, Touchpoint
from reminders.models import ClientPlan, Delivery, LinkRoute, Reminder, TrackedLink
from reminders.operations.planning import replan
from reminders.operations.previewing import preview_texts
from reminders.operations.sweeping import sweep
from tests.builders import story
from tests.builders.practices import lakeview, location
from tests.builders.reminders import live

LEAVES = {
    Touchpoint.FIRST, Touchpoint.SECOND, Touchpoint.SECOND_INCENTIVE, Touchpoint.LAST, Touchpoint.COMBINED,
    Touchpoint.CHECK_IN, Touchpoint.SEASONAL, Touchpoint.BEFORE_AFTER, Touchpoint.OFFER, Touchpoint.BOOKED,
    Touchpoint.MOVED, Touchpoint.CANCELLED, Touchpoint.HOURS_48, Touchpoint.HOURS_24, Touchpoint.MORNING,
    Touchpoint.EVENING_BEFORE,
}  # fmt: skip
"""What reminders send; a survey and the answers are asked for elsewhere."""
TREATED_ON, FILLED_ON = date(2026, 9, 14), date(2026, 7, 10)
TREATED_AT = datetime(2026, 9, 14, 20, tzinfo=UTC)
BOOKED_AT = datetime(2026, 11, 16, 17, tzinfo=UTC)
CHANGED_AT = BOOKED_AT + timedelta(minutes=30)
OPEN = [state.value for state in OPEN_STATES]
HOST = "go.lakeview-aesthetics.com"
SOON = timedelta(seconds=1)


def practice_of_the_story() -> Practice:
    practice = lakeview(story.SINCE)
    location(practice, "Lincoln Park", address_line="2210 N Clark St", city="Chicago", state="IL")
    with practice_scope(practice.pk):
        practice.address_line, practice.booking_url = "2210 N Clark St, Chicago", "https://lakeview.example/book"
        practice.save()
        CadenceStep.objects.filter(
            cadence_version__treatment_type__slug="dysport", cadence_version__is_current=True, key="second"
        ).update(incentive="a lip treatment on the house")
    LinkHost.objects.create(host=HOST, practice_id=practice.pk, added_at=story.SINCE)
    live(practice, story.SINCE)
    return practice


class Year:
    """What happens to Lakeview's clients from a treatment to the last message: each kind of thing on each channel."""

    def __init__(self) -> None:
        self.practice = practice_of_the_story()
        self.ids: list[UUID] = []
        self.visits: list[tuple[str, Appointment]] = []

    def client(self, channel: Channel, *slugs: str) -> Client:
        name = "Rae" if channel is Channel.SMS else "Siobhán & Zoë"
        row = story.client(self.practice, name, "O’Neill", 300 + len(self.ids), preferred_channel=channel.value)
        for slug in slugs:
            story.treated(row, slug, FILLED_ON if slug == "lip_filler" else TREATED_ON, area="forehead")
        self.ids.append(row.pk)
        return row

    def treat(self, now: datetime) -> None:
        for channel in Channel:
            for slugs in (("botox",), ("dysport",), ("botox", "lip_filler")):
                self.client(channel, *slugs)
            photographed = self.client(channel, "botox")
            with practice_scope(self.practice.pk):
                Consent.objects.create(
                    practice=self.practice, client=photographed, scope="photos", kind="granted", at=now, source="form",
                    wording="Pictures.", recorded_at=now,
                )  # fmt: skip

    def book(self, now: datetime) -> None:
        for channel in Channel:
            for kind, hour in (("kept", 20), ("early", 14), ("moved", 21), ("called off", 22)):
                starts_at = datetime(2026, 12, 1, hour, 30, tzinfo=UTC)
                self.visits.append((kind, story.booked(self.client(channel), starts_at, now)))

    def change(self, now: datetime) -> None:
        with practice_scope(self.practice.pk):
            for kind, visit in self.visits:
                if kind == "moved":
                    visit.starts_at, visit.moved_at = datetime(2026, 12, 2, 21, 30, tzinfo=UTC), now
                if kind == "called off":
                    visit.status, visit.ended_at, visit.is_cancelled_by_practice = "cancelled", now, True
                visit.save()

    def moments(self) -> Iterator[datetime]:
        """Every moment at which something happens or somebody's turn comes."""
        coming: dict[datetime, Callable[[datetime], None]] = {
            TREATED_AT: self.treat, BOOKED_AT: self.book, CHANGED_AT: self.change,
        }  # fmt: skip
        now: datetime | None = TREATED_AT
        while now is not None:
            if now in coming:
                coming.pop(now)(now)
                replan(self.practice.pk, self.ids, now)
            yield now
            turns = [each for each in (self._next_turn(), *coming) if each is not None]
            now = max(min(turns), now + SOON) if turns else None

    def _next_turn(self) -> datetime | None:
        with practice_scope(self.practice.pk):
            due = Reminder.objects.filter(state__in=OPEN).aggregate(at=Min("due_at"))["at"]
            again = ClientPlan.objects.aggregate(at=Min("replan_at"))["at"]
        return min((each for each in (due, again) if each is not None), default=None)

    def previews(self, now: datetime) -> dict[tuple[UUID, str], tuple[str, str, str]]:
        """What those whose turn it is would get: reminder and channel -> from, subject, text."""
        shown = {}
        with practice_scope(self.practice.pk):
            whose = Reminder.objects.filter(due_at__lte=now, state__in=OPEN).values_list("client_id", flat=True)
            for client_id in set(whose):
                for reminder_id, texts in preview_texts(self.practice.pk, client_id, now).items():
                    for each in texts:
                        shown[reminder_id, each.channel.value] = (each.from_name, each.subject, each.text)
        return shown

    def left_since(self, before: set[UUID]) -> list[tuple[Delivery, list[UUID]]]:
        """What left, each with its reminders."""
        with practice_scope(self.practice.pk):
            rows = Delivery.objects.exclude(pk__in=before).select_related("message").order_by("pk")
            return [(each, list(each.message.reminders.values_list("pk", flat=True))) for each in rows]


@pytest.mark.django_db
def test_every_message_that_leaves_was_shown_before_to_the_letter() -> None:
    year = Year()
    kinds: set[tuple[str, str]] = set()
    done: set[UUID] = set()
    for now in year.moments():
        shown = year.previews(now)
        sweep(lambda at=now: at)  # type: ignore[misc]
        for each, reminder_ids in year.left_since(done):
            assert each.state == "accepted"
            for reminder_id in reminder_ids:
                assert (each.from_name, each.subject, each.text) == shown[reminder_id, each.channel]
            done.add(each.pk)
            kinds.add((each.message.touchpoint, each.channel))
    assert kinds == {(touchpoint.value, channel.value) for touchpoint in LEAVES for channel in Channel}
    assert_links_are_kept(year.practice)


def assert_links_are_kept(practice: Practice) -> None:
    """Each booking link in a message that left is kept, with its route, and no other; no message has the long one."""
    with practice_scope(practice.pk):
        texts = list(Delivery.objects.values_list("text", "html"))
        tokens = set(TrackedLink.objects.values_list("token", flat=True))
        begins = f"{links_origin(practice.pk)}/b/"
    assert HOST in begins
    said = [re.findall(rf"{re.escape(begins)}(\w+)", text) for text, _ in texts]
    assert {token for found in said for token in found} == tokens == set(LinkRoute.objects.values_list("pk", flat=True))
    assert len(tokens) > 30
    assert not any("lakeview.example/book" in text + html for text, html in texts)
    assert all(
        f'href="{begins}{found[0]}"' in html for found, (_, html) in zip(said, texts, strict=True) if html and found
    )

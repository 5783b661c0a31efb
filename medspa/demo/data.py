"""Which practices does the demo show, and who signs in there?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from clients.operations.record import record
from medspa.demo import today
from medspa.demo.cast import BOTOX, DYSPORT, LIPS, XEOMIN, Good, Member, agreement, cast
from medspa.demo.history import history
from medspa.demo.playing import Playing
from medspa.demo.scene import (
    HILLTOP,
    LAKEVIEW,
    OPERATOR,
    Scene,
    email_of,
    operator_password,
    password_of,
    raise_operator,
    raise_scene,
)
from medspa.demo.staff import Staff
from medspa.demo.story import Story, glow_bookings
from practices import clock
from practices.models import Practice, Role
from practices.queries.directory import PracticeNotFound, practice_by_slug
from practices.tenancy import practice_scope
from reminders.operations.going_live import go_live

DAYS: Final = 75
"""For so long the practices have been live: these days are played, what came before is imported."""
QUARTERS: Final = 4
LAKEVIEW_CLIENTS: Final = 200
HILLTOP_CLIENTS: Final = 14
HILLTOP_FIRST: Final = 5_000
NEWCOMERS: Final = 12
GOODS_OF_TODAY: Final = (BOTOX, DYSPORT, LIPS, XEOMIN)


@dataclass(frozen=True)
class Login:
    """One person of the demo practice who can sign in."""

    role: str
    email: str
    password: str


def seed_demo(tell: Callable[[str], None], days: int = DAYS) -> list[Login]:
    """Will make what the demo shows, unless an earlier start did, and return who can sign in.

    `tell` shows a line of progress; `days` are played, at least one. All of it is one
    transaction: a start that is broken off leaves nothing.
    """
    try:
        practice_by_slug(LAKEVIEW.slug)
    except PracticeNotFound:
        with transaction.atomic():
            _seed(clock.now(), days, tell)
    letters = Login("Operator of the service; reads its letters at /operator/letters/", OPERATOR, operator_password())
    return [*_logins(LAKEVIEW), *_logins(HILLTOP), letters]


def _logins(scene: Scene) -> list[Login]:
    return [
        Login(f"{name}, {_places(scene, name, role)}", email_of(scene, name), password_of(scene))
        for name, role in scene.people
    ]


def _places(scene: Scene, name: str, role: Role) -> str:
    helps = [
        f", {Role(part).label.lower()} at {other.name}"
        for other in (LAKEVIEW, HILLTOP)
        for email, part in other.guests
        if email == email_of(scene, name)
    ]
    return f"{Role(role).label} at {scene.name}{''.join(helps)}"


def _seed(now: datetime, days: int, tell: Callable[[str], None]) -> None:
    live_at = now - timedelta(days=days)
    raise_operator()
    tell(f"Two years of {LAKEVIEW.name}, once: first what was before medspa")
    lakeview, members = _import(LAKEVIEW, LAKEVIEW_CLIENTS, 1, live_at)
    hilltop, _ = _import(HILLTOP, HILLTOP_CLIENTS, HILLTOP_FIRST, live_at)
    playing = Playing(live_at, [lakeview.pk, hilltop.pk])
    story = Story(lakeview, playing, members)
    playing.after_sweep = story.react
    story.begin(now)
    Staff(lakeview, playing, now).begin()
    late = today.prepare(story, now)
    playing.at(now - timedelta(days=2), lambda: glow_bookings(story))
    for quarter in range(1, QUARTERS + 1):
        tell(f"Then {days} days with it, played on a clock of their own: {quarter} of {QUARTERS}")
        playing.run(live_at + (now - live_at) * quarter / QUARTERS)
    playing.now = clock.now()  # it took a while: these are to be confirmed in the moment that workers start
    today.book_now(story, late)


def _import(scene: Scene, count: int, first: int, live_at: datetime) -> tuple[Practice, list[Member]]:
    """A practice with its history, live since `live_at`; its members, those who come only later included."""
    before = live_at - timedelta(days=2)
    practice = raise_scene(scene, before)
    members = cast(count, live_at.date(), [place.name for place in scene.places], list(scene.providers), first=first)
    for index, member in enumerate(members):
        if scene is LAKEVIEW and index < today.RESERVED:
            _reserve(member, GOODS_OF_TODAY[index % len(GOODS_OF_TODAY)])
        elif scene is LAKEVIEW and index >= count - NEWCOMERS:
            member.since = live_at.date() + timedelta(days=3 + (index * 7) % 60)
            member.until = None
    if scene is LAKEVIEW:
        _share(members[40], members[41])
    with practice_scope(practice.pk):
        record(practice.pk, history(members, live_at.date()), before)
    go_live(practice.pk, live_at)
    return practice, members


def _reserve(member: Member, good: Good) -> None:
    """She is kept for today: she texts, and agreed to it."""
    member.is_reserved, member.until, member.good = True, None, good
    member.told = replace(member.told, preferred_channel="sms", consents=(agreement(member.since),))


def _share(mother: Member, daughter: Member) -> None:
    """Two people, one phone."""
    daughter.told = replace(daughter.told, phone=mother.told.phone, last_name=mother.told.last_name)

"""How does a message's booking link become the practice's own short one, and what does an opening change? (MSG-5)

https://<the practice's host>/b/<token>: nobody but medspa sees who opened it. docs/decisions/0015 says why so.
"""

import hmac
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from uuid6 import uuid7

from practices.operations.auditing import Actor
from practices.operations.link_hosts import change_link_host
from practices.operations.rows import insert_rows, update_rows
from practices.tenancy import practice_scope
from reminders.engine.text_rules import SHORTENERS
from reminders.engine.words import Channel
from reminders.models import LinkRoute, TrackedLink
from reminders.operations.composing import Composed, PlannedLink
from reminders.operations.merge_fields import web_url
from reminders.operations.stopping_links import BadLink

_PURPOSE: Final = b"medspa: tracked link, 1"
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_LETTERS: Final = 10
"""62^10 tokens: one more is taken already once in a thousand million, with as many links in the world."""
_TOKEN: Final = re.compile(rf"[0-9A-Za-z]{{{_LETTERS}}}")
_ROUTE: Final = ("token", "practice_id")
_LINK: Final = (
    "id",
    "practice_id",
    "token",
    "client_id",
    "reminder_id",
    "channel",
    "target",
    "made_at",
    "times_opened",
)
_NEW: Final = "ON CONFLICT DO NOTHING RETURNING token"


@dataclass(frozen=True, slots=True)
class Said:
    """A composed message that is about to be kept: for which reminder and on which channel."""

    client_id: UUID
    reminder_id: UUID
    channel: Channel
    composed: Composed


def plan_link(
    origin: str, practice_id: UUID, reminder_id: UUID, channel: Channel, target: str, number: int = 0
) -> PlannedLink:
    """The link of a reminder on a channel: the same each time, so that a preview shows what will leave.

    `number`: the next one where the token is another link's. Nothing is written; `keep` does that.
    """
    token = _token(practice_id, reminder_id, channel, number)
    return PlannedLink(token=token, url=f"{origin}/b/{token}", target=target)


def keep(practice_id: UUID, said: Sequence[Said], now: datetime) -> list[Composed]:
    """Will keep the links of messages, in the open scope and the transaction that commits them: two statements.

    Returns the messages in their order, as they shall leave: where a token was another link's already, with the next
    one in its place. A reminder that is claimed again keeps its link, which leads to where it leads now.
    """
    composed = [each.composed for each in said]
    number = 0
    waiting: Sequence[int] = range(len(said))
    while links := {index: link for index in waiting if (link := composed[index].link) is not None}:
        taken = _insert(practice_id, [(said[index], link) for index, link in links.items()], now)
        number += 1
        waiting = [index for index, link in links.items() if link.token in taken]
        for index in waiting:
            token = _token(practice_id, said[index].reminder_id, said[index].channel, number)
            composed[index] = _renamed(composed[index], links[index], token)
    return composed


def follow(token: str, now: datetime, *, is_person: bool, host_of: UUID | None = None) -> str:
    """Where a link leads, an address of the web; an opening by a person is noted with the moment.

    `host_of`: the practice on whose own host it was opened: there no other practice's links lead anywhere.

    Raises:
        BadLink: nobody of ours made it, its client was erased, or it leads nowhere of the web.
    """
    if not _TOKEN.fullmatch(token):
        raise BadLink("This is no token of a link.")
    practice_id = LinkRoute.objects.filter(pk=token).values_list("practice_id", flat=True).first()
    if practice_id is None or host_of not in (None, practice_id):
        raise BadLink("Nobody of this host made this link.")
    with practice_scope(practice_id):
        links = TrackedLink.objects.filter(practice_id=practice_id, token=token)
        target = web_url(links.values_list("target", flat=True).first() or "")
        if not target:
            raise BadLink("This link leads nowhere any more.")
        if is_person:
            links.update(
                times_opened=F("times_opened") + 1,
                first_opened_at=Coalesce(F("first_opened_at"), now),
                last_opened_at=now,
            )
    return target


def choose_link_host(practice_id: UUID, host: str, actor: Actor, now: datetime) -> bool:
    """Will put the practice's links on a host of its own, as `change_link_host` does; no public shortener is one.

    Raises:
        SettingsRefused: as `change_link_host`.
    """
    return change_link_host(practice_id, host, actor, now, barred=SHORTENERS)


def _insert(practice_id: UUID, links: Sequence[tuple[Said, PlannedLink]], now: datetime) -> set[str]:
    """Insert what is new; return the tokens that are other links'."""
    rows = {link.token: (said, link) for said, link in links}
    routes = insert_rows(LinkRoute, _ROUTE, [(token, practice_id) for token in sorted(rows)], on_conflict=_NEW)
    known = rows.keys() - {token for (token,) in routes}
    taken: set[str] = set()
    if known:
        taken.update(
            LinkRoute.objects.filter(pk__in=known).exclude(practice_id=practice_id).values_list("pk", flat=True)
        )
    made = insert_rows(
        TrackedLink,
        _LINK,
        [
            (uuid7(), practice_id, token, said.client_id, said.reminder_id, said.channel.value, link.target, now, 0)
            for token, (said, link) in sorted(rows.items())
            if token not in taken
        ],
        on_conflict=_NEW,
    )
    return taken | _already(practice_id, rows, rows.keys() - taken - {token for (token,) in made})


def _already(practice_id: UUID, rows: Mapping[str, tuple[Said, PlannedLink]], known: set[str]) -> set[str]:
    """Of tokens that the practice has: those of other reminders. A reminder's own leads to where it leads now."""
    if not known:
        return set()
    taken, moved = set(), []
    found = TrackedLink.objects.filter(practice_id=practice_id, token__in=known)
    for pk, token, reminder_id, channel, target in found.values_list("pk", "token", "reminder_id", "channel", "target"):
        said, link = rows[token]
        if (reminder_id, channel) != (said.reminder_id, said.channel.value):
            taken.add(token)
        elif target != link.target:
            moved.append((pk, link.target))
    update_rows(TrackedLink, ("id", "target"), moved)
    return taken


def _renamed(composed: Composed, old: PlannedLink, token: str) -> Composed:
    """The message with another token in place of one that is another link's; both have as many letters."""
    link = PlannedLink(token=token, url=old.url.removesuffix(old.token) + token, target=old.target)
    return replace(
        composed,
        text=composed.text.replace(old.url, link.url),
        html=composed.html.replace(f"/b/{old.token}", f"/b/{token}"),
        link=link,
    )


def _token(practice_id: UUID, reminder_id: UUID, channel: Channel, number: int) -> str:
    said = practice_id.bytes + reminder_id.bytes + channel.value.encode() + bytes([number])
    left = int.from_bytes(hmac.digest(_key(settings.SECRET_KEY), said, "sha256")[:16])
    letters = []
    for _ in range(_LETTERS):
        left, letter = divmod(left, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")

"""How many messages may leave through an account just now, and when is the turn of the others? (CHN-3)

One row an account is a bucket of sends that fills at the account's rate. Whoever is to send takes from it first, in a
statement of its own, so that any number of workers and practices together stay within rate x time + burst.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from integrations.models import GatewayPace
from practices.operations.rows import run

BURST_SECONDS: Final = 6.0
"""The sweep looks every 5 seconds, so a bucket holds the sends of those, and of one more for answers."""
KEPT_SECONDS: Final = 1.0
"""What reminders leave in the bucket: an answer never waits for them."""
HALF: Final = 2
"""Reminders of one practice take at most this part of what an account that several share has left: 1 of 2."""
OPERATORS: Final = "operator:"
"""How the pace key of an account begins that several practices share (integrations.queries.accounts)."""

_ANY: Final = 1e12
_FILLS: Final = timedelta(hours=1)
"""A bucket that nobody has taken from fills up within this, whatever the rate."""
_OPEN: Final = """
    INSERT INTO {table} (key, tokens, counted_at) VALUES (%(key)s, %(burst)s, %(now)s) ON CONFLICT DO NOTHING
"""
_FILLED: Final = """
    SELECT key, held_until, least(
        %(burst)s::float8,
        tokens + %(rate)s::float8 * greatest(0, extract(epoch FROM %(now)s::timestamptz - counted_at))
    ) AS filled
    FROM {table} WHERE key = %(key)s
"""
_TAKE: Final = """
    WITH before AS ({filled} FOR UPDATE), free AS (
        SELECT *, CASE WHEN held_until > %(now)s THEN 0 ELSE greatest(0, floor(filled - %(keep)s + 1e-6)) END AS free
        FROM before
    ), given AS (
        SELECT *, least(%(most)s, ceil(free / %(part)s)) AS taken FROM free
    )
    UPDATE {table} SET tokens = filled - taken, counted_at = greatest(counted_at, %(now)s)
    FROM given WHERE {table}.key = given.key
    RETURNING taken::integer, tokens, {table}.held_until
"""
_GIVE_BACK: Final = "UPDATE {table} SET tokens = tokens + %(count)s WHERE key = %(key)s"
_HOLD: Final = """
    INSERT INTO {table} (key, tokens, counted_at, held_until) VALUES (%(key)s, 0, %(full_since)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET held_until = greatest({table}.held_until, excluded.held_until)
"""


@dataclass(frozen=True, slots=True)
class Turns:
    """What was taken from an account's bucket: `count` sends now; `next_at`: when another may be free."""

    count: int
    next_at: datetime


def take(pace_key: str, rate: float | None, most: int, now: datetime, *, is_answer: bool = False) -> Turns:
    """Will take up to `most` sends from an account's bucket, in one statement; call it outside long transactions.

    `rate`: sends a second; None: only a hold counts. Of an account that practices share reminders take at most half
    of what is left, and at least one. `is_answer`: also of what reminders leave over, and all of it.
    """
    if rate is None:
        held_until = _held_until(pace_key)
        is_held = held_until is not None and held_until > now
        return Turns(0 if is_held else most, held_until if is_held and held_until is not None else now)
    burst, keep = burst_of(rate), 0.0 if is_answer else kept_of(rate)
    _run(_OPEN, key=pace_key, burst=burst, now=now)
    part = HALF if pace_key.startswith(OPERATORS) and not is_answer else 1
    [(count, tokens, held_until)] = _run(
        _TAKE, key=pace_key, rate=rate, burst=burst, keep=keep, most=most, part=part, now=now
    )
    next_at = now + timedelta(seconds=max(0.0, keep + 1 - tokens) / rate)
    return Turns(count, max(next_at, held_until) if held_until is not None else next_at)


def give_back(pace_key: str, count: int) -> None:
    """Will put back what was taken and not needed; less than none: what was sent beyond what was taken."""
    if count:
        _run(_GIVE_BACK, key=pace_key, count=count)


def hold(pace_key: str, until: datetime) -> None:
    """Will have nobody send through an account until then: the vendor said so, or does not answer (CHN-3)."""
    _run(_HOLD, key=pace_key, until=until, full_since=until - _FILLS)


def line_of(pace_key: str, practice_id: UUID, rate: float, now: datetime) -> timedelta:
    """Return how long the last message of a practice that was given a turn at an account still waits for it."""
    rows = _run(_FILLED, key=_line_key(pace_key, practice_id), now=now, rate=rate, burst=0.0)
    return timedelta(seconds=-rows[0][2] / rate) if rows else timedelta()


def line_up(pace_key: str, practice_id: UUID, rate: float, count: int, now: datetime) -> None:
    """Will note that `count` more messages of a practice were given turns, one behind the other.

    What could not leave is decided again at its turn, and not all of it at the next tick. A line is a bucket that is
    never more than empty: what it owes are turns that are still to come.
    """
    if count:
        key = _line_key(pace_key, practice_id)
        _run(_OPEN, key=key, burst=0.0, now=now)
        _run(_TAKE, key=key, rate=rate, burst=0.0, keep=-_ANY, most=count, part=1, now=now)


def burst_of(rate: float) -> float:
    """Return how many sends a bucket holds: at least one, whatever the rate."""
    return max(1.0, rate * BURST_SECONDS)


def kept_of(rate: float) -> float:
    """Return how many of them are kept for answers: none where the bucket holds less than two."""
    return max(1.0, rate * KEPT_SECONDS) if burst_of(rate) >= HALF else 0.0


def _line_key(pace_key: str, practice_id: UUID) -> str:
    """The name of a practice's line at an account; an account of its own has no other."""
    gateway = pace_key.removeprefix(OPERATORS)
    return f"line:{pace_key}" if gateway == pace_key else f"line:{practice_id.hex}:{gateway}"


def _held_until(pace_key: str) -> datetime | None:
    return GatewayPace.objects.filter(key=pace_key).values_list("held_until", flat=True).first()


def _run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    table = GatewayPace._meta.db_table
    return run(sql.replace("{filled}", _FILLED.strip()).replace("{table}", table), values)

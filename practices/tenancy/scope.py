"""How does a transaction choose the one practice whose rows it may see?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, transaction

SETTING = "medspa.practice"
SYSTEM_ROLE = "medspa_system"

Settle = Callable[[frozenset[UUID]], None]
Write = Callable[[], object]

_current: ContextVar[UUID | None] = ContextVar("medspa_current_practice", default=None)
_to_settle: ContextVar[dict[Settle, set[UUID]] | None] = ContextVar("medspa_to_settle", default=None)
_to_write: ContextVar[list[Write] | None] = ContextVar("medspa_to_write", default=None)


class ScopeError(RuntimeError):
    """A scope was opened inside the scope of another practice, or asked for where none is open."""


def current_practice_id() -> UUID:
    """Return the practice of the open scope.

    Raises:
        ScopeError: no scope is open.
    """
    practice_id = _current.get()
    if practice_id is None:
        raise ScopeError("No practice scope is open.")
    return practice_id


def before_leaving(settle: Settle, ids: Iterable[UUID]) -> None:
    """Have `settle` called once with all ids collected for it, at the end of the outermost open scope.

    It runs inside the transaction, so what it does commits or falls with the rest; news of the same
    clients from several sides is worked through once.

    Raises:
        ScopeError: no scope is open.
    """
    waiting = _to_settle.get()
    if waiting is None:
        raise ScopeError("No practice scope is open.")
    waiting.setdefault(settle, set()).update(ids)


def last_of_all(write: Write) -> None:
    """Have `write` called at the very end of the outermost open scope, after everything is settled, in order.

    For what makes others of the practice wait until the transaction ends: so they wait for the commit alone. It is
    dropped where the scope that asked for it fails.

    Raises:
        ScopeError: no scope is open.
    """
    waiting = _to_write.get()
    if waiting is None:
        raise ScopeError("No practice scope is open.")
    waiting.append(write)


@contextmanager
def practice_scope(practice_id: UUID) -> Iterator[None]:
    """Open a transaction that sees the rows of one practice and no others (DESIGN.md 6).

    Keep it short: never hold one across a network call or a streamed response. A scope may be
    nested in one of the same practice; the inner one is then a savepoint.

    Raises:
        ScopeError: it is nested in the scope of another practice.
    """
    outer = _current.get()
    if outer is not None and outer != practice_id:
        raise ScopeError(f"The scope of practice {outer} is open; {practice_id} was asked for.")
    was_in_transaction = connection.in_atomic_block
    with transaction.atomic():
        _set_practice(str(practice_id))
        token = _current.set(practice_id)
        settling = _to_settle.set({}) if outer is None else None
        writing = _to_write.set([]) if outer is None else None
        asked_before = len(_to_write.get() or ())
        try:
            yield
            if settling is not None:
                _settle_all()
                _write_all()
        except BaseException:
            del (_to_write.get() or [])[asked_before:]
            raise
        finally:
            _current.reset(token)
            if settling is not None and writing is not None:
                _to_settle.reset(settling)
                _to_write.reset(writing)
        # A rollback undoes the setting by itself, and so does the end of the outermost transaction.
        if was_in_transaction and outer is None:
            _set_practice("")


@contextmanager
def across_practices() -> Iterator[None]:
    """Open a transaction that sees the rows of every practice, under the second database role.

    Only for what must cross practices: choosing whose turn it is, routing, sign-in, the operator.
    A test holds every caller to an allow-list (tests/architecture).
    """
    if _current.get() is not None:
        raise ScopeError("A practice scope is open; crossing practices inside it is refused.")
    was_in_transaction = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {SYSTEM_ROLE}")
        yield
        if was_in_transaction:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE NONE")


def insert_once(practice_id: UUID, table: str, row: Mapping[str, Any]) -> bool:
    """Insert one row in the scope of a practice in a single round trip, for the one place that counts them.

    Outside a transaction the statement itself is the scope: it sets the practice for its own short life and
    then inserts, held by the same wall. `table` and the columns are names from our code, never from outside.
    Returns whether the row is new; False where a unique constraint knows it already.

    Raises:
        ScopeError: the scope of another practice is open.
    """
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    if connection.in_atomic_block:
        statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608
        with practice_scope(practice_id), connection.cursor() as cursor:
            cursor.execute(statement, list(row.values()))
            return bool(cursor.rowcount)
    # The wall is asked for each row, and the row comes out of `scope`: so the setting is made first.
    insert = f"INSERT INTO {table} ({columns}) SELECT {places} FROM scope ON CONFLICT DO NOTHING"  # noqa: S608
    statement = f"WITH scope AS MATERIALIZED (SELECT set_config(%s, %s, true)) {insert}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [SETTING, str(practice_id), *row.values()])
        return bool(cursor.rowcount)


def _settle_all() -> None:
    """Call what was asked for; it may ask for more."""
    waiting = _to_settle.get()
    while waiting:
        settle, ids = waiting.popitem()
        settle(frozenset(ids))


def _write_all() -> None:
    if connection.needs_rollback:
        return  # somebody let the transaction fall: there is nothing to write about
    for write in _to_write.get() or ():
        write()


def _set_practice(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])

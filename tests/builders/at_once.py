"""How do tests let two act at the same time, each in a connection of its own?"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

from django.db import connection, connections

from practices.tenancy import practice_scope

POLLS = 2000
EVERY_SECONDS = 0.01
_WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def while_it_is_open(
    practice_id: UUID, first: Callable[[], Any], second: Callable[[], Any], *, then: Callable[[], Any] | None = None
) -> tuple[Any, Any]:
    """Do `second` while the transaction of `first` is open; end that when `second` has to wait, or is done.

    `then` is done in the first transaction once the second waits. Returns what came of both; what was raised counts.
    """
    done, end = Event(), Event()

    def begin() -> Any:
        with practice_scope(practice_id):
            result = first()
            done.set()
            assert end.wait(30)
            if then is not None:
                then()
            return result

    with ThreadPoolExecutor(2) as pool:
        opened = pool.submit(_alone, begin)
        for _ in range(POLLS):
            if done.wait(EVERY_SECONDS) or opened.done():
                break
        other = pool.submit(_alone, second)
        for _ in range(POLLS):
            if other.done() or _somebody_waits():
                break
            Event().wait(EVERY_SECONDS)
        end.set()
        return opened.result(60), other.result(60)


def ends_before(practice_id: UUID, first: Callable[[], Any], second: Callable[[], Any]) -> bool:
    """Whether `second` ends while the transaction of `first` is still open."""
    done, end = Event(), Event()

    def begin() -> None:
        with practice_scope(practice_id):
            first()
            done.set()
            assert end.wait(30)

    with ThreadPoolExecutor(2) as pool:
        opened = pool.submit(_alone, begin)
        assert done.wait(30)
        other = pool.submit(_alone, second)
        for _ in range(POLLS):
            if other.done() or _somebody_waits():
                break
            Event().wait(EVERY_SECONDS)
        was_done = other.done()
        end.set()
        for each in (opened, other):
            problem = each.result(60)
            if isinstance(problem, Exception):
                raise problem
    return was_done


def queued_behind(practice_id: UUID, first: Callable[[], Any], *others: Callable[[], Any]) -> list[Any]:
    """Do each of the others while the transaction of `first` is open, the next once the one before has to wait.

    Then the first ends. Returns what came of each; what was raised counts.
    """
    done, end = Event(), Event()
    waiting: list[Future[Any]] = []

    def begin() -> Any:
        with practice_scope(practice_id):
            result = first()
            done.set()
            assert end.wait(60)
            return result

    with ThreadPoolExecutor(len(others) + 1) as pool:
        opened = pool.submit(_alone, begin)
        for _ in range(POLLS):
            if done.wait(EVERY_SECONDS) or opened.done():
                break
        for number, each in enumerate(others, start=1):
            waiting.append(pool.submit(_alone, each))
            for _ in range(POLLS):
                if _how_many_wait() >= number or waiting[-1].done():
                    break
                Event().wait(EVERY_SECONDS)
        end.set()
        return [opened.result(60), *(each.result(60) for each in waiting)]


def _alone(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except Exception as error:  # noqa: BLE001 - what was raised is what came of it
        return error
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    return _how_many_wait() > 0


def _how_many_wait() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        [waiting] = cursor.fetchone() or [0]
    return int(waiting)

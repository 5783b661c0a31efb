"""What breaks in a round, and when? Drawn from a seed, so that a round can be had again."""

from collections.abc import Callable
from random import Random
from threading import Event
from time import monotonic

from tests.load.chaos.installation import Installation

# How often each thing happens, out of the sum.
KILL_POOL_PROCESS, KILL_WORKER, KILL_WEB, KILL_BEAT, EMPTY_REDIS = 8, 3, 2, 1, 2
PAUSES = (0.3, 1.6)
POSTGRES_IS_AWAY = (0.2, 2.0)


def rage(installation: Installation, random: Random, is_over: Callable[[], bool], seconds: float) -> list[str]:
    """Break one thing after the other until all is sent or `seconds` have passed; return what was done."""
    done: list[str] = []
    worker, web, beat = (installation.programs[name] for name in ("worker", "web", "beat"))
    began = monotonic()
    # PostgreSQL crashes once a round, at a random moment of the first third.
    crash_at: float | None = began + random.uniform(1, max(2.0, seconds / 3))
    while monotonic() - began < seconds and not (is_over() and crash_at is None):
        Event().wait(random.uniform(*PAUSES))
        installation.keep_alive()
        if crash_at is not None and monotonic() >= crash_at:
            installation.restart_postgres(random.uniform(*POSTGRES_IS_AWAY))
            crash_at = None
            done.append("postgres")
            continue
        what = random.choices(
            ("pool process", "worker", "web", "beat", "redis"),
            (KILL_POOL_PROCESS, KILL_WORKER, KILL_WEB, KILL_BEAT, EMPTY_REDIS),
        )[0]
        if what == "pool process":
            if not worker.kill_child(random):
                continue
        elif what == "redis":
            installation.empty_redis()
        else:
            {"worker": worker, "web": web, "beat": beat}[what].kill()
        done.append(what)
    installation.keep_alive()
    return done

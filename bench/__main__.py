"""How fast is medspa? `python -m bench [--quick] [name ...]` prints a line for each measurement of DESIGN.md 9."""

import argparse
import os
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, Final

import django

from bench.line import HEAD, Line


def _webhooks(*, is_quick: bool) -> list[Line]:
    """Accepting events, and what they cancel at half the rate at which they can be accepted."""
    from bench import cancelling, webhooks
    from bench.database import scratch

    told = webhooks.measure(8.0 if is_quick else 24.0)
    accepting = Line(
        "webhook accepted durably",
        f"{told['accepted_per_second']:,}/s",
        f"one bare INSERT {told['bare_per_second']:,}/s",
        told["ratio"],
        webhooks.TARGET,
        at_least=True,
    )
    seconds = 5.0 if is_quick else cancelling.SECONDS
    with scratch("cancelling"):  # the inbox of the first holds thousands of events that nobody applied
        return [accepting, cancelling.measure(told["accepted_per_second"] / 2, seconds)]


def _delivering(*, is_quick: bool) -> list[Line]:
    from bench import delivering

    return [delivering.measure(2_000, 2) if is_quick else delivering.measure()]


def _planning(*, is_quick: bool) -> list[Line]:
    from bench import planning

    return [planning.measure(10_000, 2) if is_quick else planning.measure()]


def _importing(*, is_quick: bool) -> list[Line]:
    from bench import importing

    told: dict[str, Any] = importing.measure(20_000 if is_quick else importing.ROWS)
    copied = f"COPY {told['copied_rows']:,} rows {told['copy_seconds']} s"
    return [
        Line(
            f"importing {told['rows']:,} rows",
            f"{told['import_seconds']} s",
            copied,
            told["ratio"],
            importing.TARGET_TIMES,
        ),
        Line(
            "its memory",
            f"{told['megabytes']} MB",
            "",
            told["megabytes"],
            importing.TARGET_MEGABYTES,
            unit="MB",
        ),
    ]


def _sweeping(*, is_quick: bool) -> list[Line]:
    from bench import sweeping

    return [sweeping.measure(many=200_000, due=300, rounds=3) if is_quick else sweeping.measure()]


def _pages(*, is_quick: bool) -> Iterable[Line]:
    from bench import pages

    return pages.measure(2_000, 10) if is_quick else pages.measure()


MEASUREMENTS: Final[dict[str, Callable[..., Iterable[Line]]]] = {
    "webhooks": _webhooks,
    "delivering": _delivering,
    "planning": _planning,
    "importing": _importing,
    "sweeping": _sweeping,
    "pages": _pages,
}


def main() -> None:
    """Take each measurement in a database of its own that is dropped afterwards, and print its lines."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MEASUREMENTS)}; all if none")
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it works, not how fast it is")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(MEASUREMENTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")

    from bench.database import scratch
    from tests.broker import worker_broker

    print(HEAD, flush=True)
    with worker_broker():
        for name in arguments.names or MEASUREMENTS:
            # A sweep is measured in two databases, which it makes itself.
            with nullcontext() if name == "sweeping" else scratch(name):
                for line in MEASUREMENTS[name](is_quick=arguments.quick):
                    print(line, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    django.setup()
    main()

"""How is the storm started? `python -m tests.load.chaos --rounds 20 --messages 2000 --seed 1`."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from random import Random, SystemRandom
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from tests.load.chaos.installation import Installation

if TYPE_CHECKING:
    from tests.load.chaos.tally import Tally

CALM_DOWN_SECONDS = 420.0


def main() -> int:
    """Play the rounds, print a line each, and say with the exit code whether every one was right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--storm-seconds", type=float, default=45.0, help="how long things break in a round at most")
    parser.add_argument("--seed", type=int, default=None, help="of the first round; each next one has the next")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    chosen = parser.parse_args()
    seed = SystemRandom().randrange(1_000_000) if chosen.seed is None else chosen.seed
    folder = Path(tempfile.mkdtemp(prefix="medspa-chaos-"))
    folder.chmod(0o755)
    installation = Installation(folder)
    is_right, unknown = False, 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends this leaves nothing running
    try:
        installation.raise_services()
        _set_django_up()
        installation.start()
        results = [_play(installation, each, chosen) for each in range(seed, seed + chosen.rounds)]
        is_right, unknown = all(each.is_right for each in results), sum(each.unknown for each in results)
    finally:
        installation.stop()
        if chosen.keep or not is_right:
            _say(f"The logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    fate = f"each message exactly once, but for {unknown} emails: at most once and shown as unknown"
    _say(f"{chosen.rounds} rounds: {'NOT RIGHT' if not is_right else fate if unknown else fate.partition(',')[0]}")
    return 0 if is_right else 1


def _play(installation: Installation, seed: int, chosen: argparse.Namespace) -> "Tally":
    from practices import clock
    from tests.load.chaos.book import book_visits, open_practice
    from tests.load.chaos.storm import rage
    from tests.load.chaos.tally import count, states_of
    from tests.load.chaos.vendors import Vendors

    random = Random(seed)
    vendors = Vendors(installation.stand_ins_url)
    began = monotonic()
    number = seed % 700
    practice_id = open_practice(f"storm-{seed}", clock.now())
    vendors.connect(practice_id, f"http://127.0.0.1:{installation.web_port}", clock.now())
    vendors.trouble(random)
    book = book_visits(practice_id, chosen.messages, number, clock.now())

    def is_over() -> bool:
        states = states_of(book)
        return bool(states) and sum(states[each] for each in ("sent", "delivered")) == book.size

    deeds = rage(installation, random, is_over, chosen.storm_seconds)
    vendors.calm()
    while monotonic() - began < chosen.storm_seconds + CALM_DOWN_SECONDS:
        installation.keep_alive()
        states = states_of(book)
        if states and not set(states) - {"sent", "delivered", "unknown"} and not _is_unsettled(book):
            break
        Event().wait(1.0)
    tally = count(book, vendors)
    killed = ", ".join(f"{deeds.count(each)} {each}" for each in dict.fromkeys(deeds))
    _say(
        f"seed {seed}: {tally.due} due, {tally.accepted} accepted, {len(tally.twice)} twice, {len(tally.lost)} lost, "
        f"{tally.unknown} unknown by email, {len(tally.wrong)} wrong; struck: {killed}; {monotonic() - began:.0f} s"
    )
    for trouble in (*tally.twice[:5], *tally.lost[:5], *tally.wrong[:5]):
        _say(f"  {trouble}")
    return tally


def _is_unsettled(book: object) -> bool:
    """Whether an attempt may still be settled by itself."""
    from practices.tenancy import practice_scope
    from reminders.models import Delivery

    with practice_scope(book.practice_id):  # type: ignore[attr-defined]
        return Delivery.objects.filter(next_at__isnull=False).exists()


def _set_django_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "medspa.settings"
    import django

    django.setup()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())

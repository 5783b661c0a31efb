"""How does a person start, stop or look at the embedded services?"""

import sys
from pathlib import Path

from medspa.embedded import EmbeddedFailed, ensure_running, is_running, stop

FOLDER = Path(__file__).resolve().parents[2] / "var"
USAGE = "Usage: python -m medspa.embedded start|stop|status"


def main(arguments: list[str]) -> int:
    """Will do the one thing asked for and return the exit status."""
    try:
        match arguments:
            case ["start"]:
                ensure_running(FOLDER)
                print("PostgreSQL and Redis run.")
            case ["stop"]:
                print("PostgreSQL and Redis are stopped." if stop(FOLDER) else "Nothing is running.")
            case ["status"]:
                print("PostgreSQL and Redis run." if is_running(FOLDER) else "Not running.")
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except EmbeddedFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

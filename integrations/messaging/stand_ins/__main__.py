"""How are the stand-ins run by themselves? `python -m integrations.messaging.stand_ins --port 4010`."""

import argparse
import signal
import sys
import threading

from integrations.messaging.stand_ins.stand_ins import StandIns

PORT = 4010


def main() -> int:
    """Run until SIGINT or SIGTERM comes; return 1 if the port is taken."""
    parser = argparse.ArgumentParser(description="Servers that behave as Twilio, SendGrid and Podium do.")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--host", default="127.0.0.1", help="Listen elsewhere than on this machine only.")
    arguments = parser.parse_args()
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    try:
        stand_ins = StandIns(arguments.port, host=arguments.host)
    except OSError as error:
        sys.stderr.write(f"Port {arguments.port} cannot be used: {error.strerror}. Choose another with --port.\n")
        return 1
    with stand_ins:
        sys.stdout.write(f"Stand-ins for Twilio, SendGrid and Podium: {stand_ins.url}/\n")
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

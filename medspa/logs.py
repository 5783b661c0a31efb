"""What do the processes say while they run? An event a line, with ids, never personal data [OPS-2]."""

import logging.config
import re
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

# An event says what happened to which row. Whoever may know more looks the row up.
PERSONAL = frozenset(
    {
        "name",
        "first_name",
        "last_name",
        "email",
        "phone",
        "address",
        "body",
        "text",
        "subject",
        "key",
        "secret",
        "token",
    }
)

# What gateways' libraries log: numbers, texts and even the key (messaging.md 1.11, 2.10), whatever LOG_LEVEL says.
# urllib3 warns with the whole address, and a list of messages is asked for by a client's number.
TALKATIVE: Final = {
    "twilio": "WARNING",
    "python_http_client": "WARNING",
    "urllib3": "ERROR",
    "requests": "WARNING",
    "httpx": "WARNING",
    "httpcore": "WARNING",
}

# PostgreSQL repeats the values of a statement that failed, up to the next exception of a traceback.
_VALUES: Final = re.compile(
    r"(DETAIL|CONTEXT|LINE \d+): .*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL
)


def settings(level: str, *, is_json: bool) -> dict[str, Any]:
    """Will describe logging for `configure`: JSON for machines, plain lines for a developer's terminal."""
    renderer: Any = structlog.processors.JSONRenderer() if is_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _processors(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    withhold_values,
                    renderer,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": "INFO" if level == "DEBUG" else level, "propagate": True, "handlers": []},
            # Every 4xx as a warning would drown the rest; what a server refuses is counted, not told.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
            **{name: {"level": level} for name, level in TALKATIVE.items()},
        },
    }


def configure(description: dict[str, Any]) -> None:
    """Will set up the standard library's logging and structlog to speak with one voice."""
    logging.config.dictConfig(description)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def withhold_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Will replace what looks like a client's or a key, should it ever be passed to a logger.

    >>> withhold_personal_data(None, "info", {"event": "sent", "phone": "+13125550123"})
    {'event': 'sent', 'phone': '(withheld)'}
    """
    return {name: "(withheld)" if name in PERSONAL else value for name, value in event.items()}


def withhold_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    r"""Will take out of errors what PostgreSQL says of the row at fault: it may be a client's.

    >>> withhold_values(None, "error", {"event": "duplicate key\nDETAIL:  Key (phone)=(+13125550123) exists."})
    {'event': 'duplicate key\nDETAIL: (withheld)'}
    """
    return {
        name: _VALUES.sub(r"\1: (withheld)", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        withhold_personal_data,
    ]

"""Which PostgreSQL and Redis does a checkout use that has no addresses of its own?"""

from medspa.embedded.services import (
    Addresses,
    EmbeddedFailed,
    ensure_running,
    is_running,
    started_here,
    stop,
    stop_if_unused,
)

__all__ = [
    "Addresses",
    "EmbeddedFailed",
    "ensure_running",
    "is_running",
    "started_here",
    "stop",
    "stop_if_unused",
]

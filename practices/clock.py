"""What time is it? The only place that asks the machine's clock (DESIGN.md 4, 11)."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(UTC)  # noqa: TID251  this is the one place

"""The one place that reads the clock; everything else takes the time as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)

"""Local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone


def local(at: float, utc_offset_s: float) -> str:
    """Local time of epoch s `at`, ISO 8601 with its offset of UTC, in whole seconds."""
    zone = timezone(timedelta(seconds=round(utc_offset_s)))
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return moment.isoformat(timespec="seconds")

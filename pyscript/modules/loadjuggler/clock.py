"""Times as people read them: local time in ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone


def local(at: float, utc_offset_s: float) -> str:
    """Epoch s `at` as local time, in whole seconds: "2026-05-04T18:30:00+02:00" with 7200."""
    zone = timezone(timedelta(seconds=round(utc_offset_s)))
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return moment.isoformat(timespec="seconds")

"""Time of day and of year, for people and for the sun."""

from __future__ import annotations

from datetime import UTC, date, datetime

HOUR = 3600.0
DAY = 24 * HOUR


def midnight(day: date) -> float:
    """Epoch s of the first moment of `day`. The simulated house has its clock set to UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def time_of_day(now: float) -> str:
    """The clock on the wall at epoch s `now`: "18:05:00"."""
    seconds = int(now) % int(DAY)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def hour_of_day(now: float) -> float:
    """Hours since midnight at epoch s `now`, 0 to 24."""
    return now % DAY / HOUR


def day_of_year(now: float) -> int:
    """1 on the first of January."""
    return datetime.fromtimestamp(now, tz=UTC).timetuple().tm_yday

"""Signals of a house or the sun: functions of the seconds since an experiment began."""

from __future__ import annotations

import csv
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from loadjuggler.units import DAY_S

Signal = Callable[[float], float]
"""A value (A or W) at a time in s since the start."""
Phases = Callable[[float], Mapping[str, float]]
"""A by phase at a time in s since the start."""


def levels(*parts: tuple[float, float]) -> Signal:
    """A staircase of (from this s on, value); before the first, the first value."""
    times, values = [at for at, _ in parts], [value for _, value in parts]
    return lambda t: values[max(bisect_right(times, t) - 1, 0)]


def square(high: float, low: float, high_s: float, low_s: float) -> Signal:
    """`high` for `high_s`, `low` for `low_s`, again and again."""
    return lambda t: high if t % (high_s + low_s) < high_s else low


def noise(around: float, span: float, seed: int) -> Signal:
    """`around`, and each second another value from -`span` to `span` more, the same each time."""

    def at(t: float) -> float:
        return around + span * (2 * random.Random(f"{seed} {int(t)}").random() - 1)

    return at


def on_phases(**signals: float | Signal) -> Phases:
    """A by phase: `on_phases(A=levels(...), B=2.0)`."""
    moving = {phase: x if callable(x) else levels((0.0, x)) for phase, x in signals.items()}
    return lambda t: {phase: signal(t) for phase, signal in moving.items()}


class Readings:
    """Readings of a real house, each of which holds until the next; at whatever times they are."""

    def __init__(self, times_s: Sequence[float], rows: Sequence[Mapping[str, float]]) -> None:
        """Take `rows` (A by phase, export negative) at rising `times_s`; the first is made 0."""
        self.times_s = [at - times_s[0] for at in times_s]
        self.rows = rows

    @property
    def length_s(self) -> float:
        """Seconds from the first reading to the last."""
        return self.times_s[-1]

    def __call__(self, t: float) -> Mapping[str, float]:
        """A by phase at `t`; after the last reading the last."""
        return self.rows[max(bisect_right(self.times_s, t) - 1, 0)]


COLUMNS = {"A": "a_a", "B": "b_a", "C": "c_a"}


MOST_A = 10_000.0
"""No house has more, so it is an error of the file."""

LONGEST_S = 7 * DAY_S
"""An hour of readings takes about two seconds to replay."""


class Unreadable(ValueError):
    """A file of readings that can't be used; the message says why."""


def read_readings(path: Path) -> Readings:
    """Readings of a CSV file with columns t_s (rising), a_a, b_a, c_a; raises Unreadable."""
    times: list[float] = []
    rows: list[Mapping[str, float]] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for number, line in enumerate(csv.DictReader(file), start=2):
                at, row = _reading(line, f"{path}, line {number}")
                if times and at <= times[-1]:
                    raise Unreadable(f"{path}, line {number}: t_s does not rise")
                times.append(at)
                rows.append(row)
            if times and times[-1] - times[0] > LONGEST_S:
                days = LONGEST_S / DAY_S
                raise Unreadable(f"{path}: the readings last for more than {days:g} days")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path}: not readable as CSV: {error}") from error
    if len(times) < 2:
        raise Unreadable(f"{path}: there are fewer than two readings")
    return Readings(times, rows)


def _reading(line: Mapping[str, str | None], where: str) -> tuple[float, dict[str, float]]:
    """Time in s and A by phase of a line; raises Unreadable."""
    found = {}
    for column in ("t_s", *COLUMNS.values()):
        try:
            found[column] = float(line.get(column) or "")
        except ValueError:
            raise Unreadable(f"{where}: {column} is missing or no number") from None
        if not math.isfinite(found[column]):
            raise Unreadable(f"{where}: {column} is not finite")
        if column != "t_s" and abs(found[column]) > MOST_A:
            raise Unreadable(
                f"{where}: {column} is more than {MOST_A:.0f} A, and no house has that"
            )
    return found["t_s"], {phase: found[column] for phase, column in COLUMNS.items()}

"""Odd but common devices of which all that is shown is true, but old, or nothing at times.

A logger, or an inverter that is read over the internet, shows the power of sun and battery `late_s`
late, once in `every_s`. An inverter may sleep without sun: then its sensors are unavailable. What
chargers measure, and which profiles they take, are habits of theirs (`devices.Habits`); meters that
are connected otherwise than the form says are mistakes (`mistakes`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quirks:
    """What is odd in a house; times in s.

    `sleeps` is what gives nothing without sun: the sensors of the "sun", or of a "hybrid" inverter,
    whose battery sleeps, too; "": nothing does.
    """

    late_s: float = 0.0
    every_s: float = 0.0
    sleeps: str = ""


PLAIN = Quirks()
"""A house in which nothing is odd."""


@dataclass(slots=True)
class Late:
    """A logger that shows values (W by entity) `late_s` late, once in `every_s`."""

    late_s: float
    every_s: float
    _past: deque[tuple[float, Mapping[str, float]]] = field(default_factory=deque)
    _shown_at: float = float("-inf")

    def due(self, now: float, values: Mapping[str, float]) -> Mapping[str, float] | None:
        """Take note of the `values` of `now`; what is reported now, `None`: nothing is."""
        self._past.append((now, values))
        if now - self._shown_at < self.every_s:
            return None
        self._shown_at = now
        while len(self._past) > 1 and self._past[1][0] <= now - self.late_s:
            self._past.popleft()
        return self._past[0][1]

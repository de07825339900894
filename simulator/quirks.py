"""Odd but common devices: what they show is true in part, or old.

kind            what is odd                                      where it is met
power_only      a charger reports its power, and no current      many number chargers
keeps_legs      when nothing flows any more, the current of a    Home Assistant's OCPP
                charger shows 0, and its attributes L1 to L3     integration (v0.11)
                what flowed last
late_s,         sun and battery power are shown that late, and   inverters behind a cloud, loggers
every_s         that often
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quirks:
    """What is odd in a house; chargers by id, times in s."""

    power_only: frozenset[str] = frozenset()
    keeps_legs: frozenset[str] = frozenset()
    late_s: float = 0.0
    every_s: float = 0.0


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

"""The time of a station, which is passed in, so that a test can set it."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

LEAST_JUMP_S = 2.0
"""The times of OCPP are whole seconds, and a while on their way."""


class Clock(Protocol):
    """What tells the time (epoch s) and lets it pass."""

    def now(self) -> float:
        """The time, in s since 1970."""

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` of this clock have passed."""


class WallClock:
    """The machine's clock, `speed` times as fast from its making on."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._epoch = time.time()
        self._mark = time.monotonic()

    def now(self) -> float:
        """The time, in s since 1970; never backwards."""
        return self._epoch + (time.monotonic() - self._mark) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` of this clock have passed."""
        await asyncio.sleep(max(seconds, 0.0) / self.speed)


class Skewed:
    """A station's own clock on top of another: it is set now and then, and goes wrong between.

    `drift` is how much it gains, in s per s.
    """

    def __init__(self, clock: Clock, drift: float = 0.0) -> None:
        self._clock = clock
        self._drift = drift
        self._offset_s = 0.0
        self._set_at = clock.now()

    def now(self) -> float:
        """What the station thinks the time is."""
        true = self._clock.now()
        return true + self._offset_s + (true - self._set_at) * self._drift

    def set(self, now: float) -> float:
        """Take over the central system's time; by how much that is a jump, in s.

        A clock that drifts is never set, and a small jump is none.
        """
        jump_s = now - self.now()
        if self._drift != 0.0 or abs(jump_s) < LEAST_JUMP_S:
            return 0.0
        self._offset_s += jump_s
        return jump_s

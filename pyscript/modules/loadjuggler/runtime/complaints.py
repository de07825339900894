"""Errors that should not happen: logged once, and told in the status until they are over.

An error in one thing must not stop another: an entity that can't be set, a trigger that can't be
made. So each such thing is done on its own (`Complaints.each`).

```
    cycle 1: a trigger can't be made ─▶ logged, noted, and a cycle is asked for
    cycle 2: the status says so, people are notified; it fails again ─▶ noted
    cycle 3: the status still says so; it works
    cycle 4: the status is as it was, the notification is withdrawn
```
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from .controller import Keeper
from .errors import where
from .hands import Hands

T = TypeVar("T")


class Complaints:
    """Keeps what has failed beside the runs of a Keeper; `wake` asks for a cycle soon."""

    def __init__(self, hands: Hands, keeper: Keeper, wake: Callable[[], None]) -> None:
        """Start with nothing that has failed."""
        self._hands = hands
        self._keeper = keeper
        self._wake = wake
        self._latest = ""
        self._logged: set[str] = set()
        self._calls_logged: dict[str, float] = {}

    def cycle_begins(self) -> None:
        """Have the next run tell what has failed since the last cycle began; "": nothing."""
        self._keeper.trouble, self._latest = self._latest, ""

    def note(self, error: Exception) -> None:
        """Log an error with its traceback, of each kind only the first; the next cycle tells it."""
        self._latest = self._keeper.beside(error)
        kind = where(error)
        if kind not in self._logged:
            self._logged.add(kind)
            self._hands.log.error("This should not happen", exc_info=error)
            self._wake()

    def of_call(self, load: str, error: str) -> None:
        """Log that a call for a load failed, unless that was logged within `Options.calm_s`.

        A charger that fails each other call would fill the log: each failure is the first in a row.
        """
        now, calm_s = self._hands.monotonic(), self._keeper.options.calm_s
        if now - self._calls_logged.get(load, -math.inf) >= calm_s:
            self._calls_logged[load] = now
            self._hands.log.warning("A call for %s failed: %s", load, error)

    def each(self, work: Callable[..., T], *args: Any) -> T | None:
        """The result of `work`; `None` after an error, which is noted."""
        try:
            return work(*args)
        except Exception as error:  # whatever it is, all else must go on
            self.note(error)
            return None

"""Calls of services in the background: at most one is under way for each load.

A charger that answers slowly delays no other load. When it has answered, it is told the newest
command only: a newer call replaces one that waits, if both have the same slot.

```
    run 1: 11 A ──▶ under way ................................ answered
    run 2: 10 A ──▶ waits ── replaced                             │
    run 3:  9 A ──────────────▶ waits ............................▶ under way
```
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from ..calls import ServiceCall

Made = tuple[str | None, Any]
"""How a call ended: what went wrong (`None`: nothing), and the response."""


class Queues:
    """A queue of calls for each load.

    `make` makes a call and answers how it ended; it must not raise. `ended` is called after each.
    """

    def __init__(
        self,
        make: Callable[[ServiceCall], Awaitable[Made]],
        ended: Callable[[ServiceCall, str | None, Any], None],
    ) -> None:
        """Start with nothing to send."""
        self._make = make
        self._ended = ended
        self._waiting: dict[str, list[ServiceCall]] = {}
        self._under_way: dict[str, asyncio.Task[None] | None] = {}

    def send(self, calls: Iterable[ServiceCall]) -> None:
        """Send calls, in their order for each load, without waiting for any.

        If no call of a load is under way, its first one has gone out when this returns.
        """
        by_load: dict[str, list[ServiceCall]] = {}
        for call in calls:
            by_load.setdefault(call.load_id, []).append(call)
        for load, newer in by_load.items():
            slots = [call.slot for call in newer]
            still = [call for call in self._waiting.get(load, ()) if call.slot not in slots]
            self._waiting[load] = still + newer
        for load in by_load:
            if load not in self._under_way:
                self._under_way[load] = None
                task = _started(self._send_waiting(load))
                if not task.done():  # a task that is done has removed itself already
                    self._under_way[load] = task  # asyncio keeps no reference of its own

    async def _send_waiting(self, load: str) -> None:
        """Make the calls that wait for `load`, one after the other, until none is left."""
        try:
            while self._waiting.get(load):
                call = self._waiting[load].pop(0)
                error, response = await self._make(call)
                self._ended(call, error, response)
        finally:
            self._waiting.pop(load, None)
            self._under_way.pop(load, None)

    def go_on_from(self, old: Queues) -> None:
        """Take over the calls of `old` that wait or are under way; they end here."""
        self._waiting, self._under_way = old._waiting, old._under_way
        old._make, old._ended = self._make, self._ended


def _started(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task that has already run up to its first wait (before Python 3.12: that runs soon)."""
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
    return asyncio.create_task(work)

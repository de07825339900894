"""Loads that leave the plan: each is put on its safe level, however long that takes.

A load leaves if its automation is deleted or switched off, or its device is another one. Its safe
level is its minimum (a charger) or what it has (a plug).

```
    0 s       the load leaves; calls go out             due again in 60 s, if nobody answers
    2 s       one of two calls fails                    due again after 5 s, then 10, 20 ... 300 s
    7 s       all calls are made again, and succeed     the load is forgotten
  offline     no call is made                           tried in every run for a day, then let go
  back        the load is in the plan again             forgotten: the plan commands it
```

Source: docs/product.md section 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..calls import ServiceCall
from ..loads import drive
from ..memory.load import LoadMemory
from ..memory.memory import Memory
from ..options import Options
from ..sense import sense
from ..site.model import Load, Site
from ..snapshot import Snapshot

FOR_S = 86400.0
"""A load that can't be reached for this long is left as it is."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries have failed in a row, and when the next one is due.

    `due_at` is epoch s; infinite while a try is under way, and after one that succeeded.
    """

    failures: int = 0
    due_at: float = -math.inf

    def due(self, now: float, options: Options) -> bool:
        """Whether a try is due. If the clock was set back, it waits `retry_most_s` at most."""
        return self.due_at < math.inf and not now < self.due_at <= now + options.retry_most_s

    def failed(self, now: float, options: Options) -> Tries:
        """The same after one more failure: the next try comes later each time."""
        return Tries(self.failures + 1, now + options.backoff_s(self.failures))


@dataclass(frozen=True, slots=True)
class _LetGo:
    """A load that is leaving, with the site that it was part of and its own memory.

    `since` is epoch s. `calls` are under way; `again`: one of them has failed, so all are made
    again.
    """

    load: Load
    site: Site
    memory: LoadMemory
    since: float
    tries: Tries = Tries()
    calls: tuple[ServiceCall, ...] = ()
    again: bool = False


class Leaving:
    """Keeps the loads that are leaving, and makes their calls."""

    def __init__(self, options: Options) -> None:
        """Start with no load."""
        self.options = options
        self._let_go: list[_LetGo] = []

    def add(self, load: Load, site: Site, memory: LoadMemory, now: float) -> None:
        """Take over a load that leaves; `site` is what it was part of, `memory` its own."""
        self._let_go.append(_LetGo(load, site, memory, now))

    def entities(self) -> set[str]:
        """Entity ids that a snapshot must contain for these loads."""
        found: set[str] = set()
        for gone in self._let_go:
            found |= gone.site.entities()
        return found

    def calls(
        self, site: Site | None, memory: Memory, snapshot: Snapshot, now: float
    ) -> tuple[ServiceCall, ...]:
        """The calls to make now. A load whose device is in the plan (`site`) again is forgotten."""
        controlled = [load.control for load in site.loads.values()] if site else []
        kept: list[_LetGo] = []
        calls: list[ServiceCall] = []
        for gone in self._let_go:
            age_s = now - min(gone.since, now)
            if gone.load.control in controlled or age_s > FOR_S:
                continue
            tried = self._try(gone, memory, snapshot, now)
            if tried is not None:
                kept.append(tried)
                calls += tried.calls if tried is not gone else ()
        self._let_go = kept
        return tuple(calls)

    def _try(self, gone: _LetGo, memory: Memory, snapshot: Snapshot, now: float) -> _LetGo | None:
        """`gone` with calls to make now; `gone` itself: no try is due; `None`: nothing is left."""
        if not gone.tries.due(now, self.options):
            return gone
        load = gone.load
        alone = replace(gone.site, loads={load.id: load})
        told = replace(memory, loads={load.id: gone.memory})
        readings, seen = sense(alone, told, snapshot, now, self.options)
        calls = drive.release(load, readings.loads[load.id], seen.load(load.id))
        if not calls:
            return None if readings.loads[load.id].connected else gone
        # A call that was replaced in its queue never ends, so after this time it is made again.
        patience_s = max(2 * self.options.call_timeout_s, self.options.retry_s)
        tries = Tries(gone.tries.failures, now + min(patience_s, self.options.retry_most_s))
        return replace(gone, memory=seen.load(load.id), tries=tries, calls=calls, again=False)

    def succeeded(self, call: ServiceCall) -> bool:
        """Note that `call` went through; answers whether it was made here.

        When all calls of a load have gone through, the load is forgotten.
        """
        gone = self._of(call)
        if gone is None:
            return False
        if not gone.again:
            left = tuple(other for other in gone.calls if other is not call)
            self._put(gone, replace(gone, calls=left) if left else None)
        return True

    def failed(self, call: ServiceCall, now: float) -> bool | None:
        """Note that `call` failed; answers whether it is the first in a row; `None`: not ours."""
        gone = self._of(call)
        if gone is None:
            return None
        if gone.again:
            return False  # two calls that were made together count as one failure
        self._put(gone, replace(gone, tries=gone.tries.failed(now, self.options), again=True))
        return gone.tries.failures == 0

    def _of(self, call: ServiceCall) -> _LetGo | None:
        return next((gone for gone in self._let_go if any(call is c for c in gone.calls)), None)

    def _put(self, old: _LetGo, new: _LetGo | None) -> None:
        kept = [gone for gone in self._let_go if gone is not old]
        self._let_go = kept if new is None else [*kept, new]

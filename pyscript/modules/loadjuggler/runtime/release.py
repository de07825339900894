"""Loads that leave the plan: each is put on its safe level once, however long that takes.

A charger that is offline is waited for, and a call that fails is made again, later each time.
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
"""One that can't be reached for so long is let go as it is."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something has failed in a row, and when it may be tried again.

    `due_at` is in epoch s; without end while it is under way, and once it has been done.
    """

    failures: int = 0
    due_at: float = -math.inf

    def due(self, now: float, options: Options) -> bool:
        """Whether it may be tried; a clock that was set back does not make it wait for long."""
        return self.due_at < math.inf and not now < self.due_at <= now + options.retry_most_s

    def failed(self, now: float, options: Options) -> Tries:
        """Having failed once more: later each time."""
        return Tries(self.failures + 1, now + options.backoff_s(self.failures))


@dataclass(frozen=True, slots=True)
class _LetGo:
    """A load on its way out: the site that it was part of, what it was told, calls under way.

    `again`: one of the calls has failed, so all must be made again.
    """

    load: Load
    site: Site
    memory: LoadMemory
    since: float
    tries: Tries = Tries()
    calls: tuple[ServiceCall, ...] = ()
    again: bool = False


class Leaving:
    """Keeps the loads that are on their way out."""

    def __init__(self, options: Options) -> None:
        """Start with none."""
        self.options = options
        self._let_go: list[_LetGo] = []

    def add(self, load: Load, site: Site, memory: LoadMemory, now: float) -> None:
        """Let go of a load; `site` is what it was part of, `memory` what it was told."""
        self._let_go.append(_LetGo(load, site, memory, now))

    def entities(self) -> set[str]:
        """Entity ids that have to be known for it."""
        found: set[str] = set()
        for gone in self._let_go:
            found |= gone.site.entities()
        return found

    def calls(
        self, site: Site | None, memory: Memory, snapshot: Snapshot, now: float
    ) -> tuple[ServiceCall, ...]:
        """Calls to make now; what is in the plan (`site`) again needs none."""
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
        """`gone` with the calls that are to be made now; itself: none yet; `None`: all is done."""
        if not gone.tries.due(now, self.options):
            return gone
        load = gone.load
        alone = replace(gone.site, loads={load.id: load})
        told = replace(memory, loads={load.id: gone.memory})
        readings, seen = sense(alone, told, snapshot, now, self.options)
        calls = drive.release(load, readings.loads[load.id], seen.load(load.id))
        if not calls:
            return None if readings.loads[load.id].connected else gone
        # A call that a newer one replaced is never answered: then it is made again, too.
        patience_s = max(2 * self.options.call_timeout_s, self.options.retry_s)
        tries = Tries(gone.tries.failures, now + min(patience_s, self.options.retry_most_s))
        return replace(gone, memory=seen.load(load.id), tries=tries, calls=calls, again=False)

    def succeeded(self, call: ServiceCall) -> bool:
        """Whether `call` was made here; it went through, and once all have the load is gone."""
        gone = self._of(call)
        if gone is None:
            return False
        if not gone.again:
            left = tuple(other for other in gone.calls if other is not call)
            self._put(gone, replace(gone, calls=left) if left else None)
        return True

    def failed(self, call: ServiceCall, now: float) -> bool | None:
        """Whether a call made here that failed is the first in a row; `None`: it was not."""
        gone = self._of(call)
        if gone is None:
            return None
        if gone.again:
            return False  # two profiles that fail together have failed once
        self._put(gone, replace(gone, tries=gone.tries.failed(now, self.options), again=True))
        return gone.tries.failures == 0

    def _of(self, call: ServiceCall) -> _LetGo | None:
        return next((gone for gone in self._let_go if any(call is c for c in gone.calls)), None)

    def _put(self, old: _LetGo, new: _LetGo | None) -> None:
        kept = [gone for gone in self._let_go if gone is not old]
        self._let_go = kept if new is None else [*kept, new]

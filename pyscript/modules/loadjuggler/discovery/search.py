"""When to search for a charger's entities again: seldom, and only while something is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..options import Options
from ..site.model import Load, Site
from ..snapshot import Snapshot
from .roles import DOMAINS

_DOTTED = tuple(f"{domain}." for domain in DOMAINS)


class Search:
    """Decides when all states are searched, which takes as long as ten runs.

    That is when entities have been added or removed. Otherwise the time between two searches is
    doubled each time: 10, 20, 40 s and so on, up to 300 s.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing missing."""
        self.options = options
        self._lacking = False
        self._asked_at = self._looked_at = -math.inf
        self._tries = 0
        self._names = 0

    def note(self, site: Site | None, snapshot: Snapshot) -> None:
        """Note whether anything is missing in the states of a run."""
        loads = site.loads.values() if site else ()
        self._lacking = any(lacks(load, snapshot) for load in loads)
        if not self._lacking:
            self._tries = 0

    def due(self, now: float) -> bool:
        """Whether to look at the ids of all entities now (epoch s)."""
        if now < self._asked_at:  # the clock was set back
            self._asked_at = self._looked_at = -math.inf
        return self._lacking and now - self._asked_at >= self.options.search_s

    def worthwhile(self, names: Iterable[str], now: float) -> bool:
        """Whether to search their states, too; `names` are the ids of all entities."""
        self._asked_at = now
        there = hash(frozenset(name for name in names if name.startswith(_DOTTED)))
        # Friendly names and units may change although ids do not.
        longest_s = max(self.options.retry_most_s, self.options.search_s)
        patient_s = min(self.options.search_s * 2.0 ** min(self._tries, 30), longest_s)
        if there == self._names and now - self._looked_at < patient_s:
            return False
        self._tries = self._tries + 1 if there == self._names else 0
        self._names, self._looked_at = there, now
        return True


def lacks(load: Load, snapshot: Snapshot) -> bool:
    """Whether an entity of a load is missing that a search might find under another name."""
    sensors = load.sensors
    if not load.kind.searched_for:
        return False
    legs = tuple(entity for _, entity in sensors.current_by_leg)
    measured = (*legs, *sensors.current, *sensors.power)
    needed = (sensors.status, sensors.transaction, measured)
    return any(not any(entity in snapshot for entity in one) for one in needed)

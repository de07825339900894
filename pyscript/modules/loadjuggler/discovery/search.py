"""When to look for a charger's entities again: seldom, and only while something is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..options import Options
from ..site.model import Load, Site
from ..snapshot import Snapshot
from .roles import DOMAINS

_DOTTED = tuple(f"{domain}." for domain in DOMAINS)


class Search:
    """Knows what is missing, and whether looking for it again could help.

    A look at all states takes as long as ten runs. So it is taken when the names of entities have
    changed, else ever more seldom.
    """

    def __init__(self, options: Options) -> None:
        """Start with nothing missing."""
        self.options = options
        self._lacking = False
        self._asked_at = self._looked_at = -math.inf
        self._tries = 0
        self._names = 0

    def note(self, site: Site | None, snapshot: Snapshot) -> None:
        """Take in what a run was given."""
        loads = site.loads.values() if site else ()
        self._lacking = any(lacks(load, snapshot) for load in loads)
        if not self._lacking:
            self._tries = 0

    def due(self, now: float) -> bool:
        """Whether to look at the names of entities."""
        if now < self._asked_at:  # the clock was set back
            self._asked_at = self._looked_at = -math.inf
        return self._lacking and now - self._asked_at >= self.options.search_s

    def worthwhile(self, names: Iterable[str], now: float) -> bool:
        """Whether to look at their states."""
        self._asked_at = now
        there = hash(frozenset(name for name in names if name.startswith(_DOTTED)))
        # Names and units may change while ids do not.
        longest_s = max(self.options.retry_most_s, self.options.search_s)
        patient_s = min(self.options.search_s * 2.0 ** min(self._tries, 30), longest_s)
        if there == self._names and now - self._looked_at < patient_s:
            return False
        self._tries = self._tries + 1 if there == self._names else 0
        self._names, self._looked_at = there, now
        return True


def lacks(load: Load, snapshot: Snapshot) -> bool:
    """Whether something of a load is not there that might be found by another name."""
    sensors = load.sensors
    if not load.kind.searched_for:
        return False
    legs = tuple(entity for _, entity in sensors.current_by_leg)
    measured = (*legs, *sensors.current, *sensors.power)
    needed = (sensors.status, sensors.transaction, measured)
    return any(not any(entity in snapshot for entity in one) for one in needed)

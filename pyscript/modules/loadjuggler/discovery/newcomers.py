"""Chargers of the OCPP integration that no form names yet."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..measure.lookup import NO_VALUE
from ..site.model import Site
from ..snapshot import Snapshot
from .charge_points import charge_points, matching

EVERY_S = 300.0
"""All entities are looked at this often."""


def newcomers(states: Snapshot, named: Iterable[str]) -> tuple[str, ...]:
    """Names of charge points among `states` that are in use and that no form names.

    `named` are the charge points in forms, as typed.
    """
    points = charge_points(states)
    known = {point.name for typed in named for point in matching(points, typed)}
    return tuple(
        point.name
        for point in points
        if point.name not in known
        and any(one.state.value.lower() not in NO_VALUE for one in point.candidates)
    )


class Newcomers:
    """Keeps the names of charge points that no form names, as of the last look."""

    def __init__(self) -> None:
        """Start without a name."""
        self.names: tuple[str, ...] = ()
        self._looked_at = -math.inf

    def due(self, site: Site | None, now: float) -> bool:
        """Whether to look at all entities: the site wants to be told, and `EVERY_S` have passed."""
        if site is None or "new_charger" not in site.notify.kinds:
            self.names = ()
            return False
        return not 0 <= now - self._looked_at < EVERY_S

    def look(self, states: Snapshot, site: Site | None, now: float) -> None:
        """Find chargers that no form of `site` names among the states of all entities."""
        loads = site.loads.values() if site else ()
        named = [point for load in loads if (point := load.control.charge_point) is not None]
        self.names, self._looked_at = newcomers(states, named), now

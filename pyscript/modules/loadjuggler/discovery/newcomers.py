"""Chargers of the OCPP integration that no form names yet."""

from __future__ import annotations

from collections.abc import Iterable

from ..sense.lookup import NO_VALUE
from ..snapshot import Snapshot
from .charge_points import charge_points, matching

EVERY_S = 300.0
"""Between two looks at all entities."""


def newcomers(states: Snapshot, named: Iterable[str]) -> tuple[str, ...]:
    """Names of charge points among `states` that have a value, and that no id in `named` means."""
    points = charge_points(states)
    known = {point.name for typed in named for point in matching(points, typed)}
    return tuple(
        point.name
        for point in points
        if point.name not in known
        and any(one.state.value.lower() not in NO_VALUE for one in point.candidates)
    )

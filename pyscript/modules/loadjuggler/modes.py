"""Operating modes of loads, and distribution modes of the site: the names and what they mean.

A mode is how urgent a load is and where it may take its current from: a row here, its texts,
and a line in the docs. Source: docs/product.md sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """`urgency`: smaller goes first. `takes`: whether the load runs at all in this mode."""

    name: str
    label: str
    urgency: int
    kinds: tuple[str, ...]
    takes: bool = True


MODES = {
    mode.name: mode
    for mode in (
        Mode("standard", "Standard: as fast as the wires allow", 0, ("charger",)),
        Mode("continuous", "Continuous: always on", 0, ("plug",)),
        Mode("off", "Off: not managed", 9, ("charger", "plug"), takes=False),
    )
}


DISTRIBUTIONS = {
    "priority": "Priority: the first takes the most that fits",
    "shared": "Shared: all grow together",
    "strict": "Strict: the first takes all it can, even if the next one stops",
    "optimized": "Optimized: the first leaves the next one its minimum",
}


def for_kind(kind: str) -> tuple[Mode, ...]:
    """Modes that the form of a `kind` of load offers."""
    return tuple(mode for mode in MODES.values() if kind in mode.kinds)

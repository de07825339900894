"""Readings of loads for tests of one piece of the engine."""

from __future__ import annotations

from typing import Any

from loadjuggler.measure.readings import LoadReading


def charging(**values: Any) -> LoadReading:
    """A car on leg L1 of phase A that charges, from 6 to 16 A; `values` are other fields."""
    known: dict[str, Any] = {
        "status": "Charging",
        "active": True,
        "connected": True,
        "mode": "standard",
        "priority": 5.0,
        "min_a": 6.0,
        "max_a": 16.0,
        "legs": (("L1", "A"),),
    }
    return LoadReading(**{**known, **values})


def flickering(flicker_a: float) -> tuple[float, ...]:
    """The last 40 movements of a meter's phase that flickers by `flicker_a`, A.

    Each is the opposite of the one before, so they differ by twice as much, and the flicker is 1.27
    times that (docs/decisions/0025).
    """
    move_a = flicker_a / 1.27 / 2.0
    return (move_a, -move_a) * 20

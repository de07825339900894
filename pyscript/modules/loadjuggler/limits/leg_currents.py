"""Currents of a load's legs as currents of the site's phases, and back.

Example: legs (("L1", "A"), ("L2", "A"), ("L3", "C")) with 6 A on each are 12 A on A and 6 A on C.
"""

from __future__ import annotations

from functools import lru_cache

from ..measure.readings import LoadReading
from ..site.model import Legs
from ..units import PerPhase


def leg_current_a(reading: LoadReading, draw: PerPhase) -> float:
    """The largest current of one leg, in A, if a load draws `draw` (A per phase).

    Legs on the same phase share its current evenly.
    """
    on_a, on_b, on_c = _legs_on(reading.legs)
    a, b, c = draw.a, draw.b, draw.c
    if a is not None and b is not None and c is not None:
        return max(a / (on_a or 1), b / (on_b or 1), c / (on_c or 1))
    pairs = ((a, on_a), (b, on_b), (c, on_c))
    return max([amps / (legs or 1) for amps, legs in pairs if amps is not None], default=0.0)


@lru_cache(maxsize=4096)
def same_on_each_leg(legs: Legs, amps: float) -> PerPhase:
    """`amps` (A) on each leg, as A per site phase; legs on the same phase add up."""
    return PerPhase(*[count * amps if count else None for count in _legs_on(legs)])


@lru_cache(maxsize=4096)
def _legs_on(legs: Legs) -> tuple[int, int, int]:
    """The number of legs on phases A, B and C."""
    phases = [phase for _, phase in legs]
    return phases.count("A"), phases.count("B"), phases.count("C")

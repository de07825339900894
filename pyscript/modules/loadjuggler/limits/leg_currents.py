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
    among_a, among_b, among_c = _shared_by(reading.legs)
    a, b, c = draw.a, draw.b, draw.c
    if a is not None and b is not None and c is not None:
        return max(a / among_a, b / among_b, c / among_c)
    pairs = ((a, among_a), (b, among_b), (c, among_c))
    return max([amps / legs for amps, legs in pairs if amps is not None], default=0.0)


@lru_cache(maxsize=4096)
def _shared_by(legs: Legs) -> tuple[int, int, int]:
    """By how many legs the current of phases A, B and C is shared; 1 where there is no leg."""
    a, b, c = _legs_on(legs)
    return a or 1, b or 1, c or 1


@lru_cache(maxsize=4096)
def same_on_each_leg(legs: Legs, amps: float) -> PerPhase:
    """`amps` (A) on each leg, as A per site phase; legs on the same phase add up."""
    return PerPhase(*[count * amps if count else None for count in _legs_on(legs)])


@lru_cache(maxsize=4096)
def _legs_on(legs: Legs) -> tuple[int, int, int]:
    """The number of legs on phases A, B and C."""
    phases = [phase for _, phase in legs]
    return phases.count("A"), phases.count("B"), phases.count("C")

"""What is odd in a random house: devices, meters and sun as people have them, not as one hopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..house import Life
from ..mistakes import MeterMistake, Mistakes
from ..quirks import Quirks
from ..scenario import MAIN, Scenario
from .moves import START

FLASH_S = (5.0, 20.0)
"""A gap in the clouds lasts so long."""


def odd(chance: Random, scenario: Scenario, life: Life) -> Life:
    """`life` with what is odd in this house; in half of all houses nothing is.

    What its chargers measure is drawn with everything else (`moves.life_of`).
    """
    if chance.random() < 0.5:
        return life
    kind = chance.choice(("sources", "sources", "flashes", "flashes", "meter"))
    if kind == "sources":
        every_s = chance.choice((30.0, 60.0, 300.0))
        return replace(life, quirks=Quirks(late_s=chance.choice((0.0, every_s)), every_s=every_s))
    if kind == "flashes" and life.sun is not None:
        return replace(life, sun=_flashes(chance, life.sun))
    if kind == "meter":
        return replace(life, mistakes=Mistakes(meters={MAIN: _meter(chance, scenario)}))
    return life


def _meter(chance: Random, scenario: Scenario) -> MeterMistake:
    """A main meter without a sign, or one that does not see the loads."""
    if chance.random() < 0.5:
        return MeterMistake(unsigned=tuple(scenario.site.phases))
    return MeterMistake(without=tuple(load.id for load in scenario.loads))


def _flashes(chance: Random, sun: Callable[[float], float]) -> Callable[[float], float]:
    """`sun` (W at a time) behind a deck of clouds that has a gap every few minutes."""
    every_s, lasts_s = chance.uniform(120.0, 600.0), chance.uniform(*FLASH_S)
    deck = chance.uniform(0.0, 0.3)

    def seen(now: float) -> float:
        return sun(now) * (1.0 if (now - START) % every_s < lasts_s else deck)

    return seen

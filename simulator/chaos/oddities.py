"""What is odd in a random house: devices, meters and sun as people have them, not as one hopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from loadjuggler.units import DAY_S

from ..devices import TAKES
from ..house import Life
from ..mistakes import MeterMistake, Mistakes
from ..quirks import Quirks
from ..scenario import MAIN, Scenario
from .moves import START

FLASH_S = (5.0, 20.0)
"""A gap in the clouds lasts so long."""

SUN_H = (7.0, 18.0)
"""Where inverters sleep, the sun is up in these hours, or until a chance dusk in the first day."""

RETROFIT_W = 2500.0
"""A battery on one phase gives and takes no more."""


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


def says(chance: Random, life: Life) -> Life:
    """In a third of all houses chargers report at once when their current has changed."""
    if chance.random() < 2 / 3:
        return life
    return replace(life, habits=replace(life.habits, says_s=float(chance.choice((0, 1, 2)))))


def devices(chance: Random, scenario: Scenario, life: Life, length_s: int) -> tuple[Scenario, Life]:
    """The house with odd devices, in half of all houses; else as it is.

    A battery on one phase, which its form names or not; chargers that refuse what most take, and do
    not say so; an inverter that sleeps without sun. In each house one of those that it can have.
    """
    if chance.random() < 0.5:
        return scenario, life
    kinds = ["refuses"] if life.cars else []
    if scenario.battery and len(scenario.site.phases) == 3:
        kinds += ["battery", "battery"]
    if scenario.solar.measured and life.sun is not None:
        kinds.append("sleeps")
    kind = chance.choice(kinds or [""])
    if kind == "battery":
        return _on_one_phase(chance, scenario, life)
    if kind == "refuses":
        takes, untold_a = chance.choice(TAKES[1:]), chance.choice((6.0, 16.0))
        return scenario, replace(life, habits=replace(life.habits, takes=takes, untold_a=untold_a))
    if kind == "sleeps" and life.sun is not None:
        dusk = START + chance.uniform(60.0, min(length_s, DAY_S / 3) * 0.8)
        quirks = replace(life.quirks, sleeps=chance.choice(("sun", "hybrid")))
        return scenario, replace(life, quirks=quirks, sun=_until(dusk, life.sun))
    return scenario, life


def _on_one_phase(chance: Random, scenario: Scenario, life: Life) -> tuple[Scenario, Life]:
    """The battery on one phase: its form says so, or says all alike."""
    assert scenario.battery is not None
    phase = chance.choice(scenario.site.phases)
    battery = replace(scenario.battery, max_charge_power=RETROFIT_W, max_discharge_power=RETROFIT_W)
    if chance.random() < 0.5:
        return replace(scenario, battery=replace(battery, phase=phase)), life
    mistakes = replace(life.mistakes, battery=phase)
    return replace(scenario, battery=battery), replace(life, mistakes=mistakes)


def _until(dusk: float, sun: Callable[[float], float]) -> Callable[[float], float]:
    """`sun` (W at a time) until `dusk` (epoch s), and by day from the next morning on."""

    def seen(now: float) -> float:
        hour = now % DAY_S / 3600.0
        morning = START - START % DAY_S + DAY_S
        up = now < dusk if now < morning else SUN_H[0] <= hour < SUN_H[1]
        return sun(now) if up else 0.0

    return seen

"""What happens in a random house: household with jumps, ramps and flicker, clouds, cars, water."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ..cars import Car, Visit
from ..devices import Habits, Water
from ..house import Life
from ..physics import Amps
from ..scenario import MAIN, Scenario

START = 1_700_038_800.0
"""Epoch s at which episodes begin: 9:00, because many of them have sun."""
MOST_JUMP_A = 12.0
"""An instant water heater or an oven: hardly any household appliance takes more on a phase."""

FLICKER_A = (0.05, 0.4)
"""A household's current moves every second; its standard deviation on a phase is within these."""

Curve = Sequence[float]
"""A value for each second."""


def life_of(chance: Random, scenario: Scenario, length_s: int) -> Life:
    """Household, sun, cars and water of `length_s` from START on."""
    household = _household(chance, scenario, length_s)
    sunny = scenario.solar.measured or scenario.inverter.max_power or chance.random() < 0.3
    peak_w = chance.uniform(1000, scenario.inverter.max_power or 12000) if sunny else 0.0
    clouds = _curve(chance, length_s, 0.3, peak_w, 120.0)
    legs = {load.id: tuple(load.phases) for load in scenario.loads if load.type == "charger"}
    # An idle charger holds its minimum, so a car begins with that (docs/decisions/0003). Others are
    # told to make room when it is plugged in; who is slower than the start can't have done so.
    reaction_s = float(chance.randint(1, 8))
    return Life(
        household=household.whole,
        behind=household.behind,
        sun=lambda now: max(peak_w - clouds[_second(now, length_s)], 0.0),
        cars={load: _car(chance, wired, length_s, reaction_s) for load, wired in legs.items()},
        water={
            load.id: Water(litres=chance.uniform(5, 150), first_c=chance.uniform(20, 60))
            for load in scenario.loads
            if load.type == "plug" and chance.random() < 0.5
        },
        habits=Habits(
            reaction_s=reaction_s,
            report_s=float(chance.choice((5, 10, 15, 30, 60))),
            start_s=max(5.0, reaction_s),
            untold_a=float(chance.choice((0, 6, 16))),
            ends_when_full=chance.random() < 0.5,
            measures=_measures(chance),
        ),
        meter_s=float(chance.choice((1, 1, 2, 3, 5, 10))),
        meter_step_a=0.1,
        battery_kwh=chance.uniform(1, 15) if scenario.battery else None,
    )


def _measures(chance: Random) -> str:
    """What chargers measure.

    It is drawn aside, so that all else is as before there were any but those that measure each leg.
    """
    aside = Random(chance.getstate()[1][0])
    return aside.choice(("legs", "legs", "power", "left"))


def _car(chance: Random, wired: Sequence[str], length_s: int, slowest_s: float) -> Car:
    """A car that is there from the start, or comes, and may leave and come back.

    It obeys as slowly as the slowest of the house (`slowest_s`), or more quickly.
    """
    visits, at = [], START + chance.choice((0.0, 0.0, chance.uniform(0, 900)))
    while at < START + length_s:
        leaves = at + chance.uniform(300, max(length_s / 2, 2400))
        visits.append(Visit(round(at), round(leaves), chance.uniform(20, 99)))
        at = leaves + chance.uniform(60, max(length_s / 4, 600))
    return Car(
        tuple(visits),
        capacity_kwh=chance.uniform(5, 80),
        most_a=float(chance.choice((8, 16, 16, 32))),
        legs=tuple(wired[: chance.randint(1, len(wired))]),
        reaction_s=chance.choice((slowest_s, float(chance.randint(1, round(slowest_s))))),
    )


def _curve(chance: Random, length_s: int, base: float, most: float, apart_s: float) -> array[float]:
    """Values from `base` up: about every `apart_s` something more for a while, up to `most`.

    Half of it jumps, the other half comes and goes on ramps.
    """
    values = array("d", [base]) * length_s
    at = chance.expovariate(1 / apart_s)
    while at < length_s:
        height, lasts_s = chance.uniform(0.1, 1.0) * most, chance.uniform(10, 300)
        ramp_s = chance.choice((0.0, chance.uniform(5, 60)))
        begin, end = int(at), min(int(at + lasts_s + ramp_s), length_s)
        for second in range(begin, end):
            share = min((second - begin) / ramp_s, (end - second) / ramp_s, 1.0) if ramp_s else 1.0
            values[second] += share * height
        at += chance.expovariate(1 / apart_s)
    return values


@dataclass(frozen=True, slots=True)
class _Household:
    """The household by breaker that it hangs on directly and by phase, second by second.

    `above` are the breakers that it flows through: that one, and those above it.
    """

    curves: Mapping[str, Mapping[str, Curve]]
    above: Mapping[str, tuple[str, ...]]
    phases: str
    length_s: int

    def whole(self, now: float) -> Amps:
        """A by phase of the whole house."""
        second = _second(now, self.length_s)
        return {
            phase: sum(by_phase[phase][second] for by_phase in self.curves.values())
            for phase in self.phases
        }

    def behind(self, now: float) -> Mapping[str, Amps]:
        """A by breaker below the main one, and by phase."""
        second = _second(now, self.length_s)
        amps = {place: dict.fromkeys(self.phases, 0.0) for place in self.above if place != MAIN}
        for circuit, by_phase in self.curves.items():
            for place in self.above[circuit]:
                if place != MAIN:
                    for phase, values in by_phase.items():
                        amps[place][phase] += values[second]
        return amps


def _household(chance: Random, scenario: Scenario, length_s: int) -> _Household:
    """Something on the main breaker, less on breakers with a meter, none where nobody would know.

    A breaker without a meter is taken to carry managed loads only (docs/product.md section 1).
    """
    phases = scenario.site.phases
    busy_s = chance.choice((200.0, 600.0, 1800.0))
    curves = {MAIN: {p: _amps(chance, length_s, MOST_JUMP_A, busy_s) for p in phases}}
    deviation_a = chance.uniform(*FLICKER_A)
    for values in curves[MAIN].values():
        _flicker(chance, values, deviation_a)
    for circuit in scenario.circuits:
        if circuit.measured and chance.random() < 0.7:
            most_a = min(circuit.limit / 2, MOST_JUMP_A)
            curves[circuit.id] = {p: _amps(chance, length_s, most_a, 2 * busy_s) for p in phases}
    above: dict[str, tuple[str, ...]] = {MAIN: (MAIN,)}
    above |= {circuit.id: (*scenario.path(circuit.id), MAIN) for circuit in scenario.circuits}
    return _Household(curves, above, phases, length_s)


def _flicker(chance: Random, values: array[float], deviation_a: float) -> None:
    """Let `values` (A for each second) move by a standard deviation of `deviation_a`."""
    for second in range(len(values)):
        values[second] += chance.gauss(0.0, deviation_a)


def _amps(chance: Random, length_s: int, most_a: float, apart_s: float) -> array[float]:
    return _curve(chance, length_s, chance.uniform(0, 0.15) * most_a, most_a, apart_s)


def _second(now: float, length_s: int) -> int:
    return min(max(int(now - START), 0), length_s - 1)

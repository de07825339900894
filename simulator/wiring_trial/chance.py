"""Houses of a trial, made up from a seed: wiring, meters, cars, boilers, sun, battery."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..clock import DAY, HOUR
from ..household import Household
from ..metering import Metering
from ..mistakes import NONE, Mistakes
from ..physics import Amps
from ..scenario import Battery, CircuitSpec, Inverter, LoadSpec, Scenario, SiteSpec
from ..sky import Panels, Place, clear_w
from ..weather import clouds
from .house import TrialHouse
from .loads import TrialLoad
from .trial import Trial

START = 1_750_464_000.0
"""Midnight of 21 June 2025."""
LEGS = ("L1", "L2", "L3")
THREE = {"L1": "A", "L2": "B", "L3": "C"}
ROTATED = {"L1": "B", "L2": "C", "L3": "A"}
PLUG_W = (700, 1000, 1500, 2000, 2000, 3000)


@dataclass(frozen=True, slots=True)
class Sun:
    """W of the panels at a time, as clouds of each day have it."""

    panels: Panels
    weather: tuple[str, ...]
    seed: int
    start: float
    shares: list[list[float]]
    clear: list[float]

    FIRST_H = 4.0
    HOURS = 16.5
    EVERY_S = 120.0

    @classmethod
    def of(cls, peak_w: float, weather: Sequence[str], seed: int, start: float) -> Sun:
        """The sun of as many days from midnight `start` on as there is `weather` for."""
        panels = Panels(peak_w)
        seconds = int(cls.HOURS * HOUR)
        shares = [
            clouds(kind, seed * 100 + day, cls.FIRST_H, seconds) for day, kind in enumerate(weather)
        ]
        first = start + cls.FIRST_H * HOUR
        clear = [
            clear_w(panels, Place(), first + step * cls.EVERY_S)
            for step in range(int(seconds / cls.EVERY_S) + 2)
        ]
        return cls(panels, tuple(weather), seed, start, shares, clear)

    def __call__(self, now: float) -> float:
        """W at `now`."""
        day, since = divmod(now - self.start, DAY)
        second = int(since - self.FIRST_H * HOUR)
        if not 0 <= int(day) < len(self.shares) or not 0 <= second < len(self.shares[int(day)]):
            return 0.0
        step, rest = divmod(second / self.EVERY_S, 1.0)
        clear = self.clear[int(step)] * (1 - rest) + self.clear[int(step) + 1] * rest
        return self.shares[int(day)][second] * clear


def trial_of(seed: int, days: int = 1, mistakes: Mistakes = NONE) -> Trial:
    """A house with everything that can be in one, of this `seed`, for so many days."""
    chance = random.Random(f"wiring {seed}")
    circuits: list[CircuitSpec] = []
    loads: list[TrialLoad] = []
    peak_w = chance.choice((0.0, 6000.0, 10000.0))
    station = chance.random() < 0.25
    for number in range(2 if station else chance.choice((1, 1, 2))):
        turned = bool(station and number)
        loads.append(_car(chance, f"car{number + 1}", turned, bool(peak_w), days))
    cars = tuple(load.id for load in loads)
    if station or chance.random() < 0.4:
        circuits.append(
            CircuitSpec("garage", 20.0 if not station else 32.0, loads=cars, measured=_odds(chance))
        )
    plugs = chance.choice((0, 1, 1, 2))
    loads += [_plug(chance, f"plug{n + 1}", bool(peak_w), days) for n in range(plugs)]
    battery = Battery(50.0) if peak_w and chance.random() < 0.6 else None
    scenario = Scenario(
        name=f"wiring-{seed}",
        site=SiteSpec(main_breaker=chance.choice((20.0, 25.0, 25.0, 32.0))),
        loads=tuple(_spec(load) for load in loads),
        inverter=Inverter(max_power=10000.0),
        battery=battery,
        circuits=tuple(circuits),
    )
    script = {
        load.id: orders(chance, load) for load in loads if not load.prompt and chance.random() < 0.3
    }
    weather = [chance.choice(("clear", "broken", "broken", "overcast")) for _ in range(days)]
    meter_s = chance.choice((1.0, 1.0, 2.0, 5.0, 10.0))
    house = TrialHouse(
        scenario=scenario,
        household=_household(chance, seed, days, scenario),
        sun=Sun.of(peak_w, weather, seed, START) if peak_w else lambda _: 0.0,
        loads=loads,
        metering=Metering(
            step_a=chance.choice((0.01, 0.1, 0.1)),
            lag_s=chance.choice((0.0, 0.0, 1.0, 3.0)),
            mean_s=chance.choice((0.0, 0.0, 0.0, 5.0)),
            noise_a=chance.choice((0.0, 0.0, 0.03, 0.1)),
            mistakes=mistakes,
        ),
        now=START,
        battery_lag_s=chance.choice((1.0, 3.0, 8.0)),
        sun_on=chance.choice(("ABC", "ABC", "A", "B")) if peak_w < 8000 else "ABC",
        battery_on=chance.choice(("ABC", "ABC", "B", "C")),
        script=script,
    )
    return Trial(house, meter_s)


def orders(
    chance: random.Random, load: TrialLoad, least_s: float = 30.0, most_s: float = 900.0
) -> list[tuple[float, float]]:
    """What a load is told while it is there, as somebody has it who turns the knob: (at, A)."""
    found = []
    for begin, end in load.there:
        at = begin + chance.uniform(5, 60)
        while at < end:
            amps = round(chance.uniform(load.least_a, load.most_a), 1)
            found.append((at, 0.0 if chance.random() < 0.2 else amps))
            at += math.exp(chance.uniform(math.log(least_s), math.log(most_s)))
        found.append((end, 0.0))
    return found


def _odds(chance: random.Random) -> bool:
    return chance.random() < 0.5


def _household(
    chance: random.Random, seed: int, days: int, scenario: Scenario
) -> Callable[[float], Amps]:
    """The household of a day, and something that switches on the stroke of the hour."""
    pump_w = chance.choice((0.0, 2000.0, 3000.0))
    usual = Household(seed, START, days * DAY, scenario.site.phases, 230.0, pump_w)
    if chance.random() < 0.5:
        return usual
    # Another boiler by the clock of the tariff, like the plugs of this house.
    phase, amps = chance.choice("ABC"), chance.uniform(4.0, 12.0)

    def both(now: float) -> Mapping[str, float]:
        found = dict(usual(now))
        if (now - START) % DAY >= 22 * HOUR or (now - START) % DAY < 2 * HOUR:
            found[phase] += amps
        return found

    return both


def _spec(load: TrialLoad) -> LoadSpec:
    """What the form says of a load."""
    if load.prompt:
        power_w = load.most_a * 230.0 * len(load.told)
        return LoadSpec(load.id, "plug", "continuous", load.told, "Charging", power=power_w)
    return LoadSpec(load.id, "charger", "standard", load.told, "Charging", allow_remap=True)


def _car(chance: random.Random, name: str, turned: bool, sunny: bool, days: int) -> TrialLoad:
    """A charger and the car that comes to it; the second plug of a station is `turned`."""
    three = ROTATED if turned else THREE
    told: Mapping[str, str] = three if chance.random() < 0.8 else {"L1": chance.choice("ABC")}
    uses = LEGS[: chance.choice((1, 1, 2, 3, 3))] if len(told) == 3 else ("L1",)
    solar, there, idle = sunny and chance.random() < 0.6, [], []
    hours = (8.5, 9.5, 11.0, 14.0) if solar else (8.5, 12.0, 16.5, 17.5, 18.5)
    for day in range(days):
        if chance.random() < 0.15:
            continue
        midnight = START + day * DAY
        arrives = midnight + chance.choice(hours) * HOUR
        arrives += chance.uniform(-2400, 2400)
        leaves = arrives + chance.uniform(1.0, 5.0) * HOUR
        there.append((arrives, leaves))
        for _ in range(chance.choice((0, 0, 1, 3))):
            begin = chance.uniform(arrives, leaves)
            idle.append((begin, begin + chance.choice((40.0, 120.0, 900.0))))
    return TrialLoad(
        id=name,
        told=told,
        real=told,
        uses=uses,
        least_a=6.0,
        most_a=chance.choice((16.0, 16.0, 32.0)) if len(uses) == 1 else 16.0,
        there=tuple(there),
        idle=tuple(idle),
        solar=solar,
        step_a=chance.choice((0.1, 0.1, 1.0)),
        reaction_s=chance.uniform(0.5, 6.0),
        ramp_a_s=chance.choice((0.5, 2.0, 8.0)),
        short_a=chance.choice((0.0, 0.2, 0.5)),
        uneven={leg: chance.uniform(0.97, 1.02) for leg in LEGS},
        report_s=chance.choice((5.0, 10.0, 30.0, 60.0)),
        first_s=chance.uniform(0, 60),
        late_s=chance.choice((0.0, 0.0, 1.0, 3.0)),
    )


def _plug(chance: random.Random, name: str, sunny: bool, days: int) -> TrialLoad:
    """A boiler behind a plug: by the clock of the tariff or by the sun, with its thermostat."""
    solar, there, idle = sunny and chance.random() < 0.5, [], []
    amps = chance.choice(PLUG_W) / 230.0
    told = {"L1": chance.choice("ABC")} if chance.random() < 0.85 or amps < 8 else THREE
    for day in range(days):
        midnight = START + day * DAY
        begin, end = (10 * HOUR, 15 * HOUR) if solar else (22 * HOUR, 26 * HOUR)
        there.append((midnight + begin, midnight + end))
        at = midnight + begin + chance.uniform(600, 5400)
        while at < midnight + end:
            pause = chance.uniform(300, 3000)
            idle.append((at, at + pause))
            at += pause + chance.uniform(300, 3600)
    return TrialLoad(
        id=name,
        told=told,
        real=told,
        uses=tuple(told),
        least_a=amps / len(told),
        most_a=amps / len(told),
        there=tuple(there),
        idle=tuple(idle),
        solar=solar,
        reaction_s=0.0,
        ramp_a_s=100.0,
        uneven={leg: chance.uniform(0.95, 1.03) for leg in LEGS},
        report_s=chance.choice((5.0, 10.0, 30.0)),
        first_s=chance.uniform(0, 30),
        late_s=chance.choice((0.0, 0.0, 2.0)),
        prompt=True,
        measured=chance.random() < 0.7,
    )

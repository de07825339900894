"""An evening and a night in a street-side house: who cooks, who comes home, who showers.

The household is made up, at one second, from what the nameplates of such appliances say and when
people tend to use them; nothing of it is measured. A seed moves the times a little and gives the
small unrest of everything else.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loadjuggler.units import watts_to_amps

from .devices import Boiler, Car, Habits, Visit
from .house import Life
from .scenario import Scenario
from .scenario_file import read_file

HOUR = 3600.0
START = 1_763_654_400.0
"""Epoch s of the demonstration's 16:00 (20 November 2025, UTC)."""
LENGTH_H = 16.0
UNREST_S = 30.0
"""How long a value of the small unrest lasts."""


def clock(hour: float, minute: float = 0.0) -> float:
    """Epoch s of a time of day between 16:00 and 16:00 of the next day."""
    return START + ((hour + minute / 60.0 - 16.0) % 24.0) * HOUR


def time_of_day(now: float) -> str:
    """The clock on the wall at `now`: "18:05:00"."""
    seconds = int(now) % 86400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@dataclass(frozen=True, slots=True)
class Appliance:
    """Something that runs from `start` for `length_s`, with `watts` over `phases`.

    With a `period_s` it heats for the first `first_s`, then for `share` of each period.
    """

    name: str
    phases: str
    watts: float
    start: float
    length_s: float
    period_s: float = 0.0
    share: float = 1.0
    first_s: float = 0.0

    def watts_at(self, now: float) -> float:
        """W over all its phases at `now`."""
        since = now - self.start
        if not 0 <= since < self.length_s:
            return 0.0
        if not self.period_s or since < self.first_s:
            return self.watts
        return self.watts if since % self.period_s < self.share * self.period_s else 0.0


class Household:
    """Everything that is not managed, as A by phase at a time in epoch s."""

    def __init__(self, seed: int, voltage: float = 230.0) -> None:
        """The same `seed` gives the same evening."""
        self.voltage = voltage
        chance = random.Random(seed)
        self.appliances = _appliances(chance)
        steps = int(LENGTH_H * HOUR / UNREST_S) + 2
        self._unrest = {p: [abs(chance.gauss(0, 0.12)) for _ in range(steps)] for p in "ABC"}

    def __call__(self, now: float) -> Mapping[str, float]:
        """A by phase at `now`."""
        step = int((now - START) / UNREST_S)
        lights = _evening_share(now)
        amps = {"A": 0.6 + 0.8 * lights, "B": 0.5 + 1.4 * lights, "C": 0.4 + 0.5 * lights}
        for phase in amps:
            unrest = self._unrest[phase]
            amps[phase] += unrest[step % len(unrest)]
        for appliance in self.appliances:
            watts = appliance.watts_at(now)
            if watts:
                each = watts_to_amps(watts, self.voltage, len(appliance.phases))
                for phase in appliance.phases:
                    amps[phase] += each
        return amps

    def switched(self, before: float, now: float) -> list[tuple[Appliance, bool]]:
        """Appliances started (True) or finished (False) after `before` and until `now`."""
        found = []
        for item in self.appliances:
            if before < item.start <= now:
                found.append((item, True))
            if before < item.start + item.length_s <= now:
                found.append((item, False))
        return found


def _evening_share(now: float) -> float:
    """How much of lights and television is on: none by day and night, all from 18 to 22 h."""
    hour = (now - START) / HOUR + 16.0
    rising = 1 / (1 + math.exp(-(hour - 17.3) * 4))
    falling = 1 / (1 + math.exp((hour - 22.8) * 4))
    morning = 0.6 / (1 + math.exp(-(hour - 30.3) * 8))
    return rising * falling + morning


def _appliances(chance: random.Random) -> list[Appliance]:
    def about(hour: float, minute: float) -> float:
        return clock(hour, minute) + round(chance.uniform(-240, 240))

    kettles = [(16, 25), (17, 40), (18, 40), (19, 35), (21, 10), (6, 25), (7, 5)]
    made = [
        Appliance("kettle", "A", 2200, about(*time), round(chance.uniform(150, 230)))
        for time in kettles
    ]
    made += [
        Appliance("washer", "B", 2000, about(16, 50), 1100),
        Appliance("oven", "AB", 3000, about(18, 5), 3900, period_s=240, share=0.4, first_s=600),
        Appliance("hob", "C", 2000, about(18, 25), 1700),
        Appliance("dishwasher", "C", 2000, about(20, 20), 1200),
        Appliance("dishwasher, drying", "C", 2000, about(21, 20), 700),
        Appliance("coffee", "B", 1300, about(6, 30), 260),
        Appliance("hair dryer", "A", 1700, about(6, 50), 420),
        Appliance("toaster", "C", 950, about(7, 0), 180),
    ]
    # The heat pump: compressor on three phases, longer in the cold of the night.
    at = clock(16, 10)
    while at < START + LENGTH_H * HOUR:
        length = chance.uniform(1500, 2700)
        made.append(Appliance("heat pump", "ABC", 2000, round(at), round(length)))
        at += length + chance.uniform(2400, 4200)
    return made


def evening(seed: int) -> tuple[Scenario, Life, Household]:
    """The house of the demonstration, how it lives, and its household."""
    (scenario,) = read_file(Path(__file__).with_name("street.yaml"))
    household = Household(seed, scenario.site.voltage)
    cars = {
        "left": Car((Visit(clock(17, 8), clock(6, 55), 31.0),), capacity_kwh=58.0),
        "right": Car((Visit(clock(18, 40), clock(7, 25), 18.0),), capacity_kwh=77.0),
    }
    taps = tuple((clock(*time), litres) for time, litres in _HOT_WATER)
    life = Life(
        household=household,
        cars=cars,
        boilers={"boiler": Boiler(taps=taps)},
        habits=Habits(
            reaction_s=2.0, report_s=10.0, start_s=5.0, untold_a=16.0, ends_when_full=True
        ),
        meter_s=1.0,
        meter_step_a=0.1,
    )
    return scenario, life, household


_HOT_WATER: tuple[tuple[tuple[float, float], float], ...] = (
    ((19.0, 10.0), 25.0),
    ((20.0, 5.0), 60.0),
    ((22.0, 15.0), 50.0),
    ((6.0, 20.0), 60.0),
    ((6.0, 45.0), 50.0),
)
"""Hot water taken: (time of day, litres)."""

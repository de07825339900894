"""The household of a day: who cooks, washes and warms up, phase by phase and second by second.

Made up, from what the nameplates of such appliances say and when people tend to use them; nothing
of it is measured. (The package index has load profiles by the quarter of an hour, which hide just
what trips a breaker, and no kept data set by the second.) A seed moves times and lengths a little
and gives the small unrest of everything else: a value that stays for 30 s, and flicker that is
another one each second, with a standard deviation that is given. The heat pump runs longer the
colder it is.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loadjuggler.units import watts_to_amps

from .clock import DAY, HOUR, day_of_year, hour_of_day

UNREST_S = 30.0
"""How long a value of the small unrest lasts."""
BUCKET_S = 60.0


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


@dataclass(frozen=True, slots=True)
class Habit:
    """An appliance that is used every day at about these `hours`, for `least_s` to `most_s`."""

    name: str
    phases: str
    watts: float
    hours: tuple[float, ...]
    least_s: float
    most_s: float
    period_s: float = 0.0
    share: float = 1.0
    first_s: float = 0.0

    def on(self, midnight: float, chance: random.Random) -> Iterator[Appliance]:
        """Its uses on the day that begins at `midnight`."""
        for hour in self.hours:
            start = midnight + hour * HOUR + chance.uniform(-400, 400)
            length = chance.uniform(self.least_s, self.most_s)
            yield Appliance(
                self.name,
                self.phases,
                self.watts,
                round(start),
                round(length),
                self.period_s,
                self.share,
                self.first_s,
            )


HABITS = (
    Habit("kettle", "A", 2200, (6.4, 7.1, 10.2, 13.2, 16.4, 17.7, 18.7, 19.6, 21.2), 130, 230),
    Habit("coffee", "B", 1300, (6.5, 13.6), 200, 280),
    Habit("hair dryer", "A", 1700, (6.8,), 300, 450),
    Habit("toaster", "C", 950, (7.0,), 150, 200),
    Habit("washer", "B", 2000, (9.8,), 900, 1300),
    Habit("washer, spinning", "B", 350, (10.3,), 2400, 3000),
    Habit("hob", "C", 2000, (12.2, 18.4), 1100, 1800, period_s=60, share=0.7, first_s=300),
    Habit("microwave", "B", 1100, (12.6, 20.0), 150, 300),
    Habit("oven", "AB", 3000, (18.1,), 3300, 4200, period_s=240, share=0.4, first_s=600),
    Habit("television", "B", 140, (19.5,), 9000, 10800),
    Habit("dishwasher", "C", 2000, (20.3,), 1000, 1300),
    Habit("dishwasher, drying", "C", 2000, (21.3,), 600, 800),
)


class Household:
    """Everything that is not managed, as A by phase at a time in epoch s."""

    def __init__(
        self,
        seed: int,
        start: float,
        length_s: float,
        phases: str = "ABC",
        voltage: float = 230.0,
        heat_pump_w: float = 2000.0,
        flicker_a: float = 0.0,
    ) -> None:
        """The same `seed` gives the same days. With 0 W there is no heat pump.

        Each phase flickers every second with a standard deviation of `flicker_a` (A).
        """
        self.start, self.phases, self.voltage = start, phases, voltage
        chance = random.Random(f"household {seed}")
        first, last = start - start % DAY, start + length_s
        made = [
            Appliance("fridge", "B", 90, start - 7200 + chance.uniform(0, 3000), 1e9, 3000, 0.4)
        ]
        while first < last:
            for habit in HABITS:
                made += habit.on(first, chance)
            first += DAY
        if heat_pump_w:
            made += _heat_pump(chance, heat_pump_w, start, last)
        self.appliances = [one for one in made if start < one.start + one.length_s]
        steps = int(length_s / UNREST_S) + 2
        self._unrest = {p: [abs(chance.gauss(0, 0.12)) for _ in range(steps)] for p in phases}
        seconds = int(length_s) + 1 if flicker_a else 0
        self._flicker = {p: _flicker(f"{seed} {p}", seconds, flicker_a) for p in phases}
        self._steady: dict[int, dict[str, float]] = {}
        self._running: dict[int, list[tuple[Appliance, str]]] = {}

    def __call__(self, now: float) -> Mapping[str, float]:
        """A by phase at `now`."""
        step, bucket = int((now - self.start) / UNREST_S), int(now / BUCKET_S)
        if step not in self._steady:
            self._steady[step] = self._always(now, step)
        if bucket not in self._running:
            self._running[bucket] = self._in_bucket(bucket)
        amps = dict(self._steady[step])
        for appliance, phases in self._running[bucket]:
            watts = appliance.watts_at(now)
            if watts:
                each = watts_to_amps(watts, self.voltage, len(phases))
                for phase in phases:
                    amps[phase] += each
        second = int(now - self.start)
        for phase, moves in self._flicker.items():
            if moves:
                amps[phase] += moves[second % len(moves)]
        return amps

    def _always(self, now: float, step: int) -> dict[str, float]:
        """Lights, standby and small unrest; a house with fewer phases has all of it on those."""
        lights = _lights(hour_of_day(now))
        wanted = {"A": 0.4 + 0.8 * lights, "B": 0.4 + 1.2 * lights, "C": 0.3 + 0.5 * lights}
        amps = dict.fromkeys(self.phases, 0.0)
        for phase, value in wanted.items():
            amps[self._at(phase)] += value
        for phase, unrest in self._unrest.items():
            amps[phase] += unrest[step % len(unrest)]
        return amps

    def _at(self, phase: str) -> str:
        return phase if phase in self.phases else self.phases[0]

    def _in_bucket(self, bucket: int) -> list[tuple[Appliance, str]]:
        begin, end = bucket * BUCKET_S, (bucket + 1) * BUCKET_S
        return [
            (one, "".join(self._at(phase) for phase in one.phases))
            for one in self.appliances
            if one.start < end and one.start + one.length_s > begin
        ]

    def switched(self, before: float, now: float) -> list[tuple[Appliance, bool]]:
        """Appliances started (True) or finished (False) after `before` and until `now`."""
        found = []
        for item in self.appliances:
            if before < item.start <= now:
                found.append((item, True))
            if before < item.start + item.length_s <= now:
                found.append((item, False))
        return found


def outside_c(now: float) -> float:
    """How warm it is outside: 0 °C in January, 20 °C in July, and 4 K around that in a day."""
    season = 10 - 10 * math.cos(2 * math.pi * (day_of_year(now) - 20) / 365)
    return season + 4 * math.cos(2 * math.pi * (hour_of_day(now) - 15) / 24)


def _heat_pump(
    chance: random.Random, watts: float, start: float, end: float
) -> Iterator[Appliance]:
    """Runs of 25 to 45 minutes: none from 15 °C outside on, nearly always at -10 °C."""
    at = start + chance.uniform(0, 2400)
    while at < end:
        share = min((15 - outside_c(at)) / 25, 0.9)
        if share < 0.08:
            at += HOUR
            continue
        length = chance.uniform(1500, 2700)
        yield Appliance("heat pump", "ABC", watts, round(at), round(length))
        at += length / share * chance.uniform(0.9, 1.1)


def _flicker(seed: str, seconds: int, deviation_a: float) -> array[float]:
    """A value (A) for each of so many seconds, with this standard deviation."""
    chance = random.Random(f"flicker {seed}")
    return array("d", [chance.gauss(0.0, deviation_a) for _ in range(seconds)])


def _lights(hour: float) -> float:
    """How much of the lights is on: none by day and night, all from 18 to 22 h."""
    evening = 1 / (1 + math.exp(-(hour - 17.3) * 4)) / (1 + math.exp((hour - 22.8) * 4))
    morning = 0.6 / (1 + math.exp(-(hour - 6.3) * 8)) / (1 + math.exp((hour - 8.0) * 6))
    return evening + morning

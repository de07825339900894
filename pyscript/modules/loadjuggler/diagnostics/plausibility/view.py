"""What all checks use: the view of a look, the evidence it gives, and whether it is dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...limits.headroom import Budget
from ...measure.readings import MeterReading, Readings
from ...memory.memory import Memory
from ...site.model import Circuit, Meter, Site
from ...units import DAY_S
from ..wiring.sight import TAKEN_A, taken_a
from ..wiring.signs import without_sign

HOUR_S = 3600.0


IDLE_SUN_W = 30.0
"""A solar sensor that shows at most this counts as 0: inverters take some W at night."""


NO_SUN_S = 1800.0
"""It must show that for this long before it is dark: an inverter restarts faster."""


NIGHT_H = (-2.0, 5.0)
"""Local hours, 22:00 to 5:00, in which a solar sensor at 0 means night; by day it may be stuck."""


DEEP_NIGHT_H = (0.0, 3.0)
"""Local hours in which panels give next to nothing anywhere below the polar circle.

The sun's midnight is between 23:30 and 02:40 by the clocks of all countries, summer time included;
even at 60 degrees north it is at its lowest in June less than 1 h 50 min from sunset or sunrise,
and at 3 degrees above the horizon panels give a few percent of what they can.
"""


LOW_SUN_H = (19.0, 6.0)
"""From this local hour to that one panels give less than half of their rating (in June at 45
degrees north the sun is 25 degrees high at 19:00 of summer time): more than a breaker carries only
if they are rated for twice that."""


DAY_H = (9.0, 17.0)
"""Local hours in which the sun may shine."""


MOST_W = 1e9
"""No power in a house is larger; a remembered value beyond that is damage."""


@dataclass(frozen=True, slots=True)
class View:
    """What a look sees; its evidence counts for `seconds`.

    `dark`: the sun can give nothing; `day`: it may shine; neither in the twilight. `dim`: it is
    dark, or the solar sensor has shown nothing for half an hour, at whatever time. `low`: the sun
    gives less than half of what it can; `night`: a few percent at most, from 22:00 to 5:00. `gap`:
    the last look was too long ago to know what was in between.
    """

    site: Site
    readings: Readings
    memory: Memory
    budget: Budget
    dark: bool
    day: bool
    seconds: float
    gap: bool
    dim: bool = False
    low: bool = True
    night: bool = False

    def sun_a(self) -> float | None:
        """A that the sun may give on one phase, at most; `None`: not known, and it may be much."""
        energy = self.readings.energy
        if energy.solar_w is not None:
            return energy.solar_w / self.site.voltage_v
        if energy.outputs is not None:
            return sum(max(amps, 0.0) for amps in energy.outputs.values())
        return 0.0 if self.low else None

    def battery_w(self) -> float | None:
        """W that the battery gives or takes, always positive; 0: no battery, `None`: unknown."""
        if self.site.battery is None:
            return 0.0
        power_w = self.readings.energy.battery_w
        return None if power_w is None or self.readings.energy.unsure else abs(power_w)

    def heard(self, circuit: Circuit) -> MeterReading | None:
        """The reading of the meter of `circuit`, if all of its phases were read in this run."""
        reading = self.readings.meters.get(circuit.id)
        if circuit.meter is None or reading is None or reading.missing:
            return None
        return reading

    def without_sign(self, circuit: Circuit) -> tuple[str, ...]:
        """The phases of `circuit` whose sensor has never been below 0, before it is turned."""
        return without_sign(circuit.meter, self.site.phases, self.memory.wiring.least_a)

    def takes(self, circuit: Circuit) -> bool:
        """Whether something is taken for sure, so that no battery keeps the meter near 0."""
        heard = self.heard(circuit)
        if heard is None:
            return False
        shown = (0.0, heard.amps.a or 0.0, heard.amps.b or 0.0, heard.amps.c or 0.0)
        return taken_a(self.site, shown, self.without_sign(circuit)) >= TAKEN_A

    def sees_all(self, circuit: Circuit) -> bool:
        """Whether the main meter was seen to move with each charger that draws below `circuit`."""
        unseen = self.memory.wiring.unseen
        drawing = [
            load.id
            for load in self.site.below(circuit.id)
            if load.kind.measured and self.readings.loads[load.id].drawing_a() > 1.0
        ]
        return bool(drawing) and all(unseen.get(load, 0.0) < 0 for load in drawing)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of one look for a doubt: `speaks_for` it, against it (False), or none (`None`).

    It weighs `weight`; `None`: the seconds of the look. The doubt is told at the score `most`.
    `numbers` are those of the sentence `code`. The key contains the sensors, so that a changed form
    ends the doubt.
    """

    key: str
    code: str
    speaks_for: bool | None
    most: float
    numbers: Mapping[str, float | str]
    weight: float | None = None


def wired(meter: Meter) -> str:
    """A meter's entities and sign as text, for a key."""
    entities = ",".join(entity for _, entity in meter.entities)
    return f"{'-' if meter.invert else '+'}{entities}"


def local_hour(now: float, utc_offset_s: float) -> float:
    """Hours since local midnight."""
    return ((now + utc_offset_s) % DAY_S) / HOUR_S


def darkness(
    site: Site, readings: Readings, since: float | None, hour: float
) -> tuple[float | None, bool]:
    """(since when the solar sensor has shown 0, epoch s; whether it is dark).

    Without a solar sensor it is dark from 0:00 to 3:00. `hour` is the local hour (0 to 24), `since`
    the result of the last look.
    """
    if site.solar is None:
        return None, DEEP_NIGHT_H[0] <= hour < DEEP_NIGHT_H[1]
    sun_w = readings.energy.solar_w
    if sun_w is None or sun_w > IDLE_SUN_W:
        return None, False
    since = readings.at if since is None else min(since, readings.at)
    return since, is_night(hour) and readings.at - since >= NO_SUN_S


def is_night(hour: float) -> bool:
    """Whether the local `hour` (0 to 24) is from 22:00 to 5:00."""
    return hour >= 24 + NIGHT_H[0] or hour < NIGHT_H[1]


def towards(before: float | None, now: float, share: float) -> float:
    """The value at a `share` (0 to 1) of the way from `before` to `now`, both within `MOST_W`."""
    now = max(-MOST_W, min(now, MOST_W))
    if before is None or not abs(before) <= MOST_W:
        return now
    return before + share * (now - before)

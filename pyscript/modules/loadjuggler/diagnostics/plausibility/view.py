"""What all checks use: what a look sees, what it says, and whether anything can be produced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...limits.headroom import Budget
from ...measure.readings import MeterReading, Readings
from ...memory.memory import Memory
from ...site.model import Circuit, Meter, Site
from ...units import DAY_S

HOUR_S = 3600.0


IDLE_SUN_W = 30.0
"""A solar sensor that shows no more, either way, shows nothing: inverters take some W at night."""


NO_SUN_S = 1800.0
"""So long it must show nothing before it is dark: an inverter that restarts takes less."""


NIGHT_H = (-2.0, 5.0)
"""Local hours in which a solar sensor that shows nothing is believed: by day it may be stuck."""


DEEP_NIGHT_H = (0.0, 3.0)
"""Local hours in which the sun gives nothing to speak of anywhere below the polar circle.

The sun's midnight is between 23:30 and 02:40 by the clocks of all countries, summer time included;
even at 60 degrees north it is at its lowest in June less than 1 h 50 min from sunset or sunrise,
and at 3 degrees above the horizon panels give a few percent of what they can.
"""


DAY_H = (9.0, 17.0)
"""Local hours that are day."""


MOST_W = 1e9
"""Nothing in a house has more: what is remembered beyond that is damage."""


@dataclass(frozen=True, slots=True)
class View:
    """What a look sees; it counts for `seconds`. `dark`: the sun can give nothing; `day`: it may.

    After a `gap` nobody knows what was since the last look.
    """

    site: Site
    readings: Readings
    memory: Memory
    budget: Budget
    dark: bool
    day: bool
    seconds: float
    gap: bool

    def battery_w(self) -> float | None:
        """W that the battery gives or takes, whatever its sign; 0 without one, `None`: unknown."""
        if self.site.battery is None:
            return 0.0
        power_w = self.readings.energy.battery_w
        return None if power_w is None or self.readings.energy.unsure else abs(power_w)

    def heard(self, circuit: Circuit) -> MeterReading | None:
        """What the meter of `circuit` shows, if all of its phases were read just now."""
        reading = self.readings.meters.get(circuit.id)
        if circuit.meter is None or reading is None or reading.missing:
            return None
        return reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a look says about a doubt: for it, against it, or nothing (`None`).

    It counts for the seconds of the look, or for `weight`; the doubt is told at `most`. `numbers`
    are those of the sentence `code`. The key names the wiring, so that a changed form ends it.
    """

    key: str
    code: str
    speaks_for: bool | None
    most: float
    numbers: Mapping[str, float | str]
    weight: float | None = None


def wired(meter: Meter) -> str:
    """A meter's entities and sign, for a key."""
    entities = ",".join(entity for _, entity in meter.entities)
    return f"{'-' if meter.invert else '+'}{entities}"


def local_hour(now: float, utc_offset_s: float) -> float:
    """Hours since local midnight."""
    return ((now + utc_offset_s) % DAY_S) / HOUR_S


def darkness(
    site: Site, readings: Readings, since: float | None, hour: float
) -> tuple[float | None, bool]:
    """Since when the solar sensor shows nothing (epoch s), and whether it is dark.

    Without a solar sensor only the deep of the night is. `hour` is that of the local day.
    """
    if site.solar is None:
        return None, DEEP_NIGHT_H[0] <= hour < DEEP_NIGHT_H[1]
    sun_w = readings.energy.solar_w
    if sun_w is None or sun_w > IDLE_SUN_W:
        return None, False
    since = readings.at if since is None else min(since, readings.at)
    night = hour >= 24 + NIGHT_H[0] or hour < NIGHT_H[1]
    return since, night and readings.at - since >= NO_SUN_S


def towards(before: float | None, now: float, share: float) -> float:
    """From `before` a `share` of the way to `now`; what can't be is left behind."""
    now = max(-MOST_W, min(now, MOST_W))
    if before is None or not abs(before) <= MOST_W:
        return now
    return before + share * (now - before)

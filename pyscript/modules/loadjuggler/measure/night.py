"""Inverters that sleep at night: their sensors give nothing, and that is no fault.

Many inverters switch off when the sun is gone, and their sensors are "unavailable" or "unknown"
until the morning; a hybrid inverter takes those of its battery along. In the dark the sun is 0 W
and such a battery gives nothing, so nothing is missing and nobody has to know.

Whether it is dark is not known for sure, as no form says where the house is:

```
    local time       a sensor of the sun that gives nothing is asleep
    22:00 to 5:00    always
    16:00 to 10:00   unless much was left over for 10 min: then the sun shines, and it is missed
    10:00 to 16:00   only if it went to sleep after 12:00 at 100 W or less, as in a northern winter
```

The battery's sensors are asleep only together with one of the sun. Off the grid an inverter never
sleeps. Source: docs/decisions/0028.
"""

from __future__ import annotations

from ..memory.memory import Memory
from ..records import replace
from ..site.model import Site
from ..units import DAY_S
from .readings import Readings

HOUR_S = 3600.0

SUNNY_H = (10.0, 16.0)
"""Local hours in which the sun is up nearly everywhere on nearly every day."""


NIGHT_H = (22.0, 5.0)
"""From 22:00 to 5:00, local time, what seems to be left over is a mistake of the meter."""


NOON_H = 12.0


DUSK_W = 100.0
"""An inverter that goes to sleep gives no more than this at last, ..."""


DUSK_A = 0.5
"""... and an output of it no more than this; outputs are remembered in A."""


LEFT_OVER_W = 300.0
"""So much is left over by mistake: what cars draw that obey, and errors of meters."""


LIT_S = 600.0
"""More than that must have been left over for so long before the sun is believed to shine."""


def asleep(site: Site, readings: Readings, memory: Memory, utc_offset_s: float) -> Readings:
    """The readings with sensors that are asleep: the sun is 0 W, and no problem is told of them."""
    if not readings.problems or site.off_grid:
        return readings
    sources = site.sources()
    silent = {
        str(problem.reason.numbers.get("entity"))
        for problem in readings.problems
        if problem.reason.code == "sensor_missing"
    } & sources
    outputs = site.inverter.outputs
    of_sun = {site.solar} if site.solar else set()
    of_sun |= {entity for _, entity in outputs.entities} if outputs else set()
    hour = ((readings.at + utc_offset_s) % DAY_S) / HOUR_S
    lit = memory.checks.lit_s >= LIT_S and NIGHT_H[1] <= hour < NIGHT_H[0]
    if lit or not silent & of_sun:
        return readings
    if SUNNY_H[0] <= hour < SUNNY_H[1]:
        noon = readings.at - (hour - NOON_H) * HOUR_S
        lost = silent & of_sun
        if not all(_at_dusk(memory, x, noon, DUSK_W if x == site.solar else DUSK_A) for x in lost):
            return readings
    energy = readings.energy
    if energy.solar_w is None and site.solar in silent:
        energy = replace(energy, solar_w=0.0)
    problems = tuple(
        problem
        for problem in readings.problems
        if problem.load_id is not None or problem.reason.numbers.get("entity") not in silent
    )
    return replace(readings, energy=energy, problems=problems)


def _at_dusk(memory: Memory, entity: str, noon: float, most: float) -> bool:
    """Whether the last value of a sensor was at most `most`, and came after `noon` (epoch s)."""
    held = memory.held.get(entity)
    if held is None or not isinstance(held.value, float):
        return False
    return held.at >= noon and abs(held.value) <= most

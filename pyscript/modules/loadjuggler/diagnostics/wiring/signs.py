"""Whether a meter has a sign at all: many sensors of current show how much flows, not which way.

```
    really flows, A      10     4     0    -6   -12
    with a sign          10     4     0    -6   -12
    sign turned round   -10    -4     0     6    12      it is below 0 as soon as something is taken
    without a sign       10     4     0     6    12      it is never below 0
```

So a sensor that has never been below 0 is not one whose sign is the wrong way round, and turning it
would only hide what is taken. What to do about it is to choose a sensor that has a sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...measure.readings import Readings
from ...site.model import Meter, Site

BELOW_A = -0.2
"""A sensor that has shown less than this has a sign. Others are off by as much around 0 A."""


def shown_least(site: Site, readings: Readings, before: Mapping[str, float]) -> Mapping[str, float]:
    """By entity of a wired meter the least A that it has shown, before a form turns its sign.

    `before` is what was known before this run; the same object if nothing has changed.
    """
    lower: dict[str, float] = {}
    for circuit, reading in readings.meters.items():
        meter = site.circuits[circuit].meter
        for phase, entity in meter.entities if meter else ():
            amps, least_a = reading.amps[phase], before.get(entity)
            if amps is None or entity in reading.missing:
                continue
            raw_a = -amps if meter and meter.invert else amps
            if least_a is None or raw_a < least_a:
                lower[entity] = raw_a
    return {**before, **lower} if lower else before


def still_wired(site: Site, before: Mapping[str, float]) -> dict[str, float]:
    """What of `before` is of meters that the site has."""
    wired = {
        entity
        for circuit in site.circuits.values()
        for _, entity in (circuit.meter.entities if circuit.meter else ())
    }
    return {entity: least_a for entity, least_a in before.items() if entity in wired}


def without_sign(
    meter: Meter | None, phases: Iterable[str], least_a: Mapping[str, float]
) -> tuple[str, ...]:
    """Those of `phases` whose sensor has been read, and has never been below 0."""
    entities = dict(meter.entities) if meter else {}
    known = ((phase, least_a.get(entities.get(phase, ""))) for phase in phases)
    return tuple(phase for phase, least in known if least is not None and least >= BELOW_A)

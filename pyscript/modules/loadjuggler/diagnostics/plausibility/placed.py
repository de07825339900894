"""A plug on another phase than its form says, found although it is never switched.

What moves with what finds that as well (`diagnostics.wiring`), but a boiler that is always on moves
nothing. In the dark all that flows comes through the main meter, so a phase on which it shows less
than half of what the plug takes by its own sensor is not the plug's.

```
    at 1:00, a boiler of 8.7 A by its form on A
    phase         A      B      C
    meter shows   0.4    9.5    1.2 A       it is not on A; B alone carries that much
```

A battery of the form may give what it gives on the plug's phase. One that no form names would keep
the meter near 0, so something must be taken for sure.
"""

from __future__ import annotations

from ...memory.plausibility import Doubts
from ...site.model import MAIN, Load
from .view import Evidence, View, wired

DRAWS_A = 3.0
"""Less than this is lost among what the house takes."""


LESS = 0.5
"""A phase that shows less than this part of what the plug takes is not the plug's."""


CARRIES = 0.75
"""One that shows this part of it may be: of what flows at all, a part does no work."""


FRESH_S = 900.0
"""A sensor of a power that does not change may say nothing for so long."""


LASTS_S = 600.0
"""The doubt is told after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of all loads whose power is measured by a sensor beside them."""
    if view.site.off_grid or len(view.site.phases) < 2:
        return doubts, []
    loads = view.site.loads.values()
    return doubts, [_of(view, load) for load in loads if load.sensors.power and _is_plug(load)]


def _is_plug(load: Load) -> bool:
    """Whether a load is on one phase, always takes the same, and can't show its phase by itself."""
    return len(load.legs) == 1 and not load.kind.measured


def _of(view: View, load: Load) -> Evidence:
    """Evidence that a load is not on the phase that its form says."""
    circuit = view.site.circuits[MAIN]
    (leg, phase), sensors = load.legs[0], ",".join(load.sensors.power)
    meter = wired(circuit.meter) if circuit.meter else ""
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    heard, battery_w, draw_a = view.heard(circuit), view.battery_w(), _drawn_a(view, load)
    if heard is not None and battery_w is not None and view.dark and draw_a >= DRAWS_A:
        shown = {p: amps or 0.0 for p, amps in heard.amps.items()}
        most_a = shown[phase] + battery_w / view.site.voltage_v
        may_be = [p for p, amps in shown.items() if amps >= CARRIES * draw_a]
        if most_a < LESS * draw_a and len(may_be) == 1 and view.takes(circuit):
            speaks = True
            numbers = {"charger": load.name, "leg": leg, "phase": phase, "to_phase": may_be[0]}
            numbers |= {"draw_a": round(draw_a, 1), "shown_a": round(shown[phase], 1)}
        elif may_be == [phase]:
            speaks = False
    if ("load", load.id) in view.memory.wiring.findings:
        speaks = False  # it is told already, by what moves with it
    key = f"placed {load.id} {phase} {sensors} {meter}"
    return Evidence(key, "setup_plug_phase", speaks, LASTS_S, numbers)


def _drawn_a(view: View, load: Load) -> float:
    """A that a load takes by its own sensor; 0 if that has said nothing for long."""
    reading = view.readings.loads[load.id]
    fresh = reading.draw_at is not None and view.readings.at - reading.draw_at <= FRESH_S
    return reading.drawing_a() if reading.on and reading.draw is not None and fresh else 0.0

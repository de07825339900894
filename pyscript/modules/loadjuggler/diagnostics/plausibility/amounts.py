"""Impossible amounts: a current far above its breaker, panels or an inverter that take power."""

from __future__ import annotations

from collections.abc import Mapping

from ...memory.plausibility import Doubts
from ...site.model import Circuit
from ...units import amps_to_watts
from .view import Evidence, View, wired

HUGE = 3.0
"""Times its rating: such a breaker trips in a minute, above 32 A in two (IEC 60898-1, table 7)."""


HUGE_A = 60.0
"""A current below this is never taken for impossible, whatever the breaker."""


HUGE_S = 300.0
"""The doubt is told after this long."""


TAKES_W = 200.0
"""A sensor that shows less than -200 W takes power; an idle inverter takes less at night."""


TAKES_S = 600.0
"""The doubt is told after this long."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of meters far above their breakers, and of a negative solar sensor or outputs."""
    found: list[Evidence] = []
    for circuit in view.site.circuits.values():
        if circuit.meter is not None:
            found.append(_huge(view, circuit))
    if view.site.solar:
        found.append(_solar(view, view.site.solar))
    if view.site.inverter.outputs and not view.site.off_grid:
        found.append(_outputs(view))
    return doubts, found


def _huge(view: View, circuit: Circuit) -> Evidence:
    """A current that no breaker of that rating carries for minutes.

    The larger of the limit now and the form's counts, as an entity may have lowered the limit.
    """
    limits = [view.readings.limits_a[circuit.id], circuit.limit.value]
    limit_a = max(float(limit) for limit in limits if isinstance(limit, int | float))
    heard = view.heard(circuit)
    meter = circuit.meter
    numbers: Mapping[str, float | str] = {}
    speaks = None if heard is None else False
    if heard is not None and meter is not None:
        phase, amps = max(heard.amps.items(), key=lambda item: abs(item[1]), default=("", 0.0))
        if abs(amps) > max(HUGE * limit_a, HUGE_A):
            speaks = True
            numbers = {
                "entity": dict(meter.entities)[phase],
                "phase": phase,
                "form": circuit.id,
                "shown_a": round(amps, 1),
                "limit_a": limit_a,
            }
    key = f"huge {circuit.id} {wired(meter) if meter else ''}"
    return Evidence(key, "setup_meter_huge", speaks, HUGE_S, numbers)


def _solar(view: View, entity: str) -> Evidence:
    """A solar sensor that shows negative power, before a run takes negative values as 0."""
    kept = view.memory.held.get(entity)
    shown = kept.value if kept is not None and kept.at == view.readings.at else None
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if isinstance(shown, float):
        if shown < -TAKES_W:
            speaks, numbers = True, {"entity": entity, "shown_w": round(shown)}
        elif shown > TAKES_W:
            speaks = False
    return Evidence(f"solar {entity}", "setup_solar_sign", speaks, TAKES_S, numbers)


def _outputs(view: View) -> Evidence:
    """Inverter outputs that take more power than a battery may be charging with.

    Outputs in series with the house are judged only at night, because by day another source may
    feed into them. Parallel ones without a battery in the form are judged only by day, because a
    battery that no form names may be charged at night.
    """
    outputs, amps = view.site.inverter.outputs, view.readings.energy.outputs
    battery_w = view.battery_w()
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    judged = view.dark if view.site.inverter.series else view.day or bool(view.site.battery)
    if amps is not None and battery_w is not None and judged:
        shown_w = amps_to_watts(amps.total(), view.site.voltage_v)
        if shown_w + battery_w < -TAKES_W:
            speaks, numbers = True, {"shown_w": round(shown_w)}
        elif shown_w > TAKES_W:
            speaks = False
    entities = wired(outputs) if outputs else ""
    return Evidence(f"outputs {entities}", "setup_output_sign", speaks, TAKES_S, numbers)

"""Meters of breakers at night: the sign, one that shows next to nothing, one above its parent.

While nothing can be produced, current flows one way only: from the grid, through the main breaker,
down to what takes it (Kirchhoff). What a battery does, either way, may turn that round and is
allowed for. Voltages 10 % from the nominal one, and power factors, are within what is let pass.
"""

from __future__ import annotations

from ...memory.plausibility import Doubts
from ...site.model import Circuit
from ...units import amps_to_watts
from .view import Evidence, View, wired

FED_IN_W = 200.0
"""More than a meter errs by, and than a battery overshoots for long."""


TAKEN_W = 100.0
"""A meter that shows so much at night has the right sign."""


LASTS_S = 1200.0


SMALL = 0.05
"""A meter that shows less than this part of what flows below it measures something else."""


KILO = (0.0008, 0.003)
"""Without a battery in the form there may be one all the same that keeps the meter at nothing. Then
only a meter counts that shows a thousandth of what flows below it, or of a little more."""


DRAW_W = 2000.0


SMALL_S = 600.0


ABOVE_A = 1.5


ABOVE = 0.3
"""A meter may show so much more than the one above it: the one may be in A and the other in W,
which does not know reactive current."""


FRESH_S = 120.0
"""A charger's report is not older: cars leave."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """What all meters say; outside the night nothing."""
    found: list[Evidence] = []
    if view.site.off_grid:
        return doubts, found
    battery_w = view.battery_w() if view.dark else None
    for circuit in view.site.circuits.values():
        if circuit.meter is not None:
            found += (_sign(view, circuit, battery_w), _small(view, circuit, battery_w))
            if above := _metered_above(view, circuit):
                found.append(_above(view, circuit, above, battery_w))
    return doubts, found


def _total_w(view: View, circuit: Circuit) -> float | None:
    heard = view.heard(circuit)
    return None if heard is None else amps_to_watts(heard.amps.total(), view.site.voltage_v)


def _key(what: str, circuit: Circuit) -> str:
    return f"{what} {circuit.id} {wired(circuit.meter) if circuit.meter else ''}"


def _sign(view: View, circuit: Circuit, battery_w: float | None) -> Evidence:
    """Export although nothing is produced."""
    total_w = None if battery_w is None else _total_w(view, circuit)
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if total_w is not None and battery_w is not None:
        if -total_w - battery_w >= FED_IN_W:
            speaks = True
            numbers = {"circuit": circuit.id, "fed_w": round(-total_w), "form": circuit.id}
        elif total_w >= TAKEN_W:
            speaks = False
    return Evidence(_key("sign", circuit), "setup_meter_sign", speaks, LASTS_S, numbers)


def _small(view: View, circuit: Circuit, battery_w: float | None) -> Evidence:
    """Next to nothing although chargers below it draw much: kW taken for W, another sensor."""
    total_w = None if battery_w is None else _total_w(view, circuit)
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if total_w is not None and battery_w is not None:
        draw_w = _charging_w(view, circuit)
        if draw_w >= DRAW_W and battery_w < FED_IN_W:
            low, high = (-SMALL, SMALL) if view.site.battery else KILO
            speaks = low * draw_w <= total_w <= high * draw_w
            shown = {"shown_w": round(total_w), "draw_w": round(draw_w)}
            numbers = {"circuit": circuit.id, **shown}
    return Evidence(_key("small", circuit), "setup_meter_small", speaks, SMALL_S, numbers)


def _charging_w(view: View, circuit: Circuit) -> float:
    """W that chargers below `circuit` report just now, all phases together."""
    now, found_a = view.readings.at, 0.0
    metered = {phase for phase, _ in circuit.meter.entities} if circuit.meter else set()
    for load in view.site.below(circuit.id):
        reading = view.readings.loads[load.id]
        if not load.kind.measured or not reading.active or reading.draw is None:
            continue
        if reading.draw_at is not None and now - reading.draw_at <= FRESH_S:
            found_a += sum(amps for phase, amps in reading.draw.items() if phase in metered)
    return amps_to_watts(found_a, view.site.voltage_v)


def _metered_above(view: View, circuit: Circuit) -> Circuit | None:
    """The next breaker above that has a meter."""
    for above in view.site.path(circuit.id)[1:]:
        if view.site.circuits[above].meter is not None:
            return view.site.circuits[above]
    return None


def _above(view: View, circuit: Circuit, parent: Circuit, battery_w: float | None) -> Evidence:
    """More on a phase than the breaker above it carries there.

    Without a battery in the form only if that carries as much in total: phases changed round.
    """
    key = f"{_key('above', circuit)} {_key('', parent)}"
    one = view.heard(circuit) if battery_w is not None else None
    other = view.heard(parent) if one else None
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if one and other and battery_w is not None:
        helped_a = battery_w / view.site.voltage_v
        speaks, worst_a = False, 0.0
        for phase, amps in one.amps.items():
            there_a = other.amps[phase]
            over_a = 0.0 if there_a is None else amps - there_a - helped_a
            if over_a > max(ABOVE_A + ABOVE * abs(amps), worst_a):
                speaks, worst_a = True, over_a
                numbers = {
                    "circuit": circuit.id,
                    "phase": phase,
                    "shown_a": round(amps, 1),
                    "parent": parent.id,
                    "above_a": round(there_a or 0.0, 1),
                }
        if not speaks and one.amps.total() < ABOVE_A:
            speaks = None  # a breaker that carries nothing says nothing
        if speaks and not view.site.battery and other.amps.total() < one.amps.total() - ABOVE_A:
            speaks = None  # a battery that no form names may give the rest
    return Evidence(key, "setup_meter_above", speaks, LASTS_S, numbers)

"""Meters at night: a wrong sign, a meter that shows next to nothing, one above its parent breaker.

While nothing can be produced, current flows only from the grid through the main breaker down to the
loads (Kirchhoff). A battery may turn that round, so its power, in either direction, is allowed for.
Voltages up to 10 % off, and power factors, stay within the tolerances.

```
    at 1:00, no battery      shown       evidence for
    main meter              -300 W       a wrong sign: export, though nothing is produced
    main meter                 7 W       kW taken for W, while a car draws 7 000 W below it
    garage meter on A         20 A       exchanged phases, while the main meter shows 5 A on A
```
"""

from __future__ import annotations

from ...memory.plausibility import Doubts
from ...site.model import Circuit
from ...units import amps_to_watts
from ..wiring.sight import charging_by_phase
from .view import HOUR_S, Evidence, View, wired

FED_IN_W = 200.0
"""Export counts from here on: a meter errs by less, and a battery overshoots by less for long."""


TAKEN_W = 100.0
"""A meter that shows this much import at night has the right sign."""


LASTS_S = 1200.0
"""Doubts about signs and parents are told after this long."""


TURNED_S = 300.0
"""If a form turns a sensor that has never been below 0, all that is taken counts as fed in. That is
told after this long, at any time of day at which the solar sensor has shown nothing for a while."""


SMALL = 0.05
"""A meter that shows less than this part of the draw below it measures something else."""


KILO = (0.0008, 0.003)
"""Without a battery in the form, one that no form names may keep the meter near 0. Then only a
meter counts that shows about a thousandth of the draw below it: kW taken for W."""


DRAW_W = 2000.0
"""Chargers below a meter must draw this much before it is judged."""


MISSES_S = 300.0
"""The doubt that a meter does not see the chargers below it is told after this long."""


MISSING_W = 2000.0
"""A meter must show this much less than the chargers below it draw, ..."""


UNNAMED_W = 10_000.0
"""... and this much where no form names a battery: one that is there all the same gives less."""


UNNAMED_WS = 15_000.0 * HOUR_S
"""Where no form names a battery, a meter may also show `MISSING_W` less for so long that 15 kWh are
missing, without having been near 0 in between: a battery of a house would be empty by then."""


SEEN = 0.4
"""It must show less than this part of what they draw, as currents may do half of their work."""


BEYOND_A = 2.0
"""What is not managed on a phase can't feed in more than the breaker carries, by this much."""


SMALL_S = 600.0
"""The doubt about a meter that shows next to nothing is told after this long."""


ABOVE_A = 1.5


ABOVE = 0.3
"""A meter may show 1.5 A and 30 % more than the one above it: one may measure A and the other W,
which leaves out reactive current."""


FRESH_S = 120.0
"""A charger's report counts for this long, as its car may have left since."""


def check(view: View, doubts: Doubts) -> tuple[Doubts, list[Evidence]]:
    """Evidence of all meters; by day there is none, but for sensors that a form should not turn."""
    found: list[Evidence] = []
    if view.site.off_grid:
        return doubts, found
    battery_w = view.battery_w() if view.dark else None
    for circuit in view.site.circuits.values():
        if circuit.meter is not None:
            turned = circuit.meter.invert and view.without_sign(circuit) == view.site.phases
            found += (
                _sign(view, circuit, None if turned else battery_w),
                _turned(view, circuit, view.battery_w() if turned and view.dim else None),
                _small(view, circuit, battery_w),
                *_misses(view, circuit, battery_w),
            )
            if above := _metered_above(view, circuit):
                found.append(_above(view, circuit, above, battery_w))
    return doubts, found


def _total_w(view: View, circuit: Circuit) -> float | None:
    heard = view.heard(circuit)
    return None if heard is None else amps_to_watts(heard.amps.total(), view.site.voltage_v)


def _key(what: str, circuit: Circuit) -> str:
    return f"{what} {circuit.id} {wired(circuit.meter) if circuit.meter else ''}"


def _sign(view: View, circuit: Circuit, battery_w: float | None) -> Evidence:
    """A wrong sign: export although nothing is produced."""
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


def _turned(view: View, circuit: Circuit, battery_w: float | None) -> Evidence:
    """What is taken counts as fed in: the form turns a sensor that has never been below 0."""
    total_w = None if battery_w is None else _total_w(view, circuit)
    speaks: bool | None = None
    numbers: dict[str, float | str] = {}
    if total_w is not None and battery_w is not None and -total_w - battery_w >= FED_IN_W:
        speaks = True
        numbers = {"circuit": circuit.id, "fed_w": round(-total_w), "form": circuit.id}
    elif not view.without_sign(circuit):
        speaks = False
    return Evidence(_key("turned", circuit), "setup_meter_turned", speaks, TURNED_S, numbers)


def _small(view: View, circuit: Circuit, battery_w: float | None) -> Evidence:
    """Next to nothing although chargers below draw much: kW taken for W, or a wrong sensor."""
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


def _misses(view: View, circuit: Circuit, battery_w: float | None) -> tuple[Evidence, Evidence]:
    """Much less than the chargers below draw: the meter does not see them.

    If a phase that shows import would carry more than its breaker, the other way round, as soon as
    the chargers stop. The sun may give that where it may not feed in (a limit of the inverter), and
    the battery beside it, so by day it must be known how much they give. In the dark: if nothing
    can give what the meter lacks; at night, if that is over 10 kW, also where nothing shows that it
    is dark. A meter that shows nothing at all may be kept there by a battery that no form names.
    """
    speaks: bool | None = None
    slowly: bool | None = None
    lacks_w = 0.0
    numbers: dict[str, float | str] = {}
    heard, given_w = view.heard(circuit), view.battery_w()
    if heard is not None and given_w is not None:
        drawn = charging_by_phase(view.site, view.readings, circuit.id, FRESH_S)
        shown_w = amps_to_watts(heard.amps.total(), view.site.voltage_v)
        draw_w = amps_to_watts(sum(drawn.values()), view.site.voltage_v)
        sun_a, limit_a = view.sun_a(), view.readings.limits_a[circuit.id]
        most_a = max(limit_a, sun_a or 0.0) + given_w / view.site.voltage_v + BEYOND_A
        beyond = sun_a is not None and any(
            amps >= 0 and drawn[p] - amps > most_a for p, amps in heard.amps.items()
        )
        lacks_w = draw_w - shown_w - given_w
        dark = battery_w is not None
        least_w = MISSING_W if dark and view.site.battery else UNNAMED_W
        shown = {"shown_w": round(shown_w), "draw_w": round(draw_w)}
        numbers = {"circuit": circuit.id, "form": circuit.id, **shown}
        lacks = lacks_w >= MISSING_W and view.takes(circuit)
        much = (dark or view.night) and lacks_w >= least_w and 0 <= shown_w < SEEN * draw_w
        if beyond or (lacks and much):
            speaks = True
        if lacks and dark and shown_w >= 0:
            slowly = True
        if draw_w >= DRAW_W and view.sees_all(circuit):
            speaks = slowly = False
    code, weight = "setup_meter_misses", max(lacks_w, MISSING_W) * view.seconds
    return (
        Evidence(_key("misses", circuit), code, speaks, MISSES_S, numbers),
        Evidence(_key("misses much", circuit), code, slowly, UNNAMED_WS, numbers, weight),
    )


def _charging_w(view: View, circuit: Circuit) -> float:
    """W that chargers below `circuit` draw by recent reports, on its metered phases together."""
    metered = {phase for phase, _ in circuit.meter.entities} if circuit.meter else set()
    drawn = charging_by_phase(view.site, view.readings, circuit.id, FRESH_S)
    found_a = sum(amps for phase, amps in drawn.items() if phase in metered)
    return amps_to_watts(found_a, view.site.voltage_v)


def _metered_above(view: View, circuit: Circuit) -> Circuit | None:
    """The next breaker above that has a meter."""
    for above in view.site.path(circuit.id)[1:]:
        if view.site.circuits[above].meter is not None:
            return view.site.circuits[above]
    return None


def _above(view: View, circuit: Circuit, parent: Circuit, battery_w: float | None) -> Evidence:
    """More on a phase than the breaker above carries there.

    Without a battery in the form this counts only if the breaker above carries as much in total:
    then phases are exchanged. Otherwise a battery that no form names may give the difference.
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
            speaks = None  # a breaker that carries nothing is no evidence
        if speaks and not view.site.battery and other.amps.total() < one.amps.total() - ABOVE_A:
            speaks = None  # a battery that no form names may give the rest
    return Evidence(key, "setup_meter_above", speaks, LASTS_S, numbers)

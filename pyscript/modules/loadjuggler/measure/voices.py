"""What the sensors of a charger say it draws: one voice for its current, one for its power.

A leg is a wire of the charger (L1, L2, L3), a phase is one of the site (A, B, C). Sensors name legs
in attributes L1 to L3, or L1-N to L3-N; a charger that names only N measures the neutral, which
carries what a car on one leg takes. Currents are A per leg, times epoch s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..records import quick
from ..site.model import Legs, Load
from ..snapshot import EntityState
from ..units import watts_to_amps
from .lookup import MOST_A, NO_VALUE, Sensing, amps, converted, measured
from .numbers import ambiguous, number

NOTHING_A = 0.05
"""A current below this is none."""


NEUTRAL = "N"
"""The attribute of a current that is measured on the neutral only."""


@quick
@dataclass(frozen=True, slots=True)
class Voice:
    """What one sensor, or one for each leg, says a charger draws.

    - `entity`: the sensor, for sentences; `at`: when it was reported.
    - `total_a`: A over all legs. `by_leg`: A on each wired leg, on all of them; `None`: it does not
      say on which legs it flows.
    - `zeroed`: its state says 0 A, and `by_leg` is what its older attributes say.
    """

    entity: str
    at: float
    total_a: float
    by_leg: dict[str, float] | None = None
    zeroed: bool = False


def current_voice(at: Sensing, load: Load, used: Legs) -> Voice | None:
    """What the sensors of the current say; `None`, and noted, if that is nothing usable.

    It is taken from the first of these that there is: one sensor for each leg; attributes L1 to L3;
    the state, which flows on each leg that is `used`; an attribute N.
    """
    if load.sensors.current_by_leg:
        return _of_each_leg(at, load)
    found = at.first(load.sensors.current)
    if found is None:
        return None
    entity, state = found
    good = _of_attributes(at, load, state.attributes)
    if good:
        shown, most_a = number(state.value), max(good.values())
        zeroed = shown is not None and abs(shown) <= NOTHING_A < most_a
        if most_a > NOTHING_A or shown is None or shown <= at.options.idle_leg_a:
            total_a, each = _sum(good), good if len(good) == len(load.legs) else _on_all(load, good)
            return Voice(entity, state.reported_at, total_a, each, zeroed)
        # Attributes of 0 A beside a state above it are older than the state.
    neutral = number(state.attributes.get(NEUTRAL))
    if neutral is not None and not good and (a := _in_amps(at, state, neutral)) is not None:
        return Voice(entity, state.reported_at, a)
    if state.value.lower() in NO_VALUE:
        return None
    whole = measured(at, entity, load.id, len(used))
    if whole is None:
        return None
    each = {leg: 0.0 for leg, _ in load.legs} | {leg: whole for leg, _ in used}
    return Voice(entity, state.reported_at, _sum(each), each)


def power_voice(at: Sensing, load: Load, used: Legs, *, noted: bool) -> Voice | None:
    """What the sensor of the power says; `None` if that is nothing usable, noted if `noted`.

    Attributes L1 to L3 say how it is spread over the legs, whatever their unit is, if they belong
    to the state: their sum is the state, or a thousand times as much (W beside kW).
    """
    found = at.first(load.sensors.power)
    if found is None or found[1].value.lower() in NO_VALUE:
        return None
    entity, state = found
    value, unit = number(state.value), state.attributes.get("unit_of_measurement")
    amount = None if value is None else converted(value, unit)
    if amount is None:
        if noted:
            measured(at, entity, load.id)  # it notes why this is no amount
        return None
    if amount[0] == "A":  # a current, chosen as the power: it flows on each leg
        each = {leg: 0.0 for leg, _ in load.legs} | {leg: amount[1] for leg, _ in used}
        return Voice(entity, state.reported_at, _sum(each), each)
    total_a = watts_to_amps(amount[1], at.site.voltage_v)
    shown = {leg: _of_leg(state.attributes, leg) for leg, _ in load.legs}
    parts = {leg: part for leg, part in shown.items() if part is not None}
    whole = sum(parts.values())
    if value and whole > 0 and min(abs(whole / value - 1), abs(whole / value - 1000) / 1000) < 0.05:
        by_leg = {leg: total_a * parts.get(leg, 0.0) / whole for leg, _ in load.legs}
        return Voice(entity, state.reported_at, total_a, by_leg)
    return Voice(entity, state.reported_at, total_a)


def _sum(by_leg: Mapping[str, float]) -> float:
    """A over all legs; a leg that exports adds nothing."""
    return sum([amps for amps in by_leg.values() if amps > 0.0])


def _on_all(load: Load, by_leg: Mapping[str, float]) -> dict[str, float]:
    """`by_leg` (A) with all wired legs; 0 A on one that is missing."""
    return {leg: by_leg.get(leg, 0.0) for leg, _ in load.legs}


def _of_leg(attributes: Mapping[str, Any], leg: str) -> float | None:
    """The number that attributes name for a leg, as L1 or as L1-N; `None`: none."""
    shown = attributes.get(leg)
    return number(attributes.get(f"{leg}-N") if shown is None else shown)


def _in_amps(at: Sensing, state: EntityState, value: float) -> float | None:
    """`value` of an attribute in A, in the unit of the state (without one: A)."""
    unit = state.attributes.get("unit_of_measurement", "A")
    return amps(value, unit, at.site.voltage_v)


def _of_attributes(at: Sensing, load: Load, attributes: Mapping[str, Any]) -> dict[str, float]:
    """A by leg, as far as a current has usable attributes L1 to L3 or L1-N to L3-N.

    None of them counts if one may be two numbers ("16,345"): a leg that is left out counts as 0 A.
    """
    unit, voltage_v, found = attributes.get("unit_of_measurement", "A"), at.site.voltage_v, {}
    in_amps, most_a = unit == "A", MOST_A
    for leg, _ in load.legs:
        shown = attributes.get(leg)
        if type(shown) is float and in_amps and -most_a <= shown <= most_a:  # as most do
            found[leg] = shown
            continue
        if ambiguous(shown) or ambiguous(attributes.get(f"{leg}-N")):
            return {}
        value = _of_leg(attributes, leg)
        if value is not None and (current := amps(value, unit, voltage_v)) is not None:
            found[leg] = current
    return found


def _of_each_leg(at: Sensing, load: Load) -> Voice | None:
    """The draw by one sensor for each leg; `None` if one of them gives nothing."""
    legs = [leg for leg, _ in load.legs]
    found = {leg: at.snapshot.get(entity) for leg, entity in load.sensors.current_by_leg}
    values = {leg: measured(at, entity, load.id) for leg, entity in load.sensors.current_by_leg}
    good = {leg: value for leg, value in values.items() if value is not None and leg in legs}
    reported = [state.reported_at for state in found.values() if state]
    if len(good) < len(values) or not good:
        return None
    entity = load.sensors.current_by_leg[0][1]
    return Voice(entity, max(reported), _sum(good), _on_all(load, good))

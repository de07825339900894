"""What a number or a select entity can be set to now (its dial), and what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...measure.lookup import NO_VALUE, Sensing, converted
from ...measure.numbers import number
from ...site.controls import NumberControl
from ...site.model import Load
from ...site.setpoint import Dial
from ...snapshot import EntityState
from ...units import POWER_UNITS

_OPTION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([A-Za-z]*)", re.ASCII)
"""An option that is a number, with a unit or without: "16", "16 A", "3,7 kW"."""


_PAUSES = ("off", "stop", "pause", "paused", "disabled")
"""Options of a select that pause the charger, if there is no option 0."""


_SHORT = {unit.lower(): unit for unit in ("A", "mA", "W", "kW", "VA", "kVA")}
"""Units of options in any case, as `measure.lookup` knows them."""


_FINEST = {"A": 0.1, "W": 1.0}
"""The step of an entity that does not name a step, by unit of the dial."""


def read_dial(
    at: Sensing, load: Load, control: NumberControl, legs_used: int
) -> tuple[Dial | None, float | None]:
    """The dial of the entity, and the value that it shows, in the dial's unit.

    `legs_used` is the number of legs among which W are shared. The dial is `None`, and that is
    noted, if the entity does not exist, has no value, or has no usable unit, range or options. A
    dial is not held: without its entity nothing can be set.
    """
    state = at.snapshot.get(control.entity)
    if state is None or state.value.lower() in ("unavailable", ""):
        shown = state.value if state else "not there"
        at.miss("dial_missing", control.entity, load.id, state=shown)
        return None, None
    spread = len(load.legs) / legs_used
    if control.entity.split(".")[0] in ("select", "input_select"):
        return _select(at, load, control, state, legs_used, spread)
    unit = control.unit or str(state.attributes.get("unit_of_measurement") or "")
    one = converted(1.0, unit)
    low, high = (number(state.attributes.get(name)) for name in ("min", "max"))
    if one is None or not _is_range(low, high, unit):
        unusable = f"unit {unit}" if unit else "no unit"
        if one is not None:
            unusable = "no range" if low is None or high is None else f"range {low} to {high}"
        at.miss("dial_unusable", control.entity, load.id, what=unusable)
        return None, None
    assert low is not None
    assert high is not None
    factor = one[1]  # the dial is in the entity's unit: kW are set in kW
    per_a = _per_a(at, one[0], legs_used) / factor
    finest = _FINEST[one[0]] / factor
    step = control.step or number(state.attributes.get("step")) or finest
    if not finest / 100 <= step <= max(abs(low), abs(high), finest):
        step = finest  # the entity's step can't be right
    zero = (0.0, "") if low <= 0.0 <= high else None
    dial = Dial(unit, low, high, step, per_a, spread if one[0] == "W" else 1.0, (), zero)
    return dial, number(state.value)


def set_in_watts(at: Sensing, control: NumberControl) -> bool:
    """Whether its entity is set in W, as far as that is known without its options."""
    state = at.snapshot.get(control.entity)
    unit = control.unit or (state.attributes.get("unit_of_measurement") if state else None)
    return unit in POWER_UNITS


def _is_range(low: float | None, high: float | None, unit: str) -> bool:
    """Whether `low` to `high` in `unit` is a range of amounts that a house can have."""
    if low is None or high is None or low > high:
        return False
    return all(converted(value, unit) is not None for value in (low, high))


def _per_a(at: Sensing, kind: str, legs_used: int) -> float:
    """What has to be set for 1 A on each leg in use: 1 A, or that many W."""
    return 1.0 if kind == "A" else at.site.voltage_v * legs_used


def _select(
    at: Sensing,
    load: Load,
    control: NumberControl,
    state: EntityState,
    legs_used: int,
    spread: float,
) -> tuple[Dial | None, float | None]:
    """The dial of a select, and the value that it shows.

    The options that are numbers must have one unit; without a unit they are in A.
    """
    given = state.attributes.get("options")
    texts = [str(text) for text in given] if isinstance(given, Iterable) else []
    read = {text: _option(text, control.unit) for text in texts}
    units = {found[0] for found in read.values() if found and found[1] > 0}
    levels = sorted((found[1], text) for text, found in read.items() if found and found[1] > 0)
    if len(units) != 1 or not levels:
        unusable = f"options {', '.join(texts)}" if texts else "no options"
        at.miss("dial_unusable", control.entity, load.id, what=unusable)
        return None, None
    pauses = [text for text, found in read.items() if found and found[1] == 0.0]
    pauses += [text for text in texts if text.strip().lower() in _PAUSES]
    (unit,) = units
    per_a = _per_a(at, unit, legs_used)
    zero = (0.0, pauses[0]) if pauses else None
    options = tuple(levels)
    dial = Dial(
        unit,
        levels[0][0],
        levels[-1][0],
        _FINEST[unit],
        per_a,
        spread if unit == "W" else 1.0,
        options,
        zero,
    )
    shown = read.get(state.value)
    if state.value.lower() in NO_VALUE:
        return dial, None
    return dial, 0.0 if state.value in pauses else (shown[1] if shown else None)


def _option(text: str, unit: str) -> tuple[str, float] | None:
    """An option that is a number, as ("A" or "W", value); `None`: it is no number."""
    found = _OPTION.fullmatch(text.strip())
    if found is None:
        return None
    named = _SHORT.get(found[2].lower()) if found[2] else unit or "A"
    return converted(float(found[1].replace(",", ".")), named)

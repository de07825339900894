"""Looking things up in the snapshot: units, what is missing, and holding it for a while."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..memory.memory import Held, Memory
from ..options import Options
from ..reasons import Reason
from ..site.model import Site
from ..snapshot import EntityState, Snapshot
from ..units import watts_to_amps
from .readings import Problem

UNITS = {
    "A": ("A", 1.0),
    "mA": ("A", 0.001),
    "W": ("W", 1.0),
    "kW": ("W", 1000.0),
    "MW": ("W", 1_000_000.0),
}
"""Units that are understood: what they measure, and the factor to A or W."""


MOST_A = 1e5
"""No house carries more on a phase: such a reading is none."""


NO_VALUE = ("unavailable", "unknown", "none", "")


@dataclass(slots=True)
class Sensing:
    """One reading of the house: what is looked up, what is missed, what is remembered."""

    site: Site
    memory: Memory
    snapshot: Snapshot
    now: float
    options: Options
    held: dict[str, Held] = field(default_factory=dict)
    silent: dict[str, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def miss(self, code: str, entity: str, load: str | None = None, **numbers: Any) -> None:
        """Note that `entity` gives nothing usable."""
        old = self.memory.held.get(entity)
        if old is not None and code == "sensor_missing":
            numbers["missing_s"] = max(self.now - old.at, 0.0)
        self.problems.append(Problem(Reason(code, {"entity": entity, **numbers}), load))

    def held_value(self, entity: str) -> float | str | None:
        """The last good value, if it is not too old."""
        value, old = self.last_value(entity), self.held.get(entity)
        return value if old and self.now - old.at <= self.options.hold_s else None

    def last_value(self, entity: str) -> float | str | None:
        """The last good value, however old."""
        old = self.memory.held.get(entity)
        if old is None:
            return None
        # A clock that was set back must not make it last for hours.
        self.held[entity] = old if old.at <= self.now else Held(old.value, self.now)
        return old.value

    def keep(self, entity: str, value: float | str) -> None:
        """Remember a good value."""
        self.held[entity] = Held(value, self.now)

    def first(self, entities: Iterable[str]) -> tuple[str, EntityState] | None:
        """The first of `entities` that exists."""
        for entity in entities:
            state = self.snapshot.get(entity)
            if state is not None:
                return entity, state
        return None


def number(value: Any) -> float | None:
    """A finite number, or `None` for anything else (unavailable, text, NaN, Inf)."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def converted(value: float, unit: Any) -> tuple[str, float] | None:
    """`value` in A or W: ("A", amperes) or ("W", watts); `None` for a unit that is neither."""
    kind, factor = UNITS.get(unit, ("", 0.0)) if isinstance(unit, str) else ("", 0.0)
    found = value * factor
    most = MOST_A if kind == "A" else MOST_A * 1000.0
    return (kind, found) if kind and abs(found) <= most else None


def amps(value: float, unit: Any, voltage_v: float, legs: int = 1) -> float | None:
    """Current in A per leg of `value` in `unit` (A, mA, W, kW, MW); `None` for another unit."""
    found = converted(value, unit)
    if found is None:
        return None
    return found[1] if found[0] == "A" else watts_to_amps(found[1], voltage_v, legs)


def watts(at: Sensing, entity: str) -> float | None:
    """Power in W of an entity in its own unit; held for a while, `None` (and noted) without."""
    state = at.snapshot.get(entity)
    value = number(state.value) if state else None
    if state is None or value is None:
        at.miss("sensor_missing", entity, state=state.value if state else "not there")
        return _held_number(at, entity)
    unit = state.attributes.get("unit_of_measurement")
    found = converted(value, unit)
    if found is None or found[0] != "W":
        _no_amount(at, "unit_no_power", entity, state.value, unit)
        return None
    at.keep(entity, found[1])
    return found[1]


def _no_amount(
    at: Sensing, code: str, entity: str, shown: str, unit: Any, load: str | None = None
) -> None:
    """Note why `shown` in `unit` is no amount: its unit (`code`), or no house has so much."""
    kind, _ = UNITS.get(unit, ("", 0.0)) if isinstance(unit, str) else ("", 0.0)
    if kind == "W" or (kind and code == "unit_unknown"):
        at.miss("too_much", entity, load, state=f"{shown} {unit}")
    else:
        at.miss(code, entity, load, unit=str(unit or ""))


def percent(at: Sensing, entity: str) -> float | None:
    """A share in %, 0 to 100; held for a while, `None` (and noted) without."""
    state = at.snapshot.get(entity)
    value = number(state.value) if state else None
    if state is not None and value is not None and not 0 <= value <= 100:
        at.miss("not_percent", entity, state=state.value)
        return _held_number(at, entity)
    if state is None or value is None:
        at.miss("sensor_missing", entity, state=state.value if state else "not there")
        return _held_number(at, entity)
    at.keep(entity, value)
    return value


def _held_number(at: Sensing, entity: str) -> float | None:
    held = at.held_value(entity)
    return held if isinstance(held, float) else None


def measured(at: Sensing, entity: str, load: str | None = None, legs: int = 1) -> float | None:
    """Current in A of an entity in its own unit, `None` (and noted) if it gives none now."""
    state = at.snapshot.get(entity)
    value = number(state.value) if state else None
    if state is None or value is None:
        at.miss("sensor_missing", entity, load, state=state.value if state else "not there")
        return None
    unit = state.attributes.get("unit_of_measurement")
    current = amps(value, unit, at.site.voltage_v, legs)
    if current is None:
        _no_amount(at, "unit_unknown", entity, state.value, unit, load)
    return current

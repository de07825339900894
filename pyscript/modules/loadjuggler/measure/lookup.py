"""Values of entities: converted to A and W, noted if missing, and held for a while.

Example: `sensor.meter_a` shows 2.3 with the unit kW at a nominal voltage of 230 V: 10 A. Then it is
"unavailable": for 60 s (`hold_s`) it counts as 10 A still, after that as `None`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..memory.memory import Held, Memory
from ..options import Options
from ..reasons import Reason
from ..site.model import Site
from ..snapshot import EntityState, Snapshot
from ..units import POWER_UNITS, roughly_s, watts_to_amps
from .numbers import ambiguous, number
from .readings import Problem

UNITS = {
    "A": ("A", 1.0),
    "mA": ("A", 0.001),
    **{unit: ("W", factor) for unit, factor in POWER_UNITS.items()},
}
"""By unit of an entity: what it measures ("A" or "W"), and the factor to that unit."""


SOC_STEP_PCT = 5.0
"""A state of charge may be corrected by this much at once: batteries that count for days are."""


SOC_PCT_S = 0.1
"""Beside that it moves by no more than this, % per s: from empty to full in 17 min."""


MOST_A = 1e5
"""A reading above this is no reading, A; in W it is 1,000 times as much."""


NO_VALUE = frozenset({"unavailable", "unknown", "none", ""})
"""States of Home Assistant that mean that an entity has no value."""


@dataclass(slots=True)
class Sensing:
    """One reading of the house. `held`, `silent` and `problems` are filled while reading.

    - `held`: the last good value of each entity, to be remembered.
    - `silent`: since when the meter of a circuit has given nothing, epoch s by circuit id.
    - `problems`: what gives nothing usable.
    """

    site: Site
    memory: Memory
    snapshot: Snapshot
    now: float
    options: Options
    held: dict[str, Held] = field(default_factory=dict)
    silent: dict[str, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def miss(self, code: str, entity: str, load: str | None = None, **numbers: Any) -> None:
        """Note a problem: `entity` gives nothing usable; `numbers` are for the sentence."""
        if code == "sensor_missing" and ambiguous(numbers.get("state")):
            code, numbers = "comma_unclear", {"as_written": numbers["state"]}
        old = self.memory.held.get(entity)
        if old is not None and code == "sensor_missing":
            numbers["missing_s"] = roughly_s(max(self.now - old.at, 0.0))
        self.problems.append(Problem(Reason(code, {"entity": entity, **numbers}), load))

    def held_value(self, entity: str) -> float | str | None:
        """The last good value, if it is no older than 60 s (`hold_s`); else `None`."""
        value, old = self.last_value(entity), self.held.get(entity)
        return value if old and self.now - old.at <= self.options.hold_s else None

    def last_value(self, entity: str) -> float | str | None:
        """The last good value, however old; `None`: there is none."""
        old = self.memory.held.get(entity)
        if old is None:
            return None
        # If a clock was set back, a value of the future would be held for hours.
        self.held[entity] = old if old.at <= self.now else Held(old.value, self.now)
        return old.value

    def keep(self, entity: str, value: float | str) -> None:
        """Remember a good value of `entity`."""
        self.held[entity] = Held(value, self.now)

    def first(self, entities: Iterable[str]) -> tuple[str, EntityState] | None:
        """The first of `entities` that exists, with its state; `None`: none does."""
        snapshot = self.snapshot
        for entity in entities:
            state = snapshot.get(entity)
            if state is not None:
                return entity, state
        return None


def converted(value: float, unit: Any) -> tuple[str, float] | None:
    """`value` of `unit` as ("A", amperes) or ("W", watts).

    `None` for another unit, and for more than `MOST_A`. Example: 2.3 kW are ("W", 2300.0).
    """
    kind, factor = UNITS.get(unit, ("", 0.0)) if isinstance(unit, str) else ("", 0.0)
    found = value * factor
    most = MOST_A if kind == "A" else MOST_A * 1000.0
    return (kind, found) if kind and abs(found) <= most else None


def amps(value: float, unit: Any, voltage_v: float, legs: int = 1) -> float | None:
    """Current in A per leg of `value` in a unit of `UNITS`; `None` for another unit.

    A power is spread over `legs` legs at `voltage_v`; a current is already per leg.
    """
    if unit == "A" and -MOST_A <= value <= MOST_A:  # as most sensors do
        return value
    found = converted(value, unit)
    if found is None:
        return None
    return found[1] if found[0] == "A" else watts_to_amps(found[1], voltage_v, legs)


def watts(at: Sensing, entity: str) -> float | None:
    """Power of an entity, W. Without a value it is noted, and held for 60 s; then `None`."""
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
    """Note why `shown` in `unit` is no amount: the unit is wrong (`code`), or it is too much."""
    kind, _ = UNITS.get(unit, ("", 0.0)) if isinstance(unit, str) else ("", 0.0)
    if kind == "W" or (kind and code == "unit_unknown"):
        at.miss("too_much", entity, load, state=f"{shown} {unit}")
    else:
        at.miss(code, entity, load, unit=str(unit or ""))


def percent(at: Sensing, entity: str) -> float | None:
    """A share, 0 to 100 %. Without one it is noted, and held for 60 s; then `None`."""
    state = at.snapshot.get(entity)
    value = number(state.value) if state else None
    if state is not None and value is not None and not 0 <= value <= 100:
        at.miss("not_percent", entity, state=state.value)
        return _held_number(at, entity)
    if state is None or value is None:
        at.miss("sensor_missing", entity, state=state.value if state else "not there")
        return _held_number(at, entity)
    return _believed(at, entity, value, at.now if state.reported_at is None else state.reported_at)


def _believed(at: Sensing, entity: str, shown: float, reported_at: float) -> float:
    """The state of charge that is believed while an entity shows `shown`, %.

    A single wrong sample is no reading: a jump that no battery can make (`_reachable`) is believed
    only when a later report shows as much (`reported_at`, epoch s), or when it has been shown for
    60 s (`hold_s`). Until then the last good value stands in.

    Example: 50 %, 90 %, 50 %: it is 50 % all the time. 50 %, 90 %, 90 %: it is 90 % at the second
    of these reports. 50 %, then 54 %: it is 54 % at once.
    """
    old = at.memory.held.get(entity)
    since_s = -1.0 if old is None else at.now - old.at
    if old is None or not isinstance(old.value, float) or not 0 <= since_s <= at.options.hold_s:
        at.keep(entity, shown)
        return shown
    again = old.doubted is not None and _reachable(old.doubted, shown, 0.0)
    confirmed = again and reported_at > (old.doubted_at or 0.0)
    if confirmed or _reachable(old.value, shown, since_s):
        at.keep(entity, shown)
        return shown
    if again:
        at.held[entity] = old
    else:
        at.held[entity] = Held(old.value, old.at, shown, reported_at)
    return old.value


def _reachable(before: float, after: float, seconds: float) -> bool:
    """Whether a state of charge can go from `before` to `after` (%) in so many `seconds`."""
    return abs(after - before) <= SOC_STEP_PCT + SOC_PCT_S * seconds


def _held_number(at: Sensing, entity: str) -> float | None:
    """The last good number of an entity, if it is no older than 60 s; else `None`."""
    held = at.held_value(entity)
    return held if isinstance(held, float) else None


def measured(at: Sensing, entity: str, load: str | None = None, legs: int = 1) -> float | None:
    """Current of an entity now, A per leg; without one it is noted, and `None`.

    A power is spread over `legs` legs. `load` is the id of the load that the problem concerns.
    """
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

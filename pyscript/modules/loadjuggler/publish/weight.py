"""How much a change of an entity matters: whether it is written at once, soon, later or never.

Each write is a row in the recorder's database and an event for everything that listens. A meter
that reports each second changes ten entities each second, and almost all of it is noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from .entity import MEASUREMENT, Entity


class Weight(IntEnum):
    """How much a change matters.

    - `NOTHING`: nobody can see it.
    - `SLIGHT`: a measurement has changed by what can be seen: 0.1 A, 10 W or 1 %.
    - `CLEAR`: it has changed by 0.5 A, 250 W or 5 %, or a sentence by as much.
    - `GRAVE`: a status, the code of a reason, a mode, a limit, or what a load is told has changed.
    """

    NOTHING = 0
    SLIGHT = 1
    CLEAR = 2
    GRAVE = 3


SEEN = {"A": (0.1, 0.5), "W": (10.0, 250.0), "%": (1.0, 5.0), "s": (1.0, 10.0)}
"""What can be seen, and what is clear, by unit."""


UNITS = {"a": "A", "w": "W", "pct": "%", "s": "s"}
"""Units of the numbers of a sentence, by the end of their name."""


SEEN_SHARE, CLEAR_SHARE = 0.01, 0.05
"""The same as shares of a power, where that is more."""


ROUNDING = 1e-6
"""Values are rounded to what can be seen, and 8.1 - 8.0 is a little less than 0.1."""


def weight(before: Entity | None, now: Entity) -> Weight:
    """How much it matters that an entity is not as `before` (`None`: it was not there)."""
    if before == now:
        return Weight.NOTHING
    if before is None or "restored" in before.attributes or before.urgent != now.urgent:
        return Weight.GRAVE
    if now.attributes.get("state_class") != MEASUREMENT:
        return _said(before.attributes.get("numbers"), now.attributes.get("numbers"))
    unit = now.attributes.get("unit_of_measurement", "")
    return max(
        _moved(_number(before.value), _number(now.value), unit),
        _beside(before.attributes, now.attributes, unit),
    )


def _said(before: Any, now: Any) -> Weight:
    """How much the numbers of a sentence have changed: by name, which ends with their unit."""
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        return Weight.SLIGHT
    moved = (
        _moved(_number(before.get(key)), _number(value), UNITS.get(key.rpartition("_")[2], ""))
        for key, value in now.items()
        if before.get(key) != value
    )
    return max(moved, default=Weight.SLIGHT) or Weight.SLIGHT


def _beside(before: Mapping[str, Any], now: Mapping[str, Any], unit: str) -> Weight:
    """How much the attributes of a measurement have changed; numbers are in its unit."""
    if before.keys() != now.keys():
        return Weight.CLEAR
    pairs = ((before[key], now[key]) for key in now)
    return max(
        (_moved(_number(old), _number(new), unit) for old, new in pairs if old != new),
        default=Weight.NOTHING,
    )


def _number(value: Any) -> float | None:
    """A value of an entity, or of an attribute, as a number; `None`: it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _moved(old: float | None, new: float | None, unit: str) -> Weight:
    """How much a number in `unit` has changed; what is, or was, none has changed clearly."""
    if old is None or new is None:
        return Weight.CLEAR
    seen, clear = SEEN.get(unit, (0.0, 0.0))
    if unit == "W":
        most_w = max(abs(old), abs(new))
        seen, clear = max(seen, SEEN_SHARE * most_w), max(clear, CLEAR_SHARE * most_w)
    by = abs(new - old) + ROUNDING
    if by < seen:
        return Weight.NOTHING
    return Weight.CLEAR if by >= clear else Weight.SLIGHT

"""An entity to set, and the kinds of measurements that many of ours are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PREFIX = "sensor.loadjuggler"


STATE_LENGTH = 255
"""The longest state, and the longest id of an entity, that Home Assistant takes."""


STATUS = f"{PREFIX}_status"


CHANGES = f"{PREFIX}_changes"


CHECK = f"{PREFIX}_wiring_check"


MEASUREMENT = "measurement"
"""State class of what is measured at this moment."""


TOTAL = "total_increasing"
"""State class of totals of the day. Home Assistant's statistics take a fall of one for a new start
from 0, and count all of it again, so it may only fall at midnight (`kept.Totals`)."""


ICONS = {
    "current": "mdi:current-ac",
    "power": "mdi:flash",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity to set: `value` is its state as text, `attributes` include name, icon and unit.

    `urgent` is what of it must be written at once when it changes (`screen`). `fleeting`: it shows
    that something gives nothing, which may be over in a second.
    """

    id: str
    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    urgent: Any = field(default=None, compare=False)
    fleeting: bool = field(default=False, compare=False)


def current(
    entity: str,
    name: str,
    value: float | None,
    more: Mapping[str, Any] | None = None,
    *,
    urgent: bool = False,
) -> Entity:
    """A measured current, in A to 0.1."""
    return measurement(entity, name, value, 1, "A", "current", more, urgent=urgent)


def power(entity: str, name: str, value: float | None) -> Entity:
    """A measured power, in whole W."""
    return measurement(entity, name, value, 0, "W", "power")


def measurement(
    entity: str,
    name: str,
    value: float | None,
    digits: int,
    unit: str,
    device_class: str,
    more: Mapping[str, Any] | None = None,
    *,
    urgent: bool = False,
) -> Entity:
    """A measurement; one that is `urgent` is no reading: a person or the engine has set it."""
    # -0.04 is rounded to -0.0, and -0.0 + 0.0 is 0.0.
    shown = "unknown" if value is None else f"{round(value, digits) + 0.0:.{digits}f}"
    attributes = {
        "friendly_name": name,
        "icon": ICONS[device_class],
        "unit_of_measurement": unit,
        "device_class": device_class,
        "state_class": MEASUREMENT,
        **(more or {}),
    }
    shown = "0" if shown == "-0" else shown
    return Entity(entity, shown, attributes, shown if urgent else None)

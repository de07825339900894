"""An entity to set, and the kinds of measurements that many of ours are."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..texts.wording import clean

PREFIX = "sensor.loadjuggler"


STATE_LENGTH = 255
"""The longest state, and the longest id of an entity, that Home Assistant takes."""


MOST_BYTES = 15_000
"""Attributes of an entity that are longer (bytes of UTF-8) are cut. The recorder stores 16 384 of
them, and none at all of longer ones."""


SHORT = 200
"""Attributes are at most ten, so texts of this length are short enough together."""


MOST_WHOLE = 2**63 - 1
"""A larger whole number is in no JSON of Home Assistant's."""


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

    def fitting(self) -> Entity:
        """The same, as Home Assistant can take and store it.

        A state is cut to 255 signs, and what is longer than the recorder stores of an entity's
        attributes to that. What no JSON has (infinities, halves of signs) is left out.
        """
        if len(self.value) <= SHORT and all(map(_is_short, self.attributes.values())):
            return self  # nearly all are, and this is asked of each that has changed
        attributes = dict(_whole(self.attributes))
        most = MOST_BYTES
        while _size(attributes) > MOST_BYTES and most > 1:
            most //= 2
            attributes = {key: _cut(value, most) for key, value in attributes.items()}
        value = clean(self.value)[:STATE_LENGTH]
        if value == self.value and attributes == self.attributes:
            return self
        return replace(self, value=value, attributes=attributes)


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


def _is_short(value: Any) -> bool:
    """Whether an attribute is so short and plain that nothing has to be done about it."""
    if isinstance(value, str):
        return len(value) <= SHORT and value.isascii()
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _size(attributes: Mapping[str, Any]) -> int:
    """How many bytes the attributes of an entity take in the database."""
    return len(json.dumps(attributes, ensure_ascii=False, default=str).encode())


def _whole(value: Any) -> Any:
    """An attribute without what no JSON has."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _whole(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_whole, value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) > MOST_WHOLE:
        return None
    return value


def _cut(value: Any, most: int) -> Any:
    """An attribute of at most `most` bytes: the end of a text, and of a list, is left out."""
    if isinstance(value, str):
        plain = value.encode()
        return value if len(plain) <= most else f"{plain[:most].decode(errors='ignore')}…"
    if isinstance(value, list | tuple):
        kept: list[Any] = []
        for one in value:
            if _size({"": [*kept, one]}) > most and kept:
                return [*kept, f"… {len(value) - len(kept)}"]
            kept.append(_cut(one, most))
        return kept
    return value

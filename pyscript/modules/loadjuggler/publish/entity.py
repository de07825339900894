"""What an entity is, and the ids of those that other parts of Load Juggler ask for by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PREFIX = "sensor.loadjuggler"


STATE_LENGTH = 255
"""The longest state, and the longest id of an entity, that Home Assistant takes."""


CHANGES = f"{PREFIX}_changes"


CHECK = f"{PREFIX}_wiring_check"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity to set: `value` is its state as text, `attributes` include name, icon and unit."""

    id: str
    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

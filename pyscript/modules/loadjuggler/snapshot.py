"""States of entities as they come from Home Assistant, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EntityState:
    """A state as Home Assistant has it: text, attributes, and when it was last reported."""

    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    reported_at: float = 0.0


Snapshot = Mapping[str, EntityState]
"""States of the wired entities by entity id; an entity that does not exist is not in it."""

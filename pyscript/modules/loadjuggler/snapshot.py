"""The states of all wired entities at the moment at which a run begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .records import quick


@quick
@dataclass(frozen=True, slots=True)
class EntityState:
    """A state as Home Assistant has it.

    `value` is text, also for numbers ("12.3", "unavailable"); `reported_at` is when the entity was
    last reported, epoch s, whether its value changed or not.
    """

    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    reported_at: float = 0.0


Snapshot = Mapping[str, EntityState]
"""States of the wired entities by entity id; an entity that does not exist is not in it."""

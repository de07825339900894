"""The states of all wired entities at the moment at which a run begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .records import quick


@dataclass(frozen=True, slots=True)
class Registered:
    """What Home Assistant's registry has of an entity, whatever its id was renamed to.

    - `unique_id`: the name that its integration gave it, for good.
    - `entry`: the id of the integration's configuration entry that it belongs to.
    - `device`: the name of its device, as the user sees it; "": it has none.
    """

    unique_id: str
    entry: str
    device: str


@quick
@dataclass(frozen=True, slots=True)
class EntityState:
    """A state as Home Assistant has it.

    `value` is text, also for numbers ("12.3", "unavailable"); `reported_at` is when the entity was
    last reported, epoch s, whether its value changed or not. `known` is what the registry has of an
    entity of the OCPP integration; it is filled in only where all entities are looked at. `by_us`:
    a call of ours made the value what it is, by its context.
    """

    value: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    reported_at: float = 0.0
    known: Registered | None = None
    by_us: bool = False

    @classmethod
    def of(
        cls, value: str, attributes: Mapping[str, Any], reported_at: float, by_us: bool = False
    ) -> EntityState:
        """The state as `runtime.hands` has it."""
        return cls(value, attributes, reported_at, None, by_us)


Snapshot = Mapping[str, EntityState]
"""States of the wired entities by entity id; an entity that does not exist is not in it."""

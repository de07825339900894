"""What is said to somebody who has just saved the form of a load, beside that it is wired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..config.registry import Registry
from ..memory.memory import Memory
from ..site.model import Load
from ..site.modes import GRID, MODES
from ..snapshot import Snapshot


def fuller(
    answer: Mapping[str, Any],
    registry: Registry,
    memory: Memory,
    kind: str,
    data: Mapping[str, Any],
    states: Snapshot | None,
) -> dict[str, Any]:
    """The `answer` to a form with what was found among the `states` of all entities, if given.

    If its load is switched on because of it, the message says so.
    """
    if states is None:
        return dict(answer)
    site = registry.wired.site
    load = site.loads.get(str(answer["id"])) if site else None
    message = answer["message"]
    if load is not None and _switches_on(load, memory, states):
        how = f"in mode {load.mode.value} it is switched on as soon as there is room for it"
        message = f"{message} It is off: {how}."
    return {**answer, "message": message, **registry.entities_of(kind, data, states)}


def _switches_on(load: Load, memory: Memory, states: Snapshot) -> bool:
    """Whether a load is off by `states` and waits for no sun, before it was ever told anything."""
    mode, switch = MODES.get(str(load.mode.value)), load.control.told_by
    if not load.kind.switched_by_hand or load.mode.entity or mode is None:
        return False
    state, new = states.get(switch or ""), memory.load(load.id).command.default_a is None
    off = state is not None and state.value == "off"
    return new and off and mode.takes and mode.minimum_from == GRID

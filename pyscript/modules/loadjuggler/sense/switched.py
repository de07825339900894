"""The legs that a charger is switched to, where an entity switches its phases."""

from __future__ import annotations

from dataclasses import replace

from .. import phase_switch
from ..memory import LoadMemory
from ..model import Legs, Load
from .lookup import Sensing


def switched(
    at: Sensing, load: Load, memory: LoadMemory, draws: dict[str, float] | None
) -> tuple[int | None, Legs, LoadMemory]:
    """How many phases its switch shows (1 or 3; `None`: none, or not known), and those legs.

    One phase is the first leg; a draw on another says that it is not so, whatever is shown. When
    the number changes, what was learned of the car's legs is forgotten: on three it may use all.
    """
    if load.phase_switch is None:
        return None, load.legs, memory
    entity = load.phase_switch.entity
    state = at.snapshot.get(entity)
    phases = phase_switch.shown(load.phase_switch, state.value if state else None)
    if phases is None:
        at.miss("sensor_missing", entity, load.id, state=state.value if state else "not there")
    if phases != memory.phases:
        memory = replace(memory, phases=phases, legs_used=None, legs_differ_at=None)
    elsewhere_a = max(((draws or {}).get(leg, 0.0) for leg, _ in load.legs[1:]), default=0.0)
    one = phases == 1 and elsewhere_a <= at.options.idle_leg_a
    return phases, load.legs[:1] if one else load.legs, memory

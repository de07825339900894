"""The legs that a charger is switched to, where an entity switches its phases."""

from __future__ import annotations

from ..measure.legs import using
from ..measure.lookup import Sensing
from ..memory.load import LoadMemory
from ..records import replace
from ..site.controls import PhaseSwitch
from ..site.model import Legs, Load

ALL_PHASES = 3
"""Phases that a charger is wired to; with one of them it charges on the first leg."""


def shown(switch: PhaseSwitch, state: str | None) -> int | None:
    """How many phases the switch's entity says, 1 or 3; `None`: it says nothing usable."""
    return {switch.one: 1, switch.three: ALL_PHASES}.get((state or "").strip().lower())


def by_profile(load: Load, memory: LoadMemory) -> int:
    """How many phases the profiles of a charger have to say; 0: none."""
    if load.phase_switch is None or load.phase_switch.entity is not None:
        return 0
    return memory.phases.shown or ALL_PHASES


def switched(
    at: Sensing, load: Load, memory: LoadMemory, draws: dict[str, float] | None
) -> tuple[int | None, Legs, LoadMemory]:
    """How many phases its switch shows (1 or 3; `None`: none, or not known), and those legs.

    One phase is the first leg; a draw on another says that it is not so, whatever is shown. When
    the number changes, what was learned of the car's legs is forgotten: on three it may use all.
    """
    if load.phase_switch is None:
        return None, load.legs, memory
    phases = _shown(at, load, load.phase_switch, memory)
    if phases != memory.phases.shown:
        memory = replace(using(memory, None), phases=memory.phases.seen(phases))
    elsewhere_a = max(((draws or {}).get(leg, 0.0) for leg, _ in load.legs[1:]), default=0.0)
    one = phases == 1 and elsewhere_a <= at.options.idle_leg_a
    return phases, load.legs[:1] if one else load.legs, memory


def _shown(at: Sensing, load: Load, switch: PhaseSwitch, memory: LoadMemory) -> int | None:
    """What the switch's entity shows; without one, what the profiles said last: all, at first."""
    if switch.entity is None:
        return memory.phases.shown or ALL_PHASES
    state = at.snapshot.get(switch.entity)
    found = shown(switch, state.value if state else None)
    if found is None:
        text = state.value if state else "not there"
        at.miss("sensor_missing", switch.entity, load.id, state=text)
    return found

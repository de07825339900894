"""The legs that a charger is switched to, if an entity or its profiles switch its phases.

Source: docs/decisions/0016.
"""

from __future__ import annotations

from ..measure.legs import using
from ..measure.lookup import Sensing
from ..memory.load import LoadMemory
from ..records import replace
from ..site.controls import PhaseSwitch
from ..site.model import Legs, Load
from ..site.words import key

ALL_PHASES = 3
"""The number of phases that is not one: a charger is switched between 1 and 3."""


def shown(switch: PhaseSwitch, state: str | None) -> int | None:
    """How many phases the `state` of the switch's entity means, 1 or 3; `None`: neither."""
    return {switch.one: 1, switch.three: ALL_PHASES}.get(key(state or ""))


def by_profile(load: Load, memory: LoadMemory) -> int:
    """How many phases the profiles of a charger have to say; 0: they do not say it."""
    if load.phase_switch is None or load.phase_switch.entity is not None:
        return 0
    return memory.phases.shown or ALL_PHASES


def counted(load: Load, memory: LoadMemory) -> Legs:
    """The legs that may be in use by the last state of its switch: the first, or all wired ones."""
    return load.legs[:1] if load.phase_switch and memory.phases.shown == 1 else load.legs


def switched(
    at: Sensing, load: Load, memory: LoadMemory, draws: dict[str, float] | None
) -> tuple[int | None, Legs, LoadMemory]:
    """How many phases the switch shows, the legs that it means, and the memory with that.

    The number is 1 or 3; `None`: there is no switch, or it says nothing. One phase is the first
    leg. If another leg draws over 1 A (`idle_leg_a`), all legs count, whatever is shown. When the
    number changes, the legs that were learned are forgotten: on three phases a car may use all.
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
    """The phases that the entity shows, 1 or 3; `None`, and noted, if it says nothing usable.

    A charger without an entity is on the number that its profiles said last, at first 3.
    """
    if switch.entity is None:
        return memory.phases.shown or ALL_PHASES
    state = at.snapshot.get(switch.entity)
    found = shown(switch, state.value if state else None)
    if found is None:
        text = state.value if state else "not there"
        at.miss("sensor_missing", switch.entity, load.id, state=text)
    return found

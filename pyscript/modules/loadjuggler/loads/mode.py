"""The mode that a load runs in now, and how boosts and pauses end.

Example: mode solar only; a boost of 60 min is set at 12:00. From 12:00 to 13:00 the mode is boost,
then it is solar only again, without a call of anybody.

Sources: docs/product.md sections 3 and 7; docs/decisions/0009 and 0023.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..measure.lookup import Sensing
from ..measure.settings import chosen
from ..memory.load import LoadMemory
from ..memory.memory import Memory, Override, Owned
from ..records import replace
from ..site.model import Load, Site
from ..site.modes import BOOST


def read_mode(at: Sensing, load: Load, memory: LoadMemory) -> tuple[str, LoadMemory]:
    """The mode now, and the load's memory with it.

    A new mode takes effect at once: pauses, graces, the ramp and the count of stops end, and what a
    person did at the load's own switch before counts no more.
    """
    wanted = chosen(at, load.id, "mode", load.mode)
    if wanted != BOOST:
        if wanted != memory.chosen.mode:
            delays, pacing = memory.delays.new_mode(), memory.pacing.anew()
            memory = replace(memory, delays=delays, pacing=pacing, hand=memory.hand.over())
        if wanted != memory.chosen.mode or memory.chosen.boost_at is not None:
            memory = replace(memory, chosen=memory.chosen.running_in(wanted))
        return wanted, memory
    if memory.chosen.boost_at is None:
        memory = replace(
            memory,
            chosen=memory.chosen.boosted(at.now),
            delays=memory.delays.boosted(),
            pacing=memory.pacing.anew(),
            hand=memory.hand.over(),
        )
    if at.now < boost_until(load, memory, at.memory):
        return BOOST, memory
    return before_boost(load, memory), memory


def boost_until(load: Load, memory: LoadMemory, whole: Memory) -> float:
    """When the boost of `load` is over, epoch s; if none has begun, that is in the past.

    Its length is that of the service call, else that of the form.
    """
    override = whole.overrides.get((load.id, "mode"))
    asked_s = override.seconds if override and override.value == BOOST else None
    return (memory.chosen.boost_at or 0.0) + (load.patience.boost_s if asked_s is None else asked_s)


def before_boost(load: Load, memory: LoadMemory) -> str:
    """The mode after a boost: the one before it, else the form's, else the first choice."""
    form = str(load.mode.value)
    return memory.chosen.mode or (form if form != BOOST else load.mode.choices[0])


def still_set(
    site: Site, memory: Memory, loads: Mapping[str, LoadMemory], now: float
) -> dict[Owned, Override]:
    """What service calls have set and what still holds, by (owner, name).

    It holds until the form's own value changes. A boost that is over is replaced by the mode that
    was set before it. `loads` are the memories of the loads after this run has read them.
    """
    if not memory.overrides:
        return {}
    forms = {("site", "distribution"): site.distribution.value}
    for load in site.loads.values():
        settings = {"mode": load.mode, "priority": load.priority}
        settings |= {"min_a": load.min_a, "max_a": load.max_a}
        forms |= {(load.id, name): setting.value for name, setting in settings.items()}
    kept = {
        key: override
        for key, override in memory.overrides.items()
        if forms.get(key, override.form) == override.form
    }
    for load in site.loads.values():
        override, of_load = kept.get((load.id, "mode")), loads[load.id]
        if override is None or override.value != BOOST:
            continue
        if load.mode.entity:  # its length counts until the entity says another mode
            if memory.load(load.id).chosen.boost_at is not None and of_load.chosen.boost_at is None:
                del kept[load.id, "mode"]
            continue
        if of_load.chosen.boost_at is None:
            continue
        if now >= boost_until(load, of_load, memory):
            before = before_boost(load, of_load)
            del kept[load.id, "mode"]
            if before != load.mode.value:
                kept[load.id, "mode"] = Override(before, override.form)
    return kept


def paused(memory: LoadMemory, now: float) -> tuple[float, LoadMemory]:
    """For how many s more a person pauses a load, and its memory without a pause that is over."""
    chosen_for = memory.chosen
    if chosen_for.paused_at is None:
        return 0.0, memory
    left_s = min(chosen_for.paused_at + chosen_for.pause_s - now, chosen_for.pause_s)
    if left_s > 0:
        return left_s, memory
    return 0.0, replace(memory, chosen=chosen_for.resumed())

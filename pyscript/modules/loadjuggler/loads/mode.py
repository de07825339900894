"""The mode that a load runs in now: what is chosen, and the end of a boost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..measure.lookup import Sensing
from ..measure.settings import chosen
from ..memory.load import LoadMemory
from ..memory.memory import Memory, Override
from ..site.model import Load, Site
from ..site.modes import BOOST


def read_mode(at: Sensing, load: Load, memory: LoadMemory) -> tuple[str, LoadMemory]:
    """The mode now, and the load's memory with it: a new one takes effect at once, unpaused."""
    wanted = chosen(at, load.id, "mode", load.mode)
    if wanted != BOOST:
        if wanted != memory.mode:
            memory = replace(
                memory, short_at=None, stopped_at=None, started_at=None, raised_at=None, stops=0
            )
        if (wanted, None) != (memory.mode, memory.boost_at):
            memory = replace(memory, mode=wanted, boost_at=None)
        return wanted, memory
    if memory.boost_at is None:
        memory = replace(memory, boost_at=at.now, short_at=None, stopped_at=None, raised_at=None)
        memory = replace(memory, paused_at=None)  # who boosts it wants it to run now
    if at.now < boost_until(load, memory, at.memory):
        return BOOST, memory
    return before_boost(load, memory), memory


def boost_until(load: Load, memory: LoadMemory, whole: Memory) -> float:
    """Epoch s at which the boost of `load` is over; that of one which has not begun is past."""
    override = whole.overrides.get(f"{load.id}.mode")
    asked_s = override.seconds if override and override.value == BOOST else None
    return (memory.boost_at or 0.0) + (load.patience.boost_s if asked_s is None else asked_s)


def before_boost(load: Load, memory: LoadMemory) -> str:
    """The mode after a boost: the one before it, the form's, or the first that it offers."""
    form = str(load.mode.value)
    return memory.mode or (form if form != BOOST else load.mode.choices[0])


def still_set(
    site: Site, memory: Memory, loads: Mapping[str, LoadMemory], now: float
) -> dict[str, Override]:
    """What service calls set and still holds: until the form's own value changes.

    A boost that is over makes way for what was set before it.
    """
    forms = {"site.distribution": site.distribution.value}
    for load in site.loads.values():
        settings = {"mode": load.mode, "priority": load.priority}
        settings |= {"min_a": load.min_a, "max_a": load.max_a}
        forms |= {f"{load.id}.{name}": setting.value for name, setting in settings.items()}
    kept = {
        key: override
        for key, override in memory.overrides.items()
        if forms.get(key, override.form) == override.form
    }
    for load in site.loads.values():
        override, of_load = kept.get(f"{load.id}.mode"), loads[load.id]
        if override is None or override.value != BOOST:
            continue
        if load.mode.entity:  # its minutes count until the entity says another mode
            if memory.load(load.id).boost_at is not None and of_load.boost_at is None:
                del kept[f"{load.id}.mode"]
            continue
        if of_load.boost_at is None:
            continue
        if now >= boost_until(load, of_load, memory):
            before = before_boost(load, of_load)
            del kept[f"{load.id}.mode"]
            if before != load.mode.value:
                kept[f"{load.id}.mode"] = Override(before, override.form)
    return kept


def paused(memory: LoadMemory, now: float) -> tuple[float, LoadMemory]:
    """For how long yet (s) a person lets a load rest, and its memory: what is over is forgotten."""
    if memory.paused_at is None:
        return 0.0, memory
    left_s = min(memory.paused_at + memory.pause_s - now, memory.pause_s)
    if left_s > 0:
        return left_s, memory
    return 0.0, replace(memory, paused_at=None, pause_s=0.0)

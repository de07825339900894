"""The memory to and from JSON: what comes back has the right types, and can have been so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

from ..site.modes import DISTRIBUTIONS, MODES
from ..units import LEGS, PHASES
from . import serialise as plain
from .logbook import Tally
from .memory import Memory, Override
from .wiring import WiringMemory

VERSION = 1


_MOST = 1e11
"""No time (epoch s) or amount is larger: that is the year 5138."""


AMOUNTS = (".priority", ".min_a", ".max_a")
"""Endings of the keys of overrides that are numbers; the others are choices."""


def to_json(memory: Memory) -> dict[str, Any]:
    """Plain data for `json.dumps`."""
    rest = asdict(replace(memory, history={}))
    history = {load: [asdict(change) for change in one] for load, one in memory.history.items()}
    return {"version": VERSION, **rest, "history": history}


def from_json(data: Any) -> Memory:
    """Memory from what `to_json` gave; raises ValueError in words if it is damaged or newer."""
    if not isinstance(data, Mapping):
        raise ValueError(f"memory is damaged: it is {plain.shown(data)}")
    version = data.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise ValueError(f"memory has version {plain.shown(version)}, this reads {VERSION}")
    missing = [name for name in _ALWAYS_THERE if name not in data]
    if missing:
        raise ValueError(f"memory is damaged: {missing[0]} is missing")
    try:
        memory = plain.record(Memory, data, "memory")
        _check(memory)
    except ValueError as error:
        raise ValueError(f"memory is damaged: {error}") from error
    return memory


_ALWAYS_THERE = ("loads", "held", "overrides")
"""What every version wrote: without it, something was lost."""


def _check(memory: Memory) -> None:
    """Raise ValueError for what has the right type and can't be all the same."""
    for load_id, load in memory.loads.items():
        if load.mode is not None and load.mode not in MODES:
            raise ValueError(f"{load_id} ran in mode {load.mode!r}, which is none")
        if not set(load.legs_used or LEGS) <= set(LEGS):
            raise ValueError(f"{load_id} uses legs {load.legs_used!r}")
    _check_overrides(memory.overrides)
    for key, seen in (*memory.seen.items(), *memory.sun.items()):
        times = [at for at, _ in seen.trail]
        if not times or any(later <= at for at, later in pairwise(times)):
            raise ValueError(f"what the meter of {key} showed is not in order")
    _check_tallies(memory.tallies)
    _check_wiring(memory.wiring)
    for load_id, changes in memory.history.items():
        if any(not 0 <= change.at <= _MOST for change in changes):
            raise ValueError(f"what {load_id} was told can't have been then")
    for key, over in memory.over.items():
        numbers = [over.day, over.worst_at, over.managed_as, over.unmanaged_as, over.worst_a]
        going = over.going
        numbers += [] if going is None else [going.since, going.at, going.until, going.draw_a]
        if any(abs(amount) > _MOST for amount in numbers):
            raise ValueError(f"what was over the limit of {key} can't be")


def _check_overrides(overrides: Mapping[str, Override]) -> None:
    """The same for what services have set."""
    for key, override in overrides.items():
        if key.endswith(AMOUNTS):
            if isinstance(override.value, str) or not 0 <= override.value <= _MOST:
                raise ValueError(f"{key} was set to {override.value!r}, which is no amount")
            continue
        allowed = DISTRIBUTIONS if key.endswith(".distribution") else MODES
        if override.value not in allowed:
            raise ValueError(f"{key} was set to {override.value!r}, which is none")


def _check_tallies(tallies: Mapping[str, Tally]) -> None:
    """The same for energies."""
    for load_id, tally in tallies.items():
        amounts = (tally.day, tally.at, tally.wh, tally.known_wh, tally.sun_wh, tally.told_wh)
        if any(not 0 <= amount <= _MOST for amount in amounts):
            raise ValueError(f"the energy of {load_id} can't be")


def _check_wiring(wiring: WiringMemory) -> None:
    """The same for what was observed of the wiring."""
    for key, score in wiring.scores.items():
        for leg, weights in score.legs.items():
            if leg not in LEGS or not set(weights) <= set(PHASES):
                raise ValueError(f"{key} is seen with leg {leg!r} on {list(weights)}")
    for load_id, remap in wiring.remaps.items():
        for leg, phase in (*remap.legs, *remap.was):
            if leg not in LEGS or phase not in PHASES:
                raise ValueError(f"{load_id} is counted on leg {leg!r}, phase {phase!r}")

"""The memory to and from JSON. What is read has the right types and only values that can occur."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ..site.modes import DISTRIBUTIONS, MODES
from ..units import LEGS, PHASES
from . import serialise
from .logbook import Tally
from .memory import Memory, Override, Owned
from .version_1 import from_version_1
from .wiring import WiringMemory

VERSION = 2
"""The version that is written. Version 1, which is read, too, had one flat record for each load."""


_MOST = 1e11
"""A larger time (epoch s) or amount is damage: as a time it is the year 5138."""


AMOUNTS = ("priority", "min_a", "max_a")
"""Settings that are numbers; the others are choices."""


def to_json(memory: Memory) -> dict[str, Any]:
    """Plain data for `json.dumps`."""
    return {"version": VERSION, **serialise.plain(memory)}


def from_json(data: Any) -> Memory:
    """The memory that `to_json` wrote; raises ValueError in words if it is damaged or newer."""
    if not isinstance(data, Mapping):
        raise ValueError(f"memory is damaged: it is {serialise.shown(data)}")
    version = data.get("version")
    if isinstance(version, bool) or version not in (1, VERSION):
        raise ValueError(f"memory has version {serialise.shown(version)}, this reads {VERSION}")
    missing = [name for name in _ALWAYS_THERE if name not in data]
    if missing:
        raise ValueError(f"memory is damaged: {missing[0]} is missing")
    try:
        memory = serialise.record(Memory, from_version_1(data) if version == 1 else data, "memory")
        _check(memory)
    except ValueError as error:
        raise ValueError(f"memory is damaged: {error}") from error
    return memory


_ALWAYS_THERE = ("loads", "held", "overrides")
"""Keys that every version has written. If one is missing, the file is damaged."""


def _check(memory: Memory) -> None:
    """Raise ValueError for values of the right type that can't occur, such as an unknown mode."""
    for load_id, load in memory.loads.items():
        if load.chosen.mode is not None and load.chosen.mode not in MODES:
            raise ValueError(f"{load_id} ran in mode {load.chosen.mode!r}, which is none")
        if not set(load.draws.legs or LEGS) <= set(LEGS):
            raise ValueError(f"{load_id} uses legs {load.draws.legs!r}")
    _check_overrides(memory.overrides)
    meters = [(" ".join(spot), seen) for spot, seen in memory.seen.items()]
    for key, seen in (*meters, *memory.sun.items()):
        times = [at for at, _ in seen.trail]
        if not times or any(later <= at for at, later in pairwise(times)):
            raise ValueError(f"what the meter of {key} showed is not in order")
    _check_tallies(memory.tallies)
    _check_wiring(memory.wiring)
    for load_id, changes in memory.history.items():
        if any(not 0 <= change.at <= _MOST for change in changes):
            raise ValueError(f"what {load_id} was told can't have been then")
    for spot, over in memory.over.items():
        numbers = [over.day, over.worst_at, over.managed_as, over.unmanaged_as, over.worst_a]
        going = over.going
        numbers += [] if going is None else [going.since, going.at, going.until, going.draw_a]
        if any(abs(amount) > _MOST for amount in numbers):
            limit = " ".join(spot).strip()
            raise ValueError(f"what was over the limit of {limit} can't be")


def _check_overrides(overrides: Mapping[Owned, Override]) -> None:
    """Raise ValueError for a setting by service that is no choice, or no amount, of its name."""
    for (owner, name), override in overrides.items():
        key = f"{owner}.{name}"
        if name in AMOUNTS:
            if isinstance(override.value, str) or not 0 <= override.value <= _MOST:
                raise ValueError(f"{key} was set to {override.value!r}, which is no amount")
            continue
        allowed = DISTRIBUTIONS if name == "distribution" else MODES
        if override.value not in allowed:
            raise ValueError(f"{key} was set to {override.value!r}, which is none")


def _check_tallies(tallies: Mapping[str, Tally]) -> None:
    """Raise ValueError for a negative or impossible energy."""
    for load_id, tally in tallies.items():
        amounts = (tally.day, tally.at, tally.wh, tally.known_wh, tally.sun_wh, tally.told_wh)
        if any(not 0 <= amount <= _MOST for amount in amounts):
            raise ValueError(f"the energy of {load_id} can't be")


def _check_wiring(wiring: WiringMemory) -> None:
    """Raise ValueError for legs or phases that do not exist."""
    for key, score in wiring.scores.items():
        for leg, weights in score.legs.items():
            if leg not in LEGS or not set(weights) <= set(PHASES):
                raise ValueError(f"{key} is seen with leg {leg!r} on {list(weights)}")
    for load_id, remap in wiring.remaps.items():
        for leg, phase in (*remap.legs, *remap.was):
            if leg not in LEGS or phase not in PHASES:
                raise ValueError(f"{load_id} is counted on leg {leg!r}, phase {phase!r}")

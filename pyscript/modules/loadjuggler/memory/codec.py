"""The memory to and from JSON. What is read has the right types and only values that can occur.

A file may be damaged in one place (a bit of it, or a hand that edited it). What is whole is used:
a damaged load, meter or setting is left out alone (`recovered`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..site.modes import DISTRIBUTIONS, MODES
from ..units import LEGS, PHASES
from . import serialise
from .limits import Seen
from .load import LoadMemory
from .logbook import Change, Heat, OverTime, Tally
from .memory import Memory, Override
from .plausibility import Doubts
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
    """The memory that `to_json` wrote; raises ValueError in words if any of it is damaged."""
    memory, damaged = recovered(data)
    if damaged:
        raise ValueError(f"memory is damaged: {damaged[0]}")
    return memory


def recovered(data: Any) -> tuple[Memory, tuple[str, ...]]:
    """(the memory with all parts of `data` that are whole, what is wrong with each other part).

    A part is one load, one held value, one meter and so on: an entry of a mapping in `Memory`, or
    another field of it. A damaged one is left out, as if it had never been there. Raises ValueError
    in words for what is no memory at all, and for another version.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"memory is damaged: it is {serialise.shown(data)}")
    version = data.get("version")
    if isinstance(version, bool) or version not in (1, VERSION):
        raise ValueError(f"memory has version {serialise.shown(version)}, this reads {VERSION}")
    damaged = [f"{name} is missing" for name in _ALWAYS_THERE if name not in data]
    stored = from_version_1(data) if version == 1 else data
    found: dict[str, Any] = {}
    for name, hint in serialise.hints(Memory).items():
        if name in stored:
            part, wrong = _part(name, hint, stored[name])
            damaged += wrong
            if part is not None:
                found[name] = part
    return Memory(**found), tuple(damaged)


_ALWAYS_THERE = ("loads", "held", "overrides")
"""Keys that every version has written. If one is missing, the file is damaged."""


def _part(name: str, hint: Any, data: Any) -> tuple[Any, list[str]]:
    """(what is whole of the field `name` of Memory, what is wrong with the rest of it).

    `hint` is its type. `None`: nothing of it is whole, or it is `None` itself.
    """
    check = _CHECKS.get(name, _nothing_more)
    try:
        if not serialise.is_mapping(hint):
            whole = serialise.value(hint, data, f"memory.{name}")
            check("", whole)
            return _FROM_OTHERS.get(name, _all_of_it)(whole), []
        if not isinstance(data, Mapping):
            raise ValueError(f"memory.{name} is {serialise.shown(data)}")
    except ValueError as error:
        return None, [str(error)]
    found, wrong = {}, []
    for key, item in data.items():
        try:
            one = serialise.value(hint, {key: item}, f"memory.{name}")
            for parts, whole in one.items():
                check(" ".join(parts) if isinstance(parts, tuple) else parts, whole)
            found.update(one)
        except ValueError as error:
            wrong.append(str(error))
    return found, wrong


def _all_of_it(whole: Any) -> Any:
    return whole


_FROM_OTHERS: Mapping[str, Callable[[Any], Any]] = {
    "wiring": WiringMemory.of_this_version,
    "checks": Doubts.of_this_version,
}
"""By field of Memory: from what another version may have written to what this one can use.

What is left out is no damage: if it is still so, it is found again.
"""


# --- values of the right type that can't occur ---------------------------------------------------


def _nothing_more(_key: str, _whole: Any) -> None:
    """There is nothing to check beside the types."""


def _check_load(load_id: str, load: LoadMemory) -> None:
    """Raise ValueError for an unknown mode, and for legs that do not exist."""
    if load.chosen.mode is not None and load.chosen.mode not in MODES:
        raise ValueError(f"{load_id} ran in mode {load.chosen.mode!r}, which is none")
    if not set(load.draws.legs or LEGS) <= set(LEGS):
        raise ValueError(f"{load_id} uses legs {load.draws.legs!r}")


def _check_override(key: str, override: Override) -> None:
    """Raise ValueError for a setting by service that is no choice, or no amount, of its name."""
    owner, name = key.split(" ")
    if name in AMOUNTS:
        if isinstance(override.value, str) or not 0 <= override.value <= _MOST:
            raise ValueError(f"{owner}.{name} was set to {override.value!r}, which is no amount")
        return
    if override.value not in (DISTRIBUTIONS if name == "distribution" else MODES):
        raise ValueError(f"{owner}.{name} was set to {override.value!r}, which is none")


def _check_seen(key: str, seen: Seen) -> None:
    """Raise ValueError for a meter that was read at no time, or at times in no order."""
    times = [at for at, _ in seen.trail]
    if not times or any(later <= at for at, later in pairwise(times)):
        raise ValueError(f"what the meter of {key} showed is not in order")


def _check_tally(load_id: str, tally: Tally) -> None:
    """Raise ValueError for a negative or impossible energy.

    A clock that begins at 1970, west of Greenwich, is on the day before the first one.
    """
    amounts = (tally.day + 1, tally.at, tally.wh, tally.known_wh, tally.sun_wh, tally.told_wh)
    if any(not 0 <= amount <= _MOST for amount in amounts):
        raise ValueError(f"the energy of {load_id} can't be")


def _check_wiring(_key: str, wiring: WiringMemory) -> None:
    """Raise ValueError for legs or phases that do not exist."""
    for key, score in wiring.scores.items():
        for leg, weights in score.legs.items():
            if leg not in LEGS or not set(weights) <= set(PHASES):
                raise ValueError(f"{key} is seen with leg {leg!r} on {list(weights)}")
    for load_id, remap in wiring.remaps.items():
        for leg, phase in (*remap.legs, *remap.was):
            if leg not in LEGS or phase not in PHASES:
                raise ValueError(f"{load_id} is counted on leg {leg!r}, phase {phase!r}")


def _check_history(load_id: str, changes: Sequence[Change]) -> None:
    """Raise ValueError for a change at an impossible time."""
    if any(not 0 <= change.at <= _MOST for change in changes):
        raise ValueError(f"what {load_id} was told can't have been then")


def _check_over(spot: str, over: OverTime) -> None:
    """Raise ValueError for impossible amounts over a limit."""
    numbers = [over.day, over.worst_at, over.managed_as, over.unmanaged_as, over.worst_a]
    going = over.going
    numbers += [] if going is None else [going.since, going.at, going.until, going.draw_a]
    if any(abs(amount) > _MOST for amount in numbers):
        raise ValueError(f"what was over the limit of {spot.strip()} can't be")


def _check_heat(spot: str, heat: Heat) -> None:
    """Raise ValueError for an impossible warmth."""
    if not (0 <= heat.at <= _MOST and 0 <= heat.heat <= 100 and 0 <= heat.times <= 100):
        raise ValueError(f"the warmth of {spot.strip()} can't be")


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "loads": _check_load,
    "overrides": _check_override,
    "seen": _check_seen,
    "sun": _check_seen,
    "tallies": _check_tally,
    "wiring": _check_wiring,
    "history": _check_history,
    "over": _check_over,
    "heat": _check_heat,
}
"""By field of Memory: from the key of a part ("" if it has none) and the part to a ValueError."""

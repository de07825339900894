"""When a change may happen: fast down, slow up.

Two allocations come in: `down`, by the draws that a cut judges with, and `up`, by those that a
raise may count on.

Danger: what a limit does not carry is cut to `down` in the same run, by raw readings, whatever
the timers say. Comfort is everything else. A cut for lack of sun (by smoothed readings) waits while
it is smaller than the dead band, unless it has been wanted for a minute or a limit would be
exceeded. A raise towards `up` is made only where there is room beside what all loads are told now
(not beside what they ought to be told), and has been for a raise interval; only while the meters
are known and have seen the last one; at most once per `raise_interval_s`, no faster than the ramp,
and not for less than the dead band until that has been wanted for a minute.

Source: docs/product.md section 5.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..limits.constraints import Ask, Room, Row, feasible
from ..measure.readings import LoadReading
from ..memory.load import NOTHING_KNOWN, LoadMemory
from ..options import Options
from ..reasons import Outcome, Reason
from ..records import replace
from ..sharing.allocate import Allocation
from ..units import TOLERANCE
from .delays import BRIDGED


@dataclass(frozen=True, slots=True)
class Paced:
    """What a load is told now (A per leg; `None`: nothing can be said yet), and why not more.

    `reason` is `None` where the allocation's own reason holds. `small` says that a change within
    the dead band is wanted: "cut", "raise" or "".
    """

    amps: float | None
    reason: Reason | None = None
    small: str = ""


@dataclass(frozen=True, slots=True)
class PaceInputs:
    """What pacing needs to know of this run.

    `up_rows` are the limits as a raise sees them, `lasting_rows` without room that has not been
    there for a raise interval, `down_rows` as a cut sees them. `reserved_a` (A per
    leg by load id) is what a load is counted with at least: what it draws until it follows a cut,
    what it holds if its last call failed, what is served before the sharing. Loads in `blind` are
    not raised; one that was never told anything is left alone, unless a meter above it has been
    `silent` for too long. Those in `unsettled` are not raised
    because what they live from has not been measured since the last raise.
    """

    now: float
    up_rows: Sequence[Row]
    lasting_rows: Sequence[Row]
    down_rows: Sequence[Row]
    loads: Mapping[str, LoadReading]
    memories: Mapping[str, LoadMemory]
    reserved_a: Mapping[str, float]
    blind: frozenset[str]
    silent: Collection[str]
    unsettled: Collection[str]
    options: Options

    def memory(self, load: str) -> LoadMemory:
        """What is remembered of a load."""
        return self.memories.get(load) or NOTHING_KNOWN


def pace(
    asks: Sequence[Ask],
    up: Mapping[str, Allocation],
    down: Mapping[str, Allocation],
    at: PaceInputs,
) -> dict[str, Paced]:
    """What each ask is told in this run; `asks` are those that take part."""
    floor, small_cuts = _floors(asks, down, at)
    room = Room(at.up_rows)
    lasting = room if at.lasting_rows is at.up_rows else Room(at.lasting_rows)
    for load in {**at.reserved_a, **floor}:
        _take(room, lasting, load, max(floor.get(load) or 0.0, at.reserved_a.get(load, 0.0)))
    paced = {}
    for ask in sorted(asks, key=lambda ask: ask.rank):
        held = floor[ask.id]
        if held is None or ask.id in at.blind:
            paced[ask.id] = Paced(held, _unread(held, down[ask.id], at.loads[ask.id]))
        elif ask.id in small_cuts:
            paced[ask.id] = Paced(held, small="cut")
        elif 0 < held < (at.loads[ask.id].command_a or 0.0) - TOLERANCE:
            # What cuts it is not to be seen by a raise: not up again in the same run.
            paced[ask.id] = Paced(held, down[ask.id].reason)
        else:
            paced[ask.id] = _raised(ask, held, up[ask.id].amps, down[ask.id], room, lasting, at)
    return paced


def _unread(held: float | None, least: Allocation, reading: LoadReading) -> Reason:
    """Why a load below a meter that gives no reading has what it holds (A per leg)."""
    if held is None:
        return Reason("blind_start")
    if held > TOLERANCE:
        return Reason("blind")
    stopped = bool(reading.command_a) and least.reason.outcome is Outcome.TOO_SMALL
    return least.reason if stopped else Reason("blind_off")


def remembered(memory: LoadMemory, paced: Paced, now: float) -> LoadMemory:
    """The load's memory with since when a change within the dead band is wanted."""
    known = memory.pacing
    cut_at = _since(known.small_cut_at, now) if paced.small == "cut" else None
    raise_at = _since(known.small_raise_at, now) if paced.small == "raise" else None
    pacing = known.small(cut_at, raise_at)
    return memory if pacing is known else replace(memory, pacing=pacing)


def _since(before: float | None, now: float) -> float:
    return now if before is None else before


def _floors(
    asks: Sequence[Ask], down: Mapping[str, Allocation], at: PaceInputs
) -> tuple[dict[str, float | None], set[str]]:
    """What each load holds now, lowered to `down`; and those whose cut can wait.

    No cut waits if that would exceed a limit.
    """
    lowered = {ask.id: _lowered(ask, down[ask.id], at) for ask in asks}
    waiting: dict[str, float] = {}
    for ask in asks:
        told, held = lowered[ask.id], at.loads[ask.id].command_a
        if told and held and _can_wait(held - told, down[ask.id], at.memory(ask.id), at):
            waiting[ask.id] = held
    if waiting:
        amounts = {**at.reserved_a, **{k: v or 0.0 for k, v in lowered.items()}, **waiting}
        if not feasible(amounts, (), at.down_rows):
            return {**lowered, **waiting}, set(waiting)
    return lowered, set()


def _can_wait(cut_a: float, down: Allocation, memory: LoadMemory, at: PaceInputs) -> bool:
    """Whether a cut by `cut_a` is so small, and for lack of sun, that it can wait."""
    if not TOLERANCE < cut_a < at.options.dead_band_a or down.reason.limits not in BRIDGED:
        return False
    since = memory.pacing.small_cut_at
    return since is None or at.now - since < at.options.dead_band_s


def _lowered(ask: Ask, down: Allocation, at: PaceInputs) -> float | None:
    """What the load holds now, lowered to `down`: a level of its own, 0 if it must stop."""
    held = at.loads[ask.id].command_a
    if held is None:
        if ask.id in at.blind and ask.id not in at.silent:
            return None
        held = at.loads[ask.id].drawing_a()
    elif held > 0 and ask.min_a == ask.max_a:
        held = max(held, ask.max_a)  # a plug that is on: what it takes may have been measured anew
    return ask.amount(min(held, down.amps))


def _raised(
    ask: Ask,
    held: float,
    wanted: float,
    down: Allocation,
    room: Room,
    lasting: Room,
    at: PaceInputs,
) -> Paced:
    """What a load that holds `held` is told on its way to `wanted` (A per leg)."""
    options, memory = at.options, at.memory(ask.id)
    counted = max(held, at.reserved_a.get(ask.id, 0.0))
    fitting = max(ask.amount(min(wanted, room.fits(ask.id, counted)[0])), held)
    if wanted < held - TOLERANCE:  # a raise sees less room than it holds already
        return Paced(held, down.reason)
    if fitting <= held + TOLERANCE:
        return _pending(held, wanted)
    if held > 0 and fitting - held < options.dead_band_a - TOLERANCE:
        since = memory.pacing.small_raise_at
        if since is None or at.now - since < options.dead_band_s:
            return Paced(held, small="raise")
    wait_s = _wait_s(at.loads[ask.id], held, down, memory.pacing.raised_at, at)
    if ask.id in at.unsettled:
        wait_s = max(wait_s, options.tick_s)
    if held > 0 and memory.pacing.raised_at is not None:  # to start is another matter: patience
        lasts = max(ask.amount(min(fitting, lasting.fits(ask.id, counted)[0])), held)
        if lasts - held < min(options.dead_band_a, fitting - held) - TOLERANCE:
            wait_s = options.raise_interval_s
        fitting = lasts
    if wait_s > 0:
        numbers = {"to_a": wanted, "wait_s": math.ceil(wait_s / 5) * 5.0}
        return Paced(held, Reason("raise_waits" if held > 0 else "start_waits", numbers))
    amps = ask.amount(min(fitting, _most_a(ask, held, memory, options)))
    _take(room, lasting, ask.id, max(amps - counted, 0.0))
    if amps < fitting - TOLERANCE:
        numbers = {"to_a": wanted, "wait_s": options.raise_interval_s}
        return Paced(amps, Reason("raise_waits", numbers))
    return _pending(amps, wanted)


def _take(room: Room, lasting: Room, load: str, amps: float) -> None:
    """Use up what `load` gets, in both where they are two."""
    room.take(load, amps)
    if lasting is not room:
        lasting.take(load, amps)


def _most_a(ask: Ask, held: float, memory: LoadMemory, options: Options) -> float:
    """The most that the ramp allows in one raise; at the first one there is none."""
    if memory.pacing.raised_at is None:
        return ask.max_a
    step_a = options.ramp_a_s * max(options.raise_interval_s, options.tick_s)
    return max(held + step_a, ask.min_a, ask.more(held))


def _pending(amps: float, wanted: float) -> Paced:
    """What a load is told while others still have to make room for it, or not."""
    if wanted - amps <= TOLERANCE:
        return Paced(amps)
    return Paced(amps, Reason("room_pending" if amps > 0 else "start_pending", {"to_a": wanted}))


def _wait_s(
    load: LoadReading,
    held: float,
    down: Allocation,
    raised_at: float | None,
    at: PaceInputs,
) -> float:
    """How long a raise must still wait, in s.

    Not at all for the first command, nor where what the load holds is no level of its own any
    more (its minimum was raised) and no limit stops it.
    """
    lost_its_level = held == 0.0 and bool(load.command_a) and down.amps > 0
    if load.command_a is None or raised_at is None or lost_its_level:
        return 0.0
    interval_s = at.options.raise_interval_s
    return min(raised_at + interval_s - at.now, interval_s)

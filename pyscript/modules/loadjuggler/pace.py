"""When a change may happen: fast down, slow up.

Two allocations come in: `down`, by the draws that a cut judges with, and `up`, by those that a
raise may count on. A load is cut to `down` in the same run, whatever the timers say. It is raised
towards `up` only where there is room beside what all loads are told now (not beside what they
ought to be told), only while its meters are known, and at most once per `raise_interval_s`.

Source: docs/product.md section 5 (grown here so far: danger, the raise interval, no raise blind).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .allocate import Allocation
from .model import LoadReading
from .options import Options
from .reasons import Reason
from .rows import Ask, Room, Row
from .units import TOLERANCE


@dataclass(frozen=True, slots=True)
class Paced:
    """What a load is told now (A per leg; `None`: nothing can be said yet), and why not more.

    `reason` is `None` where the allocation's own reason holds.
    """

    amps: float | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a load gets by the rules, what it is told now, and why."""

    allocation: Allocation
    paced: Paced


def pace(
    asks: Sequence[Ask],
    up: Mapping[str, Allocation],
    down: Mapping[str, Allocation],
    rows: Sequence[Row],
    loads: Mapping[str, LoadReading],
    reserved_a: Mapping[str, float],
    raised_at: Mapping[str, float | None],
    blind: frozenset[str],
    now: float,
    options: Options,
) -> dict[str, Paced]:
    """What each ask is told in this run.

    `asks` are those that take part, `rows` the limits as a raise sees them. `reserved_a` (A per
    leg by load id) is what a load is counted with at least: what it draws until it follows a cut,
    what it holds if its last call failed, what is served before the sharing. `raised_at` is the
    time of the last raise. Loads in `blind` are not raised; one that was never told anything is
    left alone.
    """
    floor = {ask.id: _lowered(ask, loads[ask.id], down[ask.id], blind) for ask in asks}
    room = Room(rows)
    for load in {**reserved_a, **floor}:
        room.take(load, max(floor.get(load) or 0.0, reserved_a.get(load, 0.0)))
    paced = {}
    for ask in sorted(asks, key=lambda ask: ask.rank):
        held, wanted = floor[ask.id], up[ask.id].amps
        if held is None or ask.id in blind:
            paced[ask.id] = Paced(held, Reason("blind"))
            continue
        counted = max(held, reserved_a.get(ask.id, 0.0))
        fits, _ = room.fits(ask.id, counted)
        amps = max(ask.amount(min(wanted, fits)), held)
        if 0 < held < (loads[ask.id].command_a or 0.0) - TOLERANCE:
            # What cuts it is not to be seen by a raise: not up again in the same run.
            paced[ask.id] = Paced(held, down[ask.id].reason)
            continue
        wait_s = _wait_s(loads[ask.id], held, down[ask.id], raised_at.get(ask.id), now, options)
        if amps > held + TOLERANCE and wait_s > 0:
            numbers = {"to_a": wanted, "wait_s": math.ceil(wait_s / 5) * 5.0}
            code = "raise_waits" if held > 0 else "start_waits"
            paced[ask.id] = Paced(held, Reason(code, numbers))
            continue
        room.take(ask.id, max(amps - counted, 0.0))
        pending = Reason("room_pending" if amps > 0 else "start_pending", {"to_a": wanted})
        paced[ask.id] = Paced(amps, pending if wanted - amps > TOLERANCE else None)
    return paced


def _lowered(ask: Ask, load: LoadReading, down: Allocation, blind: frozenset[str]) -> float | None:
    """What the load holds now, lowered to `down`: a level of its own, 0 if it must stop."""
    held = load.command_a
    if held is None:
        if ask.id in blind:
            return None
        held = load.drawing_a()
    elif held > 0 and ask.min_a == ask.max_a:
        held = ask.max_a  # a plug that is on: what it takes may have been measured anew
    return ask.amount(min(held, down.amps))


def _wait_s(
    load: LoadReading,
    held: float,
    down: Allocation,
    raised_at: float | None,
    now: float,
    options: Options,
) -> float:
    """How long a raise must still wait, in s.

    Not at all for the first command, nor where what the load holds is no level of its own any
    more (its minimum was raised) and no limit stops it.
    """
    lost_its_level = held == 0.0 and bool(load.command_a) and down.amps > 0
    if load.command_a is None or raised_at is None or lost_its_level:
        return 0.0
    return min(raised_at + options.raise_interval_s - now, options.raise_interval_s)

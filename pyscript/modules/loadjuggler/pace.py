"""When a change may happen: fast down, slow up.

Two allocations come in: `down`, by the draws that a cut judges with, and `up`, by those that a
raise may count on. A load is cut to `down` in the same run, whatever the timers say. It is raised
towards `up` only where there is room beside what all loads are told now (not beside what they
ought to be told), only while its meters are known, and at most once per `raise_interval_s`.

Source: docs/product.md section 5 (grown here so far: danger, the raise interval, no raise blind).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .allocate import Allocation, Ask, Room, Row
from .model import LoadReading
from .options import Options
from .reasons import Reason
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
    raised_at: Mapping[str, float | None],
    blind: frozenset[str],
    stuck: Mapping[str, float],
    now: float,
    options: Options,
) -> dict[str, Paced]:
    """What each ask is told in this run.

    `asks` are those that take part, `rows` the limits as a raise sees them. `raised_at` is the
    time of the last raise by load id. Loads in `blind` are not raised; one that was never told
    anything is left alone. `stuck` (A per leg by load id) are loads whose last call failed: what
    they hold stays reserved.
    """
    floor = {ask.id: _lowered(ask, loads[ask.id], down.get(ask.id), blind) for ask in asks}
    room = Room(rows)
    for ask in asks:
        room.take(ask.id, max(floor[ask.id] or 0.0, stuck.get(ask.id, 0.0)))
    paced = {}
    for ask in sorted(asks, key=lambda ask: ask.rank):
        held = floor[ask.id]
        if held is None or ask.id in blind:
            paced[ask.id] = Paced(held, Reason("blind"))
            continue
        wanted = up[ask.id].amps
        fits, _ = room.fits(ask.id)
        amps = max(ask.amount(min(wanted, held + fits)), held)
        last = raised_at.get(ask.id)
        wait_s = 0.0 if last is None else last + options.raise_interval_s - now
        first = loads[ask.id].command_a is None
        if amps > held + TOLERANCE and wait_s > 0 and not first:
            numbers = {"to_a": wanted, "wait_s": wait_s}
            paced[ask.id] = Paced(held, Reason("raise_waits", numbers))
            continue
        room.take(ask.id, amps - held)
        short = wanted - amps > TOLERANCE
        paced[ask.id] = Paced(amps, Reason("room_pending", {"to_a": wanted}) if short else None)
    return paced


def _lowered(
    ask: Ask, load: LoadReading, down: Allocation | None, blind: frozenset[str]
) -> float | None:
    """What the load holds now, lowered to `down`: a level of its own, 0 if it must stop."""
    held = load.command_a
    if held is None:
        if ask.id in blind:
            return None
        held = load.drawing_a()
    if ask.id not in blind and down is not None:
        held = min(held, down.amps)
    return ask.amount(held)

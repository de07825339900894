"""Who gets what: admission and filling under one system of limits and sources.

A load gets 0 or something in [min, max], in whole steps, and no row of `rows` is ever exceeded,
not by rounding either.

1. Admission, in order of rank: a load is in if its minimum fits beside the minimums admitted
   before it.
2. Filling above the minimums, by distribution mode:

   priority   in order, each takes the most that fits
   shared     all grow together; one stops at its maximum or when a row it uses is full, the
              others go on. Water filling: `level` is the common growth in A, events (a load's
              maximum, a row's end) are taken from a heap in order of level. This is the exact
              max-min fair split. Whole steps that flooring left over go to loads in order.
   strict     no admission: in order, the most that fits, if that is at least the minimum
   optimized  no admission: in order, the most that leaves the next one its minimum, unless
              that would stop the load itself or the next one could not run anyway

        row (20 A)   |-- min left --|-- min right --|......... 8 A above .........|
        priority     |-- min left --|-- min right --|========= left 8 A ==========|  14 / 6
        shared       |-- min left --|-- min right --|==left 4 A==|===right 4 A====|  10 / 10

Source of the rules: docs/product.md section 4.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..limits.constraints import Ask, Room, Row, feasible
from ..reasons import Outcome, Reason, RowKind
from ..site.modes import DISTRIBUTIONS
from ..units import TOLERANCE, floor_to_step

__all__ = ["Allocation", "Ask", "Room", "Row", "allocate", "feasible"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a load gets (`amps`, A per leg), what it could get (`None`: unknown), why not more."""

    id: str
    amps: float
    available_a: float | None
    reason: Reason


def allocate(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float] | None = None,
) -> dict[str, Allocation]:
    """Share the rows among the asks.

    `distribution` is one of DISTRIBUTIONS, else ValueError. `fixed` (A per leg by load id) is
    reserved before everything else: what cannot be changed now. Returns an Allocation for every
    ask, in the order of rank. Same in, same out.
    """
    if distribution not in _FILLINGS:
        raise ValueError(f"distribution {distribution!r} is not one of {', '.join(DISTRIBUTIONS)}")
    room = Room(rows)
    for load, amps in (fixed or {}).items():
        room.take(load, amps)
    ordered = sorted(asks, key=lambda ask: ask.rank)
    running = [ask for ask in ordered if ask.active]
    given, reasons = _FILLINGS[distribution](running, room)
    result = {}
    for ask in ordered:
        if ask.active and given[ask.id] > 0:
            amps = given[ask.id]
            result[ask.id] = Allocation(ask.id, amps, amps, reasons[ask.id])
        elif ask.active:
            reason = _why(ask, 0.0, room, room.fits(ask.id)[1])  # beside what the others have
            result[ask.id] = Allocation(ask.id, 0.0, 0.0, reason)
        else:
            fits, end = room.fits(ask.id)
            result[ask.id] = Allocation(ask.id, 0.0, ask.amount(fits), _why(ask, 0.0, room, end))
    return result


# --- the four fillings: (asks in order, room) -> amounts and reasons by load id -----------------

_Filled = tuple[dict[str, float], dict[str, Reason]]


def _admit(asks: Sequence[Ask], room: Room) -> tuple[list[Ask], dict[str, float]]:
    """Admit the loads whose minimums fit one after the other; take the minimums.

    Returns the admitted, and 0 A for each of the others.
    """
    admitted, refused = [], {}
    for ask in asks:
        if room.fits(ask.id)[0] >= ask.min_a - TOLERANCE:
            room.take(ask.id, ask.min_a)
            admitted.append(ask)
        else:
            refused[ask.id] = 0.0
    return admitted, refused


def _priority(asks: Sequence[Ask], room: Room) -> _Filled:
    admitted, given = _admit(asks, room)
    reasons: dict[str, Reason] = {}
    for ask in admitted:
        fits, end = room.fits(ask.id, ask.min_a)
        given[ask.id] = amps = ask.amount(max(fits, ask.min_a))
        reasons[ask.id] = _why(ask, amps, room, end, ask.min_a)
        room.take(ask.id, amps - ask.min_a)
    return given, reasons


def _strict(asks: Sequence[Ask], room: Room) -> _Filled:
    given, reasons = {}, {}
    for ask in asks:
        fits, end = room.fits(ask.id)
        given[ask.id] = amps = ask.amount(fits)
        reasons[ask.id] = _why(ask, amps, room, end)
        room.take(ask.id, amps)
    return given, reasons


def _optimized(asks: Sequence[Ask], room: Room) -> _Filled:
    given, reasons = {}, {}
    for position, ask in enumerate(asks):
        fits, end = room.fits(ask.id)
        amps, reason = ask.amount(fits), None
        following = asks[position + 1] if position + 1 < len(asks) else None
        if following and room.fits(following.id)[0] >= following.min_a - TOLERANCE:
            kept = ask.amount(room.fits_beside(ask.id, following))
            if 0 < kept < amps:
                amps = kept
                reason = Reason(
                    "kept_for_next",
                    {"max_a": ask.max_a, "kept_a": following.min_a, "other": following.id},
                )
        given[ask.id] = amps
        reasons[ask.id] = reason or _why(ask, amps, room, end)
        room.take(ask.id, amps)
    return given, reasons


def _shared(asks: Sequence[Ask], room: Room) -> _Filled:
    admitted, given = _admit(asks, room)
    reasons: dict[str, Reason] = {}
    growth, ends = _water_fill(admitted, room)
    for ask in admitted:
        given[ask.id] = ask.amount(ask.min_a + growth[ask.id])
        room.take(ask.id, given[ask.id] - ask.min_a)
    _hand_out_whole_steps(admitted, given, room)
    for ask in admitted:
        reasons[ask.id] = _why(ask, given[ask.id], room, ends[ask.id])
    return given, reasons


_FILLINGS = {
    "priority": _priority,
    "shared": _shared,
    "strict": _strict,
    "optimized": _optimized,
}


def _water_fill(asks: Sequence[Ask], room: Room) -> tuple[dict[str, float], dict[str, int | None]]:
    """Let all grow from their minimums by the same amount until each has met its end.

    Returns the growth in A per leg and the row that ended it (`None`: its own maximum). Takes
    nothing from `room`. A row's end is computed once and again whenever one of its loads stops,
    so the work is proportional to the number of (load, row) pairs, times the heap's log. Loads
    that a row does not bind use it up and grow on.
    """
    growing = {ask.id: ask.max_a - ask.min_a for ask in asks}
    rate = [0.0] * len(room.left)
    bound: list[list[str]] = [[] for _ in room.left]
    for load in growing:
        for index, use in room.rows_of.get(load, ()):
            rate[index] += use
        for index, _, _ in room.binding.get(load, ()):
            bound[index].append(load)
    left, since = list(room.left), [0.0] * len(room.left)
    version = [0] * len(room.left)
    growth: dict[str, float] = {}
    ends: dict[str, int | None] = {}
    heap: list[tuple[float, int, int, str]] = [
        (most, -1, 0, load) for load, most in growing.items()
    ]
    heap += [
        (max(left[i], 0.0) / rate[i], i, 0, "")
        for i in range(len(left))
        if bound[i] and rate[i] > 0
    ]
    heapq.heapify(heap)
    while heap and growing:
        level, index, stamp, load = heapq.heappop(heap)
        if index >= 0 and stamp != version[index]:
            continue
        stopping = [load] if index < 0 else bound[index]
        for stopped in stopping:
            if growing.pop(stopped, None) is None:
                continue
            growth[stopped], ends[stopped] = level, index if index >= 0 else None
            for row, use in room.rows_of.get(stopped, ()):
                left[row] -= rate[row] * (level - since[row])
                since[row] = level
                rate[row] -= use
                version[row] += 1
                if rate[row] > TOLERANCE and bound[row]:
                    end = level + max(left[row], 0.0) / rate[row]
                    heapq.heappush(heap, (end, row, version[row], ""))
    return growth, ends


def _hand_out_whole_steps(asks: Sequence[Ask], given: dict[str, float], room: Room) -> None:
    """Give steps that still fit to loads in order, round by round, until none fits anywhere."""
    candidates = list(asks)
    while candidates:
        still = []
        for ask in candidates:
            has_a = given[ask.id]
            more = ask.more(has_a)
            if more - has_a > TOLERANCE and room.fits(ask.id, has_a)[0] >= more - TOLERANCE:
                given[ask.id] = more
                room.take(ask.id, more - has_a)
                still.append(ask)
        candidates = still


def _why(ask: Ask, amps: float, room: Room, end: int | None, has_a: float = 0.0) -> Reason:
    """Why `ask` has `amps` and not more; `end` is the row that stopped it.

    `has_a` (A per leg) is what it has taken from the rows already.
    """
    if not ask.active:
        return Reason("idle", {"max_a": ask.max_a})
    if amps >= ask.max_a - TOLERANCE or end is None:
        return Reason("maximum", {"max_a": ask.max_a})
    row, left = room.rows[end], max(room.left[end], 0.0)
    numbers: dict[str, float | str] = {"max_a": ask.max_a, "min_a": ask.min_a, **row.numbers}
    if row.kind == RowKind.IMPORT:
        numbers["limit_w"], numbers["left_w"] = row.limit, left
    elif row.kind == RowKind.CIRCUIT:
        numbers["limit_a"] = row.limit
        numbers["left_a"] = floor_to_step(left / row.uses[ask.id], 0.1)
        numbers["circuit"], numbers["phase"] = row.circuit, row.phase
    else:
        numbers["left_a"] = floor_to_step(has_a + left / row.uses[ask.id], 0.1)
        numbers["phase"] = row.phase
    outcome = Outcome.FULL if amps > 0 else Outcome.TOO_SMALL
    if row.binds is not None and 0 < amps <= (row.free_a(ask.id) or 0.0) + TOLERANCE:
        outcome = Outcome.MINIMUM
    return Reason(limits=row.kind, outcome=outcome, numbers=numbers)

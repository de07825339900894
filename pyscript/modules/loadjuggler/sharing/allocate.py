"""Who gets what: admission and filling under one system of limits and sources.

A load gets 0 or an amount in [min, max], in whole steps. No row is ever exceeded, not by rounding
either: amounts are rounded down.

1. Admission, in order of rank: a load is admitted if its minimum fits beside the minimums that were
   admitted before it.
2. Filling above the minimums, by distribution mode:

   priority   In order of rank, each load takes the most that fits.
   shared     All loads grow by the same amount. A load stops at its maximum, or when a row that
              binds it is full; the others go on. This is the exact max-min fair split. Whole steps
              that are left over after rounding go to loads in order. Boosted loads do all of this
              first, among themselves.
   strict     There is no admission. In order, each load takes the most that fits, if that is at
              least its minimum.
   optimized  There is no admission. In order, each load takes the most that leaves the next one its
              minimum, unless that would stop the load itself or the next one could not run anyway.
              Nothing is kept for a load whose minimum must come from a source at the cost of one
              that may take from the grid (docs/decisions/0033).

Example: two cars, left and right, of 6 to 16 A each on a breaker of 20 A. The left one goes first.

                  0 A            6 A            12 A                20 A
        priority  |-- min left --|- min right --|----- left 8 A ----|    14 / 6
        shared    |-- min left --|- min right --|- left 4 | right 4 |    10 / 10
        strict    |-------------- left 16 A --------------|-- 4 A --|    16 / 0
        optimized |----------- left 14 A ------------|- min right --|    14 / 6

With *strict* the 4 A that are left are less than the minimum of the right car, so it gets 0.

A boosted load is filled before the others grow above their minimums, in all four: it goes first
(docs/decisions/0040).

Source: docs/product.md section 4.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from operator import attrgetter

from ..limits.constraints import TIE_A, Ask, Room, Row, feasible
from ..reasons import Reason
from ..site.modes import DISTRIBUTIONS, USUAL
from ..units import TOLERANCE
from .shares import Allocation, Ends, Shares, ended_at

__all__ = ["Allocation", "Ask", "Room", "Row", "Shares", "allocate", "feasible", "share_out"]


def allocate(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float] | None = None,
) -> dict[str, Allocation]:
    """The allocation of the room in `rows` among `asks`, by load id, in order of rank.

    `fixed` (A per leg by load id) is reserved before everything else: it can't be changed now.
    Asks that are not active get 0 A; `available_a` is what each of them alone would get of what
    the others leave. Raises ValueError if `distribution` is not one of DISTRIBUTIONS.
    """
    return share_out(asks, rows, distribution, fixed).worked_out()


def share_out(
    asks: Sequence[Ask],
    rows: Sequence[Row],
    distribution: str,
    fixed: Mapping[str, float] | None = None,
) -> Shares:
    """The same as `allocate`, of which at first only the amounts are worked out."""
    if distribution not in _FILLINGS:
        raise ValueError(f"distribution {distribution!r} is not one of {', '.join(DISTRIBUTIONS)}")
    room = Room(rows)
    for load, amps in (fixed or {}).items():
        room.take(load, amps)
    ordered = sorted(asks, key=RANK)
    given, ends = _FILLINGS[distribution]([ask for ask in ordered if ask.active], room)
    in_order = {ask.id: ask for ask in ordered}
    return Shares(in_order, {**dict.fromkeys(in_order, 0.0), **given}, ends, room)


RANK = attrgetter("rank")
"""The rank of an ask, by which asks are sorted."""


# --- the four fillings: (asks in order, room) -> amounts and ends by load id --------------------

_Filled = tuple[dict[str, float], Ends]
"""A per leg by load id, and where the share of each load that gets something ended."""


def _admit(asks: Sequence[Ask], room: Room) -> tuple[list[Ask], dict[str, float]]:
    """Admit the asks whose minimums fit one after the other, and take these from `room`.

    Returns the asks that are admitted, and 0 A for each of the others.
    """
    admitted, refused = [], {}
    for ask in asks:
        if minimum_fits(ask, room):
            room.take(ask.id, ask.min_a)
            admitted.append(ask)
        else:
            refused[ask.id] = 0.0
    return admitted, refused


def minimum_fits(ask: Ask, room: Room) -> bool:
    """Whether an ask that has taken nothing yet could have its minimum.

    That is so if `room.fits` is that much. It is asked here without the row that ends the share,
    because that takes half of the time, and each load is asked in each sharing.
    """
    enough_a, lefts = ask.min_a - TOLERANCE, room.left
    for index, use, free_a, _, _ in room.binding.get(ask.id, ()):
        left = lefts[index]
        if left / use >= enough_a:
            continue
        shut = left <= TOLERANCE and ask.id in room.rows[index].opens
        if (0.0 if shut else free_a) < enough_a:
            return False
    return True


def _priority(asks: Sequence[Ask], room: Room) -> _Filled:
    """Admission; then each load in order takes the most that fits."""
    admitted, given = _admit(asks, room)
    ends: Ends = {}
    for ask in admitted:
        fits, index = room.fits(ask.id, ask.min_a)
        given[ask.id] = amps = ask.amount(max(fits, ask.min_a))
        ends[ask.id] = ended_at(room, index, ask.min_a)
        if amps > ask.min_a:
            room.take(ask.id, amps - ask.min_a)
    return given, ends


def _strict(asks: Sequence[Ask], room: Room) -> _Filled:
    """Each load in order takes the most that fits, if that is at least its minimum."""
    given: dict[str, float] = {}
    ends: Ends = {}
    for ask in asks:
        fits, index = room.fits(ask.id)
        given[ask.id] = amps = ask.amount(fits)
        ends[ask.id] = ended_at(room, index)
        room.take(ask.id, amps)
    return given, ends


def _optimized(asks: Sequence[Ask], room: Room) -> _Filled:
    """Each load in order takes the most that leaves the next one its minimum."""
    given: dict[str, float] = {}
    ends: Ends = {}
    for position, ask in enumerate(asks):
        fits, index = room.fits(ask.id)
        amps = ask.amount(fits)
        ends[ask.id] = ended_at(room, index)
        following = asks[position + 1] if position + 1 < len(asks) else None
        if following and _kept_for(following, ask, room):
            kept = ask.amount(room.fits_beside(ask.id, following))
            if 0 < kept < amps:
                amps = kept
                ends[ask.id] = Reason(
                    "kept_for_next",
                    {"max_a": ask.max_a, "kept_a": following.min_a, "other": following.id},
                )
        given[ask.id] = amps
        room.take(ask.id, amps)
    return given, ends


def _kept_for(following: Ask, ask: Ask, room: Room) -> bool:
    """Whether the next load could run, and `ask` leaves it its minimum.

    It does not if it may take from the grid itself while the minimum of the next one must come from
    a source: that load runs on what is left over.

    Example: 15 A of sun, a standard car of 6 to 16 A, then a solar-only plug of 5 A. The car gets
    16 A and the plug waits. If the plug's 5 A were kept, the car would get 10 A.
    """
    if not minimum_fits(following, room):
        return False
    return room.lives_from_source(ask.id, ask.max_a) or not room.lives_from_source(
        following.id, following.min_a
    )


def _shared(asks: Sequence[Ask], room: Room) -> _Filled:
    """Admission; then all grow by the same amount, and whole steps that are left go in order.

    Boosted loads do so before the others, which have their minimums meanwhile.
    """
    admitted, given = _admit(asks, room)
    ends: Ends = {}
    boosted = next((i for i, ask in enumerate(admitted) if ask.rank[0] >= USUAL), len(admitted))
    for turn in (admitted[:boosted], admitted[boosted:]) if boosted else (admitted,):
        growth, stopped = _water_fill(turn, room)
        for ask in turn:
            given[ask.id] = ask.amount(ask.min_a + growth[ask.id])
            room.take(ask.id, given[ask.id] - ask.min_a)
        _within_unused(turn, given, room, stopped)
        _hand_out_whole_steps(turn, given, room)
        ends |= {ask.id: ended_at(room, stopped[ask.id]) for ask in turn}
    return given, ends


def _within_unused(
    asks: Sequence[Ask], given: dict[str, float], room: Room, stopped: dict[str, int | None]
) -> None:
    """Bring loads that take nothing now within what the others leave of their source.

    They do not use it up (`Row.unused`), so it did not end their growth. Their minimum is theirs,
    as for any load that was admitted. `given` (A per leg) and `stopped` (rows) are changed.
    """
    for ask in asks:
        if all(share for _, _, _, share, _ in room.binding.get(ask.id, ())):
            continue
        fits, index = room.fits(ask.id, given[ask.id])
        amps = ask.amount(max(fits, ask.min_a))
        if amps < given[ask.id]:
            room.take(ask.id, amps - given[ask.id])
            given[ask.id], stopped[ask.id] = amps, index


_FILLINGS = {
    "priority": _priority,
    "shared": _shared,
    "strict": _strict,
    "optimized": _optimized,
}


def _water_fill(asks: Sequence[Ask], room: Room) -> tuple[dict[str, float], dict[str, int | None]]:
    """Let all loads grow from their minimums by the same amount until each meets its end.

    Returns by load id the growth in A per leg, and the index of the row that ended it (`None`: its
    own maximum). Nothing is taken from `room`.

    `level` is the common growth in A. A heap holds the level at which each load meets its maximum
    and at which each row is full; the next of them is taken until all loads have stopped. The level
    of a row is computed again whenever one of its loads stops, so the work grows with the number of
    (load, row) pairs, times the logarithm of the heap's size. A load that a row does not bind uses
    it up and grows on.

    Example: 8 A of room, loads with 2 A and 10 A up to their maximums. At level 2 the first one
    stops; the row, shared by one load from then on, is full at level 6. Growth: 2 and 6 A.
    """
    growing = {ask.id: ask.max_a - ask.min_a for ask in asks}
    rate = [0.0] * len(room.left)
    bound: list[list[str]] = [[] for _ in room.left]
    for load in growing:
        for index, use in room.rows_of.get(load, ()):
            rate[index] += use
        for index, _, _, share, _ in room.binding.get(load, ()):
            if share:
                bound[index].append(load)
    left, since = list(room.left), [0.0] * len(room.left)
    version = [0] * len(room.left)
    growth: dict[str, float] = {}
    ends: dict[str, int | None] = {}
    heap = [(most, -1, 0, load) for load, most in growing.items()]
    rows = (i for i in range(len(left)) if bound[i] and rate[i] > 0)
    heap += [(max(left[i], 0.0) / rate[i], i, 0, "") for i in rows]
    heapq.heapify(heap)
    while heap and growing:
        level, index, stamp, load = heapq.heappop(heap)
        if index >= 0 and stamp != version[index]:
            continue
        stopping = [load] if index < 0 else bound[index]
        for stopped in stopping:
            if growing.pop(stopped, None) is None:
                continue
            growth[stopped] = level
            ends[stopped] = _named(room, stopped, index, level, left, since, rate)
            for row, use in room.rows_of.get(stopped, ()):
                left[row] -= rate[row] * (level - since[row])
                since[row] = level
                rate[row] -= use
                version[row] += 1
                if rate[row] > TOLERANCE and bound[row]:
                    end = level + max(left[row], 0.0) / rate[row]
                    heapq.heappush(heap, (end, row, version[row], ""))
    return growth, ends


def _named(
    room: Room,
    load: str,
    index: int,
    level: float,
    left: Sequence[float],
    since: Sequence[float],
    rate: Sequence[float],
) -> int | None:
    """The row that is named as the end of a load's growth at `level`; `None`: its own maximum.

    `index` is the row that ended it (-1: its maximum). Of rows that are full within 0.05 A of that
    level it is the one that people must know (`Room.told_before`). The last three are of each row:
    what was `left` of it at the level `since`, and the `rate` at which it is used up.
    """
    if index < 0:
        return None
    found = index
    for row, _, _, share, _ in room.binding.get(load, ()):
        if share and rate[row] > TOLERANCE and room.told_before(row, found):
            reaches = left[row] / rate[row] + since[row]
            found = row if reaches < level + TIE_A else found
    return found


def _hand_out_whole_steps(asks: Sequence[Ask], given: dict[str, float], room: Room) -> None:
    """Give each load one more step in order, round by round, while it fits; `given` is changed.

    Example: 21 A for two cars in steps of 1 A: 10 and 10 A after rounding, then 11 and 10 A.
    """
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

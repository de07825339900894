"""Who gets what: admission and filling under one system of limits and sources.

Every limit (a breaker on a phase, the import limit of the site) is a `Row`: so much room, and
how much of it each ampere of each load uses. A load gets 0 or something in [min, max], in whole
steps, and no limit is ever exceeded, not by rounding either.

A source (what the sun leaves over) is a row, too, but it binds only the loads that live from it:
every load uses it up, one that may take from the grid goes on when it is empty. What another has
been admitted with or has grown to stays with it, so a source may end below 0.

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
from dataclasses import dataclass, field

from .modes import DISTRIBUTIONS
from .reasons import Numbers, Reason
from .units import TOLERANCE, floor_to_step


@dataclass(frozen=True, slots=True)
class Ask:
    """What a load could take: 0 or [min_a, max_a] A per leg in steps of `step_a`.

    `rank` orders loads, smallest first. A load that is not `active` gets nothing and is only
    told what would be available.
    """

    id: str
    min_a: float
    max_a: float
    step_a: float
    rank: tuple[float, float, str]
    active: bool = True

    def amount(self, fits_a: float) -> float:
        """The largest permitted level that is at most `fits_a` (A per leg); 0 if none is."""
        if fits_a >= self.max_a - TOLERANCE:
            return self.max_a
        if fits_a < self.min_a - TOLERANCE:
            return 0.0
        return max(self.min_a, floor_to_step(fits_a, self.step_a))


@dataclass(frozen=True, slots=True)
class Row:
    """One limit: `room` for the asks together, `uses[id]` of it for each A that `id` takes.

    `kind` is "circuit" (room in A on `phase` of `circuit`) or "import" (room in W).
    `limit` is the full value of the limit, in the same unit, for sentences.

    Of a source, `binds` says which loads it binds, and from how many A per leg on: 0 for one that
    lives from it alone, its minimum for one whose minimum comes from elsewhere. `None`: it is a
    limit, and binds all. Loads in `opens` start only while something is left of it. `numbers`
    are for sentences.
    """

    kind: str
    room: float
    uses: Mapping[str, float]
    circuit: str = ""
    phase: str = ""
    limit: float = 0.0
    binds: Mapping[str, float] | None = None
    opens: frozenset[str] = frozenset()
    numbers: Numbers = field(default_factory=dict)

    def free_a(self, load: str) -> float | None:
        """A per leg from which on the row binds `load`; `None` if it does not."""
        return 0.0 if self.binds is None else self.binds.get(load)


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a load gets (`amps`, A per leg), what it could get (`None`: unknown), why not more."""

    id: str
    amps: float
    available_a: float | None
    reason: Reason


@dataclass(slots=True)
class Room:
    """What is left of each row while amounts are handed out. Local to one allocation."""

    rows: Sequence[Row]
    left: list[float] = field(init=False)
    rows_of: dict[str, list[tuple[int, float]]] = field(init=False)
    binding: dict[str, list[tuple[int, float, float]]] = field(init=False)

    def __post_init__(self) -> None:
        """Index the rows by load, once: those that it uses, and those that bind it."""
        self.left = [row.room for row in self.rows]
        self.rows_of, self.binding = {}, {}
        for index, row in enumerate(self.rows):
            for load, use in row.uses.items():
                if use > 0:
                    self.rows_of.setdefault(load, []).append((index, use))
                    free_a = row.free_a(load)
                    if free_a is not None:
                        self.binding.setdefault(load, []).append((index, use, free_a))

    def fits(self, load: str, has_a: float = 0.0) -> tuple[float, int | None]:
        """The most A per leg that `load` could have in all, and the row that ends it.

        `has_a` is what it has been given, and has been taken from the rows.
        """
        most, end = float("inf"), None
        for index, use, free_a in self.binding.get(load, ()):
            left = self.left[index]
            here = has_a + left / use
            if here < free_a:  # up to there it takes from elsewhere
                here = free_a
                if left <= TOLERANCE and not has_a and load in self.rows[index].opens:
                    here = 0.0
            if here < most:
                most, end = here, index
        return most, end

    def fits_beside(self, load: str, other: Ask) -> float:
        """The most A per leg that `load` could have and leave `other` its minimum, in its source.

        `load` has nothing yet, nor has `other`.
        """
        self.take(other.id, other.min_a)
        most, _ = self.fits(load)
        uses = dict(self.rows_of.get(load, ()))
        for index, _, free_a in self.binding.get(other.id, ()):
            if index in uses and free_a < other.min_a:
                most = min(most, self.left[index] / uses[index])
        self.take(other.id, -other.min_a)
        return most

    def take(self, load: str, amps: float) -> None:
        """Use up what `load` gets (negative: give back)."""
        for index, use in self.rows_of.get(load, ()):
            self.left[index] -= use * amps


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


def feasible(
    amounts: Mapping[str, float], asks: Sequence[Ask], rows: Sequence[Row]
) -> list[tuple[str, float]]:
    """The one truth about limits: what `amounts` (A per leg by load id) violates, and by how much.

    Returns (what, excess) pairs, empty if all holds: a row exceeded ("garage A", A or W over),
    or a load that is neither 0 nor within [min, max] ("load left", A outside). A source is
    exceeded if the loads that it binds take more of it than there is, whoever uses the rest.
    """
    wrong = []
    for row in rows:
        bound = {
            load: use * max(amounts.get(load, 0.0) - free_a, 0.0)
            for load, use in row.uses.items()
            if use > 0 and (free_a := row.free_a(load)) is not None
        }
        over = sum(bound.values()) - row.room
        if any(bound.values()) and over > TOLERANCE * max(1.0, abs(row.limit)):
            wrong.append((f"{row.circuit or row.kind} {row.phase}".strip(), over))
    for ask in asks:
        amps = amounts.get(ask.id, 0.0)
        outside = max(ask.min_a - amps, amps - ask.max_a)
        if amps != 0 and outside > TOLERANCE:
            wrong.append((f"load {ask.id}", outside))
    return wrong


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
    heap += [(max(left[i], 0.0) / rate[i], i, 0, "") for i in range(len(left)) if bound[i]]
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
            more = ask.amount(has_a + ask.step_a)
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
    if row.kind == "import":
        numbers |= {"limit_w": row.limit, "left_w": left}
    elif row.kind == "circuit":
        numbers |= {"limit_a": row.limit, "left_a": left / row.uses[ask.id]}
        numbers |= {"circuit": row.circuit, "phase": row.phase}
    else:
        numbers |= {"left_a": has_a + left / row.uses[ask.id], "phase": row.phase}
    what = "full" if amps > 0 else "too_small"
    if row.binds is not None and 0 < amps <= (row.free_a(ask.id) or 0.0) + TOLERANCE:
        what = "minimum"
    return Reason(f"{row.kind}_{what}", numbers)

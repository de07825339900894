"""The right answer for a grid, from the rules in words (product.md section 4) as linear programs.

Nothing of the engine is used: amounts are what `scipy.optimize.linprog` (HiGHS) finds under the
limits that the grid states. Levels are floored to steps only where the rules say so: each load's
amount before the next one's turn, and the even growth of "shared" before what is left of it is
handed out in whole steps.

Of a source (what the sun leaves over) the rules say: every load uses it up, and it stops only those
that it binds. Up to its free minimum a load is not bound; and what it has been admitted with or has
grown to is not taken back when others use up the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from scipy.optimize import linprog

from .grids import BOOST, Grid, Source, Wish

SOMETHING_A = 1e-4
"""A per leg: more than rounding, less than a step."""

Bounds = Mapping[str, tuple[float, float]]


def most(grid: Grid, load: str, bounds: Bounds, leaving: Wish | None = None) -> float | None:
    """The most A per leg that `load` can have while the others stay within (least, most) `bounds`.

    `None`: they can't. `load` may have anything up to its maximum, or what `bounds` says if that
    leaves it a choice. Loads that are not named have nothing. A limit that is exceeded by what is
    fixed binds only loads that use it. The minimum of `leaving` is left on every limit, and in the
    sources that it comes from; of a source that it needs to start, something is left.
    """
    low, high = has_a, _ = bounds.get(load, (0.0, 0.0))
    if low == high:
        low, high = 0.0, next(wish.max_a for wish in grid.wishes if wish.id == load)
    ranges = {other: pair for other, pair in bounds.items() if pair[1] > 0} | {load: (low, high)}
    taken = {other: low for other, (low, _) in ranges.items() if other != load} | grid.fixed
    following = {leaving.id: leaving.min_a} if leaving else {}
    rows = [(uses, room - _used(uses, grid.fixed | following)) for *_, room, uses in grid.limits()]
    for source in grid.sources:
        uses = grid.uses(source)
        remains = left(grid, source, taken)
        if load in uses and load in source.opens and not has_a and remains <= 0:
            return None
        if load in uses and load in source.binds:
            free = uses[load] * max(source.binds[load], has_a)
            rows.append(({load: uses[load]}, max(remains, free)))
        if leaving and {load, leaving.id} <= set(uses) and source.binds.get(leaving.id) == 0:
            rows.append(({load: uses[load]}, remains - _used(uses, following)))
        if leaving and {load, leaving.id} <= set(uses) and leaving.id in source.opens:
            rows.append(({load: uses[load]}, remains - SOMETHING_A * uses[load]))
    variables = list(ranges)
    matrix, ends = [], []
    for uses, end in rows:
        row = [uses.get(variable, 0.0) for variable in variables]
        if any(row):
            matrix.append(row)
            ends.append(end)
    goal = [-1.0 if variable == load else 0.0 for variable in variables]
    solved = linprog(
        goal, matrix or None, ends or None, bounds=list(ranges.values()), method="highs"
    )
    return float(-solved.fun) if solved.status == 0 else None


def _used(uses: Mapping[str, float], amounts: Mapping[str, float]) -> float:
    return sum(uses.get(load, 0.0) * amps for load, amps in amounts.items())


def left(grid: Grid, source: Source, amounts: Mapping[str, float]) -> float:
    """What is left of a source when all of `amounts` have used it up; below 0: overflowed."""
    remains = source.room - _used(grid.uses(source), amounts)
    return remains if abs(remains) > 1e-6 * source.unit else 0.0


def starved(grid: Grid, load: str, amounts: Mapping[str, float]) -> bool:
    """Whether `load` takes more than a source leaves it beside all that the others take."""
    return any(
        amounts[load] > source.binds[load] + 1e-6 and left(grid, source, amounts) < 0
        for source in grid.sources
        if load in source.binds and load in grid.uses(source)
    )


def opened(grid: Grid, load: str, amounts: Mapping[str, float]) -> bool:
    """Whether something is left where `load` needs that to start."""
    return all(
        left(grid, source, amounts) > 0
        for source in grid.sources
        if load in source.opens and load in grid.uses(source)
    )


def right_amounts(grid: Grid, distribution: str) -> dict[str, float]:
    """A per leg by load that the rules give; loads that do not take part have 0."""
    rules: dict[str, Callable[[Grid], dict[str, float]]] = {
        "priority": _priority,
        "shared": _shared,
        "strict": _strict,
        "optimized": _optimized,
    }
    return {**{wish.id: 0.0 for wish in grid.wishes}, **rules[distribution](grid)}


def fair_amounts(grid: Grid, has: Mapping[str, float] | None = None) -> dict[str, float]:
    """The exact max-min fair split above the minimums of the admitted loads, before flooring.

    Boosted loads split first, beside the minimums of the others; the others split what that
    leaves, or what is left beside what boosted loads have in `has` (A per leg by load id).
    """
    (boosted, usual), (_, nobody) = _turns(grid)
    first = _split(grid, boosted, {wish.id: wish.min_a for wish in usual})
    assert not nobody
    kept = first if has is None else {wish.id: has[wish.id] for wish in boosted}
    return {**first, **_split(grid, usual, kept)}


def _turns(grid: Grid) -> list[tuple[list[Wish], list[Wish]]]:
    """Who of the admitted loads is filled together, and who has its minimum meanwhile, in turn."""
    admitted = _admitted(grid)
    boosted = [wish for wish in admitted if wish.urgency == BOOST]
    usual = [wish for wish in admitted if wish.urgency != BOOST]
    return [(boosted, usual), (usual, [])]


def _split(grid: Grid, turn: list[Wish], kept: Mapping[str, float]) -> dict[str, float]:
    """The fair split among the loads of `turn`, while others keep what they have, `kept`.

    Progressive filling: the largest growth `t` that all can have together; who can't have more
    than `t` while the others keep it stays there; again for the rest. A source stops only those
    that it binds.
    """
    stopped = dict(kept)
    while any(wish.id not in stopped for wish in turn):
        growing = [wish for wish in turn if wish.id not in stopped]
        level = _common_growth(grid, growing, stopped)
        floor = {w.id: (min(w.min_a + level, w.max_a), w.max_a) for w in growing}
        still = {load: (amps, amps) for load, amps in stopped.items()}
        ended = {}
        for wish in growing:
            at = min(wish.min_a + level, wish.max_a)
            reach = most(grid, wish.id, _relaxed({**floor, **still}))
            if reach is None or reach <= at + 1e-6:
                ended[wish.id] = at
        assert ended, "no load was stopped by the limit that stopped the growth"
        stopped |= ended
    return {wish.id: stopped[wish.id] for wish in turn}


def _admitted(grid: Grid) -> list[Wish]:
    """In order: a load is in if its minimum fits with the minimums admitted before it."""
    admitted: list[Wish] = []
    for wish in grid.ordered():
        bounds = {w.id: (w.min_a, w.min_a) for w in admitted}
        reach = most(grid, wish.id, bounds)
        if reach is not None and reach >= wish.min_a - 1e-6:
            admitted.append(wish)
    return admitted


def _priority(grid: Grid) -> dict[str, float]:
    """In order, each the most that fits beside what is given and the minimums that are to come."""
    admitted = _admitted(grid)
    bounds = {wish.id: (wish.min_a, wish.min_a) for wish in admitted}
    for wish in admitted:
        amps = floored(wish, most(grid, wish.id, bounds))
        bounds[wish.id] = amps, amps
    return {load: amps for load, (amps, _) in bounds.items()}


def _strict(grid: Grid) -> dict[str, float]:
    """In order, each the most that fits, if that is at least its minimum."""
    bounds: dict[str, tuple[float, float]] = {}
    for wish in grid.ordered():
        amps = floored(wish, most(grid, wish.id, bounds))
        bounds[wish.id] = amps, amps
    return {load: amps for load, (amps, _) in bounds.items()}


def _optimized(grid: Grid) -> dict[str, float]:
    """In order, each the most that leaves the next one its minimum, with the two exceptions."""
    bounds: dict[str, tuple[float, float]] = {}
    order = grid.ordered()
    for position, wish in enumerate(order):
        following = order[position + 1] if position + 1 < len(order) else None
        amps = floored(wish, most(grid, wish.id, bounds))
        if following is not None:
            alone = most(grid, following.id, bounds)
            could_run = alone is not None and alone >= following.min_a - 1e-6
            kept = floored(wish, most(grid, wish.id, bounds, leaving=following))
            if could_run and kept > 0 and _lets_keep(grid, wish, following):
                amps = kept
        bounds[wish.id] = amps, amps
    return {load: amps for load, (amps, _) in bounds.items()}


def _lets_keep(grid: Grid, wish: Wish, following: Wish) -> bool:
    """Whether something may be kept for the next load at the cost of `wish`.

    Not if no source stops `wish` (it may take from the grid), while the next one can only run on
    what a source gives.
    """

    def needs_source(one: Wish, amps: float) -> bool:
        return any(
            one.id in source.opens or source.binds[one.id] < amps
            for source in grid.sources
            if one.id in source.binds and one.id in grid.uses(source)
        )

    return needs_source(wish, wish.max_a) or not needs_source(following, following.min_a)


def _shared(grid: Grid) -> dict[str, float]:
    """The fair split, floored; then whole steps that fit, to loads in order, round by round.

    Boosted loads have all of that first, beside the minimums of the others.
    """
    given: dict[str, float] = {}
    for turn, others in _turns(grid):
        beside = {**{wish.id: wish.min_a for wish in others}, **given}
        fair = _split(grid, turn, beside)
        given |= {wish.id: floored(wish, fair[wish.id]) for wish in turn}
        again = True
        while again:
            again = False
            for wish in turn:
                more = floored(wish, given[wish.id] + wish.step_a)
                now = {load: (amps, amps) for load, amps in {**beside, **given}.items()}
                if more > given[wish.id] + 1e-6 and (most(grid, wish.id, now) or 0) >= more - 1e-6:
                    given[wish.id] = more
                    again = True
    return given


def floored(wish: Wish, amps: float | None) -> float:
    """The largest level of `wish` that is at most `amps`: 0, or whole steps, or its maximum."""
    if amps is None or amps < wish.min_a - 1e-6:
        return 0.0
    if amps >= wish.max_a - 1e-6:
        return wish.max_a
    return max(wish.min_a, math.floor(amps / wish.step_a + 1e-5) * wish.step_a)


def _relaxed(bounds: Bounds) -> Bounds:
    """A little less demanded of each load, so that rounding can't make a solved case unsolvable."""
    return {load: (max(low - 1e-8, 0.0), high) for load, (low, high) in bounds.items()}


def _common_growth(grid: Grid, growing: list[Wish], stopped: Mapping[str, float]) -> float:
    """The largest growth above the minimum that all of `growing` can have at once."""
    rows = [(uses, room) for *_, room, uses in grid.limits()]
    for source in grid.sources:
        uses = grid.uses(source)
        if any(wish.id in uses and wish.id in source.binds for wish in growing):
            rows.append((uses, source.room))
    taken = {**stopped, **grid.fixed, **{wish.id: wish.min_a for wish in growing}}
    matrix, ends = [], []
    for uses, room in rows:
        rate = sum(uses.get(wish.id, 0.0) for wish in growing)
        if rate > 0:
            matrix.append([rate])
            ends.append(max(room - _used(uses, taken), 0.0))
    high = min(wish.max_a - wish.min_a for wish in growing)
    solved = linprog([-1.0], matrix or None, ends or None, bounds=[(0.0, high)], method="highs")
    return float(-solved.fun)

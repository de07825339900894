"""The right answer for a grid, from the rules in words (product.md section 4) as linear programs.

Nothing of the engine is used: amounts are what `scipy.optimize.linprog` (HiGHS) finds under the
limits that the grid states. Levels are floored to steps only where the rules say so: each load's
amount before the next one's turn, and the even growth of "shared" before what is left of it is
handed out in whole steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from scipy.optimize import linprog

from .grids import Grid, Wish

Bounds = Mapping[str, tuple[float, float]]


def most(grid: Grid, load: str, bounds: Bounds) -> float | None:
    """The most A per leg that `load` can have while the others stay within (least, most) `bounds`.

    `None`: they can't. `load` may have anything up to its maximum, or what `bounds` says if that
    leaves it a choice. Loads that are not named have nothing. A limit that is exceeded by what is
    fixed binds only loads that use it.
    """
    low, high = bounds.get(load, (0.0, 0.0))
    if low == high:
        low, high = 0.0, next(wish.max_a for wish in grid.wishes if wish.id == load)
    ranges = {other: pair for other, pair in bounds.items() if pair[1] > 0} | {load: (low, high)}
    variables = list(ranges)
    matrix, ends = [], []
    for _, _, room, uses in grid.limits():
        row = [uses.get(variable, 0.0) for variable in variables]
        if any(row):
            matrix.append(row)
            ends.append(room - sum(uses.get(key, 0.0) * amps for key, amps in grid.fixed.items()))
    goal = [-1.0 if variable == load else 0.0 for variable in variables]
    solved = linprog(
        goal, matrix or None, ends or None, bounds=list(ranges.values()), method="highs"
    )
    return float(-solved.fun) if solved.status == 0 else None


def right_amounts(grid: Grid, distribution: str) -> dict[str, float]:
    """A per leg by load that the rules give; loads that do not take part have 0."""
    rules: dict[str, Callable[[Grid], dict[str, float]]] = {
        "priority": _priority,
        "shared": _shared,
        "strict": _strict,
        "optimized": _optimized,
    }
    return {**{wish.id: 0.0 for wish in grid.wishes}, **rules[distribution](grid)}


def fair_amounts(grid: Grid) -> dict[str, float]:
    """The exact max-min fair split above the minimums of the admitted loads, before flooring.

    Progressive filling: the largest growth `t` that all can have together; who can't have more
    than `t` while the others keep it stays there; again for the rest.
    """
    admitted = _admitted(grid)
    stopped: dict[str, float] = {}
    while len(stopped) < len(admitted):
        growing = [wish for wish in admitted if wish.id not in stopped]
        level = _common_growth(grid, growing, stopped)
        floor = {w.id: (min(w.min_a + level, w.max_a), w.max_a) for w in growing}
        kept = {load: (amps, amps) for load, amps in stopped.items()}
        ended = {}
        for wish in growing:
            at = min(wish.min_a + level, wish.max_a)
            reach = most(grid, wish.id, _relaxed({**floor, **kept}))
            if reach is None or reach <= at + 1e-6:
                ended[wish.id] = at
        assert ended, "no load was stopped by the limit that stopped the growth"
        stopped |= ended
    return stopped


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
            beside = {**bounds, following.id: (following.min_a, following.min_a)}
            kept = floored(wish, most(grid, wish.id, beside))
            if could_run and kept > 0:
                amps = kept
        bounds[wish.id] = amps, amps
    return {load: amps for load, (amps, _) in bounds.items()}


def _shared(grid: Grid) -> dict[str, float]:
    """The fair split, floored; then whole steps that fit, to loads in order, round by round."""
    fair = fair_amounts(grid)
    given = {wish.id: floored(wish, fair[wish.id]) for wish in _admitted(grid)}
    again = True
    while again:
        again = False
        for wish in (wish for wish in grid.ordered() if wish.id in given):
            more = floored(wish, given[wish.id] + wish.step_a)
            beside = {load: (amps, amps) for load, amps in given.items() if load != wish.id}
            if more > given[wish.id] + 1e-6 and (most(grid, wish.id, beside) or 0) >= more - 1e-6:
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
    loads = [wish.id for wish in growing]
    matrix, ends = [], []
    for _, _, room, uses in grid.limits():
        carried = sum(uses.get(load, 0.0) * amps for load, amps in stopped.items())
        carried += sum(uses.get(load, 0.0) * amps for load, amps in grid.fixed.items())
        carried += sum(uses.get(wish.id, 0.0) * wish.min_a for wish in growing)
        rate = sum(uses.get(load, 0.0) for load in loads)
        if rate > 0:
            matrix.append([rate])
            ends.append(max(room - carried, 0.0))
    high = min(wish.max_a - wish.min_a for wish in growing)
    solved = linprog([-1.0], matrix or None, ends or None, bounds=[(0.0, high)], method="highs")
    return float(-solved.fun)

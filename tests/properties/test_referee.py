"""The allocation against linear programs: equal in every case, with steps and without.

Two comparisons, so that neither hides in the other's tolerance. With real steps (0.1 to 1 A) the
levels must be the very same: flooring is part of the rules, and the referee floors where they say
so, so nothing has to be forgiven. With steps of 0.0001 A flooring is too small to matter, and the
levels must be those of the continuous split.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from .grids import DISTRIBUTIONS, Grid, Wish, grids
from .referee import fair_amounts, right_amounts

FINE = 1e-4
any_way = st.sampled_from(DISTRIBUTIONS)
houses = grids(circuits=(1, 4), loads=(1, 8))


@given(houses, any_way)
def test_the_allocation_is_what_linear_programs_find(grid: Grid, distribution: str) -> None:
    right, given_amps = right_amounts(grid, distribution), grid.share(distribution)
    for wish in grid.ordered():
        assert abs(given_amps[wish.id] - right[wish.id]) < 1e-4, (wish.id, right, given_amps)
    assert grid.overloads(given_amps) == []


@given(houses, any_way)
def test_without_steps_the_allocation_is_the_continuous_optimum(
    grid: Grid, distribution: str
) -> None:
    """Off by what flooring of eight loads to 0.0001 A can move, and no more."""
    fine = replace(grid, wishes=tuple(replace(wish, step_a=FINE) for wish in grid.wishes))
    right = fair_amounts(fine) if distribution == "shared" else right_amounts(fine, distribution)
    given_amps = fine.share(distribution)
    for wish in fine.ordered():
        assert abs(given_amps[wish.id] - right.get(wish.id, 0.0)) < 8 * 8 * FINE


@given(houses)
def test_shared_gives_nobody_less_than_the_fair_share_floored(grid: Grid) -> None:
    fair, given_amps = fair_amounts(grid), grid.share("shared")
    for wish in grid.ordered():
        if wish.id in fair:
            assert given_amps[wish.id] > fair[wish.id] - wish.step_a - 1e-6
        else:
            assert given_amps[wish.id] == 0


# --- small cases in whole amperes: every possible answer is looked at ----------------------------


@st.composite
def small_grids(draw: st.DrawFn) -> Grid:
    """One to three loads of 1 to 6 A in whole amperes: at most 343 possible answers."""
    grid = draw(grids(circuits=(0, 2), loads=(1, 3), with_fixed=False, with_idle=False))
    wishes: list[Wish] = []
    for wish in grid.wishes:
        low = draw(st.integers(1, 4))
        high = draw(st.integers(low, 6))
        wishes.append(replace(wish, min_a=float(low), max_a=float(high), step_a=1.0))
    room = tuple({phase: float(round(amps / 3)) for phase, amps in r.items()} for r in grid.room)
    import_w = None if grid.import_w is None else grid.import_w / 4
    return replace(grid, wishes=tuple(wishes), room=room, import_w=import_w)


def possible(grid: Grid, running: set[str] | None = None) -> list[tuple[float, ...]]:
    """Every feasible answer as amounts of the loads in order.

    With `running`, those in which just these loads run; otherwise each may run or not.
    """
    levels = []
    for wish in grid.ordered():
        on = [float(amps) for amps in range(int(wish.min_a), int(wish.max_a) + 1)]
        if running is None:
            levels.append([0.0, *on])
        else:
            levels.append(on if wish.id in running else [0.0])
    ids = [wish.id for wish in grid.ordered()]
    return [
        amounts
        for amounts in product(*levels)
        if not grid.overloads(dict(zip(ids, amounts, strict=True)))
    ]


def admitted(grid: Grid) -> list[Wish]:
    """The rule in words, by trying: in order, do all these minimums fit? Then it is in."""
    found: list[Wish] = []
    for wish in grid.ordered():
        amounts = {w.id: 0.0 for w in grid.wishes} | {w.id: w.min_a for w in [*found, wish]}
        if not grid.overloads(amounts):
            found.append(wish)
    return found


@given(small_grids())
def test_strict_is_the_first_in_the_dictionary_of_all_possible_answers(grid: Grid) -> None:
    """In order the most each: the largest answer when answers are compared load by load."""
    best = max(possible(grid))
    given_amps = grid.share("strict")
    assert tuple(given_amps[wish.id] for wish in grid.ordered()) == best


@given(small_grids())
def test_priority_is_the_first_in_the_dictionary_of_answers_with_all_admitted(grid: Grid) -> None:
    running = {wish.id for wish in admitted(grid)}
    best = max(possible(grid, running))
    given_amps = grid.share("priority")
    assert tuple(given_amps[wish.id] for wish in grid.ordered()) == best


@given(small_grids())
def test_shared_is_an_answer_that_cannot_be_added_to(grid: Grid) -> None:
    running = {wish.id for wish in admitted(grid)}
    given_amps = grid.share("shared")
    mine = tuple(given_amps[wish.id] for wish in grid.ordered())
    answers = possible(grid, running)
    assert mine in answers
    assert not [
        other
        for other in answers
        if other != mine and all(o >= m for o, m in zip(other, mine, strict=True))
    ]

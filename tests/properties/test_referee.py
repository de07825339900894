"""The allocation against linear programs: equal in every case, with steps and without.

Two comparisons, so that neither hides in the other's tolerance. With real steps (0.1 to 1 A) the
levels must be the very same: flooring is part of the rules, and the referee floors where they say
so, so nothing has to be forgiven. With steps of 0.0001 A flooring is too small to matter, and the
levels must be those of the continuous split.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.sharing.allocate import allocate

from .grids import (
    DISTRIBUTIONS,
    EXCESS,
    SOLAR_ONLY,
    SOLAR_PRIORITY,
    STANDARD,
    VOLTAGE_V,
    Grid,
    Source,
    Wish,
    grids,
)
from .referee import fair_amounts, floored, most, opened, right_amounts, starved

FINE = 1e-4
any_way = st.sampled_from(DISTRIBUTIONS)
houses = grids(circuits=(1, 4), loads=(1, 8))


@given(houses, any_way)
def test_the_allocation_is_what_linear_programs_find(grid: Grid, distribution: str) -> None:
    right, given_amps = right_amounts(grid, distribution), grid.share(distribution)
    for wish in grid.ordered():
        assert abs(given_amps[wish.id] - right[wish.id]) < 1e-4, (wish.id, right, given_amps)
    assert grid.overloads(given_amps) == []
    assert grid.overdrawn(given_amps) == []


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
    given_amps = grid.share("shared")
    fair = fair_amounts(grid, given_amps)
    for wish in grid.ordered():
        if wish.id in fair:
            assert given_amps[wish.id] > fair[wish.id] - wish.step_a - 1e-6
        else:
            assert given_amps[wish.id] == 0


@given(houses, any_way)
def test_what_an_idle_load_could_get_is_what_linear_programs_find(
    grid: Grid, distribution: str
) -> None:
    shares = allocate(grid.asks(), grid.rows(), distribution, grid.fixed)
    has = {wish.id: (shares[wish.id].amps,) * 2 for wish in grid.ordered()}
    for wish in grid.wishes:
        if not wish.active and wish.id not in grid.fixed:
            available_a = floored(wish, most(grid, wish.id, has))
            assert abs(shares[wish.id].available_a - available_a) < 1e-4


def pair(urgencies: tuple[int, int], legs: tuple[str, str], room_a: float, *sun: Source) -> Grid:
    """Loads "a" and "b" of 6 to 16 A on a breaker of `room_a`."""
    wishes = [
        Wish(load, 0, wired, 6.0, 16.0, 0.1, urgency=urgency)
        for load, wired, urgency in zip("ab", legs, urgencies, strict=True)
    ]
    return Grid((None,), (dict.fromkeys("ABC", room_a),), tuple(wishes), sources=sun)


LEAVING = {
    "the next one's minimum comes from the source": (
        pair((SOLAR_ONLY,) * 2, ("A", "A"), 40.0, Source(15.0, {"a": 0.0, "b": 0.0}, phase="A")),
        (9.0, 6.0),
    ),
    "nothing of a source is kept at the cost of the grid": (
        pair((STANDARD, SOLAR_ONLY), ("A", "A"), 40.0, Source(15.0, {"b": 0.0}, phase="A")),
        (16.0, 0.0),
    ),
    "nor of the wires": (
        pair((STANDARD, SOLAR_ONLY), ("A", "A"), 20.0, Source(60.0, {"b": 0.0}, phase="A")),
        (16.0, 0.0),
    ),
    "its minimum comes from the grid": (
        pair((SOLAR_PRIORITY,) * 2, ("A", "A"), 40.0, Source(10.0, {"a": 6.0, "b": 6.0})),
        (10.0, 6.0),
    ),
    "its minimum comes from the grid for a while": (
        pair((SOLAR_ONLY,) * 2, ("A", "A"), 40.0, Source(13.0, {"a": 0.0, "b": 6.0})),
        (13.0, 6.0),
    ),
    "something is left to open the next": (
        pair(
            (SOLAR_ONLY, EXCESS),
            ("A", "A"),
            40.0,
            Source(23.0, {"a": 0.0, "b": 0.0}),
            Source(10 * VOLTAGE_V, {"b": 6.0}, frozenset("b"), unit=VOLTAGE_V),
        ),
        (9.9, 6.0),
    ),
    "nothing keeps a threshold open at the cost of the grid": (
        pair(
            (STANDARD, EXCESS),
            ("A", "A"),
            40.0,
            Source(23.0, {"b": 0.0}),
            Source(10 * VOLTAGE_V, {"b": 6.0}, frozenset("b"), unit=VOLTAGE_V),
        ),
        (16.0, 0.0),
    ),
    "what opens the first is not closed by the next": (
        pair(
            (EXCESS,) * 2,
            ("A", "ABC"),
            20.0,
            Source(60.0, {"a": 0.0, "b": 0.0}),
            Source(17 * VOLTAGE_V, {"a": 6.0, "b": 6.0}, frozenset("ab"), unit=VOLTAGE_V),
        ),
        (14.0, 6.0),
    ),
}


@pytest.mark.parametrize("case", LEAVING)
def test_optimized_leaves_the_next_its_minimum_on_the_wires_and_in_its_source(case: str) -> None:
    grid, right = LEAVING[case]
    for amounts in (right_amounts(grid, "optimized"), grid.share("optimized")):
        assert (amounts["a"], amounts["b"]) == pytest.approx(right)


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
    sources = tuple(
        replace(
            source,
            room=round(source.room / source.unit / 3) * source.unit,
            binds={w.id: source.binds[w.id] and w.min_a for w in wishes if w.id in source.binds},
        )
        for source in grid.sources
    )
    return replace(grid, wishes=tuple(wishes), room=room, import_w=import_w, sources=sources)


def possible(grid: Grid, running: set[str] | None = None) -> list[tuple[float, ...]]:
    """Every answer that the limits allow, as amounts of the loads in order.

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
        before = {w.id: 0.0 for w in grid.wishes} | {w.id: w.min_a for w in found}
        amounts = before | {wish.id: wish.min_a}
        fits = not grid.overloads(amounts) and not starved(grid, wish.id, amounts)
        if fits and opened(grid, wish.id, before):
            found.append(wish)
    return found


def in_turn(grid: Grid, answer: tuple[float, ...], has: list[Wish]) -> bool:
    """Whether the sources allow an answer to loads in order, `has` having their minimums before."""
    amounts = {wish.id: 0.0 for wish in grid.wishes} | {wish.id: wish.min_a for wish in has}
    for wish, amps in zip(grid.ordered(), answer, strict=True):
        before, amounts = amounts, {**amounts, wish.id: amps}
        if amps > before[wish.id] and starved(grid, wish.id, amounts):
            return False
        if amps > before[wish.id] == 0 and not opened(grid, wish.id, before):
            return False
    return True


@given(small_grids())
def test_strict_is_the_first_in_the_dictionary_of_all_possible_answers(grid: Grid) -> None:
    """In order the most each: the largest answer when answers are compared load by load."""
    best = max(answer for answer in possible(grid) if in_turn(grid, answer, []))
    given_amps = grid.share("strict")
    assert tuple(given_amps[wish.id] for wish in grid.ordered()) == best


@given(small_grids())
def test_priority_is_the_first_in_the_dictionary_of_answers_with_all_admitted(grid: Grid) -> None:
    first = admitted(grid)
    answers = possible(grid, {wish.id for wish in first})
    best = max(answer for answer in answers if in_turn(grid, answer, first))
    given_amps = grid.share("priority")
    assert tuple(given_amps[wish.id] for wish in grid.ordered()) == best


@given(small_grids())
def test_shared_is_an_answer_that_cannot_be_added_to(grid: Grid) -> None:
    running = {wish.id for wish in admitted(grid)}
    given_amps = grid.share("shared")
    ids = [wish.id for wish in grid.ordered()]
    mine = tuple(given_amps[load] for load in ids)
    answers = possible(grid, running)
    assert mine in answers
    assert grid.overdrawn(given_amps) == []
    for other in answers:
        if other != mine and all(o >= m for o, m in zip(other, mine, strict=True)):
            amounts = dict(zip(ids, other, strict=True))
            raised = [load for load in ids if amounts[load] > given_amps[load]]
            assert any(starved(grid, load, amounts) for load in raised)

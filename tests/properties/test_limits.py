"""What holds for every allocation: limits, levels, and that nothing usable is left over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.allocate import allocate, feasible

from .grids import DISTRIBUTIONS, Grid, grids

CLOSE = 1e-6
any_way = st.sampled_from(DISTRIBUTIONS)


@given(grids(), any_way)
def test_no_breaker_phase_or_import_limit_is_exceeded(grid: Grid, distribution: str) -> None:
    amounts = grid.share(distribution)
    assert grid.overloads(amounts) == []


@given(grids(with_fixed=False), any_way)
def test_feasible_agrees_that_nothing_is_exceeded(grid: Grid, distribution: str) -> None:
    assert feasible(grid.share(distribution), grid.asks(), grid.rows()) == []


@given(grids(with_fixed=False), st.data())
def test_feasible_finds_what_walking_up_the_tree_finds(grid: Grid, data: st.DataObject) -> None:
    """Arbitrary levels, good or bad: both definitions of a limit must say the same."""
    amounts = {
        wish.id: data.draw(st.sampled_from([0.0, wish.min_a, wish.max_a])) for wish in grid.wishes
    }
    assert bool(feasible(amounts, grid.asks(), grid.rows())) == bool(grid.overloads(amounts))


@given(grids(), any_way)
def test_each_load_gets_nothing_or_a_whole_step_between_min_and_max(
    grid: Grid, distribution: str
) -> None:
    amounts = grid.share(distribution)
    for wish in grid.wishes:
        amps = amounts[wish.id]
        if wish.id in grid.fixed or amps == 0:
            continue
        assert wish.active
        assert wish.min_a - CLOSE <= amps <= wish.max_a + CLOSE
        steps = amps / wish.step_a
        assert abs(steps - round(steps)) < 1e-4 or amps in (wish.min_a, wish.max_a)


@given(grids(), any_way)
def test_what_an_idle_load_could_get_fits_beside_what_the_active_ones_have(
    grid: Grid, distribution: str
) -> None:
    shares = allocate(grid.asks(), grid.rows(), distribution, grid.fixed)
    amounts = grid.share(distribution)
    for wish in grid.wishes:
        if wish.active or wish.id in grid.fixed:
            continue
        available_a = shares[wish.id].available_a
        assert available_a == 0 or wish.min_a - CLOSE <= available_a <= wish.max_a + CLOSE
        assert grid.overloads({**amounts, wish.id: available_a}) == []


@given(grids(), st.sampled_from(["priority", "shared"]))
def test_nothing_usable_is_left_over(grid: Grid, distribution: str) -> None:
    """No admitted load could take one more step (or, without a whole one, its maximum)."""
    amounts = grid.share(distribution)
    for wish in grid.ordered():
        more = min(amounts[wish.id] + wish.step_a, wish.max_a)
        if amounts[wish.id] > 0 and more - amounts[wish.id] > 1e-3:
            assert grid.overloads({**amounts, wish.id: more}), f"{wish.id} could have {more}"


@given(grids(), any_way, st.randoms(use_true_random=False))
def test_the_same_house_gives_the_same_answer_in_whatever_order_it_is_told(
    grid: Grid, distribution: str, random: object
) -> None:
    asks, rows = grid.asks(), grid.rows()
    first = allocate(asks, rows, distribution, grid.fixed)
    assert allocate(asks, rows, distribution, grid.fixed) == first
    random.shuffle(asks)  # type: ignore[attr-defined]
    random.shuffle(rows)  # type: ignore[attr-defined]
    shuffled = allocate(asks, rows, distribution, dict(reversed(grid.fixed.items())))
    for load, share in first.items():
        assert abs(shuffled[load].amps - share.amps) < CLOSE
        assert abs(shuffled[load].available_a - share.available_a) < CLOSE


@given(grids(), any_way, st.permutations("ABC"))
def test_phases_have_no_favourites(grid: Grid, distribution: str, order: list[str]) -> None:
    """The house with its phases called otherwise gives every load the same."""
    names = dict(zip("ABC", order, strict=True))
    there, here = grid.share(distribution), grid.renamed(names).share(distribution)
    assert all(abs(there[load] - here[load]) < CLOSE for load in there)


@given(grids(), any_way, st.sampled_from([2.0, 4.0, 10.0]))
def test_a_house_ten_times_as_large_gets_ten_times_as_much(
    grid: Grid, distribution: str, factor: float
) -> None:
    small, large = grid.share(distribution), grid.scaled(factor).share(distribution)
    assert all(abs(small[load] * factor - large[load]) < 1e-4 for load in small)


@given(
    grids(
        steps=(0.5,),
        legs=st.just("ABC"),
        with_fixed=False,
        with_plugs=False,
    ),
    st.sampled_from(["priority", "shared"]),
    st.data(),
)
def test_more_headroom_never_gives_less_in_total_to_the_same_loads(
    grid: Grid, distribution: str, data: st.DataObject
) -> None:
    """For loads on the same legs in the same steps, whatever the tree.

    With other legs it need not hold: one that goes first on A alone takes, from one on A, B and C,
    three times what it gets (main 20 A, first: 6 A by its own breaker -> 14 A, second 14 -> 6 A on
    three phases: 48 A in all become 32 A).
    """
    breaker = data.draw(st.integers(0, len(grid.room) - 1))
    more_a = data.draw(st.integers(0, 200)) / 10
    room = list(grid.room)
    room[breaker] = {phase: amps + more_a for phase, amps in room[breaker].items()}
    wider = Grid(grid.parents, tuple(room), grid.wishes, grid.import_w)
    before, after = grid.share(distribution), wider.share(distribution)
    same = {load for load, amps in before.items() if amps} == {
        load for load, amps in after.items() if amps
    }
    if same:
        assert sum(after.values()) >= sum(before.values()) - CLOSE

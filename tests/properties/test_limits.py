"""What holds for every allocation: limits, sources, levels, and nothing usable left over."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.limits.constraints import Room, feasible
from loadjuggler.sharing.allocate import allocate, minimum_fits
from loadjuggler.units import TOLERANCE

from .grids import DISTRIBUTIONS, STANDARD, Grid, Source, grids
from .referee import opened, starved

CLOSE = 1e-6
FINE = 1e-4
any_way = st.sampled_from(DISTRIBUTIONS)
growing_ways = st.sampled_from(["priority", "shared"])


@given(grids(), any_way)
def test_no_breaker_phase_or_import_limit_is_exceeded(grid: Grid, distribution: str) -> None:
    amounts = grid.share(distribution)
    assert grid.overloads(amounts) == []


@given(grids(), any_way)
def test_loads_bound_by_a_source_take_no_more_of_it_than_there_is(
    grid: Grid, distribution: str
) -> None:
    amounts = grid.share(distribution)
    assert grid.overdrawn(amounts) == []


@given(grids(with_fixed=False), any_way)
def test_feasible_agrees_that_nothing_is_exceeded(grid: Grid, distribution: str) -> None:
    assert feasible(grid.share(distribution), grid.asks(), grid.rows()) == []


@given(grids(with_fixed=False), st.data())
def test_feasible_finds_what_walking_up_the_tree_finds(grid: Grid, data: st.DataObject) -> None:
    """Arbitrary levels, good or bad: both definitions of limits and sources must say the same."""
    amounts = {
        wish.id: data.draw(st.sampled_from([0.0, wish.min_a, wish.max_a])) for wish in grid.wishes
    }
    wrong = grid.overloads(amounts) + grid.overdrawn(amounts)
    assert bool(feasible(amounts, grid.asks(), grid.rows())) == bool(wrong)


@given(grids(with_fixed=False), st.data())
def test_a_minimum_fits_if_as_much_fits(grid: Grid, data: st.DataObject) -> None:
    """Two ways to ask the same, while others have taken anything, sources overdrawn as well."""
    room = Room(grid.rows())
    for wish in grid.wishes[1:]:
        room.take(wish.id, data.draw(st.sampled_from([0.0, wish.min_a, wish.max_a])))
    first = grid.wishes[0].ask()
    for ask in (first, replace(first, min_a=0.0)):
        fits = room.fits(ask.id)[0] >= ask.min_a - TOLERANCE
        assert minimum_fits(ask, room) == fits


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
        assert not starved(grid, wish.id, {**amounts, wish.id: available_a})
        assert available_a == 0 or opened(grid, wish.id, amounts)


@given(grids(), growing_ways)
def test_nothing_usable_is_left_over(grid: Grid, distribution: str) -> None:
    """No admitted load could take one more step (or, without a whole one, its maximum)."""
    amounts = grid.share(distribution)
    for wish in grid.ordered():
        more = min(amounts[wish.id] + wish.step_a, wish.max_a)
        if amounts[wish.id] > 0 and more - amounts[wish.id] > 1e-3:
            added = {**amounts, wish.id: more}
            why = grid.overloads(added) or starved(grid, wish.id, added)
            assert why, f"{wish.id} could have {more}"


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


alike = {"legs": st.just("ABC"), "with_fixed": False, "with_plugs": False}


def same_loads(before: dict[str, float], after: dict[str, float]) -> bool:
    return all(bool(amps) == bool(after[load]) for load, amps in before.items())


@given(grids(steps=(0.5,), sources=(0, 0), **alike), growing_ways, st.data())
def test_more_headroom_never_gives_less_in_total_to_the_same_loads(
    grid: Grid, distribution: str, data: st.DataObject
) -> None:
    """For loads on the same legs in the same steps, whatever the tree.

    With other legs it need not hold: one that goes first on A alone takes, from one on A, B and C,
    three times what it gets (main 20 A, first: 6 A by its own breaker -> 14 A, second 14 -> 6 A on
    three phases: 48 A in all become 32 A). Nor with sources, by flooring: of 13.9 A a standard load
    (0.5 to 7.5 A) takes 7.5, and two that the sun binds from their minimums (2 and 1 A) grow by 3
    and 3.7 where the first one's breaker ends at 5 A: 5.0 + 4.5 A; by 3.467 each where it does not:
    5.0 + 4.0 A.
    """
    breaker = data.draw(st.integers(0, len(grid.room) - 1))
    more_a = data.draw(st.integers(0, 200)) / 10
    room = list(grid.room)
    room[breaker] = {phase: amps + more_a for phase, amps in room[breaker].items()}
    before, after = grid.share(distribution), replace(grid, room=tuple(room)).share(distribution)
    if same_loads(before, after):
        assert sum(after.values()) >= sum(before.values()) - CLOSE


# --- sources --------------------------------------------------------------------------------------


@given(grids(), any_way)
def test_sources_that_never_end_or_bind_nobody_are_as_none(grid: Grid, distribution: str) -> None:
    """In *optimized* a source that never ends still says for whom no wires are kept."""
    none = replace(grid, sources=()).share(distribution)
    endless = tuple(replace(source, room=1e6) for source in grid.sources)
    idle = tuple(replace(source, binds={}, opens=frozenset()) for source in grid.sources)
    if distribution != "optimized":
        assert replace(grid, sources=endless).share(distribution) == none
    assert replace(grid, sources=idle).share(distribution) == none


@given(grids(sources=(1, 4), own=False), st.sampled_from(["priority", "strict"]))
def test_sources_take_nothing_from_loads_that_they_do_not_bind(
    grid: Grid, distribution: str
) -> None:
    """Boosted and standard loads go first: only in `priority` do the others' minimums matter."""
    with_sun, without = grid.share(distribution), replace(grid, sources=()).share(distribution)
    if distribution == "strict" or same_loads(with_sun, without):
        for wish in grid.wishes:
            if wish.urgency <= STANDARD:
                assert with_sun[wish.id] == without[wish.id]


def sunnier(grid: Grid, more_a: float) -> Grid:
    """The same grid with `more_a` more sun on each phase."""

    def grown(source: Source) -> Source:
        return replace(source, room=source.room + more_a * source.unit * (1 if source.phase else 3))

    return replace(grid, sources=tuple(grown(source) for source in grid.sources))


@given(grids(steps=(0.5,), sources=(1, 1), **alike), growing_ways, st.integers(1, 200))
def test_more_of_a_source_never_gives_less_in_total_to_the_same_loads(
    grid: Grid, distribution: str, tenths: int
) -> None:
    """For loads on the same legs in the same steps, and where there is no other source.

    More of one source alone may give less: three loads, at least 1 A each, in order. The first is
    bound by a source of 6 A, the second by one of 12 A, the first and third hang on a 12 A breaker.
    In `priority` they get 4, 7 and 8 A. With 8 A in the first source, they get 6, 5 and 6 A: what
    the first has more, both others have less.
    """
    before, after = grid.share(distribution), sunnier(grid, tenths / 10).share(distribution)
    if same_loads(before, after):
        assert sum(after.values()) >= sum(before.values()) - CLOSE


@given(grids(steps=(FINE,), sources=(2, 4), **alike), growing_ways, st.integers(1, 200))
def test_more_sun_never_gives_less_in_total_to_the_same_loads(
    grid: Grid, distribution: str, tenths: int
) -> None:
    """More sun is more in all sources. For loads on the same legs, and but for flooring.

    In steps of 0.5 A a load that left 0.4 A of one source unused grows by 3.5 A where the sun grows
    by 3.3 A; that is 0.2 A less of another source, which floors the next load 0.5 A lower.
    """
    before, after = grid.share(distribution), sunnier(grid, tenths / 10).share(distribution)
    if same_loads(before, after):
        assert sum(after.values()) >= sum(before.values()) - 8 * 8 * FINE

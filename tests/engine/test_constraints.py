"""What a load may be told, and what is left of limits and sources while amounts are handed out.

All currents are A per leg. A *limit* (a breaker, the import limit) binds all loads that use it. A
*source* (what the sun leaves over) binds those that live from it, and the others only use it up.
"""

from __future__ import annotations

import pytest
from loadjuggler.limits.constraints import Ask, Room, Row, Rows, feasible
from loadjuggler.reasons import RowKind

RANK = (0.0, 5.0, "a")
NOTHING: frozenset[str] = frozenset()


def breaker(room_a: float, name: str = "main", /, **uses: float) -> Row:
    """A breaker; each A of load `a` uses `a` A of it."""
    return Row(RowKind.CIRCUIT, room_a, uses, name, "A", room_a)


def source(
    room_a: float,
    binds: dict[str, float],
    *,
    opens: frozenset[str] = NOTHING,
    unused: frozenset[str] = NOTHING,
    **uses: float,
) -> Row:
    """What the sun leaves over; `binds` says from how many A on it binds a load."""
    return Row(RowKind.SURPLUS, room_a, uses, binds=binds, opens=opens, unused=unused)


# --- what a load may be told ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "step", "fits_a", "gets"),
    [
        pytest.param(6, 16, 0.1, 7.97, 7.9, id="rounded down to its step"),
        pytest.param(6, 16, 1, 9.9, 9, id="in whole amperes"),
        pytest.param(6, 16, 0.1, 5.9, 0, id="below its minimum it gets nothing"),
        pytest.param(6, 16, 0.1, 6, 6, id="its minimum just fits"),
        pytest.param(6, 16, 0.1, 5.999999999, 6, id="1e-9 A less is noise of the calculation"),
        pytest.param(6, 16, 0.1, 100, 16, id="never more than its maximum"),
        pytest.param(8.7, 8.7, 0.1, 8.7, 8.7, id="a plug of 2,000 W that just fits"),
        pytest.param(6, 10.25, 1, 10.25, 10.25, id="its maximum counts though it is no whole step"),
        pytest.param(6, 10.25, 1, 10.249999999, 10.25, id="also if it fits but for noise"),
        pytest.param(6, 10.25, 1, 10.2, 10, id="below that the steps do"),
        pytest.param(6.25, 16, 1, 6.9, 6.25, id="its minimum counts though it is no whole step"),
    ],
)
def test_a_load_gets_nothing_or_a_step_within_its_range(
    low: float, high: float, step: float, fits_a: float, gets: float
) -> None:
    assert Ask("a", low, high, step, RANK).amount(fits_a) == pytest.approx(gets, abs=1e-12)


LEVELS = (6.0, 10.0, 16.0)


@pytest.mark.parametrize(
    ("high", "fits_a", "gets"),
    [
        pytest.param(16, 9.9, 6, id="between two levels: the lower one"),
        pytest.param(16, 10, 10, id="a level that just fits"),
        pytest.param(16, 9.999999999, 10, id="but for noise"),
        pytest.param(16, 40, 16, id="the highest level"),
        pytest.param(12, 40, 10, id="the highest level within its maximum, not the maximum itself"),
        pytest.param(16, 5.9, 0, id="below its minimum it gets nothing"),
    ],
)
def test_a_load_with_levels_gets_only_these(high: float, fits_a: float, gets: float) -> None:
    ask = Ask("a", 6.0, high, 0.1, RANK, levels=LEVELS)
    assert ask.amount(fits_a) == gets


def test_a_load_whose_minimum_lies_below_its_first_level_gets_that_minimum() -> None:
    assert Ask("a", 6.0, 16.0, 0.1, RANK, levels=(7.0, 10.0)).amount(6.5) == 6.0


@pytest.mark.parametrize(
    ("levels", "high", "has_a", "more_a"),
    [
        pytest.param((), 16, 9, 9.5, id="one step of 0.5 A"),
        pytest.param((), 16, 16, 16, id="it has its maximum"),
        pytest.param((), 16, 15.8, 16, id="less than a step below its maximum"),
        pytest.param(LEVELS, 16, 6, 10, id="the next level"),
        pytest.param(LEVELS, 16, 5.9999999999, 10, id="it has the first level but for noise"),
        pytest.param(LEVELS, 16, 16, 16, id="it has the last level"),
        pytest.param(LEVELS, 12, 10, 10, id="the next level is above its maximum"),
    ],
)
def test_the_next_level_of_a_load(
    levels: tuple[float, ...], high: float, has_a: float, more_a: float
) -> None:
    ask = Ask("a", 6.0, high, 0.5, RANK, levels=levels)
    assert ask.more(has_a) == pytest.approx(more_a)


# --- how much fits -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "has_a", "fits_a", "end"),
    [
        pytest.param([], 0, float("inf"), None, id="nothing binds it"),
        pytest.param([breaker(20, b=1)], 0, float("inf"), None, id="it is not behind that breaker"),
        pytest.param([breaker(20, a=1)], 0, 20, 0, id="all that is left"),
        pytest.param([breaker(8, a=1)], 6, 14, 0, id="8 A are left beside the 6 A that it has"),
        pytest.param([breaker(20, a=2)], 0, 10, 0, id="two legs on the phase use it up twice"),
        pytest.param([breaker(20, a=1), breaker(9, a=1)], 0, 9, 1, id="the tighter of two"),
        pytest.param([breaker(9, a=1), breaker(9, a=1)], 0, 9, 0, id="the first of two alike"),
        pytest.param([breaker(-3, a=1)], 0, 0, 0, id="the house alone is over the limit: nothing"),
        pytest.param([breaker(0, a=0)], 0, float("inf"), None, id="no leg of it is there"),
        pytest.param([source(4, {"b": 0.0}, a=1)], 0, float("inf"), None, id="it lives elsewhere"),
        pytest.param([source(4, {"a": 0.0}, a=1)], 0, 4, 0, id="it lives from 4 A of sun"),
        pytest.param([source(4, {"a": 6.0}, a=1)], 0, 6, 0, id="its minimum comes from elsewhere"),
        pytest.param([source(9, {"a": 6.0}, a=1)], 0, 9, 0, id="the sun covers its minimum"),
        pytest.param([source(3, {"a": 6.0}, a=1)], 6, 9, 0, id="3 A are left beside its 6 A"),
    ],
)
def test_how_much_fits(rows: list[Row], has_a: float, fits_a: float, end: int | None) -> None:
    assert Room(rows).fits("a", has_a) == (fits_a, end)


@pytest.mark.parametrize(
    ("room_a", "opens", "has_a", "fits_a"),
    [
        pytest.param(0.0, True, 0, 0, id="nothing would be exported: it does not start"),
        pytest.param(1e-7, True, 0, 0, id="noise is nothing"),
        pytest.param(0.5, True, 0, 6, id="a little is: it starts with its minimum"),
        pytest.param(0.0, True, 6, 6, id="it has started: it goes on with its minimum"),
        pytest.param(-2.0, True, 6, 6, id="also when others have taken the rest"),
        pytest.param(0.0, False, 0, 6, id="it may start without: it is held for its grace"),
    ],
)
def test_a_load_that_needs_an_open_source_starts_only_while_something_is_left(
    room_a: float, opens: bool, has_a: float, fits_a: float
) -> None:
    """A load in mode excess; its minimum of 6 A may exceed what is left of the excess."""
    row = source(room_a, {"a": 6.0}, opens=frozenset({"a"}) if opens else NOTHING, a=1)
    assert Room([row]).fits("a", has_a)[0] == fits_a


def test_what_one_load_takes_is_missing_for_all_others_on_its_rows() -> None:
    """Two legs of `a` on the phase: 6 A each take 12 of 20 A in the house, 6 of 10 A elsewhere."""
    room = Room([breaker(20, a=2, b=1), breaker(10, "barn", a=1), breaker(16, "shed", b=1)])
    room.take("a", 6.0)
    assert room.left == [8.0, 4.0, 16.0]
    room.take("a", -1.0)
    assert room.left == [10.0, 5.0, 16.0]
    assert room.fits("b") == (10.0, 0)


def test_what_takes_nothing_now_needs_room_in_a_source_and_leaves_it_to_others() -> None:
    """8 A of sun. The car `a` is full: it may be told 8 A, and the 8 A are there for `b`, too."""
    room = Room([source(8, {"a": 0.0, "b": 0.0}, unused=frozenset({"a"}), a=1, b=1)])
    assert room.fits("a")[0] == 8.0
    room.take("a", 6.0)
    assert room.fits("b")[0] == 8.0
    room.take("b", 6.0)
    assert room.fits("a")[0] == 2.0


def test_what_takes_nothing_now_fits_no_more_than_its_source_has_left() -> None:
    """8 A of sun, 10 A of the breaker. The car `a` is told 6 A, and has taken only the breaker's.

    Of the breaker it fits 6 + 4 = 10 A, of the sun 8 A: nothing of that is taken.
    """
    sunny = source(8, {"a": 0.0}, unused=frozenset({"a"}), a=1)
    room = Room([breaker(10, a=1), sunny])
    room.take("a", 6.0)
    assert room.fits("a", 6.0) == (8.0, 1)


# --- and what fits beside another ----------------------------------------------------------------

OTHER = Ask("b", 6.0, 16.0, 0.1, RANK)


@pytest.mark.parametrize(
    ("rows", "fits_a"),
    [
        pytest.param([breaker(20, a=1, b=1)], 14, id="20 - 6"),
        pytest.param([breaker(20, a=2, b=1)], 7, id="(20 - 6) / 2: a has two legs there"),
        pytest.param([breaker(20, a=1, b=2)], 8, id="20 - 2 x 6: b has two legs there"),
        pytest.param(
            [breaker(20, a=1, b=1), breaker(3, "barn", b=1)], 14, id="b's own breaker is not a's"
        ),
        pytest.param([breaker(20, a=1), breaker(3, "barn", b=1)], 20, id="a shares nothing with b"),
        pytest.param(
            [source(10, {"a": 0.0, "b": 0.0}, a=1, b=1)], 4, id="both live from the sun: 10 - 6"
        ),
        pytest.param(
            [source(10, {"b": 0.0}, a=2, b=1)], 2, id="a may take from the grid, but b needs 6 A"
        ),
        pytest.param(
            [source(10, {"a": 0.0, "b": 6.0}, a=1, b=1)], 10, id="b's minimum is not from the sun"
        ),
        pytest.param(
            [source(2300, {"b": 6.0}, opens=frozenset({"b"}), a=230, b=230)],
            10 - 1e-4,
            id="b starts while something is left: all of 10 A but 0.1 mA",
        ),
        pytest.param(
            [source(2300, {"a": 6.0, "b": 6.0}, opens=frozenset({"a"}), a=230, b=230)],
            10,
            id="b need not start",
        ),
    ],
)
def test_how_much_fits_and_leaves_the_next_one_its_minimum(rows: list[Row], fits_a: float) -> None:
    room = Room(rows)
    assert room.fits_beside("a", OTHER) == pytest.approx(fits_a, abs=1e-9)
    assert room.left == [row.room for row in rows], "nothing has been taken"


# --- the rows of a run ---------------------------------------------------------------------------


def test_rows_put_beside_others_bind_too_and_the_others_stay_as_they_were() -> None:
    """A breaker of 20 A, and beside it 9 A of sun for `a`, which binds it and not `b`."""
    limits = Rows([breaker(20, a=1, b=1)])
    both = limits.beside([source(9, {"a": 0.0}, a=1, b=1, c=1)])
    assert len(both) == 2
    room = Room(both)
    assert [room.fits(load) for load in "abc"] == [(9.0, 1), (20.0, 0), (float("inf"), None)]
    room.take("b", 5.0)
    assert room.left == [15.0, 4.0]
    alone = Room(limits)
    assert [alone.fits(load) for load in "abc"] == [(20.0, 0), (20.0, 0), (float("inf"), None)]
    alone.take("b", 5.0)
    assert alone.left == [15.0]


USES = {"a": 1.0}
BINDS = {"a": 0.0}


def of_sun(uses: dict[str, float], binds: dict[str, float], unused: frozenset[str]) -> Row:
    return Row(RowKind.SURPLUS, 5.0, uses, binds=binds, unused=unused)


def test_rows_that_differ_in_their_room_only_are_not_searched_again() -> None:
    """The budgets for raises and for cuts have the same rows with other rooms."""
    other = Rows([Row(RowKind.SURPLUS, 9.0, USES, binds=BINDS)])
    rows = Rows([of_sun(USES, BINDS, NOTHING)]).like(other)
    assert rows.by_load is other.by_load
    assert Room(rows).fits("a")[0] == 5.0


@pytest.mark.parametrize(
    ("rows", "fits_a"),
    [
        pytest.param([of_sun({"a": 2.0}, BINDS, NOTHING)], 2.5, id="other uses: two legs"),
        pytest.param([of_sun(USES, {}, NOTHING)], float("inf"), id="other loads are bound"),
        pytest.param([of_sun(USES, BINDS, NOTHING), breaker(3, a=1)], 3.0, id="one row more"),
        pytest.param([], float("inf"), id="one row less"),
    ],
)
def test_rows_that_differ_otherwise_are_searched_anew(rows: list[Row], fits_a: float) -> None:
    found = Rows(rows).like(Rows([of_sun(USES, BINDS, NOTHING)]))
    assert Room(found).fits("a")[0] == fits_a


@pytest.mark.parametrize("mine", [True, False])
def test_what_takes_nothing_in_one_of_two_systems_of_rows_is_searched_anew(mine: bool) -> None:
    """Only who is in `unused` does not use the source up: of 5 A, 3 A leave 5 A, else 2 A."""
    idle = of_sun(USES, BINDS, frozenset({"a"}))
    busy = of_sun(USES, BINDS, NOTHING)
    room = Room(Rows([idle if mine else busy]).like(Rows([busy if mine else idle])))
    room.take("a", 3.0)
    assert room.left == [5.0 if mine else 2.0]


# --- what is violated ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "amounts", "wrong"),
    [
        pytest.param(breaker(20, a=2, b=1), {"a": 8, "b": 6}, {"main A": 2}, id="2 x 8 + 6 - 20"),
        pytest.param(breaker(-5, a=1, b=1), {"a": 0, "b": 6}, {"main A": 11}, id="who has nothing"),
        pytest.param(breaker(6, a=1, b=1), {"a": 6}, {}, id="who is not named has nothing"),
        pytest.param(breaker(5, a=0, b=1), {"a": 16, "b": 0}, {}, id="no leg of a is there"),
        pytest.param(
            Row(RowKind.IMPORT, 4140, {"a": 690}, limit=9000), {"a": 7}, {"import": 690}, id="W"
        ),
        pytest.param(
            source(6, {"a": 0.0}, a=1, b=1), {"a": 6, "b": 16}, {}, id="b does not live from it"
        ),
        pytest.param(
            source(6, {"a": 0.0, "b": 6.0}, a=1, b=1),
            {"a": 6, "b": 6},
            {},
            id="b's minimum is free",
        ),
        pytest.param(
            source(6, {"a": 0.0, "b": 6.0}, a=1, b=1),
            {"a": 7, "b": 0},
            {"surplus": 1},
            id="what b leaves of its minimum is none of the sun's",
        ),
        pytest.param(
            source(6, {"a": 0.0, "b": 6.0}, a=1, b=1),
            {"a": 6, "b": 7},
            {"surplus": 1},
            id="what b takes above it is not",
        ),
        pytest.param(
            source(6, {"a": 0.0, "b": 0.0}, unused=frozenset({"b"}), a=1, b=1),
            {"a": 6, "b": 6},
            {},
            id="b takes nothing now",
        ),
        pytest.param(
            source(6, {"a": 0.0, "b": 0.0}, unused=frozenset({"b"}), a=1, b=1),
            {"a": 6, "b": 7},
            {"surplus": 1},
            id="b takes nothing now, and may be told no more than there is",
        ),
    ],
)
def test_what_a_row_says_is_violated(
    row: Row, amounts: dict[str, float], wrong: dict[str, float]
) -> None:
    assert dict(feasible(amounts, [], [row])) == pytest.approx(wrong)


@pytest.mark.parametrize(
    ("limit", "over", "violated"),
    [
        pytest.param(0.0, 0.8e-6, False, id="a source without a limit: noise up to 1e-6"),
        pytest.param(0.0, 1.5e-6, True, id="and no more"),
        pytest.param(-9000.0, 0.008, False, id="an import limit of 9 kW: noise up to 9 mW"),
        pytest.param(9000.0, 0.010, True, id="and no more, of 9 kW"),
    ],
)
def test_noise_is_a_millionth_of_the_limit(limit: float, over: float, violated: bool) -> None:
    row = Row(RowKind.IMPORT, 4140.0 - over, {"a": 690.0}, limit=limit)
    assert bool(feasible({"a": 6.0}, [], [row])) == violated


@pytest.mark.parametrize(
    ("amps", "outside"),
    [(0.0, 0.0), (5.9999995, 0.0), (5.9, 0.1), (16.0000005, 0.0), (16.2, 0.2), (-1.0, 7.0)],
)
def test_a_load_has_nothing_or_an_amount_within_its_range(amps: float, outside: float) -> None:
    found = dict(feasible({"a": amps}, [Ask("a", 6.0, 16.0, 0.1, RANK)], []))
    assert found == pytest.approx({"load a": outside} if outside else {})


@pytest.mark.parametrize(
    ("left_a", "opens", "lacks"),
    [
        pytest.param(5.0, {"a"}, False, id="it is open"),
        pytest.param(0.0, {"a"}, True, id="nothing is left of what lets it start"),
        pytest.param(0.0, set(), False, id="its minimum comes from elsewhere, sun or not"),
    ],
)
def test_a_source_that_a_load_needs_only_above_its_minimum_may_still_have_to_be_open(
    left_a: float, opens: set[str], lacks: bool
) -> None:
    """Its minimum of 6 A comes from elsewhere. An excess load starts only while there is excess."""
    row = Row(RowKind.EXCESS, left_a, {"a": 1.0}, binds={"a": 6.0}, opens=frozenset(opens))
    assert Room(Rows([row])).lacking_source("a", 6.0) == (0 if lacks else None)


@pytest.mark.parametrize(
    ("first_a", "second_a", "index"),
    [
        pytest.param(12.0, 10.0, 1, id="5 and 3 A are left: the second one has less"),
        pytest.param(10.0, 12.0, 0, id="the first one has less"),
        pytest.param(12.0, 11.97, 0, id="0.03 A less is as little: it is the first"),
        pytest.param(6.5, 6.0, 0, id="both are overdrawn: by how much does not matter"),
        pytest.param(12.0, 5.0, 1, id="5 A would be too little for it alone"),
        pytest.param(5.0, 3.0, 1, id="both are too little for it alone: the smaller one"),
        pytest.param(13.0, 14.0, None, id="6 A are left"),
    ],
)
def test_the_source_that_has_least_left_is_the_one_that_a_load_lacks(
    first_a: float, second_a: float, index: int | None
) -> None:
    """Two sources bind `a`, which needs 6 A, and `b` takes 7 A of each."""
    both = {"a": 0.0, "b": 0.0}
    room = Room(Rows([source(amps, both, a=1, b=1) for amps in (first_a, second_a)]))
    room.take("b", 7.0)
    assert room.lacking_source("a", 6.0) == index

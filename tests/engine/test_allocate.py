"""Sharing worked out by hand: small houses whose right answer fits into one sentence."""

from __future__ import annotations

import pytest
from loadjuggler.limits.constraints import Ask, Room, Row, Rows, feasible
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import allocate


def car(name: str, low: float = 6.0, high: float = 16.0, **more: object) -> Ask:
    """A car; those named first go first. `step` in A, `active`."""
    step = float(more.get("step", 0.1))  # type: ignore[arg-type]
    return Ask(name, low, high, step, (0.0, 5.0, name), bool(more.get("active", True)))


def breaker(room_a: float, *loads: str, name: str = "main", limit_a: float = 0.0) -> Row:
    return Row(RowKind.CIRCUIT, room_a, dict.fromkeys(loads, 1.0), name, "A", limit_a or room_a)


def shares(asks: list[Ask], rows: list[Row], way: str) -> list[float]:
    found = allocate(asks, rows, way)
    return [found[ask.id].amps for ask in asks]


@pytest.mark.parametrize(
    ("way", "room_a", "right"),
    [
        pytest.param("priority", 20.0, [14, 6], id="priority: the first takes what minimums leave"),
        pytest.param("shared", 20.0, [10, 10], id="shared: half each"),
        pytest.param("strict", 20.0, [16, 0], id="strict: 4 A left are no use to the second"),
        pytest.param("optimized", 20.0, [14, 6], id="optimized: the second keeps its minimum"),
        pytest.param(
            "priority", 11.9, [11.9, 0], id="11.9 A are one minimum, so the first has all"
        ),
        pytest.param("priority", 12.0, [6, 6], id="12 A are two minimums"),
        pytest.param("optimized", 11.9, [11.9, 0], id="nothing is kept for one that cannot run"),
        pytest.param("shared", 5.9, [0, 0], id="below one minimum nobody charges"),
        pytest.param("shared", -3.0, [0, 0], id="nor where the house alone is over the limit"),
        pytest.param("strict", 22.0, [16, 6], id="strict: 6 A are just enough for the second"),
        pytest.param("shared", 40.0, [16, 16], id="with plenty all have their maximum"),
    ],
)
def test_two_cars_on_one_breaker(way: str, room_a: float, right: list[float]) -> None:
    assert shares([car("a"), car("b")], [breaker(room_a, "a", "b")], way) == pytest.approx(right)


def test_whole_steps_that_are_left_go_to_the_first() -> None:
    """21 A in whole amperes: 10.5 each is floored to 10, and the ampere that is left fits a."""
    asks = [car("a", step=1), car("b", step=1)]
    assert shares(asks, [breaker(21.0, "a", "b")], "shared") == [11.0, 10.0]


def test_who_is_full_or_behind_a_full_breaker_stops_and_the_others_go_on() -> None:
    """40 A for three: a ends at its maximum of 8 A, b at its breaker's 10 A, c has the other 22 A.

    Levels above 6 A: a stops at 2, b at 4; c goes on to its maximum of 32 A or 40 - 8 - 10 = 22 A.
    """
    asks = [car("a", high=8), car("b"), car("c", high=32)]
    rows = [breaker(40.0, "a", "b", "c"), breaker(10.0, "b", name="garage")]
    assert shares(asks, rows, "shared") == pytest.approx([8.0, 10.0, 22.0])


def test_optimized_looks_at_the_next_one_only() -> None:
    """18 A for three: a keeps 6 A for b (12), b has 6 A left, c nothing."""
    asks = [car("a"), car("b"), car("c")]
    assert shares(asks, [breaker(18.0, "a", "b", "c")], "optimized") == pytest.approx([12, 6, 0])


def test_a_small_load_behind_may_run_where_a_large_one_does_not_fit() -> None:
    """15 A: the boiler's 10 A do not fit beside a's 6 A, the pump's 3 A do."""
    asks = [car("a"), car("boiler", 10, 10), car("pump", 3, 3)]
    rows = [breaker(15.0, "a", "boiler", "pump")]
    assert shares(asks, rows, "priority") == pytest.approx([12.0, 0.0, 3.0])


def test_two_legs_on_one_phase_use_twice_as_much() -> None:
    rows = [Row(RowKind.CIRCUIT, 20.0, {"a": 2.0, "b": 1.0}, "main", "A", 20.0)]
    assert shares([car("a"), car("b")], rows, "priority") == pytest.approx([7.0, 6.0])


def test_the_import_limit_is_one_more_row() -> None:
    """9.2 kW for a three-phase (690 W/A) and a single-phase car (230 W/A): 6 A each take 5520 W.

    The 3680 W above go to the first: 3680 / 690 = 5.33 A, floored to 5.3: 11.3 A.
    """
    rows = [Row(RowKind.IMPORT, 9200.0, {"a": 690.0, "b": 230.0}, limit=9200.0)]
    assert shares([car("a"), car("b")], rows, "priority") == pytest.approx([11.3, 6.1])


def test_idle_loads_are_told_what_each_alone_could_have() -> None:
    """20 A, a has 12 A at most: 8 A are left, for each of the two idle ones."""
    asks = [car("a", high=12), car("b", active=False), car("c", active=False)]
    found = allocate(asks, [breaker(20.0, "a", "b", "c")], "priority")
    assert [found[load].amps for load in "abc"] == [12.0, 0.0, 0.0]
    assert [found[load].available_a for load in "abc"] == pytest.approx([12.0, 8.0, 8.0])


def test_what_is_fixed_comes_before_everything() -> None:
    asks = [car("a"), car("b")]
    found = allocate(asks, [breaker(25.0, "a", "b", "pump")], "priority", {"pump": 10.0})
    assert [found[load].amps for load in "ab"] == pytest.approx([9.0, 6.0])


def test_without_any_limit_everybody_has_the_maximum() -> None:
    assert shares([car("a"), car("b")], [], "shared") == [16.0, 16.0]


def test_an_unknown_way_of_sharing_is_an_error_not_a_guess() -> None:
    with pytest.raises(ValueError, match="'fair' is not one of priority, shared"):
        allocate([], [], "fair")


@pytest.mark.parametrize(
    ("amounts", "wrong"),
    [
        pytest.param({"a": 10.0, "b": 10.0}, [], id="all holds"),
        pytest.param({}, [], id="nobody has anything"),
        pytest.param({"a": 11.0, "b": 10.0}, [("garage A", 1.0)], id="an ampere too many"),
        pytest.param({"a": 4.0}, [("load a", 2.0)], id="below the minimum"),
        pytest.param({"a": 16.5}, [("load a", 0.5)], id="above the maximum"),
    ],
)
def test_feasible_says_what_is_violated_and_by_how_much(
    amounts: dict[str, float], wrong: list[tuple[str, float]]
) -> None:
    rows = [breaker(20.0, "a", "b", name="garage")]
    found = feasible(amounts, [car("a"), car("b")], rows)
    assert [what for what, _ in found] == [what for what, _ in wrong]
    assert [by for _, by in found] == pytest.approx([by for _, by in wrong])


def test_a_limit_that_the_house_alone_exceeds_is_no_fault_of_a_load_that_has_nothing() -> None:
    rows = [breaker(-5.0, "a")]
    assert feasible({"a": 0.0}, [car("a")], rows) == []
    assert feasible({"a": 6.0}, [car("a")], rows) == [("main A", 11.0)]


def test_rows_take_over_places_only_from_rows_of_the_same_loads() -> None:
    """The car uses the first row, then the second: 4 A are left of that, so the car fits 4 A.

    With the same uses, only the room differs: the places are the same, and the car fits 6 A.
    """
    car, pump, source = {"car": 1.0}, {"pump": 1.0}, [Row(RowKind.SURPLUS, 9.0, {}, binds={})]

    def two(uses: list[dict[str, float]], first_a: float, second_a: float) -> Rows:
        rows = zip(uses, (first_a, second_a), strict=True)
        return Rows([Row(RowKind.CIRCUIT, room_a, use) for use, room_a in rows])

    before = two([car, pump], 10.0, 20.0).beside(source)
    moved = two([pump, car], 10.0, 4.0).beside(source, before)
    assert Room(moved).fits("car") == (4.0, 1)
    fuller = two([car, pump], 6.0, 20.0).beside(source, before)
    assert fuller.by_load is before.by_load
    assert Room(fuller).fits("car") == (6.0, 0)

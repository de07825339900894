"""Sharing worked out by hand: small houses whose right answer fits into one sentence."""

from __future__ import annotations

import pytest
from loadjuggler.limits.constraints import Ask, Room, Row, Rows, feasible
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import allocate, share_out
from loadjuggler.site.modes import DISTRIBUTIONS, MODES


def car(name: str, low: float = 6.0, high: float = 16.0, **more: object) -> Ask:
    """A car; those named first go first. `step` in A, `active`, `mode`."""
    step = float(more.get("step", 0.1))  # type: ignore[arg-type]
    urgency = float(MODES[str(more.get("mode", "standard"))].urgency)
    return Ask(name, low, high, step, (urgency, 5.0, name), bool(more.get("active", True)))


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


@pytest.mark.parametrize("mode", ["standard", "continuous", "solar_priority", "solar_only"])
@pytest.mark.parametrize("way", DISTRIBUTIONS)
def test_a_boosted_car_is_filled_before_the_other_grows(way: str, mode: str) -> None:
    """24 A: the boosted one has its 16 A although the other is named first, which has 8 A."""
    asks = [car("a", mode=mode), car("b", mode="boost")]
    assert shares(asks, [breaker(24.0, "a", "b")], way) == pytest.approx([8, 16])


@pytest.mark.parametrize(
    ("way", "right"),
    [
        pytest.param("priority", [6, 14], id="priority: the other keeps its minimum"),
        pytest.param("shared", [6, 14], id="shared: the other keeps its minimum"),
        pytest.param("strict", [0, 16], id="strict: 4 A left are no use to the other"),
        pytest.param("optimized", [6, 14], id="optimized: the other keeps its minimum"),
    ],
)
def test_what_a_boosted_car_leaves_of_20_a_is_what_the_first_leaves(
    way: str, right: list[float]
) -> None:
    asks = [car("a"), car("b", mode="boost")]
    assert shares(asks, [breaker(20.0, "a", "b")], way) == pytest.approx(right)


@pytest.mark.parametrize("way", DISTRIBUTIONS)
def test_of_11_9_a_the_boosted_car_runs(way: str) -> None:
    """One minimum fits, and it is that of the boosted car, named last as it is."""
    asks = [car("a"), car("b", mode="boost")]
    assert shares(asks, [breaker(11.9, "a", "b")], way) == pytest.approx([0, 11.9])


def test_boosted_cars_share_among_themselves_to_the_last_step_before_others_grow() -> None:
    """27 A in whole amperes: 21 beside a's minimum, 10.5 for each; the ampere left is b's."""
    asks = [
        car("a", step=1),
        car("b", step=1, mode="boost"),
        car("c", step=1, mode="boost"),
    ]
    assert shares(asks, [breaker(27.0, *"abc")], "shared") == [6.0, 11.0, 10.0]


def test_beside_full_boosted_cars_the_others_share_evenly() -> None:
    """50 A: b is full at 16, and 34 A are 11.33 for each of three: 11.4, 11.3, 11.3."""
    asks = [car("a"), car("b", mode="boost"), car("c"), car("d")]
    assert shares(asks, [breaker(50.0, *"abcd")], "shared") == pytest.approx([11.4, 16, 11.3, 11.3])


def test_whole_steps_that_are_left_go_to_the_first() -> None:
    """21 A in whole amperes: 10.5 each is floored to 10, and the ampere that is left fits a."""
    asks = [car("a", step=1), car("b", step=1)]
    assert shares(asks, [breaker(21.0, "a", "b")], "shared") == [11.0, 10.0]


def test_two_whole_steps_that_are_left_go_to_the_first_two() -> None:
    """23 A for three in whole amperes: 7.67 each is floored to 7, and 2 A are left."""
    asks = [car(name, step=1) for name in "abc"]
    assert shares(asks, [breaker(23.0, *"abc")], "shared") == [8.0, 8.0, 7.0]


def test_steps_of_different_size_do_not_change_who_gets_how_much() -> None:
    """21 A are 10.5 A each; `a` can only be told 10 A, and the 0.5 A that are left fit `b`."""
    asks = [car("a", step=1), car("b")]
    assert shares(asks, [breaker(21.0, "a", "b")], "shared") == pytest.approx([10.0, 11.0])


@pytest.mark.parametrize(
    ("room_a", "right"),
    [
        pytest.param(32.0, [8, 12, 12], id="32 - 8 = 24 A for two"),
        pytest.param(24.5, [8, 8, 8.5], id="24.5 - 8 = 16.5: 8.25 each, 8 A in whole amperes"),
    ],
)
def test_what_one_leaves_at_its_maximum_is_shared_by_the_others(
    room_a: float, right: list[float]
) -> None:
    """`a` takes 8 A at most; `b` goes in whole amperes, so what is left over goes to `c`."""
    asks = [car("a", high=8), car("b", step=1), car("c")]
    assert shares(asks, [breaker(room_a, *"abc")], "shared") == pytest.approx(right)


def test_what_one_leaves_may_be_less_than_an_ampere() -> None:
    """24.5 - 8 = 16.5 A for two: 8.25 each, 8.2 in steps of 0.1 A, and 0.1 A is left for `b`."""
    asks = [car("a", high=8), car("b"), car("c")]
    assert shares(asks, [breaker(24.5, *"abc")], "shared") == pytest.approx([8.0, 8.3, 8.2])


def test_what_one_leaves_behind_its_own_breaker_is_shared_by_the_others() -> None:
    """34 A; `a` has two legs on the phase and its own 14 A: 7 A a leg. 20 A are left for two."""
    asks = [car("a"), car("b", step=1), car("c")]
    main = Row(RowKind.CIRCUIT, 34.0, {"a": 2.0, "b": 1.0, "c": 1.0}, "main", "A", 34.0)
    rows = [main, Row(RowKind.CIRCUIT, 14.0, {"a": 2.0}, "barn", "A", 14.0)]
    assert shares(asks, rows, "shared") == pytest.approx([7.0, 10.0, 10.0])


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
    assert [found[load].id for load in "abc"] == ["a", "b", "c"]
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


# --- sources --------------------------------------------------------------------------------------


def sun(room_a: float, binds: dict[str, float], *loads: str) -> Row:
    """What the sun leaves over, for all `loads`; it binds those in `binds` from so many A on."""
    return Row(RowKind.SURPLUS, room_a, dict.fromkeys(loads, 1.0), phase="A", binds=binds)


@pytest.mark.parametrize("way", ["priority", "shared", "strict", "optimized"])
def test_a_load_whose_minimum_comes_from_elsewhere_has_it_without_sun(way: str) -> None:
    """Solar priority: 6 A of 16 A from anywhere; the sun leaves 2 A, so nothing above them."""
    rows = [breaker(25.0, "a"), sun(2.0, {"a": 6.0}, "a")]
    assert shares([car("a")], rows, way) == [6.0]


def test_a_load_that_may_take_from_the_grid_goes_on_when_the_sun_is_used_up() -> None:
    """24 A of wires, 15 A of sun for `b`; both take from it. At 7.5 A each the sun is used up.

    `b` stops there, and `a` goes on to its maximum of 16 A or 24 - 7.5 = 16.5 A.
    """
    rows = [breaker(24.0, "a", "b"), sun(15.0, {"b": 0.0}, "a", "b")]
    assert shares([car("a"), car("b")], rows, "shared") == pytest.approx([16.0, 7.5])


@pytest.mark.parametrize(
    ("way", "idle_a"), [("priority", 6), ("shared", 6), ("strict", 8), ("optimized", 8)]
)
def test_a_load_that_takes_nothing_now_does_not_use_the_sun_up(way: str, idle_a: float) -> None:
    """8 A of sun, two cars of 6 to 16 A that live from it; `a` is full. `b` may have all 8 A.

    With admission the minimum of `b` is handed out before `a` is filled, so `a` is told its own
    minimum; without it, 8 A are left at its turn. Alone it is told the 8 A, and never more.
    """
    uses, binds = {"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}
    row = Row(RowKind.SURPLUS, 8.0, uses, binds=binds, unused=frozenset({"a"}))
    given = shares([car("a"), car("b")], [row], way)
    assert given == [idle_a, 8.0]
    assert feasible(dict(zip("ab", given, strict=True)), [], [row]) == []
    alone = Row(RowKind.SURPLUS, 8.0, {"a": 1.0}, binds={"a": 0.0}, unused=frozenset({"a"}))
    assert shares([car("a")], [alone], way) == [8.0]


@pytest.mark.parametrize("way", ["priority", "shared", "strict", "optimized"])
def test_a_load_that_takes_nothing_now_has_its_minimum_from_elsewhere_and_no_more(way: str) -> None:
    """Solar priority: 6 A from anywhere, and 3 A of sun: less than 6 A, so nothing above them."""
    row = Row(RowKind.SURPLUS, 3.0, {"a": 1.0}, binds={"a": 6.0}, unused=frozenset({"a"}))
    assert shares([car("a")], [breaker(25.0, "a"), row], way) == [6.0]


# --- why -----------------------------------------------------------------------------------------

MAIN_20_A = {"limit_a": 20.0, "circuit": "main", "phase": "A"}
RANGE = {"max_a": 16.0, "min_a": 6.0}


@pytest.mark.parametrize(
    ("way", "asks", "rows", "whose", "code", "numbers"),
    [
        pytest.param(
            "shared",
            [car("a")],
            [breaker(20.0, "a")],
            "a",
            "maximum",
            {"max_a": 16.0},
            id="it has all that it may take",
        ),
        pytest.param(
            "priority",
            [car("a"), car("b")],
            [breaker(20.0, "a", "b")],
            "a",
            "circuit_full",
            {**RANGE, **MAIN_20_A, "left_a": 8.0},
            id="14 A: 8 A were left above its minimum",
        ),
        pytest.param(
            "strict",
            [car("a"), car("b")],
            [breaker(20.0, "a", "b")],
            "b",
            "circuit_too_small",
            {**RANGE, **MAIN_20_A, "left_a": 4.0},
            id="20 - 16 = 4 A are less than its minimum",
        ),
        pytest.param(
            "priority",
            [car("a", high=8.0), car("b"), car("c")],
            [breaker(17.97, *"abc", limit_a=20.0)],
            "c",
            "circuit_too_small",
            {**RANGE, **MAIN_20_A, "left_a": 0.0},
            id="beside all others nothing is left of it: a and b have 8 and 9.9 A",
        ),
        pytest.param(
            "strict",
            [car("a")],
            [Row(RowKind.CIRCUIT, 9.0, {"a": 2.0}, "main", "A", 20.0)],
            "a",
            "circuit_too_small",
            {**RANGE, **MAIN_20_A, "left_a": 4.5},
            id="9 A are 4.5 A for each of its two legs there",
        ),
        pytest.param(
            "strict",
            [car("a")],
            [breaker(-3.0, "a", limit_a=20.0)],
            "a",
            "circuit_too_small",
            {**RANGE, **MAIN_20_A, "left_a": 0.0},
            id="the house alone is over the limit: 0 A are left, not -3 A",
        ),
        pytest.param(
            "strict",
            [car("a")],
            [Row(RowKind.IMPORT, 3000.0, {"a": 690.0}, limit=9000.0)],
            "a",
            "import_too_small",
            {**RANGE, "limit_w": 9000.0, "left_w": 3000.0},
            id="3,000 W are less than 6 A on three phases",
        ),
        pytest.param(
            "priority",
            [car("a")],
            [sun(10.0, {"a": 0.0}, "a")],
            "a",
            "surplus_full",
            {**RANGE, "left_a": 10.0, "phase": "A"},
            id="the sun leaves 10 A for it in all: its minimum and 4 A",
        ),
        pytest.param(
            "strict",
            [car("a")],
            [Row(RowKind.SURPLUS, 15.0, {"a": 3.0}, binds={"a": 0.0}, numbers={"help_w": 460.0})],
            "a",
            "surplus_too_small",
            {**RANGE, "left_a": 5.0, "phase": "", "help_w": 460.0},
            id="15 A over all phases are 5 A a leg; 460 W of them are the battery's",
        ),
        pytest.param(
            "priority",
            [car("a")],
            [sun(0.0, {"a": 6.0}, "a")],
            "a",
            "surplus_minimum",
            {**RANGE, "left_a": 6.0, "phase": "A"},
            id="its minimum comes from elsewhere, and the sun adds nothing to it",
        ),
        pytest.param(
            "priority",
            [car("a", 0.5, 16.0)],
            [sun(0.0, {"a": 0.5}, "a")],
            "a",
            "surplus_minimum",
            {"max_a": 16.0, "min_a": 0.5, "left_a": 0.5, "phase": "A"},
            id="a minimum of less than an ampere is one, too",
        ),
        pytest.param(
            "priority",
            [car("a")],
            [sun(8.0, {"a": 6.0}, "a")],
            "a",
            "surplus_full",
            {**RANGE, "left_a": 8.0, "phase": "A"},
            id="8 A of sun are 2 A more than its minimum",
        ),
        pytest.param(
            "strict",
            [car("a", 0.5, 16.0)],
            [sun(0.7, {"a": 0.0}, "a")],
            "a",
            "surplus_full",
            {"max_a": 16.0, "min_a": 0.5, "left_a": 0.7, "phase": "A"},
            id="less than an ampere is something, too",
        ),
        pytest.param(
            "priority",
            [car("a", active=False)],
            [breaker(20.0, "a")],
            "a",
            "idle",
            {"max_a": 16.0},
            id="there is no car",
        ),
        pytest.param(
            "optimized",
            [car("a"), car("b", low=7.0)],
            [breaker(20.0, "a", "b")],
            "a",
            "kept_for_next",
            {"max_a": 16.0, "kept_a": 7.0, "other": "b"},
            id="13 A, because 7 A are kept for the next one",
        ),
        pytest.param(
            "optimized",
            [car("a", high=12.0), car("b")],
            [breaker(20.0, "a", "b")],
            "a",
            "maximum",
            {"max_a": 12.0},
            id="8 A are left for the next one anyway",
        ),
    ],
)
def test_why_a_load_gets_no_more(
    way: str, asks: list[Ask], rows: list[Row], whose: str, code: str, numbers: dict[str, object]
) -> None:
    reason = allocate(asks, rows, way)[whose].reason
    assert (reason.code, dict(reason.numbers)) == (code, numbers)


@pytest.mark.parametrize("way", ["priority", "shared", "strict", "optimized"])
def test_two_rows_end_two_loads_and_each_is_told_its_own(way: str) -> None:
    """`a` ends at the garage's 9 A, `b` (8 A at most) at its maximum, in whatever way."""
    rows = [breaker(40.0, "a", "b"), breaker(9.0, "a", name="garage")]
    found = allocate([car("a"), car("b", high=8.0)], rows, way)
    assert found["a"].amps == found["a"].available_a == 9.0
    assert found["a"].reason.code == "circuit_full"
    assert found["a"].reason.numbers["circuit"] == "garage"
    assert found["b"].reason.code == "maximum"


def test_what_is_refused_is_neither_given_nor_available() -> None:
    found = allocate([car("a"), car("b")], [breaker(11.9, "a", "b")], "priority")["b"]
    assert (found.id, found.amps, found.available_a) == ("b", 0.0, 0.0)


def test_an_idle_load_is_told_nothing_is_available_where_its_minimum_does_not_fit() -> None:
    """20 A, the other has 16 A: the 4 A that are left are less than 6 A."""
    found = allocate([car("a"), car("b", active=False)], [breaker(20.0, "a", "b")], "strict")
    assert found["b"].available_a == 0.0


def test_the_order_is_that_of_the_ranks_whatever_the_order_of_the_loads() -> None:
    found = allocate([car("b"), car("a")], [breaker(20.0, "a", "b")], "strict")
    assert list(found) == ["a", "b"]
    assert [share.amps for share in found.values()] == [16.0, 0.0]


@pytest.mark.parametrize(
    ("way", "right"),
    [("priority", [10, 6]), ("shared", [8, 8]), ("strict", [16, 0]), ("optimized", [10, 6])],
)
def test_noise_does_not_cost_a_load_its_minimum(way: str, right: list[float]) -> None:
    """16 A less 1e-9 A; the smallest steps of the chargers are 0.1 A."""
    rows = [breaker(16.0 - 1e-9, "a", "b")]
    assert shares([car("a"), car("b")], rows, way) == pytest.approx(right)


@pytest.mark.parametrize("way", ["priority", "shared", "optimized"])
def test_two_minimums_fit_but_for_noise(way: str) -> None:
    rows = [breaker(12.0 - 1e-9, "a", "b")]
    assert shares([car("a"), car("b")], rows, way) == [6.0, 6.0]


# --- limits --------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("way", DISTRIBUTIONS)
@pytest.mark.parametrize(
    ("main_a", "garage_a", "hold"),
    [
        (30.0, 20.0, True),  # as much room as there was
        (26.0, 20.0, True),  # 20 + 6 A are all that they have
        (25.9, 20.0, False),
        (30.0, 19.9, False),  # the two in the garage have 20 A
    ],
)
def test_whether_other_limits_hold_what_was_shared(
    way: str, main_a: float, garage_a: float, hold: bool
) -> None:
    """Two cars fill a garage of 20 A below 30 A, and a third one of 6 A at most is beside it."""
    asks = [car("left"), car("right"), car("small", high=6.0)]
    inside, everyone = ("left", "right"), ("left", "right", "small")
    given = [breaker(30.0, *everyone), breaker(20.0, *inside, name="garage"), sun(50.0, {}, "left")]
    limits = [breaker(main_a, *everyone), breaker(garage_a, *inside, name="garage")]
    if way == "strict":  # then the left car leaves less than the minimum of the right one
        asks[0] = car("left", high=14.0)
    assert share_out(asks, given, way).within(limits) is hold


def test_what_is_fixed_is_held_by_other_limits_as_well() -> None:
    """A boiler takes 10 A of 20 A, and a car gets the rest."""
    shared = share_out([car("car")], [breaker(20.0, "car", "boiler")], "priority", {"boiler": 10.0})
    assert shared.within([breaker(20.0, "car", "boiler")])
    assert not shared.within([breaker(19.0, "car", "boiler")])


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


@pytest.mark.parametrize("way", ["priority", "shared", "strict", "optimized"])
def test_of_limits_that_end_a_share_together_the_first_is_named_and_a_source_before_them(
    way: str,
) -> None:
    """12 A everywhere: noise must not choose what people are told (product.md section 7)."""
    limits = [breaker(12.0, "a"), breaker(12.0, "a", name="garage")]
    reason = allocate([car("a")], limits, way)["a"].reason
    assert (reason.limits, reason.numbers["circuit"]) == (RowKind.CIRCUIT, "main")
    with_sun = [*limits, sun(12.0, {"a": 0.0}, "a")]
    assert allocate([car("a")], with_sun, way)["a"].reason.limits == RowKind.SURPLUS

"""What a run makes of its two budgets, and of a check of the wiring: tables, no house that runs.

Two cars on one phase, `a` before `b`; each can have 6 to 16 A, and `b` is in a garage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.control.dispatch import DispatchInputs, dispatch
from loadjuggler.control.dispatched import DispatchResult
from loadjuggler.limits.budgets import Budgets
from loadjuggler.limits.constraints import Row, Rows
from loadjuggler.limits.headroom import Budget, CircuitState
from loadjuggler.limits.supply import Supply
from loadjuggler.measure.readings import EnergyReading, LoadReading, MeterReading, Readings
from loadjuggler.memory.limits import NOTHING_PASSED, Seen
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.wiring import NO_TRIAL, Check, Toggle, Trial, WiringMemory
from loadjuggler.options import Options
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.utilisation import Usage
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form
from .memories import remembered
from .readings import charging, flickering

NOW = 10_000.0
SITE = House.of(
    site_form("A", main_breaker_a=40),
    circuit_form("garage", 20),
    charger_form("a", "A", priority=1),
    charger_form("b", "A", priority=2, circuit="garage"),
).site


def budget(
    main_a: float, garage_a: float = 20.0, *, sun_a: float = 0.0, carries_a: float = 20.0
) -> Budget:
    """So much room at the main breaker and in the garage, and what the main breaker carries."""
    rows = [
        Row(RowKind.CIRCUIT, main_a, {"a": 1.0, "b": 1.0}, "main", "A", 40.0),
        Row(RowKind.CIRCUIT, garage_a, {"b": 1.0}, "garage", "A", 20.0),
    ]
    supply = Supply(PerPhase(sun_a), PerPhase(0.0), sun_a * 230.0)
    carried = {"main": carries_a, "garage": 0.0}
    states = {
        circuit: CircuitState(PerPhase(amps), PerPhase(0.0), PerPhase(main_a))
        for circuit, amps in carried.items()
    }
    return Budget(Rows(rows), states, frozenset(), supply)


def holds(amps: float, **values: Any) -> LoadReading:
    """A car that was told so much two minutes ago, and draws it."""
    known: dict[str, Any] = {"command_a": amps, "commanded_at": NOW - 120.0, "draw_at": NOW}
    return charging(**{"draw": PerPhase(amps), **known, **values})


def run(
    a: LoadReading,
    b: LoadReading,
    down: Budget,
    up: Budget | None = None,
    memory: Memory | None = None,
    **values: Any,
) -> tuple[Memory, DispatchResult]:
    """One run with these budgets; `values` are other fields of the budgets and the inputs."""
    careful, careful_up = values.pop("careful", None), values.pop("careful_up", None)
    limits_a, seen = {"main": 40.0, "garage": 20.0}, values.pop("meters", {})
    readings = Readings(NOW, seen, limits_a, {"a": a, "b": b}, "priority", None, 0.0)
    readings = replace(readings, energy=values.pop("energy", EnergyReading()))
    known: dict[str, Any] = {
        "marks": NOTHING_PASSED,
        "fixed": {},
        "active": {"a", "b"},
        "stuck": {},
        "over_told": frozenset(),
        "silent": {},
        "usage": Usage({}, frozenset()),
        "options": Options(),
    }
    both = Budgets(up or down, down, {}, {}, careful, careful_up)
    inputs = DispatchInputs(SITE, readings, both, **{**known, **values})
    return dispatch(inputs, memory or Memory())


def told(result: DispatchResult) -> dict[str, float | None]:
    """What each car is told, A."""
    return {load: paced.amps for load, paced in result.paced.items()}


# --- where there is less room to be sure --------------------------------------------------------


@pytest.mark.parametrize(
    ("sure", "wise", "right"),
    [
        pytest.param(32.0, 25.0, {"a": 16.0, "b": 9.0}, id="what `a` gets anyway leaves 9 A to b"),
        pytest.param(32.0, 20.0, {"a": 14.0, "b": 6.0}, id="as if that were all of the room"),
        pytest.param(32.0, 7.0, {"a": 7.0, "b": 6.0}, id="it stops nobody: b keeps its minimum"),
        pytest.param(32.0, 3.0, {"a": 6.0, "b": 6.0}, id="nor both of them"),
        pytest.param(11.0, 3.0, {"a": 6.0, "b": 0.0}, id="5 A of what is sure are no minimum"),
        pytest.param(11.0, 8.0, {"a": 8.0, "b": 0.0}, id="b is stopped by what is sure"),
    ],
)
def test_less_room_to_be_sure_lowers_a_car_and_never_stops_one_that_runs(
    sure: float, wise: float, right: dict[str, float]
) -> None:
    _, found = run(holds(16.0), holds(16.0), budget(sure), careful=budget(wise))
    assert told(found) == right


def test_less_room_in_the_garage_lowers_only_the_car_there() -> None:
    """`a` goes first, so it is looked at first; nothing is less for it."""
    _, found = run(holds(16.0), holds(16.0), budget(32.0), careful=budget(32.0, 9.0))
    assert told(found) == {"a": 16.0, "b": 9.0}


def test_where_less_room_stops_the_first_car_the_second_is_lowered_too() -> None:
    """Priority says `a` first, and it has no room for 12 A; of 11 A the second one gets them."""
    first = replace(holds(16.0), min_a=12.0)
    _, found = run(first, holds(16.0), budget(32.0), careful=budget(11.0))
    assert told(found) == {"a": 12.0, "b": 11.0}


def test_a_car_that_it_is_not_wise_to_start_takes_no_sun_from_another() -> None:
    """`a` may take from the grid and is off; `b` runs on 8 A of sun. Only 3 A are wise: `a` waits.

    A car that starts first would end the grace of `b` at once (decision 9). This one does not
    start, so it has no minimum to keep, and `b` has its grace for the sun that `a` may take.
    """
    off, sunny = holds(0.0, commanded_at=NOW - 500.0), holds(8.0, mode="solar_only")
    wise = {"careful": budget(3.0, sun_a=8.0), "careful_up": budget(3.0, sun_a=8.0)}
    memory = Memory(loads={"b": remembered(started_at=NOW - 900.0)})
    _, found = run(off, sunny, budget(25.0, sun_a=8.0), memory=memory, **wise)
    assert (told(found), found.makes_way) == ({"a": 0.0, "b": 6.0}, frozenset())


# --- raises -------------------------------------------------------------------------------------


def test_a_raise_counts_with_the_budget_for_raises_only() -> None:
    """The example of `limits.budgets`: 17 A for cuts, 11 A for raises; nobody is cut, a has 1 A."""
    only_a = replace(holds(0.0), active=False)
    _, found = run(holds(10.0), only_a, budget(17.0), budget(11.0))
    assert (told(found), found.shares["a"].amps) == ({"a": 11.0}, 11.0)


def test_nobody_is_raised_beyond_what_is_wise() -> None:
    only_a = replace(holds(0.0), active=False)
    _, found = run(holds(10.0), only_a, budget(16.0), careful_up=budget(12.0))
    assert told(found) == {"a": 12.0}


def test_a_meter_that_stands_still_has_no_flicker_below_which_nothing_is_raised() -> None:
    """Meters round to 0.1 A, so less than 0.15 A of movement is none. Here no change is too small.

    A meter that flickers by 0.4 A holds back a raise by less than 1.5 times that.
    """
    only_a, options = replace(holds(0.0), active=False), Options(dead_band_a=0.0)

    def raised(move_a: float, room_a: float) -> float | None:
        moves = flickering(move_a) if move_a else ()
        seen = {("main", "A"): Seen(20.0, ((NOW, 0.0),), lately=((NOW, 0.0),), moves_a=moves)}
        _, found = run(
            holds(10.0), only_a, budget(room_a), memory=Memory(seen=seen), options=options
        )
        return told(found)["a"]

    assert raised(0.0, 10.1) == 10.1
    assert (raised(0.4, 10.5), raised(0.4, 10.7)) == (10.0, 10.7)


# --- loads that pause ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room_a", "sun_a", "since_s", "gone_s"),
    [
        pytest.param(10.0, 10.0, 100.0, None, id="room and sun: it goes on"),
        pytest.param(10.0, 3.0, 100.0, 0.0, id="a gap of sun takes away as much as it lasts"),
        pytest.param(3.0, 10.0, None, None, id="room under a breaker must be unbroken"),
    ],
)
def test_since_when_there_is_room_for_a_car_that_pauses(
    room_a: float, sun_a: float, since_s: float | None, gone_s: float | None
) -> None:
    """It was stopped 2 min ago, and there has been room for it for 100 s (decision 34)."""
    off = holds(0.0, mode="solar_only", commanded_at=NOW - 120.0)
    known = remembered(stopped_at=NOW - 120.0, stopped_for="surplus", free_at=NOW - 100.0)
    nobody = replace(holds(0.0), active=False)
    now = budget(room_a, sun_a=sun_a)
    memory, found = run(off, nobody, now, memory=Memory(loads={"a": known}))
    delays = memory.load("a").delays
    assert set(found.pauses) == {"a"}
    assert delays.free_at == (None if since_s is None else NOW - since_s)
    assert delays.gone_at == (None if gone_s is None else NOW - gone_s)
    assert found.wished["a"].amps == (10.0 if since_s and gone_s is None else 0.0)


def test_a_car_that_pauses_and_can_not_run_has_no_room() -> None:
    """Its maximum is below its minimum, so it has no share at all."""
    off = holds(0.0, mode="solar_only", max_a=5.0, commanded_at=NOW - 120.0)
    known = remembered(stopped_at=NOW - 120.0, stopped_for="surplus", free_at=NOW - 100.0)
    nobody = replace(holds(0.0), active=False)
    memory, _ = run(off, nobody, budget(20.0, sun_a=20.0), memory=Memory(loads={"a": known}))
    assert memory.load("a").delays.free_at is None


@pytest.mark.parametrize(
    ("main_a", "garage_a", "over"),
    [
        pytest.param(0.0, 0.0, set(), id="just full"),
        pytest.param(5.0, -0.1, {"b"}, id="the garage"),
        pytest.param(-0.1, 5.0, {"a", "b"}, id="the main breaker, which carries both"),
    ],
)
def test_loads_below_a_limit_that_the_house_exceeds_by_itself(
    main_a: float, garage_a: float, over: set[str]
) -> None:
    _, found = run(holds(6.0), holds(6.0), budget(main_a, garage_a))
    assert found.over == over


# --- a check of the wiring, and a trial ---------------------------------------------------------

STAGE = Check("a", NOW - 5.0, 16.0, 16.0, 12.0, (Toggle(NOW - 25.0, 16.0),))
"""A check of the car `a`, in its first stage: it is to be lowered from 16 A to 12 A."""


def checked(
    check: Check | None,
    trial: Trial = NO_TRIAL,
    *,
    blind: frozenset[str] = frozenset(),
    carries_a: float = 20.0,
    **values: Any,
) -> tuple[str, float | None]:
    """The result of a check ("": it goes on), and what the car `a` is told of 16 A."""
    now = replace(budget(32.0, carries_a=carries_a), blind=blind)
    memory = Memory(wiring=WiringMemory(check=check, trial=trial))
    memory, found = run(holds(16.0), holds(6.0), now, memory=memory, **values)
    return memory.wiring.check.code if memory.wiring.check else "none", told(found)["a"]


def test_a_car_that_is_being_checked_has_the_level_of_its_stage() -> None:
    assert checked(STAGE) == ("", 12.0)
    assert checked(replace(STAGE, code="check_right")) == ("check_right", 16.0)
    assert checked(None) == ("none", 16.0)


@pytest.mark.parametrize(
    ("carries_a", "right"),
    [
        pytest.param(40.0, ("", 12.0), id="its limit"),
        pytest.param(40.1, ("", 12.0), id="0.1 A is the resolution of meters"),
        pytest.param(40.3, ("check_overload", 16.0), id="0.3 A more"),
    ],
)
def test_a_check_ends_when_a_breaker_carries_more_than_its_limit(
    carries_a: float, right: tuple[str, float]
) -> None:
    """The main breaker has 40 A; the garage carries nothing."""
    assert checked(STAGE, carries_a=carries_a) == right


def test_a_check_ends_below_a_meter_that_gives_nothing() -> None:
    assert checked(STAGE, blind=frozenset(["a"]))[0] == "check_blind"
    silent = MeterReading(PerPhase(20.0), silent_s=90.0, stale=True)
    assert checked(STAGE, silent={"a": "main"}, meters={"main": silent})[0] == "check_blind"


def test_a_check_goes_on_below_a_meter_that_hides_what_flows() -> None:
    """That is what it finds out. A meter that is silent hides nothing: it says nothing."""
    hides = MeterReading(PerPhase(20.0), hides=True)
    assert checked(STAGE, silent={"a": "main"}, meters={"main": hides})[0] == ""


def test_a_check_waits_while_a_load_is_lowered_to_see_whether_the_meter_moves() -> None:
    """Both would lower the car, each for its own question: first the one that is under way."""
    trial = Trial(since=NOW - 200.0, load="a", began_at=NOW - 50.0, told_a=16.0, low_a=6.0)
    asked = Check("a", NOW)
    memory = Memory(wiring=WiringMemory(check=asked, trial=trial))
    memory, found = run(holds(16.0), holds(6.0), budget(32.0), memory=memory)
    assert (memory.wiring.check, told(found)["a"]) == (asked, 6.0)


def test_a_check_begins_when_no_load_is_lowered_any_more() -> None:
    """Its first level is 12 A: 4 A below the 16 A that the car draws (docs/how-it-works.md)."""
    memory = Memory(wiring=WiringMemory(check=Check("a", NOW)))
    memory, found = run(holds(16.0), holds(6.0), budget(32.0), memory=memory)
    assert memory.wiring.check is not None
    assert (memory.wiring.check.low_a, told(found)["a"]) == (12.0, 12.0)


def test_a_load_that_was_lowered_for_long_enough_has_its_share_again() -> None:
    """Five stages of 20 s have shown nothing: it ends, and that is remembered."""
    trial = Trial(since=NOW - 300.0, load="a", began_at=NOW - 100.0, told_a=16.0, low_a=6.0)
    memory = Memory(wiring=WiringMemory(trial=trial))
    memory, found = run(holds(6.0), holds(6.0), budget(32.0), memory=memory)
    assert memory.wiring.trial.began_at is None
    assert told(found)["a"] == 16.0


def test_after_a_start_nobody_is_raised_into_sun_that_no_sensor_has_shown_yet() -> None:
    """10 s after the start the sensors of the sun say what they said before it (decision 14)."""
    sunny = replace(holds(8.0), mode="solar_only")
    nobody = replace(holds(0.0), active=False)
    runs = {"a": remembered(started_at=NOW - 900.0)}
    now, memory = budget(20.0, sun_a=12.0), Memory(woke_at=NOW - 10.0, loads=runs)
    _, found = run(sunny, nobody, now, memory=memory, energy=EnergyReading(unheard=True))
    assert told(found)["a"] == 8.0
    _, found = run(sunny, nobody, now, memory=memory, energy=EnergyReading())
    assert told(found)["a"] == 12.0

"""What the engine finds out about a house's wiring, in many houses: each mistake, and no other.

Cars are told levels from 6 to 16 A or to pause, plugs are switched, a household lives beside them.
A change of 5 A weighs 1, and a notice needs 6: random levels differ by 4 A on average, so that is
8 clear changes or so if none is odd, and 20 leave room for doubt.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import pytest

from simulator.clock import HOUR
from simulator.household import Household
from simulator.metering import Metering
from simulator.mistakes import MeterMistake, Mistakes
from simulator.scenario import MAIN, Battery, CircuitSpec, LoadSpec, Scenario, SiteSpec
from simulator.wiring_trial.chance import START, Sun, orders
from simulator.wiring_trial.command import main, run_houses
from simulator.wiring_trial.house import TrialHouse
from simulator.wiring_trial.loads import TrialLoad
from simulator.wiring_trial.trial import Trial
from tests.effort import at_length

MOST_CHANGES = 20
BEGIN, LENGTH_S = START + 9 * HOUR, 10 * HOUR
LEGS = ("L1", "L2", "L3")
FORM = dict(zip(LEGS, "ABC", strict=True))
WRONG = [dict(zip(LEGS, order, strict=True)) for order in permutations("ABC")][1:]


@dataclass(frozen=True)
class Around:
    """What is around a load: meter, reports, sun and a battery."""

    meter_s: float = 1.0
    lag_s: float = 0.0
    noise_a: float = 0.0
    report_s: float = 10.0
    peak_w: float = 0.0
    battery: bool = False
    apart_s: float = 60.0


AROUND = {
    "quick": Around(),
    "noisy": Around(noise_a=0.1, report_s=30.0),
    "5s-late": Around(meter_s=5.0, lag_s=3.0, report_s=30.0),
    "10s": Around(meter_s=10.0, report_s=10.0),
    "rare-reports": Around(report_s=60.0, apart_s=150.0),
    "clouds": Around(peak_w=8000.0, meter_s=2.0),
    "battery": Around(peak_w=8000.0, battery=True, report_s=10.0),
}


def car(name: str, form: Mapping[str, str], uses: int, around: Around) -> TrialLoad:
    """A car of so many legs at a charger that is wired as its form says."""
    return TrialLoad(
        id=name,
        told=form,
        real=form,
        uses=tuple(form)[:uses],
        least_a=6.0,
        most_a=16.0,
        there=((BEGIN, BEGIN + LENGTH_S),),
        report_s=around.report_s,
        first_s=3.0,
        uneven={"L1": 1.0, "L2": 0.98, "L3": 1.01},
    )


def plug(name: str, form: Mapping[str, str], around: Around) -> TrialLoad:
    """A plug of 2 kW a leg that reports what it draws, and each change of that."""
    one = car(name, form, len(form), around)
    return replace(one, least_a=8.7, most_a=8.7, reaction_s=0.0, ramp_a_s=100.0, prompt=True)


def trial(
    seed: int,
    loads: list[TrialLoad],
    mistakes: Mistakes,
    around: Around = AROUND["quick"],
    circuits: tuple[CircuitSpec, ...] = (),
) -> Trial:
    """A house with these loads, of which the electrician did otherwise by `mistakes`."""
    chance = random.Random(f"mistakes {seed}")
    scenario = Scenario(
        name="mistakes",
        site=SiteSpec(main_breaker=63.0),
        battery=Battery(60.0) if around.battery else None,
        circuits=circuits,
        loads=tuple(
            LoadSpec(one.id, "plug", "continuous", one.told, "Charging", power=2000.0)
            if one.prompt
            else LoadSpec(one.id, "charger", "standard", one.told, "Charging", allow_remap=True)
            for one in loads
        ),
    )
    for one in loads:
        one.real = {**one.told, **mistakes.legs.get(one.id, {})}
    least_s, most_s = 0.7 * around.apart_s, 2.5 * around.apart_s
    return Trial(
        TrialHouse(
            scenario=scenario,
            household=Household(seed, START, 24 * HOUR, "ABC", 230.0, 2000.0),
            sun=Sun.of(around.peak_w, ["broken"], seed, START),
            loads=loads,
            metering=Metering(0.1, around.lag_s, 0.0, around.noise_a, mistakes),
            now=BEGIN,
            script={one.id: orders(chance, one, least_s, most_s) for one in loads},
        ),
        around.meter_s,
    )


def phases(legs: Mapping[str, str], uses: tuple[str, ...]) -> set[str]:
    """Phases that the legs in use are on."""
    return {legs[leg] for leg in uses}


def is_found(one: Trial, load: TrialLoad) -> None:
    """The load's mistake is told within 20 clear changes, put right later, and nothing else is."""
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert [(key, finding.code) for key, finding, _ in one.found] == [
        (("load", load.id), "wrong_phase")
    ]
    if load.prompt:
        assert not one.remaps  # a plug is only told
        return
    one.run(BEGIN + LENGTH_S, 2 * MOST_CHANGES)
    assert [name for name, _, _ in one.remaps][:1] == [load.id]
    legs = dict(one.remaps[-1][1].legs)
    assert phases(legs, load.uses) == phases(load.real, load.uses)
    assert sorted(legs.values()) == sorted(load.told.values()) or len(legs) == 1
    assert {key for key, _, _ in one.found} == {("load", load.id)}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("real", WRONG, ids=["".join(one.values()) for one in WRONG])
def test_a_one_phase_car_at_a_crossed_charger(real: dict[str, str], around: str) -> None:
    load = car("car", FORM, 1, AROUND[around])
    one = trial(1, [load], Mistakes({"car": real}), AROUND[around])
    if real["L1"] == "A":  # L2 and L3 are idle, whatever they are on
        one.run(BEGIN + LENGTH_S, MOST_CHANGES)
        assert one.changes()["car"] == MOST_CHANGES
        assert not one.found
    else:
        is_found(one, load)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("real", WRONG, ids=["".join(one.values()) for one in WRONG])
def test_a_two_phase_car_at_a_crossed_charger(real: dict[str, str], around: str) -> None:
    load = car("car", FORM, 2, AROUND[around])
    one = trial(2, [load], Mistakes({"car": real}), AROUND[around])
    if real["L3"] == "C":  # A and B exchanged: both carry the same
        one.run(BEGIN + LENGTH_S, MOST_CHANGES)
        assert one.changes()["car"] == MOST_CHANGES
        assert not one.found
    else:
        is_found(one, load)


@pytest.mark.parametrize("real", WRONG, ids=["".join(one.values()) for one in WRONG])
def test_a_three_phase_car_says_nothing_of_its_legs(real: dict[str, str]) -> None:
    """All phases carry the same: which leg is on which can't be told, and does not matter."""
    load = car("car", FORM, 3, AROUND["quick"])
    one = trial(3, [load], Mistakes({"car": real}))
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert one.changes()["car"] == MOST_CHANGES
    assert not one.found


@pytest.mark.parametrize("around", ["quick", "5s-late", "clouds"])
@pytest.mark.parametrize("real", ["B", "C"])
def test_a_charger_of_one_leg(real: str, around: str) -> None:
    load = car("car", {"L1": "A"}, 1, AROUND[around])
    is_found(trial(4, [load], Mistakes({"car": {"L1": real}}), AROUND[around]), load)


@pytest.mark.parametrize("around", ["quick", "10s", "clouds"])
@pytest.mark.parametrize("real", ["B", "C"])
def test_a_plug(real: str, around: str) -> None:
    load = plug("boiler", {"L1": "A"}, AROUND[around])
    is_found(trial(5, [load], Mistakes({"boiler": {"L1": real}}), AROUND[around]), load)


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("real", ["ACB", "BAC", "ABC", "CBA", "CAB"])
def test_the_second_plug_of_a_station_that_is_rotated(real: str, measured: bool) -> None:
    """The form has it on B, C, A; the first one is as its form says, A, B, C."""
    rotated = dict(zip(LEGS, "BCA", strict=True))
    first, second = car("one", FORM, 1, Around()), car("two", rotated, 1, Around())
    legs = dict(zip(LEGS, real, strict=True))
    station = CircuitSpec("station", 32.0, loads=("one", "two"), measured=measured)
    one = trial(6, [first, second], Mistakes({"two": legs}), circuits=(station,))
    if legs["L1"] == "B":
        one.run(BEGIN + LENGTH_S, MOST_CHANGES)
        assert not one.found
    else:
        is_found(one, second)


# --- meters ------------------------------------------------------------------------------------


def codes(one: Trial) -> set[tuple[str, str, object]]:
    """What was found: of what, the code, and the phase it names."""
    return {(key, found.code, found.numbers.get("phase")) for key, found, _ in one.found}


@pytest.mark.parametrize("around", ["quick", "10s", "clouds"])
@pytest.mark.parametrize("phase", "ABC")
def test_a_clamp_turned_round(phase: str, around: str) -> None:
    mistakes = Mistakes(meters={MAIN: MeterMistake(inverted=(phase,))})
    one = trial(7, [car("car", FORM, 3, AROUND[around])], mistakes, AROUND[around])
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert codes(one) == {(("sign", MAIN), "clamp_inverted", phase)}
    assert not one.remaps


def test_a_clamp_turned_round_behind_a_battery() -> None:
    """It gives back what a one-phase car takes, a third on each phase: two thirds are seen on A.

    Of a three-phase car it leaves nothing to be seen, as long as it has the power.
    """
    mistakes = Mistakes(meters={MAIN: MeterMistake(inverted=("A",))})
    one = trial(7, [car("car", FORM, 1, AROUND["battery"])], mistakes, AROUND["battery"])
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert codes(one) == {(("sign", MAIN), "clamp_inverted", "A")}


@pytest.mark.parametrize("around", ["quick", "10s", "clouds"])
@pytest.mark.parametrize("uses", [1, 2, 3])
def test_all_clamps_turned_round(uses: int, around: str) -> None:
    mistakes = Mistakes(meters={MAIN: MeterMistake(inverted=("A", "B", "C"))})
    one = trial(8, [car("car", FORM, uses, AROUND[around])], mistakes, AROUND[around])
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    found = codes(one)
    assert {code for _, code, _ in found} <= {"meter_inverted", "clamp_inverted"}
    assert {key for key, _, _ in found} == {("sign", MAIN)}
    if uses == 3:
        assert one.found[-1][1].code == "meter_inverted"
    assert not one.remaps


@pytest.mark.parametrize("around", ["quick", "5s-late", "clouds"])
def test_two_clamps_exchanged_where_another_meter_is_right(around: str) -> None:
    """The garage's meter sees the cars as their forms have them, so it is the other meter."""
    mistakes = Mistakes(meters={MAIN: MeterMistake(phases={"A": "B", "B": "A"})})
    loads = [car("car", FORM, 1, AROUND[around])]
    garage = CircuitSpec("garage", 32.0, loads=("car",), measured=True)
    one = trial(9, loads, mistakes, AROUND[around], (garage,))
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert {(key, code) for key, code, _ in codes(one)} == {(("meter", MAIN), "meter_crossed")}
    assert not one.remaps


def test_a_battery_of_one_phase_is_no_clamp_turned_round() -> None:
    """A car takes x on A and B each; the battery gives 2x on A, which goes down by x."""
    around = AROUND["battery"]
    load = replace(car("car", FORM, 2, around), most_a=9.0)  # 4.1 kW: a battery of 5 kW has that
    one = trial(10, [load], Mistakes(), replace(around, peak_w=0.0))
    one.house.battery_on, one.house.battery_kwh, one.house.battery_lag_s = "A", 200.0, 1.0
    one.run(BEGIN + LENGTH_S, MOST_CHANGES)
    assert one.changes()["car"] == MOST_CHANGES
    assert not one.found


# --- nothing wrong -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, at_length(usual=4, long=20) + 1, 2))
def test_houses_that_are_wired_right(first: int) -> None:
    """Ten days of two houses, everything in them, each case: a hundred in the long run."""
    counts = run_houses(range(first, first + 2), 5)
    assert counts.changes >= 10, "houses in which nothing is seen show nothing"
    assert not counts.notices
    assert not counts.remaps


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--days", "2", "--each", "1", "--seed", "3"]) == 0
    assert "2 days, " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--days", "0"])

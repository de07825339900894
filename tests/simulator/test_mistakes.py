"""Mistakes of the electrician: physics by reality, meters by the mistakes, forms as they were."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.site.model import MAIN

from simulator.day import house_of
from simulator.day_file import day_of
from simulator.house import House, Life
from simulator.mistakes import MeterMistake, Mistakes
from simulator.registration import forms
from simulator.scenario import Scenario
from simulator.scenario_file import read_all

from .test_day_file import GOOD, errors_of
from .test_house import limit, scenario, switch

CROSSED = Mistakes(legs={"car": {"L1": "B", "L2": "A"}, "boiler": {"L1": "A"}})


def shown(house: House, prefix: str = "grid") -> list[float]:
    """What the meter's sensors of phases A, B and C say."""
    states = house.snapshot()
    return [float(states[f"sensor.{prefix}_{phase}"].value) for phase in "abc"]


def one_leg(**changes: Any) -> Scenario:
    """A charger that the form has on A, with L1 only; 2, 3 and 4 A of household."""
    car = {"id": "car", "type": "charger", "phases": {"L1": "A"}, "status": "Charging"}
    return scenario(loads=[car], **changes)


def test_current_flows_where_the_legs_really_are() -> None:
    mistakes = Mistakes(legs={"car": {"L1": "C"}})
    house = House(one_leg(), Life(mistakes=mistakes))
    house.call(limit(10.0))
    # Household 2, 3, 4 A; the car's 10 A are on C, whatever the form says.
    assert house.draws["car"] == {"C": 10.0}
    assert shown(house) == [2.0, 3.0, 14.0]
    assert shown(house, "circuit_garage") == [0.0, 0.0, 10.0]


def test_breakers_see_what_flows_not_what_the_form_says() -> None:
    on_a, on_c = one_leg(household={"C": 20}), Mistakes(legs={"car": {"L1": "C"}})
    right, wrong = House(on_a), House(on_a, Life(mistakes=on_c))
    for house in (right, wrong):
        house.call(limit(10.0))
    # 10 A on A by themselves; 20 + 10 A on C are 5 A over 25 A.
    assert right.overload().worst_a == 0.0
    assert wrong.overload().worst_a == pytest.approx(5.0)


def test_the_engine_is_told_what_the_forms_say() -> None:
    house = House(scenario(), Life(mistakes=CROSSED))
    told = {name: form for _, name, form in forms(house.told)}
    assert [told["car"][f"leg_l{n}"] for n in (1, 2, 3)] == ["A", "B", "C"]
    assert told["boiler"]["leg_l1"] == "C"


def test_a_plug_can_be_crossed() -> None:
    house = House(scenario(circuits=[]), Life(mistakes=CROSSED))
    house.call(switch("on"))
    assert house.draws["boiler"] == {"A": 10.0}  # 2300 W at 230 V


def test_the_second_plug_of_a_station_can_be_rotated() -> None:
    three, two = {"L1": "A", "L2": "B", "L3": "C"}, {"L1": "A", "L2": "B"}
    loads = [
        {"id": "one", "type": "charger", "phases": three, "status": "Charging"},
        {"id": "two", "type": "charger", "phases": two, "status": "Charging"},
    ]
    station = [{"id": "station", "limit": 32, "loads": ["one", "two"], "measured": True}]
    rotated = Mistakes(legs={"two": {"L1": "B", "L2": "C"}})
    house = House(scenario(loads=loads, circuits=station), Life(mistakes=rotated))
    house.call(limit(8.0, devid="one"))
    house.call(limit(10.0, devid="two"))
    # 8 A of the first on each phase, 10 A of the second on B and C.
    assert shown(house, "circuit_station") == [8.0, 18.0, 18.0]


def test_a_clamp_turned_round_and_two_exchanged() -> None:
    wrong = MeterMistake(inverted=("A",), phases={"A": "B", "B": "A"})
    house = House(one_leg(), Life(mistakes=Mistakes(meters={MAIN: wrong})))
    house.call(limit(10.0))
    # 12, 3 and 4 A flow; the clamp called A sits on B and is turned round, that called B is on A.
    assert house.flows.meters[MAIN] == {"A": 12.0, "B": 3.0, "C": 4.0}
    assert shown(house) == [-3.0, 12.0, 4.0]
    assert shown(house, "circuit_garage") == [10.0, 0.0, 0.0]  # another meter
    garage = Mistakes(meters={"garage": MeterMistake(inverted=("A",))})
    house = House(one_leg(), Life(mistakes=garage))
    house.call(limit(10.0))
    assert (shown(house), shown(house, "circuit_garage")) == ([12.0, 3.0, 4.0], [-10.0, 0.0, 0.0])


def test_a_meter_without_a_sign_shows_what_is_fed_in_as_taken() -> None:
    """2, 3 and 4 A of household less 10 A of sun on each phase."""
    no_sign = Mistakes(meters={MAIN: MeterMistake(unsigned=("A", "C"))})
    sunny = Life(sun=lambda _: 6900.0, mistakes=no_sign)
    assert shown(House(scenario(loads=[], circuits=[]), sunny)) == [8.0, -7.0, 6.0]


def test_a_meter_that_does_not_see_a_load() -> None:
    """The breaker carries the car's 10 A all the same; the garage's meter sees it."""
    beside = Mistakes(meters={MAIN: MeterMistake(without=("car",))})
    house = House(one_leg(household={"A": 20}), Life(mistakes=beside))
    house.call(limit(10.0))
    assert shown(house)[0] == 20.0
    assert shown(house, "circuit_garage")[0] == 10.0
    assert house.overload().worst_a == pytest.approx(5.0)  # 20 + 10 A on 25 A


# --- meters that are slow or unsure ------------------------------------------------------------


def rising(now: float) -> dict[str, float]:
    """0 A until 10 s, 12 A from then on."""
    return {"A": 12.0 if now >= 10 else 0.0, "B": 0.0, "C": 0.0}


def metered(**life: float) -> list[float]:
    """What the meter of A says at 0, 1 ... 20 s."""
    house = House(scenario(loads=[], circuits=[]), Life(household=rising, **life))  # type: ignore[arg-type]
    said = []
    for second in range(21):
        house.advance(float(second))
        said.append(shown(house)[0])
    return said


def test_a_meter_that_is_late() -> None:
    said = metered(meter_lag_s=4.0)
    assert said[13] == 0.0
    assert said[14] == 12.0


def test_a_meter_that_shows_a_mean() -> None:
    said = metered(meter_mean_s=6.0)
    # 12 A since 10 s: one of six seconds at 11 s, three at 13 s, all at 16 s.
    assert said[10] == 0.0
    assert [said[11], said[13], said[16]] == pytest.approx([2.0, 6.0, 12.0])


def test_noise_is_about_as_large_as_it_is_said_and_always_the_same() -> None:
    house = House(scenario(loads=[], circuits=[]), Life(meter_noise_a=0.2))
    off = []
    for second in range(400):
        house.advance(float(second))
        off.append(shown(house)[0] - 2.0)
    mean = sum(off) / len(off)
    spread = (sum((x - mean) ** 2 for x in off) / len(off)) ** 0.5
    # 400 values: the mean's own deviation is 0.01 A, that of the spread 0.007 A; four of each.
    assert abs(mean) < 0.04
    assert spread == pytest.approx(0.2, abs=0.028)
    again = House(scenario(loads=[], circuits=[]), Life(meter_noise_a=0.2))
    assert shown(again)[0] - 2.0 == off[0]


# --- in a day file -----------------------------------------------------------------------------


def with_mistakes(mistakes: Any, **day: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    data["circuits"][0]["measured"] = True
    data["circuits"].append({"id": "attic", "limit": 16})
    data["day"] |= {"mistakes": mistakes, **day}
    return data


def test_what_a_day_says_is_read() -> None:
    day = day_of(
        with_mistakes(
            {
                "legs": {"car": {"L1": "B", "L2": "A"}, "boiler": {"L1": "A"}},
                "meters": {
                    "main": {"inverted": ["A"], "phases": {"A": "B", "B": "A"}},
                    "garage": {"inverted": ["A", "B", "C"], "without": ["car"]},
                },
            },
            meter_lag_s=3,
            meter_mean_s=10,
            meter_noise_a=0.1,
        )
    )
    house, _ = house_of(day)
    assert house.told == day.scenario
    assert house.scenario == replace(
        day.scenario,
        loads=(
            replace(day.scenario.loads[0], phases={"L1": "B", "L2": "A"}),
            replace(day.scenario.loads[1], phases={"L1": "A"}),
        ),
    )
    metering = house.metering
    assert (metering.lag_s, metering.mean_s, metering.noise_a) == (3.0, 10.0, 0.1)
    assert metering.mistakes.meters["main"] == MeterMistake(("A",), {"A": "B", "B": "A"})
    assert metering.mistakes.meters["garage"] == MeterMistake(("A", "B", "C"), without=("car",))


def test_a_day_may_let_the_engine_put_a_wiring_right() -> None:
    data = with_mistakes({})
    data["loads"][0]["allow_remap"] = True
    assert day_of(data).scenario.loads[0].allow_remap
    data["loads"][1]["allow_remap"] = True
    assert "good: loads.boiler.allow_remap: there is no such key" in errors_of(data)[0]


REFUSALS = [
    (5, ["day.mistakes", "not a mapping"]),
    ({"colour": "red"}, ["day.mistakes.colour", "no such key"]),
    ({"legs": ["car"]}, ["day.mistakes.legs", "not a mapping of loads"]),
    ({"legs": {"cart": {"L1": "B"}}}, ["legs.cart", "no such load; there are car, boiler"]),
    ({"legs": {"car": {"L4": "B"}}}, ["legs.car.L4", "no such key"]),
    ({"legs": {"car": {"L3": "C"}}}, ["legs.car.L3", "no such leg; there are L1, L2"]),
    ({"legs": {"car": {"L1": "D"}}}, ["legs.car.L1", "not one of A, B, C"]),
    ({"legs": {"car": {"L1": "B"}}}, ["legs.car", "L1 and L2 can't both be on phase B"]),
    ({"legs": {"car": {"L1": "A"}}}, ["legs.car", "no mistake"]),
    ({"legs": {"car": {}}}, ["legs.car", "no mistake"]),
    ({"meters": {"grid": {}}}, ["meters.grid", "no such meter; there are main, garage"]),
    ({"meters": {"attic": {"inverted": ["A"]}}}, ["meters.attic", "no such meter"]),
    ({"meters": {"main": {"inverted": "A"}}}, ["main.inverted", "not a list of A, B, C"]),
    ({"meters": {"main": {"inverted": ["D"]}}}, ["main.inverted", "not a list of A, B, C"]),
    ({"meters": {"main": {"phases": {"A": "B"}}}}, ["main.phases", "A and B can't both be on"]),
    ({"meters": {"main": {"phases": {"D": "B"}}}}, ["main.phases.D", "no such key"]),
    ({"meters": {"main": {}}}, ["meters.main", "nothing is wrong with it"]),
    ({"meters": {"main": {"unsigned": ["D"]}}}, ["main.unsigned", "not a list of A, B, C"]),
    ({"meters": {"main": {"without": "car"}}}, ["main.without", "not a list of loads"]),
    (
        {"meters": {"main": {"without": ["cart"]}}},
        ["main.without", "no load 'cart'; there are car"],
    ),
]


@pytest.mark.parametrize(("mistakes", "words"), REFUSALS, ids=[str(one) for one, _ in REFUSALS])
def test_refused(mistakes: Any, words: list[str]) -> None:
    errors = errors_of(with_mistakes(mistakes))
    assert all(error.startswith("good: day.mistakes") for error in errors)
    assert any(all(word in error for word in words) for error in errors), errors


def test_phases_that_the_site_does_not_have() -> None:
    site = {"phases": "A"}
    car = {"id": "car", "type": "charger", "phases": {"L1": "A"}}
    data = {
        **with_mistakes(
            {
                "legs": {"car": {"L1": "B"}},
                "meters": {"main": {"inverted": ["C"], "phases": {"A": "C"}}},
            }
        ),
        "site": site,
        "loads": [car],
    }
    data["day"] |= {"water": {}, "cars": {}}
    assert errors_of(data) == [
        "good: day.mistakes.legs.car.L1: B is none of A",
        "good: day.mistakes.meters.main.inverted.C: C is none of A",
        "good: day.mistakes.meters.main.phases.A: C is none of A",
    ]


def test_a_scenario_may_say_it_too() -> None:
    data = {"name": "x", "loads": [{"id": "car", "type": "charger", "phases": {"L1": "A"}}]}
    data["loads"][0] |= {"status": "Charging", "allow_remap": True}  # type: ignore[index]
    assert read_all([data])[0].loads[0].allow_remap

"""Meters that hide what flows, in houses that live: it is told, and the breakers are kept.

Evenings of made-up houses with flicker, with cars that obey after some seconds and chargers that
report each 10 s; meters are made wrong as `simulator.mistakes` can make them.
"""

from __future__ import annotations

import random

import pytest
from loadjuggler.reason_table import Family, meaning
from loadjuggler.site.model import MAIN

from simulator.cars import Car, Visit
from simulator.devices import Habits
from simulator.house import House, Life
from simulator.household import Household
from simulator.living import Living
from simulator.mistakes import NONE, MeterMistake, Mistakes
from simulator.scenario import LoadSpec, Scenario, SiteSpec, Solar

EVENING = 1_750_464_000.0 + 19 * 3600
HOURS = 1.5
LEGS = {"L1": "A", "L2": "B", "L3": "C"}
HIDES = (Family.UNSEEN, Family.WRONG_WAY, Family.NO_SIGN)


def living(seed: int, mistakes: Mistakes, sun_w: float = 0.0, step_a: float = 0.1) -> Living:
    """A house of 25 A with two cars of up to 16 A that come in the evening."""
    chance = random.Random(f"hiding {seed}")
    loads = tuple(
        LoadSpec(name, "charger", "standard", LEGS, "Charging") for name in ("one", "two")
    )
    scenario = Scenario(
        name=f"hiding-{seed}",
        site=SiteSpec(main_breaker=25.0),
        loads=loads,
        solar=Solar(measured=bool(sun_w)),
    )
    end = EVENING + HOURS * 3600
    cars = {
        load.id: Car(
            (Visit(EVENING + chance.uniform(300, 900) * number, end, 20.0),),
            reaction_s=chance.uniform(1.0, 6.0),
        )
        for number, load in enumerate(loads, 1)
    }
    shines = [chance.uniform(0.6, 1.1) for _ in range(200)]
    life = Life(
        household=Household(seed, EVENING, HOURS * 3600, heat_pump_w=0.0, flicker_a=0.15),
        sun=lambda now: sun_w * shines[int((now - EVENING) // 60) % 200],
        cars=cars,
        habits=Habits(reaction_s=2.0, report_s=10.0, start_s=5.0),
        meter_s=1.0,
        meter_step_a=step_a,
        mistakes=mistakes,
    )
    return Living(House(scenario, life, EVENING))


def evening(one: Living) -> tuple[set[Family], int]:
    """What was told of meters, and for how many seconds a breaker was over by 2 A or more."""
    told: set[Family] = set()
    over_s = 0
    while one.house.now < EVENING + HOURS * 3600:
        one.second()
        over_s += one.house.overload().worst_a >= 2.0
        told |= {meaning(about.code).family for about in one.report.problems if about.code}
    return told & set(HIDES), over_s


@pytest.mark.parametrize(("seed", "step_a"), [(3101, 0.1), (3102, 1.0)])
def test_a_meter_that_does_not_see_the_cars(seed: int, step_a: float) -> None:
    beside = Mistakes(meters={MAIN: MeterMistake(without=("one", "two"))})
    told, over_s = evening(living(seed, beside, step_a=step_a))
    assert told == {Family.UNSEEN}
    assert over_s <= 600


def test_a_meter_without_a_sign() -> None:
    """About 15 kW of sun among clouds."""
    no_sign = Mistakes(meters={MAIN: MeterMistake(unsigned=("A", "B", "C"))})
    told, over_s = evening(living(3103, no_sign, sun_w=18_000.0))
    assert told == {Family.NO_SIGN}
    assert over_s == 0


@pytest.mark.parametrize(
    ("seed", "sun_w", "step_a"), [(3104, 0.0, 0.1), (3104, 9_000.0, 1.0), (3105, 9_000.0, 0.1)]
)
def test_a_meter_that_is_right(seed: int, sun_w: float, step_a: float) -> None:
    told, _ = evening(living(seed, NONE, sun_w, step_a))
    assert told == set()

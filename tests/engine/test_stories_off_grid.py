"""Stories off the grid: an inverter gives each phase what is drawn there, up to its rating.

Three phases, 230 V; the outputs of the inverter are the only meter there is.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from .house import BATTERY, OUTPUTS, SUN, charger_form, site_form
from .stories import (
    Stage,
    at_least,
    available,
    car,
    household,
    nothing,
    says,
    settled,
    story,
    told,
)

NO_GRID = {f"grid_{phase}": None for phase in "abc"}


def island(*loads: dict[str, Any], sun_w: float = 0.0, house_a: float = 1.0, **form: Any) -> Stage:
    """A house without a grid; the house takes `house_a` on each phase."""
    house = Stage.of(site_form(**{"main_breaker_a": 63, **NO_GRID, **OUTPUTS, **form}), *loads)
    house.power.sun_w, house.power.soc_pct, house.power.most_w = sun_w, 90.0, 1e9
    household(house_a)(house)
    for one in house.cars.values():
        one.status = "Available"
    settled(house, 60)
    for one in house.cars.values():
        one.status = "Charging"
    return settled(house, 300)


def one_car(legs: str = "A", **values: Any) -> dict[str, Any]:
    return charger_form("car", legs, **{"max_current_a": 32, **values})


@pytest.mark.parametrize("balances", [False, True])
@pytest.mark.parametrize(
    ("mode", "sun_w", "gives_w"), [("standard", 0.0, 4000), ("solar_only", 3000.0, 1000)]
)
def test_a_car_on_one_phase_has_what_sun_and_battery_give_in_all(
    balances: bool, mode: str, sun_w: float, gives_w: float
) -> None:
    """4,000 W are 17.39 A; the house takes 6.51 of them, and 10.88 A are left for phase A."""
    house = island(
        one_car(mode=mode),
        sun_w=sun_w,
        house_a=2.17,
        inverter_max_w=12000,
        inverter_asymmetric=balances,
        battery_max_discharge_w=gives_w,
        **BATTERY,
        **(SUN if sun_w else {}),
    )
    story("10.88 A.", house, (0, nothing, told(car=10.8)))


@pytest.mark.parametrize("balances", [False, True])
@pytest.mark.parametrize(
    ("ratings", "right_a", "because"),
    [
        ({"inverter_max_w": 6000}, 7.6, "a third of 6 kW are 2 kW: 8.69 - 1 = 7.69 A"),
        (
            {"inverter_max_w": 6000, "inverter_max_phase_w": 3000},
            12.0,
            "3 kW a leg: 13.04 - 1 = 12.04 A",
        ),
        ({"inverter_max_phase_w": 3000}, 12.0, "the same without a rating of all"),
        ({"inverter_max_w": 30000}, 32.0, "10 kW a leg are more than its maximum"),
    ],
)
def test_no_phase_takes_more_than_its_leg_of_the_inverter_gives(
    balances: bool, ratings: dict[str, float], right_a: float, because: str
) -> None:
    house = island(one_car(), sun_w=9000, inverter_asymmetric=balances, **ratings, **BATTERY, **SUN)
    story(because, house, (0, nothing, told(car=right_a)))
    assert house.flows("main")["A"] <= (right_a + 1.0) + 0.01


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_leg_is_not_overloaded_while_the_house_flickers(seed: int) -> None:
    """2 kW a leg, 8.69 A; the house takes 1 A with a flicker of 0.4 A, the car the rest."""
    house = island(one_car(), sun_w=9000, inverter_max_w=6000, **BATTERY, **SUN)
    chance, over = random.Random(seed), 0
    for _ in range(600):
        household(1.0 + chance.uniform(0.0, 0.4), phases="A")(house)
        house.tick(1.0)
        over += house.flows("main")["A"] > 2000 / 230 + 0.5
    assert over == 0
    assert (house.told("car") or 0.0) >= 6.9


def test_two_cars_on_two_phases_share_what_there_is() -> None:
    """9 kW of sun are 39.1 A, 3 of them for the house: 36.1 A; 16 A each are no more than a leg."""
    cars = [charger_form(name, phase) for name, phase in (("one", "A"), ("two", "B"))]
    house = island(*cars, sun_w=9000, inverter_max_w=12000, **SUN)
    story("Each has its maximum.", house, (0, nothing, told(one=16, two=16)))


# --- where only the outputs are known ------------------------------------------------------------


def test_a_car_that_takes_nothing_does_not_starve_the_one_that_charges() -> None:
    """Without sensors of sun and battery there is for cars what they draw: 6 A of the second.

    The first goes first and draws nothing any more, so it can't take its minimum from these.
    """
    cars = [charger_form(name, "A", priority=n) for n, name in enumerate(("one", "two"), 1)]
    house = Stage.of(site_form(**{"main_breaker_a": 63, **NO_GRID, **OUTPUTS}), *cars)
    story(
        "The second goes on, from the first second on.",
        settled(house, 300),
        (0, nothing, at_least(one=6, two=6)),
        (5, car("one", status="SuspendedEV")),
        (10, nothing, at_least(two=6)),
        (40, nothing, at_least(two=6)),
        (300, nothing, at_least(two=6)),
    )


# --- nothing is exported -------------------------------------------------------------------------


def test_an_excess_off_the_grid_is_left_over_and_not_exported() -> None:
    house = island(one_car(mode="excess"), sun_w=3000, excess_threshold_w=5000, **SUN)
    story(
        "3 kW of sun are less than 5 kW.",
        house,
        (0, nothing, told(car=0), says(car="Waits: not more than 5 000 W would be left over.")),
    )


def test_an_excess_off_the_grid_starts_when_enough_is_left_over() -> None:
    house = island(one_car(mode="excess"), sun_w=9000, excess_threshold_w=5000, **SUN)
    story(
        "9,000 W less 690 W of house are 3,310 W above the threshold: 14.3 A on one phase.",
        house,
        (0, nothing, told(car=14.3), says(car="that is what would be left over above 5 000 W.")),
    )


def test_what_an_idle_charger_could_have_is_what_is_left_in_all() -> None:
    house = island(one_car(), sun_w=3000, **SUN)
    story(
        "3,000 W are 13.04 A, less 3 A of house: 10 A on one phase.",
        house,
        (0, car("car", status="Available")),
        (30, nothing, available(car=10.0)),
    )

"""Stories of loads that take almost nothing, and are never told more than their source gives.

Product.md sections 2 and 3: a car that takes nothing leaves the sun to others, and still lives from
it. Three phases, 230 V, a main breaker of 25 A, cars of 6 to 16 A in solar only unless said
otherwise.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from loadjuggler.site.model import Load

from .house import SUN, charger_form, site_form
from .numbers import Box, NumberStage, number_form
from .stories import (
    Stage,
    at_least,
    car,
    household,
    nothing,
    settled,
    story,
    sun,
    told,
)

PULLS = {6: 0.07, 7: 0.45}
"""Of what it is told in A, the share that this car takes as active power; above 7 A all of it."""


@dataclass(repr=False)
class Reluctant(NumberStage):
    """A house whose car takes next to no power at 6 A, half at 7 A, and all of it above."""

    def draws(self, load: Load) -> dict[str, float]:
        found = super().draws(load)
        return {leg: amps * PULLS.get(int(amps), 1.0) for leg, amps in found.items()}


def reluctant(sun_a: float, mode: str = "solar_only", **site: Any) -> Reluctant:
    form = number_form("car", "ABC", mode=mode, switch_entity="switch.car")
    box = Box(setting=6.0, low=6.0, high=16.0)
    house = Reluctant.with_boxes(site_form(**SUN, **site), form, car=box)
    assert isinstance(house, Reluctant)
    sun(sun_a)(house)
    return house


def most_told(house: Stage, load: str, seconds: float, noise_a: float = 0.0) -> tuple[float, int]:
    """The most that a load is told from now on, A, and how often that changes."""
    dice, most, changes, sun_w = random.Random(20), 0.0, 0, house.power.sun_w
    house.tick(1.0)
    last = house.told(load)
    for _ in range(int(seconds)):
        house.power.sun_w = sun_w + dice.uniform(-noise_a, noise_a) * 690.0
        house.tick(1.0)
        now = house.told(load) or 0.0
        most, changes, last = max(most, now), changes + (now != last), now
    return most, changes


@pytest.mark.parametrize("distribution", ["priority", "shared", "strict", "optimized"])
def test_a_car_that_takes_nothing_at_its_minimum_is_not_raised_above_the_sun(
    distribution: str,
) -> None:
    """6.5 A of sun: it takes 0.4 A of its 6 A. More than 6.5 A would be bought, however long."""
    house = reluctant(6.5, distribution=distribution)
    assert most_told(house, "car", 1200.0)[0] <= 6.5


def test_it_is_told_more_as_soon_as_there_is_more_sun_and_then_takes_it() -> None:
    story(
        "6.5 A of sun, then 10 A: it is told 10 A, at which it takes all it is told, and stays so.",
        settled(reluctant(6.5), 120.0),
        (0, nothing, told(car=6)),
        (5, sun(10.0)),
        (60, nothing, told(car=10)),
        (1200, nothing, told(car=10)),
    )


def test_a_sun_that_flickers_around_what_it_takes_does_not_swing_it() -> None:
    """6.5 A of sun, less or more by 0.3 A each second: it takes nothing at 6 A, and stays there."""
    house = settled(reluctant(6.5), 60.0)
    most_a, changes = most_told(house, "car", 900.0, noise_a=0.3)
    assert most_a <= 6.8
    assert changes == 0


def test_its_minimum_from_anywhere_is_all_that_it_has_where_the_sun_is_less() -> None:
    """Solar priority, 4 A of sun: 6 A from anywhere, and nothing above them from the grid."""
    house = reluctant(4.0, mode="solar_priority")
    assert most_told(house, "car", 600.0)[0] == 6.0


@pytest.mark.parametrize("distribution", ["priority", "shared"])
def test_a_sleeping_car_is_told_no_more_than_the_sun_that_others_leave(distribution: str) -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=40, distribution=distribution, **SUN),
        charger_form("awake", "A", mode="solar_only", priority=1),
        charger_form("asleep", "A", mode="solar_only", priority=2),
    )
    assert isinstance(house, Stage)
    sun(15.0)(house)
    car("asleep", max_a=0.0)(house)
    story(
        "15 A of sun. The second is plugged in and sleeps: it takes nothing, so the first has all "
        "15 A, and the second its minimum at most: it is not told the 15 A, nor 15 + 6.",
        settled(house, 200.0),
        (0, nothing, told(awake=15)),
        (300, household(3.0), told(awake=12)),
        (310, nothing, at_least(awake=12), told(asleep=6)),
    )

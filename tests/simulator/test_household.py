"""The household of a day: its appliances, its seasons, its phases."""

from __future__ import annotations

from datetime import date

import pytest

from simulator.clock import DAY, HOUR, midnight
from simulator.household import Appliance, Household, outside_c

SUMMER, WINTER = midnight(date(2025, 7, 10)), midnight(date(2026, 1, 14))


def test_the_same_seed_is_the_same_day() -> None:
    def day(seed: int) -> list[dict[str, float]]:
        household = Household(seed, WINTER, DAY)
        return [dict(household(WINTER + minute * 60)) for minute in range(0, 1440, 7)]

    assert day(3) == day(3)
    assert day(3) != day(4)


def test_a_kettle_is_on_one_phase() -> None:
    household = Household(1, SUMMER, DAY)
    kettle = next(one for one in household.appliances if one.name == "kettle")
    before, during = household(kettle.start - 1), household(kettle.start + 1)
    # 2200 W at 230 V; the small unrest moves by less than 0.6 A
    assert during["A"] - before["A"] == pytest.approx(2200 / 230, abs=0.6)
    assert during["B"] - before["B"] == pytest.approx(0.0, abs=0.6)


def test_an_oven_heats_up_and_then_for_a_part_of_each_period() -> None:
    oven = Appliance("oven", "AB", 3000, 1000.0, 1200, period_s=240, share=0.4, first_s=480)
    assert oven.watts_at(999) == 0.0
    assert oven.watts_at(1000 + 479) == 3000
    assert oven.watts_at(1000 + 480 + 95) == 3000  # 96 of 240 s
    assert oven.watts_at(1000 + 480 + 97) == 0.0
    assert oven.watts_at(1000 + 1200) == 0.0


def test_the_heat_pump_rests_in_summer_and_runs_most_of_a_winter_night() -> None:
    def runs_s(start: float) -> float:
        pump = [one for one in Household(1, start, DAY).appliances if one.name == "heat pump"]
        return sum(one.length_s for one in pump)

    assert runs_s(SUMMER) < 0.1 * DAY
    # 0 °C are 15 of 25 K between no heating and all the time
    assert runs_s(WINTER) == pytest.approx(0.6 * DAY, rel=0.15)
    without = Household(1, WINTER, DAY, heat_pump_w=0)
    assert not any(one.name == "heat pump" for one in without.appliances)


def test_it_is_warmer_in_the_afternoon_and_in_summer() -> None:
    assert outside_c(WINTER + 15 * HOUR) > outside_c(WINTER + 3 * HOUR)
    assert outside_c(SUMMER) > outside_c(WINTER) + 15


def test_a_house_with_one_phase_has_all_of_it_there() -> None:
    whole, one = Household(1, WINTER, DAY), Household(1, WINTER, DAY, phases="A")
    now = WINTER + 18.5 * HOUR
    assert set(one(now)) == {"A"}
    # The unrest of two phases less: under 0.6 A each
    assert one(now)["A"] == pytest.approx(sum(whole(now).values()), abs=1.2)


def test_what_is_switched_is_told_once() -> None:
    household = Household(1, WINTER, DAY)
    kettle = next(one for one in household.appliances if one.name == "kettle")
    assert (kettle, True) in household.switched(kettle.start - 1, kettle.start)
    assert (kettle, True) not in household.switched(kettle.start, kettle.start + 1)
    end = kettle.start + kettle.length_s
    assert (kettle, False) in household.switched(end - 1, end)

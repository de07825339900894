"""Patience with the sun, told as stories: time, what changes, what is expected; and boosts.

One phase, 230 V, a car of 6 to 32 A in solar_only unless said otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.memory.codec import from_json, to_json

from .house import BATTERY, House, charger_form, plug_form, site_form, state
from .test_keeper import Home


def sunny(sun_a: float, *loads: dict[str, Any], **site: Any) -> House:
    """A house in the sun, its loads settled, and no time to go until the next raise."""
    chosen = loads or (charger_form("car", "A", mode="solar_only", max_current_a=32),)
    house = House.of(site_form("A", **{"main_breaker_a": 100, **site}), *chosen)
    house.power.sun_w = sun_a * 230
    house.pass_time(60.0)
    return house


def test_a_cloud_takes_the_car_to_its_minimum_for_five_minutes_and_then_stops_it() -> None:
    house = sunny(15)
    assert house.told("car") == 15.0
    house.power.sun_w = 2.1 * 230
    house.tick()
    assert house.told("car") == 6.0
    assert house.sentence("car").endswith("needs 6 A. Stops in 5 min.")
    house.pass_time(110.0)
    assert house.sentence("car") == (
        "6 A, not enough sun: 2.1 A on phase A, needs 6 A. Stops in 3 min 10 s."
    )
    house.pass_time(185.0)
    assert house.told("car") == 6.0
    house.tick()
    assert house.told("car") == 0.0


def test_sun_that_comes_back_in_time_ends_the_grace() -> None:
    house = sunny(15)
    house.power.sun_w = 0.0
    house.pass_time(200.0)
    house.power.sun_w = 10 * 230
    house.pass_time(205.0)  # as long as it was short of sun
    assert house.told("car") == pytest.approx(10.0, abs=0.3)
    house.power.sun_w = 0.0  # a new cloud has five minutes of its own
    house.pass_time(295.0)
    assert house.told("car") == 6.0


def test_a_stopped_car_pauses_for_three_minutes() -> None:
    house = sunny(15)
    house.power.sun_w = 0.0
    house.pass_time(310.0)
    assert house.told("car") == 0.0
    house.power.sun_w = 15 * 230
    house.tick()
    assert house.told("car") == 0.0
    assert house.sentence("car").startswith("Paused for 2 min 5")
    house.pass_time(160.0)
    assert house.told("car") == 0.0
    house.pass_time(40.0)
    assert house.told("car") == pytest.approx(15.0, abs=0.3)


def test_a_full_breaker_ends_the_grace_at_once() -> None:
    """25 A; the house takes 20: the minimum of 6 A does not fit, sun or no sun."""
    house = sunny(15, main_breaker_a=25)
    house.power.sun_w = 0.0
    house.tick()
    assert house.told("car") == 6.0
    house.household["main"]["A"] = 20.0
    house.tick()
    assert house.told("car") == 0.0


def test_a_car_that_may_not_take_from_the_grid_has_no_grace() -> None:
    """The battery is at its reserve: nothing but the sun is left, and that is gone."""
    house = House.of(
        site_form("A", main_breaker_a=100, **BATTERY, allow_grid_charging=False),
        charger_form("car", "A", mode="solar_only", max_current_a=32),
    )
    house.power.soc_pct, house.power.sun_w = 85.0, 3450
    house.pass_time(60.0)
    assert (house.told("car") or 0.0) >= 15.0
    house.power.sun_w, house.power.soc_pct = 0.0, 20.0
    house.pass_time(10.0)
    assert house.told("car") == 0.0


def test_only_the_car_that_must_stop_stops() -> None:
    """12 A carry both minimums, 8 A one: the second holds on, then stops, the first goes on."""
    cars = [
        charger_form(name, "A", mode="solar_only", priority=number)
        for number, name in enumerate(("first", "second"), start=1)
    ]
    house = sunny(13, *cars)
    assert (house.told("first"), house.told("second")) == (7.0, 6.0)
    house.power.sun_w = 8 * 230
    house.tick()
    assert (house.told("first"), house.told("second")) == (6.0, 6.0)
    house.pass_time(330.0)
    assert (house.told("first"), house.told("second")) == (8.0, 0.0)


def test_a_plug_stays_on_for_its_shortest_time_and_off_for_its_shortest_time() -> None:
    pump = plug_form(
        "pump", mode="solar_only", power_w=1150, solar_grace_min=0, min_on_min=4, min_off_min=2
    )
    house = sunny(6, pump)
    assert house.outlets["pump"].on
    house.power.sun_w = 0.0
    house.pass_time(160.0)  # on since 60 s ago
    assert house.outlets["pump"].on
    house.pass_time(40.0)
    assert not house.outlets["pump"].on
    house.power.sun_w = 6 * 230
    house.pass_time(90.0)
    assert not house.outlets["pump"].on
    house.pass_time(40.0)
    assert house.outlets["pump"].on


def test_a_new_mode_takes_effect_at_once_whatever_the_pause() -> None:
    car = {**charger_form("car", "A", mode="solar_only"), "mode_entity": "input_select.mode"}
    house = sunny(15, car)
    house.power.sun_w = 0.0
    house.pass_time(320.0)
    assert house.told("car") == 0.0
    house.extra["input_select.mode"] = state("standard")
    house.tick()
    assert house.told("car") == 16.0


def test_grace_and_pause_survive_a_restart() -> None:
    house = sunny(15)
    house.power.sun_w = 0.0
    house.pass_time(200.0)
    house.memory = from_json(to_json(house.memory))
    house.pass_time(95.0)
    assert house.told("car") == 6.0
    house.pass_time(15.0)
    assert house.told("car") == 0.0


# --- boost ---------------------------------------------------------------------------------------


def solar_home() -> Home:
    """A home without sun, and a car that waits for it."""
    return Home(site_form("A"), charger_form("car", "A", mode="solar_only", max_current_a=16))


@pytest.mark.parametrize(("minutes", "lasts_s"), [(None, 3600), (10, 600), ("15", 900)])
def test_a_boost_lasts_as_long_as_it_was_told_to_and_then_the_old_mode_holds(
    minutes: Any, lasts_s: int
) -> None:
    home = solar_home()
    home.run()
    assert home.desk.set_mode("car", "boost", minutes)["ok"]
    home.run()
    assert home.mode("car") == "boost"
    home.now += lasts_s - 10
    home.run()
    assert home.mode("car") == "boost"
    home.now += 15
    home.run()
    assert home.mode("car") == "solar_only"


@pytest.mark.parametrize("between", [True, False], ids=["a run between", "one after the other"])
def test_a_boost_on_top_of_a_mode_that_was_set_goes_back_to_that_one(between: bool) -> None:
    home = solar_home()
    home.run()
    home.desk.set_mode("car", "excess")
    if between:
        home.run()
    home.desk.set_mode("car", "boost", 5)
    home.run()
    home.now += 301
    home.run()
    assert home.mode("car") == "excess"
    home.now += 10
    home.run()
    assert home.mode("car") == "excess"


def test_a_boost_can_be_set_again() -> None:
    home = solar_home()
    home.run()
    for _ in range(2):
        home.desk.set_mode("car", "boost", 5)
        home.run()
        home.now += 200
        home.run()
        assert home.mode("car") == "boost"
    home.now += 101
    home.run()
    assert home.mode("car") == "solar_only"


@pytest.mark.parametrize("minutes", [0, -5, "soon", 100_000])
def test_a_boost_of_no_usable_length_is_answered(minutes: Any) -> None:
    home = solar_home()
    answer = home.desk.set_mode("car", "boost", minutes)
    assert not answer["ok"]
    assert str(minutes) in answer["message"]
    home.run()
    assert home.mode("car") == "solar_only"


# --- who has patience, and who has not ------------------------------------------------------------


def test_a_solar_car_that_is_plugged_in_at_night_does_not_charge_at_all() -> None:
    """Its charger held the minimum while it waited: that is no charging that could go on."""
    house = sunny(0)
    house.pass_time(400.0)
    house.cars["car"].status = "Available"
    house.pass_time(60.0)
    assert house.offered("car") == 6.0
    house.cars["car"].status = "Charging"
    house.tick()
    house.tick()
    assert house.told("car") == 0.0


def test_a_car_makes_way_at_once_for_one_that_goes_first() -> None:
    """8 A of sun carry one of them: no import from both."""
    cars = [
        charger_form(name, "A", mode="solar_only", priority=number)
        for number, name in enumerate(("first", "second"), start=1)
    ]
    house = House.of(site_form("A", main_breaker_a=100), *cars)
    house.power.sun_w = 8 * 230
    house.cars["first"].status = "Available"
    house.pass_time(60.0)
    assert house.told("second") == 8.0
    house.cars["first"].status = "Charging"
    house.pass_time(30.0)
    assert (house.told("first"), house.told("second")) == (8.0, 0.0)


def test_a_charger_that_is_not_reached_by_its_stop_gets_no_new_grace() -> None:
    house = sunny(15)
    house.power.sun_w = 0.0
    stops = 0
    for _ in range(130):
        outcome = house.run()
        for call in outcome.commands:
            limit = call.data["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"][0]
            stops += limit["limit"] == 0
            if limit["limit"] == 0:
                loads = dict(house.memory.loads)
                loads["car"] = loads["car"].not_delivered(call.delivers, "no answer")
                house.memory = replace(house.memory, loads=loads)
            else:
                house.obey([call])
        house.now += 5.0
    # The grace of 300 s is over 350 s before the end: 5, 10, 20 ... 160 s apart are six tries.
    assert stops == 7
    assert "Stops in" not in house.sentence("car")


@pytest.mark.parametrize("mode", ["standard", "solar_priority"])
def test_where_nothing_comes_from_the_grid_a_stopped_car_pauses(mode: str) -> None:
    """Sun around the minimum, a battery at its reserve: three minutes between stop and start."""
    form = {**site_form("A", main_breaker_a=100), **BATTERY, "allow_grid_charging": False}
    house = House.of(form, charger_form("car", "A", mode=mode))
    house.power.soc_pct = 20.0
    starts, told = 0, 0.0
    for second in range(0, 1800, 5):
        house.power.sun_w = (6.3 if second % 20 else 5.7) * 230
        house.tick()
        starts += bool(house.told("car")) and not told
        told = house.told("car") or 0.0
    assert 1 <= starts <= 10


def test_a_clock_that_is_set_back_does_not_stretch_a_pause() -> None:
    house = sunny(15)
    house.power.sun_w = 0.0
    house.pass_time(320.0)
    assert house.told("car") == 0.0
    house.power.sun_w = 15 * 230
    house.now -= 3600.0
    house.pass_time(200.0)
    assert house.told("car") == 15.0

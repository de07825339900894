"""The houses of the forum questions: 230 V, chargers of 6 to 16 A, 25 A main breaker."""

from __future__ import annotations

from typing import Any

from ..crooked import Crooked, swing
from ..house import BATTERY, SUN, charger_form, circuit_form, site_form, state
from ..numbers import NumberStage, number_form
from ..stations import STATION, StationStage, connectors
from ..stories import Stage, deafen, lose, settled

STRONG_BATTERY = {**BATTERY, "battery_max_charge_w": 4600, "battery_max_discharge_w": 4600}


def garage(legs: str = "A", sun_a: float = 0.0, house_a: float = 1.0, **form: Any) -> Stage:
    """A car `car` on these phases, nothing run yet."""
    return with_site({}, charger_form("car", legs, **form), sun_a=sun_a, house_a=house_a)


def with_site(
    values: dict[str, Any], *forms: dict[str, Any], sun_a: float = 0.0, house_a: float = 1.0
) -> Stage:
    """A three-phase house with this site, sun and household on each phase."""
    house = Stage.of(site_form(**values), *forms)
    house.power.sun_w = sun_a * 230 * 3
    for phase in house.site.phases:
        house.household["main"][phase] = house_a
    return house


def car_of(legs: str = "A", **values: Any) -> dict[str, Any]:
    return charger_form("car", legs, **values)


# --- not at night, at 6 A ------------------------------------------------------------------------


def night() -> Stage:
    house = garage(mode="solar_only", house_a=2.0)
    house.cars["car"].status = "Preparing"
    return settled(house, 600)


def night_with_battery() -> Stage:
    house = with_site({**SUN, **STRONG_BATTERY}, car_of(mode="solar_only"))
    house.cars["car"].status, house.power.soc_pct = "Preparing", 70.0
    return settled(house, 600)


def car_takes_nothing() -> Stage:
    house = settled(garage())
    house.cars["car"].status, house.cars["car"].max_a = "SuspendedEV", 0.0
    return settled(house, 200)


def minimum_without_sun() -> Stage:
    return settled(garage(mode="solar_priority", house_a=2.0))


def battery_first() -> Stage:
    house = with_site({**SUN, **STRONG_BATTERY}, car_of(mode="solar_priority"), sun_a=10.0)
    house.power.soc_pct = 60.0
    return settled(house)


def fallback() -> Stage:
    house = settled(garage())
    lose("sensor.grid_a", "sensor.grid_b", "sensor.grid_c")(house)
    return settled(house, 185)


# --- stops ---------------------------------------------------------------------------------------


def cloud(seconds: float) -> Stage:
    house = settled(garage(mode="solar_only", sun_a=13.0))
    house.power.sun_w = 3.1 * 690
    return settled(house, seconds)


def many_clouds() -> Stage:
    house = garage(mode="solar_only", solar_grace_min=0, solar_pause_min=1)
    for _ in range(6):
        house.power.sun_w = 13.0 * 690
        house.pass_time(180)
        house.power.sun_w = 0.0
        house.pass_time(60)
    return house


def after_the_hob() -> Stage:
    house = settled(garage())
    house.household["main"]["A"] = 21.0
    house.pass_time(60)
    house.household["main"]["A"] = 1.0
    return settled(house, 60)


# --- a restart -----------------------------------------------------------------------------------


def no_reading_yet() -> Stage:
    house = garage()
    house.cars["car"].status = "Preparing"
    lose("sensor.grid_a", "sensor.grid_b", "sensor.grid_c", shows="unknown")(house)
    return settled(house, 20)


def charger_not_back() -> Stage:
    house = garage()
    names = ("status", "status_connector", "current_import", "transaction_id")
    lose(*(f"sensor.car_{name}" for name in names), shows=None)(house)
    return settled(house, 20)


# --- the second car ------------------------------------------------------------------------------


def two_cars(limit_a: float, distribution: str = "priority") -> Stage:
    house = with_site(
        {"distribution": distribution},
        circuit_form("Garage", limit_a),
        charger_form("Left", devid="left", circuit="Garage", priority=1),
        charger_form("car", circuit="Garage", priority=2),
    )
    return settled(house, 120)


def little_sun_for_two() -> Stage:
    house = with_site(
        {},
        charger_form("Left", "A", devid="left", mode="solar_only", priority=1),
        charger_form("car", "A", mode="solar_only", priority=2),
        sun_a=10.0,
    )
    return settled(house, 700)


def one_after_the_other() -> Stage:
    house = StationStage.of(site_form(), circuit_form(STATION, 32), *connectors())
    assert isinstance(house, StationStage)
    house.one_at_a_time = True
    return settled(house, 200)


# --- too fast ------------------------------------------------------------------------------------


def standard() -> Stage:
    return settled(garage())


def boosted() -> Stage:
    house = settled(garage(mode="solar_only", mode_entity="input_select.mode"))
    house.extra["input_select.mode"] = state("boost")
    return settled(house, 5 + 18 * 60)  # seen in the first run, after 5 s


def does_not_follow(seconds: float = 60.0) -> Stage:
    house = settled(garage())
    deafen("car")(house)
    house.household["main"]["A"] = 16.0
    return settled(house, seconds)


# --- exports -------------------------------------------------------------------------------------


def one_phase_short() -> Stage:
    house = garage("ABC", mode="solar_only", sun_a=9.0)
    house.household["main"] |= {"A": 1.0, "B": 5.0, "C": 1.0}
    return settled(house, 700)


def takes_less() -> Stage:
    house = garage(mode="solar_only", sun_a=15.0)
    house.cars["car"].max_a = 9.0
    return settled(house, 200)


def step_by_step() -> Stage:
    house = settled(garage(mode="solar_only", sun_a=8.0, max_current_a=32))
    house.power.sun_w = 26.0 * 690
    return settled(house, 10)


def below_the_threshold() -> Stage:
    house = garage("ABC", mode="excess", sun_a=14.0)
    house.cars["car"].status = "Preparing"
    return settled(house, 600)


def at_its_maximum() -> Stage:
    return settled(garage(mode="solar_only", sun_a=30.0))


def held_back() -> Stage:
    house = garage(mode="solar_only", sun_a=30.0)
    house.pass_time(120)
    house.cars["car"].status, house.cars["car"].max_a = "SuspendedEVSE", 0.0
    return settled(house, 200)


def set_by_an_app() -> Stage:
    house = NumberStage.of(site_form(), number_form("car", "A"))
    house.household["main"] |= dict.fromkeys("ABC", 15.0)
    settled(house)
    house.deaf.add("car")
    house.box("car").setting = 6.0
    return settled(house, 30)


# --- a breaker is over ---------------------------------------------------------------------------


def house_alone() -> Stage:
    house = settled(garage("B"))
    house.household["main"]["B"] = 31.0
    return settled(house, 30)


def on_another_phase() -> Stage:
    house = Crooked.of(site_form(), car_of("A"))
    assert isinstance(house, Crooked)
    house.really = {"car": {"L1": "B"}}
    house.household["main"] |= dict.fromkeys("ABC", 2.0)
    settled(house, 60)
    swing(house, "car", times=8)
    return house


# --- the battery ---------------------------------------------------------------------------------


def with_battery(mode: str, soc_pct: float, sun_a: float = 0.0) -> Stage:
    house = with_site({**SUN, **STRONG_BATTERY}, car_of(mode=mode), sun_a=sun_a)
    house.power.soc_pct = soc_pct
    return settled(house, 120)


def not_from_the_grid() -> Stage:
    house = with_site({**SUN, **STRONG_BATTERY, "allow_grid_charging": False}, car_of(), sun_a=0.0)
    house.power.soc_pct = 20.0
    return settled(house, 120)

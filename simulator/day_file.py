"""Day files: YAML to Day, with everything that is wrong told at once.

The house is that of a scenario file (`simulator.scenario_file` reads it); what it says there of
one moment (household, sun, status of a load, what is expected) a day works out by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from loadjuggler.units import LEGS

from . import checks
from .cars import Car, Visit
from .checks import Key, Reader, read_keys, table
from .clock import HOUR, midnight
from .day import Day
from .devices import Habits, Water
from .faults.reading import read_faults
from .mistakes import read_mistakes
from .scenario import Scenario
from .scenario_file import Refused, items, load_yaml, read_all
from .sky import Panels, Place
from .weather import WEATHERS

LAST_H = 48.0
"""Times may go on after midnight: "30:30" is half past six of the next day."""

_WATTS = checks.number(0, 1e6, "W")
_SECONDS = checks.number(0, 3600, "s")
_CELSIUS = checks.number(-30, 99, "°C")


def _whole(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(f"{checks.shown(given)} is not a whole number")
    return given


def _date(given: Any) -> date:
    if type(given) is date:
        return given
    raise ValueError(f"{checks.shown(given)} is no date like 2025-06-21")


def _hour(given: Any) -> float:
    """Hours since midnight from "17:10". YAML 1.1 reads it unquoted as a number of minutes."""
    minutes = None
    if isinstance(given, int) and not isinstance(given, bool) and given >= 60:
        minutes = given
    elif isinstance(given, str) and (found := re.fullmatch(r"(\d{1,2}):([0-5]\d)", given)):
        minutes = int(found[1]) * 60 + int(found[2])
    if minutes is None or minutes > LAST_H * 60:
        raise ValueError(f"{checks.shown(given)} is no time like 17:10, up to {LAST_H:g}:00")
    return minutes / 60


def _legs(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(leg in LEGS for leg in given):
        raise ValueError(f"{checks.shown(given)} is not a list of {', '.join(LEGS)}")
    return tuple(given)


def _above(low: float, high: float, unit: str) -> Reader:
    """Reader of a number above `low`."""
    read = checks.number(low, high, unit)

    def above(given: Any) -> float:
        value = float(read(given))
        if value == low:
            raise ValueError(f"more than {low:g} {unit}".rstrip() + " is needed")
        return value

    return above


_DAY = table(
    Key("date", _date, date(2025, 6, 21), required=True),
    Key("weather", checks.choice(WEATHERS), "clear", required=True),
    Key("peak_w", _WATTS, 0.0, required=True),
    Key("tilt_deg", checks.number(0, 90, "°"), 35.0),
    Key("facing_deg", checks.number(0, 360, "°"), 180.0),
    Key("latitude", checks.number(-66, 66, "°"), 46.0),
    Key("noon", _hour, 12.0),
    Key("start", _hour, 0.0),
    Key("length_h", _above(0, 48, "h"), 24.0),
    Key("seed", _whole, 1),
    Key("heat_pump_w", _WATTS, 2000.0),
    Key("flicker_a", checks.number(0, 5, "A"), 0.1),
    Key("battery_kwh", _above(0, 1000, "kWh")),
    Key("meter_s", _SECONDS, 1.0),
    Key("meter_step_a", checks.number(0, 5, "A"), 0.1),
    Key("meter_lag_s", _SECONDS, 0.0),
    Key("meter_mean_s", _SECONDS, 0.0),
    Key("meter_noise_a", checks.number(0, 5, "A"), 0.0),
    Key("reaction_s", _SECONDS, 2.0),
    Key("report_s", _SECONDS, 10.0),
    Key("start_s", _SECONDS, 5.0),
    Key("untold_a", checks.number(0, 80, "A"), 0.0),
    Key("ends_when_full", checks.flag, False),
    Key("cars", checks.anything, {}),
    Key("water", checks.anything, {}),
    Key("faults", checks.anything, ()),
    Key("mistakes", checks.anything, {}),
)
_CAR = table(
    Key("visits", checks.anything, (), required=True),
    Key("capacity_kwh", _above(0, 500, "kWh"), 60.0),
    Key("most_a", checks.number(6, 80, "A"), 16.0),
    Key("legs", _legs, LEGS),
    Key("taper_from_pct", checks.number(0, 99.9, "%"), 97.0),
    Key("reaction_s", _SECONDS),
)
_VISIT = table(
    Key("arrives", _hour),
    Key("leaves", _hour),
    Key("soc", checks.number(0, 100, "%"), 50.0, required=True),
)
_WATER = table(
    Key("litres", _above(0, 1e6, "l"), 150.0),
    Key("warm_c", _CELSIUS, 58.0),
    Key("cold_c", _CELSIUS, 12.0),
    Key("span_c", _above(0, 40, "K"), 6.0),
    Key("first_c", _CELSIUS, 50.0),
    Key("loss_w", _WATTS, 80.0),
    Key("heat_per_power", _above(0, 10, ""), 1.0),
    Key("taps", checks.anything, ()),
)
_TAP = table(
    Key("at", _hour, 0.0, required=True),
    Key("litres", checks.number(0, 1e6, "l"), 0.0, required=True),
)
_SAID_BY_THE_DAY = {
    "household": "the household of a day lives by itself",
    "expected": "a day expects nothing",
    "group": "a day has no group",
    "verified": "a day is not verified",
}


def read_day(path: str | Path) -> Day:
    """The day of a YAML file. Raises Refused with everything that is wrong."""
    data = load_yaml(path)
    if not isinstance(data, Mapping) or "day" not in data or "scenarios" in data:
        raise Refused([f"{path}: no day: the keys of one scenario and a key 'day' are needed"])
    return day_of({"name": Path(path).stem, **data})


def day_of(given: Mapping[str, Any]) -> Day:
    """A day from plain data. Raises Refused with everything that is wrong."""
    name, errors = checks.named(given.get("name")), []
    house = {key: value for key, value in given.items() if key != "day"}
    errors += _told_twice(house)
    house = _at_rest({key: v for key, v in house.items() if key not in _SAID_BY_THE_DAY})
    try:
        (scenario,) = read_all([house])
    except Refused as refused:
        raise Refused([*(f"{name}: {error}" for error in errors), *refused.errors]) from refused
    day = _day(given["day"], scenario, errors)
    if errors:
        raise Refused([f"{name}: {error}" for error in errors])
    return day


def _told_twice(house: Mapping[str, Any]) -> list[str]:
    """What a scenario says of its moment and a day works out."""
    errors = [f"{key}: {why}" for key, why in _SAID_BY_THE_DAY.items() if key in house]
    solar = house.get("solar")
    if isinstance(solar, Mapping) and "power" in solar:
        errors.append("solar.power: the sun follows from day.peak_w and day.weather")
    loads = house.get("loads")
    for load in loads if isinstance(loads, list) else ():
        if isinstance(load, Mapping) and "status" in load:
            errors.append(f"loads.{load.get('id')}.status: it follows from the day's cars")
    return errors


def _at_rest(house: dict[str, Any]) -> dict[str, Any]:
    """The scenario with the statuses that its loads need to be one."""
    loads = house.get("loads")
    if isinstance(loads, list):
        house["loads"] = [
            {**load, "status": "Charging"} if isinstance(load, Mapping) else load for load in loads
        ]
    return house


def _day(given: Any, scenario: Scenario, errors: list[str]) -> Day:
    values = read_keys(_DAY, given, "day", errors)
    start = midnight(values["date"])
    if (scenario.battery is None) != (values["battery_kwh"] is None):
        there = "the house has no battery" if scenario.battery is None else "it is missing"
        errors.append(f"day.battery_kwh: {there}")
    cars = {
        load: _car(item, f"day.cars.{load}", start, errors)
        for load, item in _by_load(values["cars"], "cars", "charger", scenario, errors)
    }
    length = (start, values["start"], values["start"] + values["length_h"])
    # Nobody ever comes to a charger that is not named.
    chargers = [load.id for load in scenario.loads if load.type == "charger"]
    return Day(
        scenario=scenario,
        date=values["date"],
        weather=values["weather"],
        panels=Panels(values["peak_w"], values["tilt_deg"], values["facing_deg"]),
        place=Place(values["latitude"], values["noon"]),
        start_h=values["start"],
        length_h=values["length_h"],
        seed=values["seed"],
        heat_pump_w=values["heat_pump_w"],
        flicker_a=values["flicker_a"],
        battery_kwh=values["battery_kwh"] or 0.0,
        cars={load: cars.get(load, Car(())) for load in chargers},
        water={
            load: _water(item, f"day.water.{load}", start, errors)
            for load, item in _by_load(values["water"], "water", "plug", scenario, errors)
        },
        habits=Habits(
            reaction_s=values["reaction_s"],
            report_s=values["report_s"],
            start_s=values["start_s"],
            untold_a=values["untold_a"],
            ends_when_full=values["ends_when_full"],
        ),
        meter_s=values["meter_s"],
        meter_step_a=values["meter_step_a"],
        meter_lag_s=values["meter_lag_s"],
        meter_mean_s=values["meter_mean_s"],
        meter_noise_a=values["meter_noise_a"],
        mistakes=read_mistakes(values["mistakes"], "day.mistakes", scenario, errors),
        faults=read_faults(values["faults"], "day.faults", _hour, scenario, length, errors),
    )


def _by_load(
    given: Any, key: str, kind: str, scenario: Scenario, errors: list[str]
) -> list[tuple[str, Any]]:
    """Pairs of a load of this `kind` and what is said of it."""
    if not isinstance(given, Mapping):
        errors.append(f"day.{key}: {checks.shown(given)} is not a mapping of loads to values")
        return []
    known = [load.id for load in scenario.loads if load.type == kind]
    there = ", ".join(known) or "none"
    errors += [
        f"day.{key}.{checks.named(load)}: there is no such {kind}; there are {there}"
        for load in given
        if load not in known
    ]
    return [(load, item) for load, item in given.items() if load in known]


def _car(given: Any, where: str, start: float, errors: list[str]) -> Car:
    values = read_keys(_CAR, given, where, errors)
    visits: list[Visit] = []
    for item, place in items(values["visits"], f"{where}.visits", errors):
        visit = read_keys(_VISIT, item, place, errors)
        arrives, leaves = visit["arrives"] or 0.0, visit["leaves"]
        if leaves is not None and leaves <= arrives:
            errors.append(f"{place}.leaves: the car leaves before it comes")
        arrives_s = start + arrives * HOUR
        if visits and arrives_s < visits[-1].leaves_s:
            errors.append(f"{place}.arrives: the car is still there from the visit before")
        leaves_s = float("inf") if leaves is None else start + leaves * HOUR
        visits.append(Visit(arrives_s, leaves_s, visit["soc"]))
    return Car(
        tuple(visits),
        capacity_kwh=values["capacity_kwh"],
        most_a=values["most_a"],
        legs=values["legs"],
        taper_from_pct=values["taper_from_pct"],
        reaction_s=values["reaction_s"],
    )


def _water(given: Any, where: str, start: float, errors: list[str]) -> Water:
    values = read_keys(_WATER, given, where, errors)
    taps = [
        read_keys(_TAP, item, place, errors)
        for item, place in items(values.pop("taps"), f"{where}.taps", errors)
    ]
    return Water(taps=tuple((start + tap["at"] * HOUR, tap["litres"]) for tap in taps), **values)

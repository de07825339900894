"""Day files: what they may say, and what is refused with the day's name, the key and the reason."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.clock import HOUR, midnight
from simulator.day_file import day_of, read_day
from simulator.registration import site_of
from simulator.scenario_file import Refused

DAYS = sorted((Path(__file__).resolve().parents[2] / "simulator" / "days").glob("*.yaml"))

GOOD: dict[str, Any] = {
    "name": "good",
    "site": {"main_breaker": 25},
    "solar": {"measured": True},
    "battery": {"soc": 50},
    "circuits": [{"id": "garage", "limit": 20, "loads": ["car"]}],
    "loads": [
        {"id": "car", "type": "charger", "phases": {"L1": "A", "L2": "B"}, "mode": "solar_only"},
        {"id": "boiler", "type": "plug", "phases": {"L1": "C"}, "power": 2000},
    ],
    "day": {
        "date": date(2025, 6, 21),
        "weather": "broken",
        "peak_w": 9000,
        "battery_kwh": 10,
        "start": "05:00",
        "length_h": 12,
        "cars": {
            "car": {
                "capacity_kwh": 50,
                "most_a": 10,
                "legs": ["L1"],
                "visits": [
                    {"leaves": "07:15", "soc": 80},
                    {"arrives": "17:10", "leaves": "30:30", "soc": 30},
                ],
            }
        },
        "water": {"boiler": {"litres": 200, "taps": [{"at": "06:30", "litres": 60}]}},
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """GOOD with `value` put at `path`, a dotted way through keys and list positions."""
    data = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = data
    for step in way:
        at = at[step]
    at[last] = value
    return data


def errors_of(data: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        day_of(data)
    return refused.value.errors


def test_what_a_day_says_is_read() -> None:
    day = day_of(GOOD)
    assert day.start == midnight(date(2025, 6, 21)) + 5 * HOUR
    assert day.end == day.start + 12 * HOUR
    first, second = day.cars["car"].visits
    assert (first.arrives_s, first.soc_pct) == (midnight(day.date), 80)
    # Half past six of the next day
    assert second.leaves_s == midnight(day.date) + 30.5 * HOUR
    assert day.cars["car"].legs == ("L1",)
    assert day.water["boiler"].taps == ((midnight(day.date) + 6.5 * HOUR, 60.0),)
    assert day.scenario.battery is not None


def test_a_time_without_quotes_is_a_number_of_minutes_in_yaml() -> None:
    assert yaml.safe_load("17:10") == 1030
    visits = day_of(changed("day.cars.car.visits.1.arrives", 1030)).cars["car"].visits
    assert visits == day_of(GOOD).cars["car"].visits


def test_nobody_comes_to_a_charger_that_is_not_named() -> None:
    assert day_of(changed("day.cars", {})).cars["car"].visits == ()


@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_shipped_days_are_fine(path: Path) -> None:
    day = read_day(path)
    assert day.scenario.name == path.stem
    assert day.scenario.because
    assert site_of(day.scenario).loads


def test_there_are_shipped_days_with_and_without_a_battery() -> None:
    days = [read_day(path) for path in DAYS]
    assert {"clear", "broken", "winter"} <= {day.weather for day in days}
    assert {day.scenario.battery is None for day in days} == {True, False}


REFUSALS = [
    ("colour", "red", ["colour", "no such key"]),
    ("household", {"A": 2}, ["household", "lives by itself"]),
    ("expected", {}, ["expected", "a day expects nothing"]),
    ("solar.power", 5000, ["solar.power", "day.peak_w"]),
    ("loads.0.status", "Charging", ["loads.car.status", "the day's cars"]),
    ("site.main_breaker", -1, ["site.main_breaker", "less than 1"]),
    ("day", 5, ["day", "not a mapping"]),
    ("day.colour", "red", ["day.colour", "no such key"]),
    ("day.date", "21 June", ["day.date", "no date like"]),
    ("day.weather", "nice", ["day.weather", "clear, broken, overcast, winter"]),
    ("day.peak_w", -5, ["day.peak_w", "less than 0"]),
    ("day.latitude", 80, ["day.latitude", "more than 66"]),
    ("day.start", 5, ["day.start", "no time like 17:10"]),
    ("day.start", "5 o'clock", ["day.start", "no time like 17:10"]),
    ("day.start", "60:00", ["day.start", "no time like 17:10"]),
    ("day.length_h", 0, ["day.length_h", "more than 0 h is needed"]),
    ("day.length_h", 100, ["day.length_h", "more than 48"]),
    ("day.seed", 1.5, ["day.seed", "not a whole number"]),
    ("day.battery_kwh", 0, ["day.battery_kwh", "more than 0 kWh is needed"]),
    ("day.meter_s", "1 s", ["day.meter_s", "not a number"]),
    ("day.reaction_s", float("nan"), ["day.reaction_s", "not a finite number"]),
    ("day.cars", ["car"], ["day.cars", "not a mapping"]),
    ("day.cars.cart", {"visits": []}, ["day.cars.cart", "no such charger; there are car"]),
    ("day.cars.boiler", {"visits": []}, ["day.cars.boiler", "no such charger"]),
    ("day.cars.car", {}, ["day.cars.car.visits", "it is missing"]),
    ("day.cars.car.colour", "red", ["day.cars.car.colour", "no such key"]),
    ("day.cars.car.legs", ["L4"], ["day.cars.car.legs", "not a list of L1, L2, L3"]),
    ("day.cars.car.most_a", 5, ["day.cars.car.most_a", "less than 6"]),
    ("day.cars.car.visits", {}, ["day.cars.car.visits", "not a list"]),
    ("day.cars.car.visits.0.soc", 120, ["visits[1].soc", "more than 100"]),
    ("day.cars.car.visits.1.leaves", "17:00", ["visits[2].leaves", "before it comes"]),
    ("day.cars.car.visits.1.arrives", "07:00", ["visits[2].arrives", "still there"]),
    ("day.water.car", {}, ["day.water.car", "no such plug; there are boiler"]),
    ("day.water.boiler.litres", 0, ["day.water.boiler.litres", "more than 0 l"]),
    ("day.water.boiler.taps.0.at", "noon", ["taps[1].at", "no time like"]),
    ("day.water.boiler.colour", "red", ["day.water.boiler.colour", "no such key"]),
]


@pytest.mark.parametrize(
    ("path", "value", "words"), REFUSALS, ids=[f"{path}-{value!r}" for path, value, _ in REFUSALS]
)
def test_refused(path: str, value: Any, words: list[str]) -> None:
    errors = errors_of(changed(path, value))
    assert all(error.startswith("good: ") for error in errors)
    assert any(all(word in error for word in words) for error in errors), errors


def test_a_battery_and_its_size_belong_together() -> None:
    without = copy.deepcopy(GOOD)
    del without["battery"]
    assert errors_of(without) == ["good: day.battery_kwh: the house has no battery"]
    no_size = copy.deepcopy(GOOD)
    del no_size["day"]["battery_kwh"]
    assert errors_of(no_size) == ["good: day.battery_kwh: it is missing"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenarios: []", "no day"),
        ("name: x\nloads: []", "a key 'day'"),
        ("- 1", "no day"),
        ("day: [", "not readable as YAML"),
    ],
)
def test_files_that_hold_no_day(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(Refused, match=words):
        read_day(path)

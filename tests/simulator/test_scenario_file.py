"""What a scenario file may not say: refused with the scenario's name, the key and the reason."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.scenario_file import Refused, read_all, read_file

GOOD: dict[str, Any] = {
    "name": "good",
    "because": "it has one of everything",
    "group": "test",
    "verified": True,
    "site": {
        "voltage": 230,
        "phases": "ABC",
        "main_breaker": 25,
        "max_import_power": 17250,
        "power_buffer": 0,
        "distribution": "priority",
        "allow_grid_charging": True,
        "excess_threshold": 13000,
        "battery_follows_load": True,
    },
    "household": {"A": 2.0, "B": 2.0, "C": 2.0},
    "solar": {"power": 6000, "measured": False},
    "inverter": {
        "max_power": 12000,
        "max_power_per_phase": 4000,
        "asymmetric": False,
        "topology": "parallel",
        "output_measured": False,
    },
    "battery": {
        "soc": 85,
        "soc_min": 20,
        "soc_target": 80,
        "soc_hysteresis": 3,
        "max_charge_power": 5000,
        "max_discharge_power": 5000,
    },
    "circuits": [
        {"id": "garage", "limit": 20, "loads": ["left"], "household": {"A": 1.5}, "measured": True},
        {"id": "box", "limit": 16, "parent": "garage", "loads": ["right"]},
    ],
    "loads": [
        {
            "id": "left",
            "type": "charger",
            "mode": "standard",
            "phases": {"L1": "A", "L2": "B", "L3": "C"},
            "min_current": 6,
            "max_current": 16,
            "priority": 1,
            "status": "Charging",
        },
        {
            "id": "right",
            "type": "charger",
            "mode": "solar_only",
            "phases": {"L1": "B"},
            "min_current": 6,
            "max_current": 16,
            "priority": 2,
            "status": "Charging",
            "essential": False,
        },
        {
            "id": "boiler",
            "type": "plug",
            "mode": "continuous",
            "phases": {"L1": "C"},
            "power": 2000,
            "priority": 3,
            "status": "Charging",
            "essential": True,
        },
    ],
    "expected": {"left": {"allocated": 14.0}, "right": {"allocated": 6.0, "available": 6.0}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """GOOD with `value` put at `path`, a dotted way through keys and list positions."""
    scenario = copy.deepcopy(GOOD)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = scenario
    for step in way:
        at = at[step]
    at[last] = value
    return scenario


def without(path: str) -> dict[str, Any]:
    """GOOD without the key at `path`."""
    scenario = changed(path, None)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = scenario
    for step in way:
        at = at[step]
    del at[last]
    return scenario


def errors_of(*scenarios: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_all(list(scenarios))
    return refused.value.errors


def test_everything_the_format_knows_is_read() -> None:
    (scenario,) = read_all([GOOD])
    assert scenario.site.excess_threshold == 13000
    assert scenario.inverter.max_power_per_phase == 4000
    assert scenario.battery is not None
    assert scenario.battery.soc == 85
    assert scenario.path("box") == ("box", "garage")
    assert scenario.circuit_of("right") == "box"
    assert scenario.circuit_of("boiler") == "main"
    assert scenario.loads[2].essential
    assert scenario.expected["right"].available == 6.0


def test_little_is_needed() -> None:
    load = {"id": "car", "type": "charger", "phases": {"L1": "A"}, "status": "Charging"}
    (scenario,) = read_all([{"name": "small", "loads": [load]}])
    assert scenario.site.main_breaker == 25
    assert scenario.site.phases == "ABC"
    assert scenario.battery is None
    assert scenario.loads[0].mode == "standard"
    assert (scenario.loads[0].min_current, scenario.loads[0].max_current) == (6, 16)


@pytest.mark.parametrize(
    ("given", "meant"),
    [("eco", "solar_priority"), ("solar", "solar_only"), (False, "off"), ("boost", "boost")],
)
def test_names_of_modes(given: Any, meant: str) -> None:
    # An unquoted off is false in YAML 1.1.
    (scenario,) = read_all([changed("loads.0.mode", given)])
    assert scenario.loads[0].mode == meant


REFUSALS = [
    # (path in GOOD, value, words that the sentence must hold)
    ("name", 5, ["scenario 1", "name", "not made of letters"]),
    ("name", "with space", ["name", "not made of letters"]),
    ("colour", "red", ["colour", "no such key"]),
    ("verified", "yes please", ["verified", "true nor false"]),
    ("because", 3, ["because", "not a text"]),
    ("site", ["ABC"], ["site", "not a mapping"]),
    ("site.voltage", "230", ["site.voltage", "not a number"]),
    ("site.voltage", 0, ["site.voltage", "less than 50"]),
    ("site.phases", "ABD", ["site.phases", "not one of A, AB, ABC"]),
    ("site.phases", ["A"], ["site.phases", "not a text"]),
    ("site.main_breaker", -25, ["site.main_breaker", "less than 1"]),
    ("site.main_breaker", float("nan"), ["site.main_breaker", "not a number"]),
    ("site.main_breaker", True, ["site.main_breaker", "True is not a number"]),
    ("site.max_import_power", -1, ["site.max_import_power", "less than 0"]),
    ("site.power_buffer", "much", ["site.power_buffer", "not a number"]),
    ("site.distribution", "fair", ["site.distribution", "priority, shared, strict, optimized"]),
    ("site.allow_grid_charging", 1, ["site.allow_grid_charging", "true nor false"]),
    ("site.excess_threshold", float("inf"), ["site.excess_threshold", "finite"]),
    ("site.battery_follows_load", "no", ["site.battery_follows_load", "true nor false"]),
    ("site.breaker", 25, ["site.breaker", "no such key"]),
    ("household.A", -2, ["household.A", "less than 0"]),
    ("household.D", 2, ["household.D", "no such key"]),
    ("household", 5, ["household", "not a mapping"]),
    ("solar.power", -5, ["solar.power", "less than 0"]),
    ("solar.measured", "false", ["solar.measured", "true nor false"]),
    ("inverter.topology", "round", ["inverter.topology", "parallel, series"]),
    ("inverter.max_power", "12k", ["inverter.max_power", "not a number"]),
    ("inverter.asymmetric", 0, ["inverter.asymmetric", "true nor false"]),
    ("battery.soc", 101, ["battery.soc", "more than 100"]),
    ("battery.soc_min", 90, ["battery.soc_min", "more than the soc_target"]),
    ("battery.phase", "D", ["battery.phase", "A, B, C"]),
    ("battery.max_charge_power", None, ["battery.max_charge_power", "nothing is not a number"]),
    ("battery.capacity", 10, ["battery.capacity", "no such key"]),
    ("circuits", {"garage": 20}, ["circuits", "not a list"]),
    ("circuits.0.limit", 0, ["circuits.garage.limit", "less than 1"]),
    ("circuits.0.limit", "20 A", ["circuits.garage.limit", "not a number"]),
    ("circuits.0.id", "main", ["circuits.main.id", "main breaker"]),
    ("circuits.1.id", "garage", ["circuits.garage.id", "2 of the circuits"]),
    ("circuits.1.parent", "barn", ["circuits.box.parent", "no circuit 'barn'"]),
    ("circuits.1.parent", "box", ["circuits.box.parent", "circle", "box -> box"]),
    ("circuits.0.parent", "box", ["circuits.garage.parent", "garage -> box -> garage"]),
    ("circuits.0.loads", "left", ["circuits.garage.loads", "not a list"]),
    ("circuits.0.loads", ["lefty"], ["circuits.garage.loads", "no load 'lefty'"]),
    ("circuits.0.loads", ["left", "left"], ["circuits.garage.loads", "named 2 times"]),
    ("circuits.1.loads", ["left"], ["circuits.box.loads", "hangs on 'garage' already"]),
    ("circuits.0.household.A", 5, ["household.A", "less than the 5 A behind its circuits"]),
    ("circuits.1.household", {"A": 1.8}, ["circuits.garage.household.A", "less than the 1.8 A"]),
    ("circuits.0.measured", None, ["circuits.garage.measured", "true nor false"]),
    ("loads", None, ["loads", "not a list"]),
    ("loads.0", "left", ["loads[1]", "not a mapping"]),
    ("loads.0.id", "", ["loads[1].id", "not made of letters"]),
    ("loads.0.id", "right", ["loads.right.id", "2 of the loads"]),
    ("loads.0.id", "Right", ["loads.right.id", "same entity ids"]),
    ("loads.0.type", "tank", ["loads.left.type", "charger, plug"]),
    ("loads.0.mode", "turbo", ["loads.left.mode", "'turbo' is not one of"]),
    ("loads.0.phases", {}, ["loads.left.phases", "no leg"]),
    ("loads.0.phases", {"L4": "A"}, ["loads.left.phases.L4", "no such key"]),
    ("loads.0.phases", {"L1": "D"}, ["loads.left.phases.L1", "'D' is not one of"]),
    ("loads.0.phases", "ABC", ["loads.left.phases", "not a mapping"]),
    ("loads.0.min_current", 17, ["loads.left.min_current", "more than the max_current of 16"]),
    ("loads.0.min_current", -1, ["loads.left.min_current", "less than 0"]),
    ("loads.0.max_current", "16", ["loads.left.max_current", "not a number"]),
    ("loads.0.priority", 0, ["loads.left.priority", "less than 1"]),
    ("loads.0.priority", 2.5, ["loads.left.priority", "not a whole number"]),
    ("loads.0.status", "Loading", ["loads.left.status", "not one of Available"]),
    ("loads.0.power", 2000, ["loads.left.power", "no such key"]),
    ("loads.0.essential", "very", ["loads.left.essential", "true nor false"]),
    ("loads.2.min_current", 6, ["loads.boiler.min_current", "no such key"]),
    ("loads.2.power", 0, ["loads.boiler.power", "less than 1"]),
    ("expected", ["left"], ["expected", "not a mapping"]),
    ("expected.lefty", {"allocated": 1}, ["expected.lefty", "no such load"]),
    ("expected.left", 14.0, ["expected.left", "not a mapping"]),
    ("expected.left", {"amps": 14.0}, ["expected.left.amps", "no such key"]),
    ("expected.left", {"allocated": "14"}, ["expected.left.allocated", "not a number"]),
]


@pytest.mark.parametrize(
    ("path", "value", "words"), REFUSALS, ids=[f"{path}-{value!r}" for path, value, _ in REFUSALS]
)
def test_refused(path: str, value: Any, words: list[str]) -> None:
    errors = errors_of(changed(path, value))
    name = "scenario 1" if path == "name" and value == 5 else "good"
    if path != "name":
        assert all(error.startswith(f"{name}: ") for error in errors)
    assert any(all(word in error for word in words) for error in errors), errors


NEEDED = (
    "name loads battery.soc circuits.0.id circuits.0.limit loads.0.id loads.0.type "
    "loads.0.phases loads.0.status loads.2.power"
)


@pytest.mark.parametrize("path", NEEDED.split())
def test_missing(path: str) -> None:
    assert any("it is missing" in error for error in errors_of(without(path)))


def test_phase_that_the_site_does_not_have() -> None:
    errors = errors_of(changed("site.phases", "AB"))
    assert any("household.C: the site has only A, B" in error for error in errors)
    assert any("loads.left.phases.L3: C is none of A, B" in error for error in errors)
    assert any("loads.boiler.phases.L1" in error for error in errors)


def test_all_that_is_wrong_is_told_at_once() -> None:
    bad = changed("site.voltage", "high")
    bad["loads"][0]["status"] = "Busy"
    bad["colour"] = "red"
    other = changed("site.main_breaker", -1) | {"name": "other"}
    errors = errors_of(bad, other, 7)
    assert [error.split(": ")[:2] for error in errors] == [
        ["good", "colour"],
        ["good", "site.voltage"],
        ["good", "loads.left.status"],
        ["other", "site.main_breaker"],
        ["scenario 3", "it"],
    ]


def test_names_must_be_unique() -> None:
    errors = errors_of(GOOD, GOOD, GOOD)
    assert errors == ["good: name: there is more than one scenario of this name"]


def test_key_given_twice(tmp_path: Path) -> None:
    text = yaml.safe_dump({"scenarios": [GOOD]}, sort_keys=False)
    path = tmp_path / "twice.yaml"
    path.write_text(text.replace("main_breaker: 25", "main_breaker: 25\n    main_breaker: 63"))
    with pytest.raises(Refused, match=r"'main_breaker' is given twice.*line"):
        read_file(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenarios: [", "not readable as YAML"),
        ("- name: x", "one key 'scenarios'"),
        ("scenarios: []\nmore: 1", "one key 'scenarios'"),
        ("scenarios: five", "'five' is not a list"),
        ("", "one key 'scenarios'"),
        ("scenarios: [!!python/object:os.system {}]", "not readable as YAML"),
    ],
)
def test_files_that_hold_something_else(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(Refused, match=words):
        read_file(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_file(tmp_path / "nothing.yaml")

"""The day that the pictures of the dashboard have behind them, and the recorder that gets it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import yaml

from simulator.scenario_file import read_all
from simulator.trial.folder import HOME
from simulator.trial.lived import DAY, NAMES, Row, record

NOW = 1_000_000.0
CAR, STRANGER = "sensor.loadjuggler_left_car_power", "sensor.never_recorded"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The columns of Home Assistant's recorder (schema 50, 2025.4) that count here."""
    path = tmp_path / "recorder.db"
    with sqlite3.connect(path) as base:
        base.executescript(
            "CREATE TABLE states_meta (metadata_id INTEGER PRIMARY KEY, entity_id TEXT);"
            "CREATE TABLE states (state_id INTEGER PRIMARY KEY, metadata_id INTEGER, state TEXT, "
            "attributes_id INTEGER, last_updated_ts FLOAT, origin_idx INTEGER);"
            f"INSERT INTO states_meta VALUES (7, '{CAR}'), (8, 'sensor.other');"
            "INSERT INTO states VALUES (1, 7, '0', 3, 999950, 0), (2, 7, '4140', 3, 999990, 0), "
            "(3, 8, 'as it was', 4, 999950, 0);"
        )
    base.close()
    return path


def recorded(database: Path) -> list[tuple[int, str, int, float]]:
    with sqlite3.connect(database) as base:
        columns = "metadata_id, state, attributes_id, last_updated_ts"
        found = base.execute(f"SELECT {columns} FROM states ORDER BY last_updated_ts").fetchall()
    base.close()
    return found


def test_what_was_lived_stands_before_what_is_recorded_now(database: Path) -> None:
    rows: list[Row] = [(CAR, NOW - 7200.0, "11040"), (CAR, NOW - 3600.0, "0"), (STRANGER, NOW, "1")]
    record(database, rows, NOW)
    assert recorded(database) == [
        (7, "11040", 3, NOW - 7200.0),
        (7, "0", 3, NOW - 3600.0),
        (8, "as it was", 4, NOW - 50.0),
        (7, "4140", 3, NOW - 10.0),
    ]


def test_the_day_is_of_the_house_to_try() -> None:
    """What both say of the wiring is the same, or graphs would not go on where the day ends."""
    forms = yaml.safe_load((HOME / "automations.yaml").read_text(encoding="utf-8"))
    wired = {form["alias"]: form["use_blueprint"]["input"] for form in forms}
    given = yaml.safe_load(DAY.read_text(encoding="utf-8"))
    del given["day"]
    for load in given["loads"]:
        load["status"] = "Charging"
    (scenario,) = read_all([given])
    assert scenario.site.main_breaker == wired["Home"]["main_breaker_a"]
    (garage,) = scenario.circuits
    assert garage.limit == wired["Garage"]["limit_a"]
    loads = {NAMES[load.id]: load for load in scenario.loads}
    assert loads.keys() == wired.keys() - {"Home", "Garage"}
    assert {name for name in loads if wired[name].get("circuit") == "Garage"} == {
        NAMES[load] for load in garage.loads
    }
    boiler = loads["Boiler"]
    assert boiler.power == wired["Boiler"]["power_w"]
    assert dict(boiler.phases) == {"L1": wired["Boiler"]["leg_l1"]}

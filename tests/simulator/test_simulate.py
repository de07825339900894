"""The command script/simulate: its output and exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from loadjuggler.site.model import Site

from simulator import registration, runs
from simulator.registration import Unfit
from simulator.scenario import Scenario
from simulator.simulate import main

CAR = {
    "id": "car",
    "type": "charger",
    "mode": "standard",
    "phases": {"L1": "A", "L2": "B", "L3": "C"},
    "status": "Charging",
}
# The house takes 13 of 25 A on B, so 12 A are left for a car on three phases.
SMALL = {"name": "small", "household": {"A": 2, "B": 13, "C": 2}, "loads": [CAR]}


def write(folder: Path, *scenarios: dict[str, Any]) -> str:
    path = folder / "some.yaml"
    path.write_text(yaml.safe_dump({"scenarios": list(scenarios)}))
    return str(path)


def test_json_is_one_object_per_line_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SMALL, SMALL | {"name": "again"})
    assert main(["--json", path]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["name"], second["name"]) == ("small", "again")
    assert first["loads"]["car"]["allocated"] == 12.0  # 25 - 13 on B
    assert first["loads"]["car"]["available"] == 12.0
    assert "phase B" in first["loads"]["car"]["reason"]
    assert first["stable"] is True
    assert first["worst_overload"] == 0.0
    assert set(first) == {"name", "loads", "stable", "worst_overload"}


def test_household_overload_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", write(tmp_path, SMALL | {"household": {"A": 30}})]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["household_overload"] == 5.0
    assert data["worst_overload"] == 0.0
    assert data["loads"]["car"]["allocated"] == 0.0


def test_check_passes_within_the_tolerance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SMALL | {"expected": {"car": {"allocated": 12.15}}})
    assert main(["--check", "--once", path]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_check_tells_each_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"expected": {"car": {"allocated": 12.2, "available": 3}}}
    path = write(tmp_path, SMALL | wrong, SMALL | {"name": "fine"})
    assert main(["--check", path]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("small: car: allocated 12.00 A, expected 12.20 A")
    assert lines[1].startswith("small: car: available 12.00 A, expected 3.00 A")
    assert lines[2:] == ["1 passed, 1 failed"]


def test_check_leaves_json_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", "--json", write(tmp_path, SMALL)]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["name"] == "small"
    assert captured.err == "1 passed, 0 failed\n"


def test_filter_finds_names_and_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grouped = SMALL | {"name": "other", "group": "small-things"}
    path = write(tmp_path, SMALL, grouped, SMALL | {"name": "third"})
    assert main(["--json", "--once", "--filter", "small", path]) == 0
    names = [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()]
    assert names == ["small", "other"]


def test_filter_that_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--filter", "big", write(tmp_path, SMALL)]) == 2
    assert "'big'" in capsys.readouterr().err


def test_table_has_the_numbers_and_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([write(tmp_path, SMALL)]) == 0
    out = capsys.readouterr().out
    assert "12.0 A" in out
    assert "is full on phase B" in out


def test_refused_scenarios_are_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, SMALL, SMALL | {"name": "bad", "colour": "red"})
    assert main(["--json", path, str(tmp_path / "nothing.yaml")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "bad: colour: there is no such key" in captured.err
    assert "nothing.yaml" in captured.err


def test_scenario_that_the_engine_cannot_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def site_of(scenario: Scenario) -> Site:
        if scenario.name == "small":
            raise Unfit(["small: charger car: it does not fit"])
        return registration.site_of(scenario)

    monkeypatch.setattr(runs, "site_of", site_of)
    path = write(tmp_path, SMALL, SMALL | {"name": "resting", "loads": [CAR | {"mode": "off"}]})
    assert main(["--json", "--once", path]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["name"] == "resting"
    assert captured.err == "small: charger car: it does not fit\n"

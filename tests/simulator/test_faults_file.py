"""Faults in day files: what they may say, what is refused, and how they show in a day's figures."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.clock import HOUR, midnight
from simulator.day_file import day_of, read_day
from simulator.day_run import figures, run_day
from simulator.faults import KINDS, Fault
from simulator.scenario_file import Refused
from simulator.simulate import main

DAYS = Path(__file__).resolve().parents[2] / "simulator" / "days"
GOOD: dict[str, Any] = yaml.safe_load((DAYS / "faults.yaml").read_text())


def with_faults(*faults: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    data["day"]["faults"] = list(faults)
    return data


def read(*faults: Any) -> tuple[Fault, ...]:
    return day_of(with_faults(*faults)).faults


def test_what_is_said_of_a_fault_is_read() -> None:
    start = midnight(GOOD["day"]["date"])
    first, second = read(
        {"at": "17:30", "for_s": 90, "what": "unavailable", "of": "grid A"},
        {"at": "18:00", "for_s": 30, "what": "spike", "of": " circuit  garage B ", "by_a": -40},
    )
    assert first == Fault("unavailable", "grid A", start + 17.5 * HOUR, 90.0)
    assert second == Fault("spike", "circuit garage B", start + 18 * HOUR, 30.0, -40.0)


def test_numbers_have_usual_values() -> None:
    usual = read(
        {"at": "17:30", "for_s": 9, "what": "jump", "of": "grid"},
        {"at": "17:30", "for_s": 9, "what": "delay", "of": "charger left"},
        {"at": "17:30", "for_s": 9, "what": "restart"},
    )
    assert [fault.amount for fault in usual] == [
        KINDS[what].usual for what in ("jump", "delay", "restart")
    ]


ONE = {"at": "17:30", "for_s": 90, "what": "freeze", "of": "grid A"}
REFUSALS = [
    (5, ["faults[1]", "not a mapping"]),
    ({**ONE, "colour": 1}, ["faults[1].colour", "no such key"]),
    ({"what": "restart"}, ["faults[1].at", "missing"]),
    ({**ONE, "at": "noon"}, ["faults[1].at", "no time like"]),
    ({**ONE, "at": "09:00"}, ["faults[1].at", "from 17:00 to 22:00"]),
    ({**ONE, "for_s": 0}, ["faults[1].for_s", "less than 1"]),
    ({**ONE, "what": "explode"}, ["faults[1].what", "not one of freeze, vanish"]),
    ({**ONE, "of": "grid D"}, ["faults[1].of", "there is no 'grid D'", "circuit garage"]),
    ({**ONE, "of": "charger left"}, ["faults[1].of", "of a sensor", "is a charger"]),
    ({**ONE, "what": "offline"}, ["faults[1].of", "of a charger", "'grid A' is a sensor"]),
    ({**ONE, "what": "restart"}, ["faults[1].of", "whole house"]),
    ({**ONE, "of": ""}, ["faults[1].of", "it is missing"]),
    ({**ONE, "by_a": 5}, ["faults[1].by_a", "takes no such number"]),
    ({**ONE, "what": "jump", "by_a": "far"}, ["faults[1].by_a", "not a number"]),
]


@pytest.mark.parametrize(("fault", "words"), REFUSALS, ids=[str(f) for f, _ in REFUSALS])
def test_refused(fault: Any, words: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read(fault)
    errors = refused.value.errors
    assert all(error.startswith("faults: day.faults") for error in errors)
    assert any(all(word in error for word in words) for error in errors), errors


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read(ONE, {**ONE, "of": "grid D", "for_s": -1}, {**ONE, "what": "x"})
    told = "\n".join(refused.value.errors)
    for place in ("faults[2].of", "faults[2].for_s", "faults[3].what"):
        assert place in told
    assert "faults[1]" not in told


def test_faults_are_no_list() -> None:
    data = copy.deepcopy(GOOD)
    data["day"]["faults"] = {"at": "17:30"}
    with pytest.raises(Refused, match="not a list"):
        day_of(data)


def test_a_day_tells_of_its_faults() -> None:
    day = read_day(DAYS / "faults.yaml")
    record = run_day(replace(day, length_h=0.8))
    told = figures(record)
    assert told["faults"][0] == {
        "at": "17:30:00",
        "for_s": 40.0,
        "what": "grid A: unavailable",
        "over_s": 0,
    }
    assert len(told["faults"]) == len(day.faults)
    events = [event.text for event in record.events if event.kind == "fault"]
    assert events == ["grid A: unavailable", "grid A: unavailable is over", "grid: vanish"]


def test_a_day_without_faults_says_nothing_of_them() -> None:
    told = figures(run_day(replace(read_day(DAYS / "winter.yaml"), length_h=0.05)))
    assert "faults" not in told


def test_table_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = copy.deepcopy(GOOD)
    data["day"] |= {"length_h": 0.1, "faults": [{**ONE, "at": "17:02"}]}
    path = tmp_path / "short.yaml"
    path.write_text(yaml.safe_dump(data))
    picture = tmp_path / "day.png"
    assert main(["--day", "--picture", str(picture), str(path)]) == 0
    out = capsys.readouterr().out
    assert "17:02:00 for 90 s" in out
    assert "grid A: freeze" in out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["--day", "--json", "--picture", str(picture), str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["calls_failed"] == 0

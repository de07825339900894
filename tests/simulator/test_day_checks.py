"""Houses that are wired as they should be are warned of nothing: parts of simulated days.

The nights are when signs are judged, the hours of clouds and of the battery when most moves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from loadjuggler.site.model import MAIN

from simulator.day import Day
from simulator.day_file import read_day
from simulator.day_run import Watched
from simulator.living import Living

DAYS = Path(__file__).resolve().parents[2] / "simulator" / "days"
STEP_S = 10.0


def warned_of(living: Living, end: float) -> list[str]:
    """What a house is told until `end`: sentences about its wiring, by code."""
    codes: dict[str, None] = {}
    while living.house.now < end:
        living.step(STEP_S)
        doubts = living.memory.checks.by_key.values()
        codes |= dict.fromkeys(doubt.code for doubt in doubts if doubt.told)
    return list(codes)


def part(name: str, start_h: float, length_h: float) -> Day:
    return replace(read_day(DAYS / f"{name}.yaml"), start_h=start_h, length_h=length_h)


@pytest.mark.parametrize(
    ("name", "start_h", "length_h"),
    [
        ("winter", 21.0, 5.0),
        ("clear", 22.5, 1.5),
        ("clear", 6.0, 4.0),
        ("broken-clouds", 10.0, 4.0),
        ("demo", 19.0, 4.0),
        ("faults", 17.0, 3.0),
    ],
)
def test_a_house_that_is_wired_right(name: str, start_h: float, length_h: float) -> None:
    day = part(name, start_h, length_h)
    living = Watched.of(day).record.living
    assert warned_of(living, day.end) == []
    at = living.memory.checks.looked_at
    assert at is not None
    assert living.house.now - at <= STEP_S


def test_the_same_evening_with_the_sign_of_the_meter_turned_round() -> None:
    """Two cars charge on an empty battery: kilowatts that look like export."""
    day = part("winter", 20.0, 4.0)
    living = Watched.of(day).record.living
    circuit = living.site.circuits[MAIN]
    assert circuit.meter is not None
    turned = replace(circuit, meter=replace(circuit.meter, invert=True))
    living.site = replace(living.site, circuits={**living.site.circuits, MAIN: turned})
    assert warned_of(living, day.end) == ["setup_meter_sign"]


def test_the_same_day_with_the_sign_of_the_battery_turned_round() -> None:
    day = part("clear", 6.0, 4.0)
    living = Watched.of(day).record.living
    battery = living.site.battery
    assert battery is not None
    living.site = replace(living.site, battery=replace(battery, invert=not battery.invert))
    assert warned_of(living, day.end) == ["setup_battery_sign"]

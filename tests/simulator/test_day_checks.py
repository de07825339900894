"""Houses that are wired as they should be are warned of nothing: parts of simulated days.

The nights are when signs are judged, the hours of clouds and of the battery when most moves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.day_file import read_day
from simulator.day_run import Watched
from simulator.living import Living

DAYS = Path(__file__).resolve().parents[2] / "simulator" / "days"
STEP_S = 5.0


@pytest.mark.parametrize(
    ("name", "start_h", "length_h"),
    [
        ("winter", 23.5, 1.5),
        ("clear", 22.5, 1.5),
        ("clear", 8.0, 1.0),
        ("broken-clouds", 12.0, 1.0),
        ("demo", 21.0, 2.0),
    ],
)
def test_a_house_that_is_wired_right(name: str, start_h: float, length_h: float) -> None:
    day = replace(read_day(DAYS / f"{name}.yaml"), start_h=start_h, length_h=length_h)
    living = Watched.of(day).record.living
    while living.house.now < day.end:
        living.step(STEP_S)
        told = [doubt for doubt in living.memory.checks.by_key.values() if doubt.told]
        assert told == []
    assert looked(living)


def looked(living: Living) -> bool:
    """Whether the checks have looked at this house until its end."""
    at = living.memory.checks.looked_at
    return at is not None and living.house.now - at < 20

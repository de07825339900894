"""A meter that has been silent for over a minute: who goes on with how much, and what stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.fallback import (
    goes_on_with_a,
    highest_unmanaged,
    remember_peaks,
    silent_above,
)
from loadjuggler.measure.readings import LoadReading, MeterReading, Readings
from loadjuggler.memory.limits import Seen
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, plug_form, site_form
from .readings import charging

SITE = House.of(
    site_form("A"),
    circuit_form("floor", 25, metered="A"),
    circuit_form("garage", 20, metered="A", parent="floor"),
    circuit_form("shed", 16),
    charger_form("car", "A", circuit="garage", fallback_current_a=7),
    plug_form("boiler", circuit="floor"),
    plug_form("pump", circuit="shed"),
).site
CAR = charging(
    draw=PerPhase(9.0),
    draw_at=0.0,
    command_a=12.0,
)
PLUG = replace(CAR, mode="continuous", min_a=10.0, max_a=10.0, on=True, command_a=10.0)
OK, STALE = MeterReading(PerPhase(1.0)), MeterReading(PerPhase(), stale=True)


def read(at: float = 0.0, **values: Any) -> Readings:
    """`values` are meters by breaker, or loads."""
    meters = {k: v for k, v in values.items() if isinstance(v, MeterReading)}
    loads = {k: v for k, v in values.items() if isinstance(v, LoadReading)}
    return Readings(
        at,
        {"main": OK, "floor": OK, "garage": OK, **meters},
        {},
        {"car": CAR, "boiler": PLUG, "pump": PLUG, **loads},
        "priority",
        None,
        0.0,
    )


@pytest.mark.parametrize(
    ("meters", "right"),
    [
        pytest.param({}, {}, id="all meters are heard"),
        pytest.param({"garage": STALE}, {"car": "garage"}, id="those behind it"),
        pytest.param(
            {"floor": STALE}, {"car": "floor", "boiler": "floor"}, id="and behind breakers below it"
        ),
        pytest.param(
            {"floor": STALE, "garage": STALE},
            {"car": "garage", "boiler": "floor"},
            id="of two the nearest",
        ),
        pytest.param(
            {"main": STALE}, {"car": "main", "boiler": "main", "pump": "main"}, id="all of them"
        ),
    ],
)
def test_which_loads_have_a_silent_meter_above_them(
    meters: dict[str, MeterReading], right: dict[str, str]
) -> None:
    """Main > floor (boiler) > garage (car); main > shed (pump), which has no meter."""
    assert silent_above(SITE, read(**meters)) == right


@pytest.mark.parametrize(
    ("load", "reading", "right"),
    [
        pytest.param("car", CAR, 7.0, id="its fallback current"),
        pytest.param("car", replace(CAR, command_a=6.0), 6.0, id="no more than it was told"),
        pytest.param("car", replace(CAR, command_a=0.0), 0.0, id="told 0 A, though it draws"),
        pytest.param(
            "car", replace(CAR, command_a=None, draw=PerPhase(5.0)), 5.0, id="or than it draws"
        ),
        pytest.param("car", replace(CAR, mode="solar_only"), 0.0, id="one that lives from the sun"),
        pytest.param("car", replace(CAR, mode="solar_priority"), 7.0, id="its minimum does not"),
        pytest.param("boiler", PLUG, 10.0, id="a plug that is on stays on"),
        pytest.param("boiler", replace(PLUG, on=False), 0.0, id="one that is off stays off"),
        pytest.param("boiler", replace(PLUG, mode="excess"), 0.0, id="one that lives from excess"),
    ],
)
def test_with_how_much_a_load_goes_on(load: str, reading: LoadReading, right: float) -> None:
    assert goes_on_with_a(SITE, read(**{load: reading}), load) == right


def test_the_highest_of_each_phase_stands_in() -> None:
    """Peaks of 3, 9 and 5 A in three minutes; of another phase, and of one without any."""
    peaks = {
        ("main", "A"): ((1, 3.0), (2, 9.0), (3, 5.0)),
        ("main", "C"): ((3, 2.0),),
        ("garage", "A"): (),
    }
    assert highest_unmanaged(Memory(peaks=peaks)) == {"main": PerPhase(9.0, None, 2.0)}


MINUTE = 100


@pytest.mark.parametrize(
    ("known", "seen_a", "right"),
    [
        pytest.param((), 4.0004, ((MINUTE, 4.0),), id="the first"),
        pytest.param(
            ((99, 3.0),), 4.0, ((99, 3.0), (MINUTE, 4.0)), id="a new minute has its own peak"
        ),
        pytest.param(((MINUTE, 3.0),), 4.0, ((MINUTE, 4.0),), id="a higher one in this minute"),
        pytest.param(((MINUTE, 5.0),), 4.0, ((MINUTE, 5.0),), id="a lower one"),
        pytest.param(
            ((99, 5.0), (MINUTE, 3.0)), 4.0, ((99, 5.0), (MINUTE, 4.0)), id="of this minute only"
        ),
        pytest.param(
            ((85, 8.0), (86, 7.0)), 4.0, ((86, 7.0), (MINUTE, 4.0)), id="15 min ago is too old"
        ),
        pytest.param(((101, 9.0),), 4.0, ((MINUTE, 4.0),), id="a clock that was set back"),
    ],
)
def test_the_peaks_of_the_last_quarter_of_an_hour(
    known: tuple[tuple[int, float], ...], seen_a: float, right: tuple[tuple[int, float], ...]
) -> None:
    memory = Memory(peaks={("main", "A"): known} if known else {})
    now = MINUTE * 60.0 + 30.0
    seen = {("main", "A"): Seen(seen_a, ((now, seen_a),))}
    assert remember_peaks(memory, read(now), seen, Options()) == {("main", "A"): right}


def test_the_peaks_of_a_meter_that_gives_nothing_stay_and_of_one_that_is_gone_go() -> None:
    known = {("main", "A"): ((50, 9.0),), ("garage", "A"): ((99, 3.0),), ("old", "A"): ((99, 1.0),)}
    seen = {key: Seen(4.0, ((6000.0, 4.0),)) for key in (("main", "A"), ("garage", "A"))}
    lost = MeterReading(PerPhase(1.0), missing=("sensor.grid_a",))
    found = remember_peaks(Memory(peaks=known), read(6000.0, main=lost), seen, Options())
    assert found == {("main", "A"): ((50, 9.0),), ("garage", "A"): ((99, 3.0), (MINUTE, 4.0))}

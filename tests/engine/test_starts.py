"""Since when there is room for a load that is off, and for how long there must be: tables.

A solar-only car of 6 to 16 A; after a stop it stays off for 3 min, and sun must last for 20 s.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.control.starts import begins, lasts_s, seen
from loadjuggler.limits.constraints import Ask, Row, Rows
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import share_out
from loadjuggler.units import PerPhase

from .house import House, charger_form, site_form
from .memories import remembered
from .readings import charging

NOW = 100_000.0
START_S = 20.0
SITE = House.of(site_form("A"), charger_form("car", "A", mode="solar_only")).site
CAR = SITE.loads["car"]


def car(**values: Any) -> LoadReading:
    """The car, which is told 0 A."""
    return charging(**{"mode": "solar_only", "command_a": 0.0, **values})


@pytest.mark.parametrize(
    ("reading", "known", "waits"),
    [
        pytest.param(car(), {}, True, id="neither started nor stopped"),
        pytest.param(car(active=False), {}, False, id="there is no car that could wait"),
        pytest.param(car(mode="standard"), {}, False, id="it may take from the grid"),
        pytest.param(car(mode="solar_priority"), {}, False, id="its minimum may"),
        pytest.param(car(), {"new": True}, False, id="its mode was set in this run"),
        pytest.param(car(), {"started_at": NOW - 5.0}, False, id="it was started"),
        pytest.param(car(), {"stopped_at": NOW - 5.0}, False, id="it was stopped: it pauses"),
        pytest.param(car(), {"rest_until": NOW + 5.0}, False, id="it rests"),
        pytest.param(car(command_a=None, draw=PerPhase(6.0)), {}, False, id="it was found running"),
        pytest.param(car(command_a=None, draw=PerPhase(1.0)), {}, True, id="1 A is no running"),
        pytest.param(car(command_a=None, draw=PerPhase(0.0)), {}, True, id="found off"),
        pytest.param(
            car(command_a=6.0, draw=PerPhase(6.0)), {}, True, id="told its minimum without a car"
        ),
    ],
)
def test_a_load_that_lives_from_the_sun_has_yet_to_begin(
    reading: LoadReading, known: dict[str, Any], waits: bool
) -> None:
    assert begins(reading, remembered(**known).delays) == waits


@pytest.mark.parametrize(
    ("mode", "known", "needs_s"),
    [
        pytest.param("solar_only", {}, 20.0, id="sun for a first start"),
        pytest.param("standard", {}, 0.0, id="a first start from the grid"),
        pytest.param(
            "solar_only", {"stopped_at": NOW - 9.0, "stopped_for": "surplus"}, 180.0, id="a pause"
        ),
        pytest.param(
            "standard",
            {"stopped_at": NOW - 3599.0, "stopped_for": "circuit main"},
            180.0,
            id="a breaker, for less than 20 pauses",
        ),
        pytest.param(
            "standard",
            {"stopped_at": NOW - 3600.0, "stopped_for": "circuit main"},
            0.0,
            id="for 20 pauses: it is tried",
        ),
        pytest.param(
            "solar_only",
            {"stopped_at": NOW - 3600.0, "stopped_for": "circuit main"},
            20.0,
            id="but with sun that lasts",
        ),
        pytest.param(
            "solar_only",
            {"stopped_at": NOW - 9999.0, "stopped_for": "makes_way"},
            180.0,
            id="no try without sun for as long as a pause",
        ),
    ],
)
def test_for_how_long_there_must_have_been_room(
    mode: str, known: dict[str, Any], needs_s: float
) -> None:
    delays = remembered(**known).delays
    assert lasts_s(CAR, car(mode=mode), delays, NOW, START_S) == needs_s


def after(
    reading: LoadReading,
    known: dict[str, Any],
    wished: dict[str, bool | None] | None = None,
    room_a: float = 10.0,
    silent: tuple[str, ...] = (),
) -> tuple[float | None, float | None]:
    """Since when there is room for the car after this run, and since when it is gone again, in s.

    `room_a` is what would be available for it if it has no car.
    """
    ask = Ask("car", 6.0, 16.0, 0.1, (0.0, 5.0, "car"), active=reading.active)
    shares = share_out([ask], Rows([Row(RowKind.CIRCUIT, room_a, {"car": 1.0})]), "priority")
    readings = Readings(NOW, {}, {}, {"car": reading}, "priority", None, 0.0)
    memory = Memory(loads={"car": remembered(**known)})
    found = seen(SITE, readings, memory, wished or {}, shares, silent, START_S)
    delays = found.get("car", memory.load("car")).delays
    return tuple(None if at is None else NOW - at for at in (delays.free_at, delays.gone_at))  # type: ignore[return-value]


FREE = {"free_at": NOW - 100.0}


@pytest.mark.parametrize(
    ("wished", "right"),
    [
        pytest.param({"car": True}, (100.0, None), id="there is room: it goes on"),
        pytest.param({"car": None}, (100.0, 0.0), id="no sun: from now on a gap"),
        pytest.param({"car": False}, (None, None), id="no room below a breaker ends it"),
        pytest.param({}, (100.0, None), id="it does not pause: nothing changes"),
    ],
)
def test_room_for_a_load_that_pauses(
    wished: dict[str, bool | None], right: tuple[float | None, float | None]
) -> None:
    assert after(car(), FREE, wished) == right
    assert after(car(), FREE, wished, silent=("car",)) == (100.0, None), "nothing is known there"


def test_of_sun_before_a_gap_no_more_counts_than_a_pause() -> None:
    """Without a bound, a day of sun would take a night of darkness to be used up."""
    assert after(car(), {"free_at": NOW - 30_000.0}, {"car": None}) == (180.0, 0.0)


@pytest.mark.parametrize(
    ("reading", "room_a", "right"),
    [
        pytest.param(car(active=False), 6.0, (100.0, None), id="sun for its minimum"),
        pytest.param(car(active=False), 5.9, (20.0, 0.0), id="less: a gap after 20 s at most"),
        pytest.param(car(active=True), 5.9, (100.0, None), id="its car is there, and it runs"),
        pytest.param(
            car(active=False, mode="standard"), 5.9, (100.0, None), id="it does not need the sun"
        ),
    ],
)
def test_since_when_there_is_sun_is_counted_while_there_is_no_car(
    reading: LoadReading, room_a: float, right: tuple[float | None, float | None]
) -> None:
    """So the next car starts at once where the sun has lasted (decision 34)."""
    assert after(reading, FREE, room_a=room_a) == right


def test_sun_that_comes_while_there_is_no_car_is_noted() -> None:
    assert after(car(active=False), {}) == (0.0, None)
    assert after(car(active=False), {}, room_a=5.9) == (None, None)

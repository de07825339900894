"""Loads that live from the sun wait for the battery's next report before they are raised again.

What the battery took before the raise would be handed out twice. Example: a battery charges with
2 kW and reports every 20 s; a car is raised by 2 kW at 0 s. Until the battery has said that it
takes nothing any more, its 2 kW still look like room.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from loadjuggler.control.pace import pace
from loadjuggler.control.pace_inputs import PaceInputs
from loadjuggler.limits.constraints import Ask, Row, Rows
from loadjuggler.measure.readings import LoadReading
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.reasons import RowKind
from loadjuggler.sharing.allocate import share_out
from loadjuggler.sharing.demand import unsettled
from loadjuggler.units import PerPhase

from .house import BATTERY, SUN, House, charger_form, site_form
from .memories import remembered

NOW = 10_000.0
EVERY_S = 20.0


def who_waits(
    *, raised_s: float, reported_s: float, load: str = "sunny", **site: object
) -> set[str]:
    """Who waits when `load` was raised, and the battery has reported, so long ago (s)."""
    house = House.of(
        site_form("A", **{**SUN, **BATTERY, **site}),
        charger_form("sunny", "A", mode="solar_only"),
        charger_form("grid", "A", mode="standard"),
    )
    outcome = house.run()
    readings = outcome.trace.readings
    energy = replace(readings.energy, reported_at=NOW - reported_s)
    readings = replace(readings, at=NOW, energy=energy)
    memory = Memory(loads={load: remembered(raised_at=NOW - raised_s)})
    memory = replace(memory, battery=replace(memory.battery, every_s=EVERY_S))
    return set(unsettled(house.site, readings, memory, Options()))


@pytest.mark.parametrize(
    ("raised_s", "reported_s", "waits"),
    [
        pytest.param(10.0, 15.0, True, id="no report since the raise"),
        pytest.param(10.0, 6.0, True, id="a report 4 s after the raise: the car has 5 s to follow"),
        pytest.param(10.0, 4.0, False, id="a report 6 s after the raise shows it"),
        pytest.param(39.0, 45.0, True, id="silent for less than twice its usual 20 s"),
        pytest.param(41.0, 45.0, False, id="silent for longer: it has nothing new to say"),
    ],
)
def test_who_lives_from_the_sun_waits_for_the_battery(
    raised_s: float, reported_s: float, waits: bool
) -> None:
    found = who_waits(raised_s=raised_s, reported_s=reported_s)
    assert found == ({"sunny"} if waits else set())


def test_a_load_that_may_take_from_the_grid_is_not_waited_for() -> None:
    assert who_waits(raised_s=10.0, reported_s=15.0, load="grid") == set()


def test_where_nothing_may_come_from_the_grid_everybody_waits() -> None:
    found = who_waits(raised_s=10.0, reported_s=15.0, allow_grid_charging=False)
    assert found == {"sunny", "grid"}


@pytest.mark.parametrize(
    ("waits", "told_a"),
    [
        pytest.param(set(), 16.0, id="the battery has reported: 8 A more are taken at once"),
        pytest.param({"car"}, 8.0, id="it has not: the car keeps its 8 A"),
    ],
)
def test_a_load_that_waits_for_the_battery_is_not_raised(waits: set[str], told_a: float) -> None:
    """40 A of room, a car of 6 to 16 A that holds 8 A and was raised 20 s ago: nothing else waits.

    8 A more are within one step of the ramp where that allows 16 A in 15 s.
    """
    options = Options(ramp_a_s=2.0)
    row = Row(RowKind.CIRCUIT, 40.0, {"car": 1.0}, "main", "A", 40.0)
    ask = Ask("car", 6.0, 16.0, 0.1, (2.0, 5.0, "car"))
    gets = share_out([ask], [row], "priority")
    reading = LoadReading(
        status="Charging",
        active=True,
        connected=True,
        mode="solar_only",
        priority=5.0,
        min_a=6.0,
        max_a=16.0,
        legs=(("L1", "A"),),
        draw=PerPhase(8.0),
        draw_at=NOW,
        command_a=8.0,
        commanded_at=NOW - 20.0,
    )
    rows = Rows([row])
    at = PaceInputs(
        now=NOW,
        up_rows=rows,
        lasting_rows=lambda: rows,
        down_rows=rows,
        sources=lambda: rows,
        loads={"car": reading},
        memories={"car": remembered(raised_at=NOW - 20.0)},
        reserved_a=lambda: {"car": 8.0},
        blind=frozenset(),
        silent=(),
        unsettled=lambda: waits,
        options=options,
    )
    assert pace([ask], gets, gets, at)["car"].amps == told_a

"""When a charger is switched between one phase and three: one switch, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.control import phases
from loadjuggler.measure.readings import LoadReading, Readings, SessionReading
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.timers import Phases
from loadjuggler.options import Options
from loadjuggler.site.model import Legs
from loadjuggler.units import PerPhase

from . import memories
from .house import House, charger_form, site_form
from .readings import charging

NOW = 1_000_000.0
HOUSE = House.of(
    site_form("ABC"),
    charger_form("car", mode="solar_only", phase_switch_entity="switch.phases", phase_apart_min=20),
)
THREE: Legs = (("L1", "A"), ("L2", "B"), ("L3", "C"))


def car(on: int | None = 3, **changes: Any) -> LoadReading:
    """A car that charges with its minimum on so many phases."""
    known = charging(
        mode="solar_only",
        legs=THREE[: on or 3],
        draw=PerPhase(0.0, 0.0, 0.0),
        draw_at=NOW,
        command_a=0.0,
        commanded_at=NOW - 60.0,
        session=SessionReading(7, on),
    )
    return replace(known, **changes)


def after(known: Phases, reading: LoadReading, on_three_a: float, on_one_a: float) -> Phases:
    """What is to be remembered if it would get so much of the sun on three legs, and on one."""

    def would_get_a(_load: str, legs: Legs) -> float:
        return on_one_a if len(legs) == 1 else on_three_a

    memory = replace(memories.NOTHING_KNOWN, phases=known)
    readings = Readings(NOW, {}, {}, {"car": reading}, "priority", None, 0.0)
    changed = phases.update(
        HOUSE.site, readings, Memory(loads={"car": memory}), would_get_a, Options()
    )
    return changed.load("car").phases


def ago(seconds: float) -> float:
    return NOW - seconds


@pytest.mark.parametrize(
    ("known", "to", "wish_s"),
    [
        pytest.param(Phases(), None, 0.0, id="it is better from now on"),
        pytest.param(Phases(wish_at=ago(119)), None, 119.0, id="for a second less than 2 min"),
        pytest.param(Phases(wish_at=ago(120)), 1, None, id="for 2 min"),
        pytest.param(Phases(wish_at=NOW + 60), None, 0.0, id="a clock was set back since"),
        pytest.param(
            Phases(wish_at=ago(300), switched_at=ago(1199)), None, 300.0, id="20 min are not over"
        ),
        pytest.param(Phases(wish_at=ago(300), switched_at=ago(1200)), 1, None, id="20 min are"),
        pytest.param(
            Phases(wish_at=ago(300), switched_at=NOW + 60), 1, None, id="its last change is ahead"
        ),
    ],
)
def test_one_phase_must_have_been_the_better_number_for_two_minutes(
    known: Phases, to: int | None, wish_s: float | None
) -> None:
    """On three phases there is nothing for it, on one 10 A. Two changes are 20 min apart."""
    found = after(known, car(3), 0.0, 10.0)
    assert (found.to, found.wish_at) == (to, None if wish_s is None else ago(wish_s))
    if to is not None:
        assert found.since == NOW


@pytest.mark.parametrize(
    ("reading", "on_three_a", "on_one_a", "to"),
    [
        pytest.param(car(3), 0.0, 10.0, 1, id="nothing for three, something for one"),
        pytest.param(car(3), 0.0, 0.0, None, id="nothing for one either: it waits as it is"),
        pytest.param(car(3), 6.0, 16.0, None, id="enough for three"),
        pytest.param(car(1), 6.7, 16.0, 3, id="over 1.1 times the minimum of 6 A for three"),
        pytest.param(car(1), 6.5, 16.0, None, id="less than 6.6 A"),
        pytest.param(car(None), 0.0, 10.0, None, id="nobody knows on how many it is"),
        pytest.param(car(3, legs=THREE[:1]), 0.0, 10.0, None, id="the car uses one anyway"),
        pytest.param(car(3, active=False), 0.0, 10.0, None, id="no car"),
        pytest.param(car(3, connected=False), 0.0, 10.0, None, id="it can't be told"),
        pytest.param(car(1, mode="off"), 16.0, 16.0, None, id="it is off"),
        pytest.param(
            car(3, mode="solar_priority"), 0.0, 0.0, 1, id="its minimum anyway: less on one"
        ),
        pytest.param(car(3, mode="standard"), 0.0, 10.0, None, id="from the grid: on three"),
        pytest.param(car(1, mode="standard"), 0.0, 10.0, 3, id="from the grid, and on one"),
    ],
)
def test_which_number_is_the_better_one(
    reading: LoadReading, on_three_a: float, on_one_a: float, to: int | None
) -> None:
    assert after(Phases(wish_at=ago(300)), reading, on_three_a, on_one_a).to == to


@pytest.mark.parametrize(
    ("known", "reading", "expected"),
    [
        pytest.param(
            Phases(to=1, since=ago(119)), car(3), "goes on", id="the car has 2 min to stop"
        ),
        pytest.param(Phases(to=1, since=ago(120)), car(3), "given up", id="it did not stop"),
        pytest.param(Phases(to=1, since=ago(30)), car(3, active=False), "ended", id="it has left"),
        pytest.param(
            Phases(to=1, since=ago(200), switched_at=ago(119)),
            car(3),
            "goes on",
            id="the switch has 2 min to change",
        ),
        pytest.param(
            Phases(to=1, since=ago(200), switched_at=ago(120)),
            car(3),
            "given up",
            id="the switch did not change",
        ),
        pytest.param(
            Phases(to=1, since=ago(60), switched_at=ago(19)),
            car(1),
            "goes on",
            id="it has changed, and settles for 20 s",
        ),
        pytest.param(
            Phases(to=1, since=ago(60), switched_at=ago(20)), car(1), "done", id="it has settled"
        ),
        pytest.param(
            Phases(to=1, since=ago(60), switched_at=ago(900)),
            car(1),
            "goes on",
            id="it was called for an earlier change, so this one has yet to be",
        ),
    ],
)
def test_a_change_ends_when_the_switch_has_changed_or_time_is_up(
    known: Phases, reading: LoadReading, expected: str
) -> None:
    ended = replace(known, to=None, since=None)
    results = {
        "goes on": known,
        "done": ended,
        "ended": ended,
        "given up": replace(ended, switched_at=NOW, failed=True),
    }
    assert after(known, reading, 0.0, 10.0) == results[expected]


@pytest.mark.parametrize(
    ("known", "changes", "due"),
    [
        pytest.param({}, {}, True, id="the car has stopped, and has said so since"),
        pytest.param({"to": None}, {}, False, id="nothing is to be changed"),
        pytest.param({}, {"command_a": 6.0}, False, id="it was not told to stop"),
        pytest.param({}, {"active": False}, False, id="no car"),
        pytest.param({}, {"draw_at": ago(60)}, False, id="it has said nothing since"),
        pytest.param({}, {"draw_at": None}, False, id="it never said anything"),
        pytest.param({}, {"draw": PerPhase(1.0, 0.0, 0.0)}, True, id="1 A is as good as nothing"),
        pytest.param({}, {"draw": PerPhase(1.1, 0.0, 0.0)}, False, id="it still draws 1.1 A"),
        pytest.param({"switched_at": ago(30)}, {}, False, id="the switch was called already"),
        pytest.param({"switched_at": ago(90)}, {}, True, id="that was for an earlier change"),
    ],
)
def test_the_switch_is_called_once_the_car_has_stopped(
    known: dict[str, Any], changes: dict[str, Any], due: bool
) -> None:
    """It was told 0 A a minute ago, to be switched to one phase."""
    memory = replace(memories.NOTHING_KNOWN, phases=replace(Phases(to=1, since=ago(60)), **known))
    assert phases.due(car(3, **changes), memory, Options()) is due

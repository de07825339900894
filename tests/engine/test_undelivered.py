"""Loads that can't be told anything: from when on that is told, and what they hold; tables."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.control.undelivered import held_a, reasons
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.reasons import Reason
from loadjuggler.units import PerPhase

from .house import House, charger_form, site_form
from .memories import remembered
from .readings import charging

NOW = 10_000.0
SITE = House.of(site_form("A"), charger_form("car", "A")).site


def found(car: LoadReading, **calls: Any) -> Reason | None:
    """Why nothing that the car is told arrives."""
    readings = Readings(NOW, {}, {"main": 25.0}, {"car": car}, "priority", None, 0.0)
    memory = Memory(loads={"car": remembered(**calls)})
    return reasons(SITE, readings, memory, Options()).get("car")


@pytest.mark.parametrize(
    ("failures", "for_s", "told"),
    [
        pytest.param(0, 100.0, False, id="the last call went through"),
        pytest.param(1, 100.0, False, id="one call may have been lost on its way"),
        pytest.param(2, 14.9, False, id="not for 15 s yet"),
        pytest.param(2, 15.0, True, id="twice, for 15 s"),
        pytest.param(2, None, False, id="nobody knows since when"),
    ],
)
def test_calls_that_fail_twice_and_for_15_s_are_told(
    failures: int, for_s: float | None, told: bool
) -> None:
    """Product.md section 6."""
    since = None if for_s is None else NOW - for_s
    reason = found(charging(command_a=10.0), failures=failures, failing_since=since)
    assert (reason is not None) == told


@pytest.mark.parametrize(
    ("car", "reason", "held"),
    [
        pytest.param(
            charging(command_a=10.0, draw=PerPhase(7.0)),
            Reason("not_told", {"error": "no answer", "failing_s": 20.0, "kept_a": 10.0}),
            10.0,
            id="it holds the last command that went through, whatever it draws",
        ),
        pytest.param(
            charging(command_a=0.0, draw=PerPhase(7.0)),
            Reason("not_told", {"error": "no answer", "failing_s": 20.0, "kept_a": 0.0}),
            0.0,
            id="that may be 0 A",
        ),
        pytest.param(
            charging(draw=PerPhase(7.04)),
            Reason("never_told", {"error": "no answer", "failing_s": 20.0, "draw_a": 7.0}),
            7.04,
            id="without one it holds what it draws",
        ),
    ],
)
def test_what_a_load_that_can_not_be_told_holds(
    car: LoadReading, reason: Reason, held: float
) -> None:
    why = found(car, failures=3, failing_since=NOW - 20.0, error="no answer")
    readings = Readings(NOW, {}, {"main": 25.0}, {"car": car}, "priority", None, 0.0)
    assert why == reason
    assert held_a(readings, {"car": reason}) == {"car": held}

"""Odd devices of simulated houses, and the random houses that have them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator import names
from simulator.chaos.chance import episode
from simulator.devices import Car, Habits, Visit
from simulator.house import House, Life
from simulator.quirks import PLAIN, Late, Quirks
from simulator.scenario import MAIN, Solar
from simulator.scenario_file import read_all

THREE = {"L1": "A", "L2": "B", "L3": "C"}


def house(quirks: Quirks = PLAIN, measures: str = "legs", leaves_s: float = 100.0) -> House:
    """A house with a car that comes at 0 s, is offered 16 A, and leaves."""
    data = {
        "name": "test",
        "site": {"main_breaker": 25},
        "loads": [{"id": "car", "type": "charger", "phases": THREE, "status": "Charging"}],
    }
    scenario = replace(read_all([data])[0], solar=Solar(measured=True))
    life = Life(
        cars={"car": Car((Visit(0.0, leaves_s, 30.0),))},
        habits=Habits(untold_a=16.0, report_s=5.0, measures=measures),
        sun=lambda now: 100.0 * now,
        quirks=quirks,
    )
    return House(scenario, life)


def seen(made: House, now: float) -> dict[str, Any]:
    made.advance(now)
    return made.snapshot()


def test_a_charger_with_power_only_shows_no_current() -> None:
    """3 x 16 A at 230 V are 11.04 kW."""
    states = seen(house(measures="power"), 50.0)
    assert names.charger("car", "current_import") not in states
    assert float(states[names.charger("car", "power_active_import")].value) == pytest.approx(11.04)


@pytest.mark.parametrize(("measures", "leg_a"), [("legs", 0.0), ("left", 16.0)])
def test_legs_that_are_kept_after_the_car_has_left(measures: str, leg_a: float) -> None:
    made = house(measures=measures)
    current = names.charger("car", "current_import")
    assert seen(made, 50.0)[current].attributes["L2"] == 16.0
    after = seen(made, 150.0)[current]
    assert float(after.value) == 0.0
    assert after.attributes["L2"] == leg_a


def test_a_late_logger_shows_what_was_as_often_as_it_speaks() -> None:
    """The sun rises by 100 W each second. At 35 s it shows that of 10 s."""
    made = house(Quirks(late_s=20.0, every_s=10.0))
    shown = {now: float(seen(made, float(now))[names.SOLAR].value) for now in range(0, 46, 5)}
    assert shown == {0: 0, 5: 0, 10: 0, 15: 0, 20: 0, 25: 0, 30: 1000, 35: 1000, 40: 2000, 45: 2000}


def test_a_logger_that_is_not_late_shows_what_is() -> None:
    late = Late(0.0, 0.0)
    assert [late.due(now, {"sun": now}) for now in (0.0, 1.0, 2.0)] == [
        {"sun": 0.0},
        {"sun": 1.0},
        {"sun": 2.0},
    ]


def test_half_of_the_random_houses_are_odd_and_each_kind_is_among_them() -> None:
    lives = [episode(5, number).life for number in range(120)]
    plain = [life for life in lives if life.quirks == Quirks() and not life.mistakes]
    assert 60 <= len(plain) <= 100  # those with flashes of sun look plain here
    assert {life.habits.measures for life in lives} == {"legs", "power", "left"}
    assert any(life.quirks.late_s and life.quirks.every_s for life in lives)
    meters = [life.mistakes.meters[MAIN] for life in lives if life.mistakes]
    assert any(meter.unsigned for meter in meters)
    assert any(meter.without for meter in meters)

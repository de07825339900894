"""Forms that may be right, but of which an electrician would ask (docs/decisions/0038)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ..house import SUN, House, charger_form, circuit_form, plug_form, site_form

Form = Mapping[str, Any]


def warnings(*forms: Form) -> tuple[str, ...]:
    """What is told of a house of these forms in its first minute."""
    house = House.of(*forms)
    house.pass_time(60)
    assert house.outcome is not None
    return house.outcome.report.warnings


GARAGE = {"circuit": "garage"}


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        pytest.param(
            (
                site_form(main_breaker_a=35),
                circuit_form("garage", 16),
                charger_form("car", max_current_a=32, **GARAGE),
            ),
            "car: its maximum of 32 A is more than the garage breaker (16 A) carries",
            id="a charger of 32 A alone on a breaker of 16 A",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=35),
                circuit_form("garage", 20),
                charger_form("left", fallback_current_a=10, **GARAGE),
                charger_form("right", fallback_current_a=12, **GARAGE),
            ),
            "left, right hold 22 A together on phase A of the garage breaker, which carries 20 A",
            id="10 A and 12 A without Load Juggler on 20 A",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=25),
                circuit_form("garage", 20, reserve_a=16),
                charger_form("car", **GARAGE),
            ),
            "car needs 6 A, and the garage breaker leaves 4 A at most with its reserve of 16 A",
            id="20 A less 16 A leave no 6 A",
        ),
        pytest.param(
            (site_form(max_import_w=11000, power_buffer_w=8000),),
            "Power buffer: 8 000 W of the import limit of 11 000 W are kept free",
            id="a buffer of 8 of 11 kW",
        ),
        pytest.param(
            (site_form("A", grid_a="sensor.pv_power"),),
            "sensor.pv_power (Meter, phase A, in the form of the site) is named like a sensor",
            id="the sensor of the panels as the meter",
        ),
        pytest.param(
            (site_form(solar_entity="sensor.grid_import"),),
            "sensor.grid_import (Solar power) is named like a meter of the grid",
            id="the meter as the sensor of the panels",
        ),
        pytest.param(
            (site_form(inverter_max_w=5000, inverter_max_phase_w=10000),),
            "Rating per phase: 10 000 W on one phase are more than the 5 000 W",
            id="both ratings of the inverter exchanged",
        ),
    ],
)
def test_what_is_unlikely_is_told_at_once_and_hinders_nothing(
    forms: tuple[Form, ...], says: str
) -> None:
    told = warnings(*forms)
    assert len(told) == 1, told
    assert says in told[0]


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param(
            (site_form(main_breaker_a=25), circuit_form("garage", 40)),
            id="a breaker larger than the one above: that one trips first, and counts first",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=25),
                circuit_form("garage", 20),
                charger_form("left", max_current_a=32, **GARAGE),
                charger_form("right", max_current_a=32, **GARAGE),
            ),
            id="two chargers of 32 A share 20 A: that is what this is for",
        ),
        pytest.param(
            (site_form(main_breaker_a=25), charger_form("car", max_current_a=32)),
            id="a charger of 32 A and a house share 25 A",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=35),
                circuit_form("garage", 16, "ABC"),
                charger_form("car", max_current_a=32, **GARAGE),
            ),
            id="a breaker with a meter has something else behind it",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=20),
                charger_form("left", "A", fallback_current_a=12),
                charger_form("right", "B", fallback_current_a=12),
            ),
            id="12 A each on phases of their own",
        ),
        pytest.param(
            (
                site_form(main_breaker_a=20),
                charger_form("left", fallback_current_a=16),
                charger_form("right", fallback_current_a=0),
            ),
            id="16 A, and the other one stops",
        ),
        pytest.param(
            (site_form(main_breaker_a=25, reserve_a=19), charger_form("car")),
            id="6 A are left for 6 A",
        ),
        pytest.param((site_form(max_import_w=11000, power_buffer_w=5500),), id="half is kept free"),
        pytest.param(
            (site_form(**{f"grid_{p}": f"sensor.solarnet_grid_power_{p}" for p in "abc"}, **SUN),),
            id="grid is in its name",
        ),
        pytest.param(
            (site_form(**{f"grid_{p}": f"sensor.shellyem3_{p}" for p in "abc"}),),
            id="a name that says nothing",
        ),
        pytest.param(
            (site_form(solar_entity="sensor.pv_meter_power"),), id="a meter of the panels"
        ),
        pytest.param((site_form(inverter_max_w=10000, inverter_max_phase_w=3333),), id="a third"),
        pytest.param(
            (site_form(main_breaker_a=10), plug_form("boiler", power_w=3000)),
            id="a plug has no minimum to be asked of",
        ),
    ],
)
def test_what_is_usual_is_not_asked_about(forms: tuple[Form, ...]) -> None:
    assert warnings(*forms) == ()


def test_it_ends_when_the_form_is_changed() -> None:
    house = House.of(site_form(max_import_w=11000, power_buffer_w=8000))
    house.pass_time(60)
    assert house.outcome is not None
    assert len(house.outcome.report.warnings) == 1
    changed = House.of(site_form(max_import_w=11000, power_buffer_w=1000))
    changed.memory, changed.now = house.memory, house.now
    changed.pass_time(15)
    assert changed.outcome is not None
    assert changed.outcome.report.warnings == ()


def test_the_lowest_of_several_breakers_is_named() -> None:
    """12 + 12 A are too much for both; the garage has to be put right, and then both are."""
    told = warnings(
        site_form(main_breaker_a=20),
        circuit_form("garage", 16),
        charger_form("left", fallback_current_a=12, **GARAGE),
        charger_form("right", fallback_current_a=12, **GARAGE),
    )
    assert [text.count("garage breaker") for text in told] == [1]

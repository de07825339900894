"""One entity in two places of the forms, and amounts that leave nothing: refused, or left alone.

A refusal names the field as its form shows it, and where else the entity is used.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import BATTERY, OUTPUTS, charger_form, circuit_form, plug_form, site_form, wire_forms
from .numbers import number_form

Form = dict[str, Any]
GARAGE = circuit_form("garage", 20, metered="ABC")


def refused(*forms: Form) -> dict[str, tuple[str, ...]]:
    """The errors by node of these forms; each of them is good beside a site."""
    head = () if any(one["kind"] == "site" for one in forms) else (site_form(),)
    return dict(wire_forms(*head, *forms).refused)


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        pytest.param(
            [site_form(grid_b="sensor.grid_a")],
            "Meter, phase B: sensor.grid_a is used as 'Meter, phase A' already.",
            id="one sensor on two phases",
        ),
        pytest.param(
            [site_form(grid_total_entity="sensor.grid_c")],
            "Total power: sensor.grid_c is used as 'Meter, phase C' already.",
            id="one phase as the total of three",
        ),
        pytest.param(
            [site_form(solar_entity="sensor.grid_a")],
            "Solar power: sensor.grid_a is used as 'Meter, phase A' already.",
            id="the meter as the sun",
        ),
        pytest.param(
            [site_form(**{**BATTERY, "battery_power_entity": "sensor.soc"})],
            "Battery power: sensor.soc is used as 'State of charge' already.",
            id="the charge of a battery as its power",
        ),
        pytest.param(
            [site_form(**{**OUTPUTS, "inverter_c": "sensor.inverter_b"})],
            "Output, phase C: sensor.inverter_b is used as 'Output, phase B' already.",
            id="one output on two phases",
        ),
        pytest.param(
            [site_form(main_breaker_entity="sensor.grid_a")],
            "Main breaker from an entity: sensor.grid_a is used as 'Meter, phase A' already.",
            id="what flows as the limit of it",
        ),
        pytest.param(
            [site_form(solar_entity="sensor.loadjuggler_surplus")],
            "Solar power: sensor.loadjuggler_surplus is made by Load Juggler itself.",
            id="our own word as the sun",
        ),
    ],
)
def test_a_site_that_uses_one_entity_twice_is_refused(forms: list[Form], says: str) -> None:
    assert refused(*forms) == {"site": (says,)}


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        pytest.param(
            [circuit_form("cellar", 16, meter_a="sensor.grid_a")],
            "Meter, phase A: sensor.grid_a is used by 'Home' already.",
            id="the main meter as that of a breaker below",
        ),
        pytest.param(
            [GARAGE, circuit_form("cellar", 16, meter_b="sensor.garage_a")],
            "Meter, phase B: sensor.garage_a is used by 'garage' already, as 'Meter, phase A'.",
            id="one meter for two breakers",
        ),
        pytest.param(
            [number_form("car", current_entity="sensor.grid_a")],
            "Current: sensor.grid_a is used by 'Home' already, as 'Meter, phase A'.",
            id="the main meter as the current of a car",
        ),
        pytest.param(
            [
                number_form("one", current_entity="sensor.x"),
                number_form("two", power_entity="sensor.x"),
            ],
            "Power: sensor.x is used by 'one' already, as 'Current'.",
            id="one sensor for two cars",
        ),
        pytest.param(
            [
                number_form("one", current_entity="sensor.x"),
                plug_form("pump", power_entity="sensor.x"),
            ],
            "Power sensor: sensor.x is used by 'one' already, as 'Current'.",
            id="one sensor for a car and a plug",
        ),
        pytest.param(
            [
                charger_form(
                    "car",
                    current_l1_entity="sensor.x",
                    current_l2_entity="sensor.x",
                    current_l3_entity="sensor.y",
                )
            ],
            "Current L2: sensor.x is used as 'Current L1' already. "
            "One sensor for all legs goes into 'Current'.",
            id="one sensor on two legs",
        ),
        pytest.param(
            [plug_form("one", switch="switch.x"), plug_form("two", switch="switch.x")],
            "Switch: switch.x is used by 'one' already.",
            id="one switch for two plugs",
        ),
        pytest.param(
            [number_form("car", switch_entity="switch.x", phase_switch_entity="switch.x")],
            "Switch for phases: switch.x is used as 'On/off switch' already.",
            id="one switch for phases and for on and off",
        ),
        pytest.param(
            [
                charger_form("one", pause_entity="switch.x"),
                charger_form("two", pause_entity="switch.x"),
            ],
            "Switch that pauses it: switch.x is used by 'one' already.",
            id="one switch that pauses two stations",
        ),
        pytest.param(
            [number_form("car", max_current_entity="number.car")],
            "Maximum current from an entity: number.car is used as 'Current setting' already.",
            id="a setting as its own maximum",
        ),
        pytest.param(
            [number_form("car", current_entity="number.car")],
            "Current: number.car is used as 'Current setting' already.",
            id="what is set as what flows",
        ),
        pytest.param(
            [number_form("car", current_entity="sensor.loadjuggler_car_allocated_current")],
            "Current: sensor.loadjuggler_car_allocated_current is made by Load Juggler itself.",
            id="what we have allocated as what flows",
        ),
    ],
)
def test_the_later_of_two_places_is_refused(forms: list[Form], says: str) -> None:
    found = refused(*forms)
    assert list(found) == [forms[-1]["node"]]
    assert says in found[forms[-1]["node"]]


def test_a_setting_that_is_the_main_breaker_is_refused_at_the_load() -> None:
    """The breaker would be as large as the car is told to draw."""
    head = site_form(main_breaker_entity="input_number.car")
    car = number_form("car", setting_entity="input_number.car")
    says = "Current setting: input_number.car is used by 'Home' already, "
    says += "as 'Main breaker from an entity'."
    assert refused(head, car) == {"car": (says,)}


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param(
            [site_form("A", grid_total_entity="sensor.grid_a")], id="one phase: it is the total"
        ),
        pytest.param(
            [site_form("A", solar_entity="sensor.out", inverter_a="sensor.out")],
            id="one phase: the output is the sun",
        ),
        pytest.param(
            [
                number_form("one", max_current_entity="input_number.most"),
                number_form("two", max_current_entity="input_number.most"),
            ],
            id="one helper for two cars",
        ),
        pytest.param(
            [number_form("car", current_entity="sensor.x", power_entity="sensor.x")],
            id="only one of current and power is read",
        ),
        pytest.param(
            [GARAGE, plug_form("pump", circuit="Garage", power_entity="sensor.garage_a")],
            id="the meter of a load is that of its breaker",
        ),
        pytest.param(
            [
                charger_form("one", devid="box", pause_entity="switch.x"),
                charger_form("two", devid="box", connector=2, pause_entity="switch.x"),
            ],
            id="one switch for both connectors of a station",
        ),
    ],
)
def test_what_may_be_is_left_alone(forms: list[Form]) -> None:
    assert refused(*forms) == {}


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        pytest.param(
            [site_form(main_breaker_a=25, reserve_a=25)],
            "Reserve: 25 A leave nothing of the 25 A of this breaker.",
            id="a reserve of the whole main breaker",
        ),
        pytest.param(
            [circuit_form("garage", 16, reserve_a=20)],
            "Reserve: 20 A leave nothing of the 16 A of this breaker.",
            id="a reserve above a breaker",
        ),
        pytest.param(
            [site_form(max_import_w=3000, power_buffer_w=3000)],
            "Power buffer: 3000 W leave nothing of the import limit of 3000 W.",
            id="a buffer of the whole import limit",
        ),
        pytest.param(
            [charger_form("car", min_current_a=0, max_current_a=0)],
            "Maximum current: with 0 A it could never run; mode Off switches it off.",
            id="a maximum of nothing",
        ),
        pytest.param(
            [charger_form("car", min_current_a=8, fallback_current_a=7)],
            "Fallback current: 7 A is less than the minimum current of 8 A, so nothing would be "
            "charged. Choose at least 8 A, or 0 to have it paused.",
            id="a fallback with which nothing is charged",
        ),
    ],
)
def test_amounts_that_leave_nothing_are_refused(forms: list[Form], says: str) -> None:
    assert refused(*forms) == {forms[-1]["node"]: (says,)}


@pytest.mark.parametrize(
    ("form", "fallback_a"),
    [
        pytest.param({}, 6.0, id="nothing said: 6 A"),
        pytest.param({"min_current_a": 8}, 8.0, id="nothing said, a minimum of 8 A"),
        pytest.param(
            {"min_current_a": 8, "fallback_current_a": 6}, 8.0, id="as forms sent it before"
        ),
        pytest.param({"fallback_current_a": 0}, 0.0, id="0: it pauses"),
        pytest.param({"fallback_current_a": 10}, 10.0, id="10 A"),
    ],
)
def test_what_a_load_falls_back_to(form: Form, fallback_a: float) -> None:
    site = wire_forms(site_form(), charger_form("car", **form)).site
    assert site is not None
    assert site.loads["car"].fallback_a == fallback_a

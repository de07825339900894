"""Number chargers: what their entities can be set to, the calls, the words, the form.

Calls: Home Assistant's actions number.set_value, input_number.set_value (value) and
select.select_option, input_select.select_option (option).
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.loads import drive as drivers
from loadjuggler.loads.number.status_words import meaning
from loadjuggler.site.setpoint import Dial

from tests.engine.memories import remembered

from .house import form, plug_form, site_form, state, wire_forms
from .numbers import Box, NumberStage, number_form

W_PER_A = 690.0
"""Three legs of 230 V."""


def house_with(entity: str, shown: Any, legs: str = "A", **values: Any) -> NumberStage:
    """A house with one charger set by `entity`, which is in the state `shown`."""
    made = number_form("car", legs, setting_entity=entity, **values)
    house = NumberStage.with_boxes(site_form("ABC"[: max(len(legs), 1)]), made, car=Box())
    house.extra[entity] = shown
    return house


def first_call(house: NumberStage) -> tuple[str, dict[str, Any]] | None:
    calls = house.run().commands
    return (f"{calls[0].domain}.{calls[0].service}", dict(calls[0].data)) if calls else None


AMPS = {"min": 6, "max": 32, "step": 1}


@pytest.mark.parametrize(
    ("entity", "shown", "called", "data"),
    [
        ("number.car", state("10", "A", **AMPS), "number.set_value", {"value": 16.0}),
        ("input_number.car", state("10", "A", **AMPS), "input_number.set_value", {"value": 16.0}),
        (
            "select.car",
            state("10 A", None, options=["10 A", "13 A", "20 A"]),
            "select.select_option",
            {"option": "13 A"},
        ),
        (
            "input_select.car",
            state("6", None, options=["0", "6", "16"]),
            "input_select.select_option",
            {"option": "16"},
        ),
    ],
)
def test_each_kind_of_entity_is_set_by_its_own_service(
    entity: str, shown: Any, called: str, data: dict[str, Any]
) -> None:
    # 25 A and nothing else on it: its maximum of 16 A.
    made = house_with(entity, shown)
    assert first_call(made) == (called, {"entity_id": entity, **data})


@pytest.mark.parametrize(
    ("unit", "chosen", "legs", "attributes", "value"),
    [
        # 16 A, its maximum, in the unit of the entity.
        ("A", "auto", "ABC", AMPS, 16.0),
        ("W", "auto", "ABC", {"min": 0, "max": 22000, "step": 1}, 11040.0),
        ("W", "auto", "A", {"min": 0, "max": 7400, "step": 100}, 3600.0),
        ("kW", "auto", "ABC", {"min": 1.4, "max": 22, "step": 0.1}, 11.0),
        ("VA", "auto", "A", {"min": 0, "max": 7400, "step": 1}, 3680.0),
        ("mA", "auto", "A", {"min": 6000, "max": 32000, "step": 1000}, 16000.0),
        (None, "w", "ABC", {"min": 0, "max": 22000, "step": 1}, 11040.0),
        (None, "a", "ABC", AMPS, 16.0),
        # Not above what the entity takes, nor off its steps.
        ("A", "auto", "A", {"min": 6, "max": 13, "step": 1}, 13.0),
        ("A", "auto", "A", {"min": 6, "max": 32, "step": 5}, 15.0),
        ("A", "auto", "A", {"min": 6, "max": 15.9}, 15.9),
    ],
)
def test_the_unit_is_the_entitys_or_the_forms_and_values_are_floored(
    unit: str | None, chosen: str, legs: str, attributes: dict[str, Any], value: float
) -> None:
    house = house_with("number.car", state("1", unit, **attributes), legs, setting_unit=chosen)
    found = first_call(house)
    assert found is not None
    assert found[1]["value"] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("entity", "shown", "says"),
    [
        ("number.car", state("1", None, **AMPS), "can't set a current or a power (no unit)"),
        ("number.car", state("1", "%", **AMPS), "can't set a current or a power (unit %)"),
        ("number.car", state("1", "A"), "can't set a current or a power (no range)"),
        ("number.car", state("1", "A", min=6), "can't set a current or a power (no range)"),
        ("number.car", state("", "A", **AMPS), "is not there (no value)."),
        ("number.car", state("unavailable"), "is not there (unavailable)"),
        ("select.car", state("a", None, options=["a", "b"]), "(options a, b)"),
        ("select.car", state("a", None), "(no options)"),
    ],
)
def test_what_cannot_be_set_is_told_and_not_commanded(entity: str, shown: Any, says: str) -> None:
    house = house_with(entity, shown)
    outcome = house.run()
    assert outcome.commands == ()
    assert says in outcome.report.sentence
    assert outcome.report.loads["car"].status == "unreachable"


@pytest.mark.parametrize(
    ("shown", "legs"),
    [("1", 1), ("3.0", 3), ("2 phases", 2), ("3p", 3), ("0", 3), ("many", 3), ("13", 3)],
)
def test_the_phases_in_use_are_as_many_as_the_sensor_says(shown: str, legs: int) -> None:
    made = house_with(
        "number.car", state("1", "A", **AMPS), "ABC", phases_entity="sensor.car_phases"
    )
    made.extra["sensor.car_phases"] = state(shown)
    readings, _ = _sensed(made)
    assert len(readings.loads["car"].legs) == legs
    told = [p.reason.code for p in readings.problems]
    assert ("phases_unknown" in told) == (shown in ("many", "13"))


def test_a_minimum_above_what_can_be_set_pauses_it() -> None:
    house = house_with("number.car", state("0", "A", min=0, max=5, step=1))
    found = first_call(house)
    assert found == ("number.set_value", {"entity_id": "number.car", "value": 0.0})
    assert "its maximum of 5 A is below its minimum of 6 A" in house.sentence("car")


@given(
    amps=st.floats(0, 40),
    low=st.sampled_from([0.0, 1.0, 6.0, 1380.0]),
    step=st.sampled_from([0.1, 0.5, 1.0, 10.0, 100.0]),
    watts=st.booleans(),
)
def test_a_dial_never_gives_more_than_it_is_asked_nor_leaves_its_range(
    amps: float, low: float, step: float, watts: bool
) -> None:
    per_a = W_PER_A if watts else 1.0
    dial = Dial("W" if watts else "A", low, 32 * per_a, step, per_a)
    found = dial.at_most(amps)
    if found is None:
        assert amps < max(math.ceil(low / step) * step, step) / per_a + 1e-5
        return
    value = found[0]
    assert value / per_a <= amps + 3e-6
    assert low - 1e-9 <= value <= 32 * per_a + 1e-9
    assert value / step == pytest.approx(round(value / step), abs=1e-6)
    assert value + step > min(amps, 32) * per_a - 1e-6, "a whole step more would have fitted"


@pytest.mark.parametrize(
    ("entity", "text", "means"),
    [
        ("sensor.s", "Charging", "charging"),
        ("sensor.s", "connected_charging", "charging"),
        ("sensor.s", "awaiting-start", "connected"),
        ("sensor.s", "SuspendedEVSE", "connected"),
        ("sensor.s", "completed", "full"),
        ("sensor.s", "Disconnected", "idle"),
        ("sensor.s", "error", "fault"),
        ("binary_sensor.s", "on", "connected"),
        ("binary_sensor.s", "off", "idle"),
        ("sensor.s", "on", None),
        ("sensor.s", "Not charging", None),
        ("sensor.s", "3", None),
    ],
)
def test_words(entity: str, text: str, means: str | None) -> None:
    assert meaning(entity, text, ()) == means


def test_own_words_come_before_those_that_are_known() -> None:
    assert meaning("sensor.s", "Ready", (("ready", "idle"),)) == "idle"
    assert meaning("sensor.s", "Charging", (("charging", "fault"),)) == "fault"


def refused(*forms: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return dict(wire_forms(site_form(), *forms).refused)


def test_two_loads_on_one_entity_or_switch_are_refused() -> None:
    same = number_form("second", setting_entity="number.first", setting_unit="w")
    assert refused(number_form("first"), same) == {
        "second": ("Current setting: number.first is used by 'first' already.",)
    }
    switched = number_form("first", switch_entity="switch.boiler")
    assert refused(switched, plug_form("boiler")) == {
        "boiler": ("Switch: switch.boiler is used by 'first' already, as 'On/off switch'.",)
    }


def test_all_that_is_wrong_with_a_form_is_told() -> None:
    made = form(
        "number_charger",
        "car",
        name="car",
        setting_entity="number.car",
        status_idle="Free, busy",
        status_charging="Busy",
        min_current_a=20,
    )
    assert refused(made) == {
        "car": (
            "Minimum current: 20 A is more than the maximum current of 16 A.",
            "Current: it is needed, or Power, or a current for each leg.",
            "Texts for not connected: 'busy' is among the texts for charging already.",
        )
    }


def test_one_that_leaves_the_plan_is_left_at_its_minimum_and_switched_on() -> None:
    house = house_with("number.car", state("16", "A", **AMPS), switch_entity="switch.car")
    house.run()
    assert house.outcome is not None
    load = house.site.loads["car"]
    readings, _ = _sensed(house)
    paused = remembered(default_a=0.0, switched="off")
    calls = drivers.release(load, readings.loads["car"], paused)
    assert [(call.service, call.data.get("value")) for call in calls] == [
        ("set_value", 6.0),
        ("turn_on", None),
    ]
    left = drivers.release(load, readings.loads["car"], remembered(default_a=9.0, switched="seen"))
    assert [call.service for call in left] == ["set_value"]


def _sensed(house: NumberStage) -> Any:
    from loadjuggler.sense import sense

    return sense(house.site, house.memory, house.snapshot(), house.now, house.options)

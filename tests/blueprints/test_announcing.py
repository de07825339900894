"""Automations made from the blueprints, in real Home Assistant: what they tell the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from homeassistant.helpers import entity_registry
from loadjuggler.config.kinds import KINDS
from loadjuggler.config.parse import parse
from loadjuggler.forms.field import Kind
from loadjuggler.runtime.api import Desk
from loadjuggler.runtime.controller import Keeper

from tests.blueprints.conftest import Announcements
from tests.blueprints.forms import TYPED, announced, complete, house, minimal

ID = "1732158856123"  # what the form editor gives
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
each_needed = pytest.mark.parametrize(
    ("kind", "needed"),
    [(k, f.name) for k in KINDS.values() for f in k.fields if f.required],
    ids=[f"{k.name}-{f.name}" for k in KINDS.values() for f in k.fields if f.required],
)


def automation(kind: str, filled_in: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """An automation as saving a form makes it; id=None: written in YAML without an id."""
    made = {
        "id": ID,
        "alias": f"My {kind}",
        "use_blueprint": {"path": f"loadjuggler/{kind}.yaml", "input": dict(filled_in)},
        **rest,
    }
    return {key: value for key, value in made.items() if value is not None}


def as_sent(data: Mapping[str, Any]) -> str:
    """Data in a form that tells 1 from True, 1.0 and "1"."""
    return json.dumps(data, sort_keys=True, indent=1)


@each_kind
async def test_a_form_with_only_the_needed_fields_announces_all_defaults(
    announcements: Announcements, kind: Kind
) -> None:
    await announcements.start(automation(kind.name, minimal(kind)))
    ((heard, data),) = await announcements.discover()
    assert heard == kind.name
    expected = announced(kind, minimal(kind), ID, f"automation.my_{kind.name}")
    assert as_sent(data) == as_sent(expected)
    form = parse(kind.name, data)
    assert form.values == {
        field.name: minimal(kind).get(field.name, field.default) for field in kind.fields
    }


@each_kind
async def test_all_that_is_filled_in_arrives_as_it_was_typed(
    announcements: Announcements, kind: Kind
) -> None:
    await announcements.start(automation(kind.name, complete(kind)))
    ((_, data),) = await announcements.discover()
    expected = announced(kind, complete(kind), ID, f"automation.my_{kind.name}")
    assert as_sent(data) == as_sent(expected)
    assert parse(kind.name, data).values == complete(kind)
    assert TYPED in data["name"]


@each_needed
async def test_without_a_needed_field_nothing_is_announced_and_home_assistant_says_why(
    announcements: Announcements, kind: Kind, needed: str, caplog: pytest.LogCaptureFixture
) -> None:
    filled_in = {name: value for name, value in minimal(kind).items() if name != needed}
    await announcements.start(automation(kind.name, filled_in))
    assert await announcements.discover() == []
    assert f"Missing input {needed}" in caplog.text


@each_kind
async def test_an_automation_that_was_renamed_keeps_its_node(
    announcements: Announcements, kind: Kind
) -> None:
    await announcements.start(automation(kind.name, minimal(kind)))
    registry = entity_registry.async_get(announcements.hass)
    registry.async_update_entity(
        f"automation.my_{kind.name}", new_entity_id="automation.quite_another"
    )
    await announcements.hass.async_block_till_done()
    ((_, data),) = await announcements.discover()
    assert data["node"] == ID
    assert data["automation"] == "automation.quite_another"


@pytest.mark.parametrize("given", [ID, "0012", "1.50", "1e5", "garage", "True", "None", "1_000"])
async def test_an_id_is_a_text_that_arrives_as_it_was_given(
    announcements: Announcements, given: str
) -> None:
    await announcements.start(automation("circuit", house()["circuit"], id=given))
    ((_, data),) = await announcements.discover()
    assert data["node"] == given
    assert type(data["node"]) is str


@each_kind
async def test_an_automation_without_an_id_is_named_by_its_entity(
    announcements: Announcements, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    await announcements.start(automation(kind.name, minimal(kind), id=None))
    ((_, data),) = await announcements.discover()
    assert data["node"] == data["automation"] == f"automation.my_{kind.name}"
    assert "undefined" not in caplog.text


async def test_a_refusal_is_an_error_in_the_trace_with_all_sentences(
    announcements: Announcements,
) -> None:
    sentences = ["Limit: 'x' is not a number (A).", "Name: it is needed, and nothing is given."]
    refusal = {"ok": False, "id": "", "errors": sentences, "waiting": "", "message": "both"}
    announcements.answer = lambda _kind, _data: refusal
    await announcements.start(automation("circuit", {"name": "Garage", "limit_a": "x"}))
    await announcements.discover()
    trace = await announcements.trace(ID)
    assert trace["script_execution"] == "aborted"
    (why,) = trace["trace"]["action/2/then/0"]
    assert why["changed_variables"]["refused_because"] == sentences
    (stopped,) = trace["trace"]["action/2/then/1"]
    assert stopped["result"]["error"] is True
    assert stopped["result"]["stop"].startswith("Load Juggler refuses this form.")


async def test_an_accepted_form_ends_without_an_error(announcements: Announcements) -> None:
    await announcements.start(automation("circuit", house()["circuit"]))
    await announcements.discover()
    trace = await announcements.trace(ID)
    assert trace["script_execution"] == "finished"
    assert "error" not in trace


async def test_a_form_that_waits_for_its_breaker_is_no_error(announcements: Announcements) -> None:
    waiting = {"ok": True, "id": "garage", "errors": [], "waiting": "waiting for Barn"}
    announcements.answer = lambda _kind, _data: waiting
    await announcements.start(automation("circuit", house()["circuit"]))
    await announcements.discover()
    assert (await announcements.trace(ID))["script_execution"] == "finished"


async def test_a_service_that_fails_is_an_error_in_the_trace(announcements: Announcements) -> None:
    def fail(_kind: str, _data: Mapping[str, Any]) -> dict[str, Any]:
        raise ValueError("the engine could not be imported")

    announcements.answer = fail
    await announcements.start(automation("circuit", house()["circuit"]))
    await announcements.discover()
    trace = await announcements.trace(ID)
    assert trace["script_execution"] == "error"
    assert "could not be imported" in trace["error"]


async def test_a_saved_form_announces_itself(announcements: Announcements) -> None:
    await announcements.start()
    announcements.discover_on_reload()
    announcements.write([automation("circuit", {"name": "Garage", "limit_a": 20})])
    await announcements.reload()
    announcements.write([automation("circuit", {"name": "Garage", "limit_a": 16})])
    await announcements.reload()
    assert [data["limit_a"] for _, data in announcements.heard] == [20, 16]
    assert {data["node"] for _, data in announcements.heard} == {ID}


async def test_an_automation_that_is_switched_off_announces_nothing(
    announcements: Announcements,
) -> None:
    await announcements.start(automation("circuit", house()["circuit"]))
    await announcements.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.my_circuit"}, blocking=True
    )
    assert await announcements.discover() == []


async def test_no_question_is_lost_while_an_answer_takes_its_time(
    announcements: Announcements,
) -> None:
    announcements.answers_after_s = 0.01
    await announcements.start(automation("circuit", house()["circuit"]))
    for _ in range(4):
        announcements.hass.bus.async_fire("loadjuggler_discover")
    assert len(await announcements.discover()) == 5


async def test_changing_sensors_do_not_make_a_form_announce_itself(
    announcements: Announcements,
) -> None:
    await announcements.start(automation("site", house()["site"]))
    for amps in range(3):
        announcements.hass.states.async_set("sensor.grid_a", str(amps))
    await announcements.hass.async_block_till_done()
    assert announcements.heard == []


async def test_four_forms_make_a_house_and_the_engine_says_what_is_wrong_with_a_fifth(
    announcements: Announcements,
) -> None:
    keeper = Keeper()
    announcements.answer = lambda kind, data: keeper.register(kind, data, 0.0)
    forms = [automation(kind, filled, id=kind) for kind, filled in house().items()]
    wrong = {"name": "Right car", "devid": "left", "min_current_a": 20}
    forms.append(automation("charger", wrong, id="fifth", alias="Fifth"))
    await announcements.start(*forms)
    await announcements.discover()
    keeper.run({}, 1.0)
    wired = Desk(keeper).answer()
    assert [load["name"] for load in wired["loads"].values()] == ["Left car", "Boiler"]
    assert [circuit["name"] for circuit in wired["circuits"].values()] == [
        "main breaker",
        "Garage",
    ]
    trace = await announcements.trace("fifth")
    assert trace["trace"]["action/2/then/0"][0]["changed_variables"]["refused_because"] == [
        "Minimum current: 20 A is more than the maximum current of 16 A.",
        "Charge point id: connector 1 of left is used by 'Left car' already.",
    ]


async def test_the_form_of_a_house_with_sun_arrives_exactly_and_is_wired(
    announcements: Announcements,
) -> None:
    # As the form editor saves it: only what was filled in.
    filled_in = {
        "name": "Home",
        "grid_a": "sensor.grid_a",
        "grid_b": "sensor.grid_b",
        "grid_c": "sensor.grid_c",
        "solar_entity": "sensor.roof",
        "excess_threshold_entity": "input_number.threshold",
        "battery_soc_entity": "sensor.soc",
        "battery_power_entity": "sensor.battery",
        "battery_invert": True,
        "battery_soc_min_pct": 30,
        "battery_hysteresis_pct": 2.5,
        "allow_grid_charging": False,
        "allow_grid_charging_entity": "input_boolean.grid",
        "inverter_max_w": 9900,
        "inverter_topology": "series",
    }
    keeper = Keeper()
    announcements.answer = lambda kind, data: keeper.register(kind, data, 0.0)
    await announcements.start(automation("site", filled_in))
    ((_, data),) = await announcements.discover()
    typed = {key: data.pop(key) for key in filled_in}
    assert as_sent(typed) == as_sent(filled_in)
    assert as_sent(data) == as_sent(
        {
            "contract": 1,
            "node": ID,
            "automation": "automation.my_site",
            "phases": "ABC",
            "main_breaker_a": 25,
            "main_breaker_entity": "",
            "invert": False,
            "grid_total_entity": "",
            "notify_overload": True,
            "notify_not_following": True,
            "notify_meter_lost": True,
            "notify_new_charger": True,
            "notify_target": "",
            "distribution": "priority",
            "distribution_entity": "",
            "excess_threshold_w": 13000,
            "battery_soc_min_entity": "",
            "battery_soc_target_pct": 80,
            "battery_soc_target_entity": "",
            "battery_max_charge_w": 5000,
            "battery_max_discharge_w": 5000,
            "battery_phases": "all",
            "grid_nets": "auto",
            "battery_follows_load": True,
            "inverter_a": "",
            "inverter_b": "",
            "inverter_c": "",
            "inverter_max_phase_w": "",
            "inverter_asymmetric": False,
            "grid_interval_s": "",
            "max_import_w": "",
            "max_import_entity": "",
            "power_buffer_w": 0,
            "power_buffer_entity": "",
            "reserve_a": 0,
            "voltage_v": 230,
        }
    )
    asked_for = {"sensor.roof", "sensor.soc", "sensor.battery", "input_number.threshold"}
    assert asked_for | {"input_boolean.grid"} <= keeper.watched()


@pytest.mark.parametrize(("old", "name"), [("eco", "solar_priority"), ("solar", "solar_only")])
async def test_the_old_names_of_modes_are_understood(
    announcements: Announcements, old: str, name: str
) -> None:
    await announcements.start(automation("charger", {**house()["charger"], "mode": old}))
    ((_, data),) = await announcements.discover()
    assert data["mode"] == old
    assert parse("charger", data).values["mode"] == name

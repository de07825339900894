"""The automations of docs/recipes/automations.md, word for word, in real Home Assistant."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.home_assistant.harness import PROJECT, Home
from tests.home_assistant.house import Living, charger_form, register, set_charger, site_form

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

STATUS = "sensor.loadjuggler_left_car_status"
CHEAP_HOURS = "automation.cheap_hours"
RECIPES = PROJECT / "docs" / "recipes"


def blocks(recipe: str, language: str) -> list[str]:
    """The code of this language in a recipe."""
    text = (RECIPES / recipe).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def recipe(alias: str) -> dict[str, Any]:
    """The automation called `alias`."""
    found = [yaml.safe_load(text) for text in blocks("automations.md", "yaml")]
    return next(one for one in found if one["alias"] == alias)


async def house(home: Home, alias: str, **options: float) -> Living:
    """A house with one car, Left car, and one of the automations."""
    living = Living(home)
    living.draws["left_car"] = 0.0
    await living.start(**options)
    await register(home, "site", site_form(solar_entity="sensor.solar"))
    car = {**charger_form("left_car"), "name": "Left car"}
    await register(home, "charger", car)
    await living.reaches("it charges", left_car=16.0)
    home.set_automations([{"id": "recipe", **recipe(alias)}])
    await home.call("automation.reload", {})
    return living


async def test_cheap_hours_change_the_mode(home: Home) -> None:
    """Its clock is not waited for; what it does then is tried with each of its triggers."""
    await house(home, "Cheap hours")
    made = recipe("Cheap hours")
    assert [one["id"] for one in made["triggers"]] == ["standard", "solar_only"]
    triggers = [
        {"trigger": "event", "event_type": f"now_{one['id']}", "id": one["id"]}
        for one in made["triggers"]
    ]
    home.set_automations([{"id": "recipe", **made, "triggers": triggers}])
    await home.call("automation.reload", {})
    for mode in ("solar_only", "standard"):
        home.hass.bus.async_fire(f"now_{mode}")
        await home.wait_until(lambda m=mode: home.attributes(STATUS)["mode"] == m, mode)
        # An automation that still runs does not hear of its next trigger.
        await home.wait_until(lambda: not home.attributes(CHEAP_HOURS)["current"], "it has ended")
    assert home.errors() == []


async def test_a_car_that_arrives_is_boosted(home: Home) -> None:
    living = await house(home, "Boost on arrival")
    await home.call("pyscript.loadjuggler_set_mode", {"load": "Left car", "mode": "solar_only"})
    await living.reaches("no sun", left_car=0.0)
    del living.draws["left_car"]
    set_charger(home, "left_car", status="Available")
    await home.wait_until(lambda: home.state(STATUS) == "idle", "no car")
    assert home.attributes(STATUS)["mode"] == "solar_only"
    living.draws["left_car"] = 0.0
    living.show()
    await living.reaches("it is boosted", left_car=16.0)
    assert home.attributes(STATUS)["mode"] == "boost"


async def test_trouble_is_sent_to_the_phone(home: Home) -> None:
    home.record("notify.mobile_app_phone")
    living = await house(home, "Trouble with charging", hold_s=1.0)
    living.set(gone={"sensor.grid_b"})
    await home.wait_until(lambda: home.calls_of("notify.mobile_app_phone"), "it is told")
    data = home.calls_of("notify.mobile_app_phone")[0].data
    assert data["title"] == "Load Juggler"
    assert data["message"].startswith("sensor.grid_b gives no reading")
    living.set(gone=set())
    await home.settle(1.0)
    assert len(home.calls_of("notify.mobile_app_phone")) == 1, "that it went is no trouble"


async def test_the_node_red_flow_calls_services_that_are_there(home: Home) -> None:
    await house(home, "Cheap hours")
    (flow,) = (json.loads(text) for text in blocks("node-red.md", "json"))
    ids = {node["id"] for node in flow}
    assert {to for node in flow for port in node.get("wires", ()) for to in port} <= ids
    actions = [node for node in flow if node["type"] == "api-call-service"]
    assert len(actions) == 2
    for node in actions:
        answer = await home.call(node["action"], json.loads(node["data"]), response=True)
        assert answer["ok"], answer

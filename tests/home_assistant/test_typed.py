"""Words as they are shown, typed by people, in real pyscript: entities, services and forms."""

from typing import Any

import pytest
from homeassistant.setup import async_setup_component

from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    plug_form,
    register,
    set_charger,
    set_meters,
    set_options,
    site_form,
)

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript]

STATUS = "sensor.loadjuggler_left_status"
ENTITY = "input_select.left_mode"


async def start(home: Home, **fields: Any) -> None:
    """A house with one car that charges, and a list to choose its mode from in two languages."""
    set_options(home, **QUICK)
    await home.start(*READY, "pyscript.loadjuggler_set_mode")
    options = ["Samo sonce", "Solar priority", "TAKOJ", "Izključeno"]
    config = {"input_select": {"left_mode": {"options": options, "initial": "Solar priority"}}}
    assert await async_setup_component(home.hass, "input_select", config)
    set_meters(home, 5)
    set_charger(home, "left", 6, transaction=1)
    await register(home, "site", site_form())
    answer = await register(home, "charger", charger_form("Left", **fields))
    assert answer["ok"], answer


def mode(home: Home) -> Any:
    return home.attributes(STATUS).get("mode")


async def test_an_input_select_may_have_the_words_that_are_shown(home: Home) -> None:
    await start(home, mode_entity=ENTITY)
    await home.wait_until(lambda: mode(home) == "solar_priority", "as it is chosen at first")
    await home.call("input_select.select_option", {"entity_id": ENTITY, "option": "Samo sonce"})
    await home.wait_until(lambda: mode(home) == "solar_only", "in Slovenian")
    for asked, option in (("boost", "TAKOJ"), ("Off", "Izključeno"), ("solar only", "Samo sonce")):
        answer = await home.call(
            "pyscript.loadjuggler_set_mode", {"load": "left", "mode": asked}, response=True
        )
        assert answer["ok"], answer
        assert home.state(ENTITY) == option, "the service writes it in the words of the list"
    await home.wait_until(lambda: mode(home) == "solar_only", "and it counts")
    assert home.state("sensor.loadjuggler_status") == "ok"
    assert home.errors() == []


async def test_services_and_forms_take_the_words_that_are_shown(home: Home) -> None:
    await start(home, mode=" Solar  Only ", leg_l2="Phase B")
    await home.wait_until(lambda: mode(home) == "solar_only", "by its form")
    for asked, expected in (("Prednost soncu", "solar_priority"), ("TAKOJ", "boost")):
        data = {"load": "Left", "mode": asked}
        answer = await home.call("pyscript.loadjuggler_set_mode", data, response=True)
        assert answer["ok"], answer
        await home.wait_until(lambda wanted=expected: mode(home) == wanted, "by a service")
    answer = await home.call(
        "pyscript.loadjuggler_set_distribution", {"distribution": "Enako za vse"}, response=True
    )
    assert answer["ok"], answer
    await home.wait_until(
        lambda: home.attributes("sensor.loadjuggler_status")["distribution"] == "shared", "shared"
    )
    boiler = await register(home, "plug", plug_form("Boiler", mode="Continuous: always on"))
    assert boiler["ok"], boiler
    answer = await home.call(
        "pyscript.loadjuggler_set_mode", {"load": "Left", "mode": "turbo"}, response=True
    )
    assert "standard, solar_priority, solar_only" in answer["message"]
    assert home.errors() == []

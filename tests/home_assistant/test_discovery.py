"""Finding entities in real Home Assistant: what a form is answered, and what is read then."""

from __future__ import annotations

import pytest

from tests.engine.discovery.entities import recorded
from tests.home_assistant.harness import Home
from tests.home_assistant.house import (
    QUICK,
    READY,
    charger_form,
    plug_form,
    register,
    set_meters,
    set_options,
    site_form,
)

pytestmark = pytest.mark.pyscript

ALLOCATED = "sensor.loadjuggler_garage_allocated_current"


def show(home: Home, *files: str) -> None:
    """Let Home Assistant have the entities of these files."""
    for entity, state in recorded(*files).items():
        home.set_state(entity, state.value, **state.attributes)


async def start(home: Home) -> None:
    set_options(home, **{**QUICK, "search_s": 0.2})
    await home.start(*READY)
    set_meters(home, 5)


def devids(home: Home) -> set[str]:
    """The charge points that were commanded."""
    return {str(call.data["devid"]) for call in home.calls_of("ocpp.set_charge_rate")}


async def test_a_form_is_answered_with_what_was_found_and_missed(home: Home) -> None:
    await start(home)
    show(home, "ocpp_fallbacks", "ocpp_one_connector")
    await register(home, "site", site_form())
    answer = await register(home, "charger", charger_form("Car", devid="AC22"))
    assert answer["ok"]
    assert answer["found"]["status"] == "sensor.ac22_status_connector"
    assert answer["found"]["power_import"] == "sensor.ac22_power_active_import"
    assert "current_import" not in answer["found"]
    assert any("Current import: not found" in text for text in answer["missing"])
    answer = await register(home, "charger", charger_form("Other", devid="carport"))
    assert answer["ok"]
    assert "There are: ac22, charger." in answer["missing"][0]
    home.set_state("switch.boiler", "off")
    answer = await register(home, "plug", plug_form("Boiler"))
    assert answer["found"] == {"switch": "switch.boiler"}
    assert answer["missing"] == []
    assert home.errors() == []


async def test_a_renamed_charger_is_read_and_commanded(home: Home) -> None:
    await start(home)
    show(home, "ocpp_renamed")
    home.set_state("sensor.garage_charger_status_connector", "Charging")
    await register(home, "site", site_form())
    await register(home, "charger", charger_form("Garage", devid="Garage charger"))
    await home.wait_until(lambda: devids(home), "it is commanded")
    # The name that its device has in Home Assistant is none that the OCPP integration knows.
    assert devids(home) == {"TACW11-4-1520"}
    legs = dict.fromkeys(("L1", "L2", "L3"), 9.0)
    home.set_state("sensor.car_amps", 9, unit_of_measurement="A", **legs)
    await home.wait_until(
        lambda: home.state("sensor.loadjuggler_garage_power") == str(3 * 9 * 230),
        "the entity with a name of its own is read, at once",
    )
    assert home.errors() == []


async def test_one_that_connects_after_its_form_is_found(home: Home) -> None:
    await start(home)
    await register(home, "site", site_form())
    answer = await register(home, "charger", charger_form("Garage", devid="TACW11-4-1520"))
    assert answer["ok"]
    assert "has it ever connected" in answer["missing"][0]
    await home.settle()
    assert devids(home) == set()
    show(home, "ocpp_renamed")
    await home.wait_until(lambda: devids(home) == {"TACW11-4-1520"}, "it is found")
    await home.wait_until(lambda: home.state(ALLOCATED) == "16.0", "it gets its current")
    assert home.errors() == []


async def test_suggest_answers_with_fields_that_can_be_registered(home: Home) -> None:
    await start(home)
    show(home, "solaredge", "shelly", "ocpp_two_connectors")
    answer = await home.call("pyscript.loadjuggler_suggest", {}, response=True)
    assert answer["ok"]
    site = answer["site"]
    assert site["grid_a"] == "sensor.solaredge_i1_m1_ac_power_a"
    assert (site["invert"], site["battery_invert"]) == (True, True)
    assert (await register(home, "site", {**site_form(), **site}))["ok"]
    assert len(answer["plugs"]) == 4
    assert [one["fields"]["connector"] for one in answer["chargers"][:2]] == [1, 2]
    fields = answer["chargers"][0]["fields"]
    known = await register(home, "charger", {**charger_form("Left"), **fields})
    assert known["ok"]
    assert known["found"]["status"] == "sensor.station_connector_1_status_connector"
    assert home.errors() == []

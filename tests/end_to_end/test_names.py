"""A charger's name in its form, as people write it, and the station that is commanded."""

from typing import Any

import pytest
from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.end_to_end.house import METERS, House, filled_in, free_port
from tests.end_to_end.scripted import Scripted

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript, pytest.mark.ocpp]


async def test_a_name_with_capitals_commands_its_own_station(house: House) -> None:
    """The integration knows neither " LEFT " nor "Left1": it would command the first station."""
    house.build(
        # Room for 1 A of the house, 16 A of the other car and 9 A of this one, whoever comes first.
        filled_in("site", "Home", main_breaker_a=40, **METERS),
        filled_in("charger", "Left", devid=" LEFT ", max_current_a=9),
        chargers={"right": 1, "left": 1},
    )
    await house.start()
    right = house.add_station("right")
    house.add_station("left")
    await house.reaches("left has its maximum", left=9.0)
    assert {call["service_data"]["devid"] for call in house.told} == {"left1"}
    # The other one, which nobody wired, charges as it likes.
    assert right.samples()[-1]["limit"] is None or right.samples()[-1]["limit"] > 9.0
    # What the form is answered, with the entities as the integration made them.
    form = {"contract": 1, "node": "form_left", "name": "Left", "devid": "LEFT", "max_current_a": 9}
    answer = await house.home.call("pyscript.loadjuggler_register_charger", form, response=True)
    assert answer["ok"]
    found = answer["found"]
    assert found["status"] == "sensor.left_status_connector"
    assert found["transaction"] == "sensor.left_transaction_id"
    assert found["current_import"] == "sensor.left_current_import"
    assert found["charge_control"] == "switch.left_charge_control"
    assert found["reset"] == "button.left_reset"
    assert found["identity"] == "sensor.left_id"
    assert not any("Charge point id" in text for text in answer["missing"])


async def test_chargers_with_exchanged_names_are_told_nothing(house: House) -> None:
    """Station left1 is called "right1" in Home Assistant, and station right1 "left1".

    The integration takes "left1" in a call for what it calls a charger: it would command right1.
    """
    house.build(
        filled_in("site", "Home", main_breaker_a=40, **METERS),
        filled_in("charger", "Right1", devid="right1", max_current_a=9),
        chargers={"left": 1, "right": 1},
    )
    entry = house._entry

    def exchanged() -> MockConfigEntry:
        made = entry()
        for one in made.data["cpids"]:
            for own_id, settings in one.items():
                settings["cpid"] = "right1" if own_id == "left1" else "left1"
        return made

    house._entry = exchanged  # type: ignore[method-assign]
    await house.start()
    # The integration knows by what name it goes once left1 has connected. Before, it takes both the
    # entities and the calls of "right1" for those of a station with the id right1.
    left = house.add_station("left")
    await house.wait_until(
        lambda: house.home.state("sensor.right1_id") == "left1", "left1 is called right1"
    )
    right = house.add_station("right")
    await house.wait_until(lambda: left.samples() and right.samples(), "both stations charge")
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_right1_status") == "unreachable", "it is told"
    )
    said = house.home.attributes("sensor.loadjuggler_status")["message"]
    assert "its id 'left1' is what the OCPP integration calls another charger" in said
    assert [call for call in house.told if "devid" in call["service_data"]] == []
    for station in (left, right):
        assert all(sample["by"] == [] for sample in station.samples())


async def test_ids_that_a_user_has_given_are_found_while_it_charges(house: House) -> None:
    """All ids of the left charger's entities are renamed; the integration says which is which."""
    house.build(
        filled_in("site", "Home", main_breaker_a=20, **METERS),
        filled_in("charger", "Left", devid="left"),
        chargers={"left": 1, "right": 1},
        search_s=0.5,
    )
    await house.start()
    house.add_station("left")
    await house.reaches("left has its maximum", left=16.0)
    registry = er.async_get(house.home.hass)
    for number, entity in enumerate(sorted(registry.entities)):
        if entity.split(".")[1].startswith("left_"):
            domain = entity.split(".")[0]
            registry.async_update_entity(entity, new_entity_id=f"{domain}.polnilnica_{number}")
    await house.wait_until(
        lambda: house.home.state("sensor.left_current_import") is None, "it has other ids"
    )
    await house.home.settle(3.0)  # it looks for what is missing after 0.5 s
    house.household_a = [8.0, 8.0, 8.0]
    await house.reaches("20 A less 8 A of the house", left=12.0)
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_left_power") == str(12 * 3 * 230),
        "its current is read",
    )
    form = {"contract": 1, "node": "form_left", "name": "Left", "devid": "left"}
    answer = await house.home.call("pyscript.loadjuggler_register_charger", form, response=True)
    assert answer["found"]["status"].startswith("sensor.polnilnica_")
    assert not any("not found" in text for text in answer["missing"] if "offered" not in text)


def build_two_systems(house: House) -> int:
    """Two central systems, each with a charger left1, called left and right; the second's port."""
    second_port = free_port()
    house.build(
        filled_in("site", "Home", main_breaker_a=63, **METERS),
        filled_in("charger", "Left", devid="left", max_current_a=9),
        filled_in("charger", "Right", devid="right", max_current_a=11),
        chargers={"left": 1, "right": 1},
    )
    entry = house._entry

    def first() -> MockConfigEntry:
        made = entry()
        data = {**made.data, "cpids": [one for one in made.data["cpids"] if "left1" in one]}
        return MockConfigEntry(
            domain="ocpp", entry_id="one", version=2, minor_version=2, data=data, title="one"
        )

    def second() -> MockConfigEntry:
        data = dict(entry().data)
        settings = next(iter(data["cpids"][0].values()))
        mine = [{"left1": {**settings, "cpid": "right"}}]
        data |= {"cpids": mine, "port": second_port, "csid": "second"}
        return MockConfigEntry(
            domain="ocpp", entry_id="two", version=2, minor_version=2, data=data, title="two"
        )

    boot = house._boot

    def both() -> None:
        boot()
        second().add_to_hass(house.home.hass)

    house._entry = first  # type: ignore[method-assign]
    house._boot = both  # type: ignore[method-assign]
    return second_port


async def test_two_central_systems_whose_chargers_have_the_same_id(house: House) -> None:
    """Calls reach the system loaded last (up to v0.11.1).

    The other one is told nothing, also when the first is reloaded and gets the calls from then on.
    """
    second_port = build_two_systems(house)
    await house.start()
    left = await Scripted("left", house.port, car_a=32.0).start()
    right = await Scripted("left", second_port, car_a=32.0).start()
    house.stations |= {"left": left, "right": right}

    def status(load: str) -> str | None:
        return house.home.state(f"sensor.loadjuggler_{load}_status")

    def one_is_told() -> bool:
        return sorted([str(status("left")), str(status("right"))]) == ["charging", "unreachable"]

    await house.wait_until(one_is_told, "one of them is told")
    reached, other = ("left", "right") if status("left") == "charging" else ("right", "left")
    most_a = {"left": 9.0, "right": 11.0}
    stations = {"left": left, "right": right}
    await house.wait_until(lambda: stations[reached].amps == most_a[reached], "it obeys")
    assert stations[other].profiles == []
    said = house.home.attributes("sensor.loadjuggler_status")["message"]
    assert "belongs to another central system of the OCPP integration" in said

    first_told = len(house.told)
    config = house.home.hass.config_entries
    await config.async_reload({"left": "one", "right": "two"}[other])
    await house.wait_until(
        lambda: (status(other), status(reached)) == ("charging", "unreachable"), "now the other"
    )
    await house.wait_until(lambda: stations[other].amps == most_a[other], "it obeys, too")
    limits = {
        call["service_data"]["custom_profile"]["chargingSchedule"]["chargingSchedulePeriod"][0][
            "limit"
        ]
        for call in house.told[first_told:]
        if "custom_profile" in call["service_data"]
    }
    assert most_a[reached] not in limits, "nothing for the first was sent to the other"


def route_each_call(house: House) -> None:
    """Play version 0.11.2: one function for all central systems finds the charger of a call.

    It looks for what users call it, then for its own id, and refuses a name that several systems
    or none know. What the central systems do is done by the real ones.
    """
    hass = house.home.hass
    systems = list({id(one): one for one in hass.data["ocpp"].values()}.values())
    systems = [one for one in systems if hasattr(one, "charge_points")]
    assert len(systems) == 2

    def system_of(devid: str) -> Any:
        known = [one for one in systems if devid in one.cpids]
        known = known or [one for one in systems if devid in one.charge_points]
        if len(known) != 1:
            raise HomeAssistantError(f"No charger found for device id {devid}")
        return known[0]

    def register(service: str) -> None:
        async def routed(call: ServiceCall) -> Any:
            return await getattr(system_of(call.data["devid"]), f"handle_{service}")(call)

        hass.services.async_register(
            "ocpp", service, routed, supports_response=SupportsResponse.OPTIONAL
        )

    for service in ("set_charge_rate", "get_configuration", "clear_profile", "configure"):
        register(service)
    register("trigger_custom_message")


async def test_two_central_systems_are_both_told_where_each_call_finds_its_own(
    house: House,
) -> None:
    """Both chargers have the id left1, so a call with that would be refused."""
    second_port = build_two_systems(house)
    await house.start()
    route_each_call(house)  # nothing was sent yet: no station is there
    left = await Scripted("left", house.port, car_a=32.0).start()
    right = await Scripted("left", second_port, car_a=32.0).start()
    house.stations |= {"left": left, "right": right}
    await house.wait_until(lambda: (left.amps, right.amps) == (9.0, 11.0), "both obey")
    statuses = [f"sensor.loadjuggler_{load}_status" for load in ("left", "right")]
    await house.wait_until(
        lambda: [house.home.state(status) for status in statuses] == ["charging"] * 2,
        "both are said to charge",
    )
    assert "central system" not in house.home.attributes("sensor.loadjuggler_status")["message"]


async def test_a_charger_that_connects_without_an_id_is_told_nothing(house: House) -> None:
    """Its id is the end of the address that it connects to, and there is none.

    The integration takes a call for a charger without an id for the first charger that it knows.
    """
    house.build(
        filled_in("site", "Home", main_breaker_a=40, **METERS),
        filled_in("charger", "Left", devid="left", max_current_a=9),
        filled_in("charger", "Right", devid="right", max_current_a=12),
        chargers={"right": 1, "left": 1},
    )
    entry = house._entry

    def without_an_id() -> MockConfigEntry:
        made = entry()
        for one in made.data["cpids"]:
            if "left1" in one:
                one[""] = one.pop("left1")
        return made

    house._entry = without_an_id  # type: ignore[method-assign]
    await house.start()
    house.add_station("right")
    await house.reaches("right has its maximum", right=12.0)
    left = Scripted("left", house.port, address="")
    house.stations["left"] = await left.start()
    await house.wait_until(lambda: left.amps > 0, "left charges")
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_left_status") == "unreachable", "it is told"
    )
    said = house.home.attributes("sensor.loadjuggler_status")["message"]
    assert "shows no id, so a call for it might reach right: nothing is sent" in said
    assert left.profiles == []
    devids = {c["service_data"]["devid"] for c in house.told if "devid" in c["service_data"]}
    assert devids == {"right1"}
    await house.reaches("right keeps what it has", right=12.0)

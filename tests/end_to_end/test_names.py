"""A charger's name in its form, as people write it, and the station that is commanded."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.end_to_end.house import METERS, House, filled_in

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
    left, right = house.add_station("left"), house.add_station("right")
    await house.wait_until(
        lambda: (
            house.home.state("sensor.right1_id") == "left1" and left.samples() and right.samples()
        ),
        "both stations charge",
    )
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_right1_status") == "unreachable", "it is told"
    )
    said = house.home.attributes("sensor.loadjuggler_status")["message"]
    assert "its id 'left1' is what the OCPP integration calls another charger" in said
    assert [call for call in house.told if "devid" in call["service_data"]] == []
    for station in (left, right):
        assert all(sample["by"] == [] for sample in station.samples())

"""A charger's name in its form, as people write it, and the station that is commanded."""

import pytest

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

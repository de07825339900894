"""What a charger does when Home Assistant stops while a car waits for the sun."""

import asyncio

import pytest

from tests.end_to_end.house import AT_ONCE, METERS, House, filled_in
from tests.end_to_end.scripted import Scripted

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]


async def test_a_driver_who_presents_his_card_after_home_assistant_has_stopped_gets_his_minimum(
    house: House,
) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, solar_entity="sensor.solar", **METERS),
        filled_in("charger", "Left", devid="left", mode="solar_only", **AT_ONCE),
        chargers={"left": 1},
    )
    await house.start()
    station = house.stations["left"] = await Scripted("left", house.port, starts=False).start()
    status = "sensor.loadjuggler_left_status"
    await house.wait_until(lambda: house.home.state(status) == "waiting", "it waits for the sun")
    await house.wait_until(lambda: station.profiles, "its default is written")
    await asyncio.sleep(1.0)
    assert station.limit_a() == 6.0
    await house.stop()
    station.transaction = 999  # the driver presents his card, the charger is alone
    await asyncio.sleep(1.0)
    assert station.amps == 6.0
    station.end()

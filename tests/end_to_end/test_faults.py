"""Stations that misbehave or forget."""

import pytest

from simulator import ocpp
from tests.end_to_end.house import STATION_CAN, House

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript, pytest.mark.ocpp]


async def test_a_station_that_ignores_its_profiles_is_made_room_for(house: House) -> None:
    house.build_two_cars(garage_a=25)
    await house.start()
    house.add_station("left", "--faults", "ignore")
    house.add_station("right")
    # Left takes its 16 A, whatever it is told: 25 A - 16 A are for right.
    await house.reaches("right makes room", left=16.0, right=9.0)
    status = "sensor.loadjuggler_left_status"
    await house.wait_until(lambda: house.home.state(status) == "not_following", "it is told")
    assert "16 A" in house.home.attributes("sensor.loadjuggler_left_reason")["text"]
    assert house.differences("right", STATION_CAN) == []


async def test_a_station_that_knows_only_watts_is_told_watts(house: House) -> None:
    house.build_two_cars()
    await house.start()
    house.add_station("left", "--faults", "watts-only")
    house.add_station("right")
    await house.reaches("20 A for two: 10 A are 6900 W", left=10.0, right=10.0)
    assert house.differences("left", ocpp.Capabilities(units=("W",))) == []


async def test_a_station_that_reboots_without_its_profiles_is_told_again(house: House) -> None:
    house.build_two_cars()
    await house.start()
    left = house.add_station("left")
    house.add_station("right")
    await house.reaches("20 A for two", left=10.0, right=10.0)
    left.end()
    house.add_station("left")
    await house.reaches("20 A for two, again", left=10.0, right=10.0)
    assert house.stations["left"].samples()[-1]["by"] != []


async def test_a_station_that_forgets_its_profiles_in_a_session_is_told_again(
    house: House,
) -> None:
    house.build_two_cars()
    await house.start()
    left = house.add_station("left", "--faults", "forget=15")
    house.add_station("right")
    await house.reaches("20 A for two", left=10.0, right=10.0)
    await house.wait_until(lambda: left.has("fault", fault="forget"), "it forgets", 60.0)
    await house.reaches("20 A for two, again", left=10.0, right=10.0)
    assert left.samples()[-1]["by"] != []

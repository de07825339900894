"""Two cars on one breaker, a household that wants more, sun, and a station with two plugs."""

import pytest

from simulator import ocpp
from tests.end_to_end.house import AT_ONCE, METERS, STATION_CAN, House, filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]


async def test_two_cars_on_one_breaker_share_it(house: House) -> None:
    house.build_two_cars(garage_a=20)
    await house.start()
    house.add_station("left")
    await house.reaches("alone: its maximum", left=16.0)
    house.add_station("right")
    await house.reaches("20 A for two: 10 A each", left=10.0, right=10.0)
    for ident in ("left", "right"):
        assert house.allocated_a(ident) == 10.0
        assert house.differences(ident, STATION_CAN) == []


async def test_a_household_that_wants_more_is_made_room_for(house: House) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE),
        chargers={"left": 1},
    )
    await house.start()
    house.add_station("left")
    await house.reaches("25 A - 1 A are more than its maximum", left=16.0)
    house.household_a = [1.0, 15.0, 1.0]
    await house.reaches("25 A - 15 A on B", left=10.0)
    house.household_a = [1.0, 22.0, 1.0]
    await house.reaches("3 A are less than its 6 A: it pauses", left=0.0)
    assert house.stations["left"].status() == "SuspendedEVSE"
    house.household_a = [1.0, 12.0, 1.0]
    await house.reaches("25 A - 12 A", left=13.0)
    assert house.differences("left", STATION_CAN) == []


async def test_a_car_lives_on_what_the_sun_leaves_over(house: House) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, solar_entity="sensor.solar", **METERS),
        filled_in("charger", "Left", devid="left", mode="solar_only", **AT_ONCE),
        chargers={"left": 1},
    )
    house.sun_a = 10.0
    await house.start()
    house.add_station("left")
    await house.reaches("10 A of sun - 1 A of the house", left=9.0)
    house.sun_a = 4.0
    await house.reaches("3 A are less than its 6 A", left=0.0)
    house.sun_a = 13.0
    await house.reaches("13 A - 1 A", left=12.0)
    assert house.differences("left", STATION_CAN) == []


async def test_the_two_plugs_of_a_station_are_two_loads_under_its_limit(house: House) -> None:
    plug = {"devid": "left", "circuit": "Station", **AT_ONCE}
    house.build(
        filled_in("site", "Home", main_breaker_a=25, distribution="priority", **METERS),
        filled_in("circuit", "Station", limit_a=16),
        filled_in("charger", "First", **plug, connector=1, priority=2),
        filled_in("charger", "Second", **plug, connector=2, priority=1),
        chargers={"left": 2},
    )
    await house.start()
    house.add_station("left", "--connectors", "2")
    # By priority: 6 A, its minimum, are kept for the first; the second goes before it.
    await house.reaches("16 A: 10 A and 6 A", left_2=10.0, left=6.0)
    assert house.differences("left", ocpp.Capabilities(connectors=2)) == []

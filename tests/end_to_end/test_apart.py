"""A connection that is gone: of a station, or of Home Assistant as a whole."""

import pytest

from tests.end_to_end.house import METERS, STATION_CAN, House, filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript, pytest.mark.ocpp]


async def test_a_station_that_goes_offline_keeps_its_share(house: House) -> None:
    house.build_two_cars()
    await house.start()
    left = house.add_station("left", "--state-dir", str(house.folder))
    house.add_station("right")
    await house.reaches("20 A for two", left=10.0, right=10.0)
    left.end()
    # Its car goes on by the profile that it has: the meter shows 10 A of it, and there are no more
    # than 10 A for right, also when its own share is due again.
    house.household_a = [32.0, 1.0, 1.0]
    await house.reaches("40 A - 32 A - 10 A: right pauses", right=0.0)
    house.household_a = [1.0, 1.0, 1.0]
    await house.reaches("right has its 10 A again, no more", right=10.0)
    told = house.told_to("left")
    house.add_station("left", "--state-dir", str(house.folder))
    await house.reaches("left goes on with what it was told", left=10.0, right=10.0)
    assert told


async def test_without_home_assistant_a_station_falls_to_its_safe_current(house: House) -> None:
    # 6 s instead of 3 min, renewed every 2 s.
    house.build(
        filled_in("site", "Home", main_breaker_a=25, **METERS),
        filled_in("charger", "Left", devid="left", fallback_current_a=8),
        chargers={"left": 1},
        profile_s=6.0,
    )
    await house.start()
    left = house.add_station("left")
    await house.reaches("25 A - 1 A are more than its maximum", left=16.0)
    told = len(house.told)
    await house.wait_until(lambda: len(house.told) >= told + 4, "it is renewed, and more than once")
    # While it is renewed nothing happens to the car.
    assert {sample["limit"] for sample in left.samples()[-6:]} == {16.0}
    assert house.differences("left", STATION_CAN) == []
    await house.stop()
    await house.hears("it falls to 8 A by itself", left=8.0)
    assert left.status() == "Charging"

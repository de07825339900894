"""Two cars on one breaker, and a household that wants more."""

import pytest

from tests.end_to_end.house import House, filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]
METERS = {f"grid_{phase}": f"sensor.grid_{phase}" for phase in "abc"}


async def test_two_cars_on_one_breaker_share_it(house: House) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, distribution="shared", **METERS),
        filled_in("circuit", "Garage", limit_a=20),
        filled_in("charger", "Left", devid="left", circuit="Garage"),
        filled_in("charger", "Right", devid="right", circuit="Garage"),
        chargers={"left": 1, "right": 1},
    )
    await house.start()
    house.add_station("left")
    await house.reaches("alone: its maximum", left=16.0)
    house.add_station("right")
    # 20 A of the garage breaker for two: 10 A each.
    await house.reaches("they share 20 A", left=10.0, right=10.0)

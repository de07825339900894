"""A user limits a session by the number of the OCPP integration, and a real station obeys that.

Version 0.12 has the number. What it sends is sent here through the same service, and its state set.
"""

from typing import Any

import pytest

from simulator import ocpp
from tests.end_to_end.house import AT_ONCE, METERS, House, filled_in

pytestmark = [pytest.mark.pyscript, pytest.mark.any_pyscript, pytest.mark.ocpp]


async def limit(house: House, amps: float) -> None:
    """What v0.12 does when a user sets the number of connector 1."""
    transaction = int(house.home.state("sensor.left_transaction_id") or 0)
    profile: dict[str, Any] = {
        "chargingProfileId": 3001,
        "transactionId": transaction,
        "stackLevel": ocpp.Capabilities().max_level,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
        },
    }
    data = {"devid": "left", "conn_id": 1, "custom_profile": profile}
    await house.home.call("ocpp.set_charge_rate", data)
    house.home.set_state("number.left_session_current_limit", amps, unit_of_measurement="A")


async def test_the_station_obeys_the_lower_of_both(house: House) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE),
        chargers={"left": 1},
    )
    await house.start()
    house.add_station("left")
    await house.reaches("it has its maximum", left=16.0)
    await limit(house, 12.0)
    await house.reaches("as its user says", left=12.0)
    house.household_a = [17.0, 17.0, 17.0]
    await house.reaches("25 A less 17 A of the house", left=8.0)
    await limit(house, 14.0)
    await house.reaches("more is not there, whatever its user says", left=8.0)
    house.household_a = [1.0, 1.0, 1.0]
    await house.reaches("there is room, and 14 A are allowed", left=14.0)

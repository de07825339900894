"""Chargers on which what they are told is not in force, in a real Home Assistant.

The integration says nothing of a profile that a charger rejects, or that is over before it begins.
The car then takes the fallback current of 6 A, and a pause is never reached.
"""

from typing import Any

import pytest

from tests.end_to_end.house import AT_ONCE, METERS, House, filled_in
from tests.end_to_end.scripted import Scripted

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]


class NoSessions(Scripted):
    """It rejects profiles of a session."""

    def accepts(self, profile: dict[str, Any]) -> bool:
        """Only the default of sessions."""
        return profile["chargingProfilePurpose"] != "TxProfile"


class OneLevel(Scripted):
    """It takes stack level 0 only, and says that it has ten."""

    def accepts(self, profile: dict[str, Any]) -> bool:
        """Level 0 of the session that runs."""
        return profile["stackLevel"] == 0 and super().accepts(profile)


@pytest.mark.parametrize(
    ("charger", "clock_s", "shows"),
    [
        pytest.param(Scripted, 7200.0, "is its clock right?", id="two hours ahead"),
        pytest.param(Scripted, -7200.0, "is its clock right?", id="two hours late"),
        pytest.param(OneLevel, 0.0, "only one profile", id="level 1 is rejected"),
        pytest.param(NoSessions, 0.0, "told by its default", id="TxProfiles are rejected"),
    ],
)
async def test_what_is_in_force_is_found_out(
    house: House, charger: type[Scripted], clock_s: float, shows: str
) -> None:
    house.build(
        filled_in("site", "Home", main_breaker_a=25, **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE),
        chargers={"left": 1},
        spare_s=4.0,
    )
    await house.start()
    station = await charger("left", house.port, clock_s=clock_s).start()
    house.stations["left"] = station
    await house.reaches("it is told in a way that holds", left=16.0, timeout_s=90)
    reason = "sensor.loadjuggler_left_reason"
    await house.wait_until(lambda: shows in house.home.attributes(reason)["text"], "that is told")
    house.household_a = [15.0, 1.0, 1.0]
    await house.reaches("25 - 15 A", left=10.0)
    house.household_a = [22.0, 1.0, 1.0]
    await house.reaches("25 - 22 A are no minimum", left=0.0)
    assert max(house.currents_a()) <= 25.0
    station.end()

"""Chargers that can't be told: people are told so, and by which field it is put right."""

import asyncio

import pytest

from tests.end_to_end.house import AT_ONCE, METERS, House, filled_in
from tests.end_to_end.scripted import Scripted, Scripted201

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]

LEFT, SITE = "sensor.loadjuggler_left", "sensor.loadjuggler_status"


def build(house: House, **form: str) -> None:
    """A house with one charger, and people who want to be told."""
    house.home.record("persistent_notification.create")
    house.build(
        filled_in("site", "Home", main_breaker_a=25, notify_not_following=True, **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE, **form),
        chargers={"left": 1},
    )


def reason(house: House) -> str:
    """The sentence of the charger."""
    return str(house.home.attributes(f"{LEFT}_reason").get("text"))


def told(house: House) -> dict[str, str | None]:
    """What people see: the states of charger and site."""
    return {
        "charger": house.home.state(f"{LEFT}_status"),
        "site": house.home.state(SITE),
        "allocated": house.home.state(f"{LEFT}_allocated_current"),
    }


@pytest.mark.parametrize(
    ("charger", "form", "speaks", "choice"),
    [
        pytest.param(Scripted201, "1.6", "2.0.1", "2.0.1 or 2.1", id="form of 1.6"),
        pytest.param(Scripted, "2.0.1", "1.6", "1.6", id="form of 2.0.1"),
    ],
)
async def test_the_wrong_version_is_found_out_and_told(
    house: House, charger: type[Scripted], form: str, speaks: str, choice: str
) -> None:
    build(house, ocpp_version=form)
    await house.start()
    station = house.stations["left"] = await charger("left", house.port).start()  # type: ignore[assignment]
    await house.reaches("nothing limits it but itself", left=16.0)
    await house.wait_until(lambda: f"speaks OCPP {speaks}" in reason(house), "it is told")
    assert f"Choose {choice} under OCPP version" in reason(house)
    shows = {"charger": "not_following", "site": "problem", "allocated": "unknown"}
    await house.wait_until(lambda: told(house) == shows, "charger and site show it")
    assert "OCPP" in house.home.attributes(SITE)["message"]
    shown = house.home.calls_of("persistent_notification.create")
    assert [call.data["message"].startswith("Left: It speaks OCPP") for call in shown] == [True]
    station.end()


async def test_with_the_right_version_it_is_told(house: House) -> None:
    """The same charger as above, and the form says so: it makes room for the house."""
    build(house, ocpp_version="2.0.1")
    await house.start()
    station = house.stations["left"] = await Scripted201("left", house.port).start()  # type: ignore[assignment]
    await house.reaches("it has all", left=16.0)
    house.household_a = [15.0, 1.0, 1.0]
    await house.reaches("25 - 15 A", left=10.0)
    await asyncio.sleep(1)
    assert told(house) == {"charger": "charging", "site": "ok", "allocated": "10.0"}
    station.end()

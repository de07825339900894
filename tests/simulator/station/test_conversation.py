"""A station in conversation with a central system, over a real websocket."""

from __future__ import annotations

from tests.simulator.station.central import Central, living, profile


async def test_boots_charges_and_obeys_a_profile(central: Central) -> None:
    async with living(central):
        await central.hear("BootNotification")
        started = await central.hear("StartTransaction")
        assert started["connectorId"] == 1
        await central.status("Charging")
        await central.amps(16.0, 16.0, 16.0)
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)

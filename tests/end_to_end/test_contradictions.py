"""Sensors that contradict each other, as the real OCPP integration makes them (decision 29).

It sets the state of a current to 0 when a session is suspended or ends, leaves L1 to L3 in its
attributes, and takes whatever meter value comes after that.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import pytest
from loadjuggler.measure.numbers import number

from tests.end_to_end.house import AT_ONCE, METERS, House, filled_in
from tests.end_to_end.scripted import LEAST_A, LEGS, Scripted, stamp

pytestmark = [pytest.mark.pyscript, pytest.mark.ocpp]

CURRENT = "sensor.left_current_import"


@dataclass
class Measuring(Scripted):
    """A charger whose car uses the first `legs`; `neutral`: it measures only N and the power.

    A car that wants less than 6 A is full (SuspendedEV), of which it says nothing else if it is
    not `talkative`.
    """

    legs: int = 3
    neutral: bool = False
    talkative: bool = True
    said: str = ""

    def draw_a(self, connector: int = 1) -> tuple[float, ...]:
        """What the car takes by leg, A."""
        taken = super().draw_a(connector)
        return tuple(a if number < self.legs else 0.0 for number, a in enumerate(taken))

    async def show(self, state: str) -> None:
        """Say a status of the connector."""
        full = state == "SuspendedEVSE" and self.car_a < LEAST_A
        self.state, self.said = state, "SuspendedEV" if full else state
        await self.call(
            *("StatusNotification",), connectorId=1, errorCode="NoError", status=self.said
        )

    async def report(self) -> None:
        """Report what the car takes."""
        if self.amps or self.talkative:
            await self.measures(self.draw_a())

    async def measures(self, amps: tuple[float, ...]) -> None:
        """Send meter values."""
        power = {"measurand": "Power.Active.Import", "unit": "kW"}
        named = {"N": amps[0]} if self.neutral else dict(zip(LEGS, amps, strict=True))
        values = [
            {"measurand": "Current.Import", "unit": "A", "phase": leg, "value": f"{a:.1f}"}
            for leg, a in named.items()
        ]
        values += [{**power, "value": f"{sum(amps) * 0.23:.2f}"}] if self.neutral else []
        session = {"transactionId": self.transaction} if self.transaction else {}
        sampled = [{"timestamp": stamp(), "sampledValue": values}]
        await self.call(*("MeterValues",), connectorId=1, meterValue=sampled, **session)

    async def ends(self) -> None:
        """The session ends; its last meter values come after that."""
        took, number, self.transaction = self.draw_a(), self.transaction, 0
        await self.call(
            "StopTransaction", transactionId=number, meterStop=0, timestamp=stamp(), reason="Local"
        )
        await self.show("Finishing")
        await self.measures(took)
        await self.show("Available")


async def connected(house: House, charger: Measuring) -> Measuring:
    """A charger that `house` knows by its id, with a car that comes at once."""
    house.stations[charger.id] = charger  # type: ignore[assignment]
    await charger.start()
    return charger


def said(house: House, load: str) -> str:
    return str(house.home.attributes(f"sensor.loadjuggler_{load}_reason").get("text"))


@dataclass
class Commas(Measuring):
    """A charger that writes decimal commas, and its energy in whole Wh."""

    energy_wh: float = 128_450.0
    at: float = 0.0

    async def measures(self, amps: tuple[float, ...]) -> None:
        """Send meter values."""
        now = time.monotonic()
        self.energy_wh += sum(amps) * 230.0 * (now - (self.at or now)) / 3600
        self.at = now
        current = {"measurand": "Current.Import", "unit": "A"}
        values = [
            {**current, "phase": leg, "value": f"{a:.1f}".replace(".", ",")}
            for leg, a in zip(LEGS, amps, strict=True)
        ]
        energy = {"measurand": "Energy.Active.Import.Register", "unit": "Wh"}
        values += [{**energy, "value": f"{self.energy_wh:.0f}"}]
        session = {"transactionId": self.transaction} if self.transaction else {}
        sampled = [{"timestamp": stamp(), "sampledValue": values}]
        await self.call("MeterValues", connectorId=1, meterValue=sampled, **session)


async def test_a_charger_that_writes_decimal_commas_is_counted_by_its_energy(house: House) -> None:
    """The integration reads each of its currents as 0; its car would get 6 A for ever."""
    house.build_two_cars(garage_a=20, spare_s=5.0, hold_s=15.0)
    await house.start()
    left = await connected(house, Commas("left", house.port))
    await house.wait_until(lambda: left.amps == 16.0, "alone: its maximum")
    await house.wait_until(
        lambda: (number(house.home.state("sensor.loadjuggler_left_power")) or 0.0) > 9000.0,
        "16 A on three legs are 11 kW",
    )
    assert number(house.home.state(CURRENT)) == 0.0, "that is what the integration shows"
    right = await connected(house, Measuring("right", house.port))
    # What is less than the dead band of 0.3 A may be left: a power that is worked out from an
    # energy is never still.
    await house.wait_until(
        lambda: all(9.7 <= one.amps <= 10.3 for one in (left, right)), "10 A each"
    )

    def asks() -> bool:
        warnings = house.home.attributes("sensor.loadjuggler_status")["warnings"]
        return any("Does the charger write decimal commas?" in text for text in warnings)

    await house.wait_until(asks, "the site asks for decimal commas")


async def test_a_session_that_suspends_and_ends_leaves_its_room_to_the_neighbour(
    house: House,
) -> None:
    """20 A for two. The left car is full, and its charger measures nothing any more."""
    house.build_two_cars(garage_a=20, spare_s=5.0)
    await house.start()
    left = await connected(house, Measuring("left", house.port, talkative=False))
    await house.reaches("alone: its maximum", left=16.0)
    left.car_a = 0.0
    await house.wait_until(lambda: left.said == "SuspendedEV", "its car is full")
    right = await connected(house, Measuring("right", house.port))
    await house.reaches("20 A less the 6 A of a full car", right=14.0)
    assert house.home.attributes(CURRENT)["L1"] == 16.0, "the integration has left it there"
    assert house.home.state("sensor.loadjuggler_left_status") == "full"

    left.car_a = 16.0
    await house.reaches("it wants to charge again", left=10.0, right=10.0)
    await left.ends()
    await house.reaches("alone: its maximum", right=16.0)
    assert float(house.home.state(CURRENT) or 0) == 10.0, "the last meter value came too late"
    assert float(house.home.state("sensor.loadjuggler_left_power") or 0) == 0.0

    states: set[Any] = set()
    await left.arrive()

    def shared() -> bool:
        states.add(house.home.state("sensor.loadjuggler_left_status"))
        return left.amps == right.amps == 10.0

    await house.wait_until(shared, "10 A each")
    assert "not_following" not in states, "the next car is not blamed for the last one's current"
    assert house.home.attributes("sensor.loadjuggler_status")["warnings"] == []


async def test_a_solar_car_takes_nothing_at_night_when_another_car_is_full(house: House) -> None:
    """The 16 A of a car that is full are no sun."""
    house.build(
        filled_in("site", "Home", main_breaker_a=40, solar_entity="sensor.solar", **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE),
        filled_in("charger", "Right", devid="right", mode="solar_only", **AT_ONCE),
        chargers={"left": 1, "right": 1},
        spare_s=5.0,
    )
    await house.start()
    left = await connected(house, Measuring("left", house.port, talkative=False))
    await house.reaches("alone: its maximum", left=16.0)
    right = await connected(house, Measuring("right", house.port))
    await house.reaches("there is no sun", right=0.0)
    seen = len(right.samples())
    left.car_a = 0.0
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_left_status") == "full", "its car is full"
    )
    await left.ends()
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_left_status") == "idle", "it has left"
    )
    await house.reaches("still no sun", right=0.0)
    assert {sample["amps"][0] for sample in right.samples()[seen:]} == {0.0}, said(house, "right")


async def test_a_charger_that_measures_the_neutral_only_is_raised_and_cut(house: House) -> None:
    """Its one-phase car takes what it is told on L1; its current has no state, or 0."""
    entry = house._entry

    def with_power() -> Any:
        made = entry()
        for one in made.data["cpids"]:
            for settings in one.values():
                settings["monitored_variables"] = "Current.Import,Power.Active.Import"
        return made

    house._entry = with_power  # type: ignore[method-assign]
    house.build(
        filled_in("site", "Home", main_breaker_a=25, **METERS),
        filled_in("charger", "Left", devid="left", **AT_ONCE),
        chargers={"left": 1},
        spare_s=5.0,
        legs_s=5.0,
    )
    await house.start()
    left = Measuring("left", house.port, legs=1, neutral=True, starts=False)
    await connected(house, left)
    status = "sensor.left_status_connector"
    await house.wait_until(lambda: house.home.state(status) == "Preparing", "a car waits")
    await house.wait_until(
        lambda: house.home.state("sensor.loadjuggler_left_status") == "ready", "and is counted"
    )
    await asyncio.sleep(5.0)  # What is there before a change must have been there for 4 s.
    await left.begin()
    await house.reaches("25 A - 1 A are more than its maximum", left=16.0)

    def headroom_a() -> float:
        return float(house.home.state("sensor.loadjuggler_main_headroom_a") or 0)

    # While its legs are not known, what A carries counts as the house's: 25 A - 17 A.
    await house.wait_until(lambda: headroom_a() > 23.0, "the meter has shown that it uses L1")
    house.household_a = [15.0, 1.0, 1.0]
    await house.reaches("25 A - 15 A on A", left=10.0)
    house.household_a = [1.0, 20.0, 20.0]
    await house.reaches("B and C are full, and it does not use them", left=16.0)

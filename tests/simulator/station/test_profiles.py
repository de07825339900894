"""Charging profiles in conversation with a central system, over real websockets.

Expected currents: of one purpose the highest stack level wins, then the smallest of station and
session (OCPP 1.6, 3.13); a car of 16 A on three phases of 230 V takes the rest.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from ocpp import exceptions
from ocpp.v16 import call

from simulator.station.kinds import Faults
from tests.simulator.station.central import CAR, KIND, Central, iso, living, profile, value_of

LONG_AGO = "2020-01-01T00:00:00Z"
TWO = replace(KIND, connectors=2)


def station_maximum(number: int, limit: float, unit: str = "A") -> dict[str, Any]:
    return profile(
        number,
        limit,
        unit=unit,
        chargingProfilePurpose="ChargePointMaxProfile",
        chargingProfileKind="Absolute",
        startSchedule=LONG_AGO,
    )


async def clear(central: Central, **which: Any) -> str:
    return str((await central.ask(call.ClearChargingProfile(**which))).status)


async def composite(central: Central, *args: Any) -> dict[str, Any]:
    answer = await central.ask(call.GetCompositeSchedule(*args))
    assert answer.status == "Accepted"
    return answer.charging_schedule


async def test_the_higher_level_wins_until_it_is_cleared(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        await central.set(profile(1, 8.0))
        await central.set(profile(2, 12.0, stackLevel=3))
        await central.amps(12.0, 12.0, 12.0)
        assert await clear(central, id=2) == "Accepted"
        await central.amps(8.0, 8.0, 8.0)
        assert await clear(central) == "Accepted"
        await central.amps(16.0, 16.0, 16.0)
        assert await clear(central, id=2) == "Unknown"


async def test_a_profile_that_runs_out_leaves_the_one_below(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        await central.set(profile(1, 6.0))
        now = time.time()
        data = profile(
            2,
            14.0,
            stackLevel=1,
            chargingProfileKind="Absolute",
            startSchedule=iso(now - 10),
            duration=14,
        )
        assert await central.set(data) == "Accepted"
        await central.amps(14.0, 14.0, 14.0)
        await central.amps(6.0, 6.0, 6.0)


async def test_a_profile_stops_being_valid(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        data = profile(
            2,
            7.0,
            chargingProfileKind="Absolute",
            startSchedule=LONG_AGO,
            validTo=iso(time.time() + 5),
        )
        assert await central.set(data) == "Accepted"
        await central.amps(7.0, 7.0, 7.0)
        await central.amps(16.0, 16.0, 16.0)


async def test_periods_follow_one_another(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        await central.set(
            profile(
                1,
                (0, 10.0),
                (10, 13.0),
                chargingProfileKind="Absolute",
                startSchedule=iso(time.time() - 6),
            )
        )
        await central.amps(10.0, 10.0, 10.0)
        await central.amps(13.0, 13.0, 13.0)


@pytest.mark.parametrize("limit", [0.0, 5.9])
async def test_below_six_amperes_the_car_is_paused(central: Central, limit: float) -> None:
    async with living(central):
        await central.status("Charging")
        assert await central.set(profile(1, limit)) == "Accepted"
        await central.status("SuspendedEVSE")
        await central.amps(0.0, 0.0, 0.0)
        await clear(central)
        await central.status("Charging")
        await central.amps(16.0, 16.0, 16.0)
    assert central.all("StopTransaction") == []


async def test_watts_are_of_all_phases(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        # 6900 W / (3 x 230 V) = 10 A.
        assert await central.set(profile(1, 6900.0, unit="W")) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)


async def test_watts_without_phases_are_for_three_also_with_one(central: Central) -> None:
    small = replace(CAR, phases=1, max_a=32.0)
    async with living(central, cars=[small]):
        await central.status("Charging")
        # Errata 3.69: numberPhases not given is 3, so 11040 W are 16 A per phase.
        assert await central.set(profile(1, 11040.0, unit="W")) == "Accepted"
        await central.amps(16.0, 0.0, 0.0)


async def test_one_phase_only_where_phases_are_switched(central: Central) -> None:
    data = profile(1, 10.0)
    data["chargingSchedule"]["chargingSchedulePeriod"][0]["numberPhases"] = 1
    async with living(central, replace(KIND, switches_phases=True)):
        await central.status("Charging")
        assert await central.set(data) == "Accepted"
        await central.amps(10.0, 0.0, 0.0)
        row = central.all("MeterValues")[-1]
        assert value_of(row, "Power.Offered") == pytest.approx(10 * 230)


async def test_a_default_holds_until_the_session_has_a_profile(central: Central) -> None:
    async with living(central, replace(KIND, presents_tag=False)):
        await central.status("Preparing")
        data = profile(1, 9.0, chargingProfilePurpose="TxDefaultProfile")
        assert await central.set(data, 0) == "Accepted"
        await central.ask(call.RemoteStartTransaction("someone", 1))
        await central.amps(9.0, 9.0, 9.0)
        assert await central.set(profile(2, 13.0)) == "Accepted"
        await central.amps(13.0, 13.0, 13.0)
        # 3.13.1: with the transaction its profile ends; the next one has the default again.
        await central.ask(call.RemoteStopTransaction(101))
        await central.status("Finishing")
        await central.ask(call.RemoteStartTransaction("someone", 1))
        await central.amps(9.0, 9.0, 9.0)


async def test_a_profile_on_one_plug_leaves_the_other_alone(central: Central) -> None:
    async with living(central, TWO):
        await central.hear("StartTransaction", 2)
        assert await central.set(profile(1, 7.0), 2) == "Accepted"
        await central.amps(7.0, 7.0, 7.0, connector=2)
        await central.amps(16.0, 16.0, 16.0, connector=1)


async def test_the_stations_maximum_is_for_all_plugs_together(central: Central) -> None:
    async with living(central, TWO):
        await central.hear("StartTransaction", 2)
        assert await central.set(station_maximum(1, 20.0), 0) == "Accepted"
        await central.amps(10.0, 10.0, 10.0, connector=1)
        await central.amps(10.0, 10.0, 10.0, connector=2)
        # One car held to 7 A leaves 13 A to the other.
        assert await central.set(profile(2, 7.0), 1) == "Accepted"
        await central.amps(7.0, 7.0, 7.0, connector=1)
        await central.amps(13.0, 13.0, 13.0, connector=2)


async def test_too_little_for_two_is_enough_for_one(central: Central) -> None:
    async with living(central, TWO):
        await central.hear("StartTransaction", 2)
        assert await central.set(station_maximum(1, 11.0), 0) == "Accepted"
        first = central.all("StartTransaction")[0]["connectorId"]
        await central.status("SuspendedEVSE", 3 - first)
        await central.amps(11.0, 11.0, 11.0, connector=first)


REJECTED = {
    "session profile for the station": (0, profile(1, 9.0)),
    "station's maximum for a plug": (1, station_maximum(1, 9.0)),
    "another transaction": (1, profile(1, 9.0, transactionId=4711)),
    "too high a level": (1, profile(1, 9.0, stackLevel=99)),
    "too many periods": (1, profile(1, *[(n, 9.0) for n in range(99)])),
}


@pytest.mark.parametrize("case", REJECTED)
async def test_rejected_profiles_change_nothing(central: Central, case: str) -> None:
    connector, data = REJECTED[case]
    async with living(central) as station:
        await central.status("Charging")
        assert await central.set(data, connector) == "Rejected"
        await central.amps(16.0, 16.0, 16.0)
        assert station.stack.installed.profiles == ()
        assert station.record.counts.profiles_rejected == 1


async def test_no_session_no_session_profile(central: Central) -> None:
    async with living(central, replace(KIND, visits=0)):
        await central.hear("StatusNotification", 2)
        assert await central.set(profile(1, 9.0)) == "Rejected"


def _with(**schedule: Any) -> dict[str, Any]:
    data = profile(1, 9.0)
    data["chargingSchedule"] |= schedule
    return data


INVALID = {
    "no such plug": (7, profile(1, 9.0)),
    "no such unit": (1, _with(chargingRateUnit="kW")),
    "two decimals": (1, profile(1, 10.55)),
    "a first period that is late": (1, profile(1, (5, 9.0))),
    "no such purpose": (1, profile(1, 9.0, chargingProfilePurpose="Guess")),
    "recurrency of what does not recur": (1, profile(1, 9.0, recurrencyKind="Daily")),
}


@pytest.mark.parametrize("case", INVALID)
async def test_invalid_profiles_are_answered_with_an_error(central: Central, case: str) -> None:
    connector, data = INVALID[case]
    async with living(central):
        await central.status("Charging")
        with pytest.raises(exceptions.PropertyConstraintViolationError):
            await central.set(data, connector)
        await central.amps(16.0, 16.0, 16.0)


async def test_a_profile_without_its_fields_is_a_protocol_error(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        with pytest.raises(exceptions.ProtocolError):
            await central.set({"chargingProfileId": 1})


async def test_the_composite_schedule_shows_what_will_be_done(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        now = time.time()
        low = profile(1, 6.0, chargingProfileKind="Absolute", startSchedule=LONG_AGO)
        high = profile(
            2,
            (0, 12.0),
            (1000, 9.0),
            stackLevel=1,
            chargingProfileKind="Absolute",
            startSchedule=iso(now - 100),
            duration=2000,
        )
        assert await central.set(low) == "Accepted"
        assert await central.set(high) == "Accepted"
        found = await composite(central, 1, 3600, "A")
        assert found["charging_rate_unit"] == "A"
        rows = [(p["start_period"], p["limit"]) for p in found["charging_schedule_period"]]
        assert [limit for _, limit in rows] == [12.0, 9.0, 6.0]
        # 100 s of the schedule have passed, and the second or two that this took.
        assert rows[1][0] == pytest.approx(900, abs=5)
        assert rows[2][0] == pytest.approx(1900, abs=5)
        watts = await composite(central, 1, 60, "W")
        assert watts["charging_schedule_period"][0]["limit"] == pytest.approx(12 * 3 * 230)


async def test_no_composite_schedule_of_a_plug_that_is_not_there(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        answer = await central.ask(call.GetCompositeSchedule(5, 60))
        assert answer.status == "Rejected"


async def test_clearing_by_purpose_level_and_plug(central: Central) -> None:
    async with living(central, TWO):
        await central.hear("StartTransaction", 2)
        await central.set(profile(1, 7.0), 1)
        await central.set(profile(2, 8.0), 2)
        await central.set(station_maximum(3, 60.0), 0)
        assert await clear(central, connector_id=1, charging_profile_purpose="TxProfile") == (
            "Accepted"
        )
        await central.amps(16.0, 16.0, 16.0, connector=1)
        await central.amps(8.0, 8.0, 8.0, connector=2)
        assert await clear(central, connector_id=2, stack_level=5) == "Unknown"
        assert await clear(central, charging_profile_purpose="ChargePointMaxProfile") == "Accepted"
        assert await clear(central, connector_id=2, stack_level=0) == "Accepted"
        assert await clear(central) == "Unknown"


async def test_a_station_that_takes_only_watts(central: Central) -> None:
    async with living(central, replace(KIND, faults=Faults(watts_only=True))):
        await central.status("Charging")
        key = "ChargingScheduleAllowedChargingRateUnit"
        answer = await central.ask(call.GetConfiguration([key]))
        assert answer.configuration_key[0]["value"] == "Power"
        assert await central.set(profile(1, 10.0)) == "Rejected"
        assert await central.set(profile(1, 6900.0, unit="W")) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)


async def test_a_station_that_accepts_and_does_nothing(central: Central) -> None:
    async with living(central, replace(KIND, faults=Faults(ignore=True))):
        await central.status("Charging")
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.amps(16.0, 16.0, 16.0)


async def test_a_station_that_forgets(central: Central) -> None:
    async with living(central, replace(KIND, faults=Faults(forget_s=1.5))) as station:
        await central.status("Charging")
        seen = station.record.counts.faults
        await central.set(profile(1, 10.0))
        await central.until(lambda: seen.get("forget"), "the defect")
        await central.amps(16.0, 16.0, 16.0)

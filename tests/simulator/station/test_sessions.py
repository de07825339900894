"""Sessions, cards and orders in conversation with a central system, over real websockets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ocpp.exceptions import NotImplementedError as NotImplementedByStation
from ocpp.v16 import call

from simulator.station.kinds import STATIONS
from tests.simulator.station.central import (
    CAR,
    KIND,
    Central,
    current_of,
    living,
    profile,
    value_of,
)

WAITING = replace(KIND, presents_tag=False)


async def test_boots_charges_and_obeys_a_profile(central: Central) -> None:
    async with living(central):
        await central.hear("BootNotification")
        started = await central.hear("StartTransaction")
        assert started["connectorId"] == 1
        await central.status("Charging")
        await central.amps(16.0, 16.0, 16.0)
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)


async def test_asks_again_until_it_is_accepted_and_says_nothing_else(central: Central) -> None:
    central.boot_answers = ["Pending", "Rejected"]
    async with living(central):
        await central.hear("StartTransaction")
    actions = [action for _, action, _ in central.rows]
    assert actions[:3] == ["BootNotification"] * 3


async def test_a_station_and_its_connectors_say_their_status_first(central: Central) -> None:
    async with living(central, replace(KIND, connectors=2, visits=0)):
        await central.hear("StatusNotification", 3)
    rows = [(r["connectorId"], r["status"]) for r in central.all("StatusNotification")]
    assert rows == [(0, "Available"), (1, "Available"), (2, "Available")]


async def test_a_refused_card_starts_nothing(central: Central) -> None:
    central.card = "Blocked"
    async with living(central) as station:
        await central.hear("Authorize")
        await central.until(lambda: any("refused" in line for line in station.record.lines))
        answer = await central.ask(call.TriggerMessage("MeterValues", 1))
        assert answer.status == "Accepted"
        row = await central.hear("MeterValues")
        assert current_of(row) == [0.0, 0.0, 0.0]
    assert central.all("StartTransaction") == []


async def test_a_card_refused_at_the_start_ends_the_session(central: Central) -> None:
    central.start_card = "Invalid"
    async with living(central):
        stopped = await central.hear("StopTransaction")
        assert stopped["reason"] == "DeAuthorized"
        assert stopped["transactionId"] == 101


async def test_remote_start_and_stop(central: Central) -> None:
    async with living(central, WAITING):
        await central.status("Preparing")
        answer = await central.ask(call.RemoteStartTransaction("someone", 1))
        assert answer.status == "Accepted"
        started = await central.hear("StartTransaction")
        assert started["idTag"] == "someone"
        await central.amps(16.0, 16.0, 16.0)
        assert (await central.ask(call.RemoteStopTransaction(999))).status == "Rejected"
        assert (await central.ask(call.RemoteStopTransaction(101))).status == "Accepted"
        stopped = await central.hear("StopTransaction")
        assert stopped["reason"] == "Remote"
        assert stopped["transactionId"] == 101
        assert stopped["meterStop"] >= started["meterStart"]
        await central.status("Finishing")


async def test_no_second_session_on_one_plug(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        answer = await central.ask(call.RemoteStartTransaction("someone", 1))
        assert answer.status == "Rejected"


async def test_a_profile_that_comes_with_a_remote_start_holds_from_the_first_ampere(
    central: Central,
) -> None:
    async with living(central, WAITING):
        await central.status("Preparing")
        request = call.RemoteStartTransaction("someone", 1, profile(7, 9.0))
        assert (await central.ask(request)).status == "Accepted"
        await central.amps(9.0, 9.0, 9.0)
        assert all(max(current_of(row)) <= 9.0 for row in central.all("MeterValues"))
        # 5.16.2: a later profile with the transaction's id on the same level takes its place.
        assert await central.set(profile(8, 12.0, transactionId=101)) == "Accepted"
        await central.amps(12.0, 12.0, 12.0)


async def test_a_remote_start_takes_no_other_profile_than_a_tx_profile(central: Central) -> None:
    async with living(central, WAITING):
        await central.status("Preparing")
        data = profile(7, 9.0, chargingProfilePurpose="TxDefaultProfile")
        answer = await central.ask(call.RemoteStartTransaction("someone", 1, data))
        assert answer.status == "Rejected"


async def test_a_car_that_leaves_ends_the_session(central: Central) -> None:
    async with living(central, replace(KIND, stay_s=(1.0, 1.0))):
        stopped = await central.hear("StopTransaction")
        assert stopped["reason"] == "EVDisconnected"
        await central.status("Available")


async def test_a_full_car_suspends_itself(central: Central) -> None:
    async with living(central, cars=[replace(CAR, arrives_pct=(100.0, 100.0))]):
        await central.status("SuspendedEV")
        await central.amps(0.0, 0.0, 0.0)
    assert central.all("StopTransaction") == []


async def test_meter_values_tell_current_power_energy_and_what_is_offered(central: Central) -> None:
    small = replace(CAR, phases=1, max_a=20.0, arrives_pct=(50.0, 50.0))
    async with living(central, cars=[small]):
        await central.amps(20.0, 0.0, 0.0)
        first = central.all("MeterValues")[-1]
        await central.hear("MeterValues", len(central.all("MeterValues")) + 3)
    row = central.all("MeterValues")[-1]
    assert row["transactionId"] == 101
    assert value_of(row, "Power.Active.Import") == pytest.approx(20 * 230)
    assert value_of(row, "Current.Offered") == pytest.approx(32)
    assert value_of(row, "Power.Offered") == pytest.approx(32 * 230 * 3)
    assert value_of(row, "Voltage") == pytest.approx(230)
    assert value_of(row, "SoC") == pytest.approx(50, abs=0.5)
    register = "Energy.Active.Import.Register"
    assert value_of(row, register) > value_of(first, register)


async def test_settings_can_be_read_and_changed(central: Central) -> None:
    async with living(central, replace(KIND, connectors=2)):
        await central.status("Charging")
        wanted = [
            "NumberOfConnectors",
            "ChargingScheduleAllowedChargingRateUnit",
            "SupportedFeatureProfiles",
            "NoSuchKey",
        ]
        answer = await central.ask(call.GetConfiguration(wanted))
        found = {row["key"]: row["value"] for row in answer.configuration_key}
        assert found["NumberOfConnectors"] == "2"
        assert found["ChargingScheduleAllowedChargingRateUnit"] == "Current,Power"
        assert "SmartCharging" in found["SupportedFeatureProfiles"]
        assert answer.unknown_key == ["NoSuchKey"]

        async def change(key: str, value: str) -> str:
            return str((await central.ask(call.ChangeConfiguration(key, value))).status)

        assert await change("MeterValueSampleInterval", "30") == "Accepted"
        assert await change("MeterValueSampleInterval", "often") == "Rejected"
        assert await change("NumberOfConnectors", "7") == "Rejected"
        assert await change("NoSuchKey", "7") == "NotSupported"
        answer = await central.ask(call.GetConfiguration(["MeterValueSampleInterval"]))
        assert answer.configuration_key[0]["value"] == "30"


async def test_only_measurands_that_are_asked_for_are_reported(central: Central) -> None:
    async with living(central):
        key, value = "MeterValuesSampledData", "Current.Import,SoC"
        await central.status("Charging")
        answer = await central.ask(call.ChangeConfiguration(key, value))
        assert answer.status == "Accepted"
        await central.hear("MeterValues", len(central.all("MeterValues")) + 2)
        row = central.all("MeterValues")[-1]
        said = {v["measurand"] for v in row["meterValue"][0]["sampledValue"]}
        assert said == {"Current.Import", "SoC"}
        answer = await central.ask(call.ChangeConfiguration(key, "Colour"))
        assert answer.status == "Rejected"


async def test_idle_plugs_are_read_by_the_clock(central: Central) -> None:
    async with living(central, replace(KIND, visits=0)):
        await central.hear("StatusNotification", 2)
        request = call.ChangeConfiguration("ClockAlignedDataInterval", "1")
        assert (await central.ask(request)).status == "Accepted"
        await central.hear("MeterValues", 2)
    row = central.all("MeterValues")[-1]
    assert {v["context"] for v in row["meterValue"][0]["sampledValue"]} == {"Sample.Clock"}
    assert current_of(row) == [0.0, 0.0, 0.0]


async def test_a_session_with_a_refused_card_goes_on_if_told_so(central: Central) -> None:
    central.start_card = "Expired"
    async with living(central, WAITING):
        await central.status("Preparing")
        request = call.ChangeConfiguration("StopTransactionOnInvalidId", "false")
        assert (await central.ask(request)).status == "Accepted"
        await central.ask(call.RemoteStartTransaction("someone", 1))
        await central.amps(16.0, 16.0, 16.0)
    assert central.all("StopTransaction") == []


async def test_what_is_triggered_is_sent(central: Central) -> None:
    async with living(central, replace(KIND, visits=0)):
        await central.hear("StatusNotification", 2)
        for message in ("Heartbeat", "MeterValues", "StatusNotification", "BootNotification"):
            before = len(central.all(message))
            assert (await central.ask(call.TriggerMessage(message, 1))).status == "Accepted"
            await central.hear(message, before + 1)
        answer = await central.ask(call.TriggerMessage("FirmwareStatusNotification"))
        assert answer.status == "NotImplemented"
        assert (await central.ask(call.TriggerMessage("MeterValues", 9))).status == "Rejected"


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
async def test_a_reset_ends_sessions_and_boots_anew(central: Central, kind: str) -> None:
    async with living(central):
        await central.status("Charging")
        assert (await central.ask(call.Reset(kind))).status == "Accepted"
        await central.hear("BootNotification", 2)
        stopped = await central.hear("StopTransaction")
        assert stopped["reason"] == f"{kind}Reset"


async def test_out_of_service_after_the_session(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        answer = await central.ask(call.ChangeAvailability(1, "Inoperative"))
        assert answer.status == "Scheduled"
        await central.amps(16.0, 16.0, 16.0)
        await central.ask(call.RemoteStopTransaction(101))
        await central.status("Unavailable")
        answer = await central.ask(call.RemoteStartTransaction("someone", 1))
        assert answer.status == "Rejected"
        answer = await central.ask(call.ChangeAvailability(1, "Operative"))
        assert answer.status == "Accepted"
        await central.status("Finishing")
        answer = await central.ask(call.ChangeAvailability(5, "Operative"))
        assert answer.status == "Rejected"


async def test_unlocking_ends_the_session(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        assert (await central.ask(call.UnlockConnector(1))).status == "Unlocked"
        assert (await central.hear("StopTransaction"))["reason"] == "UnlockCommand"


async def test_what_it_does_not_do_is_said(central: Central) -> None:
    async with living(central):
        await central.status("Charging")
        with pytest.raises(NotImplementedByStation):
            await central.ask(call.GetLocalListVersion())
        assert (await central.ask(call.DataTransfer("someone"))).status == "UnknownVendorId"


async def test_two_plugs_two_sessions(central: Central) -> None:
    async with living(central, replace(KIND, connectors=2)):
        await central.hear("StartTransaction", 2)
        await central.amps(16.0, 16.0, 16.0, connector=2)
        await central.ask(call.RemoteStopTransaction(101))
        stopped = await central.hear("StopTransaction")
        first = central.all("StartTransaction")[0]["connectorId"]
        assert stopped["transactionId"] == 101
        await central.status("Finishing", first)
        await central.amps(16.0, 16.0, 16.0, connector=3 - first)


async def test_a_free_station_charges_without_a_transaction(central: Central) -> None:
    free = replace(STATIONS["no-transactions"], away_s=(0.0, 0.0))
    async with living(central, free):
        await central.amps(16.0, 16.0, 16.0)
        assert "transactionId" not in central.all("MeterValues")[-1]
        # Nothing that a profile for transactions could limit; the station's own maximum does.
        data = profile(1, 7.0, chargingProfilePurpose="TxDefaultProfile")
        assert await central.set(data) == "Accepted"
        data = profile(2, 13.0, chargingProfilePurpose="ChargePointMaxProfile")
        assert (
            await central.set({**data, "chargingProfileKind": "Absolute"} | START, 0) == "Accepted"
        )
        await central.amps(13.0, 13.0, 13.0)
    assert central.all("StartTransaction") == []


START = {
    "chargingSchedule": {
        "startSchedule": "2020-01-01T00:00:00Z",
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.0}],
    }
}


async def test_many_stations_in_one_process(central: Central) -> None:
    from contextlib import AsyncExitStack

    names = [f"LJ{n}" for n in range(1, 21)]
    async with AsyncExitStack() as stack:
        for name in names:
            await stack.enter_async_context(living(central, name=name, answer_s=5.0))
        for name in names:
            await central.status("Charging", name=name)
        assert await central.set(profile(1, 8.0), name="LJ7") == "Accepted"
        await central.amps(8.0, 8.0, 8.0, name="LJ7")
        await central.amps(16.0, 16.0, 16.0, name="LJ8")
    assert set(central.ends) == set(names)

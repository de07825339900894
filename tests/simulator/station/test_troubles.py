"""Restarts, broken connections, damaged messages and the station's own policy, over websockets."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from ocpp.v16 import call

from simulator.station.kinds import STATIONS, Faults
from simulator.station.policy import Policy
from simulator.station.station import Station
from simulator.station.visitors import Visitors
from tests.simulator.station.central import CAR, KIND, Central, living, profile, value_of

REGISTER = "Energy.Active.Import.Register"
ALL_DAY = ((0, 24),)


def with_policy(**rules: object) -> Policy:
    return Policy(**rules)  # type: ignore[arg-type]


async def test_a_restart_keeps_profile_session_and_meter(central: Central, tmp_path: Path) -> None:
    async with living(central, folder=tmp_path):
        await central.status("Charging")
        assert await central.set(profile(1, 10.0, stackLevel=2)) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)
    before = value_of(central.all("MeterValues")[-1], REGISTER)
    assert before > 0.0
    central.rows.clear()
    async with living(central, folder=tmp_path):
        await central.hear("BootNotification")
        await central.status("Charging")
        await central.amps(10.0, 10.0, 10.0)
        row = central.all("MeterValues")[-1]
        assert row["transactionId"] == 101
        assert value_of(row, REGISTER) >= before
        # The transaction is the same one: it can be ended by its number.
        assert (await central.ask(call.RemoteStopTransaction(101))).status == "Accepted"
    assert central.all("StartTransaction") == []


async def test_after_the_session_a_restart_finds_its_profiles_gone(
    central: Central, tmp_path: Path
) -> None:
    async with living(central, folder=tmp_path):
        await central.status("Charging")
        await central.set(profile(1, 10.0))
        data = profile(2, 12.0, chargingProfilePurpose="TxDefaultProfile")
        await central.set(data, 0)
        await central.ask(call.RemoteStopTransaction(101))
        await central.status("Finishing")
    async with living(central, folder=tmp_path) as station:
        assert [p.id for _, p in station.stack.installed.profiles] == [2]


@pytest.mark.parametrize(
    "rubbish",
    [
        "no JSON",
        "{}",
        "[]",
        "[2]",
        "5",
        "null",
        '[9, "a", "Heartbeat", {}]',
        '[3, "nobody asked", {}]',
        '[2, "a", "SetChargingProfile", {}]',
        '[2, "a", "SetChargingProfile", []]',
        '[2, "a", "SetChargingProfile", {"connectorId": "one", "csChargingProfiles": 7}]',
        '[2, "a", ["Reset"], {}]',
        '[2, "a", "Reset", {"type": 5}]',
        '[2, "a", "NoSuchAction", {}]',
    ],
)
async def test_damaged_messages_change_nothing(central: Central, rubbish: str) -> None:
    async with living(central) as station:
        await central.status("Charging")
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.ends["LJ1"].socket.send(rubbish)
        await central.amps(10.0, 10.0, 10.0)
        assert await central.set(profile(1, 11.0)) == "Accepted"
        await central.amps(11.0, 11.0, 11.0)
        assert station.record.counts.connections == 1


async def test_the_session_goes_on_without_a_connection(central: Central) -> None:
    async with living(central) as station:
        await central.status("Charging")
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)
        await central.ends["LJ1"].socket.close()
        await central.until(lambda: station.record.counts.connections == 2, "a new connection")
        await central.amps(10.0, 10.0, 10.0)
        assert central.all("MeterValues")[-1]["transactionId"] == 101
    assert len(central.all("StartTransaction")) == 1


async def test_what_happened_offline_is_said_afterwards(central: Central) -> None:
    async with living(central) as station:
        await central.status("Charging")
        await central.ends["LJ1"].socket.close()
        plug = station.connectors[1]
        assert plug.car is not None
        plug.car.leaves_at = 0.0
        await central.until(lambda: plug.session is None, "the car to leave")
        stopped = await central.hear("StopTransaction")
        assert stopped["transactionId"] == 101
        assert stopped["reason"] == "EVDisconnected"
        await central.hear("BootNotification", 2)
        await central.status("Available")


async def test_comes_back_again_and_again(central: Central) -> None:
    kind = replace(KIND, faults=Faults(disconnect_s=0.3))
    async with living(central, kind) as station:
        await central.until(
            lambda: station.record.counts.faults.get("disconnect", 0) >= 3, "faults"
        )
        await central.hear("StartTransaction")
    # An answer that was lost with the connection is asked for again: it is the same session.
    assert len({row["timestamp"] for row in central.all("StartTransaction")}) == 1


async def test_charges_with_lost_and_mangled_messages(central: Central) -> None:
    kind = replace(KIND, faults=Faults(timeout=0.1, drop=0.1, corrupt=0.1))
    async with living(central, kind, answer_s=0.2) as station:
        faults = station.record.counts.faults
        await central.until(lambda: station.connectors[1].session, "a session")
        await central.until(lambda: sum(faults.values()) >= 5, "faults")
        await central.amps(16.0, 16.0, 16.0)


async def test_the_policy_decides_only_where_no_profile_does(central: Central) -> None:
    # A quarter of 32 A in peak hours, which here are all day.
    kind = replace(KIND, policy=with_policy(peaks=ALL_DAY, peak_share=0.25))
    async with living(central, kind) as station:
        await central.status("Charging")
        await central.amps(8.0, 8.0, 8.0)
        assert await central.set(profile(1, 14.0)) == "Accepted"
        await central.amps(14.0, 14.0, 14.0)
        await central.ask(call.ClearChargingProfile())
        await central.amps(8.0, 8.0, 8.0)
        assert station.record.counts.policy_s > 0.0


async def test_the_policy_takes_over_when_a_profile_expires(central: Central) -> None:
    kind = replace(KIND, policy=with_policy(peaks=ALL_DAY, peak_share=0.0))
    async with living(central, kind, folder=None) as station:
        lines = station.record.lines
        await central.until(
            lambda: any("waits: peak hours" in line for line in lines), "peak hours"
        )
        data = profile(1, 9.0, chargingProfilePurpose="TxDefaultProfile", duration=4)
        assert await central.set(data) == "Accepted"
        await central.amps(9.0, 9.0, 9.0)
        await central.status("SuspendedEVSE")
        await central.amps(0.0, 0.0, 0.0)


async def test_too_dear_to_begin_unless_a_profile_says_so(central: Central) -> None:
    dear = with_policy(prices=(0.4,) * 24, price_limit=0.3)
    async with living(central, replace(KIND, policy=dear)) as station:
        await central.until(
            lambda: any("waits: price" in line for line in station.record.lines), "the price"
        )
        assert central.all("StartTransaction") == []
        data = profile(1, 11.0, chargingProfilePurpose="TxDefaultProfile")
        assert await central.set(data, 0) == "Accepted"
        await central.hear("StartTransaction")
        await central.amps(11.0, 11.0, 11.0)


async def test_the_energy_cap_ends_the_session_unless_a_profile_holds(central: Central) -> None:
    # 1 Wh is a third of a second at 11 kW.
    kind = replace(KIND, policy=with_policy(cap_kwh=0.001))
    async with living(central, kind):
        stopped = await central.hear("StopTransaction")
        assert stopped["reason"] == "Local"
        await central.status("Finishing")
    async with living(central, replace(kind, presents_tag=False), name="LJ2") as station:
        await central.status("Preparing", name="LJ2")
        data = profile(1, 12.0, chargingProfilePurpose="TxDefaultProfile")
        assert await central.set(data, 0, name="LJ2") == "Accepted"
        await central.ask(call.RemoteStartTransaction("someone", 1), name="LJ2")
        await central.until(lambda: station.connectors[1].energy_wh > 2.0, "twice the cap")
        assert central.all("StopTransaction", "LJ2") == []
        await central.ask(call.ClearChargingProfile(), name="LJ2")
        assert (await central.hear("StopTransaction", name="LJ2"))["reason"] == "Local"


@pytest.mark.parametrize("ahead_s", [-7200.0, 7200.0])
async def test_a_clock_that_is_set_changes_no_session(central: Central, ahead_s: float) -> None:
    async with living(central) as station:
        await central.status("Charging")
        # Relative: it counts from the start of the transaction, whatever the clock says.
        assert await central.set(profile(1, (0, 10.0), (1000, 7.0))) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)
        central.ahead_s = ahead_s
        await central.ask(call.TriggerMessage("Heartbeat"))
        await central.until(lambda: any("clock set" in x for x in station.record.lines), "the time")
        before = value_of(central.all("MeterValues")[-1], REGISTER)
        await central.amps(10.0, 10.0, 10.0)
        await central.hear("MeterValues", len(central.all("MeterValues")) + 3)
        gained = value_of(central.all("MeterValues")[-1], REGISTER) - before
        # Some tenths of a second at 6.9 kW, no hours.
        assert 0.0 < gained < 100.0


async def test_events_name_the_limit_and_the_profile(central: Central) -> None:
    events: list[dict[str, object]] = []
    async with living(central, events=events):
        await central.status("Charging")
        await central.set(profile(5, 10.0))
        await central.amps(10.0, 10.0, 10.0)
    sample = [e for e in events if e["event"] == "sample"][-1]
    assert sample["id"] == "LJ1"
    assert sample["amps"] == [10.0, 10.0, 10.0]
    assert sample["limit"] == 10.0
    assert sample["by"] == [5]
    assert {"connected", "booted", "status", "transaction", "profile", "limit"} <= {
        e["event"] for e in events
    }
    assert json.loads(json.dumps(events)) == events


async def test_an_unanswered_call_does_not_stop_the_station(central: Central) -> None:
    async with living(central, answer_s=0.2) as station:
        await central.status("Charging")
        end = central.ends["LJ1"]
        heard = len(central.rows)

        async def silent(_message: object) -> None:
            await asyncio.sleep(0)

        answer, end.route_message = end.route_message, silent  # type: ignore[method-assign]
        await central.until(lambda: station.record.counts.unanswered, "a time-out")
        end.route_message = answer  # type: ignore[method-assign]
        await central.until(lambda: len(central.rows) > heard, "the next message")
        await central.amps(16.0, 16.0, 16.0)


async def test_a_slow_station_sets_a_profile_all_the_same(central: Central) -> None:
    async with living(central, replace(KIND, faults=Faults(slow_s=0.5, late_s=0.5))):
        await central.status("Charging")
        assert await central.set(profile(1, 10.0)) == "Accepted"
        await central.amps(10.0, 10.0, 10.0)


async def test_a_slow_station_has_not_set_what_it_has_not_answered(central: Central) -> None:
    # 1000 s are more than this test waits.
    async with living(central, replace(KIND, faults=Faults(slow_s=1000.0))) as station:
        await central.status("Charging")
        setting = asyncio.create_task(central.set(profile(1, 10.0)))
        before = len(central.all("MeterValues"))
        await central.until(lambda: len(central.all("MeterValues")) > before + 3, "it goes on")
        assert not setting.done()
        assert not station.stack.installed.profiles
        setting.cancel()


async def test_a_late_station_has_set_what_it_has_not_answered(central: Central) -> None:
    async with living(central, replace(KIND, faults=Faults(late_s=1000.0))) as station:
        await central.status("Charging")
        setting = asyncio.create_task(central.set(profile(1, 10.0)))
        await central.amps(10.0, 10.0, 10.0)
        assert station.stack.installed.profiles
        assert not setting.done()
        setting.cancel()


async def test_what_comes_after_a_slow_clearing_waits_for_it(central: Central) -> None:
    events: list[dict[str, object]] = []
    kind = replace(KIND, faults=Faults(clear_s=0.5))
    async with living(central, kind, events=events) as station:
        await central.status("Charging")
        assert await central.set(profile(1, 10.0)) == "Accepted"
        # Nobody waits for the answer to the first.
        socket = central.ends["LJ1"].socket
        await socket.send('[2, "a", "ClearChargingProfile", {}]')
        assert await central.set(profile(2, 12.0)) == "Accepted"
        assert [number.id for _, number in station.stack.installed.profiles] == [2]
    done = [event["event"] for event in events if event["event"] in ("profile", "clear")]
    assert done == ["profile", "clear", "profile"]


def test_a_car_that_is_invited_comes_where_none_was_expected() -> None:
    station = Station("LJ1", STATIONS["idle"], 0.0)
    visitors = Visitors(station, (CAR,), 1, 0.0)
    visitors.step(station, 1000.0)
    assert station.connectors[1].car is None
    visitors.invite(station)
    visitors.step(station, 1001.0)
    assert station.connectors[1].car is not None


async def test_what_a_car_draws_is_told_when_it_changes(central: Central) -> None:
    events: list[dict[str, object]] = []
    async with living(central, events=events):
        await central.status("Charging")
        await central.set(profile(1, 10.0))
        await central.amps(10.0, 10.0, 10.0)
    draws = [event["amps"] for event in events if event["event"] == "draw"]
    # Without a limit its 16 A, then what the profile says; each is told once.
    assert draws == [[16.0] * 3, [10.0] * 3]

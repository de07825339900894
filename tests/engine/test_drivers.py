"""From amounts to service calls: exactly what Home Assistant is asked to do, and when not."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler import drivers
from loadjuggler.memory import LoadMemory
from loadjuggler.model import Load, LoadReading, ServiceCall

from .house import House, charger_form, plug_form, site_form


def charger(**form: Any) -> Load:
    return House.of(site_form(), charger_form("left", "BCA", **form)).site.loads["left"]


def plug() -> Load:
    return House.of(site_form(), plug_form("boiler")).site.loads["boiler"]


def reading(load: Load, **changes: Any) -> LoadReading:
    values: dict[str, Any] = {
        "status": "Charging",
        "active": True,
        "connected": True,
        "mode": "standard",
        "priority": 5.0,
        "min_a": 6.0,
        "max_a": 16.0,
        "legs": load.legs,
    }
    return LoadReading(**{**values, **changes})


def profile_of(call: ServiceCall | None) -> dict[str, Any]:
    assert call is not None
    return dict(call.data["custom_profile"])


# --- OCPP ----------------------------------------------------------------------------------------


def test_during_a_transaction_the_exact_profile_of_ocpp_1_6() -> None:
    """OCPP 1.6 7.8: a TxProfile names its transaction; one period, in A per phase."""
    load = charger(devid="CP 1", connector=2)
    call, told = drivers.command(load, reading(load, transaction=4711), LoadMemory(), 13.7)
    assert call == ServiceCall(
        "left",
        "ocpp",
        "set_charge_rate",
        {
            "devid": "CP 1",
            "conn_id": 2,
            "custom_profile": {
                "chargingProfileId": 7021,
                "transactionId": 4711,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxProfile",
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.7}],
                },
            },
        },
        delivers=(13.7, 4711, None),
        slot="TxProfile",
    )
    assert (told.tx_a, told.tx, told.default_a) == (13.7, 4711, None)


def test_without_a_transaction_a_default_profile_that_the_next_one_starts_with() -> None:
    load = charger()
    call, told = drivers.command(load, reading(load), LoadMemory(), 0.0)
    made = profile_of(call)
    assert made["chargingProfilePurpose"] == "TxDefaultProfile"
    assert "transactionId" not in made
    assert made["chargingSchedule"]["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": 0.0}]
    assert (told.default_a, told.tx_a) == (0.0, None)


def test_the_profiles_of_two_connectors_and_two_purposes_never_replace_each_other() -> None:
    ids = set()
    for connector in (1, 2, 10):
        load = charger(connector=connector)
        for transaction in (0, 5):
            call, _ = drivers.command(load, reading(load, transaction=transaction), LoadMemory(), 8)
            ids.add(profile_of(call)["chargingProfileId"])
    assert len(ids) == 6


@pytest.mark.parametrize(
    ("amps", "sent"),
    [
        pytest.param(10.55, 10.5, id="10.55 A would be swallowed by the integration"),
        pytest.param(7.999999999, 8.0, id="noise of computing is not a lower step"),
        pytest.param(6.0, 6.0, id="whole amperes as they are"),
    ],
)
def test_a_limit_is_a_multiple_of_a_tenth(amps: float, sent: float) -> None:
    load = charger()
    call, _ = drivers.command(load, reading(load), LoadMemory(), amps)
    limit = profile_of(call)["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
    assert limit == sent
    assert round(limit * 10) == pytest.approx(limit * 10, abs=1e-9)


@pytest.mark.parametrize(
    ("memory", "transaction", "calls"),
    [
        pytest.param(LoadMemory(tx_a=8.0, tx=5), 5, False, id="told in this transaction"),
        pytest.param(LoadMemory(tx_a=8.0, tx=4), 5, True, id="told in the one before"),
        pytest.param(LoadMemory(default_a=8.0), 5, False, id="the default that it started with"),
        pytest.param(LoadMemory(default_a=8.0), 0, False, id="the default, without a transaction"),
        pytest.param(LoadMemory(tx_a=8.0, tx=5, default_a=6.0), 0, True, id="transaction is over"),
        pytest.param(LoadMemory(default_a=9.0), 0, True, id="something else"),
        pytest.param(LoadMemory(), 0, True, id="never told anything"),
    ],
)
def test_what_is_in_force_is_not_sent_again(
    memory: LoadMemory, transaction: int, calls: bool
) -> None:
    load = charger()
    call, _ = drivers.command(load, reading(load, transaction=transaction), memory, 8.0)
    assert (call is not None) == calls


def test_a_charger_that_does_not_exist_is_never_commanded() -> None:
    """An unknown devid would command the integration's first charger, somebody else's car."""
    load, memory = charger(), LoadMemory()
    unknown = reading(load, connected=False, transaction=5)
    assert drivers.command(load, unknown, memory, 8.0) == (None, memory)
    assert drivers.safe_level(load, unknown, memory) == (None, memory)
    assert drivers.release(load, unknown, memory) == ()


def test_without_a_car_the_minimum_is_left_as_default_once() -> None:
    load = charger()
    idle = reading(load, active=False, status="Available")
    call, told = drivers.safe_level(load, idle, LoadMemory(default_a=16.0))
    made = profile_of(call)
    assert made["chargingProfilePurpose"] == "TxDefaultProfile"
    assert made["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 6.0
    assert drivers.safe_level(load, idle, told)[0] is None


def test_a_charger_that_leaves_the_plan_keeps_its_minimum_now_and_for_the_next_car() -> None:
    load = charger()
    calls = drivers.release(load, reading(load, transaction=5), LoadMemory(tx_a=16.0, tx=5))
    purposes = [profile_of(call)["chargingProfilePurpose"] for call in calls]
    assert sorted(purposes) == ["TxDefaultProfile", "TxProfile"]
    assert {
        profile_of(call)["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] for call in calls
    } == {6.0}


def test_a_charger_without_a_session_that_leaves_the_plan_gets_one_call() -> None:
    load = charger()
    assert len(drivers.release(load, reading(load), LoadMemory())) == 1
    assert drivers.release(load, reading(load), LoadMemory(default_a=6.0)) == ()


# --- switches ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found_on", "told_a", "amps", "service"),
    [
        pytest.param(True, None, 10.0, None, id="found on and wanted on: adopted"),
        pytest.param(False, None, 0.0, None, id="found off and wanted off: adopted"),
        pytest.param(True, None, 0.0, "turn_off", id="found on and wanted off"),
        pytest.param(False, None, 10.0, "turn_on", id="found off and wanted on"),
        pytest.param(True, 10.0, 0.0, "turn_off", id="told on, now wanted off"),
        pytest.param(False, 0.0, 10.0, "turn_on", id="told off, now wanted on"),
        pytest.param(True, 10.0, 8.7, None, id="its power was measured anew: still on"),
        pytest.param(False, 10.0, 10.0, None, id="switched off by hand after our command: left so"),
        pytest.param(True, 0.0, 0.0, None, id="switched on by hand after our command: left so"),
    ],
)
def test_a_plug_is_switched_only_where_something_changes(
    found_on: bool, told_a: float | None, amps: float, service: str | None
) -> None:
    load = plug()
    memory = LoadMemory(default_a=told_a)
    call, told = drivers.command(load, reading(load, on=found_on), memory, amps)
    assert told.default_a == amps
    if service is None:
        assert call is None
    else:
        data = {"entity_id": "switch.boiler"}
        assert call == ServiceCall("boiler", "switch", service, data, (None, 0, amps))


def test_a_helper_that_plays_a_switch_is_called_by_its_own_domain() -> None:
    form = plug_form("boiler", switch="input_boolean.boiler")
    load = House.of(site_form(), form).site.loads["boiler"]
    call, _ = drivers.command(load, reading(load, on=False), LoadMemory(), 10.0)
    assert call is not None
    assert (call.domain, call.service) == ("input_boolean", "turn_on")


def test_a_plug_that_leaves_the_plan_stays_as_it_is() -> None:
    load = plug()
    assert drivers.release(load, reading(load, on=True), LoadMemory(default_a=10.0)) == ()
    assert drivers.safe_level(load, reading(load, on=True), LoadMemory())[0] is None


def test_a_switch_that_can_not_be_reached_is_not_called() -> None:
    load, memory = plug(), LoadMemory()
    unreachable = reading(load, connected=False, active=False, on=None)
    assert drivers.command(load, unreachable, memory, 10.0) == (None, memory)


# --- calls under way -----------------------------------------------------------------------------


def sent(load: Load, memory: LoadMemory, amps: float) -> tuple[ServiceCall, LoadMemory]:
    call, told = drivers.command(load, reading(load), memory, amps)
    assert call is not None
    return call, told


def test_a_call_that_failed_is_forgotten_and_sent_again() -> None:
    """8 A hold; 12 A were sent and failed: 8 A hold still, and 12 A go out in the next run."""
    load = charger()
    call, told = sent(load, LoadMemory(default_a=8.0), 12.0)
    failed = told.not_delivered(call.delivers, "timeout")
    assert (failed.default_a, failed.failures, failed.error) == (8.0, 1, "timeout")
    again, _ = sent(load, failed, 12.0)
    assert profile_of(again)["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 12.0


def test_two_calls_under_way_that_both_fail_leave_what_was_delivered_before() -> None:
    load = charger()
    first, told = sent(load, LoadMemory(default_a=8.0), 12.0)
    second, told = sent(load, told, 14.0)
    told = told.not_delivered(first.delivers, "offline")
    assert told.default_a == 14.0, "the newer call is still under way"
    assert told.not_delivered(second.delivers, "offline").default_a == 8.0


def test_the_older_of_two_calls_went_through_and_the_newer_failed() -> None:
    load = charger()
    first, told = sent(load, LoadMemory(default_a=8.0), 12.0)
    second, told = sent(load, told, 14.0)
    told = told.delivered(first.delivers)
    assert told.not_delivered(second.delivers, "offline").default_a == 12.0


def test_a_call_that_went_through_clears_the_failures() -> None:
    load = charger()
    call, told = sent(load, LoadMemory(failures=3, error="offline"), 12.0)
    good = told.delivered(call.delivers)
    assert (good.default_a, good.failures, good.error, good.before) == (12.0, 0, "", None)

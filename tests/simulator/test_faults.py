"""What each kind of fault does to a house: to what it shows, to calls, to its devices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler import flow
from loadjuggler.calls import ServiceCall
from loadjuggler.memory.memory import Memory

from simulator.cars import Car, Visit
from simulator.devices import Habits
from simulator.faults import KINDS, Fault, FaultyHouse, FaultyLiving, target_of
from simulator.house import Life, Undelivered
from simulator.scenario import Scenario
from simulator.scenario_file import read_all

THREE = {"L1": "A", "L2": "B", "L3": "C"}
STATUS, CURRENT = "sensor.car_status_connector", "sensor.car_current_import"
TRANSACTION = "sensor.car_transaction_id"


def scenario(**changes: Any) -> Scenario:
    base: dict[str, Any] = {
        "name": "test",
        "solar": {"measured": True},
        "battery": {"soc": 50},
        "circuits": [{"id": "garage", "limit": 20, "loads": ["car"], "measured": True}],
        "loads": [
            {"id": "car", "type": "charger", "phases": THREE, "status": "Charging"},
            {
                "id": "boiler",
                "type": "plug",
                "phases": {"L1": "C"},
                "power": 2300,
                "status": "Charging",
            },
        ],
    }
    return read_all([base | changes])[0]


def house(*faults: Fault, untold_a: float = 0.0, **changes: Any) -> FaultyHouse:
    """A household that is 10 A and a tenth more each second on A; a car that is there."""
    life = Life(
        household=lambda now: {"A": 10 + now / 10, "B": 3.0, "C": 4.0},
        cars={"car": Car((Visit(0.0, 1e9, 50.0),))},
        habits=Habits(reaction_s=2.0, report_s=5.0, untold_a=untold_a),
        meter_s=1.0,
    )
    return FaultyHouse(scenario(**({"battery": None} | changes)), life, 0.0, faults)


def seconds(one: FaultyHouse, until: int) -> Iterator[int]:
    """Let the house live until then; after each second it has shown its states."""
    while one.now < until:
        one.advance(one.now + 1)
        one.snapshot()
        yield int(one.now)


def watched(one: FaultyHouse, until: int, look: Callable[[], Any]) -> dict[int, Any]:
    """What `look` sees after each second."""
    found = {}
    for now in seconds(one, until):
        found[now] = look()
    return found


def live(one: FaultyHouse, until: int) -> None:
    for _ in seconds(one, until):
        pass


def shown_a(one: FaultyHouse, entity: str = "sensor.grid_a") -> float:
    return float(one.shown[entity].value)


def true_a(one: FaultyHouse) -> float:
    return one.flows.meters["main"]["A"]


def limit(amps: float, transaction: int = 0) -> ServiceCall:
    profile: dict[str, Any] = {
        "chargingProfileId": 8 if transaction else 7,
        "stackLevel": 0,
        "chargingProfileKind": "Relative",
        "chargingProfilePurpose": "TxProfile" if transaction else "TxDefaultProfile",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
        },
    }
    if transaction:
        profile["transactionId"] = transaction
    data = {"devid": "car", "conn_id": 1, "custom_profile": profile}
    return ServiceCall("car", "ocpp", "set_charge_rate", data)


def switch(state: str) -> ServiceCall:
    return ServiceCall("boiler", "switch", f"turn_{state}", {"entity_id": "switch.boiler"})


# --- sensors -------------------------------------------------------------------------------------


def test_a_house_without_faults_is_as_it_was() -> None:
    one = house()
    for now in seconds(one, 20):
        assert shown_a(one) == true_a(one)
        assert one.shown["sensor.grid_a"].reported_at == now == one.clock


def test_a_frozen_meter_keeps_value_and_time() -> None:
    one = house(Fault("freeze", "grid A", 10, 5))
    values = watched(one, 20, lambda: one.shown["sensor.grid_a"])
    assert all(values[now] is values[9] for now in range(10, 15))
    assert float(values[15].value) == pytest.approx(11.5)
    assert shown_a(one, "sensor.grid_b") == 3.0


def test_a_frozen_meter_is_no_news() -> None:
    one = house(Fault("freeze", "grid", 10, 50), Fault("freeze", "circuit garage", 10, 50))
    live(one, 11)
    one.news = False
    live(one, 20)
    assert not one.news
    live(one, 60)
    assert one.news


def test_a_meter_vanishes_and_comes_back() -> None:
    one = house(Fault("vanish", "grid", 10, 5))
    there = watched(one, 20, lambda: "sensor.grid_b" in one.shown)
    assert [now for now, is_there in there.items() if not is_there] == [10, 11, 12, 13, 14]


@pytest.mark.parametrize(
    ("what", "value"), [("unavailable", "unavailable"), ("nan", "nan"), ("text", "error")]
)
def test_a_meter_shows_no_number(what: str, value: str) -> None:
    one = house(Fault(what, "circuit garage B", 10, 5))
    live(one, 12)
    assert one.shown["sensor.circuit_garage_b"].value == value
    assert math.isfinite(shown_a(one, "sensor.circuit_garage_a"))
    live(one, 15)
    assert shown_a(one, "sensor.circuit_garage_b") == 0.0


def test_a_spiking_meter_is_right_most_of_the_time() -> None:
    one = house(Fault("spike", "grid A", 10, 200, 60.0))
    off = [shown_a(one) - true_a(one) for _ in seconds(one, 209)]
    assert {round(value, 6) for value in off} == {0.0, 60.0}
    spikes = sum(value > 1 for value in off)
    assert 20 < spikes < 60, "one of five reports"


def test_a_jumping_meter_is_off_and_a_wrong_sign_is_wrong() -> None:
    one = house(Fault("jump", "grid A", 10, 5, -8.0), Fault("sign", "grid A", 20, 5))
    live(one, 12)
    assert shown_a(one) == pytest.approx(true_a(one) - 8)
    live(one, 22)
    assert shown_a(one) == pytest.approx(-true_a(one))
    live(one, 30)
    assert shown_a(one) == true_a(one)


def test_sensors_of_sun_battery_and_plug_lie_in_their_own_units() -> None:
    faults = [
        Fault("jump", "battery power", 10, 5, 2.0),
        Fault("jump", "battery soc", 10, 5, 80.0),
        Fault("unavailable", "solar", 10, 5),
        Fault("jump", "plug boiler power", 10, 5, 2.0),
    ]
    one = house(*faults, battery={"soc": 50})
    live(one, 12)
    shown = {entity: one.shown[entity].value for entity in one.shown}
    assert float(shown["sensor.house_battery"]) == pytest.approx(one.flows.battery_w + 460)
    assert float(shown["sensor.house_battery_soc"]) == 100.0  # a share goes no further
    assert shown["sensor.house_solar"] == "unavailable"
    assert float(shown["sensor.boiler_power"]) == pytest.approx(460)


# --- chargers ------------------------------------------------------------------------------------


def charging(*faults: Fault, untold_a: float = 0.0) -> FaultyHouse:
    """A car that charges with 10 A in second 9."""
    one = house(*faults, untold_a=untold_a)
    live(one, 1)
    one.call(limit(10.0, one.chargers["car"].transaction))
    live(one, 9)
    assert one.draws["car"]["A"] == 10.0
    return one


def told(one: FaultyHouse, amps: float) -> None:
    one.call(limit(amps, one.chargers["car"].transaction))


def test_a_charger_that_ignores_takes_the_call_and_does_nothing() -> None:
    one = charging(Fault("ignore", "charger car", 10, 10))
    live(one, 12)
    told(one, 6.0)
    live(one, 30)
    assert one.draws["car"]["A"] == 10.0
    told(one, 6.0)
    live(one, 33)
    assert one.draws["car"]["A"] == 6.0


def test_a_slow_charger_obeys_later() -> None:
    one = charging(Fault("delay", "charger car", 10, 60, 7.0))
    live(one, 12)
    told(one, 6.0)
    draws = watched(one, 24, lambda: one.draws["car"]["A"])
    assert (draws[20], draws[21]) == (10.0, 6.0)  # 2 s as always, and 7 s


@pytest.mark.parametrize("what", ["reject", "offline", "silent"])
def test_a_charger_that_cannot_be_told_goes_on(what: str) -> None:
    one = charging(Fault(what, "charger car", 10, 10))
    live(one, 12)
    with pytest.raises(Undelivered, match=what):
        told(one, 6.0)
    live(one, 19)
    assert one.draws["car"]["A"] == 10.0
    live(one, 20)
    told(one, 6.0)
    live(one, 22)
    assert one.draws["car"]["A"] == 6.0


def test_what_a_rejecting_an_offline_and_a_silent_charger_show() -> None:
    reject, offline, silent = (
        charging(Fault(what, "charger car", 10, 30)) for what in ("reject", "offline", "silent")
    )
    kept = silent.shown[CURRENT]
    for one in (reject, offline, silent):
        live(one, 20)
    assert reject.shown[STATUS].value == "Charging"
    assert reject.shown[CURRENT].reported_at > 15
    assert offline.shown[STATUS].value == offline.shown[CURRENT].value == "unavailable"
    assert silent.shown[CURRENT] is kept
    assert kept.reported_at < 10
    live(silent, 41)
    assert silent.shown[CURRENT].reported_at > 35


def test_a_rebooting_charger_forgets_its_profiles() -> None:
    one = charging(Fault("reboot", "charger car", 10, 10), untold_a=16.0)
    before = one.chargers["car"].transaction
    live(one, 12)
    assert one.draws["car"]["A"] == 0.0
    assert one.shown[STATUS].value == "unavailable"
    with pytest.raises(Undelivered):
        told(one, 6.0)
    live(one, 21)
    assert one.draws["car"]["A"] == 16.0
    assert one.shown[STATUS].value == "Charging"
    after = int(one.shown[TRANSACTION].value)
    assert after > before
    with pytest.raises(Undelivered, match="is not running there"):
        one.call(limit(6.0, before))
    told(one, 6.0)
    live(one, 24)
    assert one.draws["car"]["A"] == 6.0


def test_a_charger_that_reboots_without_a_car_has_no_transaction() -> None:
    one = house(Fault("reboot", "charger car", 10, 10))
    one.chargers["car"].car = Car(())
    live(one, 25)
    assert (one.chargers["car"].transaction, one.shown[STATUS].value) == (0, "Available")


# --- plugs ---------------------------------------------------------------------------------------


def test_a_plug_sticks() -> None:
    one = house(Fault("stick", "plug boiler", 10, 10))
    one.call(switch("on"))
    live(one, 12)
    one.call(switch("off"))
    assert one.draws["boiler"]["C"] == 10.0
    assert one.shown["switch.boiler"].value == "on"
    live(one, 20)
    one.call(switch("off"))
    assert one.draws["boiler"]["C"] == 0.0


def test_a_plug_that_is_unavailable_goes_on() -> None:
    one = house(Fault("unavailable", "plug boiler", 10, 10))
    one.call(switch("on"))
    live(one, 12)
    assert one.shown["switch.boiler"].value == one.shown["sensor.boiler_power"].value
    assert one.shown["switch.boiler"].value == "unavailable"
    with pytest.raises(Undelivered):
        one.call(switch("off"))
    assert one.draws["boiler"]["C"] == 10.0


# --- the house -----------------------------------------------------------------------------------


def test_the_clock_jumps_and_the_physics_goes_on() -> None:
    one = house(Fault("clock", "", 10, 10, -3600.0))
    clocks = watched(one, 25, lambda: one.clock)
    assert (clocks[9], clocks[10], clocks[19], clocks[20]) == (9.0, -3590.0, -3581.0, 20.0)
    assert true_a(one) == pytest.approx(12.5)
    live(one, 30)
    assert one.shown["sensor.grid_a"].reported_at == 30


def test_reports_carry_the_time_of_the_clock() -> None:
    one = house(Fault("clock", "", 10, 10, 100.0))
    live(one, 12)
    assert one.shown["sensor.grid_a"].reported_at == 112.0


def test_a_clock_that_is_set_back_does_not_stop_the_runs() -> None:
    living = FaultyLiving(house(Fault("clock", "", 10, 100, -3600.0)))
    for _ in range(40):
        living.second()
    assert living.report.at == pytest.approx(40 - 3600, abs=6)


def test_home_assistant_restarts() -> None:
    living = FaultyLiving(house(Fault("restart", "", 20, 10, 8.0)))
    one = living.house
    for _ in range(19):
        living.second()
    runs, memory = living.runs, living.memory
    for _ in range(10):
        assert living.second() == ()
    assert (living.runs, living.memory) == (runs, memory)
    assert living.memory.load("car").command_a(one.chargers["car"].transaction)
    there = []
    for _ in range(9):
        living.second()
        there.append(len(one.shown))
    assert there[0] < there[3] < there[8] == len(house().snapshot())
    assert living.runs > runs
    assert living.memory.woke_at == 30.0
    assert one.shown["sensor.grid_a"].reported_at > 30.0
    # The charger has kept its profile, and the memory what it was told.
    held = living.memory.load("car").command_a(one.chargers["car"].transaction)
    assert held == memory.load("car").command_a(one.chargers["car"].transaction)


def test_entities_that_come_late_are_no_older_than_home_assistant() -> None:
    one = house(Fault("restart", "", 20, 10, 8.0))
    for now in seconds(one, 40):
        if now >= 31:
            assert all(state.reported_at >= 30 for state in one.shown.values())


def test_a_failed_call_is_told_to_the_memory() -> None:
    living = FaultyLiving(house(Fault("reject", "charger car", 0, 20)))
    living.second()
    assert living.memory.load("car").calls.failures > 0
    assert "reject" in living.memory.load("car").calls.error
    for _ in range(60):  # tried again after 5, 10 and 20 s
        living.second()
    assert living.memory.load("car").calls.failures == 0


def test_the_first_failure_of_a_load_wakes_the_engine() -> None:
    """The next run comes a second later, not at the next tick: others may have to make room.

    Nothing else is new in this house, so the others come with the tick, every 5 s. The later tries
    fail, too; that changes nothing for others, so they wake nobody.
    """
    life = replace(house().life, meter_s=60.0, habits=Habits(report_s=60.0))
    refuses = Fault("reject", "charger car", 0, 60)
    living = FaultyLiving(FaultyHouse(scenario(battery=None), life, 0.0, (refuses,)))
    ran_at = []
    for now in range(1, 12):
        before = living.runs
        living.second()
        ran_at += [now] * (living.runs - before)
    assert living.memory.load("car").calls.failures >= 2
    assert ran_at == [1, 6, 11]


def test_a_mistake_in_the_simulator_is_still_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.house import House
    from simulator.living import Living

    def wrong(*_: Any) -> flow.RunResult:
        call = ServiceCall("car", "ocpp", "no_such_service", {})
        return flow.RunResult(Memory(), (call,), None, None)  # type: ignore[arg-type]

    monkeypatch.setattr(flow, "run", wrong)
    with pytest.raises(ValueError, match="no service"):
        Living(House(scenario(battery=None)))


# --- names ---------------------------------------------------------------------------------------


def test_every_part_has_a_name() -> None:
    one = scenario()
    for of, kind in [
        ("grid", "sensor"),
        ("grid A", "sensor"),
        ("circuit garage", "sensor"),
        ("circuit garage C", "sensor"),
        ("solar", "sensor"),
        ("battery power", "sensor"),
        ("battery soc", "sensor"),
        ("charger car", "charger"),
        ("plug boiler", "plug"),
        ("plug boiler power", "sensor"),
        ("", "house"),
    ]:
        assert target_of(of, one).kind == kind
    assert target_of("grid", one).phases == ("A", "B", "C")


def test_names_of_parts_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="no 'circuit cellar' in this house; there are grid"):
        target_of("circuit cellar", scenario())
    with pytest.raises(ValueError, match="no 'inverter'"):
        house(Fault("freeze", "inverter", 0, 1))


def test_every_kind_is_of_something() -> None:
    assert all(kind.of for kind in KINDS.values())
    assert Fault("jump", "grid A", 0, 1, 8.0).words() == "grid A: jump 8 A"
    assert Fault("restart", "", 0, 1, 10.0).words() == "Home Assistant: restart 10 s"

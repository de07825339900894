"""The house that runs: its entities, its calls, its cars and its boiler."""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.calls import ServiceCall

from simulator.cars import Car, Visit
from simulator.devices import Charger, Habits, Plug, Water
from simulator.house import House, Life
from simulator.registration import Unfit, forms, site_of
from simulator.scenario import LoadSpec, Scenario
from simulator.scenario_file import read_all

THREE = {"L1": "A", "L2": "B", "L3": "C"}


def scenario(**changes: Any) -> Scenario:
    base: dict[str, Any] = {
        "name": "test",
        "household": {"A": 2, "B": 3, "C": 4},
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


def limit(amps: float, transaction: int = 0, devid: str = "car") -> ServiceCall:
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
    data = {"devid": devid, "conn_id": 1, "custom_profile": profile}
    return ServiceCall("car", "ocpp", "set_charge_rate", data)


def switch(state: str) -> ServiceCall:
    return ServiceCall("boiler", "switch", f"turn_{state}", {"entity_id": "switch.boiler"})


# --- entities and calls ----------------------------------------------------------------------


def test_states_follow_the_calls_at_once() -> None:
    house = House(scenario(), now=100.0)
    before = house.snapshot()
    assert before["sensor.grid_a"].value == "2.0"
    assert before["switch.boiler"].value == "off"
    house.call(limit(10.0))
    house.call(switch("on"))
    after = house.snapshot()
    assert float(after["sensor.grid_a"].value) == pytest.approx(12.0)
    assert float(after["sensor.grid_c"].value) == pytest.approx(4 + 10 + 10)
    assert float(after["sensor.circuit_garage_c"].value) == pytest.approx(10.0)
    current = after["sensor.car_current_import"]
    assert (float(current.value), current.attributes["L2"]) == (10.0, 10.0)
    assert current.attributes["unit_of_measurement"] == "A"
    assert after["switch.boiler"].value == "on"
    assert float(after["sensor.boiler_power"].value) == pytest.approx(2300)
    assert after["sensor.grid_a"].reported_at == 100.0


OF_THE_INTEGRATION = (
    *("car_id", "car_status", "car_heartbeat", "car_latency_ping"),
    *("car_current_offered", "car_power_offered"),
    *("car_energy_active_import_register", "car_energy_session", "car_session_current_limit"),
)
"""Entities about the connection, what is offered, energies, and a limit that users set: only the
integration has them."""


def test_the_engine_wires_entities_that_the_house_has() -> None:
    house = scenario()
    needed = {
        entity
        for entity in site_of(house).entities()
        if "connector_1" not in entity and not entity.endswith(OF_THE_INTEGRATION)
    }
    assert needed <= set(House(house).snapshot())


def test_solar_and_battery_have_entities() -> None:
    house = House(
        scenario(
            solar={"power": 6900, "measured": True},
            battery={"soc": 50},
            inverter={"output_measured": True},
        )
    )
    states = house.snapshot()
    assert float(states["sensor.house_solar"].value) == 6900
    # 30 A of sun, 9 A of house: 21 A too much, of which the battery takes its 5000 W.
    assert float(states["sensor.house_battery"].value) == pytest.approx(-21 * 230)
    assert float(states["sensor.house_battery_soc"].value) == 50
    assert float(states["sensor.house_inverter_b"].value) == pytest.approx(10.0)


@pytest.mark.parametrize("status", ["Available", "Finishing", "Faulted", "SuspendedEV"])
def test_a_load_that_takes_no_part_draws_nothing(status: str) -> None:
    loads = [{"id": "car", "type": "charger", "phases": THREE, "status": status}]
    house = House(scenario(loads=loads))
    house.call(limit(10.0))
    assert house.draws["car"] == {"A": 0.0, "B": 0.0, "C": 0.0}


def test_a_plug_that_takes_no_part_cannot_be_reached() -> None:
    plug = {"id": "boiler", "type": "plug", "phases": {"L1": "C"}, "power": 2300}
    house = House(scenario(loads=[plug | {"status": "Unavailable"}], circuits=[]))
    assert house.snapshot()["switch.boiler"].value == "unavailable"
    with pytest.raises(ValueError, match="unavailable"):
        house.call(switch("on"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (limit(6.0, devid="cart"), "no such charger"),
        (limit(6.0, transaction=7), "is not running there"),
        (ServiceCall("car", "ocpp", "configure", {}), "no service"),
    ],
)
def test_calls_that_would_do_harm_are_loud(call: ServiceCall, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        House(scenario()).call(call)


def test_tx_profile_wins_over_the_default() -> None:
    house = House(scenario())
    transaction = int(house.snapshot()["sensor.car_transaction_id"].value)
    house.call(limit(8.0, transaction))
    house.call(limit(12.0))
    assert house.draws["car"]["A"] == 8.0


def test_legs_on_the_same_phase_add_up() -> None:
    legs = {"L1": "A", "L2": "A", "L3": "B"}
    loads = [{"id": "car", "type": "charger", "phases": legs, "status": "Charging"}]
    house = House(scenario(loads=loads))
    house.call(limit(7.0))
    assert house.draws["car"] == {"A": 14.0, "B": 7.0}


def test_meters_and_chargers_speak_at_their_own_times() -> None:
    life = Life(
        household=lambda now: {"A": now / 100},
        habits=Habits(report_s=10.0),
        meter_s=1.0,
        meter_step_a=0.1,
    )
    house = House(scenario(), life, now=0.0)
    house.snapshot()
    house.call(limit(9.0))
    for second in range(1, 10):
        house.advance(second * 0.5)
        states = house.snapshot()
    assert states["sensor.grid_a"].reported_at == 4.0
    assert float(states["sensor.grid_a"].value) == 9.0  # 9.04 A in steps of 0.1
    assert states["sensor.car_current_import"].attributes["L1"] == 0.0  # of 0 s
    house.advance(10.0)
    assert house.snapshot()["sensor.car_current_import"].attributes["L1"] == 9.0


def test_a_charger_may_measure_the_power_only() -> None:
    """9 A on three legs are 6.2 kW."""
    house = House(scenario(), Life(habits=Habits(measures="power")), now=0.0)
    house.call(limit(9.0))
    states = house.snapshot()
    assert "sensor.car_current_import" not in states
    assert float(states["sensor.car_power_active_import"].value) == pytest.approx(6.21)


def test_a_charger_may_leave_its_last_current_in_the_attributes() -> None:
    """As the OCPP integration does when a session is suspended: the state alone is 0."""
    house = House(scenario(), Life(habits=Habits(measures="left")), now=0.0)
    house.call(limit(9.0))
    assert house.snapshot()["sensor.car_current_import"].attributes["L1"] == 9.0
    house.chargers["car"].status = "SuspendedEV"
    left = house.snapshot()["sensor.car_current_import"]
    assert (float(left.value), left.attributes["L1"]) == (0.0, 9.0)


def test_battery_moves_where_it_has_a_size() -> None:
    house = scenario(battery={"soc": 50}, loads=[], circuits=[])
    still, moving = House(house), House(house, Life(battery_kwh=10.0))
    for one in (still, moving):
        one.advance(3600.0)
    assert still.soc_pct == 50.0
    assert moving.soc_pct == pytest.approx(50 - 9 * 230 / 1000 / 10 * 100)  # 2.07 of 10 kWh


# --- to the engine -----------------------------------------------------------------------------


def test_forms_say_what_the_scenario_says() -> None:
    kinds = {kind: form for kind, _, form in forms(scenario(site={"max_import_power": 9000}))}
    assert kinds["site"]["max_import_w"] == 9000
    assert kinds["site"]["grid_b"] == "sensor.grid_b"
    assert kinds["circuit"]["meter_c"] == "sensor.circuit_garage_c"
    assert kinds["charger"]["circuit"] == "garage"
    assert (kinds["plug"]["leg_l1"], kinds["plug"]["leg_l2"]) == ("C", "none")


def test_what_the_engine_has_not_is_told_in_its_words() -> None:
    car = {"id": "car", "type": "charger", "phases": THREE, "status": "Charging"}
    with pytest.raises(Unfit, match=r"test: charger car: .*Maximum current: 300 A is more than"):
        # Past the form's range; read_all would refuse it before.
        site_of(_with_maximum(scenario(loads=[car]), 300.0))


def _with_maximum(house: Scenario, amps: float) -> Scenario:
    from dataclasses import replace

    return replace(house, loads=(replace(house.loads[0], max_current=amps),))


# --- cars and boilers --------------------------------------------------------------------------

SPEC = LoadSpec("car", "charger", "standard", THREE, "Charging")
HABITS = Habits(reaction_s=2.0, start_s=5.0, untold_a=16.0)


def charger(car: Car, habits: Habits = HABITS) -> Charger:
    return Charger(SPEC, 230.0, habits, car)


def run(one: Charger | Plug, until: float, since: float = 0.0) -> None:
    now = since
    while now < until:
        now += 1.0
        one.step(now, 1.0)


def test_a_car_comes_charges_and_leaves() -> None:
    one = charger(Car((Visit(10.0, 3700.0, 40.0),)))
    run(one, 9)
    assert (one.status, one.transaction) == ("Available", 0)
    run(one, 14, 9)
    assert one.status == "Preparing"
    run(one, 20, 14)
    assert one.status == "Charging"
    assert one.transaction > 0
    assert one.draw == {"L1": 16.0, "L2": 16.0, "L3": 16.0}  # nobody has told it anything
    run(one, 3700, 20)
    assert (one.status, one.transaction, one.draw["L1"]) == ("Available", 0, 0.0)


def test_a_car_takes_a_moment_to_follow() -> None:
    one = charger(Car((Visit(0.0, 1e6, 40.0),)))
    run(one, 10)
    one.set_profile(limit(8.0, one.transaction).data["custom_profile"], 10.0)
    run(one, 11, 10)
    assert one.draw["L1"] == 16.0
    run(one, 12, 11)
    assert one.draw["L1"] == 8.0


def test_a_car_takes_nothing_below_6_a() -> None:
    one = charger(Car((Visit(0.0, 1e6, 40.0),)))
    run(one, 10)
    one.set_profile(limit(5.9, one.transaction).data["custom_profile"], 10.0)
    run(one, 20, 10)
    assert (one.status, one.draw["L1"]) == ("SuspendedEVSE", 0.0)


def test_a_car_uses_its_own_legs_and_maximum() -> None:
    one = charger(Car((Visit(0.0, 1e6, 40.0),), most_a=10.0, legs=("L1", "L2")))
    run(one, 10)
    assert one.draw == {"L1": 10.0, "L2": 10.0, "L3": 0.0}


def test_energy_and_charge() -> None:
    # 10 A on three phases for an hour are 6.9 kWh; 90 % of that in 60 kWh are 10.35 %.
    one = charger(Car((Visit(0.0, 1e6, 40.0),), most_a=10.0))
    run(one, 10)
    before_kwh, before_pct = one.energy_kwh, one.soc_pct
    run(one, 3610, 10)
    assert one.energy_kwh - before_kwh == pytest.approx(6.9)
    assert one.soc_pct - before_pct == pytest.approx(10.35)


def test_a_car_tapers_and_is_full() -> None:
    car = Car((Visit(0.0, 1e6, 98.5),), taper_from_pct=97.0, taper_a=6.0)
    assert car.takes_a(50.0) == 16.0
    assert car.takes_a(98.5) == pytest.approx(11.0)  # half way from 16 to 6
    one = charger(car)
    run(one, 3600)
    assert (one.status, one.draw["L1"], one.soc_pct) == ("SuspendedEV", 0.0, 100.0)
    ending = charger(car, Habits(ends_when_full=True, untold_a=16.0))
    run(ending, 3600)
    assert (ending.status, ending.transaction) == ("Finishing", 0)


def test_water_warms_by_the_book() -> None:
    # 2080 W less 80 W of loss for an hour in 150 l: 2000 Wh / (1.163 x 150 Wh/K) = 11.46 K
    boiler = Water(litres=150.0, loss_w=80.0)
    assert boiler.after(40.0, 3600.0, 3600.0, 2080.0) == pytest.approx(40 + 11.465, abs=0.01)
    # 50 of 150 litres replaced by cold water: a third of the way from 50 to 12.
    tapped = Water(litres=150.0, loss_w=0.0, cold_c=12.0, taps=((10.0, 50.0),))
    assert tapped.after(50.0, 10.0, 1.0, 0.0) == pytest.approx(50 - 38 / 3)


def test_the_thermostat_decides_whether_a_plug_draws() -> None:
    spec = LoadSpec("boiler", "plug", "continuous", {"L1": "C"}, "Charging", power=2300.0)
    boiler = Water(warm_c=58.0, span_c=6.0, first_c=57.9, litres=1.0)
    plug = Plug(spec, 230.0, boiler, on=True)
    plug.step(1.0, 1.0)
    assert plug.power_w == 0.0  # warm enough until it is 6 K below
    plug.celsius = 52.0
    plug.step(2.0, 1.0)
    assert plug.draw == {"L1": 10.0}
    run(plug, 60, 2)
    assert plug.celsius >= 52.0
    assert plug.power_w == 0.0  # 1 litre is warm in seconds

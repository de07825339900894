"""What became of the energy, by hand: 230 V, so 6900 W on three phases are 10 A on each."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.house import House, Life
from simulator.scenario_file import read_all
from simulator.tally import Tally

THREE = {"L1": "A", "L2": "B", "L3": "C"}


def counted(draws_a: dict[str, float], seconds: int = 3600, **changes: Any) -> dict[str, float]:
    """Wh by name after an hour in which each charger draws `draws_a` (A per leg)."""
    modes = {"car": "solar_only", "other": "standard"}
    loads = [
        {"id": load, "type": "charger", "mode": modes[load], "phases": THREE, "status": "Charging"}
        for load in draws_a
    ]
    scenario = read_all([{"name": "test", "loads": loads, **changes}])[0]
    house = House(scenario)
    for load, amps in draws_a.items():
        profile = {
            "chargingProfileId": 7,
            "stackLevel": 0,
            "chargingProfileKind": "Relative",
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amps}],
            },
        }
        house.chargers[load].set_profile(profile, 0.0)
    tally = Tally(house)
    for second in range(seconds):
        house.advance(second + 1.0)
        tally.second()
    return tally.wh


ASYMMETRIC = {"inverter": {"asymmetric": True}}


def test_sun_serves_the_house_first() -> None:
    # 6900 W of sun; the house takes 2300 W, the car 6 A x 3 = 4140 W: 460 W go out.
    wh = counted({"car": 6}, household={"A": 10}, solar={"power": 6900}, **ASYMMETRIC)
    assert wh["managed"] == pytest.approx(4140)
    assert wh["managed_by_sun"] == pytest.approx(4140)
    assert (wh["imported"], wh["exported"]) == pytest.approx((0, 460))
    assert wh["solar_only_import"] == pytest.approx(0)


def test_what_the_sun_lacks_is_caused_by_the_load_that_should_not_import() -> None:
    # 4600 W of sun less 2300 W for the house leave 2300 W for a car that takes 4140 W.
    wh = counted({"car": 6}, household={"A": 10}, solar={"power": 4600}, **ASYMMETRIC)
    assert wh["managed_by_sun"] == pytest.approx(2300)
    assert wh["solar_only_import"] == pytest.approx(1840)


def test_import_that_would_be_there_anyway_is_not_caused() -> None:
    # The house needs 6900 W and has 2300 W of sun: 4600 W are imported without the car.
    wh = counted({"car": 6}, household={"A": 30}, solar={"power": 2300}, **ASYMMETRIC)
    assert wh["imported"] == pytest.approx(4600 + 4140)
    assert wh["solar_only_import"] == pytest.approx(4140)
    assert wh["managed_by_sun"] == pytest.approx(0)
    # The same car as a standard one causes nothing.
    assert counted({"other": 6}, household={"A": 30})["solar_only_import"] == 0


def test_phases_that_are_not_netted_count_for_themselves() -> None:
    # 5 A of sun on each phase, 10 A of house on A: A imports 5 A, B and C export 5 A without a car.
    # With 6 A: A imports 11 A, B and C 1 A each. The car caused 8 A: 6 on A, 1 on B, 1 on C.
    wh = counted({"car": 6}, household={"A": 10}, solar={"power": 3450})
    assert wh["imported"] == pytest.approx(13 * 230)
    assert wh["solar_only_import"] == pytest.approx(8 * 230)
    assert wh["managed_by_sun"] == pytest.approx(10 * 230)


def test_the_battery_share_is_told_apart() -> None:
    # 3450 W of sun for a car of 4140 W and a house of 690 W: the battery gives the other 1380 W,
    # 690 of them because sun has gone to the house first.
    wh = counted(
        {"car": 6}, household={"A": 3}, solar={"power": 3450}, battery={"soc": 90}, seconds=60
    )
    assert wh["managed_by_sun"] * 60 == pytest.approx(3450 - 690)
    assert wh["managed_by_battery"] * 60 == pytest.approx(1380)
    assert wh["imported"] == pytest.approx(0)
    # Without the car it would have charged.
    assert wh["solar_only_battery"] * 60 == pytest.approx(1380)


def test_export_is_missed_as_far_as_the_car_could_take_it() -> None:
    # 10 A per phase are left over; the car draws 6 A of its 16 A, so 4 A more.
    wh = counted({"car": 6}, solar={"power": 6900})
    assert wh["exported"] == pytest.approx(4 * 690)
    assert wh["missed"] == pytest.approx(4 * 690)
    # 16 A are its maximum, whatever is left over.
    assert counted({"car": 16}, solar={"power": 20 * 690})["missed"] == 0


def test_a_car_below_its_minimum_misses_nothing() -> None:
    assert counted({"car": 0}, solar={"power": 5.9 * 690})["missed"] == 0
    assert counted({"car": 0}, solar={"power": 6.1 * 690})["missed"] == pytest.approx(6.1 * 690)


def test_the_wires_bound_what_is_missed() -> None:
    garage = {"circuits": [{"id": "garage", "limit": 10, "loads": ["car"]}]}
    wh = counted({"car": 8}, solar={"power": 20 * 690}, **garage)
    assert wh["missed"] == pytest.approx(2 * 690)


def test_export_below_the_target_is_told_apart() -> None:
    battery = {"soc": 50, "soc_target": 80, "max_charge_power": 1000}
    wh = counted({"car": 0}, solar={"power": 6900}, battery=battery)
    assert wh["exported"] == pytest.approx(5900)
    assert (wh["missed"], wh["missed_below_target"]) == pytest.approx((0, 5900))


def test_charging_above_the_target_is_missed() -> None:
    battery = {"soc": 85, "soc_target": 80, "max_charge_power": 1000}
    wh = counted({"car": 0}, solar={"power": 6900}, battery=battery)
    assert wh["missed"] == pytest.approx(6900)


def test_a_living_battery_charges_what_is_counted() -> None:
    scenario = read_all(
        [{"name": "test", "loads": [], "solar": {"power": 2300}, "battery": {"soc": 50}}]
    )[0]
    house = House(scenario, Life(battery_kwh=10.0))
    tally = Tally(house)
    for second in range(3600):
        house.advance(second + 1.0)
        tally.second()
    assert tally.wh["charged"] == pytest.approx(2300)
    assert house.soc_pct == pytest.approx(50 + 23)

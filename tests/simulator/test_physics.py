"""Where the current goes, by hand: 230 V, so 6900 W on three phases are 10 A on each."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.physics import Flows, Wires, battery_power_w, flows, overload
from simulator.scenario import Battery, Inverter, Scenario
from simulator.scenario_file import read_all

CARS = ["one", "two"]


def scenario(**changes: Any) -> Scenario:
    cars = [
        {"id": car, "type": "charger", "phases": {"L1": "A"}, "status": "Charging"} for car in CARS
    ]
    return read_all([{"name": "test", "loads": cars, **changes}])[0]


def flowing(house: Scenario, draws: dict[str, dict[str, float]] | None = None) -> Flows:
    soc = house.battery.soc if house.battery else 0.0
    return flows(Wires.of(house), house.household, house.solar.power, soc, draws or {})


def test_meter_is_household_less_sun_plus_draws() -> None:
    house = scenario(household={"A": 5, "B": 12, "C": 1}, solar={"power": 6900})
    now = flowing(house, {"one": {"A": 6.0, "B": 6.0}, "two": {"C": 16.0}})
    assert now.meters["main"] == pytest.approx({"A": 1.0, "B": 8.0, "C": 7.0})


def test_export_is_negative() -> None:
    house = scenario(household={"A": 2}, solar={"power": 6900})
    assert flowing(house).meters["main"] == pytest.approx({"A": -8.0, "B": -10.0, "C": -10.0})


@pytest.mark.parametrize(
    ("phase", "meter"),
    [
        (None, {"A": 0.0, "B": -5.0, "C": -5.0}),
        ("B", {"A": -5.0, "B": 5.0, "C": -10.0}),
    ],
)
def test_a_battery_charges_on_all_phases_alike_or_on_its_own(
    phase: str | None, meter: dict[str, float]
) -> None:
    """30 A of sun, 5 A of house on A: 25 A are left over, of which it takes 15 A (3450 W)."""
    battery = {"soc": 50, "max_charge_power": 3450} | ({"phase": phase} if phase else {})
    house = scenario(household={"A": 5}, solar={"power": 6900}, battery=battery)
    now = flowing(house)
    assert now.battery_w == pytest.approx(-3450.0)
    assert now.meters["main"] == pytest.approx(meter)


def test_sun_on_a_single_phase_site_is_all_on_it() -> None:
    house = scenario(site={"phases": "A"}, household={"A": 2}, solar={"power": 2300})
    assert flowing(house).meters["main"] == pytest.approx({"A": -8.0})


def test_breakers_carry_what_hangs_below_them() -> None:
    house = scenario(
        household={"A": 12},
        circuits=[
            {"id": "barn", "limit": 32, "loads": ["two"], "household": {"A": 9}},
            {"id": "box", "limit": 16, "parent": "barn", "loads": ["one"], "household": {"A": 4}},
        ],
    )
    now = flowing(house, {"one": {"A": 6.0}, "two": {"A": 10.0}})
    assert now.meters["box"]["A"] == pytest.approx(4 + 6)
    assert now.meters["barn"]["A"] == pytest.approx(9 + 6 + 10)  # the box's 4 A are among the 9
    assert now.meters["main"]["A"] == pytest.approx(12 + 6 + 10)


def test_breaker_without_household_carries_that_of_the_breakers_below() -> None:
    house = scenario(
        household={"A": 12},
        circuits=[
            {"id": "barn", "limit": 32},
            {"id": "box", "limit": 16, "parent": "barn", "household": {"A": 4}},
        ],
    )
    assert flowing(house).meters["barn"]["A"] == pytest.approx(4)


def test_parallel_inverter_gives_the_sun_series_all_that_is_used() -> None:
    draws = {"one": {"A": 6.0}}
    given: dict[str, Any] = {"household": {"A": 5, "B": 1}, "solar": {"power": 6900}}
    parallel = flowing(scenario(**given), draws)
    assert parallel.inverter == pytest.approx({"A": 10.0, "B": 10.0, "C": 10.0})
    series = flowing(scenario(**given, inverter={"topology": "series"}), draws)
    assert series.inverter == pytest.approx({"A": 11.0, "B": 1.0, "C": 0.0})


def test_battery_spreads_evenly_whatever_a_phase_needs() -> None:
    # 22 A are needed, all on A; 6900 W would be 30 A. 22 A over three phases are 7.33 A each.
    house = scenario(household={"A": 22}, battery={"soc": 50, "max_discharge_power": 6900})
    now = flowing(house)
    assert now.battery_w == pytest.approx(22 * 230)
    assert now.meters["main"] == pytest.approx({"A": 22 - 22 / 3, "B": -22 / 3, "C": -22 / 3})


BATTERY = Battery(soc=50, soc_min=20, max_charge_power=3000, max_discharge_power=4000)


@pytest.mark.parametrize(
    ("soc", "missing_w", "sun_w", "inverter_w", "given_w"),
    [
        pytest.param(50, 2500, 0, None, 2500, id="covers what is missing"),
        pytest.param(50, 9000, 0, None, 4000, id="up to its own maximum"),
        pytest.param(50, 9000, 3500, 6000, 2500, id="and to what the inverter has beside the sun"),
        pytest.param(50, 9000, 7000, 6000, 0, id="which may be nothing"),
        pytest.param(20, 2500, 0, None, 0, id="not at its minimum"),
        pytest.param(20.1, 2500, 0, None, 2500, id="just above its minimum"),
        pytest.param(50, -2000, 5000, 6000, -2000, id="takes what is too much"),
        pytest.param(50, -5000, 8000, 6000, -3000, id="up to its maximum"),
        pytest.param(96.9, -2000, 5000, None, -2000, id="until it is nearly full"),
        pytest.param(97, -2000, 5000, None, 0, id="not when it is full"),
        pytest.param(50, 0, 0, None, 0, id="idles when nothing flows"),
    ],
)
def test_battery(
    soc: float, missing_w: float, sun_w: float, inverter_w: float | None, given_w: float
) -> None:
    inverter = Inverter(max_power=inverter_w)
    assert battery_power_w(BATTERY, inverter, soc, missing_w, sun_w) == pytest.approx(given_w)


def test_without_a_battery_nothing_is_given() -> None:
    assert battery_power_w(None, Inverter(), 50, 2500, 0) == 0.0


def over(house: Scenario, draws: dict[str, dict[str, float]]) -> tuple[float, float]:
    found = overload(Wires.of(house), flowing(house, draws), flowing(house), draws)
    return pytest.approx(found.worst_a), pytest.approx(found.household_a)


def test_overload_of_the_main_breaker() -> None:
    assert over(scenario(household={"A": 12}), {"one": {"A": 16.0}}) == (3.0, 0.0)
    assert over(scenario(household={"A": 9}), {"one": {"A": 16.0}}) == (0.0, 0.0)


def test_overload_of_a_breaker_counts_its_household() -> None:
    circuits = [{"id": "box", "limit": 16, "loads": ["one"], "household": {"A": 6}}]
    house = scenario(household={"A": 6}, circuits=circuits)
    assert over(house, {"one": {"A": 14.0}, "two": {"A": 2.0}}) == (4.0, 0.0)


def test_overload_by_the_house_alone_is_not_the_loads_doing() -> None:
    house = scenario(household={"A": 28})
    assert over(house, {"one": {"A": 0.0}}) == (0.0, 3.0)
    assert over(house, {"one": {"A": 6.0}}) == (6.0, 3.0)


def test_export_is_no_overload() -> None:
    assert over(scenario(solar={"power": 30 * 690}), {"one": {"A": 0.0}}) == (0.0, 0.0)

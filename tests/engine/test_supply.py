"""What sun and battery give, from what is not managed at the main breaker: tables, without a run.

230 V; 230 W are 1 A on one phase, 690 W are 1 A on each of three.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.supply import Supply, supply, supply_of_net
from loadjuggler.measure.readings import EnergyReading, MeterReading, Readings
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import BATTERY, OUTPUTS, SUN, House, site_form


def site(phases: str = "A", **values: Any) -> Site:
    return House.of(
        site_form(phases, **{**BATTERY, "battery_max_discharge_w": 5000, **values})
    ).site


IDLE = PerPhase(0.0)
OFF_GRID = {"grid_a": None, "inverter_a": "sensor.inverter_a"}
SERIES = {"inverter_a": "sensor.inverter_a", "inverter_topology": "series"}
PARALLEL = {"inverter_a": "sensor.inverter_a"}


def read(meter: PerPhase = IDLE, **energy: Any) -> Readings:
    """The main meter, and what is read of sun, battery and inverter; a charge of 50 %."""
    known = EnergyReading(**{"soc_pct": 50.0, **energy})
    return Readings(0.0, {"main": MeterReading(meter)}, {}, {}, "priority", None, 0.0, energy=known)


def close(amps: PerPhase) -> Any:
    return pytest.approx(dict(amps.items()))


@pytest.mark.parametrize(
    ("form", "energy", "background_a", "surplus_a", "house_a", "sun_w"),
    [
        # The sun gives 20 A (4,600 W), the house takes 3 A, the battery charges with 5 A (1,150 W):
        # 20 - 3 - 5 = 12 A are exported, and 20 - 3 = 17 A are left over.
        pytest.param({}, {"battery_w": -1150}, -12, 17, 0, 3910, id="no sensor: the surplus alone"),
        pytest.param(
            {}, {"battery_w": -1150, "solar_w": 4600}, -12, 17, 3, 4600, id="a solar sensor"
        ),
        pytest.param(
            PARALLEL,
            {"battery_w": -1150, "outputs": PerPhase(20.0)},
            -12,
            17,
            3,
            4600,
            id="outputs of the panels",
        ),
        pytest.param(
            PARALLEL,
            {"battery_w": -1150, "outputs": PerPhase(20.0), "solar_w": 4140},
            -12,
            17,
            3,
            4140,
            id="outputs tell the house by phase though a solar sensor tells the sun",
        ),
        # By night the battery gives the 3 A (690 W) of the house.
        pytest.param({}, {"battery_w": 690}, 0, -3, 3, 0, id="a battery by night is no sun"),
        pytest.param({}, {"battery_w": None}, -12, 12, 0, 2760, id="the battery is not heard"),
        pytest.param(
            {},
            {"battery_w": -1150, "soc_pct": None},
            -12,
            12,
            0,
            2760,
            id="its charge is not known: what it takes is left to it",
        ),
        pytest.param(
            {}, {"battery_w": 690, "soc_pct": None}, 0, -3, 3, 0, id="but what it gives is no sun"
        ),
        # 12 A are exported, and the battery may give any of it: the sun gives 5 A at most.
        pytest.param(
            {},
            {"solar_w": 1150, "unsure": True},
            -12,
            5,
            0,
            1150,
            id="no more is sun than its sensor shows where the battery is not heard",
        ),
        # Without a grid the outputs are the house: 3 A of it, and what loads take is managed.
        pytest.param(
            OFF_GRID, {"battery_w": 0, "solar_w": 4600}, 3, 17, 3, 4600, id="off the grid"
        ),
        pytest.param(
            OFF_GRID,
            {"battery_w": 690, "outputs": PerPhase(13.0)},
            3,
            7,
            3,
            2300,
            id="off the grid, no solar sensor: 13 A come out, 3 A of it from the battery",
        ),
        pytest.param(
            OFF_GRID,
            {"battery_w": -690, "outputs": PerPhase(13.0)},
            3,
            13,
            3,
            3680,
            id="or 3 A more go into it: 16 A of sun",
        ),
        pytest.param(
            OFF_GRID,
            {"battery_w": 2300, "outputs": PerPhase(3.0)},
            3,
            -3,
            3,
            0,
            id="the sun is never negative",
        ),
        pytest.param(
            OFF_GRID, {"battery_w": -690}, 3, 0, 3, 690, id="no outputs: what goes into the battery"
        ),
        pytest.param(
            OFF_GRID,
            {"unsure": True, "outputs": PerPhase(13.0)},
            3,
            -3,
            3,
            0,
            id="off the grid, the battery is not heard: nothing is left over",
        ),
        pytest.param(
            OFF_GRID,
            {"unsure": True, "outputs": PerPhase(13.0)},
            -3,
            0,
            -3,
            0,
            id="nor where the house seems to give",
        ),
        pytest.param(
            OFF_GRID,
            {"unsure": True, "solar_w": 2300},
            3,
            7,
            3,
            2300,
            id="but a solar sensor tells the sun all the same",
        ),
    ],
)
def test_surplus_house_and_sun_on_one_phase(
    form: dict[str, Any],
    energy: dict[str, Any],
    background_a: float,
    surplus_a: float,
    house_a: float,
    sun_w: float,
) -> None:
    found = supply(site(**form), read(**energy), PerPhase(background_a), NOTHING_PASSED)
    assert (found.surplus.a, found.house.a) == pytest.approx((surplus_a, house_a))
    assert found.sun_w == pytest.approx(sun_w)


def test_a_series_inverter_feeds_the_house_from_sun_battery_and_grid() -> None:
    """18 A come out of it: house 3, car 15. 4 A are from the grid, 5 A from the battery, 9 sun.

    The meter shows 4 A, the car draws 15: -11 A are not managed. Surplus: 9 - 3 = 6 A.
    """
    energy = {"battery_w": 1150.0, "outputs": PerPhase(18.0)}
    readings = read(PerPhase(4.0), **energy)
    found = supply(site(**SERIES), readings, PerPhase(-11.0), NOTHING_PASSED)
    assert found.sun_w == pytest.approx(9 * 230)
    assert (found.surplus.a, found.house.a) == pytest.approx((6.0, 3.0))
    night = read(PerPhase(20.0), **energy)
    assert supply(site(**SERIES), night, PerPhase(5.0), NOTHING_PASSED).sun_w == 0.0


def test_three_phases_share_sun_and_battery_evenly() -> None:
    """13,800 W of sun are 20 A on each phase; the battery charges with 3,450 W = 5 A on each.

    The house takes 3, 6 and 25 A: 12 and 9 A are exported, 10 A imported.
    """
    three = site("ABC", **SUN)
    readings = read(battery_w=-3450.0, solar_w=13_800.0)
    found = supply(three, readings, PerPhase(-12.0, -9.0, 10.0), NOTHING_PASSED)
    assert dict(found.surplus.items()) == close(PerPhase(17.0, 14.0, -5.0))
    assert dict(found.house.items()) == close(PerPhase(3.0, 6.0, 25.0))
    assert found.total_a() == pytest.approx(26.0)


def test_without_sensors_of_the_sun_the_house_is_what_would_be_imported() -> None:
    """On C 5 A would be; A and B export. Of the sun 17 + 14 - 5 = 26 A are seen."""
    readings = read(battery_w=-3450.0)
    found = supply(site("ABC"), readings, PerPhase(-12.0, -9.0, 10.0), NOTHING_PASSED)
    assert dict(found.house.items()) == close(PerPhase(0.0, 0.0, 5.0))
    assert found.sun_w == pytest.approx(26.0 * 230)


def test_outputs_off_the_grid_are_spread_evenly() -> None:
    """The outputs are 30 A in all, so 10 A of sun on each phase; the house takes 2, 6 and 1 A."""
    off = site("ABC", **OUTPUTS, grid_a=None, grid_b=None, grid_c=None)
    assert off.off_grid
    readings = read(battery_w=0.0, outputs=PerPhase(12.0, 10.0, 8.0))
    found = supply(off, readings, PerPhase(2.0, 6.0, 1.0), NOTHING_PASSED)
    assert dict(found.surplus.items()) == close(PerPhase(8.0, 4.0, 9.0))


@pytest.mark.parametrize(
    ("surplus", "total_a"),
    [
        pytest.param(PerPhase(3.0, -1.0, 4.0), 6.0, id="all three"),
        pytest.param(PerPhase(3.0, None, 4.0), None, id="one is not known"),
        pytest.param(PerPhase(), None, id="none is"),
    ],
)
def test_the_total_is_known_if_each_phase_is(surplus: PerPhase, total_a: float | None) -> None:
    assert Supply(surplus, PerPhase(0.0, 0.0, 0.0), 0.0).total_a() == total_a


def test_on_a_phase_of_which_the_surplus_is_not_known_the_house_is_the_sun() -> None:
    found = supply(site("AB", **SUN), read(solar_w=4600.0), PerPhase(-7.0), NOTHING_PASSED)
    assert found.surplus == PerPhase(7.0)
    assert dict(found.house.items()) == close(PerPhase(3.0, 10.0))


@pytest.mark.parametrize(
    ("marks", "help_w", "reserve_help_w"),
    [
        pytest.param({}, 0.0, 1400.0, id="below its target: for those who may use the reserve"),
        pytest.param({"above_target": True}, 1400.0, 1400.0, id="above it: for all"),
        pytest.param({"reserve": True}, 0.0, 0.0, id="at its reserve: for nobody"),
        pytest.param({"above_target": True, "reserve": True}, 0.0, 0.0, id="whatever the target"),
    ],
)
def test_whom_the_battery_helps(
    marks: dict[str, bool], help_w: float, reserve_help_w: float
) -> None:
    """6,000 W of inverter less 4,600 W of sun leave 1,400 W."""
    readings = read(battery_w=0.0, solar_w=4600.0)
    found = supply(
        site(**SUN, inverter_max_w=6000), readings, PerPhase(-12.0), BatteryMemory(**marks)
    )
    assert (found.help_w, found.reserve_help_w) == pytest.approx((help_w, reserve_help_w))


@pytest.mark.parametrize("battery_w", [-1150.0, 1150.0, None])
def test_house_less_sun_gives_the_same_supply_whatever_the_battery_does(
    battery_w: float | None,
) -> None:
    """3 A of house less 20 A of sun are -17 A net: 17 A are left over."""
    found = supply_of_net(site(), read(battery_w=battery_w), PerPhase(-17.0), NOTHING_PASSED)
    assert found.surplus.a == pytest.approx(17.0)
    unknown = replace(read(battery_w=-1150.0), energy=EnergyReading(battery_w=-1150.0))
    found = supply_of_net(site(), unknown, PerPhase(-17.0), NOTHING_PASSED)
    assert found.surplus.a == pytest.approx(12.0), (
        "of an unknown charge 5 A are left to the battery"
    )

"""Surplus, excess and what the battery adds: every number from the electrical argument.

All houses have 230 V; currents are A per phase.
"""

from __future__ import annotations

from typing import Any

import pytest
from loadjuggler.limits.battery import judge
from loadjuggler.limits.draws import least_draw
from loadjuggler.limits.headroom import Budget, budget
from loadjuggler.limits.surplus import living_from, rows
from loadjuggler.sense import sense
from loadjuggler.snapshot import EntityState

from .house import BATTERY, OUTPUTS, SUN, House, charger_form, site_form


def near(value: Any) -> Any:
    """States have six digits."""
    return pytest.approx(value, rel=1e-4, abs=1e-3)


ONE_BATTERY = {**BATTERY, "battery_max_charge_w": 4600, "battery_max_discharge_w": 2300}


def house_with(phases: str = "ABC", *loads: dict[str, Any], **site: Any) -> House:
    """A house whose car charges by `solar_only` unless other loads are given."""
    chosen = loads or (charger_form("car", phases, mode="solar_only", max_current_a=32),)
    return House.of(site_form(phases, main_breaker_a=100, **site), *chosen)


def seen(house: House) -> tuple[Budget, dict[tuple[str, str], float]]:
    """The budget at this moment, and the room of each source row by kind and phase, in A or W."""
    readings, memory = sense(house.site, house.memory, house.snapshot(), house.now, house.options)
    marks = judge(memory.battery, house.site, readings.energy)
    draws = {load: least_draw(reading) for load, reading in readings.loads.items()}
    found = budget(house.site, readings, draws, battery=marks)
    living = living_from(house.site, readings, marks)
    sources = rows(house.site, readings, found.supply, marks, living)
    return found, {(row.kind, row.phase): row.room for row in sources}


def settle(house: House, load: str = "car") -> float:
    """A per leg that `load` is told when the grace of a car that was found charging is over."""
    house.pass_time(400.0)
    return house.told(load) or 0.0


def test_surplus_is_sun_less_house_whatever_the_car_draws() -> None:
    """4,600 W of sun on one phase are 20 A, the house takes 3: 17 A are left over."""
    house = house_with("A")
    house.power.sun_w, house.household["main"]["A"] = 4600, 3.0
    before, _ = seen(house)
    assert before.supply.surplus.a == near(17.0)
    assert settle(house) == 17.0
    after, _ = seen(house)
    assert after.supply.surplus.a == near(17.0)
    assert house.flows("main")["A"] == near(0.0)


def test_a_charging_battery_is_sun_and_a_discharging_one_is_not() -> None:
    """At its target the battery yields: 20 A of sun less 3 A of house, though it takes them now.

    By night it gives the house its 3 A, and nothing of that is surplus.
    """
    house = house_with("A", **ONE_BATTERY)
    house.cars["car"].status = "Available"
    house.power.soc_pct, house.power.sun_w, house.household["main"]["A"] = 80.0, 4600, 3.0
    assert house.battery_w(house.used("main")) == near(-17 * 230)
    assert seen(house)[0].supply.surplus.a == near(17.0)
    house.power.sun_w = 0.0
    assert house.battery_w(house.used("main")) == near(3 * 230)
    assert seen(house)[0].supply.surplus.a == near(-3.0)
    assert settle(house) == 0.0


@pytest.mark.parametrize(
    ("soc_pct", "amps"),
    [
        pytest.param(79.0, 0.0, id="below target: the battery comes first"),
        pytest.param(80.0, 17.0, id="at target: sun - house"),
        pytest.param(81.0, 27.0, id="above: and the battery's 2,300 W = 10 A"),
    ],
)
def test_the_batterys_charge_says_what_solar_loads_get(soc_pct: float, amps: float) -> None:
    house = house_with("A", **ONE_BATTERY)
    house.power.soc_pct, house.power.sun_w, house.household["main"]["A"] = soc_pct, 4600, 3.0
    house.power.most_w = 2300
    assert settle(house) == amps


def test_symmetric_phases_are_not_netted_and_asymmetric_ones_are() -> None:
    """30 A of sun, 10 on each phase; the house takes 14 A on A: A lacks 4, B and C have 10 each."""
    car = charger_form("car", "B", mode="solar_only", max_current_a=32)
    for asymmetric, room, kinds in (
        (False, 10.0, {("surplus", "B")}),  # where the car is
        (True, 16.0, {("surplus", "")}),
    ):
        house = house_with("ABC", car, inverter_asymmetric=asymmetric)
        house.power.sun_w, house.household["main"]["A"] = 6900, 14.0
        _, sources = seen(house)
        assert set(sources) == kinds
        assert sources["surplus", "" if asymmetric else "B"] == near(room)
        assert settle(house) == room


def test_a_battery_answers_the_total_of_a_symmetric_site() -> None:
    """-4 A on A, 10 on B and C: 16 in all, though B alone has 10; the battery at target idles."""
    car = charger_form("car", "B", mode="solar_only", max_current_a=32)
    house = house_with("ABC", car, **ONE_BATTERY)
    house.power.sun_w, house.household["main"]["A"], house.power.soc_pct = 6900, 14.0, 80.0
    _, sources = seen(house)
    assert sources["surplus", ""] == near(16.0)
    assert sources["surplus", "B"] == near(10.0)


def test_each_phase_of_an_asymmetric_inverter_carries_its_rating_less_the_house() -> None:
    """2,990 W are 13 A a phase; the house takes 4 A of B there: 9 A are left, though 26 are over.

    Without a solar sensor the house is only known as far as a phase would import by itself.
    """
    car = charger_form("car", "B", mode="solar_only", max_current_a=32)
    ratings = {"inverter_asymmetric": True, "inverter_max_phase_w": 2990}
    for sensor, left in ((SUN, 9.0), ({}, 13.0)):
        house = house_with("ABC", car, **ratings, **sensor)
        house.power.sun_w, house.household["main"]["B"] = 6900, 4.0
        _, sources = seen(house)
        assert sources["surplus", ""] == near(26.0)
        assert sources["inverter", "B"] == near(left)
        assert settle(house) == left


def test_what_the_battery_can_give_is_what_the_inverter_has_left_beside_the_sun() -> None:
    """5,750 W of inverter, 4,600 W of sun: 1,150 W are left for the battery, 5 A on one phase."""
    for sensor in (SUN, {}):
        house = house_with("A", **ONE_BATTERY, inverter_max_w=5750, **sensor)
        house.power.soc_pct, house.power.sun_w, house.power.rating_w = 85.0, 4600, 5750
        found, _ = seen(house)
        assert found.supply.help_w == near(1150)
        assert settle(house) == 25.0


def test_ratings_per_phase_bound_a_symmetric_inverter_in_total() -> None:
    """Three times 2,000 W: beside 4,600 W of sun there are 1,400 W left."""
    house = house_with("ABC", **ONE_BATTERY, **SUN, inverter_max_phase_w=2000)
    house.power.soc_pct, house.power.sun_w = 85.0, 4600
    assert seen(house)[0].supply.help_w == near(1400)


@pytest.mark.parametrize("topology", ["parallel", "series"])
def test_outputs_of_the_inverter_tell_the_sun(topology: str) -> None:
    """6,900 W of sun, 2, 3 and 4 A of house: known by phase from outputs, whatever they show."""
    house = house_with("ABC", **ONE_BATTERY, **OUTPUTS, inverter_topology=topology)
    house.power.sun_w, house.power.soc_pct = 6900, 80.0
    house.household["main"] = {"A": 2.0, "B": 3.0, "C": 4.0}
    found, _ = seen(house)
    assert found.supply.sun_w == near(6900)
    assert dict(found.supply.house.items()) == near({"A": 2.0, "B": 3.0, "C": 4.0})


def test_excess_is_surplus_above_the_threshold_and_a_battery_below_target_raises_it() -> None:
    """10,350 W less 690 W of house are 9,660 W; 8,000 W threshold leave 1,660 W, at target."""
    car = charger_form("car", mode="excess", max_current_a=32)
    house = house_with("ABC", car, **ONE_BATTERY, excess_threshold_w=8000)
    house.power.sun_w, house.power.soc_pct = 10350, 80.0
    house.household["main"] = {"A": 1.0, "B": 1.0, "C": 1.0}
    assert seen(house)[1]["excess", ""] == near(1660)
    house.power.soc_pct = 70.0
    house.memory = type(house.memory)()
    assert seen(house)[1]["excess", ""] == near(1660 - 4600)


def test_an_excess_load_starts_at_its_minimum_and_grows_only_into_excess() -> None:
    """1,660 W of excess start it (6 A are 4,140 W), and 5,220 W let it have 7.5 A."""
    car = charger_form("car", mode="excess", max_current_a=32)
    for threshold_w, amps in ((8000, 6.0), (4440, 7.5), (9700, 0.0)):
        house = house_with("ABC", car, excess_threshold_w=threshold_w)
        house.power.sun_w = 10350
        house.household["main"] = {"A": 1.0, "B": 1.0, "C": 1.0}
        assert settle(house) == amps


def test_a_load_may_have_an_export_threshold_of_its_own() -> None:
    """2,300 W are left over: 1,600 W (6.9 A) above the one's 700 W, nothing above 13,000 W."""
    near = charger_form("near", "A", mode="excess", excess_threshold_w=700)
    far = charger_form("far", "A", mode="excess")
    house = house_with("A", near, far)
    house.power.sun_w = 2300
    assert settle(house, "near") == 6.9
    assert house.told("far") == 0.0


def test_without_grid_charging_a_standard_car_lives_from_sun_and_battery() -> None:
    """10 A of sun, 3 A of house, 10 A of battery above its reserve: 17 A; at 20 % only 7 A."""
    car = charger_form("car", "A", max_current_a=32)
    for soc_pct, amps in ((50.0, 17.0), (20.0, 7.0)):
        house = house_with("A", car, **ONE_BATTERY, allow_grid_charging=False)
        house.power.sun_w, house.household["main"]["A"] = 2300, 3.0
        house.power.soc_pct, house.power.most_w = soc_pct, 2300
        assert settle(house) == amps


def test_off_the_grid_the_outputs_tell_the_house_and_nothing_comes_from_elsewhere() -> None:
    """The outputs show 3 A of house; 10 A of sun and 10 A of battery leave 17 A for the car."""
    form = site_form("A", main_breaker_a=100, grid_a=None, inverter_a="sensor.inverter_a")
    car = charger_form("car", "A", max_current_a=32)
    house = House.of({**form, **ONE_BATTERY, **SUN}, car)
    assert house.site.off_grid
    house.power.sun_w, house.household["main"]["A"] = 2300, 3.0
    house.power.soc_pct, house.power.most_w = 50.0, 2300
    assert settle(house) == 17.0
    assert house.battery_w(house.used("main")) == near(2300)
    house.power.soc_pct = 15.0
    assert settle(house) == 7.0


def test_the_import_limit_counts_what_the_battery_could_give_only_if_it_follows() -> None:
    """3,450 W of limit, 690 W of house, 2,300 W of battery: 5,060 W are 22 A, else 12 A."""
    car = charger_form("car", "A", max_current_a=32)
    for follows, amps in ((True, 22.0), (False, 12.0)):
        house = house_with("A", car, **ONE_BATTERY, max_import_w=3450, battery_follows_load=follows)
        house.household["main"]["A"], house.power.most_w = 3.0, 2300
        assert settle(house) == amps


@pytest.mark.parametrize(("entity", "amps"), [("sensor.soc", 17.0), ("sensor.battery", 27.0)])
def test_a_battery_of_which_nothing_is_heard_is_not_counted_on(entity: str, amps: float) -> None:
    """For a minute the last reading holds: 17 A of sun and 10 A that the battery gives.

    Then, if its charge is not known, the sun alone. If its power is not, nobody can tell that
    the 27 A are not all sun, as nothing is imported; but nothing is added any more.
    """
    house = house_with("A", **ONE_BATTERY)
    house.power.soc_pct, house.power.sun_w, house.household["main"]["A"] = 85.0, 4600, 3.0
    house.power.most_w = 2300
    assert settle(house) == 27.0
    house.lost[entity] = EntityState("unavailable")
    house.pass_time(50.0)
    assert house.told("car") == 27.0
    house.pass_time(100.0)
    assert house.told("car") == pytest.approx(amps, abs=0.3)
    assert seen(house)[0].supply.help_w == 0.0
    assert house.outcome is not None
    assert any(entity in warning for warning in house.outcome.report.warnings)


def test_without_a_sensor_of_its_power_nothing_is_counted_that_a_battery_could_give() -> None:
    soc_only = {**ONE_BATTERY, "battery_power_entity": None}
    house = house_with("A", **soc_only)
    house.power.soc_pct, house.power.sun_w = 90.0, 4600
    assert seen(house)[0].supply.help_w == 0.0


def test_a_battery_that_does_not_give_is_counted_on_no_more() -> None:
    """Above its target it should give 10 A; it gives 4 A. After 30 s of import they count for 24 A.

    That is the 4,600 + 920 W that sun and battery gave then. More sun lets both count for more;
    a battery that gives more, because the house takes it, is counted on again.
    """
    house = house_with("A", **ONE_BATTERY)
    house.power.soc_pct, house.power.sun_w, house.power.stubborn_w = 85.0, 4600, 920
    house.pass_time(25.0)
    assert house.told("car") == 30.0
    house.pass_time(60.0)
    assert house.told("car") == pytest.approx(24.0, abs=0.3)
    assert abs(house.flows("main")["A"]) <= 0.3
    house.power.sun_w = 5750
    house.pass_time(60.0)
    assert house.told("car") == pytest.approx(29.0, abs=0.3)
    house.power.stubborn_w, house.power.most_w = None, 2300
    house.household["main"]["A"] = 30.0
    house.pass_time(10.0)
    house.household["main"]["A"] = 0.0
    house.pass_time(60.0)
    assert house.told("car") == 32.0


def test_a_battery_at_its_reserve_helps_nobody_whatever_the_target() -> None:
    """Target and reserve at 20 %, 18 % reached on the way down: sun only."""
    house = house_with("A", **ONE_BATTERY, battery_soc_target_pct=20)
    house.power.sun_w = 10 * 230
    for soc_pct in (50.0, 18.0):
        house.power.soc_pct = soc_pct
        house.pass_time(60.0)
    assert seen(house)[0].supply.help_w == 0.0
    assert house.told("car") == 10.0


def test_off_the_grid_nothing_is_left_over_while_the_battery_is_not_heard() -> None:
    form = site_form("A", main_breaker_a=100, grid_a=None, inverter_a="sensor.inverter_a")
    house = House.of({**form, **ONE_BATTERY}, charger_form("car", "A", max_current_a=32))
    house.power.soc_pct, house.power.most_w = 60.0, 2300
    house.cars["car"].default_limit_a = 0.0  # untold it would take more than there is
    assert settle(house) == 10.0
    house.lost["sensor.battery"] = EntityState("unavailable")
    house.pass_time(90.0)
    assert house.told("car") == 0.0

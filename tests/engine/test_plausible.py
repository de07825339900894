"""Mistakes in the wiring that show in normal operation, and what is normal and never told.

Local time is UTC here. A house at night takes 0.5 A on each phase, 345 W, unless said otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.memory.codec import from_json, to_json
from loadjuggler.snapshot import EntityState

from .house import (
    BATTERY,
    OUTPUTS,
    SUN,
    VOLTAGE_V,
    House,
    charger_form,
    circuit_form,
    form,
    plug_form,
    site_form,
    state,
)

DAY_S = 86400.0
MIDNIGHT = 11 * DAY_S
HOUR_S = 3600.0
NIGHT_H = 1.0
NOON_H = 12.0
GONE = EntityState("unavailable")
TOTAL = {"grid_total_entity": "sensor.total"}

SIGN, SMALL, ABOVE = "fed in at night", "while chargers below it draw", "above it only"
HUGE, SOLAR, OUTPUT = "would have tripped", "panels take no power", "The outputs of the inverter"
CHARGE, SCALE = "The state of charge", "from 0 to 1"
SUM, SUM_SIGN, UNSIGNED = "another sensor's value", "has the other sign", "shows no sign"
LOW = "the house alone takes"


def at(hour: float, *forms: dict[str, Any], house_a: float = 0.5) -> House:
    """A house that wakes at a local hour; nothing was seen before."""
    house = House.of(*(forms or (site_form(),)))
    house.now = MIDNIGHT + hour * HOUR_S
    takes(house, house_a)
    return house


def takes(house: House, amps: float, circuit: str = "main") -> None:
    """What is not managed behind a breaker takes so much on each phase."""
    house.household[circuit] = dict.fromkeys(house.site.phases, amps)


def shows(house: House, entity: str, value: float | str, unit: str) -> None:
    """A sensor shows this, whatever flows."""
    house.extra[entity] = state(value, unit, house.now)


def turned(house: House) -> None:
    """The meters of the grid show the opposite of what flows: the form has the wrong sign."""
    for phase, amps in house.flows("main").items():
        shows(house, f"sensor.grid_{phase.lower()}", -amps, "A")


def garage_turned(house: House) -> None:
    for phase, amps in house.flows("garage").items():
        shows(house, f"sensor.garage_{phase.lower()}", -amps, "A")


def lives(
    house: House, seconds: float, each: Callable[[House], None] | None = None, tick_s: float = 10.0
) -> list[str]:
    """Let a house live; what it is warned of at the end."""
    end = house.now + seconds
    while house.now < end:
        if each:
            each(house)
        house.tick(tick_s)
    return warned(house)


def warned(house: House) -> list[str]:
    assert house.outcome is not None
    return list(house.outcome.report.warnings)


def told(house: House, words: str) -> bool:
    """Whether exactly one warning says so."""
    return sum(words in text for text in warned(house)) == 1


def restarted(house: House) -> None:
    """The memory as it comes back from its file."""
    house.memory = replace(from_json(json.loads(json.dumps(to_json(house.memory)))), woke_at=None)


# --- signs of meters -----------------------------------------------------------------------------


def test_export_in_the_deep_of_the_night_means_a_wrong_sign() -> None:
    """20 minutes of it; 345 W are more than 200."""
    house = at(NIGHT_H)
    lives(house, 1100, turned)
    assert warned(house) == []
    lives(house, 150, turned)
    assert warned(house) == [
        "The meter of the main breaker shows 345 W fed in at night, when neither sun nor battery "
        "can give that: if nothing else makes power there, change Turn the sign round in the form "
        "of the site."
    ]


def test_the_warning_ends_with_the_form_and_with_the_right_sign() -> None:
    house = at(NIGHT_H)
    lives(house, 1400, turned)
    assert told(house, SIGN)
    corrected = at(NIGHT_H, site_form(invert=True))
    other = replace(house, site=corrected.site, extra={})
    assert lives(other, 20) == []
    house.extra = {}
    lives(house, 900)
    assert told(house, SIGN)  # it takes as long as it took
    assert lives(house, 400) == []


def test_it_stays_over_a_day_and_a_restart_but_not_for_ever() -> None:
    """By day nobody can know; a day without anything that speaks for it ends it."""
    house = at(NIGHT_H)
    lives(house, 1400, turned)
    house.now = MIDNIGHT + NOON_H * HOUR_S
    house.household["main"] = dict.fromkeys("ABC", -5.0)
    restarted(house)
    lives(house, 600)
    assert told(house, SIGN)
    house.now += DAY_S
    house.tick()
    house.tick(10)
    house.tick(10)
    assert warned(house) == []


def test_a_restart_in_between_loses_no_time() -> None:
    house = at(NIGHT_H)
    lives(house, 700, turned)
    restarted(house)
    house.now += 120
    lives(house, 700, turned)
    assert told(house, SIGN)


@pytest.mark.parametrize("hour", [6.0, 12.0, 19.0, 22.0, 3.1])
def test_without_a_solar_sensor_only_the_deep_of_the_night_is_dark(hour: float) -> None:
    house = at(hour)
    assert lives(house, 3000, turned) == []


def test_a_solar_sensor_that_shows_nothing_is_believed_at_night() -> None:
    """22:30: dark after half an hour of 0 W, and 20 minutes on the wrong way told."""
    house = at(22.5, site_form(**SUN))
    lives(house, 1800 + 1100, turned)
    assert warned(house) == []
    lives(house, 200, turned)
    assert told(house, SIGN)


@pytest.mark.parametrize(("hour", "sun_w"), [(12.0, 0.0), (23.0, 400.0), (1.0, 400.0)])
def test_export_is_normal_while_something_may_be_produced(hour: float, sun_w: float) -> None:
    """By day a sensor at 0 may be stuck; in the north the sun shines at night."""
    house = at(hour, site_form(**SUN))
    house.power.sun_w = sun_w
    house.household["main"] = dict.fromkeys("ABC", -4.0)
    assert lives(house, 5400) == []


@pytest.mark.parametrize("given_w", [3000.0, -3000.0])
def test_a_battery_that_sells_at_night_is_no_mistake(given_w: float) -> None:
    """It gives 3 kW and the house takes 345 W; with its sign wrong it is its sign that is wrong."""
    house = at(NIGHT_H, site_form(**BATTERY))
    house.power.stubborn_w = 3000.0
    if given_w < 0:
        house.extra["sensor.battery"] = state(given_w, "W")
    assert lives(house, 5400) == []


def test_an_empty_battery_does_not_hide_a_wrong_sign() -> None:
    house = at(NIGHT_H, site_form(**BATTERY))
    house.power.soc_pct = 20.0
    lives(house, 1400, turned)
    assert told(house, SIGN)


def test_a_battery_that_is_not_heard_is_no_evidence() -> None:
    house = at(NIGHT_H, site_form(**BATTERY))
    house.power.stubborn_w = 3000.0
    house.lost["sensor.battery"] = GONE
    assert [text for text in lives(house, 5400) if "sensor.battery" not in text] == []


def test_a_meter_that_is_lost_is_no_evidence() -> None:
    house = at(NIGHT_H)
    lives(house, 900, turned)
    for entity in ("sensor.grid_a", "sensor.grid_b"):
        house.lost[entity] = GONE
    lives(house, 1500, turned)
    assert not any(SIGN in text for text in warned(house))


def test_a_little_export_at_night_is_no_mistake() -> None:
    """0.25 A x 3 x 230 V = 172 W: a battery nobody wired, an error of the meter."""
    house = at(NIGHT_H, house_a=-0.25)
    assert lives(house, 5400) == []


def test_the_sign_of_a_circuit_is_its_own() -> None:
    house = at(NIGHT_H, site_form(), circuit_form("garage", 20, "ABC"))
    takes(house, 2.0, "garage")
    lives(house, 1400, garage_turned)
    assert told(house, "form of garage")


# --- amounts of meters ---------------------------------------------------------------------------


def test_a_meter_in_kw_that_says_w() -> None:
    """Three phases of 16 A are 11 kW; 3.8 kW a phase shown as 3.8 W."""
    house = at(NIGHT_H, site_form(), charger_form("car"))

    def kilo(house: House) -> None:
        for phase, amps in house.flows("main").items():
            shows(house, f"sensor.grid_{phase.lower()}", amps * VOLTAGE_V / 1000, "W")

    lives(house, 500, kilo)
    assert warned(house) == []
    lives(house, 200, kilo)
    assert told(house, SMALL)
    assert told(house, "The meter of the main breaker shows 11 W")


def test_a_battery_that_feeds_the_car_leaves_the_meter_at_nothing() -> None:
    house = at(NIGHT_H, site_form(**BATTERY), charger_form("car"))
    house.cars["car"].max_a = 6.0
    house.power.soc_pct = 90.0
    assert lives(house, 3600) == []


def test_a_meter_at_nothing_while_the_battery_gives_nothing() -> None:
    """Its sensor is that of something else: the battery is empty, and 11 kW come from the grid."""
    house = at(NIGHT_H, site_form(**BATTERY), charger_form("car"))
    house.power.soc_pct = 20.0
    for phase in "abc":
        shows(house, f"sensor.grid_{phase}", 0.0, "A")
    lives(house, 700)
    assert told(house, SMALL)


def test_a_battery_that_no_form_names_keeps_the_meter_near_nothing() -> None:
    """It feeds house and car, within 60 W either way; then all but the main breaker shows much."""
    house = at(NIGHT_H, site_form(), circuit_form("garage", 20, "ABC"), charger_form("car"))
    house.cars["car"].max_a = 6.0
    takes(house, 8.0, "garage")

    def near_nothing(house: House) -> None:
        for number, phase in enumerate("abc"):
            watts = (-20.0, 0.0, 20.0, 5.0, -5.0, 10.0)[(int(house.now / 10) + number) % 6]
            shows(house, f"sensor.grid_{phase}", watts, "W")

    assert lives(house, 5400, near_nothing) == []


def test_sun_that_feeds_the_car_leaves_the_meter_at_nothing() -> None:
    house = at(NOON_H, site_form(), charger_form("car"))
    house.cars["car"].max_a = 16.0
    house.power.sun_w = 16.5 * 690
    assert lives(house, 3600) == []


def test_a_garage_that_carries_more_than_the_main_breaker() -> None:
    """10 A on A behind the garage, 0.5 A on the main breaker's: phases changed round."""
    house = at(NIGHT_H, site_form(), circuit_form("garage", 20, "ABC"))
    house.household["garage"]["A"] = 10.0

    def rotated(house: House) -> None:
        shows(house, "sensor.grid_a", 0.5, "A")
        shows(house, "sensor.grid_b", 10.5, "A")

    lives(house, 1100, rotated)
    assert warned(house) == []
    lives(house, 200, rotated)
    assert warned(house) == [
        "The meter of the garage breaker shows 10 A on phase A, that of the main breaker above it "
        "only 0.5 A: check Meter, phase A to C, in both forms, and Breaker above."
    ]


def test_by_day_sun_between_two_meters_is_normal() -> None:
    house = at(NOON_H, site_form(**SUN), circuit_form("garage", 20, "ABC"))
    takes(house, 10.0, "garage")
    house.power.sun_w = 6900.0
    assert lives(house, 5400) == []


def test_meters_in_a_and_in_w_may_differ_by_the_voltage() -> None:
    """20 A shown in W at 207 V are 18 A at 230 V: 2 A less than 20."""
    house = at(NIGHT_H, site_form(), circuit_form("garage", 25, "ABC"))
    house.household["garage"]["A"] = 20.0
    house.household["main"]["A"] = 0.0
    shows(house, "sensor.grid_a", 20.0 * 207, "W")
    assert lives(house, 5400) == []


def test_a_smaller_main_breaker_is_fine() -> None:
    house = at(NIGHT_H, site_form(main_breaker_a=16), circuit_form("garage", 32, "ABC"))
    assert lives(house, 5400) == []


@pytest.mark.parametrize(("amps", "unit"), [(231.0, "A"), (2.3, "MW"), (2300.0, "A")])
def test_what_no_breaker_carries_is_no_current(amps: float, unit: str) -> None:
    house = at(NOON_H)
    shows(house, "sensor.grid_b", amps, unit)
    lives(house, 280)
    assert not any(HUGE in text for text in warned(house))
    lives(house, 60)
    assert told(house, HUGE)
    assert told(house, "sensor.grid_b (Meter, phase B, in the form of the site)")
    house.extra = {}
    assert lives(house, 320) == []


def test_an_overload_that_is_real_is_no_wrong_unit() -> None:
    """2 x 25 A trips within the hour, not within minutes; a lower limit is no rating."""
    house = at(NOON_H, site_form(main_breaker_entity="input_number.main"), house_a=50.0)
    shows(house, "input_number.main", 6, "A")
    lives(house, 900)
    assert not any(HUGE in text for text in warned(house))


# --- sun and battery -----------------------------------------------------------------------------


def test_a_solar_sensor_that_is_negative_by_day() -> None:
    house = at(NOON_H, site_form(**SUN))
    house.power.sun_w = -3400.0
    lives(house, 580)
    assert warned(house) == []
    lives(house, 60)
    assert warned(house) == [
        "sensor.solar (Solar power) shows -3 400 W: panels take no power. Choose a sensor that is "
        "positive while they give."
    ]
    house.power.sun_w = 3400.0
    assert lives(house, 700) == []


def test_an_inverter_takes_some_watts_at_night() -> None:
    house = at(NIGHT_H, site_form(**SUN))
    house.power.sun_w = -90.0
    assert lives(house, 5400) == []


def negative_outputs(house: House) -> None:
    for phase in "abc":
        shows(house, f"sensor.inverter_{phase}", -5.0, "A")


@pytest.mark.parametrize(("hour", "battery"), [(NOON_H, {}), (NIGHT_H, BATTERY), (NOON_H, BATTERY)])
def test_outputs_that_are_negative(hour: float, battery: dict[str, str]) -> None:
    house = at(hour, site_form(**OUTPUTS, **battery))
    house.power.stubborn_w = 0.0
    lives(house, 700, negative_outputs)
    assert told(house, "show -3 450 W together")


def test_outputs_may_fill_a_battery_at_night_that_no_form_names() -> None:
    assert lives(at(NIGHT_H, site_form(**OUTPUTS)), 3600, negative_outputs) == []


def test_a_battery_charged_through_the_inverter_is_no_mistake() -> None:
    house = at(NIGHT_H, site_form(**OUTPUTS, **BATTERY))
    house.power.stubborn_w = -3000.0
    for phase in "abc":
        shows(house, f"sensor.inverter_{phase}", -3000 / 690, "A")
    assert lives(house, 3600) == []


class Cells:
    """A battery of 10 kWh: its charge follows what it gives, its sensor shows it in steps."""

    def __init__(
        self, house: House, soc_pct: float, step: float = 1.0, late_s: float = 0.0
    ) -> None:
        self.soc_pct, self.step, self.late_s = soc_pct, step, late_s
        self.told_at, self.power_w, self.sign, self.last = -1e9, 0.0, 1.0, house.now

    def __call__(self, house: House) -> None:
        moved_wh = self.power_w * (house.now - self.last) / HOUR_S
        self.last = house.now
        self.soc_pct = min(max(self.soc_pct - moved_wh / 100, 0.0), 100.0)
        house.power.stubborn_w = self.power_w
        shows(house, "sensor.battery", self.sign * self.power_w, "W")
        if house.now - self.told_at >= self.late_s:
            self.told_at = house.now
            shows(house, "sensor.soc", round(self.soc_pct / self.step) * self.step, "%")


def with_cells(
    soc_pct: float = 50.0, step: float = 1.0, late_s: float = 0.0
) -> tuple[House, Cells]:
    house = at(NOON_H, site_form(main_breaker_a=63, **BATTERY))
    return house, Cells(house, soc_pct, step, late_s)


@pytest.mark.parametrize("power_w", [4000.0, -4000.0, 1000.0])
def test_a_battery_that_fills_while_it_discharges(power_w: float) -> None:
    """Two stretches of 3 % are 600 Wh: at 4 kW 9 minutes, at 1 kW 36; a step of 1 % more each."""
    house, cells = with_cells()
    cells.power_w, cells.sign = power_w, -1.0
    due_s = 700 / abs(power_w) * HOUR_S + 60
    lives(house, due_s * 0.6, cells)
    assert warned(house) == []
    lives(house, due_s * 0.4, cells)
    did = "fell by 3 % while sensor.battery showed that the battery is charging"
    if power_w < 0:
        did = "rose by 3 % while sensor.battery showed that the battery is discharging"
    assert warned(house) == [
        f"The state of charge {did}: change Turn the battery's sign round in the form of the site."
    ]


def test_the_right_sign_takes_it_back() -> None:
    house, cells = with_cells()
    cells.power_w, cells.sign = 4000.0, -1.0
    lives(house, 900, cells)
    assert told(house, CHARGE)
    cells.sign = 1.0
    assert lives(house, 900, cells) == []


@pytest.mark.parametrize(("step", "late_s"), [(1.0, 0.0), (0.1, 0.0), (1.0, 300.0), (5.0, 900.0)])
def test_a_battery_with_the_right_sign_whatever_its_sensor(step: float, late_s: float) -> None:
    """It charges and discharges by turns for hours; a slow sensor shows what was before."""
    house, cells = with_cells(step=step, late_s=late_s)
    for power_w, minutes in ((3000, 40), (-3000, 50), (700, 70), (-700, 60), (2500, 7), (-2500, 9)):
        cells.power_w = float(power_w)
        for _ in range(minutes):
            assert lives(house, 60, cells) == []


def test_a_charge_that_is_corrected_says_nothing_about_the_sign() -> None:
    """Full at last: 92 to 100 % at once while it gives a little; and down again in a jump."""
    house, cells = with_cells(92.0)
    cells.power_w = 300.0
    for _ in range(6):
        lives(house, 900, cells)
        cells.soc_pct = 100.0
        lives(house, 900, cells)
        cells.soc_pct = 90.0
    assert warned(house) == []


def test_a_battery_that_loses_charge_by_itself_is_fine() -> None:
    house, cells = with_cells()
    cells.power_w = -20.0
    for _ in range(12):
        lives(house, 300, cells)
        cells.soc_pct -= 1.0
    assert warned(house) == []


def test_a_restart_in_the_middle_of_a_stretch() -> None:
    """What the battery did meanwhile is not known: it gave for hours and takes again."""
    house, cells = with_cells()
    for _ in range(4):
        cells.power_w = -3000.0
        lives(house, 150, cells)
        house.now += 1800
        cells.soc_pct -= 15.0
        cells.last = house.now
        restarted(house)
    assert warned(house) == []


def test_a_charge_from_0_to_1() -> None:
    """After 1.25 kWh, a quarter of an hour at 5 kW: at 4 kW 1125 s, from 0.9 to 0.775."""
    house, cells = with_cells(90.0)
    cells.power_w = 4000.0

    def fraction(house: House) -> None:
        cells(house)
        shows(house, "sensor.soc", cells.soc_pct / 100, "%")

    lives(house, 1000, fraction)
    assert warned(house) == []
    lives(house, 200, fraction)
    assert told(house, "sensor.soc (State of charge) shows 0.7")
    assert lives(house, 20, cells) == []


def test_a_battery_that_is_nearly_empty_is_fine() -> None:
    """0.6 %, and some power now and then to keep it there."""
    house, cells = with_cells(0.6, 0.1)
    for _ in range(10):
        cells.power_w = 60.0
        lives(house, 1800, cells, 30)
        cells.power_w, cells.soc_pct = -300.0, 0.4
        lives(house, 120, cells)
    assert warned(house) == []


@pytest.mark.parametrize("charge", ["850", "-1", "100.5"])
def test_a_charge_that_is_no_share(charge: str) -> None:
    house, _ = with_cells()
    shows(house, "sensor.soc", charge, "%")
    house.tick()
    assert warned(house) == [f"sensor.soc shows {charge}; a share from 0 to 100 % is needed."]


# --- phases and total ----------------------------------------------------------------------------


def totalled(house: House) -> float:
    return sum(house.flows("main").values()) * VOLTAGE_V


def right_total(house: House) -> None:
    shows(house, "sensor.total", totalled(house), "W")


def test_phases_that_sum_to_something_else() -> None:
    """Phase C shows the value of B: 2 x 5 A + 20 A for 5 + 5 + 5 A; 3450 W more."""
    house = at(NOON_H, site_form(**TOTAL), house_a=5.0)

    def doubled(house: House) -> None:
        right_total(house)
        shows(house, "sensor.grid_c", 20.0, "A")

    lives(house, 800, doubled)
    assert warned(house) == []
    lives(house, 200, doubled)
    assert warned(house) == [
        "The meters of the phases show 6 900 W together, sensor.total (Total power) shows 3 450 W: "
        "one of the phases has another sensor's value or sign, or the total is not that of the "
        "grid connection."
    ]
    house.extra = {}
    assert lives(house, 2400, right_total) == []


@pytest.mark.parametrize("voltage_v", [207.0, 253.0])
def test_voltages_10_percent_off_are_fine(voltage_v: float) -> None:
    house = at(NOON_H, site_form(**TOTAL))
    house.household["main"] = {"A": 20.0, "B": -16.0, "C": 4.0}

    def off(house: House) -> None:
        watts = (20.0 - 16.0) * voltage_v + 4.0 * 230.0
        shows(house, "sensor.total", watts, "W")

    assert lives(house, 3600, off) == []


@pytest.mark.parametrize("late_s", [30.0, 60.0, 120.0])
def test_a_total_that_comes_late_is_fine(late_s: float) -> None:
    """A heat pump of 9 kW comes and goes every ten minutes; the total shows it later."""
    house = at(NOON_H, site_form(**TOTAL))
    seen: list[tuple[float, float]] = []

    def late(house: House) -> None:
        takes(house, 13.0 if house.now % 1200 < 600 else 0.5)
        seen.append((house.now, totalled(house)))
        shown = [watts for when, watts in seen if when <= house.now - late_s]
        shows(house, "sensor.total", shown[-1] if shown else seen[0][1], "W")

    assert lives(house, 7200, late) == []


def test_current_that_does_no_work_is_fine() -> None:
    """3 A on each phase, of which the filters of an inverter take 2.5: 2070 VA, 345 W."""
    house = at(NIGHT_H, site_form(**TOTAL), house_a=3.0)
    shows(house, "sensor.total", 345, "W")
    assert lives(house, 3600) == []


def test_half_of_what_flows_is_missing() -> None:
    """3 A on each phase, and 4140 W in total: no power factor makes less of a current."""
    house = at(NOON_H, site_form(**TOTAL), house_a=3.0)
    shows(house, "sensor.total", 4140, "W")
    lives(house, 1000)
    assert told(house, SUM)


def test_a_total_with_the_other_sign() -> None:
    house = at(NOON_H, site_form(**TOTAL), house_a=-4.0)

    def other(house: House) -> None:
        shows(house, "sensor.total", -totalled(house), "W")

    lives(house, 1000, other)
    assert told(house, SUM_SIGN)
    assert told(house, "-2 760 W together, sensor.total (Total power) shows 2 760 W")


def unsigned(house: House) -> None:
    right_total(house)
    for phase, amps in house.flows("main").items():
        shows(house, f"sensor.grid_{phase.lower()}", abs(amps), "A")


def test_phases_without_a_sign() -> None:
    """At first 4 A are taken and all agree; then 3 x 5 A are fed in, and shown as taken."""
    house = at(NOON_H, site_form(**TOTAL), house_a=4.0)
    assert lives(house, 600, unsigned) == []
    takes(house, -5.0)
    lives(house, 700, unsigned)
    assert warned(house) == []
    lives(house, 900, unsigned)
    assert told(house, UNSIGNED)
    assert len(warned(house)) == 1


def test_phases_without_a_sign_stay_told_while_something_is_taken() -> None:
    """They agree at night, as they always did; with a sign they agree while feeding in."""
    house = at(NOON_H, site_form(**TOTAL), house_a=4.0)
    lives(house, 600, unsigned)
    takes(house, -5.0)
    lives(house, 1800, unsigned)
    takes(house, 4.0)
    lives(house, 3600, unsigned)
    assert told(house, UNSIGNED)
    house.extra = {}
    takes(house, -5.0)
    assert lives(house, 2400, right_total) == []


def test_two_of_three_phases_without_a_sign_that_feed_in() -> None:
    house = at(NOON_H, site_form(**TOTAL), house_a=4.0)
    lives(house, 600, unsigned)
    house.household["main"] = {"A": 3.0, "B": -10.0, "C": -8.0}
    lives(house, 1800, unsigned)
    assert told(house, UNSIGNED)


def test_cloud_edges_and_a_right_total_are_fine() -> None:
    house = at(NOON_H, site_form(**TOTAL, **SUN), house_a=3.0)

    def clouds(house: House) -> None:
        house.power.sun_w = 8000.0 if house.now % 90 < 40 else 1500.0
        right_total(house)

    assert lives(house, 3600, clouds) == []


def test_a_total_that_gives_nothing_is_told_as_that_and_blinds_nobody() -> None:
    house = at(NOON_H, site_form(**TOTAL), charger_form("car"))
    house.extra["sensor.total"] = GONE
    lives(house, 120)
    assert warned(house) == ["sensor.total gives no reading (unavailable)."]
    assert house.outcome is not None
    assert house.outcome.report.status == "problem"
    assert house.told("car") == 16.0


def test_a_total_in_kwh_is_no_power() -> None:
    house = at(NOON_H, site_form(**TOTAL))
    shows(house, "sensor.total", 1234, "kWh")
    house.tick()
    assert warned(house) == ["sensor.total has the unit 'kWh'; W, kW, MW, VA or kVA is needed."]


# --- the import limit ----------------------------------------------------------------------------


def low(limit_w: float, **site: Any) -> House:
    """A house that takes 4 to 5 A on each phase: 2760 W at least."""
    form = site_form(max_import_w=limit_w, **site)
    return at(NOON_H, form, plug_form("boiler", mode="off"), house_a=4.0)


def ups_and_downs(house: House) -> None:
    takes(house, 4.0 if house.now % 7200 < 3600 else 5.0)


def test_an_import_limit_below_what_the_house_takes_all_day() -> None:
    house = low(3000, power_buffer_w=500)
    lives(house, 0.95 * DAY_S, ups_and_downs, 60)
    assert not any(LOW in text for text in warned(house))
    lives(house, 0.06 * DAY_S, ups_and_downs, 60)
    assert told(
        house,
        "Import limit of 3 000 W less the Power buffer of 500 W: the house alone takes 2 760 W or "
        "more all day, so no load can run.",
    )
    takes(house, 0.5)
    assert lives(house, 900) == []


def test_an_hour_with_room_is_enough() -> None:
    house = low(3000, power_buffer_w=500)

    def night(house: House) -> None:
        takes(house, 1.0 if house.now % DAY_S < HOUR_S else 4.5)

    lives(house, 1.5 * DAY_S, night, 60)
    assert not any(LOW in text for text in warned(house))


def test_an_import_limit_of_nothing_is_meant_so() -> None:
    house = low(0)
    lives(house, 1.1 * DAY_S, None, 60)
    assert not any(LOW in text for text in warned(house))


# --- what is normal ------------------------------------------------------------------------------


@pytest.mark.parametrize("hour", [NIGHT_H, NOON_H, 21.5])
def test_a_full_house_with_everything_right(hour: float) -> None:
    """Total, sun, battery, outputs, a metered garage, and a car that uses one of three legs."""
    house = at(
        hour,
        site_form(main_breaker_a=35, **TOTAL, **SUN, **BATTERY, **OUTPUTS),
        circuit_form("garage", 40, "ABC"),
        charger_form("car", circuit="garage"),
        charger_form("other", circuit="garage", mode="solar_only"),
    )
    house.cars["car"].legs = 1
    house.power.soc_pct = 60.0
    house.power.sun_w = 7000.0 if hour == NOON_H else 0.0
    assert lives(house, 5400, right_total) == []


def test_off_the_grid_meters_say_nothing_about_their_sign() -> None:
    """Panels behind the inverter's output fill its battery: what flows back is right."""
    house = at(NIGHT_H, form("site", "site", name="Hut", **OUTPUTS, **SUN))
    house.extra = {f"sensor.inverter_{phase}": state(-3, "A") for phase in "abc"}
    assert lives(house, 3600) == []


def test_a_heat_pump_at_night_is_fine() -> None:
    house = at(NIGHT_H, site_form(**SUN, **TOTAL))

    def pump(house: House) -> None:
        takes(house, 6.0 if house.now % 1500 < 700 else 0.4)
        right_total(house)

    assert lives(house, 7200, pump) == []


def test_a_look_at_the_house_is_taken_every_10_s_and_a_clock_may_be_set_back() -> None:
    house = at(NIGHT_H)
    house.run()
    first = house.memory.checks.looked_at
    house.now += 9.0
    house.run()
    assert house.memory.checks.looked_at == first
    house.now -= 3600.0
    house.run()
    assert house.memory.checks.looked_at == house.now

"""Meters and chargers that speak at different times: nobody is cut twice for one reading.

One phase, 25 A, a standard car of 6 to 16 A that obeys at once; the house goes from 5 to 14 A, so
that 11 A are left for the car.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from .house import House, charger_form, site_form, state
from .stories import GONE


@pytest.mark.parametrize("meter_s", [1, 5, 10, 30])
@pytest.mark.parametrize("report_s", [1, 10, 60])
def test_one_step_of_the_house_is_one_cut(meter_s: int, report_s: int) -> None:
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.household["main"]["A"] = 5.0
    house.pass_time(200.0)
    least = 16.0
    for second in range(-60, 120):  # it must be known how often the meter speaks
        house.household["main"]["A"] = 14.0 if second >= 7 else 5.0
        if second % report_s == 0:
            house.cars["car"].reported_at = house.now
            house.lost.pop("sensor.car_current_import", None)
            drawn = house.snapshot()["sensor.car_current_import"]
        if second % meter_s == 0:
            house.lost.pop("sensor.grid_a", None)
            shown = replace(house.snapshot()["sensor.grid_a"], reported_at=house.now)
        house.lost["sensor.grid_a"] = shown
        house.lost["sensor.car_current_import"] = drawn
        house.tick(1.0)
        least = min(least, house.told("car") or 0.0)
    assert house.told("car") == 11.0
    assert least >= 9.9  # exactly, or by the 1 A that a breaker gets which stays over its limit


def test_a_car_that_takes_less_hides_nothing_though_its_report_is_always_the_newer_one() -> None:
    """It takes 10 A of 16; meter and charger speak each second, the charger a moment later.

    The house goes from 8 to 20 A: 5 A are left, too little for the car; 25 A are never exceeded
    for longer than it takes to say so. And a second step follows while it still obeys the first.
    """
    house = House.of(site_form("A"), charger_form("car", "A"))
    house.household["main"]["A"] = 8.0
    house.cars["car"].max_a = 10.0
    over = 0
    for second in range(-60, 60):
        house.household["main"]["A"] = 8.0 if second < 0 else 17.0 if second < 2 else 20.0
        house.lost.clear()
        shown = replace(house.snapshot()["sensor.grid_a"], reported_at=house.now - 0.3)
        house.lost["sensor.grid_a"] = shown
        house.tick(1.0)
        over += house.flows("main")["A"] > 25.2
    assert house.told("car") == 0.0
    assert over <= 2


@pytest.mark.parametrize("report_s", [1, 5, 10])
def test_the_first_reading_of_a_slow_meter_cuts_once(report_s: int) -> None:
    """15 A. The meter shows 5 A of house and 16 A of a car; it speaks again after 30 s.

    How often it speaks is not known yet: 10 A for the car, whatever it reports meanwhile.
    """
    house = House.of(site_form("A", main_breaker_a=15), charger_form("car", "A"))
    house.household["main"]["A"] = 5.0
    house.cars["car"].max_a = 16.0
    house.lost["sensor.grid_a"] = house.snapshot()["sensor.grid_a"]
    for second in range(29):
        if second % report_s == 0:
            house.cars["car"].reported_at = house.now
            house.lost.pop("sensor.car_current_import", None)
            drawn = house.snapshot()["sensor.car_current_import"]
        house.lost["sensor.car_current_import"] = drawn
        house.tick(1.0)
        assert house.told("car") == 10.0


def test_how_often_a_meter_speaks_is_not_forgotten_while_it_is_silent() -> None:
    """15 A, a meter of 30 s that is lost for three minutes and comes back with 5 + 10 A.

    The house takes 2 A more then, and the car is cut to 8 A once.
    """
    house = House.of(site_form("A", main_breaker_a=15), charger_form("car", "A"))
    house.household["main"]["A"] = 5.0
    told = []
    for second in range(600):
        house.household["main"]["A"] = 5.0 if second < 480 else 7.0
        if second % 5 == 0:
            house.cars["car"].reported_at = house.now
            house.lost.pop("sensor.car_current_import", None)
            drawn = house.snapshot()["sensor.car_current_import"]
        if second % 30 == 0:
            house.lost.pop("sensor.grid_a", None)
            shown = house.snapshot()["sensor.grid_a"]
        house.lost["sensor.grid_a"] = GONE if 180 <= second < 480 else shown
        house.lost["sensor.car_current_import"] = drawn
        house.tick(1.0)
        if second >= 480:
            told.append(house.told("car"))
    assert {amps for amps in told if amps is not None and amps < 6.0} == set()
    assert told[-1] == 8.0


@pytest.mark.parametrize(("meter_s", "report_s"), [(2, 20), (5, 15), (10, 60)])
def test_a_report_between_two_readings_that_stand_shows_what_the_house_takes(
    meter_s: int, report_s: int
) -> None:
    """20 A, and a car that takes 14 A of its 16 A: 10 A are left for it beside a second one.

    It began to take 0.8 A less just when the house took 0.8 A more, so the meter stayed at 18 A.
    Only a report says that the house takes 4 A now, not 3.2 A.
    """
    house = House.of(
        site_form("A", main_breaker_a=20),
        charger_form("car", "A"),
        charger_form("late", "A", priority=9),
    )
    late, first = house.cars["late"], house.cars["car"]
    late.status = "Available"
    for second in range(-120, 130):
        changed = second >= 0
        house.household["main"]["A"] = 4.0 if changed else 3.2
        first.max_a = 14.0 if changed else 14.8
        if second == 125:
            late.status, late.max_a = "Preparing", 0.0
        if second % meter_s == 0:
            house.lost.pop("sensor.grid_a", None)
            shown = replace(house.snapshot()["sensor.grid_a"], reported_at=house.now)
        house.lost["sensor.grid_a"] = shown
        if second % report_s == 1 or second == -120:
            first.reported_at = house.now
            house.lost.pop("sensor.car_current_import", None)
            drawn = house.snapshot()["sensor.car_current_import"]
        house.lost["sensor.car_current_import"] = drawn
        house.tick(1.0)
    assert house.told("late") == 6.0
    assert house.told("car") == 10.0


@pytest.mark.parametrize("meter_s", [1, 2, 5, 10])
def test_a_car_that_leaves_takes_its_current_along(meter_s: int) -> None:
    """40 A: the house takes 4 A, one car 10 A of its 16 A, and another one 8 A, which leaves.

    The meter falls from 22 to 14 A. The car that stays may draw up to 16 A by what it was told, so
    what is not there any more could be the house's; but a car that is gone explains it.
    """
    house = House.of(
        site_form("A", main_breaker_a=40),
        charger_form("stays", "A"),
        charger_form("leaves", "A"),
    )
    house.household["main"]["A"] = 4.0
    house.cars["stays"].max_a, house.cars["leaves"].max_a = 10.0, 8.0
    seen = []
    for second in range(200):
        if second == 151:
            house.cars["leaves"].status = "Available"
            house.cars["leaves"].transaction = 0
        if second % meter_s == 0:
            house.lost.pop("sensor.grid_a", None)
            shown = replace(house.snapshot()["sensor.grid_a"], reported_at=house.now)
        house.lost["sensor.grid_a"] = shown
        if second % 60 == 0:
            house.cars["stays"].reported_at = house.now
            house.lost.pop("sensor.stays_current_import", None)
            drawn = house.snapshot()["sensor.stays_current_import"]
        house.lost["sensor.stays_current_import"] = drawn
        house.tick(1.0)
        if second >= 165:
            seen.append(house.memory.seen["main", "A"].unmanaged_a)
    assert seen == pytest.approx([4.0] * len(seen))


@pytest.mark.parametrize("phases", ["A", "ABC"])
@pytest.mark.parametrize("lag_s", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("obeys_s", [1.0, 1.3, 2.0, 2.7, 4.4])
@pytest.mark.parametrize("says_s", [0.2, 0.5])
def test_a_car_that_reports_as_soon_as_it_has_obeyed_is_not_stopped_for_it(
    phases: str, lag_s: float, obeys_s: float, says_s: float
) -> None:
    """25 A: the house goes from 1 to 16 A beside a car of 16 A, so 9 A are left for it.

    The meter is read at each whole second and shows what was `lag_s` before. The car obeys between
    two readings, and says so at once. With its 9 A taken off the 32 A of before the house would
    take 23 A, and the car would have to stop.
    """
    house = House.of(site_form(phases), charger_form("car", phases))
    house.household["main"] = dict.fromkeys(phases, 1.0)
    house.pass_time(120)
    offered, flowed = [(0.0, 16.0)], []
    drawn_a = reported_a = 16.0
    changed_at, reported_at, told_a = 0.0, house.now, []
    for tenth in range(150):
        time = tenth / 10
        offered.append((time, house.cars["car"].offered_a(house.now)))
        now_a = min([amps for at, amps in offered if at <= max(time - obeys_s, 0.0)][-1], 16.0)
        if now_a != drawn_a:
            drawn_a, changed_at = now_a, time
        flowed.append((time, drawn_a + (16.0 if time > 1.0 else 1.0)))
        news = tenth % 10 == 0
        if news:
            shown_a = [amps for at, amps in flowed if at <= max(time - lag_s, 0.0)][-1]
            for phase in phases:
                house.lost[f"sensor.grid_{phase.lower()}"] = state(shown_a, "A", house.now)
        if drawn_a != reported_a and time >= changed_at + says_s:
            reported_a, reported_at, news = drawn_a, house.now, True
        legs = {f"L{number}": reported_a for number in range(1, len(phases) + 1)}
        house.lost["sensor.car_current_import"] = state(reported_a, "A", reported_at, **legs)
        if news:
            house.tick(0.0)
        house.now += 0.1
        told_a.append(house.told("car"))
    assert min(told_a) >= 6.0
    assert flowed[-1][1] <= 25.0

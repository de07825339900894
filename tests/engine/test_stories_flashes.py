"""Stories of sun that comes and goes: flashes start nothing, and end no grace.

Product.md section 5. Sun and house flicker each second, because no real sun stands still.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from .house import BATTERY, SUN, charger_form, plug_form, site_form, state
from .stories import (
    Change,
    Stage,
    at_least,
    car,
    household,
    nothing,
    on,
    says,
    settled,
    status,
    story,
    sun,
    together,
    told,
)

HOUR_S = 3600.0
GRACE_S = 300.0


@dataclass
class Lived:
    """What came of some hours: energies in kWh, starts, and the imports in Wh."""

    load_kwh: float = 0.0
    sun_kwh: float = 0.0
    imported_wh: float = 0.0
    starts: int = 0


def live(
    house: Stage,
    load: str,
    hours: float,
    sun_a: Callable[[float], float],
    seed: int = 0,
    flicker_a: float = 0.0,
    step_s: float = 5.0,
) -> Lived:
    """Let a house live in `sun_a` (A per phase by the time in s); it flickers by `flicker_a`."""
    found, chance, begin, before = Lived(), random.Random(seed), house.now, house.told(load) or 0.0
    phases = len(house.site.phases)
    while house.now - begin < hours * HOUR_S:
        given_a = max(sun_a(house.now - begin) + chance.uniform(-flicker_a, flicker_a), 0.0)
        sun(given_a)(house)
        house.tick(0.0)
        now_a = house.told(load) or 0.0
        found.starts += now_a > 0 >= before
        before = now_a
        drawn = sum(house.draws(house.site.loads[load]).values())
        kwh = 230.0 * step_s / 3.6e6
        found.load_kwh += drawn * kwh
        found.sun_kwh += given_a * phases * kwh
        found.imported_wh += max(sum(house.flows("main").values()), 0.0) * kwh * 1000.0
        house.now += step_s
    return found


def garage(**values: object) -> Stage:
    """A three-phase solar-only car of 6 to 16 A."""
    return Stage.of(
        site_form(main_breaker_a=63, **SUN), charger_form("car", mode="solar_only", **values)
    )


@pytest.mark.parametrize(
    ("flash_s", "every_s"),
    [
        pytest.param(5, 290, id="one sample"),
        pytest.param(10, 290, id="10 s in 5 min"),
        pytest.param(30, 300, id="half a minute in 5 min"),
        pytest.param(60, 360, id="a minute in 6 min"),
        pytest.param(2, 30, id="2 s in half a minute"),
    ],
)
@pytest.mark.parametrize("seed", [71, 72])
def test_flashes_of_sun_do_not_begin_a_new_grace(flash_s: int, every_s: int, seed: int) -> None:
    """2 min of sun, then 10 A for some seconds now and then.

    A grace of 5 min at 6 A (4.14 kW) takes 345 Wh. Flashes give back as much of it as they last:
    at most a quarter here, so the car stops after 400 s of darkness in all, 460 Wh.
    """
    house = garage()
    house.power.sun_w = 10 * 690.0
    settled(house, 120)

    def sun_a(at_s: float) -> float:
        return 10.0 if at_s % every_s >= every_s - flash_s else 0.0

    found = live(house, "car", 3, sun_a, seed, flicker_a=0.2)
    assert found.imported_wh < 1.05 * 460
    assert found.starts == 0
    assert house.told("car") == 0.0


@pytest.mark.parametrize("seed", [5, 6])
def test_a_boiler_does_not_live_from_flashes(seed: int) -> None:
    """2 kW on one phase: its grace of 5 min and a few minutes of flashes are less than 300 Wh."""
    house = Stage.of(
        site_form("A", main_breaker_a=63, **SUN),
        plug_form("boiler", mode="solar_only", power_w=2000),
    )
    sun(10)(house)
    settled(house, 120)
    found = live(house, "boiler", 3, lambda at_s: 10.0 * (at_s % 290 > 280), seed, flicker_a=0.2)
    assert found.load_kwh < 0.3
    assert found.starts == 0


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("flicker_a", [0.05, 0.4])
def test_flicker_around_its_minimum_stops_no_car_that_the_sun_carries(
    seed: int, flicker_a: float
) -> None:
    """6.2 A of sun, 6 A are needed; by noise it is less for a third of the time, never for long."""
    house = garage()
    sun(7)(house)
    settled(house, 120)
    found = live(house, "car", 0.4, lambda _: 6.2, seed, flicker_a, step_s=1.0)
    assert (house.told("car") or 0.0) >= 6.0
    assert found.starts == 0


@pytest.mark.parametrize("seed", [21, 22])
def test_flicker_around_its_minimum_keeps_no_car_off(seed: int) -> None:
    """6.2 A of sun after a night: it is enough for two thirds of the time, so it lasts."""
    house = garage()
    sun(0)(house)
    settled(house, 900)
    found = live(house, "car", 0.25, lambda _: 6.2, seed, flicker_a=0.4, step_s=1.0)
    assert found.starts == 1
    assert (house.told("car") or 0.0) >= 6.0


def test_flashes_that_start_nothing_and_then_the_sun() -> None:
    """3 A of sun, 7 A for 20 s in 9 min: 6 A are needed. From 70 min on 10 A for good.

    No flash lasts for the pause of 3 min, nor longer than 20 s: nothing is imported, nothing is
    counted as a stop, and in the sun the car charges.
    """
    house = garage()
    sun(0)(house)
    settled(house, 400)

    def sun_a(at_s: float) -> float:
        return 10.0 if at_s >= 4200 else 7.0 if at_s % 540 < 20 else 3.0

    found = live(house, "car", 1.5, sun_a, step_s=1.0)
    assert (found.starts, found.imported_wh) == (1, 0.0)
    assert house.told("car") == pytest.approx(10.0, abs=0.3)


def test_after_a_stop_a_car_needs_its_pause_of_sun_again() -> None:
    story(
        "Stopped at 300 s. 100 s of sun and 50 s of cloud are 50 s, and after 130 s more it has "
        "been enough for the pause of 3 min: the car starts at 600 s.",
        settled(one_phase(15)),
        (0, sun(2)),
        (305, nothing, told(car=0), says(car="Starts then if it has been for its pause")),
        (320, sun(10)),
        (420, sun(3)),
        (425, nothing, told(car=0)),
        (470, sun(10)),
        (595, nothing, told(car=0)),
        (610, nothing, at_least(car=6)),
    )


def test_a_pause_does_not_pass_in_the_dark() -> None:
    story(
        "Stopped at 300 s; an hour of 3 A of sun, then a flash of 15 s, and nothing starts.",
        settled(one_phase(15)),
        (0, sun(3)),
        (305, nothing, told(car=0)),
        (3000, nothing, told(car=0), says(car="Not enough sun: 3 A on phase A, needs 6 A")),
        (4000, sun(9), told(car=0)),
        (4010, nothing, told(car=0)),
        (4015, sun(3), told(car=0)),
        (4600, nothing, told(car=0)),
    )


def one_phase(sun_a: float, **values: object) -> Stage:
    """A solar-only car of 6 to 32 A on one phase, in the sun."""
    chosen = {"mode": "solar_only", "max_current_a": 32, **values}
    house = Stage.of(site_form("A", main_breaker_a=63), charger_form("car", "A", **chosen))
    sun(sun_a)(house)
    return house


# --- a car that is plugged in --------------------------------------------------------------------


def plugged(load: str = "car") -> Change:
    """A car comes, and draws what its charger offers: the minimum of an idle charger."""
    return car(load, status="Charging", transaction=7)


def empty_garage(sun_a: float) -> Stage:
    """A charger without a car for ten minutes."""
    house = one_phase(sun_a)
    house.cars["car"].status = "Available"
    return settled(house, 600)


def test_a_car_that_comes_without_sun_was_not_stopped() -> None:
    house = empty_garage(2)
    story(
        "Nothing ran, so that is no stop, and needs no pause: when 20 s of sun have passed at 92 s "
        "the car starts.",
        house,
        (0, plugged(), told(car=0), says(car="Not enough sun: 2 A"), status(car="waiting")),
        (60, nothing, told(car=0)),
        (70, sun(9), told(car=0)),
        (75, nothing, told(car=0), says(car="Paused, starts with 6 A in about")),
        (95, nothing, at_least(car=6)),
    )


def test_cars_that_come_and_go_in_the_dark_do_not_use_up_the_stops_of_a_day() -> None:
    """Seven visits without sun; then the sun comes, and the car is not off until tomorrow."""
    house = empty_garage(2)
    visits = [
        step
        for n in range(7)
        for step in (
            (200.0 * n, plugged()),
            (200.0 * n + 60, nothing, told(car=0)),
            (200.0 * n + 100, car("car", status="SuspendedEVSE")),
        )
    ]
    story("No stop.", house, *visits, (1500, sun(10)), (1540, nothing, at_least(car=6)))
    assert house.memory.load("car").delays.stops == 0


def test_a_car_that_comes_in_the_sun_goes_on_at_once() -> None:
    story(
        "The sun has been enough for ten minutes, car or not: there is nothing to wait for.",
        empty_garage(9),
        (0, plugged(), at_least(car=6)),
        (20, nothing, told(car=9)),
    )


def test_a_mode_that_is_set_acts_at_once() -> None:
    house = one_phase(9, mode="off", mode_entity="input_select.mode")
    house.extra["input_select.mode"] = state("off", None, house.now)
    settled(house, 120)
    house.extra["input_select.mode"] = state("solar_only", None, house.now)
    story("9 A of sun.", house, (0, nothing, told(car=9)))


def test_a_load_that_goes_first_takes_the_sun_only_when_it_has_lasted() -> None:
    """8 A of sun carry one of two. A flash of 13 A must not stop the one that runs."""
    house = Stage.of(
        site_form("A", main_breaker_a=63),
        charger_form("first", "A", mode="solar_only", priority=1, min_current_a=10),
        charger_form("second", "A", mode="solar_only", priority=2),
    )
    sun(8)(house)
    story(
        "The first needs 10 A, the second has 8. 15 s of 13 A: the second goes on. With 13 A for "
        "good the first starts after its pause of 3 min, and the second makes way.",
        settled(house, 900),
        (0, nothing, told(first=0, second=8)),
        (10, sun(13)),
        (25, sun(8), told(first=0)),
        (60, nothing, told(first=0, second=8)),
        (100, sun(13)),
        (275, nothing, told(first=0)),
        (300, nothing, at_least(first=10), told(second=0)),
    )


# --- spikes --------------------------------------------------------------------------------------


def with_battery(soc_pct: float, **values: object) -> Stage:
    """A solar-only car and a battery with a target of 80 %, in 10 A of sun."""
    house = Stage.of(
        site_form("A", main_breaker_a=63, **SUN, **BATTERY, battery_hysteresis_pct=3, **values),
        charger_form("car", "A", mode="solar_only"),
    )
    together(sun(10), household(1))(house)
    house.power.soc_pct = soc_pct
    return settled(house, 900)


def charge(pct: float) -> Change:
    """The sensor of the battery's charge shows so much, %."""
    return lambda house: setattr(house.power, "soc_pct", pct)


def test_one_wrong_sample_of_the_charge_starts_nothing() -> None:
    story(
        "50 %, and 90 % for a moment. Below its target of 80 % the battery comes first.",
        with_battery(50),
        (0, nothing, told(car=0), says(car="the battery (50 % of 80 %) comes first")),
        (10, charge(90), told(car=0), says(car="(50 % of 80 %)")),
        (15, charge(50), told(car=0)),
        (90, nothing, told(car=0)),
    )


def test_one_wrong_sample_of_the_charge_stops_nothing() -> None:
    """Where nothing may come from the grid there is no grace: 0 % would stop the car at once."""
    house = with_battery(90, allow_grid_charging=False)
    story(
        "90 %, 0 % for a moment: the car goes on.",
        house,
        (0, nothing, told(car=16)),
        (10, charge(0), told(car=16)),
        (15, charge(90), told(car=16)),
        (60, nothing, told(car=16)),
    )


def test_a_charge_that_jumped_is_believed_when_it_is_reported_again() -> None:
    """A battery that was calibrated: 50 %, and 90 % from then on."""
    story(
        "The second report says the same; the car starts after its pause of 3 min.",
        with_battery(50),
        (10, charge(90), told(car=0)),
        (180, nothing, told(car=0)),
        (215, nothing, at_least(car=6)),
    )


def test_a_charge_that_jumps_all_the_time_is_not_believed() -> None:
    steps = [(5.0 * n, charge(90 if n % 2 else 50), told(car=0)) for n in range(1, 60)]
    story("90 % in every second sample only.", with_battery(50), *steps)


def test_a_charge_that_rises_is_believed_at_once() -> None:
    story(
        "79.5 to 81.5 %: 2 % in a report are no spike.",
        with_battery(79.5),
        (10, charge(81.5), says(car="Paused for 3 min")),
        (185, nothing, told(car=0)),
        (200, nothing, at_least(car=6)),
    )


def test_a_plug_with_sun_that_lasts_is_switched_on() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=63, **SUN), plug_form("pool", mode="solar_only", power_w=1150)
    )
    sun(0)(house)
    story(
        "5 A are needed. 15 s of 8 A are a flash, 20 s are sun.",
        settled(house, 60),
        (0, nothing, on(pool=False)),
        (10, sun(8), on(pool=False)),
        (25, sun(0), on(pool=False)),
        (100, sun(8), on(pool=False)),
        (115, nothing, on(pool=False)),
        (125, nothing, on(pool=True)),
    )

"""Stories of loads that take less than they may: the rest goes to others, and comes back.

Product.md section 2. One phase, 230 V, cars of 6 to 16 A in standard, unless said otherwise.
"""

from __future__ import annotations

import pytest

from .house import charger_form, circuit_form, plug_form, site_form
from .stories import (
    Stage,
    at_least,
    available,
    back,
    calls,
    car,
    household,
    lose,
    nothing,
    on,
    plug,
    reads,
    says,
    settled,
    status,
    story,
    sun,
    together,
    told,
    under,
)


def pair(limit_a: float = 25, mode: str = "standard", sun_a: float = 0.0) -> Stage:
    """Two cars on one phase, settled; first goes first."""
    house = Stage.of(
        site_form("A", main_breaker_a=limit_a),
        charger_form("first", "A", mode=mode, priority=1),
        charger_form("second", "A", mode=mode, priority=2),
    )
    sun(sun_a)(house)
    return settled(house)


# --- a car that takes less -----------------------------------------------------------------------


def test_a_car_that_takes_less_is_left_two_amperes_more_than_it_takes() -> None:
    story(
        "25 A. The first takes 10 of its 16 A: after 60 s it is told 10 + 2, the second has the "
        "other 25 - 12 = 13 A. Limits are checked on what was told: 12 + 13 = 25.",
        pair(),
        (0, nothing, told(first=16, second=9)),
        (1, car("first", max_a=10), told(first=16, second=9)),
        (56, nothing, told(first=16, second=9)),
        (66, nothing, told(first=12), says(first="takes no more than 10 A")),
        (90, nothing, told(first=12, second=13)),
    )


def test_a_car_that_takes_what_it_is_left_may_grow_again() -> None:
    story(
        "It takes all it gets again: it wants 16 A, the second goes back to 25 - 16 = 9 A first.",
        pair(),
        (0, car("first", max_a=10)),
        (90, nothing, told(first=12, second=13)),
        (120, car("first", max_a=32), under(25)),
        (125, nothing, told(second=9), under(25)),
        (150, nothing, told(first=16, second=9), under(25)),
    )


def test_a_car_that_takes_less_for_a_moment_keeps_its_share() -> None:
    story(
        "Fifty seconds are no minute, and the next fifty begin anew.",
        pair(),
        (0, car("first", max_a=10)),
        (50, car("first", max_a=32), told(first=16, second=9)),
        (60, car("first", max_a=10), told(first=16, second=9)),
        (110, car("first", max_a=32), told(first=16, second=9)),
        (200, nothing, told(first=16, second=9)),
    )


def test_a_car_that_takes_less_leaves_the_sun_to_the_other() -> None:
    story(
        "20 A of sun. The first takes 8 A: it keeps 10, the second has the other 10 A.",
        pair(100, "solar_only", 20),
        (0, nothing, told(first=14, second=6)),
        (1, car("first", max_a=8)),
        (100, nothing, told(first=10, second=10)),
    )


# --- a car that takes nothing --------------------------------------------------------------------


def test_a_full_car_keeps_its_minimum_and_leaves_the_rest_of_the_breaker() -> None:
    story(
        "20 A. The first is full (SuspendedEV): after 60 s it keeps a command of 6 A, reserved, "
        "because it may begin at any time; 20 - 6 = 14 A are for the second.",
        pair(20),
        (0, nothing, told(first=14, second=6)),
        (1, car("first", status="SuspendedEV"), told(first=14, second=6)),
        (56, nothing, told(first=14, second=6)),
        (66, nothing, told(first=6), status(first="full")),
        (90, nothing, told(first=6, second=14)),
        (95, car("first", status="Charging"), under(20)),
        (130, nothing, told(first=14, second=6), under(20)),
    )


def test_a_full_car_makes_way_for_one_that_could_not_start_beside_it() -> None:
    house = pair(10)
    story(
        "10 A carry one car. The first is full (SuspendedEV): after 60 s its 6 A go to the "
        "second, which had none. When that one goes, there is room: the first is told 6 A again.",
        house,
        (0, nothing, told(first=10, second=0)),
        (1, car("first", status="SuspendedEV"), told(first=10, second=0)),
        (66, nothing, told(first=0), under(10)),
        (70, nothing, status(first="full"), says(first="Takes nothing and makes way for others")),
        (90, nothing, told(first=0, second=10), under(10)),
        (3600, nothing, told(first=0, second=10), calls(first=0, second=0)),
        (3610, car("second", status="Available"), told(first=0)),
        (3800, nothing, at_least(first=6)),
        (3810, car("first", status="Charging")),
        (3900, nothing, told(first=10), under(10)),
    )


def test_a_full_car_keeps_its_minimum_where_nobody_else_could_start_either() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=10),
        charger_form("first", "A", priority=1),
        charger_form("second", "A", priority=2, min_current_a=11),
    )
    story(
        "The second needs 11 A of 10: nothing is gained if the first makes way.",
        settled(house),
        (1, car("first", status="SuspendedEV")),
        (600, nothing, told(first=6, second=0), status(first="full")),
    )


def test_a_warm_boiler_keeps_its_place_before_a_car() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=15),
        plug_form("boiler", priority=1, power_entity="sensor.boiler_w"),
        charger_form("car", "A", priority=2),
    )
    story(
        "15 A: the boiler's 10 leave the car none. Warm, it takes nothing; switched off, it could "
        "never ask for water to be heated again.",
        settled(house),
        (0, plug("boiler", power_w=0), on(boiler=True), told(car=0)),
        (600, nothing, on(boiler=True), told(car=0)),
    )


def test_a_new_mode_ends_the_waiting_of_a_full_car() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=10),
        charger_form("first", "A", priority=1, mode_entity="input_select.mode"),
        charger_form("second", "A", priority=2),
    )
    reads("input_select.mode", "standard")(house)
    story(
        "It made way; its owner sets off and standard: it goes first again.",
        settled(house),
        (1, car("first", status="SuspendedEV")),
        (120, nothing, told(first=0, second=10)),
        (125, reads("input_select.mode", "off")),
        (130, together(reads("input_select.mode", "standard"), car("first", status="Charging"))),
        (180, nothing, told(first=10, second=0), under(10)),
    )


def test_a_full_car_leaves_all_the_sun_to_the_other_and_comes_back() -> None:
    story(
        "10 A of sun carry one car. The first is full: nothing of the sun is kept for it. When it "
        "takes its 6 A again, 4 A are left for the second, which holds on for its grace (5 min).",
        pair(100, "solar_only", 10),
        (0, nothing, told(first=10, second=0)),
        (1, car("first", status="SuspendedEV")),
        (90, nothing, told(first=6, second=10)),
        (100, car("first", status="Charging")),
        (110, nothing, told(first=6, second=6)),
        (460, nothing, told(first=10, second=0)),
    )


def test_a_full_car_stays_reserved_where_a_breaker_counts() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=63),
        circuit_form("garage", 15),
        charger_form("first", "A", mode="solar_only", priority=1, circuit="garage"),
        charger_form("second", "A", mode="solar_only", priority=2, circuit="garage"),
    )
    sun(11)(house)
    story(
        "11 A of sun, for which the full car asks nothing; but the garage has 15 A, 6 of which "
        "are reserved for it: 9 A are left. When it takes them, the garage is not overloaded.",
        settled(house),
        (0, nothing, told(first=11, second=0)),
        (1, car("first", status="SuspendedEV")),
        (120, nothing, told(first=6, second=9)),
        (125, car("first", status="Charging"), under(15, "garage")),
    )


def test_a_charger_without_a_car_takes_no_part_and_says_what_there_would_be() -> None:
    story(
        "25 A, 4 A of house: the car has 16 A, 5 A are left, too little for another car.",
        pair(),
        (0, together(household(4), car("second", status="Available"))),
        (60, nothing, told(first=16), status(second="idle"), available(second=0)),
        (65, household(1)),
        (70, nothing, available(second=8), says(second="No car: 8 A would be available.")),
        (80, car("first", status="Finishing")),
        (90, nothing, status(first="idle"), available(first=16, second=16)),
    )


def test_a_charger_whose_status_is_not_there_takes_part_while_it_draws() -> None:
    story(
        "What draws is to be managed, whatever is known of it: it is cut to 25 - 15 = 10 A.",
        pair(),
        (0, car("second", status="Available")),
        (10, lose("sensor.first_status_connector"), told(first=16)),
        (100, nothing, told(first=16)),
        (110, household(15), told(first=10)),
        (120, back("sensor.first_status_connector"), told(first=10)),
    )


# --- a car that uses fewer phases ----------------------------------------------------------------


def test_a_car_that_uses_one_phase_is_counted_on_that_one_only() -> None:
    """B carries the three-phase charger (16 A) and a single-phase one: 25 - 16 = 9 A."""
    house = Stage.of(
        site_form(main_breaker_a=25),
        charger_form("wide", priority=1),
        charger_form("narrow", "B", priority=2),
    )
    story(
        "Once its car is seen to use L1 (phase A) only, the other has all of phase B, 16 A; when "
        "all legs are used again, it has 9 A at once.",
        settled(house),
        (0, nothing, told(wide=16, narrow=9)),
        (1, car("wide", legs=1)),
        (56, nothing, told(narrow=9)),
        (90, nothing, told(wide=16, narrow=16)),
        (95, car("wide", legs=3), told(narrow=9)),
    )


# --- what a charger may be told ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("house_a", "step_a", "amps"), [(9.55, 0.1, 15.4), (9.5, 1, 15), (19, 1, 6), (19.1, 0.1, 0)]
)
def test_a_car_gets_nothing_or_its_minimum_or_more_in_steps(
    house_a: float, step_a: float, amps: float
) -> None:
    """25 A less the house, floored to the step; below 6 A nothing."""
    house = Stage.of(site_form("A"), charger_form("car", "A", step_a=step_a))
    story(
        "Never between 0 and the minimum, never above what there is.",
        settled(house),
        (0, household(house_a), told(car=amps), under(25)),
    )


# --- plugs ---------------------------------------------------------------------------------------


def warm(**boiler: object) -> Stage:
    """A measured boiler of 10 A that lives from the sun, and goes before a car that does, too."""
    house = Stage.of(
        site_form("A", main_breaker_a=63),
        plug_form(
            "boiler", mode="solar_only", priority=1, power_entity="sensor.boiler_w", **boiler
        ),
        charger_form("car", "A", mode="solar_only", priority=2),
    )
    sun(12)(house)
    return settled(house)


def test_a_warm_boiler_leaves_the_sun_to_the_car() -> None:
    story(
        "12 A of sun: the boiler's 10 leave 2, too little for the car. Its thermostat opens: it "
        "stays on and draws nothing, and after 60 s the car has 12 A.",
        warm(),
        (0, nothing, on(boiler=True), told(car=0)),
        (1, plug("boiler", power_w=0)),
        (56, nothing, told(car=0)),
        (90, nothing, on(boiler=True), told(car=12)),
        (100, plug("boiler", power_w=2300)),
        (110, nothing, on(boiler=True), told(car=6)),
        (460, nothing, on(boiler=True), told(car=0)),
    )


def test_a_warm_boiler_is_switched_off_without_sun_all_the_same() -> None:
    story(
        "It may heat again any time, and there is no sun for that: off after its grace of 5 min.",
        warm(),
        (0, plug("boiler", power_w=0)),
        (100, sun(0)),
        (395, nothing, on(boiler=True)),
        (405, nothing, on(boiler=False)),
    )


def test_an_essential_plug_comes_before_everything_while_it_is_on() -> None:
    house = Stage.of(
        site_form("A", main_breaker_a=25),
        plug_form("pump", power_w=2300, essential=True, priority=10),
        charger_form("car", "A", priority=1),
    )
    story(
        "25 A. The pump takes 10 A, whatever its priority: 15 A are for the car. It is never "
        "switched off, even where the house is too much by itself.",
        settled(house),
        (0, nothing, told(car=15), on(pump=True), under(25)),
        (310, household(10), told(car=0), on(pump=True)),
        (320, household(30), told(car=0), on(pump=True)),
        (330, household(0), on(pump=True)),
        (600, nothing, on(pump=True), told(car=15)),
    )

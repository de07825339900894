"""Stories of sensors that give nothing: held for a minute, then a safe way to go on, then back.

Product.md section 6. One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import charger_form, circuit_form, plug_form, site_form
from .stories import (
    Change,
    Stage,
    at_least,
    back,
    calls,
    car,
    freeze,
    household,
    lose,
    nothing,
    on,
    says,
    settled,
    site,
    status,
    story,
    sun,
    together,
    told,
    under,
)

METER = "sensor.grid_a"


def beside(house_a: float, *loads: dict[str, Any], **values: Any) -> Stage:
    """A car, or `loads`, beside a house that takes `house_a`, for 20 min."""
    chosen = loads or (charger_form("car", "A"),)
    house = Stage.of(site_form("A", **values), *chosen)
    household(house_a)(house)
    return settled(house, 1200)


# --- the meter is lost ---------------------------------------------------------------------------


def test_a_meter_is_lost_for_five_minutes() -> None:
    story(
        "25 A, 16 A of house: 9 A for the car. Lost: nothing changes for 60 s. Then it goes to its "
        "fallback of 6 A, which fit beside the 16 A that the house took at most.",
        beside(16),
        (0, nothing, told(car=9), site("ok")),
        (5, lose(METER), told(car=9), says(car="Holds 9 A"), site("blind", METER)),
        (64, nothing, told(car=9), site("blind", METER, "unavailable"), status(car="stale_meter")),
        (70, nothing, told(car=6), status(car="stale_meter"), says(car="fallback current")),
        (200, household(0), told(car=6), site("blind", "silent for 3 min")),
        (305, together(back(METER), household(16)), site("ok"), at_least(car=6), under(25)),
        (330, nothing, told(car=9), site("ok")),
        every_s=1,
    )


def test_a_meter_that_is_away_for_a_minute_changes_nothing() -> None:
    story(
        "Fifty seconds, twice.",
        beside(16),
        (0, lose(METER), told(car=9)),
        (50, back(METER), told(car=9), calls(car=0)),
        (60, lose(METER), told(car=9)),
        (110, back(METER), told(car=9), calls(car=0), site("ok")),
    )


@pytest.mark.parametrize("shows", [None, "unknown", "nan", "inf", "-inf", "oven", "", "1e400"])
def test_whatever_is_no_number_is_a_lost_meter(shows: str | None) -> None:
    story(
        "Held for 60 s, then the fallback current.",
        beside(16),
        (0, lose(METER, shows=shows), told(car=9)),
        (55, nothing, told(car=9), site("blind", METER)),
        (70, nothing, told(car=6)),
        (80, back(METER)),
        (110, nothing, told(car=9)),
    )


def two(house_a: float, **values: Any) -> Stage:
    """Two cars, the first goes first."""
    return beside(
        house_a,
        charger_form("first", "A", priority=1, **values),
        charger_form("second", "A", priority=2, **values),
    )


def test_the_fallback_is_given_in_order_beside_the_most_that_the_house_took_lately() -> None:
    story(
        "The house takes 4 A, but took 16 A ten minutes ago: 25 - 16 = 9 A carry one fallback of "
        "6 A, that of the first.",
        two(4),
        (0, household(16)),
        (60, household(4)),
        (660, lose(METER)),
        (715, nothing, at_least(first=6, second=6)),
        (730, nothing, told(first=6, second=0), says(second="silent for")),
        (5000, nothing, told(first=6, second=0)),
    )


def test_a_full_car_takes_no_fallback_from_one_that_charges() -> None:
    story(
        "The first is full. The house took 16 A lately: 25 - 16 = 9 A carry one fallback of 6 A, "
        "and that is for the one that charges; the rest gets 0.",
        two(4),
        (0, together(household(16), car("first", status="SuspendedEV"))),
        (60, household(4)),
        (600, nothing, told(first=6, second=15)),
        (660, lose(METER)),
        (730, nothing, told(first=0, second=6)),
    )


def test_what_the_house_took_longer_ago_than_15_min_does_not_count() -> None:
    story(
        "25 - 4 = 21 A carry both fallbacks, 12 A.",
        two(4),
        (0, household(16)),
        (60, household(4)),
        (60 + 17 * 60, lose(METER)),
        (60 + 17 * 60 + 70, nothing, told(first=6, second=6)),
    )


def test_the_fallback_is_what_the_form_says_but_never_more_than_the_command() -> None:
    story(
        "10 A in the form: the first (15 A) goes to 10, the second (6 A) stays at 6.",
        two(4, fallback_current_a=10),
        (0, nothing, told(first=15, second=6)),
        (1, lose(METER)),
        (70, nothing, told(first=10, second=6)),
    )


def test_a_fallback_of_nothing_pauses_the_car() -> None:
    story(
        "The form says 0.",
        beside(4, charger_form("car", "A", fallback_current_a=0)),
        (0, lose(METER), told(car=16)),
        (70, nothing, told(car=0), says(car="Paused: the meter of the main breaker")),
        (80, back(METER)),
        (350, nothing, told(car=16)),
    )


def below_two_meters(*loads: dict[str, Any]) -> Stage:
    """Loads in a shed of 20 A with a meter of its own; the house takes 10 A beside them."""
    house = Stage.of(site_form("A"), circuit_form("shed", 20, "A"), *loads)
    household(10)(house)
    return settled(house, 1200)


def test_a_plug_below_a_silent_meter_goes_when_the_main_breaker_is_over_its_limit() -> None:
    """The shed's meter says nothing, but the main one does: 10 A of plug and 16 A of house."""
    story(
        "It stays as it is while it fits; beside 16 A it is the only thing that can go.",
        below_two_meters(plug_form("kiln", power_w=2300, circuit="shed")),
        (0, nothing, on(kiln=True)),
        (5, lose("sensor.shed_a")),
        (120, nothing, on(kiln=True), says(kiln="Stays on at 10 A")),
        (125, household(15), on(kiln=True), under(25)),
        (130, household(16), on(kiln=False), under(25)),
        (400, household(10), on(kiln=False)),
        (500, back("sensor.shed_a")),
        (900, nothing, on(kiln=True), under(25)),
    )


def test_a_car_makes_room_before_a_plug_below_a_silent_meter_does() -> None:
    """10 A of kiln in the shed and 7 A of house leave 8 A for a car; 14 A of house leave 1 A."""
    house = below_two_meters(
        plug_form("kiln", power_w=2300, circuit="shed", priority=1),
        charger_form("car", "A", priority=9),
    )
    story(
        "Only what does not fit goes.",
        settled(house),
        (0, household(7)),
        (300, nothing, told(car=8), on(kiln=True)),
        (305, lose("sensor.shed_a")),
        (400, nothing, told(car=8), on(kiln=True)),
        (405, household(14), told(car=0), on(kiln=True), under(25)),
    )


def test_solar_loads_stop_and_plugs_stay_as_they_are_below_a_silent_meter() -> None:
    house = Stage.of(
        site_form("A"),
        charger_form("solar", "A", mode="solar_only", priority=1),
        plug_form("boiler", power_w=1150, priority=2),
        plug_form("pool", power_w=1150, mode="solar_only", priority=3),
        plug_form("kiln", power_w=9200, priority=4),
    )
    together(sun(20), household(5))(house)
    story(
        "15 A of sun are left over: boiler 5, car 6, and nothing for the kiln's 40 A beside the "
        "boiler's 5 (25 + 15 = 40). Nobody can see the sun without the meter, but a boiler must "
        "not go off because of that; and what is off stays off.",
        settled(house, 400),
        (0, nothing, at_least(solar=6), on(boiler=True, kiln=False)),
        (1, lose(METER)),
        (55, nothing, at_least(solar=6), on(boiler=True, kiln=False)),
        (70, nothing, told(solar=0), on(boiler=True, pool=False, kiln=False)),
        (71, together(household(0), sun(30))),
        (900, nothing, told(solar=0), on(boiler=True, pool=False, kiln=False)),
        (901, together(back(METER), household(5), sun(20))),
        (1300, nothing, at_least(solar=6), on(boiler=True)),
    )


def test_a_meter_that_was_never_seen_leaves_nothing_to_charge_with() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"), plug_form("boiler"))
    house.outlets["boiler"].on = True
    story(
        "Nothing is commanded for 60 s. Then the whole breaker is taken as used: the car, which "
        "drew what it liked, pauses; the boiler stays on.",
        house,
        (0, lose(METER), calls(car=0), says(car="Waits for the first reading")),
        (55, nothing, calls(car=0, boiler=0)),
        (70, nothing, told(car=0), on(boiler=True)),
        (100, back(METER)),
        (400, nothing, told(car=15), on(boiler=True)),
    )


# --- a meter that reports no more ----------------------------------------------------------------


def test_a_meter_with_a_known_interval_is_lost_when_it_reports_no_more() -> None:
    story(
        "Each 10 s: after 20 s without a report it is late, and 60 s later it is silent.",
        beside(16, grid_interval_s=10),
        (0, freeze(METER), told(car=9)),
        (19, nothing, site("ok")),
        (25, nothing, told(car=9), site("blind", "twice its interval of 10 s")),
        (75, nothing, told(car=9)),
        (90, nothing, told(car=6)),
        (100, back(METER)),
        (130, nothing, told(car=9), site("ok")),
        every_s=1,
    )


def test_a_meter_without_a_known_interval_may_be_still_for_hours() -> None:
    story(
        "A house at night takes the same for hours, and many sensors report changes only.",
        beside(16),
        (0, freeze(METER)),
        (7200, nothing, told(car=9), site("ok")),
        every_s=60,
    )


def test_the_newest_phase_tells_how_old_a_meter_is() -> None:
    house = Stage.of(site_form(grid_interval_s=10), charger_form("car"))
    household(16)(house)
    story(
        "Phases A and B do not change, C does: the meter lives. It is late when none reports.",
        settled(house),
        (0, freeze("sensor.grid_a", "sensor.grid_b"), told(car=9)),
        (600, nothing, told(car=9), site("ok")),
        (601, freeze("sensor.grid_c")),
        (700, nothing, told(car=6), site("blind")),
    )


# --- a meter below the main one ------------------------------------------------------------------


def garage(**values: Any) -> Stage:
    """One car in a garage of 20 A with its own meter, one outside, 40 A in all."""
    house = Stage.of(
        site_form("A", main_breaker_a=40),
        circuit_form("garage", 20, metered="A", **values),
        charger_form("inside", "A", circuit="garage", priority=1),
        charger_form("outside", "A", priority=2),
    )
    household(8, "garage")(house)
    return settled(house, 1200)


@pytest.mark.parametrize("interval_s", [None, 10])
def test_a_lost_garage_meter_concerns_only_what_is_below_it(interval_s: float | None) -> None:
    values = {} if interval_s is None else {"meter_interval_s": interval_s}
    gone: Change = freeze("sensor.garage_a") if interval_s else lose("sensor.garage_a")
    story(
        "20 A of garage, 8 of them a workshop: 12 A inside. Lost: 6 A inside, outside goes on, "
        "reacts, and may grow.",
        garage(**values),
        (0, nothing, told(inside=12, outside=16)),
        (1, gone),
        (100, nothing, told(inside=6, outside=16), says(inside="garage breaker")),
        (110, household(20), told(inside=6, outside=6), under(40)),
        (130, household(0)),
        (200, nothing, told(inside=6, outside=16)),
        (210, back("sensor.garage_a")),
        (240, nothing, told(inside=12, outside=16)),
    )

"""Stories of loads that do not do as they are told, or can't be told: others make room.

Product.md section 6. One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import charger_form, plug_form, site_form
from .stories import (
    Stage,
    called,
    calls,
    car,
    deafen,
    freeze,
    further_apart,
    heal,
    household,
    nothing,
    on,
    plug,
    reads,
    says,
    services,
    settled,
    site,
    status,
    story,
    together,
    told,
    under,
)

DAY_S = 86400.0


def pair(house_a: float = 0.0, **bad: Any) -> Stage:
    """A car that goes first, and a bad one that has had all until the first came."""
    house = Stage.of(
        site_form("A"),
        charger_form("good", "A", priority=1),
        charger_form("bad", "A", priority=9, devid="bad", **bad),
    )
    house.cars["good"].status = "Available"
    house.cars["bad"].transaction = 7
    household(house_a)(house)
    return settled(house)


def comes() -> Any:
    """The good car comes, and the bad charger goes on as it did."""
    return together(deafen("bad"), car("good", status="Charging"))


# --- a charger that does not follow --------------------------------------------------------------


def test_a_charger_that_does_not_follow_is_named_and_the_others_make_room() -> None:
    story(
        "25 A: bad must make room for the good one, which goes first, and draws 16 all the same. "
        "15 s later it is known, with numbers; 25 - 16 = 9 A are for the other, never more.",
        pair(),
        (0, nothing, told(bad=16)),
        (1, comes(), under(25)),
        (14, nothing, status(bad="charging"), under(25)),
        (60, nothing, told(good=9), under(25)),
        (
            3600,
            nothing,
            status(bad="not_following"),
            says(bad="Draws 16 A although it was told "),
            told(good=9),
            under(25),
        ),
        (3601, heal("bad")),
        (4200, nothing, status(bad="charging"), told(good=16, bad=9), under(25)),
        every_s=1,
    )


def test_a_charger_that_does_not_follow_stays_named_while_it_is_told_again() -> None:
    story(
        "Told the same again, it still draws 16 A: there is no moment in which all is well.",
        pair(),
        (0, comes()),
        (60, nothing),
        *((float(at_s), nothing, status(bad="not_following")) for at_s in range(61, 300)),
        every_s=1,
    )


def test_it_is_told_again_at_growing_distances_at_most_five_minutes_apart() -> None:
    story(
        "10 A of house: its 16 A don't fit beside them under 25 A. So its profiles are left alone, "
        "and it is told again and again. (It has one layer: nothing is renewed.)",
        pair(house_a=10, layers="1"),
        (0, comes()),
        (15, nothing),
        (3600, nothing, further_apart("bad", 301, 8), called("bad", clear_profile=0, press=0)),
        every_s=1,
    )


def solar(limit_a: float) -> Stage:
    """A solar car without sun but for its minimum, on a breaker of its own."""
    house = Stage.of(
        site_form("A", main_breaker_a=limit_a),
        charger_form("bad", "A", mode="solar_priority", mode_entity="input_select.mode"),
    )
    reads("input_select.mode", "standard")(house)
    return settled(house)


def cleared(because: str, limit_a: float, clears: int) -> None:
    """Tell how often profiles are cleared below a breaker of `limit_a`."""
    story(
        because,
        solar(limit_a),
        (0, nothing, told(bad=min(16, limit_a))),
        (1, together(deafen("bad"), reads("input_select.mode", "solar_priority")), told(bad=6)),
        (3600, nothing, status(bad="not_following"), called("bad", clear_profile=clears, press=0)),
    )


def test_its_profiles_are_cleared_where_the_wires_carry_its_maximum() -> None:
    cleared("Told 6 A, it draws 16, its maximum: 63 A carry that without any profile.", 63, 1)


def test_its_profiles_are_left_alone_where_the_wires_do_not_carry_its_maximum() -> None:
    cleared("Told 6 A, it draws 15: cleared, it might take 16 A of 15.", 15, 0)


def test_what_it_draws_itself_does_not_keep_its_profiles_from_being_cleared() -> None:
    cleared("It draws 16 A of 20 A, which nobody else uses: its maximum of 16 A fits.", 20, 1)


@pytest.mark.parametrize(("allowed", "presses"), [(True, 1), (False, 0)])
def test_it_is_restarted_only_if_its_form_allows_it_and_once_in_a_session(
    allowed: bool, presses: int
) -> None:
    story(
        "Hours of one session.",
        pair(allow_reset=allowed),
        (0, comes()),
        (3 * 3600, nothing, called("bad", press=presses), under(25)),
    )


def test_it_is_restarted_three_times_a_day_at_most() -> None:
    """Five sessions of an hour, and one a day later."""
    steps: list[tuple[Any, ...]] = [(0, comes())]
    for number, presses in enumerate((1, 1, 1, 0, 0)):
        at_s = 3600.0 * number
        steps += [(at_s + 3000, nothing, called("bad", press=presses))]
        steps += [(at_s + 3010, car("bad", status="Available", transaction=0))]
        again = car("bad", status="Charging", transaction=8 + number, default_limit_a=16.0)
        steps += [(at_s + 3100, again)]
    story(
        "Each session may have one, each day three.",
        pair(allow_reset=True),
        *steps,
        (DAY_S, car("bad", status="Available", transaction=0)),
        (DAY_S + 100, car("bad", status="Charging", transaction=20, default_limit_a=16.0)),
        (DAY_S + 3600, nothing, called("bad", press=1)),
        every_s=10,
    )


def test_a_report_is_asked_for_when_none_comes_after_a_cut() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    settled(house)
    story(
        "The last report (16 A) is of before the cut to 9 A. 15 s later one is asked for, once.",
        house,
        (0, freeze("sensor.car_current_import"), calls(car=0)),
        (1, household(16), told(car=9), services(car=["set_charge_rate"])),
        (15, nothing, calls(car=0)),
        (20, nothing, services(car=["trigger_custom_message"]), status(car="charging")),
        (600, nothing, calls(car=0), told(car=9)),
        every_s=1,
    )


def test_drawing_less_is_never_a_fault() -> None:
    story(
        "The car takes 6 A of 16 for an hour: it is told 8 A, once, and nothing else happens.",
        settled(Stage.of(site_form("A"), charger_form("car", "A"))),
        (0, car("car", max_a=6), told(car=16)),
        (3600, nothing, told(car=8), calls(car=1), status(car="charging"), site("ok")),
    )


@pytest.mark.parametrize("mode", ["standard", "off"])
def test_a_charger_that_draws_although_it_is_paused_or_off_is_named(mode: str) -> None:
    house = Stage.of(
        site_form("A"), charger_form("bad", "A", devid="bad", mode_entity="input_select.mode")
    )
    reads("input_select.mode", "standard")(house)
    change = reads("input_select.mode", "off") if mode == "off" else household(25)
    story(
        "It is told 0 A and goes on with its 16: who is stopped must not charge unseen.",
        settled(house),
        (0, together(deafen("bad"), change), told(bad=0)),
        (
            30,
            nothing,
            told(bad=0),
            status(bad="not_following"),
            says(bad="although it was told 0 A"),
        ),
    )


def test_a_chance_to_clear_its_profiles_that_was_missed_comes_again() -> None:
    house = solar(20)
    story(
        "20 A. Told 6 A it draws 16; the house takes 10 A, and without limit 16 do not fit beside "
        "them. After 20 min the house takes nothing: now they do.",
        house,
        (0, nothing, told(bad=16)),
        (1, together(deafen("bad"), reads("input_select.mode", "solar_priority")), told(bad=6)),
        (2, household(10)),
        (1195, nothing, called("bad", clear_profile=0)),
        (1200, household(0)),
        (2400, nothing, called("bad", clear_profile=1)),
    )


def test_a_charger_that_holds_its_car_back_is_told_again_a_few_times() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    story(
        "Told 16 A, it says SuspendedEVSE and nothing flows: the call may have been lost. It is "
        "told again three times, and no more: it may have its reasons.",
        settled(house),
        (0, together(car("car", status="SuspendedEVSE", max_a=0)), told(car=16)),
        (600, nothing, calls(car=4), says(car="holds the car back itself")),  # one: 6 A, as idle
        (3600, nothing, calls(car=0)),
    )


# --- plugs that somebody switches ----------------------------------------------------------------


def boiler(limit_a: float = 25) -> Stage:
    """A boiler of 10 A that was switched off, because the house took 20 A of 25."""
    house = Stage.of(site_form("A", main_breaker_a=limit_a), plug_form("boiler", power_w=2300))
    household(20)(settled(house))
    house.pass_time(60)
    return house


def test_a_plug_that_is_switched_on_by_hand_is_left_on_while_the_wires_carry_it() -> None:
    story(
        "The house takes 10 A again, the pause of 5 min is not over: on by hand, it is left on.",
        boiler(),
        (0, nothing, on(boiler=False)),
        (5, together(household(10), plug("boiler", on=True))),
        (60, nothing, on(boiler=True), says(boiler="left on, its 10 A count as house load")),
    )


def test_a_plug_that_is_switched_on_by_hand_onto_a_full_breaker_is_switched_off_again() -> None:
    story(
        "20 + 10 A on 25: switched off again, at growing distances if somebody insists, and it "
        "stays off when it is left alone.",
        boiler(),
        (0, nothing, on(boiler=False)),
        (5, plug("boiler", on=True), on(boiler=False), services(boiler=["turn_off"])),
        (10, plug("boiler", on=True), on(boiler=True)),
        (35, nothing, on(boiler=False), services(boiler=["turn_off"])),
        (400, nothing, on(boiler=False), calls(boiler=0)),
    )


def test_a_plug_in_mode_off_is_nobodys_business() -> None:
    house = Stage.of(site_form("A"), plug_form("boiler", power_w=2300, mode="off"))
    story(
        "Off: not managed. Somebody switches it on, and the house is at 30 of 25 A.",
        settled(house),
        (0, plug("boiler", on=True)),
        (60, household(20)),
        (600, nothing, on(boiler=True), calls(boiler=0), says(boiler="Off: not managed")),
    )


def test_a_plug_that_is_switched_off_by_hand_is_left_off() -> None:
    house = Stage.of(site_form("A"), plug_form("boiler", power_w=2300))
    story(
        "It was on; somebody switches it off. It is not switched on behind their back.",
        settled(house),
        (0, plug("boiler", on=False)),
        (600, nothing, on(boiler=False), calls(boiler=0), says(boiler="turned off by hand")),
        (600, nothing, status(boiler="off")),
    )


# --- the first command ---------------------------------------------------------------------------


def found_at(amps: float, house_a: float) -> Stage:
    """A car that draws `amps` when Load Juggler starts, beside a house of `house_a`, 25 A."""
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    house.cars["car"].transaction = 7
    house.cars["car"].max_a = amps
    together(household(house_a), deafen("car"))(house)
    return house


def test_a_car_that_has_not_obeyed_its_first_command_yet_is_not_accused_of_the_second() -> None:
    """It draws 32 A, is told 8 A, and 7.5 A a second later. It needs 5 s to obey.

    What it draws until then is its own: the house takes 17.5 A, and 7.5 A are left.
    """
    story(
        "25 A, 17 of house: 32 A are found.",
        found_at(32, 17),
        (0, nothing, told(car=8), status(car="charging")),
        (1, household(17.5), told(car=7.5), status(car="charging")),
        (2, nothing, status(car="charging")),
        (4, heal("car"), status(car="charging")),
        (5, car("car", max_a=7.5), status(car="charging")),
        (30, nothing, told(car=7.5), status(car="charging")),
        every_s=1,
    )


def test_a_car_that_does_not_obey_its_first_commands_is_told_so_after_15_s() -> None:
    story(
        "25 A, 17 of house: 32 A are found, and 15 s later they are still there.",
        found_at(32, 17),
        (0, nothing, told(car=8), status(car="charging")),
        (1, household(17.5), told(car=7.5)),
        (9, nothing, status(car="charging")),
        (17, nothing, status(car="not_following")),
        every_s=1,
    )

"""Stories of loads that do not do as they are told, or can't be told: others make room.

Product.md section 6. One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import charger_form, plug_form, site_form
from .stories import (
    Stage,
    at_least,
    back,
    called,
    calls,
    car,
    deafen,
    fail,
    further_apart,
    heal,
    household,
    lose,
    nothing,
    on,
    resent,
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
SENSORS = ("status", "status_connector", "current_import", "transaction_id")


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
        "25 A: bad is told 9 A, because the good one goes first, and draws 16 all the same. 15 s "
        "later it is known, with numbers; 25 - 16 = 9 A are for the other, never more.",
        pair(),
        (0, nothing, told(bad=16)),
        (1, comes(), under(25)),
        (5, nothing, told(bad=9), under(25)),
        (14, nothing, status(bad="charging"), under(25)),
        (
            40,
            nothing,
            status(bad="not_following"),
            says(bad="Draws 16 A although it was told 9 A; the others make room for it."),
            told(good=9),
            under(25),
        ),
        (3600, nothing, status(bad="not_following"), told(good=9), under(25)),
        (3601, heal("bad")),
        (4200, nothing, status(bad="charging"), told(good=16, bad=9), under(25)),
        every_s=1,
    )


def test_it_is_told_again_at_growing_distances_at_most_five_minutes_apart() -> None:
    story(
        "23 A for both: bad draws 16, its maximum does not fit beside the other's 7 A ... it does, "
        "exactly; so 3 A of house. Its profiles are left alone, it is told again and again.",
        pair(house_a=4),
        (0, comes()),
        (15, nothing),
        (3600, nothing, further_apart("bad", 301, 8), called("bad", clear_profile=0, press=0)),
        every_s=1,
    )


def test_its_profiles_are_cleared_where_the_wires_carry_its_maximum() -> None:
    story(
        "16 A fit beside the other's 9 A: after a few times its profiles are cleared, once, the "
        "safe default being sent before.",
        pair(),
        (0, comes()),
        (3600, nothing, called("bad", clear_profile=1, press=0), under(25)),
    )


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
        steps += [(at_s + 3100, car("bad", status="Charging", transaction=8 + number))]
    story(
        "Each session may have one, each day three.",
        pair(allow_reset=True),
        *steps,
        (DAY_S, car("bad", status="Available", transaction=0)),
        (DAY_S + 100, car("bad", status="Charging", transaction=20)),
        (DAY_S + 3600, nothing, called("bad", press=1)),
        every_s=10,
    )


def test_a_report_is_asked_for_when_none_comes_after_a_cut() -> None:
    house = Stage.of(site_form("A"), charger_form("car", "A"))
    settled(house)
    story(
        "The last report (16 A) is of before the cut to 9 A. 15 s later one is asked for, once.",
        house,
        (0, car("car", reported_at=house.now - 1), calls(car=0)),
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


# --- calls that fail -----------------------------------------------------------------------------


def test_a_call_that_fails_is_made_again_after_5_10_20_s_and_so_on() -> None:
    house = settled(Stage.of(site_form("A"), charger_form("car", "A")))
    story(
        "The cut to 9 A fails: 5 s, then each time twice as long. The sentence counts down.",
        house,
        (0, together(fail("car"), household(16))),
        (
            1,
            nothing,
            says(car="The last command did not go through (no answer); it is tried again in 4 s."),
        ),
        (3, nothing, says(car="tried again in 2 s.")),
        (80, nothing, resent(car=[5, 15, 35, 75])),
        (81, heal("car"), says(car="tried again in 1 min 14 s.")),
        (154, nothing, calls(car=0)),
        (160, nothing, told(car=9), says(car="9 A of 16 A"), under(25)),
        every_s=1,
    )


def test_calls_that_fail_for_long_are_made_every_five_minutes() -> None:
    house = settled(Stage.of(site_form("A"), charger_form("car", "A")))
    story(
        "5, 10, 20 ... 160 s make 315 s; then each 300 s.",
        house,
        (0, together(fail("car"), household(16))),
        (400, nothing, resent(car=[5, 15, 35, 75, 155, 315])),
        (1300, nothing, resent(car=[615, 915, 1215])),
        every_s=1,
    )


def test_a_charger_that_can_not_be_told_keeps_what_it_has_and_others_make_room() -> None:
    """The first has 16 A, the second 9. With 5 A of house: 14 and 6; but the first isn't cut."""
    house = Stage.of(
        site_form("A"),
        charger_form("first", "A", priority=1),
        charger_form("second", "A", priority=2),
    )
    story(
        "25 - 5 - 16 = 4 A are no minimum: the second stops until the first is reached.",
        settled(house),
        (0, together(fail("first"), household(5))),
        (1, nothing, told(second=0), under(25)),
        (100, nothing, told(second=0), under(25)),
        (101, heal("first")),
        (500, nothing, told(first=14, second=6), under(25)),
        every_s=1,
    )


def test_a_plug_that_can_not_be_switched_off_keeps_its_current_and_a_car_makes_room() -> None:
    house = Stage.of(
        site_form("A"), plug_form("boiler", priority=9), charger_form("car", "A", priority=1)
    )
    story(
        "25 A: boiler 10, car 15. With 12 A of house the boiler must go; it can't be switched, so "
        "25 - 12 - 10 = 3 A are left, no minimum.",
        settled(house),
        (0, nothing, on(boiler=True), told(car=15)),
        (10, together(fail("boiler"), household(12))),
        (15, nothing, on(boiler=True), told(car=0), under(25)),
        (100, nothing, on(boiler=True), told(car=0), under(25)),
        (101, heal("boiler")),
        (500, nothing, on(boiler=False), told(car=13), under(25)),
    )


# --- a charger that is lost ----------------------------------------------------------------------


def lost_first(first_a: float = 32.0) -> Stage:
    """Two cars, the first of which goes first and takes at most `first_a`."""
    house = Stage.of(
        site_form("A"),
        charger_form("first", "A", priority=1),
        charger_form("second", "A", priority=2),
    )
    house.cars["first"].max_a = first_a
    return settled(house, 200)


@pytest.mark.parametrize("shows", [None, "unavailable", "unknown"])
def test_a_charger_that_is_lost_keeps_its_command_reserved(shows: str | None) -> None:
    """Told 12 A (it takes 10), so it may take 12 at any time: 13 A for the second."""
    sensors = [f"sensor.first_{name}" for name in SENSORS]
    story(
        "For as long as nothing is heard of it, and then it goes on.",
        lost_first(10),
        (0, nothing, told(first=12, second=13)),
        (1, lose(*sensors, shows=shows), told(second=13)),
        (120, car("first", max_a=32), status(first="unreachable"), told(second=13), under(25)),
        (3600, nothing, told(second=13), calls(first=0), under(25)),
        (3601, back(*sensors)),
        (3660, nothing, told(first=16, second=9), status(first="charging"), under(25)),
    )


def test_a_charger_that_is_lost_while_it_overdraws_keeps_its_draw_reserved() -> None:
    sensors = [f"sensor.bad_{name}" for name in SENSORS]
    story(
        "Told 9 A, drawing 16, then nothing more is heard: 25 - 16 = 9 A for the other.",
        pair(),
        (0, comes()),
        (60, nothing, status(bad="not_following"), told(good=9)),
        (61, lose(*sensors), under(25)),
        (600, nothing, at_least(good=6), told(good=9), under(25)),
    )


# --- more than the breaker carries ---------------------------------------------------------------


def test_a_house_that_is_too_much_by_itself_is_told() -> None:
    story(
        "30 A of house on 25 A: nothing that is switched would help; the car stops, people are "
        "told by how much it is too much.",
        settled(Stage.of(site_form("A"), charger_form("car", "A"))),
        (0, household(30), told(car=0)),
        (
            30,
            nothing,
            site("problem", "main breaker (25 A) carries 30 A on phase A, 5 A too much"),
        ),
        (40, household(4), site("ok")),
        (300, nothing, told(car=16)),
    )

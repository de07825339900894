"""Stories of loads that can't be told, are lost, or can't help: what they have stays reserved.

Product.md section 6. One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

import pytest

from .house import charger_form, plug_form, site_form
from .stories import (
    Stage,
    back,
    calls,
    car,
    fail,
    heal,
    household,
    lose,
    nothing,
    on,
    resent,
    says,
    settled,
    site,
    status,
    story,
    together,
    told,
    under,
)
from .test_stories_following import comes, pair

SENSORS = ("status", "status_connector", "current_import", "transaction_id")


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
        (120, nothing, status(first="unreachable"), told(second=13), under(25)),
        (3600, nothing, told(second=13), calls(first=0), under(25)),
        (3601, together(car("first", max_a=32), back(*sensors))),
        (3690, nothing, told(first=16, second=9), status(first="charging"), under(25)),
    )


def test_what_is_reserved_for_a_lost_charger_is_not_taken_from_the_others_twice() -> None:
    story(
        "12 A are reserved for the first, of which it took 10. When it takes all 12, the breaker "
        "carries 12 + 13 = 25 A: nobody has to give way. (Section 1: nothing is counted twice.)",
        lost_first(10),
        (0, nothing, told(first=12, second=13)),
        (1, lose(*(f"sensor.first_{name}" for name in SENSORS))),
        (120, nothing, told(second=13)),
        (125, car("first", max_a=32), told(second=13), under(25)),
        (600, nothing, told(second=13), under(25)),
    )


def test_a_car_that_charges_beside_a_lost_charger_is_not_said_to_wait() -> None:
    story(
        "It has 13 A and draws them; its sentence must not say that it waits for 6.",
        lost_first(10),
        (0, lose(*(f"sensor.first_{name}" for name in SENSORS))),
        (120, nothing, told(second=13), status(second="charging"), says(second="13 A")),
    )


def test_a_charger_that_is_lost_while_it_overdraws_keeps_its_draw_reserved() -> None:
    sensors = [f"sensor.bad_{name}" for name in SENSORS]
    story(
        "It draws 16 A against its command, then nothing more is heard of it: 16 A, the larger, "
        "stay reserved, and 25 - 16 = 9 A for the other, which may go on with what it has.",
        pair(),
        (0, comes()),
        (1000, nothing, status(bad="not_following"), told(good=9)),
        (1001, lose(*sensors), told(good=9), under(25)),
        (1600, nothing, told(good=9), under(25)),
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

"""Stories of a user who limits a session by the number of the OCPP integration (from v0.12 on).

The integration sends a TxProfile at the highest stack level that the charger says, here 3. So it
overrules the command at level 1 (OCPP 1.6, 3.13.2), whether it is lower or higher. One phase of
230 V and 25 A; the car takes from 6 to 16 A.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from .house import TxLimit, charger_form, site_form, state
from .stories import (
    Change,
    Stage,
    car,
    draws,
    garage,
    household,
    nothing,
    profiles,
    says,
    settled,
    status,
    story,
    together,
    told,
    under,
)

HIGHEST = 3
NUMBER = "number.car_session_current_limit"


def limited(amps: float, level: int = HIGHEST) -> Change:
    """A user sets the number, and the charger takes the profile that the integration sends."""

    def change(house: Stage) -> None:
        plugged = house.cars["car"]
        plugged.tx_limits[level] = TxLimit(amps, plugged.transaction, math.inf)
        house.extra[NUMBER] = state(amps, "A", house.now)

    return change


def number_shows(value: str) -> Change:
    """The number has no value, as after a restart of Home Assistant or with another session."""

    def change(house: Stage) -> None:
        house.extra[NUMBER] = state(value, "A", house.now)

    return change


def house_of(house_a: float = 0.0, **form: Any) -> Stage:
    """A car that charges, whose charger has said that it takes four levels."""
    made = garage(house_a=house_a, layers="auto", **form)
    made.answers["car"] = str(HIGHEST)
    return settled(made)


def beside() -> Stage:
    """The same car with another one beside it, which is served after it."""
    made = Stage.of(
        site_form("A"),
        charger_form("car", "A", layers="auto", priority=1),
        charger_form("other", "A", priority=2),
    )
    made.answers["car"] = str(HIGHEST)
    for number, name in enumerate(("car", "other")):
        made.cars[name].transaction = 7 + number
    return settled(made)


def test_what_it_leaves_is_for_others_and_its_sentence_names_the_number() -> None:
    story(
        "25 A for two cars: the first may have 8 A in this session, so 16 A of 17 are the other's",
        beside(),
        (0, nothing, told(car=16, other=9)),
        (5, limited(8.0), told(car=8)),
        (60, nothing, told(car=8, other=16), draws(car=8, other=16), under(25)),
        (60, nothing, says(car=f"8 A of 8 A, what the Session Current Limit ({NUMBER}) allows")),
    )


def test_a_command_that_is_lower_holds_all_the_same() -> None:
    """Without that the car goes on with 12 A, and 29 A flow through 25 A."""
    story(
        "the house takes 17 A, so 8 A are left for a car whose session is limited to 12 A",
        house_of(),
        (5, limited(12.0), told(car=12)),
        (40, household(17.0), told(car=8), draws(car=8), under(25)),
        (300, nothing, told(car=8), draws(car=8), under(25)),
        (305, household(0.0)),
        (400, nothing, told(car=12), draws(car=12)),
    )


def test_a_limit_above_its_maximum_raises_nothing() -> None:
    story(
        "16 A are what its form allows, whatever a user sets",
        house_of(),
        (5, limited(32.0)),
        (15, nothing, told(car=16), draws(car=16), under(25)),
        (70, household(15.0), told(car=10), draws(car=10), under(25)),
        (80, nothing, says(car="10 A of 16 A")),
    )


def test_a_limit_that_is_set_again_takes_the_place_of_the_command_for_a_moment_only() -> None:
    """The new profile replaces the command, which has the same level."""
    story(
        "8 A are left for the car, whatever a user allows it",
        house_of(),
        (5, limited(12.0), told(car=12)),
        (40, household(17.0), told(car=8), draws(car=8)),
        (60, limited(10.0), under(25)),
        (100, nothing, told(car=8), draws(car=8), under(25)),
        (120, limited(12.0), under(25)),
        (160, nothing, told(car=8), draws(car=8), under(25)),
    )


def test_a_limit_below_its_minimum_pauses_it_until_it_is_set_higher() -> None:
    story(
        "a car takes nothing below 6 A",
        house_of(),
        (5, limited(4.0), draws(car=0)),
        (
            20,
            nothing,
            told(car=0),
            says(car="Paused: the Session Current Limit of the OCPP integration"),
            says(car="is 4 A, and it needs 6 A"),
        ),
        (40, limited(0.0), told(car=0), says(car="is 0 A, and it needs 6 A")),
        (60, limited(10.0)),
        (300, nothing, told(car=10), draws(car=10)),
    )


def test_it_ends_with_the_session() -> None:
    """A charger drops profiles of a session with that (3.13.1), and the number has no value."""
    house = house_of()
    story(
        "the next session is not limited",
        house,
        (5, limited(8.0), told(car=8)),
        (60, together(car("car", status="Available", transaction=0), number_shows("unavailable"))),
        (120, together(car("car", status="Charging", transaction=8), number_shows("unknown"))),
        (240, nothing, told(car=16), draws(car=16)),
    )
    assert {p["stackLevel"] for p in profiles(house)[-2:]} <= {0, 1}


def test_after_a_restart_the_number_has_no_value_and_the_command_holds() -> None:
    """What the charger holds at that level is the command, which has replaced the limit."""
    story(
        "the integration does not know its limit any more; 8 A are left for the car",
        house_of(),
        (5, limited(12.0), told(car=12)),
        (60, number_shows("unknown")),
        (200, nothing, told(car=16), draws(car=16)),
        (240, household(17.0), told(car=8), draws(car=8), under(25)),
    )


def test_the_highest_level_is_asked_for_where_the_form_says_how_many_layers_there_are() -> None:
    """Until it is known the limit holds, so that much is kept for the car."""
    made = settled(garage(layers="2"))
    made.answers["car"] = str(HIGHEST)
    story(
        "a form with two layers leaves nothing to ask, until a limit is at a level of its own",
        made,
        (5, limited(12.0)),
        (20, household(17.0)),
        (25, nothing, told(car=8), draws(car=8), under(25)),
    )


@pytest.mark.parametrize("levels", ["1", None])
def test_a_charger_with_few_levels_or_that_does_not_say(levels: str | None) -> None:
    """The limit is at level 1, where the command is, or at 0, where the safe layer is."""
    made = garage(layers="auto")
    made.answers["car"] = levels
    story(
        "8 A are left for the car",
        settled(made),
        (5, limited(12.0, int(levels or 0)), told(car=12)),
        (40, household(17.0), told(car=8), draws(car=8), under(25)),
    )


def test_where_a_command_can_not_be_lower_its_limit_is_kept_for_it() -> None:
    """By OCPP 2.0.1 it is told by the default of sessions, and a TxProfile overrules that."""
    made = Stage.of(
        site_form("A"),
        charger_form("car", "A", ocpp_version="2.0.1", priority=2, rate_unit="A"),
        charger_form("other", "A", priority=1),
    )
    made.extra[NUMBER] = state(12.0, "A", made.now)
    made.cars["car"].tx_limits[HIGHEST] = TxLimit(12.0, 7, math.inf)
    for number, name in enumerate(("car", "other")):
        made.cars[name].transaction = 7 + number
    made.deaf.add("car")
    story(
        "12 A of 25 A may flow whatever the car is told, so 13 A are left for the other",
        made,
        (0, nothing, status(other="charging")),
        (60, nothing, under(25), told(other=13)),
        (60, nothing, says(car="allows 12 A, and its charger may obey that")),
    )

"""Stories of patience: grace, pauses, many stops, shortest times of plugs.

Product.md section 5. One phase, 230 V. A solar car of 6 to 32 A that was settled for a minute,
unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import START, charger_form, plug_form, site_form
from .stories import (
    Stage,
    at_least,
    back,
    calls,
    car,
    household,
    lose,
    nothing,
    on,
    reads,
    says,
    settled,
    status,
    story,
    sun,
    told,
    under,
)

DAY_S = 86400.0
TO_MIDNIGHT_S = 8000.0
OFFSET_S = 28800.0
"""Eight hours east of Greenwich the house starts at 21:46:40, 8000 s before midnight."""


def solar(sun_a: float = 15, limit_a: float = 40, **charger: Any) -> Stage:
    """One solar car in the sun."""
    values = {"mode": "solar_only", "max_current_a": 32, **charger}
    house = Stage.of(site_form("A", main_breaker_a=limit_a), charger_form("car", "A", **values))
    sun(sun_a)(house)
    return settled(house)


def clouds(number: int, begin_s: float = 0.0) -> list[tuple[Any, ...]]:
    """So many clouds of 60 s, 60 s of sun before each of them, for a car without grace or pause."""
    steps: list[tuple[Any, ...]] = []
    for cloud in range(number):
        at_s = begin_s + 120.0 * cloud
        steps += [(at_s, sun(15)), (at_s + 25, nothing), (at_s + 42, nothing)]  # starts, is raised
        steps += [(at_s + 59, nothing, at_least(car=14.7)), (at_s + 60, sun(0))]
        steps += [(at_s + 75, nothing, told(car=0))]
    return steps


# --- grace ---------------------------------------------------------------------------------------


def test_lack_of_sun_is_bridged_for_five_minutes_at_the_minimum() -> None:
    story(
        "2 A of sun, 6 A are needed: 4 A come from the grid until the grace of 5 min is over.",
        solar(),
        (0, sun(2)),
        (15, nothing, told(car=6), status(car="grace"), says(car="Stops in 4 min 45 s.")),
        (295, nothing, told(car=6)),
        (305, nothing, told(car=0), status(car="paused")),
    )


def test_the_grace_ends_where_the_wires_do_not_allow_it() -> None:
    story(
        "40 A, 36 of house: no 6 A are left on the wires, whatever patience there is.",
        solar(),
        (0, sun(0)),
        (15, nothing, told(car=6)),
        (30, household(36), told(car=0), under(40)),
    )


# --- pause ---------------------------------------------------------------------------------------


def test_after_a_stop_for_lack_of_sun_the_car_pauses_for_three_minutes() -> None:
    story(
        "Stopped at 300 s; the sun is back at 310 s. At 480 s it may start, and grows by 7.5 A.",
        solar(),
        (0, sun(0)),
        (305, nothing, told(car=0)),
        (310, sun(15)),
        (475, nothing, told(car=0), says(car="Paused for")),
        (490, nothing, at_least(car=6)),
        (520, nothing, at_least(car=14.7)),
    )


def standard(limit_a: float = 25, **values: Any) -> Stage:
    """One car in standard on a breaker."""
    house = Stage.of(site_form("A", main_breaker_a=limit_a), charger_form("car", "A", **values))
    return settled(house)


def test_a_car_stopped_by_a_breaker_starts_when_its_minimum_was_free_for_its_pause() -> None:
    story(
        "25 A: with 20 A of house the 6 A do not fit. Free again at 30 s, so it starts at 210 s.",
        standard(),
        (0, household(20), told(car=0), says(car="needs 6 A")),
        (30, household(4), told(car=0)),
        (205, nothing, told(car=0), calls(car=0)),
        (215, nothing, at_least(car=6)),
        (250, nothing, told(car=16)),
    )


def test_room_that_flickers_starts_nothing() -> None:
    story(
        "A hob goes on for 10 s every two minutes: 6 A are never free for 180 s. When it is off "
        "for good, at 610 s, the car starts 180 s later.",
        standard(),
        *(
            step
            for n in range(6)
            for step in (
                (120.0 * n, household(20), told(car=0)),
                (120.0 * n + 10, household(4), told(car=0), calls(car=0)),
            )
        ),
        (785, nothing, told(car=0), calls(car=0)),
        (795, nothing, at_least(car=6)),
        (830, nothing, told(car=16)),
    )


def test_what_comes_and_goes_all_day_does_not_keep_a_car_off_all_day() -> None:
    """25 A. A pump comes every two minutes for ten seconds: its room is never free for 180 s."""
    pump = [
        step
        for n in range(40)
        for step in ((120.0 * n, household(20)), (120.0 * n + 10, household(4)))
    ]
    story(
        "An hour (20 pauses of 3 min) after its stop the car is tried as soon as there is room.",
        standard(),
        *[step for step in pump if step[0] < 3590],
        (3590, nothing, told(car=0), calls(car=0)),
        *[step for step in pump if 3590 < step[0] < 3611],
        (3620, nothing, at_least(car=6)),
    )


def test_room_is_not_counted_anew_after_a_silent_meter() -> None:
    story(
        "The meter is lost: at 65 s the car stops, as its fallback is 0 A. 10 min later it is "
        "there again, the pause of 3 min is long over, and the car starts.",
        standard(fallback_current_a=0),
        (0, lose("sensor.grid_a")),
        (70, nothing, told(car=0)),
        (660, back("sensor.grid_a")),
        (680, nothing, at_least(car=6)),
    )


def test_a_maximum_below_the_minimum_is_a_persons_wish_and_no_stop() -> None:
    story(
        "Somebody sets 5 A, below the minimum of 6, and a minute later 16: no pause of 3 min.",
        standard(max_current_entity="input_number.most", max_current_a=16),
        (0, reads("input_number.most", 16), told(car=16)),
        (5, reads("input_number.most", 5), told(car=0)),
        (60, reads("input_number.most", 16)),
        (80, nothing, at_least(car=6)),
    )


def test_who_makes_way_for_another_was_not_stopped_by_the_sun() -> None:
    """10 A of sun carry one car. Six others come and go, which go first."""
    house = Stage.of(
        site_form("A", main_breaker_a=100),
        charger_form("car", "A", mode="solar_only", priority=9, solar_pause_min=0),
        charger_form("first", "A", mode="solar_only", priority=1, solar_pause_min=0),
    )
    sun(10)(house)
    house.cars["first"].status = "Available"
    visits = [
        step
        for n in range(8)
        for step in (
            (300.0 * n, car("first", status="Charging")),
            (300.0 * n + 100, nothing, told(car=0, first=10)),
            (300.0 * n + 150, car("first", status="Available")),
            (300.0 * n + 290, nothing, told(car=10)),
        )
    ]
    story(
        "It is stopped eight times, because another goes first: the sun has nothing to do with "
        "it, so it does not stay off until tomorrow.",
        settled(house),
        *visits,
    )


def test_who_has_grown_into_the_room_meanwhile_shrinks_when_the_pause_is_over() -> None:
    """20 A. The first needs 10 A and goes first, the second needs 6 A."""
    house = Stage.of(
        site_form("A", main_breaker_a=20),
        charger_form("first", "A", min_current_a=10, priority=1),
        charger_form("second", "A", priority=2),
    )
    story(
        "12 A of house leave 8: the first stops, the second has 8. Without the house the second "
        "grows to 16, and gives back all but its 6 A when the first's 10 A were free for 180 s.",
        settled(house),
        (0, nothing, told(first=14, second=6)),
        (10, household(12), told(first=0), under(20)),
        (30, nothing, told(first=0, second=8), under(20)),
        (40, household(0)),
        (70, nothing, told(first=0, second=16), under(20)),
        (215, nothing, told(first=0, second=16)),
        (230, nothing, told(second=6), under(20)),
        (260, nothing, told(first=14, second=6), under(20)),
    )


def test_a_pause_of_nothing_is_none() -> None:
    story(
        "The form says 0 min: it starts as soon as there is room, but for the interval of raises.",
        standard(solar_pause_min=0),
        (0, household(20), told(car=0)),
        (10, household(4)),
        (20, nothing, at_least(car=6)),
        (50, nothing, told(car=16)),
    )


# --- many stops ----------------------------------------------------------------------------------


def nervous(**values: Any) -> Stage:
    """A car that knows neither grace nor pause, so that each cloud stops it."""
    house = solar(solar_grace_min=0, solar_pause_min=0, **values)
    house.now = START
    house.utc_offset_s = OFFSET_S
    return house


def test_after_six_stops_in_a_session_a_car_stays_off_until_local_midnight() -> None:
    story(
        "Some cars fault when they are interrupted often. It is 21:46 local time.",
        nervous(),
        *clouds(6),
        (720, sun(15)),
        (800, nothing, told(car=0), says(car="Off until tomorrow: it was stopped 6 times")),
        (TO_MIDNIGHT_S - 5, nothing, told(car=0)),
        (TO_MIDNIGHT_S + 60, nothing, at_least(car=14.7)),
        every_s=15,
    )


@pytest.mark.parametrize(
    "by_s",
    [
        pytest.param(-3600.0, id="summer time ends: the day has an hour more"),
        pytest.param(3600.0, id="summer time begins: an hour less"),
        pytest.param(0.0, id="another day"),
    ],
)
def test_a_car_stays_off_until_midnight_by_the_clocks_also_if_they_change(by_s: float) -> None:
    """The clocks change 900 s after the sixth stop; midnight comes that much later, or earlier."""

    def clocks_change(house: Stage) -> None:
        house.utc_offset_s = OFFSET_S + by_s

    midnight_s = TO_MIDNIGHT_S - by_s
    story(
        "Until tomorrow is until midnight, as the clocks on the wall show it.",
        nervous(),
        *clouds(6),
        (720, sun(15)),
        (1600, clocks_change, told(car=0)),
        (midnight_s - 5, nothing, told(car=0), says(car="Off until tomorrow")),
        (midnight_s + 60, nothing, at_least(car=14.7)),
        every_s=15,
    )


def test_after_six_stops_a_car_that_is_to_hold_holds_its_minimum() -> None:
    story(
        "The seventh cloud stops nothing: 6 A from the grid for as long as it lasts.",
        nervous(after_stops="hold"),
        *clouds(6),
        (720, sun(15)),
        (780, sun(0)),
        (800, nothing, told(car=6)),
        (3000, nothing, told(car=6)),
        every_s=15,
    )


@pytest.mark.parametrize(("most", "runs"), [(2, False), (3, True), (0, True)])
def test_how_many_stops_is_a_setting_and_0_is_never(most: int, runs: bool) -> None:
    story(
        "Two stops: too many of 2, one too few of 3, and never too many of 0.",
        nervous(solar_stops=most),
        *clouds(2),
        (240, sun(15)),
        (300, nothing, at_least(car=14.7) if runs else told(car=0)),
    )


def test_stops_without_an_end_where_the_form_says_0() -> None:
    story("As often as it takes.", nervous(solar_stops=0), *clouds(10))


def test_a_new_car_starts_anew() -> None:
    story(
        "The stops were the last car's.",
        nervous(),
        *clouds(6),
        (730, sun(15), told(car=0)),
        (740, car("car", status="Available")),
        (760, car("car", status="Charging")),
        (800, nothing, at_least(car=14.7)),
    )


# --- plugs ---------------------------------------------------------------------------------------


def pool(mode: str, **values: Any) -> Stage:
    """A pool pump of 5 A on a breaker of 10 A, in the sun."""
    house = Stage.of(
        site_form("A", main_breaker_a=10), plug_form("pool", mode=mode, power_w=1150, **values)
    )
    sun(6)(house)
    return house


def test_a_plug_stays_on_for_five_minutes_whatever_the_sun_does() -> None:
    story(
        "Without grace: the sun goes after 10 s, the plug 5 min after it was switched on.",
        pool("solar_only", solar_grace_min=0),
        (0, nothing, on(pool=True)),
        (10, sun(0)),
        (290, nothing, on(pool=True)),
        (310, nothing, on(pool=False)),
    )


def test_a_breaker_switches_a_plug_off_at_once_and_it_stays_off_for_five_minutes() -> None:
    story(
        "10 A: 7 of house leave no room for 5. That is where a plug would chatter.",
        pool("continuous"),
        (0, sun(0), on(pool=True)),
        (10, household(7), on(pool=False), under(10)),
        (20, household(0)),
        (310, nothing, on(pool=False)),
        (330, nothing, on(pool=True)),
    )

"""Stories of stations with two plugs: two loads with modes and priorities of their own, one limit.

Product.md section 2. One phase, 230 V, cars of 6 to 16 A, a 40 A main breaker.
"""

from __future__ import annotations

from typing import Any

import pytest

from .house import circuit_form, site_form
from .stations import STATION, StationStage, connectors, takes
from .stories import (
    Claim,
    car,
    household,
    nothing,
    says,
    settled,
    site,
    status,
    story,
    sun,
    told,
    under,
)


def station(limit_a: float, one_at_a_time: bool = False, **right: Any) -> StationStage:
    """Both cars plugged in for a minute at a station with its own breaker of `limit_a`."""
    house = StationStage.of(
        site_form("A", main_breaker_a=40),
        circuit_form(STATION, limit_a),
        *connectors("A", **right),
    )
    house.one_at_a_time = one_at_a_time
    for load, transaction in (("left", 11), ("right", 12)):
        house.cars[load].transaction = transaction
        house.cars[load].max_a = 16.0
    return house


def no_fault(load: str) -> Claim:
    """Nobody says that a load does not follow, or holds its car back."""

    def claim(house: StationStage) -> list[str]:
        assert house.outcome is not None
        report = house.outcome.report.loads[load]
        bad = report.status == "not_following" or "holds the car back" in report.sentence
        return [f"{load}: {report.status}, {report.sentence}"] if bad else []

    return claim


def at_most_renewed(load: str, seconds: float) -> Claim:
    """No more calls in so many s than renewals, one a minute (section 6)."""

    def claim(house: StationStage) -> list[str]:
        count = sum(call.load_id == load for _, call in house.step_calls)
        return [f"{load} got {count} calls"] if count > seconds / 60 + 1 else []

    return claim


# --- both at once --------------------------------------------------------------------------------


def test_two_connectors_share_the_stations_limit_by_their_priorities() -> None:
    story(
        "20 A for two: both minimums, the rest to the first: 14/6. The main breaker has 40 A",
        settled(station(20)),
        (0, nothing, told(left=14, right=6), takes(left=14, right=6), under(20, STATION)),
        (5, car("left", status="Available", transaction=0)),
        (120, nothing, told(right=16), status(left="idle")),
    )


def test_each_connector_has_a_mode_of_its_own() -> None:
    house = station(32, mode="solar_only")
    sun(8)(house)
    story(
        "Left takes 16 A from anywhere, and all of the sun with it: 8 A - 16 A leave nothing for "
        "right. With 24 A of sun right has 8 A",
        settled(house),
        (0, nothing, told(left=16, right=0)),
        (5, sun(24)),
        (400, nothing, told(left=16, right=8), under(32, STATION)),
        (405, car("left", status="SuspendedEV", max_a=0)),
        (700, nothing, told(left=6, right=16)),
    )


def test_the_house_cuts_both_connectors_at_once() -> None:
    story(
        "40 A - 28 A leave 12 A: 6/6. 40 A - 29 A leave 11 A: 11/0, the second can't have 5 A",
        settled(station(32)),
        (0, nothing, told(left=16, right=16)),
        (5, household(28), told(left=6, right=6), under(40)),
        (10, household(29), told(right=0), under(40)),
    )


# --- one after the other -------------------------------------------------------------------------


@pytest.mark.parametrize("waiting", ["SuspendedEVSE", "Preparing"])
def test_the_waiting_connector_gets_its_share_when_the_other_is_full(waiting: str) -> None:
    house = station(20, one_at_a_time=True)
    house.waiting = waiting
    if waiting == "Preparing":
        house.cars["right"].transaction = 0
    story(
        "Right waits with the 6 A it needs to begin; left has 14 of 20 A. Left is full: it keeps "
        "its 6 A, so right has 14 A",
        settled(house),
        (0, nothing, told(left=14, right=6), takes(left=14), under(20, STATION)),
        (600, nothing, told(left=14, right=6), no_fault("right"), site("ok")),
        (605, car("left", status="SuspendedEV", max_a=0)),
        (900, nothing, told(left=6, right=14), status(right="charging"), under(20, STATION)),
        (905, nothing, no_fault("left"), no_fault("right")),
    )


def test_one_that_waits_for_its_turn_says_for_whom_and_is_not_told_for_ever() -> None:
    story(
        "The station holds right back because it charges left: no fault of either. It may as well "
        "have missed a call, so it is told again a few times",
        settled(station(20, one_at_a_time=True)),
        (0, nothing, told(left=14, right=6)),
        (
            600,
            nothing,
            status(right="ready"),
            says(right="the station charges left"),
            no_fault("right"),
        ),
        (3600, nothing, at_most_renewed("right", 3000), no_fault("right")),
    )


def test_one_that_is_held_back_while_nobody_charges_is_told_again() -> None:
    house = station(20, one_at_a_time=True)
    house.has_turn = "left"
    car("left", status="Available", transaction=0)(house)
    house.cars["right"].status = "SuspendedEVSE"
    house.cars["right"].max_a = 0.0
    story(
        "Left has gone, so right does not wait for it: the charger may have missed a call",
        settled(house, 120),
        (300, nothing, says(right="holds the car back")),
    )


def test_where_only_one_fits_the_waiting_one_follows_when_the_first_is_full() -> None:
    story(
        "10 A: left has them. Right needs 6 A and gets them when left, full, takes nothing and "
        "makes way",
        settled(station(10, one_at_a_time=True)),
        (0, nothing, told(left=10, right=0), under(10, STATION)),
        (60, car("left", status="SuspendedEV", max_a=0)),
        (600, nothing, told(left=0, right=10), takes(right=10), under(10, STATION)),
    )


def test_the_one_whose_turn_it_is_not_may_go_first_by_priority() -> None:
    house = station(16, one_at_a_time=True, priority=1)
    house.has_turn = "right"
    story(
        "Left goes first but waits: it is left 6 A of the 16 A, and right has the other 10 A; when "
        "right has gone, left has all",
        settled(house, 200),
        (0, nothing, takes(right=10), told(left=6, right=10), no_fault("left")),
        (5, car("right", status="Available", transaction=0)),
        (200, nothing, takes(left=16), told(left=16), under(16, STATION)),
    )


def test_a_solar_car_waits_for_its_turn_and_then_lives_from_the_sun() -> None:
    house = station(32, one_at_a_time=True, mode="solar_only")
    sun(26)(house)
    story(
        "26 A of sun, 16 A of them for left: right is left 10 A, and waits with what it needs to "
        "begin. Left is full: right has its 16 A. Without sun it stops after its grace",
        settled(house, 200),
        (0, nothing, told(left=16, right=6), takes(right=0), no_fault("right")),
        (5, car("left", status="SuspendedEV", max_a=0)),
        (300, nothing, told(right=16), takes(right=16)),
        (305, sun(0)),
        (1000, nothing, told(right=0), no_fault("right")),
    )


def test_a_station_that_takes_its_time_to_pass_the_turn_on_is_not_called_faulty() -> None:
    house = station(20, one_at_a_time=True)
    slow = car("right", status="SuspendedEVSE", max_a=0)
    story(
        "Left is full at 5 s; the station needs 40 s to let right begin",
        settled(house, 300),
        (0, slow),
        (5, car("left", status="SuspendedEV", max_a=0)),
        (20, nothing, no_fault("right")),
        (45, car("right", status="Charging", max_a=16), no_fault("right")),
        (300, nothing, told(right=14), takes(right=14), no_fault("right")),
    )

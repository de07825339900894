"""G: the composite schedule (5.7, 6.21, 6.22), as values and as the answer says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator import ocpp

from .stack import (
    CAN,
    CAR,
    CARS,
    DAY_S,
    DEFAULT,
    HOUR_S,
    MAX,
    NOON,
    TWO,
    TX,
    flat,
    given,
    profile,
    rows,
)

STAIRS = profile(TX, (0, 6), (50, 8), (100, 10), id=1, duration_s=400)


def answer(held: ocpp.Installed, after_s: float = 0, duration_s: float = 300, **more: Any) -> Any:
    """The payload of the answer."""
    can, unit = more.pop("can", CAN), more.pop("unit", "A")
    made = ocpp.composite(can, held, 1, NOON + after_s, duration_s, unit, CAR, **more)
    assert made is not None
    return made.plain()


def test_d5_stacked_schedules_show_the_edges_of_both() -> None:
    """Level 0 runs 400 s in steps, level 1 for 150 s above it: it goes on with level 0 at 150 s."""
    above = profile(TX, (0, 7), (100, 9), id=2, level=1, duration_s=150)
    held = given((1, STAIRS), (1, above))
    assert rows(held, 350) == [(0, 7), (100, 9), (150, 10)]


def test_d5_and_the_lower_one_s_steps_are_seen_where_the_upper_one_has_ended() -> None:
    above = flat(TX, 7, id=2, level=1, duration_s=60)
    assert rows(given((1, STAIRS), (1, above)), 350) == [(0, 7), (60, 8), (100, 10)]


def test_g1_it_begins_when_it_is_asked_for_and_lasts_as_long_as_asked() -> None:
    held = given((1, STAIRS))
    assert rows(held, 300, after_s=60) == [(0, 8), (40, 10)]
    assert rows(held, 40, after_s=60) == [(0, 8)]
    said = answer(held, after_s=60)
    assert said["scheduleStart"] == "2026-01-31T12:01:00Z"
    assert said["chargingSchedule"]["duration"] == 300


def test_g1_what_starts_and_ends_within_it_is_seen() -> None:
    window = flat(TX, 7, id=2, level=1, valid_from=NOON + 20, valid_to=NOON + 30)
    assert rows(given((1, STAIRS), (1, window)), 40) == [(0, 6), (20, 7), (30, 6)]


def test_g1_days_come_again() -> None:
    night = profile(
        TX, (0, 16), kind="Recurring", recurrency="Daily", duration_s=8 * HOUR_S, id=2, level=1
    )
    held = given((1, flat(TX, 6, id=1)), (1, night))
    assert rows(held, 2 * DAY_S, after_s=-HOUR_S) == [
        (0, 32),  # before both
        (HOUR_S, 16),
        (9 * HOUR_S, 6),
        (25 * HOUR_S, 16),
        (33 * HOUR_S, 6),
    ]


def test_g1_asked_in_the_middle_of_a_day_it_goes_on_from_there() -> None:
    night = profile(
        TX, (0, 16), (4 * HOUR_S, 10), kind="Recurring", recurrency="Daily", duration_s=8 * HOUR_S
    )
    assert rows(given((1, night)), DAY_S, after_s=HOUR_S) == [
        (0, 16),
        (3 * HOUR_S, 10),
        (7 * HOUR_S, 32),
        (23 * HOUR_S, 16),
    ]


def test_g1_a_profile_of_our_own_may_change_between_two_seconds() -> None:
    """Adding 0.7 s to a time of today is not exact: no period may be lost by that."""
    running = {1: ocpp.Transaction(41, NOON + 0.1)}
    stairs = [(step * 0.7, 6 + step / 10) for step in range(100)]
    held = given(
        (1, profile(TX, *stairs, kind="Relative")),
        can=replace(CAN, max_periods=100),
        running=running,
    )
    found = rows(held, 70, after_s=0.1, running=running)
    assert [limit for _, limit in found] == [limit for _, limit in stairs]


def test_g2_connector_0_is_what_is_expected_in_total() -> None:
    """6 A for one car; the other 10, then 12 A: 16 and 18 A, under 17 A."""
    cars = (
        (1, flat(TX, 6, id=1)),
        (2, profile(TX, (0, 10), (100, 12), id=2)),
    )
    held = given(*cars, can=TWO, running=CARS)
    assert rows(held, 300, 0, TWO, CARS) == [(0, 16), (100, 18)]
    held = given(*cars, (0, flat(MAX, 17, id=3)), can=TWO, running=CARS)
    assert rows(held, 300, 0, TWO, CARS) == [(0, 16), (100, 17)]


def test_g2_without_any_profile_it_is_what_the_hardware_gives() -> None:
    assert rows(ocpp.Installed(), 60, 0, TWO, {}) == [(0, 64)]
    assert rows(ocpp.Installed(), 60, 1, TWO, {}) == [(0, 32)]


@pytest.mark.parametrize("connector", [3, -1])
def test_g3_an_unknown_connector_is_rejected(connector: int) -> None:
    assert ocpp.composite(TWO, ocpp.Installed(), connector, NOON, 60, "A", {}) is None


def test_g3_a_known_one_is_accepted() -> None:
    said = answer(given((1, STAIRS)))
    assert (said["status"], said["connectorId"]) == ("Accepted", 1)


@pytest.mark.parametrize("unit", ["kW", "a", ""])
def test_g4_a_unit_that_does_not_exist_is_a_call_error(unit: str) -> None:
    with pytest.raises(ocpp.Invalid, match="chargingRateUnit") as caught:
        ocpp.composite(CAN, ocpp.Installed(), 1, NOON, 60, unit, {})
    assert caught.value.code == "PropertyConstraintViolation"


def test_g4_without_a_unit_it_is_one_that_the_station_knows() -> None:
    held = given((1, flat(TX, 10)))
    assert rows(held, 60, unit=None) == [(0, 10)]
    assert rows(held, 60, unit=None, can=replace(CAN, units=("W",))) == [(0, 6900)]
    assert rows(held, 60, unit=None, can=replace(CAN, units=())) == [(0, 10)]


def test_g4_watts_are_in_total_over_the_phases_of_the_period() -> None:
    assert rows(given((1, flat(TX, 10))), 60, unit="W") == [(0, 6900)]
    assert rows(given((1, profile(TX, (0, 10, 1)))), 60, unit="W") == [(0, 2300, 1)]
    watts = given((1, profile(TX, (0, 3680, 1), (50, 11040), unit="W")))
    assert rows(watts, 60, unit="A") == [(0, 16, 1), (50, 16)]
    assert rows(watts, 60, unit="W") == [(0, 3680, 1), (50, 11040)]


def test_g5_its_start_is_said_beside_the_schedule_not_in_it() -> None:
    for held in (given((1, STAIRS)), given((1, flat(TX, 6, kind="Relative")))):
        said = answer(held)
        assert said["scheduleStart"] == "2026-01-31T12:00:00Z"
        assert "startSchedule" not in said["chargingSchedule"]


def test_g6_neighbours_that_say_the_same_are_one_period() -> None:
    held = given((1, profile(TX, (0, 6), (50, 6), (100, 10))))
    assert rows(held, 300) == [(0, 6), (100, 10)]
    above = flat(TX, 6, id=2, level=1, duration_s=30)
    assert rows(given((1, flat(TX, 6)), (1, above)), 300) == [(0, 6)]


def test_g6_neighbours_that_differ_by_less_than_can_be_said_are_one_in_the_answer() -> None:
    """1000 W and 1010 W over three phases of 230 V are 1.449 and 1.464 A."""
    held = given((1, profile(TX, (0, 1000), (50, 1010), (100, 2000), unit="W")))
    periods = answer(held)["chargingSchedule"]["chargingSchedulePeriod"]
    assert periods == [{"startPeriod": 0, "limit": 1.4}, {"startPeriod": 100, "limit": 2.8}]


def test_g6_without_a_limit_it_is_what_the_hardware_gives() -> None:
    held = given((1, flat(TX, 6, start=NOON + 60, duration_s=60)))
    assert rows(held, 300) == [(0, 32), (60, 6), (120, 32)]
    assert rows(held, 300, unit="W") == [(0, 22080), (60, 4140), (120, 22080)]
    one = ocpp.Capabilities(phases=1)
    assert rows(ocpp.Installed(), 60, can=one, unit="W") == [(0, 7360, 1)]


def test_g6_or_it_is_left_out() -> None:
    can = ocpp.Capabilities(composite_shows_maximum=False, gap_falls_to_default=False)
    held = given((1, flat(TX, 6, start=NOON + 60, duration_s=60)))
    assert rows(held, 300, can=can) == [(60, 6)]
    said = answer(held, can=can)["chargingSchedule"]
    assert said["duration"] == 120  # nothing can be said about what comes later
    assert said["chargingSchedulePeriod"] == [{"startPeriod": 60, "limit": 6}]
    past = flat(DEFAULT, 6, id=2, start=NOON + 200, duration_s=10)
    held = given((1, flat(TX, 6, start=NOON + 60, duration_s=60)), (1, past), can=can)
    assert answer(held, can=can)["chargingSchedule"]["duration"] == 120
    nothing = answer(ocpp.Installed(), can=can)
    assert nothing == {"status": "Accepted", "connectorId": 1}


def test_g7_nothing_long_is_what_holds_now() -> None:
    assert rows(given((1, STAIRS)), 0, after_s=60) == [(0, 8)]
    assert answer(given((1, STAIRS)), 60, 0)["chargingSchedule"]["duration"] == 0


def test_g7_beyond_the_end_of_the_profile_nothing_limits() -> None:
    assert rows(given((1, STAIRS)), 600) == [(0, 6), (50, 8), (100, 10), (400, 32)]
    assert rows(given((1, STAIRS)), 600, after_s=400) == [(0, 32)]


def test_g7_no_further_than_the_station_looks_ahead() -> None:
    made = ocpp.composite(
        ocpp.Capabilities(max_composite_s=120), given((1, STAIRS)), 1, NOON, 1e12, "A", CAR
    )
    assert made is not None
    assert made.duration_s == 120
    assert [p.limit for p in made.periods] == [6, 8, 10]


@pytest.mark.parametrize("duration_s", [-1, float("nan"), float("inf")])
def test_g7_a_duration_that_does_not_exist_is_a_call_error(duration_s: float) -> None:
    with pytest.raises(ocpp.Invalid, match="duration"):
        ocpp.composite(CAN, ocpp.Installed(), 1, NOON, duration_s, "A", {})


def test_g_asked_between_two_seconds_the_answer_never_says_more_than_holds() -> None:
    """At 12:00:30.5 with a cut at :50 and a rise at :40: in whole seconds from 12:00:30."""
    held = given((1, profile(TX, (0, 8), (40, 16), (50, 6))))
    said = answer(held, after_s=30.5, duration_s=60)
    assert said["scheduleStart"] == "2026-01-31T12:00:30Z"
    assert said["chargingSchedule"]["chargingSchedulePeriod"] == [
        {"startPeriod": 0, "limit": 8},
        {"startPeriod": 10, "limit": 16},
        {"startPeriod": 20, "limit": 6},
    ]


def test_g_a_change_between_two_seconds_is_a_cut_before_and_a_rise_after() -> None:
    """A transaction since 12:00:00.4: 8 A, 16 A from :40.4, 6 A from :50.4."""
    running = {1: ocpp.Transaction(41, NOON + 0.4)}
    held = given((1, profile(TX, (0, 8), (40, 16), (50, 6), kind="Relative")), running=running)
    made = ocpp.composite(CAN, held, 1, NOON + 1, 60, "A", running)
    assert made is not None
    assert made.plain()["chargingSchedule"]["chargingSchedulePeriod"] == [
        {"startPeriod": 0, "limit": 8},
        {"startPeriod": 40, "limit": 16},  # 12:00:41, the first second with 16 A throughout
        {"startPeriod": 49, "limit": 6},  # 12:00:50, in which 6 A begin
    ]


def test_g_limits_are_said_in_tenths_rounded_down() -> None:
    held = given((1, flat(TX, 1000, unit="W")), (0, flat(DEFAULT, 6, id=9)))
    assert answer(held)["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 1.4


def test_i_a_smallest_rate_is_advice_and_changes_nothing() -> None:
    advised = flat(TX, 4)
    advised = replace(advised, schedule=replace(advised.schedule, min_rate=6.0))
    assert rows(given((1, advised)), 60) == [(0, 4)]
    assert ocpp.limit_at(CAN, given((1, advised)), 1, NOON, CAR).a == 4
    assert ocpp.plain(advised)["chargingSchedule"]["minChargingRate"] == 6

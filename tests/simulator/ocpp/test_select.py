"""C: which profile counts. D: when its schedule runs. E: its units (3.13, 7.8 to 7.14)."""

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
    Row,
    amps,
    answer_to,
    flat,
    given,
    profile,
    rows,
)


def test_c1_the_higher_stack_level_counts() -> None:
    held = given((1, flat(TX, 16, id=1, level=0)), (1, flat(TX, 6, id=2, level=3)))
    assert amps(held, 60) == 6
    held = given((1, flat(TX, 6, id=1, level=0)), (1, flat(TX, 16, id=2, level=3)))
    assert amps(held, 60) == 16


def test_c1_of_those_that_are_valid_from_the_first_second_to_before_the_last() -> None:
    window = {"valid_from": NOON + 60, "valid_to": NOON + 120}
    held = given((1, flat(TX, 16, id=1)), (1, flat(TX, 6, id=2, level=1, **window)))
    assert [amps(held, at) for at in (59, 60, 119, 120, 121)] == [16, 6, 6, 16, 16]


def test_c1_or_with_the_last_second() -> None:
    can = ocpp.Capabilities(valid_to_counts=True)
    held = given((1, flat(TX, 16, id=1)), (1, flat(TX, 6, id=2, level=1, valid_to=NOON + 120)))
    assert [amps(held, at, can=can) for at in (119, 120, 121)] == [6, 6, 16]


def test_c2_a_schedule_that_has_ended_falls_to_the_next_lower_level() -> None:
    held = given(
        (1, flat(TX, 6, id=1, level=0)),
        (1, flat(TX, 10, id=2, level=4, duration_s=300)),
        (1, flat(TX, 16, id=3, level=7, duration_s=100)),
    )
    assert [amps(held, at) for at in (0, 99, 100, 299, 300, 9999)] == [16, 16, 10, 10, 6, 6]


def test_c2_before_its_start_too_and_at_the_bottom_there_is_no_limit() -> None:
    held = given((1, flat(TX, 6, start=NOON + 60, duration_s=60)))
    assert [amps(held, at) for at in (59, 60, 119, 120)] == [None, 6, 6, None]


def test_c2_without_a_duration_the_top_level_never_falls() -> None:
    held = given((1, flat(TX, 6, id=1)), (1, flat(TX, 16, id=2, level=1)))
    assert amps(held, 400 * DAY_S) == 16


def test_c3_a_tx_profile_hides_the_default_even_if_that_is_smaller() -> None:
    held = given((1, flat(DEFAULT, 6, id=1, level=9)), (1, flat(TX, 16, id=2)))
    assert amps(held, 60) == 16
    held = given((1, flat(DEFAULT, 16, id=1)), (1, flat(TX, 6, id=2)))
    assert amps(held, 60) == 6


def test_c3_it_does_so_for_its_own_transaction_only() -> None:
    held = given((1, flat(DEFAULT, 6, id=1)), (1, flat(TX, 16, id=2)))
    assert amps(held, 60, running={1: ocpp.Transaction(43, NOON + 50)}) == 6


@pytest.mark.parametrize(("falls", "in_the_gap"), [(False, None), (True, 6)])
def test_c3_the_gap_of_a_tx_profile_is_free_or_the_default_s(
    falls: bool, in_the_gap: float | None
) -> None:
    can = ocpp.Capabilities(gap_falls_to_default=falls)
    held = given((1, flat(DEFAULT, 6, id=1)), (1, flat(TX, 16, id=2, duration_s=300)))
    assert [amps(held, at, can=can) for at in (299, 300)] == [16, in_the_gap]


@pytest.mark.parametrize("falls", [False, True])
def test_c3_one_that_is_not_valid_is_not_there(falls: bool) -> None:
    can = ocpp.Capabilities(gap_falls_to_default=falls)
    short = flat(TX, 16, id=2, valid_to=NOON + 300)
    held = given((1, flat(DEFAULT, 6, id=1)), (1, short))
    assert [amps(held, at, can=can) for at in (299, 300)] == [16, 6]


def test_c3_without_a_word_the_default_limits_after_a_tx_profile_has_ended() -> None:
    """6 A by default, 16 A for 300 s in the session: from then on 6 A, not 32 A."""
    held = given((1, flat(DEFAULT, 6, id=1)), (1, flat(TX, 16, id=2, duration_s=300)))
    assert [amps(held, at) for at in (0, 299, 300, 3000)] == [16, 16, 6, 6]


@pytest.mark.parametrize(
    ("at_s", "limit_a"), [(0, 6), (3599, 6), (3600, 10), (7199, 10), (7200, 6), (90000, 10)]
)
def test_c3_a_recurring_profile_says_nothing_before_its_first_start(
    at_s: int, limit_a: float
) -> None:
    """It begins each day at one, for an hour, for the first time in an hour."""
    daily = flat(
        DEFAULT,
        10,
        id=2,
        level=1,
        kind="Recurring",
        recurrency="Daily",
        start=NOON + 3600,
        duration_s=3600,
    )
    assert amps(given((1, flat(DEFAULT, 6, id=1)), (1, daily)), at_s) == limit_a


def test_c4_a_connector_s_own_default_goes_first_on_any_level() -> None:
    held = given((0, flat(DEFAULT, 6, id=1, level=5)), (1, flat(DEFAULT, 10, id=2)), can=TWO)
    assert amps(held, 60, 1, TWO, CARS) == 10
    assert amps(held, 60, 2, TWO, CARS) == 6


def test_c4_and_when_it_has_ended_the_station_s_counts_again() -> None:
    held = given((0, flat(DEFAULT, 6, id=1)), (1, flat(DEFAULT, 10, id=2, duration_s=60)))
    assert [amps(held, at) for at in (59, 60)] == [10, 6]


def test_c4_or_both_are_one_stack() -> None:
    can = ocpp.Capabilities(own_default_first=False)
    held = given((0, flat(DEFAULT, 6, id=1, level=5)), (1, flat(DEFAULT, 10, id=2)))
    assert amps(held, 60, can=can) == 6
    held = given((0, flat(DEFAULT, 6, id=1)), (1, flat(DEFAULT, 10, id=2)))
    assert amps(held, 60, can=can) == 10


@pytest.mark.parametrize(("most", "own", "limit"), [(10, 16, 10), (16, 10, 10), (0, 16, 0)])
@pytest.mark.parametrize("purpose", [TX, DEFAULT])
def test_c5_the_smaller_of_the_station_s_and_the_connector_s(
    most: float, own: float, limit: float, purpose: str
) -> None:
    held = given((0, flat(MAX, most, id=1)), (1, flat(purpose, own, id=2)))
    assert amps(held, 60) == limit


def test_c5_moment_by_moment() -> None:
    """Station 20, 8, 20 A; car 16, 16, 12 A: 16, 8 and 12."""
    held = given(
        (0, profile(MAX, (0, 20), (100, 8), (200, 20), id=1)),
        (1, profile(TX, (0, 16), (200, 12), id=2)),
    )
    assert [amps(held, at) for at in (0, 100, 200)] == [16, 8, 12]


def test_c5_the_station_s_limit_is_for_all_cars_together() -> None:
    """Two cars under 20 A have 10 A each; a single one has 20 A; each car's own profile still."""
    held = given((0, flat(MAX, 20, id=1)), (2, flat(TX, 6, id=2)), can=TWO, running=CARS)
    assert amps(held, 60, 1, TWO, CARS) == 10
    assert amps(held, 60, 2, TWO, CARS) == 6
    assert amps(held, 60, 1, TWO, CAR) == 20


def test_c5_an_idle_connector_is_asked_what_it_would_have_beside_the_others() -> None:
    held = given((0, flat(MAX, 20)), can=TWO, running=CARS)
    assert amps(held, 60, 1, TWO, {2: CARS[2]}) == 10
    assert amps(held, 60, 1, TWO, {}) == 20


@pytest.mark.parametrize(("taken", "left"), [(0, 20), (6, 14), (20, 0), (25, 0)])
def test_c5_or_what_the_others_leave_of_it(taken: float, left: float) -> None:
    held = given((0, flat(MAX, 20)), can=TWO, running=CARS)
    others = {1: 16.0, 2: taken}
    assert amps(held, 60, 1, TWO, CARS, others=others) == left


def test_c5_or_by_mistake_each_has_all_of_it() -> None:
    can = replace(TWO, maximum_is_shared=False)
    held = given((0, flat(MAX, 20)), can=can, running=CARS)
    assert amps(held, 60, 1, can, CARS) == 20
    assert amps(held, 60, 1, can, CARS, others={2: 16}) == 20


def test_c5_connector_0_is_all_of_them() -> None:
    """6 + 10 A under 20 A; and under 12 A."""
    cars = ((1, flat(TX, 6, id=1)), (2, flat(TX, 10, id=2)))
    held = given(*cars, (0, flat(MAX, 20, id=3)), can=TWO, running=CARS)
    assert amps(held, 60, 0, TWO, CARS) == 16
    held = given(*cars, (0, flat(MAX, 12, id=3)), can=TWO, running=CARS)
    assert amps(held, 60, 0, TWO, CARS) == 12


def test_c5_a_car_that_nothing_limits_counts_with_what_the_hardware_gives() -> None:
    held = given((1, flat(TX, 6)), can=TWO, running=CARS)
    assert amps(held, 60, 0, TWO, CARS) == 6 + 32
    assert amps(ocpp.Installed(), 60, 0, TWO, CARS) is None


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [((0, 6, 1), (0, 10, 1), 1), ((0, 6, 1), (0, 10, 2), 2), ((0, 6, 1), (0, 10), 3)],
)
def test_c5_together_cars_use_the_phases_of_the_one_with_most(
    left: Row, right: Row, together: int
) -> None:
    one, two = profile(TX, left, id=1), profile(TX, right, id=2)
    held = given((1, one), (2, two), can=TWO, running=CARS)
    assert ocpp.limit_at(TWO, held, 0, NOON, CARS).phases == together


def test_c5_or_connector_0_is_the_station_s_limit_alone() -> None:
    can = replace(TWO, total_counts_connectors=False)
    held = given((1, flat(TX, 6, id=1)), (0, flat(MAX, 20, id=3)), can=can)
    assert amps(held, 60, 0, can, CAR) == 20


def test_c6_without_a_transaction_only_the_station_s_limit_is_in_force() -> None:
    held = given((0, flat(MAX, 20, id=1)), (1, flat(DEFAULT, 6, id=2)))
    assert amps(held, 60, running={}) == 20
    assert amps(held, 60, running={}, as_if_started=True) == 6
    assert amps(held, 60) == 6


def test_c6_but_the_composite_schedule_shows_the_default_or_not() -> None:
    held = given((1, flat(DEFAULT, 6)))
    assert rows(held, 60, running={}) == [(0, 6)]
    can = ocpp.Capabilities(composite_shows_default=False)
    assert rows(held, 60, can=can, running={}) == [(0, 32)]  # what the hardware gives


def test_c7_without_a_profile_nothing_limits() -> None:
    limit = ocpp.limit_at(CAN, ocpp.Installed(), 1, NOON, CAR)
    assert (limit.a, limit.w, limit.phases, limit.by) == (None, None, 3, ())


def test_c7_nor_when_all_have_expired() -> None:
    end = {"valid_to": NOON + 60}
    held = given((0, flat(MAX, 20, id=1, **end)), (1, flat(TX, 6, id=2, **end)))
    assert [amps(held, at) for at in (59, 60)] == [6, None]


def test_c7_the_profiles_that_bind_are_named() -> None:
    most, own = flat(MAX, 10, id=1), flat(TX, 16, id=2, transaction=41)
    limit = ocpp.limit_at(CAN, given((0, most), (1, own)), 1, NOON, CAR)
    assert limit.by == (most,)
    limit = ocpp.limit_at(CAN, given((1, own)), 1, NOON, CAR)
    assert limit.by == (own,)


def test_d1_absolute_counts_from_its_start_not_from_its_validity() -> None:
    steps = profile(TX, (0, 6), (100, 8), (200, 10), start=NOON - 150, valid_from=NOON - 20)
    held = given((1, steps))
    assert [amps(held, at) for at in (0, 49, 50)] == [8, 8, 10]


def test_d1_absolute_without_a_start_counts_from_the_start_of_charging() -> None:
    held = given((1, profile(TX, (0, 6), (100, 8), start=None)))
    running = {1: ocpp.Transaction(41, NOON - 60)}
    assert [amps(held, at, running=running) for at in (39, 40)] == [6, 8]


def test_d1_or_is_rejected() -> None:
    can = ocpp.Capabilities(absolute_needs_start=True)
    assert answer_to(flat(TX, 6, start=None), can=can) == "Rejected"
    assert answer_to(flat(TX, 6), can=can) == "Accepted"
    assert answer_to(flat(TX, 6, kind="Relative"), can=can) == "Accepted"


def daily(*limits: tuple[float, float], **more: Any) -> ocpp.Profile:
    return profile(TX, *limits, kind="Recurring", **{"recurrency": "Daily", **more})


def test_d2_daily_begins_anew_each_24_hours() -> None:
    held = given((1, daily((0, 6), (8 * HOUR_S, 16))))
    for day in (0, 1, 57):
        assert amps(held, day * DAY_S) == 6
        assert amps(held, day * DAY_S + 8 * HOUR_S - 1) == 6
        assert amps(held, day * DAY_S + 8 * HOUR_S) == 16
        assert amps(held, (day + 1) * DAY_S - 1) == 16


def test_d2_not_before_its_first_start() -> None:
    held = given((1, daily((0, 6), start=NOON + DAY_S)))
    assert [amps(held, at) for at in (0, DAY_S - 1, DAY_S)] == [None, None, 6]


def test_d2_weekly_on_the_same_weekday() -> None:
    held = given((1, daily((0, 6), (DAY_S, 16), recurrency="Weekly")))
    week = 7 * DAY_S
    assert [amps(held, at) for at in (0, DAY_S, week - 1, week, week + DAY_S)] == [6, 16, 16, 6, 16]


def test_d2_periods_beyond_the_recurrence_do_not_run() -> None:
    held = given((1, daily((0, 6), (DAY_S, 16), (DAY_S + 60, 20))))
    assert [amps(held, at) for at in (DAY_S - 1, DAY_S, DAY_S + 60)] == [6, 6, 6]


def test_d2_a_shorter_duration_leaves_the_rest_of_the_day_to_lower_levels() -> None:
    night = daily((0, 16), id=2, level=1, duration_s=8 * HOUR_S)
    held = given((1, flat(TX, 6, id=1)), (1, night))
    for day in (0, 3):
        hours = [amps(held, day * DAY_S + hour * HOUR_S) for hour in (0, 7, 8, 23)]
        assert hours == [16, 16, 6, 6]


def test_d2_a_longer_duration_changes_nothing() -> None:
    held = given((1, daily((0, 6), (HOUR_S, 16), duration_s=3 * DAY_S)))
    assert [amps(held, at) for at in (DAY_S, DAY_S + HOUR_S)] == [6, 16]


def test_d2_summer_time_moves_nothing() -> None:
    """On 2026-03-29 clocks in Europe go forward; the schedule stays at 12:00 UTC."""
    march_30 = 1774872000.0
    held = given((1, daily((0, 6), (HOUR_S, 16))))
    assert ocpp.limit_at(CAN, held, 1, march_30 - 1, CAR).a == 16
    assert ocpp.limit_at(CAN, held, 1, march_30, CAR).a == 6


def test_d2_without_a_start_there_is_no_time_of_day() -> None:
    assert answer_to(daily((0, 6), start=None)) == "Rejected"
    held = ocpp.Installed(((1, daily((0, 6), start=None)),))
    assert amps(held, 60) is None


def test_d3_relative_counts_from_the_start_of_the_transaction() -> None:
    held = given((1, profile(TX, (0, 6), (100, 8), kind="Relative")))
    running = {1: ocpp.Transaction(41, NOON - 60)}
    assert [amps(held, at, running=running) for at in (39, 40)] == [6, 8]


def test_d3_it_ends_its_duration_after_that_however_late_it_came() -> None:
    """Set to run for 120 s and sent 100 s into the transaction, it has 20 s left."""
    running = {1: ocpp.Transaction(41, NOON - 100)}
    held = given((1, flat(TX, 16, kind="Relative", duration_s=120)), running=running)
    assert [amps(held, at, running=running) for at in (19, 20)] == [16, None]


def test_d3_a_relative_default_ends_for_each_transaction() -> None:
    held = given((1, flat(DEFAULT, 6, kind="Relative", duration_s=120)))
    assert [amps(held, at) for at in (119, 120)] == [6, None]
    later = {1: ocpp.Transaction(43, NOON + 500)}
    assert [amps(held, at, running=later) for at in (500, 619, 620)] == [6, 6, None]


@pytest.mark.parametrize(("starts_now", "shown"), [(True, 6), (False, None)])
def test_d3_without_a_transaction_relative_starts_now_or_says_nothing(
    starts_now: bool, shown: float | None
) -> None:
    can = ocpp.Capabilities(relative_starts_now=starts_now)
    held = given((0, profile(MAX, (0, 6), (100, 8), kind="Relative")))
    assert amps(held, 500, can=can, running={}) == shown
    later = amps(held, 500, can=can, running={}, origin=NOON + 350)
    assert later == (8 if starts_now else None)


def test_d3_a_relative_station_maximum_counts_from_the_oldest_transaction() -> None:
    held = given((0, profile(MAX, (0, 6), (100, 8), kind="Relative")), can=TWO)
    running = {1: ocpp.Transaction(41, NOON), 2: ocpp.Transaction(42, NOON - 60)}
    assert [amps(held, at, 0, TWO, running) for at in (39, 40)] == [6, 8]


def test_d4_a_period_runs_until_the_next_one_and_the_last_without_end() -> None:
    held = given((1, profile(TX, (0, 6), (50, 8), (100, 10))))
    assert [amps(held, at) for at in (0, 49, 50, 99, 100, 9e6)] == [6, 6, 8, 8, 10, 10]


def test_d4_or_until_the_duration_after_which_periods_do_not_run() -> None:
    held = given((1, profile(TX, (0, 6), (50, 8), (100, 10), duration_s=80)))
    assert [amps(held, at) for at in (50, 79, 80, 100)] == [8, 8, None, None]
    assert amps(given((1, flat(TX, 6, duration_s=0))), 0) is None


def test_e1_amperes_are_per_phase() -> None:
    limit = ocpp.limit_at(CAN, given((1, flat(TX, 16))), 1, NOON, CAR)
    assert (limit.a, limit.w, limit.phases) == (16, 3 * 16 * 230, 3)


@pytest.mark.parametrize(
    ("watts", "phases", "per_phase"),
    [(11040, None, 16), (11040, 3, 16), (3680, 1, 16), (11040, 1, 48), (9200, 2, 20)],
)
def test_e1_watts_are_in_total_over_the_phases_named_or_three(
    watts: float, phases: int | None, per_phase: float
) -> None:
    row = (0, watts) if phases is None else (0, watts, phases)
    held = given((1, profile(TX, row, unit="W")))
    assert amps(held, 0) == pytest.approx(per_phase)


def test_e1_the_voltage_is_the_nominal_one() -> None:
    """11040 W over three phases of 240 V are 15.33 A."""
    held = given((1, flat(TX, 11040, unit="W")))
    assert amps(held, 0, can=ocpp.Capabilities(voltage_v=240)) == pytest.approx(46 / 3)


def test_e2_more_phases_than_there_are_do_not_make_more_current() -> None:
    """11040 W are 16 A, for a car on one phase and on a station with one phase, too."""
    one = {1: ocpp.Transaction(41, NOON, phases=1)}
    held = given((1, flat(TX, 11040, unit="W")))
    limit = ocpp.limit_at(CAN, held, 1, NOON, one)
    assert (limit.a, limit.phases, limit.w) == (pytest.approx(16), 1, pytest.approx(16 * 230))
    limit = ocpp.limit_at(ocpp.Capabilities(phases=1), held, 1, NOON, CAR)
    assert (limit.a, limit.phases) == (pytest.approx(16), 1)


def test_e2_amperes_stay_as_they_are_too() -> None:
    one = {1: ocpp.Transaction(41, NOON, phases=1)}
    limit = ocpp.limit_at(CAN, given((1, profile(TX, (0, 10, 3)))), 1, NOON, one)
    assert (limit.a, limit.phases, limit.w) == (10, 1, 2300)


@pytest.mark.parametrize(("watts", "a"), [(6900, 10), (13800, 16)])
def test_e3_amperes_and_watts_are_compared_as_the_same_unit(watts: float, a: float) -> None:
    held = given((0, flat(MAX, watts, id=1, unit="W")), (1, flat(TX, 16, id=2)))
    assert amps(held, 0) == pytest.approx(a)


def test_e3_the_fewest_phases_go_with_the_smallest_current() -> None:
    """20 A on one phase and 16 A on three: 16 A on one, which is 3680 W and within both."""
    held = given((0, profile(MAX, (0, 20, 1), id=1)), (1, profile(TX, (0, 16, 3), id=2)))
    limit = ocpp.limit_at(CAN, held, 1, NOON, CAR)
    assert (limit.a, limit.phases, limit.w) == (16, 1, 3680)
    assert {p.id for p in limit.by} == {1, 2}

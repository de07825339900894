"""The closed loop: how fast loads make room, follow the sun, and how quiet they are otherwise.

What is wanted is docs/product.md section 5 and arithmetic, worked out beside each number.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from simulator.steps import catalogue, figures
from simulator.steps.catalogue import DOWN_S, HOB_ENDS_S, HOUR_S, UP_S
from simulator.steps.experiment import Experiment, Trace, run
from simulator.steps.signals import levels, on_phases

RAISE_INTERVAL_S = 15.0
RAMP_A_S = 0.5
DEAD_BAND_A = 0.3
PAUSE_S = 180.0
MARGIN_S = 1.0
"""Changes are joined for 0.5 s, and the house is looked at every 0.25 s."""


def time_to_follow_s(one: Experiment) -> float:
    """How long a jump may last: the meter must have spoken, and the car obeyed."""
    return one.meter_s + one.reaction_s + MARGIN_S


def falls_under_at_once(trace: Trace) -> None:
    """One overload from the jump on, as short as can be, and none when the house steps down."""
    over = figures.pieces(trace)
    assert len(over) == 1, over
    assert over[0].start_s == UP_S
    assert over[0].seconds <= time_to_follow_s(trace.experiment)
    assert figures.late(trace) == []


def at(trace: Trace, load: str, t: float) -> float:
    """A per leg that a load draws at `t`."""
    return trace.draw_a[load][trace.t_s.index(t)]


# --- a step of the house ---


@pytest.mark.parametrize("report_s", [10.0, 60.0])
@pytest.mark.parametrize("reaction_s", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("meter_s", [1.0, 10.0])
@pytest.mark.parametrize("three_phase", [True, False])
@pytest.mark.parametrize("by_a", [10.0, 14.0])
def test_a_step_of_the_house_is_made_room_for(
    by_a: float, three_phase: bool, meter_s: float, reaction_s: float, report_s: float
) -> None:
    trace = run(catalogue.household_step(by_a, three_phase, 4.0, meter_s, reaction_s, report_s))
    assert at(trace, "car", 100.0) == 16.0
    falls_under_at_once(trace)
    # 25 - (4 + step) A are left. A slow car may be cut by 1 A more than it should need.
    left_a = 25.0 - 4.0 - by_a
    assert max(left_a - 1.0, 6.0) - 0.1 <= at(trace, "car", DOWN_S - 0.25) <= left_a + 0.05
    # Back again: at most 10 A, that is two raises, and one below the dead band after 60 s.
    assert trace.draw_a["car"][-1] >= 16.0 - DEAD_BAND_A


@pytest.mark.parametrize("reaction_s", [2.0, 5.0])
@pytest.mark.parametrize("offset_s", [float(s) for s in range(10)])
def test_it_does_not_matter_when_in_a_charger_s_interval_the_step_comes(
    offset_s: float, reaction_s: float
) -> None:
    one = catalogue.household_step(14.0, reaction_s=reaction_s)
    shifted = replace(
        one, household=lambda t: one.household(t - offset_s), length_s=one.length_s + offset_s
    )
    over = figures.pieces(run(shifted))
    assert len(over) == 1
    assert over[0].seconds <= time_to_follow_s(one)


@pytest.mark.parametrize("reaction_s", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("after_s", [1.0, 2.0, 3.0, 4.0, 6.0])
def test_a_step_while_a_raise_is_under_way_is_not_taken_for_the_car(
    after_s: float, reaction_s: float
) -> None:
    # The house steps down, the car is told more, and the house steps up again before the car, or a
    # report of it, has shown anything.
    again_s = DOWN_S + after_s
    one = catalogue.household_step(14.0, reaction_s=reaction_s, length_s=300.0)
    house = levels((0.0, 4.0), (UP_S, 18.0), (DOWN_S, 4.0), (again_s, 18.0))
    trace = run(replace(one, household=on_phases(A=house, B=2.0, C=2.0), from_s=DOWN_S))
    over = figures.pieces(trace)
    assert len(over) <= 1, over
    for piece in over:
        assert piece.start_s + piece.seconds <= again_s + time_to_follow_s(one)


def test_a_fast_meter_and_a_fast_car_are_under_the_limit_within_4_s() -> None:
    assert time_to_follow_s(catalogue.household_step(14.0)) == 4.0


@pytest.mark.parametrize("reaction_s", [2.0, 5.0])
@pytest.mark.parametrize("by_a", [10.0, 14.0])
def test_raises_are_ramped(by_a: float, reaction_s: float) -> None:
    # 0.5 A/s, and a raise each 15 s: no more than 7.5 A more than 15 s ago.
    trace = run(catalogue.household_step(by_a, reaction_s=reaction_s))
    told = trace.command_a["car"]
    since = trace.t_s.index(DOWN_S - 0.25)
    span = round(RAISE_INTERVAL_S / trace.experiment.step_s)
    rises = [told[n] - told[n - span + 1] for n in range(since, len(told))]
    assert max(rises) <= RAMP_A_S * RAISE_INTERVAL_S + 0.05


@pytest.mark.parametrize("reaction_s", [2.0, 5.0])
def test_a_car_that_had_to_stop_comes_back_after_its_pause(reaction_s: float) -> None:
    trace = run(replace(catalogue.stop_and_resume(), reaction_s=reaction_s))
    falls_under_at_once(trace)
    assert at(trace, "car", DOWN_S - 0.25) == 0.0
    draws = [t for t, amps in zip(trace.t_s, trace.draw_a["car"], strict=True) if amps and t > UP_S]
    begins = next(t for t in draws if t > DOWN_S)
    # Its minimum has been free for the pause, and then it starts within a raise interval.
    assert DOWN_S + PAUSE_S <= begins <= DOWN_S + PAUSE_S + RAISE_INTERVAL_S + reaction_s + 10.0
    assert trace.draw_a["car"][-1] >= 16.0 - DEAD_BAND_A
    assert (figures.stops(trace, "car"), figures.starts(trace, "car")) == (1, 1)


@pytest.mark.parametrize("reaction_s", [2.0, 5.0])
@pytest.mark.parametrize("meter_s", [1.0, 10.0])
@pytest.mark.parametrize("by_a", [10.0, 14.0])
def test_ten_loads_make_room_together(by_a: float, meter_s: float, reaction_s: float) -> None:
    trace = run(catalogue.ten_loads_step(by_a, meter_s, reaction_s))
    before = trace.t_s.index(100.0)
    # Phase A is full, or the step would be none: at most 0.1 A of each of six cars is rounding.
    assert trace.current_a["main", "A"][before] > 63.0 - 0.7
    falls_under_at_once(trace)
    for load, draw_a in trace.draw_a.items():
        assert draw_a[-1] >= draw_a[before] - DEAD_BAND_A - 0.1, load


# --- sun ---


@pytest.mark.parametrize("reaction_s", [2.0, 5.0])
@pytest.mark.parametrize("battery", [False, True])
@pytest.mark.parametrize("three_phase", [False, True])
def test_a_step_of_the_sun_is_followed(three_phase: bool, battery: bool, reaction_s: float) -> None:
    one = replace(catalogue.sun_steps(three_phase, battery), reaction_s=reaction_s)
    trace = run(one)
    answers = figures.responses(trace, "car")
    assert [answer.by_a for answer in answers] == [5.0, -5.0, 5.0, -5.0]
    for answer in answers:
        assert answer.settled_s is not None, answer
        assert answer.settled_s <= (30.0 if answer.by_a > 0 else 10.0), answer
        assert answer.overshoots <= 1, answer


@cache
def clouds(period_s: float) -> Trace:
    return run(catalogue.clouds(period_s))


@pytest.mark.parametrize("period_s", [20.0, 60.0, 180.0, 900.0])
def test_clouds_do_not_start_and_stop_a_car(period_s: float) -> None:
    # Clouds of less than the grace (5 min) stop nothing; of 7.5 min every quarter hour four.
    trace = clouds(period_s)
    assert figures.starts(trace, "car") <= (1 if period_s < 300.0 else 4)


@pytest.mark.parametrize("period_s", [20.0, 60.0, 180.0, 900.0])
def test_clouds_raise_a_car_no_faster_than_the_raise_interval(period_s: float) -> None:
    shortest_s = figures.shortest_between_raises_s(clouds(period_s), "car")
    assert shortest_s is None or shortest_s >= RAISE_INTERVAL_S - 0.5


# --- quiet ---


def test_noise_changes_a_solar_car_a_few_dozen_times_an_hour() -> None:
    # 60 W are 0.26 A, less than the dead band: what is left are raises that have stood for 60 s.
    trace = run(catalogue.noisy_sun())
    assert len(figures.changes(trace, "car")) <= 60
    draw_a = trace.draw_a["car"][300:]
    assert abs(sum(draw_a) / len(draw_a) - 10.0) <= DEAD_BAND_A + 0.1


def test_noise_below_a_full_breaker_is_not_made_worse() -> None:
    # Raised by the lowest reading, met by the highest: twice 0.26 A, and the meter's step.
    trace = run(catalogue.noisy_breaker())
    over = figures.pieces(trace)
    assert max((piece.worst_a for piece in over), default=0.0) <= 2 * 60.0 / 230.0 + 0.1
    assert max((piece.seconds for piece in over), default=0.0) <= 4.0


def test_a_hob_does_not_start_a_car_each_time_it_is_off() -> None:
    trace = run(catalogue.hob())
    # Once at the beginning perhaps, and once when the hob has been off for the pause.
    assert figures.starts(trace, "car") <= 2
    drawing = [t for t, amps in zip(trace.t_s, trace.draw_a["car"], strict=True) if amps]
    begins = next(t for t in drawing if t >= HOB_ENDS_S)
    free_s = HOB_ENDS_S - 10.0  # 10 s on, 20 s off: the last time on ends 10 s before the hob does
    assert free_s + PAUSE_S <= begins <= free_s + PAUSE_S + RAISE_INTERVAL_S + 10.0
    assert trace.draw_a["car"][-1] == pytest.approx(9.0, abs=DEAD_BAND_A + 0.1)  # 25 - 16 A
    assert all(piece.seconds <= 4.0 for piece in figures.pieces(trace))


def test_names_are_told_apart_and_pictures_find_their_experiments() -> None:
    names = [one.name for one in catalogue.all_steps()]
    assert len(set(names)) == len(names)
    assert all(one.length_s <= HOUR_S + 300.0 for one in catalogue.all_steps())
    for one in catalogue.all_steps():
        assert all(a < b for a, b in pairwise((0.0, *one.steps_s, one.length_s)))

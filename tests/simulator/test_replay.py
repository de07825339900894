"""The readings of a real house, second by second, with two cars beside it on 25 A."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from simulator.steps import catalogue, figures
from simulator.steps.experiment import Trace, run
from simulator.steps.signals import Unreadable, read_readings

TRACE = Path(__file__).resolve().parents[1] / "data" / "house_trace.csv"
PAUSE_S = 180.0


METERS_S = (1.0, 5.0, 10.0)
CARS_S = (2.0, 3.0, 5.0, 8.0)
LEAST_A = 6.0


@cache
def replayed(meter_s: float, reaction_s: float) -> Trace:
    return run(catalogue.replay(TRACE, meter_s, reaction_s))


@pytest.mark.parametrize("meter_s", METERS_S)
@pytest.mark.parametrize("reaction_s", CARS_S)
def test_no_overload_that_loads_could_have_avoided(meter_s: float, reaction_s: float) -> None:
    late = figures.late(replayed(meter_s, reaction_s))
    assert late == [], f"{len(late)} s"


@pytest.mark.parametrize("meter_s", METERS_S)
@pytest.mark.parametrize("reaction_s", CARS_S)
def test_no_car_is_stopped_that_had_room(meter_s: float, reaction_s: float) -> None:
    """At each stop the minimums did not fit, at least once since meter and car had their time."""
    trace = replayed(meter_s, reaction_s)
    back = round((meter_s + reaction_s + 1.0) / trace.experiment.step_s)
    stops = 0
    for load, told in trace.command_a.items():
        for number in range(1, len(told)):
            if told[number] > 0.0 or told[number - 1] == 0.0:
                continue
            stops += 1
            since = max(number - back, 0)
            others_a = [max(amps[since : number + 1]) for amps in trace.others_a.values()]
            beside = [other for other in trace.command_a if other != load]
            minimums = 1 + sum(trace.command_a[other][number] > 0.0 for other in beside)
            room_a = 25.0 - max(others_a)
            assert room_a < minimums * LEAST_A, f"{load} is stopped at {trace.t_s[number]:g} s"
    assert stops, "a replay in which nothing has to stop shows nothing"


def test_a_run_at_the_very_moment_of_a_reading_is_no_worse() -> None:
    trace = run(replace(catalogue.replay(TRACE, meter_s=10.0), lag_s=0.0))
    late = figures.late(trace)
    assert late == [], f"{len(late)} s"


def test_the_house_alone_is_never_over_so_all_overload_is_the_loads() -> None:
    trace = replayed(1.0, 2.0)
    # 22 A is the largest reading: what `late` allows beyond 25 A is never made use of.
    assert max(max(amps) for amps in trace.alone_a.values()) == 22.0


def test_the_cars_make_use_of_what_is_left() -> None:
    # Even who trusts only what has been free on all phases for the pause and a raise interval could
    # draw so much per leg; 6 A are the least, 2 x 16 A the most. A tenth is for the way up.
    trace = replayed(1.0, 2.0)
    rooms_a = [25.0 - max(amps) for amps in zip(*trace.others_a.values(), strict=True)]
    sure_a = [min(rooms_a[max(n - 195, 0) : n + 1]) for n in range(len(rooms_a))]
    trusted = sum(min(amps, 32.0) for amps in sure_a if amps >= 6.0)
    drawn = sum(sum(amps) for amps in trace.draw_a.values())
    assert drawn >= 0.9 * trusted


@pytest.mark.parametrize("load", ["left", "right"])
def test_a_car_starts_again_only_when_its_minimum_has_been_free_for_its_pause(load: str) -> None:
    trace = replayed(1.0, 2.0)
    told = trace.command_a[load]
    for number in range(1, len(told)):
        if told[number] == 0.0 or told[number - 1] > 0.0 or number < PAUSE_S:
            continue
        # A reading of the moment of the stop may already be part of the pause.
        since = number - round(PAUSE_S) + 2
        for others_a in trace.others_a.values():
            least_a = 25.0 - max(others_a[since:number])
            assert least_a >= 6.0 - 0.2, f"{load} starts at {trace.t_s[number]:g} s"


# --- reading ---


def write(folder: Path, text: str) -> Path:
    path = folder / "house.csv"
    path.write_text(text)
    return path


def test_readings_hold_until_the_next_whenever_that_is(tmp_path: Path) -> None:
    text = "t_s,a_a,b_a,c_a\n10.0,1,2,-3\n10.4,4,5,6\n14.0,7,8,9\n"
    readings = read_readings(write(tmp_path, text))
    assert readings.length_s == 4.0
    assert readings(0.3) == {"A": 1.0, "B": 2.0, "C": -3.0}
    assert readings(0.5)["A"] == readings(3.9)["A"] == 4.0
    assert readings(99.0)["C"] == 9.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("t_s,a_a,b_a\n0,1,2\n1,1,2\n", "line 2: c_a is missing or no number"),
        ("t_s,a_a,b_a,c_a\n0,1,2,3\n1,1,two,3\n", "line 3: b_a is missing or no number"),
        ("t_s,a_a,b_a,c_a\n0,1,2,3\n1,nan,2,3\n", "line 3: a_a is not finite"),
        ("t_s,a_a,b_a,c_a\n0,1,2,3\n0,1,2,3\n", "line 3: t_s does not rise"),
        ("t_s,a_a,b_a,c_a\n0,1,2,3\n", "fewer than two readings"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_readings(write(tmp_path, text))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no\.csv"):
        read_readings(tmp_path / "no.csv")

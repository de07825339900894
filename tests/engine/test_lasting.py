"""How long something has lasted: each interruption takes away as much as it lasts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loadjuggler.memory import lasting
from loadjuggler.memory.lasting import NEVER, Times, goes_on, is_interrupted, lasted_s
from loadjuggler.memory.timers import Delays

Changes = list[tuple[float, bool]]
"""For so many s it holds, or not."""


def lived(
    changes: Changes, most_s: float = float("inf"), step_s: float = 1.0
) -> tuple[Times, float]:
    """The times after `changes`, looked at every `step_s`, and the time at their end."""
    times, now = NEVER, 1000.0
    for seconds, holds in changes:
        end = now + seconds
        while now < end:
            times = goes_on(*times, now) if holds else is_interrupted(*times, now, most_s)
            now += min(step_s, end - now)
    return times, now


@pytest.mark.parametrize(
    ("changes", "right_s"),
    [
        pytest.param([], 0.0, id="it never began"),
        pytest.param([(100.0, True)], 100.0, id="it holds"),
        pytest.param([(100.0, True), (40.0, False)], 60.0, id="an interruption counts against it"),
        pytest.param([(100.0, True), (40.0, False), (60.0, True)], 120.0, id="and it goes on"),
        pytest.param([(30.0, True), (31.0, False)], 0.0, id="an interruption that is longer"),
        pytest.param([(30.0, True), (500.0, False), (9.0, True)], 9.0, id="nothing is owed"),
        pytest.param([(20.0, True), (520.0, False)] * 8, 0.0, id="flashes of 20 s in 9 min"),
        pytest.param([(7.0, True), (3.0, False)] * 10, 40.0, id="flicker: 70 s less 30 s"),
    ],
)
def test_what_interrupts_it_takes_away_as_much_as_it_lasts(
    changes: Changes, right_s: float
) -> None:
    times, now = lived(changes)
    assert lasted_s(*times, now) == pytest.approx(right_s, abs=1e-6)


def test_no_more_than_its_bound_is_to_be_used_up() -> None:
    """A day of sun, of which 180 s count: after 180 s of darkness nothing is left of it."""
    times, now = lived([(86400.0, True), (170.0, False)], most_s=180.0, step_s=60.0)
    assert lasted_s(*times, now) == pytest.approx(10.0)
    times, now = lived([(86400.0, True), (200.0, False)], most_s=180.0, step_s=60.0)
    assert lasted_s(*times, now) == 0.0
    assert lasting.is_interrupted(*times, now) == NEVER


@given(
    st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=20),
    st.sampled_from([1.0, 5.0, 13.0]),
)
def test_it_is_what_a_bucket_would_hold(changes: Changes, step_s: float) -> None:
    """Filled while it holds, emptied while it does not, whenever it is looked at."""
    bucket_s = 0.0
    for seconds, holds in changes:
        bucket_s = bucket_s + seconds if holds else max(bucket_s - seconds, 0.0)
    times, now = lived(changes, step_s=step_s)
    assert lasted_s(*times, now) == pytest.approx(bucket_s, abs=1e-6)


def test_the_sun_that_is_back_for_a_moment_does_not_begin_a_new_grace() -> None:
    """200 s without sun, 10 s with it: 190 s of the grace are used up."""
    known = Delays(started_at=0.0).short(1000.0).enough(1200.0)
    assert known.short_s(1210.0) == 190.0
    assert known.enough(1390.0).short_s(1391.0) == 9.0
    assert known.enough(1400.0) == Delays(started_at=0.0), "as long as it lacked sun: a new grace"


def test_a_car_that_comes_finds_since_when_there_is_sun() -> None:
    known = Delays(stopped_at=1.0, stops=3, short_at=2.0).room(5.0)
    assert known.without_car() == Delays(free_at=5.0)

"""Amperes, watts and rounding down."""

from __future__ import annotations

import pytest
from loadjuggler.units import (
    PerPhase,
    amps_to_watts,
    ceil_to_step,
    floor_to_step,
    higher_of,
    lower_of,
    watts_to_amps,
)


@pytest.mark.parametrize(
    ("amps", "step", "floored", "ceiled"),
    [
        pytest.param(7.99, 0.1, 7.9, 8.0, id="7.99 A lies between 7.9 and 8.0"),
        pytest.param(8.0, 0.1, 8.0, 8.0, id="8.0 A is a step, though 8 / 0.1 is not exactly 80"),
        pytest.param(0.3, 0.1, 0.3, 0.3, id="0.3 A is three steps, though 0.3 / 0.1 is 2.99..."),
        pytest.param(8.6956, 1.0, 8.0, 9.0, id="2000 W at 230 V in whole amperes"),
        pytest.param(16.0, 0.5, 16.0, 16.0, id="a half-ampere step"),
        pytest.param(-0.05, 0.1, -0.1, 0.0, id="below zero, down is more negative"),
        pytest.param(7.99999999, 0.1, 8.0, 8.0, id="noise of computing is not a missing step"),
    ],
)
def test_rounding_goes_down_for_shares_and_up_for_minimums(
    amps: float, step: float, floored: float, ceiled: float
) -> None:
    assert floor_to_step(amps, step) == pytest.approx(floored, abs=1e-9)
    assert ceil_to_step(amps, step) == pytest.approx(ceiled, abs=1e-9)


@pytest.mark.parametrize("legs", [1, 2, 3])
def test_watts_and_amps_are_each_other_s_reverse(legs: int) -> None:
    """6900 W over three phases of 230 V are 10 A on each; over one they are 30 A."""
    assert watts_to_amps(6900, 230, legs) == pytest.approx(30 / legs)
    assert amps_to_watts(30 / legs, 230, legs) == pytest.approx(6900)


def test_a_phase_that_does_not_exist_stays_so_in_sums() -> None:
    one, two = PerPhase(1.0, 0.0, None), PerPhase(2.0, None, 3.0)
    assert one + two == PerPhase(3.0, None, None)
    assert one - two == PerPhase(-1.0, None, None)


def test_an_idle_phase_exists_and_a_missing_one_does_not() -> None:
    assert list(PerPhase.idle(("A", "B")).items()) == [("A", 0.0), ("B", 0.0)]
    assert PerPhase.of({"A": None, "C": 2.0}) == PerPhase(None, None, 2.0)
    assert PerPhase(1.0, None, 2.5).total() == 3.5


def test_a_phase_with_0_a_is_covered_and_one_that_does_not_exist_is_not() -> None:
    assert PerPhase(0.0, 1.0, -2.0).covers(("A", "B", "C"))
    assert PerPhase(0.0, None, 1.0).covers(("A", "C"))
    assert not PerPhase(0.0, None, 1.0).covers(("A", "B"))
    assert PerPhase().covers(())


def test_phases_are_found_and_set_by_letter() -> None:
    amps = PerPhase(1.0, 2.0, None)
    assert [amps[phase] for phase in "ABC"] == [1.0, 2.0, None]
    assert amps.with_phase("C", 3.0) == PerPhase(1.0, 2.0, 3.0)
    with pytest.raises(KeyError):
        amps["D"]


@pytest.mark.parametrize(
    ("one", "two", "lower"),
    [
        pytest.param((6.0, 7.0, 8.0), (9.0, 9.0, 9.0), (6.0, 7.0, 8.0), id="the first on all"),
        pytest.param((6.0, 7.0, 8.0), (5.0, 5.0, 5.0), (5.0, 5.0, 5.0), id="the second on all"),
        pytest.param((6.0, 7.0, 8.0), (9.0, 5.0, 8.0), (6.0, 5.0, 8.0), id="now this, now that"),
        pytest.param((6.0, None, 8.0), (5.0, 5.0, 5.0), (5.0, None, 5.0), id="the first's phases"),
        pytest.param((6.0, 7.0, 8.0), (5.0, None, 5.0), (5.0, 0.0, 5.0), id="missing counts as 0"),
    ],
)
def test_the_lower_of_two_is_found_phase_by_phase(
    one: tuple[float | None, ...], two: tuple[float | None, ...], lower: tuple[float | None, ...]
) -> None:
    assert lower_of(PerPhase(*one), PerPhase(*two)) == PerPhase(*lower)


def test_the_higher_of_two_is_on_the_phases_of_the_first() -> None:
    assert higher_of(PerPhase(6.0, None, 8.0), PerPhase(7.0, 9.0)) == PerPhase(7.0, None, 8.0)

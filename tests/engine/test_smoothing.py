"""What the sun leaves over, smoothed with a time constant of 2 s: after t s 1 - exp(-t / 2 s)."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from loadjuggler.limits.smoothing import smoothed_supply
from loadjuggler.limits.supply import Supply
from loadjuggler.memory.limits import Smooth
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

NOW = 1000.0
OPTIONS = Options()
SUPPLY = Supply(PerPhase(10.0, None, 4.0), PerPhase(2.0, None, 3.0), 4000.0, 500.0, 900.0)


def before(ago_s: float) -> Smooth:
    """What was smoothed so long ago."""
    return Smooth(NOW - ago_s, (2.0, None, 8.0), (6.0, None, 1.0), (2000.0, 100.0, 500.0))


def test_a_step_is_followed_by_the_time_that_has_passed() -> None:
    """After 2 ln 2 s half of each step: 2 -> 10 A becomes 6 A, 2,000 -> 4,000 W 3,000 W."""
    found, kept = smoothed_supply(SUPPLY, before(2.0 * math.log(2.0)), NOW, OPTIONS)
    half = (PerPhase(6.0, None, 6.0), PerPhase(4.0, None, 2.0), 3000.0, 300.0, 700.0)
    for name, value in zip(("surplus", "house"), half[:2], strict=True):
        assert dict(getattr(found, name).items()) == pytest.approx(dict(value.items()))
    assert (found.sun_w, found.help_w, found.reserve_help_w) == pytest.approx(half[2:])
    assert kept.at == NOW
    assert kept.surplus == (found.surplus.a, None, found.surplus.c)
    assert kept.house == (found.house.a, None, found.house.c)
    assert kept.watts == (found.sun_w, found.help_w, found.reserve_help_w)


def test_within_the_same_moment_nothing_moves() -> None:
    found, _ = smoothed_supply(SUPPLY, before(0.0), NOW, OPTIONS)
    assert found.surplus == PerPhase(2.0, None, 8.0)
    assert found.sun_w == 2000.0


@pytest.mark.parametrize(
    ("known", "options"),
    [
        pytest.param(None, OPTIONS, id="the first run"),
        pytest.param(before(60.1), OPTIONS, id="after a gap of over 60 s"),
        pytest.param(before(-1.0), OPTIONS, id="a clock that was set back"),
        pytest.param(before(1.0), replace(OPTIONS, smooth_s=0.0), id="nothing is to be smoothed"),
    ],
)
def test_where_nothing_can_be_smoothed_the_supply_counts_as_it_is(
    known: Smooth | None, options: Options
) -> None:
    found, kept = smoothed_supply(SUPPLY, known, NOW, options)
    assert found == SUPPLY
    assert kept == Smooth(NOW, (10.0, None, 4.0), (2.0, None, 3.0), (4000.0, 500.0, 900.0))


def test_a_gap_of_sixty_seconds_is_still_smoothed() -> None:
    """With a time constant of 60 s: 1 - 1/e of the 8 A from 2 to 10 A."""
    found, _ = smoothed_supply(SUPPLY, before(60.0), NOW, replace(OPTIONS, smooth_s=60.0))
    assert found.surplus.a == pytest.approx(2.0 + 8.0 * (1.0 - math.exp(-1.0)))


def test_a_time_constant_of_less_than_a_second_smooths_too() -> None:
    """0.5 s: after 0.5 ln 2 s half of the step from 2 to 10 A is made."""
    options = replace(OPTIONS, smooth_s=0.5)
    found, _ = smoothed_supply(SUPPLY, before(0.5 * math.log(2.0)), NOW, options)
    assert found.surplus.a == pytest.approx(6.0)


def test_a_phase_of_which_nothing_was_known_starts_where_it_is() -> None:
    known = replace(before(2.0), surplus=(None, None, 8.0))
    found, _ = smoothed_supply(SUPPLY, known, NOW, OPTIONS)
    assert found.surplus.a == 10.0
    gone = replace(SUPPLY, surplus=PerPhase(10.0))
    assert smoothed_supply(gone, known, NOW, OPTIONS)[0].surplus.c is None

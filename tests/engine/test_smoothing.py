"""What the sun leaves over: a flicker is smoothed, a step counts at once and in full.

The time constant is 2 s: of a flicker 1 - exp(-t / 2 s) is followed after t s.
"""

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
NOISE_A = 0.5
SUPPLY = Supply(PerPhase(10.0, None, 4.0), PerPhase(2.0, None, 3.0), 4000.0, 500.0, 900.0)
AS_IT_IS = Smooth(NOW, (10.0, None, 4.0), (2.0, None, 3.0), (4000.0, 500.0, 900.0))
HALF_S = 2.0 * math.log(2.0)
"""After this time half of a flicker is followed."""


def before(ago_s: float) -> Smooth:
    """What was smoothed so long ago: the surplus was 0.4 A less on A, and 0.4 A more on C."""
    return Smooth(NOW - ago_s, (9.6, None, 4.4), (2.4, None, 2.6), (3000.0, 100.0, 500.0))


def smooth(
    known: Smooth | None, now: Supply = SUPPLY, noise_a: float = NOISE_A, options: Options = OPTIONS
) -> tuple[Supply, Smooth]:
    return smoothed_supply(now, known, NOW, noise_a, options)


def test_a_flicker_is_followed_by_the_time_that_has_passed() -> None:
    """After 2 ln 2 s by half: 9.6 -> 10 A becomes 9.8 A, 3,000 -> 4,000 W 3,500 W."""
    found, kept = smooth(before(HALF_S))
    assert dict(found.surplus.items()) == pytest.approx({"A": 9.8, "C": 4.2})
    assert dict(found.house.items()) == pytest.approx({"A": 2.2, "C": 2.8})
    assert (found.sun_w, found.help_w, found.reserve_help_w) == pytest.approx((3500, 300, 700))
    assert kept.at == NOW
    assert kept.surplus == (found.surplus.a, None, found.surplus.c)
    assert kept.house == (found.house.a, None, found.house.c)
    assert kept.watts == (found.sun_w, found.help_w, found.reserve_help_w)


def test_within_the_same_moment_nothing_moves() -> None:
    found, _ = smooth(before(0.0))
    assert found.surplus == PerPhase(9.6, None, 4.4)
    assert found.sun_w == 3000.0


@pytest.mark.parametrize(
    ("a", "c", "step"),
    [
        pytest.param(9.5, 4.0, False, id="0.5 A up on A: it flickers by as much"),
        pytest.param(9.375, 4.0, True, id="0.625 A up on A"),
        pytest.param(10.5, 4.0, False, id="0.5 A down on A"),
        pytest.param(10.625, 4.0, True, id="0.625 A down on A: a cloud"),
        pytest.param(10.0, 4.625, True, id="the same on another phase"),
        pytest.param(9.625, 4.625, True, id="A flickers, C makes a step"),
        pytest.param(None, 4.5, False, id="A was not known, C flickers"),
        pytest.param(None, 4.625, True, id="A was not known, C makes a step"),
    ],
)
def test_what_moves_by_more_than_the_flicker_counts_at_once_and_in_full(
    a: float | None, c: float, step: bool
) -> None:
    """Now it is 10 A on A and 4 A on C.

    A step on one phase counts on all, and so do the powers that go with it: what the sun gives and
    what it leaves over are of the same moment.
    """
    found, kept = smooth(replace(before(HALF_S), surplus=(a, None, c)))
    if step:
        assert (found, kept) == (SUPPLY, AS_IT_IS)
        return
    assert found.surplus.a == pytest.approx(10.0 if a is None else (a + 10.0) / 2.0)
    assert found.surplus.c == pytest.approx((c + 4.0) / 2.0)
    assert found.sun_w == pytest.approx(3500.0)


def test_a_step_of_the_house_alone_is_none_of_the_sun() -> None:
    """The surplus stays 10 A: what the house takes more, the sun gives more."""
    known = replace(before(HALF_S), surplus=(10.0, None, 4.0), house=(8.0, None, 3.0))
    found, _ = smooth(known)
    assert found.surplus == SUPPLY.surplus
    assert found.house.a == pytest.approx(5.0)


def test_how_much_is_a_flicker_is_a_matter_of_the_meters() -> None:
    """0.4 A are a step for meters that flicker by 0.3 A, and not for those of 0.5 A."""
    assert smooth(before(HALF_S), noise_a=0.3)[0] == SUPPLY
    assert smooth(before(HALF_S), noise_a=0.5)[0].surplus.a == pytest.approx(9.8)


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
    assert smooth(known, options=options) == (SUPPLY, AS_IT_IS)


def test_a_gap_of_sixty_seconds_is_still_smoothed() -> None:
    """With a time constant of 60 s: 1 - 1/e of the 0.4 A from 9.6 to 10 A."""
    found, _ = smooth(before(60.0), options=replace(OPTIONS, smooth_s=60.0))
    assert found.surplus.a == pytest.approx(9.6 + 0.4 * (1.0 - math.exp(-1.0)))


def test_a_time_constant_of_less_than_a_second_smooths_too() -> None:
    """0.5 s: after 0.5 ln 2 s half of the way from 9.6 to 10 A is gone."""
    found, _ = smooth(before(0.5 * math.log(2.0)), options=replace(OPTIONS, smooth_s=0.5))
    assert found.surplus.a == pytest.approx(9.8)


def test_a_phase_of_which_nothing_was_known_starts_where_it_is() -> None:
    known = replace(before(HALF_S), surplus=(None, None, 4.4))
    found, _ = smooth(known)
    assert found.surplus.a == 10.0
    assert found.surplus.c == pytest.approx(4.2), "the other phase is smoothed"
    assert smooth(known, replace(SUPPLY, surplus=PerPhase(10.0)))[0].surplus.c is None

"""Stories of clocks that are set: no time of the control takes longer than it says.

One phase, 230 V, 25 A, cars of 6 to 16 A, unless said otherwise.
"""

from __future__ import annotations

import pytest

from .stories import (
    at_least,
    back,
    car,
    clock,
    deafen,
    draws,
    fail,
    heal,
    household,
    lose,
    nothing,
    story,
    sun,
    together,
    told,
    under,
)
from .test_stories_patience import DAY_S, clouds, nervous, solar, standard
from .test_stories_silence import METER, beside


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, DAY_S, -DAY_S])
def test_no_clock_that_is_set_holds_up_grace_or_pause(jump_s: float) -> None:
    story(
        "In the grace, and in the pause: neither takes longer than it says, from the jump on.",
        solar(),
        (0, sun(0)),
        (20, nothing, told(car=6)),
        (30, clock(jump_s)),
        (340, nothing, told(car=0)),
        (350, sun(15)),
        (360, clock(jump_s)),
        (550, nothing, at_least(car=6)),
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0])
def test_no_clock_that_is_set_holds_up_a_raise_or_a_cut(jump_s: float) -> None:
    story(
        "25 A. A limit is exceeded just after the jump; the next raise comes within 15 s of it, "
        "and so does the one after.",
        standard(),
        (0, household(19), told(car=6)),
        (10, household(10)),
        (26, nothing, told(car=13.5)),
        (28, clock(jump_s), at_least(car=13.5), under(25)),
        (29, household(18), told(car=7), under(25)),
        (30, household(0)),
        (46, nothing, told(car=14.5)),
        (62, nothing, told(car=16)),
        every_s=1,
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, DAY_S])
def test_no_clock_that_is_set_holds_up_a_rest_until_tomorrow(jump_s: float) -> None:
    story(
        "However it is set, the car does not stay off for longer than a day.",
        nervous(),
        *clouds(6),
        (720, sun(15)),
        (800, clock(jump_s)),
        (DAY_S + 900, nothing, at_least(car=6)),
        every_s=600,
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0])
def test_no_clock_that_is_set_makes_a_silent_meter_heard(jump_s: float) -> None:
    story(
        "A minute after the jump at the latest the fallback current holds; recovery as ever.",
        beside(16),
        (0, lose(METER), told(car=9)),
        (10, clock(jump_s)),
        (80, nothing, told(car=6)),
        (90, clock(jump_s)),
        (170, nothing, told(car=6)),
        (180, together(back(METER), car("car", max_a=32))),
        (220, nothing, told(car=9)),
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, -DAY_S])
def test_no_clock_that_is_set_holds_up_a_call_that_failed(jump_s: float) -> None:
    story(
        "The cut to 9 A fails at 0, 5 and 15 s. By the clock the next try is due at once, where it "
        "fails, too, or in 20 s: after another 40 s at most it has gone through.",
        standard(),
        (0, together(fail("car"), household(16))),
        (20, clock(jump_s)),
        (21, heal("car")),
        (62, nothing, told(car=9), under(25)),
        every_s=1,
    )


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, -DAY_S])
def test_no_clock_that_is_set_keeps_a_charger_from_being_told_again(jump_s: float) -> None:
    story(
        "It does not follow; at most 5 min after the jump it is told again, and obeys.",
        standard(),
        (0, together(deafen("car"), household(16))),
        (100, nothing, draws(car=16)),
        (110, clock(jump_s)),
        (120, heal("car")),
        (430, nothing, under(25)),
    )

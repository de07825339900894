"""A problem that comes and goes is sent once: people switch off what pushes 800 times an hour."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from loadjuggler.publish.notifications import Notices
from loadjuggler.report import Notice

CALM_S = 600.0
OVER, OTHER = Notice("over", "overload", "Over", "27 A"), Notice("other", "overload", "Other", "x")


def calls(at: Callable[[float], float | None], length_s: float) -> Counter[str]:
    """What is called while a breaker is over its limit by `at` each second; `None`: it is not."""
    known, found = Notices(CALM_S), Counter[str]()
    for second in range(int(length_s)):
        over_a = at(float(second))
        notices = [] if over_a is None else [OVER]
        found.update(call.service for call in known.calls(notices, "notify.phone", now=second))
    return found


def hob(second: float) -> float | None:
    return 27.0 if second // 20 % 2 else None


def noise(second: float) -> float | None:
    over_a = random.Random(second).gauss(25.0, 0.5)
    return over_a if over_a > 25.2 else None


@pytest.mark.parametrize("at", [hob, noise])
def test_what_comes_and_goes_is_sent_once_and_shown_on(at: Callable[[float], float | None]) -> None:
    found = calls(at, 3600)
    assert found["phone"] == 1
    assert found["create"] == 2
    assert found["dismiss"] == 1


def test_it_is_dismissed_when_it_has_been_gone_for_ten_minutes() -> None:
    found = calls(lambda second: hob(second) if second < 600 else None, 1300)
    assert found["dismiss"] == 2  # after the first time at once, and in the end


def test_the_same_problem_on_another_day_is_sent_again() -> None:
    found = calls(lambda second: 27.0 if second % 3600 < 20 else None, 3 * 3600)
    assert found == {"phone": 3, "create": 3, "dismiss": 3}


def test_another_problem_is_sent_by_itself() -> None:
    known = Notices(CALM_S)
    for second, notices in enumerate(([OVER], [], [OVER], [OVER, OTHER])):
        found = known.calls(notices, "notify.phone", now=float(second))
    assert [call.service for call in found] == ["create", "phone"]
    assert known.calls([OTHER], "notify.phone", now=4.0) == ()

"""Which of a load's commands and reports count at a moment: the example of the module, as tables.

A car was told 16 A, at 10 s 10 A, and at 20 s 13 A. It reported 16 A at 0 and 12 s, 10 A at 25 s.
"""

from __future__ import annotations

import pytest
from loadjuggler.limits.timeline import changes, held_at, may_follow, report_at
from loadjuggler.units import PerPhase

from .readings import charging

CAR = charging(
    command_a=13.0,
    commanded_at=20.0,
    earlier=((16.0, 10.0), (10.0, 20.0)),
    draw=PerPhase(10.0),
    draw_at=25.0,
    drew=((0.0, PerPhase(16.0)), (12.0, PerPhase(16.0))),
)


@pytest.mark.parametrize(
    ("moment", "within_s", "told"),
    [
        pytest.param(21.0, 15.0, [16.0, 10.0, 13.0], id="it has 15 s to obey each"),
        pytest.param(21.0, 5.0, [10.0, 13.0], id="5 s: 16 A ended 11 s before"),
        pytest.param(25.0, 15.0, [10.0, 13.0], id="16 A ended just 15 s before"),
        pytest.param(19.0, 15.0, [16.0, 10.0], id="before the last command"),
        pytest.param(20.0, 0.0, [13.0], id="no time at all: what holds now"),
    ],
)
def test_which_commands_it_may_be_following(
    moment: float, within_s: float, told: list[float]
) -> None:
    assert held_at(CAR, moment, within_s) == told


def test_without_another_one_its_only_command_has_always_held() -> None:
    only = charging(command_a=10.0, commanded_at=20.0)
    assert held_at(only, 5.0, 15.0) == [10.0]
    assert held_at(charging(), 5.0, 15.0) == [0.0]


@pytest.mark.parametrize(
    ("told", "right"),
    [
        pytest.param([10.0], (False, False), id="one command"),
        pytest.param([6.0, 10.0], (True, False), id="a raise"),
        pytest.param([10.0, 6.0, 6.0], (False, True), id="a cut, and the same again"),
        pytest.param([6.0, 10.0, 10.0], (True, False), id="a raise, and the same again"),
        pytest.param([10.0, 6.0, 10.0], (True, True), id="both"),
        pytest.param([10.0, 10.04, 10.0], (False, False), id="no car shows 0.04 A"),
    ],
)
def test_raises_and_cuts_among_commands(told: list[float], right: tuple[bool, bool]) -> None:
    assert changes(told) == right


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        pytest.param(21.0, 12.0, id="the last one before it"),
        pytest.param(24.2, 25.0, id="0.8 s apart count as the same time"),
        pytest.param(24.0, 12.0, id="1 s apart do not"),
        pytest.param(-5.0, 0.0, id="all are younger: the oldest"),
    ],
)
def test_the_last_report_of_a_moment(moment: float, at: float) -> None:
    found = report_at(CAR, moment)
    assert found == (at, PerPhase(10.0 if at == 25.0 else 16.0))


def test_no_report_is_known() -> None:
    assert report_at(charging(), 21.0) is None


@pytest.mark.parametrize(
    ("draw_at", "at", "within_s", "told"),
    [
        pytest.param(9.0, None, 5.0, [16.0, 10.0], id="both held after the report"),
        pytest.param(12.0, None, 5.0, [10.0], id="16 A were over then"),
        pytest.param(25.0, None, 3.0, [], id="both are over, and began long before"),
        pytest.param(25.0, 15.0, 3.0, [10.0], id="10 A held when the meter was read"),
        pytest.param(25.0, None, 20.0, [10.0], id="10 A began 15 s before the report"),
    ],
)
def test_which_replaced_commands_it_may_yet_follow(
    draw_at: float, at: float | None, within_s: float, told: list[float]
) -> None:
    """16 A: since ever. They count only if they held after the report or the meter's reading."""
    assert may_follow(CAR, draw_at, at, within_s) == told

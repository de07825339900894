"""What a load draws between its reports: more tables like those in test_budget.

A one-phase car. Its meter is read at some time, it reports at another, it is told at a third; the
least that it may draw counts for a raise, the most for a cut. A car has 10 s to obey.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.draws import (
    Span,
    least_draw,
    leg_for_raise_a,
    span,
    steady_since,
    stopped,
)
from loadjuggler.limits.leg_currents import leg_current_a, same_on_each_leg
from loadjuggler.limits.obeying import coming_a, overdraws
from loadjuggler.measure.readings import LoadReading, SessionReading
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

from .readings import charging

OPTIONS = Options()
CAR = charging()


def car(**values: Any) -> LoadReading:
    """A car; `draw` in A on A, `drew` as (s, A) pairs."""
    if isinstance(values.get("draw"), float):
        values["draw"] = PerPhase(values["draw"])
    if "drew" in values:
        values["drew"] = tuple((at, PerPhase(amps)) for at, amps in values["drew"])
    return replace(CAR, **values)


# --- for a raise ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "least_a"),
    [
        pytest.param(None, 9.0, id="read now: the smallest of report and command"),
        pytest.param(60.0, 9.0, id="read when it reported"),
        pytest.param(59.0, 8.0, id="read before: the meter may show the report of 50 s"),
        pytest.param(50.0, 8.0, id="or it was read just then"),
        pytest.param(49.0, 7.0, id="or the one of 40 s"),
        pytest.param(5.0, 7.0, id="read before all reports: the least of them"),
    ],
)
def test_a_raise_counts_on_the_least_that_the_meter_may_show(
    at: float | None, least_a: float
) -> None:
    """It reported 7 A at 40 s, 8 A at 50 s and 9 A at 60 s; 16 A is what it may draw."""
    reading = car(draw=9.0, draw_at=60.0, drew=((40.0, 7.0), (50.0, 8.0)), command_a=16.0)
    assert least_draw(reading, at).a == least_a


@pytest.mark.parametrize(
    ("at", "least_a"),
    [
        pytest.param(None, 10.0, id="read now: only what held after its report"),
        pytest.param(30.0, 8.0, id="read as the 8 A ended: they may be what it shows"),
        pytest.param(30.1, 10.0, id="read later"),
    ],
)
def test_a_raise_counts_on_no_more_than_any_command_that_may_still_show(
    at: float | None, least_a: float
) -> None:
    """It draws 12 A by a report of 40 s. It was told 8 A until 30 s, 10 A until 50 s, now 16 A."""
    reading = car(
        draw=12.0,
        draw_at=40.0,
        command_a=16.0,
        commanded_at=50.0,
        earlier=((8.0, 30.0), (10.0, 50.0)),
    )
    assert least_draw(reading, at).a == least_a


@pytest.mark.parametrize(
    ("within_s", "least_a"),
    [
        pytest.param(2.0, 24.7, id="told 21.6 A longer ago: it had obeyed that before it reported"),
        pytest.param(8.0, 21.6, id="it may obey that after its report"),
    ],
)
def test_a_command_that_ended_with_the_report_may_still_be_obeyed(
    within_s: float, least_a: float
) -> None:
    """It is cut from 24.7 to 21.6 A at 29 s and told 25.3 A at 32 s, when it reports 24.7 A."""
    reading = car(
        draw=24.7,
        draw_at=32.0,
        command_a=25.3,
        commanded_at=32.0,
        earlier=((15.8, 10.0), (24.7, 29.0), (21.6, 32.0)),
    )
    assert least_draw(reading, 35.0, within_s).a == least_a
    assert span(reading, 35.0, 35.0, within_s).least.a == least_a


@pytest.mark.parametrize(
    ("draw_at", "shown_a"),
    [
        pytest.param(105.0, 16.0, id="reported when the meter was read: it had not obeyed"),
        pytest.param(105.5, 16.0, id="reported later: it had not obeyed before either"),
        pytest.param(104.5, None, id="reported before: it may have obeyed since"),
    ],
)
def test_a_report_after_a_cut_shows_what_the_meter_carried(
    draw_at: float, shown_a: float | None
) -> None:
    """A car of 16 A is told 6 A at 101 s; the meter was read at 105 s. A raise counts on 6 A."""
    reading = car(
        draw=16.0, draw_at=draw_at, command_a=6.0, commanded_at=101.0, earlier=((16.0, 101.0),)
    )
    found = span(reading, 105.6, 105.0, 10.0)
    assert (found.shown.a if found.shown else None) == shown_a
    assert found.least.a == 6.0


@pytest.mark.parametrize(
    ("within_s", "right"),
    [
        pytest.param(6.0, 14.0, id="told 14 A 5 s ago: it may draw them yet"),
        pytest.param(5.0, 6.0, id="it has had its time; the 6 A of now may come yet"),
    ],
)
def test_what_was_told_lately_and_replaced_may_come_yet(within_s: float, right: float) -> None:
    """10 A for long, 14 A at 40 s, 6 A at 41 s; it is 45 s now."""
    reading = car(command_a=6.0, commanded_at=41.0, earlier=((10.0, 40.0), (14.0, 41.0)))
    assert coming_a(reading, 45.0, within_s) == right


def test_who_was_only_cut_has_nothing_more_to_come() -> None:
    """What it was told for long it has had; when the oldest command began is not known."""
    reading = car(command_a=6.0, commanded_at=41.0, earlier=((10.0, 41.0),))
    assert coming_a(reading, 42.0, 10.0) == 6.0
    assert coming_a(reading, 52.0, 10.0) == 0.0


def test_after_a_stop_nothing_is_to_come() -> None:
    """It was told 0 A a second ago, and 10 A before for long."""
    assert (
        coming_a(car(command_a=0.0, commanded_at=41.0, earlier=((10.0, 41.0),)), 42.0, 10.0) == 0.0
    )


def test_a_command_that_ended_with_the_report_does_not_count_any_more() -> None:
    reading = car(draw=12.0, draw_at=40.0, command_a=16.0, earlier=((8.0, 40.0),))
    assert least_draw(reading).a == 12.0


def test_without_a_command_a_raise_counts_on_the_report_and_without_one_on_nothing() -> None:
    assert least_draw(car(draw=12.0, draw_at=40.0)).a == 12.0
    assert least_draw(car(draw=12.0, command_a=16.0)).a == 0.0
    assert least_draw(car(command_a=16.0)) == PerPhase(0.0)


def test_phases_are_judged_one_by_one() -> None:
    """Two legs on A and one on C; it was told 7 A: 14 A on A and 7 A on C at most."""
    legs = (("L1", "A"), ("L2", "A"), ("L3", "C"))
    reading = car(legs=legs, draw=PerPhase(12.0, None, 9.0), draw_at=40.0, command_a=7.0)
    assert least_draw(reading) == PerPhase(12.0, None, 7.0)
    reading = car(legs=(("L2", "B"),), draw=PerPhase(None, 9.0, None), draw_at=40.0, command_a=7.0)
    assert least_draw(reading) == PerPhase(None, 7.0, None)


@pytest.mark.parametrize("phase", ["A", "B", "C"])
def test_what_it_draws_on_a_phase_where_it_has_no_leg_is_not_managed(phase: str) -> None:
    """A car that is told 7 A on one phase reports 9 A on two: 7 A are of its command, 0 A there."""
    leg = "B" if phase == "A" else "A"
    drawn = PerPhase.of({phase: 9.0, leg: 9.0})
    reading = car(legs=(("L1", leg),), draw=drawn, draw_at=40.0, command_a=7.0)
    assert least_draw(reading) == PerPhase.of({phase: 0.0, leg: 7.0})


# --- between what it draws ----------------------------------------------------------------------


def between(
    known: dict[str, Any], now: float, at: float | None = None, within_s: float = 10.0
) -> tuple[float | None, float | None, str]:
    """(at least, at most, what else is true) of a car on A: it "rises", "falls", is "moving"."""
    found = span(car(**known), now, at, within_s)
    words = [word for word in ("rises", "falls", "moving") if getattr(found, word)]
    return found.least.a, found.most.a, " ".join(words)


SETTLED = {"command_a": 12.0, "commanded_at": 50.0}


@pytest.mark.parametrize(
    ("draw", "draw_at", "right"),
    [
        pytest.param(12.0, 95.0, (12.0, 12.0, ""), id="it takes what it may"),
        pytest.param(11.5, 95.0, (11.5, 11.5, ""), id="0.5 A less is how exactly cars obey"),
        pytest.param(11.4, 95.0, (11.4, 12.0, "moving"), id="0.6 A less: it may take up the rest"),
        pytest.param(
            8.0, 99.0, (8.0, 12.0, "moving"), id="a report of 1 s ago says nothing of now"
        ),
        pytest.param(8.0, 99.1, (8.0, 8.0, ""), id="one of 0.9 s ago is of the same time"),
        pytest.param(14.0, 95.0, (12.0, 12.0, ""), id="what is above the command is the house's"),
        pytest.param(None, None, (0.0, 12.0, "rises moving"), id="it never reported"),
    ],
)
def test_a_car_that_was_told_the_same_for_long(
    draw: float | None, draw_at: float | None, right: tuple[float, float, str]
) -> None:
    """It was told 12 A at 50 s; the meter is read at 100 s. Nobody knows what it was told before.

    The same holds if nobody knows when it was told.
    """
    known = {**SETTLED, "draw": draw, "draw_at": draw_at}
    assert between(known, 100.0) == right
    assert between({**known, "commanded_at": None}, 100.0) == right


def test_a_car_that_was_told_0_a_long_ago_and_draws_nothing_moves_no_meter() -> None:
    """It takes no less than it may, so no movement of the meter is its own."""
    known = {**SETTLED, "command_a": 0.0, "draw": 0.0, "draw_at": 95.0}
    assert between(known, 100.0) == (0.0, 0.0, "")


@pytest.mark.parametrize(
    ("known", "stood"),
    [
        pytest.param({}, (8.0, 95.0), id="4 A less than it may, 5 s ago"),
        pytest.param({"draw_at": 99.5}, None, id="a report of now is what it draws in any case"),
        pytest.param({"draw": 11.6}, None, id="it takes what it may"),
        pytest.param({"earlier": ((16.0, 91.0),)}, (8.0, 95.0), id="cut 9 s ago, reported since"),
        pytest.param({"earlier": ((10.0, 91.0),)}, None, id="raised: it may take that up any time"),
        pytest.param(
            {"earlier": ((10.0, 89.7),), "draw_at": 99.8},
            (8.0, 99.8),
            id="raised 10.1 s before its report: it had its 10 s, and did not take it",
        ),
        pytest.param({"draw": None}, None, id="it never reported"),
    ],
)
def test_a_report_of_less_holds_for_as_long_as_the_meter_stands(
    known: dict[str, Any], stood: tuple[float, float] | None
) -> None:
    """It may take 12 A, and reported 8 A at 95 s; the meter is read at 100 s."""
    found = span(car(**{**SETTLED, "draw": 8.0, "draw_at": 95.0, **known}), 100.0, None, 10.0)
    assert (found.stood and (found.stood.a, found.stood_since)) == stood


def test_a_car_may_take_up_its_first_command_for_half_a_minute() -> None:
    """Told 12 A at 75 s, and it reports 0 A at 99.5 s: many cars begin so late.

    What the meter rises by is then its own. After half a minute its reports count as they are.
    """
    known = {"command_a": 12.0, "draw": 0.0, "draw_at": 99.5}
    assert between({**known, "commanded_at": 75.0}, 100.0) == (0.0, 12.0, "rises moving")
    assert between({**known, "commanded_at": 69.9}, 100.0) == (0.0, 0.0, "")


@pytest.mark.parametrize(
    ("draw", "at", "right"),
    [
        pytest.param(16.0, 103.0, (10.0, 16.0, "falls moving"), id="a cut: it may have obeyed"),
        pytest.param(16.0, 109.9, (10.0, 16.0, "falls moving"), id="or may do so yet"),
        pytest.param(16.0, 110.0, (10.0, 10.0, ""), id="its time is over"),
        pytest.param(16.0, 99.0, (10.0, 16.0, "falls moving"), id="a meter of before: no less yet"),
        pytest.param(4.0, 103.0, (4.0, 10.0, "rises moving"), id="it took less: it may take more"),
        pytest.param(4.0, 100.0, (4.0, 10.0, "rises moving"), id="from the command on"),
        pytest.param(4.0, 99.0, (4.0, 4.0, "moving"), id="a meter of before shows nothing of it"),
        pytest.param(10.0, 103.0, (10.0, 10.0, "moving"), id="it drew what it is told"),
        pytest.param(None, 103.0, (0.0, 10.0, "rises moving"), id="it never reported"),
    ],
)
def test_a_car_that_is_told_something_for_the_first_time(
    draw: float | None, at: float, right: tuple[float, float, str]
) -> None:
    """It was told 10 A at 100 s, and reported at 95 s: before that nothing limited it."""
    draw_at = None if draw is None else 95.0
    known = {"draw": draw, "draw_at": draw_at, "command_a": 10.0, "commanded_at": 100.0}
    assert between(known, 111.0, at) == right


@pytest.mark.parametrize(
    ("draw_at", "right"),
    [
        pytest.param(102.95, (4.0, 4.0, "rises moving"), id="a report of that moment"),
        pytest.param(102.8, (4.0, 10.0, "rises moving"), id="0.2 s before: it may have begun"),
    ],
)
def test_what_a_car_reports_as_the_meter_is_read_is_what_it_draws(
    draw_at: float, right: tuple[float, float, str]
) -> None:
    """It was told 10 A at 100 s for the first time, and reports 4 A; the meter is of 103 s."""
    known = {"draw": 4.0, "draw_at": draw_at, "command_a": 10.0, "commanded_at": 100.0}
    assert between(known, 103.0) == right


CUT = {
    "draw": 16.0,
    "draw_at": 95.0,
    "command_a": 10.0,
    "commanded_at": 100.0,
    "earlier": ((16.0, 100.0),),
}


@pytest.mark.parametrize(
    ("known", "at", "right"),
    [
        pytest.param({}, 103.0, (10.0, 16.0, "falls moving"), id="it may have obeyed or not"),
        pytest.param({}, 109.9, (10.0, 16.0, "falls moving"), id="it has 10 s"),
        pytest.param({}, 110.0, (10.0, 10.0, ""), id="then it has obeyed"),
        pytest.param({"command_a": 0.0}, 110.0, (0.0, 0.0, ""), id="also if it was stopped"),
        pytest.param(
            {"draw": 14.0, "draw_at": 102.9, "drew": ((90.0, 14.0),)}
            | {"earlier": ((10.0, 60.0), (16.0, 100.0))},
            103.0,
            (10.0, 14.0, "falls moving"),
            id="raised to 16 A 30 s before it reported 14 A: it takes no more than these",
        ),
        pytest.param(
            {}, 99.0, (10.0, 16.0, ""), id="the meter is older than the cut: nothing fell"
        ),
        pytest.param(
            {"draw": 12.0, "draw_at": 103.0}, 104.5, (10.0, 12.0, "falls moving"), id="on its way"
        ),
        pytest.param(
            {"draw": 10.0, "draw_at": 103.0}, 104.5, (10.0, 10.0, "falls moving"), id="seen to obey"
        ),
        pytest.param(
            {"draw": 10.0, "draw_at": 103.0},
            104.4,
            (10.0, 16.0, "falls moving"),
            id="the meter may show what was 1.5 s before",
        ),
        pytest.param(
            {"draw": 10.0, "draw_at": 103.5},
            103.0,
            (10.0, 16.0, "falls moving"),
            id="it obeyed after the meter was read",
        ),
        pytest.param(
            {"draw": 12.0, "draw_at": 103.2, "drew": ((90.0, 0.0),)},
            103.0,
            (0.0, 12.0, "falls moving"),
            id="it began between two reports: it draws no less than the younger one",
        ),
        pytest.param(
            {"draw": 10.0, "draw_at": 103.01},
            103.0,
            (10.0, 10.0, "falls moving"),
            id="in one update with the meter",
        ),
        pytest.param(
            {"draw": 16.0, "draw_at": 103.0},
            109.0,
            (10.0, 16.0, "falls moving"),
            id="it had not obeyed at 103 s, and may have since",
        ),
        pytest.param(
            {"draw": 12.0}, 103.0, (10.0, 12.0, "falls moving"), id="it drew less than 16 A before"
        ),
        pytest.param(
            {"draw": None}, 103.0, (0.0, 16.0, "rises falls moving"), id="it never reported"
        ),
        pytest.param(
            {"draw": None}, 110.1, (0.0, 10.0, "rises moving"), id="and had its time to obey"
        ),
        pytest.param(
            {"draw": 10.05, "earlier": ((10.04, 100.0),)},
            103.0,
            (10.0, 10.04, ""),
            id="0.04 A less is the same command",
        ),
        pytest.param(
            {"draw": 10.06, "earlier": ((10.06, 100.0),)},
            103.0,
            (10.0, 10.06, "falls moving"),
            id="0.06 A less is a cut",
        ),
    ],
)
def test_a_car_that_was_cut(
    known: dict[str, Any], at: float, right: tuple[float, float, str]
) -> None:
    """It was told 10 A instead of 16 at 100 s, and reported 16 A at 95 s."""
    assert between({**CUT, **known}, 115.0, at) == right


@pytest.mark.parametrize(
    ("at", "right"),
    [
        pytest.param(108.0, (9.0, 16.0, "falls moving"), id="it may follow any of the three"),
        pytest.param(110.1, (9.0, 12.0, "falls moving"), id="16 A are over, 12 A are not"),
        pytest.param(115.1, (9.0, 9.0, ""), id="only the last is left"),
    ],
)
def test_a_car_that_was_cut_twice(at: float, right: tuple[float, float, str]) -> None:
    """It reported 16 A at 95 s, and was told 12 A at 100 s and 9 A at 105 s."""
    earlier = ((16.0, 100.0), (12.0, 105.0))
    known = {**CUT, "command_a": 9.0, "commanded_at": 105.0, "earlier": earlier}
    assert between(known, 120.0, at) == right


def test_how_long_it_may_take_to_obey_is_what_was_learned_of_it() -> None:
    """A car of 4 s that was cut at 100 s has obeyed at 104 s."""
    assert between(CUT, 103.9, within_s=4.0) == (10.0, 16.0, "falls moving")
    assert between(CUT, 104.0, within_s=4.0) == (10.0, 10.0, "")


def test_times_are_judged_when_the_meters_were_read() -> None:
    """At 115 s the car must have obeyed, but a meter of 103 s does not show that."""
    assert between(CUT, 115.0) == (10.0, 10.0, "")
    assert between(CUT, 115.0, 103.0)[1] == 16.0
    assert between(CUT, 103.0, 115.0)[1] == 16.0, "no meter is from the future"


RAISED = {
    "draw": 10.0,
    "draw_at": 95.0,
    "command_a": 16.0,
    "commanded_at": 100.0,
    "earlier": ((10.0, 100.0),),
}


@pytest.mark.parametrize(
    ("known", "at", "right"),
    [
        pytest.param({}, 103.0, (10.0, 16.0, "rises moving"), id="it may have taken it up"),
        pytest.param({}, 109.9, (10.0, 16.0, "rises moving"), id="10 s is its time to obey"),
        pytest.param({}, 110.0, (10.0, 16.0, "rises"), id="cars begin slowly"),
        pytest.param({}, 99.0, (10.0, 10.0, ""), id="the meter is older than the raise"),
        pytest.param(
            {"draw_at": 103.0},
            103.5,
            (10.0, 16.0, "rises moving"),
            id="a fresh report: it may be taking it up just now",
        ),
        pytest.param(
            {"draw": 16.0, "draw_at": 104.0},
            105.0,
            (16.0, 16.0, "rises moving"),
            id="it was seen to have taken it up",
        ),
        pytest.param(
            {"draw_at": 112.0},
            113.0,
            (10.0, 16.0, "rises moving"),
            id="it had not, and may take it now",
        ),
        pytest.param(
            {"draw_at": 131.0}, 131.0, (10.0, 10.0, ""), id="fresh, 31 s after the raise: as it is"
        ),
        pytest.param({"draw_at": 80.0}, 150.0, (10.0, 16.0, ""), id="a report of long before"),
        pytest.param(
            {"draw_at": 104.0, "command_a": 10.4},
            129.9,
            (10.0, 10.4, "rises"),
            id="0.4 A more are taken within 30 s, by a report of before 110 s",
        ),
        pytest.param(
            {"draw_at": 104.0, "command_a": 10.4},
            130.0,
            (10.0, 10.4, ""),
            id="then they may have been taken, but nothing moves any more",
        ),
        pytest.param(
            {"draw": None}, 103.0, (0.0, 16.0, "rises moving"), id="it never reported: 0 A at least"
        ),
        pytest.param(
            {"command_a": 10.04}, 103.0, (10.0, 10.0, ""), id="0.04 A more is the same command"
        ),
    ],
)
def test_a_car_that_was_raised(
    known: dict[str, Any], at: float, right: tuple[float, float, str]
) -> None:
    """It was told 16 A instead of 10 at 100 s, and reported 10 A at 95 s."""
    assert between({**RAISED, **known}, 160.0, at) == right


def test_a_report_from_before_the_last_raise_says_nothing_after_a_cut() -> None:
    """Reported 10 A at 80 s, told 16 A at 90 s and 12 A at 100 s: at 103 s it may draw 16 A."""
    known = {
        **CUT,
        "draw": 10.0,
        "draw_at": 80.0,
        "command_a": 12.0,
        "earlier": ((10.0, 90.0), (16.0, 100.0)),
    }
    assert between(known, 103.0) == (10.0, 16.0, "rises falls moving")


def test_a_report_from_before_a_cut_that_was_made_after_the_raise_had_its_time_counts() -> None:
    """Told 16 A at 70 s, it reported 10 A at 81 s: that is what it takes. At 100 s it is cut to 8.

    At 103 s it draws 8 or 10 A: when it was cut it did not take the 16 A.
    """
    known = {
        **CUT,
        "draw": 10.0,
        "draw_at": 81.0,
        "command_a": 8.0,
        "earlier": ((10.0, 70.0), (16.0, 100.0)),
    }
    assert between(known, 103.0)[:2] == (8.0, 10.0)
    assert between({**known, "draw_at": 79.0}, 103.0)[:2] == (8.0, 16.0), "9 s after the raise"


@pytest.mark.parametrize(
    ("draw_at", "right"),
    [
        pytest.param(95.0, (8.0, 12.0, "falls moving"), id="it may take up to its command"),
        pytest.param(101.5, (8.0, 12.0, "falls moving"), id="it may do so since the report, too"),
        pytest.param(102.5, (8.0, 16.0, "falls moving"), id="the meter may show what was before"),
    ],
)
def test_a_car_that_takes_less_by_itself_may_take_more_although_it_is_cut(
    draw_at: float, right: tuple[float, float, str]
) -> None:
    """It reports 8 A of 16; it was told 12 A at 100 s, and the meter is read at 103 s."""
    known = {**CUT, "draw": 8.0, "draw_at": draw_at, "command_a": 12.0}
    assert between(known, 104.0, 103.0) == right


@pytest.mark.parametrize(
    ("at", "right"),
    [
        pytest.param(109.1, (8.0, 8.0, ""), id="0.9 s before the report: of the same time"),
        pytest.param(109.0, (8.0, 10.0, ""), id="1 s before it: it shows the report of 105 s"),
    ],
)
def test_a_meter_read_clearly_before_the_report_shows_the_one_before(
    at: float, right: tuple[float, float, str]
) -> None:
    """It has been allowed 10 A since 50 s; it reported 10 A at 105 s and 8 A at 110 s."""
    known = {
        "draw": 8.0,
        "draw_at": 110.0,
        "drew": ((105.0, 10.0),),
        "command_a": 10.0,
        "commanded_at": 50.0,
    }
    assert between(known, 110.5, at) == right


@pytest.mark.parametrize(
    ("at", "right"),
    [
        pytest.param(105.0, (8.0, 16.0, "moving"), id="10 A 5 s before: it may have taken more"),
        pytest.param(100.5, (8.0, 10.0, ""), id="10 A just then"),
        pytest.param(85.0, (8.0, 14.0, ""), id="before all that is known: the oldest"),
    ],
)
def test_of_several_reports_the_one_that_the_meter_shows_counts(
    at: float, right: tuple[float, float, str]
) -> None:
    """Reports of 14, 10 and 8 A at 90, 100 and 110 s; it has been allowed 16 A since 20 s."""
    known = {
        "draw": 8.0,
        "draw_at": 110.0,
        "drew": ((90.0, 14.0), (100.0, 10.0)),
        "command_a": 16.0,
        "commanded_at": 20.0,
    }
    assert between(known, 111.0, at) == right


def test_a_car_that_was_never_told_anything_may_do_what_it_likes() -> None:
    assert between({"draw": 12.0, "draw_at": 99.0}, 101.0) == (12.0, 12.0, "rises falls")
    assert between({}, 101.0) == (0.0, 0.0, "rises falls")
    began = {"draw": 12.0, "draw_at": 110.0, "drew": ((100.0, 0.0),)}
    why = "it drew 0 A at 100 s and 12 A at 110 s: a meter of 105 s may show either"
    assert between(began, 111.0, 105.0) == (0.0, 12.0, "rises falls"), why


def test_legs_on_one_phase_move_together() -> None:
    """Two legs on A and one on C were told 7 A instead of 10: 14 to 20 A on A, 7 to 10 A on C."""
    legs = (("L1", "A"), ("L2", "A"), ("L3", "C"))
    known = {**CUT, "command_a": 7.0, "earlier": ((10.0, 100.0),)}
    reading = car(**{**known, "legs": legs, "draw": PerPhase(20.0, None, 10.0)})
    low, high = PerPhase(14.0, None, 7.0), PerPhase(20.0, None, 10.0)
    assert span(reading, 103.0, None, 10.0) == Span(low, high, False, True, True, unsaid=True)


@pytest.mark.parametrize(
    ("values", "unsaid"),
    [
        pytest.param({"draw_at": 99.0}, True, id="its report is from before the cut"),
        pytest.param({"draw_at": 101.0}, True, id="it had not obeyed when it reported"),
        pytest.param({"draw_at": 111.0}, False, id="it must have: it does not obey"),
        pytest.param({"draw_at": 101.0, "draw": 6.2}, False, id="it said that it has obeyed"),
        pytest.param({"draw_at": 101.0, "draw": 0.4}, False, id="or that it takes less"),
        pytest.param(
            {"draw_at": 99.0, "earlier": ((16.0, 100.0), (6.0, 105.0)), "command_a": 8.0},
            True,
            id="it was raised since, which says nothing of the cut",
        ),
        pytest.param(
            {"draw_at": 106.0, "draw": 8.0, "earlier": ((16.0, 100.0), (6.0, 105.0))},
            True,
            id="it reports more than it is told now",
        ),
        pytest.param(
            {"draw_at": 109.0, "draw": 8.0, "command_a": 8.0}
            | {"earlier": ((16.0, 100.0), (6.0, 105.0))},
            False,
            id="it was raised since, and reports that",
        ),
        pytest.param({"draw_at": 99.0, "earlier": ((4.0, 100.0),)}, False, id="it was raised"),
        pytest.param({"draw_at": 99.0, "earlier": ()}, True, id="its first command is less"),
        pytest.param({"draw_at": 99.0, "earlier": (), "draw": 5.0}, False, id="and is more"),
    ],
)
def test_a_car_that_was_cut_may_take_less_than_that_until_it_says_what_it_takes(
    values: dict[str, Any], unsaid: bool
) -> None:
    """It drew 15 A and was told 16 A, then 6 A at 100 s; it obeys within 10 s."""
    told = {"draw": 15.0, "command_a": 6.0, "commanded_at": 100.0, "earlier": ((16.0, 100.0),)}
    if "earlier" in values and len(values["earlier"]) == 2:
        told["commanded_at"] = 105.0
    assert span(car(**{**told, **values}), 140.0, None, 10.0).unsaid is unsaid


# --- who is not managed any more ------------------------------------------------------------------


def test_a_car_that_has_left_may_explain_what_the_meter_falls_by() -> None:
    """8 A at 90 s, nothing from 100 s on: a meter of 95 s falls at its next reading."""
    left = car(draw=0.0, draw_at=110.0, drew=((90.0, 8.0), (100.0, 0.0)))
    none = PerPhase(0.0)
    assert stopped(left) == Span(none, none, False, True, stood=none, stood_since=100.0, gone=True)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"draw": 8.0}, id="it draws 8 A yet: they are the house's"),
        pytest.param({"draw": 0.0, "drew": ((90.0, 0.0),)}, id="it drew nothing before either"),
        pytest.param({"draw": 0.0, "drew": ()}, id="nothing is known of before"),
        pytest.param({"draw": None, "draw_at": None, "drew": ()}, id="it never reported"),
        pytest.param({"draw": None, "draw_at": None}, id="what it draws is not known any more"),
    ],
)
def test_a_load_that_is_not_managed_and_did_not_stop_explains_nothing(
    values: dict[str, Any],
) -> None:
    assert stopped(car(**{"draw_at": 110.0, "drew": ((90.0, 8.0),), **values})) is None


# --- its legs ------------------------------------------------------------------------------------


def test_legs_on_one_phase_share_its_current() -> None:
    """24 A on A for two legs are 12 A each. A phase without a leg counts as one."""
    legs = (("L1", "A"), ("L2", "A"), ("L3", "C"))
    reading = car(legs=legs)
    assert leg_current_a(reading, PerPhase(24.0, None, 13.0)) == 13.0
    assert leg_current_a(reading, PerPhase(24.0, None, 11.0)) == 12.0
    assert leg_current_a(reading, PerPhase(None, 5.0, None)) == 5.0
    assert leg_current_a(reading, PerPhase()) == 0.0
    assert same_on_each_leg(legs, 5.0) == PerPhase(10.0, None, 5.0)
    assert same_on_each_leg((), 5.0) == PerPhase()


@pytest.mark.parametrize(
    ("two", "one", "none"), [("A", "B", "C"), ("B", "C", "A"), ("C", "A", "B")], ids="".join
)
@pytest.mark.parametrize(
    ("one_a", "none_a", "leg_a"),
    [
        pytest.param(11.0, 5.0, 12.0, id="the two legs share 24 A"),
        pytest.param(13.0, 5.0, 13.0, id="the one leg has all of 13 A"),
        pytest.param(11.0, 14.0, 14.0, id="what flows where it has no leg flows in one, too"),
        pytest.param(11.0, None, 12.0, id="a phase that the site does not have"),
        pytest.param(0.0, 0.0, 12.0, id="idle phases"),
    ],
)
def test_the_largest_current_of_a_leg_on_any_phases(
    two: str, one: str, none: str, one_a: float, none_a: float | None, leg_a: float
) -> None:
    """Two legs are on one phase, which carries 24 A, and the third one is on another phase."""
    reading = car(legs=(("L1", two), ("L2", one), ("L3", two)))
    amps = {two: 24.0, one: one_a, none: none_a}
    drawn = PerPhase.of({phase: a for phase, a in amps.items() if a is not None})
    assert leg_current_a(reading, drawn) == leg_a


@pytest.mark.parametrize(
    ("known", "leg_a"),
    [
        pytest.param({}, 7.0, id="14 A on the two legs of A"),
        pytest.param({"command_a": 16.0}, 9.0, id="told more: 9 A on C"),
        pytest.param({"command_a": None}, 9.0, id="never told anything"),
        pytest.param(
            {"command_a": 16.0, "earlier": ((8.0, 41.0),)}, 8.0, id="8 A held after the report"
        ),
        pytest.param(
            {"command_a": 16.0, "earlier": ((8.0, 40.0),)}, 9.0, id="8 A ended with the report"
        ),
        pytest.param({"earlier": ((8.0, 41.0),)}, 7.0, id="and it was cut since: 7 A"),
        pytest.param({"draw": None}, 0.0, id="no report"),
        pytest.param({"draw_at": None, "command_a": 16.0}, 0.0, id="no time of its report"),
    ],
)
def test_the_largest_current_of_a_leg_that_a_raise_counts_on(
    known: dict[str, Any], leg_a: float
) -> None:
    """It reported 16 A on A, for two legs, and 9 A on C at 40 s, and is told 7 A."""
    legs = (("L1", "A"), ("L2", "A"), ("L3", "C"))
    drawn = PerPhase(16.0, None, 9.0)
    reading = car(**{"legs": legs, "draw": drawn, "draw_at": 40.0, "command_a": 7.0, **known})
    assert leg_for_raise_a(reading) == leg_a
    assert leg_current_a(reading, least_draw(reading)) == leg_a, "it is the same in one go"


@pytest.mark.parametrize(
    ("changes", "too_much"),
    [
        pytest.param({"draw": 10.1}, True, id="1.1 A above its command"),
        pytest.param({"draw": 10.0}, False, id="1 A is an error of measurement"),
        pytest.param({"draw": 16.0, "draw_at": 114.9}, False, id="14.9 s after its first command"),
        pytest.param({"draw": 16.0, "draw_at": 115.0}, True, id="15 s after it"),
        pytest.param(
            {"draw": 16.0, "draw_at": 114.9, "earlier": ((15.0, 100.0),)},
            False,
            id="14.9 s ago it was told 15 A, and 1 A is an error of measurement",
        ),
        pytest.param(
            {"draw": 16.1, "draw_at": 114.9, "earlier": ((15.0, 100.0),)},
            True,
            id="1.1 A more than all it was told",
        ),
        pytest.param(
            {"draw": 16.0, "draw_at": 115.0, "earlier": ((16.0, 100.0),)},
            True,
            id="the 16 A are over for 15 s",
        ),
        pytest.param(
            {
                "draw": 16.0,
                "command_a": 0.0,
                "commanded_at": 110.0,
                "earlier": ((16.0, 100.0), (8.0, 110.0)),
            },
            True,
            id="a newer command does not begin the 15 s anew: it follows neither 8 nor 0 A",
        ),
        pytest.param(
            {
                "draw": 9.0,
                "command_a": 0.0,
                "commanded_at": 110.0,
                "earlier": ((16.0, 100.0), (8.0, 110.0)),
            },
            False,
            id="it may be following the 8 A yet",
        ),
        pytest.param(
            {"draw": 32.0, "commanded_at": 60.0, "drew": ((107.0, 9.0),)},
            False,
            id="13 s ago it drew its 9 A: it gives all that it has for a moment",
        ),
        pytest.param(
            {"draw": 32.0, "commanded_at": 60.0, "drew": ((104.0, 9.0),)},
            True,
            id="its 9 A were 16 s ago: it may have drawn 32 A for 15 s",
        ),
        pytest.param(
            {
                "draw": 32.0,
                "commanded_at": 60.0,
                "drew": ((104.0, 9.0), (106.0, 31.0)),
            },
            True,
            id="each report of the last 15 s was too much",
        ),
        pytest.param({"draw": 16.0, "commanded_at": None}, True, id="held when it was found"),
        pytest.param({"draw": 16.0, "command_a": None}, False, id="never told anything"),
        pytest.param({"draw": 16.0, "draw_at": None}, False, id="no time of its report"),
        pytest.param({"draw": None}, False, id="no report"),
        pytest.param(
            {"draw": 6.5, "command_a": 0.0, "session": SessionReading(least_a=6.0)},
            False,
            id="told to pause, it can only be told 6 A",
        ),
        pytest.param(
            {"draw": 7.1, "command_a": 0.0, "session": SessionReading(least_a=6.0)},
            True,
            id="and more than these",
        ),
    ],
)
def test_who_draws_more_than_it_was_told(changes: dict[str, Any], too_much: bool) -> None:
    """It was told 9 A at 100 s and reports at 120 s."""
    known = {"draw": 9.0, "draw_at": 120.0, "command_a": 9.0, "commanded_at": 100.0}
    assert overdraws(car(**{**known, **changes}), OPTIONS) == too_much


@pytest.mark.parametrize("phase", ["A", "B", "C"])
def test_too_much_on_any_phase_is_too_much(phase: str) -> None:
    """Told 9 A on three phases, it goes on with 16 A on one of them."""
    legs = (("L1", "A"), ("L2", "B"), ("L3", "C"))
    drawn = PerPhase.of({"A": 9.0, "B": 9.0, "C": 9.0, phase: 16.0})
    known = {"draw_at": 120.0, "command_a": 9.0, "commanded_at": 100.0}
    assert overdraws(car(legs=legs, draw=drawn, **known), OPTIONS)


@pytest.mark.parametrize("phase", ["B", "C"])
def test_a_car_on_one_phase_draws_too_much_there(phase: str) -> None:
    known = {"draw_at": 120.0, "command_a": 9.0, "commanded_at": 100.0}
    drawn = PerPhase.of({phase: 16.0})
    assert overdraws(car(legs=(("L1", phase),), draw=drawn, **known), OPTIONS)


# --- one span for the whole run -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent_at", "earlier", "since_s"),
    [
        pytest.param(None, (), 60.0, id="it was found holding its command"),
        pytest.param(10.0, (), 60.0, id="its first command"),
        pytest.param(65.0, (), 95.0, id="it may take less of it, and has not said so"),
        pytest.param(40.0, ((8.0, 40.0),), 71.0, id="it was raised"),
        pytest.param(49.0, ((6.0, 20.0), (16.0, 49.0)), 80.0, id="it was cut"),
    ],
)
@pytest.mark.parametrize("drawn_a", [9.6, 10.0, 12.0])
def test_a_steady_load_has_the_same_span_at_each_moment(
    drawn_a: float,
    sent_at: float | None,
    earlier: tuple[tuple[float, float], ...],
    since_s: float,
) -> None:
    """It reported at 60 s what it may draw or more, and was told 10 A long ago."""
    reading = car(draw=drawn_a, draw_at=60.0, command_a=10.0, commanded_at=sent_at, earlier=earlier)
    found = steady_since(reading, 100.0, 10.0)
    assert found is not None
    since, steady = found
    assert since == since_s
    for at in (None, since + 0.1, 99.0, 100.0, 101.0):
        for within_s in (10.0, 2.5):  # its longest time to obey, and its usual one
            assert span(reading, 100.0, at, within_s) == steady


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"draw": 9.0}, id="it takes less, which is true only when it says so"),
        pytest.param({"commanded_at": 80.0}, id="its first command is young"),
        pytest.param({"earlier": ((8.0, 70.0),)}, id="it was told something else lately"),
        pytest.param({"earlier": ((8.0, 49.5),)}, id="its report may be from before it obeyed"),
        pytest.param({"command_a": None}, id="it was never told anything"),
        pytest.param({"draw": None}, id="it has not reported"),
        pytest.param({"draw_at": 100.0}, id="its report is of now"),
    ],
)
def test_what_other_loads_may_draw_depends_on_the_moment(values: dict[str, Any]) -> None:
    told = {"draw": 10.0, "draw_at": 60.0, "command_a": 10.0, "commanded_at": 10.0, "earlier": ()}
    assert steady_since(car(**{**told, **values}), 100.0, 10.0) is None


def test_a_load_that_is_not_managed_and_never_reported_is_the_houses() -> None:
    """Nothing says that it draws nothing, so nothing is taken off the meter for it."""
    assert stopped(charging(draw=None)) is None

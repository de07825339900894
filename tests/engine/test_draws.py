"""What a load draws between its reports: more tables like those in test_budget.

A one-phase car. Its meter is read at some time, it reports at another, it is told at a third; the
least that it may draw counts for a raise, the most for a cut. A car has 5 s to obey.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.draws import (
    draw_for_cut,
    draw_for_raise,
    leg_current_a,
    not_counted,
    overdraws,
    same_on_each_leg,
)
from loadjuggler.measure.readings import LoadReading, SessionReading
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

OPTIONS = Options()
CAR = LoadReading(
    status="Charging",
    active=True,
    connected=True,
    mode="standard",
    priority=5.0,
    min_a=6.0,
    max_a=16.0,
    legs=(("L1", "A"),),
)


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
    assert draw_for_raise(reading, at).a == least_a


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
    assert draw_for_raise(reading, at).a == least_a


def test_a_command_that_ended_with_the_report_does_not_count_any_more() -> None:
    reading = car(draw=12.0, draw_at=40.0, command_a=16.0, earlier=((8.0, 40.0),))
    assert draw_for_raise(reading).a == 12.0


def test_without_a_command_a_raise_counts_on_the_report_and_without_one_on_nothing() -> None:
    assert draw_for_raise(car(draw=12.0, draw_at=40.0)).a == 12.0
    assert draw_for_raise(car(draw=12.0, command_a=16.0)).a == 0.0
    assert draw_for_raise(car(command_a=16.0)) == PerPhase(0.0)


def test_phases_are_judged_one_by_one() -> None:
    """Two legs on A and one on C; it was told 7 A: 14 A on A and 7 A on C at most."""
    legs = (("L1", "A"), ("L2", "A"), ("L3", "C"))
    reading = car(legs=legs, draw=PerPhase(12.0, None, 9.0), draw_at=40.0, command_a=7.0)
    assert draw_for_raise(reading) == PerPhase(12.0, None, 7.0)
    reading = car(legs=(("L2", "B"),), draw=PerPhase(None, 9.0, None), draw_at=40.0, command_a=7.0)
    assert draw_for_raise(reading) == PerPhase(None, 7.0, None)


@pytest.mark.parametrize("phase", ["A", "B", "C"])
def test_what_it_draws_on_a_phase_where_it_has_no_leg_is_not_managed(phase: str) -> None:
    """A car that is told 7 A on one phase reports 9 A on two: 7 A are of its command, 0 A there."""
    leg = "B" if phase == "A" else "A"
    drawn = PerPhase.of({phase: 9.0, leg: 9.0})
    reading = car(legs=(("L1", leg),), draw=drawn, draw_at=40.0, command_a=7.0)
    assert draw_for_raise(reading) == PerPhase.of({phase: 0.0, leg: 7.0})


# --- for a cut -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw_at", "now", "most_a"),
    [
        pytest.param(104.6, 105.0, 7.0, id="a report made 4.6 s after it: believed"),
        pytest.param(104.5, 104.5, 16.0, id="one made 4.5 s after it: it may be obeying"),
        pytest.param(104.5, 104.6, 9.0, id="but 4.6 s after the command it has obeyed"),
    ],
)
def test_a_cut_believes_reports_and_obedience_after_five_seconds(
    draw_at: float, now: float, most_a: float
) -> None:
    """Told 9 A instead of 16 at 100 s; reports 16 A before, and 7 A after 4.6 s. Slack: 0.5 s."""
    drawn_a = 7.0 if draw_at > 104.5 else 16.0
    reading = car(
        draw=drawn_a, draw_at=draw_at, command_a=9.0, commanded_at=100.0, earlier=((16.0, 100.0),)
    )
    assert draw_for_cut(reading, now, OPTIONS).a == most_a


def test_what_a_believed_report_says_above_the_command_is_not_counted() -> None:
    """12 A by its report, 9 A by its command: the 3 A above it are house load."""
    reading = car(draw=12.0, draw_at=110.0, command_a=9.0, commanded_at=100.0)
    assert draw_for_cut(reading, 111.0, OPTIONS).a == 9.0
    assert draw_for_cut(replace(reading, commanded_at=None), 111.0, OPTIONS).a == 9.0


@pytest.mark.parametrize(
    ("read_at", "most_a"),
    [
        pytest.param(109.1, 8.0, id="0.9 s before the report: of the same time"),
        pytest.param(109.0, 10.0, id="1 s before it: the meter shows the report before"),
    ],
)
def test_a_meter_read_clearly_before_the_report_shows_the_one_before(
    read_at: float, most_a: float
) -> None:
    """It has been allowed 12 A since 50 s; it reported 10 A at 105 s and 8 A at 110 s."""
    reading = car(draw=8.0, draw_at=110.0, drew=((105.0, 10.0),), command_a=12.0, commanded_at=50.0)
    assert draw_for_cut(reading, 110.5, OPTIONS, read_at).a == most_a


def test_of_the_reports_before_the_one_that_the_meter_shows_counts() -> None:
    """Reports of 14, 10 and 8 A at 90, 100 and 110 s: a meter of 105 s shows 10, one of 95 s 14."""
    reading = car(
        draw=8.0,
        draw_at=110.0,
        drew=((90.0, 14.0), (100.0, 10.0)),
        command_a=16.0,
        commanded_at=50.0,
    )
    assert [draw_for_cut(reading, 111.0, OPTIONS, at).a for at in (105.0, 95.0)] == [10.0, 14.0]


def test_a_meter_read_before_the_command_is_not_bound_by_it() -> None:
    """The meter of 99 s shows the 16 A of 90 s, whatever was told at 100 s and reported at 106."""
    reading = car(draw=9.0, draw_at=106.0, drew=((90.0, 16.0),), command_a=9.0, commanded_at=100.0)
    assert draw_for_cut(reading, 106.0, OPTIONS, 99.0).a == 16.0


@pytest.mark.parametrize(
    ("earlier", "draw_at", "now", "most_a"),
    [
        # The car was told 12 A at 100 s.
        pytest.param(((8.0, 100.0),), 99.0, 102.0, 12.0, id="raised: it may have taken it up"),
        pytest.param(((8.0, 100.0),), 101.0, 102.0, 12.0, id="reported since: it may do so yet"),
        pytest.param(((16.0, 100.0),), 99.0, 102.0, 10.0, id="cut: it draws no more than 10 A"),
        pytest.param(((12.0, 100.0),), 99.0, 102.0, 10.0, id="told the same again: no raise"),
        pytest.param((), 99.0, 102.0, 12.0, id="what it was told before is not known"),
        pytest.param(
            ((16.0, 100.0),), 30.0, 102.0, 12.0, id="reported over a minute ago: anything"
        ),
        pytest.param(((16.0, 100.0),), 42.0, 102.0, 10.0, id="reported just a minute ago"),
        pytest.param(
            ((8.0, 90.0), (16.0, 100.0)), 94.0, 102.0, 12.0, id="raised 4 s before the report"
        ),
        pytest.param(
            ((8.0, 89.0), (16.0, 100.0)),
            94.0,
            102.0,
            10.0,
            id="raised 5 s before it: it shows that",
        ),
        pytest.param(((9.0, 99.0),), 99.5, 102.0, 12.0, id="bound by 9 A, and raised since"),
    ],
)
def test_within_five_seconds_of_a_command_a_cut_counts_with_what_it_may_have_taken_up(
    earlier: tuple[tuple[float, float], ...], draw_at: float, now: float, most_a: float
) -> None:
    """It reported 10 A and was told 12 A at 100 s; `earlier` is what it was told until when."""
    reading = car(draw=10.0, draw_at=draw_at, command_a=12.0, commanded_at=100.0, earlier=earlier)
    assert draw_for_cut(reading, now, OPTIONS).a == most_a


def test_it_draws_no_more_than_the_largest_command_of_the_last_five_seconds() -> None:
    """An old report of 16 A; then 12 and 8 A were told, and 6 A at 110 s.

    At 112 s the 12 A that ended at 108 s count, the 16 A that ended at 107 s do not (4.5 s).
    """
    reading = car(
        draw=16.0,
        draw_at=80.0,
        command_a=6.0,
        commanded_at=110.0,
        earlier=((16.0, 107.0), (12.0, 108.0), (8.0, 110.0)),
    )
    assert draw_for_cut(reading, 112.0, OPTIONS).a == 12.0
    assert draw_for_cut(reading, 112.6, OPTIONS).a == 8.0


def test_times_are_judged_when_the_meters_were_read() -> None:
    """Told 9 A instead of 16 at 100 s; at 106 s it must have obeyed, but the meter is of 103 s."""
    reading = car(
        draw=16.0, draw_at=99.0, command_a=9.0, commanded_at=100.0, earlier=((16.0, 100.0),)
    )
    assert draw_for_cut(reading, 106.0, OPTIONS).a == 9.0
    assert draw_for_cut(reading, 106.0, OPTIONS, 103.0).a == 16.0
    assert draw_for_cut(reading, 103.0, OPTIONS, 106.0).a == 16.0, "no meter is from the future"


def test_what_the_meters_show_of_a_car_that_has_reported_since_they_were_read() -> None:
    """It was told 9 A at 100 s and obeyed; the meter of 99 s shows the 16 A of 95 s."""
    reading = car(
        draw=9.0,
        draw_at=102.0,
        drew=((95.0, 16.0),),
        command_a=9.0,
        commanded_at=100.0,
        earlier=((16.0, 100.0),),
    )
    assert draw_for_cut(reading, 102.0, OPTIONS, 99.0).a == 16.0


def test_without_a_report_a_cut_counts_with_the_command_and_without_one_with_the_report() -> None:
    assert draw_for_cut(car(command_a=10.0, commanded_at=100.0), 101.0, OPTIONS).a == 10.0
    assert draw_for_cut(car(draw=12.0, command_a=10.0), 101.0, OPTIONS).a == 10.0
    assert draw_for_cut(car(draw=12.0, draw_at=99.0), 101.0, OPTIONS).a == 12.0
    assert draw_for_cut(car(), 101.0, OPTIONS) == PerPhase(0.0)
    known = car(draw=12.0, draw_at=99.0, command_a=10.0)
    assert draw_for_cut(known, 101.0, OPTIONS).a == 10.0, "it held that when it was found"


# --- what is not counted for it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted_a", "draw_at", "raising", "above_a"),
    [
        pytest.param(9.0, 101.0, True, 3.0, id="12 A less the 9 A that are subtracted"),
        pytest.param(14.0, 101.0, True, 0.0, id="less is subtracted: nothing is the house's"),
        pytest.param(None, 101.0, True, 12.0, id="nothing is subtracted"),
        pytest.param(9.0, 99.0, True, 3.0, id="a raise: older than the command"),
        pytest.param(9.0, 99.0, False, None, id="a cut: it may have obeyed since"),
        pytest.param(9.0, 100.0, False, 3.0, id="a cut: of the same time"),
        pytest.param(9.0, None, True, None, id="no report"),
    ],
)
def test_what_a_load_reports_above_what_counts_for_it_is_house_load(
    counted_a: float | None, draw_at: float | None, raising: bool, above_a: float | None
) -> None:
    """It reports 12 A, and was told 9 A at 100 s."""
    reading = car(draw=12.0, draw_at=draw_at, command_a=9.0, commanded_at=100.0)
    found = not_counted(reading, PerPhase(counted_a), raising)
    assert found == (None if above_a is None else PerPhase(above_a))


def test_what_was_never_told_anything_is_judged_by_its_report_for_a_cut_too() -> None:
    reading = car(draw=12.0, draw_at=99.0)
    assert not_counted(reading, PerPhase(9.0), False) == PerPhase(3.0)
    assert not_counted(car(draw_at=99.0), PerPhase(9.0), False) is None


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
    ("changes", "too_much"),
    [
        pytest.param({"draw": 10.1}, True, id="1.1 A above its command"),
        pytest.param({"draw": 10.0}, False, id="1 A is an error of measurement"),
        pytest.param({"draw": 16.0, "draw_at": 114.9}, False, id="14.9 s after the command"),
        pytest.param({"draw": 16.0, "draw_at": 115.0}, True, id="15 s after it"),
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

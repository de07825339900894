"""How long a load takes to obey, as learned from the meter above it at clear cuts: tables.

A car on one phase was cut at some time; the meter above it was read at 103 s and at 104 s of a
clock that begins at `START`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from loadjuggler.limits.reaction import learned, obeys_s
from loadjuggler.measure.readings import MeterReading, Readings
from loadjuggler.memory.limits import Seen, Spot
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form
from .memories import remembered
from .readings import charging

START = 10_000.0
SITE = House.of(
    site_form("AB"),
    circuit_form("garage", 20, metered="AB"),
    circuit_form("corner", 20, parent="garage"),
    charger_form("car", "A", circuit="corner"),
    charger_form("other", "A", circuit="garage"),
    charger_form("far", "A"),
).site
CAR = charging(
    draw=PerPhase(16.0),
    draw_at=START + 90.0,
)


def after(seconds: float | None) -> float | None:
    """Epoch s of a time of these tables."""
    return None if seconds is None else START + seconds


def told(*commands: tuple[float, float]) -> dict[str, Any]:
    """A load that was told something at these times, as (s, A per leg), the oldest first."""
    earlier = tuple((amps, START + until) for (_, amps), (until, _) in pairwise(commands))
    at, amps = commands[-1]
    return {"command_a": amps, "commanded_at": START + at, "earlier": earlier}


CUT = told((0.0, 16.0), (100.0, 10.0))
"""The car was told 16 A at first, and 10 A at 100 s."""


def delays(
    car: dict[str, Any],
    fell_a: float,
    *,
    now: float = 104.0,
    read_s: tuple[float, float] = (103.0, 104.0),
    others: dict[str, dict[str, Any]] | None = None,
    circuit: str = "garage",
    site: Site = SITE,
    **known: Any,
) -> tuple[tuple[float, float], ...]:
    """The delays that are remembered of the car, if the meter on A fell by `fell_a`."""
    loads = {
        "car": replace(CAR, **car),
        "other": replace(CAR, command_a=8.0),
        "far": replace(CAR, command_a=8.0),
    }
    for load, values in (others or {}).items():
        loads[load] = replace(loads[load], **values)
    readings = Readings(
        START + now,
        {circuit: MeterReading(PerPhase(30.0 - fell_a, 5.0))},
        {"main": 25.0, "garage": 20.0, "corner": 20.0},
        loads,
        "priority",
        None,
        0.0,
    )
    old: dict[Spot, Seen] = {(circuit, "A"): Seen(30.0, ((START + read_s[0], 14.0),))}
    new: dict[Spot, Seen] = {(circuit, "A"): Seen(30.0 - fell_a, ((START + read_s[1], 14.0),))}
    for seen in (old, new):
        seen[circuit, "B"] = Seen(5.0, seen[circuit, "A"].trail)
    memory = Memory(seen=old, loads={"car": remembered(**known)})
    found = learned(site, readings, memory, new)
    assert found.keys() <= {"car"}
    return found["car"].draws.delays_s if found else ()


# --- what is learned -----------------------------------------------------------------------------


def test_a_clear_cut_that_the_meter_shows_tells_how_long_it_took() -> None:
    """Cut by 6 A at 100 s; the meter falls by 6 A from 103 to 104 s: it took 3 to 4 s."""
    assert delays(CUT, 6.0) == ((3.0, 4.0),)


def test_a_car_that_obeys_at_once_took_no_time_at_least() -> None:
    """Cut at 100 s; the meter was read at 99.5 s and at 100.5 s."""
    assert delays(CUT, 6.0, now=100.5, read_s=(99.5, 100.5)) == ((0.0, 0.5),)


def test_a_meter_that_was_read_before_the_cut_does_not_show_it() -> None:
    """Its report of 100 s comes in at 100.5 s: that fall is the house's."""
    assert delays(CUT, 6.0, now=100.5, read_s=(99.0, 100.0)) == ()


def test_what_was_learned_before_is_kept_and_the_cut_is_remembered() -> None:
    found = delays(CUT, 6.0, delays_s=((1.0, 2.0),), learned_at=START + 40.0)
    assert found == ((1.0, 2.0), (3.0, 4.0))
    assert delays(CUT, 6.0, learned_at=START + 100.0) == (), "it is not learned from twice"


@pytest.mark.parametrize(
    ("fell_a", "found"),
    [
        pytest.param(6.0, True, id="just as much"),
        pytest.param(4.3, True, id="1.7 A less: the house rose by that"),
        pytest.param(4.1, False, id="1.9 A less are more than a quarter of 6 A and 0.3 A"),
        pytest.param(7.7, True, id="1.7 A more"),
        pytest.param(7.9, False, id="1.9 A more"),
        pytest.param(0.0, False, id="nothing"),
        pytest.param(-6.0, False, id="a rise"),
    ],
)
def test_the_meter_must_fall_by_about_as_much(fell_a: float, found: bool) -> None:
    assert delays(CUT, fell_a) == (((3.0, 4.0),) if found else ())


@pytest.mark.parametrize(
    ("was_a", "now_a", "found"),
    [
        pytest.param(12.0, 10.0, True, id="2 A"),
        pytest.param(11.9, 10.0, False, id="1.9 A: the house moves by as much"),
        pytest.param(10.0, 12.0, False, id="a raise"),
        pytest.param(12.0, 0.0, True, id="a stop"),
    ],
)
def test_only_clear_cuts_count(was_a: float, now_a: float, found: bool) -> None:
    """The meter falls by just that."""
    car = told((0.0, was_a), (100.0, now_a))
    assert delays(car, was_a - now_a) == (((3.0, 4.0),) if found else ())


def test_the_first_command_is_no_cut() -> None:
    """Nobody knows what it was told before."""
    assert delays(told((100.0, 10.0)), 6.0) == ()


def test_a_car_told_nothing_is_no_cut() -> None:
    assert delays({}, 6.0) == ()


# --- several cuts --------------------------------------------------------------------------------

TWICE = told((0.0, 16.0), (100.0, 12.0), (102.0, 8.0))
"""Cut by 4 A at 100 s, and by 4 A at 102 s."""


def test_of_two_cuts_alike_the_older_one_is_obeyed_first() -> None:
    assert delays(TWICE, 4.0) == ((3.0, 4.0),)


def test_then_the_younger_one_follows() -> None:
    """The older one was learned from: this fall belongs to the cut of 102 s, 1 to 2 s before."""
    found = delays(TWICE, 4.0, delays_s=((2.0, 3.0),), learned_at=START + 100.0)
    assert found == ((2.0, 3.0), (1.0, 2.0))


def test_of_two_cuts_the_one_that_fits_counts() -> None:
    """Cut by 2 A at 100 s and by 6 A at 102 s; the meter falls by 6 A.

    The 2 A may have been obeyed when the house took 2 A more, so this is one lesson. That it may
    be the house's is why the longest time needs three (`obeys_s`).
    """
    assert delays(told((0.0, 16.0), (100.0, 14.0), (102.0, 8.0)), 6.0) == ((1.0, 2.0),)


def test_two_cuts_that_are_obeyed_at_once_are_not_clear() -> None:
    """A fall of 8 A is none of the two cuts by 4 A."""
    assert delays(TWICE, 8.0) == ()


def test_a_cut_that_was_sent_since_the_meter_was_read_does_not_count() -> None:
    """Cut by 4 A at 100 s and by 6 A at 104 s, when the meter was read that shows 6 A less."""
    assert delays(told((0.0, 16.0), (100.0, 12.0), (104.0, 6.0)), 6.0) == ()


# --- too late ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read_s", "found"),
    [
        pytest.param((114.0, 115.0), ((14.0, 15.0),), id="within 15 s"),
        pytest.param((115.0, 116.0), ((15.0, 16.0),), id="the meter was last read 15 s after it"),
        pytest.param((115.5, 116.0), (), id="later than that: it is not because of the cut"),
    ],
)
def test_what_happens_long_after_a_cut_is_not_because_of_it(
    read_s: tuple[float, float], found: tuple[tuple[float, float], ...]
) -> None:
    """Cut by 6 A at 100 s, and by 3 A at 114 s, which the meter does not show."""
    car = told((0.0, 16.0), (100.0, 10.0), (114.0, 7.0))
    assert delays(car, 6.0, now=116.0, read_s=read_s) == found


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(115.0, ((3.0, 4.0),), id="15 s after its last command"),
        pytest.param(115.1, (), id="later: nothing is looked at any more"),
    ],
)
def test_a_car_that_was_told_nothing_for_long_is_not_looked_at(
    now: float, found: tuple[tuple[float, float], ...]
) -> None:
    """A report of the meter of 104 s that comes in late."""
    assert delays(CUT, 6.0, now=now) == found


# --- what else may have made the meter fall ------------------------------------------------------


@pytest.mark.parametrize(
    ("draw_a", "draw_at", "found"),
    [
        pytest.param(10.0, 102.0, False, id="it drew 10 A at 102 s: that fall is the house's"),
        pytest.param(11.0, 102.0, False, id="1 A more is an error of measurement"),
        pytest.param(11.1, 102.0, True, id="it had not obeyed yet"),
        pytest.param(10.0, 103.0, False, id="it had obeyed as the meter was last read"),
        pytest.param(10.0, 103.5, True, id="it obeyed since"),
        pytest.param(10.0, 100.0, True, id="a report of before the cut shows nothing of it"),
    ],
)
def test_a_cut_that_a_report_showed_before_is_not_what_the_meter_shows(
    draw_a: float, draw_at: float, found: bool
) -> None:
    before = ((START + 90.0, PerPhase(16.0)),)
    car = {**CUT, "draw": PerPhase(draw_a), "draw_at": START + draw_at, "drew": before}
    assert delays(car, 6.0) == (((3.0, 4.0),) if found else ())


def test_without_a_report_nothing_is_learned() -> None:
    """It is not known what the load drew before the cut, so not what the cut should have shown."""
    assert delays({**CUT, "draw": None, "draw_at": None}, 6.0) == ()


@pytest.mark.parametrize(
    ("load", "at", "found"),
    [
        pytest.param("other", 89.1, False, id="it was told something 14.9 s ago"),
        pytest.param("other", 89.0, True, id="15 s ago"),
        pytest.param("other", None, True, id="nobody knows when"),
        pytest.param("far", 103.0, True, id="one that is not below this meter"),
    ],
)
def test_nothing_is_learned_while_another_load_below_the_meter_may_move(
    load: str, at: float | None, found: bool
) -> None:
    """The nearest meter is that of the garage: the other load is below it, the far one is not."""
    others = {load: {"commanded_at": after(at)}}
    assert delays(CUT, 6.0, others=others) == (((3.0, 4.0),) if found else ())


def test_the_main_meter_serves_if_the_garage_has_none() -> None:
    """Then the far load is below it, too."""
    assert delays(CUT, 6.0, circuit="main") == ((3.0, 4.0),)
    others = {"far": {"commanded_at": START + 103.0}}
    assert delays(CUT, 6.0, circuit="main", others=others) == ()


def test_without_a_meter_nothing_is_learned() -> None:
    readings = Readings(START + 104.0, {}, {}, {"car": replace(CAR, **CUT)}, "priority", None, 0.0)
    site = House.of(site_form("A"), charger_form("car", "A")).site
    assert learned(site, readings, Memory(), {}) == {}


def test_a_meter_without_a_new_report_shows_nothing() -> None:
    assert delays(CUT, 6.0, read_s=(104.0, 104.0)) == ()


def test_a_meter_that_is_seen_for_the_first_time_shows_no_fall() -> None:
    """Nor one that gives nothing any more."""
    seen = {("garage", "A"): Seen(24.0, ((START + 104.0, 14.0),))}
    loads = {"car": replace(CAR, **CUT), "other": CAR, "far": CAR}
    meters = {"garage": MeterReading(PerPhase(24.0))}
    readings = Readings(START + 104.0, meters, {}, loads, "priority", None, 0.0)
    assert learned(SITE, readings, Memory(), seen) == {}
    assert learned(SITE, readings, Memory(seen=seen), {}) == {}


def test_a_load_that_takes_no_part_is_not_judged() -> None:
    assert delays({**CUT, "active": False}, 6.0) == ()


def test_the_phase_of_the_load_counts() -> None:
    """A car on B: A falls by 6 A, B does not."""
    assert delays({**CUT, "legs": (("L1", "B"),)}, 6.0) == ()


# --- what follows from it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delays_s", "usually_s", "at_most_s"),
    [
        pytest.param((), 2.5, 10.0, id="nothing was seen: careful values"),
        pytest.param(((2.0, 3.0),), 3.0, 10.0, id="2.5 s in the middle: 3 s; one may be the house"),
        pytest.param(((2.0, 3.0),) * 2, 3.0, 10.0, id="so may two"),
        pytest.param(((2.0, 3.0),) * 3, 3.0, 5.0, id="of three, 2 s more than 3 s"),
        pytest.param(((0.0, 1.0),) * 3, 1.0, 4.0, id="never less than 4 s at most"),
        pytest.param(
            ((2.0, 3.0), (5.0, 6.0), (1.0, 2.0)),
            3.0,
            8.0,
            id="the middle one of three is usual; the longest took 6 s",
        ),
        pytest.param(((0.0, 9.0), (4.0, 5.0)), 5.0, 11.0, id="9 s is the longest end"),
    ],
)
def test_how_long_a_load_takes_to_obey(
    delays_s: tuple[tuple[float, float], ...], usually_s: float, at_most_s: float
) -> None:
    assert obeys_s(delays_s, Options(), usual=True) == usually_s
    assert obeys_s(delays_s, Options(), usual=False) == at_most_s

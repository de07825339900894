"""Who shares, what each load asks for, and what is reserved before: tables, without a run.

All loads hang on one phase of a breaker. A car takes 6 to 16 A, the boiler 2,300 W = 10 A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.constraints import Ask
from loadjuggler.limits.obeying import exceeding
from loadjuggler.measure.readings import (
    EnergyReading,
    LoadReading,
    MeterReading,
    Readings,
    SessionReading,
    SetpointReading,
)
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.sharing import demand
from loadjuggler.sharing.utilisation import Usage
from loadjuggler.site.model import Site
from loadjuggler.site.setpoint import Dial
from loadjuggler.units import PerPhase

from .house import BATTERY, House, charger_form, plug_form, site_form
from .memories import remembered
from .readings import charging

NOW = 10_000.0
OPTIONS = Options()


def site(**values: Any) -> Site:
    return House.of(
        site_form("A", **values),
        charger_form("car", "A", fallback_current_a=7),
        charger_form("other", "A"),
        plug_form("boiler"),
        plug_form("fridge", essential=True),
    ).site


SITE = site()
CAR = charging(
    draw=PerPhase(12.0),
    draw_at=NOW,
    command_a=12.0,
    commanded_at=NOW - 60.0,
)
PLUG = replace(
    CAR, mode="continuous", min_a=10.0, max_a=10.0, on=True, draw=PerPhase(10.0), command_a=10.0
)


def read(energy: EnergyReading | None = None, **loads: LoadReading) -> Readings:
    """What is read of the four loads: `loads`, and an idle car and plugs that are off."""
    idle = replace(CAR, active=False, status="Available", command_a=None, draw=None)
    off = replace(PLUG, mode="off", on=False)
    known = {"car": CAR, "other": idle, "boiler": off, "fridge": off, **loads}
    return Readings(NOW, {}, {}, known, "priority", None, 0.0, energy=energy or EnergyReading())


# --- who takes part ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        pytest.param({}, True, id="a car that charges"),
        pytest.param({"active": False}, False, id="no car"),
        pytest.param({"connected": False}, False, id="calls do not reach it"),
        pytest.param({"mode": "off"}, False, id="not managed"),
        pytest.param({"max_a": 5.9}, False, id="its maximum is below its minimum"),
        pytest.param({"max_a": 6.0}, True, id="its maximum is its minimum"),
    ],
)
def test_who_takes_part(changes: dict[str, Any], shares: bool) -> None:
    readings = read(car=replace(CAR, **changes))
    assert demand.taking_part(SITE, readings) == ({"car"} if shares else set())


# --- what a load asks for ------------------------------------------------------------------------


def ask(
    changes: dict[str, Any] | None = None,
    *,
    load: str = "car",
    site: Site = SITE,
    fixed: dict[str, float] | None = None,
    blind: bool = False,
    waiting: bool = False,
    silent: bool = False,
    cap_a: float | None = None,
    idle: bool = False,
) -> Ask | None:
    """What `load` asks for; `None`: nothing."""
    reading = replace(CAR if load == "car" else PLUG, **(changes or {}))
    found = demand.asks(
        site,
        read(**{load: reading}),
        fixed or {},
        frozenset({load} if blind else ()),
        {load} if waiting else (),
        {load} if silent else (),
        Usage({} if cap_a is None else {load: cap_a}, frozenset({load} if idle else ())),
    )
    return {one.id: one for one in found}.get(load)


def test_what_a_car_asks_for() -> None:
    """6 to 16 A in its steps, in the order of the urgency of its mode, its priority and its id."""
    assert ask({"mode": "solar_only", "priority": 3.0}) == Ask(
        "car", 6.0, 16.0, 0.1, (2.0, 3.0, "car"), active=True
    )


def test_a_number_charger_asks_in_the_levels_of_its_entity() -> None:
    """A list of 8, 12 and 16 A has these; an entity in steps of 0.25 A has steps."""
    options = tuple((amps, f"{amps} A") for amps in (8.0, 12.0, 16.0))
    listed = Dial("A", 8.0, 16.0, 0.1, options=options)
    steps = Dial("A", 6.0, 16.0, 0.25)
    for dial, step_a, levels_a in ((listed, 0.1, (8.0, 12.0, 16.0)), (steps, 0.25, ())):
        found = ask({"setpoint": SetpointReading(dial)})
        assert found is not None
        assert (found.step_a, found.levels) == (step_a, levels_a)


@pytest.mark.parametrize(
    ("changes", "fixed"),
    [
        pytest.param({"mode": "off"}, {}, id="not managed"),
        pytest.param({"max_a": 5.9}, {}, id="its maximum is below its minimum"),
        pytest.param({}, {"car": 16.0}, id="reserved before the sharing"),
    ],
)
def test_who_does_not_ask(changes: dict[str, Any], fixed: dict[str, float]) -> None:
    assert ask(changes, fixed=fixed) is None


@pytest.mark.parametrize(
    ("changes", "how", "asks"),
    [
        # (low, high, active)
        pytest.param({}, {}, (6, 16, True), id="all that it may take"),
        pytest.param({"active": False}, {}, (6, 16, False), id="no car: what it could have"),
        pytest.param({}, {"waiting": True}, (6, 16, False), id="it pauses"),
        pytest.param({}, {"cap_a": 9.0}, (6, 9, True), id="it takes less than it may"),
        pytest.param({}, {"cap_a": 20.0}, (6, 16, True), id="a cap above its maximum"),
        pytest.param({}, {"cap_a": 4.0}, (6, 6, True), id="a cap below its minimum"),
        pytest.param(
            {"active": False}, {"cap_a": 9.0}, (6, 16, False), id="no car: the cap was another's"
        ),
        pytest.param({}, {"blind": True}, (6, 12, True), id="blind: no more than it was told"),
        pytest.param(
            {"command_a": 20.0}, {"blind": True}, (6, 16, True), id="blind: nor than its maximum"
        ),
        pytest.param(
            {"command_a": 4.0},
            {"blind": True},
            (4, 4, True),
            id="blind: told less than its minimum",
        ),
        pytest.param(
            {"command_a": None},
            {"blind": True},
            (6, 12, True),
            id="blind and never told anything: what it draws",
        ),
        pytest.param(
            {"active": False}, {"blind": True}, (6, 16, False), id="blind, no car: what it could"
        ),
        pytest.param({}, {"silent": True}, (6, 7, True), id="silent: its fallback current"),
        pytest.param(
            {"max_a": 6.5}, {"silent": True}, (6, 6.5, True), id="silent: at most its maximum"
        ),
        pytest.param(
            {"command_a": 0.0}, {"silent": True}, (6, 6, False), id="silent: it does not charge"
        ),
        pytest.param({}, {"silent": True, "idle": True}, (6, 6, False), id="silent: it takes none"),
        pytest.param(
            {"command_a": 6.0}, {"silent": True}, (6, 6, True), id="silent: it goes on with 6 A"
        ),
        pytest.param(
            {"mode": "solar_only"}, {"silent": True}, (6, 6, False), id="silent: solar loads stop"
        ),
        pytest.param(
            {"active": False}, {"silent": True}, (6, 16, False), id="silent, no car: what it could"
        ),
        pytest.param(
            {}, {"silent": True, "blind": True}, (6, 7, True), id="silent counts before blind"
        ),
        pytest.param(
            {}, {"silent": True, "waiting": True}, (6, 7, False), id="silent, and it pauses"
        ),
    ],
)
def test_the_range_that_a_load_asks_for(
    changes: dict[str, Any], how: dict[str, Any], asks: tuple[float, float, bool]
) -> None:
    """A car of 6 to 16 A that was told 12 A and draws them; its fallback current is 7 A."""
    found = ask(changes, **how)
    assert found is not None
    assert (found.min_a, found.max_a, found.active) == asks


# --- what is reserved before ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("load", "changes", "silent", "served"),
    [
        pytest.param("boiler", {}, False, {}, id="a plug that shares like the others"),
        pytest.param("boiler", {}, True, {"boiler": 10.0}, id="a plug stays on, silent meter"),
        pytest.param("boiler", {"on": False}, True, {}, id="one that is off stays off"),
        pytest.param("boiler", {"mode": "solar_only"}, True, {}, id="one that lives from the sun"),
        pytest.param("boiler", {"mode": "off"}, True, {}, id="one that is not managed"),
        pytest.param("boiler", {"paused_s": 60.0}, True, {}, id="one that a person pauses"),
        pytest.param("fridge", {}, False, {"fridge": 10.0}, id="an essential plug that is on"),
        pytest.param("fridge", {"mode": "off"}, False, {"fridge": 10.0}, id="in whatever mode"),
        pytest.param("fridge", {"on": False}, False, {}, id="an essential plug that is off"),
        pytest.param("car", {"on": True}, True, {}, id="a charger has its fallback current"),
        pytest.param("car", {"lost": True, "kept_a": 9.0}, False, {"car": 9.0}, id="out of reach"),
        pytest.param("car", {"lost": True}, False, {"car": 0.0}, id="out of reach, nothing kept"),
        pytest.param(
            "car", {"active": False, "kept_a": 16.0}, False, {"car": 16.0}, id="cleared, no car"
        ),
        pytest.param("car", {"kept_a": 16.0}, False, {}, id="cleared, with a car: it shares"),
        pytest.param("car", {"active": False}, False, {}, id="no car, and nothing is kept"),
    ],
)
def test_what_is_reserved_before_the_sharing(
    load: str, changes: dict[str, Any], silent: bool, served: dict[str, float]
) -> None:
    reading = replace(CAR if load == "car" else PLUG, **changes)
    assert demand.served_first(SITE, read(**{load: reading}), {load} if silent else ()) == served


@pytest.mark.parametrize(
    ("meter", "stays"),
    [
        pytest.param(MeterReading(PerPhase(25.0)), True, id="just at its limit"),
        pytest.param(MeterReading(PerPhase(25.1)), False, id="over its limit: it may go off"),
        pytest.param(MeterReading(PerPhase(25.1), stale=True), True, id="that is no news"),
    ],
)
def test_a_plug_below_a_silent_meter_goes_off_where_another_meter_shows_too_much(
    meter: MeterReading, stays: bool
) -> None:
    """The breaker above has 25 A, and its own meter is read (product.md section 6)."""
    now = replace(read(boiler=PLUG), meters={"main": meter}, limits_a={"main": 25.0})
    served = demand.served_first(SITE, now, {"boiler"})
    assert served == ({"boiler": 10.0} if stays else {})


# --- after a start -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unheard", "woke_s", "holds"),
    [
        pytest.param(True, 0.0, True, id="just started, a sensor has not reported"),
        pytest.param(True, 60.0, True, id="for 60 s"),
        pytest.param(True, 60.1, False, id="and no longer"),
        pytest.param(True, -1.0, False, id="a clock that was set back"),
        pytest.param(True, None, True, id="the first run of all"),
        pytest.param(False, 5.0, False, id="each sensor has reported"),
    ],
)
def test_after_a_start_who_lives_from_the_sun_holds_what_it_has(
    unheard: bool, woke_s: float | None, holds: bool
) -> None:
    """A solar car that was told 9 A, and another one, never told anything, that draws 7 A."""
    readings = read(
        EnergyReading(unheard=unheard),
        car=replace(CAR, mode="solar_priority", command_a=9.0),
        other=replace(CAR, mode="excess", command_a=None, draw=PerPhase(7.0)),
        boiler=PLUG,
    )
    memory = Memory(woke_at=None if woke_s is None else NOW - woke_s)
    found = demand.waking(SITE, readings, memory, OPTIONS)
    assert found == ({"car": 9.0, "other": 7.0} if holds else {})


def test_where_nothing_may_come_from_the_grid_all_loads_hold_what_they_have() -> None:
    readings = read(EnergyReading(unheard=True, allow_grid=False), boiler=PLUG)
    memory = Memory(woke_at=NOW)
    found = demand.waking(site(**BATTERY), readings, memory, OPTIONS)
    assert found == {"car": 12.0, "other": 0.0, "boiler": 10.0, "fridge": 10.0}
    assert demand.waking(SITE, readings, memory, OPTIONS) == {}, "only a battery can forbid it"


# --- the battery's next report -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every_s", "raised_s", "reported_s", "waits"),
    [
        pytest.param(1.0, 5.0, 8.0, True, id="at least 5 s, though it reports every second"),
        pytest.param(1.0, 5.1, 8.0, False, id="and then no longer"),
        pytest.param(45.0, 60.0, 70.0, True, id="at most 60 s, though it reports every 45 s"),
        pytest.param(45.0, 60.1, 70.0, False, id="and no longer"),
        pytest.param(20.0, 10.0, 5.0, True, id="a report 5 s after the raise is none of after it"),
        pytest.param(20.0, 10.0, 4.9, False, id="a later one is"),
        pytest.param(20.0, None, 15.0, False, id="nobody was raised"),
        pytest.param(20.0, 10.0, None, False, id="the battery has never reported"),
    ],
)
def test_how_long_the_batterys_report_is_waited_for(
    every_s: float, raised_s: float | None, reported_s: float | None, waits: bool
) -> None:
    reported_at = None if reported_s is None else NOW - reported_s
    readings = read(EnergyReading(reported_at=reported_at), car=replace(CAR, mode="solar_only"))
    raised_at = None if raised_s is None else NOW - raised_s
    memory = Memory(loads={"car": remembered(raised_at=raised_at)})
    memory = replace(memory, battery=replace(memory.battery, every_s=every_s))
    found = demand.unsettled(site(**BATTERY), readings, memory, OPTIONS)
    assert found == ({"car"} if waits else set())


def test_the_newest_raise_counts_and_all_that_live_from_the_sun_wait() -> None:
    """One was raised 30 s ago, before the report of 20 s ago, the other 10 s ago, after it."""
    solar = replace(CAR, mode="solar_only")
    readings = read(EnergyReading(reported_at=NOW - 20.0), car=solar, other=solar)
    raised = {"car": NOW - 30.0, "other": NOW - 10.0}
    memory = Memory(loads={load: remembered(raised_at=at) for load, at in raised.items()})
    memory = replace(memory, battery=replace(memory.battery, every_s=20.0))
    assert demand.unsettled(site(**BATTERY), readings, memory, OPTIONS) == {"car", "other"}
    assert demand.unsettled(SITE, readings, memory, OPTIONS) == set(), "there is no battery"


# --- what loads keep -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "failures", "keeps"),
    [
        pytest.param({}, 0, {}, id="it does what it is told"),
        pytest.param({}, 1, {"car": 12.0}, id="a call failed: its command"),
        pytest.param({"draw": PerPhase(8.0)}, 1, {"car": 12.0}, id="though it draws less"),
        pytest.param({"draw": PerPhase(13.0)}, 1, {"car": 13.0}, id="or its draw, the larger"),
        pytest.param({"draw": PerPhase(14.0)}, 1, {"car": 12.0}, id="the rest is house load"),
        pytest.param({"command_a": None}, 1, {"car": 12.0}, id="never told anything: its draw"),
        pytest.param(
            {"command_a": None, "draw": PerPhase(0.5)}, 1, {"car": 0.5}, id="however small that is"
        ),
        pytest.param({"draw": PerPhase(13.1)}, 0, {"car": 12.0}, id="it draws over 1 A too much"),
        pytest.param({"draw": PerPhase(13.0)}, 0, {}, id="up to 1 A is an error of measurement"),
        pytest.param({"kept_a": 15.0}, 0, {"car": 15.0}, id="it can't be told less than 15 A"),
        pytest.param({"kept_a": 8.0}, 1, {"car": 12.0}, id="the larger of two counts"),
        pytest.param({"kept_a": 8.0}, 0, {"car": 8.0}, id="however small"),
        pytest.param(
            {"command_a": 0.0, "session": SessionReading(least_a=6.0), "draw": PerPhase(6.0)},
            0,
            {},
            id="told to pause, it can only be told its minimum: it takes that",
        ),
        pytest.param(
            {"command_a": 0.0, "draw": PerPhase(6.0)},
            0,
            {"car": 0.0},
            id="told to pause, and draws",
        ),
    ],
)
def test_what_a_load_keeps_whatever_it_is_told(
    changes: dict[str, Any], failures: int, keeps: dict[str, float]
) -> None:
    """A car that was told 12 A a minute ago, and draws them."""
    readings = read(car=replace(CAR, **changes))
    memory = Memory(loads={"car": remembered(failures=failures)})
    assert demand.stuck(readings, memory, {"car"}, exceeding(readings, OPTIONS)) == keeps


def test_only_those_that_share_can_be_stuck() -> None:
    memory = Memory(loads={"car": remembered(failures=1)})
    assert demand.stuck(read(), memory, set(), exceeding(read(), OPTIONS)) == {}


def reserved(
    readings: Readings,
    active: set[str],
    fixed: Mapping[str, float] | None = None,
    stuck: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """What is reserved by loads of which nothing is remembered."""
    return demand.reserved(readings, Memory(), OPTIONS, active, fixed or {}, stuck or {})


def test_what_a_load_counts_with_at_least_when_another_one_is_raised() -> None:
    """12 A by its report; what it keeps, or has before the sharing, counts instead.

    The other car was told 8 A and still draws 12: a raise may count on 8 A only.
    """
    readings = read(other=replace(CAR, command_a=8.0))
    active = {"car", "other"}
    assert reserved(readings, active) == {"car": 12.0, "other": 8.0}
    found = reserved(readings, active, {"boiler": 10.0, "car": 9.0}, {"car": 14.0})
    assert found == {"car": 14.0, "other": 8.0, "boiler": 10.0}


def test_two_legs_on_one_phase_count_with_the_current_of_one() -> None:
    """24 A on A are 12 A on each of the two legs."""
    two = replace(CAR, legs=(("L1", "A"), ("L2", "A")), draw=PerPhase(24.0))
    assert reserved(read(car=two), {"car"}) == {"car": 12.0}


@pytest.mark.parametrize(("told_s", "counts_a"), [(9.0, 14.0), (10.0, 12.0)])
def test_a_car_that_was_raised_and_cut_at_once_counts_with_the_raise(
    told_s: float, counts_a: float
) -> None:
    """It draws 12 A, was told 14 A, and 12 A a second later. It may take 10 s to obey, in order."""
    raised_at = NOW - told_s
    earlier = ((12.0, raised_at), (14.0, raised_at + 1.0))
    car = replace(CAR, command_a=12.0, commanded_at=raised_at + 1.0, earlier=earlier)
    assert reserved(read(car=car), {"car"}) == {"car": counts_a}

"""What a charger leaves of what it may take, decided from one report: a table, without a house.

A one-phase charger of 6 to 16 A in steps of 0.1 A. It takes clearly less when it draws more than
2 A below what it was offered. After 60 s of that it is left its draw + 2 A, and at least its
minimum.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from loadjuggler.measure.readings import LoadReading, Readings
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.timers import Utilisation
from loadjuggler.options import Options
from loadjuggler.sharing.utilisation import observe
from loadjuggler.units import PerPhase

from .house import House, charger_form, plug_form, site_form
from .memories import remembered

NOW = 10_000.0
MINUTE_AGO = NOW - 60.0


def reading(**values: object) -> LoadReading:
    """A car that was told 16 A two minutes ago, and has just reported that it draws 16 A."""
    known = LoadReading(
        status="Charging",
        active=True,
        connected=True,
        mode="standard",
        priority=5.0,
        min_a=6.0,
        max_a=16.0,
        legs=(("L1", "A"),),
        draw=PerPhase(16.0),
        draw_at=NOW,
        command_a=16.0,
        commanded_at=NOW - 120.0,
    )
    draw = values.pop("draw_a", None)
    changed = {**values, **({} if draw is None else {"draw": PerPhase(draw)})}
    return replace(known, **changed)  # type: ignore[arg-type]


def after(seen: LoadReading, **known: float | None) -> Utilisation:
    """What is remembered of the car after this report; `known` was before."""
    site = House.of(site_form("A"), charger_form("car", "A", max_current_a=16)).site
    memory = Memory(loads={"car": remembered(**known)})
    readings = Readings(NOW, {}, {}, {"car": seen}, "priority", None, 0.0)
    return observe(site, readings, memory, Options())[1].load("car").utilisation


@pytest.mark.parametrize(
    ("draw_a", "spares"),
    [
        pytest.param(13.9, True, id="2.1 A less: it leaves something"),
        pytest.param(14.0, False, id="2 A less is what a car may be off by"),
        pytest.param(16.0, False, id="it takes all"),
    ],
)
def test_a_car_takes_clearly_less_when_it_is_more_than_two_amperes_below(
    draw_a: float, spares: bool
) -> None:
    assert after(reading(draw_a=draw_a)).spare_at == (NOW if spares else None)


@pytest.mark.parametrize(
    ("draw_a", "cap_a"),
    [
        pytest.param(10.0, 12.0, id="10 + 2 A"),
        pytest.param(10.07, 12.0, id="floored to its step of 0.1 A"),
        pytest.param(3.0, 6.0, id="3 + 2 A is below its minimum: it is left the minimum"),
    ],
)
def test_after_a_minute_it_is_left_what_it_takes_and_some_more(draw_a: float, cap_a: float) -> None:
    assert after(reading(draw_a=draw_a), spare_at=MINUTE_AGO).cap_a == pytest.approx(cap_a)


def test_before_a_minute_it_is_left_all() -> None:
    assert after(reading(draw_a=10.0), spare_at=MINUTE_AGO + 1.0).cap_a is None


@pytest.mark.parametrize(
    ("told_a", "draw_a", "freed"),
    [
        pytest.param(12.0, 11.0, True, id="within 1 A of its cap of 12 A: it may grow again"),
        pytest.param(12.0, 10.9, False, id="it leaves more than 1 A of its cap"),
        pytest.param(8.0, 7.5, True, id="told 8 A, below its cap: it takes all that it was told"),
        pytest.param(8.0, 6.9, False, id="told 8 A, and it leaves more than 1 A of that"),
    ],
)
def test_it_may_grow_again_when_it_takes_what_it_was_told_or_left(
    told_a: float, draw_a: float, freed: bool
) -> None:
    seen = reading(command_a=told_a, draw_a=draw_a)
    assert after(seen, cap_a=12.0).cap_a == (None if freed else 12.0)


@pytest.mark.parametrize(
    ("reported_at", "spares"),
    [
        pytest.param(NOW - 1.0, False, id="8 A held until 3 s before: it may have obeyed that"),
        pytest.param(NOW + 3.0, True, id="8 A ended more than 5 s before the report"),
    ],
)
def test_what_it_was_offered_is_the_least_that_it_may_still_have_obeyed(
    reported_at: float, spares: bool
) -> None:
    """It draws 8 A. It was told 8 A, and from 4 s ago on 16 A; a car has 5 s to obey.

    A report of 1 s ago may be one of the 8 A, so it takes all. One of 3 s later may not.
    """
    seen = reading(
        draw_a=8.0, draw_at=reported_at, commanded_at=NOW - 4.0, earlier=((8.0, NOW - 4.0),)
    )
    assert after(seen).spare_at == (NOW if spares else None)


def test_a_report_from_before_the_command_is_judged_by_what_was_told_then() -> None:
    """It draws 8 A by a report of 10 s ago, when it was told 8 A; the 16 A came 4 s ago."""
    seen = reading(
        draw_a=8.0, draw_at=NOW - 10.0, commanded_at=NOW - 4.0, earlier=((8.0, NOW - 4.0),)
    )
    assert after(seen).spare_at is None


def test_a_car_that_takes_one_ampere_or_less_takes_nothing() -> None:
    assert after(reading(draw_a=1.0)).idle_at == NOW
    assert after(reading(draw_a=1.1)).idle_at is None
    assert after(reading(draw_a=0.0), idle_at=MINUTE_AGO).idle_at == MINUTE_AGO


def test_what_is_not_known_changes_nothing() -> None:
    """Lost, or never told anything: what was learned before stays."""
    known = {"spare_at": MINUTE_AGO, "cap_a": 12.0, "idle_at": None}
    for seen in (reading(lost=True), reading(command_a=None)):
        assert after(seen, **known) == Utilisation(MINUTE_AGO, 12.0, None)


def test_a_car_that_was_told_to_pause_is_left_all_again() -> None:
    """Only that it took nothing stays known, so that it goes to the end of the queue."""
    known = {"spare_at": MINUTE_AGO, "cap_a": 12.0, "idle_at": MINUTE_AGO}
    paused = reading(command_a=0.0, draw_a=0.0)
    assert after(paused, **known) == Utilisation(idle_at=MINUTE_AGO)
    still_drawing = reading(command_a=0.0, draw_a=6.0)
    assert after(still_drawing, **known) == Utilisation()


def test_a_plug_takes_nothing_when_it_draws_less_than_ten_watts() -> None:
    """2,000 W, measured: 9 W is a warm boiler, 11 W is one that heats a little."""
    form = {**plug_form("boiler", "A"), "power_entity": "sensor.boiler_power"}
    site = House.of(site_form("A"), form).site

    def idle(power_w: float, on: bool = True) -> bool:
        a = power_w / 230
        seen = reading(draw_a=a, command_a=8.7, min_a=8.7, max_a=8.7, on=on)
        readings = Readings(NOW, {}, {}, {"boiler": seen}, "priority", None, 0.0)
        found = observe(site, readings, Memory(), Options())[1].load("boiler").utilisation
        return found.idle_at is not None

    assert [idle(9.0), idle(11.0), idle(2000.0, on=False)] == [True, False, True]

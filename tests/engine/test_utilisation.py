"""What a charger leaves of what it may take, decided from one report: a table, without a house.

A one-phase charger of 6 to 16 A in steps of 0.1 A. It takes clearly less when it draws more than
2 A below what it was offered. After 60 s of that it is left its draw + 2 A, and at least its
minimum.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from loadjuggler.measure.readings import LoadReading, Readings, SetpointReading
from loadjuggler.memory.memory import Memory
from loadjuggler.memory.timers import Utilisation
from loadjuggler.options import Options
from loadjuggler.sharing.utilisation import Usage, observe
from loadjuggler.site.setpoint import Dial
from loadjuggler.units import PerPhase

from .house import House, charger_form, plug_form, site_form
from .memories import remembered
from .readings import charging

NOW = 10_000.0
MINUTE_AGO = NOW - 60.0


def reading(**values: object) -> LoadReading:
    """A car that was told 16 A two minutes ago, and has just reported that it draws 16 A."""
    known = charging(
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


@pytest.mark.parametrize(
    ("dial", "cap_a"),
    [
        pytest.param(None, 12.5, id="by profiles, in steps of 0.1 A"),
        pytest.param(Dial("A", 6.0, 32.0, 1.0), 12.0, id="by a number in whole amperes"),
        pytest.param(
            Dial("A", 0.0, 0.0, 1.0, options=((6.0, "6"), (10.0, "10"), (16.0, "16"))),
            12.5,
            id="by a select: its levels are not multiples of anything",
        ),
    ],
)
def test_what_it_is_left_is_a_step_of_its_entity(dial: Dial | None, cap_a: float) -> None:
    """It draws 10.5 A of 16 A: 2 A more are 12.5 A."""
    seen = reading(draw_a=10.5, setpoint=SetpointReading(dial=dial))
    assert after(seen, spare_at=MINUTE_AGO).cap_a == pytest.approx(cap_a)


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


def test_a_plug_whose_draw_is_not_measured_takes_nothing_only_when_it_is_off() -> None:
    """Its rated power counts while it is on, so nothing is known of less."""
    site = House.of(site_form("A"), plug_form("boiler", "A")).site

    def utilisation(on: bool, idle_at: float | None = None) -> Utilisation:
        seen = reading(draw_a=0.0, command_a=8.7, min_a=8.7, max_a=8.7, on=on)
        memory = Memory(loads={"boiler": remembered(idle_at=idle_at)})
        readings = Readings(NOW, {}, {}, {"boiler": seen}, "priority", None, 0.0)
        return observe(site, readings, memory, Options())[1].load("boiler").utilisation

    assert utilisation(True, MINUTE_AGO) == Utilisation()
    assert utilisation(False) == Utilisation(idle_at=NOW)
    assert utilisation(False, MINUTE_AGO) == Utilisation(idle_at=MINUTE_AGO)
    assert utilisation(False, NOW + 9.0) == Utilisation(idle_at=NOW), "a clock that was set back"


KNOWN = {"spare_at": MINUTE_AGO, "cap_a": 12.0, "idle_at": MINUTE_AGO}


@pytest.mark.parametrize(
    ("values", "right"),
    [
        pytest.param({"mode": "off"}, Utilisation(), id="off: nothing is known of it any more"),
        pytest.param({"active": False, "draw_a": 10.0}, Utilisation(), id="no car: another comes"),
        pytest.param(
            {"connected": False, "draw_a": 10.0}, Utilisation(), id="calls do not reach it"
        ),
        pytest.param({"active": False, "command_a": None}, Utilisation(), id="no car, never told"),
        pytest.param({"draw": None}, Utilisation(**KNOWN), id="no report: as before"),
        pytest.param(
            {"draw_at": None}, Utilisation(**KNOWN), id="no time of its report: as before"
        ),
        pytest.param(
            {"command_a": 0.0, "draw_a": 1.0},
            Utilisation(idle_at=MINUTE_AGO),
            id="paused, takes 1 A",
        ),
        pytest.param({"command_a": 0.0, "draw_a": 1.1}, Utilisation(), id="paused, takes more"),
        pytest.param({}, Utilisation(), id="it takes all: nothing is spared"),
        pytest.param(
            {"command_a": 6.0, "draw_a": 0.0},
            Utilisation(None, 12.0, MINUTE_AGO),
            id="told its minimum it spares nothing, and is capped as before",
        ),
    ],
)
def test_what_is_remembered_after_a_report(values: dict[str, object], right: Utilisation) -> None:
    """It was found to take less for a minute, is left 12 A, and has taken nothing since then."""
    seen = reading(**values)
    if "draw" in values:
        seen = replace(seen, draw=None)
    assert after(seen, **KNOWN) == right


def test_usage_names_the_caps_and_who_has_taken_nothing_for_a_minute() -> None:
    """The car takes nothing since just now, or for a minute; it is left 8 A of what it may take."""
    site = House.of(site_form("A"), charger_form("car", "A")).site
    readings = Readings(NOW, {}, {}, {"car": reading(draw_a=0.0)}, "priority", None, 0.0)
    for idle_at, idle in ((MINUTE_AGO, {"car"}), (MINUTE_AGO + 0.1, set()), (None, set())):
        memory = Memory(loads={"car": remembered(idle_at=idle_at, cap_a=8.0)})
        usage, _ = observe(site, readings, memory, Options())
        assert (dict(usage.cap_a), usage.idle, usage.checked) == ({"car": 8.0}, idle, "")
    usage, kept = observe(site, readings, Memory(), Options())
    assert (dict(usage.cap_a), usage.idle) == ({}, set())
    assert kept.load("car").utilisation == Utilisation(spare_at=NOW, idle_at=NOW)


def test_a_car_that_has_obeyed_for_long_is_judged_by_its_command() -> None:
    """8 A ended 5 s before the report: it has had its 5 s, so it was offered 16 A and spares 8."""
    seen = reading(draw_a=8.0, commanded_at=NOW - 5.0, earlier=((8.0, NOW - 5.0),))
    assert after(seen).spare_at == NOW
    seen = reading(draw_a=8.0, commanded_at=NOW - 4.9, earlier=((8.0, NOW - 4.9),))
    assert after(seen).spare_at is None
    told_long_ago = reading(draw_a=8.0, commanded_at=None, earlier=((20.0, NOW),))
    assert after(told_long_ago).spare_at == NOW


def test_a_command_of_the_moment_of_the_report_counts_and_a_later_one_does_not() -> None:
    """It draws 8 A. It was told 16 A until just now, and 9 A then: 9 A is no spare, 16 A is."""
    same = reading(draw_a=8.0, command_a=9.0, commanded_at=NOW, earlier=((16.0, NOW),))
    assert after(same).spare_at is None
    later = reading(draw_a=8.0, command_a=9.0, commanded_at=NOW + 1.0, earlier=((16.0, NOW + 1.0),))
    assert after(later).spare_at == NOW


# --- why it gets no more -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usage", "values", "amps", "code", "numbers"),
    [
        pytest.param(
            Usage({}, frozenset({"car"})), {}, 6.0, "takes_nothing", {"max_a": 16.0}, id="idle"
        ),
        pytest.param(Usage({}, frozenset({"car"})), {}, 0.0, "", {}, id="idle, and told nothing"),
        pytest.param(
            Usage({}, frozenset({"car"})),
            {"on": True},
            8.7,
            "takes_nothing",
            {"max_a": 16.0},
            id="on",
        ),
        pytest.param(
            Usage({"car": 10.0}, frozenset()),
            {"draw_a": 8.04},
            10.0,
            "takes_less",
            {"max_a": 16.0, "draw_a": 8.0},
            id="it has its cap of 10 A, and draws 8.0 A",
        ),
        pytest.param(
            Usage({"car": 10.0}, frozenset()), {}, 9.0, "", {}, id="it has less than its cap"
        ),
        pytest.param(
            Usage({"car": 10.0}, frozenset()),
            {"draw": None},
            10.0,
            "",
            {},
            id="it has not reported",
        ),
        pytest.param(
            Usage({"car": 10.0}, frozenset(), "car"), {}, 10.0, "", {}, id="its wiring is checked"
        ),
        pytest.param(
            Usage({"car": 10.0}, frozenset(), "other"),
            {},
            10.0,
            "takes_less",
            {"max_a": 16.0, "draw_a": 16.0},
            id="that of another is",
        ),
        pytest.param(Usage({"other": 10.0}, frozenset({"other"})), {}, 16.0, "", {}, id="another"),
    ],
)
def test_why_a_load_gets_no_more_for_its_use(
    usage: Usage, values: dict[str, object], amps: float, code: str, numbers: dict[str, float]
) -> None:
    seen = reading(**values)
    if "draw" in values:
        seen = replace(seen, draw=None)
    reason = usage.reason("car", seen, amps)
    assert (reason.code if reason else "") == code
    assert (dict(reason.numbers) if reason else {}) == numbers

"""The two budgets of a run, for raises and for cuts: what each counts with, without a run.

One phase, a main breaker of 25 A, a car that draws 16 A and may be told less.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.budgets import Budgets, budgets, learn_battery, smoothed
from loadjuggler.measure.readings import (
    EnergyReading,
    LoadReading,
    MeterReading,
    Readings,
    SessionReading,
)
from loadjuggler.memory.limits import NOTHING_PASSED, BatteryMemory, Seen, Smooth
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import BATTERY, House, charger_form, circuit_form, plug_form, site_form
from .memories import remembered
from .readings import charging, flickering

NOW = 10_000.0
OPTIONS = Options()
CAR = charging(
    draw=PerPhase(16.0),
    draw_at=NOW - 20.0,
    command_a=16.0,
    commanded_at=NOW - 300.0,
)
CUT = {"command_a": 10.0, "commanded_at": NOW - 2.0, "earlier": ((16.0, NOW - 2.0),)}


def site(**values: Any) -> Site:
    return House.of(
        site_form("A", **values),
        circuit_form("garage", 20, metered="A"),
        charger_form("car", "A", circuit="garage"),
        plug_form("boiler"),
    ).site


SITE = site()


def read(
    car: LoadReading = CAR,
    boiler: LoadReading | None = None,
    energy: EnergyReading | None = None,
    max_import_w: float | None = None,
    **meters: MeterReading | float,
) -> Readings:
    """Meters in A on A, or readings; 24 A on the main one, 16 A in the garage."""
    known = {
        name: MeterReading(PerPhase(shown)) if isinstance(shown, float) else shown
        for name, shown in {"main": 24.0, "garage": 16.0, **meters}.items()
    }
    idle = replace(CAR, active=False, draw=None, command_a=None)
    return Readings(
        NOW,
        known,
        {"main": 25.0, "garage": 20.0},
        {"car": car, "boiler": boiler or idle},
        "priority",
        max_import_w,
        0.0,
        energy=energy or EnergyReading(),
    )


def look(
    readings: Readings,
    memory: Memory | None = None,
    managed: tuple[str, ...] = ("car",),
    wired: Site = SITE,
    marks: BatteryMemory = NOTHING_PASSED,
) -> Budgets:
    return budgets(wired, readings, memory or Memory(), set(managed), marks, OPTIONS)


def unmanaged(found: Budgets, circuit: str = "main") -> tuple[float | None, float | None]:
    """A that are not managed, by the budget for raises, and by the one for cuts."""
    return found.up.circuits[circuit].unmanaged.a, found.down.circuits[circuit].unmanaged.a


# --- two views -----------------------------------------------------------------------------------


def test_where_both_views_agree_there_is_one_budget() -> None:
    """It has drawn its 16 A for long: 24 - 16 = 8 A are not managed, and 25 - 8 = 17 A are free."""
    found = look(read())
    assert found.up is found.down
    assert unmanaged(found) == (8.0, 8.0)
    assert found.up.circuits["main"].headroom.a == 17.0


def test_a_car_that_is_still_obeying_counts_with_less_for_raises_than_for_cuts() -> None:
    """Told 10 A 2 s ago: 24 - 10 = 14 A for raises, 24 - 16 = 8 A for cuts."""
    found = look(read(replace(CAR, **CUT)))
    assert unmanaged(found) == (14.0, 8.0)
    assert unmanaged(found, "garage") == (6.0, 0.0)


def test_loads_that_are_not_managed_are_house_load_for_both() -> None:
    assert unmanaged(look(read(), managed=())) == (24.0, 24.0)


LATE = MeterReading(PerPhase(24.0), reported_at=NOW - 4.0)


@pytest.mark.parametrize(
    ("car", "memory", "right"),
    [
        pytest.param({}, {}, (8.0, 8.0), id="out of reach: its last report of 16 A"),
        pytest.param({}, {"by_leg": {"L1": 9.0}}, (15.0, 8.0), id="9 A by its last report"),
        pytest.param({"kept_a": 7.0}, {"by_leg": {"L1": 9.0}}, (17.0, 17.0), id="7 A are kept"),
    ],
)
def test_a_load_out_of_reach_counts_with_its_last_report_for_raises(
    car: dict[str, Any], memory: dict[str, Any], right: tuple[float, float]
) -> None:
    """For cuts it counts with all that is kept for it: 16 A."""
    lost = replace(CAR, **{"lost": True, "kept_a": 16.0, "active": False, "draw": None, **car})
    known = Memory(loads={"car": remembered(**{"by_leg": {"L1": 16.0}, **memory})})
    assert unmanaged(look(read(lost), known)) == right
    nothing = look(read(lost))
    assert unmanaged(nothing) == (24.0, right[1]), "it has never reported: nothing for raises"


def test_a_plug_out_of_reach_counts_with_what_is_kept_for_raises_too() -> None:
    """It is either on or off, and it was on."""
    plug = replace(CAR, lost=True, kept_a=10.0, active=False, draw=None, mode="continuous")
    found = look(read(boiler=plug), managed=("boiler",))
    assert unmanaged(found) == (14.0, 14.0)


def test_what_a_charger_without_profiles_was_told_does_not_limit_it() -> None:
    """Its profiles were cleared, and no command has gone through: it draws what it reports."""
    bare = replace(CAR, **CUT, session=SessionReading(bare=True))
    assert unmanaged(look(read(bare))) == (8.0, 8.0)


# --- when the meters were read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read_s", "every_s", "interval_s", "house_a"),
    [
        pytest.param(12.0, 20.0, None, 16.0, id="read before the report, as usual"),
        pytest.param(12.0, 8.0, None, 8.0, id="it speaks more often: it has seen no change"),
        pytest.param(12.0, 12.0, None, 16.0, id="just as often"),
        pytest.param(9.0, 20.0, None, 8.0, id="read after the report"),
        pytest.param(12.0, 0.0, None, 16.0, id="spoken once only: taken for slow, up to a minute"),
        pytest.param(61.0, 0.0, None, 8.0, id="but not for longer"),
        pytest.param(12.0, 0.0, 10.0, 8.0, id="its form says how often it speaks"),
        pytest.param(12.0, 0.0, 15.0, 16.0, id="and it is not late by that"),
        pytest.param(None, 20.0, None, 8.0, id="when it was read is not known"),
    ],
)
def test_a_report_that_is_younger_than_the_meter_is_not_in_it_yet(
    read_s: float | None, every_s: float, interval_s: float | None, house_a: float
) -> None:
    """The meter shows 24 A. The car reported 16 A 10 s ago, and 8 A before.

    If the meter was read before that, it shows the 8 A, and 16 A are the house's, as was found
    then. If it was read after that, or has seen no change since, 24 - 16 = 8 A are.
    """
    car = replace(CAR, draw_at=NOW - 10.0, drew=((NOW - 100.0, PerPhase(8.0)),))
    at = None if read_s is None else NOW - read_s
    wired = site(grid_interval_s=interval_s) if interval_s else SITE
    seen = {("main", "A"): Seen(24.0, ((at or NOW, 16.0),), every_s=every_s)}
    meter = MeterReading(PerPhase(24.0), reported_at=at)
    found = look(read(car, main=meter), Memory(seen=seen), wired=wired)
    assert unmanaged(found) == (house_a, house_a)


@pytest.mark.parametrize(
    ("read_s", "house_a"),
    [
        pytest.param(4.9, 16.0, id="within 5 s it may be late, however often it speaks"),
        pytest.param(5.1, 8.0, id="longer ago it has seen no change"),
    ],
)
def test_a_meter_may_be_five_seconds_late_however_often_it_speaks(
    read_s: float, house_a: float
) -> None:
    """It speaks each second and shows 24 A; the car reported 16 A 1 s ago, and 8 A before."""
    car = replace(CAR, draw_at=NOW - 1.0, drew=((NOW - 100.0, PerPhase(8.0)),))
    seen = {("main", "A"): Seen(24.0, ((NOW - read_s, 16.0),), every_s=1.0)}
    meter = MeterReading(PerPhase(24.0), reported_at=NOW - read_s)
    assert unmanaged(look(read(car, main=meter), Memory(seen=seen)))[0] == house_a


@pytest.mark.parametrize(
    ("main_s", "garage_s", "main_a", "garage_a"),
    [
        pytest.param(4.0, 1.0, 16.0, 0.0, id="main before the report, the garage after it"),
        pytest.param(1.0, 4.0, 8.0, 8.0, id="the other way round"),
        pytest.param(1.0, 1.0, 8.0, 0.0, id="both after it"),
        pytest.param(4.0, 4.0, 16.0, 8.0, id="both before it"),
    ],
)
def test_each_meter_is_judged_by_when_it_was_read_itself(
    main_s: float, garage_s: float, main_a: float, garage_a: float
) -> None:
    """The car reported 16 A 2 s ago, and 8 A before; main shows 24 A, the garage 16 A.

    10 s ago they showed the same, with 8 A of the car in it: 16 and 8 A were the house's. A meter
    that still shows the same after the car's rise shows that the house takes 8 A less.
    """
    car = replace(CAR, draw_at=NOW - 2.0, drew=((NOW - 100.0, PerPhase(8.0)),))
    seen = {
        ("main", "A"): Seen(24.0, ((NOW - 10.0, 16.0),)),
        ("garage", "A"): Seen(16.0, ((NOW - 10.0, 8.0),)),
    }
    found = look(
        read(
            car,
            main=MeterReading(PerPhase(24.0), reported_at=NOW - main_s),
            garage=MeterReading(PerPhase(16.0), reported_at=NOW - garage_s),
        ),
        Memory(seen=seen),
    )
    assert unmanaged(found) == (main_a, main_a)
    assert unmanaged(found, "garage") == (garage_a, garage_a)


def told_10(ago_s: float, **values: Any) -> LoadReading:
    """The car of 16 A, told 10 A so long ago."""
    sent = {"commanded_at": NOW - ago_s, "earlier": ((16.0, NOW - ago_s),)}
    return replace(CAR, command_a=10.0, **{**sent, **values})


def test_cuts_are_judged_when_the_meters_were_read_too() -> None:
    """Told 10 A 11 s ago it has obeyed; but the meter is of 4 s ago, when it need not have."""
    assert unmanaged(look(read(told_10(11.0)))) == (14.0, 14.0)
    assert unmanaged(look(read(told_10(11.0), main=LATE))) == (14.0, 8.0)


@pytest.mark.parametrize(
    ("delays_s", "ago_s", "cut_a"),
    [
        pytest.param((), 9.9, 8.0, id="nothing is known of it: within 10 s"),
        pytest.param((), 10.1, 14.0, id="after 10 s it has obeyed"),
        pytest.param(((2.0, 3.0),) * 3, 4.9, 8.0, id="it took 3 s: within 2 s more"),
        pytest.param(((2.0, 3.0),) * 3, 5.1, 14.0, id="after 5 s it has obeyed"),
    ],
)
def test_a_cut_counts_with_the_longest_time_that_a_load_takes_to_obey(
    delays_s: tuple[tuple[float, float], ...], ago_s: float, cut_a: float
) -> None:
    """Told 10 A: 24 - 16 = 8 A are the house's while it need not have obeyed, then 24 - 10 = 14.

    A raise never counts on more than the 10 A.
    """
    known = Memory(loads={"car": remembered(delays_s=delays_s)})
    assert unmanaged(look(read(told_10(ago_s)), known)) == (14.0, cut_a)


def test_a_breaker_without_a_meter_carries_what_is_drawn_now() -> None:
    """Told 10 A 11 s ago, the car reported 10 A 1 s ago: the garage carries these.

    The main meter is of 4 s ago, and is judged by what the car may have drawn then.
    """
    wired = House.of(
        site_form("A"),
        circuit_form("garage", 20),
        charger_form("car", "A", circuit="garage"),
        plug_form("boiler"),
    ).site
    obeys = {"draw": PerPhase(10.0), "draw_at": NOW - 1.0, "drew": ((NOW - 20.0, PerPhase(16.0)),)}
    found = look(read(told_10(11.0, **obeys), main=LATE), wired=wired)
    for budget in (found.up, found.down):
        assert budget.circuits["garage"].draw.a == 10.0
    assert unmanaged(found, "garage") == (0.0, 0.0)
    assert unmanaged(found) == (14.0, 8.0)


# --- a car of which only the power is known ------------------------------------------------------

WIRED_ABC = House.of(site_form("ABC"), charger_form("car")).site
ON_ABC = (("L1", "A"), ("L2", "B"), ("L3", "C"))


def on_three(
    shown: tuple[float, ...],
    before: tuple[float, ...] = (),
    house: tuple[float, ...] = (),
    **car: Any,
) -> tuple[float | None, ...]:
    """What the house takes on A, B and C by the budget for cuts, beside a car of 16 A over all.

    The meter showed `before` a second ago, of which the house took so much; empty: never anything.
    """
    reading = replace(CAR, legs=ON_ABC, draw=PerPhase(16.0, 0.0, 0.0), **car)
    most = PerPhase(16.0, 16.0, 16.0)
    now = Readings(
        NOW,
        {"main": MeterReading(PerPhase(*shown))},
        {"main": 25.0},
        {"car": reading},
        "priority",
        None,
        0.0,
        apart={"car": (PerPhase(0.0, 0.0, 0.0), most)},
    )
    rows = zip("ABC", before, house, strict=False)
    seen = {("main", phase): Seen(amps, ((NOW - 1.0, a),)) for phase, amps, a in rows}
    found = look(now, Memory(seen=seen), wired=WIRED_ABC)
    return tuple(found.down.circuits["main"].unmanaged.values())


@pytest.mark.parametrize(
    ("status", "house_a"),
    [
        pytest.param("Charging", 4.0, id="it draws its 16 A on A, where the house takes most"),
        pytest.param("SuspendedEV", 12.0, id="it may have stopped since: nothing is sure"),
        pytest.param(None, 12.0, id="nobody knows what it does"),
    ],
)
def test_a_power_is_drawn_for_sure_only_while_it_charges(
    status: str | None, house_a: float
) -> None:
    """20, 4 and 4 A are shown, as before; 8 A of the car were taken for the house on A."""
    shown, house = (20.0, 4.0, 4.0), (12.0, 4.0, 4.0)
    found = on_three(shown, shown, house, status=status)
    assert found == pytest.approx((house_a, 4.0, 4.0))


def test_before_the_meter_was_read_a_power_counts_where_it_most_likely_is() -> None:
    """20 A are shown on each phase: the 16 A are on A, and not on all three."""
    assert on_three((20.0, 20.0, 20.0)) == pytest.approx((4.0, 20.0, 20.0))


def test_a_car_that_may_draw_on_three_legs_may_rise_on_each() -> None:
    """It is told 10 A for the first time. On one leg it would be cut; on three it takes 5.3 A each.

    All phases rise by 4 A just then: that may be the car, so the house takes what it took.
    """
    house = (4.7, 4.7, 4.7)
    found = on_three(
        (14.0, 14.0, 14.0), (10.0, 10.0, 10.0), house, command_a=10.0, commanded_at=NOW - 2.0
    )
    assert found == pytest.approx(house)


# --- what comes on meanwhile, and what stands in -------------------------------------------------


def test_what_has_come_on_while_a_car_obeys_is_taken_off_the_budget_for_cuts() -> None:
    """3 A more than a second ago, and the car was not raised: 8 + 3 = 11 A are not managed."""
    memory = Memory(seen={("main", "A"): Seen(21.0, ((NOW - 1.0, 8.0),))})
    found = look(read(replace(CAR, **CUT)), memory)
    assert unmanaged(found) == (14.0, 11.0)
    assert found.seen["main", "A"].unmanaged_a == 11.0
    assert found.down.circuits["main"].headroom.a == 14.0


def test_while_a_meter_is_silent_the_highest_of_late_stands_in() -> None:
    """12 A lately in the garage: 8 A are left there for both budgets."""
    silent = MeterReading(PerPhase(), missing=("sensor.garage_a",), stale=True)
    memory = Memory(peaks={("garage", "A"): ((160, 12.0), (161, 3.0))})
    for car in (CAR, replace(CAR, **CUT)):
        found = look(read(car, garage=silent), memory)
        assert unmanaged(found, "garage") == (12.0, 12.0)
        assert found.up.circuits["garage"].headroom.a == 8.0


# --- to be sure ----------------------------------------------------------------------------------

RAMP = ((NOW - 3.0, 6.8), (NOW - 2.0, 7.2), (NOW - 1.0, 7.6))
"""The house rises by 0.4 A each second; if it goes on for 5 s, that is 2 A more."""


def less(found: Budgets) -> dict[str, float]:
    """By circuit (the import limit: "") how much less room there is to be sure; A, or W."""
    if found.careful is None:
        return {}
    pairs = zip(found.down.limits, found.careful.limits, strict=True)
    return {
        sure.circuit: pytest.approx(room)
        for sure, low in pairs
        if (room := sure.room - low.room) or sure != low
    }


def test_where_nothing_moves_there_is_nothing_to_be_sure_of() -> None:
    assert look(read()).careful is None


def test_a_ramp_that_may_go_on_leaves_less_room_on_its_breaker_and_of_the_import() -> None:
    """2 A less of main, 2 A x 230 V = 460 W less of the import; the garage is as before.

    The house is still said to take 24 - 16 = 8 A: what may come is not there yet.
    """
    memory = Memory(seen={("main", "A"): Seen(23.6, RAMP)})
    found = look(read(max_import_w=9000.0), memory)
    assert less(found) == {"main": 2.0, "": 460.0}
    assert unmanaged(found) == (8.0, 8.0)
    assert found.seen["main", "A"].unmanaged_a == 8.0
    assert found.careful is not None
    assert found.careful.circuits is found.down.circuits
    assert found.careful.blind == found.down.blind
    without = look(read(), memory)
    assert less(without) == {"main": 2.0}


@pytest.mark.parametrize(
    ("ago_s", "main_a", "delays_s", "right"),
    [
        pytest.param(3.0, 31.0, (), {"main": 6.0}, id="it usually obeys in 2.5 s"),
        pytest.param(2.0, 31.0, (), {}, id="it need not have obeyed yet"),
        pytest.param(3.0, 25.2, (), {}, id="0.2 A above the limit are not seen by meters"),
        pytest.param(3.0, 25.3, (), {"main": 6.0}, id="0.3 A are"),
        pytest.param(3.0, 31.0, ((4.0, 5.0),), {}, id="it usually takes 4.5 s and half a second"),
        pytest.param(5.1, 31.0, ((4.0, 5.0),), {"main": 6.0}, id="which are over"),
    ],
)
def test_a_load_that_should_have_obeyed_counts_with_what_it_was_told_to_be_sure(
    ago_s: float, main_a: float, delays_s: tuple[tuple[float, float], ...], right: dict[str, float]
) -> None:
    """A car of 16 A was told 10 A, and the breaker of 25 A is still above its limit.

    If it has obeyed in its usual time, the house takes 6 A more than it is said to take.
    """
    known = Memory(loads={"car": remembered(delays_s=delays_s)})
    found = look(read(told_10(ago_s), main=main_a), known)
    assert less(found) == right
    assert unmanaged(found)[1] == pytest.approx(main_a - 16.0)


def test_each_breaker_above_its_limit_is_made_sure_of_by_itself() -> None:
    """The garage (20 A) shows 21 A, main 24 A of 25 A: only the garage has 6 A less."""
    assert less(look(read(told_10(3.0), garage=21.0))) == {"garage": 6.0}


def test_above_the_import_limit_it_has_less_room_and_the_breakers_do_not() -> None:
    """5,290 W are 23 A and the meter shows 24 A: 6 A x 230 V = 1,380 W less; main has its 25 A.

    At 24 A of limit nothing is exceeded.
    """
    assert less(look(read(told_10(3.0), max_import_w=5290.0))) == {"": 1380.0}
    assert less(look(read(told_10(3.0), max_import_w=5520.0))) == {}


def test_the_import_limit_has_less_room_for_a_breaker_that_is_over_its_own() -> None:
    """What main may carry more, 6 A, is imported: 1,380 W less, though 9,000 W are not exceeded."""
    found = look(read(told_10(3.0), main=31.0, max_import_w=9000.0))
    assert less(found) == {"main": 6.0, "": 1380.0}


# --- the sun -------------------------------------------------------------------------------------


def test_a_car_that_obeys_is_not_taken_for_more_sun() -> None:
    """The meter falls from 0 to -6 A as the car obeys: 16 A of sun are left over, not 22.

    For raises its 10 A are subtracted: -6 - 10 = -16 A. For cuts it may still draw 16 A, so that
    the sun would leave 22 A; a second ago it left 16 A, and a fall of the meter adds nothing.
    """
    memory = Memory(sun={"A": Seen(0.0, ((NOW - 1.0, -16.0),))})
    found = look(read(replace(CAR, **CUT), main=-6.0), memory)
    assert found.up.supply.surplus.a == 16.0
    assert found.down.supply.surplus.a == pytest.approx(16.0)
    assert found.sun["A"].unmanaged_a == -16.0
    assert look(read(replace(CAR, **CUT), main=-6.0)).down.supply.surplus.a == 22.0


def test_marks_of_the_battery_count_in_both_budgets() -> None:
    wired = site(**BATTERY, battery_max_discharge_w=2300)
    energy = EnergyReading(soc_pct=90.0, battery_w=0.0)
    for marks, help_w in ((BatteryMemory(above_target=True), 2300.0), (NOTHING_PASSED, 0.0)):
        found = look(read(replace(CAR, **CUT), energy=energy), wired=wired, marks=marks)
        assert found.up is not found.down
        assert (found.up.supply.help_w, found.down.supply.help_w) == (help_w, help_w)
        risen = Memory(seen={("main", "A"): Seen(21.0, ((NOW - 1.0, 8.0),))})
        found = look(read(replace(CAR, **CUT), energy=energy), risen, wired=wired, marks=marks)
        assert found.down.supply.help_w == help_w


OFF_GRID = {"grid_a": None, "inverter_a": "sensor.inverter_a"}


def test_off_the_grid_nothing_is_remembered_of_the_sun() -> None:
    found = look(read(energy=EnergyReading(solar_w=4600.0)), wired=site(**OFF_GRID))
    assert found.sun == {}
    assert found.seen.keys() == {("main", "A"), ("garage", "A")}


# --- smoothing -----------------------------------------------------------------------------------


def before(surplus_a: float, ago_s: float = 2.0 * math.log(2.0)) -> Smooth:
    """What was smoothed so long ago, as a rule the time in which half of a flicker is followed."""
    return Smooth(NOW - ago_s, (surplus_a, None, None), (0.0, None, None), (0.0, 0.0, 0.0))


def smooth(raw: Budgets, memory: Memory, wired: Site = SITE) -> tuple[Budgets, Memory]:
    return smoothed(wired, raw, memory, NOW, OPTIONS)


def test_a_flicker_of_what_the_sun_leaves_over_is_smoothed_in_both_budgets() -> None:
    """It was -8.1 A and is -8 A: half of it is -8.05 A. Wires are not smoothed."""
    raw = look(read())
    found, memory = smooth(raw, Memory(smooth_raise=before(-8.1), smooth_cut=before(-8.1)))
    assert found.up.supply.surplus.a == pytest.approx(-8.05)
    assert found.up is found.down
    assert memory.smooth_raise == memory.smooth_cut
    assert memory.smooth_raise is not None
    assert memory.smooth_raise.surplus[0] == pytest.approx(-8.05)
    assert found.up.limits is raw.up.limits
    assert found.seen is raw.seen


@pytest.mark.parametrize(
    ("moves_a", "before_a", "right"),
    [
        # 0.15 A are a flicker of every meter, 0.88 A of one that flickers by so much.
        pytest.param((), -8.1, -8.05, id="0.1 A are a flicker"),
        pytest.param((), -8.2, -8.0, id="0.2 A are a step, which counts at once"),
        pytest.param((), 0.0, -8.0, id="so are 8 A"),
        pytest.param(flickering(0.88), -8.8, -8.4, id="0.8 A of a meter that flickers"),
        pytest.param(flickering(0.88), -8.9, -8.0, id="0.9 A of it are a step"),
    ],
)
def test_the_flicker_of_the_main_meter_says_what_is_smoothed(
    moves_a: tuple[float, ...], before_a: float, right: float
) -> None:
    sun = {"A": Seen(24.0, ((NOW - 1.0, 8.0),), moves_a=moves_a)}
    memory = Memory(sun=sun, smooth_raise=before(before_a), smooth_cut=before(before_a))
    found, _ = smooth(look(read(), memory), memory)
    assert found.up.supply.surplus.a == pytest.approx(right)
    assert found.down.supply.surplus.a == pytest.approx(right)


@pytest.mark.parametrize(
    ("car", "raise_a", "cut_a", "right"),
    [
        # Surplus: -8 A for both, or -14 A for raises and -8 A for cuts while the car obeys.
        pytest.param({}, -7.9, -8.1, (-7.95, -8.05), id="other values before"),
        pytest.param(CUT, -14.1, -8.1, (-14.05, -8.05), id="other values now"),
        pytest.param(CUT, -8.0, -8.1, (-14.0, -8.05), id="for raises it is a step"),
        pytest.param(CUT, -14.1, -14.0, (-14.05, -8.0), id="for cuts it is one"),
    ],
)
def test_each_budget_is_smoothed_from_its_own_past(
    car: dict[str, Any], raise_a: float, cut_a: float, right: tuple[float, float]
) -> None:
    raw = look(read(replace(CAR, **car)))
    memory = Memory(smooth_raise=before(raise_a), smooth_cut=before(cut_a))
    found, memory = smooth(raw, memory)
    assert (found.up.supply.surplus.a, found.down.supply.surplus.a) == pytest.approx(right)
    kept = memory.smooth_raise, memory.smooth_cut
    assert tuple(one.surplus[0] for one in kept if one) == pytest.approx(right)


def test_what_is_to_be_sure_keeps_its_room_and_has_the_smoothed_sun() -> None:
    """Over its limit 3 s after a cut; the surplus flickers from -15.1 to -15 A."""
    raw = look(read(told_10(3.0), main=31.0))
    found, _ = smooth(raw, Memory(smooth_raise=before(-21.0), smooth_cut=before(-15.1)))
    assert raw.careful is not None
    assert found.careful is not None
    assert found.careful.limits is raw.careful.limits
    assert found.careful.supply.surplus.a == pytest.approx(-15.05)
    assert smooth(look(read()), Memory())[0].careful is None


def test_off_the_grid_nothing_is_smoothed() -> None:
    wired = site(**OFF_GRID)
    raw = look(read(energy=EnergyReading(solar_w=4600.0)), wired=wired)
    memory = Memory(smooth_raise=before(0.0), smooth_cut=before(0.0))
    assert smooth(raw, memory, wired) == (raw, memory)


# --- whether the battery gives what is counted on ------------------------------------------------

COUNTED = BatteryMemory(counted_w=2300.0, above_target=True)


@pytest.mark.parametrize(
    ("form", "readings", "marks", "short", "counted_w"),
    [
        # 24 A = 5,520 W are imported though 2,300 W of battery are counted on, which gives none.
        pytest.param({}, {}, {}, True, 2300.0, id="it helps loads that live from the sun"),
        pytest.param({}, {}, {"above_target": False}, False, 0.0, id="below target: nobody's"),
        pytest.param(
            {},
            {"max_import_w": 9000.0},
            {"above_target": False},
            True,
            2300.0,
            id="below its target it counts for the import limit",
        ),
        pytest.param(
            {},
            {"allow_grid": False},
            {"above_target": False},
            True,
            2300.0,
            id="and where nothing may come from the grid",
        ),
        pytest.param({}, {"main": -24.0}, {}, False, 2300.0, id="24 A are exported"),
        pytest.param({}, {"main": None}, {}, False, 2300.0, id="the main meter is not heard"),
        pytest.param(OFF_GRID, {}, {}, False, 2300.0, id="off the grid nothing is imported"),
    ],
)
def test_the_battery_is_watched_while_it_is_counted_on(
    form: dict[str, Any],
    readings: dict[str, Any],
    marks: dict[str, bool],
    short: bool,
    counted_w: float,
) -> None:
    wired = site(**BATTERY, battery_max_discharge_w=2300, **form)
    shown = readings.get("main", 24.0)
    energy = EnergyReading(
        soc_pct=50.0,
        battery_w=0.0,
        solar_w=0.0,
        allow_grid=readings.get("allow_grid", True),
    )
    now = read(
        energy=energy,
        max_import_w=readings.get("max_import_w"),
        main=MeterReading(PerPhase(shown)),
    )
    known = replace(COUNTED, **marks)
    likely = look(now, wired=wired, marks=known).down
    found = learn_battery(wired, now, known, likely, NOW, OPTIONS)
    assert found.short_at == (NOW if short else None)
    assert found.counted_w == counted_w


def test_what_sun_and_battery_gave_is_what_they_count_for() -> None:
    """For 30 s 5,520 W were imported; the battery gave 500 W and the sun 1,000 W."""
    wired = site(**BATTERY, battery_max_discharge_w=2300)
    now = read(energy=EnergyReading(soc_pct=90.0, battery_w=500.0, solar_w=1000.0))
    known = replace(COUNTED, short_at=NOW - 30.0)
    found = learn_battery(wired, now, known, look(now, wired=wired, marks=known).down, NOW, OPTIONS)
    assert (found.cap_w, found.gave_w, found.cap_at) == (1500.0, 500.0, NOW)


@pytest.mark.parametrize(
    ("short_s", "for_raises_w"),
    [
        pytest.param(4.0, 2300.0, id="it may be answering"),
        pytest.param(6.0, 500.0, id="a raise counts with what it gives now"),
    ],
)
def test_a_raise_counts_on_no_battery_that_gives_too_little(
    short_s: float, for_raises_w: float
) -> None:
    """2,300 W are counted on, it gives 500 W, and 5,520 W are imported."""
    wired = site(**BATTERY, battery_max_discharge_w=2300)
    now = read(energy=EnergyReading(soc_pct=90.0, battery_w=500.0, solar_w=1000.0))
    found = look(now, wired=wired, marks=replace(COUNTED, short_at=NOW - short_s))
    assert found.up.supply.help_w == for_raises_w
    assert found.up.supply.reserve_help_w == for_raises_w
    assert found.down.supply.help_w == 2300.0, "cuts do not follow a moment's doubt"

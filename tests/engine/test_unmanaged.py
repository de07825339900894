"""What is not managed below a meter, from one run to the next: tables, without a house.

One phase, a main breaker of 25 A with a meter; a car was told 11 A a minute ago and draws them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.constraints import Row, Rows
from loadjuggler.limits.headroom import Budget, CircuitState
from loadjuggler.limits.supply import Supply
from loadjuggler.limits.unmanaged import estimate, estimate_net, lasting
from loadjuggler.measure.readings import EnergyReading, LoadReading, MeterReading, Readings
from loadjuggler.memory.limits import Seen
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.reasons import RowKind
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form
from .memories import remembered

NOW = 10_000.0
OPTIONS = Options()
SITE = House.of(
    site_form("A"), circuit_form("shed", 16), charger_form("car", "A", circuit="shed")
).site
SPOT = ("main", "A")
CAR = LoadReading(
    status="Charging",
    active=True,
    connected=True,
    mode="standard",
    priority=5.0,
    min_a=6.0,
    max_a=16.0,
    legs=(("L1", "A"),),
    draw=PerPhase(11.0),
    draw_at=NOW,
    command_a=11.0,
    commanded_at=NOW - 60.0,
)


def view(unmanaged_a: float | None) -> Budget:
    """A budget in which so much is not managed at the main breaker."""
    here = PerPhase(unmanaged_a)
    supply = Supply(PerPhase(0.0), PerPhase(0.0), 0.0)
    return Budget(Rows(), {"main": CircuitState(here, here, here)}, frozenset(), supply)


def read(
    measured_a: float,
    car: LoadReading = CAR,
    battery_w: float | None = None,
    **meter: Any,
) -> Readings:
    meters = {"main": MeterReading(PerPhase(measured_a), **meter)}
    energy = EnergyReading(battery_w=battery_w)
    return Readings(
        NOW,
        meters,
        {"main": 25.0, "shed": 16.0},
        {"car": car},
        "priority",
        None,
        0.0,
        energy=energy,
    )


def was(measured_a: float, unmanaged_a: float, ago_s: float = 1.0, **values: Any) -> Seen:
    """What the meter showed so long ago, and what of it was not managed."""
    return Seen(measured_a, ((NOW - ago_s, unmanaged_a),), **values)


def look(
    readings: Readings,
    before: Seen | None = None,
    *,
    low_a: float | None = 0.0,
    most_a: float | None = 99.0,
    raised_s: float | None = None,
    options: Options = OPTIONS,
) -> tuple[float | None, Seen | None]:
    """(A that are at least not managed, what is remembered).

    By `low_a` every load draws the most that it may, by `most_a` the least.
    """
    raised_at = None if raised_s is None else NOW - raised_s
    memory = Memory(
        seen={SPOT: before} if before else {}, loads={"car": remembered(raised_at=raised_at)}
    )
    least, seen = estimate(SITE, readings, memory, view(most_a), view(low_a), options)
    return least["main"].a, seen.get(SPOT)


# --- rule 1: a rise is not managed ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured_a", "before", "low_a", "most_a", "right"),
    [
        pytest.param(20.0, None, 9.0, 14.0, 9.0, id="the first reading: what a cut counts with"),
        pytest.param(20.0, None, 9.0, 7.0, 7.0, id="but no more than is possible"),
        pytest.param(33.0, was(25.0, 14.0), 17.0, 22.0, 22.0, id="8 A more: the kettle is seen"),
        pytest.param(33.0, was(25.0, 14.0), 17.0, 20.0, 20.0, id="no more than is possible"),
        pytest.param(25.0, was(30.0, 14.0), 9.0, 19.0, 14.0, id="less: a car obeys, no house"),
        pytest.param(25.0, was(30.0, 14.0), 15.0, 19.0, 15.0, id="the reports say more already"),
        pytest.param(33.0, was(25.0, 14.0, 60.0), 17.0, 25.0, 22.0, id="read a minute ago"),
        pytest.param(
            33.0, was(25.0, 14.0, 60.1), 17.0, 25.0, 17.0, id="longer ago: it starts anew"
        ),
        pytest.param(33.0, was(25.0, 14.0), None, 22.0, None, id="not known"),
        pytest.param(33.0, was(25.0, 14.0), 17.0, None, None, id="not known for raises"),
    ],
)
def test_what_a_meter_rises_by_is_not_managed(
    measured_a: float,
    before: Seen | None,
    low_a: float | None,
    most_a: float | None,
    right: float | None,
) -> None:
    least_a, seen = look(read(measured_a), before, low_a=low_a, most_a=most_a)
    assert least_a == right
    assert (seen is None) == (right is None)
    if seen is not None:
        assert (seen.measured_a, seen.unmanaged_a, seen.at) == (measured_a, right, NOW)


@pytest.mark.parametrize(
    ("rise_a", "right"),
    [
        pytest.param(6.0, 9.0, id="just what it was raised by"),
        pytest.param(5.5, 9.0, id="half an ampere less may be its"),
        pytest.param(6.2, 9.2, id="0.2 A more: these are the house's"),
        pytest.param(5.4, 14.4, id="less than that: it has not taken it up, the house has risen"),
        pytest.param(6.3, 15.3, id="more: the house has risen, and nobody knows by how much"),
    ],
)
def test_a_rise_that_a_raised_load_explains_is_not_the_houses(rise_a: float, right: float) -> None:
    """The car reported 5 A before the meter's last reading, and 11 A since: 6 A are its."""
    car = replace(CAR, drew=((NOW - 5.0, PerPhase(5.0)),), draw_at=NOW - 0.2)
    least_a, _ = look(read(20.0 + rise_a, car), was(20.0, 9.0))
    assert least_a == pytest.approx(right)


@pytest.mark.parametrize(
    ("car", "raised_s", "due_a"),
    [
        pytest.param({}, None, 0.0, id="it drew 11 A all the time"),
        pytest.param({"drew": ((NOW - 9.0, PerPhase(5.0)),)}, None, 6.0, id="5 A before the meter"),
        pytest.param(
            {"drew": ((NOW - 9.0, PerPhase(5.0)), (NOW - 1.0, PerPhase(8.0)))},
            None,
            3.0,
            id="8 A as it was read",
        ),
        pytest.param(
            {"drew": ((NOW - 9.0, PerPhase(5.0)), (NOW - 0.9, PerPhase(8.0)))},
            None,
            3.0,
            id="a report 0.1 s later is of the same time",
        ),
        pytest.param(
            {"drew": ((NOW - 9.0, PerPhase(5.0)), (NOW - 0.8, PerPhase(8.0)))},
            None,
            6.0,
            id="one 0.2 s later is not",
        ),
        pytest.param(
            {"drew": ((NOW - 0.5, PerPhase(7.0)),)}, None, 4.0, id="the oldest that is known"
        ),
        pytest.param({"draw_at": NOW - 2.0}, None, 0.0, id="reported before the meter was read"),
        pytest.param(
            {"draw_at": NOW - 2.0, "drew": ((NOW - 9.0, PerPhase(5.0)),)},
            None,
            0.0,
            id="what it drew before that does not matter",
        ),
        pytest.param(
            {"command_a": 16.0, "draw_at": NOW - 9.0}, 4.0, 5.0, id="raised to 16 A, not reported"
        ),
        pytest.param(
            {"command_a": 9.0, "draw_at": NOW - 0.5, "drew": ((NOW - 9.0, PerPhase(5.0)),)},
            4.0,
            6.0,
            id="raised to 9 A, and it draws 11 A: what it draws",
        ),
        pytest.param(
            {"command_a": 16.0, "draw_at": NOW - 56.0}, 60.0, 5.0, id="raised a minute ago"
        ),
        pytest.param({"command_a": 16.0, "draw_at": NOW - 70.0}, 60.1, 0.0, id="raised longer ago"),
        pytest.param(
            {"command_a": 16.0, "draw_at": NOW - 5.0}, 10.0, 5.0, id="reported 5 s after the raise"
        ),
        pytest.param(
            {"command_a": 16.0, "draw_at": NOW - 4.9}, 10.0, 0.0, id="reported later: that is all"
        ),
        pytest.param({"command_a": 16.0, "draw_at": NOW - 9.0}, None, 0.0, id="never raised"),
        pytest.param({"command_a": None}, 4.0, 0.0, id="raised, and told nothing since"),
        pytest.param({"lost": True, "command_a": 16.0}, 4.0, 0.0, id="out of reach"),
        pytest.param({"draw": None, "command_a": 16.0}, 4.0, 0.0, id="it has not reported"),
        pytest.param({"draw_at": None, "command_a": 16.0}, 4.0, 0.0, id="nor when"),
    ],
)
def test_by_how_much_loads_may_have_made_a_meter_rise(
    car: dict[str, Any], raised_s: float | None, due_a: float
) -> None:
    """The meter rises from 20 to 20 A + what is due: nothing of it adds to the house's 9 A.

    If it rises by 1, 5, 11 or 16 A more, all of the rise is the house's.
    """
    for more_a in (0.0, 1.0, 5.0, 11.0, 16.0):
        rise_a = due_a + more_a
        readings = read(20.0 + rise_a, replace(CAR, **car))
        found, _ = look(readings, was(20.0, 9.0), raised_s=raised_s)
        assert found == pytest.approx(9.0 + rise_a if more_a else 9.0)


@pytest.mark.parametrize(
    ("kept_a", "lost", "right"),
    [
        pytest.param(16.0, True, 9.0, id="out of reach: it may have taken up what is kept for it"),
        pytest.param(4.0, True, 13.0, id="more than that is the house's: 8 - 4 A"),
        pytest.param(16.0, False, 17.0, id="in reach: it says what it takes"),
    ],
)
def test_what_is_kept_for_a_load_out_of_reach_is_not_the_houses(
    kept_a: float, lost: bool, right: float
) -> None:
    car = replace(CAR, kept_a=kept_a, lost=lost)
    assert look(read(28.0, car), was(20.0, 9.0))[0] == pytest.approx(right)


def test_a_load_out_of_reach_does_not_make_a_fall_of_the_meter_a_rise() -> None:
    car = replace(CAR, kept_a=16.0, lost=True)
    assert look(read(15.0, car), was(20.0, 9.0))[0] == pytest.approx(9.0)


# --- rule 2: a ramp goes on ----------------------------------------------------------------------


def trail(*amps: float, every_s: float = 1.0) -> Seen:
    """A meter whose last readings had so much that was not managed, one a second."""
    count = len(amps)
    pairs = tuple((NOW - (count - i) * every_s, a) for i, a in enumerate(amps))
    return Seen(0.0, pairs)


@pytest.mark.parametrize(
    ("amps", "now_a", "ahead_a"),
    [
        pytest.param((9.0, 9.4, 9.8), 10.2, 2.0, id="0.4 A/s for 5 s"),
        pytest.param((9.4, 9.8), 10.2, 0.0, id="two rises only"),
        pytest.param((9.0, 9.16, 9.32), 9.48, 0.8, id="0.16 A/s count"),
        pytest.param((9.0, 9.14, 9.28), 9.42, 0.0, id="0.14 A/s are noise"),
        pytest.param((9.0, 11.0, 13.0), 15.0, 5.0, id="never more than 5 A"),
        pytest.param((9.0, 9.2, 9.5), 17.5, 1.25, id="0.2, 0.3 and 8 A/s are 0.25 A/s"),
        pytest.param((9.0, 9.0, 9.0), 17.0, 0.0, id="a kettle is no ramp"),
        pytest.param((9.0, 9.2, 9.6), 10.8, 1.5, id="0.2, 0.4 and 1.2 A/s: 0.3, not the median"),
        pytest.param((9.0, 9.5, 10.0), 10.3, 2.0, id="0.3, 0.5 and 0.5 A/s: 0.4 A/s"),
        pytest.param((7.0, 9.0, 9.4, 9.8), 10.2, 2.0, id="only the last three rises count"),
    ],
)
def test_a_ramp_is_expected_to_go_on(amps: tuple[float, ...], now_a: float, ahead_a: float) -> None:
    found, seen = look(read(0.0), trail(*amps), low_a=now_a)
    assert found == pytest.approx(now_a + ahead_a)
    assert seen is not None
    assert seen.unmanaged_a == now_a, "what is expected is not remembered as seen"
    assert len(seen.trail) == min(len(amps) + 1, 4)


def test_a_ramp_of_just_the_least_rate_counts() -> None:
    """0.5 A/s, if that is the least that counts: 2.5 A in 5 s."""
    options = replace(OPTIONS, rising_a_s=0.5)
    found, _ = look(read(0.0), trail(9.0, 9.5, 10.0), low_a=10.5, options=options)
    assert found == pytest.approx(13.0)


def test_a_ramp_is_judged_by_the_time_between_the_readings() -> None:
    """0.4 A every 2 s are 0.2 A/s, or 1 A in 5 s."""
    found, _ = look(read(0.0), trail(9.0, 9.4, 9.8, every_s=2.0), low_a=10.2)
    assert found == pytest.approx(11.2)


def test_readings_less_than_nine_tenths_of_a_second_apart_are_one() -> None:
    """The reading of 0.8 s ago is replaced, one of 0.9 s ago stays."""
    for ago_s, count in ((0.8, 1), (0.9, 2)):
        _, seen = look(read(0.0), was(0.0, 9.0, ago_s), low_a=9.0)
        assert seen is not None
        assert len(seen.trail) == count
        assert seen.trail[-1] == (NOW, 9.0)


# --- rule 3: what cuts do not cure ---------------------------------------------------------------

CUT = {"command_a": 11.0, "earlier": ((16.0, NOW - 3.0),)}


@pytest.mark.parametrize(
    ("measured_a", "over_s", "car", "more_a"),
    [
        pytest.param(25.3, 2.0, CUT, 1.0, id="over for 2 s although the car is being cut"),
        pytest.param(25.3, 1.9, CUT, 0.0, id="not so long yet"),
        pytest.param(25.3, None, CUT, 0.0, id="just now"),
        pytest.param(25.2, 2.0, CUT, 0.0, id="0.2 A are the resolution of the meter"),
        pytest.param(25.3, 2.0, {}, 0.0, id="nobody is cut"),
        pytest.param(25.3, 2.0, {"earlier": ((16.0, NOW - 5.0),)}, 1.0, id="the cut was 5 s ago"),
        pytest.param(25.3, 2.0, {"earlier": ((16.0, NOW - 5.1),)}, 0.0, id="or longer ago"),
        pytest.param(25.3, 2.0, {"earlier": ((8.0, NOW - 3.0),)}, 0.0, id="it was raised"),
        pytest.param(25.3, 2.0, {"earlier": ((11.0, NOW - 3.0),)}, 0.0, id="it was told the same"),
        pytest.param(
            25.3,
            2.0,
            {"earlier": ((16.0, NOW - 4.0), (8.0, NOW - 3.0))},
            1.0,
            id="it was cut, and raised again a little",
        ),
        pytest.param(
            25.3,
            2.0,
            {"command_a": None, "earlier": ((16.0, NOW - 3.0),)},
            1.0,
            id="cut to nothing",
        ),
    ],
)
def test_a_breaker_that_stays_over_its_limit_has_its_loads_cut_further(
    measured_a: float, over_s: float | None, car: dict[str, Any], more_a: float
) -> None:
    over_at = None if over_s is None else NOW - over_s
    before = was(measured_a, 14.0, over_at=over_at)
    found, seen = look(read(measured_a, replace(CAR, **car)), before, low_a=14.0)
    assert found == pytest.approx(14.0 + more_a)
    assert seen is not None
    since = NOW if over_at is None else over_at
    assert seen.over_at == (since if measured_a > 25.2 else None)


def test_a_ramp_and_a_breaker_over_its_limit_do_not_add_up() -> None:
    """0.4 A/s are 2 A ahead, which is more than the 1 A."""
    before = replace(trail(13.0, 13.4, 13.8), measured_a=26.0, over_at=NOW - 9.0)
    found, _ = look(read(26.0, replace(CAR, **CUT)), before, low_a=14.2)
    assert found == pytest.approx(16.2)


def test_the_first_reading_may_be_over_the_limit_already() -> None:
    for measured_a, over_at in ((26.0, NOW), (25.0, None)):
        _, seen = look(read(measured_a))
        assert seen is not None
        assert seen.over_at == over_at


# --- what is remembered of a meter ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("every_s", "gap_s", "right"),
    [
        pytest.param(10.0, 1.0, 8.0, id="1 s after the last report: 80 % of the usual 10 s"),
        pytest.param(10.0, 9.0, 9.0, id="9 s after it, which is more than 8 s"),
        pytest.param(10.0, 20.0, 20.0, id="20 s after it"),
        pytest.param(10.0, 0.0, 10.0, id="no new report"),
        pytest.param(10.0, -3.0, 10.0, id="a clock that was set back"),
        pytest.param(10.0, 70.0, 10.0, id="read so long ago that it starts anew: as before"),
    ],
)
def test_the_usual_gap_between_reports_is_the_largest_lately(
    every_s: float, gap_s: float, right: float
) -> None:
    _, seen = look(read(20.0), was(20.0, 9.0, gap_s, every_s=every_s))
    assert seen is not None
    assert seen.every_s == pytest.approx(right)


def test_the_time_of_a_reading_is_that_of_its_report() -> None:
    for reported_at, at in ((NOW - 4.0, NOW - 4.0), (None, NOW), (NOW + 9.0, NOW)):
        _, seen = look(read(20.0, reported_at=reported_at))
        assert seen is not None
        assert seen.at == at


def test_a_meter_that_gives_nothing_keeps_what_is_known_of_it_and_starts_anew_when_it_does() -> (
    None
):
    """Its last value may be held meanwhile: what rose since is not known."""
    before = was(25.0, 14.0, every_s=7.0)
    found, seen = look(read(33.0, missing=("sensor.grid_a",)), before, low_a=17.0)
    assert found == 17.0
    assert seen is not None
    assert (seen.unmanaged_a, seen.every_s) == (17.0, 7.0)
    gone = replace(read(0.0), meters={"main": MeterReading(PerPhase(), missing=("sensor.grid_a",))})
    assert look(gone, before) == (None, before)
    silent = replace(read(0.0), meters={"main": MeterReading(PerPhase())})
    assert look(silent, before) == (None, None)


@pytest.mark.parametrize(
    ("lately", "now_a", "right"),
    [
        pytest.param((), 6.0, (6.0,), id="the first"),
        pytest.param(((5, 9.0), (4, 7.0)), 6.0, (9.0, 7.0, 6.0), id="lower than those before"),
        pytest.param(((5, 9.0), (4, 7.0)), 8.0, (9.0, 8.0), id="higher than the last"),
        pytest.param(((5, 9.0), (4, 7.0)), 7.0, (9.0, 7.0), id="as high as the last"),
        pytest.param(((15, 9.0), (4, 7.0)), 6.0, (9.0, 7.0, 6.0), id="15 s ago still counts"),
        pytest.param(((15.1, 9.0), (4, 7.0)), 6.0, (7.0, 6.0), id="longer ago does not"),
        pytest.param(((-1, 9.0),), 6.0, (6.0,), id="a clock that was set back"),
        pytest.param(((0, 9.0),), 6.0, (9.0, 6.0), id="of the same moment"),
    ],
)
def test_the_peaks_of_the_last_raise_interval(
    lately: tuple[tuple[float, float], ...], now_a: float, right: tuple[float, ...]
) -> None:
    known = tuple((NOW - ago_s, amps) for ago_s, amps in lately)
    _, seen = look(read(0.0), was(0.0, 0.0, lately=known), low_a=now_a)
    assert seen is not None
    assert tuple(amps for _, amps in seen.lately) == right
    assert seen.lately[-1] == (NOW, now_a)


USES = {"car": 1.0}


@pytest.mark.parametrize(
    ("peak_a", "unmanaged_a", "row", "room"),
    [
        pytest.param(9.0, 4.0, "main", 16.0, id="9 A lately, 4 A now: 5 A less than the 21 A"),
        pytest.param(4.0, 4.0, "main", 21.0, id="no dip"),
        pytest.param(9.0, None, "main", 21.0, id="what is not managed is not known"),
        pytest.param(9.0, 4.0, "shed", 21.0, id="another breaker, which has no meter"),
        pytest.param(9.0, 4.0, "", 21.0, id="the import limit"),
    ],
)
def test_room_that_has_not_been_there_for_long_is_not_raised_into(
    peak_a: float, unmanaged_a: float | None, row: str, room: float
) -> None:
    kind = RowKind.CIRCUIT if row else RowKind.IMPORT
    rows = Rows([Row(kind, 21.0, USES, row, "A" if row else "", 25.0)])
    up = replace(view(unmanaged_a), limits=rows)
    seen = {SPOT: Seen(9.0, ((NOW, 4.0),), lately=((NOW - 5.0, peak_a), (NOW, 4.0)))}
    found = lasting(rows, up, seen)
    assert [one.room for one in found] == [room]
    assert (found is rows) == (room == 21.0)


# --- house less sun ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured_a", "before", "low_a", "most_a", "battery_w", "right"),
    [
        pytest.param(0.0, None, -9.0, -4.0, None, -9.0, id="the first reading"),
        pytest.param(0.0, None, -9.0, -10.0, None, -10.0, id="no more than is possible"),
        pytest.param(3.0, was(1.0, -8.0), -9.0, -4.0, None, -6.0, id="the sun goes: 2 A less"),
        pytest.param(3.0, was(1.0, -8.0), -9.0, -7.0, None, -7.0, id="no less than is possible"),
        pytest.param(0.0, was(1.0, -8.0), -9.0, -4.0, None, -8.0, id="a fall: a car may obey"),
        pytest.param(0.0, was(1.0, -8.0, 60.1), -9.0, -4.0, None, -9.0, id="it starts anew"),
        pytest.param(0.0, was(1.0, -8.0, 60.0), -9.0, -4.0, None, -8.0, id="a minute is not long"),
        pytest.param(
            0.0,
            None,
            -9.0,
            -4.0,
            460.0,
            -7.0,
            id="the battery gives 2 A: so much less is the sun's",
        ),
        pytest.param(0.0, None, -9.0, -12.0, 460.0, -10.0, id="what is possible has them, too"),
        pytest.param(
            1.0,
            was(3.0, -6.0),
            -9.0,
            -4.0,
            920.0,
            -4.0,
            id="the battery answers 2 A of it: the sun has gone by them, whatever the meter shows",
        ),
        pytest.param(0.0, was(1.0, -8.0), None, -4.0, None, None, id="not known"),
        pytest.param(0.0, was(1.0, -8.0), -9.0, None, None, None, id="not known for raises"),
    ],
)
def test_house_less_sun_is_followed_like_what_is_not_managed(
    measured_a: float,
    before: Seen | None,
    low_a: float | None,
    most_a: float | None,
    battery_w: float | None,
    right: float | None,
) -> None:
    readings = read(measured_a, battery_w=battery_w)
    memory = Memory(sun={"A": before} if before else {})
    found = estimate_net(SITE, readings, memory, view(most_a), view(low_a), OPTIONS)
    assert found.keys() == ({"A"} if right is not None else set())
    if right is not None:
        each_a = (battery_w or 0.0) / 230
        assert found["A"].unmanaged_a == pytest.approx(right)
        assert found["A"].measured_a == pytest.approx(measured_a + each_a)
        assert (found["A"].at, found["A"].over_at) == (NOW, None)


def test_what_loads_were_raised_by_is_not_taken_for_less_sun() -> None:
    """The meter rises by 7 A; 6 A of it may be the car's."""
    car = replace(CAR, drew=((NOW - 5.0, PerPhase(5.0)),))
    memory = Memory(sun={"A": was(1.0, -8.0)})
    found = estimate_net(SITE, read(8.0, car), memory, view(9.0), view(-20.0), OPTIONS)
    assert found["A"].unmanaged_a == pytest.approx(-7.0)


def test_a_main_meter_that_gives_nothing_now_starts_anew_and_counts_when_it_was_read() -> None:
    memory = Memory(sun={"A": was(1.0, -8.0)})
    readings = read(3.0, missing=("sensor.grid_a",), reported_at=NOW - 4.0)
    found = estimate_net(SITE, readings, memory, view(-4.0), view(-9.0), OPTIONS)
    assert (found["A"].unmanaged_a, found["A"].at) == (-9.0, NOW - 4.0)

"""What the house takes, from one run to the next: tables, without a house.

One phase, a main breaker of 25 A with a meter, and a car. What the car may draw is given as bounds
(`Span`); what of the meter is the house's follows by the electrical argument.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.constraints import Row, Rows
from loadjuggler.limits.draws import Span
from loadjuggler.limits.headroom import Budget, CircuitState
from loadjuggler.limits.supply import Supply
from loadjuggler.limits.together import Loads, SpansAt
from loadjuggler.limits.unmanaged import (
    IMPORT,
    Estimate,
    estimate,
    estimate_net,
    lasting,
    moment,
)
from loadjuggler.measure.readings import EnergyReading, MeterReading, Readings
from loadjuggler.memory.limits import Seen
from loadjuggler.memory.memory import Memory
from loadjuggler.options import Options
from loadjuggler.reasons import RowKind
from loadjuggler.site.model import Site
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form

NOW = 10_000.0
OPTIONS = Options()


def wired(phases: str = "A", **values: Any) -> Site:
    """A car below a breaker of its own, which has no meter."""
    return House.of(
        site_form(phases, **values),
        circuit_form("shed", 16),
        charger_form("car", phases, circuit="shed"),
    ).site


SITE = wired()
SITE_ABC = wired("ABC")
SPOT = ("main", "A")


def may(least_a: float, most_a: float, words: str = "", phases: str = "A") -> Span:
    """A car that may draw so much on each of `phases`; `words`: "rises", "falls", "moving"."""
    least = PerPhase.of(dict.fromkeys(phases, least_a))
    most = PerPhase.of(dict.fromkeys(phases, most_a))
    return Span(least, most, "rises" in words, "falls" in words, "moving" in words)


def on_main(site: Site, readings: Readings, spans: SpansAt) -> Loads:
    """What the loads below the main meter may draw together, when it was read."""
    return Loads(site, "main", spans, moment(site, readings, Memory(), "main", OPTIONS))


STILL = may(11.0, 11.0)
"""The car draws 11 A, and was told nothing lately."""


def view(unmanaged_a: float | None) -> Budget:
    """A budget in which so much is not managed at the main breaker."""
    here = PerPhase(unmanaged_a)
    supply = Supply(PerPhase(0.0), PerPhase(0.0), 0.0)
    return Budget(Rows(), {"main": CircuitState(here, here, here)}, frozenset(), supply)


def read(
    measured_a: float | PerPhase,
    battery_w: float | None = None,
    max_import_w: float | None = None,
    **meter: Any,
) -> Readings:
    """The main meter, in A on A or by phase. What the car reports is not read here."""
    amps = measured_a if isinstance(measured_a, PerPhase) else PerPhase(measured_a)
    return Readings(
        NOW,
        {"main": MeterReading(amps, **meter)},
        {"main": 25.0, "shed": 16.0},
        {},
        "priority",
        max_import_w,
        0.0,
        energy=EnergyReading(battery_w=battery_w),
    )


def was(measured_a: float, house_a: float, ago_s: float = 1.0, **values: Any) -> Seen:
    """What the meter showed so long ago, and what of it the house took."""
    return Seen(measured_a, ((NOW - ago_s, house_a),), **values)


def trail(*amps: float, every_s: float = 1.0) -> Seen:
    """A meter with 11 A of a car, and so much of the house in its last readings."""
    count = len(amps)
    pairs = tuple((NOW - (count - i) * every_s, a) for i, a in enumerate(amps))
    return Seen(amps[-1] + 11.0, pairs)


def look(
    readings: Readings,
    before: Seen | None = None,
    car: Span = STILL,
    usual: Span | None = None,
    options: Options = OPTIONS,
) -> Estimate:
    """The estimate, with the bounds of the car, and those if it obeys in its usual time."""

    def spans(_load: str, _at: float | None, in_usual_time: bool) -> Span:
        return (usual or car) if in_usual_time else car

    memory = Memory(seen={SPOT: before} if before else {})
    return estimate(SITE, readings, memory, spans, options)


# --- what the house takes ------------------------------------------------------------------------


def test_the_house_is_followed_through_cuts() -> None:
    """The time line of `limits.unmanaged`: a car that obeys after 2 s and is given 10 s.

    An oven (5 A) comes on at 0 s and a kettle (8 A) at 3 s: the house takes 9, 14 and 22 A.
    """
    seen = None
    for ago_s, measured_a, car, house_a in (
        (11, 25.0, may(16.0, 16.0), 9.0),
        (10, 30.0, may(11.0, 16.0, "falls moving"), 14.0),
        (9, 30.0, may(11.0, 16.0, "falls moving"), 14.0),
        (8, 25.0, may(11.0, 16.0, "falls moving"), 14.0),
        (7, 33.0, may(0.0, 16.0, "falls moving"), 22.0),
        (5, 22.0, may(0.0, 16.0, "falls moving"), 22.0),
    ):
        readings = read(measured_a, reported_at=NOW - ago_s)
        seen = look(readings, seen, car).seen[SPOT]
        assert (seen.measured_a, seen.at) == (measured_a, NOW - ago_s)
        assert seen.unmanaged_a == pytest.approx(house_a)


@pytest.mark.parametrize(
    ("measured_a", "before", "car", "house_a"),
    [
        pytest.param(20.0, None, may(6.0, 11.0), 9.0, id="first: the car draws the most it may"),
        pytest.param(
            33.0, was(25.0, 14.0), may(6.0, 11.0, "falls"), 22.0, id="8 A more: the kettle is seen"
        ),
        pytest.param(
            20.0, was(25.0, 14.0), may(6.0, 11.0, "falls"), 14.0, id="5 A less: the car obeys"
        ),
        pytest.param(
            25.0, was(25.0, 14.0), may(6.0, 7.0), 18.0, id="its time is over: it draws 7 A at most"
        ),
        pytest.param(20.0, was(25.0, 14.0), STILL, 9.0, id="nothing was told: the house is less"),
        pytest.param(
            31.0, was(25.0, 14.0), may(11.0, 16.0, "rises"), 15.0, id="5 of 6 A may be the car's"
        ),
        pytest.param(
            20.0, was(25.0, 14.0, 60.0), may(6.0, 11.0, "falls"), 14.0, id="read a minute ago"
        ),
        pytest.param(
            20.0, was(25.0, 14.0, 60.1), may(6.0, 11.0, "falls"), 9.0, id="longer ago: anew"
        ),
    ],
)
def test_what_the_house_takes(
    measured_a: float, before: Seen | None, car: Span, house_a: float
) -> None:
    found = look(read(measured_a), before, car)
    seen = found.seen[SPOT]
    assert (seen.measured_a, seen.at) == (measured_a, NOW)
    assert seen.unmanaged_a == pytest.approx(house_a)


@pytest.mark.parametrize(
    ("car", "most_a"),
    [
        # The meter shows 25 A, as before; the house took 14 A of it.
        pytest.param(may(6.0, 16.0, "falls moving"), 19.0, id="moving: 25 less the 6 A at least"),
        pytest.param(may(6.0, 16.0, "rises"), 14.0, id="it had its time: what was not seen is not"),
        pytest.param(may(12.0, 16.0, "rises"), 13.0, id="it draws 12 A at least"),
    ],
)
def test_a_raise_counts_with_the_least_that_loads_draw_while_one_may_be_obeying(
    car: Span, most_a: float
) -> None:
    found = look(read(25.0), was(25.0, 14.0), car)
    assert found.most_a[SPOT] == pytest.approx(most_a)
    assert found.seen[SPOT].unmanaged_a <= most_a


def test_each_phase_is_followed_by_itself_if_nothing_moves() -> None:
    """The car draws 11 A on each of three phases."""
    memory = Memory(seen={("main", phase): was(20.0, 9.0) for phase in "ABC"})
    car = may(11.0, 11.0, "", "ABC")
    readings = read(PerPhase(21.0, 19.0, None))
    found = estimate(SITE_ABC, readings, memory, lambda *_: car, OPTIONS)
    house_a = {spot: seen.unmanaged_a for spot, seen in found.seen.items()}
    assert house_a == pytest.approx({("main", "A"): 10.0, ("main", "B"): 8.0})


# --- a ramp goes on ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amps", "now_a", "ahead_a"),
    [
        pytest.param((9.0, 9.4, 9.8), 10.2, 2.0, id="0.4 A/s for 5 s"),
        pytest.param((9.4, 9.8), 10.2, 0.0, id="two rises only"),
        pytest.param((9.0, 9.16, 9.32), 9.48, 0.8, id="0.16 A/s count"),
        pytest.param((9.0, 9.14, 9.28), 9.42, 0.0, id="0.14 A/s are noise"),
        pytest.param((9.0, 11.0, 13.0), 15.0, 5.0, id="never more than 5 A"),
        pytest.param((9.0, 9.0, 9.0), 17.0, 0.0, id="a kettle is no ramp"),
        pytest.param((7.0, 9.0, 9.4, 9.8), 10.2, 2.0, id="only the last three rises count"),
    ],
)
def test_a_ramp_is_expected_to_go_on(amps: tuple[float, ...], now_a: float, ahead_a: float) -> None:
    found = look(read(11.0 + now_a), trail(*amps))
    assert found.more_a[SPOT] == pytest.approx(ahead_a)
    assert found.seen[SPOT].unmanaged_a == pytest.approx(now_a), "it is not told as seen"
    assert found.most_a[SPOT] == pytest.approx(now_a)


def test_a_ramp_of_just_the_least_rate_counts() -> None:
    """0.5 A/s, if that is the least that counts: 2.5 A in 5 s."""
    options = replace(OPTIONS, rising_a_s=0.5)
    found = look(read(21.5), trail(9.0, 9.5, 10.0), options=options)
    assert found.more_a[SPOT] == pytest.approx(2.5)


def test_a_ramp_is_judged_by_the_time_between_the_readings() -> None:
    """0.4 A every 2 s are 0.2 A/s, or 1 A in 5 s."""
    found = look(read(21.2), trail(9.0, 9.4, 9.8, every_s=2.0))
    assert found.more_a[SPOT] == pytest.approx(1.0)


# --- to be sure ----------------------------------------------------------------------------------

CUT = may(10.0, 16.0, "falls moving")


@pytest.mark.parametrize(
    ("measured_a", "car", "usual_a", "more_a"),
    [
        # The house took 15 A, the car draws 16 A; usually it would have obeyed by now.
        pytest.param(31.0, CUT, 10.0, 6.0, id="over although it should have obeyed: 6 A"),
        pytest.param(31.0, CUT, 13.0, 3.0, id="usually it draws 13 A at most by now"),
        pytest.param(31.0, CUT, 16.0, 0.0, id="its usual time is not over either"),
        pytest.param(31.0, may(16.0, 16.0), 10.0, 0.0, id="nobody was cut"),
        pytest.param(31.0, may(10.0, 16.0, "rises"), 10.0, 0.0, id="nor if it was raised"),
    ],
)
def test_a_breaker_over_its_limit_counts_as_if_cuts_were_obeyed_in_the_usual_time(
    measured_a: float, car: Span, usual_a: float, more_a: float
) -> None:
    usual = replace(car, most=PerPhase(usual_a))
    found = look(read(measured_a), was(31.0, 15.0), car, usual)
    assert found.more_a[SPOT] == pytest.approx(more_a)
    assert found.seen[SPOT].unmanaged_a == pytest.approx(15.0), "it is not told as seen"


@pytest.mark.parametrize(
    ("measured_a", "more_a"),
    [
        pytest.param(25.3, 6.0, id="0.3 A over the limit"),
        pytest.param(25.2, 0.0, id="0.2 A are the resolution of the meter"),
        pytest.param(24.0, 0.0, id="below it"),
    ],
)
def test_a_breaker_must_be_clearly_over_its_limit(measured_a: float, more_a: float) -> None:
    """The car draws 16 A, and would usually draw 10 A by now."""
    before = was(measured_a, measured_a - 16.0)
    found = look(read(measured_a), before, CUT, may(10.0, 10.0))
    assert found.more_a[SPOT] == pytest.approx(more_a)


def test_a_car_that_has_obeyed_in_its_usual_time_adds_nothing() -> None:
    """It fell by 6 A, as it was told: the meter shows 27 A, the house takes 17 A."""
    found = look(read(27.0), was(33.0, 17.0), CUT, may(10.0, 10.0))
    assert found.seen[SPOT].unmanaged_a == pytest.approx(17.0)
    assert found.more_a[SPOT] == 0.0


def test_a_ramp_and_a_breaker_over_its_limit_do_not_add_up() -> None:
    """0.4 A/s are 2 A ahead; a car that should have obeyed counts for 6 A, or for 1 A."""
    before = replace(trail(13.0, 13.4, 13.8), measured_a=29.8)
    for usual_a, more_a in ((10.0, 6.0), (15.0, 2.0)):
        found = look(read(30.2), before, CUT, may(10.0, usual_a))
        assert found.seen[SPOT].unmanaged_a == pytest.approx(14.2)
        assert found.more_a[SPOT] == pytest.approx(more_a)


IMPORT_W = 11_500.0
"""An import limit of 50 A over all phases, at 230 V."""


@pytest.mark.parametrize(
    ("amps", "words", "more_a"),
    [
        # The car draws 16 A on each phase, and usually 10 A by now: 18 A in all.
        pytest.param((20.0, 20.0, 20.0), "falls moving", 18.0, id="60 of 50 A"),
        pytest.param((17.0, 17.0, 16.7), "falls moving", 18.0, id="50.7 A"),
        pytest.param((17.0, 17.0, 16.5), "falls moving", 0.0, id="0.2 A on each phase is nothing"),
        pytest.param((20.0, 20.0, 20.0), "", 0.0, id="nobody was cut"),
    ],
)
def test_the_import_limit_counts_over_all_phases(
    amps: tuple[float, float, float], words: str, more_a: float
) -> None:
    """No breaker is over its limit of 25 A."""
    memory = Memory(
        seen={("main", phase): was(a, a - 16.0) for phase, a in zip("ABC", amps, strict=True)}
    )
    readings = read(PerPhase(*amps), max_import_w=IMPORT_W)

    def spans(_load: str, _at: float | None, usual: bool) -> Span:
        return may(10.0, 10.0 if usual else 16.0, words, "ABC")

    found = estimate(SITE_ABC, readings, memory, spans, OPTIONS)
    assert found.more_a[IMPORT] == pytest.approx(more_a)
    assert [found.more_a["main", phase] for phase in "ABC"] == [0.0, 0.0, 0.0]


def test_only_the_phases_of_a_car_that_was_cut_count_for_the_import_limit() -> None:
    """It draws 16 A on A, and usually 10 A by now; the house takes the rest."""
    memory = Memory(seen={("main", phase): was(24.0, a) for phase, a in (("A", 8.0), ("B", 24.0))})

    def spans(_load: str, _at: float | None, usual: bool) -> Span:
        return may(10.0, 10.0 if usual else 16.0, "falls moving")

    readings = read(PerPhase(24.0, 24.0, 24.0), max_import_w=IMPORT_W)
    found = estimate(SITE_ABC, readings, memory, spans, OPTIONS)
    assert found.more_a[IMPORT] == pytest.approx(6.0)


def test_ramps_of_the_phases_add_up_for_the_import_limit_and_only_there() -> None:
    """0.4 A/s on A and 0.2 A/s on B: 2 and 1 A ahead, 3 A in all. The meter is below the limit."""
    memory = Memory(
        seen={
            ("main", "A"): trail(0.0, 0.4, 0.8),
            ("main", "B"): trail(0.0, 0.2, 0.4),
            ("main", "C"): trail(0.0, 0.0, 0.0),
        }
    )
    car = may(11.0, 11.0, "", "ABC")
    amps = PerPhase(12.2, 11.6, 11.0)
    for max_import_w in (IMPORT_W, None):
        readings = read(amps, max_import_w=max_import_w)
        found = estimate(SITE_ABC, readings, memory, lambda *_: car, OPTIONS)
        assert found.more_a["main", "A"] == pytest.approx(2.0)
        assert found.more_a["main", "B"] == pytest.approx(1.0)
        assert (IMPORT in found.more_a) == (max_import_w is not None)
        assert found.more_a.get(IMPORT, 3.0) == pytest.approx(3.0)


def test_other_breakers_say_nothing_of_the_import_limit() -> None:
    """Only the shed has a meter, which shows 60 A on three phases."""
    site = House.of(
        site_form("ABC"), circuit_form("shed", 16, metered="ABC"), charger_form("car")
    ).site
    shed = {"shed": MeterReading(PerPhase(20.0, 20.0, 20.0))}
    readings = replace(read(0.0, max_import_w=IMPORT_W), meters=shed)
    found = estimate(site, readings, Memory(), lambda *_: None, OPTIONS)
    assert IMPORT not in found.more_a
    assert found.seen["shed", "B"].unmanaged_a == 20.0


# --- when a meter was read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago_s", "every_s", "interval_s", "right_s"),
    [
        pytest.param(None, 8.0, None, None, id="it does not say when: now"),
        pytest.param(8.0, 8.0, None, 8.0, id="8 s ago, as usual: it may have changed since"),
        pytest.param(8.1, 8.0, None, None, id="longer than usual: nothing has changed, as of now"),
        pytest.param(5.0, 1.0, None, 5.0, id="5 s are never late"),
        pytest.param(5.1, 1.0, None, None, id="5.1 s are, for a meter of 1 s"),
        pytest.param(10.0, 0.0, 10, 10.0, id="it has spoken once, its form says every 10 s"),
        pytest.param(10.1, 0.0, 10, None, id="later than that"),
        pytest.param(60.0, 0.0, None, 60.0, id="its form says nothing: a minute"),
        pytest.param(60.1, 0.0, None, None, id="longer"),
        pytest.param(9.0, 8.0, 10, None, id="what was seen counts for more than its form"),
    ],
)
def test_when_a_meter_was_read(
    ago_s: float | None, every_s: float, interval_s: int | None, right_s: float | None
) -> None:
    site = wired() if interval_s is None else wired(grid_interval_s=interval_s)
    readings = read(20.0, reported_at=None if ago_s is None else NOW - ago_s)
    memory = Memory(seen={SPOT: was(20.0, 9.0, every_s=every_s)})
    found = moment(site, readings, memory, "main", OPTIONS)
    assert found == (None if right_s is None else NOW - right_s)


def test_a_breaker_without_a_meter_was_not_read() -> None:
    assert moment(SITE, read(20.0), Memory(), "shed", OPTIONS) is None


def test_the_slowest_phase_of_a_meter_tells_how_often_it_reports() -> None:
    """A at 0.0 A does not change, so it reports seldom; B each second."""
    memory = Memory(
        seen={
            ("main", "A"): was(0.0, 0.0, every_s=30.0),
            ("main", "B"): was(0.0, 0.0, every_s=1.0),
        }
    )
    readings = read(PerPhase(0.0, 0.0, None), reported_at=NOW - 20.0)
    assert moment(SITE_ABC, readings, memory, "main", OPTIONS) == NOW - 20.0


def test_the_car_is_judged_when_the_meter_was_read() -> None:
    """It is asked what it drew 4 s ago."""
    asked = []

    def spans(_load: str, at: float | None, _usual: bool) -> Span:
        asked.append(at)
        return STILL

    readings = read(20.0, reported_at=NOW - 4.0)
    estimate(SITE, readings, Memory(), spans, OPTIONS)
    assert asked == [NOW - 4.0]


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
    seen = look(read(20.0), was(20.0, 9.0, gap_s, every_s=every_s)).seen[SPOT]
    assert seen.every_s == pytest.approx(right)


def test_the_time_of_a_reading_is_that_of_its_report() -> None:
    for reported_at, at in ((NOW - 4.0, NOW - 4.0), (None, NOW), (NOW + 9.0, NOW)):
        assert look(read(20.0, reported_at=reported_at)).seen[SPOT].at == at


def test_a_meter_that_gives_nothing_keeps_what_is_known_of_it_and_starts_anew_when_it_does() -> (
    None
):
    """Its last value may be held meanwhile: what rose since is not known. The car draws 11 A."""
    before = was(25.0, 18.0, every_s=7.0)
    cut = may(6.0, 11.0, "falls moving")
    found = look(read(20.0, missing=("sensor.grid_a",)), before, cut).seen[SPOT]
    assert (found.unmanaged_a, found.every_s, found.moves_a) == (9.0, 7.0, ())
    gone = replace(read(0.0), meters={"main": MeterReading(PerPhase(), missing=("sensor.grid_a",))})
    assert look(gone, before).seen == {SPOT: before}
    silent = replace(read(0.0), meters={"main": MeterReading(PerPhase())})
    assert look(silent, before).seen == {}


def test_what_is_known_of_a_meter_that_is_not_wired_any_more_is_forgotten() -> None:
    gone = replace(read(0.0), meters={})
    assert look(gone, was(25.0, 14.0)).seen == {}


@pytest.mark.parametrize(
    ("gap_s", "moves_a", "right"),
    [
        pytest.param(1.0, (), (0.3,), id="the first movement: 0.3 A upwards"),
        pytest.param(1.0, (0.1,), (0.1, 0.3), id="one more"),
        pytest.param(0.0, (0.1,), (0.1,), id="no new report, no movement"),
        pytest.param(1.0, (0.5,) + (0.1,) * 39, (0.1,) * 39 + (0.3,), id="the last 40"),
        pytest.param(70.0, (0.1,), (), id="read so long ago that it starts anew"),
    ],
)
def test_how_a_meter_flickers_is_remembered(
    gap_s: float, moves_a: tuple[float, ...], right: tuple[float, ...]
) -> None:
    """It showed 20 A before. A movement downwards is negative."""
    up = look(read(20.3), was(20.0, 9.0, gap_s, moves_a=moves_a)).seen[SPOT]
    assert up.moves_a == right
    down = look(read(19.7), was(20.0, 9.0, gap_s, moves_a=moves_a)).seen[SPOT]
    assert down.moves_a == tuple(-a if a == 0.3 else a for a in right)


def test_readings_less_than_nine_tenths_of_a_second_apart_are_one() -> None:
    """The reading of 0.8 s ago is replaced, one of 0.9 s ago stays."""
    for ago_s, count in ((0.8, 1), (0.9, 2)):
        seen = look(read(20.0), was(20.0, 9.0, ago_s)).seen[SPOT]
        assert len(seen.trail) == count
        assert seen.trail[-1] == (NOW, 9.0)


def test_the_last_four_amounts_are_remembered() -> None:
    """They are what three rises need."""
    before = trail(7.0, 8.0, 9.0, 9.5)
    seen = look(read(21.0), before).seen[SPOT]
    assert seen.trail == (*before.trail[1:], (NOW, 10.0))


@pytest.mark.parametrize(
    ("lately", "now_a", "right"),
    [
        pytest.param((), 6.0, (6.0,), id="the first"),
        pytest.param(((5, 9.0), (4, 7.0)), 6.0, (9.0, 7.0, 6.0), id="lower than those before"),
        pytest.param(((5, 9.0), (4, 7.0)), 8.0, (9.0, 8.0), id="higher than the last"),
        pytest.param(((5, 9.0), (4, 7.0)), 7.0, (9.0, 7.0), id="as high as the last"),
        pytest.param(((10, 9.0), (4, 7.0)), 6.0, (9.0, 7.0, 6.0), id="10 s ago still counts"),
        pytest.param(((10.1, 9.0), (4, 7.0)), 6.0, (7.0, 6.0), id="longer ago does not"),
        pytest.param(((-1, 9.0),), 6.0, (6.0,), id="a clock that was set back"),
        pytest.param(((0, 9.0),), 6.0, (9.0, 6.0), id="of the same moment"),
    ],
)
def test_the_peaks_of_the_last_ten_seconds(
    lately: tuple[tuple[float, float], ...], now_a: float, right: tuple[float, ...]
) -> None:
    known = tuple((NOW - ago_s, amps) for ago_s, amps in lately)
    seen = look(read(11.0 + now_a), was(11.0, 0.0, lately=known)).seen[SPOT]
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


def net(
    readings: Readings, before: Seen | None, car: Span = STILL, site: Site = SITE
) -> tuple[dict[str, Seen], dict[str, float]]:
    """House less sun by phase: as seen, and at most."""
    memory = Memory(sun=dict.fromkeys(site.phases, before) if before else {})
    loads = on_main(site, readings, lambda *_: car)
    return estimate_net(site, readings, memory, loads, OPTIONS)


FALLING = may(6.0, 11.0, "falls moving")


@pytest.mark.parametrize(
    ("measured_a", "before", "car", "battery_w", "net_a", "most_a"),
    [
        pytest.param(
            2.0, None, STILL, None, -9.0, -9.0, id="the first reading: 11 A are the car's"
        ),
        pytest.param(3.0, was(1.0, -10.0), STILL, None, -8.0, -8.0, id="the sun goes: 2 A less"),
        pytest.param(
            3.0, was(1.0, -10.0), FALLING, None, -8.0, -3.0, id="it goes while a car may obey"
        ),
        pytest.param(
            -1.0, was(1.0, -10.0), FALLING, None, -10.0, -7.0, id="2 A less: the car may obey"
        ),
        pytest.param(
            -1.0, was(1.0, -10.0, 60.0), FALLING, None, -10.0, -7.0, id="a minute is not long"
        ),
        pytest.param(-1.0, was(1.0, -10.0, 60.1), FALLING, None, -12.0, -7.0, id="it starts anew"),
        pytest.param(
            2.0, None, STILL, 460.0, -7.0, -7.0, id="the battery gives 2 A, which are not the sun's"
        ),
        pytest.param(2.0, None, STILL, -460.0, -11.0, -11.0, id="it takes 2 A of the sun"),
        pytest.param(
            1.0,
            was(3.0, -8.0),
            STILL,
            920.0,
            -6.0,
            -6.0,
            id="the battery answers 2 A of it: the sun has gone by them, whatever the meter shows",
        ),
        pytest.param(
            8.0,
            was(1.0, -10.0),
            may(11.0, 17.0, "rises"),
            None,
            -9.0,
            -9.0,
            id="7 A more, of which 6 A may be what the car was raised by",
        ),
    ],
)
def test_house_less_sun_is_followed_like_what_the_house_takes(
    measured_a: float,
    before: Seen | None,
    car: Span,
    battery_w: float | None,
    net_a: float,
    most_a: float,
) -> None:
    seen, at_most_a = net(read(measured_a, battery_w=battery_w), before, car)
    each_a = (battery_w or 0.0) / 230
    assert seen["A"].unmanaged_a == pytest.approx(net_a)
    assert at_most_a["A"] == pytest.approx(most_a)
    assert seen["A"].measured_a == pytest.approx(measured_a + each_a)
    assert seen["A"].at == NOW


def test_a_battery_spreads_its_power_evenly_over_the_phases_that_are_read() -> None:
    """2,070 W are 3 A on each of three phases. The car draws 11 A on each; B is not read."""
    readings = read(PerPhase(11.0, None, 14.0), battery_w=2070.0)
    seen, at_most_a = net(readings, None, may(11.0, 11.0, "", "ABC"), SITE_ABC)
    assert {phase: one.unmanaged_a for phase, one in seen.items()} == pytest.approx(
        {"A": 3.0, "C": 6.0}
    )
    assert at_most_a == pytest.approx({"A": 3.0, "C": 6.0})


def test_a_main_meter_that_gives_nothing_now_starts_anew_and_counts_when_it_was_read() -> None:
    """What it showed before says nothing: 3 A less the 11 A that the car draws at most."""
    readings = read(3.0, missing=("sensor.grid_a",), reported_at=NOW - 4.0)
    seen, _ = net(readings, was(1.0, -5.0, 6.0), FALLING)
    assert (seen["A"].unmanaged_a, seen["A"].at) == (-8.0, NOW - 4.0)


def test_what_flickers_and_peaks_of_house_less_sun_is_remembered() -> None:
    seen, _ = net(read(1.3), was(1.0, -10.0, moves_a=(0.1,), lately=((NOW - 5.0, -9.0),)))
    assert seen["A"].moves_a == (0.1, 0.3)
    assert [amps for _, amps in seen["A"].lately] == pytest.approx([-9.0, -9.7])

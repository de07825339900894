"""What the loads below a meter draw together, by how the meter moved: tables, without a house.

Two cars below one meter. Each case gives the bounds of the loads (`Span`), what the meter showed
before and shows now, and what of that is the loads' by the electrical argument.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from loadjuggler.limits.draws import Span
from loadjuggler.limits.less import less_a
from loadjuggler.limits.together import (
    Loads,
    SpansAt,
    flicker_a,
    levelled,
    ramp_a_s,
    rest_a,
    rising_a_s,
)
from loadjuggler.memory.limits import Seen
from loadjuggler.options import Options
from loadjuggler.units import PerPhase

from .house import House, charger_form, circuit_form, site_form
from .readings import flickering

NOW = 10_000.0
OPTIONS = Options()
SITE = House.of(
    site_form("ABC"),
    circuit_form("shed", 16),
    charger_form("one"),
    charger_form("two", circuit="shed"),
).site


def may(least_a: float, most_a: float, words: str = "", phases: str = "A") -> Span:
    """A load that may draw so much on each of `phases`; `words`: "rises", "falls", "moving"."""
    least = PerPhase.of(dict.fromkeys(phases, least_a))
    most = PerPhase.of(dict.fromkeys(phases, most_a))
    return Span(least, most, "rises" in words, "falls" in words, "moving" in words)


def loads(circuit: str = "main", **spans: Span) -> Loads:
    """The loads of `spans`, by id; others are not managed."""
    return Loads(SITE, circuit, lambda load, _at, _usual: spans.get(load), NOW)


def was(measured_a: float, house_a: float, **values: Any) -> Seen:
    """What a phase of the meter showed 1 s ago, and what the house took of it."""
    return Seen(measured_a, ((NOW - 1.0, house_a),), **values)


def drawn_a(measured_a: float, before: Seen | None, *spans: Span) -> float:
    """A that loads of these spans draw on A, of what the meter shows now."""
    found = loads(**dict(zip(("one", "two"), spans, strict=False)))
    return found.drawn({"A": before}, PerPhase(measured_a), NOW, OPTIONS)["A"]


# --- what they may draw together -----------------------------------------------------------------


def test_the_bounds_of_loads_add_up_phase_by_phase() -> None:
    """One on A and B with 6 to 10 A, one on A with 7 to 8 A: 13 to 18 A on A, 6 to 10 A on B."""
    found = loads(one=may(6.0, 10.0, "falls", "AB"), two=may(7.0, 8.0, "rises moving", "A"))
    for phase, least_a, most_a, words in (
        ("A", 13.0, 18.0, (True, True, True)),
        ("B", 6.0, 10.0, (False, True, False)),
        ("C", 0.0, 0.0, (False, False, False)),
    ):
        here = found.on(phase)
        assert (here.least_a, here.most_a) == (least_a, most_a)
        assert (here.rises, here.falls, here.moving) == words


def test_only_the_managed_loads_below_the_meter_count() -> None:
    assert loads("main", one=may(6.0, 10.0)).on("A").most_a == 10.0
    assert loads("main", one=may(6.0, 10.0), two=may(7.0, 8.0)).on("A").most_a == 18.0
    assert loads("shed", one=may(6.0, 10.0), two=may(7.0, 8.0)).on("A").most_a == 8.0


def test_a_phase_on_which_a_load_reports_nothing_has_no_least() -> None:
    found = loads(one=Span(PerPhase(5.0), PerPhase(8.0, 8.0), rises=True, falls=False))
    assert (found.on("B").least_a, found.on("B").most_a) == (0.0, 8.0)


@pytest.mark.parametrize(
    ("before_s", "shown_a", "house_a"),
    [
        pytest.param(4.0, 18.0, 4.0, id="the meter stood: the car draws its 14 A, the house 4 A"),
        pytest.param(4.0, 18.15, 4.15, id="it moved by its flicker of 0.15 A"),
        pytest.param(4.0, 18.2, 4.0, id="it rose by more: the car may have taken that 0.2 A"),
        pytest.param(4.0, 19.0, 4.5, id="by 1 A, but the car was not raised lately: the house"),
        pytest.param(4.0, 17.0, 3.0, id="it fell by 1 A: the car can have taken nothing more"),
        pytest.param(2.0, 18.0, 3.5, id="it was read since the report: that is told already"),
        pytest.param(None, 18.0, 3.5, id="nobody knows when it was read before"),
    ],
)
def test_a_meter_that_stands_shows_that_a_car_takes_what_it_reported(
    before_s: float | None, shown_a: float, house_a: float
) -> None:
    """A car that may take 16 A reported 14 A 3 s ago; it was taken to draw 14.5 A of 18 A."""
    assert beside_a_report_a("moving", 14.0, before_s, shown_a, 3.5) == pytest.approx(house_a)


def beside_a_report_a(
    words: str, reported_a: float, before_s: float | None, shown_a: float, house_a: float
) -> float:
    """A that the house takes of `shown_a`, of which it took `house_a` of 18 A, `before_s` ago.

    A car that may take 16 A reported `reported_a` 3 s ago.
    """
    one = may(reported_a, 16.0, words)
    one = replace(one, stood=PerPhase(reported_a), stood_since=NOW - 3.0)
    before_at = None if before_s is None else NOW - before_s

    def spans(load: str, _at: float | None, _usual: bool) -> Span | None:
        return one if load == "one" else None

    found = Loads(SITE, "main", spans, NOW, before_at=before_at)
    befores = {"A": was(18.0, house_a)}
    return shown_a - found.drawn(befores, PerPhase(shown_a), NOW, OPTIONS)["A"]


@pytest.mark.parametrize(
    ("shown_a", "house_a"),
    [
        pytest.param(18.0, 12.0, id="the meter stood: the car had not risen, the house had"),
        pytest.param(17.4, 11.4, id="it fell by 0.6 A: the car can have taken nothing more"),
        pytest.param(18.6, 12.0, id="it rose by 0.6 A: the car may have taken just that"),
        pytest.param(30.0, 14.0, id="it rose by 12 A: the car may have taken all of its 16 A"),
    ],
)
def test_a_house_that_rose_as_a_car_was_to_is_seen_with_its_next_report(
    shown_a: float, house_a: float
) -> None:
    """A car of 6 A was told 16 A, and just then a house of 2 A rose by 10 A: taken for the car.

    The car reports 6 A between two readings of the meter.
    """
    assert beside_a_report_a("rises moving", 6.0, 4.0, shown_a, 2.0) == pytest.approx(house_a)


def may_less_a(
    shown_a: Any,
    house_a: Any,
    unsaid: bool,
    words: str,
    known_a: float = 0.0,
    moves_a: tuple[float, ...] = (),
) -> Any:
    """A by phase that a car may draw less than it is taken to, and what it is taken to draw.

    It drew 10 A of 25 A on each phase of `shown_a` (A by phase; an amount: on A), was told 6 A, and
    the house took 15 A, or `house_a`.
    """
    shown = shown_a if isinstance(shown_a, dict) else {"A": shown_a}
    phases = "".join(shown)
    one = replace(may(6.0, 10.0 if words else 6.0, words, phases), unsaid=unsaid)
    known = {"less_a": known_a, "moves_a": moves_a}
    befores = {phase: was(house_a + 10.0, house_a, **known) for phase in shown}
    found, measured = loads(one=one), PerPhase.of(shown)
    return less_a(found, befores, measured, found.drawn(befores, measured, NOW, OPTIONS))


@pytest.mark.parametrize(
    ("shown_a", "less", "unsaid", "words"),
    [
        pytest.param(21.0, 0.0, True, "falls moving", id="the car takes its 6 A"),
        pytest.param(15.4, 5.6, True, "falls moving", id="or 0.4 A: it fell by 5.6 A more"),
        pytest.param(20.2, 0.0, True, "falls moving", id="0.8 A more are not clear"),
        pytest.param(14.0, 6.0, True, "falls moving", id="no less than nothing: 1 A is the house"),
        pytest.param(15.4, 0.0, False, "falls moving", id="it has said that it takes 6 A"),
        pytest.param(15.4, 0.0, True, "", id="it was cut long ago"),
    ],
)
def test_a_meter_that_falls_by_more_than_a_cut_may_show_a_car_that_takes_less(
    shown_a: float, less: float, unsaid: bool, words: str
) -> None:
    """It may draw 6 A beside a house that fell, or less beside one that takes its 15 A."""
    assert may_less_a(shown_a, 15.0, unsaid, words)["A"] == pytest.approx(less)


def test_a_car_that_takes_less_is_seen_at_a_meter_that_shows_0_a_too() -> None:
    """4.5 A of sun are left over; the car takes 4.5 A of its 6 A."""
    assert may_less_a(0.0, -4.5, True, "falls moving")["A"] == pytest.approx(1.5)


@pytest.mark.parametrize(("shown_a", "less"), [(19.9, 0.0), (19.7, 1.3)])
def test_a_fall_within_twice_the_flicker_may_be_noise(shown_a: float, less: float) -> None:
    """It flickers by 0.6 A, and fell by 1.1 or 1.3 A more than the cut: up to 1.2 A is noise."""
    found = may_less_a(shown_a, 15.0, True, "falls moving", moves_a=flickering(0.6))
    assert found["A"] == pytest.approx(less)


def test_what_a_car_may_take_less_lasts_until_it_reports() -> None:
    """Nothing moves any more; when it says that it takes its 6 A, it was the house."""
    assert may_less_a(21.0, 11.0, True, "", known_a=5.6)["A"] == 5.6
    assert may_less_a(21.0, 11.0, False, "", known_a=5.6)["A"] == 0.0


def test_a_raise_that_the_meter_shows_is_less_of_what_it_may_take_less() -> None:
    """6 A were 0.4 A. It is told 7 A, and the meter rises by 2.7 A: 1 A of it at least is its."""
    one = replace(may(6.0, 7.0, "rises moving"), unsaid=True)
    before = {"A": was(18.4, 12.4, less_a=5.6)}
    found = loads(one=one)
    drawn = found.drawn(before, PerPhase(21.1), NOW, OPTIONS)
    assert 21.1 - drawn["A"] + less_a(found, before, PerPhase(21.1), drawn)["A"] == (
        pytest.approx(18.0)
    )


@pytest.mark.parametrize(
    ("shown_a", "less"),
    [
        pytest.param({"A": 15.4, "B": 15.6, "C": 15.5}, 5.5, id="it takes less: on all alike"),
        pytest.param({"A": 15.4, "B": 21.0, "C": 21.0}, 0.0, id="an oven on A is off"),
        pytest.param({"A": 15.4, "B": 15.4, "C": 21.0}, 0.0, id="and one on B"),
    ],
)
def test_a_car_takes_less_on_all_its_phases_alike(shown_a: dict[str, float], less: float) -> None:
    found = may_less_a(shown_a, 15.0, True, "falls moving")
    assert found == pytest.approx(dict.fromkeys("ABC", less))


@pytest.mark.parametrize("usual", [False, True])
def test_loads_are_judged_when_the_meter_was_read(usual: bool) -> None:
    asked = []

    def spans(load: str, at: float | None, in_usual_time: bool) -> Span | None:
        asked.append((load, at, in_usual_time))
        return None

    view: SpansAt = spans
    Loads(SITE, "main", view, NOW - 3.0, usual)
    assert asked == [("one", NOW - 3.0, usual), ("two", NOW - 3.0, usual)]


def test_loads_are_judged_by_their_longest_time_unless_told_otherwise() -> None:
    asked = []
    Loads(SITE, "shed", lambda _load, _at, usual: asked.append(usual), NOW)
    assert asked == [False]


def test_what_they_take_in_their_usual_time_is_worked_out_once() -> None:
    found = Loads(SITE, "shed", lambda _load, _at, usual: may(6.0, 8.0 if usual else 16.0), NOW)
    assert (found.on("A").most_a, found.usual().on("A").most_a) == (16.0, 8.0)
    assert found.usual() is found.usual() is found.usual().usual()


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        pytest.param("ABC", "ABC", ("A", "B", "C"), id="both on all phases"),
        pytest.param("ABC", "A", (), id="they need not move alike"),
        pytest.param("AB", None, ("A", "B"), id="the other one is not moving"),
        pytest.param(None, None, (), id="nothing is moving"),
    ],
)
def test_whose_phases_move_alike(one: str | None, two: str | None, alike: tuple[str, ...]) -> None:
    """A load that is not moving is on A and C."""
    still = may(8.0, 8.0, "", "AC")
    spans = {
        name: still if phases is None else may(6.0, 8.0, "moving", phases)
        for name, phases in (("one", one), ("two", two))
    }
    assert loads(**spans).alike == alike


# --- by the movement of the meter ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured_a", "span", "right"),
    [
        # Before, the meter showed 24 A; the house took 10 A, the cars 14 A.
        pytest.param(30.0, may(14.0, 14.0), 14.0, id="nothing moves: a rise is the house's"),
        pytest.param(20.0, may(14.0, 14.0), 14.0, id="and so is a fall"),
        pytest.param(20.0, may(8.0, 14.0, "falls"), 10.0, id="a cut: a fall is a car's"),
        pytest.param(18.0, may(8.0, 14.0, "falls"), 8.0, id="all of it"),
        pytest.param(15.0, may(8.0, 14.0, "falls"), 8.0, id="not more than it may have given up"),
        pytest.param(30.0, may(8.0, 14.0, "falls"), 14.0, id="a rise is the house's"),
        pytest.param(30.0, may(14.0, 20.0, "rises"), 20.0, id="a raise: a rise is a car's"),
        pytest.param(27.0, may(14.0, 20.0, "rises"), 17.0, id="as far as it goes"),
        pytest.param(33.0, may(14.0, 20.0, "rises"), 20.0, id="not more than it may have taken up"),
        pytest.param(20.0, may(10.0, 20.0, "rises"), 14.0, id="a fall is the house's"),
        pytest.param(20.0, may(8.0, 20.0, "rises falls"), 10.0, id="raised and cut: both"),
        pytest.param(27.0, may(8.0, 20.0, "rises falls"), 17.0, id="are theirs"),
        pytest.param(24.0, may(8.0, 20.0, "rises falls"), 14.0, id="a meter that stands still"),
        pytest.param(24.0, may(8.0, 12.0), 12.0, id="by now they draw no more than 12 A"),
        pytest.param(24.0, may(16.0, 20.0), 16.0, id="and no less than 16 A"),
        pytest.param(24.0, may(18.0, 16.0), 18.0, id="of bounds that cross the least counts"),
    ],
)
def test_a_movement_of_the_meter_is_the_loads_if_one_may_have_moved_that_way(
    measured_a: float, span: Span, right: float
) -> None:
    assert drawn_a(measured_a, was(24.0, 10.0), span) == pytest.approx(right)


def test_at_the_first_reading_loads_draw_the_most_that_they_may() -> None:
    assert drawn_a(24.0, None, may(8.0, 14.0, "falls moving")) == 14.0


def test_what_one_of_two_cars_gives_up_is_theirs_together() -> None:
    """One was cut from 16 to 10 A, the other draws 8 A: 24 A before. The meter falls by 6 A."""
    cut, other = may(10.0, 16.0, "falls moving"), may(8.0, 8.0)
    assert drawn_a(28.0, was(34.0, 10.0), cut, other) == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("moved_a", "span", "right"),
    [
        # They drew 14 A. The flicker of this meter is 0.44 A.
        pytest.param(-0.4, may(8.0, 14.0, "falls"), 14.0, id="a fall that is no more than flicker"),
        pytest.param(-0.5, may(8.0, 14.0, "falls"), 13.5, id="one that is more"),
        pytest.param(0.4, may(14.0, 20.0, "rises"), 14.0, id="a rise that is no more than flicker"),
        pytest.param(0.5, may(14.0, 20.0, "rises"), 14.5, id="one that is more"),
        pytest.param(-0.4, may(13.2, 14.0, "falls"), 13.6, id="they have 0.8 A to move: theirs"),
        pytest.param(-0.4, may(13.1, 14.0, "falls"), 14.0, id="they have 0.9 A to move: noise"),
        pytest.param(0.4, may(8.0, 14.8, "rises"), 14.4, id="0.8 A upwards: theirs"),
        pytest.param(0.4, may(13.9, 14.9, "rises"), 14.0, id="0.9 A upwards: noise"),
    ],
)
def test_the_flicker_of_a_meter_is_nobodys_unless_loads_have_little_to_move(
    moved_a: float, span: Span, right: float
) -> None:
    before = was(24.0, 10.0, moves_a=flickering(0.44))
    assert drawn_a(24.0 + moved_a, before, span) == pytest.approx(right)


@pytest.mark.parametrize(
    ("measured_a", "least_a", "right"),
    [
        pytest.param(23.0, 8.0, 14.0, id="a fall by just the flicker is nobody's"),
        pytest.param(23.0, 12.0, 13.0, id="but theirs if they have just twice that to move"),
    ],
)
def test_a_movement_of_just_the_flicker(measured_a: float, least_a: float, right: float) -> None:
    """The flicker is 1 A, the most. The meter showed 24 A, of which the cars drew 14 A."""
    before = was(24.0, 10.0, moves_a=flickering(1.2))
    assert drawn_a(measured_a, before, may(least_a, 14.0, "falls")) == right


# --- a house that rises steadily -----------------------------------------------------------------


def rising(*house_a: float, measured_a: float) -> Seen:
    """A meter that shows `measured_a`; the house took so much in its last readings, 1 s apart."""
    count = len(house_a)
    return Seen(measured_a, tuple((NOW - count + i, a) for i, a in enumerate(house_a)))


@pytest.mark.parametrize(
    ("measured_a", "words", "right"),
    [
        # Before, the meter showed 24.2 A: the house 10.2 A, the car 14 A.
        pytest.param(24.6, "falls", 14.0, id="0.4 A more: the house rises on"),
        pytest.param(18.6, "falls", 8.0, id="5.6 A less: the car gave up 6 A, the house rises on"),
        pytest.param(24.2, "falls", 14.0, id="it stands still: nothing has moved"),
        pytest.param(24.3, "falls", 14.0, id="0.1 A are flicker, so it stands"),
        pytest.param(24.4, "falls", 13.8, id="0.2 A short of it: the car gave up these"),
        pytest.param(24.5, "falls", 14.0, id="0.1 A short of it is flicker"),
        pytest.param(30.0, "falls", 14.0, id="more than it rose before: the house's, too"),
        pytest.param(24.2, "", 14.0, id="nobody was cut: the ramp has ended"),
    ],
)
def test_a_house_that_rises_steadily_is_taken_to_rise_on(
    measured_a: float, words: str, right: float
) -> None:
    """It has risen by 0.4 A/s; a car that draws 14 A was cut to 8 A."""
    before = rising(9.0, 9.4, 9.8, 10.2, measured_a=24.2)
    assert drawn_a(measured_a, before, may(8.0, 14.0, words)) == pytest.approx(right)


@pytest.mark.parametrize(
    ("amps", "right"),
    [
        pytest.param((9.0, 9.14, 9.28, 9.42), 8.5, id="0.14 A/s are noise: 5.5 A are the car's"),
        pytest.param((9.0, 9.16, 9.32, 9.48), 8.34, id="0.16 A/s are not: 5.66 A are"),
        pytest.param((9.6, 10.0, 10.4), 8.5, id="two rises are no ramp"),
    ],
)
def test_a_house_that_rises_slowly_or_since_lately_is_not(
    amps: tuple[float, ...], right: float
) -> None:
    """The car was cut from 14 to 8 A, and the meter falls by 5.5 A."""
    before = rising(*amps, measured_a=14.0 + amps[-1])
    found = drawn_a(before.measured_a - 5.5, before, may(8.0, 14.0, "falls"))
    assert found == pytest.approx(right)


def test_a_house_rises_on_for_as_long_as_the_meter_was_not_read() -> None:
    """0.4 A/s: 0.8 A in the 2 s since the last report.

    The house took 10.2 A before, and the car 14 A. The meter falls by 5 A, so the car gave up
    5.8 A. With no time in between it gave up 5 A.
    """
    before = Seen(24.2, tuple((NOW - 8.0 + 2.0 * i, 7.8 + 0.8 * i) for i in range(4)))
    found = loads(one=may(8.0, 14.0, "falls"))
    for read_at, right in ((NOW, 8.2), (NOW - 2.0, 9.0), (NOW - 9.0, 9.0)):
        drawn = found.drawn({"A": before}, PerPhase(19.2), read_at, OPTIONS)
        assert drawn["A"] == pytest.approx(right)


# --- several phases ------------------------------------------------------------------------------


def on_phases(
    measured_a: tuple[float, float, float], *spans: Span, known: str = "ABC"
) -> tuple[float, ...]:
    """A that loads draw by phase; each showed 40 A before, 8 A of it the house's, if `known`."""
    befores = {phase: was(40.0, 8.0) if phase in known else None for phase in "ABC"}
    found = loads(**dict(zip(("one", "two"), spans, strict=False)))
    return tuple(found.drawn(befores, PerPhase(*measured_a), NOW, OPTIONS).values())


CUT = (may(13.0, 16.0, "falls moving", "ABC"), may(14.0, 16.0, "falls moving", "ABC"))
"""Two cars of 32 A on three phases, cut by 5 A together."""


def test_cars_on_three_phases_have_obeyed_on_all_of_them() -> None:
    """A rises by 4 A, B and C fall by 5 A: the cars draw 27 A on each, the house 17, 8 and 8 A."""
    assert on_phases((44.0, 35.0, 35.0), *CUT) == pytest.approx((27.0, 27.0, 27.0))


def test_a_fall_on_one_of_three_phases_is_no_car_that_obeys() -> None:
    """Only A falls: cars on three phases would have let B and C fall, too. 32 A on each."""
    assert on_phases((35.0, 40.0, 40.0), *CUT) == pytest.approx((32.0, 32.0, 32.0))


def test_cars_that_have_gone_part_of_the_way_have_gone_as_far_on_each_phase() -> None:
    """One of the two has obeyed: 3 of 5 A. On A the house has fallen by 1 A, on C risen by 1 A.

    60 % of the way are 3 A on each: with that the house moves by 2 A over all phases.
    """
    assert on_phases((36.0, 37.0, 38.0), *CUT) == pytest.approx((29.0, 29.0, 29.0))


def test_a_phase_on_which_they_have_further_to_go_counts_for_more() -> None:
    """A car with two legs on A and one on B is cut by 5 A: by 10 A on A and by 5 A on B.

    A falls by 10 A, B stands still. If the car has obeyed, the house has risen by 5 A on B; if not,
    it has fallen by 10 A on A. The first is less.
    """
    span = Span(PerPhase(22.0, 11.0), PerPhase(32.0, 16.0), False, True, True)
    befores = {"A": was(40.0, 8.0), "B": was(24.0, 8.0)}
    drawn = loads(one=span).drawn(befores, PerPhase(30.0, 24.0), NOW, OPTIONS)
    assert drawn == pytest.approx({"A": 22.0, "B": 11.0})


def test_a_load_that_stands_still_on_one_of_the_phases_does_not_change_the_way() -> None:
    """A car on A and B is cut from 16 to 10 A; another draws 8 A on A. Both phases fall by 6 A."""
    car, still = may(10.0, 16.0, "falls moving", "AB"), may(8.0, 8.0, "", "A")
    befores = {"A": was(32.0, 8.0), "B": was(24.0, 8.0)}
    drawn = loads(one=car, two=still).drawn(befores, PerPhase(26.0, 18.0), NOW, OPTIONS)
    assert drawn == pytest.approx({"A": 18.0, "B": 10.0})


def test_loads_on_different_phases_are_judged_phase_by_phase() -> None:
    """One on A, B and C, one on A: A may fall without the others."""
    one, two = may(13.0, 16.0, "falls moving", "ABC"), may(11.0, 16.0, "falls moving", "A")
    befores = {"A": was(40.0, 8.0), "B": was(24.0, 8.0), "C": was(24.0, 8.0)}
    drawn = loads(one=one, two=two).drawn(befores, PerPhase(35.0, 24.0, 24.0), NOW, OPTIONS)
    assert tuple(drawn.values()) == pytest.approx((27.0, 16.0, 16.0))


def test_a_phase_that_is_seen_for_the_first_time_says_nothing_of_the_others() -> None:
    """A is new: it shows 44 A. B and C fall by 5 A: the cars have obeyed on these.

    On A nothing is known of before, so the cars count with their most there.
    """
    assert on_phases((44.0, 35.0, 35.0), *CUT, known="BC") == pytest.approx((32.0, 27.0, 27.0))


def test_a_phase_on_which_they_have_nearly_nothing_to_go_is_judged_by_itself() -> None:
    """On A they have 0.1 A to go, which no meter shows; on B and C they have gone all of 5 A."""
    span = Span(PerPhase(15.9, 11.0, 11.0), PerPhase(16.0, 16.0, 16.0), False, True, True)
    befores = {phase: was(24.0, 8.0) for phase in "ABC"}
    drawn = loads(one=span).drawn(befores, PerPhase(24.0, 19.0, 19.0), NOW, OPTIONS)
    assert tuple(drawn.values()) == pytest.approx((16.0, 11.0, 11.0))


def test_one_phase_has_nobody_to_agree_with() -> None:
    """A one-phase car of 16 A, cut to 11 A, falls by 2 A: it draws 14 A."""
    found = drawn_a(38.0, was(40.0, 24.0), may(11.0, 16.0, "falls moving", "A"))
    assert found == pytest.approx(14.0)


def test_a_phase_without_a_meter_is_left_out() -> None:
    """Only A and C are measured, and fall by 5 A each."""
    befores = {phase: was(40.0, 8.0) for phase in "AC"}
    found = loads(one=CUT[0], two=CUT[1])
    drawn = found.drawn(befores, PerPhase(35.0, None, 35.0), NOW, OPTIONS)
    assert drawn == pytest.approx({"A": 27.0, "C": 27.0})


# --- flicker and ramps ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves_a", "right"),
    [
        pytest.param((), 0.15, id="nothing was seen: meters round to 0.1 A"),
        pytest.param((0.0,) * 20, 0.15, id="a quiet meter"),
        pytest.param((0.1,), 0.15, id="one movement may be a step"),
        pytest.param((0.1, -0.1) * 10, 0.254, id="1.27 times the 0.2 A by which movements differ"),
        pytest.param((*(0.1, -0.1) * 4, 8.0, *(0.1, -0.1) * 5, -8.0), 0.254, id="few are steps"),
        pytest.param((0.8,) * 20, 0.15, id="a ramp moves by the same each second"),
        pytest.param((0.5, -0.5) * 10, 1.0, id="no more than 1 A"),
    ],
)
def test_the_flicker_of_a_meter(moves_a: tuple[float, ...], right: float) -> None:
    assert flicker_a(was(24.0, 10.0, moves_a=moves_a)) == pytest.approx(right)


@pytest.mark.parametrize(
    ("amps", "right"),
    [
        pytest.param((9.0, 9.4, 9.8, 10.2), 0.4, id="0.4 A/s"),
        pytest.param((9.4, 9.8, 10.2), 0.0, id="two rises only"),
        pytest.param((9.0, 9.2, 9.5, 17.5), 0.25, id="0.2, 0.3 and 8 A/s: the step does not count"),
        pytest.param((9.0, 9.0, 9.0, 17.0), 0.0, id="a kettle is no ramp"),
        pytest.param((9.0, 9.2, 9.6, 10.8), 0.3, id="0.2, 0.4 and 1.2 A/s: not the median"),
        pytest.param((10.0, 9.0, 10.0, 11.0), 0.0, id="a fall of 1 A/s and a rise of it"),
        pytest.param(
            (9.0, 9.0, 13.0, 17.0), 0.0, id="an oven and a kettle: two of three are steps"
        ),
        pytest.param((9.0, 9.1, 13.0, 17.0), 0.0, id="0.1 A beside them are flicker"),
    ],
)
def test_how_fast_a_house_rises(amps: tuple[float, ...], right: float) -> None:
    """One reading a second; and at one in two seconds half as fast."""
    for every_s in (1.0, 2.0):
        trail = tuple((NOW + i * every_s, a) for i, a in enumerate(amps))
        assert rising_a_s(trail) == pytest.approx(right / every_s)


@pytest.mark.parametrize("on", ["the phase itself", "another phase of the meter"])
@pytest.mark.parametrize(("up_a", "right"), [(0.99, 0.0), (1.02, 0.34)])
def test_a_rise_that_may_be_noise_is_no_ramp(on: str, up_a: float, right: float) -> None:
    """A flicker of 0.4 A is that of even noise of 0.3 A, whose ends are 0.6 A apart.

    Three steps of 0.34 A are 1.02 A, more than 2.5 times the flicker.
    """
    trail = tuple((NOW + i, 15.0 + i * up_a / 3.0) for i in range(4))
    noisy = flickering(0.4)
    seen = Seen(24.0, trail, moves_a=noisy if on == "the phase itself" else ())
    other = Seen(24.0, trail[:1], moves_a=noisy)
    assert ramp_a_s(seen, (seen, other, None), OPTIONS) == pytest.approx(right)


@pytest.mark.parametrize(
    ("measured_a", "words", "right"),
    [
        pytest.param(20.0, "falls", 0.0, id="4 A less: all 4 A were given up"),
        pytest.param(20.5, "falls", 0.5, id="3.5 A less: the other 0.5 A may be noise"),
        pytest.param(20.9, "falls", 0.0, id="0.9 A are more than noise"),
        pytest.param(23.7, "falls", 0.0, id="0.3 A less are no fall"),
        pytest.param(20.5, "", 0.0, id="nobody was cut"),
    ],
)
def test_the_rest_of_a_way_that_is_gone_may_be_noise(
    measured_a: float, words: str, right: float
) -> None:
    """24 A before, of which cars drew 14 A that are to go down to 10 A; the flicker is 0.4 A."""
    before = was(24.0, 10.0, moves_a=flickering(0.4))
    span = may(10.0, 14.0, words)
    drawn = drawn_a(measured_a, before, span)
    assert rest_a(before, measured_a, loads(one=span).on("A"), drawn) == pytest.approx(right)
    assert rest_a(None, measured_a, loads(one=span).on("A"), drawn) == 0.0


@pytest.mark.parametrize(("measured_a", "right"), [(22.45, 0.45), (22.55, 0.0)])
def test_more_than_a_quarter_of_a_short_way_is_no_noise(measured_a: float, right: float) -> None:
    """Cars drew 12 A that are to go down to 10 A: of these 2 A at most 0.5 A may be noise."""
    before, span = was(24.0, 12.0, moves_a=flickering(0.4)), may(10.0, 12.0, "falls")
    drawn = drawn_a(measured_a, before, span)
    assert rest_a(before, measured_a, loads(one=span).on("A"), drawn) == pytest.approx(right)


def test_where_nobody_was_cut_a_fall_is_the_houses() -> None:
    """A car that may draw 10 to 14 A draws 10.5 A; the meter falls by 2 A."""
    before = was(24.0, 13.5, moves_a=flickering(0.4))
    drawn = drawn_a(22.0, before, may(10.0, 14.0))
    assert drawn == 10.5
    assert rest_a(before, 22.0, loads(one=may(10.0, 14.0)).on("A"), drawn) == 0.0


def test_a_rise_by_less_than_the_least_rate_is_no_ramp() -> None:
    """0.14 A/s; the least is 0.15 A/s (`rising_a_s`)."""
    seen = Seen(24.0, tuple((NOW + i * 10.0, 9.0 + i * 1.4) for i in range(4)))
    assert ramp_a_s(seen, (), OPTIONS) == 0.0


# --- what is known over all phases together ------------------------------------------------------


@pytest.mark.parametrize(
    ("house_a", "room_a", "missing_a", "taken_a"),
    [
        pytest.param((9, 2, 1), (99, 99, 99), 8.0, (7.5, 0.5, 0.0), id="until it is even"),
        pytest.param((9, 2, 1), (3, 99, 99), 5.0, (3.0, 1.5, 0.5), id="3 A at most of A"),
        pytest.param((9, 2, 1), (99, 99, 99), 0.0, (0.0, 0.0, 0.0), id="nothing is missing"),
        pytest.param((9, 2, 1), (99, 99, 99), -4.0, (0.0, 0.0, 0.0), id="more than known is drawn"),
        pytest.param((9, 2, 1), (1, 1, 0), 8.0, (1.0, 1.0, 0.0), id="no more than may be drawn"),
        pytest.param((-5, -5, -5), (99, 99, 99), 6.0, (2.0, 2.0, 2.0), id="the sun shines on all"),
    ],
)
def test_what_is_missing_is_taken_where_the_house_takes_most(
    house_a: tuple[float, ...],
    room_a: tuple[float, ...],
    missing_a: float,
    taken_a: tuple[float, ...],
) -> None:
    phases = ("A", "B", "C")
    found = levelled(
        dict(zip(phases, house_a, strict=True)), dict(zip(phases, room_a, strict=True)), missing_a
    )
    assert tuple(found.values()) == pytest.approx(taken_a)


def test_a_power_is_drawn_somewhere_although_nobody_knows_on_which_legs() -> None:
    """8 A of one car, on A or B; 2 A of another, on A. 11 A and 1 A are shown: 1 A are the house's.

    Before, the house was taken to be 9 A on A: the flicker of a meter is nobody's.
    """
    car = replace(may(0.0, 8.0, "falls moving", "AB"), apart=True, total_a=8.0)
    found = loads(one=car, two=may(2.0, 2.0))
    befores = {"A": was(11.0, 9.0), "B": was(1.0, 1.0)}
    drawn = found.drawn(befores, PerPhase(11.0, 1.0), NOW, OPTIONS)
    assert drawn == pytest.approx({"A": 10.0, "B": 0.0})


def test_one_step_among_small_rises_is_left_out_and_two_are_no_ramp() -> None:
    """0.05, 0.45 and 8 A in three seconds: an oven came on, beside 0.25 A/s of something else."""
    oven = ((0.0, 0.0), (1.0, 0.05), (2.0, 0.5), (3.0, 8.5))
    assert rising_a_s(oven) == pytest.approx(0.25)
    kettle_too = ((0.0, 0.0), (1.0, 0.05), (2.0, 2.5), (3.0, 10.5))
    assert rising_a_s(kettle_too) == 0.0
